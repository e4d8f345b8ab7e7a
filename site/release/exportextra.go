package release

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// ExtraFolder is the folder of an export that holds the files of an [Extra].
const ExtraFolder = "search/static"

// Extra is what an export may add to the files of a release: files that are made
// of the release as a whole, such as an index, and changes to the pages that lead
// to them. They follow the release and what is withdrawn as the pages do.
type Extra struct {
	// Pages are the paths of pages that Maker.Page changes, sorted. The release
	// need not have all of them.
	Pages []string
	Maker ExtraMaker
}

// ExtraMaker makes an Extra.
type ExtraMaker interface {
	// Prepare looks at a release before anything is written. The version names
	// all that Page and Make depend on beside the release. After an error the
	// folder is brought level without the extra, and then the export returns it.
	Prepare(ctx context.Context, v *View) (version string, err error)
	// Page returns a page of the release as it is to be in the folder.
	Page(name string, body []byte) []byte
	// Make calls put with each file, whose name is below ExtraFolder. Readers
	// begin with the last one: it is away while the others change. put does not
	// keep body.
	Make(ctx context.Context, v *View, put func(name string, body []byte) error) error
}

// exportExtra is what an export knows of the extra in a folder.
type exportExtra struct {
	Version string   `json:"version"` // of the maker. Empty: pages may not be as they should
	Pages   []string `json:"pages"`   // that the maker changes, sorted
	Made    string   `json:"made"`    // hash of what the files are made of. Empty: not all of them are there
	Files   int      `json:"files"`   // how many they are
}

func (e *exportExtra) check() error {
	if e.Made != "" && !validHash(e.Made) || e.Files < 0 || !slices.IsSorted(e.Pages) {
		return errors.New("extra")
	}
	for _, p := range e.Pages {
		if err := checkName(p); err != nil {
			return err
		}
	}
	return nil
}

// planExtra works out what becomes of the extra.
func (x *exporter) planExtra(ctx context.Context) {
	x.again = map[string]bool{}
	old := x.old.Extra
	if x.o.Extra != nil {
		version, err := x.o.Extra.Maker.Prepare(ctx, x.v)
		if err != nil {
			x.extraErr = err
		} else {
			x.next.Extra = &exportExtra{Version: version, Pages: x.o.Extra.Pages, Made: x.extraSum(version)}
		}
	}
	next := x.next.Extra
	if old != nil && next != nil && old.Version == next.Version && slices.Equal(old.Pages, next.Pages) {
		if old.Made == next.Made {
			next.Files = old.Files
			x.r.Unchanged += old.Files
		}
		return
	}
	for _, e := range []*exportExtra{old, next} {
		if e == nil {
			continue
		}
		for _, p := range e.Pages {
			x.again[p] = true
		}
	}
}

// extraSum is the hash of all that the files of the extra are made of.
func (x *exporter) extraSum(version string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", version)
	for _, p := range x.v.Parts() {
		fmt.Fprintf(h, "%q %s %t\n", p.Key, p.File, x.v.state.overlay.waits(p.Pack))
	}
	numbers := x.v.Withdrawn()
	slices.Sort(numbers)
	fmt.Fprintf(h, "%q %q\n", numbers, x.v.state.overlay.Unswept)
	return hex.EncodeToString(h.Sum(nil))
}

// extraDue reports whether the files of the extra have to be made.
func (x *exporter) extraDue() bool {
	return x.next.Extra != nil && (x.old.Extra == nil || x.old.Extra.Made != x.next.Extra.Made)
}

// extraIntent is the state of the extra while the folder changes.
func (x *exporter) extraIntent() *exportExtra {
	old, next := x.old.Extra, x.next.Extra
	switch {
	case old == nil && next == nil:
		return nil
	case len(x.again) > 0 || old == nil || next == nil:
		return &exportExtra{Pages: slices.Sorted(maps.Keys(x.again))}
	}
	e := *old
	if x.extraDue() {
		e.Made = ""
	}
	return &e
}

