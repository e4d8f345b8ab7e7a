package gate

import (
	"testing"

	"github.com/huiyin/huiyin/generator/gate/gatetext"
	"github.com/huiyin/huiyin/generator/record"
)

// BenchmarkStructured decodes made-up documents and looks for everything but names
// and addresses.
func BenchmarkStructured(b *testing.B) { benchmarkDocuments(b, true) }

// BenchmarkWithNames looks for everything.
func BenchmarkWithNames(b *testing.B) { benchmarkDocuments(b, false) }

func benchmarkDocuments(b *testing.B, structured bool) {
	m := gatetext.New(7)
	kinds, plain := gatetext.Kinds(), gatetext.Spellings()[0]
	for _, t := range []struct {
		name string
		text func(i int) string
	}{
		{"clean", func(int) string { return m.Clean().Text }},
		{"planted", func(i int) string { return m.Planted(kinds[i%len(kinds)], plain).Text }},
	} {
		b.Run(t.name, func(b *testing.B) {
			docs, size := make([]string, 500), 0
			for i := range docs {
				docs[i] = t.text(i)
				size += len(docs[i])
			}
			s := &scan{tables: newTables(), structured: structured, asOf: record.Date(2026, 11, 20)}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for _, text := range docs {
					s.work = &budget{left: 1 << 40}
					d, ok := decode(text, s.work)
					if !ok {
						b.Fatal("a document does not decode")
					}
					s.find(d.plain)
				}
			}
		})
	}
}
