package gatetext

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Finding is a datum that a gate found in a document, in bytes.
type Finding struct {
	Kind  string
	Start int
	End   int
}

// Looked is what a gate says of a document.
type Looked struct {
	Findings []Finding
	Held     bool // the document is not published until a person has decided
}

// Look is a gate that is measured. For [Doc.Unit] it lets pass what [Units]
// says of the unit.
type Look func(Doc) Looked

// Tally counts what was found of planted data.
type Tally struct {
	Documents int            `json:"documents"`
	Secrets   int            `json:"secrets"`  // planted data of the kind in question
	Found     int            `json:"found"`    // covered, or in a held document with a finding that touches them
	Exact     int            `json:"exact"`    // covered by one finding of the kind and nothing beside it
	Findings  int            `json:"findings"` // of the kind in question
	Right     int            `json:"right"`    // of these, that touch a planted datum of the kind
	Held      int            `json:"held"`     // documents held
	Missed    map[string]int `json:"missed,omitempty"`
	Wrong     map[string]int `json:"wrong,omitempty"`
}

// Recall is the part of the secrets that was found, in percent; 100 of none.
func (t Tally) Recall() float64 { return percent(t.Found, t.Secrets) }

// Precision is the part of the findings that are right, in percent; 100 of none.
func (t Tally) Precision() float64 { return percent(t.Right, t.Findings) }

func percent(n, of int) float64 {
	if of == 0 {
		return 100
	}
	return part(n, of)
}

// part returns n of so many in percent; 0 of none.
func part(n, of int) float64 { return float64(n) * 100 / float64(max(of, 1)) }

// plus returns the sum of two tallies.
func (t Tally) plus(o Tally) Tally {
	t.Documents += o.Documents
	t.Secrets += o.Secrets
	t.Found += o.Found
	t.Exact += o.Exact
	t.Findings += o.Findings
	t.Right += o.Right
	t.Held += o.Held
	t.Missed, t.Wrong = added(t.Missed, o.Missed), added(t.Wrong, o.Wrong)
	return t
}

func added(a, b map[string]int) map[string]int {
	sum := maps.Clone(a)
	for k, n := range b {
		if sum == nil {
			sum = map[string]int{}
		}
		sum[k] += n
	}
	return sum
}

// Count counts what was found in d of data of the kind, which is the document's
// own unless it is a clean one.
func (t *Tally) Count(kind string, d Doc, l Looked) {
	t.Documents++
	if l.Held {
		t.Held++
	}
	note := func(m *map[string]int, at int) {
		if *m == nil {
			*m = map[string]int{}
		}
		(*m)[d.part(at)]++
	}
	for _, s := range d.Spans {
		if s.Kind != kind {
			continue
		}
		t.Secrets++
		if found(d.Text, s, l) {
			t.Found++
		} else {
			note(&t.Missed, s.Start)
		}
		if slices.ContainsFunc(l.Findings, func(f Finding) bool {
			return f.Kind == shown(kind) && f.End == s.End && (f.Start == s.Start || f.Start == s.From)
		}) {
			t.Exact++
		}
	}
	for _, f := range l.Findings {
		if f.Kind != shown(kind) || f.End <= f.Start {
			continue
		}
		t.Findings++
		if slices.ContainsFunc(d.Spans, func(s Span) bool {
			return shown(s.Kind) == f.Kind && f.Start < s.End && f.End > s.From
		}) {
			t.Right++
		} else {
			note(&t.Wrong, f.Start)
		}
	}
}

// shown returns the name under which a gate finds a kind.
func shown(kind string) string {
	if kind == OldIDCard {
		return IDCard
	}
	return kind
}

// found reports whether nothing of the datum would be published: findings cover
// all of it but signs, or the document is held and a finding touches it.
func found(text string, s Span, l Looked) bool {
	open := []byte(text[s.Start:s.End])
	touched := false
	for _, f := range l.Findings {
		from, to := max(f.Start, s.Start), min(f.End, s.End)
		if from < to {
			touched = true
			clear(open[from-s.Start : to-s.Start])
		}
	}
	if l.Held && touched {
		return true
	}
	return touched && strings.Trim(string(open), "\x00 \n\u3000\u200b,，、·-*[]()#") == ""
}

