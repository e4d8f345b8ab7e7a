package searchtest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/huiyin/huiyin/search"
)

func rebuildPromises() []promise {
	return []promise{
		{"rebuild replaces all", "a Rebuild replaces all documents, and may bring another schema", rebuildReplaces},
		{"rebuild unseen", "until the swap a search sees the whole old index, and Stats says that a Rebuild is under way", rebuildUnseen},
		{"rebuild broken", "an error of a Rebuild leaves the live index", rebuildBroken},
		{"rebuild broken first", "an error of the first Rebuild leaves no index", rebuildBrokenFirst},
		{"rebuild delete", "IDs deleted during a Rebuild stay deleted, before the swap and after it", rebuildDelete},
		{"rebuild delete race", "IDs deleted at any moment of a Rebuild stay deleted", rebuildDeleteRace},
		{"rebuild broken delete", "IDs deleted during a broken Rebuild stay deleted", rebuildBrokenDelete},
		{"rebuild upsert", "an Upsert during a Rebuild is not lost", rebuildUpsert},
		{"rebuild swap", "a search beside Rebuilds never fails and sees a whole index", rebuildSwap},
		{"rebuild beneath each", "Each gives one whole index when a Rebuild is swapped in meanwhile, or an error", rebuildBeneathEach},
		{"rebuild together", "Rebuilds called together come one after the other", rebuildTogether},
	}
}

// errSource is an error that documents yield.
var errSource = errors.New("source of documents broke off")

// failing gives documents and then an error.
func failing(docs ...search.Doc) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for d := range each(docs...) {
			if !yield(d, nil) {
				return
			}
		}
		yield(search.Doc{}, errSource)
	}
}

// held gives documents and calls f once n of them have been taken.
func held(n int, f func(), docs iter.Seq2[search.Doc, error]) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		i := 0
		for d, err := range docs {
			if i == n {
				f()
			}
			i++
			if !yield(d, err) {
				return
			}
		}
	}
}

// flock makes n documents that all say the same.
func flock(n int, title string) []search.Doc {
	var out []search.Doc
	for i := int64(1); i <= int64(n); i++ {
		out = append(out, doc(i, title).keyword("unit", title).Doc)
	}
	return out
}

func rebuildReplaces(p *probe) {
	p.rebuild("a", docs(doc(1, "甲"), doc(2, "甲").keyword("unit", "旧"))...)
	p.rebuild("b", docs(doc(2, "乙"), doc(3, "乙").keyword("unit", "新"))...)
	p.finds(terms("甲"))
	p.finds(terms("乙"), "c-3", "c-2")
	p.agree(search.Query{Limit: 9, Facets: []string{"unit"}})

	other := search.Schema{Text: []string{"heading"}, Keyword: []string{"colour"}, Number: []string{"size", "weight"}, Newest: "weight"}
	d := search.Doc{ID: "x", Seq: 7, Text: map[string]string{"heading": "乙"}, Keyword: map[string]string{"colour": "红"}, Number: map[string]int64{"size": 4}}
	for _, e := range []search.Engine{p.Engine, p.truth} {
		p.must("rebuild with another schema", e.Rebuild(p.Context(), other, "c", each(d)))
	}
	p.agree(search.Query{Terms: []string{"乙"}, Filters: []search.Filter{in("colour", "红"), span("size", 4, 4)}, Facets: []string{"colour"}, Sort: "-size", Limit: 5},
		search.Query{Filters: []search.Filter{in("unit", "新")}}, search.Query{Terms: []string{"乙"}, Fields: []string{"title"}})
	p.wantErr("upsert of a document of the old schema", p.Engine.Upsert(p.Context(), "", docs(doc(9, "甲"))), search.ErrDoc)
}

func rebuildUnseen(p *probe) {
	p.rebuild("old", flock(5, "旧")...)
	looked := false
	look := func() {
		looked = true
		p.finds(terms("新"))
		p.agree(search.Query{Terms: []string{"旧"}, Limit: 9, Facets: []string{"unit"}})
		if s := p.stats(); !s.Indexing || s.Docs != 5 || s.Mark != "old" {
			p.broken("stats in the middle of a Rebuild %+v", s)
		}
	}
	p.must("rebuild", p.Engine.Rebuild(p.Context(), schema(), "new", held(2, look, each(flock(3, "新")...))))
	if !looked {
		p.broken("the Rebuild did not take all documents")
	}
	p.must("rebuild of the reference", p.truth.Rebuild(p.Context(), schema(), "new", each(flock(3, "新")...)))
	p.agree(search.Query{Limit: 9, Facets: []string{"unit"}})
	if s := p.stats(); s.Indexing || s.Docs != 3 || s.Mark != "new" {
		p.broken("stats after the Rebuild %+v", s)
	}
}

