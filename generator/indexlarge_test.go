package generator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator"
)

// cases is a site of n cases in partitions of 300, each with the text.
func cases(n int, text string) map[string]string {
	site := map[string]string{}
	for i := range n {
		key := fmt.Sprintf("case/2610/%04d", i/300)
		if site[key] != "" {
			site[key] += " | "
		}
		site[key] += fmt.Sprintf("2610-%06d %d %s", i+1, i, text)
	}
	return site
}

// Many changes are written in several calls.
func TestManyChanges(t *testing.T) {
	s := newShelf(t)
	s.publish(cases(9000, strings.Repeat("路灯不亮。", 80)))
	s.sync()
	s.engine.noted()
	s.publish(cases(7500, strings.Repeat("路灯亮了。", 80)))
	if r := s.sync(); r.Rebuilt != "" || r.Written != 7500 || r.Removed != 1500 || r.Docs != 7500 {
		t.Errorf("%+v", r)
	}
	var calls []string
	for _, c := range s.engine.noted() {
		what, _, _ := strings.Cut(c, " 2610-")
		calls = append(calls, fmt.Sprintf("%s: %d", what, strings.Count(c, "2610-")))
	}
	if got := strings.Join(calls, ", "); !strings.HasPrefix(got, "upsert mark 1 toward [2]: 0, delete: 1000, delete: 500, upsert: ") ||
		strings.Count(got, "upsert: ") != 2 || !strings.HasSuffix(got, ", upsert mark 2: 0") {
		t.Errorf("changes: %s", got)
	}
	if v, err := s.indexer().Verify(t.Context()); err != nil || !v.Same() {
		t.Errorf("%+v, %v", v, err)
	}
}

// For very many changes the index is made anew, which is quicker; for fewer it is not, though
// all differ.
func TestVeryManyChanges(t *testing.T) {
	s := newShelf(t)
	s.publish(town())
	s.sync()
	n, rebuilt := 21_000, generator.RebuiltMuch
	if testing.Short() {
		n, rebuilt = 1000, ""
	}
	s.publish(cases(n, "路灯"))
	if r := s.sync(); r.Rebuilt != rebuilt || r.Docs != n || rebuilt != "" && r.Written != 0 {
		t.Errorf("%+v", r)
	}
}
