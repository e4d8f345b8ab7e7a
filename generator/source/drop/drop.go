// Package drop reads the exports that an office puts into a folder: separated
// text, workbooks, HTML tables, JSON and JSON Lines, each also packed. What
// they mean is said by a mapping of package source; an export of a shape never
// seen before needs a new mapping and no new code.
//
// Everything is read as a stream, in memory that does not grow with the file
// but for 24 bytes a row, the strings of a workbook, and workbooks inside of
// archives. A file is read twice: once to see that it is whole and which of its
// rows repeat each other, and only then to hand anything over.
package drop

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// Drop is a folder of exports and the mapping that they are read by. It is safe
// for concurrent use, though batches are meant to be read one at a time.
type Drop struct {
	root   string
	prog   *source.Program
	inputs []input

	mu       sync.Mutex
	registry *source.Registry // nil until the registers were read
}

// input is an input of the mapping with its patterns ready.
type input struct {
	plan  *source.Plan
	globs []glob
}

// New returns the drop folder at root, read by the rules of m. The folder need
// not exist yet.
func New(root string, m source.Mapping) (*Drop, error) {
	prog, err := source.Compile(m)
	if err != nil {
		return nil, err
	}
	d := &Drop{root: root, prog: prog}
	for _, p := range prog.Inputs {
		in := input{plan: p}
		for _, text := range p.Glob {
			g, err := newGlob(text)
			if err != nil {
				return nil, fault.Wrap(err, "sources: "+err.Error(), "see docs/mapping.md, file names")
			}
			in.globs = append(in.globs, g)
		}
		d.inputs = append(d.inputs, in)
	}
	return d, nil
}

// Streams returns the names of the streams in the order of the mapping.
func (d *Drop) Streams() (names []string) {
	for _, in := range d.inputs {
		if !slices.Contains(names, in.plan.Stream) {
			names = append(names, in.plan.Stream)
		}
	}
	return names
}

// found is a file of the folder, or of an archive in it, that inputs want.
type found struct {
	outer, inner string
	inputs       []*source.Plan
}

func (f found) name() string {
	if f.inner != "" {
		return f.outer + "!" + f.inner
	}
	return f.outer
}

// wanted returns the inputs that a file is for. Registers come first.
func (d *Drop) wanted(outer, inner string) []*source.Plan {
	var list []*source.Plan
	for _, in := range d.inputs {
		if slices.ContainsFunc(in.globs, func(g glob) bool { return g.matches(outer, inner) }) {
			list = append(list, in.plan)
		}
	}
	slices.SortStableFunc(list, func(a, b *source.Plan) int { return rank(a.Kind) - rank(b.Kind) })
	return list
}

// rank orders the kinds so that what is named comes before what names it.
func rank(k source.Kind) int {
	return slices.Index([]source.Kind{source.Area, source.Unit, source.Topic, source.Channel, source.Case, source.Assessment, source.Accountability}, k)
}

// scan lists the files of the folder in the order of their names: those that
// inputs want, and the others.
func (d *Drop) scan(ctx context.Context) (files []found, others []string, err error) {
	root, err := os.OpenRoot(d.root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fault.Wrap(err, "the drop folder cannot be opened", "check sources in the configuration, and the rights on the folder")
	}
	defer root.Close()
	err = fs.WalkDir(root.FS(), ".", func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case p != "." && ignored(path.Base(p)), d.inFolder(p), e.IsDir() && d.inFolder(p+"/"):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !e.Type().IsRegular() && e.Type()&fs.ModeSymlink == 0:
			return nil
		}
		some := false
		add := func(inner string) {
			if plans := d.wanted(p, inner); plans != nil {
				files = append(files, found{p, inner, plans})
				some = true
			}
		}
		if !isArchive(p) {
			add("")
		} else if names, ok := innerNames(root, p); !ok {
			// What it holds nobody can know: it is a batch whatever its name, so
			// that reading it says what is wrong.
			files = append(files, found{p, "", d.wanted(p, "")})
			some = true
		} else {
			for _, inner := range names {
				if !d.inFolder(inner) {
					add(inner)
				}
			}
		}
		if !some {
			others = append(others, p)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fault.Wrap(err, "the drop folder cannot be read", "check the rights on the folder and the files in it")
	}
	return files, others, nil
}

func isArchive(name string) bool { return strings.EqualFold(path.Ext(name), ".zip") }

// innerNames returns the names in an archive; ok is false for one that cannot
// be opened.
func innerNames(root *os.Root, name string) (names []string, ok bool) {
	f, err := root.Open(name)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, false
	}
	list, err := listZip(name, f, st.Size())
	if err != nil {
		return nil, false
	}
	for _, m := range list {
		names = append(names, m.name)
	}
	return names, true
}

// Ignored lists the files of the folder that no input of the mapping wants, by
// their paths below the folder: most often a misspelt name or pattern.
func (d *Drop) Ignored(ctx context.Context) ([]string, error) {
	_, others, err := d.scan(ctx)
	return slices.DeleteFunc(others, func(p string) bool {
		for _, a := range d.prog.AliasFiles() {
			if path.Clean(filepath.ToSlash(a.File)) == p {
				return true
			}
		}
		return slices.ContainsFunc(d.inputs, func(in input) bool { return path.Clean(filepath.ToSlash(in.plan.File)) == p })
	}), err
}