func rebuildBroken(p *probe) {
	p.rebuild("old", flock(5, "旧")...)
	before := p.stats()
	intact := func(what string) {
		p.agree(search.Query{Terms: []string{"旧"}, Limit: 9, Facets: []string{"unit"}}, terms("新"))
		if s := p.stats(); s.Mark != "old" || s.Docs != 5 || s.Indexing || s.Generation != before.Generation {
			p.broken("%s: stats %+v, were %+v", what, s, before)
		}
	}
	err := p.Engine.Rebuild(p.Context(), schema(), "new", failing(flock(7, "新")...))
	p.wantErr("rebuild of documents that break off", err, errSource)
	intact("source broke off")

	bad := doc(9, "新").Doc
	bad.ID = ""
	err = p.Engine.Rebuild(p.Context(), schema(), "new", each(append(flock(7, "新"), bad)...))
	p.wantErr("rebuild with a bad document", err, search.ErrDoc)
	intact("bad document")

	ctx, cancel := context.WithCancel(p.Context())
	defer cancel()
	err = p.Engine.Rebuild(ctx, schema(), "new", held(3, cancel, each(flock(7, "新")...)))
	p.wantErr("rebuild that is called off", err, context.Canceled)
	intact("called off")

	p.rebuild("new", flock(7, "新")...)
	p.agree(search.Query{Limit: 9, Facets: []string{"unit"}})
}

func rebuildBrokenFirst(p *probe) {
	p.wantErr("rebuild", p.Engine.Rebuild(p.Context(), schema(), "m", failing(flock(3, "甲")...)), errSource)
	_, err := p.Engine.Search(p.Context(), terms("甲"))
	p.wantErr("search", err, search.ErrNoIndex)
	p.rebuild("m", flock(2, "甲")...)
	p.agree(search.Query{Limit: 9})
}

func rebuildDelete(p *probe) {
	p.rebuild("old", flock(6, "旧")...)
	remove := func() {
		// 1 has been taken by the Rebuild, 5 has not.
		p.remove("c-1", "c-5")
		p.finds(search.Query{}, "c-6", "c-4", "c-3", "c-2")
	}
	p.must("rebuild", p.Engine.Rebuild(p.Context(), schema(), "new", held(3, remove, each(flock(7, "新")...))))
	p.finds(search.Query{}, "c-7", "c-6", "c-4", "c-3", "c-2")
	p.finds(terms("新"), "c-7", "c-6", "c-4", "c-3", "c-2")
	p.must("upsert", p.Engine.Upsert(p.Context(), "", docs(doc(5, "再"))))
	p.finds(terms("再"), "c-5")
	p.must("rebuild again", p.Engine.Rebuild(p.Context(), schema(), "third", each(flock(7, "又")...)))
	p.finds(terms("又"), "c-7", "c-6", "c-5", "c-4", "c-3", "c-2", "c-1")
}

func rebuildDeleteRace(p *probe) {
	const n = 120
	p.rebuild("old", flock(n, "旧")...)
	for round := range 4 {
		begun, half := make(chan struct{}), make(chan struct{})
		done := make(chan error, 1)
		go func() {
			<-begun
			var errs []error
			for i := int64(1); i <= n; i++ {
				errs = append(errs, p.Engine.Delete(p.Context(), []string{id(i)}))
				if i == n/2 {
					close(half)
				}
			}
			done <- errors.Join(errs...)
		}()
		// The first half is deleted while the Rebuild is still taking documents.
		docs := held(n-1, func() { <-half }, each(flock(n, "新")...))
		p.must("rebuild", p.Engine.Rebuild(p.Context(), schema(), "new", held(round*n/4, func() { close(begun) }, docs)))
		p.must("delete during a rebuild", <-done)
		if left := idsOf(p.list(search.Query{})); len(left) > 0 {
			p.broken("%d deleted documents came back: %q", len(left), head(left))
		}
	}
}

func rebuildBrokenDelete(p *probe) {
	p.rebuild("old", flock(4, "旧")...)
	err := p.Engine.Rebuild(p.Context(), schema(), "new", held(2, func() { p.remove("c-2") }, failing(flock(4, "新")...)))
	p.wantErr("rebuild", err, errSource)
	p.finds(search.Query{}, "c-4", "c-3", "c-1")
	p.rebuild("third", flock(4, "又")...)
	p.finds(search.Query{}, "c-4", "c-3", "c-2", "c-1") // deleted before this one began
}

func rebuildUpsert(p *probe) {
	p.rebuild("old", flock(4, "旧")...)
	done := make(chan error, 1)
	start := func() {
		begun := make(chan struct{})
		go func() {
			close(begun)
			done <- p.Engine.Upsert(p.Context(), "upserted", docs(doc(2, "改"), doc(9, "改")))
		}()
		<-begun
	}
	p.must("rebuild", p.Engine.Rebuild(p.Context(), schema(), "new", held(2, start, each(flock(4, "新")...))))
	p.must("upsert", <-done)
	p.finds(terms("改"), "c-9", "c-2")
	p.finds(terms("新"), "c-4", "c-3", "c-1")
}

