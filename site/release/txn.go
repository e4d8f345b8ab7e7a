package release

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// Txn is a release in the making. It holds the lock of publishes until Commit
// or Abort. Stage, Have and Adopt may be called by several goroutines at once.
type Txn struct {
	s       *Store
	ctx     context.Context
	lock    io.Closer
	current *Manifest
	overlay *overlay        // when the txn began
	known   map[string]bool // numbers that were withdrawn by then

	mu      sync.Mutex
	adopted map[string]string // path in the stage, by hash
	done    bool
}

// Begin starts a release, and clears away what a crash left of another. A
// second one at the same time, in any process, is refused with an error that
// names the first. The context is used up to the end of Commit.
func (s *Store) Begin(ctx context.Context) (t *Txn, err error) {
	if err := s.prepare(); err != nil {
		return nil, err
	}
	changing, err := s.lockOverlay(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, changing.Close()) }()
	lock, err := s.lockPublish(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.Close())
		}
	}()
	st, err := s.settle(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.sweep(st); err != nil {
		return nil, err
	}
	if err := s.emptyStage(); err != nil {
		return nil, err
	}
	t = &Txn{s: s, ctx: ctx, lock: lock, overlay: st.overlay, known: st.overlay.numbers(), adopted: map[string]string{}}
	if st.pointer != nil {
		if t.current, err = s.readManifest(st.pointer.Release); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Current returns the manifest of the current release, or nil when there is
// none. It must not be changed.
func (t *Txn) Current() *Manifest { return t.current }

// Stage returns the folder in which packs are written before they are adopted.
// It is empty when a txn begins. Packs in it need not be synced.
func (t *Txn) Stage() string { return t.s.path("stage") }

// Have reports whether a release may name the pack without adopting it: it is
// there, whole, and nothing was withdrawn from it. A partition of which a part
// was withdrawn is to be made again.
func (t *Txn) Have(hash string) bool {
	if !validHash(hash) {
		return false
	}
	t.mu.Lock()
	_, adopted := t.adopted[hash]
	t.mu.Unlock()
	if adopted {
		return true
	}
	if t.overlay.Packs[hash] != nil {
		return false
	}
	return t.s.hasPack(hash)
}

// Adopt takes a finished pack into the release. It must lie in the stage, and
// be what info says.
func (t *Txn) Adopt(path string, info PackInfo) error {
	if filepath.Dir(path) != t.Stage() {
		return fmt.Errorf("pack %s does not lie in the stage", path)
	}
	p, err := openPack(t.s.o.FS, path)
	if err != nil {
		return fault.Wrap(err, "a new pack is damaged", "publish again; if it happens again, check the disk")
	}
	defer p.release()
	hash, err := hashOf(p.file, p.bytes)
	if err != nil {
		return readFault("a new pack", err)
	}
	if hash != info.Hash || p.bytes != info.Bytes || len(p.hashes) != info.Files {
		return fault.Wrap(fmt.Errorf("pack %s: hash %s, %d files, %d bytes; expected %s, %d, %d",
			path, hash, len(p.hashes), p.bytes, info.Hash, info.Files, info.Bytes),
			"a new pack is not what was written", "publish again; if it happens again, check the disk")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done {
		return errTxnDone
	}
	t.adopted[hash] = path
	return nil
}

var errTxnDone = errors.New("the release is finished already")

// hashOf is the SHA-256 of n bytes, in hexadecimal.
func hashOf(r io.ReaderAt, n int64) (string, error) {
	sum := sha256.New()
	if _, err := io.CopyBuffer(sum, struct{ io.Reader }{io.NewSectionReader(r, 0, n)}, make([]byte, 128<<10)); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Abort gives the release up. After a Commit that succeeded it does nothing.
func (t *Txn) Abort() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done {
		return nil
	}
	t.done = true
	return errors.Join(t.s.emptyStage(), t.lock.Close())
}

const namesDamaged = "the new release names a pack that is missing or damaged"

// Commit makes the release current and returns its number. Format, release
// number and order of the partitions are set here. Each pack must have been
// adopted or belong to the current release, and a path may be in one pack only.
//
// The order is: packs, overlay if it changes, manifest, and last the file
// current. After a crash, whichever release that file names is whole. On an
// error before the switch, the release that was current still is, and only
// Abort is left to be called.
//
// A case that was withdrawn while the release was made is taken out of its
// packs here. One that was withdrawn before must not be shown by any of them.
func (t *Txn) Commit(m Manifest) (number int, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done {
		return 0, errTxnDone
	}
	s := t.s
	changing, err := s.lockOverlay(t.ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, changing.Close()) }()
	st, err := s.settle(t.ctx)
	if err != nil {
		return 0, err
	}
	next := pointer{Release: 1}
	if st.pointer != nil {
		next.Release = st.pointer.Last + 1
	}
	next.Last = next.Release
	m.Format, m.Release = format, next.Release
	m.Partitions = slices.SortedFunc(slices.Values(m.Partitions), func(a, b PartitionRef) int { return strings.Compare(a.Key, b.Key) })
	if err := m.check(); err != nil {
		return 0, fmt.Errorf("manifest: %w", err)
	}
	if err := t.landAdopted(st, &m); err != nil {
		return 0, err
	}
	old := s.held()
	if old != nil {
		defer old.Close()
	}
	v, err := s.load(st, &m, old)
	if err != nil {
		return 0, fault.Wrap(err, namesDamaged, "publish again")
	}
	defer v.Close()
	if v.partly {
		return 0, fault.Wrap(ErrUnread, namesDamaged, "publish again")
	}
	if err := v.checkUnique(); err != nil {
		return 0, err
	}
	b, err := encodeJSON(&m)
	if err != nil {
		return 0, err
	}
	if err := durable.WriteFile(s.o.FS, s.path(manifestPath(m.Release)), b); err != nil {
		return 0, writeFault(err)
	}
	if err := s.writePointer(st, next); err != nil {
		return 0, err
	}
	// The release is out. What cannot be cleared away now is cleared away by the
	// next Begin, which reports it.
	t.done = true
	_ = errors.Join(s.sweep(st), s.emptyStage(), t.lock.Close())
	v.holders.Add(1)
	s.replace(v)
	return m.Release, nil
}

// landAdopted puts the adopted packs of the manifest into their places, without
// what was withdrawn meanwhile, and brings the overlay up to date.
func (t *Txn) landAdopted(st *state, m *Manifest) error {
	s := t.s
	late, latePaths := map[string]bool{}, map[string]bool{}
	for _, g := range st.overlay.Gone {
		if !t.known[g.Number] {
			late[g.Number], latePaths[g.Path] = true, true
		}
	}
	names, _, err := s.needed(st.pointer)
	if err != nil {
		return err
	}
	var packs []landing
	changed := false
	for _, ref := range m.Partitions {
		path, ok := t.adopted[ref.Pack]
		if !ok {
			if !names[ref.Pack] {
				return fmt.Errorf("partition %s: pack %s was not adopted", ref.Key, ref.Pack)
			}
			continue
		}
		names[ref.Pack] = true
		files, err := t.examine(ref.Key, path, late, latePaths)
		if err != nil {
			return err
		}
		if len(files) == 0 {
			if st.overlay.Packs[ref.Pack] != nil {
				delete(st.overlay.Packs, ref.Pack)
				changed = true
			}
			packs = append(packs, landing{path, ref.Pack})
			continue
		}
		r := &replaced{Drop: files}
		out := s.path("stage/late-" + ref.Pack + ".zip")
		if r.File, err = s.rewrite(path, out, files, late); err != nil {
			return err
		}
		packs = append(packs, landing{out, r.File})
		st.overlay.Packs[ref.Pack] = r
		changed = true
	}
	if err := s.land(unique(packs)); err != nil {
		return err
	}
	if changed {
		return s.writeOverlay(st, names)
	}
	return nil
}

// unique drops packs that are there twice: several partitions may have the same
// empty one.
func unique(packs []landing) []landing {
	slices.SortStableFunc(packs, func(a, b landing) int { return cmp.Compare(a.hash, b.hash) })
	return slices.CompactFunc(packs, func(a, b landing) bool { return a.hash == b.hash })
}

// examine returns the files of a new pack that must be dropped because of late
// withdrawals, and refuses a pack that shows a case that was known as withdrawn
// when the release was begun.
func (t *Txn) examine(key, path string, late, latePaths map[string]bool) ([]string, error) {
	p, err := openPack(t.s.o.FS, path)
	if err != nil {
		return nil, readFault("a new pack", err)
	}
	defer p.release()
	shown, err := p.touched(t.known, nil)
	if err != nil {
		return nil, readFault("a new pack", err)
	}
	if len(shown) > 0 {
		return nil, fault.Wrap(fmt.Errorf("partition %s: %q shows a withdrawn case", key, shown[0]),
			fmt.Sprintf("partition %s shows a case that is withdrawn", key),
			"pull again so that the store knows the withdrawal, then publish")
	}
	return p.touched(late, latePaths)
}

// checkUnique refuses a release in which two packs have a file of one name, of
// two names that differ in case alone, or a file where another has a folder.
func (v *View) checkUnique() error {
	err := v.table.clashes(func(a, b slot) error {
		ra, err := v.packs[a.pack].record(int64(a.at))
		if err != nil {
			return err
		}
		rb, err := v.packs[b.pack].record(int64(b.at))
		if err != nil {
			return err
		}
		if folded(string(ra.name)) == folded(string(rb.name)) {
			return fmt.Errorf("two partitions have a file %q and %q", ra.name, rb.name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	files := map[string]bool{}
	for _, ref := range v.manifest.Partitions {
		if ref.Files > 0 && files[ref.Pack] {
			return fmt.Errorf("partition %s has the files of another", ref.Key)
		}
		files[ref.Pack] = true
	}
	folders := map[string]bool{}
	for _, p := range v.packs {
		for _, f := range p.folders {
			folders[f] = true
		}
	}
	for _, f := range slices.Sorted(maps.Keys(folders)) {
		if _, found, _ := v.find(f); found {
			return fmt.Errorf("%q is a file in one partition and a folder in another", f)
		}
	}
	return nil
}
