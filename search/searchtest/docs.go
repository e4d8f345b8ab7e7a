package searchtest

import (
	"fmt"

	"github.com/huiyin/huiyin/search"
)

// schema is that of the suite's documents.
func schema() search.Schema {
	return search.Schema{
		Text:    []string{"title", "question", "reply"},
		Keyword: []string{"unit", "area", "topic"},
		Number:  []string{"replied", "days"},
		Newest:  "replied",
	}
}

// made is a document in the making. Document n has the ID "c-n" and, unless it
// is said otherwise, was replied to on day n.
type made struct{ search.Doc }

func doc(n int64, title string) made {
	return made{search.Doc{
		ID:      id(n),
		Seq:     n,
		Text:    map[string]string{"title": title},
		Keyword: map[string]string{},
		Number:  map[string]int64{"replied": n},
	}}
}

func id(n int64) string { return fmt.Sprintf("c-%d", n) }

func (m made) text(field, text string) made      { m.Text[field] = text; return m }
func (m made) keyword(field, value string) made  { m.Keyword[field] = value; return m }
func (m made) number(field string, n int64) made { m.Number[field] = n; return m }
func (m made) without(field string) made         { delete(m.Number, field); return m }
func docs(all ...made) []search.Doc {
	var out []search.Doc
	for _, m := range all {
		out = append(out, m.Doc)
	}
	return out
}

// terms is a query for terms.
func terms(t ...string) search.Query { return search.Query{Terms: t} }

// span is a filter on a number field.
func span(field string, from, to int64) search.Filter {
	return search.Filter{Field: field, Min: &from, Max: &to}
}

// in is a filter on a keyword field.
func in(field string, values ...string) search.Filter {
	return search.Filter{Field: field, In: values}
}
