package generator

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/record"
)

// NoHolidays is how many cases have no due day because their period runs into a year of
// which the installation has no holiday notice.
type NoHolidays struct {
	Year  int   `json:"year"`
	Cases int64 `json:"cases"`
}

// monthWithout is what was counted of the cases of one month of numbers, at the stamp
// that the month had then.
type monthWithout struct {
	Stamp int64         `json:"stamp"`
	Years map[int]int64 `json:"years,omitempty"` // cases by the missing year
}

// withoutKey is the key under which the counts are kept.
const withoutKey = "no-holidays"

// NoHolidays returns the missing years, ascending; none where no rule needs a calendar. A
// month of case numbers is read only where one of its cases has changed since it was
// last kept; what is counted now is kept where keep says so.
func (g *Generator) NoHolidays(ctx context.Context, keep bool) (all []NoHolidays, err error) {
	rules := g.o.Pages.Deadlines
	if rules == nil || !slices.ContainsFunc(rules.Applied(), func(r deadline.Applied) bool { return r.Roll || r.Unit == deadline.WorkingDays }) {
		return nil, nil
	}
	print := sha256.Sum256([]byte(withoutKey + " 1 " + g.o.Settings)) // the settings name the rules and notices
	body, err := g.o.Store.Note(ctx, withoutKey, print)
	if err != nil {
		return nil, err
	}
	var kept map[record.Month]monthWithout
	if body != nil {
		if err := json.Unmarshal(body, &kept); err != nil {
			kept = nil // it is counted anew
		}
	}
	stamps, err := g.o.Store.Stamps(ctx)
	if err != nil {
		return nil, err
	}
	now, sum := map[record.Month]monthWithout{}, map[int]int64{}
	changed := len(kept) != len(stamps)
	for month, stamp := range stamps {
		m, ok := kept[month]
		if !ok || m.Stamp != stamp {
			if m, err = g.countWithout(ctx, month); err != nil {
				return nil, err
			}
			changed = true
		}
		now[month] = m
		for year, n := range m.Years {
			sum[year] += n
		}
	}
	for _, year := range slices.Sorted(maps.Keys(sum)) {
		all = append(all, NoHolidays{year, sum[year]})
	}
	if !keep || !changed {
		return all, nil
	}
	if body, err = json.Marshal(now); err != nil {
		return nil, err
	}
	return all, g.o.Store.KeepNotes(ctx, []record.Note{{Key: withoutKey, Print: print, Body: body}})
}

// countWithout counts the cases of a month of numbers whose year is missing.
func (g *Generator) countWithout(ctx context.Context, month record.Month) (m monthWithout, err error) {
	d := g.cases().dues()
	m.Years = map[int]int64{}
	m.Stamp, err = g.o.Store.MonthFacts(ctx, month, func(f *record.Fact) {
		if f.Due.Known() {
			return
		}
		if found := d.find(&f.Row); found.Unknown == deadline.NoCalendarYear {
			m.Years[found.MissingYear]++
		}
	})
	return m, err
}
