package deadline_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/record"
)

// world is a made-up calendar and one rule, as plain data for the naive count
// and as files for the package.
type world struct {
	known  map[int]bool
	off    map[string]bool
	worked map[string]bool
	days   int
	most   int
	unit   deadline.DayUnit
	roll   bool
	files  []deadline.File
	rule   string
}

// newWorld makes some years up, with gaps between them.
func newWorld(r *rand.Rand) *world {
	w := &world{known: map[int]bool{}, off: map[string]bool{}, worked: map[string]bool{}}
	for _, year := range []int{2023, 2024, 2025, 2026, 2099} {
		if r.IntN(5) == 0 {
			continue
		}
		w.known[year] = true
		var off, worked strings.Builder
		for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			switch {
			case d.YearDay() == 1 || r.IntN(30) == 0:
				first, last := d, d.AddDate(0, 0, r.IntN(9))
				if last.Year() != year {
					last = first
				}
				fmt.Fprintf(&off, "- {from: %s, to: %s}\n", first.Format(time.DateOnly), last.Format(time.DateOnly))
				for ; d.Before(last); d = d.AddDate(0, 0, 1) {
					w.off[d.Format(time.DateOnly)] = true
				}
				w.off[last.Format(time.DateOnly)] = true
			case (d.Weekday() == time.Saturday || d.Weekday() == time.Sunday) && r.IntN(9) == 0:
				fmt.Fprintf(&worked, "- %s\n", d.Format(time.DateOnly))
				w.worked[d.Format(time.DateOnly)] = true
			}
		}
		w.files = append(w.files, deadline.File{Name: fmt.Sprint(year), Text: fmt.Appendf(nil, "year: %d\nsource: 虚构\noff:\n%sworked:\n%s", year, off.String(), worked.String())})
	}
	r.Shuffle(len(w.files), func(i, j int) { w.files[i], w.files[j] = w.files[j], w.files[i] })
	w.days, w.most = 1+r.IntN(40), r.IntN(20)
	if r.IntN(9) == 0 {
		w.days = 1 + r.IntN(deadline.MaxDays)
	}
	w.unit, w.roll = deadline.WorkingDays, false
	if r.IntN(3) > 0 {
		w.unit, w.roll = deadline.CalendarDays, r.IntN(2) == 0
	}
	w.rule = fmt.Sprintf("rules:\n- {track: a, step: answer, days: %d, unit: %s, extend_max: %d, roll: %t, basis: 虚构}\n", w.days, w.unit, w.most, w.roll)
	return w
}

func (w *world) finder(t *testing.T) deadline.Finder {
	c, err := deadline.ReadCalendar(w.files...)
	if err != nil {
		t.Fatal(err)
	}
	return deadline.Finder{Rules: rules(t, w.rule), Calendar: c}
}

// working says of one day what the world says of it.
func (w *world) working(d time.Time) (working, known bool) {
	if !w.known[d.Year()] {
		return false, false
	}
	switch s := d.Format(time.DateOnly); {
	case w.off[s]:
		return false, true
	case w.worked[s]:
		return true, true
	}
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday, true
}

// due walks from day to day.
func (w *world) due(start time.Time, extended int) string {
	if extended < 0 || extended > w.most {
		return "over-extended"
	}
	d := start
	for n := 0; n < w.days+extended; {
		d = d.AddDate(0, 0, 1)
		if w.unit == deadline.CalendarDays {
			n++
			continue
		}
		working, known := w.working(d)
		if !known {
			return fmt.Sprint("no-calendar-year ", d.Year())
		}
		if working {
			n++
		}
	}
	for w.roll {
		working, known := w.working(d)
		if !known {
			return fmt.Sprint("no-calendar-year ", d.Year())
		}
		if working {
			break
		}
		d = d.AddDate(0, 0, 1)
	}
	return d.Format(time.DateOnly)
}

// randomDay is most often in a year that may be known.
func randomDay(r *rand.Rand) record.Day {
	switch r.IntN(9) {
	case 0:
		return record.Date(2098+r.IntN(3), time.Month(1+r.IntN(12)), 1+r.IntN(28))
	case 1:
		return record.Date(2021+r.IntN(8), 12, 20+r.IntN(12))
	}
	return record.Date(2022, 6, 1) + record.Day(r.IntN(5*365))
}

