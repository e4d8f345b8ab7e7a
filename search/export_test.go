package search_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

var site = search.Site{Base: "https://example.org/huiyin/", Name: "东江回音", Author: "东江市人民政府", Tag: "example.org,2026"}

// write runs an export and returns what it wrote.
func write(t *testing.T, export func(context.Context, io.Writer, search.Request, search.Site) error, query string, site search.Site) string {
	t.Helper()
	var b bytes.Buffer
	if err := export(context.Background(), &b, request(t, query), site); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return b.String()
}

func TestWriteCSV(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	got := write(t, s.WriteCSV, "q=停水&sort=oldest&page=2&per_page=1", site)
	want := "\ufeff" + strings.ReplaceAll(`编号,类型,标题,单位,地区,领域,渠道,诉求类别,办理状态,评价,收到日期,答复日期,用时（天）,诉求内容,答复内容,网址,结果总数,统计截止,搜索网址
b-6,通报,停水情况通报,,,,,,,,2026-03-01,2026-03-02,1,本月停水 3 次。,,https://example.org/huiyin/case/b-6.html,3,2026-11-20,https://example.org/huiyin/search?q=%E5%81%9C%E6%B0%B4
2602-000003,诉求件,学校门口积水,住建局,,,,,,不满意,2026-02-03,2026-02-10,7,学校门口积水，停水也没有通知。,已转住建局。,https://example.org/huiyin/case/2602-000003.html,3,2026-11-20,https://example.org/huiyin/search?q=%E5%81%9C%E6%B0%B4
2601-000001,诉求件,小区停水,自来水公司,,供水,,,,非常满意,2026-01-10,2026-01-15,5,小区多次停水，物业不管。,已修复。,https://example.org/huiyin/case/2601-000001.html,3,2026-11-20,https://example.org/huiyin/search?q=%E5%81%9C%E6%B0%B4
`, "\n", "\r\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	english := site
	english.Lang, english.Search, english.Base = "en", "en/search", ""
	got = write(t, s.WriteCSV, "unit=water", english)
	want = "\ufeff" + strings.ReplaceAll(`Number,Type,Title,Office,Area,Topic,Channel,Kind,Status,Rating,Received,Replied,Days taken,Question,Reply,Address,Results in all,As of,Address of the search
2601-000001,Cases,小区停水,Waterworks,,Water,,,,非常满意,2026-01-10,2026-01-15,5,小区多次停水，物业不管。,已修复。,case/2601-000001.html,1,2026-11-20,en/search?unit=water
`, "\n", "\r\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in English, without a base (-want +got):\n%s", diff)
	}
	if got := write(t, s.WriteCSV, "q=单位:税务局", site); strings.Count(got, "\r\n") != 1 {
		t.Errorf("without hits: %q, want the names of the columns", got)
	}
}

// TestCSVCells writes texts that a spreadsheet would run, or that would break the
// table.
func TestCSVCells(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"停水", "停水"},
		{"=1+1", "'=1+1"},
		{"+86", "'+86"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"＝1", "'＝1"},
		{"＋1", "'＋1"},
		{"－1", "'－1"},
		{"＠a", "'＠a"},
		{" =1", "' =1"},
		{"　=1", "'　=1"},
		{"\u200b=1", "'\u200b=1"},
		{"\t停水", "'\t停水"},
		{"\n停水", "'\n停水"},
		{"\r=1", "' =1"},
		{"\x00=1", "\ufffd=1"},
		{"a=1", "a=1"},
		{"'=1", "'=1"},
		{`他说"停水",又`, `他说"停水",又`},
		{"一\n二", "一\n二"},
		{"一\r\n二", "一 \n二"},
		{"", ""},
	} {
		e := index(t, mark.String(), document(t, 1, "a", "title:标题", "question:"+test.text, "unit="+strings.Trim(test.text, "\r\n\t\x00")))
		file := write(t, search.NewSearcher(e, nil, search.SearcherOptions{}).WriteCSV, "", site)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%q: %d rows, %v", test.text, len(rows), err)
		}
		if got := rows[1][slices.Index(rows[0], "诉求内容")]; got != test.want {
			t.Errorf("%q stands in its cell as %q, want %q", test.text, got, test.want)
		}
		for i, cell := range rows[1] {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r\n") {
				t.Errorf("%q: a spreadsheet runs the cell %s", test.text, rows[0][i])
			}
		}
	}
}

