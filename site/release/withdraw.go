package release

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// Withdraw takes cases out of every kept release, and returns how many of them
// were not withdrawn before.
//
// First the overlay is written: from then on the page of each case is gone, and
// files that show it are unavailable until they are made again, to every reader
// that refreshes. Then each pack that holds the case is rewritten without those
// files, and the old one is removed. When Withdraw returns, no file of the store
// holds anything of the case but its number and its tombstone; a publish that is
// running at the time clears its own files away when it ends.
//
// A pack that cannot be read holds nothing up: none of its files is shown any more, in any
// release, until it is put back or made again. The error is then [ErrUnread], and comes
// after everything else is done.
//
// It does not wait for a running publish. It may be repeated at any time: what
// is done is not done again, and what a crash broke off is finished. Of each
// [Gone], Path is filled in from Options.PagePath.
func (s *Store) Withdraw(ctx context.Context, gone []Gone) (added int, err error) {
	if gone, err = s.withPaths(gone); err != nil {
		return 0, err
	}
	return s.takeOut(ctx, func(o *overlay) (int, bool) { return o.bury(gone) })
}

// Retract takes cases out of every release that is kept now, as Withdraw does, but
// leaves no tombstone: the next publish may show them again, as rows without a
// text for one. Until then files that show them are unavailable. It returns how
// many cases were not retracted before; one that is retracted again at another
// time is taken out of what was published between.
//
// A release that is being made meanwhile is not looked at: whoever makes it
// retracts before.
func (s *Store) Retract(ctx context.Context, cases []Retracted) (added int, err error) {
	for _, r := range cases {
		if err := r.check(); err != nil {
			return 0, fault.Wrap(err, "a retraction is malformed", "name a case by its public number, like 2611-004217")
		}
	}
	return s.takeOut(ctx, func(o *overlay) (int, bool) {
		n := o.retract(cases)
		return n, n > 0
	})
}

// takeOut notes in the overlay what is to go, and makes it effective.
func (s *Store) takeOut(ctx context.Context, note func(*overlay) (fresh int, changed bool)) (added int, err error) {
	if err := s.prepare(); err != nil {
		return 0, err
	}
	changing, err := s.lockOverlay(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, changing.Close()) }()
	st, err := s.readState()
	if err != nil {
		return 0, err
	}
	fresh, changed := note(st.overlay)
	unread, err := s.clean(ctx, st, changed)
	if err != nil {
		return 0, err
	}
	if err := s.sweep(st); err != nil {
		return 0, err
	}
	if err := s.sweepStage(ctx); err != nil {
		return fresh, err
	}
	return fresh, unread
}

// settle reads the state and finishes a withdrawal that was broken off. The
// overlay lock is held. That packs cannot be read stops nobody: their files are refused.
func (s *Store) settle(ctx context.Context) (*state, error) {
	st, err := s.readState()
	if err != nil {
		return nil, err
	}
	_, err = s.clean(ctx, st, false)
	return st, err
}

// clean makes an overlay effective: it finds the files that show a withdrawn
// case, writes the overlay if it has changed, and rewrites packs. What cannot be
// found, because something kept is damaged, does not hold up the rest: a pack that
// cannot be read is refused whole, which unread says where something is new; with a
// manifest that cannot be read the packs of the others are cleaned.
func (s *Store) clean(ctx context.Context, st *state, changed bool) (unread, err error) {
	if !changed && len(st.overlay.Unswept) == 0 && !st.overlay.pending() {
		return nil, nil
	}
	names, _, lost := s.needed(st.pointer)
	found, err := s.findShowing(ctx, st.overlay, names)
	if err != nil {
		if changed {
			err = errors.Join(err, s.changeOverlay(st, nil))
		}
		return nil, err
	}
	changed = changed || found
	keep := names
	if lost != nil {
		keep = nil // what that release needs is not known
	} else if len(st.overlay.Unswept) > 0 {
		st.overlay.Unswept, changed = nil, true
	}
	if changed {
		if err := s.changeOverlay(st, keep); err != nil {
			return nil, err
		}
	}
	refused, err := s.rewritePending(ctx, st, names, keep)
	if err != nil {
		return nil, err
	}
	if changed || refused {
		unread = unreadFault(st.overlay)
	}
	return unread, lost
}

// withPaths fills in the paths and checks the tombstones.
func (s *Store) withPaths(gone []Gone) ([]Gone, error) {
	if s.o.PagePath == nil {
		return nil, errors.New("withdraw: Options.PagePath is not set")
	}
	gone = slices.Clone(gone)
	for i := range gone {
		g := &gone[i]
		if validNumber(g.Number) {
			g.Path = s.o.PagePath(g.Number)
		}
		if err := g.check(); err != nil {
			return nil, fault.Wrap(err, "a withdrawal is malformed", "name a case by its public number, like 2611-004217")
		}
	}
	return gone, nil
}

// readsAgain is how many more times a pack is looked through that could not be read.
const readsAgain = 2

