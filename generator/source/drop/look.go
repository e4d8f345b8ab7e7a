package drop

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// Report is what [Look] found out about a file. It holds values of the export
// and is for the office's own terminal, not for a log.
type Report struct {
	File      string     `json:"file"`
	Inner     []string   `json:"inner,omitempty"` // of an archive: the files in it; the report is about the first
	Format    string     `json:"format"`          // csv, xlsx, html, json, jsonl
	Encoding  string     `json:"encoding,omitempty"`
	Delimiter string     `json:"delimiter,omitempty"`
	Sheets    []Sheet    `json:"sheets,omitempty"`
	RowsPath  string     `json:"rows_path,omitempty"`   // of a JSON document
	Cell      string     `json:"cell_column,omitempty"` // the column that holds JSON
	Rows      int        `json:"rows"`                  // of the sheet that the proposal is for
	Columns   []string   `json:"columns"`
	Sample    [][]string `json:"sample"`  // three rows, each value shortened to 24 characters
	Notes     []string   `json:"notes"`   // what is odd, and what to decide
	Mapping   string     `json:"mapping"` // YAML, with the key sources
}

// Sheet is a sheet of a workbook or a table of an HTML page.
type Sheet struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"`
	Header string `json:"header,omitempty"` // its rows, as source.Input.Header
	Rows   int    `json:"rows"`             // that hold anything, with header and title
}

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

// column is what was seen of a column.
type column struct {
	name    string
	filled  int
	longest int
	json    int            // values that are JSON
	words   map[string]int // the distinct values, nil when there are too many
	order   []string       // the keys of words
	samples []string
	values  map[string]bool // all values while each is different
}

// maxWords is the number of distinct values up to which a value table is
// proposed.
const maxWords = 30

func (c *column) add(v string, rows int) {
	v = strings.TrimSpace(v)
	if v == "" {
		return
	}
	c.filled++
	c.longest = max(c.longest, len([]rune(v)))
	if len(c.samples) < 400 || rows%97 == 0 && len(c.samples) < 2000 {
		c.samples = append(c.samples, v)
	}
	if (v[0] == '{' || v[0] == '[') && c.json < 50 {
		if _, err := source.ParseJSON([]byte(v)); err == nil {
			c.json++
		}
	}
	if c.words != nil {
		if c.words[v]++; c.words[v] == 1 {
			c.order = append(c.order, v)
		}
		if len(c.words) > maxWords {
			c.words = nil
		}
	}
	if c.values != nil {
		if len(v) > 100 || c.values[v] || len(c.values) > 200_000 {
			c.values = nil
		} else {
			c.values[v] = true
		}
	}
}

