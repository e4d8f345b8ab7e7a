package gate_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

func month(t *testing.T, s string) (m record.Month) {
	t.Helper()
	if err := m.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return m
}

func dayOf(t *testing.T, s string) (d record.Day) {
	t.Helper()
	if err := d.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestCarryExcluded publishes several times, each time with what was published before.
// A step is a cut-off and the counts by month; "-" stands for an unknown month.
func TestCarryExcluded(t *testing.T) {
	type step struct{ cutoff, counts, want string }
	for name, steps := range map[string][]step{
		"nothing":                        {{"2026-11-30", "", ""}},
		"a month that is not over":       {{"2026-11-30", "2026-11=9", ""}, {"2026-12-01", "2026-11=9", "..2026-11=9"}},
		"too few":                        {{"2026-12-01", "2026-09=2 2026-11=2", ""}},
		"carried":                        {{"2026-12-01", "2026-07=4 2026-08=1 2026-09=7 2026-10=4 2026-11=4", "..2026-08=5 2026-09..2026-09=7 2026-10..2026-11=8"}},
		"carried over months of none":    {{"2026-12-01", "2026-01=5 2026-03=4 2026-11=1", "..2026-01=5 2026-02..2026-11=5"}},
		"carried on later":               {{"2026-12-01", "2026-10=6 2026-11=3", "..2026-10=6"}, {"2027-01-01", "2026-10=6 2026-11=3 2026-12=2", "..2026-10=6 2026-11..2026-12=5"}},
		"a small step is not shown":      {{"2026-12-01", "2026-11=6", "..2026-11=6"}, {"2026-12-02", "2026-11=10", "..2026-11=6"}, {"2026-12-03", "2026-11=11", "..2026-11=11"}, {"2026-12-04", "2026-11=7", "..2026-11=11"}, {"2026-12-05", "2026-11=6", "..2026-11=6"}},
		"never below five":               {{"2026-12-01", "2026-11=12", "..2026-11=12"}, {"2026-12-02", "2026-11=4", "..2026-11=12"}, {"2026-12-03", "", "..2026-11=12"}},
		"an older month":                 {{"2026-12-01", "2026-11=6", "..2026-11=6"}, {"2026-12-02", "2026-03=4 2026-11=6", "..2026-11=6"}, {"2026-12-03", "2026-03=5 2026-11=6", "..2026-11=11"}},
		"a month between":                {{"2026-12-01", "2026-08=6 2026-11=6", "..2026-08=6 2026-09..2026-11=6"}, {"2026-12-02", "2026-08=6 2026-09=9 2026-11=6", "..2026-08=6 2026-09..2026-11=15"}},
		"from one month to another":      {{"2026-12-01", "2026-10=6 2026-11=6", "..2026-10=6 2026-11..2026-11=6"}, {"2026-12-02", "2026-10=5 2026-11=7", "..2026-10=6 2026-11..2026-11=6"}},
		"an unknown month":               {{"2026-12-01", "-=9", ""}, {"2026-12-01", "-=4 2026-11=1", "..2026-11=5"}},
		"an older cut-off takes no back": {{"2026-12-01", "2026-11=6", "..2026-11=6"}, {"2026-11-01", "2026-11=6", "..2026-11=6"}},
	} {
		t.Run(name, func(t *testing.T) {
			var published []record.Excluded
			for _, s := range steps {
				counts := map[record.Month]int64{}
				for _, f := range strings.Fields(s.counts) {
					m, n, _ := strings.Cut(f, "=")
					var count int64
					if _, err := fmt.Sscan(n, &count); err != nil {
						t.Fatal(err)
					}
					counts[month(t, strings.Trim(m, "-"))] = count
				}
				before := maps.Clone(counts)
				was := slices.Clone(published)
				now, err := gate.CarryExcluded(published, counts, dayOf(t, s.cutoff))
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, e := range now {
					got = append(got, fmt.Sprintf("%s..%s=%d", e.From, e.Until, e.N))
				}
				if strings.Join(got, " ") != s.want {
					t.Errorf("%s, %s: %s, want %s", s.cutoff, s.counts, strings.Join(got, " "), s.want)
				}
				if !maps.Equal(before, counts) || !slices.Equal(was, published) {
					t.Error("what was given has changed")
				}
				published = now
			}
		})
	}
}

func TestCarryExcludedRefuses(t *testing.T) {
	nov := month(t, "2026-11")
	for name, tt := range map[string]struct {
		published []record.Excluded
		counts    map[record.Month]int64
	}{
		"a negative number":     {nil, map[record.Month]int64{nov: -1}},
		"a small one published": {[]record.Excluded{{Until: nov, N: 4}}, nil},
		"spans out of order":    {[]record.Excluded{{Until: nov, N: 5}, {Until: nov, N: 5}}, nil},
	} {
		if got, err := gate.CarryExcluded(tt.published, tt.counts, dayOf(t, "2026-12-01")); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
