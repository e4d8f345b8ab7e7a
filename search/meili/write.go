package meili

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// writer is what only one process has.
type writer struct {
	building token // who rebuilds
	changing token // who changes what the live names stand for
	settled  bool  // see [Engine.settle]; for who has changing

	mu      sync.Mutex
	rebuild *rebuild // under way, or nil
	most    int      // see [Engine.batchBytes]; 0: not known
}

// token lets one goroutine at a time do something.
type token chan struct{}

func newWriter() *writer {
	return &writer{building: make(token, 1), changing: make(token, 1)}
}

func (t token) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t token) give() { <-t }

// mayWrite says why nothing can be written.
func (e *Engine) mayWrite(ctx context.Context) error {
	if e.writer == nil {
		return errReadOnly
	}
	return e.open(ctx)
}

// lock makes this goroutine the one that changes the live index.
func (e *Engine) lock(ctx context.Context) error {
	if err := e.mayWrite(ctx); err != nil {
		return err
	}
	if err := e.writer.changing.take(ctx); err != nil {
		return err
	}
	if err := e.settle(ctx); err != nil {
		e.writer.changing.give()
		return err
	}
	return nil
}

func (e *Engine) unlock() { e.writer.changing.give() }

// Upsert implements [search.Engine]. The documents go in one task, which the
// server does as a whole, unless they are more than Options.BatchBytes.
func (e *Engine) Upsert(ctx context.Context, mark string, docs []search.Doc) error {
	if err := search.CheckMark(mark); err != nil {
		return err
	}
	for {
		if err := e.lock(ctx); err != nil {
			return err
		}
		s, err := e.reread(ctx)
		if err == nil && e.otherSchema(s.Schema) {
			// The Rebuild under way will want other fields: wait for its end.
			e.unlock()
			if err := e.writer.building.take(ctx); err != nil {
				return err
			}
			e.writer.building.give()
			continue
		}
		if err == nil {
			// A server makes an index that is missing, with settings of its own.
			_, err = e.c.stats(ctx, e.c.repeat, e.live().docs)
		}
		if err == nil {
			err = e.upsert(ctx, s, mark, docs)
		}
		e.unlock()
		return err
	}
}

// otherSchema says whether the Rebuild under way is of another schema.
func (e *Engine) otherSchema(s search.Schema) bool {
	e.writer.mu.Lock()
	defer e.writer.mu.Unlock()
	r := e.writer.rebuild
	return r != nil && !reflect.DeepEqual(r.schema, s)
}

func (e *Engine) upsert(ctx context.Context, s state, mark string, docs []search.Doc) error {
	lines, err := encodeAll(s.Schema, docs)
	if err != nil {
		return err
	}
	after := s
	after.Parts = most(s.Parts, lines)
	if mark != "" {
		after.Mark = mark
	}
	err = e.change(ctx, s, after, func() (begun bool, err error) {
		for i, batch := range e.batches(lines) {
			if err := e.add(ctx, e.live().docs, s.Schema, batch); err != nil {
				return i > 0, err
			}
		}
		return true, nil
	})
	if err == nil {
		e.note(lines, nil)
	}
	return err
}

// encodeAll checks documents and writes them as lines, the last of those with
// the same ID.
func encodeAll(s search.Schema, docs []search.Doc) ([]line, error) {
	at := map[string]int{}
	var lines []line
	for _, d := range docs {
		if err := search.CheckDoc(s, d); err != nil {
			return nil, err
		}
		parts := map[string]int{}
		l, err := encodeLine(d, parts)
		if err != nil {
			return nil, err
		}
		l.parts = parts
		if i, ok := at[d.ID]; ok {
			lines[i] = l
			continue
		}
		at[d.ID] = len(lines)
		lines = append(lines, l)
	}
	return lines, nil
}

// most returns how many fields each text takes at most, with the lines.
func most(parts map[string]int, lines []line) map[string]int {
	out := map[string]int{}
	maps.Copy(out, parts)
	for _, l := range lines {
		for name, n := range l.parts {
			out[name] = max(out[name], n)
		}
	}
	return out
}

