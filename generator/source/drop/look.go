package drop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// Look reads an export of any shape and says what it is, shows three rows of it
// and proposes a mapping. What a person must decide is marked with a question
// mark in a comment of the mapping.
func Look(file string) (Report, error) {
	prog, err := probe(source.Input{})
	if err != nil {
		return Report{}, err
	}
	f, err := os.Open(file)
	if err != nil {
		return Report{}, fault.Wrap(err, filepath.Base(file)+" cannot be opened", "check the path and the rights")
	}
	st, err := f.Stat()
	if err != nil || st.IsDir() {
		f.Close()
		return Report{}, fault.New(filepath.Base(file)+" is not a file", "name one export file")
	}
	k := &looker{name: filepath.Base(file), limits: prog.Limits}
	k.report.File = k.name
	c, err := k.open(f, st.Size())
	if err != nil {
		f.Close()
		return Report{}, err
	}
	defer c.Close()
	if err := k.look(context.Background(), c); err != nil {
		return Report{}, err
	}
	return k.report, nil
}

// probe compiles a mapping of one input that reads rows without wanting
// anything of them.
func probe(in source.Input) (*source.Program, error) {
	in.Glob = source.Strings{"*"}
	if in.Key == nil {
		in.Key = &source.Column{Column: source.Strings{"key"}}
	}
	return source.Compile(source.Mapping{Inputs: []source.Input{in}})
}

// looker gathers a report.
type looker struct {
	name   string
	limits source.Limits
	l      layout
	report Report
	in     source.Input // how the rows are reached
	cols   []*column
	byName map[string]*column
	prose  bool // the file holds a line or two of words and no table

	unnamed bool // no row with the names of columns was found
}

// open opens the file, or the first export in it when it is an archive.
func (k *looker) open(f *os.File, size int64) (*content, error) {
	if strings.EqualFold(filepath.Ext(k.name), ".zip") {
		list, err := listZip(k.name, f, size)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, fault.New(k.name+": the archive is empty", "pack the exports again")
		}
		for _, m := range list {
			k.report.Inner = append(k.report.Inner, m.name)
		}
		return unpack(k.name, list[0].name, f, size, k.limits)
	}
	return unpack(k.name, "", f, size, k.limits)
}

