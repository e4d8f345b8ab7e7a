package pages_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// promisedView is what pages tell of commitments.
type promisedView struct {
	Counts *promisedCounts
	Units  []promisedCounts
	Rows   []struct {
		Case                           struct{ Name string }
		Due, Status, On, Wording, Made string
		Changed                        string
		ShownBy                        struct{ Name string } `json:"shown_by"`
	}
	Promises struct{ Path string } // of a unit's notes on its data
}

type promisedCounts struct {
	Of      struct{ Name, Path string }
	Made    string
	Due     string
	Changed string
	Rate    struct{ State, Percent, Num, Den, Unknown string }
	By      []struct{ Status, N string }
}

// numbers writes the counts down in the order of the columns of the data file.
func (c promisedCounts) numbers() string {
	out := []string{c.Made, c.Due}
	for _, b := range c.By {
		out = append(out, b.N)
	}
	if c.Changed == "" {
		c.Changed = "0"
	}
	return strings.Join(append(out, c.Changed), ",")
}

func promisedOn(t *testing.T, s site, path string) (v promisedView) {
	t.Helper()
	js, err := json.Marshal(s.params(t, path))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(js, &v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// promisingCity is a city of 20 November in which replies made nine promises.
func promisingCity() *city {
	c := newCity(12)
	of := func(n record.CaseNumber, unit record.UnitID, due record.Day, k record.Keeping, on record.Day, s record.Standing) record.Commitment {
		p := record.Commitment{Number: n, Code: fmt.Sprintf("%08x", len(c.promised)), Unit: unit, Made: due - 20, Due: due, Keeping: k, On: on, Standing: s}
		if s == record.Stands {
			p.Wording = "将于" + due.String() + "前修好"
		}
		c.promised = append(c.promised, p)
		return p
	}
	day := func(d int) record.Day { return record.Date(2026, 11, d) }
	of("2609-000001", "ed-2", day(10), record.Kept, day(9), record.Stands)
	of("2609-000001", "ed-2", day(12), record.Kept, day(13), record.Stands)
	of("2609-000002", "water-1", day(20), "", 0, record.Stands)
	of("2609-000005", "ed-2", day(10), record.Broken, day(11), record.ReplyChanged)
	of("2609-000006", "water-1", day(10), record.Kept, day(10), record.ReplyGone)
	of("2610-000001", "ed-2", day(25), record.Kept, day(24), record.Stands) // of which this cut-off knows nothing
	of("2610-000002", "water-1", day(10), record.Partly, day(10), record.Stands)
	of("2610-000005", "ed-2", day(10), "", 0, record.TakenBack)
	of("2610-000007", "water-2", day(10), "", 0, record.ReplyGone)
	c.promised[0].ShownBy = "2610-000005"
	return c
}

// What a case's page, a unit's page, the page of all and the data files say of
// commitments is one and the same, and what the rows of the file give when they are
// counted again.
func TestCommitmentsAreTheSameEverywhere(t *testing.T) {
	c := promisingCity()
	s := build(t, plan(t, c, options(t)))
	rows, err := csv.NewReader(strings.NewReader(string(s.files["data/commitments.csv"].Body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	counts, err := csv.NewReader(strings.NewReader(string(s.files["data/commitment-counts.csv"].Body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	wantRows := []string{
		"2609-000001,ed-2,2026-11-10,kept,2026-11-09,2610-000005,no", "2609-000001,ed-2,2026-11-12,kept-late,2026-11-13,,no", "2609-000002,water-1,2026-11-20,overdue,,,no",
		"2609-000005,ed-2,2026-11-10,broken,2026-11-11,,yes", "2610-000001,ed-2,2026-11-25,open,,,no", "2610-000002,water-1,2026-11-10,partly,2026-11-10,,no",
	}
	var got []string
	for _, r := range rows[1:] {
		got = append(got, strings.Join([]string{r[0], r[2], r[4], r[5], r[6], r[7], r[8]}, ","))
	}
	if diff := cmp.Diff(wantRows, got); diff != "" {
		t.Error(diff)
	}

	// The counts again from the rows, but for what only they have: unknown and taken back.
	again := map[string]map[string]int{}
	for _, r := range rows[1:] {
		for _, scope := range []string{"", r[2]} {
			if again[scope] == nil {
				again[scope] = map[string]int{}
			}
			again[scope][strings.ReplaceAll(r[5], "-", "_")]++
			if r[8] == "yes" {
				again[scope]["reply_changed"]++
			}
		}
	}
	file := map[string]string{}
	for _, r := range counts[1:] {
		file[r[1]] = strings.Join(r[3:], ",")
		for i, col := range counts[0] {
			if slices.Contains([]string{"kept", "kept_late", "partly", "broken", "overdue", "open", "reply_changed"}, col) && r[i] != fmt.Sprint(again[r[1]][col]) {
				t.Errorf("%s %s: %s in the file of counts, %d rows", r[1], col, r[i], again[r[1]][col])
			}
		}
	}
	// made, due, kept, late, partly, broken, overdue, open, unknown, taken back, changed
	want := map[string]string{"": "8,5,1,1,1,1,1,1,2,1,1", "ed-2": "4,3,1,1,0,1,0,1,0,1,1", "water-1": "3,2,0,0,1,0,1,0,1,0,0", "water-2": "1,0,0,0,0,0,0,0,1,0,0"}
	if diff := cmp.Diff(want, file); diff != "" {
		t.Error(diff)
	}

	for _, prefix := range []string{"", "en/"} {
		all := promisedOn(t, s, prefix+"promises.html")
		if all.Counts == nil || all.Counts.numbers() != file[""] {
			t.Fatalf("%spromises.html: %+v, want %s", prefix, all.Counts, file[""])
		}
		for _, u := range all.Units {
			id, _, _ := strings.Cut(strings.TrimPrefix(u.Of.Path, prefix+"unit/"), "/")
			if u.numbers() != file[id] {
				t.Errorf("%spromises.html: %s of %s, want %s", prefix, u.numbers(), id, file[id])
			}
			page := promisedOn(t, s, u.Of.Path)
			if page.Counts == nil || page.Counts.numbers() != file[id] || page.Counts.Rate != u.Rate {
				t.Errorf("%s: %+v, want %s", u.Of.Path, page.Counts, file[id])
			}
			var listed []string
			for _, r := range page.Rows {
				listed = append(listed, strings.Join([]string{r.Case.Name, id, r.Due, r.Status, r.On, r.ShownBy.Name, map[string]string{"": "no", "yes": "yes"}[r.Changed]}, ","))
				if (r.Wording == "") != (r.Changed == "yes") {
					t.Errorf("%s: %s has the wording %q", u.Of.Path, r.Case.Name, r.Wording)
				}
			}
			slices.Sort(listed)
			var of []string
			for _, r := range wantRows {
				if strings.Contains(r, ","+id+",") {
					of = append(of, r)
				}
			}
			if diff := cmp.Diff(of, listed); diff != "" {
				t.Errorf("%s: %s", u.Of.Path, diff)
			}
		}
		if len(all.Units) != 3 {
			t.Errorf("%d units, want those that made commitments", len(all.Units))
		}
		if notes := promisedOn(t, s, prefix+"unit/ed-2/quality.html"); notes.Promises.Path != prefix+"unit/ed-2/promises.html" {
			t.Errorf("the notes of ed-2 lead to %q", notes.Promises.Path)
		}
		if notes := promisedOn(t, s, prefix+"unit/ed-1/quality.html"); notes.Promises.Path != prefix+"promises.html" {
			t.Errorf("the notes of ed-1, which made none, lead to %q", notes.Promises.Path)
		}
	}
	var onCases []string
	for _, n := range []string{"2609-000001", "2609-000002", "2609-000005", "2610-000001", "2610-000002", "2610-000005"} {
		var v struct {
			Promises []struct {
				Due, Status, On, Changed string
				ShownBy                  struct{ Name string } `json:"shown_by"`
			}
			Unit struct{ Path string }
		}
		js, err := json.Marshal(s.params(t, record.CasePath(record.CaseNumber(n))))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(js, &v); err != nil {
			t.Fatal(err)
		}
		for _, p := range v.Promises {
			unit := strings.TrimSuffix(strings.TrimPrefix(v.Unit.Path, "unit/"), ".html")
			onCases = append(onCases, strings.Join([]string{n, strings.TrimSuffix(unit, "/index"), p.Due, p.Status, p.On, p.ShownBy.Name, map[string]string{"": "no", "yes": "yes"}[p.Changed]}, ","))
		}
	}
	if diff := cmp.Diff(wantRows, onCases); diff != "" {
		t.Errorf("on the pages of cases: %s", diff)
	}
}

// Where nobody has accepted a promise the page says so, and there are files without rows.
func TestNoCommitments(t *testing.T) {
	s := build(t, plan(t, newCity(4), options(t)))
	for _, path := range []string{"promises.html", "en/promises.html"} {
		if v := promisedOn(t, s, path); v.Counts != nil || len(v.Units) > 0 {
			t.Errorf("%s: %+v", path, v)
		}
	}
	if got := strings.Count(string(s.files["data/commitments.csv"].Body), "\n"); got != 1 {
		t.Errorf("%d lines of commitments", got)
	}
	if got := string(s.files["data/commitment-counts.csv"].Body); !strings.Contains(got, "\r\nall,,2026-11-20,0,0,0,0,0,0,0,0,0,0,0\r\n") {
		t.Errorf("counts: %q", got)
	}
}

// A day that passes changes the page of a case only where a commitment falls due, and an
// outcome that of its case, its unit and all.
func TestWhatACommitmentChanges(t *testing.T) {
	prints := func(c *city) map[string][32]byte {
		m := map[string][32]byte{}
		for _, p := range plan(t, c, options(t)) {
			m[p.Key] = p.Fingerprint
		}
		return m
	}
	changed := func(a, b map[string][32]byte) (keys []string) {
		for k := range a {
			if a[k] != b[k] && (strings.HasPrefix(k, "case/") || strings.HasPrefix(k, "promises/") || k == "data/commitments") {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		return keys
	}
	before, c := prints(promisingCity()), promisingCity()
	c.promised[2].Keeping, c.promised[2].On = record.Kept, record.Date(2026, 11, 19)
	got := changed(before, prints(c))
	if len(got) != 4 || got[0] != "case/2609/0000" || got[1] != "data/commitments" || got[2] != "promises/all" {
		t.Errorf("an outcome changes %v", got)
	}
	c = promisingCity()
	c.cutoff = record.Date(2026, 11, 21)
	for _, k := range changed(before, prints(c)) {
		if strings.HasPrefix(k, "case/") {
			t.Errorf("a day on which nothing falls due changes %s", k)
		}
	}
}
