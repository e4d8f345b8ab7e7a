package assess

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// officesOf reads a register of units from lines such as
// "waterbureau level=3 kind=部门 parent=county to=2026-06-30 next=housing".
func officesOf(lines string) (reg record.Register) {
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		u := record.Unit{ID: record.UnitID(words[0])}
		for _, w := range words[1:] {
			name, value, _ := strings.Cut(w, "=")
			switch name {
			case "level":
				u.Level = number(value)
			case "kind":
				u.Kind = value
			case "parent":
				u.Parent = record.UnitID(value)
			case "to":
				u.To = day(value)
			case "next":
				u.Successor = record.UnitID(value)
			default:
				panic(name)
			}
		}
		reg.Units = append(reg.Units, u)
	}
	slices.SortFunc(reg.Units, func(x, y record.Unit) int { return strings.Compare(string(x.ID), string(y.ID)) })
	return reg
}

// rankedMonth is the month that ends with the cut-off of these tests.
const rankedMonth = "2026-10"

// ranked counts cases from lines such as "water 38/40 2026-09": 40 cases received in
// that month, all due, 38 replied to in time. Without a month it is October 2026.
func ranked(reg record.Register, lines string) *Book {
	b := NewBuilder(reg, day("2026-10-31"))
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		month := rankedMonth
		if len(words) > 2 {
			month = words[2]
		}
		var num, den int
		if _, err := fmt.Sscanf(words[1], "%d/%d", &num, &den); err != nil {
			panic(err)
		}
		for i := range den {
			how := "late"
			if i < num {
				how = "intime"
			}
			b.Add(fact(fmt.Sprintf("received=%s-01 due=%s-10 replied=%s-09 %s unit=%s", month, month, month, how, words[0])))
		}
	}
	return b.Book()
}

// written writes a ranking as lines, a group, an entry or a unit apart each.
func written(r Ranking) string {
	var b strings.Builder
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "%d %s\n", g.Level, g.Kind)
		for _, e := range g.Entries {
			fmt.Fprintf(&b, "  %s %s", r.Rules.Bands[e.Band].ID, e.Unit)
			if e.Place > 0 {
				fmt.Fprintf(&b, " #%d", e.Place)
			}
			if e.Score == "" {
				fmt.Fprintf(&b, " %d/%d +%d -%d", e.Value.Num, e.Value.Den, e.Raise, e.Lower)
			} else {
				fmt.Fprintf(&b, " %s", e.Score)
			}
			for _, l := range e.Through {
				fmt.Fprintf(&b, " (%s %d/%d)", l.Unit, l.Figures[0].Num, l.Figures[0].Den)
			}
			for _, id := range e.Inherits {
				fmt.Fprintf(&b, " <%s", id)
			}
			if n := r.Notice(&e); n != "" {
				fmt.Fprintf(&b, " %s", n)
			}
			b.WriteString("\n")
		}
		for _, l := range g.Apart {
			fmt.Fprintf(&b, "  apart %s %s %d/%d\n", l.Why, l.Unit, l.Figures[0].Num, l.Figures[0].Den)
		}
	}
	if r.NoUnit.Received > 0 {
		fmt.Fprintf(&b, "no unit %d/%d of %d\n", r.NoUnit.Figures[0].Num, r.NoUnit.Figures[0].Den, r.NoUnit.Received)
	}
	return b.String()
}

const someOffices = `
county level=3 kind=政府
water level=3 kind=部门 parent=county
roads level=3 kind=部门 parent=county
school level=3 kind=部门 parent=county
town1 level=4 kind=乡镇街道 parent=county
town2 level=4 kind=乡镇街道 parent=county
village level=5 kind=村 parent=town2
old level=3 kind=部门 parent=county to=2026-06-30 next=water
older level=3 kind=部门 parent=county to=2025-12-31 next=old`

