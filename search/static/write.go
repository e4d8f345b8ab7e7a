package static

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed" // for the script
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"

	"github.com/huiyin/huiyin/search"
)

// MaxDocs is how many documents a static index may hold. Beyond it the files of
// common words become too large for a telephone.
const MaxDocs = 100_000

// ErrTooMany: more documents than MaxDocs.
var ErrTooMany = fmt.Errorf("static: more than %d documents", MaxDocs)

const (
	chunkDocs = 2   // most hits lie in a chunk of their own, of which the rest is read in vain
	monthDocs = 256 // places from one month to the next are a multiple of it
)

// script is static.js without what only people read.
//
//go:generate ./minify.sh
//go:embed static.min.js
var script []byte

// The names of the files that do not depend on the documents.
const (
	manifestName = "manifest.json"
	ScriptName   = "static.js"
	wordsName    = "words.bin"
)

// Script returns the script as it is sent. It must not be changed.
func Script() []byte { return script }

// Options are what Write needs to know.
type Options struct {
	Schema     search.Schema
	Vocabulary search.VocabularyFile // names of keywords, which lie above which, and the cut-off
	Lang       string                // language of the documents, as HTML names it: "zh-CN"
	Site       string                // address of the site's root, seen from the folder of the index: "../../"
}

// Write makes the index of docs and hands each file to put, in an order that is
// always the same, the manifest last. The same documents give the same bytes.
// docs is read twice, and may yield its documents in any order. put must not
// keep body.
//
// More than MaxDocs documents are [ErrTooMany]. 100,000 cases of 650 characters
// take about 70 seconds of one processor and 1.1 GB of memory, and become 83,000
// files of 237 MB, of which a query reads 26 to 62 kB (medians by kind of query;
// BenchmarkWrite and BenchmarkQuery print them).
func Write(ctx context.Context, docs func() iter.Seq2[search.Doc, error], o Options, put func(name string, body []byte) error) (Report, error) {
	if err := search.CheckSchema(o.Schema); err != nil {
		return Report{}, err
	}
	if _, err := search.NewVocabulary(o.Vocabulary); err != nil {
		return Report{}, err
	}
	w := &writer{o: o, parents: parents(o), put: put, postings: newPostings()}
	if err := w.order(ctx, docs()); err != nil {
		return Report{}, err
	}
	w.chunks = make([][]*search.Doc, (w.size+chunkDocs-1)/chunkDocs)
	w.columns = newColumns(o.Schema, w.size)
	n := 0
	for d, err := range docs() {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return Report{}, err
		}
		if err := w.add(d); err != nil {
			return Report{}, err
		}
		n++
	}
	if n != len(w.places) {
		return Report{}, errChanged
	}
	if err := w.finish(ctx); err != nil {
		return Report{}, err
	}
	return w.report, nil
}

// parents returns what lies right above each value. The vocabulary was checked:
// there are no circles.
func parents(o Options) map[string]map[string]string {
	all := map[string]map[string]string{}
	for field, values := range o.Vocabulary.Fields {
		above := map[string]string{}
		for _, v := range values {
			above[v.ID] = v.Parent
		}
		all[field] = above
	}
	return all
}

var errChanged = errors.New("static: the documents changed between the two readings")

type writer struct {
	o        Options
	parents  map[string]map[string]string // what lies right above a value, by field
	put      func(string, []byte) error
	places   map[string]uint32 // by ID
	size     int               // one more than the last place
	postings *postings
	chunks   [][]*search.Doc // documents of chunks that are not complete yet
	held     []uint8         // how many documents each chunk has
	columns  []*column
	report   Report

	sums [][]byte // of what was handed over
	zip  *gzip.Writer
	body bytes.Buffer
}

// order gives each document its place.
func (w *writer) order(ctx context.Context, docs iter.Seq2[search.Doc, error]) error {
	type key struct {
		id     string
		newest int64
		seq    int64
	}
	var keys []key
	for d, err := range docs {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		if err := search.CheckDoc(w.o.Schema, d); err != nil {
			return err
		}
		newest, ok := number(d, w.o.Schema.Newest)
		if !ok {
			newest = math.MinInt64
		}
		keys = append(keys, key{d.ID, newest, d.Seq})
		if len(keys) > MaxDocs {
			return ErrTooMany
		}
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.newest, b.newest), cmp.Compare(a.seq, b.seq))
	})
	w.places = make(map[string]uint32, len(keys))
	for i, k := range keys {
		if i > 0 && k.newest/100 != keys[i-1].newest/100 {
			w.size = (w.size + monthDocs - 1) / monthDocs * monthDocs
		}
		w.places[k.id] = uint32(w.size)
		w.size++
	}
	if len(w.places) != len(keys) {
		return errors.New("static: two documents have the same ID")
	}
	w.held = make([]uint8, w.size/chunkDocs+1)
	for _, place := range w.places {
		w.held[place/chunkDocs]++
	}
	w.report.Docs = len(keys)
	return nil
}

