package meilitest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// expr is a parsed filter: either a condition on an attribute or a joint of
// others.
type expr struct {
	op     string // and, or, not; =, >, >=, <, <=, TO, IN, EXISTS, NULL, EMPTY, STARTS
	kids   []*expr
	attr   string
	start  int    // of the attribute in source
	end    int    // of the attribute in source
	source string // the whole filter string it stands in

	operands []operand // of the condition
	keys     map[string]bool
	numbers  map[float64]bool
}

// maxDepth is how deeply a filter may be nested.
const maxDepth = 200

// parseFilter reads a filter as a request gives it: a string, or a list (and) of
// strings and lists (or) of strings. Nothing at all is nil.
func parseFilter(raw json.RawMessage, code string) (*expr, *apiError) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, refuse("malformed_payload", err.Error())
	}
	return parseFilterValue(v, code, 0)
}

func parseFilterValue(v any, code string, depth int) (*expr, *apiError) {
	switch v := v.(type) {
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, nil
		}
		p := &filterParser{source: v, code: code}
		e, err := p.or(0)
		if err == nil && p.rest() != "" {
			err = p.fail(fmt.Sprintf("Found unexpected characters at the end of the filter: `%s`. You probably forgot an `OR` or an `AND` rule.", p.source[p.pos:]), p.pos)
		}
		return e, err
	case []any:
		if depth > 1 {
			break
		}
		joint := &expr{op: []string{"and", "or"}[depth]}
		for _, v := range v {
			kid, err := parseFilterValue(v, code, depth+1)
			if err != nil {
				return nil, err
			}
			if kid != nil {
				joint.kids = append(joint.kids, kid)
			}
		}
		if len(joint.kids) == 0 {
			return nil, nil
		}
		return joint, nil
	}
	want := "Array"
	if depth > 0 {
		want = "String"
	}
	return nil, refuse(code, fmt.Sprintf("Invalid syntax for the filter parameter: `expected %s, found: %s`.", want, compact(v)))
}

type filterParser struct {
	source, code string
	pos          int
}

// fail refuses the filter at one place.
func (p *filterParser) fail(msg string, at int) *apiError {
	column := len([]rune(p.source[:at])) + 1
	return refuse(p.code, fmt.Sprintf("%s\n%d:%d %s", msg, column, column, p.source))
}

// rest passes over blanks and returns what is left.
func (p *filterParser) rest() string {
	for p.pos < len(p.source) && strings.IndexByte(" \t\r\n", p.source[p.pos]) >= 0 {
		p.pos++
	}
	return p.source[p.pos:]
}

// keyword takes a word, in any case, that ends at something else.
func (p *filterParser) keyword(word string) bool {
	rest := p.rest()
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return false
	}
	if len(rest) > len(word) && valueRune(rune(rest[len(word)])) {
		return false
	}
	p.pos += len(word)
	return true
}

func (p *filterParser) symbol(s string) bool {
	if !strings.HasPrefix(p.rest(), s) {
		return false
	}
	p.pos += len(s)
	return true
}

func (p *filterParser) or(depth int) (*expr, *apiError) {
	return p.chain("or", depth, func() (*expr, *apiError) {
		return p.chain("and", depth, func() (*expr, *apiError) { return p.not(depth) })
	})
}

func (p *filterParser) chain(op string, depth int, next func() (*expr, *apiError)) (*expr, *apiError) {
	first, err := next()
	if err != nil {
		return nil, err
	}
	joint := &expr{op: op, kids: []*expr{first}}
	for p.keyword(op) {
		e, err := next()
		if err != nil {
			return nil, err
		}
		joint.kids = append(joint.kids, e)
	}
	if len(joint.kids) == 1 {
		return first, nil
	}
	return joint, nil
}

func (p *filterParser) not(depth int) (*expr, *apiError) {
	if depth > maxDepth {
		return nil, p.fail("The filter exceeded the maximum depth limit. Try rewriting the filter so that it contains fewer nested conditions.", p.pos)
	}
	if p.keyword("NOT") {
		e, err := p.not(depth + 1)
		return negate(e), err
	}
	if p.symbol("(") {
		e, err := p.or(depth + 1)
		if err == nil && !p.symbol(")") {
			err = p.fail("Expression `"+p.source+"` is missing the following closing delimiter: `)`.", p.pos)
		}
		return e, err
	}
	return p.condition()
}

func negate(e *expr) *expr { return &expr{op: "not", kids: []*expr{e}} }