func TestWriteJSONL(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	got := write(t, s.WriteJSONL, "q=物业&sort=newest", site)
	want := `{"search":{"query":"https://example.org/huiyin/search?q=%E7%89%A9%E4%B8%9A","total":2,"exact":true,"cutoff":"2026-11-20","release":7,"docs":6}}
{"number":"2602-000004","type":"case","url":"https://example.org/huiyin/case/2602-000004.html","title":"物业收费","unit":{"id":"house","name":"住建局","name_en":"Housing"},"area":null,"topic":null,"channel":null,"kind":null,"status":null,"rating":null,"received":"2026-02-05","replied":null,"days":null,"question":"物业乱收费。","reply":"物业已退费。"}
{"number":"2601-000001","type":"case","url":"https://example.org/huiyin/case/2601-000001.html","title":"小区停水","unit":{"id":"water","name":"自来水公司","name_en":"Waterworks"},"area":null,"topic":{"id":"supply","name":"供水","name_en":"Water"},"channel":null,"kind":null,"status":null,"rating":"5/5","received":"2026-01-10","replied":"2026-01-15","days":5,"question":"小区多次停水，物业不管。","reply":"已修复。"}
{"end":{"count":2}}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := write(t, s.WriteJSONL, "q=停电", site); strings.Count(got, "\n") != 2 || !strings.HasSuffix(got, `{"end":{"count":0}}`+"\n") {
		t.Errorf("without hits: %s", got)
	}
	odd := index(t, mark.String(), document(t, 1, "a", "question:<b>\r\n\u2028\x00\"\\"))
	got = write(t, search.NewSearcher(odd, nil, search.SearcherOptions{}).WriteJSONL, "", site)
	lines := strings.Split(got, "\n")
	var c search.ExportCase
	if err := json.Unmarshal([]byte(lines[1]), &c); err != nil || len(lines) != 4 || c.Question != "<b>\r\n\u2028\x00\"\\" {
		t.Errorf("an odd text comes back as %q, %v", c.Question, err)
	}
}

// failing is an engine whose Each breaks off after some hits, or counts other
// hits than it gives.
type failing struct {
	search.Engine
	after int   // hits; negative: all
	err   error // of Each
	total int   // added to the total
	exact bool
	hit   func() // called before each hit
}

func (f *failing) Search(ctx context.Context, q search.Query) (search.Result, error) {
	r, err := f.Engine.Search(ctx, q)
	r.Total, r.Exact = r.Total+f.total, f.exact
	return r, err
}

func (f *failing) Each(ctx context.Context, q search.Query, each func(search.Hit) error) error {
	n := 0
	return f.Engine.Each(ctx, q, func(h search.Hit) error {
		if n == f.after {
			return f.err
		}
		n++
		if f.hit != nil {
			f.hit()
		}
		return each(h)
	})
}

// TestExportBreaks exports from an engine that fails half way, or whose index
// changes: an error, and no file that looks whole.
func TestExportBreaks(t *testing.T) {
	var docs []search.Doc
	for i := range int64(300) {
		docs = append(docs, document(t, i+1, fmt.Sprintf("a-%d", i+1), "question:"+strings.Repeat("停水，", 100)))
	}
	whole := index(t, mark.String(), docs...)
	broken := errors.New("the index broke")
	for _, test := range []struct {
		name   string
		engine failing
		want   error
		silent bool // nothing is written
	}{
		{"whole", failing{after: -1, exact: true}, nil, false},
		{"at the first hit", failing{after: 0, err: broken, exact: true}, broken, true},
		{"half way", failing{after: 150, err: broken, exact: true}, broken, false},
		{"fewer hits than counted", failing{after: -1, exact: true, total: 1}, search.ErrChanged, false},
		{"more hits than counted", failing{after: -1, exact: true, total: -1}, search.ErrChanged, false},
		{"an estimate", failing{after: -1, total: 1}, nil, false},
	} {
		test.engine.Engine = whole
		s := search.NewSearcher(&test.engine, nil, search.SearcherOptions{})
		for kind, export := range map[string]func(context.Context, io.Writer, search.Request, search.Site) error{"CSV": s.WriteCSV, "JSONL": s.WriteJSONL} {
			var b bytes.Buffer
			err := export(context.Background(), &b, search.Request{}, site)
			if !errors.Is(err, test.want) || (b.Len() == 0) != test.silent {
				t.Errorf("%s, %s: error %v after %d bytes, want %v", kind, test.name, err, b.Len(), test.want)
			}
			if ended := strings.HasSuffix(b.String(), `{"end":{"count":300}}`+"\n"); kind == "JSONL" && ended != (test.want == nil) {
				t.Errorf("%s: the file has an end: %t", test.name, ended)
			}
			if rows := strings.Count(b.String(), "\r\n") - 1; kind == "CSV" && (rows == 300) != (test.want == nil) {
				t.Errorf("%s: the file has %d rows", test.name, rows)
			}
		}
	}
	estimate := failing{Engine: index(t, mark.String(), sixDocuments(t)...), after: -1, total: 1}
	if got := write(t, search.NewSearcher(&estimate, nil, search.SearcherOptions{}).WriteCSV, "unit=water", site); !strings.Contains(got, ",,2026-11-20,https://") {
		t.Errorf("an estimate stands as the total: %s", got)
	}
}

// TestExportStreams sees the first hits leave before the last ones are asked
// for.
func TestExportStreams(t *testing.T) {
	var docs []search.Doc
	for i := range int64(1000) {
		docs = append(docs, document(t, i+1, fmt.Sprintf("a-%d", i+1), "question:"+strings.Repeat("停水，", 100)))
	}
	e := &failing{Engine: index(t, mark.String(), docs...), after: -1, exact: true}
	s := search.NewSearcher(e, nil, search.SearcherOptions{})
	for _, export := range []func(context.Context, io.Writer, search.Request, search.Site) error{s.WriteCSV, s.WriteJSONL} {
		var out bytes.Buffer
		hits, held := 0, 0
		e.hit = func() {
			hits++
			held = max(held, hits*900-out.Len())
		}
		if err := export(context.Background(), &out, search.Request{}, site); err != nil {
			t.Fatal(err)
		}
		if held > 64<<10 {
			t.Errorf("%d bytes were held back", held)
		}
	}
}

// TestExportUnavailable exports from an engine without an index: an error, and
// not a byte.
func TestExportUnavailable(t *testing.T) {
	s := search.NewSearcher(scan.New(), nil, search.SearcherOptions{})
	for name, export := range map[string]func(context.Context, io.Writer, search.Request, search.Site) error{
		"CSV": s.WriteCSV, "JSONL": s.WriteJSONL, "Atom": s.WriteAtom,
	} {
		var b bytes.Buffer
		if err := export(context.Background(), &b, search.Request{}, site); !errors.Is(err, search.ErrNoIndex) || b.Len() > 0 {
			t.Errorf("%s: error %v after %d bytes", name, err, b.Len())
		}
		var bad *search.RequestError
		if err := export(context.Background(), &b, search.Request{Q: "月:11"}, site); !errors.As(err, &bad) && !errors.Is(err, search.ErrNoIndex) {
			t.Errorf("%s of a query that is none: %v", name, err)
		}
	}
}

// feed is what RFC 4287 asks of a feed, so that encoding/xml finds it.
type feed struct {
	XMLName xml.Name     `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string       `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      []string     `xml:"http://www.w3.org/2005/Atom id"`
	Title   []string     `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string     `xml:"http://www.w3.org/2005/Atom updated"`
	Author  []feedPerson `xml:"http://www.w3.org/2005/Atom author"`
	Links   []feedLink   `xml:"http://www.w3.org/2005/Atom link"`
	Entries []feedEntry  `xml:"http://www.w3.org/2005/Atom entry"`
}

