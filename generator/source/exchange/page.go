package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/source"
)

// What an answer may be at most.
const (
	maxItems = 50_000
	maxItem  = 8 << 20 // bytes
	maxDepth = 100     // levels of nesting in an item, as source.ParseJSON
)

// answer is what an answer says. The items are parts of the body.
type answer struct {
	items  [][]byte
	array  bool   // no object around the items
	more   bool   // whether to go on, with one of:
	cursor string // also where the next walk begins, when there is no more
	next   string
	asOf   string
}

var (
	errWebPage   = errors.New("answers with a web page, and not with JSON: perhaps the page of a log-in, of a proxy, or of an error")
	errShort     = errors.New("answers with JSON that breaks off")
	errBehind    = errors.New("answers with something behind the JSON")
	errKind      = errors.New("answers with JSON that is neither an object with items nor an array of items")
	errNoItems   = errors.New("answers with an object that has no items")
	errItems     = errors.New("answers with items that are no array")
	errItem      = errors.New("answers with an item that is no object")
	errMeta      = errors.New("answers with an item that has a member _meta, which is kept for the files in which items are laid down")
	errDeep      = fmt.Errorf("answers with an item that is nested more than %d deep", maxDepth)
	errLarge     = fmt.Errorf("answers with an item of more than %d bytes", maxItem)
	errMany      = fmt.Errorf("answers with more than %d items at once; it must heed limit", maxItems)
	errNoMore    = errors.New("answers without has_more")
	errMore      = errors.New("answers with has_more that is neither true nor false")
	errCursor    = fmt.Errorf("answers with a next_cursor that is no text, or of more than %d bytes", maxPlace)
	errNowhere   = errors.New("says that there is more (has_more), and not where (next_cursor)")
	errTwice     = errors.New("answers with an object that has a member twice")
	errAsOf      = errors.New("answers with an as_of that is neither a day such as 2026-11-28 nor a time with its zone such as 2026-11-28T02:00:00+08:00")
	errLink      = errors.New("answers with a Link header that cannot be read, or that has several next pages")
	errElsewhere = errors.New("sends on to a page of another host, which is not asked")
)

// decode reads an answer. It is as strict as JSON (RFC 8259) about the whole; what of an
// item could be misread is for whoever reads it: broken characters, names that stand
// twice. An error says nothing of the text.
func decode(body []byte) (answer, error) {
	p := pageReader{b: bytes.TrimPrefix(body, []byte("\ufeff"))}
	a, err := p.answer()
	if err != nil {
		return answer{}, err
	}
	if p.next() != 0 || p.i < len(p.b) {
		return answer{}, errBehind
	}
	return a, nil
}

// pageReader takes a body apart without copying any of it. Where a value ends it finds by
// its brackets; whether it is JSON is for encoding/json to say.
type pageReader struct {
	b []byte
	i int
}

