package gate

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// TestTerms reads the terms of a post: days, and nothing that could name its holder.
func TestTerms(t *testing.T) {
	day := record.Date
	for _, c := range []struct {
		list string
		want []record.Term
		bad  bool
	}{
		{"", nil, false},
		{"2024-05-10/2026-03-31\x1f2026-04-16/", []record.Term{{From: day(2024, 5, 10), Until: day(2026, 3, 31)}, {From: day(2026, 4, 16)}}, false},
		{"2024-05-10", []record.Term{{From: day(2024, 5, 10)}}, false},
		{"2024-05-10/王建国", nil, true},
		{"王建国 2024-05-10/2026-03-31", nil, true},
		{"2026-03-31/2024-05-10", nil, true},
		{"/2026-03-31", nil, true},
	} {
		cl := &clearing{raw: source.Raw{Fields: map[string]string{source.FieldTerms: c.list}}}
		if diff := cmp.Diff(c.want, cl.terms()); diff != "" {
			t.Errorf("%q: %s", c.list, diff)
		}
		if got := len(cl.setAside) > 0; got != c.bad {
			t.Errorf("%q: set aside %t, want %t", c.list, got, c.bad)
		}
	}
}
