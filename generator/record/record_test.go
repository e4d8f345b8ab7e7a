package record

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"
	"time"
)

func TestDay(t *testing.T) {
	for _, test := range []struct {
		text string
		ok   bool
	}{
		{"2026-11-23", true}, {"1900-01-01", true}, {"9999-12-31", true}, {"2024-02-29", true}, {"", true},
		{"2023-02-29", false}, {"1899-12-31", false}, {"2026-11-3", false}, {"23.11.2026", false}, {"2026-13-01", false},
	} {
		d, err := ParseDay(test.text)
		if (err == nil) != test.ok {
			t.Errorf("ParseDay(%q): error %v", test.text, err)
		}
		if test.ok && d.String() != test.text {
			t.Errorf("ParseDay(%q) prints as %q", test.text, d)
		}
	}
	if Date(1900, 1, 1) != 1 {
		t.Error("1 January 1900 is not day 1")
	}
	if d := Date(2026, 4, 31); d.Known() {
		t.Errorf("31 April is read as %s", d)
	}
}

// A moment belongs to its day in UTC+8, wherever the program runs.
// Package time is the oracle, on every day that there is.
func TestDaysAreThoseOfTheCalendar(t *testing.T) {
	for d := Day(1); d.Known(); d++ {
		day := d.Time()
		if got := Date(day.Date()); got != d {
			t.Fatalf("Date of %v = %d, want %d", day, got, d)
		}
		if got, want := d.Month(), MonthOf(day.Year(), day.Month()); got != want {
			t.Fatalf("Month of %v = %v, want %v", day, got, want)
		}
	}
	for _, none := range [][3]int{{2025, 2, 29}, {1900, 2, 29}, {2026, 4, 31}, {2026, 13, 1}, {2026, 0, 1}, {2026, 1, 0}, {2026, 1, -1}, {1899, 12, 31}, {10000, 1, 1}, {2026, 1, 1 << 40}} {
		if got := Date(none[0], time.Month(none[1]), none[2]); got != 0 {
			t.Errorf("Date(%v) = %v, want none", none, got)
		}
	}
}

func TestDayOfIsInUTCPlus8(t *testing.T) {
	late := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
	if got := DayOf(late).String(); got != "2026-11-23" {
		t.Errorf("16:00 UTC is %s, want the next day", got)
	}
	if got := DayOf(late.Add(-time.Second)).String(); got != "2026-11-22" {
		t.Errorf("15:59:59 UTC is %s", got)
	}
	if DayOf(time.Time{}).Known() {
		t.Error("the zero time has a day")
	}
}

func TestMonth(t *testing.T) {
	m, err := ParseMonth("2026-02")
	if err != nil || m.First().String() != "2026-02-01" || m.Last().String() != "2026-02-28" || m.Short() != "2602" {
		t.Errorf("2026-02: %v first %s last %s short %s", err, m.First(), m.Last(), m.Short())
	}
	if (m-2).String() != "2025-12" || Date(2025, 12, 31).Month() != m-2 {
		t.Error("months do not run over the year's end")
	}
}

func TestUnknownIsNotZero(t *testing.T) {
	var v struct {
		D Day
		T Tri
		C Count
		M Month
	}
	b, err := json.Marshal(v)
	if err != nil || string(b) != `{"D":"","T":null,"C":null,"M":""}` {
		t.Errorf("unknown values are written as %s (%v)", b, err)
	}
	v.C, v.T, v.D = CountOf(0), No, Date(2026, 1, 2)
	b, _ = json.Marshal(v)
	if string(b) != `{"D":"2026-01-02","T":false,"C":0,"M":""}` {
		t.Errorf("known values are written as %s", b)
	}
	w := v
	if err := json.Unmarshal(b, &w); err != nil || w != v {
		t.Errorf("read back %+v (%v), want %+v", w, err, v)
	}
	if CountOf(-1) != 0 {
		t.Error("a negative count is known")
	}
}

func TestCaseNumber(t *testing.T) {
	n := NewCaseNumber(MonthOf(2026, 11), 4217)
	if n != "2611-004217" || n.Month().String() != "2026-11" || n.Running() != 4217 || n.Bucket() != 14 {
		t.Errorf("%s: month %s, running %d, bucket %d", n, n.Month(), n.Running(), n.Bucket())
	}
	for i, want := range map[int]int{1: 0, 300: 0, 301: 1, 600: 1} {
		if b := NewCaseNumber(MonthOf(2026, 11), i).Bucket(); b != want {
			t.Errorf("case %d lies in bucket %d, want %d", i, b, want)
		}
	}
	for s, ok := range map[string]bool{
		"2611-004217": true, "2611-1234567": true, "2611-000000": false, "2613-000001": false, "2611-04217": false,
		"2611-0004217": false, "2611-00421x": false, "": false, "../index": false, "2611-+04217": false, "2611-9999999999": false,
	} {
		if _, err := ParseCaseNumber(s); (err == nil) != ok {
			t.Errorf("ParseCaseNumber(%q): %v", s, err)
		}
	}
}

