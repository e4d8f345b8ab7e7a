package deadline_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/record"
)

// TestDue holds values worked by hand; see notice2025, notice2026 and lawful.
func TestDue(t *testing.T) {
	f := deadline.Finder{Rules: rules(t, lawful), Calendar: calendar(t, notice2025, notice2026)}
	for _, test := range []struct {
		name, track string
		step        deadline.Step
		start       string
		extended    int
		want        string
	}{
		// Working days. 2026-03-02 is a Monday: 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17,
		// 18, 19, 20, 23, 24, 25, 26, 27 and 30 March are 20.
		{"four weeks", "foi", deadline.Answer, "2026-03-02", 0, "2026-03-30"},
		// The Tuesday before the holiday: 11, 12, 13 and (Saturday) 14 February, off to
		// the 23rd, 24 to 28 (Saturday) are nine, 2 to 6 March 14, 9 to 13 March 19.
		{"over the Spring Festival", "foi", deadline.Answer, "2026-02-10", 0, "2026-03-16"},
		{"extended by the most", "foi", deadline.Answer, "2026-03-02", 20, "2026-04-28"}, // 31 March to 3 April are 4, off to the 6th, 7 to 10 are 8, 13 to 17 are 13, 20 to 24 are 18, 27 and 28
		{"extended by too much", "foi", deadline.Answer, "2026-03-02", 21, "over-extended"},
		{"shortened", "foi", deadline.Answer, "2026-03-02", -1, "over-extended"},
		{"extended by a typing error", "foi", deadline.Answer, "2026-03-02", 1<<62 - 1, "over-extended"},
		// Received on a day off: counting begins on the next day and so on the first
		// working day. 7 March is a Saturday; 9 to 13 March are five.
		{"received on a Saturday", "hotline", deadline.Conclude, "2026-03-07", 0, "2026-03-13"},
		{"received on Sunday", "hotline", deadline.Conclude, "2026-03-08", 0, "2026-03-13"},
		{"received on Friday", "hotline", deadline.Conclude, "2026-03-06", 0, "2026-03-13"},
		{"received on Monday", "hotline", deadline.Conclude, "2026-03-09", 0, "2026-03-16"},
		{"received in the holiday", "hotline", deadline.Conclude, "2026-02-18", 0, "2026-02-28"}, // 24, 25, 26, 27 and Saturday 28
		// Over the new year: 30 and 31 December 2025, Sunday 4, 5 and 6 January.
		{"over two years", "hotline", deadline.Conclude, "2025-12-29", 0, "2026-01-06"},
		{"a year without a file", "hotline", deadline.Conclude, "2024-12-31", 0, "2025-01-08"}, // all days counted are in 2025: 2, 3, 6, 7, 8
		{"the first day in such a year", "hotline", deadline.Conclude, "2024-12-30", 0, "no-calendar-year 2024"},
		{"the rule of the day", "hotline", deadline.Conclude, "2026-06-30", 0, "2026-07-07"},
		{"the rule after it", "hotline", deadline.Conclude, "2026-07-01", 0, "2026-07-06"},             // 2, 3, 6
		{"to the last day that is known", "hotline", deadline.Conclude, "2026-12-28", 0, "2026-12-31"}, // 29, 30, 31
		{"one day over it", "hotline", deadline.Conclude, "2026-12-29", 0, "no-calendar-year 2027"},
		// Calendar days without rolling need no calendar: 15 days from 2 to 17.
		{"fifteen days", "xinfang", deadline.Forward, "2026-03-02", 0, "2026-03-17"},
		{"to a Sunday", "xinfang", deadline.Forward, "2026-03-07", 0, "2026-03-22"},
		{"in a year without a file", "xinfang", deadline.Forward, "2031-03-07", 0, "2031-03-22"},
		{"over a leap day", "xinfang", deadline.Forward, "2028-02-20", 0, "2028-03-06"}, // 29 - 20 = 9, and 6
		{"over no leap day", "xinfang", deadline.Forward, "2027-02-20", 0, "2027-03-07"},
		{"no leap day in 2100", "xinfang", deadline.Forward, "2100-02-20", 0, "2100-03-07"},
		{"to the last day of all", "xinfang", deadline.Forward, "9999-12-16", 0, "9999-12-31"},
		{"over it", "xinfang", deadline.Forward, "9999-12-17", 0, "out-of-range"},
		// Rolling. 60 days from 2 January: 29 left of January, 28 of February and 3 March,
		// a Tuesday.
		{"sixty days", "xinfang", deadline.Conclude, "2026-01-02", 0, "2026-03-03"},
		// 60 days from 6 January end on 7 March, a Saturday; Monday is the 9th.
		{"to a Saturday", "xinfang", deadline.Conclude, "2026-01-06", 0, "2026-03-09"},
		// from 30 December 2025: 1 left, 31 in January, 28 in February: 28 February, a
		// Saturday that is worked.
		{"to a Saturday that is worked", "xinfang", deadline.Conclude, "2025-12-30", 0, "2026-02-28"},
		// from 17 December 2025: 14 left, 31, and 15 in February, the first day off of nine.
		{"to the first day of a holiday", "xinfang", deadline.Conclude, "2025-12-17", 0, "2026-02-24"},
		// 90 days from 30 December: 30 more from 28 February are 30 March, a Monday.
		{"extended, rolled once", "xinfang", deadline.Conclude, "2025-12-30", 30, "2026-03-30"},
		{"the last day in a year without a file", "xinfang", deadline.Conclude, "2026-11-02", 0, "no-calendar-year 2027"}, // 1 January
		{"the last day known", "xinfang", deadline.Conclude, "2026-11-01", 0, "2026-12-31"},                               // 29 + 31
		{"before the law", "xinfang", deadline.Conclude, "2022-04-30", 0, "no-rule"},
		{"under the law before", "foi", deadline.Answer, "2018-12-03", 0, "no-calendar-year 2018"},
		// None.
		{"no start", "foi", deadline.Answer, "", 0, "no-start"},
		{"no such step", "hotline", deadline.Answer, "2026-03-02", 0, "no-rule"},
		{"no such track", "other", deadline.Answer, "2026-03-02", 0, "no-rule"},
		{"no track", "", "", "2026-03-02", 0, "no-rule"},
	} {
		got := f.Due(test.track, test.step, day(test.start), test.extended)
		if got.String() != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
		if got.Known() != got.Day.Known() || got.Start != day(test.start) || got.Extended != test.extended || (got.MissingYear != 0) != (got.Unknown == deadline.NoCalendarYear) {
			t.Errorf("%s: %+v contradicts itself", test.name, got)
		}
	}
	for _, none := range []deadline.Finder{{}, {Calendar: f.Calendar}} {
		if got := none.Due("foi", deadline.Answer, day("2026-03-02"), 0); got.Unknown != deadline.NoRule {
			t.Errorf("without rules: %s", got)
		}
	}
	if got := (deadline.Finder{Rules: f.Rules}).Due("foi", deadline.Answer, day("2026-03-02"), 0); got.String() != "no-calendar-year 2026" {
		t.Errorf("without a calendar: %s", got)
	}
}

