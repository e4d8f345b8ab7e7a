package fts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/huiyin/huiyin/search"
)

// generation is one index as it is read. A Rebuild makes another; this one stays
// open until the last search in it has ended.
type generation struct {
	name   string
	path   string // of the file
	schema search.Schema
	texts  *texts
	cache  *cache

	places chan struct{} // one for each search at a time
	idle   chan *conn

	mu   sync.Mutex
	refs int // searches, and one while the generation is the current one

	load sync.Mutex // held while columns are brought up to date
	cols atomic.Pointer[columns]
	runs atomic.Pointer[runs]
	code []map[string]uint32 // by keyword field: the codes of values; guarded by codes
	// codes guards code, which grows while searches look values up.
	codes sync.RWMutex
}

func openGeneration(dir, name string, t *texts, o Options) (*generation, error) {
	g := &generation{
		name: name, path: filepath.Join(dir, name, fileName), texts: t, refs: 1,
		cache:  newCache(o.CacheBytes),
		places: make(chan struct{}, o.Readers), idle: make(chan *conn, o.Readers),
	}
	c, err := openConn(g.path, readOptions)
	if err != nil {
		return nil, err
	}
	if g.schema, err = readSchema(c, g.path); err != nil {
		return nil, errors.Join(err, c.close())
	}
	g.code = make([]map[string]uint32, len(g.schema.Keyword))
	for i := range g.code {
		g.code[i] = make(map[string]uint32)
	}
	g.idle <- c
	return g, nil
}

// readSchema reads what an index says of itself. It refuses what this program
// cannot read.
func readSchema(c *conn, path string) (search.Schema, error) {
	var s search.Schema
	var id, have int
	if err := c.row(`SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)`, nil, &id, &have); err != nil {
		return s, err
	}
	if id != applicationID || have != format {
		return s, fmt.Errorf("%w: %s was made by another version of huiyin; run huiyin index rebuild", search.ErrUnavailable, path)
	}
	var text string
	if err := c.row(`SELECT value FROM meta WHERE key = 'schema'`, nil, &text); err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, damaged(path, err)
	}
	if err := search.CheckSchema(s); err != nil {
		return s, damaged(path, err)
	}
	return s, nil
}

// hold keeps the generation open until release. It fails when it is closed.
func (g *generation) hold() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.refs == 0 {
		return false
	}
	g.refs++
	return true
}

// release undoes a hold, and closes the generation after the last.
func (g *generation) release() error {
	g.mu.Lock()
	g.refs--
	last := g.refs == 0
	g.mu.Unlock()
	if !last {
		return nil
	}
	var errs []error
	for {
		select {
		case c := <-g.idle:
			errs = append(errs, c.close())
		default:
			return errors.Join(errs...)
		}
	}
}

