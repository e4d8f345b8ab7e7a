package intake_test

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/source"
)

// deliver takes a batch of one row, which is named and may be of a day that other batches
// are of.
func deliver(t *testing.T, db *intake.DB, name, asOf string, d delivery) {
	t.Helper()
	b := intake.Info{Name: name, Digest: sha256.Sum256([]byte(name)), AsOf: asOf}
	err := db.Receive(ctx, b, func(add func(string, source.Raw) (intake.Receipt, error)) error {
		_, err := add(mac(d.key), d.raw())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func order(t *testing.T, db *intake.DB, streams ...string) {
	t.Helper()
	if err := db.Order(ctx, streams); err != nil {
		t.Fatal(err)
	}
}

// TestStreamsContradict delivers the same contents in both orders: what counts is the newer
// day, and of equal days the place in the mapping.
func TestStreamsContradict(t *testing.T) {
	const day, later = "2026-11-03", "2026-11-04"
	list := delivery{"list", "K", []string{"received=2026-10-31", "title=of the list"}}
	answers := delivery{"answers", "K", []string{"received=2026-11-01", "title=of the answers", "reply=r"}}
	for _, tt := range []struct {
		mapping                []string
		listAsOf, answersAsOf  string
		wantTitle, wantReceipt string
	}{
		{[]string{"list", "answers"}, day, day, "of the list", "2026-10-31"},
		{[]string{"answers", "list"}, day, day, "of the answers", "2026-11-01"},
		{[]string{"list", "answers"}, day, later, "of the answers", "2026-11-01"},
		{[]string{"answers", "list"}, later, day, "of the list", "2026-10-31"},
		{[]string{"list"}, day, day, "of the list", "2026-10-31"},       // the other was in the mapping once
		{[]string{"answers"}, day, day, "of the answers", "2026-11-01"}, // and the other way
		{nil, day, day, "of the answers", "2026-11-01"},                 // by name
	} {
		for _, listFirst := range []bool{true, false} {
			t.Run(fmt.Sprintf("%v %s %s %t", tt.mapping, tt.listAsOf, tt.answersAsOf, listFirst), func(t *testing.T) {
				db, _ := mustOpen(t)
				order(t, db, tt.mapping...)
				if listFirst {
					deliver(t, db, "list", tt.listAsOf, list)
				}
				deliver(t, db, "answers", tt.answersAsOf, answers)
				if !listFirst {
					deliver(t, db, "list", tt.listAsOf, list)
				}
				items := pending(t, db)
				if len(items) != 1 {
					t.Fatalf("%d items", len(items))
				}
				got := items[0]
				if got.Raw.Fields["title"] != tt.wantTitle || got.Raw.Fields["received"] != tt.wantReceipt || got.Received != tt.wantReceipt || got.Raw.Fields["reply"] != "r" {
					t.Errorf("joined to %v, received %s", got.Raw.Fields, got.Received)
				}
			})
		}
	}
}

// TestOrderChanged looks at what is pending after each change of the mapping.
func TestOrderChanged(t *testing.T) {
	db, _ := mustOpen(t)
	order(t, db, "list", "answers")
	deliver(t, db, "list", "2026-11-03", delivery{"list", "K", []string{"received=2026-10-31", "title=of the list"}})
	deliver(t, db, "answers", "2026-11-03", delivery{"answers", "K", []string{"title=of the answers"}})
	deliver(t, db, "alone", "2026-11-03", delivery{"list", "L", []string{"received=2026-11-01"}})
	finish(t, db, "2026-11-03", intake.Done)
	for _, tt := range []struct {
		mapping []string
		title   string // of what is pending, "" where nothing is
	}{
		{[]string{"list", "answers"}, ""},
		{[]string{"new", "list", "withdrawn", "answers"}, ""},
		{[]string{"answers", "list"}, "of the answers"},
		{[]string{"answers"}, ""},
		{[]string{"list"}, "of the list"},
		{[]string{"list", "answers"}, ""},
	} {
		order(t, db, tt.mapping...)
		title := ""
		for _, item := range pending(t, db) {
			if item.Key != "K" || title != "" {
				t.Errorf("%v: %s is pending", tt.mapping, item.Key)
			}
			title = item.Raw.Fields["title"]
		}
		if title != tt.title {
			t.Errorf("%v: pending with %q, want %q", tt.mapping, title, tt.title)
		}
		finish(t, db, "2026-11-03", intake.Done)
	}
}

// TestOrderFirstKept opens what was received before an order was kept, when of equal days
// what came last counted: all that came in more than one stream is looked at anew.
func TestOrderFirstKept(t *testing.T) {
	db, _ := mustOpen(t)
	deliver(t, db, "list", "2026-11-03", delivery{"list", "K", []string{"received=2026-10-31", "title=of the list"}})
	deliver(t, db, "answers", "2026-11-03", delivery{"answers", "K", []string{"title=of the answers"}})
	deliver(t, db, "alone", "2026-11-03", delivery{"list", "L", []string{"received=2026-11-01"}})
	finish(t, db, "2026-11-03", intake.Done)
	order(t, db, "answers", "list") // as they stand by name, too
	if items := pending(t, db); len(items) != 1 || items[0].Key != "K" {
		t.Errorf("pending: %v", items)
	}
}

// TestDerivedInOneStream receives what stands for a unit in a column of cases and in a
// register, both by one stream, as where both inputs read one feed: the register counts,
// whichever came first.
func TestDerivedInOneStream(t *testing.T) {
	unit := func(fields ...string) source.Raw {
		raw := delivery{"feed", "u1", fields}.raw()
		raw.Kind = source.Unit
		return raw
	}
	derived, register := unit("name=城管", "derived=yes"), unit("name=示例市城市管理局")
	for name, rows := range map[string][]source.Raw{
		"derived first":  {derived, register},
		"register first": {register, derived},
		"derived again":  {derived, register, derived},
	} {
		t.Run(name, func(t *testing.T) {
			db, _ := mustOpen(t)
			order(t, db, "feed")
			for i, raw := range rows {
				name := fmt.Sprintf("batch %d", i)
				b := intake.Info{Name: name, Digest: sha256.Sum256([]byte(name)), AsOf: fmt.Sprintf("2026-11-0%d", i+1)}
				err := db.Receive(ctx, b, func(add func(string, source.Raw) (intake.Receipt, error)) error {
					_, err := add(mac("u1"), raw)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			items := pending(t, db)
			if len(items) != 1 {
				t.Fatalf("%d items", len(items))
			}
			if got := items[0].Raw.Fields; got["name"] != "示例市城市管理局" || got["derived"] != "" {
				t.Errorf("joined to %v", got)
			}
		})
	}
}
