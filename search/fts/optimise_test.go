package fts

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search"
)

// left says where in the files below a folder a word is, or a token of it.
func left(t *testing.T, dir, word string) string {
	t.Helper()
	var found string
	units := search.Units(word)
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		for i := range units {
			n := min(2, len(units)-i)
			if n < 2 {
				break
			}
			token := appendUnit(appendUnit(nil, units[i].Text), units[i+1].Text)
			if bytes.Contains(data, token) {
				found = fmt.Sprintf("token %d of the word is in %s", i, name)
			}
		}
		if bytes.Contains(data, []byte(word)) {
			found = "the word is in " + name
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// secret is a word that compression leaves as it is: no two of its bytes come
// again anywhere.
func secret(n int) string {
	var b strings.Builder
	for i := range 6 {
		b.WriteRune(rune(0x3400 + (n*97+i*1009)%6000))
	}
	return b.String()
}

// TestOptimiseForgets deletes and replaces documents in every state that they
// can be in, and looks at every byte of the folder.
func TestOptimiseForgets(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, dir)
	docs := lettersTo(3000, "路灯不亮")
	hide := func(i int) string {
		docs[i].Text["body"] += secret(i)
		docs[i].Keyword["unit"] = secret(i + 5000)
		return docs[i].ID
	}
	var gone []string
	var words []string
	for i := 7; i < 3000; i += 150 {
		gone = append(gone, hide(i))
		words = append(words, secret(i), secret(i+5000))
	}
	if err := x.Rebuild(t.Context(), letters, "m", sequence(docs, nil)); err != nil {
		t.Fatal(err)
	}
	// More in runs of their own, merged runs among them, and in no run.
	for n := 4000; n < 4000+maxFresh*(maxRuns+4); n++ {
		d := letter(n, "井盖破损")
		if n%100 == 0 {
			d.Text["title"] = secret(n)
			gone, words = append(gone, d.ID), append(words, secret(n))
		}
		docs = append(docs, d)
	}
	for part := range slices.Chunk(docs[3000:], 50) {
		if err := x.Upsert(t.Context(), "", part); err != nil {
			t.Fatal(err)
		}
	}
	if left(t, dir, words[0]) == "" {
		t.Fatal("the word is nowhere from the start: this test shows nothing")
	}
	// Half of them go, half of them get another text.
	var kept []search.Doc
	for _, d := range docs {
		i := slices.Index(gone, d.ID)
		switch {
		case i < 0:
		case i%2 == 0:
			if err := x.Delete(t.Context(), []string{d.ID}); err != nil {
				t.Fatal(err)
			}
			continue
		default:
			d = letter(int(d.Seq), "已更正")
			if err := x.Upsert(t.Context(), "", []search.Doc{d}); err != nil {
				t.Fatal(err)
			}
		}
		kept = append(kept, d)
	}
	if err := x.Optimise(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if where := left(t, dir, w); where != "" {
			t.Error(where)
		}
	}
	if got := bodies(t, x); !maps.Equal(got, wanted(kept)) {
		t.Errorf("%d documents are left, want %d", len(got), len(kept))
	}
	r, err := x.Search(t.Context(), search.Query{Terms: []string{"已更正"}, Facets: []string{"unit"}})
	if err != nil || r.Total != len(gone)/2 {
		t.Errorf("found %d of %d that were replaced: %v", r.Total, len(gone)/2, err)
	}
	// A name that was taken away can come back.
	d := letter(1, "路灯")
	d.Keyword["unit"] = secret(7 + 5000)
	if err := x.Upsert(t.Context(), "", []search.Doc{d}); err != nil {
		t.Fatal(err)
	}
	q := search.Query{Filters: []search.Filter{{Field: "unit", In: []string{secret(7 + 5000)}}}}
	if r, err := x.Search(t.Context(), q); err != nil || r.Total != 1 {
		t.Errorf("a value that came back has %d documents: %v", r.Total, err)
	}
}

// TestOptimiseForgetsWhatRebuildLeft: half an index holds texts as well.
func TestOptimiseForgetsWhatRebuildLeft(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, dir)
	x.writer.batchUnits = 50
	ctx, cancel := context.WithCancel(t.Context())
	_ = x.Rebuild(ctx, letters, "", sequence(lettersTo(40, secret(1)), func(i int) {
		if i == 30 {
			cancel()
		}
	}))
	if left(t, dir, secret(1)) == "" {
		t.Fatal("nothing was left by the interrupted Rebuild")
	}
	if err := x.Optimise(t.Context()); err != nil {
		t.Fatal(err)
	}
	if where := left(t, dir, secret(1)); where != "" {
		t.Error(where)
	}
}