// read runs f in a read transaction. The caller holds g.
func (g *generation) read(ctx context.Context, f func(*conn) error) (err error) {
	select {
	case g.places <- struct{}{}:
		defer func() { <-g.places }()
	case <-ctx.Done():
		return ctx.Err()
	}
	var c *conn
	select {
	case c = <-g.idle:
	default:
		if c, err = openConn(g.path, readOptions); err != nil {
			// When another index became the live one, the file is gone, but for those
			// who have it open.
			if _, statErr := os.Stat(g.path); statErr == nil {
				return err
			}
			select {
			case c = <-g.idle:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	defer func() { g.idle <- c }() // there is room: a connection for each place
	return c.within("BEGIN", func() error { return f(c) })
}

// viewAt returns what c's transaction sees.
func (g *generation) viewAt(c *conn) (*view, error) {
	v := &view{g: g, c: c, cols: g.cols.Load(), runs: g.runs.Load()}
	var version, oldest, layout, settled int64
	err := c.row(`SELECT version, oldest, born, layout, settled FROM state`, nil, &version, &oldest, &v.born, &layout, &settled)
	if err != nil {
		return nil, err
	}
	if v.cols == nil || v.cols.version != version {
		if v.cols, err = g.columnsAt(c, version, oldest, settled); err != nil {
			return nil, err
		}
	}
	if v.runs == nil || v.runs.layout != layout {
		if v.runs, err = g.runsAt(c, layout); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// columnsAt returns the columns of a version.
func (g *generation) columnsAt(c *conn, version, oldest, settled int64) (*columns, error) {
	g.load.Lock()
	defer g.load.Unlock()
	have := g.cols.Load()
	if have != nil && have.version == version {
		return have, nil
	}
	// A transaction that began before another one's columns were made is behind
	// them: rare, and it may go on with columns of its own.
	if have == nil || have.version > version || have.version < oldest {
		cols, err := g.loadAll(c, version, settled)
		if err == nil && (have == nil || have.version < version) {
			g.cols.Store(cols)
		}
		return cols, err
	}
	cols, err := g.loadChanges(c, have, version, settled)
	if err == nil {
		g.cols.Store(cols)
	}
	return cols, err
}

// runsAt returns the runs of a layout.
func (g *generation) runsAt(c *conn, layout int64) (*runs, error) {
	g.load.Lock()
	defer g.load.Unlock()
	have := g.runs.Load()
	if have != nil && have.layout == layout {
		return have, nil
	}
	made, err := loadRuns(c, layout, have)
	if err == nil && (have == nil || have.layout < layout) {
		g.runs.Store(made)
	}
	return made, err
}

func (g *generation) newRow() row {
	return row{codes: make([]uint32, len(g.schema.Keyword)), numbers: make([]int64, len(g.schema.Number))}
}

// loadAll reads all documents into columns.
func (g *generation) loadAll(c *conn, version, settled int64) (*columns, error) {
	edit := (&columns{names: make([][]string, len(g.schema.Keyword))}).next()
	edit.version = version
	for i := range edit.names {
		edit.names[i] = []string{""}
	}
	if err := g.loadNames(c, edit); err != nil {
		return nil, err
	}
	if err := g.loadRows(c, edit, `SELECT ord, seq, data FROM doc`); err != nil {
		return nil, err
	}
	if err := g.loadFresh(c, edit, settled); err != nil {
		return nil, err
	}
	return edit.complete(slices.Index(g.schema.Number, g.schema.Newest)), nil
}

// loadChanges reads the documents that changed since have.
func (g *generation) loadChanges(c *conn, have *columns, version, settled int64) (*columns, error) {
	edit := have.next()
	edit.version = version
	if err := g.loadNames(c, edit); err != nil {
		return nil, err
	}
	var gone []uint32
	var ord int64
	err := c.each(`SELECT c.ord FROM change c WHERE c.version > ? AND NOT EXISTS (SELECT 1 FROM doc d WHERE d.ord = c.ord)`,
		[]any{have.version}, []any{&ord}, func() error {
			gone = append(gone, uint32(ord))
			return nil
		})
	if err != nil {
		return nil, err
	}
	for _, ord := range gone {
		edit.drop(ord)
	}
	err = g.loadRows(c, edit, `SELECT ord, seq, data FROM doc WHERE ord IN (SELECT ord FROM change WHERE version > ?)`, have.version)
	if err != nil {
		return nil, err
	}
	if err := g.loadFresh(c, edit, settled); err != nil {
		return nil, err
	}
	return edit.complete(slices.Index(g.schema.Number, g.schema.Newest)), nil
}

// loadFresh reads the texts of the documents behind an ordinal, but for those
// that are known.
func (g *generation) loadFresh(c *conn, edit *columnsEdit, settled int64) error {
	edit.fresh = slices.DeleteFunc(edit.fresh, func(f fresh) bool { return int64(f.ord) <= settled })
	from := settled
	if n := len(edit.fresh); n > 0 {
		from = int64(edit.fresh[n-1].ord)
	}
	var ord int64
	var body []byte
	return c.each(`SELECT d.ord, b.texts FROM doc d JOIN body b USING (ord) WHERE d.ord > ? ORDER BY d.ord`, []any{from}, []any{&ord, &body}, func() error {
		texts, err := g.texts.unpack(g.schema.Text, body)
		if err != nil {
			return err
		}
		f := fresh{ord: uint32(ord), spelled: make([][]byte, len(g.schema.Text))}
		for i, name := range g.schema.Text {
			f.spelled[i] = appendSpelled(nil, search.Units(texts[name]))
		}
		edit.fresh = append(edit.fresh, f)
		return nil
	})
}

func (g *generation) loadRows(c *conn, edit *columnsEdit, query string, args ...any) error {
	r := g.newRow()
	var ord, seq int64
	var data []byte
	return c.each(query, args, []any{&ord, &seq, &data}, func() error {
		if err := readRow(data, r); err != nil {
			return err
		}
		if ord < 0 || ord > maxOrd {
			return errRow
		}
		for f, code := range r.codes {
			if int(code) >= len(edit.names[f]) {
				return errRow
			}
		}
		edit.set(uint32(ord), seq, r)
		return nil
	})
}

// loadNames reads the values that are new since the columns were made. Slices of
// names only grow, so that older columns can share them. A value that no
// document has any more may have lost its name; it keeps its code.
func (g *generation) loadNames(c *conn, edit *columnsEdit) error {
	g.codes.Lock()
	defer g.codes.Unlock()
	var n, field, code int64
	var name string
	return c.each(`SELECT n, field, code, name FROM value WHERE n > ? ORDER BY n`, []any{edit.values}, []any{&n, &field, &code, &name}, func() error {
		if field < 0 || field >= int64(len(edit.names)) || code != int64(len(edit.names[field])) {
			return errRow
		}
		edit.values = n
		edit.names[field] = append(edit.names[field], name)
		if name != "" {
			g.code[field][name] = uint32(code)
		}
		return nil
	})
}

// codesOf returns which codes of a keyword field have one of the values.
func (g *generation) codesOf(field int, cols *columns, values []string) []bool {
	g.codes.RLock()
	defer g.codes.RUnlock()
	in := make([]bool, len(cols.names[field]))
	for _, v := range values {
		if code := g.code[field][v]; int(code) < len(in) {
			in[code] = code > 0
			continue
		}
		// The value went and came back with another code since these columns were
		// made.
		for code, name := range cols.names[field] {
			in[code] = in[code] || name == v && v != ""
		}
	}
	return in
}
