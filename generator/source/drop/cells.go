package drop

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// Cell is one value of an export, whatever the value means.
type Cell struct {
	File   string // of an archive, "" otherwise
	Sheet  int    // of a workbook or an HTML page, from 1; 0 elsewhere
	Row    int    // from 1; of a JSON list the place in it; 0 is the name of a sheet or file
	Column string // the number of the column from 1, or the path of a JSON value
	Text   string // as UTF-8, except where the file is broken
	Broken bool   // some bytes of the text belonged to no character
}

// Cells reads an export of any shape without a mapping and hands over every value
// that is not blank: cells of tables, hidden sheets and the names of sheets
// included, names and values of JSON, and each file of an archive. The order is
// that of the file. An error of the file means that it was not seen whole; an
// error of yield ends the reading and is returned as it is.
func Cells(ctx context.Context, file string, yield func(Cell) error) error {
	prog, err := probe(source.Input{})
	if err != nil {
		return err
	}
	name := filepath.Base(file)
	f, err := os.Open(file)
	if err != nil {
		return fault.Wrap(err, name+" cannot be opened", "check the path and the rights")
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return fault.New(name+" is not a file", "name one export file")
	}
	inner := []string{""}
	if strings.EqualFold(filepath.Ext(name), ".zip") {
		list, err := listZip(name, f, st.Size())
		if err != nil {
			return err
		}
		if inner = nil; len(list) == 0 {
			return fault.New(name+": the archive is empty", "pack the exports again")
		}
		for _, m := range list {
			inner = append(inner, m.name)
		}
	}
	for _, in := range inner {
		c, err := unpack(name, in, f, st.Size(), prog.Limits)
		if err != nil {
			return err
		}
		k := &cellReader{ctx: ctx, c: c, limits: prog.Limits, file: in, yield: yield}
		if err := k.read(); err != nil {
			return err
		}
	}
	return nil
}

// cellReader reads the values of one file.
type cellReader struct {
	ctx    context.Context
	c      *content
	l      layout
	limits source.Limits
	file   string
	yield  func(Cell) error
	n      int
}

// cell hands over one value.
func (k *cellReader) cell(sheet, row int, column, text string) error {
	if isBlank(text) {
		return nil
	}
	if k.n++; k.n&0xff == 0 && k.ctx.Err() != nil {
		return &yieldError{k.ctx.Err()}
	}
	broken := k.l.charset.doubtful && strings.ContainsRune(text, utf8.RuneError)
	err := k.yield(Cell{File: k.file, Sheet: sheet, Row: row, Column: column, Text: text, Broken: broken})
	if err != nil {
		return &yieldError{err}
	}
	return nil
}

func (k *cellReader) read() error {
	in, err := k.encoding()
	if err != nil {
		return k.c.wrap(err)
	}
	if k.l, err = recognise(k.c, in); err != nil {
		return err
	}
	r := reading{c: k.c, l: k.l, limits: k.limits}
	if k.file != "" {
		err = k.cell(0, 0, "", k.file)
	}
	if err == nil {
		switch k.l.format {
		case formatXLSX:
			err = k.workbook()
		case formatJSONL:
			err = k.withText(k.lines)
		case formatJSON:
			err = k.withText(k.json)
		case formatHTML:
			err = k.withText(k.html)
		default:
			err = k.withText(k.separated)
		}
	}
	return r.explain(err)
}

// encoding states UTF-8 where a file that is not quite that was taken for GB18030
// and does not read like Chinese in it, so that its broken texts stay broken.
func (k *cellReader) encoding() (in source.Input, err error) {
	r, err := k.c.open()
	if err != nil {
		return in, err
	}
	defer r.Close()
	head := make([]byte, textHead)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) || truncated(err) {
		return in, err
	}
	head = head[:n]
	if len(head) == 0 || foreign(k.c.name, head) != nil || strings.HasPrefix(string(head[:min(n, 2)]), "PK") {
		return in, nil
	}
	s := charsetScan{}
	s.Write(head)
	if cs, err := s.decide(""); err == nil && cs.name == "gb18030" && !readsAsGB(head) {
		in.Encoding = "utf-8"
	}
	return in, nil
}

