package release

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/klauspost/compress/flate"
)

// BenchmarkPack writes packs of 300 pages of 7 KB. ns/op is of one page.
func BenchmarkPack(b *testing.B) {
	pages := make([][]byte, 300)
	total := 0
	for i := range pages {
		pages[i] = pageText(7000, i)
		total += len(pages[i])
	}
	names := make([]string, len(pages))
	shows := make([][]string, len(pages))
	for i := range names {
		names[i], shows[i] = fmt.Sprintf("case/2611-%06d.html", i), []string{fmt.Sprintf("2611-%06d", i)}
	}
	b.ReportAllocs()
	b.SetBytes(int64(total / len(pages)))
	var info PackInfo
	for i := 0; b.Loop(); i++ {
		if i%len(pages) != 0 {
			continue
		}
		w := NewPackWriter(io.Discard)
		for j, p := range pages {
			if err := w.Add(File{Name: names[j], Body: p, Shows: shows[j]}); err != nil {
				b.Fatal(err)
			}
		}
		var err error
		if info, err = w.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(info.Bytes)/float64(len(pages)), "packed-B/page")
}

// BenchmarkLevel is what the level was chosen by: time and size of one page.
func BenchmarkLevel(b *testing.B) {
	page := pageText(7000, 1)
	for level := 1; level <= 9; level++ {
		b.Run(fmt.Sprint(level), func(b *testing.B) {
			var buf bytes.Buffer
			w, err := flate.NewWriter(&buf, level)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				buf.Reset()
				w.Reset(&buf)
				if _, err := w.Write(page); err != nil {
					b.Fatal(err)
				}
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(buf.Len())*100/float64(len(page)), "%size")
		})
	}
	b.Run("gzip-6-new", func(b *testing.B) { // the standard library, a new compressor each time
		var n countWriter
		for b.Loop() {
			n = 0
			w := gzip.NewWriter(&n)
			if _, err := w.Write(page); err != nil {
				b.Fatal(err)
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(n)*100/float64(len(page)), "%size")
	})
}

type countWriter int

func (c *countWriter) Write(b []byte) (int, error) { *c += countWriter(len(b)); return len(b), nil }

// benchPartitions is the size of the made-up site: 1,000 partitions of 100 files,
// where a case is shown by its page, and by a list in another partition.
const (
	benchPartitions = 1000
	benchFiles      = 100
)

// benchStore makes a store with one release of 100,000 files in dir.
func benchStore(b *testing.B, dir string) *Store {
	b.Helper()
	s, err := Open(dir, Options{PagePath: func(n string) string { return "case/" + n + ".html" }})
	if err != nil {
		b.Fatal(err)
	}
	txn, err := s.Begin(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer txn.Abort()
	body := pageText(7000, 7)
	var refs []PartitionRef
	for p := range benchPartitions {
		name := filepath.Join(txn.Stage(), fmt.Sprint(p))
		f, err := os.Create(name)
		if err != nil {
			b.Fatal(err)
		}
		w := NewPackWriter(f)
		for i := range benchFiles {
			n := fmt.Sprintf("%04d-%06d", p, i)
			text := append([]byte(n), body...)
			if err := w.Add(File{Name: "case/" + n + ".html", Body: text, Shows: []string{n}}); err != nil {
				b.Fatal(err)
			}
		}
		list := fmt.Sprintf("list/%d.html", p)
		if err := w.Add(File{Name: list, Body: []byte(list), Shows: []string{fmt.Sprintf("%04d-000000", (p+1)%benchPartitions)}}); err != nil {
			b.Fatal(err)
		}
		info, err := w.Close()
		if err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		if err := txn.Adopt(name, info); err != nil {
			b.Fatal(err)
		}
		refs = append(refs, PartitionRef{Key: fmt.Sprintf("case/%04d", p), Pack: info.Hash, Files: info.Files, Bytes: info.Bytes})
	}
	if _, err := txn.Commit(Manifest{Partitions: refs}); err != nil {
		b.Fatal(err)
	}
	return s
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkStore measures a store of 100,000 files.
func BenchmarkStore(b *testing.B) {
	dir := b.TempDir()
	s := benchStore(b, filepath.Join(dir, "releases"))
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run("Open", func(b *testing.B) {
		before := heap()
		for b.Loop() {
			s.forget()
			v, err := s.Current()
			if err != nil {
				b.Fatal(err)
			}
			v.Close()
		}
		b.ReportMetric(float64(int64(heap()-before))/1e6, "heap-MB")
	})
	b.Run("Refresh", func(b *testing.B) { // nothing has changed
		for b.Loop() {
			v, _, err := s.Refresh()
			if err != nil {
				b.Fatal(err)
			}
			v.Close()
		}
	})
	b.Run("Lookup", func(b *testing.B) {
		v, err := s.Current()
		if err != nil {
			b.Fatal(err)
		}
		defer v.Close()
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			name := fmt.Sprintf("case/%04d-%06d.html", i*7919%benchPartitions, i*31%benchFiles)
			if _, state := v.Lookup(name); state != Found {
				b.Fatal(name, state)
			}
		}
	})
	b.Run("LookupMissing", func(b *testing.B) {
		v, err := s.Current()
		if err != nil {
			b.Fatal(err)
		}
		defer v.Close()
		for b.Loop() {
			if _, state := v.Lookup("case/nothing.html"); state != Missing {
				b.Fatal(state)
			}
		}
	})
	b.Run("Export", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			r, err := s.Export(context.Background(), filepath.Join(dir, fmt.Sprintf("www%d", i)), ExportOptions{})
			if err != nil || r.Written != benchPartitions*(benchFiles+1) {
				b.Fatal(r, err)
			}
		}
	})
	b.Run("ExportNothingNew", func(b *testing.B) {
		for b.Loop() {
			r, err := s.Export(context.Background(), filepath.Join(dir, "www0"), ExportOptions{})
			if err != nil || r.Written != 0 {
				b.Fatal(r, err)
			}
		}
	})
	b.Run("Begin", func(b *testing.B) {
		for b.Loop() {
			txn, err := s.Begin(context.Background())
			if err != nil {
				b.Fatal(err)
			}
			if err := txn.Abort(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Withdraw", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			n := fmt.Sprintf("%04d-000000", i)
			if added, err := s.Withdraw(context.Background(), []Gone{{Number: n, Reason: "r"}}); added != 1 || err != nil {
				b.Fatal(added, err)
			}
		}
	})
	b.Run("WithdrawAgain", func(b *testing.B) {
		for b.Loop() {
			if added, err := s.Withdraw(context.Background(), []Gone{{Number: "0000-000000", Reason: "r"}}); added != 0 || err != nil {
				b.Fatal(added, err)
			}
		}
	})
	b.Run("ExportAfterWithdraw", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			n := fmt.Sprintf("%04d-%06d", i%benchPartitions, 50)
			if _, err := s.Withdraw(context.Background(), []Gone{{Number: n, Reason: "r"}}); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			if _, err := s.Export(context.Background(), filepath.Join(dir, "www0"), ExportOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Fsck", func(b *testing.B) {
		for b.Loop() {
			if r, err := s.Fsck(context.Background()); err != nil || len(r.Problems) > 0 {
				b.Fatal(r.Problems, err)
			}
		}
	})
}
