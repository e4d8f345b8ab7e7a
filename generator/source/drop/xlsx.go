package drop

import (
	"archive/zip"
	"errors"
	"io"
	"path"
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
