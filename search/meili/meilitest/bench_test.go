package meilitest_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// BenchmarkSearch searches 5,000 documents of 300 words, as many as the tests of
// recall use.
func BenchmarkSearch(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var docs []string
	word := func() string { return fmt.Sprintf("h%x", 0x4e00+r.IntN(2000)) }
	words := func(n int) string {
		all := make([]string, n)
		for i := range all {
			all[i] = word()
		}
		return strings.Join(all, " ")
	}
	for i := range 5000 {
		docs = append(docs, fmt.Sprintf(`{"id":"%d","body":%q,"unit":"u%d","n":%d}`, i, words(300), i%50, i))
	}
	f := filled(b, meilitest.Options{Observe: func(*http.Request, int, []byte) {}}, asWords, docs...)
	f.find(object{"q": "x"}) // the first search cuts all texts into words
	for name, q := range map[string]object{
		"word":   {"q": `"` + word() + `"`},
		"phrase": {"q": `"` + words(4) + `"`},
		"all":    {"q": "", "sort": []string{"n:desc"}},
		"facets": {"q": "", "facets": []string{"unit"}, "hitsPerPage": 0},
	} {
		q["matchingStrategy"], q["attributesToRetrieve"] = "all", []string{"id"}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f.find(q)
			}
		})
	}
}