// Delete implements [search.Engine]. During a Rebuild it waits for the batches
// that are before it in the server's queue. At other times it deletes from the
// index that was live before as well: what is withdrawn is kept nowhere.
func (e *Engine) Delete(ctx context.Context, ids []string) error {
	if err := e.mayWrite(ctx); err != nil {
		return err
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !search.IsID(id) })
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil
	}
	if err := e.lock(ctx); err != nil {
		return err
	}
	defer e.unlock()
	// Noted first: whatever comes now, the Rebuild does not bring them back.
	e.note(nil, ids)
	s, err := e.reread(ctx)
	if errors.Is(err, search.ErrNoIndex) {
		return nil
	}
	if err != nil {
		return err
	}
	from := []string{e.live().docs}
	if !e.rebuilding() {
		from = append(from, e.next().docs)
	}
	return e.change(ctx, s, s, func() (bool, error) { return true, e.erase(ctx, ids, from...) })
}

// erase deletes documents from indexes, of which those that are not there are as
// they should be.
func (e *Engine) erase(ctx context.Context, ids []string, from ...string) error {
	const doing = "delete documents"
	var tasks []int64
	for _, uid := range from {
		task, err := e.library(ctx, doing, func(ctx context.Context, s meilisearch.ServiceManager) (*meilisearch.TaskInfo, error) {
			return s.Index(uid).DeleteDocumentsWithContext(ctx, ids, nil)
		})
		if err != nil {
			return err
		}
		tasks = append(tasks, task)
	}
	over, err := e.await(ctx, doing, tasks...)
	if err != nil {
		return err
	}
	for i, uid := range from {
		switch o := over[tasks[i]]; {
		case o.gone:
			if err := e.absent(ctx, uid, ids); err != nil {
				return err
			}
		case o.code != "" && o.code != codeNoIndex:
			return failure(doing, o.code)
		}
	}
	return nil
}

// absent wants an index not to have documents.
func (e *Engine) absent(ctx context.Context, uid string, ids []string) error {
	for len(ids) > 0 {
		part := ids[:min(len(ids), fetchMost)]
		ids = ids[len(part):]
		lines := make([]line, len(part))
		for i, id := range part {
			lines[i].id = id
		}
		have, err := e.fetch(ctx, uid, lines)
		if errors.Is(err, search.ErrNoIndex) {
			return nil
		}
		if err != nil {
			return err
		}
		for id := range have {
			return fmt.Errorf("%w: meili: document %s is still on the server: %s", search.ErrUnavailable, id, hintAgain)
		}
	}
	return nil
}

// change changes the live index. The state says so before, and after it says
// what is there now: after, or before again when the server has refused the
// documents and nothing of the change has begun. A change of which nobody knows
// how it ended stays one that is under way.
func (e *Engine) change(ctx context.Context, before, after state, apply func() (begun bool, err error)) error {
	// What is enqueued may still be done after an error, and the state with it.
	e.writer.settled = false
	under := before
	under.Version++
	under.Changing = true
	if err := e.put(ctx, e.live().state, under); err != nil {
		return err
	}
	begun, failed := apply()
	if failed != nil && (begun || !errors.Is(failed, search.ErrDoc)) {
		return failed
	}
	if failed != nil {
		after = before
	}
	after.Version = under.Version + 1
	after.Changing = false
	if err := e.put(ctx, e.live().state, after); err != nil {
		return errors.Join(failed, err)
	}
	e.remember(&after)
	e.writer.settled = true
	return failed
}

// put writes a state.
func (e *Engine) put(ctx context.Context, uid string, s state) error {
	l, err := s.line()
	if err != nil {
		return err
	}
	sent, err := e.send(ctx, uid, []line{l})
	if err != nil {
		return err
	}
	return e.deliver(ctx, uid, sent, func(_ []line, code string) error { return failure(doingAdd, code) })
}

// add adds documents to an index and waits until they are there. All are sent in
// one task if the server takes them so.
func (e *Engine) add(ctx context.Context, uid string, s search.Schema, lines []line) error {
	sent, err := e.send(ctx, uid, lines)
	if err != nil {
		return err
	}
	return e.deliver(ctx, uid, sent, func(lines []line, code string) error { return e.blame(ctx, s, lines, code) })
}

// note tells the Rebuild under way what has become of documents.
func (e *Engine) note(lines []line, gone []string) {
	e.writer.mu.Lock()
	defer e.writer.mu.Unlock()
	r := e.writer.rebuild
	if r == nil {
		return
	}
	for _, l := range lines {
		r.changed[l.id] = &l
	}
	for _, id := range gone {
		r.changed[id] = nil
	}
}
