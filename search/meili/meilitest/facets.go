package meilitest

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// facetsAsked returns the fields that facets names, a star standing for all that
// are filterable.
func (ix *index) facetsAsked(facets []string) ([]string, *apiError) {
	var unknown []string
	for _, name := range facets {
		if _, at := ix.settings.filter(name); at < 0 && name != "*" {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		what, verb := "Pattern", "is"
		if len(unknown) > 1 {
			what, verb = "Patterns", "are"
		}
		available := "This index does not have configured filterable attributes."
		if patterns := ix.settings.filterPatterns(); len(patterns) > 0 {
			available = "Available filterable attributes patterns are: `" + strings.Join(patterns, ", ") + "`."
		}
		return nil, refuse("invalid_search_facets", fmt.Sprintf("Invalid facet distribution: %s `%s` %s not filterable. %s", what, strings.Join(unknown, ", "), verb, available))
	}
	var fields []string
	for _, name := range ix.fields {
		if _, at := ix.settings.filter(name); at >= 0 && slices.ContainsFunc(facets, func(f string) bool { return matches(f, name) }) {
			fields = append(fields, name)
		}
	}
	return fields, nil
}

// distribution is the values of a facet with their counts. It keeps its order in JSON.
type distribution []facetCount

type facetCount struct {
	value   string
	n       int
	number  float64
	numeric bool
}

// MarshalJSON implements [encoding/json.Marshaler].
func (d distribution) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, c := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%s:%d", encode(c.value), c.n)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

type facetStat struct {
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// countFacets counts the values among the hits. Each field shows at most
// maxValuesPerFacet of them.
func (ix *index) countFacets(fields []string, hits []ranked) (map[string]distribution, map[string]facetStat) {
	counts, stats := map[string]distribution{}, map[string]facetStat{}
	for _, name := range fields {
		d := distribution{}
		at := map[any]int{}
		for _, h := range hits {
			for _, leaf := range h.doc.flat[name] {
				key, c, ok := facetValue(leaf)
				if !ok {
					continue
				}
				i, seen := at[key]
				if !seen {
					i = len(d)
					at[key], d = i, append(d, c)
				}
				d[i].n++
				if c.numeric {
					stat, ok := stats[name]
					if !ok {
						stat = facetStat{c.number, c.number}
					}
					stats[name] = facetStat{min(stat.Min, c.number), max(stat.Max, c.number)}
				}
			}
		}
		d.sort(ix.settings.facetOrderOf(name))
		counts[name] = d[:min(len(d), ix.settings.maxValues)]
	}
	return counts, stats
}

// facetValue returns what tells a value from others, and how it is shown: of
// texts that are compared as the same, as the first one is written.
func facetValue(leaf any) (key any, c facetCount, ok bool) {
	switch leaf := leaf.(type) {
	case float64:
		return leaf, facetCount{value: strconv.FormatFloat(leaf, 'f', -1, 64), number: leaf, numeric: true}, true
	case leafText:
		return leaf.key, facetCount{value: leaf.text}, true
	case bool:
		return strconv.FormatBool(leaf), facetCount{value: strconv.FormatBool(leaf)}, true
	}
	return nil, facetCount{}, false
}

// sort puts values in the order of the setting: by alphabet, or the largest first
// and then by alphabet from the end. Numbers come by size.
func (d distribution) sort(by string) {
	slices.SortFunc(d, func(a, b facetCount) int {
		c := cmp.Or(cmp.Compare(a.number, b.number), strings.Compare(a.value, b.value))
		if by == "count" {
			return cmp.Or(cmp.Compare(b.n, a.n), -c)
		}
		return c
	})
}

// facetOrderOf is "count" or "alpha".
func (s *settings) facetOrderOf(name string) string {
	if by, ok := s.facetOrder[name]; ok {
		return by
	}
	return cmp.Or(s.facetOrder["*"], "alpha")
}