// TestAgainstNaive compares due days, working days and counts with a walk from day
// to day, in made-up calendars with gaps.
func TestAgainstNaive(t *testing.T) {
	known := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 6))
		w := newWorld(r)
		f := w.finder(t)
		for range 150 {
			start, extended := randomDay(r), r.IntN(23)-1
			got := f.Due("a", deadline.Answer, start, extended)
			if want := w.due(start.Time(), extended); got.String() != want {
				t.Fatalf("seed %d: %s and %d of %s: %s, naive %s", seed, start, extended, w.rule, got, want)
			}
			if got.Known() {
				known++
				w.check(t, f.Calendar, got)
			}
			working, ok := f.Calendar.IsWorking(start)
			if wantWorking, wantOK := w.working(start.Time()); working != wantWorking || ok != wantOK {
				t.Fatalf("seed %d: IsWorking(%s) = %t, %t, naive %t, %t", seed, start, working, ok, wantWorking, wantOK)
			}
			to := start + record.Day(r.IntN(500)-50)
			n, ok := f.Calendar.WorkingDays(start, to)
			if wantN, wantOK := w.count(start.Time(), to.Time()); n != wantN || ok != wantOK {
				t.Fatalf("seed %d: WorkingDays(%s, %s) = %d, %t, naive %d, %t", seed, start, to, n, ok, wantN, wantOK)
			}
		}
	}
	if known < 2000 {
		t.Errorf("only %d days were found", known)
	}
}

// count walks from day to day.
func (w *world) count(from, to time.Time) (n int, known bool) {
	if to.Before(from) {
		return 0, false
	}
	for d := from.AddDate(0, 0, 1); !d.After(to); d = d.AddDate(0, 0, 1) {
		working, ok := w.working(d)
		if !ok {
			return 0, false
		}
		if working {
			n++
		}
	}
	return n, true
}

// check holds a found day against what must be true of every one.
func (w *world) check(t *testing.T, c *deadline.Calendar, f deadline.Found) {
	t.Helper()
	switch {
	case f.Day <= f.Start || f.Last > f.Day:
		t.Fatalf("%+v: not in order", f)
	case w.unit == deadline.WorkingDays:
		if n, ok := c.WorkingDays(f.Start, f.Day); n != w.days+f.Extended || !ok {
			t.Fatalf("%+v: %d working days from start to end", f, n)
		}
		if f.Rolled() || len(f.Calendar) == 0 || f.Calendar[0].Year != (f.Start+1).Time().Year() {
			t.Fatalf("%+v: wrong years", f)
		}
	case int(f.Last-f.Start) != w.days+f.Extended:
		t.Fatalf("%+v: %d days", f, f.Last-f.Start)
	case !w.roll && (f.Rolled() || len(f.Calendar) > 0), w.roll && len(f.Calendar) == 0:
		t.Fatalf("%+v: rolled or not", f)
	}
	if n := len(f.Calendar); n > 0 {
		if working, ok := c.IsWorking(f.Day); !working || !ok || f.Calendar[n-1].Year != f.Day.Time().Year() {
			t.Fatalf("%+v: does not end on a working day of its calendar", f)
		}
	}
}

// TestMonotone checks that whoever starts later is not due earlier, and that a
// longer period does not end earlier: in working days it ends later.
func TestMonotone(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 7))
		w := newWorld(r)
		f := w.finder(t)
		var before record.Day
		for start := day("2023-12-01"); start < day("2026-03-01"); start++ {
			got := f.Due("a", deadline.Answer, start, 0)
			if !got.Known() {
				before = 0
				continue
			}
			if got.Day < before {
				t.Fatalf("seed %d: from %s to %s, from the day before to %s", seed, start, got.Day, before)
			}
			before = got.Day
			longer := f.Due("a", deadline.Answer, start, min(1, w.most))
			if w.most > 0 && longer.Known() && (longer.Day < got.Day || w.unit == deadline.WorkingDays && longer.Day == got.Day) {
				t.Fatalf("seed %d: %d days from %s to %s, one more to %s", seed, w.days, start, got.Day, longer.Day)
			}
		}
	}
}

// TestOrder checks that neither the order of files nor that of rules matters.
func TestOrder(t *testing.T) {
	a := calendar(t, notice2025, notice2026, madeUp2099)
	b := calendar(t, madeUp2099, notice2026, notice2025)
	x := rules(t, "rules:\n- {track: a, step: answer, days: 5, unit: working, basis: 甲, until: 2025-12-31}\n- {track: a, step: answer, days: 9, unit: working, basis: 乙, from: 2026-01-01}\n")
	y := rules(t, "rules:\n- {track: a, step: answer, days: 9, unit: working, basis: 乙, from: 2026-01-01}\n- {track: a, step: answer, days: 5, unit: working, basis: 甲, until: 2025-12-31}\n")
	for start := day("2025-06-01"); start < day("2026-06-01"); start++ {
		one := deadline.Finder{Rules: x, Calendar: a}.Due("a", deadline.Answer, start, 0)
		two := deadline.Finder{Rules: y, Calendar: b}.Due("a", deadline.Answer, start, 0)
		if one.String() != two.String() || one.Rule != two.Rule {
			t.Fatalf("from %s: %s by %+v, and %s by %+v", start, one, one.Rule, two, two.Rule)
		}
	}
}
