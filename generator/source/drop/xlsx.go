package drop

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// workbook is an open .xlsx. Its sheets are read as streams; only the table of
// strings is held in memory. Formulas are never evaluated: the value that was
// saved with them counts.
type workbook struct {
	name      string
	parts     map[string]*zip.File
	packed    int64
	limits    source.Limits
	since1904 bool
	sheets    []sheet
	strings   []string
	dates     []bool // by style: whether its number format is a date
}

type sheet struct {
	name   string
	part   string
	hidden bool
}

// maxColumns is the number of columns that a sheet can have.
const maxColumns = 16384

// openWorkbook reads everything but the rows.
func openWorkbook(c *content, l source.Limits) (*workbook, error) {
	at, size, err := c.readerAt(l)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(c.name, "the workbook cannot be opened; it may be only half there", err)
	}
	w := &workbook{name: c.name, parts: map[string]*zip.File{}, packed: size, limits: l}
	var total uint64
	for _, f := range z.File {
		w.parts[strings.TrimPrefix(f.Name, "/")] = f
		total += f.UncompressedSize64
		if f.Flags&1 != 0 {
			return nil, fault.New(c.name+" is locked with a password", "save it again without a password")
		}
	}
	if total > uint64(l.Unpacked) {
		return nil, c.wrap(errBomb)
	}
	if err := w.load(); err != nil {
		return nil, c.wrap(err)
	}
	return w, nil
}

func (w *workbook) load() error {
	main := "xl/workbook.xml"
	rels, err := w.relations("", "_rels/.rels")
	if err != nil {
		return err
	}
	for _, r := range rels {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			main = r.target
		}
	}
	if w.parts[main] == nil && strings.Contains(w.name, "!") {
		return fault.New(w.name+" is an archive in an archive", "pack the exports once")
	}
	if w.parts[main] == nil {
		return fault.New(w.name+" is a packed file, but no workbook", "save it as .xlsx, or pack the exports as .zip")
	}
	dir := path.Dir(main)
	rels, err = w.relations(dir, path.Join(dir, "_rels", path.Base(main)+".rels"))
	if err != nil {
		return err
	}
	if err := w.book(main, rels); err != nil {
		return err
	}
	for _, r := range rels {
		switch {
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			err = w.sharedStrings(r.target)
		case strings.HasSuffix(r.kind, "/styles"):
			err = w.styles(r.target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// part opens a part of the workbook, or returns nil when there is none.
func (w *workbook) part(name string) (io.ReadCloser, error) {
	f := w.parts[name]
	if f == nil {
		return nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &bounded{r: r, packed: max(int64(f.CompressedSize64), w.packed/64), limits: w.limits}, nil
}

// each calls f for every token of a part.
func (w *workbook) each(name string, f func(x *xmlReader, t xmlToken) error) error {
	r, err := w.part(name)
	if err != nil || r == nil {
		return err
	}
	defer r.Close()
	x := newXML(r)
	for {
		t, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = f(x, t)
		}
		if err != nil {
			return err
		}
	}
}

type relation struct{ id, kind, target string }

func (w *workbook) relations(dir, name string) ([]relation, error) {
	var list []relation
	err := w.each(name, func(x *xmlReader, t xmlToken) error {
		if t == xmlEnd || t == xmlText || string(x.name) != "Relationship" {
			return nil
		}
		var r relation
		r.id, _ = x.attr("Id")
		r.kind, _ = x.attr("Type")
		r.target, _ = x.attr("Target")
		if mode, _ := x.attr("TargetMode"); mode == "External" {
			return nil
		}
		if strings.HasPrefix(r.target, "/") {
			r.target = r.target[1:]
		} else {
			r.target = path.Join(dir, r.target)
		}
		list = append(list, r)
		return nil
	})
	return list, err
}

func (w *workbook) book(name string, rels []relation) error {
	return w.each(name, func(x *xmlReader, t xmlToken) error {
		if t == xmlEnd || t == xmlText {
			return nil
		}
		switch string(x.name) {
		case "workbookPr":
			v, _ := x.attr("date1904")
			w.since1904 = v == "1" || v == "true"
		case "sheet":
			var s sheet
			s.name, _ = x.attr("name")
			state, _ := x.attr("state")
			s.hidden = state == "hidden" || state == "veryHidden"
			id, _ := x.attr("id")
			for _, r := range rels {
				if r.id == id && strings.HasSuffix(r.kind, "/worksheet") {
					s.part = r.target
				}
			}
			if s.part != "" && len(w.sheets) < 1000 {
				w.sheets = append(w.sheets, s)
			}
		}
		return nil
	})
}

// sharedStrings reads the table of strings. Readings of Chinese characters,
// which some programs add, are left out.
func (w *workbook) sharedStrings(name string) error {
	var b strings.Builder
	var total int64
	in, skip := false, false
	return w.each(name, func(x *xmlReader, t xmlToken) error {
		switch el := string(x.name); {
		case t == xmlText:
			if in && !skip {
				b.Write(x.text)
			}
		case el == "si" && t == xmlEmpty, el == "si" && t == xmlEnd:
			s := unescapeCell(b.String())
			if total += int64(len(s)) + 16; total > w.limits.Strings {
				return errBomb
			}
			w.strings = append(w.strings, s)
			b.Reset()
		case el == "t":
			in = t == xmlStart
		case el == "rPh":
			skip = t == xmlStart
		}
		return nil
	})
}

// styles reads which styles show a number as a date.
func (w *workbook) styles(name string) error {
	formats := map[string]string{}
	in := false
	return w.each(name, func(x *xmlReader, t xmlToken) error {
		if t == xmlText {
			return nil
		}
		switch string(x.name) {
		case "numFmt":
			if id, ok := x.attr("numFmtId"); ok && t != xmlEnd {
				formats[id], _ = x.attr("formatCode")
			}
		case "cellXfs":
			in = t == xmlStart
		case "xf":
			if in && t != xmlEnd && len(w.dates) < 1<<16 {
				id, _ := x.attr("numFmtId")
				w.dates = append(w.dates, dateFormat(id, formats[id]))
			}
		}
		return nil
	})
}

// dateFormat reports whether a number format shows days: one of the built-in
// ones, also of the Chinese edition, or one that is written with y, m, d.
func dateFormat(id, code string) bool {
	if code == "" {
		n, _ := strconv.Atoi(id)
		return n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 31 || n == 36 || n >= 50 && n <= 54 || n == 57 || n == 58
	}
	quoted, bracket, escaped := false, false, false
	for _, r := range code {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[':
			bracket = true
		case r == ']':
			bracket = false
		case bracket:
		case r == ';':
			return false // what follows is for negative numbers
		case r == 'y' || r == 'Y' || r == 'd' || r == 'D':
			return true
		}
	}
	return false
}

// unescapeCell resolves _x000D_, by which workbooks write control characters.
func unescapeCell(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		if len(s) >= i+7 && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				s = s[i+7:]
				continue
			}
		}
		b.WriteString("_x")
		s = s[i+2:]
	}
}

