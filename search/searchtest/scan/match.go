package scan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

// analyse returns a document to be kept.
func analyse(d search.Doc) *entry {
	e := &entry{Doc: copyDoc(d), units: map[string]string{}}
	for name, text := range d.Text {
		if text == "" {
			delete(e.Text, name)
			continue
		}
		e.units[name] = spell(text)
	}
	for name, value := range d.Keyword {
		if value == "" {
			delete(e.Keyword, name)
		}
	}
	return e
}

// spell writes the units of a text so that a term matches a text when its
// spelling is part of the text's: each unit in angle brackets, a comma where a
// separator stands. Units hold neither.
func spell(text string) string {
	var b strings.Builder
	for _, u := range search.Units(text) {
		if u.After {
			b.WriteByte(',')
		}
		b.WriteByte('<')
		b.WriteString(u.Text)
		b.WriteByte('>')
	}
	return b.String()
}

// hits returns the documents that match the query, in no order.
func (x *index) hits(q search.Query) []search.Hit {
	w := x.want(q)
	var hits []search.Hit
	for _, d := range x.docs {
		if w.matches(d) {
			hits = append(hits, search.Hit{Doc: d.Doc, InTitle: w.inTitle(d)})
		}
	}
	return hits
}

// count counts the values of a keyword field among the documents that match the
// query but for its filter on that field.
func (x *index) count(q search.Query, field string) []search.Count {
	q.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(f search.Filter) bool { return f.Field == field })
	n := map[string]int{}
	for _, h := range x.hits(q) {
		if value := h.Keyword[field]; value != "" {
			n[value]++
		}
	}
	counts := []search.Count{}
	for value, n := range n {
		counts = append(counts, search.Count{Value: value, N: n})
	}
	slices.SortFunc(counts, func(a, b search.Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value))
	})
	return counts
}

// wanted is a query, ready to be compared with documents.
type wanted struct {
	search.Query
	terms, not []string // spelled
	fields     []string
	title      string // "" where nobody asks whether the terms match in the title
	numeric    map[string]bool
}

func (x *index) want(q search.Query) *wanted {
	w := &wanted{Query: q, fields: q.Fields, numeric: map[string]bool{}}
	if len(w.fields) == 0 {
		w.fields = x.schema.Text
	}
	for _, term := range q.Terms {
		w.terms = append(w.terms, spell(term))
	}
	for _, term := range q.Not {
		w.not = append(w.not, spell(term))
	}
	if title := x.schema.Text[0]; q.Sort == "" && len(q.Terms) > 0 && slices.Contains(w.fields, title) {
		w.title = title
	}
	for _, name := range x.schema.Number {
		w.numeric[name] = true
	}
	return w
}

// matches says whether a document is a hit.
func (w *wanted) matches(d *entry) bool {
	if slices.Contains(w.Hide, d.ID) {
		return false
	}
	for _, f := range w.Filters {
		if !w.passes(d, f) {
			return false
		}
	}
	for _, term := range w.terms {
		if !inAny(d, w.fields, term) {
			return false
		}
	}
	for _, term := range w.not {
		if inAny(d, w.fields, term) {
			return false
		}
	}
	return true
}

// passes says whether a document has a value that the filter lets through.
func (w *wanted) passes(d *entry, f search.Filter) bool {
	if w.numeric[f.Field] {
		value, ok := d.Number[f.Field]
		return ok && (f.Min == nil || value >= *f.Min) && (f.Max == nil || value <= *f.Max)
	}
	value := d.Keyword[f.Field]
	return value != "" && slices.Contains(f.In, value)
}

// inTitle says whether every term matches in the title.
func (w *wanted) inTitle(d *entry) bool {
	if w.title == "" {
		return false
	}
	for _, term := range w.terms {
		if !strings.Contains(d.units[w.title], term) {
			return false
		}
	}
	return true
}

// inAny says whether a term matches in one of the fields.
func inAny(d *entry, fields []string, term string) bool {
	for _, field := range fields {
		if strings.Contains(d.units[field], term) {
			return true
		}
	}
	return false
}

// byNumber orders hits by a number field, those without a value last and equal
// ones by Seq descending.
func byNumber(a, b search.Hit, field string, descending bool) int {
	x, hasX := a.Number[field]
	y, hasY := b.Number[field]
	switch {
	case hasX != hasY:
		return cmp.Compare(btoi(hasY), btoi(hasX))
	case hasX && x != y && descending:
		return cmp.Compare(y, x)
	case hasX && x != y:
		return cmp.Compare(x, y)
	}
	return cmp.Compare(b.Seq, a.Seq)
}
