package drop

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// reading is one file read by the rules of one input.
type reading struct {
	plan   *source.Plan
	c      *content
	l      layout
	limits source.Limits
}

// rows calls yield for every row of the file, in its order, and note for what
// is wrong with rows before they can be read. An error means that nothing of
// the file is to be kept, or comes from yield.
func (r *reading) rows(ctx context.Context, yield func(*source.Binding, *source.Row) error, note func(source.Rejected)) error {
	if r.plan.UsesCell() {
		yield = r.inCell(yield, note)
	}
	n := 0
	each := yield
	yield = func(b *source.Binding, row *source.Row) error {
		if n++; n > r.limits.Rows {
			return fmt.Errorf("%w: %d", errRows, r.limits.Rows)
		}
		return each(b, row)
	}
	var err error
	switch r.l.format {
	case formatXLSX:
		err = r.workbook(ctx, yield, note)
	case formatHTML:
		err = r.html(ctx, yield, note)
	case formatJSON:
		err = r.json(ctx, yield)
	case formatJSONL:
		err = r.lines(ctx, yield, note)
	default:
		err = r.separated(ctx, yield, note)
	}
	return r.explain(err)
}

// explain adds to a defect of the file what it means.
func (r *reading) explain(err error) error {
	name := r.c.name
	var taken *yieldError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &taken):
		return taken.err
	case errors.Is(err, errOpenQuote):
		return damaged(name, "a quotation mark is never closed; the file is only half there, or a text holds a single one", err)
	case errors.Is(err, errLongRow):
		return fault.Wrap(err, name+": a row is longer than the limit; a quotation mark may be missing",
			"correct the export, or raise limits: row in the mapping")
	case errors.Is(err, errRows):
		return fault.Wrap(err, fmt.Sprintf("%s: more than %d rows", name, r.limits.Rows),
			"export in smaller files, or raise limits: rows in the mapping")
	case errors.Is(err, errNoRows):
		return fault.Wrap(err, name+": the rows are not where the mapping says",
			"look at the file with huiyin map, and state their path with rows: in the mapping")
	case errors.Is(err, errBadJSON), errors.Is(err, errXML), errors.Is(err, errWide):
		return damaged(name, err.Error(), err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return r.c.wrap(err)
}

// yieldError carries an error of the receiver through the readers.
type yieldError struct{ err error }

func (e *yieldError) Error() string { return e.err.Error() }
func (e *yieldError) Unwrap() error { return e.err }

func (r *reading) table(yield func(*source.Binding, *source.Row) error, note func(source.Rejected)) *tableReader {
	return &tableReader{plan: r.plan, file: r.c.name, yield: yield, note: note,
		row: source.Row{Doubtful: r.l.charset.doubtful}}
}

func (r *reading) separated(ctx context.Context, yield func(*source.Binding, *source.Row) error, note func(source.Rejected)) error {
	text, err := r.l.text(r.c)
	if err != nil {
		return err
	}
	defer text.Close()
	c := newCSV(text, r.l.delim, r.plan.Quotes != "none", r.limits.Row)
	t := r.table(yield, note)
	t.strict = true
	t.unended = func() bool { return !c.ended }
	for {
		cells, n, err := c.next()
		if errors.Is(err, io.EOF) {
			return t.end()
		}
		if err != nil {
			return err
		}
		if n&0xff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := t.add("", n, cells, nil); err != nil {
			return err
		}
	}
}

func (r *reading) html(ctx context.Context, yield func(*source.Binding, *source.Row) error, note func(source.Rejected)) error {
	text, err := r.l.text(r.c)
	if err != nil {
		return err
	}
	defer text.Close()
	t := r.table(yield, note)
	wanted := sheetFilter(r.plan.Sheet)
	err = htmlRows(ctx, text, r.limits, func(sheet string, n int, cells []string, bad map[int]string) error {
		number, _ := strconv.Atoi(sheet)
		if !wanted("", number) {
			return nil
		}
		return t.add(sheet, n, cells, bad)
	})
	if err != nil {
		return err
	}
	return t.end()
}

