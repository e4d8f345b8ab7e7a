package source

import (
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	for _, c := range []struct {
		layout, zone, text, want string
	}{
		{"auto", "+08:00", "2026-11-01 09:30:15", "2026-11-01T09:30:15+08:00"},
		{"auto", "+08:00", "2026-11-01T09:30:15.123456-05:00", "2026-11-01T09:30:15-05:00"},
		{"auto", "+08:00", "2026年 11月 1日 09:30", "2026-11-01T09:30:00+08:00"},
		{"auto", "+08:00", "2026-02-30", ""},
		{"auto", "+08:00", "26-11-01", ""},
		{"auto", "+08:00", "2026-11-01 ", ""}, // columns trim; the reader does not guess
		{"01/02/2006 03:04:05 PM", "America/New_York", "07/04/2018 01:06:56 PM", "2018-07-04T13:06:56-04:00"},
		{"01/02/2006 03:04:05 PM", "America/New_York", "12/25/2018 12:06:56 AM", "2018-12-25T00:06:56-05:00"},
		// An hour that the change to summer time leaves out keeps its digits.
		{"01/02/2006 03:04:05 PM", "America/New_York", "03/11/2018 02:43:56 AM", "2018-03-11T02:43:56-05:00"},
		{"YYYY-MM-DD HH:mm", "+08:00", "2026-11-01 09:30", "2026-11-01T09:30:00+08:00"},
		{"DD/MM/YYYY", "+08:00", "01/11/2026", "2026-11-01"},
		{"YYYY年M月D日 ah时", "+08:00", "x", ""},
		{"2006年1月2日下午3:04", "+08:00", "2026年11月1日上午9:30", "2026-11-01T09:30:00+08:00"},
		{"Mon Jan 02 15:04:05 MST 2006", "+08:00", "Sun Nov 01 09:30:00 CST 2026", "2026-11-01T09:30:00+08:00"},
		{"Mon, 02 Jan 2006 15:04:05 -0700", "+08:00", "Sun, 01 Nov 2026 09:30:00 +0000", "2026-11-01T09:30:00+00:00"},
		{"excel", "+08:00", "46327.3958333333", "2026-11-01T09:30:00+08:00"},
		{"excel", "+08:00", "1", "1900-01-01"},
		{"excel", "+08:00", "59", "1900-02-28"},
		{"excel", "+08:00", "61", "1900-03-01"},
		{"excel", "+08:00", "2958466", ""},
		{"unix", "+08:00", "1793496600", "2026-11-01T09:30:00+08:00"},
		{"unix-ms", "-05:00", "1793496600999", "2026-11-01T09:30:00+08:00"},
	} {
		zone, err := zoneOf(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		r, err := newDateReader([]string{c.layout}, zone, false)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := r.read(c.text, false)
		if ok != (c.want != "") || got != c.want {
			t.Errorf("%q by %q is %q, want %q", c.text, c.layout, got, c.want)
		}
	}
}

// TestLocalZone: the zone of the machine changes nothing.
func TestLocalZone(t *testing.T) {
	old := time.Local
	defer func() { time.Local = old }()
	for _, off := range []int{0, 8 * 3600, -5 * 3600} {
		time.Local = time.FixedZone("here", off)
		zone, _ := zoneOf("+08:00")
		for layout, text := range map[string]string{"02/01/2006 15:04": "01/11/2026 09:30", "02/01/2006 15:04 -0700": "01/11/2026 09:30 +0800"} {
			r, err := newDateReader([]string{layout}, zone, false)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := r.read(text, false); got != "2026-11-01T09:30:00+08:00" {
				t.Errorf("with the machine at %d s, %q is %q", off, text, got)
			}
		}
	}
}

// FuzzDate: whatever is read is a time or a day that reads back as itself.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-11-01", "2026年11月1日下午3:05", "20261101093000", "1793496600", "2026-11-01T09:30:00+08:00", "46327.39", "01/02/2006 03:04:05 PM"} {
		f.Add(s)
	}
	zone, _ := zoneOf("America/New_York")
	r, err := newDateReader([]string{"auto", "01/02/2006 03:04:05 PM", "excel"}, zone, false)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := r.read(s, false)
		if !ok {
			return
		}
		if _, err := time.Parse(time.RFC3339, got); err != nil {
			if _, err := time.Parse(time.DateOnly, got); err != nil {
				t.Fatalf("%q is read as %q", s, got)
			}
		}
		if again, ok := r.read(got, false); !ok || again != got {
			t.Fatalf("%q is read as %q, and that as %q", s, got, again)
		}
	})
}
