package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// table gathers recall and precision, the averages over queries, by class in
// the order of the queries.
type table struct {
	order []string
	rows  map[string]*row
}

type row struct {
	queries                 int
	against                 [2]score // the plain scan; the rule of package search
	unfound                 int      // queries that the plain scan finds nowhere
	unfoundByRule, foundAll int      // of those, hits by the rule, and how many of them were found
}

// score sums recall and precision of queries that have any right answer, or any
// answer.
type score struct {
	recall, precision   float64
	withTruth, withHits int
}

func newTable() *table { return &table{rows: map[string]*row{}} }

func (t *table) add(class string, truth, rule, got map[string]bool) {
	r := t.rows[class]
	if r == nil {
		r = &row{}
		t.rows[class], t.order = r, append(t.order, class)
	}
	r.queries++
	if len(truth) == 0 {
		r.unfound++
		r.unfoundByRule += len(rule)
		r.foundAll += common(rule, got)
	}
	r.against[0].add(truth, got)
	r.against[1].add(rule, got)
}

func (s *score) add(right, got map[string]bool) {
	both := common(right, got)
	if len(right) > 0 {
		s.withTruth++
		s.recall += float64(both) / float64(len(right))
	}
	if len(got) > 0 {
		s.withHits++
		s.precision += float64(both) / float64(len(got))
	}
}

func common(a, b map[string]bool) int {
	n := 0
	for id := range a {
		if b[id] {
			n++
		}
	}
	return n
}

func (s score) String() string {
	return fmt.Sprintf("%s / %s", average(s.recall, s.withTruth), average(s.precision, s.withHits))
}

func average(sum float64, n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.4f", sum/float64(n))
}

// print writes the table as Markdown.
func (t *table) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	fmt.Fprintln(w, "| class\t| queries\t| plain scan: recall / precision\t| the rule: recall / precision\t| nowhere by plain scan: queries, hits by the rule, found\t|")
	fmt.Fprintln(w, "|---\t|---\t|---\t|---\t|---\t|")
	for _, class := range t.order {
		r := t.rows[class]
		fmt.Fprintf(w, "| %s\t| %d\t| %v\t| %v\t| %d, %d, %d\t|\n", class, r.queries, r.against[0], r.against[1], r.unfound, r.unfoundByRule, r.foundAll)
	}
	w.Flush()
}
