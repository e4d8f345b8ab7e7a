package search

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// DefaultPerPage is the number of hits on a page that does not ask for another.
const DefaultPerPage = 20

// How much one request may ask for.
const (
	MaxRunes   = 1000 // characters of a query
	MaxWords   = 20   // words and quotations of a query
	MaxPerPage = 100  // hits on a page
)

// maxFilterValues is how many values of one field can be chosen together.
const maxFilterValues = 100

// Request is a search as a reader asks for it: what stands in the address of
// the page. Its zero value asks for everything, newest first.
type Request struct {
	Q       string              // the query, see [Parse]
	Type    string              // the kind of documents, which is the tab; "": all
	Filters map[string][]string // identifiers per keyword field: any of them, in every field; sorted, without repetition
	From    int64               // first day of reply as yyyymmdd; zero: open
	To      int64               // last day of reply as yyyymmdd; zero: open
	Sort    string              // "": hits in the title first; else "newest", "oldest" or "wait" (longest from receipt to reply)
	Page    int                 // from 1; zero is read as 1
	PerPage int                 // zero is read as DefaultPerPage
}

// filterFields are the keyword fields that readers filter by, in the order in
// which they are shown.
func filterFields() []string {
	return []string{FieldUnit, FieldArea, FieldTopic, FieldChannel, FieldKind, FieldStatus, FieldRating, FieldYear, FieldMonth}
}

// RequestError says what is wrong with a request and what to change. It is the
// reader's mistake (400). Neither its code nor Error repeats anything of what
// was asked, so both can be logged; Text may.
type RequestError struct {
	Param string // the parameter: one that requests have, or "" for one they do not have
	Code  string // one lower-case word or several joined by "-"; stable
	Text  Label  // for the reader
}

// Error names the parameter and the code.
func (e *RequestError) Error() string {
	return "search: bad request: " + e.Param + ": " + e.Code
}

// Unwrap makes the error one of ErrQuery.
func (e *RequestError) Unwrap() error { return ErrQuery }

func badRequest(param, code, zh, en string) *RequestError {
	return &RequestError{Param: param, Code: code, Text: Label{ZH: zh, EN: en}}
}

// badQuery refuses a query with the sentence of the same name.
func badQuery(code string, parts ...part) *RequestError {
	return &RequestError{Param: "q", Code: code, Text: sentence(code, parts...)}
}

// ParseRequest reads a request from the parameters of an address: q, type,
// from and to (2026-11-20), sort, page, per_page, and the filters, which may be
// repeated. An empty parameter is as good as none, because forms send it. The
// parameters in own are the caller's, who reads them. Its error is a
// [*RequestError].
func ParseRequest(v url.Values, own ...string) (Request, error) {
	r := Request{Page: 1, PerPage: DefaultPerPage}
	// In the order of names, so that the same address always gets the same error.
	for _, name := range slices.Sorted(maps.Keys(v)) {
		var err *RequestError
		switch {
		case slices.Contains(own, name):
		case slices.Contains(filterFields(), name):
			err = r.readFilter(name, v[name])
		default:
			err = r.readParam(name, v[name])
		}
		if err != nil {
			return Request{}, err
		}
	}
	if r.From != 0 && r.To != 0 && r.From > r.To {
		return Request{}, badRequest("from", "days-reversed", "起始日期晚于截止日期，请调换。", "The first day is after the last. Please swap them.")
	}
	if r.Page > MaxWindow/r.PerPage {
		return Request{}, errPageTooFar()
	}
	return r, nil
}

func errPageTooFar() *RequestError {
	n := strconv.Itoa(MaxWindow)
	return badRequest("page", "page-too-far", "翻页最多到第 "+n+" 件。请缩小搜索范围，或下载全部结果。",
		"Pages end at result "+n+". Please narrow the search, or download all results.")
}

func (r *Request) readFilter(name string, values []string) *RequestError {
	var ids []string
	for _, s := range values {
		if s == "" {
			continue
		}
		if !validValue(s) {
			return badRequest(name, "bad-value", "筛选项的值不正确，请从列表中重新选择。", "This is not a value of the filter. Please choose it from the list again.")
		}
		ids = append(ids, s)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > maxFilterValues {
		n := strconv.Itoa(maxFilterValues)
		return badRequest(name, "too-many-values", "同一筛选项最多选 "+n+" 个值，请减少。", "At most "+n+" values of one filter can be chosen. Please remove some.")
	}
	if len(ids) > 0 {
		if r.Filters == nil {
			r.Filters = map[string][]string{}
		}
		r.Filters[name] = ids
	}
	return nil
}

// validValue reports whether s can be the value of a keyword field.
func validValue(s string) bool {
	return s != "" && len(s) <= maxKeyword && utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}

func (r *Request) readParam(name string, values []string) *RequestError {
	switch name {
	case "q", "type", "from", "to", "sort", "page", "per_page":
	default:
		shown := cut(Clean(name), 30)
		return badRequest("", "unknown-parameter", "不认识参数“"+shown+"”，请删除。", "There is no parameter “"+shown+"”. Please remove it.")
	}
	values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
	if len(values) > 1 {
		return badRequest(name, "repeated", "参数 "+name+" 只能出现一次，请删除其余的。", "The parameter "+name+" may appear only once. Please remove the others.")
	}
	if len(values) == 0 {
		return nil
	}
	s := values[0]
	switch name {
	case "q":
		// The length is checked first: the rest costs time in proportion to it.
		if len(s) > 4*MaxRunes || utf8.RuneCountInString(s) > MaxRunes {
			return badQuery("query-too-long", number(MaxRunes))
		}
		r.Q = canonicalQuery(s)
		if len(tokens(r.Q)) > MaxWords {
			return badQuery("too-many-words", number(MaxWords))
		}
	case "type":
		if !validValue(s) {
			return badRequest("type", "bad-value", "类型不正确，请重新选择。", "There is no such type. Please choose again.")
		}
		r.Type = s
	case "from", "to":
		day := parseDay(s)
		if day == 0 {
			return badRequest(name, "bad-day", "日期不正确，请按 2026-11-20 的格式填写。", "This is not a date. Please write it like 2026-11-20.")
		}
		if name == "from" {
			r.From = day
		} else {
			r.To = day
		}
	case "sort":
		if s != "newest" && s != "oldest" && s != "wait" {
			return badRequest("sort", "unknown-order", "没有这种排序方式，请改用 newest、oldest 或 wait。", "There is no such order. Please use newest, oldest or wait.")
		}
		r.Sort = s
	case "page", "per_page":
		n, ok := parseCount(s)
		if !ok {
			return badRequest(name, "bad-number", "参数 "+name+" 应为正整数，请改正。", "The parameter "+name+" must be a whole number from 1. Please change it.")
		}
		if name == "page" {
			r.Page = n
			break
		}
		if n > MaxPerPage {
			most := strconv.Itoa(MaxPerPage)
			return badRequest("per_page", "page-too-large", "每页最多 "+most+" 件，请改小。", "A page has at most "+most+" results. Please ask for fewer.")
		}
		r.PerPage = n
	}
	return nil
}

// canonicalQuery returns q with one blank for each run of blanks, control
// characters and bytes that are not UTF-8, none at either end, and no blanks
// but those of ASCII: what separates, separates alike.
func canonicalQuery(q string) string {
	return strings.Join(strings.FieldsFunc(q, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError
	}), " ")
}

