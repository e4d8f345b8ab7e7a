package drop

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
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
	fmt.Fprintf(b, ", %s\n", plural(r.Rows, "row"))
	for _, s := range r.Inner {
		fmt.Fprintf(b, "  in the archive: %s\n", visible(s, 100))
	}
	for _, s := range r.Sheets {
		name := s.Name
		if name == "" {
			name = "the table"
		}
		fmt.Fprintf(b, "  %s: %s", visible(name, 60), plural(s.Rows, "filled row"))
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

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