func FuzzParseCaseNumber(f *testing.F) {
	f.Add("2611-004217")
	f.Add("2611-99999999")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseCaseNumber(s)
		if err == nil && (string(n) != s || NewCaseNumber(n.Month(), n.Running()) != n || n.Bucket() < 0) {
			t.Errorf("%q is accepted and does not come back", s)
		}
	})
}

// The golden values are published figures: 3,631 of 3,760, 54,213 of 54,637
// and 12,043 of 13,162.
func TestPercent(t *testing.T) {
	for _, test := range []struct {
		num, den int64
		decimals int
		want     string
	}{
		{3631, 3760, 2, "96.57"}, {54213, 54637, 2, "99.22"}, {12043, 13162, 2, "91.50"},
		{1, 2, 0, "50"}, {1, 8, 1, "12.5"}, {1, 8, 0, "13"}, {1, 200, 0, "1"}, {1, 201, 0, "0"},
		{0, 5, 2, "0.00"}, {5, 5, 2, "100.00"}, {6, 5, 1, "120.0"},
		{0, 0, 2, ""}, {3, 0, 2, ""}, {-1, 5, 2, ""},
		{math.MaxInt64, math.MaxInt64, 6, "100.000000"}, {math.MaxInt64 / 3, math.MaxInt64, 2, "33.33"},
	} {
		if got := (Rate{test.num, test.den}).Percent(test.decimals); got != test.want {
			t.Errorf("%d of %d to %d decimals = %q, want %q", test.num, test.den, test.decimals, got, test.want)
		}
	}
}

func FuzzPercent(f *testing.F) {
	f.Add(int64(1), int64(3), 2)
	f.Fuzz(func(t *testing.T, num, den int64, decimals int) {
		got := Rate{num, den}.Percent(decimals)
		if got == "" {
			if num >= 0 && den > 0 && num/den < 1e6 && decimals >= 0 && decimals <= 6 {
				t.Fatalf("%d of %d to %d decimals is unknown", num, den, decimals)
			}
			return
		}
		// half a unit of the last place, exactly: |got - 100 num/den| <= 1/2 10^-decimals, and a tie goes up
		want := new(big.Rat).Mul(big.NewRat(num, den), big.NewRat(100, 1))
		have, ok := new(big.Rat).SetString(got)
		if !ok {
			t.Fatalf("%q is not a number", got)
		}
		scale := int64(1)
		for range decimals {
			scale *= 10
		}
		diff := new(big.Rat).Sub(have, want)
		half := big.NewRat(1, 2*scale)
		if diff.Cmp(half) > 0 || diff.Cmp(new(big.Rat).Neg(half)) <= 0 {
			t.Errorf("%d of %d to %d decimals = %s", num, den, decimals, got)
		}
	})
}

func TestPeriodBounds(t *testing.T) {
	for p, want := range map[Period][2]string{
		"all": {"", ""}, "2026": {"2026-01-01", "2026-12-31"}, "2026-02": {"2026-02-01", "2026-02-28"}, "2026-11/12": {"2025-12-01", "2026-11-30"},
	} {
		first, last, ok := p.Bounds()
		if !ok || first.String() != want[0] || last.String() != want[1] {
			t.Errorf("%s runs from %s to %s (%v), want %v", p, first, last, ok, want)
		}
	}
	for _, p := range []Period{"", "26", "2026-13", "2026/12", "x/12"} {
		if _, _, ok := p.Bounds(); ok {
			t.Errorf("%q is taken for a period", p)
		}
	}
}

func TestValidID(t *testing.T) {
	for s, ok := range map[string]bool{"510100": true, "u-0a1b": true, "": false, "-a": false, "a-": false, "A": false, "a/b": false, "住建局": false, "..": false} {
		if ValidID(s) != ok {
			t.Errorf("ValidID(%q) = %v", s, !ok)
		}
	}
	for c, want := range map[AreaCode]int{"510000": 1, "510100": 2, "510104": 3, "510104001": 4, "x": 0, "5101ab": 0} {
		if c.Level() != want {
			t.Errorf("%s has level %d, want %d", c, c.Level(), want)
		}
	}
}

func TestStubKeepsTheRowAlone(t *testing.T) {
	c := Case{Row: Row{Number: "2611-000001", Prominence: Full, Unit: "u", Status: Replied}, Topic: "t", Kind: Help, Question: "q", Reply: Reply{Text: "a"}}
	s := c.Stub(StubOnly, NotAgreed)
	if s.Question != "" || s.Reply.Text != "" || s.Topic != "" || s.Kind != "" {
		t.Error("a stub keeps more than the row")
	}
	if s.Unit != "u" || s.Status != Replied || s.Prominence != StubOnly || s.StubReason != NotAgreed {
		t.Errorf("the row is not kept: %+v", s.Row)
	}
}

func TestReasonPublic(t *testing.T) {
	for r, want := range map[Reason]string{Privacy: "by-law", ThirdParty: "by-law", Court: "by-law", Secret: "by-law", Duplicate: "duplicate", WrongUnit: "wrong-unit", Mistake: "error"} {
		if !r.Valid() || r.Public() != want {
			t.Errorf("%s is shown as %s, want %s", r, r.Public(), want)
		}
	}
	if Reason("other").Valid() {
		t.Error("a reason outside the list is valid")
	}
}