func TestRank(t *testing.T) {
	for _, c := range []struct {
		name, cases, want string
		view              View
		places            bool
		measures          []Weight
	}{
		{
			// 38/40 is 95 %, the lower edge of the best band: one fewer is 92.5 %. 37/40 needs
			// one more. 27/40 is 67.5 %, and 28/40 is 70 %.
			name: "bands are the order, and in a band the identifier", cases: "water 38/40\nroads 37/40\nschool 40/40\ntown1 27/40\ntown2 28/40",
			want: `
3 部门
  first school 40/40 +0 -3
  first water 38/40 +0 -1
  second roads 37/40 +1 -4
4 乡镇街道
  third town2 28/40 +6 -1
  last town1 27/40 +1 -0
`,
		},
		{
			name: "ties share a place", places: true, cases: "water 38/40\nroads 76/80\nschool 40/40\nold 39/41",
			want: `
3 部门
  first school #1 40/40 +0 -3
  first old #2 39/41 +0 -1
  first roads #3 76/80 +0 -1
  first water #3 38/40 +0 -1
`,
		},
		{
			// The village has 5 and its town 20 more: both are listed with the county, as are the
			// 29 of the other town. Of 114 cases 95 % are 108.3, and 85 % are 96.9.
			name: "below the minimum the one above is ranked", cases: "village 1/5\ntown2 19/20\ncounty 57/60\ntown1 29/29",
			want: `
3 政府
  second county 106/114 +3 -10 (town1 29/29) (town2 19/20) (village 1/5)
`,
		},
		{
			name: "as it was every case counts for the unit that handled it", cases: "old 10/40 2026-03\nwater 38/40\nolder 5/30 2025-11", view: AsItWas,
			want: `
3 部门
  first water 38/40 +0 -1
  last old 10/40 +18 -0
  last older 5/30 +16 -0
`,
		},
		{
			name: "as it is for the last successor", cases: "old 10/40 2026-03\nwater 38/40\nolder 5/30 2025-11", view: AsItIs,
			want: `
3 部门
  last water 53/110 +24 -0 <old <older
`,
		},
		{
			name: "what lies outside the twelve months does not count", cases: "water 0/40 2025-10\nwater 40/40 2025-11",
			want: `
3 部门
  first water 40/40 +0 -3
`,
		},
		{
			name: "none above: listed apart", cases: "orphan 1/5\ncounty 1/5\nwater 2/6",
			want: `
3 政府
  apart few county 1/5
  apart few water 2/6
no unit 1/5 of 5
`,
		},
		{
			// All are replied to: 1 x 100 % and 3 x 95 % are 96.25 %.
			name: "several measures", measures: []Weight{{MeasureRepliedOfDue, 1}, {MeasureOnTimeReply, 3}}, cases: "water 38/40\nroads 0/40",
			want: `
3 部门
  first water 96.25
  last roads 25.00
`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			rules := DefaultRankRules()
			rules.Places = c.places
			if c.measures != nil {
				rules.Measures = c.measures
			}
			view := c.view
			if view == "" {
				view = AsItWas
			}
			got := written(ranked(officesOf(someOffices), c.cases).Rank(rules, view, rankedMonth+"/12"))
			if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), got); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

// TestRankingOfNothing says what bad rules and an empty book give.
func TestRankingOfNothing(t *testing.T) {
	rules := DefaultRankRules()
	if r := ranked(officesOf(someOffices), "").Rank(rules, AsItWas, "2026-10/12"); len(r.Groups) > 0 {
		t.Errorf("no cases give %d groups", len(r.Groups))
	}
	if r := ranked(officesOf(someOffices), "water 40/40").Rank(RankRules{}, AsItWas, "2026-10/12"); len(r.Groups) > 0 {
		t.Errorf("no rules give %d groups", len(r.Groups))
	}
}

// TestRankRules says which rules are refused.
func TestRankRules(t *testing.T) {
	if err := DefaultRankRules().Check(); err != nil {
		t.Errorf("the default rules: %v", err)
	}
	name := Text{"好", "Good"}
	for _, c := range []struct {
		name   string
		change func(*RankRules)
	}{
		{"no measure", func(r *RankRules) { r.Measures = nil }},
		{"a measure that is a count", func(r *RankRules) { r.Measures = []Weight{{MeasureReceived, 1}} }},
		{"a measure that is a median", func(r *RankRules) { r.Measures = []Weight{{MeasureMedianDays, 1}} }},
		{"a measure that there is none of", func(r *RankRules) { r.Measures = []Weight{{"praise", 1}} }},
		{"a measure twice", func(r *RankRules) { r.Measures = []Weight{{MeasureOnTimeReply, 1}, {MeasureOnTimeReply, 2}} }},
		{"a weight of nothing", func(r *RankRules) { r.Measures[0].Weight = 0 }},
		{"a weight below nothing", func(r *RankRules) { r.Measures[0].Weight = -1 }},
		{"no minimum", func(r *RankRules) { r.Minimum = 0 }},
		{"one band", func(r *RankRules) { r.Bands = r.Bands[3:] }},
		{"bands that rise", func(r *RankRules) { r.Bands[0].From, r.Bands[1].From = 8500, 9500 }},
		{"bands of the same rate", func(r *RankRules) { r.Bands[1].From = 9500 }},
		{"a band above all", func(r *RankRules) { r.Bands[0].From = 10001 }},
		{"a last band that leaves some out", func(r *RankRules) { r.Bands[3].From = 1 }},
		{"a band twice", func(r *RankRules) { r.Bands[1].ID = "first" }},
		{"a band without a name", func(r *RankRules) { r.Bands[1].Name = Text{Zh: "好"} }},
		{"a band without an id", func(r *RankRules) { r.Bands[1] = Band{"", name, 9000} }},
	} {
		r := DefaultRankRules()
		c.change(&r)
		if r.Check() == nil {
			t.Errorf("%s passes", c.name)
		}
	}
}

// TestFollow says when a unit reaches the line for an interview, and when praise.
func TestFollow(t *testing.T) {
	b := ranked(officesOf(someOffices), `
		water 0/40 2026-08
		roads 40/40 2026-08
		roads 5/5 2026-09
		school 30/40 2026-08
		water 20/40 2026-10
		roads 0/10 2026-10
		town1 1/40 2026-10`)
	rules := DefaultRankRules()
	var r Ranking
	for _, period := range []record.Period{"2026-08/12", "2026-09/12", "2026-10/12"} {
		next := b.Rank(rules, AsItWas, period)
		next.Follow(r)
		r = next
	}
	want := `
3 部门
  third school 30/40 +4 -3
  third roads 45/55 +2 -7
  last water 20/80 +36 -0 interview
4 乡镇街道
  last town1 1/40 +27 -0
`
	// School has been in its band for three months, which is neither the first nor the last.
	// Roads and town1 are there for the first month.
	got := written(r)
	for _, line := range strings.Split(strings.Trim(want, "\n"), "\n") {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("want the line %q in\n%s", line, got)
		}
	}
	for _, g := range r.Groups {
		for _, e := range g.Entries {
			if want := map[record.UnitID]int{"school": 3, "water": 3, "roads": 1, "town1": 1}[e.Unit]; e.Running != want {
				t.Errorf("%s: %d months running, want %d", e.Unit, e.Running, want)
			}
		}
	}
	september := b.Rank(rules, AsItWas, "2026-09/12")
	september.Follow(b.Rank(rules, AsItWas, "2026-08/12"))
	if got := written(september); !strings.Contains(got, "first roads 45/45 +0 -3 praise\n") {
		t.Errorf("two months of nothing but replies in time are not praised:\n%s", got)
	}
}

