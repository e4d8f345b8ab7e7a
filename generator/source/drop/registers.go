package drop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// registers reads every register that the mapping has, once.
func (d *Drop) registers(ctx context.Context) (*source.Registry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.registry != nil {
		return d.registry, nil
	}
	g := d.prog.NewRegistry()
	if err := d.aliases(g); err != nil {
		return nil, err
	}
	for _, in := range d.inputs {
		if in.plan.File == "" {
			continue
		}
		f, err := os.Open(d.path(in.plan.File))
		if err != nil {
			return nil, fault.Wrap(err, "the register "+path.Base(in.plan.File)+" cannot be opened", "correct file: in the mapping, or put the file there")
		}
		c, err := d.opened(filepath.Base(in.plan.File), "", f)
		if err != nil {
			return nil, err
		}
		err = d.load(ctx, g, c, in.plan)
		c.Close()
		if err != nil {
			return nil, err
		}
	}
	files, _, err := d.scan(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(files, func(a, b found) int {
		da, _ := asOfName(a)
		db, _ := asOfName(b)
		return strings.Compare(da, db)
	})
	for _, f := range files {
		for _, p := range f.inputs {
			if p.Kind.Keyed() {
				continue
			}
			c, err := d.open(f.outer, f.inner)
			if err == nil {
				err = d.load(ctx, g, c, p)
				c.Close()
			}
			if err != nil {
				return nil, err
			}
		}
	}
	d.registry = g
	return g, nil
}

// path is a path of the mapping: below the folder unless it is absolute.
func (d *Drop) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(d.root, filepath.FromSlash(p))
}

// load adds the entries of one file to the registry.
func (d *Drop) load(ctx context.Context, g *source.Registry, c *content, p *source.Plan) error {
	l, err := recognise(c, p.Input)
	if err != nil {
		return err
	}
	r := reading{plan: p, c: c, l: l, limits: d.prog.Limits}
	return r.rows(ctx, func(b *source.Binding, row *source.Row) error {
		if b.Wanted(row) {
			g.Load(b, row)
		}
		return nil
	}, func(source.Rejected) {})
}

// aliases reads the files of spellings.
func (d *Drop) aliases(g *source.Registry) error {
	for _, a := range d.prog.AliasFiles() {
		f, err := os.Open(d.path(a.File))
		if err != nil {
			return fault.Wrap(err, "the aliases "+path.Base(a.File)+" cannot be opened", "correct alias_file: in the mapping, or put the file there")
		}
		c, err := d.opened(filepath.Base(a.File), "", f)
		if err != nil {
			return err
		}
		err = readPairs(c, func(from, to string) { g.Alias(a.Kind, from, to) })
		c.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// readPairs reads a table of two columns.
func readPairs(c *content, f func(from, to string)) error {
	l, err := recognise(c, source.Input{Format: formatCSV})
	if err != nil {
		return err
	}
	if l.format != formatCSV {
		return fault.New(c.name+" is no separated text", "save it as .csv")
	}
	text, err := l.text(c)
	if err != nil {
		return c.wrap(err)
	}
	defer text.Close()
	r := newCSV(text, l.delim, true, 1<<20)
	for {
		cells, n, err := r.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return c.wrap(err)
		case len(cells) >= 2:
			f(cells[0], cells[1])
		case strings.TrimSpace(cells[0]) != "":
			return fault.New(fmt.Sprintf("%s, row %d: two columns are wanted, spelling and name", c.name, n), "correct the row")
		}
	}
}