type feedEntry struct {
	ID       []string     `xml:"http://www.w3.org/2005/Atom id"`
	Title    []string     `xml:"http://www.w3.org/2005/Atom title"`
	Updated  []string     `xml:"http://www.w3.org/2005/Atom updated"`
	Author   []feedPerson `xml:"http://www.w3.org/2005/Atom author"`
	Links    []feedLink   `xml:"http://www.w3.org/2005/Atom link"`
	Category []struct {
		Term string `xml:"term,attr"`
	} `xml:"http://www.w3.org/2005/Atom category"`
	Summary []string `xml:"http://www.w3.org/2005/Atom summary"`
}

type feedPerson struct {
	Name string `xml:"http://www.w3.org/2005/Atom name"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

// readFeed reads a feed and holds it to what RFC 4287 requires: exactly one id,
// title and updated; an author; identifiers that are absolute and differ; days
// as RFC 3339 has them; a link to itself and one to what each entry is about.
func readFeed(t *testing.T, text string) feed {
	t.Helper()
	var f feed
	d := xml.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&f); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if _, err := d.Token(); err != nil && err != io.EOF {
		t.Errorf("behind the feed: %v", err)
	}
	seen := map[string]bool{}
	construct := func(what string, id, title, updated []string, authors []feedPerson) {
		if len(id) != 1 || len(title) != 1 || len(updated) != 1 || len(authors) != 1 {
			t.Errorf("%s has %d ids, %d titles, %d times, %d authors, want 1 of each", what, len(id), len(title), len(updated), len(authors))
			return
		}
		if u, err := url.Parse(id[0]); err != nil || !u.IsAbs() || seen[id[0]] {
			t.Errorf("%s has the identifier %q, which is relative or not the only one", what, id[0])
		}
		seen[id[0]] = true
		if _, err := time.Parse(time.RFC3339, updated[0]); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if strings.TrimSpace(title[0]) == "" || strings.TrimSpace(authors[0].Name) == "" {
			t.Errorf("%s has an empty title or author", what)
		}
	}
	links := func(what string, all []feedLink, want ...string) {
		var got []string
		for _, l := range all {
			got = append(got, l.Rel+" "+l.Type)
			if _, err := url.Parse(l.Href); err != nil || l.Href == "" {
				t.Errorf("%s: link %q, %v", what, l.Href, err)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has the links %q, want %q", what, got, want)
		}
	}
	construct("the feed", f.ID, f.Title, f.Updated, f.Author)
	links("the feed", f.Links, "self application/atom+xml", "alternate text/html")
	for i, e := range f.Entries {
		what := fmt.Sprintf("entry %d", i)
		construct(what, e.ID, e.Title, e.Updated, e.Author)
		links(what, e.Links, "alternate text/html")
		if len(e.Summary) != 1 {
			t.Errorf("%s has %d summaries", what, len(e.Summary))
		}
	}
	return f
}

func TestWriteAtom(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	got := write(t, s.WriteAtom, "q=停水 小区&page=3&sort=oldest&type=case", site)
	want := `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">
  <id>tag:example.org,2026:search?q=%E5%81%9C%E6%B0%B4+%E5%B0%8F%E5%8C%BA&amp;type=case</id>
  <title>东江回音 · 搜索：“停水 小区”，诉求件</title>
  <updated>2026-01-15T00:00:00+08:00</updated>
  <author>
    <name>东江市人民政府</name>
  </author>
  <link rel="self" type="application/atom+xml" href="https://example.org/huiyin/search.atom?q=%E5%81%9C%E6%B0%B4+%E5%B0%8F%E5%8C%BA&amp;type=case"></link>
  <link rel="alternate" type="text/html" href="https://example.org/huiyin/search?q=%E5%81%9C%E6%B0%B4+%E5%B0%8F%E5%8C%BA&amp;type=case"></link>
  <entry>
    <id>tag:example.org,2026:case/2601-000001.html</id>
    <title>小区停水</title>
    <updated>2026-01-15T00:00:00+08:00</updated>
    <author>
      <name>自来水公司</name>
    </author>
    <link rel="alternate" type="text/html" href="https://example.org/huiyin/case/2601-000001.html"></link>
    <category term="supply" label="供水"></category>
    <summary>编号 2601-000001，自来水公司，收到 2026-01-10，答复 2026-01-15</summary>
  </entry>
</feed>
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	readFeed(t, got)
	for _, test := range []struct {
		name, query    string
		site           search.Site
		id, title      string
		updated, found string
	}{
		{"everything", "", site, "tag:example.org,2026:search", "东江回音 · 最新答复", "2026-03-02T00:00:00+08:00", "653214"},
		{"no hits", "q=停电", site, "tag:example.org,2026:search?q=%E5%81%9C%E7%94%B5", "东江回音 · 搜索：“停电”", "2026-11-20T00:00:00+08:00", ""},
		{"nothing to find", "q=单位:税务局", site, "tag:example.org,2026:search?q=%E5%8D%95%E4%BD%8D%3A%E7%A8%8E%E5%8A%A1%E5%B1%80", "东江回音 · 搜索：“单位:税务局”", "2026-11-20T00:00:00+08:00", ""},
		{"filters", "unit=house&from=2026-01-01", site, "tag:example.org,2026:search?from=2026-01-01&unit=house", "东江回音 · 搜索：住建局，2026-01-01 以后", "2026-02-10T00:00:00+08:00", "3"},
		{"English", "unit=house&q=学校", search.Site{Base: "https://example.org/", Search: "en/search", Name: "Echo", Lang: "en"},
			"https://example.org/en/search?q=%E5%AD%A6%E6%A0%A1&unit=house", "Echo · Search: “学校”, Housing", "2026-02-10T00:00:00+08:00", "3"},
		{"without a day of reply", "q=收费", search.Site{Base: "https://example.org/"}, "https://example.org/search?q=%E6%94%B6%E8%B4%B9", "搜索：“收费”", "2026-02-05T00:00:00+08:00", "4"},
		{"page of a static site", "q=收费", search.Site{Base: "https://example.org/", Search: "search.html"}, "https://example.org/search.html?q=%E6%94%B6%E8%B4%B9", "搜索：“收费”", "2026-02-05T00:00:00+08:00", "4"},
	} {
		f := readFeed(t, write(t, s.WriteAtom, test.query, test.site))
		found := ""
		for _, e := range f.Entries {
			found += regexp.MustCompile(`\d\.html$`).FindString(e.Links[0].Href)[:1]
		}
		if f.ID[0] != test.id || f.Title[0] != test.title || f.Updated[0] != test.updated || found != test.found {
			t.Errorf("%s: %s\n%s %s\nfound %s", test.name, f.ID[0], f.Title[0], f.Updated[0], found)
		}
		if self := f.Links[0].Href; !strings.Contains(self, "search.atom") {
			t.Errorf("%s: the feed is at %s", test.name, self)
		}
	}
}

