package pages_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/assess/substance"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// office is a city with the settings of its installation: all that a release is made from.
type office struct {
	*city
	pages.Options
}

// book counts as a publish does, from the counts of each month, so that the book can say
// of which months a figure is another.
func (o *office) book(t testing.TB) *assess.Book {
	tallies := map[record.Month]*assess.Tally{}
	for f := range o.Facts(t.Context()) {
		if tallies[f.Number.Month()] == nil {
			tallies[f.Number.Month()] = assess.NewTally(o.cutoff)
		}
		tallies[f.Number.Month()].Add(f)
	}
	b := assess.NewBuilder(o.reg, o.cutoff)
	for _, m := range slices.Sorted(maps.Keys(tallies)) {
		if err := b.Merge(tallies[m].Append(nil)); err != nil {
			t.Fatal(err)
		}
	}
	return b.Book()
}

// due gives a case the due day that the rules say where none was delivered, and says what
// the hash of its fact covers of that.
func (o *office) due(k *record.Case) []byte {
	if o.Deadlines == nil || k.Due.Known() {
		return nil
	}
	found := o.Deadlines.Due(&k.Row)
	found.Fill(&k.Row)
	js, err := json.Marshal(found)
	if err != nil {
		panic(err)
	}
	return js
}

func (o *office) Facts(context.Context) iter.Seq2[record.Fact, error] {
	return func(yield func(record.Fact, error) bool) {
		for _, k := range o.cases {
			f := o.fact(k)
			if js := o.due(&k); js != nil {
				f.Row = k.Row
				sum := sha256.Sum256(append(f.Hash[:], js...))
				f.Hash = [16]byte(sum[:])
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

func (o *office) Cases(ctx context.Context, from, to record.CaseNumber) iter.Seq2[record.Case, error] {
	return func(yield func(record.Case, error) bool) {
		for k, err := range o.city.Cases(ctx, from, to) {
			o.due(&k)
			if !yield(k, err) {
				return
			}
		}
	}
}

func (o *office) CasesByNumber(ctx context.Context, numbers []record.CaseNumber) ([]record.Case, error) {
	all, err := o.city.CasesByNumber(ctx, numbers)
	for i := range all {
		o.due(&all[i])
	}
	return all, err
}

func (o *office) plan(t testing.TB) map[string]pages.Partition {
	t.Helper()
	parts, err := pages.Plan(t.Context(), o, o.book(t), o.Options)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]pages.Partition{}
	for _, p := range parts {
		all[p.Key] = p
	}
	return all
}

// deadlines reads rules and a holiday notice that hold for the cases of a city.
func deadlines(t testing.TB, rules, holidays string) *deadline.Cases {
	t.Helper()
	r, err := deadline.ReadRules(deadline.File{Name: "rules.yaml", Text: []byte(rules)})
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := deadline.ReadCalendar(deadline.File{Name: "2025.yaml", Text: []byte("{year: 2025, source: 虚构〔2024〕1号, off: [{name: 国庆节, from: 2025-10-01, to: 2025-10-08}], worked: [2025-10-11]}")}, deadline.File{Name: "2026.yaml", Text: []byte(holidays)})
	if err != nil {
		t.Fatal(err)
	}
	c, err := deadline.NewCases(deadline.Finder{Rules: r, Calendar: calendar}, map[record.ChannelID]string{"web": "web"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	someRules    = "rules: [{track: web, step: conclude, days: 15, unit: working, basis: 示例办法第三条, basis_en: 'Example Rules, article 3', from: 2020-01-01, until: 2030-12-31}]"
	someHolidays = "{year: 2026, source: 虚构〔2025〕1号, off: [{name: 国庆节, name_en: National Day, from: 2026-10-01, to: 2026-10-07}], worked: [2026-10-10]}"
)

// addGroups adds so many units that they are made in two groups, and areas below the
// counties, and gives some cases to the new ones.
func (c *city) addGroups() {
	c.reg.Units, c.reg.Areas, c.reg.Topics = slices.Clone(c.reg.Units), slices.Clone(c.reg.Areas), slices.Clone(c.reg.Topics)
	for i := range 2 {
		c.reg.Areas = append(c.reg.Areas, record.Area{Code: town(i), Name: fmt.Sprintf("%d号镇", i), Parent: "990101"})
	}
	c.reg.Topics = append(c.reg.Topics, record.Topic{ID: "heating", Name: "供热"})
	for i := range 62 {
		c.reg.Units = append(c.reg.Units, record.Unit{ID: record.UnitID(fmt.Sprintf("town-%02d", i)), Name: fmt.Sprintf("%d号所", i), Area: town(i), Parent: "ed-1", Level: 4, Kind: "乡镇街道"})
	}
	n := 0
	for i := range c.cases {
		k := &c.cases[i]
		if k.Unit != "ed-1" {
			continue
		}
		if n++; n%2 == 0 {
			k.Unit, k.Area = record.UnitID(fmt.Sprintf("town-%02d", n/2%62)), town(n/2%62)
			if k.Prominence == record.Full {
				k.Topic = "heating"
			}
		}
	}
}

// town is one of the areas below a county.
func town(i int) record.AreaCode { return record.AreaCode(fmt.Sprintf("990101%03d", i%2)) }

// richOffice delivers something of everything.
func richOffice(t testing.TB) *office {
	o := &office{notedCity(t), options(t)}
	old := func(n record.CaseNumber) bool { // of two years, and no more than it takes
		return n.Month() < record.MonthOf(2026, 4) && n.Month() != record.MonthOf(2025, 12)
	}
	o.cases = slices.DeleteFunc(o.cases, func(k record.Case) bool { return old(k.Number) })
	o.stones = slices.DeleteFunc(o.stones, func(s record.Tombstone) bool { return old(s.Number) })
	o.addGroups()
	mail := &o.reg.Channels[0]
	mail.English, o.reg.Topics[1].English = "Hotline", "Lamps"
	mail.Post, mail.Terms = "某市市长", []record.Term{{From: record.Date(2026, 5, 20)}}
	o.unit(t, "ed-2").From = record.Date(2020, 1, 1)
	ended := &o.reg.Areas[2]
	ended.From, ended.To, ended.Successor, ended.Counted = record.Date(2001, 1, 1), record.Date(2026, 9, 30), "990101", 2020
	full := 0
	for i := range o.cases {
		k := &o.cases[i]
		k.Origin = record.Origins()[i%3]
		if i%5 == 0 {
			k.Due, k.OnTime, k.ClosedOnTime = 0, record.Unknown, record.Unknown
		}
		if i%4 == 0 {
			k.Dispatched, k.FirstResponse = k.Received, k.Received+1
		}
		if k.Prominence != record.Full {
			continue
		}
		if full++; full%3 == 0 {
			k.Addressee, k.LeaderKind, k.Against = "某市市长", "safety", o.reg.Units[i%3].ID
			k.Dispatches = []record.Dispatch{{Day: k.Received, From: "ed-2", To: k.Unit}}
			k.CoUnits = []record.UnitID{"counter"}
			k.LegalClass, k.ResolvedOn = "行政许可", k.ClosedOn
			k.Timeline = []record.Step{{Day: k.Received + 1, What: "核实", Unit: "water-2"}}
		}
		if full%20 == 0 { // still with the unit that it was passed on to
			k.Answered, k.RepliedOn, k.Days, k.OnTime, k.Status = record.No, 0, 0, record.Unknown, record.Handling
			k.Finished, k.ClosedOn, k.CloseDays, k.ClosedOnTime, k.ResolvedOn = record.No, 0, 0, record.Unknown, 0
			k.Dispatches, k.Flags = []record.Dispatch{{Day: k.Received + 1, From: "ed-2", To: k.Unit}}, []record.Flag{record.StatusBehindDates}
		}
		if full%40 == 0 {
			k.Attachments = []record.Attachment{{Name: "1.png", Type: "image/png", SHA256: fmt.Sprintf("%064x", i), Size: 9}}
		}
	}
	// Of March there is a case of a town, and none has a number of it.
	town := o.some(t, func(k *record.Case) bool {
		return k.Number.Month() == record.MonthOf(2026, 4) && strings.HasPrefix(string(k.Unit), "town")
	})
	town.Received = record.Date(2026, 3, 30)
	o.happen(o.first(t, "ed-2").Number, record.EventCorrect, record.Date(2026, 11, 1))
	merged := o.first(t, "water-2").Number
	o.happen(merged, record.EventMerge, record.Date(2026, 11, 2))
	o.later[merged][len(o.later[merged])-1].Into = o.cases[0].Number
	o.assessed = []record.Assessment{
		{ID: "a-0", Period: "2026-09", Assessor: "示例大学", Scores: []record.Score{{Dimension: "按期答复率", Value: "90", Max: "100"}}},
		{ID: "a-1", Unit: "ed-1", Period: "2026-09", Assessor: "示例大学", Scores: []record.Score{{Dimension: "按期答复率", Value: "40", Max: "100"}}, Sample: &record.Sample{
			Cases: "full", By: "unit", Committed: record.Date(2026, 9, 20), Seed: "0123456789abcdef0123456789abcdef", SeedSHA256: "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9", FrameSHA256: strings.Repeat("1b", 32),
			Drawn: []record.CaseNumber{o.rated(t).Number}, Scale: record.Five, Panel: []record.PanelPart{{Category: "居民", Members: 5}}, Scores: []record.PanelScore{{Number: o.rated(t).Number, Category: "居民", Level: 5}},
		}},
		{ID: "a-2", Area: "990102", Period: "2026-10/12", Assessor: "示例大学"},
	}
	o.measured = []record.Accountability{
		{ID: "q-1", Unit: "ed-2", Day: record.Date(2026, 10, 9), Measure: "约谈", Trigger: "逾期较多", Basis: "考核办法第九条"},
		{ID: "q-2", Unit: "water-2", Day: record.Date(2026, 4, 9), Measure: "通报"}, // water-1 has taken its place
	}
	o.assessed = append(o.assessed, record.Assessment{ID: "a-3", Unit: "water-1", Period: "2026", Assessor: "示例大学"},
		record.Assessment{ID: "a-4", Unit: "water-2", Period: "2026-04", Assessor: "市政务服务和数据局", ThirdParty: record.No, Method: "电话回访", Issued: record.Date(2026, 5, 9), Missing: []string{"scores"}},
		record.Assessment{ID: "a-5", Unit: "water-2", Period: "2026-04/12", Assessor: "市政务服务和数据局"},
		record.Assessment{ID: "b-1", Unit: "ed-2", Period: "2025-12", Assessor: "示例大学"})
	for i, unit := range []record.UnitID{"ed-2", "water-1"} {
		k := o.first(t, unit)
		o.promised = append(o.promised, record.Commitment{Number: k.Number, Code: fmt.Sprintf("%08x", i), Unit: unit, Made: k.RepliedOn, Due: record.Date(2026, 11, 10), Standing: record.Stands, Wording: "年底前修好"})
	}
	o.promised[1].Keeping, o.promised[1].On, o.promised[1].ShownBy = record.Kept, record.Date(2026, 11, 9), o.cases[0].Number
	slices.SortFunc(o.promised, func(a, b record.Commitment) int { return strings.Compare(string(a.Number), string(b.Number)) })
	o.Deadlines = deadlines(t, someRules, someHolidays)
	o.Workdays = o.Deadlines.Calendar()
	o.Restated = []record.Restatement{
		restate(record.Date(2026, 11, 20), assess.MeasureOnTimeReply, record.Scope{Dim: record.ByUnit, ID: "ed-2"}, 30, 29, record.EventCorrect),
		restate(record.Date(2026, 10, 31), assess.MeasureOnTimeReply, record.Scope{Dim: record.ByAll}, 30, 29),
	}
	o.Restated[0].No, o.Restated[1].No = 2, 1
	o.Restated[0].Add(o.cases[0].Number)
	o.FirstRankings = []record.FirstRanking{{Period: "2026-09/12", Cutoff: record.Date(2026, 10, 20), Lines: []record.FirstLine{{Unit: "ed-2", Standing: "ranked", Band: "first", BandZh: "好", BandEn: "Good", Notice: "praise", Counts: []record.FirstCount{{Measure: assess.MeasureOnTimeReply, Version: 1, Rate: record.Rate{Num: 30, Den: 31}}}}}}}
	o.Judged = []record.Judged{{Number: o.first(t, "ed-2").Number, Rule: "bare", Version: substance.Version, Empty: true}}
	o.Synonyms = "路灯 街灯\n"
	return o
}

// bareOffice delivers replies and due days, and nothing else.
func bareOffice(t testing.TB) *office {
	o := &office{newCity(60), options(t)}
	o.addGroups()
	for i := range o.reg.Units {
		o.reg.Units[i].Level, o.reg.Units[i].Kind = 3, "党政部门"
	}
	return o
}

// first returns a case of a unit that is published in full.
func (c *city) first(t testing.TB, unit record.UnitID) *record.Case {
	t.Helper()
	return c.some(t, func(k *record.Case) bool { return k.Unit == unit && k.Prominence == record.Full })
}

// rated returns a case with a rating of five levels.
func (c *city) rated(t testing.TB) *record.Case {
	t.Helper()
	return c.some(t, func(k *record.Case) bool {
		return k.Rating.Scale == record.Five && k.Unit != "water-1"
	})
}

// some returns the last case of which ok holds, of those that nothing happened to in the
// last days.
func (c *city) some(t testing.TB, ok func(*record.Case) bool) *record.Case {
	t.Helper()
	for i := len(c.cases) - 1; i >= 0; i-- {
		if k := &c.cases[i]; k.RepliedOn < c.cutoff-3 && ok(k) {
			return k
		}
	}
	t.Fatal("no such case")
	return nil
}

// open returns a case that is not answered.
func (c *city) open(t testing.TB) *record.Case {
	t.Helper()
	return c.some(t, func(k *record.Case) bool { return k.StubReason == record.NotAnswered })
}

// unit returns an entry of the register of units, of those of this office alone.
func (o *office) unit(t testing.TB, id record.UnitID) *record.Unit {
	t.Helper()
	o.reg.Units = slices.Clone(o.reg.Units)
	i := slices.IndexFunc(o.reg.Units, func(u record.Unit) bool { return u.ID == id })
	if i < 0 {
		t.Fatalf("no unit %s", id)
	}
	return &o.reg.Units[i]
}

// channels returns the channels of this office alone.
func (o *office) channels() []record.Channel {
	o.reg.Channels = slices.Clone(o.reg.Channels)
	return o.reg.Channels
}