// merge is a block of merged cells, in columns and rows from 0 and 1.
type merge struct{ c0, r0, c1, r1 int }

// merges returns the merged blocks of a sheet, which stand behind its rows, by
// their first row.
func (w *workbook) merges(s sheet) ([]merge, error) {
	r, err := w.part(s.part)
	if err != nil || r == nil {
		return nil, err
	}
	defer r.Close()
	const tag = "<mergeCell "
	var list []merge
	buf := make([]byte, 0, 128<<10)
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		b := buf
		for {
			i := bytes.Index(b, []byte(tag))
			if i < 0 {
				b = b[max(0, len(b)-len(tag)):]
				break
			}
			end := bytes.IndexByte(b[i:], '>')
			if end < 0 {
				b = b[i:]
				break
			}
			x := xmlReader{attrs: b[i+len(tag)-1 : i+end]}
			ref, _ := x.attr("ref")
			if m, ok := parseMerge(ref); ok && len(list) < 200_000 {
				list = append(list, m)
			}
			b = b[i+end:]
		}
		if errors.Is(err, io.EOF) {
			slices.SortFunc(list, func(a, b merge) int { return a.r0 - b.r0 })
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if len(b) == cap(buf) {
			return nil, errXML
		}
		buf = append(buf[:0], b...)
	}
}

func parseMerge(ref string) (merge, bool) {
	a, b, ok := strings.Cut(ref, ":")
	c0, r0, ok0 := cellRef(a)
	c1, r1, ok1 := cellRef(b)
	return merge{c0, r0, c1, r1}, ok && ok0 && ok1 && c1 >= c0 && r1 >= r0
}

// cellRef reads AB12 as column 27 (from 0) and row 12.
func cellRef(s string) (col, row int, ok bool) {
	i := 0
	for i < len(s) && s[i] >= 'A' && s[i] <= 'Z' && i < 3 {
		col = col*26 + int(s[i]-'A') + 1
		i++
	}
	row, err := strconv.Atoi(s[i:])
	return col - 1, row, i > 0 && err == nil && row > 0 && row <= 1<<20 && col <= maxColumns
}

// rows calls f for every row of a sheet.
func (w *workbook) rows(ctx context.Context, s sheet, f rowFunc) error {
	merges, err := w.merges(s)
	if err != nil {
		return err
	}
	r := &sheetReader{w: w, name: s.name, merges: merges, f: f}
	return w.each(s.part, func(x *xmlReader, t xmlToken) error {
		if r.row&0xff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return r.token(x, t)
	})
}

