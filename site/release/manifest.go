package release

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Manifest is one release. It is never changed.
type Manifest struct {
	Format     int            `json:"format"`  // set by Commit
	Release    int            `json:"release"` // its number, from 1; set by Commit
	Cutoff     string         `json:"cutoff"`  // day that its figures are of
	Inputs     string         `json:"inputs"`  // hash of all it was made from
	Partitions []PartitionRef `json:"partitions"`
}

// PartitionRef is one partition of a release.
type PartitionRef struct {
	Key         string `json:"key"`               // lower-case ASCII letters, digits, hyphens and slashes
	Fingerprint string `json:"fingerprint"`       // hash of what the partition was made from, as the maker likes it
	Content     string `json:"content,omitempty"` // hash of what its files say and show, and of what made files of it; empty: not known
	Pack        string `json:"pack"`              // PackInfo.Hash. The overlay may say that another file took its place
	Files       int    `json:"files"`
	Bytes       int64  `json:"bytes"`

	SetAside []SetAside `json:"set_aside,omitempty"` // what the pack lacks
	Scan     *Scan      `json:"scan,omitempty"`      // how it was looked through for personal data; nil: it was not
}

// Scan is how the files of a pack were looked through for personal data before
// they were published. None was found, or there would be no release.
type Scan struct {
	Rules      string `json:"rules"`      // hash of the rules and lists that held
	Files      int    `json:"files"`      // whose texts were looked through, hidden ones too
	Unread     int    `json:"unread"`     // files of kinds that hold no text, such as pictures
	Texts      int64  `json:"texts"`      // paragraphs, cells, attributes, strings
	Candidates int64  `json:"candidates"` // numbers, names and the like that were judged, and may stand there

	// Doubtful is how many of the candidates may stand there only because nothing like
	// them was masked in any case.
	Doubtful int64 `json:"doubtful,omitempty"`

	Large []ScannedFile `json:"large,omitempty"` // files of many lines, by name
}

// ScannedFile is how one large file was looked through: in the next one of its name only
// the lines that are new need to be, if nothing else that is looked at has changed.
type ScannedFile struct {
	Name       string `json:"name"`
	Context    string `json:"context"` // hash of what was allowed and sought in it
	Texts      int64  `json:"texts"`
	Candidates int64  `json:"candidates"`
	Doubtful   int64  `json:"doubtful,omitempty"`
}

func (s *Scan) negative() bool {
	least := min(int64(s.Files), int64(s.Unread), s.Texts, s.Candidates, s.Doubtful)
	for _, f := range s.Large {
		least = min(least, f.Texts, f.Candidates, f.Doubtful)
	}
	return least < 0
}

// SetAside is a page that belongs to a release and could not be rendered. It
// holds nothing of the page's text.
type SetAside struct {
	Path string `json:"path"` // empty when the path itself is malformed
	Code string `json:"code"` // why, as the renderer says it
}

// check says what is wrong with a manifest. Partitions must be sorted by key.
func (m *Manifest) check() error {
	if m.Format != format {
		return fmt.Errorf("format %d; this program reads format %d", m.Format, format)
	}
	if m.Release < 1 {
		return fmt.Errorf("release %d", m.Release)
	}
	for i, p := range m.Partitions {
		switch {
		case p.Key == "" || strings.Trim(p.Key, "abcdefghijklmnopqrstuvwxyz0123456789/-") != "":
			return fmt.Errorf("partition key %q", p.Key)
		case i > 0 && m.Partitions[i-1].Key == p.Key:
			return fmt.Errorf("partition %s is there twice", p.Key)
		case i > 0 && m.Partitions[i-1].Key > p.Key:
			return fmt.Errorf("partition %s is out of order", p.Key)
		case !validHash(p.Pack):
			return fmt.Errorf("partition %s: pack %q", p.Key, p.Pack)
		case p.Files < 0 || p.Bytes < 0:
			return fmt.Errorf("partition %s: negative size", p.Key)
		case p.Scan != nil && p.Scan.negative():
			return fmt.Errorf("partition %s: negative count", p.Key)
		}
	}
	return nil
}

func parseManifest(b []byte) (*Manifest, error) {
	m := new(Manifest)
	if err := decodeStrict(b, m); err != nil {
		return nil, err
	}
	return m, m.check()
}

// packs are the names of the packs of a release, each once, in order.
func (m *Manifest) packs() []string {
	names := make([]string, len(m.Partitions))
	for i, p := range m.Partitions {
		names[i] = p.Pack
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// manifestPath is where a manifest lies, relative to the folder of the store.
func manifestPath(release int) string { return fmt.Sprintf("releases/%06d.json", release) }

// manifestNumber is the inverse of manifestPath, for the base name.
func manifestNumber(base string) (int, bool) {
	var n int
	digits, ok := strings.CutSuffix(base, ".json")
	if !ok || len(digits) < 6 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	if _, err := fmt.Sscanf(digits, "%d", &n); err != nil || manifestPath(n) != "releases/"+base {
		return 0, false
	}
	return n, n > 0
}

// pointer is the file "current". Its replacement is the switch.
type pointer struct {
	Format  int   `json:"format"`
	Release int   `json:"release"` // the current one
	Last    int   `json:"last"`    // the highest number that was ever current; a manifest above it was never committed
	Overlay int64 `json:"overlay"` // the overlay is of this generation or a later one
}

func parsePointer(b []byte) (*pointer, error) {
	p := new(pointer)
	if err := decodeStrict(b, p); err != nil {
		return nil, err
	}
	switch {
	case p.Format != format:
		return nil, fmt.Errorf("format %d; this program reads format %d", p.Format, format)
	case p.Release < 1 || p.Last < p.Release || p.Overlay < 0:
		return nil, errors.New("numbers are out of range")
	}
	return p, nil
}
