package static_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
	"github.com/huiyin/huiyin/search/static"
)

// reader reads an index as the script does, without a browser: a second way to
// the same hits, and the one that is fast enough for large indexes.
type reader struct {
	t     testing.TB
	m     static.Manifest
	body  func(name string) []byte // of a file
	read  map[string]int           // bytes of the files that the query read, as they are sent
	fixed int                      // bytes that the first query reads beside: script, manifest, words
}

func newReader(t testing.TB, body func(string) []byte) *reader {
	r := &reader{t: t, body: body}
	if err := json.Unmarshal(body("manifest.json"), &r.m); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"manifest.json", "static.js", "words.bin"} {
		r.fixed += len(body(name))
	}
	return r
}

func (r *reader) file(name string) []byte {
	body := r.body(name)
	r.read[name] = len(body)
	return unzip(r.t, body)
}

// postings returns the places of a token.
func (r *reader) postings(token string) []uint32 {
	b := r.file(static.BucketName(static.Bucket(token, r.m.Buckets)))
	number := func() int {
		n, size := binary.Uvarint(b)
		b = b[size:]
		return int(n)
	}
	for len(b) > 0 {
		n := int(b[0])
		found := string(b[1:1+n]) == token
		b = b[1+n:]
		for range 2 {
			docs, size := number(), number()
			if !found {
				b = b[size:]
				continue
			}
			places, last := make([]uint32, docs), 0
			for i := range places {
				last += number()
				places[i] = uint32(last)
			}
			return places
		}
	}
	return nil
}

// tokens are those of a term: first what holds every unit, then the rest.
func tokens(units []search.Unit) (first, rest []string) {
	from := 0
	for i, u := range units {
		if u.After {
			from = i
		}
		paired := func(i int) bool { return i+1 < len(units) && !units[i+1].After }
		switch {
		case paired(i) && (i-from)%2 == 1 && paired(i+1):
			rest = append(rest, u.Text+" "+units[i+1].Text)
		case paired(i):
			first = append(first, u.Text+" "+units[i+1].Text)
		case i == from:
			first = append(first, u.Text)
		}
	}
	return first, rest
}

// candidates returns the places that may match, newest first.
func (r *reader) candidates(q search.Query) []uint32 {
	var all []uint32
	begun := false
	take := func(places []uint32) {
		if !begun {
			all, begun = places, true
			return
		}
		all = slices.DeleteFunc(all, func(p uint32) bool { _, found := slices.BinarySearch(places, p); return !found })
	}
	for _, f := range q.Filters {
		var some []uint32
		for _, v := range f.In {
			some = append(some, r.postings(f.Field+"="+v)...)
		}
		slices.Sort(some)
		take(some)
	}
	var parts, later []string
	for _, term := range q.Terms {
		first, rest := tokens(search.Units(term))
		parts, later = append(parts, first...), append(later, rest...)
	}
	for group := range slices.Chunk(append(parts, later...), 4) {
		if begun && len(all) <= 10 {
			break
		}
		for _, token := range group {
			take(r.postings(token))
		}
	}
	slices.Reverse(all)
	return all
}

// doc reads a document: its ID and its texts.
func (r *reader) doc(place uint32) (id string, texts []string) {
	var chunk [][]json.RawMessage
	if err := json.Unmarshal(r.file(static.ChunkName(int(place)/r.m.Chunk)), &chunk); err != nil {
		r.t.Fatal(err)
	}
	d := chunk[int(place)%r.m.Chunk]
	if err := json.Unmarshal(d[0], &id); err != nil {
		r.t.Fatal(err)
	}
	if err := json.Unmarshal(d[1], &texts); err != nil {
		r.t.Fatal(err)
	}
	return id, texts
}

// search returns up to limit hits, newest first, and how many candidates there
// were.
func (r *reader) search(q search.Query, limit int) (ids []string, candidates int) {
	r.read = map[string]int{}
	all := r.candidates(q)
	for _, place := range all {
		if len(ids) == limit {
			break
		}
		id, texts := r.doc(place)
		matches := true
		for _, term := range q.Terms {
			matches = matches && slices.ContainsFunc(texts, func(text string) bool {
				for range search.MatchUnits(search.Units(text), search.Units(term)) {
					return true
				}
				return false
			})
		}
		if matches {
			ids = append(ids, id)
		}
	}
	return ids, len(all)
}

// sent is how many bytes the last query read.
func (r *reader) sent() int {
	n := 0
	for _, size := range r.read {
		n += size
	}
	return n
}

