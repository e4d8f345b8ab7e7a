package search

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRequest(t *testing.T) {
	for _, test := range []struct {
		query string
		want  Request
		link  string // of the request; "": query itself
	}{
		{"", Request{}, ""},
		{"q=停水", Request{Q: "停水"}, "q=%E5%81%9C%E6%B0%B4"},
		{"q=&type=&from=&sort=&page=&per_page=&unit=&unit=", Request{}, " "},
		{"q=%20%E3%80%80停水%09%0A-物业%00%FF", Request{Q: "停水 -物业"}, "q=%E5%81%9C%E6%B0%B4+-%E7%89%A9%E4%B8%9A"},
		{"page=1&per_page=20", Request{}, " "},
		{"page=&page=3", Request{Page: 3}, "page=3"},
		{"page=500", Request{Page: 500}, ""},
		{"page=100&per_page=100", Request{Page: 100, PerPage: 100}, ""},
		{"type=case&sort=newest", Request{Type: "case", Sort: "newest"}, "sort=newest&type=case"},
		{"unit=b&unit=a&unit=b&unit=", Request{Filters: map[string][]string{"unit": {"a", "b"}}}, "unit=a&unit=b"},
		{"rating=4/5&month=2026-11", Request{Filters: map[string][]string{"rating": {"4/5"}, "month": {"2026-11"}}}, "month=2026-11&rating=4%2F5"},
		{`unit=a%22b%5C'c`, Request{Filters: map[string][]string{"unit": {`a"b\'c`}}}, "unit=a%22b%5C%27c"},
		{"unit=%3Cscript%3E", Request{Filters: map[string][]string{"unit": {"<script>"}}}, "unit=%3Cscript%3E"},
		{"from=2026-01-01&to=2026-12-31", Request{From: 20260101, To: 20261231}, ""},
		{"from=2026-11-20&to=2026-11-20", Request{From: 20261120, To: 20261120}, ""},
		{"from=0001-01-01", Request{From: 10101}, ""},
		{"sort=wait&part=found", Request{Sort: "wait"}, "sort=wait"},
	} {
		v, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		if test.want.Page == 0 {
			test.want.Page = 1
		}
		if test.want.PerPage == 0 {
			test.want.PerPage = DefaultPerPage
		}
		got, err := ParseRequest(v, "part")
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", test.query, err, diff)
			continue
		}
		if test.link == "" {
			test.link = test.query
		}
		if link := got.Encode(); link != strings.TrimSpace(test.link) {
			t.Errorf("%s: its link is %s, want %s", test.query, link, test.link)
		}
	}
}

func TestParseRequestRefuses(t *testing.T) {
	long := strings.Repeat("停", 1001)
	for _, test := range []struct{ query, param, code string }{
		{"colour=red", "", "unknown-parameter"},
		{"Q=停水", "", "unknown-parameter"},
		{"days=3", "", "unknown-parameter"},
		{"title=停水", "", "unknown-parameter"},
		{"part=found", "", "unknown-parameter"},
		{"q=a&q=b", "q", "repeated"},
		{"page=1&page=2", "page", "repeated"},
		{"q=" + long, "q", "query-too-long"},
		{"q=" + strings.Repeat("a", 10_000), "q", "query-too-long"},
		{"q=" + strings.Repeat("%F0%9F%98%80", 1001), "q", "query-too-long"},
		{"q=" + strings.Repeat("停+", 21), "q", "too-many-words"},
		{"q=" + strings.Repeat("%22", 42), "q", "too-many-words"},
		{"type=a%00", "type", "bad-value"},
		{"type=" + strings.Repeat("a", 201), "type", "bad-value"},
		{"unit=a%0Ab", "unit", "bad-value"},
		{"unit=%FF", "unit", "bad-value"},
		{"topic=" + long, "topic", "bad-value"},
		{"unit=" + strings.Join(slices.Collect(numbers(101)), "&unit="), "unit", "too-many-values"},
		{"from=2026-11-31", "from", "bad-day"},
		{"from=2026-1-1", "from", "bad-day"},
		{"to=20261120", "to", "bad-day"},
		{"to=0000-01-01", "to", "bad-day"},
		{"to=%E4%BB%8A%E5%A4%A9", "to", "bad-day"},
		{"from=2026-11-21&to=2026-11-20", "from", "days-reversed"},
		{"sort=title", "sort", "unknown-order"},
		{"sort=-replied", "sort", "unknown-order"},
		{"page=0", "page", "bad-number"},
		{"page=-1", "page", "bad-number"},
		{"page=01", "page", "bad-number"},
		{"page=1.5", "page", "bad-number"},
		{"page=%EF%BC%91", "page", "bad-number"},
		{"per_page=0", "per_page", "bad-number"},
		{"per_page=x", "per_page", "bad-number"},
		{"per_page=101", "per_page", "page-too-large"},
		{"per_page=99999999999999999999", "per_page", "page-too-large"},
		{"page=501", "page", "page-too-far"},
		{"page=1000000000", "page", "page-too-far"},
		{"page=99999999999999999999", "page", "page-too-far"},
		{"page=101&per_page=100", "page", "page-too-far"},
	} {
		v, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = ParseRequest(v)
		var bad *RequestError
		if !errors.As(err, &bad) || bad.Param != test.param || bad.Code != test.code || !errors.Is(err, ErrQuery) {
			t.Errorf("%.60s: error %v, want %s: %s", test.query, err, test.param, test.code)
			continue
		}
		if bad.Text.ZH == "" || bad.Text.EN == "" || !strings.Contains(bad.Text.ZH, "请") || !strings.Contains(bad.Text.EN, "lease") {
			t.Errorf("%.60s: the error does not say in both languages what to change: %v", test.query, bad.Text)
		}
		if want := "search: bad request: " + test.param + ": " + test.code; err.Error() != want {
			t.Errorf("%.60s: what is logged is %q, want %q", test.query, err, want)
		}
	}
}

