package release

import (
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

// The files that an export keeps for itself in the folder, and the list of
// withdrawn pages for a rule of the web server.
const (
	exportName = reserved + "-export.json"
	exportTemp = reserved + "-export.tmp"
	goneName   = "gone.txt"
)

// exportState is what an export knows of a folder. It depends on the release and
// the overlay alone, so two exports of the same content have the same one.
type exportState struct {
	Format     int          `json:"format"`
	Partitions []exportPart `json:"partitions"` // sorted by key
	Tombstones []exportTomb `json:"tombstones"` // sorted by path

	Extra *exportExtra `json:"extra,omitempty"`
}

// exportPart is a partition in the folder.
type exportPart struct {
	Key   string   `json:"key"`
	Pack  string   `json:"pack"`  // the file that it was written from. Empty: not all of it is written
	Files []string `json:"files"` // that may be there, sorted
}

// exportTomb is a tombstone page in the folder.
type exportTomb struct {
	Path string `json:"path"`
	Sum  string `json:"sum"` // SHA-256 of the page. Empty: it may not be written
}

func parseExportState(b []byte) (*exportState, error) {
	st := new(exportState)
	if err := decodeStrict(b, st); err != nil {
		return nil, err
	}
	if st.Format != format {
		return nil, fmt.Errorf("format %d; this program reads format %d", st.Format, format)
	}
	for i, p := range st.Partitions {
		if p.Key == "" || i > 0 && st.Partitions[i-1].Key >= p.Key || p.Pack != "" && !validHash(p.Pack) {
			return nil, fmt.Errorf("partition %q", p.Key)
		}
		for j, f := range p.Files {
			if err := checkName(f); err != nil {
				return nil, err
			}
			if j > 0 && p.Files[j-1] >= f {
				return nil, fmt.Errorf("file %q is out of order", f)
			}
		}
	}
	for i, t := range st.Tombstones {
		if err := checkName(t.Path); err != nil {
			return nil, err
		}
		if i > 0 && st.Tombstones[i-1].Path >= t.Path || t.Sum != "" && !validHash(t.Sum) {
			return nil, fmt.Errorf("tombstone %q", t.Path)
		}
	}
	if st.Extra != nil {
		return st, st.Extra.check()
	}
	return st, nil
}

// files are all files that may be there.
func (st *exportState) files() map[string]bool {
	m := map[string]bool{}
	for _, p := range st.Partitions {
		for _, f := range p.Files {
			m[f] = true
		}
	}
	for _, t := range st.Tombstones {
		m[t.Path] = true
	}
	return m
}

// goneList is the text of gone.txt: the paths of withdrawn pages, one a line.
func (st *exportState) goneList() []byte {
	var b strings.Builder
	for _, t := range st.Tombstones {
		b.WriteString(t.Path + "\n")
	}
	return []byte(b.String())
}

// readExportState reads what is known of a folder. A folder that is missing or
// empty is new; one with files of others is refused.
func (s *Store) readExportState(dir string) (st *exportState, err error) {
	b, err := durable.ReadFile(s.o.FS, filepath.Join(dir, exportName))
	if err == nil {
		if st, err = parseExportState(b); err != nil {
			return nil, fault.Coded(fault.ExitDamaged, exportName+" in the folder of the export is damaged",
				"export into a new, empty folder", err)
		}
		return st, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, exportFault(err)
	}
	entries, err := s.o.FS.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, exportFault(err)
	}
	for _, e := range entries {
		// What a crash left before the state was first written.
		if e.Name() != durable.TempPrefix+exportName {
			return nil, s.strangers(dir)
		}
	}
	return &exportState{Format: format}, nil
}

// strangers refuses a folder that holds files of others alone. One that was exported to before
// may be away, or may begin anew once it is empty.
func (s *Store) strangers(dir string) error {
	before, err := s.exportedTo(dir)
	if err != nil {
		return err
	}
	hint := "name a new or empty folder, or one that was exported to before"
	if before {
		hint = "mount its disk or put the folder back as it was, where it is away; else name a new or empty folder, or move away what lies in this one and let it " + beginAnew
	}
	return fault.New("the folder of the export holds files that are not of an export", hint)
}

// ErrNoExport reports a folder that was exported to, or that holds files, in which there
// is no export that can be told from other files: its disk is not mounted, say. What
// stands where the export was is not known, and what is written there now would fill
// another disk, and be hidden by the one that is mounted later.
var ErrNoExport = errors.New("no export")

// exportedPath is where a store remembers that a folder was exported to: an empty file,
// named by the hash of its whole path.
func (s *Store) exportedPath(dir string) (string, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return "", exportFault(err)
	}
	sum := sha256.Sum256([]byte(whole))
	return s.path("exported/" + hex.EncodeToString(sum[:])), nil
}

