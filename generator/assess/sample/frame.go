package sample

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Cases says which public rows are in a frame.
type Cases string

// The choices. Merged cases are in neither: the case that they were merged into is.
const (
	Full Cases = "full" // published in full, so that a panel can read question and reply
	Rows Cases = "rows" // every public row, those without text and withdrawn ones too
)

// By is what a frame is divided into strata by.
type By string

// The choices.
const (
	ByNone By = ""
	ByUnit By = "unit"
	ByKind By = "kind" // with Full alone: a row without text shows no kind
)

// Spec says what is drawn, and from what.
type Spec struct {
	Period record.Period `json:"period"` // of receipt; it must have an end
	Scope  record.Scope  `json:"scope"`
	Cases  Cases         `json:"cases"`
	By     By            `json:"by,omitempty"`
	N      int           `json:"n"` // how many cases
}

// most is the largest sample. It is far above what any panel reads, and keeps n times the
// cases of a frame within 64 bits.
const most = 1_000_000

// End returns the last day of the period, on which the frame closes, and zero where it
// has none.
func (s *Spec) End() record.Day {
	_, last, _ := s.Period.Bounds()
	return last
}

// Check says what in s cannot be used.
func (s *Spec) Check() error {
	switch {
	case !s.End().Known():
		return fault.New("a sample needs a period with an end", "give a month as 2026-11, a year as 2026, or twelve months as 2026-11/12")
	case s.N < 1 || s.N > most:
		return fault.New("a sample has 1 to 1,000,000 cases", "")
	case s.Cases != Full && s.Cases != Rows:
		return fault.New(fmt.Sprintf("%q is no choice of cases", s.Cases), "it is full or rows")
	case s.By != ByNone && s.By != ByUnit && s.By != ByKind:
		return fault.New(fmt.Sprintf("%q is nothing to divide a frame by", s.By), "it is unit or kind, or left out")
	case s.By == ByKind && s.Cases != Full:
		return fault.New("a row without text shows no kind", "take the cases published in full, or divide by unit")
	}
	switch s.Scope.Dim {
	case record.ByAll:
		if s.Scope.ID == "" {
			return nil
		}
	case record.ByUnit, record.ByArea, record.ByChannel:
		if record.ValidID(s.Scope.ID) {
			return nil
		}
	}
	return fault.New(fmt.Sprintf("%q is no scope of a sample", s.Scope.String()), "it is all, unit/ID, area/ID or channel/ID")
}

// Item is a case that can be drawn.
type Item struct {
	Number  record.CaseNumber
	Stratum string // identifier, and "" where it is not known or there are no strata
}

// Left counts the public rows of the period and scope that are not in the frame, each once.
type Left struct {
	Merged    int `json:"merged"`    // merged into another case
	NotFull   int `json:"not_full"`  // without text, where only cases published in full are taken
	Withdrawn int `json:"withdrawn"` // withdrawn, likewise
}

// Frame is a list of cases that can be drawn. It does not change once made.
type Frame struct{ items []Item }

// Select makes the frame of s from public records, in any order, and says what of the period
// and scope is left out. A case belongs to the period in which it was received; an
// area holds those below it. s must have passed [Spec.Check].
func (s *Spec) Select(facts iter.Seq[record.Fact], areas []record.Area) (*Frame, Left, error) {
	p := s.Picker(areas)
	for f := range facts {
		p.Add(&f)
	}
	frame, err := p.Frame()
	return frame, p.Left, err
}

// Picker makes a frame of records that come one by one. One goroutine uses it at a time.
type Picker struct {
	Left Left // what of the period and scope is left out

	spec        *Spec
	first, last record.Day
	inside      map[record.AreaCode]bool
	items       []Item
}

// Picker starts a frame of s, which must have passed [Spec.Check].
func (s *Spec) Picker(areas []record.Area) *Picker {
	p := &Picker{spec: s, inside: s.below(areas)}
	p.first, p.last, _ = s.Period.Bounds()
	return p
}

