package generator

import (
	"context"
	"errors"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
)

// IndexerOptions says which index an [Indexer] keeps. Progress may be nil.
type IndexerOptions struct {
	Releases *release.Store
	// Write opens the index to change it. One process can have it open like this
	// at a time; another gets an error that wraps a [durable.LockedError] at once.
	Write func(context.Context) (search.Engine, error)
	// Read opens the index to read it, whoever changes it meanwhile.
	Read     func(context.Context) (search.Engine, error)
	Progress func(what string, done, total int)
}

// Indexer keeps the index of a site level with its releases. The releases
// themselves say what is due: each pack holds the documents of its pages
// ([release.SearchDocs]), and the index keeps a [search.Mark] of the release that
// it shows. What differs between that release and the current one is what has to
// be written; there is no other list that could be lost or be wrong.
//
// # Crashes
//
// Before the first document of a change is written, the mark says which release
// the change leads to (Toward). A run that finds such a mark takes every document
// in which the releases differ to be unknown, and writes it again. A rebuild is
// made beside the live index, so one that is broken off has changed nothing. The
// order of its documents is that of the parts and of the lines in them, always
// the same for the same release, so that an engine can go on with one.
//
// # Withdrawals
//
// A withdrawn case is never shown once the overlay has it: searches leave it out
// by its number until the mark says that the index was cleared of it. So nothing
// a reader sees depends on the index. Still, it is cleared at once:
//
//   - nobody else changes the index: [Indexer.Settle] deletes the case;
//   - this process rebuilds or writes: it looks at the overlay before every part and
//     deletes what is new there, from the live index and from the one that is
//     being made;
//   - another process does: Settle does not wait for it and returns with Elsewhere
//     set. The other looks at the overlay before every part, and once more after
//     it has let the index go. What was noted before Settle found the index taken
//     was noted before that last look, so one of the two always sees it.
//
// An Indexer is safe for concurrent use, but its runs exclude each other as those
// of different processes do.
type Indexer struct{ o IndexerOptions }

// NewIndexer returns an Indexer.
func NewIndexer(o IndexerOptions) *Indexer {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	return &Indexer{o}
}

// Why an index was made anew.
const (
	RebuiltAsked   = "asked"     // somebody wanted it
	RebuiltNone    = "no-index"  // there was none
	RebuiltDamaged = "damaged"   // it could not be read, or had another number of documents than it should
	RebuiltForm    = "form"      // documents are now indexed in another way
	RebuiltMark    = "mark"      // nothing says what it shows, or it is of another site
	RebuiltLost    = "not-kept"  // the release that it shows is not kept any more, or cannot be read
	RebuiltUnknown = "unsettled" // too much was withdrawn and published again since to say what it lacks
	RebuiltMuch    = "large"     // most documents differ
)

// IndexReport is what a run did to an index.
type IndexReport struct {
	Release   int    `json:"release"`   // that the index shows now; zero: nothing is published yet
	Docs      int    `json:"documents"` // in the index
	Nothing   bool   `json:"nothing_new"`
	Rebuilt   string `json:"rebuilt,omitempty"` // why it was made anew
	Written   int    `json:"written"`           // documents added or replaced, other than by making it anew
	Removed   int    `json:"removed"`           // documents removed, other than by making it anew
	Elsewhere bool   `json:"elsewhere"`         // another process is changing the index, and sees to what is due
}

// Sync brings the index level with the current release and the withdrawals. With
// nothing new it writes nothing. It makes the index anew where it cannot be
// brought level; [IndexReport].Rebuilt says why.
func (x *Indexer) Sync(ctx context.Context) (IndexReport, error) {
	return x.run(ctx, aim{done: level, work: (*writing).sync, whole: true})
}

// Settle takes withdrawn cases out of the index and does nothing else, so that it
// is quick whatever else is due. Without an index there is nothing to do.
func (x *Indexer) Settle(ctx context.Context) (IndexReport, error) {
	return x.run(ctx, aim{done: settled, work: (*writing).settle, empty: true})
}

// Remove deletes cases from the index once more, whatever its mark says of them: for those
// that a proof has found there although they should be gone, as where a server has said
// that they are deleted and has kept them. Where there is no index it does nothing.
func (x *Indexer) Remove(ctx context.Context, ids []string) (IndexReport, error) {
	r, _, err := x.once(ctx, func(w *writing) error { return w.again(ids) })
	return r, busy(err)
}

// aim is what a run is to reach.
type aim struct {
	done  func(search.Mark, *release.View) bool // whether an index with the mark is as it should be
	work  func(*writing) error
	whole bool // with no change left broken off, which the next one ends
	empty bool // no index is as it should be, and so is any when nothing was ever withdrawn
}

// Rebuild makes the index anew from the current release, beside the one that is
// there.
func (x *Indexer) Rebuild(ctx context.Context) (IndexReport, error) {
	r, _, err := x.once(ctx, func(w *writing) error { return w.rebuild(RebuiltAsked) })
	if err != nil {
		return r, busy(err)
	}
	after, err := x.Sync(ctx) // what came meanwhile
	r.add(after)
	r.Nothing = false
	return r, err
}

