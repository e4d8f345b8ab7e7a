package generator

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// Bounds of one call of an engine.
const (
	upsertBytes = 8 << 20 // of documents as packs hold them
	deleteMany  = 1000
)

// writing is one run that changes an index, which it has to itself.
type writing struct {
	ctx    context.Context
	o      IndexerOptions
	engine search.Engine
	view   *release.View // what the index is to show
	report IndexReport
	broken bool // a change was broken off, and the index says that it is under way

	generation int64           // of the overlay, when it was last looked at
	gone       map[string]bool // what it had taken out by then
	fresh      map[string]bool // what of that came while this run was at work
}

func newWriting(ctx context.Context, o IndexerOptions, engine search.Engine, view *release.View) *writing {
	w := &writing{ctx: ctx, o: o, engine: engine, view: view, generation: view.Generation(), gone: map[string]bool{}, fresh: map[string]bool{}}
	for _, n := range view.Withdrawn() {
		w.gone[n] = true
	}
	return w
}

// sync brings the index level with the view.
func (w *writing) sync() error {
	mark, why, err := w.usable()
	if err != nil {
		return err
	}
	if why != "" {
		return w.rebuild(why)
	}
	views, err := w.shown(mark)
	if err != nil {
		return w.rebuild(RebuiltLost)
	}
	defer closeAll(views)
	if views[0].Manifest().Cutoff != mark.Cutoff {
		return w.rebuild(RebuiltMark)
	}
	if mark.Overlay != w.view.Generation() {
		if mark, err = w.clear(mark, views); err != nil {
			return err
		}
	}
	d, why, err := w.compare(mark, views)
	if err != nil {
		return err
	}
	if why != "" {
		return w.rebuild(why)
	}
	if why, err = w.apply(mark, d); err != nil || why == "" {
		return err
	}
	return w.rebuild(why)
}

// usable returns the mark of the index, or why the index has to be made anew.
func (w *writing) usable() (mark search.Mark, why string, err error) {
	stats, err := w.engine.Stats(w.ctx)
	switch {
	case errors.Is(err, search.ErrNoIndex):
		return mark, RebuiltNone, nil
	case err != nil && w.ctx.Err() != nil:
		return mark, "", w.ctx.Err()
	case isServers(err):
		return mark, "", err
	case err != nil:
		// Making it anew needs nothing of what is there, and fails as clearly as
		// this did where the fault is another.
		return mark, RebuiltDamaged, nil
	}
	w.report.Docs, w.broken = stats.Docs, stats.Indexing
	if mark, err = search.ParseMark(stats.Mark); err != nil {
		return mark, RebuiltMark, nil
	}
	w.report.Release = mark.Release
	if mark.Form != search.SiteForm() {
		return mark, RebuiltForm, nil
	}
	if foreign(mark, w.view) {
		return mark, RebuiltMark, nil
	}
	if stats.Docs != mark.Docs && len(mark.Toward) == 0 {
		// Withdrawn cases may have been deleted by a run that did not come to say so.
		if stats.Docs > mark.Docs || mark.Overlay == w.view.Generation() {
			return mark, RebuiltDamaged, nil
		}
	}
	releases, err := w.o.Releases.Releases()
	if err != nil {
		return mark, "", err
	}
	if uncertain(mark, w.view, releases) {
		return mark, RebuiltUnknown, nil
	}
	return mark, "", nil
}

// isServers says whether an error is that of a server, which says when to ask
// again: the index on it is not mended by making it anew.
func isServers(err error) bool {
	var later interface{ RetryAfter() time.Duration }
	return errors.As(err, &later)
}

// settle deletes what was withdrawn. The mark says so where it can be relied on.
func (w *writing) settle() error {
	mark, why, err := w.usable()
	switch {
	case err != nil || why == RebuiltNone:
		return err
	case why != "":
		return w.remove()
	}
	views, err := w.shown(mark)
	if err != nil {
		return w.remove()
	}
	defer closeAll(views)
	_, err = w.clear(mark, views)
	return err
}

// clear deletes what was withdrawn since the mark was written, and returns the
// mark that says so.
func (w *writing) clear(mark search.Mark, views []*release.View) (search.Mark, error) {
	// First the packs: whoever goes on after a crash must know of which of them
	// documents may be missing.
	before := len(mark.Replaced)
	mark.Replaced = join(mark.Replaced, replaced(views...))
	if len(mark.Replaced) != before {
		if err := w.keep(mark, nil); err != nil {
			return mark, err
		}
	}
	// A case that only a later release shows again is written with the rest of that:
	// what the index has of it is the text that was taken back.
	out, err := takenOut(views[0])
	if err != nil {
		out, err = takenOut(w.view) // what cannot be read is made up for by a rebuild
	}
	if err != nil {
		return mark, err
	}
	if err := w.delete(out); err != nil {
		return mark, err
	}
	mark = clearedOf(mark, w.view)
	if len(mark.Toward) == 0 {
		mark.Docs = w.report.Docs
	}
	return mark, w.keep(mark, nil)
}

