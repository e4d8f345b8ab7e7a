package meili

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// rebuild is a Rebuild under way.
type rebuild struct {
	schema search.Schema
	state  state
	sample sample

	ids     map[string]bool // of all documents so far
	batch   []line          // not sent yet
	bytes   int             // of batch
	queued  []parcel        // sent and not yet known to be done, oldest first
	pending int             // bytes of queued

	// What has become of documents since the Rebuild began, nil if they were
	// deleted. Guarded by writer.mu.
	changed map[string]*line
}

// Rebuild implements [search.Engine]. Upserts and Deletes meanwhile change the
// live index at once and the new one before it goes live; the mark then is that
// of the Rebuild.
func (e *Engine) Rebuild(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
	if err := errors.Join(search.CheckSchema(s), search.CheckMark(mark)); err != nil {
		return err
	}
	if err := e.mayWrite(ctx); err != nil {
		return err
	}
	if err := e.writer.building.take(ctx); err != nil {
		return err
	}
	defer e.writer.building.give()
	r, err := e.begin(ctx, s, mark)
	if err != nil {
		return err
	}
	defer e.end()
	if err := e.build(ctx, r, docs); err != nil {
		// Readers need not be told that a Rebuild is under way. The documents stay
		// where they are until the next one.
		_ = e.c.once(context.WithoutCancel(ctx), "delete the state", func(ctx context.Context) error {
			_, err := e.c.library.DeleteIndexWithContext(ctx, e.next().state)
			return err
		})
		return err
	}
	return nil
}

// begin lets changes be noted from now on.
func (e *Engine) begin(ctx context.Context, s search.Schema, mark string) (*rebuild, error) {
	if err := e.lock(ctx); err != nil {
		return nil, err
	}
	defer e.unlock()
	r := &rebuild{
		schema:  s,
		state:   state{Building: true, Schema: s, Mark: mark, Version: 1, Parts: map[string]int{}},
		ids:     map[string]bool{},
		changed: map[string]*line{},
	}
	e.writer.mu.Lock()
	defer e.writer.mu.Unlock()
	e.writer.rebuild = r
	return r, nil
}

func (e *Engine) end() {
	e.writer.mu.Lock()
	defer e.writer.mu.Unlock()
	e.writer.rebuild = nil
}

// build makes the new index and lets it go live.
func (e *Engine) build(ctx context.Context, r *rebuild, docs iter.Seq2[search.Doc, error]) error {
	if err := e.prepare(ctx, r); err != nil {
		return err
	}
	for d, err := range docs {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		if err := e.take(ctx, r, d); err != nil {
			return err
		}
	}
	if err := e.flush(ctx, r); err != nil {
		return err
	}
	if err := e.drain(ctx, r, 0); err != nil {
		return err
	}
	if err := e.verify(ctx, r); err != nil {
		return err
	}
	// Most of what changed meanwhile, while changes may still come; then the
	// rest, while they wait.
	if err := e.replay(ctx, r); err != nil {
		return err
	}
	if err := e.lock(ctx); err != nil {
		return err
	}
	defer e.unlock()
	defer e.end() // whoever changes the index next finds no Rebuild under way
	if err := e.replay(ctx, r); err != nil {
		return err
	}
	return e.goLive(ctx, r)
}

// prepare makes the indexes that a Rebuild needs, empty.
func (e *Engine) prepare(ctx context.Context, r *rebuild) error {
	const doing = "delete the index before the last"
	var uids []int64
	for _, uid := range []string{e.next().docs, e.next().state} {
		task, err := e.library(ctx, doing, func(ctx context.Context, s meilisearch.ServiceManager) (*meilisearch.TaskInfo, error) {
			return s.DeleteIndexWithContext(ctx, uid)
		})
		if err != nil {
			return err
		}
		uids = append(uids, task)
	}
	if err := e.finish(ctx, doing, []string{codeNoIndex}, uids...); err != nil {
		return err
	}
	// A task has a number that the server gives once, and so has the generation.
	r.state.Generation = strconv.FormatInt(slices.Max(uids), 10)
	all := []string{e.next().docs, e.next().state}
	for _, uid := range []string{e.live().docs, e.live().state} {
		// A swap needs something to swap with. Without a state it is no index.
		err := e.c.repeat(ctx, "look for the index", func(ctx context.Context) error {
			_, err := e.c.library.GetIndexWithContext(ctx, uid)
			return err
		})
		if errors.Is(err, search.ErrNoIndex) {
			all = append(all, uid)
		} else if err != nil {
			return err
		}
	}
	if err := e.createIndexes(ctx, all...); err != nil {
		return err
	}
	if err := e.configure(ctx, e.next().docs, r.schema); err != nil {
		return err
	}
	return e.put(ctx, e.next().state, r.state)
}