// Add takes a record, of whatever period and scope.
func (p *Picker) Add(f *record.Fact) {
	s := p.spec
	if f.Received < p.first || f.Received > p.last || !s.holds(&f.Row, p.inside) {
		return
	}
	switch {
	case f.IsMerged():
		p.Left.Merged++
		return
	case s.Cases == Full && f.Prominence == record.Withdrawn:
		p.Left.Withdrawn++
		return
	case s.Cases == Full && f.Prominence != record.Full:
		p.Left.NotFull++
		return
	}
	p.items = append(p.items, Item{f.Number, s.Stratum(f)})
}

// Frame returns the frame of what was added.
func (p *Picker) Frame() (*Frame, error) { return NewFrame(p.items) }

// Stratum returns the stratum of a case in a frame of s.
func (s *Spec) Stratum(f *record.Fact) string {
	switch s.By {
	case ByUnit:
		return string(f.Unit)
	case ByKind:
		return string(f.Kind)
	}
	return ""
}

// holds reports whether the scope of s holds a row.
func (s *Spec) holds(r *record.Row, inside map[record.AreaCode]bool) bool {
	switch s.Scope.Dim {
	case record.ByUnit:
		return string(r.Unit) == s.Scope.ID
	case record.ByArea:
		return inside[r.Area]
	case record.ByChannel:
		return string(r.Channel) == s.Scope.ID
	}
	return s.Scope.Dim == record.ByAll
}

// below returns the area of the scope of s and all below it, or nil for other scopes.
func (s *Spec) below(areas []record.Area) map[record.AreaCode]bool {
	if s.Scope.Dim != record.ByArea {
		return nil
	}
	children := map[record.AreaCode][]record.AreaCode{}
	for _, a := range areas {
		children[a.Parent] = append(children[a.Parent], a.Code)
	}
	inside := map[record.AreaCode]bool{record.AreaCode(s.Scope.ID): true}
	for todo := []record.AreaCode{record.AreaCode(s.Scope.ID)}; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		for _, child := range children[next] {
			if child != "" && !inside[child] { // a register may contradict itself
				inside[child] = true
				todo = append(todo, child)
			}
		}
	}
	return inside
}

// NewFrame makes a frame of items in any order.
func NewFrame(items []Item) (*Frame, error) {
	f := &Frame{slices.SortedFunc(slices.Values(items), func(a, b Item) int { return cmp.Compare(a.Number, b.Number) })}
	for i, item := range f.items {
		if _, err := record.ParseCaseNumber(string(item.Number)); err != nil {
			return nil, fault.Wrap(err, "a frame holds something that is no case number", "")
		}
		if item.Stratum != "" && !record.ValidID(item.Stratum) {
			return nil, fault.New("a stratum of the frame has no valid identifier", "identifiers are lower-case letters, digits and hyphens")
		}
		if i > 0 && f.items[i-1].Number == item.Number {
			return nil, fault.New("case "+string(item.Number)+" is in the frame twice", "")
		}
	}
	return f, nil
}

// Len returns the number of cases.
func (f *Frame) Len() int { return len(f.items) }

// Items yields the cases by number.
func (f *Frame) Items() iter.Seq[Item] { return slices.Values(f.items) }

// CSV returns the file of the frame; see the package for its bytes.
func (f *Frame) CSV() []byte {
	b := []byte("number,stratum\r\n")
	for _, item := range f.items {
		b = append(b, item.Number...)
		b = append(b, ',')
		b = append(b, item.Stratum...)
		b = append(b, "\r\n"...)
	}
	return b
}

// ReadFrame reads a frame from its file, which must be as [Frame.CSV] writes it, byte by
// byte.
func ReadFrame(file []byte) (*Frame, error) {
	var items []Item
	for i, line := range strings.Split(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
		if i > 0 {
			number, stratum, _ := strings.Cut(line, ",")
			items = append(items, Item{record.CaseNumber(number), stratum})
		}
	}
	f, err := NewFrame(items)
	if err == nil && !bytes.Equal(f.CSV(), file) {
		err = fault.New("this is not the file of a frame", "it is frame.csv as huiyin sample draw wrote it, unchanged")
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// SHA256 returns the hash of [Frame.CSV] in hexadecimal, as sha256sum prints it.
func (f *Frame) SHA256() string {
	sum := sha256.Sum256(f.CSV())
	return hex.EncodeToString(sum[:])
}