// remove deletes every case that the overlay takes out.
func (w *writing) remove() error {
	out, err := takenOut(w.view)
	if err != nil {
		return err
	}
	return w.delete(out)
}

// again deletes documents that should be gone, and lets the mark say how many are left.
func (w *writing) again(ids []string) error {
	mark, why, err := w.usable()
	if err != nil || why == RebuiltNone {
		return err
	}
	if err := w.delete(ids); err != nil || why != "" || len(mark.Toward) > 0 || w.report.Removed == 0 {
		return err // a mark that does not hold says nothing that could be put right here
	}
	mark.Docs = w.report.Docs
	return w.keep(mark, nil)
}

// delete deletes documents, and counts how many there were.
func (w *writing) delete(ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	before, err := w.engine.Stats(w.ctx)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, deleteMany) {
		if err := w.engine.Delete(w.ctx, part); err != nil {
			return err
		}
	}
	after, err := w.engine.Stats(w.ctx)
	w.report.Docs = after.Docs
	w.report.Removed += before.Docs - after.Docs
	return err
}

// apply writes what differs. Where the index turns out not to have held what it
// said, it returns why it has to be made anew.
func (w *writing) apply(mark search.Mark, d difference) (why string, err error) {
	if mark.Release == w.view.Release() && len(mark.Toward) == 0 && d.writes == 0 && len(d.gone) == 0 && !w.broken {
		return "", nil // level but for withdrawals, which the mark says by now
	}
	toward := mark
	if d.writes > 0 || len(d.gone) > 0 {
		if !slices.Contains(toward.Toward, w.view.Release()) {
			toward.Toward = append(slices.Clone(toward.Toward), w.view.Release())
		}
		if err := w.keep(toward, nil); errors.Is(err, search.ErrDoc) {
			return RebuiltUnknown, nil // too many changes were broken off for the mark to name
		} else if err != nil {
			return "", err
		}
		if err := w.delete(d.gone); err != nil {
			return "", err
		}
		if err := w.write(d); err != nil {
			return "", err
		}
	}
	stats, err := w.engine.Stats(w.ctx)
	if err != nil {
		return "", err
	}
	most := mark.Docs + d.added - len(d.gone)
	if d.exact && len(w.fresh) == 0 && (stats.Docs > most || stats.Docs < most-d.maybe) {
		return RebuiltDamaged, nil
	}
	w.report.Docs, w.report.Release = stats.Docs, w.view.Release()
	return "", w.keep(markOf(w.view, stats.Docs), nil)
}

// write writes the documents that differ, a few at a time.
func (w *writing) write(d difference) error {
	var batch []search.Doc
	size := 0
	flush := func() error {
		batch = slices.DeleteFunc(batch, func(d search.Doc) bool { return w.fresh[d.ID] })
		if len(batch) == 0 {
			return nil
		}
		err := w.engine.Upsert(w.ctx, "", batch)
		w.report.Written += len(batch)
		batch, size = nil, 0
		w.o.Progress("indexing: documents", w.report.Written, d.writes)
		return err
	}
	for _, c := range d.changes {
		if err := w.lookOut(); err != nil {
			return err
		}
		lines, err := docLines(w.view, c.part)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if !c.ids[l.id] {
				continue
			}
			doc, err := decodeDoc(c.part, l.text)
			if err != nil {
				return err
			}
			batch = append(batch, doc)
			if size += len(l.text); size >= upsertBytes {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	return flush()
}

// rebuild makes the index anew.
func (w *writing) rebuild(why string) error {
	total, err := countDocs(w.view, w.ctx.Err)
	if err != nil {
		return err
	}
	text, err := fit(markOf(w.view, total))
	if err != nil {
		return err
	}
	source := allDocs(w.view, func(done int) error {
		w.o.Progress("indexing: documents", done, total)
		return w.lookOut()
	})
	if err := w.engine.Rebuild(w.ctx, search.SiteSchema(), text, source); err != nil {
		return err
	}
	stats, err := w.engine.Stats(w.ctx)
	w.report.Release, w.report.Docs, w.report.Rebuilt = w.view.Release(), stats.Docs, why
	return err
}

// lookOut deletes what was withdrawn since the overlay was last looked at. A case
// that had been taken out before and has been taken out again since is left to
// the next run, which this one begins itself when it ends.
func (w *writing) lookOut() error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	now, _, err := w.o.Releases.Refresh()
	if err != nil {
		return err
	}
	defer now.Close()
	if now.Generation() == w.generation {
		return nil
	}
	w.generation = now.Generation()
	var fresh []string
	for _, n := range now.Withdrawn() {
		if !w.gone[n] {
			w.gone[n], w.fresh[n] = true, true
			fresh = append(fresh, n)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return w.engine.Delete(w.ctx, fresh)
}
