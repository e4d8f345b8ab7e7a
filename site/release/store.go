package release

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// Options are the settings of a store. The zero value is what a reader needs.
type Options struct {
	// Keep is how many releases are kept, the current one included. Default 10.
	Keep int

	// PagePath returns the path of a case's own page, from its number. Withdraw
	// needs it.
	PagePath func(number string) string

	// TombstonePage returns the page that an export writes at the path of a
	// withdrawn case, where the release itself has none. Default: a short page
	// with the number, the unit, the reason and the day.
	TombstonePage func(Gone) []byte

	// FS is the file system. Default: that of the operating system.
	FS durable.FS
}

// Store is a folder of releases. It is safe for concurrent use, also together
// with other processes that use the same folder.
type Store struct {
	dir string
	o   Options

	loading sync.Mutex // held while a view is loaded; taken before mu
	mu      sync.Mutex // guards current, and is held for moments only
	current *View      // held once; nil until loaded
}

// Open returns the store in a folder. It reads and writes nothing: the folder
// is made by the first write.
func Open(dir string, o Options) (*Store, error) {
	if dir == "" {
		return nil, fault.New("no folder is given for the releases", "name one")
	}
	if o.Keep < 0 {
		return nil, fault.New(fmt.Sprintf("%d releases cannot be kept", o.Keep), "give a number from 1")
	}
	o.Keep = cmp.Or(o.Keep, 10)
	if o.FS == nil {
		o.FS = durable.OS{}
	}
	if o.TombstonePage == nil {
		o.TombstonePage = tombstonePage
	}
	return &Store{dir: filepath.Clean(dir), o: o}, nil
}

// Close lets go of the release that the store holds open. Views that were given
// out stay usable.
func (s *Store) Close() error {
	s.forget()
	return nil
}

// path returns where a file of the store lies, from its slash-separated name.
func (s *Store) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// state is what the two small files say, and their bytes.
type state struct {
	pointer                *pointer // nil: no release yet
	overlay                *overlay // never nil
	pointerRaw, overlayRaw []byte
}

func (a *state) same(b *state) bool {
	return bytes.Equal(a.pointerRaw, b.pointerRaw) && bytes.Equal(a.overlayRaw, b.overlayRaw)
}

const (
	pointerName = "current"
	overlayName = "overlay.json"
)

// readState reads the pointer, then the overlay. A writer replaces them in the
// other order, so the overlay is never older than the pointer says; if it is,
// it was lost, and withdrawn cases would come back.
func (s *Store) readState() (*state, error) {
	st := &state{overlay: newOverlay()}
	var err error
	if st.pointerRaw, err = s.readFile(pointerName); err != nil {
		return nil, err
	}
	if st.overlayRaw, err = s.readFile(overlayName); err != nil {
		return nil, err
	}
	if st.pointerRaw != nil {
		if st.pointer, err = parsePointer(st.pointerRaw); err != nil {
			return nil, damaged(pointerName, err)
		}
	}
	if st.overlayRaw != nil {
		if st.overlay, err = parseOverlay(st.overlayRaw); err != nil {
			return nil, damaged(overlayName, err)
		}
	}
	if st.pointer != nil && st.overlay.Generation < st.pointer.Overlay {
		return nil, fault.Coded(fault.ExitDamaged, "the list of withdrawn cases is older than the releases",
			"put back the newest "+overlayName+" from a backup; without it withdrawn cases would be shown again",
			fmt.Errorf("overlay generation %d, expected %d", st.overlay.Generation, st.pointer.Overlay))
	}
	return st, nil
}

