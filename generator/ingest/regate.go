package ingest

import (
	"context"
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
		all[i].Raw = item.Raw
		if item.Waiting {
			continue
		}
		if all[i].AsOf, err = record.ParseDay(item.AsOf); err != nil {
			return nil, err
		}
		all[i].Cleared, all[i].Verdict = g.ClearReviewed(item.Raw, max(all[i].AsOf, o.AsOf), review(item))
	}
	return all, nil
}

// Published finds what is published of cases.
type Published interface {
	CasesByNumber(ctx context.Context, numbers []record.CaseNumber) ([]record.Case, error)
}

// Change is what other rules of the gate would make of a case.
type Change struct {
	Number record.CaseNumber `json:"number,omitempty"` // "" where it has none
	What   Changed           `json:"what"`
	Masked map[string]int    `json:"masked,omitempty"` // findings under the new rules by type, where the texts change
}

// Changed is how a case changes.
type Changed string

// How a case may change.
const (
	TextChanges Changed = "text"     // published in full before and after, with other texts or files
	ToRow       Changed = "to-row"   // from published in full to the row alone
	ToFull      Changed = "to-full"  // from the row alone to published in full
	RowReason   Changed = "reason"   // the row alone before and after, for another reason
	Appears     Changed = "appears"  // from no number to a row or more
	Vanishes    Changed = "vanishes" // to no number and no row
	KeptMasked  Changed = "kept"     // would show what was masked: stays as it is published
)

// Compare lets every case that the office has delivered through the gate and
// yields, in the order of their receipt, those that would not be published as
// they are. It changes nothing.
//
// A text is never unmasked: where the new rules would show more of a text than
// was published, the case is [KeptMasked].
func Compare(ctx context.Context, o Options, cases []intake.Ref, published Published, yield func(Change) error) error {
	r := run{Options: o, job: job{asOf: o.AsOf}}
	lines, err := r.lines(ctx)
	if err != nil {
		return err
	}
	g := o.Gate.WithLines(lines)
	for chunk := range slices.Chunk(cases, chunkSize) {
		looked, err := look(ctx, o, g, chunk)
		if err != nil {
			return err
		}
		was, err := publishedOf(ctx, published, chunk)
		if err != nil {
			return err
		}
		for i, l := range looked {
			if c, differs := compareOne(chunk[i], was[record.CaseNumber(chunk[i].Number)], l); differs {
				if err := yield(c); err != nil {
					return err
				}
			}
		}
	}
	return ctx.Err()
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
func compareOne(ref intake.Ref, was record.Case, l Looked) (c Change, differs bool) {
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
	case sameTexts(l.Cleared, was, now) && (!l.Cleared.Has(source.FieldAttachments) || slices.Equal(was.Attachments, now.Attachments)):
		return c, false
	case gate.UnmasksCase(was, now):
		c.What = KeptMasked
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
	Cases   int             `json:"cases"` // that were let through the gate
	Changes map[Changed]int `json:"changes"`
	Masked  map[string]int  `json:"masked"`
}

// Add counts one change.
func (t *Tally) Add(c Change) {
	if t.Changes == nil {
		t.Changes, t.Masked = map[Changed]int{}, map[string]int{}
	}
	t.Changes[c.What]++
	for _, typ := range slices.Sorted(maps.Keys(c.Masked)) {
		t.Masked[typ] += c.Masked[typ]
	}
}