func (r *reading) workbook(ctx context.Context, yield func(*source.Binding, *source.Row) error, note func(source.Rejected)) error {
	w, err := openWorkbook(r.c, r.limits)
	if err != nil {
		return err
	}
	t := r.table(yield, note)
	t.row.Since1904 = w.since1904
	wanted := sheetFilter(r.plan.Sheet)
	some := false
	for i, s := range w.sheets {
		if !wanted(s.name, i+1) || s.hidden && len(r.plan.Sheet) == 0 {
			continue
		}
		some = true
		if err := w.rows(ctx, s, t.add); err != nil {
			return err
		}
		if err := t.endSheet(); err != nil {
			return err
		}
	}
	if !some {
		return fault.New(r.c.name+": no sheet has the name that the mapping asks for", "correct sheet: in the mapping, or the name in the workbook")
	}
	return t.end()
}

// sheetFilter reports whether a sheet is one of those listed: by name, with * and
// ?, or by number.
func sheetFilter(list []string) func(name string, number int) bool {
	return func(name string, number int) bool {
		for _, s := range list {
			if n, err := strconv.Atoi(s); err == nil && n == number || s == name {
				return true
			}
			if ok, err := path.Match(s, name); err == nil && ok && name != "" {
				return true
			}
		}
		return len(list) == 0
	}
}

func (r *reading) json(ctx context.Context, yield func(*source.Binding, *source.Row) error) error {
	text, err := r.l.text(r.c)
	if err != nil {
		return err
	}
	defer text.Close()
	b := r.plan.Bind(nil)
	n := 0
	j := newJSONStream(text, r.limits.Row)
	j.whole = r.plan.Children != ""
	return j.rows(r.plan.JSONRows, func(it source.Item) error {
		if n++; n&0xff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return yield(b, r.item(it, n))
	})
}

// item is a row of JSON.
func (r *reading) item(it source.Item, n int) *source.Row {
	return &source.Row{Where: source.Where{File: r.c.name, Row: n}, Item: it, Doubtful: r.l.charset.doubtful}
}

// lines reads JSON Lines. A first line with a _meta object may state the count
// of the rows, by which half a file is noticed; so may a last one.
func (r *reading) lines(ctx context.Context, yield func(*source.Binding, *source.Row) error, note func(source.Rejected)) error {
	text, err := r.l.text(r.c)
	if err != nil {
		return err
	}
	defer text.Close()
	l := lineReader{r: bufio.NewReaderSize(text, 64<<10), max: r.limits.Row}
	b := r.plan.Bind(nil)
	rows, count := 0, -1
	for {
		line, n, ended, err := l.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if n&0xff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if blank(line) {
			continue
		}
		node, err := source.ParseJSON(line)
		if err != nil {
			if !ended {
				return errShort
			}
			rows++
			note(source.Reject(source.Where{File: r.c.name, Row: n}, "", source.CodeBadJSON, false))
			continue
		}
		if meta, ok := node.Member("_meta"); ok && node.Kind == source.Object {
			if c, ok := meta.Member("count"); ok {
				if v, err := strconv.Atoi(c.Text); err == nil {
					count = v
				}
			}
			continue
		}
		rows++
		if err := r.plan.JSONRows.Walk(source.Item{Node: &node}, func(it source.Item) error { return yield(b, r.item(it, n)) }); err != nil {
			return err
		}
	}
	if count >= 0 && count != rows {
		return fmt.Errorf("%w: other than the number of rows that it states", errShort)
	}
	return nil
}

// inCell takes the rows out of the JSON in a cell.
func (r *reading) inCell(yield func(*source.Binding, *source.Row) error, note func(source.Rejected)) func(*source.Binding, *source.Row) error {
	return func(b *source.Binding, row *source.Row) error {
		text, column := b.CellText(row)
		text = strings.TrimSpace(text)
		node, err := source.ParseJSON([]byte(text))
		if err != nil {
			note(source.Reject(row.Where, column, source.CodeBadJSON, false))
			return nil
		}
		found := false
		err = r.plan.JSONRows.Walk(source.Item{Node: &node}, func(it source.Item) error {
			found = true
			sub := *row
			sub.Item = it
			return yield(b, &sub)
		})
		if err == nil && !found {
			note(source.Reject(row.Where, column, source.CodeNoRecord, false))
		}
		return err
	}
}
