package assess

import (
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// BenchmarkDiff compares all figures of such a book with those of one in which one case
// in a hundred thousand is another.
func BenchmarkDiff(b *testing.B) {
	facts := benchFacts()
	ended := func(book *Book) []record.Figure { return book.Figures(book.Ended) }
	old := ended(benchBook(facts))
	facts[0] = facts[1]
	now := ended(benchBook(facts))
	n := 0
	for b.Loop() {
		n = len(Diff(old, now))
	}
	if n == 0 {
		b.Fatal("a changed case changed no figure")
	}
	b.ReportMetric(float64(n), "restated")
}