// Row is the tally of one kind, spelling or context, tuned and held-out families
// apart.
type Row struct {
	Group   string `json:"group"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Tuned   Tally  `json:"tuned"`
	Heldout Tally  `json:"heldout"`
}

// all returns the tally over all families.
func (r Row) all() Tally { return r.Tuned.plus(r.Heldout) }

// The groups of rows.
const (
	GroupPlain    = "structured plain"
	GroupSpelt    = "structured spellings"
	GroupAnchored = "names anchored"
	GroupFree     = "names free"
	GroupNames    = "names spellings"
	GroupAddress  = "addresses"
	GroupPlaces   = "addresses spellings"
	GroupClean    = "clean" // a row a kind; findings are all wrong
)

// Report is everything that was measured.
type Report struct {
	Rows []Row `json:"rows"`
}

// Sizes say how much is measured.
type Sizes struct {
	Seed  uint64
	Plain int // documents a kind in the plain spelling
	Spelt int // documents a kind and spelling
	Names int // documents a context
	Clean int // clean documents
}

// Measure makes documents and lets look at them. Equal sizes make equal documents.
func Measure(look Look, z Sizes) Report {
	var r Report
	plain := Spellings()[0]
	for _, kind := range Kinds() {
		r.row(look, z.Seed, z.Plain, GroupPlain, kind, plain.Name, func(m *Maker) Doc { return m.Planted(kind, plain) })
	}
	for _, kind := range Spelt() {
		for _, s := range Spellings()[1:] {
			r.row(look, z.Seed, z.Spelt, GroupSpelt, kind, s.Name, func(m *Maker) Doc { return m.Planted(kind, s) })
		}
	}
	for _, context := range Anchored() {
		r.row(look, z.Seed, z.Names, GroupAnchored, Person, context, func(m *Maker) Doc { return m.Named(context, plain) })
	}
	r.row(look, z.Seed, 4*z.Names, GroupFree, Person, Free, func(m *Maker) Doc { return m.Named(Free, plain) })
	r.row(look, z.Seed, 4*z.Names, GroupAddress, Address, plain.Name, func(m *Maker) Doc { return m.Addressed(plain) })
	for _, s := range NameSpellings()[1:] {
		r.row(look, z.Seed, z.Spelt, GroupNames, Person, s.Name, func(m *Maker) Doc { return m.Named(Anchored()[m.r.IntN(4)], s) })
	}
	for _, s := range NameSpellings()[1:] {
		r.row(look, z.Seed, z.Spelt, GroupPlaces, Address, s.Name, func(m *Maker) Doc { return m.Addressed(s) })
	}
	r.clean(look, z)
	return r
}

// clean measures clean documents: every row counts all of them, for one kind.
func (r *Report) clean(look Look, z Sizes) {
	m := New(z.Seed + 1)
	rows := map[string]*Row{}
	var docs []Doc
	var seen []Looked
	for range z.Clean {
		d := m.Clean()
		docs, seen = append(docs, d), append(seen, look(d))
		for _, f := range seen[len(seen)-1].Findings {
			rows[f.Kind] = &Row{}
		}
	}
	rows[Person], rows[Address] = &Row{}, &Row{}
	for _, kind := range slices.Sorted(maps.Keys(rows)) {
		row := Row{Group: GroupClean, Kind: kind, Name: "wrong"}
		for i, d := range docs {
			row.count(d, kind, seen[i])
		}
		r.Rows = append(r.Rows, row)
	}
}

// count counts a document in the tally of its sort of families.
func (r *Row) count(d Doc, kind string, l Looked) {
	if d.Tuning {
		r.Tuned.Count(kind, d, l)
	} else {
		r.Heldout.Count(kind, d, l)
	}
}

func (r *Report) row(look Look, seed uint64, n int, group, kind, name string, doc func(*Maker) Doc) {
	row := Row{Group: group, Kind: kind, Name: name}
	m := New(seed)
	for range n {
		d := doc(m)
		row.count(d, kind, look(d))
	}
	r.Rows = append(r.Rows, row)
}

// Figure is one line of the table of figures. Values are percent, but those of
// wrong findings are in 1,000 documents.
type Figure struct {
	What    string  `json:"what"`
	Measure string  `json:"measure"`
	Floor   float64 `json:"floor"`
	Aim     float64 `json:"aim"`
	Tuned   float64 `json:"tuned"`
	Heldout float64 `json:"heldout"`
	AtMost  bool    `json:"at_most,omitempty"` // floor and aim are not to be passed upwards
	Worst   string  `json:"worst,omitempty"`   // which row a least value is of
}

// Below reports whether the figure misses its floor, in families of either sort.
func (f Figure) Below() bool {
	if f.AtMost {
		return max(f.Tuned, f.Heldout) > f.Floor
	}
	return min(f.Tuned, f.Heldout) < f.Floor
}

// Figures returns the table of figures with its floors and aims.
func (r Report) Figures() []Figure {
	least := func(group string) (f Figure) {
		f.Tuned, f.Heldout = 100, 100
		low := 101.0
		for _, row := range r.Rows {
			if row.Group != group {
				continue
			}
			if v := row.all().Recall(); v < low {
				low, f.Worst = v, row.Kind+" "+row.Name
				f.Tuned, f.Heldout = v, v
			}
		}
		return f
	}
	sum := func(group, kind string) (tuned, heldout Tally) {
		for _, row := range r.Rows {
			if row.Group == group && (kind == "" || row.Kind == kind) {
				tuned, heldout = tuned.plus(row.Tuned), heldout.plus(row.Heldout)
			}
		}
		return tuned, heldout
	}
	mean := func(group, beside string, value func(Tally) float64) (f Figure) {
		tuned, heldout := sum(group, "")
		if beside != "" {
			t, h := sum(GroupClean, beside)
			tuned, heldout = tuned.plus(t), heldout.plus(h)
		}
		f.Tuned, f.Heldout = value(tuned), value(heldout)
		return f
	}
	clean := func(value func(all, one Tally) float64) (f Figure) {
		tuned, heldout := sum(GroupClean, "")
		oneTuned, oneHeldout := sum(GroupClean, Person)
		f.Tuned, f.Heldout, f.AtMost = value(tuned, oneTuned), value(heldout, oneHeldout), true
		return f
	}
	line := func(f Figure, what, measure string, floor, aim float64) Figure {
		f.What, f.Measure, f.Floor, f.Aim = what, measure, floor, aim
		return f
	}
	return []Figure{
		line(mean(GroupPlain, "", Tally.Recall), fmt.Sprintf("%d structured kinds, plain", len(Kinds())), "recall", 99.9, 100),
		line(least(GroupPlain), "the worst kind of these", "recall", 99.9, 100),
		line(mean(GroupSpelt, "", Tally.Recall), fmt.Sprintf("%d spellings x %d kinds", len(Spellings())-1, len(Spelt())), "recall", 99, 99.9),
		line(least(GroupSpelt), "the worst spelling of these", "recall", 99, 99.9),
		line(mean(GroupAnchored, "", Tally.Recall), "names in anchored contexts", "recall", 95, 98),
		line(mean(GroupAnchored, Person, Tally.Precision), "names in anchored contexts", "precision", 90, 95),
		line(mean(GroupFree, "", Tally.Recall), "names standing free", "recall", 75, 90),
		line(mean(GroupFree, Person, Tally.Precision), "names standing free", "precision", 80, 90),
		line(mean(GroupAddress, "", Tally.Recall), "addresses below street level", "recall", 97, 99),
		line(mean(GroupAddress, Address, Tally.Precision), "addresses below street level", "precision", 90, 97),
		line(clean(func(all, one Tally) float64 { return part(all.Findings, one.Documents) * 10 }), "clean documents", "wrong in 1,000", 0.5, 0.1),
		line(clean(func(_, one Tally) float64 { return part(one.Held, one.Documents) }), "clean documents", "held", 2, 0.5),
	}
}