// changePage returns a page as it is to be in the folder, if the extra changes it.
func (x *exporter) changePage(j writeJob) (writeJob, error) {
	if x.next.Extra == nil || !slices.Contains(x.next.Extra.Pages, j.path) {
		return j, nil
	}
	body, err := x.v.Plain(j.e)
	if err != nil {
		return j, damaged("the page "+j.path, err)
	}
	j.body = x.o.Extra.Maker.Page(j.path, body)
	j.sum = sha256.Sum256(j.body)
	return j, nil
}

// checkExtra refuses to take a folder of others for that of the extra, and
// files of the release in it.
func (x *exporter) checkExtra() error {
	if x.next.Extra == nil {
		return nil
	}
	for _, p := range x.next.Partitions {
		for _, f := range p.Files {
			if strings.HasPrefix(f, ExtraFolder+"/") || f == ExtraFolder {
				return fault.New("the release has a file where an export adds files of its own: "+f, "export without them")
			}
		}
	}
	if x.old.Extra != nil || len(x.old.Partitions) == 0 {
		return nil
	}
	if _, err := x.fsys.Stat(x.file(ExtraFolder)); err == nil {
		return fault.New("the folder of the export holds files of yours where those of the search belong: "+ExtraFolder, "move them away, then export again")
	} else if !errors.Is(err, fs.ErrNotExist) && !isNotFolder(err) {
		return err
	}
	return nil
}

// removeExtra removes the files of an extra that is not wanted any more.
func (x *exporter) removeExtra() error {
	if x.old.Extra == nil || x.next.Extra != nil {
		return nil
	}
	names, err := x.extraFiles()
	if err != nil {
		return err
	}
	return x.removeFiles(slices.Sorted(maps.Keys(names)))
}

// extraFiles lists the files that are in the folder of the extra.
func (x *exporter) extraFiles() (map[string]bool, error) {
	names := map[string]bool{}
	var list func(dir string) error
	list = func(dir string) error {
		entries, err := x.fsys.ReadDir(x.file(dir))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			if e.IsDir() {
				err = errors.Join(err, list(name))
			} else {
				names[name] = true
			}
		}
		return err
	}
	return names, list(ExtraFolder)
}

// writeExtra makes the files of the extra. Those that differ from what is there
// are written aside, so that all of them change together, and fast.
func (x *exporter) writeExtra(ctx context.Context) error {
	if !x.extraDue() {
		return nil
	}
	stale, err := x.extraFiles()
	if err != nil {
		return err
	}
	aside := filepath.Join(x.file(exportTemp), "extra")
	if err := x.fsys.Mkdir(aside); err != nil {
		return err
	}
	seen := map[string]bool{}
	var changed []string
	beside := func(i int) string { return filepath.Join(aside, fmt.Sprint(i)) }
	err = x.o.Extra.Maker.Make(ctx, x.v, func(name string, body []byte) error {
		name = path.Join(ExtraFolder, name)
		if err := checkName(name); err != nil || seen[name] || !strings.HasPrefix(name, ExtraFolder+"/") {
			return errors.Join(err, fmt.Errorf("a file of the extra cannot be called %q", name))
		}
		seen[name] = true
		if stale[name] {
			delete(stale, name)
			if now, err := durable.ReadFile(x.fsys, x.file(name)); err == nil && bytes.Equal(now, body) {
				x.r.Unchanged++
				return nil
			}
		}
		changed = append(changed, name)
		x.r.Written++
		x.r.Bytes += int64(len(body))
		return writeFile(x.fsys, beside(len(changed)-1), body)
	})
	if err != nil {
		return err
	}
	x.next.Extra.Files = len(seen)
	if n := len(changed); n > 0 {
		if err := x.fsys.Remove(x.file(changed[n-1])); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := x.removeFiles(slices.Sorted(maps.Keys(stale))); err != nil {
		return err
	}
	w := &writer{x: x, made: map[string]bool{".": true}}
	for i, name := range changed {
		if err := w.folder(path.Dir(name)); err != nil {
			return err
		}
		if err := x.fsys.Rename(beside(i), x.file(name)); err != nil {
			return err
		}
	}
	return x.fsys.Remove(aside)
}