// findShowing looks through the packs of all kept releases for files that show
// one of the unswept cases, and notes in the overlay that they are to be dropped. A
// pack that cannot be read, also when it is read again, is refused whole. One that was
// refused before is looked through again, for whatever was taken out, once it is there as
// it was made. It reports whether it noted anything.
func (s *Store) findShowing(ctx context.Context, o *overlay, needed map[string]bool) (changed bool, err error) {
	unswept := map[string]bool{}
	for _, n := range o.Unswept {
		unswept[n] = true
	}
	names := slices.Sorted(maps.Keys(needed))
	if len(unswept) == 0 {
		names = slices.DeleteFunc(names, func(name string) bool { return !o.unread(name) })
	}
	fresh, all := o.seek(unswept), o.seek(o.erased())
	look := func(name string) ([]string, error) {
		if !o.unread(name) {
			return s.touchedBy(o.file(name), fresh)
		}
		if !s.hasPack(o.file(name)) {
			return nil, ErrUnread
		}
		return s.touchedBy(o.file(name), all)
	}
	found, errs := s.eachPack(ctx, names, look)
	// A read may fail for a reason that passes, such as too many open files: again, one pack
	// at a time.
	for i, name := range names {
		for n := 0; n < readsAgain && errs[i] != nil && ctx.Err() == nil; n++ {
			found[i], errs[i] = look(name)
		}
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	for i, name := range names {
		if errs[i] != nil {
			changed = o.refuse(name) || changed
			continue
		}
		if o.unread(name) {
			o.admit(name)
			changed = true
		}
		if len(found[i]) > 0 {
			o.drop(name, found[i])
			changed = true
		}
	}
	return changed, nil
}

// eachPack calls do for packs on all processors, and returns what it says of each.
func (s *Store) eachPack(ctx context.Context, names []string, do func(name string) ([]string, error)) (found [][]string, errs []error) {
	found, errs = make([][]string, len(names)), make([]error, len(names))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(names) {
					return
				}
				if errs[i] = ctx.Err(); errs[i] == nil {
					found[i], errs[i] = do(names[i])
				}
			}
		})
	}
	wg.Wait()
	return found, errs
}

func (s *Store) touchedBy(file string, what sought) ([]string, error) {
	p, err := openPack(s.o.FS, s.path(packPath(file)))
	if err != nil {
		return nil, damaged("pack "+file, err)
	}
	defer p.release()
	files, err := p.touched(what.numbers, what.paths)
	if err != nil {
		return nil, damaged("pack "+file, err)
	}
	return files, nil
}

// sweepStage clears away what a publish that crashed has left, and leaves alone
// what a running one is making. The overlay lock is held, so that no publish
// begins meanwhile and finds the lock taken.
func (s *Store) sweepStage(ctx context.Context) error {
	lock, err := s.lockPublish(ctx)
	if locked := new(durable.LockedError); errors.As(err, &locked) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(s.emptyStage(), lock.Close())
}

// Reinstate lifts the withdrawals that back names. The pages come back with the next
// publish; until then they are unavailable. back is called while no other process can
// withdraw, so that a case that was withdrawn again since is not among them.
func (s *Store) Reinstate(ctx context.Context, back func(context.Context) ([]string, error)) (err error) {
	if err := s.prepare(); err != nil {
		return err
	}
	changing, err := s.lockOverlay(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, changing.Close()) }()
	st, err := s.settle(ctx)
	if err != nil {
		return err
	}
	numbers, err := back(ctx)
	if err != nil {
		return err
	}
	before := len(st.overlay.Gone)
	st.overlay.Gone = slices.DeleteFunc(st.overlay.Gone, func(g Gone) bool { return slices.Contains(numbers, g.Number) })
	if len(st.overlay.Gone) == before {
		return nil
	}
	names, _, err := s.needed(st.pointer)
	if err != nil {
		return err
	}
	return s.changeOverlay(st, names)
}

// Rollback makes another kept release current again. Its number is in
// [Store.Releases]. What was withdrawn since stays withdrawn: it waits until the
// packs of the release have been rewritten. It is refused while a publish runs.
//
// before is called with the number of the release that is current, once nothing can make
// another one current, and unless it is that one already; its error stops the rollback. It
// may be nil.
func (s *Store) Rollback(ctx context.Context, release int, before func(from int) error) (err error) {
	now, err := s.CurrentNumber()
	if err != nil {
		return err
	}
	if now == 0 {
		return errNothing()
	}
	changing, err := s.lockOverlay(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, changing.Close()) }()
	lock, err := s.lockPublish(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	st, err := s.settle(ctx)
	if err != nil {
		return err
	}
	kept, err := s.kept(st.pointer)
	if err != nil {
		return readFault("releases", err)
	}
	if !slices.Contains(kept, release) {
		return fault.Wrap(fs.ErrNotExist, fmt.Sprintf("release %d is not kept", release), fmt.Sprintf("choose one of %v", kept))
	}
	if st.pointer.Release == release {
		return nil
	}
	m, err := s.readManifest(release)
	if err != nil {
		return err
	}
	old := s.held()
	if old != nil {
		defer old.Close()
	}
	v, err := s.load(st, m, old)
	if err != nil {
		return damaged(fmt.Sprintf("release %d", release), err)
	}
	defer v.Close()
	if v.partly {
		return damaged(fmt.Sprintf("release %d", release), ErrUnread)
	}
	if before != nil {
		if err := before(st.pointer.Release); err != nil {
			return err
		}
	}
	next := *st.pointer
	next.Release = release
	if err := s.writePointer(st, next); err != nil {
		return err
	}
	v.holders.Add(1)
	s.replace(v)
	return nil
}
