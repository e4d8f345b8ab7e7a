package search

import (
	"cmp"
	"slices"
	"strings"
)

// facets makes the facets of an answer from the counts of the engine: with
// names, in trees, and with a request for each value.
func (s *Searcher) facets(p *plan, counts map[string][]Count) []Facet {
	var all []Facet
	for _, field := range s.o.Facets {
		n := make(map[string]int, len(counts[field]))
		for _, c := range counts[field] {
			n[c.Value] = c.N
		}
		r := p.movedToFilters(field)
		b := facetBuilder{field: field, ask: &asker{request: r, vocabulary: s.vocabulary}, n: n, chosen: r.Filters[field]}
		f := Facet{Field: field, Name: FieldName(field)}
		if s.vocabulary.lists(field) {
			b.words = s.vocabulary.fields[field]
			f.Tree = b.words.tree
			for _, i := range b.words.roots {
				if v, ok := b.value(i); ok {
					f.Values = append(f.Values, v)
				}
			}
		}
		f.Values = append(f.Values, b.unlisted()...)
		if len(f.Values) == 0 {
			continue
		}
		b.sort(f.Values)
		all = append(all, f)
	}
	return all
}

// movedToFilters returns the request with what its query says about a field
// among its filters, so that one choice more or less does not contradict the
// query.
func (p *plan) movedToFilters(field string) Request {
	var typed []string
	for _, c := range p.Filters {
		if c.Field == field {
			typed = append(typed, c.IDs...)
		}
	}
	if typed == nil {
		return p.request
	}
	r := p.request.Ask(p.without(func(c Choice) bool { return c.Field == field }))
	slices.Sort(typed)
	if typed = slices.Compact(typed); len(r.Filters[field]) == 0 && len(typed) <= maxFilterValues {
		r = r.withFilter(field, typed)
	}
	return r
}

// facetBuilder makes one facet.
type facetBuilder struct {
	field  string
	ask    *asker
	n      map[string]int
	chosen []string
	words  *fieldWords // nil: the vocabulary does not list the field
}

// value returns the i-th value of the vocabulary with those below it; false
// when none of them has a hit or is chosen.
func (b *facetBuilder) value(i int) (FacetValue, bool) {
	id := b.words.values[i].ID
	v := FacetValue{ID: id, Name: b.words.values[i].label(), N: b.n[id], Chosen: slices.Contains(b.chosen, id), field: b.field, ask: b.ask}
	for _, j := range b.words.children[i] {
		if child, ok := b.value(j); ok {
			v.N += child.N
			v.Within = v.Within || child.Chosen || child.Within
			v.Children = append(v.Children, child)
		}
	}
	b.sort(v.Children)
	return v, v.N > 0 || v.Chosen || v.Within
}

// unlisted returns the values that the vocabulary does not know.
func (b *facetBuilder) unlisted() []FacetValue {
	ids := slices.Clone(b.chosen)
	for id := range b.n {
		if !slices.Contains(b.chosen, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids) // what comes out of a map comes in no order
	var all []FacetValue
	for _, id := range ids {
		if b.words != nil {
			if _, ok := b.words.byID[id]; ok {
				continue
			}
		}
		all = append(all, FacetValue{ID: id, Name: Label{ZH: id}, N: b.n[id], Chosen: slices.Contains(b.chosen, id), field: b.field, ask: b.ask})
	}
	return all
}

// sort puts values in the order in which readers look for them: years and months
// by time, the last first, levels of a rating as the vocabulary has them, others
// by their number of hits.
func (b *facetBuilder) sort(values []FacetValue) {
	slices.SortStableFunc(values, func(x, y FacetValue) int {
		switch b.field {
		case FieldYear, FieldMonth:
			return strings.Compare(y.ID, x.ID)
		case FieldRating:
			return 0
		}
		return cmp.Compare(y.N, x.N)
	})
}

// tabs makes the tabs by kind of document. One kind needs none.
func (s *Searcher) tabs(r Request, counts []Count) []Tab {
	all := Tab{Name: Label{"全部", "All"}, Chosen: r.Type == "", Request: r.Tab("")}
	tabs := []Tab{all}
	n := map[string]int{}
	for _, c := range counts {
		n[c.Value] = c.N
		tabs[0].N += c.N
	}
	if _, ok := n[r.Type]; !ok && r.Type != "" {
		n[r.Type] = 0
	}
	var types []string
	if s.vocabulary.lists(FieldType) {
		for _, v := range s.vocabulary.fields[FieldType].values {
			if _, ok := n[v.ID]; ok {
				types = append(types, v.ID)
			}
		}
	}
	var others []string
	for id := range n {
		if !slices.Contains(types, id) {
			others = append(others, id)
		}
	}
	slices.Sort(others)
	for _, id := range append(types, others...) {
		tabs = append(tabs, Tab{Type: id, Name: s.vocabulary.Name(FieldType, id), N: n[id], Chosen: id == r.Type, Request: r.Tab(id)})
	}
	if len(tabs) < 3 && r.Type == "" {
		return nil
	}
	return tabs
}
