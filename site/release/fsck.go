package release

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/site/durable"
)

// FsckReport is what [Store.Fsck] found. Problems are sentences in a stable
// order; none means that all is well.
type FsckReport struct {
	Releases  int      `json:"releases"`  // kept
	Packs     int      `json:"packs"`     // of all kept releases, each once
	Files     int64    `json:"files"`     // in those packs
	Bytes     int64    `json:"bytes"`     // of those packs
	Withdrawn int      `json:"withdrawn"` // cases
	Rewritten int      `json:"rewritten"` // packs that took the place of another
	Problems  []string `json:"problems"`
}

// Fsck reads everything that is kept and compares: the pointer, the overlay and
// each manifest; each pack with its hash, by this package and by a ZIP reader of
// its own; each file with its size, checksum and hash; and that no withdrawn
// case is left anywhere. It changes nothing and takes no lock. When the store
// changes while it reads, it looks again.
func (s *Store) Fsck(ctx context.Context) (FsckReport, error) {
	for {
		before, err := s.readState()
		if err != nil {
			return FsckReport{Problems: []string{err.Error()}}, ctx.Err()
		}
		c := &checker{s: s, st: before, packs: map[string]counts{}}
		if err := c.run(ctx); err != nil {
			return FsckReport{}, err
		}
		after, err := s.readState()
		if len(c.r.Problems) == 0 || err == nil && after.same(before) {
			return c.r, nil
		}
	}
}

// checker is one run of Fsck.
type checker struct {
	s     *Store
	st    *state
	r     FsckReport
	packs map[string]counts // by file: those that kept releases need
}

// counts are what a manifest says of a pack.
type counts struct {
	files int
	bytes int64
}

// named is a place where a pack is named.
type named struct {
	where string
	counts
}

func (c *checker) problem(format string, args ...any) {
	c.r.Problems = append(c.r.Problems, fmt.Sprintf(format, args...))
}

func (c *checker) run(ctx context.Context) error {
	c.r.Problems = []string{}
	c.r.Withdrawn = len(c.st.overlay.Gone)
	for _, n := range c.st.overlay.Unswept {
		c.problem("case %s is withdrawn, but releases may still show it in lists: something that is kept cannot be read", n)
	}
	numbers, err := c.s.kept(c.st.pointer)
	if err != nil {
		c.problem("the list of releases cannot be read: %v", err)
	}
	if c.st.pointer != nil && !slices.Contains(numbers, c.st.pointer.Release) {
		c.problem("the current release %d has no manifest", c.st.pointer.Release)
	}
	refs := map[string][]named{} // by the name of the pack
	for _, n := range numbers {
		m, err := c.s.readManifest(n)
		if err != nil {
			c.problem("release %d: %v", n, err)
			continue
		}
		c.r.Releases++
		for _, ref := range m.Partitions {
			where := fmt.Sprintf("release %d, partition %s", n, ref.Key)
			refs[ref.Pack] = append(refs[ref.Pack], named{where, counts{ref.Files, ref.Bytes}})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		file := c.st.overlay.file(name)
		if file != name {
			c.r.Rewritten++
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if c.st.overlay.unread(name) {
			c.problem("pack %s (%s) could not be looked through for what was withdrawn: none of its files is shown until it is put back or made again", file, refs[name][0].where)
		}
		if _, done := c.packs[file]; !done {
			c.packs[file] = counts{}
			if err := c.checkPack(name, file); err != nil {
				c.problem("pack %s (%s): %v", file, refs[name][0].where, err)
				continue
			}
		}
		c.checkRefs(file, refs[name], c.st.overlay.Packs[name])
	}
	c.r.Packs = len(c.packs)
	c.checkOrphans()
	return nil
}

// checkRefs compares what manifests say of a pack with what it is. A rewritten
// pack is smaller than they say.
func (c *checker) checkRefs(file string, refs []named, r *replaced) {
	have := c.packs[file]
	for _, ref := range refs {
		if r == nil && ref.counts != have {
			c.problem("%s: the manifest says %d files and %d bytes, the pack has %d and %d",
				ref.where, ref.files, ref.bytes, have.files, have.bytes)
		}
	}
}

// checkPack reads the whole of a pack.
func (c *checker) checkPack(name, file string) error {
	p, err := openPack(c.s.o.FS, c.s.path(packPath(file)))
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("it is missing")
	}
	if err != nil {
		return err
	}
	defer p.release()
	hash, err := hashOf(p.file, p.bytes)
	if err != nil {
		return err
	}
	if hash != file {
		c.problem("pack %s: its bytes have the hash %s", file, hash)
	}
	c.packs[file] = counts{len(p.hashes), p.bytes}
	c.r.Bytes += p.bytes
	c.r.Files += int64(len(p.hashes))
	if err := c.checkEntries(p, file); err != nil {
		return err
	}
	if err := checkZip(p); err != nil {
		return fmt.Errorf("another ZIP reader says: %w", err)
	}
	return c.checkGone(p, name, file)
}

// checkEntries reads every entry and compares it with its checksum and hash.
func (c *checker) checkEntries(p *pack, file string) error {
	return p.records(func(_ int, r *record) error {
		if _, err := plain(p.raw(r), r.method == methodDeflate, r.size, r.crc, r.sum); err != nil {
			c.problem("pack %s: file %q: %v", file, r.name, err)
		}
		return nil
	})
}

// checkZip reads the pack as any other program would.
func checkZip(p *pack) error {
	z, err := zip.NewReader(p.file, p.bytes)
	if err != nil {
		return err
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return fmt.Errorf("%q: %w", f.Name, err)
		}
		sum := sha256.New()
		_, err = io.Copy(sum, r)
		if err = errors.Join(err, r.Close()); err != nil {
			return fmt.Errorf("%q: %w", f.Name, err)
		}
	}
	return nil
}

