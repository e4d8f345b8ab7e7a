package generator_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
)

// BenchmarkIndex measures the way of the embedded index on 30,000 documents of
// about 650 characters in partitions of 300. Rebuild and verify are told for each
// document too.
func BenchmarkIndex(b *testing.B) {
	const docs = 30_000
	text := strings.Repeat("小区门口的路灯已经修好，感谢您的反映。", 34)
	site := func(changed string) map[string]string {
		m := map[string]string{"home": "2611-000001"}
		for part := range docs / record.PartitionSize {
			var cases []string
			for i := range record.PartitionSize {
				n := part*record.PartitionSize + i + 1
				cases = append(cases, fmt.Sprintf("2610-%06d %d%s", n, n, text))
			}
			key := fmt.Sprintf("case/2610/%04d", part)
			if m[key] = strings.Join(cases, " | "); part == 0 {
				m[key] += changed
			}
		}
		return m
	}
	s := newShelf(b)
	dir := filepath.Join(b.TempDir(), "search")
	x := generator.NewIndexer(generator.IndexerOptions{
		Releases: s.releases,
		Write:    func(context.Context) (search.Engine, error) { return fts.Open(dir, fts.Options{}) },
		Read:     func(context.Context) (search.Engine, error) { return fts.OpenReader(dir, fts.Options{}) },
	})
	run := func(b *testing.B, f func(context.Context) (generator.IndexReport, error)) {
		b.Helper()
		if _, err := f(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	perDocument := func(b *testing.B) {
		b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N)/docs, "µs/document")
	}
	s.publish(site(""))
	b.Run("rebuild", func(b *testing.B) {
		for b.Loop() {
			run(b, x.Rebuild)
		}
		perDocument(b)
	})
	b.Run("nothing new", func(b *testing.B) {
		for b.Loop() {
			run(b, x.Sync)
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			run(b, func(ctx context.Context) (generator.IndexReport, error) {
				r, err := x.Verify(ctx)
				if err == nil && !r.Same() {
					b.Fatalf("%+v", r)
				}
				return generator.IndexReport{}, err
			})
		}
		perDocument(b)
	})
	b.Run("one changed reply", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			s.publish(site(fmt.Sprint(i)))
			b.StartTimer()
			run(b, x.Sync)
		}
	})
	b.Run("one withdrawal", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			s.withdraw(fmt.Sprintf("2610-%06d", i+1))
			b.StartTimer()
			run(b, x.Settle)
		}
	})
}