// TestFound checks what is said of how a day was found.
func TestFound(t *testing.T) {
	f := deadline.Finder{Rules: rules(t, lawful), Calendar: calendar(t, notice2025, notice2026)}
	spring := deadline.Span{Name: "春节", NameEn: "Spring Festival", First: day("2026-02-15"), Last: day("2026-02-23")}
	newYear := deadline.Span{Name: "元旦", NameEn: "New Year", First: day("2026-01-01"), Last: day("2026-01-03")}
	for _, test := range []struct {
		name, track string
		step        deadline.Step
		start       string
		want        deadline.Found
	}{
		{"working days over the new year", "hotline", deadline.Conclude, "2025-12-29", deadline.Found{Day: day("2026-01-06"), Last: day("2026-01-06"),
			Calendar: []deadline.Used{{Year: 2025, Source: "国办发明电〔2024〕12号"}, {Year: 2026, Source: "国办发明电〔2025〕7号", Off: []deadline.Span{newYear}}}}},
		{"only the day that rolls is looked up", "xinfang", deadline.Conclude, "2025-12-17", deadline.Found{Day: day("2026-02-24"), Last: day("2026-02-15"),
			Calendar: []deadline.Used{{Year: 2026, Source: "国办发明电〔2025〕7号", Off: []deadline.Span{spring}}}}},
		{"not rolled", "xinfang", deadline.Conclude, "2026-01-02", deadline.Found{Day: day("2026-03-03"), Last: day("2026-03-03"),
			Calendar: []deadline.Used{{Year: 2026, Source: "国办发明电〔2025〕7号"}}}},
		{"calendar days", "xinfang", deadline.Notify, "2026-02-10", deadline.Found{Day: day("2026-02-25"), Last: day("2026-02-25")}},
		{"the last day without its rolling", "xinfang", deadline.Conclude, "2026-11-02", deadline.Found{Last: day("2027-01-01"), Unknown: deadline.NoCalendarYear, MissingYear: 2027}},
	} {
		test.want.Start = day(test.start)
		got := f.Due(test.track, test.step, day(test.start), 0)
		if got.Rule.Track != test.track || got.Rule.Step != test.step {
			t.Errorf("%s: rule %+v", test.name, got.Rule)
		}
		if got.Rolled() != (got.Known() && got.Last != got.Day) {
			t.Errorf("%s: rolled %t", test.name, got.Rolled())
		}
		test.want.Rule = got.Rule
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestFarYears checks a period at the end of 2099: the Sunday 27 December is
// worked, 28 to 31 are off, and 2100 has no file.
func TestFarYears(t *testing.T) {
	f := deadline.Finder{
		Rules:    rules(t, "rules:\n- {track: a, step: answer, days: 5, unit: working, basis: 虚构}\n"),
		Calendar: calendar(t, madeUp2099),
	}
	for start, want := range map[string]string{
		"2099-12-17": "2099-12-24",            // Thursday: 18, 21, 22, 23, 24
		"2099-12-21": "2099-12-27",            // 22, 23, 24, 25, 27
		"2099-12-22": "no-calendar-year 2100", // 23, 24, 25, 27 are four
		"2100-01-01": "no-calendar-year 2100",
	} {
		if got := f.Due("a", deadline.Answer, day(start), 0); got.String() != want {
			t.Errorf("from %s: %s, want %s", start, got, want)
		}
	}
	if got := f.Due("a", deadline.Answer, record.Day(-5), 0); got.Unknown != deadline.NoStart {
		t.Errorf("a day that is none: %s", got)
	}
	last := calendar(t, "year: 9999\nsource: 虚构\noff: [{from: 9999-01-01}]\n")
	if got := (deadline.Finder{Rules: f.Rules, Calendar: last}).Due("a", deadline.Answer, day("9999-12-30"), 0); got.Unknown != deadline.OutOfRange {
		t.Errorf("over the last day of all: %s", got)
	}
}
