package lexicon_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/search/lexicon"
)

// loaded is a lexicon for all tests: they are many, and it never changes.
var loaded = sync.OnceValues(lexicon.Load)

func load(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	l, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// loadAgain returns another one.
func loadAgain(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	l, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestConcurrentUse(t *testing.T) {
	l := load(t)
	s := lexicon.NewSynonyms(lexicon.DefaultSynonyms())
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			if !l.Crossing("产品和服务", len("产品"), len("产品和服")) {
				t.Error("和服 does not cross")
			}
			if got := l.Suggest("公机金"); len(got) == 0 || got[0] != "公积金" {
				t.Errorf("公机金 suggests %q", got)
			}
			if got, _ := l.Question("公积金怎么提取"); len(got) != 2 {
				t.Errorf("the words of the question are %q", got)
			}
			if got := s.Expand("住建局"); len(got) == 0 {
				t.Error("住建局 has no other name")
			}
		})
	}
	g.Wait()
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var l *lexicon.Lexicon
	for b.Loop() {
		l = loadAgain(b)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/(1<<20), "MiB-kept")
	runtime.KeepAlive(l)
}
