package search

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// WriteCSV writes every hit of a request as comma-separated values (RFC 4180)
// for spreadsheets: UTF-8 with a byte order mark, columns and values by their
// names in the language of the site, and an apostrophe before each cell that a
// spreadsheet would run as a formula. The last three columns of every row are
// the number of results (empty where the engine only estimates it), the cut-off of
// the data, and the permanent link.
//
// Nothing is buffered but a few rows. When the engine fails half way or the
// number of hits is not what the rows announce, it returns an error after part of
// the file is written; the caller must then break the connection off. A file
// that was cut off has fewer rows than its total says.
func (s *Searcher) WriteCSV(ctx context.Context, w io.Writer, r Request, site Site) error {
	return s.export(ctx, w, r, site, func(b *bufio.Writer) table {
		out := csv.NewWriter(b)
		out.UseCRLF = true
		return &csvTable{site: site, mark: b, out: out}
	})
}

// csvTable is a [table] of comma-separated values.
type csvTable struct {
	site  Site
	mark  *bufio.Writer // takes the byte order mark
	out   *csv.Writer
	last  []string // the cells that end every row
	cells []string
}

func (t *csvTable) begin(h ExportHead) error {
	if _, err := t.mark.WriteString("\ufeff"); err != nil {
		return err
	}
	lang := t.site.lang()
	for _, column := range []Label{
		FieldName(opNumber), FieldName(FieldType), FieldName(FieldTitle), FieldName(FieldUnit), FieldName(FieldArea),
		FieldName(FieldTopic), FieldName(FieldChannel), FieldName(FieldKind), FieldName(FieldStatus), FieldName(FieldRating),
		FieldName(FieldReceived), FieldName(FieldReplied), FieldName(FieldDays), FieldName(FieldQuestion), FieldName(FieldReply),
		{"网址", "Address"}, {"结果总数", "Results in all"}, {"统计截止", "As of"}, {"搜索网址", "Address of the search"},
	} {
		t.cells = append(t.cells, column.In(lang))
	}
	total := ""
	if h.Exact {
		total = strconv.Itoa(h.Total)
	}
	t.last = []string{total, h.Cutoff, safeCell(h.Query)}
	return t.out.Write(t.cells)
}

func (t *csvTable) row(h AnswerHit) error {
	days := ""
	if h.Days >= 0 {
		days = strconv.FormatInt(h.Days, 10)
	}
	t.cells = t.cells[:0]
	for _, cell := range []string{
		h.ID, t.name(h.Type), h.Text[FieldTitle], t.name(h.Unit), t.name(h.Area), t.name(h.Topic), t.name(h.Channel), t.name(h.Kind),
		t.name(h.Status), t.name(h.Rating), h.Received, h.Replied, days, h.Text[FieldQuestion], h.Text[FieldReply], t.site.link(h.Path),
	} {
		t.cells = append(t.cells, safeCell(Clean(cell)))
	}
	return t.out.Write(append(t.cells, t.last...))
}

func (t *csvTable) name(n Named) string { return n.Name.In(t.site.lang()) }

func (t *csvTable) end(int) error {
	t.out.Flush()
	return t.out.Error()
}

// safeCell returns the text of a cell with an apostrophe before it where a
// spreadsheet would take it for a formula: where its first character that can be
// seen is one that begins formulas, in its full-width form too, or the cell
// begins with a tab or a new line.
func safeCell(s string) string {
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\n") {
		return "'" + s
	}
	seen := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	for _, begin := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(seen, begin) {
			return "'" + s
		}
	}
	return s
}
