package schedule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func times(t testing.TB, expr, in string) schedule.Times {
	t.Helper()
	times, err := schedule.ParseTimes(expr, zone(t, in))
	if err != nil {
		t.Fatal(err)
	}
	return times
}

const stamp = "2006-01-02 15:04 -0700"

// The next times after one, across changes of the clock of which each line says what it is.
func TestNext(t *testing.T) {
	for _, tt := range []struct{ name, zone, expr, after, want string }{
		{"every day", "Asia/Shanghai", "30 6 * * *", "2026-11-28 06:29 +0800", "2026-11-28 06:30 +0800 | 2026-11-29 06:30 +0800"},
		{"strictly after", "Asia/Shanghai", "30 6 * * *", "2026-11-28 06:30 +0800", "2026-11-29 06:30 +0800"},
		{"working hours", "Asia/Shanghai", "0 7-21 * * *", "2026-11-28 20:30 +0800", "2026-11-28 21:00 +0800 | 2026-11-29 07:00 +0800"},
		{"Mondays", "Asia/Shanghai", "0 8 * * 1", "2026-11-28 00:00 +0800", "2026-11-30 08:00 +0800 | 2026-12-07 08:00 +0800"},
		{"shorthand", "Asia/Shanghai", "@daily", "2026-11-28 00:00 +0800", "2026-11-29 00:00 +0800"},
		{"day or weekday", "Asia/Shanghai", "0 0 1 * MON", "2026-11-28 00:00 +0800", "2026-11-30 00:00 +0800 | 2026-12-01 00:00 +0800 | 2026-12-07 00:00 +0800"},
		{"leap day", "Asia/Shanghai", "0 0 29 2 *", "2096-03-01 00:00 +0800", "2104-02-29 00:00 +0800"},

		{"no change any more", "Asia/Shanghai", "30 2 * * *", "2026-04-11 12:00 +0800", "2026-04-12 02:30 +0800 | 2026-04-13 02:30 +0800"},
		// Shanghai put its clock forward at 02:00 on 4 May 1986 and back at 02:00 on 14 September.
		{"left out in Shanghai, 1986", "Asia/Shanghai", "30 2 * * *", "1986-05-03 12:00 +0800", "1986-05-04 03:00 +0900 | 1986-05-05 02:30 +0900"},
		{"twice in Shanghai, 1986", "Asia/Shanghai", "30 1 * * *", "1986-09-13 12:00 +0900", "1986-09-14 01:30 +0900 | 1986-09-15 01:30 +0800"},

		{"left out", "Europe/Berlin", "30 2 * * *", "2026-03-28 12:00 +0100", "2026-03-29 03:00 +0200 | 2026-03-30 02:30 +0200"},
		{"left out, at its begin", "Europe/Berlin", "0 2 * * *", "2026-03-28 12:00 +0100", "2026-03-29 03:00 +0200 | 2026-03-30 02:00 +0200"},
		{"left out and next to it: once", "Europe/Berlin", "0,30 2,3 * * *", "2026-03-28 12:00 +0100", "2026-03-29 03:00 +0200 | 2026-03-29 03:30 +0200 | 2026-03-30 02:00 +0200"},
		{"twice", "Europe/Berlin", "30 2 * * *", "2026-10-24 12:00 +0200", "2026-10-25 02:30 +0200 | 2026-10-26 02:30 +0100"},
		{"twice, asked between", "Europe/Berlin", "30 2 * * *", "2026-10-25 02:15 +0100", "2026-10-26 02:30 +0100"},
		{"hours that pass, forward", "Europe/Berlin", "0 * * * *", "2026-03-29 00:30 +0100", "2026-03-29 01:00 +0100 | 2026-03-29 03:00 +0200 | 2026-03-29 04:00 +0200"},
		{"hours that pass, back", "Europe/Berlin", "0 * * * *", "2026-10-25 01:30 +0200", "2026-10-25 02:00 +0200 | 2026-10-25 02:00 +0100 | 2026-10-25 03:00 +0100"},
		{"minutes that pass, back", "Europe/Berlin", "*/30 * * * *", "2026-10-25 02:00 +0200", "2026-10-25 02:30 +0200 | 2026-10-25 02:00 +0100 | 2026-10-25 02:30 +0100 | 2026-10-25 03:00 +0100"},
		{"half an hour", "Australia/Lord_Howe", "15 2 * * *", "2026-10-03 12:00 +1030", "2026-10-04 02:30 +1100 | 2026-10-05 02:15 +1100"},
		{"a midnight that there is not", "Africa/Cairo", "0 0 * * *", "2026-04-23 12:00 +0200", "2026-04-24 01:00 +0300 | 2026-04-25 00:00 +0300"},
		{"a day that there was not", "Pacific/Apia", "0 12 * * *", "2011-12-29 08:00 -1000", "2011-12-29 12:00 -1000 | 2011-12-31 00:00 +1400 | 2011-12-31 12:00 +1400"},
	} {
		at, err := time.Parse(stamp, tt.after)
		if err != nil {
			t.Fatal(err)
		}
		s := times(t, tt.expr, tt.zone)
		var got []string
		for range strings.Count(tt.want, "|") + 1 {
			at = s.Next(at)
			got = append(got, at.Format(stamp))
		}
		if g := strings.Join(got, " | "); g != tt.want {
			t.Errorf("%s: %s in %s after %s:\n got %s\nwant %s", tt.name, tt.expr, tt.zone, tt.after, g, tt.want)
		}
	}
}

