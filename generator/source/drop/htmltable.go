package drop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/huiyin/huiyin/generator/source"
)

// htmlRows reads the tables of an HTML page, which many systems send under the
// name .xls. Every outermost table is a sheet, named by its number; a table
// inside of a cell is text of that cell. A value that spans several cells
// stands in each of them.
func htmlRows(ctx context.Context, r io.Reader, l source.Limits, f rowFunc) error {
	t := htmlTable{f: f, limits: l}
	z := html.NewTokenizer(r)
	z.SetMaxBuf(l.Row)
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		tt := z.Next()
		if tt == html.ErrorToken {
			switch err := z.Err(); {
			case errors.Is(err, html.ErrBufferExceeded):
				return errLongRow
			case !errors.Is(err, io.EOF):
				return err
			case t.depth > 0:
				return errShort
			}
			return nil
		}
		if err := t.token(z, tt); err != nil {
			return err
		}
	}
}

// htmlTable gathers the cells of a row.
type htmlTable struct {
	f      rowFunc
	limits source.Limits
	sheet  int
	depth  int // of tables
	row    int
	cells  []string
	open   bool // inside of a cell
	inRow  bool
	mute   bool // inside of a script or style
	text   strings.Builder
	spanC  int
	spanR  int
	spans  []htmlSpan // by column: values that reach into the rows below
}

type htmlSpan struct {
	rows int // how many rows below still
	text string
}

var errWide = errors.New("a row has more cells than a sheet can have")

func (t *htmlTable) token(z *html.Tokenizer, tt html.TokenType) error {
	switch tt {
	case html.TextToken:
		if t.open && !t.mute {
			t.text.Write(z.Text())
		}
		return nil
	case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
	default:
		return nil
	}
	name, attrs := z.TagName()
	tag, end := atom.Lookup(name), tt == html.EndTagToken
	switch tag {
	case atom.Script, atom.Style:
		t.mute = tt == html.StartTagToken
	case atom.Table:
		return t.table(end)
	}
	if t.depth != 1 {
		return nil
	}
	switch tag {
	case atom.Tr:
		if err := t.endRow(); err != nil {
			return err
		}
		if t.inRow = !end; t.inRow {
			t.cells = t.cells[:0]
		}
	case atom.Td, atom.Th:
		if err := t.endCell(); err != nil {
			return err
		}
		if !end {
			t.inRow = true
			t.begin(z, attrs)
		}
	case atom.Br, atom.P, atom.Div, atom.Li:
		if s := t.text.String(); t.open && s != "" && !strings.HasSuffix(s, "\n") {
			t.text.WriteByte('\n')
		}
	}
	return nil
}

func (t *htmlTable) table(end bool) error {
	if !end {
		if t.depth++; t.depth == 1 {
			t.sheet++
			t.row, t.spans, t.inRow = 0, nil, false
		}
		return nil
	}
	if t.depth == 0 {
		return nil
	}
	t.depth--
	if t.depth == 0 {
		return t.endRow()
	}
	return nil
}

func (t *htmlTable) begin(z *html.Tokenizer, attrs bool) {
	t.open, t.spanC, t.spanR = true, 1, 1
	t.text.Reset()
	for attrs {
		var k, v []byte
		k, v, attrs = z.TagAttr()
		n, err := strconv.Atoi(strings.TrimSpace(string(v)))
		if err != nil || n < 1 {
			continue
		}
		switch string(k) {
		case "colspan":
			t.spanC = min(n, 1000)
		case "rowspan":
			t.spanR = min(n, 65534)
		}
	}
}

// fall takes over what reaches down into the next column of this row.
func (t *htmlTable) fall() {
	for c := len(t.cells); c < len(t.spans) && t.spans[c].rows > 0; c++ {
		t.spans[c].rows--
		t.cells = append(t.cells, t.spans[c].text)
	}
}

func (t *htmlTable) endCell() error {
	if !t.open {
		return nil
	}
	t.open = false
	text := strings.TrimSpace(t.text.String())
	for range t.spanC {
		t.fall()
		c := len(t.cells)
		if c >= maxColumns {
			return errWide
		}
		t.cells = append(t.cells, text)
		if t.spanR > 1 {
			for len(t.spans) <= c {
				t.spans = append(t.spans, htmlSpan{})
			}
			t.spans[c] = htmlSpan{t.spanR - 1, text}
		}
	}
	return nil
}

func (t *htmlTable) endRow() error {
	if err := t.endCell(); err != nil {
		return err
	}
	if !t.inRow {
		return nil
	}
	t.inRow = false
	t.fall()
	if t.row++; t.row > t.limits.Rows {
		return fmt.Errorf("%w: %d", errRows, t.limits.Rows)
	}
	return t.f(strconv.Itoa(t.sheet), t.row, t.cells, nil)
}

var errRows = errors.New("more rows than the limit")