// TestAtomWithoutAddress writes feeds of sites that know little of themselves:
// identifiers are absolute all the same, and the same each time.
func TestAtomWithoutAddress(t *testing.T) {
	docs := []search.Doc{document(t, 1, "a-1", "title:<停水>&\x01"), document(t, 2, "a-2")}
	s := search.NewSearcher(index(t, "", docs...), nil, search.SearcherOptions{})
	text := write(t, s.WriteAtom, "", search.Site{})
	f := readFeed(t, text)
	if f.Updated[0] != "1970-01-01T00:00:00+08:00" || f.Author[0].Name != "Huiyin" || f.Lang != "zh-CN" {
		t.Errorf("the feed is of %s by %s in %s", f.Updated[0], f.Author[0].Name, f.Lang)
	}
	if f.Entries[0].Title[0] != "a-2" || f.Entries[1].Title[0] != "<停水>&\ufffd" {
		t.Errorf("titles %q, %q", f.Entries[0].Title[0], f.Entries[1].Title[0])
	}
	for _, e := range f.Entries {
		if !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(e.ID[0]) {
			t.Errorf("identifier %s", e.ID[0])
		}
	}
	if again := write(t, s.WriteAtom, "", search.Site{}); again != text {
		t.Error("the same index gives another feed")
	}
	if other := readFeed(t, write(t, s.WriteAtom, "", search.Site{Name: "甲"})); other.Entries[0].ID[0] == f.Entries[0].ID[0] {
		t.Error("another site has the same identifiers")
	}
}