// Every time on the wall fires once a day, whatever the clock does, and a search from any
// instant finds the same ones.
func TestNextThroughAYear(t *testing.T) {
	for _, in := range []string{"Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"} {
		for _, hour := range []int{0, 1, 2, 3, 23} {
			s := times(t, fmt.Sprintf("30 %d * * *", hour), in)
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, zone(t, in)).Add(-time.Second)
			for day := range 365 {
				next := s.Next(at)
				want := time.Date(2026, 1, 1+day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
				if got := next.Format(time.DateOnly); got != want {
					t.Fatalf("%s at %d:30: %s fires after %s, and %s was to come", in, hour, next.Format(stamp), at.Format(stamp), want)
				}
				if again := s.Next(next.Add(-time.Nanosecond)); !again.Equal(next) {
					t.Fatalf("%s at %d:30: from just before, %s and not %s", in, hour, again.Format(stamp), next.Format(stamp))
				}
				at = next
			}
		}
		// 8,760 hours passed, less those of the change where the year does not end as it began.
		s := times(t, "0 * * * *", in)
		at, n := time.Date(2026, 1, 1, 0, 0, 0, 0, zone(t, in)), 0
		for end := at.Add(364 * 24 * time.Hour); at.Before(end); n++ {
			next := s.Next(at)
			if gap := next.Sub(at); gap > time.Hour+30*time.Minute || gap <= 0 {
				t.Fatalf("%s: nothing for %s after %s", in, gap, at.Format(stamp))
			}
			at = next
		}
		if n < 364*24-1 || n > 364*24+1 {
			t.Errorf("%s: %d hours in 364 days", in, n)
		}
	}
}

func TestLast(t *testing.T) {
	s := times(t, "0 * * * *", "Asia/Shanghai")
	now := time.Date(2026, 11, 28, 12, 30, 0, 0, s.Next(time.Unix(0, 0)).Location())
	for _, tt := range []struct {
		since time.Duration
		count int
	}{{10 * time.Minute, 0}, {time.Hour, 1}, {5 * time.Hour, 5}, {1000 * time.Hour, 1000}, {100_000 * time.Hour, 1000}} {
		last, count, ok := s.Last(now.Add(-tt.since), now, 1000)
		if count != tt.count || ok != (tt.count > 0) || ok && last.Format(stamp) != "2026-11-28 12:00 +0800" {
			t.Errorf("since %s: %s, %d, %t", tt.since, last.Format(stamp), count, ok)
		}
	}
	// Rare ones are found however long ago.
	s = times(t, "0 0 29 2 *", "Asia/Shanghai")
	if last, count, ok := s.Last(now.AddDate(-20, 0, 0), now, 3); !ok || count != 3 || last.Format(stamp) != "2024-02-29 00:00 +0800" {
		t.Errorf("%s, %d, %t", last.Format(stamp), count, ok)
	}
}

