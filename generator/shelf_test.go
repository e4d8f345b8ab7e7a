package generator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
)

// shelf is a folder of releases and an index of them.
type shelf struct {
	t        testing.TB
	releases *release.Store
	engine   *tape
	rival    bool // another process has the index open for writing
}

func newShelf(t testing.TB) *shelf {
	t.Helper()
	s := &shelf{t: t, engine: &tape{Engine: scan.New()}}
	var err error
	s.releases, err = release.Open(filepath.Join(t.TempDir(), "releases"), release.Options{
		Keep: 4, PagePath: func(n string) string { return record.CasePath(record.CaseNumber(n)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.releases.Close() })
	return s
}

func (s *shelf) indexer() *generator.Indexer {
	open := func(context.Context) (search.Engine, error) { return s.engine, nil }
	return generator.NewIndexer(generator.IndexerOptions{
		Releases: s.releases, Read: open,
		Write: func(ctx context.Context) (search.Engine, error) {
			if s.rival {
				return nil, fmt.Errorf("made up: %w", &durable.LockedError{Name: "lock", Holder: "process 7"})
			}
			return open(ctx)
		},
	})
}

// publish makes a release. A site is partitions, each a list of "NUMBER TEXT"
// with bars between: the pages of cases.
func (s *shelf) publish(site map[string]string) {
	s.t.Helper()
	if err := s.tryPublish(site); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) tryPublish(site map[string]string) (err error) {
	txn, err := s.releases.Begin(context.Background())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, txn.Abort()) }()
	m := release.Manifest{Cutoff: "2026-11-23", Inputs: "made up"}
	for i, key := range slices.Sorted(maps.Keys(site)) {
		path := filepath.Join(txn.Stage(), strconv.Itoa(i)+".zip")
		info, err := packOf(path, site[key])
		if err != nil {
			return err
		}
		if err := txn.Adopt(path, info); err != nil {
			return err
		}
		m.Partitions = append(m.Partitions, release.PartitionRef{Key: key, Fingerprint: info.Hash, Pack: info.Hash, Files: info.Files, Bytes: info.Bytes})
	}
	_, err = txn.Commit(m)
	return err
}

