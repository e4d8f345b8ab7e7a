package sample

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Seed is what a draw depends on beside the frame: 32 to 128 printable ASCII characters
// without blanks. A shorter one could be found from its hash by trying.
type Seed string

// ParseSeed reads a seed; line ends and blanks around it are not part of it. Errors do not
// show it.
func ParseSeed(s string) (Seed, error) {
	s = strings.TrimSpace(s)
	if len(s) < 32 || len(s) > 128 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fault.New("this is no seed", "a seed is 32 to 128 letters, digits and signs of ASCII without blanks")
	}
	return Seed(s), nil
}

// SHA256 returns the hash of the seed alone in hexadecimal, which a commitment publishes.
func (s Seed) SHA256() string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Key returns what the cases of a stratum are sorted by: SHA-256 of the seed, a line feed and
// the number.
func (s Seed) Key(n record.CaseNumber) [32]byte {
	return sha256.Sum256([]byte(string(s) + "\n" + string(n)))
}

// Chosen is a case that was drawn.
type Chosen struct {
	Item
	Order int // from 1, in its stratum; one that cannot be judged is followed by the next key
	Key   [32]byte
}

// Size says what the number of cases drawn from a stratum allows to say of it.
type Size string

// The sizes. A sample of all strata together may be large enough where none is.
const (
	Enough Size = ""
	Few    Size = "few"  // fewer than 30 were drawn: it says little about the stratum alone
	None   Size = "none" // no case was drawn: it says nothing about the stratum
)

// few is the number from which a stratum is told about alone, that of units in rankings.
const few = 30

// Stratum is what was drawn from a part of the frame.
type Stratum struct {
	ID    string `json:"id"`
	Cases int    `json:"cases"`
	Drawn int    `json:"drawn"`
	Size  Size   `json:"size,omitempty"`
}

// Sample is what was drawn, by stratum and then by order.
type Sample struct {
	Cases  []Chosen
	Strata []Stratum // by identifier
}

// Draw draws n cases of a frame. The same frame, seed and n give the same sample.
func Draw(f *Frame, seed Seed, n int) (*Sample, error) {
	if _, err := ParseSeed(string(seed)); err != nil {
		return nil, err
	}
	switch {
	case n < 1:
		return nil, fault.New("a sample has at least one case", "")
	case n > f.Len():
		return nil, fault.New(fmt.Sprintf("the frame has %d cases, and %d are to be drawn", f.Len(), n), "take a longer period or a wider scope, or judge all of them")
	case n > most:
		return nil, fault.New("a sample has 1 to 1,000,000 cases", "")
	}
	in := map[string][]Chosen{}
	for _, item := range f.items {
		in[item.Stratum] = append(in[item.Stratum], Chosen{Item: item, Key: seed.Key(item.Number)})
	}
	s := &Sample{}
	for id, all := range in {
		s.Strata = append(s.Strata, Stratum{ID: id, Cases: len(all)})
	}
	slices.SortFunc(s.Strata, func(a, b Stratum) int { return cmp.Compare(a.ID, b.ID) })
	share(s.Strata, n, f.Len())
	for i := range s.Strata {
		stratum := &s.Strata[i]
		switch {
		case stratum.Drawn == 0:
			stratum.Size = None
		case stratum.Drawn < few:
			stratum.Size = Few
		}
		all := in[stratum.ID]
		slices.SortFunc(all, func(a, b Chosen) int {
			return cmp.Or(bytes.Compare(a.Key[:], b.Key[:]), cmp.Compare(a.Number, b.Number))
		})
		for k := range all[:stratum.Drawn] {
			all[k].Order = k + 1
		}
		s.Cases = append(s.Cases, all[:stratum.Drawn]...)
	}
	return s, nil
}

// share shares n of all cases out among strata, sorted by identifier, by the largest
// remainder (A. Hamilton, 1792). No stratum gets more than it has, since n is at most all.
func share(strata []Stratum, n, all int) {
	byRest := make([]int, len(strata))
	left := n
	for i := range strata {
		byRest[i] = i
		strata[i].Drawn = int(int64(n) * int64(strata[i].Cases) / int64(all))
		left -= strata[i].Drawn
	}
	rest := func(i int) int64 { return int64(n) * int64(strata[i].Cases) % int64(all) }
	slices.SortStableFunc(byRest, func(a, b int) int { return cmp.Compare(rest(b), rest(a)) })
	for _, i := range byRest[:left] {
		strata[i].Drawn++
	}
}

// CSV returns the file of the sample: number, stratum, order and key in hexadecimal,
// lines that end with CR LF.
func (s *Sample) CSV() []byte {
	b := []byte("number,stratum,order,key\r\n")
	for _, c := range s.Cases {
		b = append(b, c.Number...)
		b = append(b, ',')
		b = append(b, c.Stratum...)
		b = append(b, ',')
		b = strconv.AppendInt(b, int64(c.Order), 10)
		b = append(b, ',')
		b = hex.AppendEncode(b, c.Key[:])
		b = append(b, "\r\n"...)
	}
	return b
}

// Numbers returns the numbers drawn, sorted.
func (s *Sample) Numbers() []record.CaseNumber {
	all := make([]record.CaseNumber, len(s.Cases))
	for i, c := range s.Cases {
		all[i] = c.Number
	}
	slices.Sort(all)
	return all
}