// readFile returns the bytes of a file of the store, or nil when there is none.
func (s *Store) readFile(name string) ([]byte, error) {
	b, err := durable.ReadFile(s.o.FS, s.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, readFault(name, err)
}

// readManifest reads the manifest of one release.
func (s *Store) readManifest(release int) (*Manifest, error) {
	name := manifestPath(release)
	b, err := durable.ReadFile(s.o.FS, s.path(name))
	if err != nil {
		return nil, err
	}
	m, err := parseManifest(b)
	if err == nil && m.Release != release {
		err = fmt.Errorf("it is of release %d", m.Release)
	}
	if err != nil {
		return nil, damaged(name, err)
	}
	return m, nil
}

// Manifest returns the manifest of the current release, or nil when there is
// none yet. It reads the disk each time and opens no pack.
func (s *Store) Manifest() (*Manifest, error) {
	for {
		st, err := s.readState()
		if err != nil || st.pointer == nil {
			return nil, err
		}
		m, err := s.readManifest(st.pointer.Release)
		if !errors.Is(err, fs.ErrNotExist) {
			return m, err
		}
		if now, stateErr := s.readState(); stateErr != nil || now.same(st) {
			return nil, damaged(manifestPath(st.pointer.Release), err)
		}
	}
}

// numbers lists the releases on disk that were committed, in order.
func (s *Store) numbers(p *pointer) ([]int, error) {
	if p == nil {
		return nil, nil
	}
	entries, err := s.o.FS.ReadDir(s.path("releases"))
	if err != nil {
		return nil, err
	}
	var numbers []int
	for _, e := range entries {
		if n, ok := manifestNumber(e.Name()); ok && n <= p.Last {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// kept lists the releases that are to be kept: the last ones and the current.
func (s *Store) kept(p *pointer) ([]int, error) {
	numbers, err := s.numbers(p)
	if err != nil {
		return nil, err
	}
	if len(numbers) <= s.o.Keep {
		return numbers, nil
	}
	old := numbers[:len(numbers)-s.o.Keep]
	last := numbers[len(numbers)-s.o.Keep:]
	if slices.Contains(old, p.Release) {
		return append([]int{p.Release}, last...), nil
	}
	return last, nil
}

// Info describes a kept release.
type Info struct {
	Release    int    `json:"release"`
	Cutoff     string `json:"cutoff"`
	Inputs     string `json:"inputs"`
	Partitions int    `json:"partitions"`
	Files      int    `json:"files"`
	Bytes      int64  `json:"bytes"` // of its packs when they were made
	Current    bool   `json:"current"`
}

// Releases lists the releases that a rollback can go to, and the current one,
// in the order of their numbers.
func (s *Store) Releases() ([]Info, error) {
	st, err := s.readState()
	if err != nil {
		return nil, err
	}
	numbers, err := s.kept(st.pointer)
	if err != nil {
		return nil, err
	}
	var infos []Info
	for _, n := range numbers {
		m, err := s.readManifest(n)
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed in this moment
		}
		if err != nil {
			return nil, err
		}
		info := Info{Release: n, Cutoff: m.Cutoff, Inputs: m.Inputs, Partitions: len(m.Partitions), Current: n == st.pointer.Release}
		for _, p := range m.Partitions {
			info.Files += p.Files
			info.Bytes += p.Bytes
		}
		infos = append(infos, info)
	}
	return infos, nil
}

// CurrentNumber returns the number of the current release, or 0 when there is
// none.
func (s *Store) CurrentNumber() (int, error) {
	st, err := s.readState()
	if err != nil || st.pointer == nil {
		return 0, err
	}
	return st.pointer.Release, nil
}

// Gone lists the withdrawn cases in the order of their numbers.
func (s *Store) Gone() ([]Gone, error) {
	st, err := s.readState()
	if err != nil {
		return nil, err
	}
	return st.overlay.Gone, nil
}

// The locks. Whoever takes several takes them in this order, but that a
// publish, which holds publishLock for long, waits for overlayLock.
const (
	exportLock  = "export.lock"
	overlayLock = "overlay.lock"
	publishLock = "publish.lock"
)

// lockOverlay waits until no other changes the overlay, the pointer or the
// packs. It is held for as long as packs are moved or rewritten, never while
// pages are made.
func (s *Store) lockOverlay(ctx context.Context) (io.Closer, error) {
	l, err := s.o.FS.Lock(ctx, s.path(overlayLock), true)
	return l, lockFault(err, "another process is changing the releases")
}

// lockPublish takes the lock of publishes and rollbacks, or says who has it.
func (s *Store) lockPublish(ctx context.Context) (io.Closer, error) {
	l, err := s.o.FS.Lock(ctx, s.path(publishLock), false)
	return l, lockFault(err, "another publish is running")
}

// prepare makes the folders of a store.
func (s *Store) prepare() error {
	for _, d := range []string{"packs", "releases", "stage"} {
		if err := durable.MkdirAll(s.o.FS, s.path(d)); err != nil {
			return writeFault(err)
		}
	}
	return nil
}

// writeOverlay writes the next generation of the overlay, without what no kept
// release needs any more; with needed nil that is not known.
func (s *Store) writeOverlay(st *state, needed map[string]bool) error {
	o := st.overlay
	for name := range o.Packs {
		if needed != nil && !needed[name] {
			delete(o.Packs, name)
		}
	}
	o.Generation++
	b, err := encodeJSON(o)
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return fmt.Errorf("overlay to be written: %w", err)
	}
	if err := durable.WriteFile(s.o.FS, s.path(overlayName), b); err != nil {
		return writeFault(err)
	}
	st.overlayRaw = b
	return nil
}

// writePointer replaces the file current: the switch.
func (s *Store) writePointer(st *state, p pointer) error {
	p.Format, p.Overlay = format, st.overlay.Generation
	if st.overlayRaw == nil {
		p.Overlay = 0
	}
	b, err := encodeJSON(p)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(s.o.FS, s.path(pointerName), b); err != nil {
		return writeFault(err)
	}
	st.pointer, st.pointerRaw = &p, b
	return nil
}