func (p *filterParser) condition() (*expr, *apiError) {
	p.rest()
	e := &expr{source: p.source, start: p.pos}
	attr, err := p.value()
	if err != nil {
		return nil, err
	}
	e.attr, e.end = attr, p.pos
	for _, op := range []string{"!=", "=", ">=", ">", "<=", "<"} {
		if p.symbol(op) {
			v, err := p.value()
			if err != nil {
				return nil, err
			}
			if op == "!=" {
				e.set("=", v)
				return negate(e), nil
			}
			e.set(op, v)
			return e, nil
		}
	}
	not := p.keyword("NOT")
	switch {
	case p.keyword("IN"):
		var values []string
		values, err = p.list()
		e.set("IN", values...)
	case p.keyword("EXISTS"):
		e.op = "EXISTS"
	case p.keyword("STARTS") && p.keyword("WITH"):
		var v string
		v, err = p.value()
		e.set("STARTS", v)
	case p.keyword("CONTAINS"):
		return nil, p.fail("Using `CONTAINS` in a filter requires enabling the `contains filter` experimental feature. See https://github.com/orgs/meilisearch/discussions/763", p.pos)
	case !not && p.keyword("IS"):
		not = p.keyword("NOT")
		switch {
		case p.keyword("NULL"):
			e.op = "NULL"
		case p.keyword("EMPTY"):
			e.op = "EMPTY"
		default:
			return nil, p.expected(e)
		}
	case not:
		return nil, p.expected(e)
	default:
		var from, to string
		mark := p.pos
		if from, err = p.value(); err != nil || !p.keyword("TO") {
			p.pos = mark
			return nil, p.expected(e)
		}
		to, err = p.value()
		e.set("TO", from, to)
	}
	if err != nil {
		return nil, err
	}
	if not {
		return negate(e), nil
	}
	return e, nil
}

func (p *filterParser) expected(e *expr) *apiError {
	return p.fail(fmt.Sprintf("Was expecting an operation `=`, `!=`, `>=`, `>`, `<=`, `<`, `IN`, `NOT IN`, `TO`, `EXISTS`, `NOT EXISTS`, `IS NULL`, `IS NOT NULL`, `IS EMPTY`, `IS NOT EMPTY`, `CONTAINS`, `NOT CONTAINS`, `STARTS WITH`, `NOT STARTS WITH`, `_geoRadius`, or `_geoBoundingBox` at `%s`.", p.source[e.start:]), e.start)
}

func (p *filterParser) list() ([]string, *apiError) {
	if !p.symbol("[") {
		return nil, p.fail("Expected `[` after `IN` keyword.", p.pos)
	}
	values := []string{}
	for {
		if p.symbol("]") {
			return values, nil
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		if !p.symbol(",") && !strings.HasPrefix(p.rest(), "]") {
			return nil, p.fail("Expected only comma-separated field names inside `IN[..]` but instead found `"+p.source[p.pos:]+"`.", p.pos)
		}
	}
}

func valueRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || strings.ContainsRune("_-/.", r)
}

// reserved words cannot be values without quotes.
var reserved = []string{"IN", "TO", "EXISTS", "AND", "OR", "NOT", "IS", "NULL", "EMPTY", "CONTAINS", "STARTS", "WITH"}

// value reads a word, or a text in quotes with \ before what would end it.
func (p *filterParser) value() (string, *apiError) {
	rest := p.rest()
	start := p.pos
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		quote := rest[0]
		var b strings.Builder
		for p.pos++; p.pos < len(p.source); p.pos++ {
			c := p.source[p.pos]
			switch {
			case c == quote:
				p.pos++
				return b.String(), nil
			case c == '\\' && p.pos+1 < len(p.source):
				p.pos++
				// Only the quote and the backslash lose theirs.
				if next := p.source[p.pos]; next != quote && next != '\\' {
					b.WriteByte('\\')
				}
				b.WriteByte(p.source[p.pos])
			default:
				b.WriteByte(c)
			}
		}
		return "", p.fail("Expression `"+p.source[start:]+"` is missing the following closing delimiter: `"+string(quote)+"`.", start)
	}
	for i, r := range p.source[start:] {
		if !valueRune(r) {
			break
		}
		p.pos = start + i + len(string(r))
	}
	word := p.source[start:p.pos]
	if word == "" {
		return "", p.fail("Was expecting a value but instead got nothing.", start)
	}
	if slices.ContainsFunc(reserved, func(k string) bool { return strings.EqualFold(k, word) }) {
		p.pos = start
		return "", p.fail("Was expecting a value but instead got `"+word+"`, which is a reserved keyword. To use `"+word+"` as a field name or a value, surround it by quotes.", start)
	}
	return word, nil
}

// filter is a parsed filter whose attributes have been found filterable.
type filter struct{ e *expr }

// filter parses and checks a filter for this index.
func (ix *index) filter(raw json.RawMessage, code string) (filter, *apiError) {
	e, err := parseFilter(raw, code)
	if err != nil {
		return filter{}, err
	}
	return filter{e}, ix.filterable(e, code)
}

