package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Commitment is what is published before the frame closes: everything that a draw depends
// on, the seed as its hash. It binds the scope and the number of cases too, since whoever
// could choose them afterwards could choose among samples.
type Commitment struct {
	Version    int        `json:"version"` // 1
	Day        record.Day `json:"day"`     // on which it was made
	SeedSHA256 string     `json:"seed_sha256"`
	Spec

	// Cutoff is the day of the draw: it is made from the first release whose data go to that
	// day or on. Whoever could choose among releases could choose among frames, since cases
	// are answered and published from day to day.
	Cutoff record.Day `json:"cutoff"`

	Panel  []Category `json:"panel,omitempty"`
	Rubric *Rubric    `json:"rubric,omitempty"`
}

// Category is a part of the panel, such as residents or deputies, without names.
type Category struct {
	Name    string `json:"name"`
	Members int    `json:"members"`
}

// Rubric names the file by which the panel judges.
type Rubric struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // of its bytes
}

// NewRubric names a file and takes the hash of its bytes.
func NewRubric(name string, body []byte) *Rubric {
	sum := sha256.Sum256(body)
	return &Rubric{name, hex.EncodeToString(sum[:])}
}

// ParseCommitment reads a commitment as [Commitment.JSON] writes it. An unknown field is an
// error, and so is what [Commitment.Check] finds.
func ParseCommitment(b []byte) (*Commitment, error) {
	var c Commitment
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, fault.Wrap(err, "the commitment cannot be read", "it is the file that huiyin sample commit wrote, unchanged")
	}
	if d.More() {
		return nil, fault.New("something follows the commitment in its file", "it is the file that huiyin sample commit wrote, unchanged")
	}
	return &c, c.Check()
}

// JSON returns the file of c.
func (c *Commitment) JSON() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(c); err != nil {
		panic("sample: a commitment does not marshal: " + err.Error())
	}
	return b.Bytes()
}

// Check says what in c cannot be used, a day that is not before the end of the frame
// foremost: then the cases were known when the seed was chosen.
func (c *Commitment) Check() error {
	if err := c.Spec.Check(); err != nil {
		return err
	}
	switch {
	case c.Version != 1:
		return fault.New(fmt.Sprintf("this is a commitment of version %d", c.Version), "this program reads version 1")
	case !isHash(c.SeedSHA256):
		return fault.New("the commitment has no hash of a seed", "seed_sha256 is 64 hexadecimal digits in lower case")
	case !c.Day.Known():
		return fault.New("the commitment has no day", "day is written as 2006-01-02")
	case c.Day >= c.End():
		return fault.New(fmt.Sprintf("the commitment is of %s, and the frame closes on %s", c.Day, c.End()), "a seed must be fixed before the last day of the frame; take a period that goes on")
	case c.Cutoff < c.End():
		return fault.New(fmt.Sprintf("the draw is to be from data up to %s, and the frame closes on %s", c.Cutoff, c.End()), "cutoff is the last day of the period or a later one")
	}
	names := map[string]bool{}
	for _, p := range c.Panel {
		if !plain(p.Name) || p.Members < 1 || names[p.Name] {
			return fault.New("a category of the panel cannot be used", "each has a name of its own on one line and at least one member")
		}
		names[p.Name] = true
	}
	if c.Rubric != nil && (!plain(c.Rubric.Name) || !isHash(c.Rubric.SHA256)) {
		return fault.New("the rubric cannot be used", "it has a name on one line and a hash of 64 hexadecimal digits in lower case")
	}
	return nil
}

// Opens says whether seed is the one that c was made with: nil, or an error.
func (c *Commitment) Opens(seed Seed) error {
	if seed.SHA256() != c.SeedSHA256 {
		return fault.New("this is not the seed of the commitment", "its SHA-256 must be the seed_sha256 that was published")
	}
	return nil
}

// plain reports whether s is a name on one line, of at most 64 characters.
func plain(s string) bool {
	return s != "" && len([]rune(s)) <= 64 && record.Plain(s) == s && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// isHash reports whether s is a SHA-256 in lower-case hexadecimal.
func isHash(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size && strings.ToLower(s) == s
}
