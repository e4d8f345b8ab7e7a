package pages_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// The page of a merged case leads on to the last that counts for it. One that is withdrawn
// is not led on to, nor named: then the row is there, and it is made again when that
// changes, although nothing of the merged case itself has.
func TestMergedCaseLeadsOn(t *testing.T) {
	merge := func(c *city, n, into record.CaseNumber) {
		k := c.at(t, n)
		*k = k.Stub(record.StubOnly, record.MergedInto)
		k.Status, k.MergedInto = record.Merged, into
	}
	c := newCity(8)
	merge(c, "2609-000001", "2609-000002")
	merge(c, "2609-000002", "2610-000003")
	merge(c, "2609-000005", "2610-000006")
	parts := plan(t, c, options(t))
	s := build(t, parts)
	for n, into := range map[record.CaseNumber]record.CaseNumber{"2609-000001": "2610-000003", "2609-000002": "2610-000003", "2609-000005": "2610-000006"} {
		p := s.pages[record.CasePath(n)]
		v := s.params(t, p.Path)
		to, _ := v["moved"].(map[string]any)
		if p.Layout != "moved" || p.Moved != into || p.Doc != nil || to["path"] != record.CasePath(into) || !strings.HasSuffix(v["moved_url"].(string), "/"+record.CasePath(into)) || v["noindex"] != nil {
			t.Errorf("%s: %+v", n, p)
		}
		if diff := cmp.Diff([]record.CaseNumber{n, into}, p.Shows); diff != "" {
			t.Errorf("%s shows other cases: %s", n, diff)
		}
	}
	if p := s.pages["case/2610-000003.html"]; p.Layout != "case" || p.Moved != "" {
		t.Errorf("the case that counts: %+v", p)
	}
	// Whoever turns from one page to the next is not led back.
	for n, want := range map[record.CaseNumber][2]string{"2609-000003": {"", "2609-000004"}, "2609-000004": {"2609-000003", "2609-000006"}} {
		v := s.params(t, record.CasePath(n))
		prev, _ := v["prev"].(map[string]any)
		next, _ := v["next"].(map[string]any)
		name := func(m map[string]any) string { s, _ := m["name"].(string); return s }
		if name(prev) != want[0] || name(next) != want[1] {
			t.Errorf("beside %s stand %v and %v", n, prev, next)
		}
	}
	print := func(key string) [32]byte {
		for _, p := range plan(t, c, options(t)) {
			if p.Key == key {
				return p.Fingerprint
			}
		}
		t.Fatalf("no partition %s", key)
		return [32]byte{}
	}
	before := print("case/2609/0000")
	c.withdraw(t, "2610-000003")
	if before == print("case/2609/0000") {
		t.Error("the pages that lead to a withdrawn case are not made again")
	}
	s = build(t, plan(t, c, options(t)))
	for _, n := range []record.CaseNumber{"2609-000001", "2609-000002"} {
		p := s.pages[record.CasePath(n)]
		v := s.params(t, p.Path)
		if p.Layout != "stub" || p.Moved != "" || v["moved"] != nil || v["merged_into"] != nil || len(p.Shows) != 1 {
			t.Errorf("%s leads to a withdrawn case: %+v %v", n, p, v)
		}
	}
	if p := s.pages["case/2609-000005.html"]; p.Layout != "moved" {
		t.Errorf("another is %s", p.Layout)
	}
}
