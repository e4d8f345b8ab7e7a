package store

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

func has(fields ...string) func(string) bool {
	return func(f string) bool { return slices.Contains(fields, f) }
}

// answered is a case that is published in full.
func answered() record.Case {
	return record.Case{
		Row: record.Row{Number: "2611-000001", Prominence: record.Full, Unit: "city", Status: record.Replied, Received: 100, RepliedOn: 103,
			Answered: record.Yes, Finished: record.No, Days: record.CountOf(3)},
		Title: "路灯", Question: "路灯不亮。", Reply: record.Reply{Text: "已修。"}, CoUnits: []record.UnitID{"a"},
	}
}

// TestMergeAndCompare gives, for one stored case, deliveries and what becomes
// of it.
func TestMergeAndCompare(t *testing.T) {
	stub := answered().Stub(record.StubOnly, record.NotAnswered)
	stub.Answered, stub.RepliedOn, stub.Days = record.No, 0, 0
	for _, tt := range []struct {
		name     string
		old      record.Case
		delivery func(*record.Case)
		carried  []string
		want     func(*record.Case)
		kind     record.EventKind
	}{
		{"nothing is said", answered(), func(c *record.Case) { *c = record.Case{Row: record.Row{Prominence: record.Full}} }, nil,
			func(*record.Case) {}, ""},
		{"a field is not carried", answered(), func(c *record.Case) { c.Title = "" }, []string{"received"},
			func(*record.Case) {}, ""},
		{"a field is known to be empty", answered(), func(c *record.Case) { c.Title = "" }, []string{"title"},
			func(c *record.Case) { c.Title = "" }, record.EventCorrect},
		{"something unknown becomes known", answered(), func(c *record.Case) { c.ClosedOn = 105 }, []string{"closed"},
			func(c *record.Case) { c.ClosedOn = 105 }, record.EventUpdate},
		{"the status goes on", answered(), func(c *record.Case) { c.Status, c.Finished = record.Closed, record.Yes }, []string{"status"},
			func(c *record.Case) { c.Status, c.Finished = record.Closed, record.Yes }, record.EventUpdate},
		{"a date changes", answered(), func(c *record.Case) { c.RepliedOn, c.Days = 104, record.CountOf(4) }, []string{"received", "replied"},
			func(c *record.Case) { c.RepliedOn, c.Days = 104, record.CountOf(4) }, record.EventCorrect},
		{"a text changes", answered(), func(c *record.Case) { c.Reply.Text = "换了灯泡。" }, []string{"reply"},
			func(c *record.Case) { c.Reply.Text = "换了灯泡。" }, record.EventCorrect},
		{"the status goes on and a text changes", answered(), func(c *record.Case) { c.Status, c.Reply.Text = record.Closed, "换。" }, []string{"status", "reply"},
			func(c *record.Case) { c.Status, c.Reply.Text = record.Closed, "换。" }, record.EventCorrect},
		{"a list grows", answered(), func(c *record.Case) { c.CoUnits = []record.UnitID{"a", "b"} }, []string{"co_units"},
			func(c *record.Case) { c.CoUnits = []record.UnitID{"a", "b"} }, record.EventUpdate},
		{"a list changes", answered(), func(c *record.Case) { c.CoUnits = []record.UnitID{"b"} }, []string{"co_units"},
			func(c *record.Case) { c.CoUnits = []record.UnitID{"b"} }, record.EventCorrect},
		{"the reply comes", stub, func(c *record.Case) { *c = answered() }, []string{"title", "question", "reply", "replied"},
			func(c *record.Case) { *c = answered(); c.CoUnits = []record.UnitID{"a"} }, record.EventUpdate},
		{"a delivery without a reply column takes nothing back", answered(), func(c *record.Case) {
			*c = c.Stub(record.StubOnly, record.NotAnswered)
			c.Answered, c.Flags = record.No, []record.Flag{record.StatusWithoutReply}
		}, []string{"received", "status"}, func(*record.Case) {}, ""},
		{"the reply is taken back", answered(), func(c *record.Case) {
			*c = c.Stub(record.StubOnly, record.NotAnswered)
			c.Answered, c.RepliedOn, c.Days = record.No, 0, 0
		}, []string{"received", "reply", "replied"}, func(c *record.Case) {
			*c = c.Stub(record.StubOnly, record.NotAnswered)
			c.Answered, c.RepliedOn, c.Days = record.No, 0, 0
		}, record.EventCorrect},
		{"it is held", answered(), func(c *record.Case) { *c = c.Stub(record.StubOnly, record.UnderReview) }, []string{"received"},
			func(c *record.Case) { *c = c.Stub(record.StubOnly, record.UnderReview) }, record.EventCorrect},
		{"consent goes", answered(), func(c *record.Case) { *c = c.Stub(record.StubOnly, record.NotAgreed) }, []string{"consent"},
			func(c *record.Case) { *c = c.Stub(record.StubOnly, record.NotAgreed) }, record.EventCorrect},
		{"a flag stays while its fields are not carried", func() record.Case {
			c := answered()
			c.Flags = []record.Flag{record.CloseBeforeReceipt, record.StatusBehindDates}
			return c
		}(), func(c *record.Case) { c.Flags = nil }, []string{"status"},
			func(c *record.Case) { c.Flags = []record.Flag{record.CloseBeforeReceipt} }, record.EventUpdate},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fresh, want := tt.old, tt.old
			if tt.old.Prominence != record.Full {
				fresh = answered()
			}
			tt.delivery(&fresh)
			tt.want(&want)
			got := merge(&tt.old, &fresh, has(tt.carried...))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if kind := compare(&tt.old, &got); kind != tt.kind {
				t.Errorf("it is %q, want %q", kind, tt.kind)
			}
		})
	}
}