// gather reads all rows and notes what the columns hold.
func (k *looker) gather(ctx context.Context, c *content) error {
	k.cols, k.byName, k.report.Rows, k.report.Sample = nil, map[string]*column{}, 0, nil
	prog, err := probe(k.in)
	if err != nil {
		return err
	}
	plan := prog.Inputs[0]
	r := reading{plan: plan, c: c, l: k.l, limits: k.limits}
	problems := map[string]int{}
	var header []string
	var firstRows [][]field
	t := headerNames{k: k, c: c}
	err = r.rows(ctx, func(b *source.Binding, row *source.Row) error {
		k.report.Rows++
		var fields []field
		if row.Cells != nil {
			if header == nil {
				header = t.names(ctx)
			}
			for i, cell := range row.Cells {
				if i < len(header) && header[i] != "" && header[i] != k.report.Cell {
					fields = append(fields, field{header[i], cell})
				}
			}
		}
		if row.Item.Node != nil {
			flatten("", row.Item.Node, 0, &fields)
		}
		for _, f := range fields {
			k.col(f.name).add(f.value, k.report.Rows)
		}
		if len(firstRows) < 3 {
			firstRows = append(firstRows, fields)
		}
		return nil
	}, func(x source.Rejected) { problems[x.Code]++ })
	if err != nil {
		return err
	}
	k.cols = slices.DeleteFunc(k.cols, func(c *column) bool { // null here, an object there
		return c.filled == 0 && slices.ContainsFunc(k.cols, func(o *column) bool { return strings.HasPrefix(o.name, c.name+".") })
	})
	k.report.Notes = nil
	if k.prose {
		k.report.Notes = append(k.report.Notes, "the file holds a few words and no table: an export that says there is nothing new")
	}
	if k.unnamed {
		k.report.Notes = append(k.report.Notes, "no row with the names of columns was found; state header: in the mapping, or \"none\"")
	}
	for code, n := range sorted(problems) {
		k.report.Notes = append(k.report.Notes, fmt.Sprintf("%d rows: %s (%s)", n, source.Reject(source.Where{}, "", code, false).Reason, code))
	}
	k.report.Columns = nil
	for _, c := range k.cols {
		k.report.Columns = append(k.report.Columns, visible(c.name, 60))
	}
	for _, fields := range firstRows {
		line := make([]string, len(k.cols))
		for _, f := range fields {
			for i, c := range k.cols {
				if c.name == f.name {
					line[i] = visible(f.value, 24)
				}
			}
		}
		k.report.Sample = append(k.report.Sample, line)
	}
	return nil
}

type field struct{ name, value string }

func (k *looker) col(name string) *column {
	c := k.byName[name]
	if c == nil {
		c = &column{name: name, words: map[string]int{}, values: map[string]bool{}}
		k.byName[name] = c
		if len(k.cols) < 500 {
			k.cols = append(k.cols, c)
		}
	}
	return c
}

// flatten lists the plain values of a JSON row by their paths.
func flatten(path string, n *source.Node, depth int, out *[]field) {
	switch {
	case n.Kind == source.Object && depth < 4:
		for i, name := range n.Names {
			if strings.ContainsAny(name, `."*`) {
				name = `"` + name + `"`
			}
			if path != "" {
				name = path + "." + name
			}
			flatten(name, &n.Items[i], depth+1, out)
		}
	case n.Kind == source.Array:
		if len(n.Items) > 0 && depth < 4 {
			flatten(path+".0", &n.Items[0], depth+1, out)
		}
	case n.Kind != source.Object:
		*out = append(*out, field{strings.TrimPrefix(path, "."), n.Text})
	}
}

// jsonColumn returns the column of which most values are JSON objects.
func (k *looker) jsonColumn() *column {
	if k.in.Cell != nil {
		return nil
	}
	for _, c := range k.cols {
		if c.json > 0 && c.json*10 >= min(c.filled, 50)*8 {
			return c
		}
	}
	return nil
}

// jsonRowsIn returns the path to the list of objects in the first value that
// has one.
func jsonRowsIn(samples []string) string {
	for _, s := range samples {
		n, err := source.ParseJSON([]byte(s))
		if err != nil || n.Kind != source.Object {
			continue
		}
		for i, name := range n.Names {
			if m := n.Items[i]; m.Kind == source.Array && len(m.Items) > 0 && m.Items[0].Kind == source.Object {
				return name
			}
		}
	}
	return ""
}

// headerNames reads the names of the columns once more, as they are written.
type headerNames struct {
	k *looker
	c *content
}

