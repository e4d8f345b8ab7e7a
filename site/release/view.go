package release

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// State says what a release has at a path.
type State int

// The states.
const (
	Missing     State = iota // nothing was ever there, as far as this release knows
	Found                    // a file
	Withdrawn                // the page of a withdrawn case
	Unavailable              // a file that must be made again before it can be shown, or that cannot be read
)

// String names the state.
func (s State) String() string {
	switch s {
	case Found:
		return "found"
	case Withdrawn:
		return "withdrawn"
	case Unavailable:
		return "unavailable"
	}
	return "missing"
}

// Entry is a file of a release.
type Entry struct {
	Name     string
	Deflated bool              // how it is stored: as a deflate stream, or as it is
	Size     int64             // of the plain bytes
	Stored   int64             // of the stored bytes
	CRC32    uint32            // of the plain bytes, as gzip wants it (IEEE)
	Sum      [sha256.Size]byte // SHA-256 of the plain bytes

	// Gone is the tombstone, in state Withdrawn. The entry may then have a body
	// too: the tombstone page, where the release has one.
	Gone *Gone

	// Err is why a file cannot be read, in state Unavailable. It is nil where the
	// file waits to be made again after a withdrawal.
	Err error

	pack *pack
	data int64
}

// HasBody reports whether the entry has bytes that [View.Raw] returns.
func (e Entry) HasBody() bool { return e.pack != nil }

// View is one release, as the overlay of one generation leaves it. It is
// immutable and safe for concurrent use until it is closed.
type View struct {
	state    *state
	manifest *Manifest
	packs    []*mounted
	table    table
	gone     map[string]*Gone    // by path
	dropped  map[string]struct{} // files that are in no pack any more, and wait to be made again
	partly   bool                // a pack is refused whole, so that what the release has is not known
	holders  atomic.Int32
}

// mounted is a pack of a view.
type mounted struct {
	*pack
	name string              // as the manifest has it
	file string              // the pack that took its place, or the same
	drop map[string]struct{} // files in it that must not be shown
}

// Release returns the number of the release.
func (v *View) Release() int { return v.manifest.Release }

// Generation returns the generation of the overlay: it grows with each
// withdrawal.
func (v *View) Generation() int64 { return v.state.overlay.Generation }

// Withdrawn returns the numbers of all cases that were withdrawn, or taken out of
// the releases of their time, in no order. An index that was made from an
// earlier generation may still hold them.
func (v *View) Withdrawn() []string {
	o := v.state.overlay
	numbers := make([]string, 0, len(o.Gone)+len(o.Retracted))
	for _, g := range o.Gone {
		numbers = append(numbers, g.Number)
	}
	for _, r := range o.Retracted {
		numbers = append(numbers, r.Number)
	}
	return numbers
}