// rememberExport notes that a folder is exported to.
func (s *Store) rememberExport(dir string) error {
	name, err := s.exportedPath(dir)
	if err != nil {
		return err
	}
	if _, err := s.o.FS.Stat(name); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return readFault("exported", err)
	}
	if err := durable.MkdirAll(s.o.FS, filepath.Dir(name)); err != nil {
		return writeFault(err)
	}
	return writeFault(durable.WriteFile(s.o.FS, name, nil))
}

// exportedTo reports whether a folder was ever exported to.
func (s *Store) exportedTo(dir string) (bool, error) {
	name, err := s.exportedPath(dir)
	if err != nil {
		return false, err
	}
	_, err = s.o.FS.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, readFault("exported", err)
	}
	return true, nil
}

// noExport is [ErrNoExport], or nil for a folder in which there never was anything.
func (s *Store) noExport(dir string) error {
	before, err := s.exportedTo(dir)
	if err != nil {
		return err
	}
	if !before {
		entries, err := s.o.FS.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
			return nil
		}
	}
	return errAway()
}

// stillThere is [ErrNoExport] for a folder that was exported to, and has no export in it any
// more. A folder that was never exported to is none of that.
func (s *Store) stillThere(dir string) error {
	if _, err := s.o.FS.Stat(filepath.Join(dir, exportName)); !errors.Is(err, fs.ErrNotExist) {
		return exportFault(err)
	}
	before, err := s.exportedTo(dir)
	if err == nil && before {
		err = errAway()
	}
	return err
}

func errAway() error {
	return fault.Wrap(ErrNoExport, "there is no export in the folder of the export",
		"mount its disk, or put the folder back as it was, since what stands elsewhere cannot be told from here; where an empty folder is to "+beginAnew)
}

// beginAnew is how a folder that was exported to begins anew.
const beginAnew = "begin anew: huiyin publish --new-export, or huiyin export with it for a folder that only that is told of"

// ExportDue reports whether a folder that was exported to is not level with the
// current release: something was withdrawn or published since, or an export was
// broken off. It reads no pack. A folder that was never exported to, and is missing or
// empty, is never due; one that lacks its export is [ErrNoExport]. It takes no lock: when
// the store changes while it reads, it looks again.
func (s *Store) ExportDue(dir string) (bool, error) {
	for {
		before, err := s.readState()
		if err != nil {
			return false, err
		}
		due, err := s.exportDue(before, dir)
		if !due && err == nil {
			return false, nil
		}
		if after, stateErr := s.readState(); stateErr != nil || after.same(before) {
			return due, err
		}
	}
}

// exportDue is ExportDue in one state.
func (s *Store) exportDue(st *state, dir string) (bool, error) {
	m, err := s.Manifest()
	if err != nil || m == nil {
		return false, err
	}
	b, err := durable.ReadFile(s.o.FS, filepath.Join(dir, exportName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, s.noExport(dir)
	}
	if err != nil {
		return false, exportFault(err)
	}
	have, err := parseExportState(b)
	if err != nil {
		return true, nil // the export says what is to be done
	}
	parts := make(map[string]exportPart, len(have.Partitions))
	for _, p := range have.Partitions {
		parts[p.Key] = p
	}
	due := len(parts) != len(m.Partitions) || have.Extra != nil && have.Extra.Made == ""
	for _, ref := range m.Partitions {
		p := parts[ref.Key]
		if st.overlay.unread(ref.Pack) {
			due = due || p.Key == "" || len(p.Files) > 0
			continue
		}
		due = due || p.Pack != st.overlay.file(ref.Pack) || st.overlay.waits(ref.Pack)
	}
	written := make(map[string]bool, len(have.Tombstones))
	for _, t := range have.Tombstones {
		written[t.Path] = t.Sum != ""
	}
	for _, g := range st.overlay.Gone {
		due = due || !written[g.Path]
	}
	return due || len(written) != len(st.overlay.Gone), nil
}

// ExportedTombstone returns the SHA-256, in hexadecimal, of the tombstone page that an export
// wrote at a path of a folder, or "" where it wrote none.
func (s *Store) ExportedTombstone(dir, path string) (sum string, err error) {
	st, err := s.readExportState(dir)
	if err != nil {
		return "", err
	}
	for _, t := range st.Tombstones {
		if t.Path == path {
			sum = t.Sum
		}
	}
	return sum, nil
}

func exportFault(err error) error {
	if err == nil {
		return nil
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	return fault.Wrap(err, "cannot write the export", "check that the folder may be written and that the disk has room")
}

// unite returns the union of two sorted lists.
func unite(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
