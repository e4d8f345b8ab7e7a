package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/httpget"
)

// shown is an answer in one line.
func shown(a answer, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	s := fmt.Sprintf("%q", a.items)
	if a.array {
		s += " array"
	}
	if a.more {
		s += " more"
	}
	if a.cursor != "" {
		s += fmt.Sprintf(" cursor %q", a.cursor)
	}
	if a.asOf != "" {
		s += " as of " + a.asOf
	}
	return s
}

func TestDecode(t *testing.T) {
	deep := func(n int) string { return strings.Repeat(`{"a":[`, n/2) + strings.Repeat("]}", n/2) }
	for _, tt := range []struct{ name, body, want string }{
		{"a page", `{"items":[{"n":1}, {"n":2}],"next_cursor":"c","has_more":true,"as_of":"2026-11-28"}`, `["{\"n\":1}" "{\"n\":2}"] more cursor "c" as of 2026-11-28`},
		{"another order, white space, other members", "{ \"total\":{\"items\":[1]},\t\"as_of\":null,\"has_more\" : false ,\"next_cursor\":\"\",\"items\":[ ] }\n", `[]`},
		{"a mark in front", "\ufeff{\"items\":[{}],\"has_more\":false}", `["{}"]`},
		{"an array", ` [{"n": 1} ,{}] `, `["{\"n\": 1}" "{}"] array`},
		{"an empty array", `[]`, `[] array`},
		{"items as they came", `[{"a":"\u8def\/","b":1.0e2,"a":001x}]`, "error: answers with broken JSON at byte 1"},
		{"doubtful items go through", "[{\"a\":1,\"a\":2,\"b\":\"\xff\"}]", `["{\"a\":1,\"a\":2,\"b\":\"\xff\"}"] array`},
		{"a cursor of all kinds", `{"items":[],"next_cursor":"\"é\n\u00e9&=/?#","has_more":true}`, `[] more cursor "\"é\né&=/?#"`},
		{"a moment", `{"items":[],"has_more":false,"as_of":"2026-11-28T23:00:00.5+08:00"}`, `[] as of 2026-11-28T23:00:00.5+08:00`},

		{"nothing", ``, "error: answers with JSON that breaks off"},
		{"no end", `{"items":[{"n":1}],"has_more":false`, "error: answers with JSON that breaks off"},
		{"no end of the items", `{"items":[{"n":1}`, "error: answers with JSON that breaks off"},
		{"no end behind a comma", `[{"n":1},`, "error: answers with JSON that breaks off"},
		{"no end of an item", `{"items":[{"n":"13812345678`, "error: answers with JSON that breaks off"},
		{"no end of a name", `{"items`, "error: answers with JSON that breaks off"},
		{"no end of a word", `{"items":[],"has_more":fal`, "error: answers with JSON that breaks off"},
		{"no end of a number", `{"items":[],"total":-1.`, "error: answers with JSON that breaks off"},
		{"no end behind a word", `{"items":[],"has_more":false`, "error: answers with JSON that breaks off"},
		{"no word", `{"items":[],"has_more":nein`, "error: answers with broken JSON at byte 23"},
		{"no name", `{5:1}`, "error: answers with broken JSON at byte 2"},
		{"no colon", `{"items" []}`, "error: answers with broken JSON at byte 9"},
		{"nothing in an object", `{ }`, "error: answers with an object that has no items"},
		{"NUL", "\x00", "error: answers with broken JSON at byte 0"},
		{"a page and NUL", "[]\x00", "error: answers with something behind the JSON"},
		{"a page and more", `[] {}`, "error: answers with something behind the JSON"},
		{"a page and rubbish", `[]]`, "error: answers with something behind the JSON"},
		{"HTML", " <html>13812345678", "error: answers with a web page, and not with JSON: perhaps the page of a log-in, of a proxy, or of an error"},
		{"no comma", `[{"n":1} {"n":2}]`, "error: answers with broken JSON at byte 9"},
		{"a comma too many", `[{"n":1},]`, "error: answers with broken JSON at byte 9"},
		{"a line break in a text", "[{\"n\":\"a\nb\"}]", "error: answers with broken JSON at byte 1"},
		{"single quotation marks", `{'items':[]}`, "error: answers with broken JSON at byte 1"},
		{"UTF-16", "\xff\xfe[\x00]\x00", "error: answers with broken JSON at byte 0"},

		{"a number", `13812345678`, "error: answers with JSON that is neither an object with items nor an array of items"},
		{"null", `null`, "error: answers with JSON that is neither an object with items nor an array of items"},
		{"no items", `{"has_more":false}`, "error: answers with an object that has no items"},
		{"another case of letters", `{"Items":[],"has_more":false}`, "error: answers with an object that has no items"},
		{"items null", `{"items":null,"has_more":false}`, "error: answers with items that are no array"},
		{"items an object", `{"items":{"n":1},"has_more":false}`, "error: answers with items that are no array"},
		{"an item null", `[{"n":1},null]`, "error: answers with an item that is no object"},
		{"an item a text", `["13812345678"]`, "error: answers with an item that is no object"},
		{"no has_more", `{"items":[],"next_cursor":"c"}`, "error: answers without has_more"},
		{"has_more a text", `{"items":[],"has_more":"false"}`, "error: answers with has_more that is neither true nor false"},
		{"has_more null", `{"items":[],"has_more":null}`, "error: answers with has_more that is neither true nor false"},
		{"a cursor of digits", `{"items":[],"next_cursor":5,"has_more":true}`, "error: answers with a next_cursor that is no text, or of more than 4096 bytes"},
		{"a cursor that is broken", "{\"items\":[],\"next_cursor\":\"\xff\",\"has_more\":true}", "error: answers with a next_cursor that is no text, or of more than 4096 bytes"},
		{"a cursor of half a pair", `{"items":[],"next_cursor":"\ud83d","has_more":true}`, "error: answers with a next_cursor that is no text, or of more than 4096 bytes"},
		{"a long cursor", `{"items":[],"next_cursor":"` + strings.Repeat("c", 4097) + `","has_more":true}`, "error: answers with a next_cursor that is no text, or of more than 4096 bytes"},
		{"more without a cursor", `{"items":[],"next_cursor":null,"has_more":true}`, "error: says that there is more (has_more), and not where (next_cursor)"},
		{"a day that is none", `{"items":[],"has_more":false,"as_of":"2026-11-31"}`, "error: " + errAsOf.Error()},
		{"a time without its zone", `{"items":[],"has_more":false,"as_of":"2026-11-28T10:00:00"}`, "error: " + errAsOf.Error()},
		{"a day in digits", `{"items":[],"has_more":false,"as_of":20261128}`, "error: " + errAsOf.Error()},
		{"a member twice", `{"items":[],"has_more":true,"has_more":false}`, "error: answers with an object that has a member twice"},
		{"a member twice, escaped", `{"items":[{"n":1}],"has_more":false,"\u0069tems":[]}`, "error: answers with an object that has a member twice"},

		{"deep enough", "[" + deep(100) + "]", fmt.Sprintf("[%q] array", deep(100))},
		{"too deep", "[" + deep(102) + "]", "error: answers with an item that is nested more than 100 deep"},
		{"a million deep", "[" + deep(1_000_000) + "]", "error: answers with broken JSON at byte 1"},
		{"a million deep beside the items", `{"x":` + deep(1_000_000) + `}`, "error: answers with broken JSON at byte 5"},
		{"brackets in texts are no depth", `[{"a":"` + strings.Repeat(`[{\"\\`, 200) + `"}]`, ""},
		{"a member that files keep", `[{"n":1,"_meta":{"count":7}}]`, "error: " + errMeta.Error()},
		{"the same, escaped", `[{"\u005fmeta":1}]`, "error: " + errMeta.Error()},
		{"the same, deeper", `[{"n":{"_meta":1},"x":"_meta"}]`, `["{\"n\":{\"_meta\":1},\"x\":\"_meta\"}"] array`},
		{"too many items", "[" + strings.Repeat("{},", maxItems) + "{}]", "error: answers with more than 50000 items at once; it must heed limit"},
		{"too large an item", `[{"a":"` + strings.Repeat("a", maxItem) + `"}]`, "error: answers with an item of more than 8388608 bytes"},
	} {
		a, err := decode([]byte(tt.body))
		got := shown(a, err)
		if tt.want == "" {
			tt.want = fmt.Sprintf("[%q] array", tt.body[1:len(tt.body)-1])
		}
		if got != tt.want {
			t.Errorf("%s (-want +got):\n%s", tt.name, cmp.Diff(tt.want, got))
		}
		if err != nil && strings.Contains(err.Error(), "138") {
			t.Errorf("%s: the error shows what was received: %v", tt.name, err)
		}
	}
}

