package searchtest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/huiyin/huiyin/search"
)

func lifePromises() []promise {
	return []promise{
		{"cancel", "a call whose context has ended says so and changes nothing", cancels},
		{"together", "searches and writers may be many at a time", together},
		{"close", "after Close every call fails", closes},
		{"reopen", "an index outlives Close", reopens},
		{"crash", "what was written outlives a crash, also one in the middle of a Rebuild", crashes},
		{"crash anywhere", "a crash after any call, and before any document of a Rebuild, loses nothing that was done", crashesAnywhere},
		{"reader", "a reader in another process sees what the writer did", reads},
		{"reader swap", "a reader in another process sees a whole index while Rebuilds are swapped in", readsSwaps},
	}
}

func cancels(p *probe) {
	p.rebuild("m", flock(5, "甲")...)
	ctx, cancel := context.WithCancel(p.Context())
	calls := 0
	err := p.Engine.Each(ctx, search.Query{}, func(search.Hit) error {
		calls++
		cancel()
		return nil
	})
	p.wantErr("each", err, context.Canceled)
	if calls == 5 {
		p.broken("Each went on to the end after its context had ended")
	}
	_, err = p.Engine.Search(ctx, terms("甲"))
	p.wantErr("search", err, context.Canceled)
	_, err = p.Engine.Stats(ctx)
	p.wantErr("stats", err, context.Canceled)
	p.wantErr("upsert", p.Engine.Upsert(ctx, "n", docs(doc(9, "乙"))), context.Canceled)
	p.wantErr("delete", p.Engine.Delete(ctx, []string{"c-1"}), context.Canceled)
	p.wantErr("rebuild", p.Engine.Rebuild(ctx, schema(), "n", each(flock(2, "丙")...)), context.Canceled)
	p.agree(search.Query{Limit: 9})
	if s := p.stats(); s.Mark != "m" || s.Docs != 5 {
		p.broken("stats %+v, want mark m and 5 documents", s)
	}
}

func together(p *probe) {
	p.rebuild("", flock(30, "底")...)
	ctx, stop := context.WithCancel(p.Context())
	defer stop()
	var readers, writers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				r, err := p.Engine.Search(p.Context(), search.Query{Terms: []string{"底"}, Limit: 50, Facets: []string{"unit"}})
				if err != nil || len(r.Hits) < 20 || r.Exact && r.Total != len(r.Hits) {
					p.broken("search beside writers: %d hits, total %d, %v", len(r.Hits), r.Total, err)
					return
				}
				hits, err := list(p.Context(), p.Engine, terms("底"))
				if err != nil || len(hits) < 20 {
					p.broken("each beside writers: %d hits, %v", len(hits), err)
					return
				}
				if _, err := p.Engine.Stats(p.Context()); err != nil {
					p.broken("stats beside writers: %v", err)
					return
				}
			}
		})
	}
	for w := range int64(3) {
		writers.Go(func() {
			for i := range int64(12) {
				n := 1000*(w+1) + i
				if err := p.Engine.Upsert(p.Context(), "", docs(doc(n, fmt.Sprintf("写者%d", w)))); err != nil {
					p.broken("upsert beside others: %v", err)
				}
				if i%3 == 0 {
					if err := p.Engine.Delete(p.Context(), []string{id(n), id(w*3 + i/3 + 1)}); err != nil {
						p.broken("delete beside others: %v", err)
					}
				}
			}
		})
	}
	writers.Wait()
	stop()
	readers.Wait()
	for w := range int64(3) {
		var all []search.Doc
		for i := range int64(12) {
			all = append(all, doc(1000*(w+1)+i, fmt.Sprintf("写者%d", w)).Doc)
		}
		p.must("upsert into the reference", p.truth.Upsert(p.Context(), "", all))
		for i := int64(0); i < 12; i += 3 {
			p.must("delete from the reference", p.truth.Delete(p.Context(), []string{id(1000*(w+1) + i), id(w*3 + i/3 + 1)}))
		}
	}
	p.agree(search.Query{Limit: 100, Facets: []string{"unit"}}, search.Query{Terms: []string{"写者1"}, Limit: 20})
}

func closes(p *probe) {
	p.rebuild("", flock(3, "甲")...)
	p.must("close", p.Engine.Close())
	if _, err := p.Engine.Search(p.Context(), terms("甲")); err == nil {
		p.broken("Search does not fail")
	}
	if err := p.Engine.Each(p.Context(), terms("甲"), func(search.Hit) error { return nil }); err == nil {
		p.broken("Each does not fail")
	}
	if err := p.Engine.Upsert(p.Context(), "", docs(doc(9, "甲"))); err == nil {
		p.broken("Upsert does not fail")
	}
	if err := p.Engine.Delete(p.Context(), []string{"c-1"}); err == nil {
		p.broken("Delete does not fail")
	}
	if err := p.Engine.Rebuild(p.Context(), schema(), "", each(flock(2, "乙")...)); err == nil {
		p.broken("Rebuild does not fail")
	}
	if _, err := p.Engine.Stats(p.Context()); err == nil {
		p.broken("Stats does not fail")
	}
}

// used brings both engines into a state with all kinds of changes behind it.
func (p *probe) used() {
	p.rebuild("first", flock(20, "旧")...)
	p.rebuild("second", flock(12, "甲")...)
	p.upsert("third", docs(doc(3, "改").keyword("unit", "乙"), doc(30, "改").text("reply", "甲"))...)
	p.remove("c-5", "c-12")
}