// sheetReader gathers the cells of a row.
type sheetReader struct {
	w      *workbook
	name   string
	f      rowFunc
	merges []merge
	filled []mergeValue // blocks that reach the current row

	row   int
	count int
	col   int
	cells []string
	bad   map[int]string

	kind    string // attribute t of the cell
	style   int
	formula bool
	in      bool // inside of v or t
	skip    bool // inside of a reading
	text    []byte
	some    bool // the cell has a value
}

type mergeValue struct {
	merge
	text string
}

func (r *sheetReader) token(x *xmlReader, t xmlToken) error {
	if t == xmlText {
		if r.in && !r.skip {
			r.text = append(r.text, x.text...)
		}
		return nil
	}
	switch string(x.name) {
	case "row":
		if t != xmlEnd {
			return r.begin(x, t == xmlEmpty)
		}
		return r.end()
	case "c":
		if t != xmlEnd {
			r.cell(x)
		}
		if t != xmlStart {
			r.put()
		}
	case "f":
		r.formula = true
	case "v", "t":
		if r.in = t == xmlStart; r.in {
			r.some = true
		}
	case "rPh":
		r.skip = t == xmlStart
	}
	return nil
}

func (r *sheetReader) begin(x *xmlReader, empty bool) error {
	r.row++
	if n, ok := x.attr("r"); ok {
		if v, err := strconv.Atoi(n); err == nil && v > r.row && v <= 1<<20 {
			r.row = v
		}
	}
	r.cells, r.bad, r.col = r.cells[:0], nil, -1
	if empty {
		return r.end()
	}
	return nil
}

func (r *sheetReader) cell(x *xmlReader) {
	r.col++
	if ref, ok := x.attr("r"); ok {
		if c, _, ok := cellRef(ref); ok && c >= r.col {
			r.col = c
		}
	}
	r.kind, _ = x.attr("t")
	s, _ := x.attr("s")
	r.style, _ = strconv.Atoi(s)
	r.formula, r.some, r.text = false, false, r.text[:0]
}

// put places the value of the cell that has ended.
func (r *sheetReader) put() {
	r.in = false
	if r.col >= maxColumns {
		return
	}
	text := string(r.text)
	code := ""
	switch r.kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if text = ""; err == nil && n >= 0 && n < len(r.w.strings) {
			text = r.w.strings[n]
		}
	case "str", "inlineStr":
		text = unescapeCell(text)
	case "b":
		text = map[string]string{"1": "TRUE", "0": "FALSE"}[text]
	case "e":
		code = source.CodeCellError
	case "d":
	default:
		text = r.number(text)
	}
	if r.formula && !r.some {
		code = source.CodeNoFormula
	}
	if text == "" && code == "" {
		return
	}
	r.set(r.col, text)
	if code != "" {
		if r.bad == nil {
			r.bad = map[int]string{}
		}
		r.bad[r.col] = code
	}
}

func (r *sheetReader) set(col int, text string) {
	for len(r.cells) <= col {
		r.cells = append(r.cells, "")
	}
	r.cells[col] = text
}

// number writes a number as a person would: days as days, whole numbers
// without a point, and numbers with more digits than a spreadsheet program can
// keep with an exponent, so that they are recognised as ruined.
func (r *sheetReader) number(text string) string {
	text = strings.TrimSpace(text)
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return text
	}
	if r.style >= 0 && r.style < len(r.w.dates) && r.w.dates[r.style] {
		if t, ok := source.SerialTime(f, r.w.since1904); ok {
			return t
		}
	}
	if math.Abs(f) >= 1e15 {
		return strconv.FormatFloat(f, 'E', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// end hands the row over, with the values of merged cells in every cell.
func (r *sheetReader) end() error {
	if r.count++; r.count > r.w.limits.Rows {
		return fault.New(fmt.Sprintf("%s, sheet %s: more than %d rows", r.w.name, r.name, r.w.limits.Rows),
			"export in smaller files, or raise limits: rows in the mapping")
	}
	for len(r.merges) > 0 && r.merges[0].r0 <= r.row {
		m := mergeValue{merge: r.merges[0]}
		if m.r0 == r.row && m.c0 < len(r.cells) {
			m.text = r.cells[m.c0]
		}
		if r.merges = r.merges[1:]; m.text != "" && len(r.filled) < 1000 {
			r.filled = append(r.filled, m)
		}
	}
	if len(r.filled) > 0 {
		r.filled = slices.DeleteFunc(r.filled, func(m mergeValue) bool { return m.r1 < r.row })
		for _, m := range r.filled {
			for c := m.c0; c <= m.c1 && c < m.c0+200; c++ {
				if c >= len(r.cells) || r.cells[c] == "" {
					r.set(c, m.text)
				}
			}
		}
	}
	return r.f(r.name, r.row, r.cells, r.bad)
}
