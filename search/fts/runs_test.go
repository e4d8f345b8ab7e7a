package fts

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/durable"
)

// TestRuns changes an index so often that runs are made, merged and cleaned, and
// compares what the writer and a reader find with a plain scan.
func TestRuns(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, dir)
	reader := reading(t, dir)
	r := rand.New(rand.NewPCG(3, 3))
	text := func() string {
		var b strings.Builder
		for range 2 + r.IntN(30) {
			b.WriteString([]string{"路", "灯", "学", "校", "门", "，", "5G", " a", "。"}[r.IntN(9)])
		}
		return b.String()
	}
	docs := map[string]search.Doc{}
	most := 0
	if err := x.Rebuild(t.Context(), letters, "", sequence(nil, nil)); err != nil {
		t.Fatal(err)
	}
	for round := range 40 {
		var batch []search.Doc
		for range maxFresh {
			d := letter(1+r.IntN(3000), "")
			d.Text["title"], d.Text["body"] = text(), text()
			batch = append(batch, d)
			docs[d.ID] = d
		}
		if err := x.Upsert(t.Context(), "", batch); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for range 30 {
			ids = append(ids, fmt.Sprint("c-", 1+r.IntN(3000)))
			delete(docs, ids[len(ids)-1])
		}
		if err := x.Delete(t.Context(), ids); err != nil {
			t.Fatal(err)
		}
		if round%15 == 14 {
			if err := x.Optimise(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for _, term := range []string{"路", "路灯", "学校门", "灯，学", "5G a", "路灯学校", "a", "校 5g"} {
			units := search.Units(term)
			body, both := 0, 0
			for _, d := range docs {
				in := func(name string) bool {
					for range search.MatchUnits(search.Units(d.Text[name]), units) {
						return true
					}
					return false
				}
				if in("body") {
					body++
				}
				if in("body") || in("title") {
					both++
				}
			}
			for name, e := range map[string]*Index{"writer": x, "reader": reader} {
				got, err := e.Search(t.Context(), search.Query{Terms: []string{term}})
				gotBody, bodyErr := e.Search(t.Context(), search.Query{Terms: []string{term}, Fields: []string{"body"}})
				if err != nil || bodyErr != nil || got.Total != both || gotBody.Total != body {
					t.Errorf("round %d, %s: %s is in %d documents, %d in their bodies, want %d and %d: %v %v", round, name, term, got.Total, gotBody.Total, both, body, err, bodyErr)
				}
			}
		}
		most = max(most, len(reader.gen.runs.Load().all))
	}
	if n := len(reader.gen.runs.Load().all); most < 10 || n > maxRuns {
		t.Errorf("there were up to %d runs and are %d", most, n)
	}
	if err := x.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestCheckFindsDamage alters an index behind its back.
func TestCheckFindsDamage(t *testing.T) {
	for _, damage := range []string{
		`UPDATE state SET docs = docs + 1`,
		`DELETE FROM doc WHERE ord = 3`,
		`UPDATE body SET texts = (SELECT texts FROM body WHERE ord = 4) WHERE ord = 3`,
		`UPDATE block SET docs = x'', places = x''`,
		`UPDATE dir SET bounds = x'01ff'`,
		`UPDATE run SET hi = 5`,
		`INSERT INTO dead VALUES (3)`,
	} {
		x, err := Open(t.TempDir(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Rebuild(t.Context(), letters, "", sequence(lettersTo(20, "路灯"), nil)); err != nil {
			t.Fatal(err)
		}
		if err := x.Check(t.Context()); err != nil {
			t.Errorf("sound index: %v", err)
		}
		if err := x.writer.live.c.script(damage); err != nil {
			t.Fatal(err)
		}
		if err := x.Check(t.Context()); !errors.Is(err, search.ErrUnavailable) {
			t.Errorf("%s: %v", damage, err)
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestOpen opens what cannot be read, and twice.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	x, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var locked *durable.LockedError
	if _, err := Open(dir, Options{}); !errors.As(err, &locked) {
		t.Errorf("a second writer: %v", err)
	}
	if err := x.Rebuild(t.Context(), letters, "", sequence(lettersTo(20, "路灯"), nil)); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "gen-0001", fileName)
	sound, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	version := slices.Clone(sound)
	version[63]++ // the last byte of user_version
	tests := []struct {
		name string
		data []byte
		says string
	}{
		{"of another version", version, "another version"},
		{"no database", []byte(strings.Repeat("x", 9000)), "damaged"},
		{"cut off", sound[:len(sound)/2], "damaged"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(file, tt.data, 0o644); err != nil {
				t.Fatal(err)
			}
			reader := reading(t, dir)
			_, err = reader.Search(t.Context(), search.Query{Terms: []string{"路灯"}, Limit: 9})
			if !errors.Is(err, search.ErrUnavailable) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "huiyin index rebuild") {
				t.Errorf("search: %v", err)
			}
			// It can be written nevertheless: a Rebuild mends it.
			x := opened(t, dir)
			if err := x.Upsert(t.Context(), "", lettersTo(1, "甲")); tt.name != "cut off" && !errors.Is(err, search.ErrUnavailable) {
				t.Errorf("upsert: %v", err)
			}
		})
	}
	x, err = Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Rebuild(t.Context(), letters, "", sequence(lettersTo(5, "路灯"), nil)); err != nil {
		t.Fatal(err)
	}
	if got := bodies(t, x); len(got) != 5 {
		t.Errorf("%d documents after the Rebuild", len(got))
	}
}

// TestReadersOnly: what only reads changes nothing.
func TestReadersOnly(t *testing.T) {
	reader, err := OpenReader(filepath.Join(t.TempDir(), "none"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := reader.Refresh(t.Context()); err != nil {
		t.Errorf("Refresh without an index: %v", err)
	}
	for name, err := range map[string]error{
		"Rebuild":  reader.Rebuild(t.Context(), letters, "", sequence(nil, nil)),
		"Upsert":   reader.Upsert(t.Context(), "", lettersTo(1, "甲")),
		"Delete":   reader.Delete(t.Context(), []string{"c-1"}),
		"Optimise": reader.Optimise(t.Context()),
	} {
		if !errors.Is(err, errReadOnly) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPoll: a reader that is told to look has everything ready for the next
// search.
func TestPoll(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, dir)
	poll := make(chan time.Time)
	reader, err := OpenReader(dir, Options{Poll: poll})
	if err != nil {
		t.Fatal(err)
	}
	look := func() {
		// Whoever takes the second has done with the first.
		poll <- time.Time{}
		poll <- time.Time{}
	}
	look() // at nothing
	if err := x.Rebuild(t.Context(), letters, "", sequence(lettersTo(3, "路灯"), nil)); err != nil {
		t.Fatal(err)
	}
	for i, change := range []func() error{
		func() error { return nil },
		func() error { return x.Upsert(t.Context(), "", lettersTo(2, "井盖")) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		look()
		reader.mu.Lock()
		g := reader.gen
		reader.mu.Unlock()
		if g == nil || g.cols.Load() == nil || g.cols.Load().version != int64(i+1) {
			t.Errorf("change %d is not ready", i)
		}
	}
	close(poll)
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
}