// TestFieldsAreThoseOfTheSource compares the names that the store merges by
// with the fields of a case that a source delivers and a record holds.
func TestFieldsAreThoseOfTheSource(t *testing.T) {
	want := []string{
		source.FieldTitle, source.FieldQuestion, source.FieldReply, source.FieldReplyUnit, source.FieldSpokesman, source.FieldUnit,
		source.FieldCoUnits, source.FieldAgainst, source.FieldArea, source.FieldChannel, source.FieldTopic, source.FieldOrigin, source.FieldAddressee,
		source.FieldKind, source.FieldLegalClass, source.FieldLeaderKind, source.FieldReceived, source.FieldDispatched, source.FieldDue,
		source.FieldFirstResponse, source.FieldReplied, source.FieldClosed, source.FieldResolved, source.FieldStatus, source.FieldOutcome,
		source.FieldOutcomeReason, source.FieldOnSite, source.FieldRating, source.FieldRatingScale, source.FieldRatingSource,
		source.FieldReopened, source.FieldConsent, source.FieldConsentBasis, source.FieldDispatches, source.FieldSupervisions, source.FieldTimeline,
		source.FieldAttachments,
	}
	var got []string
	for _, f := range slices.Concat(rowFields, fullFields) {
		got = append(got, f.name)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, names := range []string{linkRepeat + "_of", linkMerged + "_into"} {
		if names != source.FieldRepeatOf && names != source.FieldMergedInto {
			t.Errorf("%s is not a field", names)
		}
	}
}

// TestEveryFieldIsCopied merges a case with every field set over one with none.
func TestEveryFieldIsCopied(t *testing.T) {
	full := everything()
	empty := record.Case{Row: record.Row{Number: full.Number, Prominence: record.StubOnly, StubReason: record.NotAnswered}}
	got := merge(&empty, &full, func(string) bool { return true })
	full.RepeatOf, full.MergedInto = "", "" // the store's own
	if !reflect.DeepEqual(got, full) {
		t.Error(cmp.Diff(full, got))
	}
}
