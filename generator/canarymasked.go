package generator

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// Masked is one datum that was found in a case and is not shown: its type, and the
// keyed hash that stands for it.
type Masked struct {
	Number record.CaseNumber
	Type   string // one of [gate.Types]
	Value  string // as [gate.Finding.Value]
}

// maskedSet is what was masked in the cases, in 8 or 16 bytes a datum. It does not
// change once it is made.
type maskedSet struct {
	numbers []uint64         // hashes of structured data, whatever the case, sorted
	people  []ownDatum       // names, addresses and birthdays, each with its case, sorted
	kinds   map[string]int64 // data of published cases, by type
}

// ownDatum is a datum that counts in its own case alone: a name is no secret by
// itself, only beside the case that it was masked in.
type ownDatum struct{ number, value uint64 }

func compareOwn(a, b ownDatum) int {
	return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.value, b.value))
}

// readMasked reads all that was masked. A hash of eight bytes out of 32 is enough:
// of a million data, a text that has a million others meets one by chance once in
// ten million publishes.
func readMasked(ctx context.Context, masked func(context.Context) iter.Seq2[Masked, error], cases *caseIndex) (*maskedSet, error) {
	s := &maskedSet{kinds: map[string]int64{}}
	for m, err := range masked(ctx) {
		if err != nil {
			return nil, err
		}
		value, ok := shortHash(m.Value)
		if !ok {
			return nil, errors.New("a masked datum has no hash")
		}
		number, known := caseID(string(m.Number))
		if gate.OfPeople(m.Type) {
			if known {
				s.people = append(s.people, ownDatum{number, value})
			}
		} else {
			s.numbers = append(s.numbers, value)
		}
		if i, found := cases.find(number); known && found && cases.full[i] {
			s.kinds[m.Type]++
		}
	}
	slices.Sort(s.numbers)
	slices.SortFunc(s.people, compareOwn)
	return s, nil
}

// shortHash returns the first 8 bytes of a hash in hexadecimal.
func shortHash(value string) (uint64, bool) {
	if len(value) < 16 {
		return 0, false
	}
	b, err := hex.DecodeString(value[:16])
	if err != nil {
		return 0, false
	}
	return binary.BigEndian.Uint64(b), true
}

// masked reports whether a leak is of a datum that was masked: anywhere, or, of one
// about people, in one of the given cases.
func (s *maskedSet) masked(l gate.Leak, shows []uint64) bool {
	value, ok := shortHash(l.Value)
	if !ok {
		return false
	}
	if !gate.OfPeople(l.Type) {
		_, found := slices.BinarySearch(s.numbers, value)
		return found
	}
	for _, n := range shows {
		if _, found := slices.BinarySearchFunc(s.people, ownDatum{n, value}, compareOwn); found {
			return true
		}
	}
	return false
}

// ofPeople reports whether a name, an address or a birthday was masked in one of
// the given cases.
func (s *maskedSet) ofPeople(shows []uint64) bool {
	return slices.ContainsFunc(shows, func(n uint64) bool { return len(s.peopleOf(n)) > 0 })
}

// peopleOf returns the names, addresses and birthdays that were masked in a case.
func (s *maskedSet) peopleOf(number uint64) []ownDatum {
	first, _ := slices.BinarySearchFunc(s.people, ownDatum{number: number}, compareOwn)
	end := first
	for end < len(s.people) && s.people[end].number == number {
		end++
	}
	return s.people[first:end]
}

// caseID is a case number as a number, in the order of the numbers.
func caseID(number string) (uint64, bool) {
	n := record.CaseNumber(number)
	month, running := n.Month(), n.Running()
	return uint64(month)<<32 | uint64(running), month > 0 && running > 0
}

// caseIndex is what the canary knows of every case: the units whose public lines
// pass in it, and whether it is published in full.
type caseIndex struct {
	numbers []uint64 // sorted
	units   []uint32 // of the case, as an index of sets
	full    []bool
	sets    [][]record.UnitID
	known   map[string]uint32 // index of a set, by its units
}

func newCaseIndex() *caseIndex { return &caseIndex{known: map[string]uint32{}} }

// add takes the next case.
func (x *caseIndex) add(f *record.Fact) {
	id, ok := caseID(string(f.Number))
	if !ok {
		return
	}
	units := append([]record.UnitID{f.Unit, f.Reply.Unit}, f.CoUnits...)
	units = slices.DeleteFunc(units, func(u record.UnitID) bool { return u == "" })
	slices.Sort(units)
	units = slices.Compact(units)
	var key strings.Builder
	for _, u := range units {
		key.WriteString(string(u))
		key.WriteByte('\n')
	}
	set, found := x.known[key.String()]
	if !found {
		set = uint32(len(x.sets))
		x.known[key.String()] = set
		x.sets = append(x.sets, units)
	}
	x.numbers, x.units, x.full = append(x.numbers, id), append(x.units, set), append(x.full, f.Prominence == record.Full)
}

// apart returns a text with a full stop in the place of each public number of a case
// that stands by itself, and of each digest.
func (x *caseIndex) apart(text string) string { return withoutDigests(x.withoutNumbers(text)) }

func (x *caseIndex) withoutNumbers(text string) string {
	const size = len("2611-004217")
	digit := func(i int) bool { return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9' }
	var b strings.Builder
	from := 0
	for i := 0; i+size <= len(text); i++ {
		if text[i+4] != '-' || digit(i-1) || digit(i+size) {
			continue
		}
		id, ok := caseID(text[i : i+size])
		if !ok {
			continue
		}
		if _, found := x.find(id); found {
			b.WriteString(text[from:i])
			b.WriteString("。")
			from = i + size
			i = from - 1
		}
	}
	if from == 0 {
		return text
	}
	return b.String() + text[from:]
}

// withoutDigests returns a text with a full stop in the place of each digest: a run
// of lower-case hexadecimal digits that is as long as one and stands by itself. One
// SHA-256 in about a hundred holds ten decimal digits in a row that read as a line,
// and pages give the digests of rules, files and releases.
func withoutDigests(text string) string {
	letter := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
	hexLetter := func(c byte) bool { return c >= 'a' && c <= 'f' }
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	var b strings.Builder
	from := 0
	for i := 0; i < len(text); {
		start, letters := i, 0
		for ; i < len(text) && (digit(text[i]) || hexLetter(text[i])); i++ {
			if hexLetter(text[i]) {
				letters++
			}
		}
		size := i - start
		alone := (start == 0 || !letter(text[start-1])) && (i == len(text) || !letter(text[i]))
		// Of the bytes of a digest three in eight are letters.
		if (size == 32 || size == 40 || size == 64 || size == 96 || size == 128) && alone && letters >= size/8 {
			b.WriteString(text[from:start])
			b.WriteString("。")
			from = i
		}
		i = max(i, start+1)
	}
	if from == 0 {
		return text
	}
	return b.String() + text[from:]
}

func (x *caseIndex) find(id uint64) (int, bool) { return slices.BinarySearch(x.numbers, id) }

// unitsOf returns the units of some cases; never nil.
func (x *caseIndex) unitsOf(ids []uint64) []record.UnitID {
	units := []record.UnitID{}
	seen := map[uint32]bool{}
	for _, id := range ids {
		i, found := x.find(id)
		if !found || seen[x.units[i]] {
			continue
		}
		seen[x.units[i]] = true
		units = append(units, x.sets[x.units[i]]...)
	}
	return units
}