// parseCount reads a whole number from 1 as it is printed. Numbers beyond any
// page are cut to 10^9, so that they are refused for their size.
func parseCount(s string) (int, bool) {
	if s[0] < '1' || s[0] > '9' || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	const most = 1_000_000_000
	n, err := strconv.Atoi(s)
	if err != nil {
		return most, true
	}
	return min(n, most), true
}

// parseDay reads a day like 2026-11-20 as yyyymmdd, or returns zero.
func parseDay(s string) int64 {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return 0
	}
	return int64(t.Year()*10000 + int(t.Month())*100 + t.Day())
}

// formatDay prints a day given as yyyymmdd like 2026-11-20; "" for zero or what
// is no day.
func formatDay(day int64) string {
	if day < 1_01_01 || day > 9999_12_31 {
		return ""
	}
	s := strconv.FormatInt(day+1_0000_00_00, 10)
	return s[1:5] + "-" + s[5:7] + "-" + s[7:]
}

// Values returns the request as the parameters of an address: what
// [ParseRequest] reads back as the same request. What is left at its default is
// left out, so that equal requests have one address.
func (r Request) Values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", r.Q)
	set("type", r.Type)
	set("from", formatDay(r.From))
	set("to", formatDay(r.To))
	set("sort", r.Sort)
	if r.Page > 1 {
		set("page", strconv.Itoa(r.Page))
	}
	if r.PerPage > 0 && r.PerPage != DefaultPerPage {
		set("per_page", strconv.Itoa(r.PerPage))
	}
	for field, ids := range r.Filters {
		if len(ids) > 0 {
			v[field] = slices.Compact(slices.Sorted(slices.Values(ids)))
		}
	}
	return v
}

// Encode returns the request as the query part of its permanent link, without
// the question mark.
func (r Request) Encode() string { return r.Values().Encode() }

// Ask returns r with another query, on the first page.
func (r Request) Ask(q string) Request {
	r = r.At(1)
	r.Q = canonicalQuery(q)
	return r
}

// Tab returns r for another type of document, on the first page.
func (r Request) Tab(typ string) Request {
	r = r.At(1)
	r.Type = typ
	return r
}

// Order returns r in another order, on the first page.
func (r Request) Order(sort string) Request {
	r = r.At(1)
	r.Sort = sort
	return r
}

// At returns r at a page, from 1.
func (r Request) At(page int) Request {
	r.Page = page
	return r
}

// With returns r with one more value of a filter, on the first page.
func (r Request) With(field, id string) Request {
	if slices.Contains(r.Filters[field], id) {
		return r.At(1)
	}
	return r.withFilter(field, append(slices.Clone(r.Filters[field]), id))
}

// Without returns r without a value of a filter, on the first page.
func (r Request) Without(field, id string) Request {
	return r.withFilter(field, slices.DeleteFunc(slices.Clone(r.Filters[field]), func(s string) bool { return s == id }))
}

// Unfiltered returns r without filters and days, but in the same tab, on the
// first page.
func (r Request) Unfiltered() Request {
	r = r.At(1)
	r.Filters, r.From, r.To = nil, 0, 0
	return r
}

// Filtered reports whether the request has a filter or a day.
func (r Request) Filtered() bool { return len(r.Filters) > 0 || r.From != 0 || r.To != 0 }

// withFilter returns r with other values of a filter. It never changes the map
// that r shares with others.
func (r Request) withFilter(field string, ids []string) Request {
	r = r.At(1)
	filters := maps.Clone(r.Filters)
	if filters == nil {
		filters = map[string][]string{}
	}
	slices.Sort(ids)
	filters[field] = ids
	if len(ids) == 0 {
		delete(filters, field)
	}
	if len(filters) == 0 {
		filters = nil
	}
	r.Filters = filters
	return r
}

func (r Request) page() int {
	if r.Page < 1 {
		return 1
	}
	return r.Page
}

func (r Request) perPage() int {
	if r.PerPage < 1 {
		return DefaultPerPage
	}
	return r.PerPage
}