func (ix *index) filterable(e *expr, code string) *apiError {
	if e == nil {
		return nil
	}
	for _, kid := range e.kids {
		if err := ix.filterable(kid, code); err != nil {
			return err
		}
	}
	if e.attr == "" {
		return nil
	}
	if slices.ContainsFunc(e.operands, func(o operand) bool { return len(o.text) > maxFacet }) {
		return outside(fmt.Sprintf("A filter with a value of more than %d bytes", maxFacet))
	}
	rule, at := ix.settings.filter(e.attr)
	comparison := slices.Contains([]string{">", ">=", "<", "<=", "TO"}, e.op)
	switch {
	case at < 0 || !rule.Features.Filter.Equality && !rule.Features.Filter.Comparison:
		// A search shows the attribute in quotes.
		shown, column := e.source, e.start+1
		if code == "invalid_search_filter" {
			shown = e.source[:e.start] + strconv.Quote(e.attr) + e.source[e.end:]
			column++
		}
		available := "This index does not have configured filterable attributes."
		if patterns := ix.settings.filterPatterns(); len(patterns) > 0 {
			available = "Available filterable attribute patterns are: " + ticked(patterns) + "."
		}
		return refuse(code, fmt.Sprintf("Index `%s`: Attribute `%s` is not filterable. %s\n%d:%d %s", ix.uid, e.attr, available, column, column+len(e.attr), shown))
	case comparison && !rule.Features.Filter.Comparison:
		return refuse(code, fmt.Sprintf("Index `%s`: Filter operator `%s` is not allowed for the attribute `%s`.\n"+
			"  - Note: allowed operators: OR, AND, NOT, =, !=, IN, IS EMPTY, IS NULL, EXISTS.\n"+
			"  - Note: field `%s` matched rule #%d in `filterableAttributes`\n"+
			"  - Hint: enable comparison in rule #%d by modifying the features.filter object\n"+
			"  - Hint: prepend another rule matching `%s` with appropriate filter features before rule #%d",
			ix.uid, e.op, e.attr, e.attr, at, at, e.attr, at))
	}
	return nil
}

func (f filter) takes(d *document) bool { return f.e == nil || f.e.takes(d) }

func (e *expr) takes(d *document) bool {
	switch e.op {
	case "and":
		return !slices.ContainsFunc(e.kids, func(k *expr) bool { return !k.takes(d) })
	case "or":
		return slices.ContainsFunc(e.kids, func(k *expr) bool { return k.takes(d) })
	case "not":
		return !e.kids[0].takes(d)
	}
	leaves, exists := d.flat[e.attr]
	switch e.op {
	case "EXISTS":
		return exists
	case "EMPTY":
		return exists && (len(leaves) == 0 || slices.Contains(leaves, any(leafText{})))
	}
	return slices.ContainsFunc(leaves, e.leaf)
}

// leaf tells whether one value of a document fits the condition.
func (e *expr) leaf(leaf any) bool {
	switch e.op {
	case "NULL":
		return leaf == nil
	case "=", "IN":
		return e.equal(leaf)
	case "STARTS":
		t, ok := leaf.(leafText)
		return ok && strings.HasPrefix(t.key, e.operands[0].key)
	case "TO":
		return compareTo(leaf, ">=", e.operands[0]) && compareTo(leaf, "<=", e.operands[1])
	}
	return compareTo(leaf, e.op, e.operands[0])
}

// operand is a value of a filter in the forms in which it is compared.
type operand struct {
	text    string
	key     string
	number  float64
	numeric bool
}

func readOperand(v string) operand {
	n, err := strconv.ParseFloat(v, 64)
	return operand{text: v, key: facetKey(v), number: n, numeric: err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)}
}

// set puts the values into the forms in which they are compared.
func (e *expr) set(op string, values ...string) {
	e.op, e.keys, e.numbers = op, map[string]bool{}, map[float64]bool{}
	for _, v := range values {
		o := readOperand(v)
		e.operands = append(e.operands, o)
		e.keys[o.key] = true
		if o.numeric {
			e.numbers[o.number] = true
		}
	}
}

func (e *expr) equal(leaf any) bool {
	switch leaf := leaf.(type) {
	case leafText:
		return e.keys[leaf.key]
	case float64:
		return e.numbers[leaf]
	case bool:
		return e.keys[strconv.FormatBool(leaf)]
	}
	return false
}

// compareTo compares numbers with numbers, and texts with what is no number.
func compareTo(leaf any, op string, v operand) bool {
	order := 0
	switch leaf := leaf.(type) {
	case float64:
		if !v.numeric {
			return false
		}
		order = cmp.Compare(leaf, v.number)
	case leafText:
		if v.numeric {
			return false
		}
		order = strings.Compare(leaf.key, v.key)
	default:
		return false
	}
	switch op {
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	}
	return order <= 0
}

// maxFacet is how many bytes of a text filters and facets know.
const maxFacet = 468

// facetKey is how the server compares texts in filters: values that differ only
// in case or compatibility forms are the same, and so are those that begin with
// the same 468 bytes.
func facetKey(s string) string {
	return clip(strings.ToLower(norm.NFKD.String(strings.TrimSpace(clip(s, 8*maxFacet)))), maxFacet)
}

// clip cuts a text to n bytes, or a little less.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