// TestRankWhole draws registers and cases and says that every case is counted in one
// place, that each unit stands where its rate belongs, and that nothing depends on the
// order in which cases come.
func TestRankWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for range 40 {
		var offices strings.Builder
		for i := range 30 {
			fmt.Fprintf(&offices, "u%02d level=%d kind=%s", i, 1+r.IntN(3), pick(r, "a", "b"))
			if r.IntN(4) > 0 {
				fmt.Fprintf(&offices, " parent=u%02d", r.IntN(30))
			}
			if r.IntN(5) == 0 {
				fmt.Fprintf(&offices, " to=2026-05-31 next=u%02d", r.IntN(30))
			}
			offices.WriteString("\n")
		}
		reg := officesOf(offices.String())
		var facts []record.Fact
		for range 900 {
			f := randomFact(r, 14, 1)
			f.Unit = record.UnitID(fmt.Sprintf("u%02d", min(r.IntN(35), r.IntN(35))))
			facts = append(facts, f)
		}
		book := func() *Book {
			b := NewBuilder(reg, day("2026-10-31"))
			for _, f := range facts {
				b.Add(f)
			}
			return b.Book()
		}
		b := book()
		for _, view := range []View{AsItWas, AsItIs} {
			rules := DefaultRankRules()
			rules.Places = view == AsItIs
			if view == AsItIs { // so close that one case of thirty skips some
				rules.Bands = []Band{rules.Bands[0], {"b", Text{"二", "B"}, 9400}, {"c", Text{"三", "C"}, 9300}, {"d", Text{"四", "D"}, 5000}, {"e", Text{"五", "E"}, 4900}, rules.Bands[3]}
			}
			period := record.Period("2026-10/12")
			got := b.Rank(rules, view, period)

			whole := b.counts(record.Scope{Dim: record.ByAll}, period)
			want, received := whole.rates[onTimeReply], got.NoUnit.Received
			sum := countOf(got.NoUnit.Figures[0])
			seen := map[record.UnitID]bool{}
			once := func(id record.UnitID) {
				if seen[id] {
					t.Fatalf("%s stands in two places", id)
				}
				seen[id] = true
			}
			for _, g := range got.Groups {
				for i, e := range g.Entries {
					once(e.Unit)
					sum.add(countOf(e.Figures[0]))
					received += e.Received
					if u := e.Figures[0].Unknown; u*5 > u+e.Value.Den {
						t.Errorf("%s is ranked with %d unknown beside %v", e.Unit, u, e.Value)
					}
					for _, l := range e.Through {
						once(l.Unit)
						if l.Figures[0].Den >= rules.Minimum {
							t.Errorf("%s has %d cases and is ranked through %s", l.Unit, l.Figures[0].Den, e.Unit)
						}
					}
					if e.Value.Den < rules.Minimum {
						t.Errorf("%s is ranked with %d cases", e.Unit, e.Value.Den)
					}
					bandOf := func(num int64) int {
						return band(rules, score(rules, []record.Figure{{Rate: record.Rate{Num: num, Den: e.Value.Den}}}))
					}
					if bandOf(e.Value.Num) != e.Band ||
						e.Band > 0 && (bandOf(e.Value.Num+e.Raise) != e.RaiseTo || e.RaiseTo >= e.Band || bandOf(e.Value.Num+e.Raise-1) != e.Band) ||
						e.Band < len(rules.Bands)-1 && (bandOf(e.Value.Num-e.Lower) != e.LowerTo || e.LowerTo <= e.Band || bandOf(e.Value.Num-e.Lower+1) != e.Band) {
						t.Errorf("%s: band %d, %d more to %d, %d fewer to %d of %v", e.Unit, e.Band, e.Raise, e.RaiseTo, e.Lower, e.LowerTo, e.Value)
					}
					own := countOf(e.Own.Figures[0])
					if e.Own.Received == 0 && (own != tally{} || e.OwnBand >= 0) || own.den < rules.Minimum && e.OwnBand >= 0 || len(e.Through)+len(e.Inherits) == 0 && (own != countOf(e.Figures[0]) || e.OwnBand != e.Band) {
						t.Errorf("%s: of %v its own are %v, in band %d", e.Unit, e.Value, own, e.OwnBand)
					}
					if i > 0 && rules.Places && g.Entries[i-1].Value.Num*e.Value.Den < e.Value.Num*g.Entries[i-1].Value.Den {
						t.Errorf("%s stands below a lower rate", e.Unit)
					}
				}
				for _, l := range g.Apart {
					once(l.Unit)
					sum.add(countOf(l.Figures[0]))
					received += l.Received
				}
			}
			if sum != want || received != whole.received {
				t.Errorf("%s: the parts are %v, the whole is %v", view, sum, want)
			}

			r.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
			if diff := cmp.Diff(written(got), written(book().Rank(rules, view, period))); diff != "" {
				t.Errorf("in another order:\n%s", diff)
			}
		}
	}
}

func countOf(f record.Figure) tally { return tally{num: f.Num, den: f.Den, unknown: f.Unknown} }