// TestAtomUpdated finds the latest day of a feed wherever it stands: documents
// without a reply come last and may be newer than the others.
func TestAtomUpdated(t *testing.T) {
	s := search.NewSearcher(index(t, "", document(t, 1, "a-1", "received=20260301"), document(t, 2, "a-2", "replied=20260110", "received=20260105")), nil, search.SearcherOptions{})
	f := readFeed(t, write(t, s.WriteAtom, "", site))
	if f.Updated[0] != "2026-03-01T00:00:00+08:00" || f.Entries[0].Updated[0] != "2026-01-10T00:00:00+08:00" {
		t.Errorf("feed of %s, first entry of %s", f.Updated[0], f.Entries[0].Updated[0])
	}
}

// TestAtomLength asks for more than a feed holds.
func TestAtomLength(t *testing.T) {
	var docs []search.Doc
	for i := range int64(60) {
		docs = append(docs, document(t, i+1, fmt.Sprintf("a-%d", i+1), "title:停水", "replied=20260101"))
	}
	s := search.NewSearcher(index(t, "", docs...), nil, search.SearcherOptions{})
	f := readFeed(t, write(t, s.WriteAtom, "q=停水&per_page=10", site))
	if len(f.Entries) != 50 || f.Entries[0].ID[0] != "tag:example.org,2026:case/a-60.html" || f.Entries[49].ID[0] != "tag:example.org,2026:case/a-11.html" {
		t.Errorf("%d entries from %s", len(f.Entries), f.Entries[0].ID[0])
	}
}