// packOf writes the pack of a partition: a page and a search document for each
// case. A case without a text has a page alone, as a stub has.
func packOf(path, cases string) (info release.PackInfo, err error) {
	f, err := os.Create(path)
	if err != nil {
		return info, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := release.NewPackWriter(f)
	var docs []byte
	for c := range strings.SplitSeq(cases, " | ") {
		number, text, full := strings.Cut(c, " ")
		page := release.File{Name: record.CasePath(record.CaseNumber(number)), Body: []byte(c)}
		if full {
			page.Shows = []string{number}
			line, err := json.Marshal(docOf(number, text))
			if err != nil {
				return info, err
			}
			docs = append(append(docs, line...), '\n')
		}
		if err := w.Add(page); err != nil {
			return info, err
		}
	}
	if docs != nil {
		if err := w.AddHidden(release.SearchDocs, docs); err != nil {
			return info, err
		}
	}
	return w.Close()
}

func docOf(number, text string) search.Doc {
	seq, err := strconv.ParseInt(strings.ReplaceAll(number, "-", ""), 10, 64)
	if err != nil {
		panic(err)
	}
	return search.Doc{ID: number, Seq: seq, Text: map[string]string{"title": text}, Keyword: map[string]string{"type": "case"}}
}

func (s *shelf) withdraw(numbers ...string) {
	s.t.Helper()
	var gone []release.Gone
	for _, n := range numbers {
		gone = append(gone, release.Gone{Number: n, Reason: "made up", Day: "2026-11-23"})
	}
	if _, err := s.releases.Withdraw(s.t.Context(), gone); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) retract(time int, numbers ...string) {
	s.t.Helper()
	var back []release.Retracted
	for _, n := range numbers {
		back = append(back, release.Retracted{Number: n, Time: time})
	}
	if _, err := s.releases.Retract(s.t.Context(), back); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) rollback(n int) {
	s.t.Helper()
	if err := s.releases.Rollback(s.t.Context(), n, nil); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) sync() generator.IndexReport {
	s.t.Helper()
	r, err := s.indexer().Sync(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *shelf) settle() generator.IndexReport {
	s.t.Helper()
	r, err := s.indexer().Settle(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// indexed returns what is in the index: "NUMBER TEXT" with bars between.
func (s *shelf) indexed() string {
	s.t.Helper()
	var all []string
	err := s.engine.Engine.Each(s.t.Context(), search.Query{}, func(h search.Hit) error {
		all = append(all, h.ID+" "+h.Text["title"])
		return nil
	})
	if err != nil && !errors.Is(err, search.ErrNoIndex) {
		s.t.Fatal(err)
	}
	slices.Sort(all)
	return strings.Join(all, " | ")
}

// shows fails the test where the index holds other cases than these, or does not
// say that it shows the current release.
func (s *shelf) shows(want string) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.indexed()); diff != "" {
		s.t.Errorf("in the index (-want +got):\n%s", diff)
	}
	st, err := s.indexer().Status(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	now, err := s.releases.CurrentNumber()
	if err != nil {
		s.t.Fatal(err)
	}
	if st.State != generator.IndexLevel || st.Release != now || st.Indexing {
		s.t.Errorf("state %+v of release %d", st, now)
	}
	v, err := s.indexer().Verify(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if !v.Same() {
		s.t.Errorf("verify: %+v", v)
	}
}

func (s *shelf) mark() search.Mark {
	s.t.Helper()
	stats, err := s.engine.Engine.Stats(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	m, err := search.ParseMark(stats.Mark)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// tape is an engine that notes what is changed, and can be made to fail.
type tape struct {
	search.Engine
	calls []string

	crashAt int  // the change that fails, from 1; none if zero
	after   bool // it is done before it fails
	down    error
	during  func(i int)       // called within a Rebuild, when i documents have been taken
	before  func(what string) // called before each change
}

var errCrash = errors.New("made up: crash")

// change notes a change and does it.
func (e *tape) change(what string, do func() error) error {
	e.calls = append(e.calls, what)
	if e.down != nil {
		return e.down
	}
	if e.before != nil {
		e.before(what)
	}
	if e.crashAt == 0 || len(e.calls) < e.crashAt {
		return do()
	}
	if e.after && len(e.calls) == e.crashAt {
		if err := do(); err != nil {
			return err
		}
	}
	return errCrash
}

func (e *tape) Rebuild(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
	return e.change("rebuild", func() error {
		return e.Engine.Rebuild(ctx, s, mark, func(yield func(search.Doc, error) bool) {
			i := 0
			for d, err := range docs {
				if i++; !yield(d, err) {
					return
				}
				if e.during != nil {
					e.during(i)
				}
			}
		})
	})
}

func (e *tape) Upsert(ctx context.Context, mark string, docs []search.Doc) error {
	what := "upsert"
	if m, err := search.ParseMark(mark); err == nil {
		what += fmt.Sprintf(" mark %d", m.Release)
		if len(m.Toward) > 0 {
			what += fmt.Sprintf(" toward %d", m.Toward)
		}
	}
	for _, d := range docs {
		what += " " + d.ID
	}
	return e.change(what, func() error { return e.Engine.Upsert(ctx, mark, docs) })
}

func (e *tape) Delete(ctx context.Context, ids []string) error {
	return e.change("delete "+strings.Join(slices.Sorted(slices.Values(ids)), " "), func() error { return e.Engine.Delete(ctx, ids) })
}

func (e *tape) Stats(ctx context.Context) (search.Stats, error) {
	if e.down != nil {
		return search.Stats{}, e.down
	}
	return e.Engine.Stats(ctx)
}

// Close leaves the engine open: it is the same for every run of a test.
func (e *tape) Close() error { return nil }

// noted returns the changes since the last call.
func (e *tape) noted() []string {
	calls := e.calls
	e.calls = nil
	return calls
}
