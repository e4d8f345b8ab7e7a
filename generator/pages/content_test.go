package pages_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// hostile is text that tries to become something else on its way to the page.
const hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)> {{< param \"secret\" >}} {{ .Site }} ]]> </script><!-- \u202Egnp.exe\u202C \x00\x1b[31m __hdeferred/\r\njavascript:alert(1) https://evil.example/ & \"quoted\" 'too'"

func TestHostileTextStaysText(t *testing.T) {
	c := newCity(8)
	k := c.at(t, "2609-000001")
	k.Title, k.Question, k.Reply.Text, k.Reply.Spokesman, k.OutcomeReason, k.Addressee = hostile, hostile, hostile, hostile, hostile, hostile
	k.Outcome = record.Supported
	k.Timeline = []record.Step{{Day: k.Received, What: hostile, Text: hostile}}
	k.Dispatches = []record.Dispatch{{Day: k.Received, From: "ed-1", To: "ed-2", Reason: hostile}}
	c.reg.Units[0].Name, c.reg.Topics[0].Name = hostile, hostile
	s := build(t, plan(t, c, options(t)))

	v := s.params(t, "case/2609-000001.html")
	for _, key := range []string{"question_html", "reply_html"} {
		text, _ := v[key].(string)
		doc, err := html.Parse(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type == html.CommentNode || n.Type == html.ElementNode && !slices.Contains([]string{"html", "head", "body", "p"}, n.Data) || len(n.Attr) > 0 {
				t.Errorf("%s holds the node <%s>", key, n.Data)
			}
		}
		if strings.Count(text, "<p>") != 2 {
			t.Errorf("%s has %d paragraphs, want 2", key, strings.Count(text, "<p>"))
		}
	}
	ld, _ := v["jsonld"].(string)
	if ld == "" || strings.ContainsAny(ld, "<>&") || !json.Valid([]byte(ld)) {
		t.Error("the JSON-LD is not JSON, or could end its script element")
	}
	for path := range s.pages {
		js, err := json.Marshal(s.params(t, path))
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"\u202e", "\u202c", `\u0000`, `\u001b`} {
			if strings.Contains(strings.ToLower(string(js)), bad) {
				t.Errorf("%s holds a control character %q", path, bad)
			}
		}
	}
	for path, f := range s.files {
		if strings.ContainsAny(string(f.Body), "\x00\x1b\u202e") {
			t.Errorf("%s holds a control character", path)
		}
		if strings.HasSuffix(path, ".atom") {
			parseFeed(t, path, f.Body)
		}
	}
}

func TestCasePage(t *testing.T) {
	c := newCity(8)
	k := c.at(t, "2609-000002")
	k.Rating = record.Rating{Scale: record.Five, Level: 2, Source: record.ByCitizen}
	k.Flags = []record.Flag{record.StatusBehindDates}
	v := build(t, plan(t, c, options(t))).params(t, "case/2609-000002.html")
	for key, want := range map[string]string{
		"number": "2609-000002", "received": "2026-09-03", "due": "2026-09-18", "replied": "2026-09-08", "days": "5", "on_time": "yes",
		"rating_scale": "five", "rating_level": "l2", "cite": "https://www.example.gov.cn/zwgk/huiyin/case/2609-000002.html", "question_html": "<p>路口的灯坏了。</p>\n<p>请修理。</p>\n",
	} {
		if got := v[key]; got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
	for _, key := range []string{"closed", "close_days", "reopened", "cutoff"} {
		if got, ok := v[key]; ok {
			t.Errorf("%s = %q, but it is not known", key, got)
		}
	}
	if prev, next := v["prev"].(map[string]any)["name"], v["next"].(map[string]any)["name"]; prev != "2609-000001" || next != "2609-000003" {
		t.Errorf("neighbours %v and %v", prev, next)
	}
	if !strings.Contains(v["jsonld"].(string), "GovernmentOrganization") || strings.Contains(v["jsonld"].(string), `"Person"`) {
		t.Error("the JSON-LD names no office, or a person")
	}
}

func TestStubShowsNoText(t *testing.T) {
	s := build(t, plan(t, newCity(8), options(t)))
	js, err := json.Marshal(s.params(t, "case/2609-000004.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"question_html", "reply_html", `"topic"`, `"kind"`, "jsonld"} {
		if strings.Contains(string(js), key) {
			t.Errorf("a stub has %s", key)
		}
	}
}

// TestWithdrawnCaseIsShownNowhere looks for the case in everything that is made
// after it was withdrawn.
func TestWithdrawnCaseIsShownNowhere(t *testing.T) {
	c := newCity(8)
	c.at(t, "2609-000001").Title = "独一无二的标题"
	before := build(t, plan(t, c, options(t)))
	shown := 0
	for path, p := range before.pages {
		js, _ := json.Marshal(p.Params)
		if strings.Contains(string(js), "独一无二的标题") || p.Title == "独一无二的标题" {
			shown++
			if !slices.Contains(p.Shows, "2609-000001") {
				t.Errorf("%s shows the case but does not say so", path)
			}
		}
	}
	// They stay, without the text, and say that the case was withdrawn.
	rows := func(path string) bool { return strings.HasPrefix(path, "data/rows") || path == "data/takedowns.csv" }
	for path, f := range before.files {
		if strings.Contains(string(f.Body), "独一无二的标题") || !rows(path) && strings.Contains(string(f.Body), "2609-000001") {
			shown++
			if !slices.Contains(f.Shows, "2609-000001") {
				t.Errorf("%s shows the case but does not say so", path)
			}
		}
	}
	if shown < 10 {
		t.Errorf("the case was shown in %d places; the test looks for nothing", shown)
	}
	c.withdraw(t, "2609-000001")
	after := build(t, plan(t, c, options(t)))
	for path, p := range after.pages {
		js, _ := json.Marshal(p.Params)
		if strings.Contains(string(js), "独一无二") || slices.Contains(p.Shows, "2609-000001") {
			t.Errorf("%s shows the withdrawn case", path)
		}
	}
	for path, f := range after.files {
		if strings.Contains(string(f.Body), "独一无二") || !rows(path) && strings.Contains(string(f.Body), "2609-000001") {
			t.Errorf("%s shows the withdrawn case", path)
		}
	}
	if !strings.Contains(string(after.files["data/rows.csv"].Body), "\n2609-000001,withdrawn,withdrawn,") {
		t.Error("the row of the withdrawn case is not among the rows")
	}
	v := after.params(t, "case/2609-000001.html")
	if v["reason"] != "by-law" || v["withdrawn"] != "2026-11-20" || v["received"] != nil {
		t.Errorf("tombstone %v", v)
	}
	if next := after.params(t, "case/2609-000002.html"); next["prev"] != nil {
		t.Error("the next case leads to the withdrawn one")
	}
}

// TestDenominatorCanBeCounted counts the rows of the lists against the figures.
func TestDenominatorCanBeCounted(t *testing.T) {
	c := newCity(120)
	c.withdraw(t, "2609-000001")
	s := build(t, plan(t, c, options(t)))
	rows := map[string]int{}
	for path, p := range s.pages {
		if p.Layout == "list" {
			dir := path[:strings.LastIndexByte(path, '/')]
			rows[dir] += len(s.params(t, path)["rows"].([]any))
		}
	}
	if rows["month/2026-09"] != 120 || rows["unit/ed-2"] != 60 {
		t.Errorf("rows %v", rows)
	}
	received := cells(t, s.params(t, "unit/ed-2.html"), "received")
	if received[1]["num"] != fmt.Sprint(rows["unit/ed-2"]) {
		t.Errorf("received %v, but the lists hold %d rows", received[1], rows["unit/ed-2"])
	}
}

// cells returns the row of a measure in the figures of a page.
func cells(t testing.TB, v map[string]any, measure string) []map[string]any {
	t.Helper()
	for _, r := range v["figures"].(map[string]any)["rows"].([]any) {
		r := r.(map[string]any)
		if r["id"] != measure {
			continue
		}
		var out []map[string]any
		for _, c := range r["cells"].([]any) {
			out = append(out, c.(map[string]any))
		}
		return out
	}
	t.Fatalf("no row %s", measure)
	return nil
}

func TestFiguresShowTheirParts(t *testing.T) {
	s := build(t, plan(t, newCity(8), options(t)))
	v := s.params(t, "index.html")
	got := cells(t, v, "replied-of-due")[1]
	if got["state"] != "rate" || got["percent"] != "75.00" || got["num"] != "12" || got["den"] != "16" {
		t.Errorf("replied of due: %v, want 75.00, 12 of 16", got)
	}
	if v["cutoff"] != "2026-11-20" {
		t.Errorf("cut-off %v", v["cutoff"])
	}
	// The office of this city delivers no ratings and no closing times.
	if got := cells(t, v, "rating-coverage")[1]; got["state"] != "unknown" || got["percent"] != nil {
		t.Errorf("rating coverage: %v, want unknown and no number", got)
	}
	if got := cells(t, v, "median-close-days")[1]; got["num"] != nil {
		t.Errorf("median days to closing: %v, want no number", got)
	}
}

// TestClosingsStandInForReplies is an office that delivers closings and no
// replies: its tables compare closings, and its reply rate is unknown.
func TestClosingsStandInForReplies(t *testing.T) {
	c := newCity(8)
	for i := range c.cases {
		k := &c.cases[i]
		k.ClosedOn, k.CloseDays, k.ClosedOnTime, k.Finished, k.Status = k.Received+3, record.CountOf(3), record.Yes, record.Yes, record.Closed
		k.RepliedOn, k.Days, k.OnTime, k.Answered = 0, 0, record.Unknown, record.Unknown
	}
	s := build(t, plan(t, c, options(t)))
	if got := cells(t, s.params(t, "en/index.html"), "replied-of-due")[1]; got["state"] != "unknown" {
		t.Errorf("replied of due: %v, want unknown", got)
	}
	cols := fmt.Sprint(s.params(t, "en/units.html")["tables"].([]any)[0].(map[string]any)["cols"])
	if !strings.Contains(cols, "Closed of received") || !strings.Contains(cols, "days to closing") {
		t.Errorf("columns %s", cols)
	}
}

func TestLanguages(t *testing.T) {
	s := build(t, plan(t, newCity(8), options(t)))
	v := s.params(t, "en/unit/water-1.html")
	if s.pages["en/unit/water-1.html"].Title != "Dongcheng Water" || s.pages["unit/water-1.html"].Title != "东城区水务局" {
		t.Error("the unit is not called by its name in the language of the page")
	}
	if got := s.params(t, "en/unit/ed-1.html")["name_lang"]; got != "zh-CN" {
		t.Errorf("a Chinese title in an English page has language %v", got)
	}
	alts, _ := json.Marshal(v["alts"])
	want := `[{"lang":"zh-CN","name":"中文","path":"unit/water-1.html","url":"https://www.example.gov.cn/zwgk/huiyin/unit/water-1.html"},{"lang":"en","name":"English","path":"en/unit/water-1.html","url":"https://www.example.gov.cn/zwgk/huiyin/en/unit/water-1.html"}]`
	if !sameJSON(t, string(alts), want) {
		t.Errorf("alternates %s", alts)
	}
	if v := s.params(t, "case/2609-000001.html"); v["alts"] != nil {
		t.Error("a case page stands once and has no alternates")
	}
	if got := len(s.params(t, "en/method.html")["measures"].([]any)); got < 9 {
		t.Errorf("%d measures on the method page", got)
	}
}

func sameJSON(t testing.TB, a, b string) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		t.Fatal("not JSON")
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func TestLabelsMatch(t *testing.T) {
	labels := options(t).Labels
	for key := range labels["zh-CN"] {
		if _, ok := labels["en"][key]; !ok {
			t.Errorf("en.yaml lacks %s", key)
		}
	}
	for key := range labels["en"] {
		if _, ok := labels["zh-CN"][key]; !ok {
			t.Errorf("zh-CN.yaml lacks %s", key)
		}
	}
	for list, words := range map[string][]string{
		"status": strs(record.Statuses()), "kind": strs(record.Kinds()), "reason": strs(record.StubReasons()),
		"gone_reason": {record.Privacy.Public(), record.Duplicate.Public(), record.WrongUnit.Public(), record.Mistake.Public()},
		"flag":        strs([]record.Flag{record.StatusWithoutReply, record.ReplyBeforeQuestion, record.CloseBeforeReceipt, record.FutureDate, record.StatusBehindDates, record.KindUnknownWord}),
		"outcome":     strs([]record.Outcome{record.Supported, record.Explained, record.NotSupported, record.Adopted, record.NotAdopted, record.Reviewed, record.ReReviewed}),
		"rated_by":    strs([]record.RatingSource{record.ByCitizen, record.ByCallback, record.ByMessage, record.ByPanel}),
		"rating_five": {"l1", "l5"}, "rating_three": {"l1", "l3"}, "rating_points": {"l1", "l5"},
	} {
		for _, w := range words {
			if labels["zh-CN"][list+"."+w] == "" {
				t.Errorf("no label for %s %s", list, w)
			}
		}
	}
}

func strs[T ~string](ws []T) []string {
	var out []string
	for _, w := range ws {
		out = append(out, string(w))
	}
	return out
}

// parsedFeed is what a feed reader makes of a feed.
type parsedFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"http://www.w3.org/2005/Atom id"`
	Title   string   `xml:"http://www.w3.org/2005/Atom title"`
	Updated string   `xml:"http://www.w3.org/2005/Atom updated"`
	Author  string   `xml:"http://www.w3.org/2005/Atom author>name"`
	Entries []struct {
		ID      string `xml:"http://www.w3.org/2005/Atom id"`
		Title   string `xml:"http://www.w3.org/2005/Atom title"`
		Updated string `xml:"http://www.w3.org/2005/Atom updated"`
		Link    struct {
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/2005/Atom link"`
	} `xml:"http://www.w3.org/2005/Atom entry"`
}

// parseFeed checks what RFC 4287 requires of a feed.
func parseFeed(t testing.TB, path string, body []byte) parsedFeed {
	t.Helper()
	var f parsedFeed
	d := xml.NewDecoder(strings.NewReader(string(body)))
	d.Strict = true
	if err := d.Decode(&f); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	times := []string{f.Updated}
	ids := map[string]bool{f.ID: true}
	if f.ID == "" || f.Title == "" || f.Author == "" {
		t.Errorf("%s lacks id, title or author", path)
	}
	for _, e := range f.Entries {
		if e.Title == "" || !strings.HasPrefix(e.ID, "tag:") || ids[e.ID] || !strings.HasPrefix(e.Link.Href, "https://") {
			t.Errorf("%s: bad entry %s", path, e.ID)
		}
		ids[e.ID] = true
		times = append(times, e.Updated)
	}
	for _, s := range times {
		if at, err := time.Parse(time.RFC3339, s); err != nil || !strings.HasSuffix(s, "+08:00") || at.After(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: time %q", path, s)
		}
	}
	return f
}

func TestFeeds(t *testing.T) {
	s := build(t, plan(t, newCity(120), options(t)))
	f := parseFeed(t, "feed.atom", s.files["feed.atom"].Body)
	if len(f.Entries) != 50 || f.ID != "tag:www.example.gov.cn,2026:feed.atom" {
		t.Errorf("%d entries, id %s", len(f.Entries), f.ID)
	}
	if !slices.IsSortedFunc(f.Entries, func(a, b struct {
		ID      string `xml:"http://www.w3.org/2005/Atom id"`
		Title   string `xml:"http://www.w3.org/2005/Atom title"`
		Updated string `xml:"http://www.w3.org/2005/Atom updated"`
		Link    struct {
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/2005/Atom link"`
	}) int {
		return strings.Compare(b.Updated, a.Updated)
	}) {
		t.Error("entries are not in the order of their days, newest first")
	}
	// The province's feed holds the cases of its counties; a unit without a
	// published case has an empty one.
	if n := len(parseFeed(t, "area", s.files["area/990000/feed.atom"].Body).Entries); n != 50 {
		t.Errorf("the province's feed has %d entries", n)
	}
	if n := len(parseFeed(t, "unit", s.files["unit/ed-1.atom"].Body).Entries); n != 0 {
		t.Errorf("the feed of a unit without published cases has %d entries", n)
	}
}

func TestSitemaps(t *testing.T) {
	type urlset struct {
		URLs []struct {
			Loc     string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
			LastMod string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 lastmod"`
		} `xml:",any"`
	}
	c := newCity(0)
	last := 41_000
	if testing.Short() {
		last = 1_000
	}
	for i := 1; i <= last; i++ {
		c.cases = append(c.cases, record.Case{Row: record.Row{Number: record.NewCaseNumber(record.MonthOf(2026, 9), i), Prominence: record.Full, Received: record.Date(2026, 9, 1)}, Title: "灯"})
	}
	leaks, err := pages.LeakPartitions(pages.Leaks{}, options(t))
	if err != nil {
		t.Fatal(err)
	}
	s := build(t, append(plan(t, c, options(t)), leaks...))
	var index urlset
	if err := xml.Unmarshal(s.files["sitemap.xml"].Body, &index); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, m := range index.URLs {
		path, ok := strings.CutPrefix(m.Loc, "https://www.example.gov.cn/zwgk/huiyin/")
		if !ok {
			t.Fatalf("sitemap %s", m.Loc)
		}
		body := s.files[path].Body
		var set urlset
		if err := xml.Unmarshal(body, &set); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(set.URLs) == 0 || len(set.URLs) >= 50_000 || len(body) >= 50<<20 {
			t.Errorf("%s holds %d addresses in %d bytes", path, len(set.URLs), len(body))
		}
		for _, u := range set.URLs {
			at := strings.TrimPrefix(u.Loc, "https://www.example.gov.cn/zwgk/huiyin/")
			if _, ok := s.pages[at]; !ok || listed[at] {
				t.Fatalf("%s lists %s, which is not there or listed twice", path, u.Loc)
			}
			listed[at] = true
		}
	}
	if !listed[record.CasePath(record.NewCaseNumber(record.MonthOf(2026, 9), last))] || !listed["en/unit/ed-1.html"] || listed["404.html"] {
		t.Errorf("%d pages listed, but not the right ones", len(listed))
	}
	if got := string(s.files["robots.txt"].Body); !strings.Contains(got, "\nSitemap: https://www.example.gov.cn/zwgk/huiyin/sitemap.xml\n") {
		t.Errorf("robots.txt: %s", got)
	}
}

func TestBrokenRegister(t *testing.T) {
	// Areas that go round in a circle, a topic below itself, a unit and a case
	// whose area and unit nobody knows: each has to end, and to be shown.
	c := newCity(8)
	c.reg.Areas = []record.Area{{Code: "a", Name: "甲", Parent: "b"}, {Code: "b", Name: "乙", Parent: "a"}}
	c.reg.Topics[0].Parent = "lamps"
	c.reg.Units[1].Area = "nowhere"
	c.at(t, "2609-000001").Unit = "nobody"
	s := build(t, plan(t, c, options(t)))
	if got := s.params(t, "case/2609-000001.html")["unit"].(map[string]any); got["name"] != "nobody" || got["path"] != nil {
		t.Errorf("unknown unit is shown as %v", got)
	}
	rows := 0
	for _, tb := range s.params(t, "units.html")["tables"].([]any) {
		rows += len(tb.(map[string]any)["rows"].([]any))
	}
	if rows != 4 {
		t.Errorf("%d units listed, want 4", rows)
	}
	if rows := s.params(t, "areas.html")["tables"].([]any)[0].(map[string]any)["rows"].([]any); len(rows) != 2 {
		t.Errorf("%d areas listed, want 2", len(rows))
	}
}

func TestEmptyInstallation(t *testing.T) {
	c := newCity(0)
	c.reg = record.Register{}
	s := build(t, plan(t, c, options(t)))
	if got := cells(t, s.params(t, "index.html"), "replied-of-due")[0]; got["state"] != "none" {
		t.Errorf("a rate of nothing is %v", got)
	}
	parseFeed(t, "feed.atom", s.files["feed.atom"].Body)
}

func FuzzText(f *testing.F) {
	f.Add(hostile)
	f.Add("一\n\n二\r\n\u3000\u3000三")
	o := options(f)
	f.Fuzz(func(t *testing.T, s string) {
		c := newCity(1)
		c.cases = c.cases[:1]
		c.cases[0].Title, c.cases[0].Question = s, s
		out := build(t, plan(t, c, o))
		v := out.params(t, "case/2609-000001.html")
		text, _ := v["question_html"].(string)
		z := html.NewTokenizer(strings.NewReader(text))
		for {
			tt := z.Next()
			if tt == html.ErrorToken {
				break
			}
			if name, attr := z.TagName(); tt != html.TextToken && (string(name) != "p" || attr) {
				t.Fatal("text became markup")
			}
		}
		if ld := v["jsonld"].(string); strings.ContainsAny(ld, "<>") || !json.Valid([]byte(ld)) {
			t.Fatal("JSON-LD is broken")
		}
		parseFeed(t, "feed.atom", out.files["feed.atom"].Body)
	})
}
