package meili

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// The server takes the first ten quotations of a query. One less leaves room, so
// that what is excluded is read.
const (
	maxQuotes = 9
	maxQuoted = 100 // words of a quotation; what is longer is compared here
)

// nothing is a filter that no document passes.
const nothing = fieldSeq + " < 0"

// plan is a query as the server gets it, and what is left to be done here.
type plan struct {
	q      search.Query
	schema search.Schema
	parts  map[string]int
	fields []string // the text fields that are searched
	title  string   // the title field, where the order asks for it
	text   string   // what the server searches for
	sure   bool     // what the server finds needs no comparing, unless for InTitle
}

// newPlan makes the plan of a query that has been checked.
func newPlan(s state, q search.Query) *plan {
	p := &plan{q: q, schema: s.Schema, parts: s.Parts, fields: q.Fields, sure: true}
	if len(p.fields) == 0 {
		p.fields = p.schema.Text
	}
	if title := p.schema.Text[0]; q.Sort == "" && len(q.Terms) > 0 && slices.Contains(p.fields, title) {
		p.title = title
	}
	var quotes []string
	for _, term := range q.Terms {
		pieces := quotations(term)
		// Of one unit the server knows in which fields it stands, of two only
		// whether they stand side by side somewhere in the document.
		if n := len(search.Units(term)); len(pieces) > 1 || n > 2 || n > 1 && p.restricted() {
			p.sure = false
		}
		quotes = append(quotes, pieces...)
	}
	quotes = distinct(quotes)
	if len(quotes) > maxQuotes {
		p.sure = false
		// Long ones are rare.
		slices.SortStableFunc(quotes, func(a, b string) int { return len(b) - len(a) })
		quotes = quotes[:maxQuotes]
	}
	for _, term := range q.Not {
		if pieces := quotations(term); len(pieces) == 1 && len(search.Units(term)) <= 2 && !p.restricted() && len(q.Terms) > 0 {
			quotes = append(quotes, "-"+pieces[0])
		} else {
			p.sure = false // the server would exclude too much
		}
	}
	p.text = strings.Join(quotes, " ")
	return p
}

// restricted says whether only some fields are searched.
func (p *plan) restricted() bool { return len(distinct(p.fields)) < len(p.schema.Text) }

// quotations returns the parts of a term between separators as quotations of the
// server.
func quotations(term string) []string {
	var all []string
	var words []string
	end := func() {
		if len(words) > 0 {
			all = append(all, `"`+strings.Join(words[:min(len(words), maxQuoted)], " ")+`"`)
		}
		words = nil
	}
	for _, w := range spell(term) {
		if w == stop {
			end()
		} else {
			words = append(words, w)
		}
	}
	end()
	return all
}

// distinct returns a list without what it has before.
func distinct(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// request returns the query for documents with all terms in the given fields,
// without the filter on the field but, if that is not empty.
func (p *plan) request(uid string, fields []string, but string) *meilisearch.SearchRequest {
	r := &meilisearch.SearchRequest{
		IndexUID:             uid,
		Query:                p.text,
		MatchingStrategy:     meilisearch.All,
		AttributesToRetrieve: displayed(p.schema),
	}
	conditions := p.conditions(but)
	if len(distinct(fields)) < len(p.schema.Text) && len(p.q.Terms) > 0 {
		r.AttributesToSearchOn = wordFields(func(text string) int { return p.parts[text] }, distinct(fields)...)
		if len(r.AttributesToSearchOn) == 0 {
			r.Query = "" // no document has these fields
			conditions = append(conditions, nothing)
		}
	}
	if len(conditions) > 0 {
		r.Filter = strings.Join(conditions, " AND ")
	}
	return r
}

// conditions returns the filters of the query as the server's.
func (p *plan) conditions(but string) []string {
	var all []string
	for _, f := range p.q.Filters {
		switch {
		case f.Field == but:
		case slices.Contains(p.schema.Keyword, f.Field):
			all = append(all, among(keywordField+f.Field, "IN", f.In))
		default:
			all = append(all, within(numberField+f.Field, f.Min, f.Max)...)
		}
	}
	if hidden := slices.DeleteFunc(slices.Clone(p.q.Hide), func(id string) bool { return !search.IsID(id) }); len(hidden) > 0 {
		all = append(all, among(fieldKey, "NOT IN", hidden))
	}
	return all
}

// among returns a filter on the values of a keyword. Those that no document can
// have are left out.
func among(name, operator string, values []string) string {
	var quoted []string
	for _, value := range values {
		if value != "" && len(value) <= maxValue {
			quoted = append(quoted, `"`+escape(value)+`"`)
		}
	}
	if len(quoted) == 0 {
		return nothing
	}
	return name + " " + operator + " [" + strings.Join(quoted, ",") + "]"
}

// within returns filters on a number. The server reads floating point, which
// holds every number of a document.
func within(name string, from, to *int64) []string {
	const edge = 1 << 53 // beyond every number of a document
	var all []string
	if from != nil {
		all = append(all, fmt.Sprintf("%s >= %d", name, max(-edge, min(edge, *from))))
	}
	if to != nil {
		all = append(all, fmt.Sprintf("%s <= %d", name, max(-edge, min(edge, *to))))
	}
	if len(all) == 0 {
		all = append(all, name+" EXISTS")
	}
	return all
}

// count returns the query for a total, and for the counts of facets.
func (p *plan) count(uid, but string, facets []string) *meilisearch.SearchRequest {
	r := p.request(uid, p.fields, but)
	var none int64
	r.HitsPerPage, r.Page, r.AttributesToRetrieve = &none, 1, nil
	r.Facets = prefixed(keywordField, facets)
	return r
}

// order returns how the server has to sort.
func (p *plan) order() []string {
	field, direction := p.schema.Newest, ":desc"
	if p.q.Sort != "" {
		var descending bool
		if field, descending = strings.CutPrefix(p.q.Sort, "-"); !descending {
			direction = ":asc"
		}
	}
	return []string{numberField + field + direction, newestFirst}
}

const newestFirst = fieldSeq + ":desc"

// ownFilter says whether the query has a filter on a field.
func (p *plan) ownFilter(field string) bool {
	return slices.ContainsFunc(p.q.Filters, func(f search.Filter) bool { return f.Field == field })
}