// corpus makes cases of about 650 characters from made-up words, of which few
// are common and most are rare, as in a language.
type corpus struct {
	words []string
	zipf  *rand.Zipf
	r     *rand.Rand
}

func newCorpus(seed uint64) *corpus {
	r := rand.New(rand.NewPCG(seed, 11))
	c := &corpus{r: r, zipf: rand.NewZipf(r, 1.07, 8, 60_000-1)}
	characters := rand.NewZipf(r, 1.2, 60, 3500-1)
	for range 60_000 {
		var b strings.Builder
		for range 2 + r.IntN(5)/2 {
			b.WriteRune('一' + rune(characters.Uint64())*5) // characters that are spread over the block
		}
		c.words = append(c.words, b.String())
	}
	return c
}

func (c *corpus) word() string { return c.words[c.zipf.Uint64()] }

func (c *corpus) text(length int) string {
	var b strings.Builder
	for n := 0; n < length; {
		word := c.word()
		n += len(word) / 3
		b.WriteString(word)
		switch c.r.IntN(9) {
		case 0:
			b.WriteString("，")
		case 1:
			b.WriteString("。")
		}
	}
	return b.String()
}

// docs yields n cases, the same each time for the same seed.
func corpusDocs(seed uint64, n int) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		c := newCorpus(seed)
		for i := range n {
			month := i * 46 / n // of 46 months, beginning with 2023-01
			year, month := 2023+month/12, 1+month%12
			unit := min(int(math.Exp(c.r.Float64()*6.8)), 929)
			d := search.Doc{
				ID: fmt.Sprintf("%02d%02d-%06d", year%100, month, i+1), Seq: int64(year%100*100+month)*1e9 + int64(i+1),
				Text: map[string]string{"title": c.text(16), "question": c.text(250 + c.r.IntN(100)), "reply": c.text(270 + c.r.IntN(100))},
				Keyword: map[string]string{
					"unit": fmt.Sprintf("u%d", unit), "area": fmt.Sprintf("3301%02d", c.r.IntN(90)), "kind": "complain", "status": "replied", "channel": "hotline",
					"year": fmt.Sprint(year), "month": fmt.Sprintf("%d-%02d", year, month),
				},
				Number: map[string]int64{"replied": int64(year*10000 + month*100 + 1 + c.r.IntN(28)), "days": int64(c.r.IntN(40))},
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// build writes an index of a corpus into a folder and returns a reader of it.
func build(t testing.TB, n int) (*reader, static.Report) {
	t.Helper()
	dir := t.TempDir()
	units := []search.Value{}
	for i := range 930 {
		units = append(units, search.Value{ID: fmt.Sprintf("u%d", i), Name: fmt.Sprintf("第%d号街道办事处", i)})
	}
	report, err := static.Write(t.Context(), func() iter.Seq2[search.Doc, error] { return corpusDocs(1, n) },
		static.Options{Schema: schema, Vocabulary: search.VocabularyFile{Fields: map[string][]search.Value{"unit": units}}, Lang: "zh-CN", Site: "../../"},
		func(name string, body []byte) error {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return err
			}
			return os.WriteFile(file, body, 0o644)
		})
	if err != nil {
		t.Fatal(err)
	}
	return newReader(t, func(name string) []byte {
		body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return body
	}), report
}

// class is a kind of queries: it makes one from the corpus and a text of it.
type class struct {
	name string
	make func(c *corpus, text string) search.Query
}

// stretch returns a stretch of n to m units of a text.
func stretch(c *corpus, text string, n, m int) string {
	units := search.Units(text)
	n = min(len(units), n+c.r.IntN(m-n+1))
	from := c.r.IntN(len(units) - n + 1)
	return text[units[from].Start:units[from+n-1].End]
}

func wordOf(c *corpus, length int) string {
	for {
		if w := c.word(); len(w) == 3*length {
			return w
		}
	}
}

var classes = []class{
	{"1-character", func(c *corpus, text string) search.Query { return plain(stretch(c, text, 1, 1)) }},
	{"2-characters", func(c *corpus, text string) search.Query { return plain(wordOf(c, 2)) }},
	{"3-characters", func(c *corpus, text string) search.Query { return plain(wordOf(c, 3)) }},
	{"4-characters", func(c *corpus, text string) search.Query { return plain(wordOf(c, 4)) }},
	{"two-words", func(c *corpus, text string) search.Query { return plain(c.word(), c.word()) }},
	{"quotation", func(c *corpus, text string) search.Query { return plain(stretch(c, text, 6, 12)) }},
	{"word-and-unit", func(c *corpus, text string) search.Query {
		return search.Query{Terms: []string{c.word()}, Filters: []search.Filter{{Field: "unit", In: []string{fmt.Sprintf("u%d", c.r.IntN(930))}}}}
	}},
	{"unit-and-year", func(c *corpus, text string) search.Query {
		return search.Query{Filters: []search.Filter{{Field: "unit", In: []string{fmt.Sprintf("u%d", c.r.IntN(930))}}, {Field: "year", In: []string{"2025"}}}}
	}},
}

// TestReaderFindsWhatAScanFinds asks thousands of queries of every class and
// stretches of 1 to 12 units.
func TestReaderFindsWhatAScanFinds(t *testing.T) {
	const n = 400
	r, _ := build(t, n)
	engine := scan.New()
	if err := engine.Rebuild(t.Context(), schema, "", corpusDocs(1, n)); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for d := range corpusDocs(1, n) {
		texts = append(texts, d.Text["question"], d.Text["reply"])
	}
	c := newCorpus(1)
	all := append(slices.Clone(classes), class{"stretch", func(c *corpus, text string) search.Query { return plain(stretch(c, text, 1, 12)) }})
	rounds := 2000
	if testing.Short() {
		rounds = 100
	}
	for i := range rounds {
		class := all[min(i%16, len(all)-1)]
		q := class.make(c, texts[c.r.IntN(len(texts))])
		q.Sort, q.Limit = "-replied", search.MaxWindow
		want, err := engine.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{}
		for _, h := range want.Hits {
			ids = append(ids, h.ID)
		}
		got, candidates := r.search(q, n)
		if d := cmp.Diff(ids, append([]string{}, got...)); d != "" {
			t.Fatalf("%s %d: -scan +reader\n%s", class.name, i, d)
		}
		if candidates < want.Total {
			t.Fatalf("%s %d: %d candidates for %d hits", class.name, i, candidates, want.Total)
		}
	}
}

// TestTypicalQueryIsSmall holds the first query of a visit to its bound: the
// script and all that it reads for the first page of hits.
func TestTypicalQueryIsSmall(t *testing.T) {
	cases := 4000
	if testing.Short() {
		cases = 400
	}
	r, _ := build(t, cases)
	c := newCorpus(1)
	var texts []string
	for d := range corpusDocs(1, 50) {
		texts = append(texts, d.Text["question"])
	}
	for _, class := range classes {
		sizes := measure(r, c, class, texts, 40)
		if p50 := sizes[len(sizes)/2] + r.fixed; p50 >= 100<<10 {
			t.Errorf("%s: half of the first queries read %d bytes or more", class.name, p50)
		}
	}
}

// measure returns how many bytes queries of a class read, in order.
func measure(r *reader, c *corpus, class class, texts []string, n int) []int {
	var sizes []int
	for range n {
		r.search(class.make(c, texts[c.r.IntN(len(texts))]), 10)
		sizes = append(sizes, r.sent())
	}
	sort.Ints(sizes)
	return sizes
}

// BenchmarkQuery prints the bytes that the first page of a query reads, the
// median and the 95th of 100, without the ones that only the first query of a
// visit reads, which stand beside them.
func BenchmarkQuery(b *testing.B) {
	for _, n := range []int{20_000, 100_000} {
		b.Run(fmt.Sprintf("docs=%d", n), func(b *testing.B) {
			r, _ := build(b, n)
			var texts []string
			for d := range corpusDocs(1, 500) {
				texts = append(texts, d.Text["question"])
			}
			for _, class := range classes {
				b.Run(class.name, func(b *testing.B) {
					c := newCorpus(2)
					c.words = newCorpus(1).words
					var sizes []int
					for b.Loop() {
						sizes = measure(r, c, class, texts, 200)
					}
					b.ReportMetric(float64(sizes[len(sizes)/2]), "p50-bytes")
					b.ReportMetric(float64(sizes[len(sizes)*95/100]), "p95-bytes")
					b.ReportMetric(float64(r.fixed), "once-bytes")
				})
			}
		})
	}
}

// BenchmarkWrite prints how large an index is.
func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{20_000, 100_000} {
		b.Run(fmt.Sprintf("docs=%d", n), func(b *testing.B) {
			var report static.Report
			for b.Loop() {
				var err error
				report, err = static.Write(b.Context(), func() iter.Seq2[search.Doc, error] { return corpusDocs(1, n) }, options,
					func(string, []byte) error { return nil })
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(report.Bytes), "bytes")
			b.ReportMetric(float64(report.Files), "files")
			b.ReportMetric(float64(report.Largest), "largest-bucket-bytes")
		})
	}
}
