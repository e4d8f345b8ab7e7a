package drop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

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