func TestWriteJSON(t *testing.T) {
	e := index(t, mark.String(), sixDocuments(t)...)
	s := search.NewSearcher(e, names(t), search.SearcherOptions{
		Suggester: words{"亭水": {"停水"}}, Synonymer: words{"亭水": {"学校"}}, Questioner: question{}, Facets: []string{"unit", "rating"},
	})
	for _, test := range []struct{ query, want string }{
		{"q=停水 2601-000001 -通报", `{
  "query": "https://example.org/huiyin/search?q=%E5%81%9C%E6%B0%B4+2601-000001+-%E9%80%9A%E6%8A%A5", "total": 0, "exact": true, "cutoff": "2026-11-20", "release": 7, "docs": 6,
  "page": 1, "per_page": 20, "pages": 1, "next": null, "prev": null,
  "number": {"number": "2601-000001", "url": "https://example.org/huiyin/case/2601-000001.html"},
  "hits": [], "facets": {}, "types": [], "notes": [], "suggestions": [], "synonyms": [], "instead": null,
  "help": {"words": [{"word": "停水", "total": 3, "exact": true}, {"word": "2601-000001", "total": 0, "exact": true}], "unfiltered": null}
}`},
		{"q=停水&per_page=1&page=2", `{
  "query": "https://example.org/huiyin/search?page=2&per_page=1&q=%E5%81%9C%E6%B0%B4", "total": 3, "exact": true, "cutoff": "2026-11-20", "release": 7, "docs": 6,
  "page": 2, "per_page": 1, "pages": 3, "next": "https://example.org/huiyin/search.json?page=3&per_page=1&q=%E5%81%9C%E6%B0%B4", "prev": "https://example.org/huiyin/search.json?per_page=1&q=%E5%81%9C%E6%B0%B4",
  "number": null,
  "hits": [{
    "number": "2601-000001", "type": "case", "url": "https://example.org/huiyin/case/2601-000001.html", "title": "小区停水",
    "title_html": "小区<mark>停水</mark>", "snippet_html": "小区多次<mark>停水</mark>，物业不管。", "snippet_of": "question",
    "unit": {"id": "water", "name": "自来水公司", "name_en": "Waterworks"}, "area": null, "topic": {"id": "supply", "name": "供水", "name_en": "Water"},
    "channel": null, "kind": null, "status": null, "rating": "5/5", "received": "2026-01-10", "replied": "2026-01-15", "days": 5, "crossing": false
  }],
  "facets": {
    "unit": [
      {"id": "gov", "name": "东江市", "name_en": "Dongjiang", "count": 1, "chosen": false},
      {"id": "house", "name": "住建局", "name_en": "Housing", "parent": "gov", "count": 1, "chosen": false},
      {"id": "water", "name": "自来水公司", "name_en": "Waterworks", "count": 1, "chosen": false}
    ],
    "rating": [{"id": "5/5", "name": "非常满意", "count": 1, "chosen": false}, {"id": "1/5", "name": "不满意", "count": 1, "chosen": false}]
  },
  "types": [{"id": "case", "name": "诉求件", "name_en": "Cases", "count": 2, "chosen": false}, {"id": "bulletin", "name": "通报", "name_en": "Bulletins", "count": 1, "chosen": false}],
  "notes": [], "suggestions": [], "synonyms": [], "instead": null, "help": null
}`},
		{"q=亭水&unit=edu", `{
  "query": "https://example.org/huiyin/search?q=%E4%BA%AD%E6%B0%B4&unit=edu", "total": 0, "exact": true, "cutoff": "2026-11-20", "release": 7, "docs": 6,
  "page": 1, "per_page": 20, "pages": 1, "next": null, "prev": null, "number": null, "hits": [],
  "facets": {"unit": [
    {"id": "gov", "name": "东江市", "name_en": "Dongjiang", "count": 0, "chosen": false},
    {"id": "edu", "name": "教育局", "name_en": "Education", "parent": "gov", "count": 0, "chosen": true}
  ]},
  "types": [], "notes": [], "suggestions": [],
  "synonyms": [{"word": "亭水", "with": "学校", "q": "学校", "query": "https://example.org/huiyin/search?q=%E5%AD%A6%E6%A0%A1&unit=edu", "total": 1, "exact": true}],
  "instead": null, "help": {"words": [{"word": "亭水", "total": 0, "exact": true}], "unfiltered": null}
}`},
		{"q=停水&unit=edu&sort=wait", `{
  "query": "https://example.org/huiyin/search?q=%E5%81%9C%E6%B0%B4&sort=wait&unit=edu", "total": 0, "exact": true, "cutoff": "2026-11-20", "release": 7, "docs": 6,
  "page": 1, "per_page": 20, "pages": 1, "next": null, "prev": null, "number": null, "hits": [],
  "facets": {"unit": [
    {"id": "gov", "name": "东江市", "name_en": "Dongjiang", "count": 1, "chosen": false},
    {"id": "house", "name": "住建局", "name_en": "Housing", "parent": "gov", "count": 1, "chosen": false},
    {"id": "edu", "name": "教育局", "name_en": "Education", "parent": "gov", "count": 0, "chosen": true},
    {"id": "water", "name": "自来水公司", "name_en": "Waterworks", "count": 1, "chosen": false}
  ]},
  "types": [], "notes": [], "suggestions": [], "synonyms": [], "instead": null,
  "help": {
    "words": [{"word": "停水", "total": 3, "exact": true}],
    "unfiltered": {"word": "", "with": "", "q": "停水", "query": "https://example.org/huiyin/search?q=%E5%81%9C%E6%B0%B4&sort=wait", "total": 3, "exact": true}
  }
}`},
		{"q=物业 退费怎么办 ，", `{
  "query": "https://example.org/huiyin/search?q=%E7%89%A9%E4%B8%9A+%E9%80%80%E8%B4%B9%E6%80%8E%E4%B9%88%E5%8A%9E+%EF%BC%8C", "total": 0, "exact": true, "cutoff": "2026-11-20", "release": 7, "docs": 6,
  "page": 1, "per_page": 20, "pages": 1, "next": null, "prev": null, "number": null, "hits": [], "facets": {}, "types": [],
  "notes": [{"code": "dropped", "zh": "“，”中没有文字或数字，未参加搜索。", "en": "“，” holds no letter or digit and was left out."}],
  "suggestions": [], "synonyms": [], "instead": null,
  "help": {"words": [{"word": "物业", "total": 2, "exact": true}, {"word": "退费怎么办", "total": 0, "exact": true}], "unfiltered": null}
}`},
	} {
		var b bytes.Buffer
		if err := search.WriteJSON(&b, answer(t, s, test.query), site); err != nil {
			t.Fatal(err)
		}
		var got, want any
		if err := errors.Join(json.Unmarshal(b.Bytes(), &got), json.Unmarshal([]byte(test.want), &want)); err != nil {
			t.Fatalf("%s: %v", test.query, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.query, diff)
		}
		if b.Bytes()[b.Len()-1] != '\n' || bytes.Count(b.Bytes(), []byte("\n")) != 1 {
			t.Errorf("%s: the JSON is not one line", test.query)
		}
	}
}

// TestPublicInstead shows the hits for the words of a question.
func TestPublicInstead(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{Questioner: question{}})
	var b bytes.Buffer
	if err := search.WriteJSON(&b, answer(t, s, "q=停水物业怎么办"), site); err != nil {
		t.Fatal(err)
	}
	var p search.PublicAnswer
	if err := json.Unmarshal(b.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Total != 0 || p.Instead == nil || p.Instead.Total != 1 || len(p.Instead.Hits) != 1 || p.Instead.Hits[0].Number != "2601-000001" ||
		!slices.Equal(p.Instead.Terms, []string{"停水", "物业"}) || p.Instead.Query != "https://example.org/huiyin/search?q=%E5%81%9C%E6%B0%B4+%E7%89%A9%E4%B8%9A" {
		t.Errorf("instead of a question: %s", b.String())
	}
}
