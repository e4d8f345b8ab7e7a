package fts

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search"
)

// The whole is measured by cmd/internal/searchbench; here are its parts.

// chars makes up a text of n characters of which the first of the alphabet are
// the most frequent, as in a language.
func chars(r *rand.Rand, n int) string {
	z := rand.NewZipf(r, 1.05, 20, 3499)
	var b strings.Builder
	for i := range n {
		if i%12 == 11 {
			b.WriteRune('，')
			continue
		}
		b.WriteRune(rune(0x4e00 + z.Uint64()))
	}
	return b.String()
}

func benchDocs(n int) []search.Doc {
	r := rand.New(rand.NewPCG(1, 1))
	docs := make([]search.Doc, n)
	for i := range docs {
		docs[i] = letter(i+1, "")
		docs[i].Text["title"], docs[i].Text["body"] = chars(r, 18), chars(r, 630)
	}
	return docs
}

// BenchmarkTokens gathers, sorts and writes the tokens of 1,000 documents.
func BenchmarkTokens(b *testing.B) {
	docs := benchDocs(1000)
	t := newTokens(len(letters.Text))
	size := 0
	for b.Loop() {
		size = 0
		for i, d := range docs {
			t.addDoc(letters, uint32(i+1), d.Text)
		}
		w := blockWriter{emit: func(_, docs, where []byte) error {
			size += len(docs) + len(where)
			return nil
		}}
		if err := t.write(&w); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(size)/1000, "bytes/doc")
}

// BenchmarkPhrase finds phrases of 2 to 6 of the most frequent characters in
// 20,000 documents.
func BenchmarkPhrase(b *testing.B) {
	x := benchIndex(b, 20_000)
	for _, n := range []int{1, 2, 3, 6} {
		term := chars(rand.New(rand.NewPCG(1, 1)), n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := x.Search(b.Context(), search.Query{Terms: []string{term}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchIndex(b *testing.B, n int) *Index {
	x, err := Open(b.TempDir(), Options{CacheBytes: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { x.Close() })
	if err := x.Rebuild(b.Context(), letters, "", sequence(benchDocs(n), nil)); err != nil {
		b.Fatal(err)
	}
	return x
}

// BenchmarkUpsert changes one document of 2,000 at a time.
func BenchmarkUpsert(b *testing.B) {
	x := benchIndex(b, 2000)
	docs := benchDocs(500)
	for i := 0; b.Loop(); i++ {
		d := docs[i%len(docs)]
		d.Text["title"] = fmt.Sprint(i)
		if err := x.Upsert(b.Context(), "", []search.Doc{d}); err != nil {
			b.Fatal(err)
		}
	}
}