// createIndexes creates indexes that may be there already.
func (e *Engine) createIndexes(ctx context.Context, uids ...string) error {
	const doing = "create the index"
	var tasks []int64
	for _, uid := range uids {
		task, err := e.library(ctx, doing, func(ctx context.Context, s meilisearch.ServiceManager) (*meilisearch.TaskInfo, error) {
			return s.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: fieldID})
		})
		if err != nil {
			return err
		}
		tasks = append(tasks, task)
	}
	return e.finish(ctx, doing, []string{codeIndexExists}, tasks...)
}

// take takes one document.
func (e *Engine) take(ctx context.Context, r *rebuild, d search.Doc) error {
	if err := search.CheckDoc(r.schema, d); err != nil {
		return err
	}
	if r.ids[d.ID] {
		return fmt.Errorf("%w: %s twice", search.ErrDoc, d.ID)
	}
	l, err := encodeLine(d, r.state.Parts)
	if err != nil {
		return err
	}
	r.ids[strings.Clone(d.ID)] = true
	r.sample.see(r.schema, d, l)
	if r.bytes > 0 && r.bytes+len(l.text)+1 > e.batchBytes() {
		if err := e.flush(ctx, r); err != nil {
			return err
		}
	}
	r.batch = append(r.batch, l)
	r.bytes += len(l.text) + 1
	return nil
}

// flush sends what has been taken, as soon as the window has room for it.
func (e *Engine) flush(ctx context.Context, r *rebuild) error {
	if len(r.batch) == 0 {
		return nil
	}
	if err := e.drain(ctx, r, max(0, e.o.Window-r.bytes)); err != nil {
		return err
	}
	sent, err := e.send(ctx, e.next().docs, r.batch)
	if err != nil {
		return err
	}
	r.queued = append(r.queued, sent...)
	r.pending += r.bytes
	r.batch, r.bytes = nil, 0
	return nil
}

// drain waits until at most so many bytes are enqueued.
func (e *Engine) drain(ctx context.Context, r *rebuild, most int) error {
	for r.pending > most && len(r.queued) > 0 {
		oldest := r.queued[:1]
		err := e.deliver(ctx, e.next().docs, oldest, func(lines []line, code string) error {
			return e.blame(ctx, r.schema, lines, code)
		})
		if err != nil {
			return err
		}
		r.pending -= sizeOf(oldest[0].lines)
		r.queued = r.queued[1:]
	}
	return nil
}

// replay does to the new index what has been done to the live one since the
// Rebuild began, or since the last replay.
func (e *Engine) replay(ctx context.Context, r *rebuild) error {
	e.writer.mu.Lock()
	changed := r.changed
	r.changed = map[string]*line{}
	e.writer.mu.Unlock()
	var lines []line
	var gone []string
	for id, l := range changed {
		if l == nil {
			gone = append(gone, id)
		} else {
			lines = append(lines, *l)
		}
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.id, b.id) })
	slices.Sort(gone)
	for _, batch := range e.batches(lines) {
		if err := e.add(ctx, e.next().docs, r.schema, batch); err != nil {
			return err
		}
	}
	r.state.Parts = most(r.state.Parts, lines)
	if len(gone) == 0 {
		return nil
	}
	return e.erase(ctx, gone, e.next().docs)
}

// goLive swaps the new index in. Nothing changes meanwhile. From here on the end
// of ctx ends nothing: a swap is quick, and half of one would be left to nobody.
func (e *Engine) goLive(ctx context.Context, r *rebuild) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	n, err := e.c.stats(ctx, e.c.repeat, e.next().docs)
	if err != nil {
		return err
	}
	r.state.Building = false
	e.writer.settled = false
	if err := e.put(ctx, e.next().state, r.state); err != nil {
		return err
	}
	if err := e.swap(ctx); err != nil {
		return err
	}
	if other, err := e.isLive(ctx, r.state.Generation, n.Docs); other {
		return errors.Join(err, e.swap(ctx))
	} else if err != nil {
		return err
	}
	e.remember(&r.state)
	e.writer.settled = true
	return nil
}
