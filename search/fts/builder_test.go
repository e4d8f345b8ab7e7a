package fts

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search"
)

var letters = search.Schema{Text: []string{"title", "body"}, Keyword: []string{"unit"}, Number: []string{"day"}, Newest: "day"}

// letter is a document whose texts say its number and a word.
func letter(n int, word string) search.Doc {
	return search.Doc{
		ID: fmt.Sprint("c-", n), Seq: int64(n),
		Text:    map[string]string{"title": fmt.Sprint("来信", n), "body": strings.Repeat(word+"，", n%7+1) + fmt.Sprint(n)},
		Keyword: map[string]string{"unit": fmt.Sprint("u", n%3)},
		Number:  map[string]int64{"day": int64(n % 5)},
	}
}

func lettersTo(n int, word string) []search.Doc {
	var out []search.Doc
	for i := 1; i <= n; i++ {
		out = append(out, letter(i, word))
	}
	return out
}

// sequence gives documents, and calls before ahead of each.
func sequence(docs []search.Doc, before func(i int)) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for i, d := range docs {
			if before != nil {
				before(i)
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// bodies returns the text of every document, by ID, and checks the index.
func bodies(t *testing.T, x *Index) map[string]string {
	t.Helper()
	if err := x.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	err := x.Each(t.Context(), search.Query{}, func(h search.Hit) error {
		got[h.ID] = h.Text["body"]
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wanted(docs []search.Doc) map[string]string {
	want := map[string]string{}
	for _, d := range docs {
		want[d.ID] = d.Text["body"]
	}
	return want
}

// TestRebuildGoesOn interrupts a Rebuild after some documents and calls it again
// with the same and with other documents. What is equal is taken over, and the
// index is that of the second call.
func TestRebuildGoesOn(t *testing.T) {
	const all = 60
	first := lettersTo(all, "路灯")
	first[37].Text["body"] = secret(3)
	changed := func(at int) []search.Doc {
		docs := slices.Clone(first)
		docs[at] = letter(at+1, "井盖")
		return docs
	}
	tests := []struct {
		name  string
		after int // documents of the first call
		docs  []search.Doc
		equal int // how many of its documents can be taken over
	}{
		{"the same", 40, first, 40},
		{"the same at once again", 1, first, 1},
		{"interrupted while merging", all, first, all},
		{"longer", all, append(slices.Clone(first), lettersTo(90, "路灯")[all:]...), all},
		{"shorter", 40, first[:17], 17},
		{"nothing", 40, nil, 0},
		{"the first is another", 40, changed(0), 0},
		{"one in the middle is another", 40, changed(25), 25},
		{"the last is another", 40, changed(39), 39},
		{"one is missing", 40, slices.Delete(slices.Clone(first), 30, 31), 30},
		{"in another order", 40, append([]search.Doc{first[1], first[0]}, first[2:]...), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			x, err := Open(dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { x.Close() })
			x.writer.batchUnits = 100
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			docs := sequence(append(slices.Clone(first), letter(999, "末")), func(i int) {
				if i == tt.after {
					cancel()
				}
			})
			if err := x.Rebuild(ctx, letters, "one", docs); !errors.Is(err, context.Canceled) {
				t.Fatalf("interrupted Rebuild: %v", err)
			}
			kept := keptBatches(t, filepath.Join(dir, haltedName))
			if len(kept) == 0 || kept[len(kept)-1].docs != int64(tt.after) {
				t.Fatalf("after %d documents there are batches %v", tt.after, kept)
			}

			// The batches whose documents all come again stay as they are.
			want := slices.DeleteFunc(slices.Clone(kept), func(r batchRow) bool { return r.docs > int64(tt.equal) })
			b := half(t, dir)
			f := feed{schema: letters, texts: x.texts, known: slices.Clone(b.batches), ready: make(chan portion, 1000)}
			if err := errors.Join(f.readAll(t.Context(), sequence(tt.docs, nil)), b.close()); err != nil {
				t.Fatal(err)
			}
			if f.equal != len(want) {
				t.Errorf("%d batches of %d would be taken over, want %d", f.equal, len(kept), len(want))
			}

			if err := x.Rebuild(t.Context(), letters, "two", sequence(tt.docs, nil)); err != nil {
				t.Fatal(err)
			}
			if got := bodies(t, x); !maps.Equal(got, wanted(tt.docs)) {
				t.Errorf("the index has %d documents and not the %d of the second call", len(got), len(tt.docs))
			}
			for _, name := range []string{buildingName, haltedName} {
				if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
					t.Errorf("%s is still there", name)
				}
			}
			// What was written of documents that did not come again is gone.
			if _, ok := wanted(tt.docs)["c-38"]; !ok {
				if where := left(t, dir, secret(3)); where != "" {
					t.Error(where)
				}
			}
		})
	}
}

// half opens what an interrupted Rebuild has left.
func half(t *testing.T, dir string) *builder {
	t.Helper()
	texts, err := newTexts()
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{target: &target{path: filepath.Join(dir, haltedName, fileName), schema: letters, texts: texts}}
	if err := b.takeUp(filepath.Join(dir, haltedName)); err != nil {
		t.Fatal(err)
	}
	return b
}

func keptBatches(t *testing.T, folder string) []batchRow {
	t.Helper()
	b := half(t, filepath.Dir(folder))
	if err := b.close(); err != nil {
		t.Fatal(err)
	}
	return b.batches
}

// TestRebuildOfAnotherSchemaBeginsAnew: what an interrupted one left is of no use
// then.
func TestRebuildOfAnotherSchemaBeginsAnew(t *testing.T) {
	x, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	x.writer.batchUnits = 50
	ctx, cancel := context.WithCancel(t.Context())
	docs := lettersTo(30, "路灯")
	_ = x.Rebuild(ctx, letters, "", sequence(docs, func(i int) {
		if i == 20 {
			cancel()
		}
	}))
	other := letters
	other.Keyword = []string{"unit", "area"}
	if err := x.Rebuild(t.Context(), other, "", sequence(docs, nil)); err != nil {
		t.Fatal(err)
	}
	if got := bodies(t, x); !maps.Equal(got, wanted(docs)) {
		t.Errorf("the index has %d documents, want %d", len(got), len(docs))
	}
}

// TestBrokenRebuildLeavesNothing: an error of the documents is no interruption.
func TestBrokenRebuildLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, dir)
	x.writer.batchUnits = 50
	docs := append(lettersTo(30, "路灯"), letter(30, "路灯"))
	if err := x.Rebuild(t.Context(), letters, "", sequence(docs, nil)); !errors.Is(err, search.ErrDoc) {
		t.Errorf("a document twice: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != lockName {
			t.Errorf("%s is left", e.Name())
		}
	}
}

// countdown is a context that ends when it has been asked a number of times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestMergeGoesOn interrupts the merge at the end of a Rebuild again and again.
func TestMergeGoesOn(t *testing.T) {
	texts, err := newTexts()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	folder := filepath.Join(dir, generationName(1))
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	docs := lettersTo(3000, "路灯不亮")
	for i := range docs {
		docs[i].Text["body"] += secret(i)
	}
	halts := 0
	for {
		b, err := openBuilder(folder, letters, texts)
		if err != nil {
			t.Fatal(err)
		}
		b.tokens.limit, b.some = 5000, 3
		err = errors.Join(b.run(&countdown{t.Context(), 3}, "", sequence(docs, nil)), b.close())
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		halts++
	}
	if halts < 2 {
		t.Errorf("the merge was interrupted %d times: this shows little", halts)
	}
	if err := os.WriteFile(filepath.Join(dir, pointerName), []byte(generationName(1)+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	x := reading(t, dir)
	if got := bodies(t, x); !maps.Equal(got, wanted(docs)) {
		t.Errorf("the index has %d documents, want %d", len(got), len(docs))
	}
}

// TestEachNoticesDeletions: an Each that goes on in an index that was replaced
// ends when a document is deleted from the new one.
func TestEachNoticesDeletions(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, dir)
	reader := reading(t, dir)
	docs := lettersTo(200, "路灯")
	for name, e := range map[string]*Index{"writer": x, "reader": reader} {
		for _, remove := range []bool{false, true} {
			if err := x.Rebuild(t.Context(), letters, "", sequence(docs, nil)); err != nil {
				t.Fatal(err)
			}
			n := 0
			err := e.Each(t.Context(), search.Query{}, func(h search.Hit) error {
				switch n++; {
				case n == 10:
					return x.Rebuild(t.Context(), letters, "", sequence(docs, nil))
				case n == 20 && remove:
					return x.Delete(t.Context(), []string{"c-5"})
				}
				return nil
			})
			if remove && (!errors.Is(err, search.ErrChanged) || n != 20) || !remove && (err != nil || n != len(docs)) {
				t.Errorf("%s, deleting %v: %d hits, %v", name, remove, n, err)
			}
		}
	}
}
