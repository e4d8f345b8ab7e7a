package release

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/site/durable"
)

// landing is a pack that is written but has no place yet.
type landing struct {
	path string // where it lies now
	hash string
}

// syncEach is up to how many packs are synced one by one; more of them are
// synced with everything else that the file system has to write.
const syncEach = 32

// land gives packs their places. What is in packs/ under a hash is always
// whole: contents are synced before the rename that names them.
func (s *Store) land(packs []landing) error {
	if len(packs) == 0 {
		return nil
	}
	if err := s.syncContents(packs); err != nil {
		return writeFault(err)
	}
	folders := map[string]bool{s.path("packs"): true, s.dir: true}
	for _, p := range packs {
		to := s.path(packPath(p.hash))
		if err := durable.MkdirAll(s.o.FS, filepath.Dir(to)); err != nil {
			return writeFault(err)
		}
		if err := s.o.FS.Rename(p.path, to); err != nil {
			return writeFault(err)
		}
		folders[filepath.Dir(to)] = true
	}
	// The folders above are synced as well: a process that was killed may have
	// made one of them and not come to sync it.
	return writeFault(s.syncFolders(folders))
}

func (s *Store) syncContents(packs []landing) error {
	if len(packs) > syncEach {
		return s.o.FS.SyncAll(s.dir)
	}
	for _, p := range packs {
		f, err := s.o.FS.Open(p.path)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) syncFolders(folders map[string]bool) error {
	names := make([]string, 0, len(folders))
	for f := range folders {
		names = append(names, f)
	}
	slices.Sort(names)
	for _, f := range names {
		if err := s.o.FS.Sync(f); err != nil {
			return err
		}
	}
	return nil
}

// hasPack reports whether a pack is in its place, and whole.
func (s *Store) hasPack(hash string) bool {
	p, err := openPack(s.o.FS, s.path(packPath(hash)))
	if err != nil {
		return false
	}
	defer p.release()
	sum, err := hashOf(p.file, p.bytes)
	return err == nil && sum == hash
}

// needed are the names of the packs of all kept releases, and the manifests. With an
// error they are those of the releases whose manifests can be read.
func (s *Store) needed(p *pointer) (map[string]bool, map[int]bool, error) {
	numbers, err := s.kept(p)
	if err != nil {
		return nil, nil, readFault("releases", err)
	}
	names, releases := map[string]bool{}, map[int]bool{}
	for _, n := range numbers {
		m, lost := s.readManifest(n)
		if lost != nil {
			err = cmp.Or(err, damaged(manifestPath(n), lost))
			continue
		}
		for _, ref := range m.Partitions {
			names[ref.Pack] = true
		}
		releases[n] = true
	}
	return names, releases, err
}

// sweep removes what no kept release needs: older manifests and those that were
// never committed, then packs. The overlay lock is held. Readers that still use
// what is removed hold it open.
func (s *Store) sweep(st *state) error {
	names, releases, err := s.needed(st.pointer)
	if err != nil {
		return err
	}
	err = s.removeFrom("releases", func(base string) bool {
		n, ok := manifestNumber(base)
		return ok && !releases[n] || strings.HasPrefix(base, durable.TempPrefix)
	})
	if err != nil {
		return writeFault(err)
	}
	if err := s.removeFrom(".", isTemp); err != nil {
		return writeFault(err)
	}
	files := map[string]bool{}
	for name := range names {
		files[st.overlay.file(name)+".zip"] = true
	}
	entries, err := s.o.FS.ReadDir(s.path("packs"))
	if err != nil {
		return readFault("packs", err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		err := s.removeFrom("packs/"+e.Name(), func(base string) bool {
			hash, ok := strings.CutSuffix(base, ".zip")
			return isTemp(base) || ok && validHash(hash) && !files[base]
		})
		if err != nil {
			return writeFault(err)
		}
	}
	return writeFault(s.removeFrom("packs", isTemp))
}

func isTemp(base string) bool { return strings.HasPrefix(base, durable.TempPrefix) }

// removeFrom removes the files of a folder that unwanted names, and syncs it
// when there were any.
func (s *Store) removeFrom(dir string, unwanted func(base string) bool) error {
	entries, err := s.o.FS.ReadDir(s.path(dir))
	if err != nil {
		return err
	}
	removed := false
	for _, e := range entries {
		if e.IsDir() || !unwanted(e.Name()) {
			continue
		}
		if err := s.o.FS.Remove(filepath.Join(s.path(dir), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		removed = true
	}
	if !removed {
		return nil
	}
	return s.o.FS.Sync(s.path(dir))
}

// emptyStage removes what a publish left behind. The publish lock is held.
func (s *Store) emptyStage() error {
	return writeFault(clearFolder(s.o.FS, s.path("stage")))
}

// clearFolder removes everything below a folder.
func clearFolder(fsys durable.FS, dir string) error {
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if e.IsDir() {
			if err := clearFolder(fsys, name); err != nil {
				return err
			}
		}
		if err := fsys.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return fsys.Sync(dir)
}