// checkGone looks for withdrawn cases that are still shown.
func (c *checker) checkGone(p *pack, name, file string) error {
	files, err := p.touched(c.st.overlay.numbers(), nil)
	if err != nil {
		return err
	}
	r := c.st.overlay.Packs[name]
	if r != nil && r.Unread {
		return nil // it has been said, and shows nothing
	}
	for _, f := range files {
		if r == nil || !r.Pending || !slices.Contains(r.Drop, f) {
			c.problem("pack %s: file %q shows a withdrawn case", file, f)
		}
	}
	if r == nil || r.Pending {
		if r != nil {
			c.problem("pack %s waits to be rewritten after a withdrawal; the next publish or withdrawal does it", file)
		}
		return nil
	}
	return p.records(func(_ int, rec *record) error {
		if slices.Contains(r.Drop, string(rec.name)) {
			c.problem("pack %s: file %q was withdrawn and is still there", file, rec.name)
		}
		return nil
	})
}

// checkOrphans looks for files that nothing names.
func (c *checker) checkOrphans() {
	entries, err := c.s.o.FS.ReadDir(c.s.path("packs"))
	if errors.Is(err, fs.ErrNotExist) && c.st.pointer == nil {
		return
	}
	if err != nil {
		c.problem("the folder of packs cannot be read: %v", err)
		return
	}
	for _, e := range entries {
		if !e.IsDir() {
			c.orphan("packs/" + e.Name())
			continue
		}
		packs, err := c.s.o.FS.ReadDir(c.s.path("packs/" + e.Name()))
		if err != nil {
			c.problem("packs/%s cannot be read: %v", e.Name(), err)
		}
		for _, f := range packs {
			hash, ok := strings.CutSuffix(f.Name(), ".zip")
			if _, needed := c.packs[hash]; !ok || !needed || e.Name() != hash[:2] {
				c.orphan("packs/" + e.Name() + "/" + f.Name())
			}
		}
	}
	if entries, err = c.s.o.FS.ReadDir(c.s.path("releases")); err != nil {
		return // reported above
	}
	for _, e := range entries {
		n, ok := manifestNumber(e.Name())
		if !ok || c.st.pointer == nil || n > c.st.pointer.Last {
			c.orphan("releases/" + e.Name())
		}
	}
}

func (c *checker) orphan(name string) {
	if strings.HasPrefix(name[strings.LastIndexByte(name, '/')+1:], durable.TempPrefix) {
		c.problem("%s is left over from a crash; the next publish removes it", name)
		return
	}
	c.problem("%s belongs to no release that is kept; the next publish removes it if it is a pack", name)
}