// TestOptimiseBesideReader: a reader that holds an old state keeps the log from
// being emptied; when it has ended, so can Optimise.
func TestOptimiseBesideReader(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, dir)
	docs := lettersTo(20, "路灯")
	docs[4].Text["body"] = secret(2)
	if err := x.Rebuild(t.Context(), letters, "", sequence(docs, nil)); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", dataSource(filepath.Join(dir, "gen-0001", fileName), readOptions))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM doc`).Scan(&n); err != nil || n != 20 {
		t.Fatal(n, err)
	}
	if err := x.Delete(t.Context(), []string{"c-5"}); err != nil {
		t.Fatal(err)
	}
	if err := x.Optimise(t.Context()); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("beside a reader with an old state: %v", err)
	}
	if err := tx.QueryRow(`SELECT count(*) FROM body WHERE length(texts) > 0`).Scan(&n); err != nil || n != 20 {
		t.Errorf("the reader sees %d texts: %v", n, err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := x.Optimise(t.Context()); err != nil {
		t.Fatal(err)
	}
	if where := left(t, dir, secret(2)); where != "" {
		t.Error(where)
	}
}

// TestOptimiseGivesWay: other changes get their turn between its steps, and a
// context that ends stops it there.
func TestOptimiseGivesWay(t *testing.T) {
	x, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Rebuild(t.Context(), letters, "", sequence(lettersTo(50, "路灯"), nil)); err != nil {
		t.Fatal(err)
	}
	if err := x.Delete(t.Context(), []string{"c-1"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	k := &cleaner{w: x.writer, ctx: ctx}
	for i, part := range []func() error{k.begin, k.merge, k.lists, k.values} {
		if err := part(); err != nil {
			t.Fatal(err)
		}
		// Would wait for ever if a part kept the lock.
		if err := x.Delete(t.Context(), []string{fmt.Sprint("c-", i+2)}); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := k.lists(); !errors.Is(err, context.Canceled) {
		t.Errorf("after its context ended: %v", err)
	}
	// A Rebuild takes the index away from under it.
	k.ctx = t.Context()
	if err := x.Rebuild(t.Context(), letters, "", sequence(lettersTo(9, "井盖"), nil)); err != nil {
		t.Fatal(err)
	}
	if err := k.lists(); !errors.Is(err, errSwapped) {
		t.Errorf("after a Rebuild: %v", err)
	}
	if got := bodies(t, x); len(got) != 9 {
		t.Errorf("%d documents", len(got))
	}
}

// TestOptimiseForgetsBounds deletes all documents with a token by whose key a
// block is found.
func TestOptimiseForgetsBounds(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, dir)
	docs := lettersTo(3000, "路")
	for i := range docs {
		// Tokens differ in their last byte alone, so that bounds are whole ones.
		docs[i].Text["body"] = "一" + string(rune(0x4e00+i)) + "，一" + string(rune(0x4e00+(i*7)%3000)) + secret(i)
	}
	if err := x.Rebuild(t.Context(), letters, "", sequence(docs, nil)); err != nil {
		t.Fatal(err)
	}
	bounds := func() (all []string) {
		runs, err := loadRuns(x.writer.live.c, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs.all {
			for i := range r.blocks {
				all = append(all, string(r.bound(i)))
			}
		}
		return all
	}
	tested := 0
	for _, b := range bounds() {
		if len(b) < 6 || !strings.HasPrefix(b, "一") {
			continue
		}
		token := b[:6]
		var ids []string
		err := x.Each(t.Context(), search.Query{Terms: []string{token}}, func(h search.Hit) error {
			ids = append(ids, h.ID)
			return nil
		})
		if err != nil || len(ids) == 0 {
			t.Fatal(len(ids), err)
		}
		if err := x.Delete(t.Context(), ids); err != nil {
			t.Fatal(err)
		}
		if err := x.Optimise(t.Context()); err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(bounds(), func(b string) bool { return strings.HasPrefix(b, token) }) {
			t.Error("the token is still a bound")
		}
		if err := x.Check(t.Context()); err != nil {
			t.Error(err)
		}
		tested++
	}
	if tested == 0 {
		t.Error("no bound was a whole token: this shows nothing")
	}
}
