package fts_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
)

// city makes up cases of about 650 characters, the same for the same seed. Words
// have two to four characters and are drawn by Zipf's law, as are units and
// topics; between them stand turns that many letters share.
type city struct {
	rand  *rand.Rand
	words []string
	zipf  *rand.Zipf
	units *rand.Zipf
	small *rand.Zipf
}

var turns = []string{
	"严重影响了我们的正常生活", "希望有关部门尽快解决", "您反映的问题已收悉", "经核实", "现将有关情况回复如下", "感谢您的理解与支持",
	"我单位高度重视", "如有疑问请拨打12345热线", "下一步将加强监管", "已责令其限期整改",
}

func newCity(seed uint64) *city {
	r := rand.New(rand.NewPCG(seed, 1))
	c := &city{rand: r, zipf: rand.NewZipf(r, 1.07, 1, 59_999), units: rand.NewZipf(r, 1.2, 3, 929), small: rand.NewZipf(r, 1.1, 1, 45)}
	chars := rand.NewZipf(r, 1.05, 20, 3499)
	for range 60_000 {
		var b strings.Builder
		for range []int{2, 2, 2, 3, 4}[r.IntN(5)] {
			b.WriteRune(rune(0x4e00 + int(chars.Uint64())*5))
		}
		c.words = append(c.words, b.String())
	}
	return c
}

func (c *city) word() string { return c.words[c.zipf.Uint64()] }

func (c *city) text(runes int) string {
	var b strings.Builder
	n := 0
	for n < runes {
		var s string
		switch c.rand.IntN(24) {
		case 0, 1:
			s = "，"
		case 2:
			s = "。"
		case 3:
			s = turns[c.rand.IntN(len(turns))]
		default:
			s = c.word()
		}
		b.WriteString(s)
		n += len(s) / 3
	}
	return b.String()
}

func (c *city) doc(i int) search.Doc {
	month := c.small.Uint64()
	received := 20230101 + int64(month/12)*10000 + int64(month%12)*100 + int64(c.rand.IntN(28))
	d := search.Doc{
		ID: fmt.Sprintf("%04d-%06d", 2300+i/100_000, i%100_000), Seq: int64(i) + 1,
		Text: map[string]string{"title": c.text(18), "question": c.text(250), "reply": c.text(380)},
		Keyword: map[string]string{
			"type": "case", "unit": fmt.Sprintf("u%03d", c.units.Uint64()), "area": fmt.Sprintf("a%03d", c.units.Uint64()%183),
			"topic": fmt.Sprintf("t%02d", c.small.Uint64()%16), "channel": fmt.Sprintf("c%d", c.small.Uint64()%6),
			"kind": fmt.Sprintf("k%d", c.small.Uint64()%5), "status": "replied", "rating": fmt.Sprintf("%d/5", 1+c.rand.IntN(5)),
			"year": strconv.Itoa(int(received / 10000)), "month": fmt.Sprintf("%d-%02d", received/10000, received/100%100),
		},
		Number: map[string]int64{"received": received, "replied": received + int64(c.rand.IntN(3)), "days": int64(c.rand.IntN(40))},
	}
	return d
}

func (c *city) docs(n int) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for i := range n {
			if !yield(c.doc(i), nil) {
				return
			}
		}
	}
}

// benchIndex builds an index of HUIYIN_BENCH_DOCS cases, or opens the one that
// HUIYIN_BENCH_DIR already has.
func benchIndex(b *testing.B) (*fts.Index, int) {
	b.Helper()
	n := 20_000
	if s := os.Getenv("HUIYIN_BENCH_DOCS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	dir := os.Getenv("HUIYIN_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	x, err := fts.Open(dir, fts.Options{CacheBytes: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { x.Close() })
	if s, err := x.Stats(b.Context()); err == nil && s.Docs == n {
		return x, n
	}
	start := time.Now()
	if err := x.Rebuild(b.Context(), search.SiteSchema(), "bench", newCity(1).docs(n)); err != nil {
		b.Fatal(err)
	}
	s, err := x.Stats(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("built %d cases in %v, %d bytes a case, peak %s", n, time.Since(start).Round(time.Millisecond), s.Bytes/int64(n), peak())
	return x, n
}

// peak returns the most memory that the process had, as Linux says it.
func peak() string {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "unknown"
}

// mixes are the kinds of queries, each made anew for every call.
func mixes(c *city) map[string]func() search.Query {
	facets := []string{"unit", "area", "year"}
	length := func(n int) string {
		for {
			if w := c.word(); len(w) == 3*n {
				return w
			}
		}
	}
	page := func(q search.Query) search.Query {
		q.Sort, q.Limit, q.Facets = "-replied", 20, facets
		return q
	}
	return map[string]func() search.Query{
		"2characters": func() search.Query { return page(search.Query{Terms: []string{length(2)}}) },
		"3characters": func() search.Query { return page(search.Query{Terms: []string{length(3)}}) },
		"4characters": func() search.Query { return page(search.Query{Terms: []string{length(4)}}) },
		"words":       func() search.Query { return page(search.Query{Terms: []string{c.word(), c.word()}}) },
		"titlefirst": func() search.Query {
			return search.Query{Terms: []string{length(2)}, Limit: 20, Facets: facets}
		},
		"filtered": func() search.Query {
			return page(search.Query{Terms: []string{length(2)}, Filters: []search.Filter{{Field: "unit", In: []string{"u001"}}, {Field: "year", In: []string{"2024"}}}})
		},
		"common": func() search.Query { return page(search.Query{Terms: []string{c.words[c.rand.IntN(20)]}}) },
		"quote":  func() search.Query { return page(search.Query{Terms: []string{turns[c.rand.IntN(len(turns))]}}) },
		"browse": func() search.Query { return page(search.Query{}) },
		"deep": func() search.Query {
			q := page(search.Query{Terms: []string{length(2)}})
			q.Offset = 9980
			return q
		},
		"single": func() search.Query { return page(search.Query{Terms: []string{length(2)[:3]}}) },
	}
}

func BenchmarkSearch(b *testing.B) {
	x, _ := benchIndex(b)
	c := newCity(1)
	c.rand = rand.New(rand.NewPCG(7, 7))
	all := mixes(c)
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	if _, err := x.Search(b.Context(), search.Query{Limit: 1}); err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			hits := 0
			for b.Loop() {
				q := all[name]()
				start := time.Now()
				r, err := x.Search(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				hits += r.Total
			}
			report(b, took)
			b.ReportMetric(float64(hits)/float64(len(took)), "hits")
		})
	}
}

// report adds the median and the 95th percentile.
func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	ms := func(p int) float64 { return float64(took[len(took)*p/100].Microseconds()) / 1000 }
	b.ReportMetric(ms(50), "p50-ms")
	b.ReportMetric(ms(95), "p95-ms")
}

func BenchmarkUpsert(b *testing.B) {
	x, n := benchIndex(b)
	c := newCity(2)
	var took []time.Duration
	for b.Loop() {
		d := c.doc(c.rand.IntN(n))
		start := time.Now()
		if err := x.Upsert(b.Context(), "", []search.Doc{d}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	report(b, took)
}

func BenchmarkDelete(b *testing.B) {
	x, n := benchIndex(b)
	c := newCity(3)
	var took []time.Duration
	for b.Loop() {
		id := c.doc(c.rand.IntN(n)).ID
		start := time.Now()
		if err := x.Delete(b.Context(), []string{id}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	report(b, took)
}