// Batches lists the files that the mapping wants, one batch each, in the order
// of (AsOf, Name); a file of an archive is a batch of its own, named
// "outer!inner". A file that cannot be opened is listed all the same: reading it
// says why. Batches also reads the registers anew.
func (d *Drop) Batches(ctx context.Context) ([]source.Batch, error) {
	files, _, err := d.scan(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.registry = nil
	d.mu.Unlock()
	var list []source.Batch
	for _, f := range files {
		b := source.Batch{Name: f.name(), ID: f.outer + "\x00" + f.inner}
		c, err := d.open(f.outer, f.inner)
		if err == nil {
			b.Digest, b.Size, err = d.digest(ctx, c, f)
			if err == nil {
				b.AsOf, _ = d.asOf(ctx, c, f) // reading says what is wrong with it
			}
			c.Close()
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			b.Digest = sha256.Sum256([]byte("unreadable\x00" + b.Name))
			if b.AsOf == "" {
				b.AsOf, _ = asOfName(f)
			}
		}
		list = append(list, b)
	}
	slices.SortStableFunc(list, func(a, b source.Batch) int {
		if a.AsOf != b.AsOf {
			return strings.Compare(a.AsOf, b.AsOf)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list, nil
}

// open opens a file below the folder.
func (d *Drop) open(outer, inner string) (*content, error) {
	root, err := os.OpenRoot(d.root)
	if err != nil {
		return nil, fault.Wrap(err, "the drop folder cannot be opened", "check the rights on the folder")
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(outer))
	if err != nil {
		return nil, fault.Wrap(err, outer+" cannot be opened", "check that the file is still there, and its rights")
	}
	return d.opened(outer, inner, f)
}

func (d *Drop) opened(outer, inner string, f *os.File) (*content, error) {
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, damaged(outer, "it cannot be read", err)
	}
	c, err := unpack(outer, inner, f, st.Size(), d.prog.Limits)
	if err != nil {
		f.Close()
		return nil, err
	}
	return c, nil
}

// digest returns the SHA-256 of the plain bytes, and how many they are. Files that
// lie with the export in an archive count for the digest too.
func (d *Drop) digest(ctx context.Context, c *content, f found) (sum [32]byte, n int64, err error) {
	r, err := c.open()
	if err != nil {
		return sum, 0, err
	}
	defer r.Close()
	h := sha256.New()
	buf := make([]byte, 256<<10)
	for {
		k, err := r.Read(buf)
		h.Write(buf[:k])
		n += int64(k)
		if errors.Is(err, io.EOF) {
			err = d.addFolder(h, c, f)
			return [32]byte(h.Sum(nil)), n, err
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return sum, n, c.wrap(err)
		}
	}
}

// Read hands the records of a batch to raw, in the order of the file, and what
// cannot be read of it to rejected. Before the first case that names a unit,
// area, topic or channel it hands over the entry of the register. An error of
// raw ends it and is returned as it is. Any other error means that the file is
// damaged as a whole; it then comes before the first record, so that nothing of
// the file needs to be taken back.
func (d *Drop) Read(ctx context.Context, b source.Batch, raw func(source.Raw) error, rejected func(source.Rejected)) error {
	outer, inner, ok := strings.Cut(b.ID, "\x00")
	if !ok {
		return fault.New("the batch "+b.Name+" is not one of this folder", "pull again")
	}
	registry, err := d.registers(ctx)
	if err != nil {
		return err
	}
	c, err := d.open(outer, inner)
	if err != nil {
		return err
	}
	defer c.Close()
	if inner == "" && isArchive(outer) {
		if _, err := listZip(outer, c.file, c.size); err != nil {
			return err
		}
		return fault.New(outer+": no file of the archive has a name that the mapping asks for", "correct the name, or glob: in the mapping")
	}
	f := found{outer, inner, d.wanted(outer, inner)}
	sum, _, err := d.digest(ctx, c, f)
	if err != nil {
		return err
	}
	if sum != b.Digest {
		return fault.New(b.Name+" was changed while it was being read", "wait until the export is complete, and pull again")
	}
	if _, err := d.asOf(ctx, c, f); err != nil {
		return err
	}
	files := &attachments{d: d, c: c, f: f}
	return d.read(ctx, files, source.NewSession(registry, func(r source.Raw) error {
		files.fill(&r, rejected)
		if err := raw(r); err != nil {
			return &yieldError{err}
		}
		return nil
	}, rejected), rejected)
}

// read reads a file by every input that wants it: first all of them without
// handing anything over, then all of them in earnest.
func (d *Drop) read(ctx context.Context, files *attachments, s *source.Session, rejected func(source.Rejected)) error {
	c, f := files.c, files.f
	type pass struct {
		reading
		fates map[int]fate
	}
	var passes []pass
	for _, p := range f.inputs {
		l, err := recognise(c, p.Input)
		if err != nil {
			return err
		}
		r := reading{plan: p, c: c, l: l, limits: d.prog.Limits}
		same := newRepeats()
		n := 0
		err = r.rows(ctx, func(b *source.Binding, row *source.Row) error {
			if !b.Wanted(row) {
				return nil
			}
			if n++; p.Kind.Keyed() {
				if key, code, _ := b.Key(row); code == "" {
					same.add(n, key, b, row)
				}
			}
			return nil
		}, func(source.Rejected) {})
		if err != nil {
			return err
		}
		passes = append(passes, pass{r, same.fates(p.Repeat)})
	}
	for _, p := range passes {
		files.plan = p.plan
		n := 0
		err := p.rows(ctx, func(b *source.Binding, row *source.Row) error {
			if !b.Wanted(row) {
				return nil
			}
			n++
			switch p.fates[n] {
			case silent:
				return nil
			case refused:
				_, _, column := b.Key(row)
				rejected(source.Reject(row.Where, column, source.CodeRepeatedKey, false))
				return nil
			}
			return s.Row(b, row)
		}, rejected)
		if err != nil {
			return err
		}
	}
	return nil
}
