package release

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// ExportOptions are the settings of an export. The zero value is of use.
type ExportOptions struct {
	// New lets a missing or empty folder begin anew, though it was exported to before.
	New bool

	// Workers is how many files are written at once. Default 2.
	Workers int

	// TombstonePage, if set, takes the place of Options.TombstonePage.
	TombstonePage func(Gone) []byte

	// Extra, if set, is added to the files of the release.
	Extra *Extra

	// Progress, if set, is called now and then with the number of files looked
	// at and their total, never by two goroutines at once.
	Progress func(done, total int)
}

// ExportReport says what an export did.
type ExportReport struct {
	Release    int   `json:"release"`
	Written    int   `json:"written"`
	Removed    int   `json:"removed"`
	Unchanged  int   `json:"unchanged"`
	Tombstones int   `json:"tombstones"` // pages of withdrawn cases in the folder
	Bytes      int64 `json:"bytes"`      // written
}

// Export brings a folder level with the current release: plain files for any web
// server. It writes what has changed since the last export to the folder,
// removes what is gone, and leaves alone whatever it did not write; with nothing
// new it writes nothing at all. A folder that holds only files of others is
// refused, and so is one in which a file of others is in the way.
//
// A folder that was exported to before, and is missing or empty now, is [ErrNoExport] and
// not written to, unless the options say that it begins anew.
//
// Withdrawn pages are replaced by their tombstones before anything else
// happens, and listed in gone.txt; files that wait to be made again are removed.
// What an [Extra] had added is removed by an export without it.
//
// Each file changes as a whole, but the folder does so file by file. A file
// survives a power cut once Export has returned; nothing is synced before that,
// and then all together. After a crash the next export finds what was not
// finished and does it again.
//
// Only one export of a store runs at a time.
func (s *Store) Export(ctx context.Context, dir string, o ExportOptions) (r ExportReport, err error) {
	if dir == "" {
		return r, fault.New("no folder is given for the export", "name one")
	}
	o.Workers = max(1, cmp.Or(o.Workers, 2))
	if o.TombstonePage == nil {
		o.TombstonePage = s.o.TombstonePage
	}
	if now, err := s.CurrentNumber(); err != nil || now == 0 {
		return r, errors.Join(err, errNothing())
	}
	lock, err := s.o.FS.Lock(ctx, s.path(exportLock), false)
	if err != nil {
		return r, lockFault(err, "another export is running")
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	for {
		v, _, err := s.Refresh()
		if err != nil {
			return r, err
		}
		left, err := s.exportView(ctx, dir, o, v, &r)
		if err != nil {
			return r, errors.Join(exportFault(err), v.Close())
		}
		// A withdrawal during the export must not be left out.
		st, err := s.readState()
		if err := errors.Join(err, v.Close()); err != nil {
			return r, err
		}
		if st.same(v.state) {
			return r, left
		}
	}
}

// exporter is one pass of an export.
type exporter struct {
	fsys durable.FS
	dir  string
	o    ExportOptions
	v    *View
	r    *ExportReport

	old   *exportState
	known map[string]bool // files of old
	next  exportState     // what the folder will hold
	todo  []int           // partitions of next that have changed
	packs map[string]*mounted
	tombs []writeJob   // tombstones that have changed
	begun func() error // is called once the folder is known by its state to be of an export

	again    map[string]bool // pages that the extra changes in another way than before
	extraErr error           // why there is no extra
}

// writeJob is a file to be compared and, if it differs, written.
type writeJob struct {
	path string
	e    Entry
	body []byte // of a tombstone page that no pack has
	sum  [sha256.Size]byte
}

// exportView makes one pass, and returns what was left out of it because of
// which error.
func (s *Store) exportView(ctx context.Context, dir string, o ExportOptions, v *View, r *ExportReport) (left, err error) {
	old, err := s.readExportState(dir)
	if err != nil {
		return nil, err
	}
	if !o.New {
		if err := s.stillThere(dir); err != nil {
			return nil, err
		}
	}
	x := &exporter{fsys: s.o.FS, dir: dir, o: o, v: v, r: r, old: old, known: old.files()}
	x.begun = func() error { return s.rememberExport(dir) }
	r.Release, r.Tombstones = v.Release(), 0
	if err := x.plan(ctx); err != nil {
		return nil, err
	}
	return x.extraErr, x.run(ctx)
}

// plan works out what the folder will hold and which files may have to change.
func (x *exporter) plan(ctx context.Context) error {
	x.next = exportState{Format: format, Partitions: []exportPart{}, Tombstones: []exportTomb{}}
	if err := x.planTombstones(); err != nil {
		return err
	}
	x.planExtra(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	x.packs = make(map[string]*mounted, len(x.v.packs))
	for _, p := range x.v.packs {
		x.packs[p.name] = p
	}
	old := make(map[string]exportPart, len(x.old.Partitions))
	for _, p := range x.old.Partitions {
		old[p.Key] = p
	}
	for i, ref := range x.v.manifest.Partitions {
		p := x.packs[ref.Pack]
		if was, ok := old[ref.Key]; ok && was.Pack == p.file && x.v.state.overlay.done(p.name) && !x.redo(was) {
			x.next.Partitions = append(x.next.Partitions, was)
			x.r.Unchanged += len(was.Files)
			continue
		}
		part, err := x.planPart(ref.Key, p)
		if err != nil {
			return err
		}
		x.todo = append(x.todo, i)
		x.next.Partitions = append(x.next.Partitions, part)
	}
	return errors.Join(x.checkExtra(), x.checkStrangers())
}

// redo reports whether a partition has a page that changes though its pack does
// not.
func (x *exporter) redo(p exportPart) bool {
	return len(x.again) > 0 && slices.ContainsFunc(p.Files, func(f string) bool { return x.again[f] })
}

// planPart lists the files of one partition. One that still waits to be
// rewritten is not done with: its pack may lose more files under the same name. Of one
// that is refused there are none.
func (x *exporter) planPart(key string, p *mounted) (exportPart, error) {
	part := exportPart{Key: key, Pack: p.file, Files: []string{}}
	if !x.v.state.overlay.done(p.name) {
		part.Pack = ""
	}
	err := x.eachFile(p, func(j writeJob) error {
		part.Files = append(part.Files, j.path)
		return nil
	})
	return part, err
}

// eachFile calls visit with each file of a pack that is to be in the folder.
func (x *exporter) eachFile(p *mounted, visit func(writeJob) error) error {
	return p.records(func(_ int, r *record) error {
		name := string(r.name)
		_, dropped := p.drop[name]
		if isHidden(name) || dropped || x.v.gone[name] != nil {
			return nil
		}
		return visit(writeJob{path: name, e: p.entry(r), sum: r.sum})
	})
}

// planTombstones lists the pages of withdrawn cases.
func (x *exporter) planTombstones() error {
	old := make(map[string]string, len(x.old.Tombstones))
	for _, t := range x.old.Tombstones {
		old[t.Path] = t.Sum
	}
	for i := range x.v.state.overlay.Gone {
		g := &x.v.state.overlay.Gone[i]
		e, _ := x.v.Lookup(g.Path)
		job := writeJob{path: g.Path, e: e, sum: e.Sum}
		if !e.HasBody() {
			job.body = x.o.TombstonePage(*g)
			job.sum = sha256.Sum256(job.body)
		}
		sum := hex.EncodeToString(job.sum[:])
		x.next.Tombstones = append(x.next.Tombstones, exportTomb{Path: g.Path, Sum: sum})
		if old[g.Path] != sum {
			x.tombs = append(x.tombs, job)
		} else {
			x.r.Unchanged++
		}
	}
	x.r.Tombstones = len(x.next.Tombstones)
	slices.SortFunc(x.next.Tombstones, func(a, b exportTomb) int { return cmp.Compare(a.Path, b.Path) })
	return nil
}

// checkStrangers refuses to write over a file that no export has written.
func (x *exporter) checkStrangers() error {
	if len(x.known) == 0 && len(x.old.Partitions) == 0 {
		return nil // the folder is new
	}
	names := make([]string, 0, len(x.tombs))
	for _, j := range x.tombs {
		names = append(names, j.path)
	}
	if len(x.old.Tombstones) == 0 && len(x.next.Tombstones) > 0 {
		names = append(names, goneName)
	}
	for _, i := range x.todo {
		names = append(names, x.next.Partitions[i].Files...)
	}
	for _, name := range names {
		if x.known[name] {
			continue
		}
		info, err := x.fsys.Stat(x.file(name))
		if err == nil && info.IsDir() && x.isFolder(name) {
			continue // it goes with the files in it
		}
		if err == nil {
			return fault.Wrap(fmt.Errorf("%q exists", name),
				"the folder of the export holds a file of yours where one of the site belongs: "+name, "move it away, then export again")
		}
		if !errors.Is(err, fs.ErrNotExist) && !isNotFolder(err) {
			return err
		}
	}
	return nil
}

// isFolder reports whether an export made files below the name.
func (x *exporter) isFolder(name string) bool {
	for f := range x.known {
		if strings.HasPrefix(f, name+"/") {
			return true
		}
	}
	return false
}

// run changes the folder. What may be there is written down before it is, so
// that the export after a crash knows the files of this one.
func (x *exporter) run(ctx context.Context) error {
	final, err := encodeJSON(&x.next)
	if err != nil {
		return err
	}
	if now, err := durable.ReadFile(x.fsys, x.file(exportName)); err == nil && bytes.Equal(now, final) {
		return x.begun() // the folder holds all this
	}
	if err := durable.MkdirAll(x.fsys, x.dir); err != nil {
		return err
	}
	intent, err := encodeJSON(x.intent())
	if err != nil {
		return err
	}
	if err := durable.WriteFile(x.fsys, x.file(exportName), intent); err != nil {
		return err
	}
	// Not before: after a crash in between, the folder would be taken for one that is away.
	if err := x.begun(); err != nil {
		return err
	}
	if err := x.makeTemp(); err != nil {
		return err
	}
	if err := errors.Join(x.remove(), x.removeExtra()); err != nil {
		return err
	}
	if err := x.write(ctx); err != nil {
		return err
	}
	if err := x.writeGone(); err != nil {
		return err
	}
	if err := x.writeExtra(ctx); err != nil {
		return err
	}
	if err := x.fsys.Remove(x.file(exportTemp)); err != nil {
		return err
	}
	if err := x.fsys.SyncAll(x.dir); err != nil {
		return err
	}
	if final, err = encodeJSON(&x.next); err != nil { // with how many files the extra has
		return err
	}
	return durable.WriteFile(x.fsys, x.file(exportName), final)
}

// intent is the state while the folder changes: partitions that change are
// marked as not written, with their old and their new files.
func (x *exporter) intent() *exportState {
	parts := map[string]exportPart{}
	for _, p := range x.old.Partitions {
		p.Pack = ""
		parts[p.Key] = p
	}
	changed := map[int]bool{}
	for _, i := range x.todo {
		changed[i] = true
	}
	for i, p := range x.next.Partitions {
		if changed[i] {
			p.Pack = ""
			p.Files = unite(parts[p.Key].Files, p.Files)
		}
		parts[p.Key] = p
	}
	tombs := map[string]exportTomb{}
	for _, t := range x.old.Tombstones {
		tombs[t.Path] = t
	}
	for _, t := range x.next.Tombstones {
		if tombs[t.Path] != t {
			t.Sum = ""
		}
		tombs[t.Path] = t
	}
	st := &exportState{Format: format, Partitions: []exportPart{}, Tombstones: []exportTomb{}, Extra: x.extraIntent()}
	for _, p := range parts {
		st.Partitions = append(st.Partitions, p)
	}
	for _, t := range tombs {
		st.Tombstones = append(st.Tombstones, t)
	}
	slices.SortFunc(st.Partitions, func(a, b exportPart) int { return cmp.Compare(a.Key, b.Key) })
	slices.SortFunc(st.Tombstones, func(a, b exportTomb) int { return cmp.Compare(a.Path, b.Path) })
	return st
}

func (x *exporter) file(name string) string { return filepath.Join(x.dir, filepath.FromSlash(name)) }