// WithdrawnSum names all that was withdrawn or taken out, and when: a short hash
// that another view has for the same withdrawals alone; empty for none.
func (v *View) WithdrawnSum() string {
	o := v.state.overlay
	if len(o.Gone)+len(o.Retracted) == 0 {
		return ""
	}
	h := sha256.New()
	for _, g := range o.Gone {
		fmt.Fprintln(h, g.Number)
	}
	for _, r := range o.Retracted {
		fmt.Fprintln(h, r.Number, r.Time)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// Manifest returns the manifest. It must not be changed.
func (v *View) Manifest() *Manifest { return v.manifest }

// Files returns the number of files that can be found.
func (v *View) Files() int { return len(v.table.slots) }

// Close lets the view go. Its packs are closed when no view holds them, so
// readers of its entries must be done with. A view that is never closed lets
// its files go when it is collected as garbage.
func (v *View) Close() error {
	if v.holders.Add(-1) == 0 {
		for _, p := range v.packs {
			p.release()
		}
	}
	return nil
}

// Lookup returns the file at a path, which has no leading slash, and what
// became of it. It reads the directory of the pack: about two microseconds.
func (v *View) Lookup(path string) (Entry, State) {
	e, found, dropped := v.find(path)
	if g := v.gone[path]; g != nil {
		if !found || dropped || e.Err != nil || slices.Contains(v.state.overlay.Unswept, g.Number) {
			e = Entry{Name: path} // what is there may be the page of the case itself
		}
		e.Gone = g
		return e, Withdrawn
	}
	if e.Err != nil || dropped {
		return Entry{Name: path, Err: e.Err}, Unavailable
	}
	if found {
		return e, Found
	}
	if _, ok := v.dropped[path]; ok || v.partly {
		return Entry{Name: path}, Unavailable
	}
	return Entry{}, Missing
}

// find looks into the packs. The entry is dropped when the overlay says that
// the file must not be shown.
func (v *View) find(path string) (e Entry, found, dropped bool) {
	h := pathHash(path)
	for _, s := range v.table.bucket(h) {
		if s.hash != h {
			continue
		}
		p := v.packs[s.pack]
		r, err := p.record(int64(s.at))
		if err != nil {
			// Names are compared in the record, so this may be another file; that
			// two have the same hash is far less likely.
			return Entry{Err: fmt.Errorf("pack %s: %w", p.file, err)}, false, false
		}
		if string(r.name) != path {
			continue
		}
		_, dropped = p.drop[path]
		return p.entry(&r), true, dropped
	}
	return Entry{}, false, false
}

// entry makes the entry of a record.
func (p *pack) entry(r *record) Entry {
	return Entry{
		Name: string(r.name), Deflated: r.method == methodDeflate, Size: r.size, Stored: r.stored,
		CRC32: r.crc, Sum: r.sum, pack: p, data: r.data(),
	}
}

// Raw returns the stored bytes of an entry of this view: a deflate stream, or
// the plain bytes. They are not checked against the hash. An entry without a
// body is an error.
func (v *View) Raw(e Entry) (*io.SectionReader, error) {
	if e.pack == nil {
		return nil, fmt.Errorf("%q has no body", e.Name)
	}
	return io.NewSectionReader(e.pack.file, e.data, e.Stored), nil
}

// Plain returns the plain bytes of an entry of this view, checked against its
// hash.
func (v *View) Plain(e Entry) ([]byte, error) {
	raw, err := v.Raw(e)
	if err != nil {
		return nil, err
	}
	return plain(raw, e.Deflated, e.Size, e.CRC32, e.Sum)
}

// Current returns the release that was current at the last Refresh, and loads
// it when there was none. It costs next to nothing otherwise, so a server may
// call it for each request. The caller closes the view. With nothing published
// yet the error is [ErrNoRelease].
func (s *Store) Current() (*View, error) {
	if v := s.held(); v != nil {
		return v, nil
	}
	v, _, err := s.Refresh()
	return v, err
}

// Refresh looks whether another release is current or the overlay has changed,
// and reports whether the view differs from the one before. Packs that both
// have stay open. The caller closes the view. On an error the release that was
// current before stays current.
func (s *Store) Refresh() (*View, bool, error) {
	s.loading.Lock()
	defer s.loading.Unlock()
	st, err := s.readState()
	if err != nil {
		return nil, false, err
	}
	old := s.held()
	if old != nil && old.state.same(st) {
		return old, false, nil
	}
	if old != nil {
		defer old.Close()
	}
	if st.pointer == nil {
		return nil, false, errNothing()
	}
	v, err := s.loadNewest(st, old)
	if err != nil {
		return nil, false, err
	}
	v.holders.Add(1) // for the caller
	s.replace(v)
	return v, true, nil
}

// held returns the view of the store, held for the caller, or nil.
func (s *Store) held() *View {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		s.current.holders.Add(1)
	}
	return s.current
}

// replace makes v the view of the store, which takes over one hold on it.
func (s *Store) replace(v *View) {
	s.mu.Lock()
	old := s.current
	s.current = v
	s.mu.Unlock()
	if old != nil {
		old.Close()
	}
}

// forget drops the view of the store.
func (s *Store) forget() { s.replace(nil) }

// loadNewest loads the release that st names. A pack or manifest that is
// missing may have been replaced since st was read; it is then read again.
func (s *Store) loadNewest(st *state, old *View) (*View, error) {
	for {
		v, err := s.load(st, nil, old)
		if errors.Is(err, errPack) {
			return nil, damaged(fmt.Sprintf("release %d", st.pointer.Release), err)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return v, err
		}
		now, stateErr := s.readState()
		if stateErr != nil {
			return nil, stateErr
		}
		if now.pointer == nil || now.same(st) {
			return nil, damaged(fmt.Sprintf("release %d", st.pointer.Release), err)
		}
		st = now
	}
}

// load opens a release under a state, by default the one that the pointer
// names. It takes over open packs from old, which the caller holds.
func (s *Store) load(st *state, m *Manifest, old *View) (*View, error) {
	var err error
	if m == nil {
		if m, err = s.readManifest(st.pointer.Release); err != nil {
			return nil, err
		}
	}
	v := &View{state: st, manifest: m, gone: map[string]*Gone{}, dropped: map[string]struct{}{}}
	v.holders.Store(1)
	for i := range st.overlay.Gone {
		g := &st.overlay.Gone[i]
		v.gone[g.Path] = g
	}
	have := map[string]*pack{}
	if old != nil {
		for _, p := range old.packs {
			if p.pack.file != nil {
				have[p.file] = p.pack
			}
		}
	}
	for _, name := range m.packs() {
		p := &mounted{name: name, file: st.overlay.file(name)}
		if r := st.overlay.Packs[name]; r != nil {
			p.drop = make(map[string]struct{}, len(r.Drop))
			for _, f := range r.Drop {
				p.drop[f] = struct{}{}
				v.dropped[f] = struct{}{}
			}
		}
		switch p.pack = have[p.file]; {
		case st.overlay.unread(name):
			p.pack, v.partly = newPack(nil), true
		case p.pack != nil:
			p.retain()
		}
		v.packs = append(v.packs, p)
	}
	if err := s.openAll(v.packs); err != nil {
		return nil, errors.Join(err, v.closeOpen())
	}
	v.table = newTable(v.packs)
	return v, nil
}

// closeOpen closes a view of which some packs could not be opened.
func (v *View) closeOpen() error {
	for _, p := range v.packs {
		if p.pack != nil {
			p.release()
		}
	}
	return nil
}

// openAll opens the packs that are not open yet, several at once.
func (s *Store) openAll(packs []*mounted) error {
	errs := make([]error, runtime.GOMAXPROCS(0))
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range errs {
		wg.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(packs) {
					return
				}
				if packs[i].pack == nil {
					packs[i].pack, errs[w] = openPack(s.o.FS, s.path(packPath(packs[i].file)))
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