// withText reads the file as UTF-8.
func (k *cellReader) withText(read func(io.Reader) error) error {
	text, err := k.l.text(k.c)
	if err != nil {
		return err
	}
	defer text.Close()
	return read(text)
}

// row hands over the cells of a row of a table.
func (k *cellReader) row(sheet, n int, cells []string) error {
	for i, c := range cells {
		if err := k.cell(sheet, n, strconv.Itoa(i+1), c); err != nil {
			return err
		}
	}
	return nil
}

func (k *cellReader) separated(text io.Reader) error {
	c := newCSV(text, k.l.delim, true, k.limits.Row)
	for {
		cells, n, err := c.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := k.row(0, n, cells); err != nil {
			return err
		}
	}
}

func (k *cellReader) html(text io.Reader) error {
	return htmlRows(k.ctx, text, k.limits, func(sheet string, n int, cells []string, _ map[int]string) error {
		number, _ := strconv.Atoi(sheet)
		return k.row(number, n, cells)
	})
}

func (k *cellReader) workbook() error {
	w, err := openWorkbook(k.c, k.limits)
	if err != nil {
		return err
	}
	for i, s := range w.sheets {
		if err := k.cell(i+1, 0, "", s.name); err != nil {
			return err
		}
		err := w.rows(k.ctx, s, func(_ string, n int, cells []string, _ map[int]string) error {
			for c, text := range cells {
				cells[c] = longNumber(text)
			}
			return k.row(i+1, n, cells)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// longNumber writes the digits of a number that was kept with an exponent: a card
// number of sixteen digits is still one.
func longNumber(text string) string {
	if len(text) > 30 || !strings.ContainsAny(text, "E") {
		return text
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < 1e15 || f > 1e21 {
		return text
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// json reads one JSON document. The items of its outermost list are the rows.
func (k *cellReader) json(text io.Reader) error {
	j := newJSONStream(text, k.limits.Row)
	if err := k.descend(j, "", 0); err != nil {
		return err
	}
	if b, err := j.peek(); err == nil && b != 0 {
		return errBadJSON
	} else if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// descend reads the next value, lists item by item.
func (k *cellReader) descend(j *jsonStream, path string, depth int) error {
	b, err := j.peek()
	if err != nil {
		return short(err)
	}
	switch {
	case b == '[':
		row := 0
		return j.items(']', func(string) error {
			row++
			return k.value(j, row, path)
		})
	case b == '{' && depth < 5:
		return j.items('}', func(name string) error {
			if err := k.cell(0, 0, path, name); err != nil {
				return err
			}
			return k.descend(j, under(path, name), depth+1)
		})
	}
	return k.value(j, 0, path)
}

// value reads the next value whole.
func (k *cellReader) value(j *jsonStream, row int, path string) error {
	text, err := j.value()
	if err != nil {
		return err
	}
	n, err := source.ParseJSON(text)
	if err != nil {
		return errors.Join(errBadJSON, err)
	}
	return k.node(&n, row, path)
}

// node hands over the names and texts of a JSON value.
func (k *cellReader) node(n *source.Node, row int, path string) error {
	if n.Kind == source.String || n.Kind == source.Number {
		return k.cell(0, row, path, n.Text)
	}
	for i := range n.Items {
		below := under(path, strconv.Itoa(i))
		if n.Kind == source.Object {
			below = under(path, n.Names[i])
			if err := k.cell(0, row, path, n.Names[i]); err != nil {
				return err
			}
		}
		if err := k.node(&n.Items[i], row, below); err != nil {
			return err
		}
	}
	return nil
}

func under(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (k *cellReader) lines(text io.Reader) error {
	l := lineReader{r: bufio.NewReaderSize(text, 64<<10), max: k.limits.Row}
	for {
		line, n, ended, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if blank(line) {
			continue
		}
		node, err := source.ParseJSON(line)
		if err != nil && !ended {
			return errShort
		}
		if err != nil {
			// Whatever it is, it is looked at as it stands.
			if err := k.cell(0, n, "", string(line)); err != nil {
				return err
			}
			continue
		}
		if err := k.node(&node, n, ""); err != nil {
			return err
		}
	}
}