// Optimiser is an engine that can be brought into its best form: smaller and
// faster, and without what remains of deleted documents in its files.
type Optimiser interface {
	Optimise(ctx context.Context) error
}

// Optimise brings the index into its best form, where the engine can, and reports
// whether it can.
func (x *Indexer) Optimise(ctx context.Context) (can bool, err error) {
	engine, err := x.o.Write(ctx)
	if err != nil {
		return false, busy(err)
	}
	o, can := engine.(Optimiser)
	if _, err = engine.Stats(ctx); err == nil && can {
		err = o.Optimise(ctx)
	}
	if err = errors.Join(err, engine.Close()); err != nil {
		return can, unusable(err)
	}
	_, err = x.Settle(ctx)
	return can, err
}

// run does work until the index is as it should be: not at all where it is so
// already, and again where something came while this process was at work, which
// may have kept another from seeing to it.
func (x *Indexer) run(ctx context.Context, to aim) (IndexReport, error) {
	var all IndexReport
	for worked := (seen{}); ; {
		now, is, isDone, err := x.look(ctx, to)
		if err != nil || isDone || is == worked {
			now.Nothing = worked.release == 0
			all.add(now)
			return all, err
		}
		r, is, err := x.once(ctx, to.work)
		if locked := (*durable.LockedError)(nil); errors.As(err, &locked) {
			now.Elsewhere = true
			all.add(now)
			return all, nil
		}
		all.add(r)
		if err != nil {
			return all, unusable(err)
		}
		worked = is
	}
}

// seen is which state of the releases a run saw. The zero value is that of no
// release.
type seen struct {
	release    int
	generation int64
}

// look reads what the index shows, and whether that is as it should be. What is
// wrong with the index is met again, and told, by who opens it to change it.
func (x *Indexer) look(ctx context.Context, to aim) (r IndexReport, is seen, isDone bool, err error) {
	view, _, err := x.o.Releases.Refresh()
	if errors.Is(err, release.ErrNoRelease) {
		return r, is, true, nil
	}
	if err != nil {
		return r, is, false, err
	}
	defer view.Close()
	is = seen{view.Release(), view.Generation()}
	if to.empty && len(view.Withdrawn()) == 0 {
		return r, is, true, nil
	}
	engine, err := x.o.Read(ctx)
	if err != nil {
		return r, is, false, ctx.Err()
	}
	defer engine.Close() // only read: nothing can be lost
	stats, err := engine.Stats(ctx)
	if err != nil {
		return r, is, to.empty && errors.Is(err, search.ErrNoIndex), ctx.Err()
	}
	r.Docs = stats.Docs
	mark, err := search.ParseMark(stats.Mark)
	if err != nil {
		return r, is, false, nil
	}
	r.Release = mark.Release
	return r, is, to.done(mark, view) && stats.Docs == mark.Docs && !(to.whole && stats.Indexing), nil
}

// once opens the index and does work on it. The view is read under the lock, so
// that the index never shows what is newer than it.
func (x *Indexer) once(ctx context.Context, work func(*writing) error) (r IndexReport, is seen, err error) {
	engine, err := x.o.Write(ctx)
	if err != nil {
		return r, is, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	view, _, err := x.o.Releases.Refresh()
	if err != nil {
		return r, is, err
	}
	defer view.Close()
	w := newWriting(ctx, x.o, engine, view)
	err = work(w)
	return w.report, seen{view.Release(), view.Generation()}, err
}

// add puts together what several runs did: the last one says how things are.
func (r *IndexReport) add(next IndexReport) {
	next.Written += r.Written
	next.Removed += r.Removed
	if r.Rebuilt != "" {
		next.Rebuilt = r.Rebuilt
	}
	*r = next
}

// busy words the error of an index that another process is changing.
func busy(err error) error {
	var locked *durable.LockedError
	if !errors.As(err, &locked) {
		return unusable(err)
	}
	return fault.Coded(fault.ExitBusy, "another run is changing the index: "+locked.Holder, "wait until it has finished, then try again", err)
}

// unusable words the error of an engine, whose text says what is wrong and holds
// neither texts nor keys.
func unusable(err error) error {
	if errors.Is(err, search.ErrNoIndex) {
		return fault.Wrap(err, "there is no index yet", "run huiyin index rebuild")
	}
	var f *fault.Error
	if err == nil || errors.Is(err, context.Canceled) || errors.As(err, &f) {
		return err
	}
	why := strings.TrimPrefix(strings.TrimPrefix(err.Error(), search.ErrUnavailable.Error()+": "), "search: ")
	return fault.Wrap(err, "the search index cannot be used: "+why,
		"the pages are not touched by this; mend what it says, then run huiyin publish or huiyin index rebuild")
}