func (k *looker) look(ctx context.Context, c *content) (err error) {
	if k.l, err = recognise(c, source.Input{}); err != nil {
		return err
	}
	k.report.Format, k.report.Encoding = k.l.format, k.l.charset.name
	switch k.l.format {
	case formatJSON:
		err = k.json(c)
	case formatJSONL:
	default:
		if k.l.format == formatCSV {
			k.report.Delimiter = map[string]string{"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}[k.l.delim]
		}
		err = k.table(ctx, c)
	}
	if err != nil {
		return err
	}
	if err := k.gather(ctx, c); err != nil {
		return err
	}
	if col := k.jsonColumn(); col != nil {
		k.report.Cell, k.in.Cell = col.name, &source.Cell{Column: source.Strings{col.name}, Rows: jsonRowsIn(col.samples)}
		k.report.RowsPath = k.in.Cell.Rows
		k.in.Key, k.prose = nil, false
		if err := k.gather(ctx, c); err != nil {
			return err
		}
	}
	k.propose()
	return nil
}

// table finds the sheets and the header of the first that has one.
func (k *looker) table(ctx context.Context, c *content) error {
	type head struct {
		rows  []waitingRow
		count int
	}
	heads := map[string]*head{}
	var order []string
	add := func(sheet string, n int, cells []string, _ map[int]string) error {
		h := heads[sheet]
		if h == nil {
			h = &head{}
			heads[sheet] = h
			order = append(order, sheet)
		}
		if filledCells(cells) > 0 {
			h.count++
		}
		if n <= headRows {
			h.rows = append(h.rows, waitingRow{n: n, cells: append([]string(nil), cells...)})
		}
		return nil
	}
	prog, err := probe(source.Input{})
	if err != nil {
		return err
	}
	r := reading{plan: prog.Inputs[0], c: c, l: k.l, limits: k.limits}
	hidden := map[string]bool{}
	if k.l.format == formatXLSX {
		w, err := openWorkbook(c, k.limits)
		if err != nil {
			return err
		}
		for _, s := range w.sheets {
			hidden[s.name] = s.hidden
			if err := w.rows(ctx, s, add); err != nil {
				return r.explain(err)
			}
		}
	} else if err := r.head(ctx, add); err != nil {
		return r.explain(err)
	}
	best := 0
	for _, name := range order {
		h := heads[name]
		s := Sheet{Name: name, Hidden: hidden[name], Rows: h.count}
		names, rows, score := guessHeader(h.rows)
		if names != nil {
			s.Header = rows
		}
		k.report.Sheets = append(k.report.Sheets, s)
		if names == nil || s.Hidden {
			continue
		}
		if score > best {
			best = score
			k.in.Header = rows
			k.in.Key = &source.Column{Column: source.Strings{names[0]}}
			if k.in.Sheet = nil; len(order) > 1 {
				k.in.Sheet = source.Strings{name}
			}
		}
	}
	filled, widest := 0, 0
	for _, h := range heads {
		filled += h.count
		for _, r := range h.rows {
			widest = max(widest, filledCells(r.cells))
		}
	}
	k.prose = best < 20 && filled > 0 && filled <= 3 && widest <= 2
	if best == 0 && !k.prose {
		k.unnamed = true
	}
	if best == 0 {
		k.in.Header, k.in.Key = "none", &source.Column{Column: source.Strings{"1"}}
	}
	return nil
}

// guessHeader chooses the rows that look most like the names of columns: known
// names count most, then short, filled, different cells that are no numbers.
func guessHeader(rows []waitingRow) (names []string, at string, best int) {
	for i := range rows {
		for span := 1; span <= 3 && i+span <= len(rows); span++ {
			h := joinHeader(rows[i : i+span])
			score, known := 0, 0
			seen := map[string]bool{}
			var list []string
			for _, n := range h {
				name := n[len(n)-1]
				f := foldName(name)
				if f == "" {
					continue
				}
				list = append(list, name)
				if seen[n[0]] || len(name) > 80 {
					score--
				} else if _, err := strconv.ParseFloat(f, 64); err == nil || source.ReadsDate("auto", strings.TrimSpace(name)) {
					score -= 2
				} else {
					score++
				}
				seen[n[0]] = true
				if knownName(f) {
					known++
				}
			}
			if span > 1 && known < 2 {
				continue
			}
			if score += 20 * known; score-span > best && len(list) > 0 {
				names, best = list, score-span
				at = strconv.Itoa(rows[i].n)
				if span > 1 {
					at += "-" + strconv.Itoa(rows[i+span-1].n)
				}
			}
		}
	}
	return names, at, best
}

// knownName reports whether a folded name is that of a field.
func knownName(f string) bool {
	for _, a := range aliases {
		for _, n := range strings.Fields(a.names) {
			if foldName(n) == f {
				return true
			}
		}
	}
	return false
}

// json finds the rows of a JSON document.
func (k *looker) json(c *content) error {
	text, err := k.l.text(c)
	if err != nil {
		return err
	}
	defer text.Close()
	r := reading{c: c, l: k.l, limits: k.limits}
	j := newJSONStream(text, k.limits.Row)
	var arrays []foundArray
	if err := j.explore("", 0, &arrays); err != nil {
		return r.explain(err)
	}
	best := foundArray{count: -1}
	for _, a := range arrays {
		if a.objects && a.count > best.count {
			best = a
		}
	}
	switch {
	case best.count >= 0:
		k.in.Rows = best.path
	case len(arrays) > 0:
		k.in.Rows = arrays[0].path
	default:
		return fault.New(k.name+": there is no list of rows in the JSON", "export the list, one object a row")
	}
	k.report.RowsPath = k.in.Rows
	if best.tree {
		k.in.Children = best.children
		k.in.Kind = source.Unit
		k.in.Fields = map[string]source.Column{source.FieldName: {Column: source.Strings{"name"}}}
	}
	return nil
}

// foundArray is a list in a JSON document.
type foundArray struct {
	path     string
	count    int
	objects  bool
	tree     bool   // the entries hold entries
	children string // under this name
}

// explore lists the arrays of a document that no other array holds.
func (j *jsonStream) explore(path string, depth int, out *[]foundArray) error {
	b, err := j.peek()
	if err != nil {
		return short(err)
	}
	switch {
	case b == '[':
		a := foundArray{path: path}
		err := j.items(']', func(string) error {
			a.count++
			if a.count > 1 {
				return j.skip()
			}
			text, err := j.value()
			if err != nil {
				return err
			}
			n, err := source.ParseJSON(text)
			if err != nil {
				return errors.Join(errBadJSON, err)
			}
			a.objects = n.Kind == source.Object
			a.children, a.tree = childrenOf(&n)
			return nil
		})
		*out = append(*out, a)
		return err
	case b == '{' && depth < 5:
		return j.items('}', func(name string) error {
			if depth == 0 && (name == "children" || name == "child") { // one tree, its top at the top
				*out = append(*out, foundArray{objects: true, tree: true, children: name})
				return j.skip()
			}
			if strings.ContainsAny(name, `."*`) {
				name = `"` + name + `"`
			}
			if path != "" {
				name = path + "." + name
			}
			return j.explore(name, depth+1, out)
		})
	}
	return j.skip()
}

// childrenOf returns the name under which an object holds others of its shape.
func childrenOf(n *source.Node) (string, bool) {
	if _, named := n.Member("name"); !named {
		return "", false
	}
	for _, name := range []string{"children", "child", "items", "nodes", "sub", "subs"} {
		if m, ok := n.Member(name); ok && m.Kind == source.Array {
			return name, true
		}
	}
	return "", false
}
