package moves

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// day is a day of November 2026; 0 is no day.
func day(d int) record.Day {
	if d == 0 {
		return 0
	}
	return record.Date(2026, 11, d)
}

// moved is a case received on the 2nd with moves as in "3 hub>water", "5 water<hub" for a
// return from water to hub; a unit may be missing.
func moved(replied, closed int, moves ...string) record.Fact {
	f := record.Fact{Case: record.Case{Row: record.Row{Prominence: record.Full, Received: day(2), RepliedOn: day(replied), ClosedOn: day(closed),
		Answered: record.TriOf(replied > 0), Finished: record.TriOf(closed > 0)}}}
	for _, m := range moves {
		var n int
		on, way, _ := strings.Cut(m, " ")
		fmt.Sscan(on, &n)
		from, to, back := strings.Cut(way, "<")
		if !back {
			from, to, _ = strings.Cut(way, ">")
		}
		f.Dispatches = append(f.Dispatches, record.Dispatch{Day: day(n), From: record.UnitID(from), To: record.UnitID(to), Returned: back})
	}
	return f
}

// say prints counts: cases, from, to, returned; days of stays that ended, of open ones;
// unknown.
func say(n *Counts) string {
	if n == nil {
		return "nothing"
	}
	days := func(d *Days) (all []int) {
		for k, c := range d.by {
			for range c {
				all = append(all, k)
			}
		}
		slices.Sort(all)
		return all
	}
	return fmt.Sprintf("%d %d %d %d %v %v %d", n.Cases, n.From, n.To, n.Returned, days(&n.Stays), days(&n.Open), n.Unknown)
}