func TestAsOfDay(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"2026-11-28":                "2026-11-28",
		"2024-02-29":                "2024-02-29",
		"2026-11-28T00:00:00+08:00": "2026-11-28",
		"2026-11-28T15:59:59Z":      "2026-11-28",
		"2026-11-28T16:00:00Z":      "2026-11-29",
		"2026-2-3":                  "",
		"2026-11-28 10:00":          "",
		"13812345678":               "",
	} {
		if got := asOfDay(in); got != want {
			t.Errorf("%q is of %q", in, got)
		}
	}
	if _, err := asOfHeader(http.Header{"As-Of": {"yesterday"}}); !errors.Is(err, errAsOf) {
		t.Error(err)
	}
}

func TestNextLink(t *testing.T) {
	for _, tt := range []struct {
		headers []string
		want    string // "!" for an error
	}{
		{nil, ""},
		{[]string{""}, ""},
		{[]string{`</a?page=2>; rel="next"`}, "/a?page=2"},
		{[]string{`</a>;rel=next`}, "/a"},
		{[]string{`< /a >  ;  REL = "NEXT"  `}, "/a"},
		{[]string{`</a>; rel="last next"`}, "/a"},
		{[]string{`</z>; rel=prev, </a>; rel=next, </l>; rel=last`}, "/a"},
		{[]string{`</z>; rel=prev`, `</a>; rel=next`}, "/a"},
		{[]string{`, ,</a>; rel=next,`}, "/a"},
		{[]string{`</a,b;c>; title="x, <y>; rel=prev \" z"; rel=next`}, "/a,b;c"},
		{[]string{`</a>; rel=next; rel=prev`}, "/a"},
		{[]string{`</a>; rel=prev; rel=next`}, ""},
		{[]string{`</a>; rel=nextpage, </b>; rel="x-next"`}, ""},
		{[]string{`</a>; rel=next; anchor="/other"`}, ""},
		{[]string{`</a>; flag; rel=next; ;`}, "/a"},
		{[]string{`</a>; title*=UTF-8''%e4%b8%8b; rel=next`}, "/a"},
		{[]string{`</a>; rel=next, </a>; rel=next`}, "/a"},
		{[]string{`</a>; rel=next, </b>; rel=next`}, "!"},
		{[]string{`/a; rel=next`}, "!"},
		{[]string{`</a; rel=next`}, "!"},
		{[]string{`</a>; rel="next`}, "!"},
		{[]string{`</a>; rel="next\`}, "!"},
		{[]string{`</a> rel=next`}, "!"},
		{[]string{`<>; rel=next`}, "!"},
	} {
		got, err := nextLink(tt.headers)
		if err != nil {
			got = "!"
		}
		if got != tt.want {
			t.Errorf("%q: %q", tt.headers, got)
		}
	}
}

// One that has more pages than anybody is left after so many.
func TestTooManyPages(t *testing.T) {
	st := state{Format: format}
	for n := range maxPages {
		a := answer{items: [][]byte{fmt.Append(nil, "{", n)}, more: true, cursor: fmt.Sprint(n)}
		err := st.advance(a, 1, nil)
		if (err != nil) != (n == maxPages-1) || err != nil && !errors.Is(err, errEndless) {
			t.Fatalf("page %d: %v", n+1, err)
		}
	}
	if size := len(st.encode()); size > 300<<10 {
		t.Errorf("the state has %d bytes", size)
	}
}

// pagedHost answers as one that holds n items and gives out as many at a time as it is
// asked for, behind a cursor that is the number of those that were sent.
type pagedHost struct {
	n     int
	asked []string // queries
}

func (h *pagedHost) Get(_ context.Context, address string, _ http.Header) (*httpget.Response, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	h.asked = append(h.asked, u.RawQuery)
	limit, err := strconv.Atoi(u.Query().Get("limit"))
	if err != nil {
		return nil, err
	}
	from, _ := strconv.Atoi(u.Query().Get("cursor")) // none is the beginning
	to := min(from+limit, h.n)
	var items []string
	for i := from; i < to; i++ {
		items = append(items, fmt.Sprintf(`{"n":%d}`, i))
	}
	body := fmt.Sprintf(`{"items":[%s],"has_more":%v,"next_cursor":"%d"}`, strings.Join(items, ","), to < h.n, to)
	return &httpget.Response{Status: http.StatusOK, Header: http.Header{}, Body: []byte(body), URL: u}, nil
}

// A walk that has too many pages stays where it is under the same limit, and is begun anew,
// from where it began, under a larger one: all of it comes. One that has room goes on.
func TestTooManyPagesUnderALargerLimit(t *testing.T) {
	h := &pagedHost{n: maxPages + 11}
	kept := state{Format: format, At: place{Cursor: "10"}}
	for n := range maxPages - 1 {
		if err := kept.advance(answer{items: [][]byte{fmt.Appendf(nil, `{"n":%d}`, 10+n)}, more: true, cursor: fmt.Sprint(11 + n)}, 1, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		limit, items int
		first        string // that is asked for
		fails        bool
	}{
		{1, 0, "cursor=10009&limit=1", true},
		{6000, maxPages + 1, "cursor=10&limit=6000", false},
	} {
		f, err := New(Options{URL: "https://platform.test/cases", Limit: tt.limit}, h)
		if err != nil {
			t.Fatal(err)
		}
		kept.Source, h.asked = f.source, nil
		items, void := 0, 0
		w, err := f.Fetch(t.Context(), kept.encode(), func(p source.Page) error {
			if p.Restart {
				void, items = void+1, 0
			}
			items += len(p.Items)
			return nil
		})
		if items != tt.items || h.asked[0] != tt.first || (void == 1) == tt.fails {
			t.Errorf("limit %d: %d items, %d times anew, asked for %q", tt.limit, items, void, h.asked)
		}
		if msg, hint, _ := fault.Public(err); (err != nil) != tt.fails || tt.fails && (msg != "platform.test has more than the 10000 pages that are read in one walk" || !strings.Contains(hint, "set a larger limit for this feed")) {
			t.Errorf("limit %d: %v, hint %q", tt.limit, err, hint)
		}
		if bytes.Contains(w.State, []byte(`"limit"`)) {
			t.Errorf("a walk that has ended is remembered with its limit: %s", w.State)
		}
	}
}

// A walk that has room goes on where it was, whatever the limit.
func TestLargerLimit(t *testing.T) {
	f, err := New(Options{URL: "https://platform.test/cases", Limit: 500}, nil)
	if err != nil {
		t.Fatal(err)
	}
	st := state{Format: format, Source: f.source}
	if err := st.advance(answer{items: [][]byte{[]byte("{}")}, more: true, cursor: "c"}, 1, nil); err != nil {
		t.Fatal(err)
	}
	if got, void, err := f.resume(st.encode()); err != nil || void || got.At.Cursor != "c" {
		t.Errorf("%+v, void %v, %v", got.At, void, err)
	}
}

// An answer that is taken is what encoding/json makes of it; what is refused is not
// JSON, or not of the contract.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"items":[{"n":1},{"a":[{}]}],"next_cursor":"c","has_more":true,"as_of":"2026-11-28"}`, `[{"n":1} , {}]`, `[]`, `{"items":[],"has_more":false}`,
		`[{"_meta":1}]`, `{"items":[{}],"items":[]}`, "\ufeff[]", `[{"a":"\ud800"}]`, `[1]`, `{`, `[{"a":"[\"{"}]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		a, err := decode(body)
		if !bytes.Equal(before, body) {
			t.Fatal("the body was changed")
		}
		if err != nil {
			if len(a.items) > 0 || a.more {
				t.Fatal("something is kept of an answer that is refused")
			}
			return
		}
		body = bytes.TrimPrefix(body, []byte("\ufeff"))
		if !json.Valid(body) {
			t.Fatal("this is no JSON")
		}
		var want []json.RawMessage
		if a.array {
			err = json.Unmarshal(body, &want)
		} else {
			var o map[string]json.RawMessage
			if err = json.Unmarshal(body, &o); err == nil {
				err = json.Unmarshal(o["items"], &want)
			}
			if more := string(bytes.TrimSpace(o["has_more"])) == "true"; more != a.more || more && a.cursor == "" {
				t.Fatalf("more: %v", a.more)
			}
		}
		if err != nil || !slices.EqualFunc(want, a.items, func(w json.RawMessage, g []byte) bool { return bytes.Equal(w, g) }) {
			t.Fatalf("%q, want %q, %v", a.items, want, err)
		}
	})
}

// A link that is taken stood in the header, between its brackets.
func FuzzNextLink(f *testing.F) {
	for _, s := range []string{`</a?page=2>; rel="next"`, `</z>; rel=prev, </a>; rel=next`, `</a>; title="\", <b>; rel=next`, `<a>;rel=next;anchor=b,<c>;rel="x next"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		next, err := nextLink([]string{s})
		if err != nil && next != "" {
			t.Errorf("%q with an error", next)
		}
		if next != "" && (!strings.Contains(s, next) || strings.Contains(next, ">") || !strings.Contains(strings.ToLower(s), "next")) {
			t.Errorf("%q of %q", next, s)
		}
		again, err2 := nextLink([]string{s, s})
		if (err == nil) != (err2 == nil) || again != next {
			t.Errorf("twice: %q, %v", again, err2)
		}
	})
}

// A state of any bytes is refused or gone on with, and never leads to another host.
func FuzzResume(f *testing.F) {
	feed, err := New(Options{URL: "https://platform.test/cases?area=1"}, nil)
	if err != nil {
		f.Fatal(err)
	}
	st := state{Format: format, Source: feed.source, At: place{Cursor: "c"}}
	f.Add(st.encode())
	st.At, st.Open = place{Next: "/x?y"}, true
	st.Asked.add(mark{1})
	st.Asked.add(mark{2})
	f.Add(st.encode())
	st.Ended, st.Begin = true, place{Since: "2026-11-28"}
	f.Add(st.encode())
	f.Add([]byte(`{"format":1,"source":"","at":{"next":"@evil.test/"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		st, _, err := feed.resume(text)
		if err != nil {
			return
		}
		if a := feed.address(st.At); !strings.HasPrefix(a, "https://platform.test/") {
			t.Errorf("%q leads to %s", text, a)
		}
	})
}
