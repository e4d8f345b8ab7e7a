package demo

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/drop"
)

// TestMappingReadsTheFiles takes the exports through the ordinary reader with
// the city's mapping.
func TestMappingReadsTheFiles(t *testing.T) {
	for _, o := range []Options{{Cases: 1400, Months: 1}, {Cases: 300, Months: 1, Plain: true, Units: 300}} {
		dir, plan := write(t, o)
		for i := range plan.Steps {
			if err := plan.Deliver(i); err != nil {
				t.Fatal(err)
			}
		}
		m, err := source.DecodeMapping([]byte(plan.Mapping))
		if err != nil {
			t.Fatal(err)
		}
		d, err := drop.New(dir, m)
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		batches, err := d.Batches(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if files := len(plan.Steps[0].Files); len(batches) != files {
			t.Errorf("%d batches of %d files", len(batches), files)
		}
		kinds := map[source.Kind]map[string]bool{}
		var got Counts
		state := map[string]map[string]string{}
		rejected, missing := map[string]int{}, map[string]int{}
		for _, b := range batches {
			if b.AsOf == "" {
				t.Errorf("%s has no as-of day", b.Name)
			}
			err := d.Read(ctx, b, func(r source.Raw) error {
				if kinds[r.Kind] == nil {
					kinds[r.Kind] = map[string]bool{}
				}
				kinds[r.Kind][r.Key] = true
				if r.Fields[source.FieldDerived] == "yes" {
					t.Errorf("%s: a %s was made from a column", r.Where.File, r.Kind)
				}
				if u := r.Fields[source.FieldUnlisted]; u != "" {
					t.Errorf("%s: words of %s are not in the value table", r.Where.File, u)
				}
				if r.Kind == source.Case {
					if state[r.Key] == nil {
						state[r.Key] = map[string]string{}
					}
					for k, v := range r.Fields {
						state[r.Key][k] = v
					}
					if r.Gone {
						got.Withdrawn++
						if r.Fields[source.FieldGoneReason] == "" {
							t.Errorf("%s: a tombstone without a reason", r.Where.File)
						}
						state[r.Key]["gone"] = "yes"
					}
				}
				return nil
			}, func(r source.Rejected) { rejected[r.Code]++ })
			if err != nil {
				t.Fatalf("%s: %v", b.Name, err)
			}
		}
		for _, s := range state {
			if s[source.FieldKind] == source.Accusation {
				got.Accusations++
				continue
			}
			got.Cases++
			for _, f := range []string{source.FieldUnit, source.FieldArea, source.FieldTopic, source.FieldChannel, source.FieldReceived, source.FieldDue,
				source.FieldQuestion, source.FieldKind} {
				if s[f] == "" && s["gone"] == "" && (f != source.FieldDue || s[source.FieldChannel] != undatedChannel) {
					missing[f]++
				}
			}
			if s[source.FieldConsent] != "yes" && s["gone"] == "" {
				got.NoConsent++
			}
			if s[source.FieldReply] != "" {
				got.Replied++
			}
		}
		delete(missing, source.FieldQuestion) // of the one that holds a NUL
		if len(missing) > 0 {
			t.Errorf("cases lack %v", missing)
		}
		said := plan.Counts
		want := Counts{Cases: said.Cases, Accusations: said.Accusations, Withdrawn: said.Withdrawn, Replied: got.Replied, NoConsent: got.NoConsent}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v (-said +read):\n%s", o, diff)
		}
		if n := got.Replied; n > said.Replied || n < said.Replied-said.Withdrawn {
			t.Errorf("%d cases with a reply were read, %d were written", n, said.Replied)
		}
		wantRejected := map[string]int{}
		if !o.Plain {
			wantRejected = map[string]int{"bad-date": 1, "bad-json": 1, "excel-ruined-id": 1, "nul-byte": rejected["nul-byte"]}
			if rejected["nul-byte"] == 0 {
				t.Error("no NUL was found")
			}
		}
		if diff := cmp.Diff(wantRejected, rejected); diff != "" {
			t.Errorf("set aside (-want +got):\n%s", diff)
		}
		if u := len(kinds[source.Unit]); u < officeCount {
			t.Errorf("%d units", u)
		}
	}
}
