package meilitest

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// order is a list of sortable attributes.
type order []orderKey

type orderKey struct {
	attr string
	desc bool
}

// sorting reads the sort parameter, such as ["replied:desc"].
func (ix *index) sorting(sort []string, code string) (order, *apiError) {
	var out order
	for _, s := range sort {
		attr, asc := strings.CutSuffix(s, ":asc")
		desc := false
		if !asc {
			attr, desc = strings.CutSuffix(s, ":desc")
		}
		if !asc && !desc || attr == "" {
			return nil, refuse(code, "Invalid syntax for the sort parameter: expected expression ending by `:asc` or `:desc`, found `"+s+"`.")
		}
		if !slices.ContainsFunc(ix.settings.sortable, func(p string) bool { return matches(p, attr) }) {
			available := "This index does not have configured sortable attributes."
			if len(ix.settings.sortable) > 0 {
				available = "Available sortable attributes are: `" + ix.visible(ix.settings.sortable) + "`."
			}
			return nil, refuse(code, fmt.Sprintf("Index `%s`: Attribute `%s` is not sortable. %s", ix.uid, attr, available))
		}
		out = append(out, orderKey{attr, desc})
	}
	return out, nil
}

func (o order) compare(a, b *document) int {
	for _, k := range o {
		if c := k.compare(a, b); c != 0 {
			return c
		}
	}
	return 0
}

// compare puts numbers first, then texts, and documents without a value last.
func (k orderKey) compare(a, b *document) int {
	numberA, textA, kindA := k.value(a)
	numberB, textB, kindB := k.value(b)
	if kindA != kindB {
		return kindA - kindB
	}
	c := cmp.Or(cmp.Compare(numberA, numberB), cmp.Compare(textA, textB))
	if k.desc {
		return -c
	}
	return c
}

// value is the value of a document that comes first: a number (kind 0), a text
// (1) or nothing (2).
func (k orderKey) value(d *document) (number float64, text string, kind int) {
	kind = 2
	before := func(c int) bool { return k.desc && c > 0 || !k.desc && c < 0 }
	for _, leaf := range d.flat[k.attr] {
		switch leaf := leaf.(type) {
		case float64:
			if kind > 0 || before(cmp.Compare(leaf, number)) {
				number, text, kind = leaf, "", 0
			}
		case leafText:
			if kind == 2 || kind == 1 && before(cmp.Compare(leaf.key, text)) {
				text, kind = leaf.key, 1
			}
		}
	}
	return number, text, kind
}

// ranked is a document that was found and what its place depends on.
type ranked struct {
	doc   *document
	words int // leading terms that match
	costs []int
}

// rank puts hits in the order of the ranking rules. What is equal in all of them
// stays in the order of the internal numbers, so the sort must be stable.
func (s *Server) rank(ix *index, l *lookup, hits []ranked) {
	rules := ix.settings.ranking
	for i := range hits {
		h := &hits[i]
		h.costs = make([]int, len(rules))
		for r, rule := range rules {
			h.costs[r] = h.cost(ix, l, rule)
		}
	}
	orders := make([]order, len(rules))
	for r, rule := range rules {
		attr, direction, custom := strings.Cut(rule, ":")
		switch {
		case rule == "sort":
			orders[r] = l.sort
		case custom:
			orders[r] = order{{attr, direction == "desc"}}
		}
	}
	slices.SortStableFunc(hits, func(a, b ranked) int {
		for r := range rules {
			if c := cmp.Or(cmp.Compare(a.costs[r], b.costs[r]), orders[r].compare(a.doc, b.doc)); c != 0 {
				return c
			}
		}
		return 0
	})
}

// cost is what a document lacks under a rule; less is better. The server's own
// measure of proximity, attribute and position is finer.
func (h *ranked) cost(ix *index, l *lookup, rule string) int {
	want := l.want[:h.words]
	switch rule {
	case "words":
		return len(l.want) - h.words
	case "proximity":
		return h.doc.words.spread(want)
	case "attributeRank":
		rank, _ := h.best(ix, l, want)
		return rank
	case "wordPosition":
		_, position := h.best(ix, l, want)
		return position
	case "attribute":
		rank, position := h.best(ix, l, want)
		return rank<<20 + position
	}
	return 0
}

// best adds up, for each word of the terms, the best field that it stands in, and
// its first position there.
func (h *ranked) best(ix *index, l *lookup, want []sought) (ranks, positions int) {
	for _, t := range want {
		sum := 0
		for _, numbers := range t.words {
			rank, position := len(ix.fields), 0
			for _, n := range numbers {
				for _, p := range h.doc.words.of(n) {
					if !l.in.has(p) {
						continue
					}
					at, pos := ix.searchRank(ix.fields[p.field]), bucket(int(p.pos))
					if at < rank || at == rank && pos < position {
						rank, position = at, pos
					}
				}
			}
			ranks, sum = ranks+rank, sum+position
		}
		positions += bits.Len(uint(sum)) // only the magnitude counts
	}
	return ranks, positions
}

// bucket rounds a position up, the more the farther it is, as the server does.
func bucket(pos int) int {
	switch {
	case pos < 16:
		return pos
	case pos < 24:
		return 24
	}
	return 1 << bits.Len(uint(pos-1))
}

// spread adds up how far the terms are from each other.
func (w wordIndex) spread(want []sought) int {
	total := 0
	for i := 1; i < len(want); i++ {
		left, right := want[i-1].words, want[i].words
		nearest := int32(far)
		for _, a := range left[len(left)-1] {
			for _, b := range right[0] {
				nearest = min(nearest, w.distance(a, b), w.distance(b, a)+1)
			}
		}
		total += int(nearest)
	}
	return total
}