func rebuildBeneathEach(p *probe) {
	const n = 2500
	for _, at := range []int{1, n / 2, n} {
		p.rebuild("old", flock(n, "旧")...)
		var got []search.Hit
		err := p.Engine.Each(p.Context(), terms("旧"), func(h search.Hit) error {
			got = append(got, h)
			if len(got) == at {
				return p.Engine.Rebuild(p.Context(), schema(), "new", each(flock(n+100, "新旧")...))
			}
			return nil
		})
		if err == nil && len(got) != n {
			p.broken("a Rebuild at hit %d of %d: Each gave %d hits and no error", at, n, len(got))
		}
		for i, h := range got {
			if h.ID != id(int64(n-i)) || h.Text["title"] != "旧" {
				p.broken("a Rebuild at hit %d of %d: hit %d is %s of the new index or another place", at, n, i, h.ID)
				break
			}
		}
	}
}

// side is what one of the two indexes of rebuildSwap holds.
type side struct {
	title string
	docs  int
}

func rebuildSwap(p *probe) {
	sides := []side{{"甲", 40}, {"乙", 55}}
	p.rebuild("甲", flock(40, "甲")...)
	seen, stop := p.watch(4, func() error { return whole(p.Context(), p.Engine, sides) })
	defer stop()
	for round := range 4 {
		s := sides[(round+1)%2]
		if err := p.Engine.Rebuild(p.Context(), schema(), s.title, held(20, seen, each(flock(s.docs, s.title)...))); err != nil {
			p.broken("rebuild: %v", err)
		}
		err := p.Engine.Rebuild(p.Context(), schema(), "broken", held(10, seen, failing(flock(17, "丙")...)))
		p.wantErr("broken rebuild", err, errSource)
	}
}

// watch lets n goroutines look again and again until stop is called, and reports
// the first trouble of each. seen waits until somebody has looked anew.
func (p *probe) watch(n int, look func() error) (seen, stop func()) {
	ctx, cancel := context.WithCancel(p.Context())
	looked := make(chan struct{})
	var watchers sync.WaitGroup
	for range n {
		watchers.Go(func() {
			reported := false
			for ctx.Err() == nil {
				if err := look(); err != nil && !reported {
					reported = true
					p.broken("%v", err)
				}
				select {
				case looked <- struct{}{}:
				default:
				}
			}
		})
	}
	seen = func() {
		// Of one look more than there are watchers, one began after this call.
		for range n + 1 {
			select {
			case <-looked:
			case <-ctx.Done():
			}
		}
	}
	return seen, func() { cancel(); watchers.Wait() }
}

// whole says what is wrong with the answers of an engine that holds one of
// sides.
func whole(ctx context.Context, e search.Engine, sides []side) error {
	r, err := e.Search(ctx, search.Query{Limit: 100, Facets: []string{"unit"}})
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if err := oneSide(r.Hits, sides); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if f := r.Facets["unit"]; r.Exact && (r.Total != len(r.Hits) || len(f) != 1 || f[0] != (search.Count{Value: r.Hits[0].Keyword["unit"], N: r.Total})) {
		return fmt.Errorf("search: total %d and facet %v beside %d hits", r.Total, f, len(r.Hits))
	}
	hits, err := list(ctx, e, search.Query{})
	if err != nil {
		return fmt.Errorf("each: %w", err)
	}
	if err := oneSide(hits, sides); err != nil {
		return fmt.Errorf("each: %w", err)
	}
	s, err := e.Stats(ctx)
	if err != nil {
		return fmt.Errorf("stats: %w", err)
	}
	for _, side := range sides {
		if s.Mark == side.title && s.Docs == side.docs {
			return nil
		}
	}
	return fmt.Errorf("stats: mark %q with %d documents", s.Mark, s.Docs)
}

// oneSide says what is wrong with hits that should be all of one side.
func oneSide(hits []search.Hit, sides []side) error {
	if len(hits) == 0 {
		return errors.New("no hits")
	}
	title := hits[0].Text["title"]
	for i, h := range hits {
		if h.Text["title"] != title {
			return fmt.Errorf("hit %d is of %q, the first of %q", i, h.Text["title"], title)
		}
	}
	for _, s := range sides {
		if s.title == title && s.docs == len(hits) {
			return nil
		}
	}
	return fmt.Errorf("%d hits of %q", len(hits), title)
}

func rebuildTogether(p *probe) {
	var all sync.WaitGroup
	var mu sync.Mutex
	inside := 0
	for i := range 4 {
		all.Go(func() {
			n := i + 3
			title := string(rune('甲' + i))
			err := p.Engine.Rebuild(p.Context(), schema(), title, func(yield func(search.Doc, error) bool) {
				mu.Lock()
				inside++
				if inside > 1 {
					p.broken("two Rebuilds read their documents at the same time")
				}
				mu.Unlock()
				defer func() {
					mu.Lock()
					inside--
					mu.Unlock()
				}()
				each(flock(n, title)...)(yield)
			})
			if err != nil {
				p.broken("rebuild: %v", err)
			}
		})
	}
	all.Wait()
	s := p.stats()
	hits := p.list(search.Query{})
	if len(hits) == 0 || hits[0].Text["title"] != s.Mark || len(hits) != s.Docs || len(hits) != int([]rune(s.Mark)[0]-'甲')+3 {
		p.broken("%d hits beside stats %+v", len(hits), s)
	}
}
