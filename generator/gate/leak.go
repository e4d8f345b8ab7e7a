package gate

import (
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// Unread is the type of a [Leak] in a text that could not be looked at to its
// end: it is broken, or it cost more work than one text may.
const Unread = "unread"

// Leak is something personal in a text that is about to be published, behind the
// gate and outside of any record: in a page, a feed or a search document.
type Leak struct {
	Type  string // one of [Types], or [Unread]
	Value string // keyed hash of the datum, as [Finding.Value]; "" of Unread

	// Certain reports whether the datum may not stand in any text, whoever wrote
	// it. Another one is a leak only where its hash is that of a datum that the
	// gate has masked: a doubtful number, and what is found by the words around it
	// and not by its shape, since a site has accounts, addresses and names of its own.
	Certain bool
}

// LeakScan looks through built texts, one after the other. It is for one
// goroutine at a time; [Gate.NewLeakScan] makes as many as are wanted.
type LeakScan struct {
	g    *Gate
	asOf record.Day
	scan *scan
	text clearing        // of the text at hand; kept, since most are short
	all  []record.UnitID // every unit of which something passes
	ends []record.Day    // last days of entries that have ended
}

// NewLeakScan returns a LeakScan. No day of birth lies after asOf.
func (g *Gate) NewLeakScan(asOf record.Day) *LeakScan {
	all := slices.AppendSeq(slices.Collect(maps.Keys(g.lines)), maps.Keys(g.except))
	slices.Sort(all)
	l := &LeakScan{g: g, asOf: asOf, all: slices.Compact(all)}
	for _, e := range g.except {
		for _, until := range e.untils() {
			if until.Known() && until < asOf {
				l.ends = append(l.ends, until)
			}
		}
	}
	slices.Sort(l.ends)
	l.ends = slices.Compact(l.ends)
	return l
}

// untils returns the last days of all entries.
func (e *exceptions) untils() (days []record.Day) {
	for _, list := range e.values {
		for _, a := range list {
			days = append(days, a.Until)
		}
	}
	for _, a := range e.addresses {
		days = append(days, a.Until)
	}
	for _, a := range e.links {
		days = append(days, a.Until)
	}
	for _, list := range e.officials {
		for _, o := range list {
			days = append(days, o.Until)
		}
	}
	return days
}

// everAllowed reports whether an allow-list lets a finding pass, or did on an
// earlier day: what was published in those days is not taken back when an entry
// ends.
func (l *LeakScan) everAllowed(c *clearing, h hit) bool {
	if c.allowed(h) {
		return true
	}
	defer func() { c.asOf = l.asOf }()
	for _, day := range l.ends {
		if c.asOf = day; c.allowed(h) {
			return true
		}
	}
	return false
}

// Text looks through one text and returns what it found, and how many candidates
// it looked at, those included that may stand there. units are the units whose
// public lines pass; nil stands for all of them. Names and addresses are looked for
// only with people, and are never certain: whoever may be named where the gate let
// her pass cannot be told from a built page.
//
// What an allow-list let pass on an earlier day still passes.
//
// It finds what the gate finds in a field. What the policy passes in any field
// passes here, since a page does not say which field a text came from.
func (l *LeakScan) Text(text string, units []record.UnitID, people bool) (leaks []Leak, candidates int) {
	g := l.g
	if units == nil {
		units = l.all
	}
	l.text = clearing{Gate: g, asOf: l.asOf, units: units, work: budget{left: g.policy.MaxSteps}}
	c := &l.text
	defer func() {
		if p := recover(); p != nil {
			l.scan = nil // its state is unknown
			leaks, candidates = append(leaks, Leak{Type: Unread, Certain: true}), candidates+1
		}
	}()
	if l.scan == nil {
		l.scan = &scan{tables: g.tables}
	}
	c.scan = l.scan
	c.scan.work, c.scan.asOf, c.scan.structured = &c.work, l.asOf, !people
	d, reason := c.decoded(text)
	if reason != "" {
		return []Leak{{Type: Unread, Certain: true}}, 1
	}
	for _, h := range c.scan.find(d.plain) {
		candidates++
		if l.everAllowed(c, h) || !h.reaches && g.policy.passes(h.typ, h.confidence) {
			continue
		}
		certain := shaped[h.typ]
		for _, class := range []Class{Citizen, Official, Label} {
			if _, sure := g.policy.act("", class, h.typ, h.confidence); !sure {
				certain = false
			}
		}
		leaks = append(leaks, Leak{Type: h.typ, Value: c.mac("value", h.typ, h.norm), Certain: certain})
	}
	return leaks, candidates
}

// shaped are the types that are known by their shape or a check digit, wherever
// they stand.
var shaped = map[string]bool{
	Mobile: true, IDCard: true, BankCard: true, Email: true, Plate: true, Landline: true, Service: true,
	Passport: true, Permit: true, IP: true, MAC: true,
}

// OfPeople reports whether a type of finding is found by words about people and
// places: such a datum is personal only beside the case that it stands in.
func OfPeople(typ string) bool { return typ == Person || typ == Address || typ == BirthDate }

// passes reports whether a finding passes in some field by the policy.
func (p *Policy) passes(typ string, confidence int) bool {
	pass := func(field string, class Class) bool {
		act, _ := p.act(field, class, typ, confidence)
		return act == Pass || act == ""
	}
	for _, class := range []Class{Citizen, Official, Label} {
		if pass("", class) {
			return true
		}
	}
	for field, class := range fieldClasses {
		if p.Fields[field] != nil && pass(field, class) {
			return true
		}
	}
	return false
}