func TestStays(t *testing.T) {
	change := func(f record.Fact, by func(*record.Fact)) record.Fact { by(&f); return f }
	for _, tt := range []struct {
		name string
		fact record.Fact
		want map[record.UnitID]string
	}{
		{"closed", moved(9, 12, "3 hub>water"), map[record.UnitID]string{"hub": "1 1 0 0 [1] [] 0", "water": "1 0 1 0 [9] [] 0", "": "1 1 1 0 [1 9] [] 0"}},
		{"replied and not closed", moved(9, 0, "3 hub>water"), map[record.UnitID]string{"water": "1 0 1 0 [6] [] 0"}},
		{"still there", moved(0, 0, "3 hub>water"), map[record.UnitID]string{"hub": "1 1 0 0 [1] [] 0", "water": "1 0 1 0 [] [17] 0", "": "1 1 1 0 [1] [17] 0"}},
		{"replied after the cut-off", moved(22, 25, "3 hub>water"), map[record.UnitID]string{"water": "1 0 1 0 [] [17] 0"}},
		{"closed after the cut-off", moved(9, 25, "3 hub>water"), map[record.UnitID]string{"water": "1 0 1 0 [6] [] 0"}},
		{"returned and passed on again", moved(9, 12, "3 hub>water", "5 water<hub", "6 hub>roads"), map[record.UnitID]string{
			"hub": "1 1 0 0 [1 1] [] 0", "water": "1 0 1 1 [2] [] 0", "roads": "1 0 1 0 [6] [] 0", "": "1 1 1 1 [1 1 2 6] [] 0"}},
		{"delivered out of order", moved(9, 12, "6 hub>roads", "3 hub>water", "5 water<hub"), map[record.UnitID]string{"water": "1 0 1 1 [2] [] 0", "hub": "1 1 0 0 [1 1] [] 0"}},
		{"back and forth: a case counts once, each stay does", moved(0, 9, "3 hub>water", "4 water>roads", "6 roads>water", "7 water>roads"), map[record.UnitID]string{
			"water": "1 1 1 0 [1 1] [] 0", "roads": "1 1 1 0 [2 2] [] 0", "hub": "1 1 0 0 [1] [] 0"}},
		{"nobody says who had it first", moved(9, 12, "3 >water"), map[record.UnitID]string{"water": "1 0 1 0 [9] [] 0", "": "1 1 1 0 [9] [] 0"}},
		{"nobody says where it went", moved(9, 12, "3 water<"), map[record.UnitID]string{"water": "1 0 0 1 [1] [] 0", "": "1 0 0 1 [1 9] [] 0"}},
		{"the next move says where", moved(9, 12, "3 hub>", "5 water>roads"), map[record.UnitID]string{"water": "1 1 0 0 [2] [] 0", "": "1 1 1 0 [1 2 7] [] 0"}},
		{"a move is missing", moved(9, 12, "3 hub>water", "5 roads>parks"), map[record.UnitID]string{"water": "1 0 1 0 [] [] 1", "roads": "1 1 0 0 [] [] 1", "parks": "1 0 1 0 [7] [] 0", "": "1 1 1 0 [1 7] [] 2"}},
		{"a day is missing", moved(9, 12, "0 hub>water", "5 water>roads"), map[record.UnitID]string{"hub": "1 1 0 0 [] [] 1", "water": "1 1 1 0 [] [] 1", "roads": "1 0 1 0 [7] [] 0"}},
		{"replied to before it was passed on", moved(4, 0, "6 hub>water"), map[record.UnitID]string{"hub": "1 1 0 0 [4] [] 0", "water": "1 0 1 0 [] [] 1"}},
		{"passed on before it was received", moved(9, 0, "1 hub>water"), map[record.UnitID]string{"hub": "1 1 0 0 [] [] 1", "water": "1 0 1 0 [8] [] 0"}},
		{"closed without a day", change(moved(9, 12, "3 hub>water"), func(f *record.Fact) { f.ClosedOn = 0 }), map[record.UnitID]string{"water": "1 0 1 0 [] [] 1"}},
		{"nobody says whether it was replied to", change(moved(0, 0, "3 hub>water"), func(f *record.Fact) { f.Answered, f.Finished = record.Unknown, record.Unknown }), map[record.UnitID]string{"water": "1 0 1 0 [] [] 1"}},
		{"not replied to, of an office that delivers no closings", change(moved(0, 0, "3 hub>water"), func(f *record.Fact) { f.Finished = record.Unknown }), map[record.UnitID]string{"water": "1 0 1 0 [] [17] 0"}},
		{"a move after the cut-off", moved(0, 0, "3 hub>water", "23 water>roads"), map[record.UnitID]string{"water": "1 0 1 0 [] [17] 0", "roads": "nothing"}},
		{"from a unit to itself", moved(9, 12, "3 water>water"), map[record.UnitID]string{"water": "nothing", "": "nothing"}},
		{"on one day", moved(3, 3, "2 hub>water", "2 water>roads", "3 roads>parks"), map[record.UnitID]string{"hub": "1 1 0 0 [0] [] 0", "water": "1 1 1 0 [0] [] 0", "parks": "1 0 1 0 [0] [] 0"}},
		{"withdrawn", change(moved(9, 12, "3 hub>water"), func(f *record.Fact) { f.Prominence = record.Withdrawn }), map[record.UnitID]string{"": "nothing"}},
		{"merged", change(moved(9, 12, "3 hub>water"), func(f *record.Fact) { f.Status = record.Merged }), map[record.UnitID]string{"": "nothing"}},
		{"no moves", moved(9, 12), map[record.UnitID]string{"": "nothing"}},
	} {
		c := NewCounter(day(20))
		c.Add(&tt.fact)
		got := map[record.UnitID]string{}
		for unit := range tt.want {
			got[unit] = say(c.Of(unit))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: want -, got +\n%s", tt.name, diff)
		}
	}
}

func TestBinsAndMedian(t *testing.T) {
	var d Days
	if d.Median() != (record.Rate{}) || d.N() != 0 {
		t.Error("nothing has a median")
	}
	for i, days := range []int{0, 2, 3, 5, 6, 10, 11, 15, 16, 20, 21, 30, 31, 60, 61, 400} {
		d.add(days)
		if bins := d.Bins(); bins[i/2] == 0 {
			t.Errorf("%d days: %v", days, bins)
		}
	}
	if d.Bins() != [8]int64{2, 2, 2, 2, 2, 2, 2, 2} || d.N() != 16 || d.Median() != (record.Rate{Num: 31, Den: 2}) {
		t.Errorf("%v, %d, %v", d.Bins(), d.N(), d.Median())
	}
	d.add(1)
	if d.Median() != (record.Rate{Num: 30, Den: 2}) {
		t.Errorf("the middle of an odd number is %v", d.Median())
	}
}

// The facts keep their moves in the order of their delivery.
func TestAddChangesNothing(t *testing.T) {
	f := moved(9, 12, "6 hub>roads", "3 hub>water")
	NewCounter(day(20)).Add(&f)
	if f.Dispatches[0].Day != day(6) {
		t.Error("the moves of the fact were put in order")
	}
}

// BenchmarkAdd counts cases of three moves.
func BenchmarkAdd(b *testing.B) {
	f := moved(9, 12, "3 hub>water", "5 water<hub", "6 hub>roads")
	c := NewCounter(day(20))
	b.ReportAllocs()
	for b.Loop() {
		c.Add(&f)
	}
}
