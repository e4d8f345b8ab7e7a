package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Looked is one record as the gate sees it now.
type Looked struct {
	Raw     source.Raw // as received: personal, for the office's eyes alone
	AsOf    record.Day // day of the batch that it was received with
	Cleared gate.Cleared
	Verdict gate.Verdict
}

// look lets the records that refs name through the gate and stores nothing. The
// as-of day of the options is the least under which each is looked at.
func look(ctx context.Context, o Options, g Gate, refs []intake.Ref) ([]Looked, error) {
	items, err := o.Intake.Load(ctx, refs)
	if err != nil {
		return nil, err
	}
	all := make([]Looked, len(items))
	for i, item := range items {
		if all[i], err = lookAt(g, item, o.AsOf); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// lookAt lets one record through the gate, as of the given day or the later one on
// which it was received.
func lookAt(g Gate, item intake.Item, asOf record.Day) (l Looked, err error) {
	l.Raw = item.Raw
	if item.Waiting {
		return l, nil
	}
	if l.AsOf, err = record.ParseDay(item.AsOf); err != nil {
		return l, err
	}
	l.Cleared, l.Verdict = g.ClearReviewed(item.Raw, max(l.AsOf, asOf), review(item))
	return l, nil
}

// Published finds what is published. It is safe for concurrent use.
type Published interface {
	CasesByNumber(ctx context.Context, numbers []record.CaseNumber) ([]record.Case, error)
	Assessments(ctx context.Context) ([]record.Assessment, error)
	Accountability(ctx context.Context) ([]record.Accountability, error)

	// Attachments yields the files of the cases with from <= number <= to.
	Attachments(ctx context.Context, from, to record.CaseNumber) iter.Seq2[record.AttachmentBody, error]

	// Unshown returns those of the cases whose texts have never been in a release.
	Unshown(ctx context.Context, numbers []record.CaseNumber) (map[record.CaseNumber]bool, error)
}

// Change is what the gate would make of a case or an entry of a register now, where
// that is not what is published.
type Change struct {
	Number record.CaseNumber `json:"number,omitempty"` // of a case; "" where it has none
	Entry  string            `json:"entry,omitempty"`  // of an entry: its kind and its identifier, such as "unit/lamps"
	What   Changed           `json:"what"`
	Masked map[string]int    `json:"masked,omitempty"` // findings by type, where the texts change
	Why    Cause             `json:"why,omitempty"`
	Units  []record.UnitID   `json:"units,omitempty"`    // of [FormerLine]: those of the case that had such lines
	Asked  bool              `json:"if_asked,omitempty"` // it stays as it is unless the lines of these units are to be masked
}

// Changed is how a case changes.
type Changed string

// How a case may change.
const (
	TextChanges Changed = "text"     // published in full before and after, with other texts or files
	ClearedAnew Changed = "anew"     // the same, but no release has ever had its texts: they may also be masked less
	ToRow       Changed = "to-row"   // from published in full to the row alone
	ToFull      Changed = "to-full"  // from the row alone to published in full
	RowReason   Changed = "reason"   // the row alone before and after, for another reason
	Appears     Changed = "appears"  // from no number to a row or more
	Vanishes    Changed = "vanishes" // to no number and no row
	KeptMasked  Changed = "kept"     // would show what was masked: stays as it is published
	KeptMixed   Changed = "mixed"    // would show what was masked, and mask what is shown: stays as it is published
	EntryHeld   Changed = "held"     // an entry of a register that is held: stays as it is published until a person has decided
)

// Stays reports whether what is published stays as it is in spite of the change.
func (c Change) Stays() bool {
	return c.Asked || c.What == KeptMasked || c.What == KeptMixed || c.What == EntryHeld
}

// Cause is why a case changes.
type Cause string

// Why a case may change.
const (
	OtherRules Cause = ""            // the policy, the lists, the lines of the configuration, the program, or what a person decided
	FormerLine Cause = "former-line" // the register of units states a line no longer
	EndedEntry Cause = "ended-entry" // an entry of the allow-list has ended
)

// Compare lets what the office has delivered through the gate again and yields, in
// the order of refs, what would not be published as it is. It changes nothing, and says
// what [Settle] would do with the same options.
//
// The lines of Former go on passing, and those of masking, which the register stated
// earlier too, do not. Of what depends on a line of Former alone the change is only
// shown: it has Asked set.
//
// A text that has been in a release is never unmasked: where more of it would be shown
// than was published, the case is [KeptMasked].
func Compare(ctx context.Context, o Options, refs []intake.Ref, published Published, masking map[record.UnitID][]string, yield func(Change) error) error {
	c, err := newComparing(ctx, o.withDefaults(), published, masking)
	if err != nil {
		return err
	}
	return inOrder(ctx, c.Workers, refs, c.chunk, func(changes []Change) error {
		for _, change := range changes {
			if err := yield(change); err != nil {
				return err
			}
		}
		return nil
	})
}

// comparing compares what is published with what the gate says now. It is safe for
// concurrent use.
type comparing struct {
	Options
	published Published
	entries   map[string]any         // of registers, by kind and identifier
	former    map[record.UnitID]bool // units that had other lines
	settled   Gate                   // as what is applied will be looked at
	strict    Gate                   // without the former lines
	lenient   Gate                   // with all former lines
}

func newComparing(ctx context.Context, o Options, published Published, masking map[record.UnitID][]string) (*comparing, error) {
	c := &comparing{Options: o, published: published, former: map[record.UnitID]bool{}}
	all := maps.Clone(o.Former)
	if all == nil {
		all = map[record.UnitID][]string{}
	}
	for unit, lines := range masking {
		all[unit] = slices.Concat(all[unit], lines)
	}
	for unit, lines := range all {
		c.former[unit] = len(lines) > 0
	}
	for _, g := range []struct {
		to     *Gate
		former map[record.UnitID][]string
	}{{&c.settled, o.Former}, {&c.strict, nil}, {&c.lenient, all}} {
		r := run{Options: o}
		r.Former = g.former
		lines, err := r.lines(ctx)
		if err != nil {
			return nil, err
		}
		*g.to = o.Gate.WithLines(lines)
	}
	var err error
	c.entries, err = registered(ctx, o.Store, published)
	return c, err
}

// chunk compares some records.
func (c *comparing) chunk(ctx context.Context, refs []intake.Ref) ([]Change, error) {
	items, err := c.Intake.Load(ctx, refs)
	if err != nil {
		return nil, err
	}
	was, err := publishedOf(ctx, c.published, refs)
	if err != nil {
		return nil, err
	}
	unshown, err := c.published.Unshown(ctx, slices.Collect(maps.Keys(was)))
	if err != nil {
		return nil, err
	}
	var all []Change
	for i, item := range items {
		if item.Waiting {
			continue
		}
		stands := standing{was[record.CaseNumber(refs[i].Number)], unshown[record.CaseNumber(refs[i].Number)]}
		if stands.rests(item) {
			continue
		}
		change, differs, err := c.one(ctx, item, stands)
		if err != nil {
			return nil, err
		}
		if differs {
			all = append(all, change)
		}
	}
	return all, nil
}

// standing is a case as it stands in the store.
type standing struct {
	record.Case
	unshown bool // no release has ever had its texts
}

// keeps reports whether a case stays as it stands because now would show something
// that was published masked.
func (s standing) keeps(now record.Case) bool {
	return s.Prominence == record.Full && now.Prominence == record.Full && !s.unshown && gate.UnmasksCase(s.Case, now)
}

// one says how one record changes, and why.
func (c *comparing) one(ctx context.Context, item intake.Item, was standing) (change Change, differs bool, err error) {
	under := func(g Gate, asOf record.Day) (Change, bool, error) {
		l, err := c.look(ctx, g, item, was, asOf)
		if err != nil {
			return Change{}, false, err
		}
		change, differs := c.against(item.Ref, was, l)
		if units := c.unitsOf(l, was.Case); differs && len(units) > 0 {
			change.Units = units
		}
		return change, differs, nil
	}
	// Most stay as they are even without the former lines, and so with them.
	change, differs, err = under(c.strict, c.AsOf)
	if err != nil || !differs || change.Stays() {
		change.Units = nil
		return change, differs, err
	}
	units := change.Units
	change.Units = nil
	if len(units) > 0 {
		now, changes, err := under(c.settled, c.AsOf)
		if err != nil {
			return change, false, err
		}
		if !changes || now.Stays() {
			change.Why, change.Units, change.Asked = FormerLine, units, true
			return change, true, nil
		}
		change = now
		change.Units = nil
		if now, changes, err = under(c.lenient, c.AsOf); err != nil {
			return change, false, err
		} else if !changes || now.Stays() {
			change.Why, change.Units = FormerLine, units
			return change, true, nil
		}
	}
	// As of the day of its delivery an entry that has ended since still holds.
	if now, changes, err := under(c.settled, 0); err != nil {
		return change, false, err
	} else if !changes || now.Stays() {
		change.Why = EndedEntry
	}
	return change, true, nil
}

// look lets one record through the gate, or what is published of it.
func (c *comparing) look(ctx context.Context, g Gate, item intake.Item, was standing, asOf record.Day) (l Looked, err error) {
	if !was.reclears(item) {
		return lookAt(g, item, asOf)
	}
	day, err := record.ParseDay(item.AsOf)
	if err != nil {
		return l, err
	}
	l.Raw, l.AsOf = item.Raw, day
	l.Cleared, l.Verdict, err = reclear(ctx, g, c.published, item, was, max(day, asOf))
	return l, err
}

// unitsOf returns the units of a case that had other lines, sorted.
func (c *comparing) unitsOf(l Looked, was record.Case) []record.UnitID {
	units := []record.UnitID{was.Unit, was.Reply.Unit}
	units = append(units, was.CoUnits...)
	if now, ok := l.Cleared.Value().(record.Case); ok {
		units = append(append(units, now.Unit, now.Reply.Unit), now.CoUnits...)
	}
	units = slices.DeleteFunc(units, func(u record.UnitID) bool { return !c.former[u] })
	slices.Sort(units)
	return slices.Compact(units)
}

// against says how one record changes.
func (c *comparing) against(ref intake.Ref, was standing, l Looked) (Change, bool) {
	if ref.Kind == source.Case {
		return compareOne(ref, was, l)
	}
	change := Change{Entry: entryName(ref.Kind, ref.Key)}
	entry, known := c.entries[change.Entry]
	switch {
	case !known && l.Cleared.Valid():
		change.What = Appears
	case !known:
		return change, false
	case !l.Cleared.Valid():
		change.What = EntryHeld
	case sameEntry(entry, l.Cleared.Value()):
		return change, false
	case gate.UnmasksEntry(entry, l.Cleared.Value()):
		change.What = KeptMasked
		if gate.UnmasksEntry(l.Cleared.Value(), entry) {
			change.What = KeptMixed
		}
	default:
		change.What, change.Masked = TextChanges, findings(l.Verdict)
	}
	return change, true
}

// sameEntry reports whether two entries are stored alike.
func sameEntry(a, b any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// entryName names an entry of a register.
func entryName[K ~string](kind source.Kind, id K) string { return string(kind) + "/" + string(id) }

// registered returns the entries of the registers as they are published.
func registered(ctx context.Context, s Sink, published Published) (map[string]any, error) {
	register, err := s.Register(ctx)
	if err != nil {
		return nil, err
	}
	assessments, err := published.Assessments(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]any{}
	for _, e := range register.Units {
		all[entryName(source.Unit, e.ID)] = e
	}
	for _, e := range register.Areas {
		all[entryName(source.Area, e.Code)] = e
	}
	for _, e := range register.Topics {
		all[entryName(source.Topic, e.ID)] = e
	}
	for _, e := range register.Channels {
		all[entryName(source.Channel, e.ID)] = e
	}
	for _, e := range assessments {
		all[entryName(source.Assessment, e.ID)] = e
	}
	accountability, err := published.Accountability(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range accountability {
		all[entryName(source.Accountability, e.ID)] = e
	}
	return all, nil
}

// publishedOf returns what is published of the cases in a chunk, by number.
func publishedOf(ctx context.Context, published Published, chunk []intake.Ref) (map[record.CaseNumber]record.Case, error) {
	var numbers []record.CaseNumber
	for _, ref := range chunk {
		if ref.Number != "" {
			numbers = append(numbers, record.CaseNumber(ref.Number))
		}
	}
	cases, err := published.CasesByNumber(ctx, numbers)
	if err != nil {
		return nil, err
	}
	by := make(map[record.CaseNumber]record.Case, len(cases))
	for _, c := range cases {
		by[c.Number] = c
	}
	return by, nil
}

// compareOne says how one case changes.
func compareOne(ref intake.Ref, was standing, l Looked) (c Change, differs bool) {
	c.Number = record.CaseNumber(ref.Number)
	now, isCase := l.Cleared.Value().(record.Case)
	switch {
	case was.Number == "" && isCase:
		c.What = Appears
	case was.Number == "" || was.Prominence == record.Withdrawn:
		return c, false
	case !isCase:
		c.What = Vanishes
	case was.Prominence == record.Full && now.Prominence != record.Full:
		c.What = ToRow
	case was.Prominence != record.Full && now.Prominence == record.Full:
		c.What = ToFull
	case was.Prominence != record.Full:
		c.What = RowReason
		return c, was.StubReason != now.StubReason
	case sameTexts(l.Cleared, was.Case, now) && (!l.Cleared.Has(source.FieldAttachments) || slices.Equal(was.Attachments, now.Attachments)):
		return c, false
	case was.unshown:
		c.What, c.Masked = ClearedAnew, findings(l.Verdict)
	case !l.Cleared.Further() && was.keeps(now):
		c.What = KeptMasked
		if gate.UnmasksCase(now, was.Case) {
			c.What = KeptMixed
		}
	default:
		c.What, c.Masked = TextChanges, findings(l.Verdict)
	}
	return c, true
}

// sameTexts reports whether the texts of a case stay as they are: also those that
// the office's delivery does not carry any more.
func sameTexts(cleared gate.Cleared, was, now record.Case) bool {
	before, after := gate.CaseTexts(was), gate.CaseTexts(now)
	for _, field := range gate.PolicyFields() {
		if cleared.Has(field) && before[field] != after[field] {
			return false
		}
	}
	return slices.Equal(was.Attachments, now.Attachments)
}

// Tally counts changes by what they are and findings by type.
type Tally struct {
	Cases   int             `json:"cases"`    // that were let through the gate
	Entries int             `json:"entries"`  // of registers, likewise
	Stay    int             `json:"stay"`     // changes that are shown and not applied
	IfAsked int             `json:"if_asked"` // of these, what is applied when the lines of units are to be masked
	Changes map[Changed]int `json:"changes"`
	Masked  map[string]int  `json:"masked"`
}

// Add counts one change.
func (t *Tally) Add(c Change) {
	if t.Changes == nil {
		t.Changes, t.Masked = map[Changed]int{}, map[string]int{}
	}
	t.Changes[c.What]++
	if c.Asked {
		t.IfAsked++
	}
	if c.Stays() {
		t.Stay++
		return
	}
	for _, typ := range slices.Sorted(maps.Keys(c.Masked)) {
		t.Masked[typ] += c.Masked[typ]
	}
}