// usedQueries look at what used left.
var usedQueries = []search.Query{
	{Limit: 50, Facets: []string{"unit"}},
	{Terms: []string{"甲"}, Limit: 50},
	{Terms: []string{"改"}, Limit: 50},
	{Terms: []string{"旧"}, Limit: 50},
	{Filters: []search.Filter{in("unit", "乙")}, Sort: "replied", Limit: 5},
}

func reopens(p *probe) {
	if p.Reopen == nil {
		return
	}
	p.used()
	for range 2 {
		before := p.stats()
		p.Engine = p.Reopen()
		p.agree(usedQueries...)
		if s := p.stats(); s.Docs != before.Docs || s.Mark != before.Mark || s.Generation != before.Generation || s.Version < before.Version {
			p.broken("stats %+v, were %+v before Close", s, before)
		}
		p.upsert("fourth", docs(doc(31, "改"))...)
		p.remove("c-1")
		p.agree(usedQueries...)
	}
	p.rebuild("last", flock(4, "甲")...)
	p.Engine = p.Reopen()
	p.agree(usedQueries...)
}

func crashes(p *probe) {
	if p.Crash == nil {
		return
	}
	p.used()
	before := p.stats()
	same := func(what string) {
		p.agree(usedQueries...)
		if s := p.stats(); s.Docs != before.Docs || s.Mark != before.Mark || s.Generation != before.Generation || s.Indexing {
			p.broken("%s: stats %+v, were %+v before the crash", what, s, before)
		}
	}
	p.Engine = p.Crash()
	same("crash after changes")

	var next search.Engine
	_ = p.Engine.Rebuild(p.Context(), schema(), "lost", held(2, func() { next = p.Crash() }, failing(flock(9, "新")...)))
	p.Engine = next
	same("crash in the middle of a Rebuild")

	deleteThenCrash := func() {
		p.remove("c-7")
		next = p.Crash()
	}
	_ = p.Engine.Rebuild(p.Context(), schema(), "lost", held(2, deleteThenCrash, failing(flock(9, "新")...)))
	p.Engine = next
	before.Docs--
	same("crash after a Delete in the middle of a Rebuild")
	p.rebuild("after", flock(9, "甲")...)
	p.agree(usedQueries...)
}

func crashesAnywhere(p *probe) {
	if p.Crash == nil {
		return
	}
	d := newDice(23)
	crash := func(what string) {
		p.Engine = p.Crash()
		p.agree(search.Query{Limit: 100, Facets: []string{"unit"}}, terms("学校"), search.Query{Not: []string{"学"}, Limit: 100})
		want, err := p.truth.Stats(p.Context())
		p.must("stats of the reference", err)
		if s := p.stats(); s.Docs != want.Docs || s.Mark != want.Mark || s.Indexing {
			p.broken("crash after %s: stats %+v, want %d documents and mark %q", what, s, want.Docs, want.Mark)
		}
	}
	p.rebuild("first", d.doc(1), d.doc(2), d.doc(3))
	crash("the first Rebuild")
	for n := range int64(6) {
		p.upsert(fmt.Sprintf("m%d", n), d.doc(n+1), d.doc(n+2), d.doc(n+3))
		crash("an Upsert")
		p.remove(id(n+1), id(n+3))
		crash("a Delete")
	}
	next := flock(5, "新")
	for taken := range next {
		var after search.Engine
		_ = p.Engine.Rebuild(p.Context(), schema(), "lost", held(taken, func() { after = p.Crash() }, failing(next...)))
		p.Engine = after
		crash(fmt.Sprintf("%d documents of a Rebuild", taken))
	}
	p.rebuild("last", next...)
	crash("the last Rebuild")
}

func reads(p *probe) {
	if p.Reader == nil {
		return
	}
	early := p.Reader()
	_, err := early.Search(p.Context(), terms("甲"))
	p.wantErr("reader before the first Rebuild", err, search.ErrNoIndex)
	p.rebuild("first", flock(6, "甲")...)
	late := p.Reader()
	see := func(what string) {
		p.settle()
		for _, reader := range []search.Engine{early, late} {
			for _, q := range usedQueries {
				p.agreeOn(reader, q)
			}
			s, err := reader.Stats(p.Context())
			if w := p.stats(); err != nil || s.Docs != w.Docs || s.Mark != w.Mark || s.Generation != w.Generation || s.Version != w.Version {
				p.broken("%s: stats of the reader %+v (%v), of the writer %+v", what, s, err, w)
			}
		}
	}
	see("first rebuild")
	p.upsert("second", docs(doc(7, "甲"), doc(2, "改").keyword("unit", "乙"))...)
	see("upsert")
	// A deletion is not waited for.
	p.remove("c-7", "c-6")
	for _, reader := range []search.Engine{early, late} {
		p.agreeOn(reader, search.Query{Terms: []string{"甲"}, Limit: 9, Facets: []string{"unit"}})
	}
	see("delete")
	p.rebuild("third", flock(8, "甲")...)
	see("second rebuild")
	p.used()
	see("more of everything")
}

func readsSwaps(p *probe) {
	if p.Reader == nil {
		return
	}
	sides := []side{{"甲", 40}, {"乙", 55}}
	p.rebuild("甲", flock(40, "甲")...)
	reader := p.Reader()
	p.settle()
	seen, stop := p.watch(2, func() error { return whole(p.Context(), reader, sides) })
	defer stop()
	for _, s := range slices.Concat(sides, sides) {
		if err := p.Engine.Rebuild(p.Context(), schema(), s.title, held(20, seen, each(flock(s.docs, s.title)...))); err != nil {
			p.broken("rebuild: %v", err)
		}
	}
}