// numbers yields numbers in letters.
func numbers(n int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(strings.Repeat("a", i+1)) {
				return
			}
		}
	}
}

// TestSameError reads an address with several mistakes: always the same one is
// told, whatever the order of maps.
func TestSameError(t *testing.T) {
	v := url.Values{"zz": {"1"}, "page": {"x"}, "from": {"x"}, "unit": {"\x00"}, "sort": {"x"}}
	for range 20 {
		_, err := ParseRequest(v)
		var bad *RequestError
		if !errors.As(err, &bad) || bad.Param != "from" {
			t.Fatalf("error %v, want that of from", err)
		}
	}
}

// TestRequestChanges makes other requests out of one, which stays as it is.
func TestRequestChanges(t *testing.T) {
	r := Request{Q: "停水", Type: "case", Filters: map[string][]string{"unit": {"a", "c"}, "topic": {"t"}}, From: 20260101, Sort: "newest", Page: 4, PerPage: 50}
	before := r.Encode()
	for _, test := range []struct {
		name string
		got  Request
		want string
	}{
		{"Ask", r.Ask(" 停电　 "), "from=2026-01-01&per_page=50&q=停电&sort=newest&topic=t&type=case&unit=a&unit=c"},
		{"Tab", r.Tab(""), "from=2026-01-01&per_page=50&q=停水&sort=newest&topic=t&unit=a&unit=c"},
		{"Order", r.Order("wait"), "from=2026-01-01&per_page=50&q=停水&sort=wait&topic=t&type=case&unit=a&unit=c"},
		{"At", r.At(5), "from=2026-01-01&page=5&per_page=50&q=停水&sort=newest&topic=t&type=case&unit=a&unit=c"},
		{"With", r.With("unit", "b"), "from=2026-01-01&per_page=50&q=停水&sort=newest&topic=t&type=case&unit=a&unit=b&unit=c"},
		{"With what it has", r.With("unit", "a"), "from=2026-01-01&per_page=50&q=停水&sort=newest&topic=t&type=case&unit=a&unit=c"},
		{"Without", r.Without("topic", "t"), "from=2026-01-01&per_page=50&q=停水&sort=newest&type=case&unit=a&unit=c"},
		{"Without what it has not", r.Without("area", "x"), "from=2026-01-01&per_page=50&q=停水&sort=newest&topic=t&type=case&unit=a&unit=c"},
		{"Unfiltered", r.Unfiltered(), "per_page=50&q=停水&sort=newest&type=case"},
	} {
		want, err := url.ParseQuery(test.want)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, test.got.Values()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	if r.Encode() != before {
		t.Errorf("the request itself became %s", r.Encode())
	}
	if !r.Filtered() || r.Unfiltered().Filtered() || !(Request{To: 20260101}).Filtered() {
		t.Error("Filtered is wrong about a request")
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, query := range []string{
		"", "q=停水&type=case&from=2026-01-01&to=2026-12-31&sort=newest&page=2&per_page=50&unit=a&unit=b&month=2026-11",
		"q=%22%00%FF-&page=1000000000", "unit=%22%5C&colour=red", "per_page=&page=&q=", "from=2026-02-29",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		v, _ := url.ParseQuery(query) // what can be read of it
		before := maps.Clone(v)
		r, err := ParseRequest(v)
		if diff := cmp.Diff(before, v); diff != "" {
			t.Fatalf("%q: the parameters were changed:\n%s", query, diff)
		}
		if err != nil {
			var bad *RequestError
			if !errors.As(err, &bad) || bad.Code == "" || bad.Text.ZH == "" || bad.Text.EN == "" {
				t.Fatalf("%q: %v", query, err)
			}
			return
		}
		again, err := ParseRequest(r.Values())
		if diff := cmp.Diff(r, again); err != nil || diff != "" {
			t.Fatalf("%q: its link reads otherwise: %v (-want +got):\n%s", query, err, diff)
		}
		if r.Page*r.PerPage > MaxWindow {
			t.Fatalf("%q: page %d of %d", query, r.Page, r.PerPage)
		}
	})
}
