package assess

import (
	"math"
	"strconv"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestWilson compares with values that are known from elsewhere, or worked by hand.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		num, den  int64
		low, high string
	}{
		{7, 10, "39.68", "89.22"}, // 0.3968 to 0.8922
		{60, 100, "50.20", "69.06"},
		// None of ten: the low end is 0, the high end z²/(n+z²) = 3.841459/13.841459 = 0.27753.
		{0, 10, "0.00", "27.75"},
		{10, 10, "72.25", "100.00"},
		// One of one: 1/(1+z²) = 1/4.841459 = 0.20655.
		{1, 1, "20.65", "100.00"},
		// 3,631 of 3,760 is 96.57 %; were it a sample: 0.959382 to 0.971051.
		{3631, 3760, "95.94", "97.11"},
	} {
		got, ok := Wilson(record.Rate{Num: c.num, Den: c.den})
		if want := (Interval{c.low, c.high}); !ok || got != want {
			t.Errorf("%d of %d: %v %t, want %v", c.num, c.den, got, ok, want)
		}
	}
	for _, r := range []record.Rate{{}, {Num: 1}, {Num: 2, Den: 1}, {Num: -1, Den: 5}, {Num: 1, Den: -5}} {
		if got, ok := Wilson(r); ok {
			t.Errorf("%v: %v, want none", r, got)
		}
	}
}

// TestWilsonHolds says for every rate of up to 60 cases that the interval holds the
// rate, lies within 0 and 100, is the mirror of that of the rest, and is what floating
// point gives.
func TestWilsonHolds(t *testing.T) {
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	const z = 1.959964
	for den := int64(1); den <= 60; den++ {
		for num := int64(0); num <= den; num++ {
			r := record.Rate{Num: num, Den: den}
			i, _ := Wilson(r)
			mirror, _ := Wilson(record.Rate{Num: den - num, Den: den})
			low, high, p, n := number(i.Low), number(i.High), float64(num)/float64(den), float64(den)
			if low > 100*p || high < 100*p || low < 0 || high > 100 {
				t.Errorf("%d of %d: %v", num, den, i)
			}
			if math.Abs(low-(100-number(mirror.High))) > 0.0101 {
				t.Errorf("%d of %d: %v, mirrored %v", num, den, i, mirror)
			}
			half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
			if want := 100 * (p + z*z/(2*n) - half) / (1 + z*z/n); math.Abs(low-want) > 0.0051 {
				t.Errorf("%d of %d: low end %v, want %v", num, den, low, want)
			}
			if want := 100 * (p + z*z/(2*n) + half) / (1 + z*z/n); math.Abs(high-want) > 0.0051 {
				t.Errorf("%d of %d: high end %v, want %v", num, den, high, want)
			}
		}
	}
}
