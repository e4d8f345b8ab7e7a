package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/huiyin/huiyin/generator/record"
)

// people returns the stored tables, one a line; * is hidden.
func people(o *office) string {
	o.t.Helper()
	all, err := o.store.People(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	var b strings.Builder
	number := func(c record.PeopleCount) string {
		if c.Hidden {
			return "*"
		}
		return fmt.Sprint(c.N)
	}
	for _, p := range all {
		fmt.Fprintf(&b, "%d %s:", p.Year, p.Attribute)
		for _, g := range p.Groups {
			fmt.Fprintf(&b, " %s", number(g.PeopleCount))
		}
		fmt.Fprintf(&b, " of %s\n", number(p.Total))
	}
	return b.String()
}

// TestPeople counts the writers of a year that has ended, once, and hides what
// is small.
func TestPeople(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	rows := func(from, n int, fields string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "letters P-%03d kind=help | received=2025-03-05 | question=路灯不亮。 | reply=已修复。 | %s\n", from+i, fields)
		}
		return b.String()
	}
	first := lines{
		{Name: "2026-01-05/a", Data: []byte(rows(0, 12, "sex=女"))},
		{Name: "2026-01-05/b", Data: []byte(rows(100, 3, "sex=男") + rows(200, 9, "sex="))},
	}
	o.pull(first)
	if got := people(o); got != "" {
		t.Errorf("before the year has been over for a month: %s", got)
	}
	second := append(first, txtar.File{Name: "2026-02-10/c", Data: []byte(rows(300, 1, "sex=男"))})
	o.pull(second)
	const want = "2025 sex: 12 * * 0 of 24\n"
	if got := people(o); got != want {
		t.Errorf("have %q, want %q", got, want)
	}
	o.pull(append(second, txtar.File{Name: "2026-03-10/d", Data: []byte(rows(400, 20, "sex=男"))}))
	if got := people(o); got != want {
		t.Errorf("later: have %q, want %q", got, want)
	}
}
