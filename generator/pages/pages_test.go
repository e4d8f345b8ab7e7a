package pages_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// city is a made-up store: what Reader reads.
type city struct {
	assessed []record.Assessment
	measured []record.Accountability
	promised []record.Commitment
	reg      record.Register
	cases    []record.Case
	later    map[record.CaseNumber][]record.Event // what came after the first publication
	stones   []record.Tombstone
	shown    map[record.CaseNumber]record.Day // when replies were first published
	cutoff   record.Day
}

func (c *city) Register(context.Context) (record.Register, error) { return c.reg, nil }

func (c *city) Facts(context.Context) iter.Seq2[record.Fact, error] {
	return func(yield func(record.Fact, error) bool) {
		for _, k := range c.cases {
			if !yield(c.fact(k), nil) {
				return
			}
		}
	}
}

func (c *city) Events(_ context.Context, from, to record.CaseNumber) iter.Seq2[record.Event, error] {
	return func(yield func(record.Event, error) bool) {
		for _, k := range c.cases {
			if k.Number < from || k.Number > to {
				continue
			}
			first := record.Event{Number: k.Number, Kind: record.EventPublish, Day: k.Received + 1}
			for _, e := range append([]record.Event{first}, c.later[k.Number]...) {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

func (c *city) Cases(_ context.Context, from, to record.CaseNumber) iter.Seq2[record.Case, error] {
	return func(yield func(record.Case, error) bool) {
		for _, k := range c.cases {
			if k.Number.Month() == from.Month() && k.Number.Running() >= from.Running() && k.Number.Running() <= to.Running() && !yield(k, nil) {
				return
			}
		}
	}
}

func (c *city) Attachments(_ context.Context, from, to record.CaseNumber) iter.Seq2[record.AttachmentBody, error] {
	return func(yield func(record.AttachmentBody, error) bool) {
		for k, err := range c.Cases(context.Background(), from, to) {
			for _, a := range k.Attachments {
				if !yield(record.AttachmentBody{Number: k.Number, Attachment: a, Body: []byte("body of " + a.Name)}, err) {
					return
				}
			}
		}
	}
}

func (c *city) Accountability(context.Context) ([]record.Accountability, error) {
	return c.measured, nil
}

func (c *city) Commitments(context.Context) ([]record.Commitment, error) { return c.promised, nil }

func (c *city) Assessments(context.Context) ([]record.Assessment, error) { return c.assessed, nil }

func (c *city) CasesByNumber(_ context.Context, numbers []record.CaseNumber) (cases []record.Case, err error) {
	for _, n := range numbers {
		i := slices.IndexFunc(c.cases, func(k record.Case) bool { return k.Number == n })
		if i < 0 {
			return nil, fmt.Errorf("no case %s", n)
		}
		cases = append(cases, c.cases[i])
	}
	return cases, nil
}

func (c *city) Tombstones(context.Context) ([]record.Tombstone, error) { return c.stones, nil }

// Takedowns returns what was done to the cases; one that is withdrawn without an event was
// withdrawn for a reason of the law on the day of its tombstone.
func (c *city) Takedowns(context.Context) (all []record.Event, err error) {
	for _, k := range c.cases {
		told := false
		for _, e := range c.later[k.Number] {
			if slices.Contains(opendata.TakedownActs(), e.Kind) && (e.Kind != record.EventCorrect || e.Reason != "") {
				all = append(all, e)
				told = told || e.Kind == record.EventWithdraw
			}
		}
		for _, s := range c.stones {
			if s.Number == k.Number && !told {
				all = append(all, record.Event{Number: k.Number, Kind: record.EventWithdraw, Day: s.Day, Reason: record.Privacy})
			}
		}
	}
	return all, nil
}

func (c *city) book() *assess.Book {
	b := assess.NewBuilder(c.reg, c.cutoff)
	for _, k := range c.cases {
		b.Add(c.fact(k))
	}
	return b.Book()
}

func (c *city) fact(k record.Case) record.Fact {
	js, err := json.Marshal(k)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(js)
	f := record.Fact{Case: k, Hash: [16]byte(sum[:16]), Shown: c.shown[k.Number]}
	for _, e := range c.later[k.Number] {
		f.Changes++
		f.Changed = max(f.Changed, e.Day)
	}
	f.Question, f.Reply.Text = "", ""
	return f
}

// newCity returns a province with two counties, four units, and n cases in each
// of two months, all answered after five days but for every fourth.
func newCity(n int) *city {
	c := &city{cutoff: record.Date(2026, 11, 20), reg: record.Register{
		Areas: []record.Area{{Code: "990000", Name: "示例省", English: "Shili"}, {Code: "990101", Name: "东城区", Parent: "990000"}, {Code: "990102", Name: "西湖区", Parent: "990000"}},
		Units: []record.Unit{
			{ID: "ed-1", Name: "东城区教育局", Area: "990101"}, {ID: "ed-2", Name: "西湖区教育局", Area: "990102"},
			{ID: "water-1", Name: "东城区水务局", Area: "990101", English: "Dongcheng Water"}, {ID: "water-2", Name: "西湖区水务局", Area: "990102"},
		},
		Topics:   []record.Topic{{ID: "roads", Name: "道路"}, {ID: "lamps", Name: "路灯", Parent: "roads"}, {ID: "water", Name: "供水"}},
		Channels: []record.Channel{{ID: "hotline", Name: "12345热线"}, {ID: "web", Name: "网站"}},
	}}
	for m := record.MonthOf(2026, 9); m <= record.MonthOf(2026, 10); m++ {
		for i := 1; i <= n; i++ {
			u := c.reg.Units[i%4]
			k := record.Case{Row: record.Row{
				Number: record.NewCaseNumber(m, i), Prominence: record.Full, Unit: u.ID, Area: u.Area, Channel: c.reg.Channels[i%2].ID,
				Status: record.Replied, Received: m.First() + record.Day(i%20), Due: m.First() + record.Day(i%20+15), Answered: record.Yes, Finished: record.No,
				RepliedOn: m.First() + record.Day(i%20+5), Days: record.CountOf(5), OnTime: record.Yes,
			}, Topic: c.reg.Topics[1+i%2].ID, Kind: record.Consult, Title: fmt.Sprintf("路灯不亮 %d", i), Question: "路口的灯坏了。\n请修理。", Reply: record.Reply{Unit: u.ID, Text: "已经修好。"}}
			if i%4 == 0 {
				k = record.Case{Row: k.Row}
				k.Prominence, k.StubReason, k.Status = record.StubOnly, record.NotAnswered, record.Handling
				k.RepliedOn, k.Days, k.OnTime, k.Answered = 0, 0, record.Unknown, record.No
			}
			c.cases = append(c.cases, k)
		}
	}
	return c
}

// at returns the case with the given number for changing.
func (c *city) at(t testing.TB, n record.CaseNumber) *record.Case {
	t.Helper()
	for i := range c.cases {
		if c.cases[i].Number == n {
			return &c.cases[i]
		}
	}
	t.Fatalf("no case %s", n)
	return nil
}

// happen adds an event to the history of a case.
func (c *city) happen(n record.CaseNumber, kind record.EventKind, day record.Day) {
	if c.later == nil {
		c.later = map[record.CaseNumber][]record.Event{}
	}
	c.later[n] = append(c.later[n], record.Event{Number: n, Kind: kind, Day: day})
}

func (c *city) withdraw(t testing.TB, n record.CaseNumber) {
	k := c.at(t, n)
	*k = k.Stub(record.Withdrawn, record.Removed)
	c.stones = append(c.stones, record.Tombstone{Number: n, Unit: k.Unit, Reason: "by-law", Day: c.cutoff})
}

// themeLabels reads the labels of the theme, once.
var themeLabels = sync.OnceValues(func() (map[string]pages.Labels, error) { return pages.ReadLabels(os.DirFS("../../themes/huiyin")) })

func options(t testing.TB) pages.Options {
	t.Helper()
	read, err := themeLabels()
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]pages.Labels{}
	for lang, words := range read {
		labels[lang] = maps.Clone(words)
	}
	return pages.Options{
		BaseURL: "https://www.example.gov.cn/zwgk/huiyin", Version: "1", Labels: labels, Site: pages.Site{Name: "示例省诉求公开", NameEn: "Shili Cases"},
		Ranks: assess.DefaultRankRules(),
		Theme: func(layouts []string) ([32]byte, error) {
			return sha256.Sum256([]byte(strings.Join(layouts, " "))), nil
		},
		Texts: []pages.Text{
			{Path: "method.html", Layout: "page", Lang: "zh-CN", Title: "统计方法", Params: json.RawMessage(`{"body_html":"<p>甲</p>"}`)},
			{Path: "en/method.html", Layout: "page", Lang: "en", Title: "Method", Params: json.RawMessage(`{"body_html":"<p>A</p>"}`)},
		},
	}
}

func plan(t testing.TB, c *city, o pages.Options) []pages.Partition {
	t.Helper()
	parts, err := pages.Plan(t.Context(), c, c.book(), o)
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// site is everything that a plan makes, by path.
type site struct {
	pages map[string]pages.Page
	files map[string]pages.File
}

func build(t testing.TB, parts []pages.Partition) site {
	t.Helper()
	s := site{map[string]pages.Page{}, map[string]pages.File{}}
	for _, p := range parts {
		c, err := p.Make(t.Context())
		if err != nil {
			t.Fatalf("make %s: %v", p.Key, err)
		}
		if (len(c.Pages) > 0) == (len(c.Files) > 0) || (len(c.Pages) > 0) != (len(p.Layouts) > 0) {
			t.Errorf("partition %s holds %d pages and %d files with layouts %q", p.Key, len(c.Pages), len(c.Files), p.Layouts)
		}
		for _, page := range c.Pages {
			if _, ok := s.pages[page.Path]; ok {
				t.Errorf("page %s is made twice", page.Path)
			}
			if !slices.Contains(p.Layouts, page.Layout) {
				t.Errorf("page %s has layout %s, which partition %s does not name", page.Path, page.Layout, p.Key)
			}
			s.pages[page.Path] = page
		}
		for _, f := range c.Files {
			if _, ok := s.files[f.Path]; ok {
				t.Errorf("file %s is made twice", f.Path)
			}
			s.files[f.Path] = f
		}
	}
	return s
}

// params returns the parameters of a page as a layout sees them.
func (s site) params(t testing.TB, path string) map[string]any {
	t.Helper()
	p, ok := s.pages[path]
	if !ok {
		t.Fatalf("no page %s", path)
	}
	js, err := json.Marshal(p.Params)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(js, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// changed returns the keys of the partitions that differ between two plans:
// those that Hugo renders, and those that Go makes.
func changed(a, b []pages.Partition) (hugo, files []string) {
	old := map[string][32]byte{}
	for _, p := range a {
		old[p.Key] = p.Fingerprint
	}
	for _, p := range b {
		if f, ok := old[p.Key]; ok && f == p.Fingerprint {
			continue
		}
		if len(p.Layouts) > 0 {
			hugo = append(hugo, p.Key)
		} else {
			files = append(files, p.Key)
		}
	}
	return hugo, files
}

func TestPlanKeysAreUniqueAndSorted(t *testing.T) {
	parts := plan(t, newCity(310), options(t))
	good := regexp.MustCompile(`^[a-z0-9/-]+$`)
	for i, p := range parts {
		if !good.MatchString(p.Key) {
			t.Errorf("key %q", p.Key)
		}
		if i > 0 && parts[i-1].Key >= p.Key {
			t.Errorf("key %q comes after %q", p.Key, parts[i-1].Key)
		}
	}
}

func TestEveryPageIsThere(t *testing.T) {
	c := newCity(310)
	c.withdraw(t, "2609-000002")
	s := build(t, plan(t, c, options(t)))
	for path, layout := range map[string]string{
		"index.html": "front", "en/index.html": "front", "areas.html": "register", "en/units.html": "register", "topics.html": "register", "months.html": "register", "channels.html": "register",
		"area/990101/index.html": "scope", "en/area/990101/index.html": "scope", "unit/ed-1.html": "scope", "en/unit/ed-1.html": "scope", "unit/ed-1/1.html": "list", "unit/ed-1/2.html": "list",
		"month/2026-10.html": "scope", "month/2026-10/1.html": "list", "month/2026-10/4.html": "list", "topic/lamps.html": "scope", "channel/web.html": "scope",
		"case/2609-000001.html": "case", "case/2609-000004.html": "stub", "case/2609-000002.html": "tombstone", "case/2610-000310.html": "case",
		"method.html": "page", "en/method.html": "page", "site-map.html": "sitemap", "en/site-map.html": "sitemap", "404.html": "notice", "410.html": "notice",
	} {
		if got := s.pages[path].Layout; got != layout {
			t.Errorf("%s has layout %q, want %q", path, got, layout)
		}
	}
	for _, path := range []string{"feed.atom", "unit/ed-1.atom", "area/990000/feed.atom", "robots.txt", "sitemap.xml", "sitemap-2610-1.xml", "sitemap-pages-1.xml"} {
		if len(s.files[path].Body) == 0 {
			t.Errorf("%s is missing", path)
		}
	}
}

// TestLinksLead follows every path in every page's parameters.
func TestLinksLead(t *testing.T) {
	c := newCity(120)
	c.withdraw(t, "2610-000007")
	s := build(t, plan(t, c, options(t)))
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range []string{"path", "feed", "method", "list", "data", "whole", "book"} {
				to, _ := v[k].(string)
				if to == "" {
					continue
				}
				if _, ok := s.pages[to]; !ok && len(s.files[to].Body) == 0 {
					t.Errorf("%s links to %s, which is not there", at, to)
				}
			}
			for _, e := range v {
				walk(at, e)
			}
		case []any:
			for _, e := range v {
				walk(at, e)
			}
		}
	}
	for path := range s.pages {
		walk(path, s.params(t, path))
	}
}

func TestPlanIsDeterministic(t *testing.T) {
	a, b := newCity(310), newCity(310)
	pa, pb := plan(t, a, options(t)), plan(t, b, options(t))
	if hugo, files := changed(pa, pb); len(hugo)+len(files) > 0 {
		t.Fatalf("equal inputs, other fingerprints: %v %v", hugo, files)
	}
	js := func(parts []pages.Partition) string {
		var b strings.Builder
		for _, p := range parts {
			c, err := p.Make(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := json.NewEncoder(&b).Encode(c); err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	if js(pa) != js(pb) {
		t.Error("equal plans make different pages")
	}
}

// TestOneReply says exactly which partitions one late reply touches.
func TestOneReply(t *testing.T) {
	c := newCity(310)
	before := plan(t, c, options(t))
	k := c.at(t, "2610-000308") // unit ed-1, area 990101, channel hotline, not answered
	k.Prominence, k.StubReason, k.Status, k.Answered = record.Full, "", record.Replied, record.Yes
	k.RepliedOn, k.Days, k.OnTime, k.Topic, k.Title, k.Reply.Text = c.cutoff, record.CountOf(30), record.No, "lamps", "路灯", "已修。"
	hugo, files := changed(before, plan(t, c, options(t)))
	want := []string{"area/top", "bulletin/2026-10", "case/2610/0001", "channel/1/000", "home", "list/month/2610/0000", "list/unit/21/0000", "month/2026", "quality/1/000", "quality/all", "ranking/2026", "search/page", "topic/1/000", "unit/1/000"}
	if !slices.Equal(hugo, want) {
		t.Errorf("Hugo renders\n %q, want\n %q", hugo, want)
	}
	if want := []string{"data/figures/area/top", "data/figures/channel/1/000", "data/figures/home", "data/figures/month/2026", "data/figures/topic/1/000", "data/figures/unit/1/000", "data/month/2610", "data/quality/1/000", "data/quality/all", "data/ranking/2026", "data/unit/21", "data/whole", "feed/all", "feed/area/1/000", "feed/unit/1/000", "search/vocabulary", "sitemap/2610/1"}; !slices.Equal(files, want) {
		t.Errorf("Go makes\n %q, want\n %q", files, want)
	}
}

func TestCorrectedTextTouchesItsPage(t *testing.T) {
	c := newCity(310)
	before := plan(t, c, options(t))
	c.at(t, "2609-000001").Reply.Text = "更正后的答复。"
	hugo, _ := changed(before, plan(t, c, options(t)))
	if !slices.Contains(hugo, "case/2609/0000") || slices.Contains(hugo, "case/2609/0001") || slices.Contains(hugo, "list/month/2609/0000") {
		t.Errorf("Hugo renders %q", hugo)
	}
}

func TestNewCutoffLeavesCasesAndLists(t *testing.T) {
	c := newCity(310)
	before := plan(t, c, options(t))
	c.cutoff++
	hugo, files := changed(before, plan(t, c, options(t)))
	for _, key := range slices.Concat(hugo, files) {
		if strings.HasPrefix(key, "case/") || strings.HasPrefix(key, "list/") || strings.HasPrefix(key, "feed/") || strings.HasPrefix(key, "sitemap/") || key == "text" {
			t.Errorf("%s changes with the cut-off alone", key)
		}
	}
	if !slices.Contains(hugo, "home") || !slices.Contains(hugo, "unit/1/000") {
		t.Errorf("pages that print the cut-off stay as they were: %q", hugo)
	}
}

func TestFingerprintsFollowTheirInputs(t *testing.T) {
	base := plan(t, newCity(40), options(t))
	for _, test := range []struct {
		name   string
		change func(*city, *pages.Options)
		keys   []string // some that have to change
	}{
		{"theme", func(_ *city, o *pages.Options) {
			o.Theme = func(l []string) ([32]byte, error) { return sha256.Sum256([]byte("other" + l[0])), nil }
		}, []string{"case/2609/0000", "home", "text"}},
		{"version", func(_ *city, o *pages.Options) { o.Version = "2" }, []string{"case/2609/0000", "feed/all", "sitemap/index"}},
		{"name of a unit", func(c *city, _ *pages.Options) { c.reg.Units[1].Name = "西湖区教育体育局" }, []string{"case/2609/0000", "list/month/2609/0000", "unit/1/000", "feed/all"}},
		{"name of the site", func(_ *city, o *pages.Options) { o.Site.Name = "别名" }, []string{"case/2609/0000", "feed/all"}},
		{"a label", func(_ *city, o *pages.Options) { o.Labels["zh-CN"]["status.replied"] = "答复了" }, []string{"case/2609/0000"}},
		{"residents", func(c *city, _ *pages.Options) { c.reg.Areas[1].Residents = record.CountOf(9) }, []string{"area/top"}},
		{"a withdrawal", func(c *city, _ *pages.Options) { c.withdraw(t, "2609-000001") }, []string{"case/2609/0000", "list/month/2609/0000", "sitemap/2609/1", "feed/area/1/000"}},
	} {
		c, o := newCity(40), options(t)
		test.change(c, &o)
		hugo, files := changed(base, plan(t, c, o))
		for _, key := range test.keys {
			if !slices.Contains(hugo, key) && !slices.Contains(files, key) {
				t.Errorf("%s: partition %s keeps its fingerprint", test.name, key)
			}
		}
	}
}

func TestLastReplyOfRegisterIsNotAnInput(t *testing.T) {
	c := newCity(40)
	before := plan(t, c, options(t))
	c.reg.Units[0].LastReply = c.cutoff
	if hugo, files := changed(before, plan(t, c, options(t))); len(hugo)+len(files) > 0 {
		t.Errorf("changed %q %q", hugo, files)
	}
}

func TestMakeRefusesAnotherState(t *testing.T) {
	c := newCity(40)
	parts := plan(t, c, options(t))
	c.cases = c.cases[1:]
	for _, p := range parts {
		if p.Key == "case/2609/0000" {
			if _, err := p.Make(t.Context()); err == nil {
				t.Error("a partition whose cases changed after planning was made")
			}
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, change := range map[string]func(*pages.Options){
		"no base URL":         func(o *pages.Options) { o.BaseURL = "" },
		"relative base URL":   func(o *pages.Options) { o.BaseURL = "/huiyin/" },
		"no name":             func(o *pages.Options) { o.Site.Name = "" },
		"unknown language":    func(o *pages.Options) { o.Langs = []string{"zh-CN", "fr"} },
		"cn-gov without code": func(o *pages.Options) { o.Site.CNGov, o.Site.Organiser, o.Site.Contact = true, "甲", "乙" },
		"cn-gov, bad code": func(o *pages.Options) {
			o.Site = pages.Site{Name: "名", CNGov: true, Organiser: "甲", Contact: "乙", SiteCode: "12"}
		},
	} {
		o := options(t)
		change(&o)
		c := newCity(4)
		if _, err := pages.Plan(t.Context(), c, c.book(), o); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// BenchmarkPlan plans a city of 930 units and 100,000 cases.
func BenchmarkPlan(b *testing.B) {
	c := newCity(0)
	for i := range 926 {
		c.reg.Units = append(c.reg.Units, record.Unit{ID: record.UnitID(fmt.Sprintf("z-%04d", i)), Name: fmt.Sprintf("单位%d", i), Area: "990101"})
	}
	slices.SortFunc(c.reg.Units, func(x, y record.Unit) int { return cmp.Compare(x.ID, y.ID) })
	for m := record.MonthOf(2025, 12); m <= record.MonthOf(2026, 11); m++ {
		for i := 1; i <= 100_000/12; i++ {
			u := c.reg.Units[(i*7)%930]
			c.cases = append(c.cases, record.Case{Row: record.Row{Number: record.NewCaseNumber(m, i), Prominence: record.Full, Unit: u.ID, Area: u.Area, Channel: "web",
				Status: record.Replied, Received: m.First() + record.Day(i%20), RepliedOn: m.First() + record.Day(i%20+3), Days: record.CountOf(3)}, Topic: "lamps", Title: "路灯不亮"})
		}
	}
	facts := make([]record.Fact, len(c.cases))
	for i, k := range c.cases {
		facts[i] = c.fact(k)
	}
	book, r, o := c.book(), fixed{c, facts}, options(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pages.Plan(b.Context(), r, book, o); err != nil {
			b.Fatal(err)
		}
	}
}

// fixed is a city whose facts are made beforehand.
type fixed struct {
	*city
	facts []record.Fact
}

func (f fixed) Facts(context.Context) iter.Seq2[record.Fact, error] {
	return func(yield func(record.Fact, error) bool) {
		for _, x := range f.facts {
			if !yield(x, nil) {
				return
			}
		}
	}
}