func TestParseTimesRefuses(t *testing.T) {
	for _, tt := range []struct{ expr, want string }{
		{"", "0 fields"}, {"* * * *", "4 fields"}, {"* * * * * *", "6 fields"}, {"0 30 6 * * *", "6 fields"},
		{"60 * * * *", "number that its field does not have"}, {"* 24 * * *", "number"}, {"0 0 0 * *", "number"}, {"0 0 * 13 *", "number"}, {"0 0 * * 7", "0 to 6 from Sunday"},
		{"5-1 * * * *", "number"}, {"*/0 * * * *", "number"}, {"0 0 * * FOO", "number"},
		{"0 0 31 2 *", "no year has"}, {"0 0 30 2 *", "no year has"},
		{", * * * *", "not numbers"}, {"1, * * * *", "not numbers"}, {"*-5 * * * *", "not numbers"}, {"+5 * * * *", "not numbers"}, {"1-2-3 * * * *", "not numbers"},
		{"1/2/3 * * * *", "not numbers"}, {"０ 6 * * *", "not numbers"}, {"L * * * *", "not numbers"},
		{"@every 1h", "begins with @"}, {"@reboot", "begins with @"}, {"TZ=UTC", "1 fields"}, {"CRON_TZ=Asia/Tokyo 0 6 * *", "not numbers"}, {"TZ=UTC 0 6 * * *", "6 fields"},
		{"0 6 * * *" + strings.Repeat(" ", 300), "too long"},
	} {
		_, err := schedule.ParseTimes(tt.expr, time.UTC)
		msg, hint, code := fault.Public(err)
		if err == nil || !strings.Contains(msg, tt.want) || hint == "" || code != fault.ExitConfig {
			t.Errorf("%q: %q, hint %q, code %d; want %q", tt.expr, msg, hint, code, tt.want)
		}
	}
}

func FuzzParseTimes(f *testing.F) {
	for _, s := range []string{"30 6 * * *", "0 7-21 * * *", "*/15 * * * MON-FRI", "@daily", "0 0 29 2 *", "TZ= * * * * *", ", , , , ,", "*-5 * * * *", "59/59 23 31 12 ?", "0 0 31 2 *"} {
		f.Add(s, int64(1_774_700_000)) // a day before Berlin puts its clock forward
	}
	berlin := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, expr string, from int64) {
		s, err := schedule.ParseTimes(expr, berlin)
		if err != nil {
			if msg, hint, _ := fault.Public(err); hint == "" || msg == "" {
				t.Errorf("%q is refused without a reason: %v", expr, err)
			}
			return
		}
		again, err := schedule.ParseTimes(s.String(), berlin)
		if err != nil || again.String() != s.String() {
			t.Fatalf("%q is written %q, which is read as %q, %v", expr, s, again, err)
		}
		at := time.Unix(from%4_000_000_000, 0)
		for range 5 {
			next := s.Next(at)
			if next.IsZero() { // a leap day of a century that has none
				return
			}
			if !next.After(at) || next.Second() != 0 || next.Nanosecond() != 0 {
				t.Fatalf("%q fires at %s after %s", expr, next, at)
			}
			if !again.Next(at).Equal(next) {
				t.Fatalf("%q and %q differ after %s", expr, s, at)
			}
			at = next
		}
	})
}