// add puts a document into the postings, the columns and its chunk, which is
// written as soon as it is complete.
func (w *writer) add(d search.Doc) error {
	place, ok := w.places[d.ID]
	if !ok {
		return errChanged
	}
	for i, field := range w.o.Schema.Text {
		w.postings.text(place, d.Text[field], i == 0)
	}
	for _, field := range w.o.Schema.Keyword {
		for value := d.Keyword[field]; value != ""; value = w.parents[field][value] {
			w.postings.keyword(place, field, value)
		}
	}
	for _, c := range w.columns {
		c.set(place, d)
	}
	n := int(place) / chunkDocs
	chunk := append(w.chunks[n], &d)
	w.chunks[n] = chunk
	if len(chunk) < int(w.held[n]) {
		return nil
	}
	w.chunks[n] = nil
	return w.zipped(chunkName(n), w.encodeChunk(n, chunk))
}

// encodeChunk returns the file of a chunk, before compression.
func (w *writer) encodeChunk(n int, docs []*search.Doc) []byte {
	all := make([]any, chunkDocs)
	for _, d := range docs {
		var texts, keywords, numbers []any
		for _, f := range w.o.Schema.Text {
			texts = append(texts, known(d.Text[f]))
		}
		for _, f := range w.o.Schema.Keyword {
			keywords = append(keywords, known(d.Keyword[f]))
		}
		for _, f := range w.o.Schema.Number {
			if n, ok := number(*d, f); ok {
				numbers = append(numbers, n)
			} else {
				numbers = append(numbers, nil)
			}
		}
		all[int(w.places[d.ID])-n*chunkDocs] = []any{d.ID, texts, keywords, numbers}
	}
	return encodeJSON(all)
}

// known returns a text, or nil for none.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// finish writes everything that had to wait for the last document.
func (w *writer) finish(ctx context.Context) error {
	buckets, each := w.postings.buckets()
	for i, entries := range each {
		if err := ctx.Err(); err != nil {
			return err
		}
		before := w.report.Bytes
		if err := w.zipped(bucketName(i), encode(entries)); err != nil {
			return err
		}
		w.report.Largest = max(w.report.Largest, int(w.report.Bytes-before))
	}
	for _, c := range w.columns {
		if err := w.zipped("c/"+c.field+".bin", c.encode()); err != nil {
			return err
		}
	}
	if err := w.zipped(wordsName, encodeJSON(newWords(w.o))); err != nil {
		return err
	}
	if err := w.plain(ScriptName, Script()); err != nil {
		return err
	}
	s := w.o.Schema
	m := Manifest{
		Version: 1, Docs: len(w.places), Places: w.size, Buckets: buckets, Chunk: chunkDocs,
		Text: s.Text, Keyword: s.Keyword, Number: s.Number, Newest: s.Newest,
		Cutoff: w.o.Vocabulary.Cutoff, Lang: w.o.Lang, Site: w.o.Site,
	}
	// Documents come in any order, and so do their files.
	slices.SortFunc(w.sums, bytes.Compare)
	sum := sha256.Sum256(append(bytes.Join(w.sums, nil), encodeJSON(m)...))
	m.Mark = hex.EncodeToString(sum[:8])
	return w.plain(manifestName, encodeJSON(m))
}

// encodeJSON returns a value as JSON on a line.
func encodeJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("static: " + err.Error()) // a buffer, and strings, numbers, lists and maps of them
	}
	return b.Bytes()
}

// zipped compresses a file and hands it over.
func (w *writer) zipped(name string, body []byte) error {
	w.body.Reset()
	if w.zip == nil {
		w.zip, _ = gzip.NewWriterLevel(&w.body, gzip.BestCompression) // there is such a level
	} else {
		w.zip.Reset(&w.body)
	}
	_, _ = w.zip.Write(body) // a buffer takes all
	if err := w.zip.Close(); err != nil {
		return err
	}
	return w.plain(name, w.body.Bytes())
}

// plain hands a file over.
func (w *writer) plain(name string, body []byte) error {
	w.report.Files++
	w.report.Bytes += int64(len(body))
	h := sha256.New()
	_, _ = io.WriteString(h, name+"\n") // a hash takes all
	_, _ = h.Write(body)
	w.sums = append(w.sums, h.Sum(nil))
	return w.put(name, body)
}