func (h headerNames) names(ctx context.Context) []string {
	first, last, ok := source.HeaderRows(h.k.in.Header)
	if !ok {
		out := make([]string, 200)
		for i := range out {
			out[i] = strconv.Itoa(i + 1)
		}
		return out
	}
	var rows []waitingRow
	add := func(sheet string, n int, cells []string, _ map[int]string) error {
		if len(h.k.in.Sheet) > 0 && sheet != h.k.in.Sheet[0] {
			return nil
		}
		if n >= first && n <= last {
			rows = append(rows, waitingRow{n: n, cells: append([]string(nil), cells...)})
		}
		return nil
	}
	prog, err := probe(h.k.in)
	if err != nil {
		return nil
	}
	r := reading{plan: prog.Inputs[0], c: h.c, l: h.k.l, limits: h.k.limits}
	if err := r.head(ctx, func(sheet string, n int, cells []string, bad map[int]string) error {
		if n > headRows {
			return errEnough
		}
		return add(sheet, n, cells, bad)
	}); err != nil && !errors.Is(err, errEnough) {
		return nil
	}
	var names []string
	taken := map[string]bool{}
	for _, n := range joinHeader(rows) {
		name := n[len(n)-1]
		if taken[name] {
			name = n[0]
		}
		if taken[name] {
			name = "" // a second column of the same name cannot be mentioned
		}
		taken[name] = true
		names = append(names, name)
	}
	return names
}

// visible shortens a value to n characters and shows what would otherwise be
// unseen or change the terminal.
func visible(s string, n int) string {
	var b strings.Builder
	i := 0
	for _, r := range strings.TrimSpace(s) {
		if i == n {
			b.WriteRune('…')
			break
		}
		i++
		switch {
		case r == '\n':
			b.WriteRune('⏎')
		case r < ' ':
			b.WriteRune(0x2400 + r)
		case r == 0x7f:
			b.WriteRune(0x2421)
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Co, r) || r == unicode.ReplacementChar:
			fmt.Fprintf(&b, "⟨%04X⟩", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// WriteTo writes the report for a terminal.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	b := &countWriter{w: bufio.NewWriter(w)}
	fmt.Fprintf(b, "%s: %s", visible(r.File, 100), r.Format)
	if r.Encoding != "" {
		fmt.Fprintf(b, ", %s", r.Encoding)
	}
	if r.Delimiter != "" {
		fmt.Fprintf(b, ", delimiter %s", r.Delimiter)
	}
	fmt.Fprintf(b, ", %d rows\n", r.Rows)
	for _, s := range r.Inner {
		fmt.Fprintf(b, "  in the archive: %s\n", visible(s, 100))
	}
	for _, s := range r.Sheets {
		name := s.Name
		if name == "" {
			name = "the table"
		}
		fmt.Fprintf(b, "  %s: %d filled rows", visible(name, 60), s.Rows)
		if s.Header != "" {
			fmt.Fprintf(b, ", header in row %s", s.Header)
		}
		if s.Hidden {
			fmt.Fprint(b, ", hidden")
		}
		fmt.Fprintln(b)
	}
	if r.Cell != "" {
		fmt.Fprintf(b, "  the column %s holds JSON\n", visible(r.Cell, 60))
	}
	if r.RowsPath != "" {
		fmt.Fprintf(b, "  the rows are at %s\n", visible(r.RowsPath, 100))
	}
	fmt.Fprintln(b)
	wide := 0
	for _, c := range r.Columns {
		wide = max(wide, columnsOf(c))
	}
	for i, c := range r.Columns {
		fmt.Fprint(b, "  ", c, strings.Repeat(" ", wide-columnsOf(c)))
		for _, line := range r.Sample {
			v := line[i]
			fmt.Fprint(b, "  ", v, strings.Repeat(" ", max(0, 26-columnsOf(v))))
		}
		fmt.Fprintln(b)
	}
	fmt.Fprintln(b)
	for _, n := range r.Notes {
		fmt.Fprintln(b, "note:", n)
	}
	fmt.Fprintf(b, "\n%s", r.Mapping)
	if err := b.w.Flush(); b.err == nil {
		b.err = err
	}
	return b.n, b.err
}

// columnsOf returns how many columns of a terminal a text takes.
func columnsOf(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

type countWriter struct {
	w   *bufio.Writer
	n   int64
	err error
}

func (c *countWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	if c.err == nil {
		c.err = err
	}
	return n, err
}