// next returns the next byte that is no white space, without taking it; 0 at the end.
func (p *pageReader) next() byte {
	for ; p.i < len(p.b); p.i++ {
		switch c := p.b[p.i]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// take takes one of two marks, and says whether it was the first.
func (p *pageReader) take(first, second byte) (bool, error) {
	switch c := p.next(); {
	case p.i == len(p.b):
		return false, errShort
	case c != first && c != second:
		return false, p.broken()
	default:
		p.i++
		return c == first, nil
	}
}

func (p *pageReader) broken() error { return fmt.Errorf("answers with broken JSON at byte %d", p.i) }

// value takes a value of at most max bytes; 0 is no limit.
func (p *pageReader) value(max int) ([]byte, error) {
	c, level := p.next(), 0
	from := p.i
	for p.i < len(p.b) {
		switch p.b[p.i] {
		case '"':
			for p.i++; p.i < len(p.b) && p.b[p.i] != '"'; p.i++ {
				if p.b[p.i] == '\\' {
					p.i++
				}
			}
			if p.i >= len(p.b) {
				return nil, errShort
			}
		case '{', '[':
			level++
		case '}', ']':
			level--
		}
		p.i++
		if level <= 0 && (c == '"' || c == '{' || c == '[' || p.i < len(p.b) && bytes.IndexByte([]byte(",:]} \t\r\n"), p.b[p.i]) >= 0) {
			break
		}
	}
	raw := p.b[from:p.i:p.i]
	switch {
	case level > 0 || len(raw) == 0 || p.i == len(p.b) && begun(raw):
		return nil, errShort
	case max > 0 && len(raw) > max:
		return nil, errLarge
	case !json.Valid(raw):
		p.i = from
		return nil, p.broken()
	}
	return raw, nil
}

// begun says whether a word or a number lacks its end.
func begun(raw []byte) bool {
	for _, word := range []string{"true", "false", "null"} {
		if len(raw) < len(word) && strings.HasPrefix(word, string(raw)) {
			return true
		}
	}
	return (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9') && strings.IndexByte("-+.eE", raw[len(raw)-1]) >= 0
}

// answer reads the whole.
func (p *pageReader) answer() (a answer, err error) {
	switch p.next() {
	case '[':
		a.array = true
		a.items, err = p.items()
		return a, err
	case '{':
		return p.object()
	case 0:
		if p.i == len(p.b) {
			return a, errShort
		}
	case '<':
		return a, errWebPage
	}
	if _, err := p.value(0); err != nil {
		return a, err
	}
	return a, errKind
}

// object reads the object around the items.
func (p *pageReader) object() (a answer, err error) {
	seen := map[string]bool{}
	p.i++
	if p.next() == '}' {
		p.i++
		return a, errNoItems
	}
	for more := true; more; {
		raw, err := p.value(0)
		if err != nil {
			return a, err
		}
		var name string
		if raw[0] != '"' || json.Unmarshal(raw, &name) != nil {
			return a, p.broken()
		}
		if _, err := p.take(':', ':'); err != nil {
			return a, err
		}
		switch name {
		case "items", "next_cursor", "has_more", "as_of":
			if seen[name] {
				return a, errTwice
			}
			seen[name] = true
		}
		if name == "items" && p.next() == '[' {
			a.items, err = p.items()
		} else if raw, err = p.value(0); err == nil {
			err = a.member(name, raw)
		}
		if err != nil {
			return a, err
		}
		if more, err = p.take(',', '}'); err != nil {
			return a, err
		}
	}
	switch {
	case !seen["items"]:
		return a, errNoItems
	case !seen["has_more"]:
		return a, errNoMore
	case a.more && a.cursor == "":
		return a, errNowhere
	}
	return a, nil
}

// member takes what stands beside the items. Members that the contract does not know are
// passed over.
func (a *answer) member(name string, raw []byte) error {
	switch name {
	case "items":
		return errItems
	case "has_more":
		switch string(raw) {
		case "true", "false":
			a.more = string(raw) == "true"
		default:
			return errMore
		}
	case "next_cursor":
		s, ok := text(raw)
		if !ok || len(s) > maxPlace {
			return errCursor
		}
		a.cursor = s
	case "as_of":
		s, ok := text(raw)
		if !ok || s != "" && !validAsOf(s) {
			return errAsOf
		}
		a.asOf = s
	}
	return nil
}

// text reads a string or null. One with characters that cannot be sent back as they came,
// in whose place the decoder puts U+FFFD, is none.
func text(raw []byte) (string, bool) {
	var s *string
	if json.Unmarshal(raw, &s) != nil || s != nil && strings.ContainsRune(*s, utf8.RuneError) {
		return "", false
	}
	if s == nil {
		return "", true
	}
	return *s, true
}

// items reads an array of items.
func (p *pageReader) items() ([][]byte, error) {
	items := [][]byte{}
	p.i++
	if p.next() == ']' {
		p.i++
		return items, nil
	}
	for {
		raw, err := p.value(maxItem)
		if err != nil {
			return nil, err
		}
		if err := checkItem(raw); err != nil {
			return nil, err
		}
		if len(items) == maxItems {
			return nil, errMany
		}
		items = append(items, raw)
		if more, err := p.take(',', ']'); err != nil || !more {
			return items, err
		}
	}
}

// checkItem looks at an item that is JSON.
func checkItem(raw []byte) error {
	switch {
	case raw[0] != '{':
		return errItem
	case depth(raw) > maxDepth:
		return errDeep
	}
	if !bytes.Contains(raw, []byte("_meta")) && !bytes.Contains(raw, []byte(`\u`)) {
		return nil
	}
	// One that cannot be read strictly is set aside with its line, by whoever reads it.
	if n, err := source.ParseJSON(raw); err == nil {
		if _, is := n.Member("_meta"); is {
			return errMeta
		}
	}
	return nil
}

// depth returns how deep a JSON value is nested.
func depth(raw []byte) int {
	level, deepest := 0, 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			level++
			deepest = max(deepest, level)
		case '}', ']':
			level--
		case '"':
			for i++; raw[i] != '"'; i++ {
				if raw[i] == '\\' {
					i++
				}
			}
		}
	}
	return deepest
}

// validAsOf says whether a text is a day, or a time with its zone.
func validAsOf(s string) bool { return asOfDay(s) != "" }

// asOfDay returns the day of an as_of in the time zone of China; "" for "" and for what
// is none.
func asOfDay(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return s
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return ""
	}
	return at.In(time.FixedZone("", 8*60*60)).Format(time.DateOnly)
}

// asOfHeader reads the header As-Of, in which an array or a 304 states its as_of.
func asOfHeader(h http.Header) (string, error) {
	s := strings.TrimSpace(h.Get("As-Of"))
	if s != "" && !validAsOf(s) {
		return "", errAsOf
	}
	return s, nil
}
