package deadline_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// FuzzReadCalendar checks that any bytes are read or refused with a public text,
// and that what is read is a calendar of its own year.
func FuzzReadCalendar(f *testing.F) {
	for _, s := range []string{notice2025, notice2026, madeUp2099, "", "- -", "year: &a 2026\nsource: *a", "year: !!int 2026", "{[", "? a\n: b\n", "off: |\n  x\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := deadline.File{Name: "f", Text: text}
		c, err := deadline.ReadCalendar(file)
		if err != nil {
			public(t, err)
			return
		}
		y := c.Years()[0]
		if y.Source == "" || len(y.Off) == 0 {
			t.Fatalf("%+v", y)
		}
		first, last := record.Date(y.Year, 1, 1), record.Date(y.Year, 12, 31)
		working := 0
		for day := first; day <= last; day++ {
			w, known := c.IsWorking(day)
			if !known {
				t.Fatalf("%s is not known", day)
			}
			if w {
				working++
			}
		}
		weekdays := 0
		for day := first; day <= last; day++ {
			if wd := day.Time().Weekday(); wd != 0 && wd != 6 {
				weekdays++
			}
		}
		for i, s := range y.Off {
			if s.First < first || s.Last > last || s.Last < s.First || i > 0 && s.First <= y.Off[i-1].Last {
				t.Fatalf("%+v", y.Off)
			}
			for day := s.First; day <= s.Last; day++ {
				if wd := day.Time().Weekday(); wd != 0 && wd != 6 {
					weekdays--
				}
			}
		}
		if working != weekdays+len(y.Worked) {
			t.Fatalf("%d working days, want %d", working, weekdays+len(y.Worked))
		}
		if n, known := c.WorkingDays(first, last); known {
			if w, _ := c.IsWorking(first); w {
				n++
			}
			if n != working {
				t.Fatalf("%d working days by the sums, want %d", n, working)
			}
		}
		again, err := deadline.ReadCalendar(file)
		if err != nil || cmp.Diff(c.Years(), again.Years()) != "" {
			t.Fatal("read twice is not read once")
		}
	})
}

// FuzzReadRules checks that any bytes are read or refused with a public text, and
// that of each rule that is read a due day can be asked for.
func FuzzReadRules(f *testing.F) {
	for _, s := range []string{lawful, "rules: []", "rules:", "", "rules: [{track: a, step: answer, days: 5, unit: working, basis: x}]", "rules: {a: b}", "rules: &x [*x]"} {
		f.Add([]byte(s))
	}
	c := calendar(f, notice2025, notice2026)
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := deadline.ReadRules(deadline.File{Name: "f", Text: text})
		if err != nil {
			public(t, err)
			return
		}
		for _, rule := range r.All() {
			start := max(rule.From, 1)
			got := deadline.Finder{Rules: r, Calendar: c}.Due(rule.Track, rule.Step, start, rule.ExtendMax)
			if got.Rule != rule || got.Unknown == deadline.NoRule || got.Unknown == deadline.OverExtended || got.Known() && got.Day <= start {
				t.Fatalf("%+v of %+v", got, rule)
			}
			if got.Explain(zh, "zh-CN") == "" {
				t.Fatal("nothing is said")
			}
		}
	})
}

// public checks that an error says something to a person, and what to do.
func public(t *testing.T, err error) {
	t.Helper()
	if msg, hint, _ := fault.Public(err); msg == "internal error" || msg == "" || hint == "" {
		t.Fatalf("no public text: %v", err)
	}
}
