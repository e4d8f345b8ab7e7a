package meili

import (
	"cmp"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

// judge compares documents with a query. It keeps memory between documents and
// is for one goroutine.
type judge struct {
	fields     []string
	title      string // "" where nobody asks whether the terms match in the title
	terms, not [][]search.Unit
	units      map[string][]search.Unit // of the document at hand, by field
}

func (p *plan) judge() *judge {
	j := &judge{fields: p.fields, title: p.title, units: map[string][]search.Unit{}}
	for _, term := range p.q.Terms {
		j.terms = append(j.terms, search.Units(term))
	}
	for _, term := range p.q.Not {
		j.not = append(j.not, search.Units(term))
	}
	return j
}

// judge says whether every term matches in some field and none of the excluded
// ones does, and whether all match in the title.
func (j *judge) judge(d *search.Doc) (hit, inTitle bool) {
	for _, field := range j.fields {
		j.units[field] = search.AppendUnits(j.units[field][:0], d.Text[field])
	}
	for _, term := range j.terms {
		if !j.anywhere(term) {
			return false, false
		}
	}
	for _, term := range j.not {
		if j.anywhere(term) {
			return false, false
		}
	}
	if j.title == "" {
		return true, false
	}
	for _, term := range j.terms {
		if !matches(j.units[j.title], term) {
			return true, false
		}
	}
	return true, true
}

func (j *judge) anywhere(term []search.Unit) bool {
	return slices.ContainsFunc(j.fields, func(field string) bool { return matches(j.units[field], term) })
}

func matches(field, term []search.Unit) bool {
	for range search.MatchUnits(field, term) {
		return true
	}
	return false
}

// arrange puts hits in the order of the query.
func (p *plan) arrange(hits []search.Hit) {
	field, descending := p.schema.Newest, true
	if p.q.Sort != "" {
		field, descending = strings.CutPrefix(p.q.Sort, "-")
	}
	slices.SortFunc(hits, func(a, b search.Hit) int {
		if a.InTitle != b.InTitle {
			return ahead(a.InTitle)
		}
		x, hasX := a.Number[field]
		y, hasY := b.Number[field]
		switch {
		case hasX != hasY:
			return ahead(hasX)
		case x != y && descending:
			return cmp.Compare(y, x)
		case x != y:
			return cmp.Compare(x, y)
		}
		return cmp.Compare(b.Seq, a.Seq)
	})
}

func ahead(yes bool) int {
	if yes {
		return -1
	}
	return 1
}

// tally counts the values of a keyword.
func tally(hits []search.Hit, field string) []search.Count {
	n := map[string]int{}
	for _, h := range hits {
		if value := h.Keyword[field]; value != "" {
			n[value]++
		}
	}
	return counts(n)
}

// counts returns counts in the order of [search.Result].
func counts(n map[string]int) []search.Count {
	all := make([]search.Count, 0, len(n))
	for value, n := range n {
		all = append(all, search.Count{Value: value, N: n})
	}
	slices.SortFunc(all, func(a, b search.Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value))
	})
	return all
}
