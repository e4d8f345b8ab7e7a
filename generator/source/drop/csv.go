package drop

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// csvReader reads separated text. It forgives what can be understood: quotation
// marks in the middle of a cell, rows of any length, any line ending. It does
// not forgive a quotation mark that is never closed, because then nothing
// behind it can be trusted.
type csvReader struct {
	r      io.Reader
	buf    []byte
	from   int // start of the row in buf
	to     int // end of what was read into buf
	eof    bool
	delim  []byte
	quotes bool
	max    int // longest row, in bytes

	row   int
	cells []string
	ended bool   // the row last returned had a line ending
	text  []byte // scratch of a row with quotation marks
	ends  []int  // where its cells end in text
}

var (
	errOpenQuote = errors.New("a quotation mark is never closed")
	errLongRow   = errors.New("a row is longer than the limit")
)

func newCSV(r io.Reader, delim string, quotes bool, max int) *csvReader {
	return &csvReader{r: r, buf: make([]byte, 64<<10), delim: []byte(delim), quotes: quotes, max: max}
}

// next returns the next row and its number, from 1. The slice is used again by
// the following call; its texts are not. At the end the error is io.EOF.
func (c *csvReader) next() ([]string, int, error) {
	for {
		n, err := c.parse(c.buf[c.from:c.to])
		if err != nil {
			return nil, c.row + 1, err
		}
		if n > 0 {
			c.ended = c.buf[c.from+n-1] == '\n'
			c.from += n
			c.row++
			return c.cells, c.row, nil
		}
		if c.eof {
			return nil, c.row, io.EOF
		}
		if err := c.fill(); err != nil {
			return nil, c.row + 1, err
		}
	}
}

// fill reads more of the text behind the row that is incomplete.
func (c *csvReader) fill() error {
	if c.from > 0 {
		copy(c.buf, c.buf[c.from:c.to])
		c.to -= c.from
		c.from = 0
	}
	if c.to == len(c.buf) {
		if len(c.buf) >= c.max {
			return errLongRow
		}
		c.buf = append(c.buf, make([]byte, min(len(c.buf), c.max-len(c.buf)+1))...)
	}
	n, err := c.r.Read(c.buf[c.to:])
	c.to += n
	if errors.Is(err, io.EOF) {
		c.eof, err = true, nil
	}
	return err
}

// parse reads one row from the start of b and returns its length with the line
// ending, or 0 when b does not hold it whole.
func (c *csvReader) parse(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	end := bytes.IndexByte(b, '\n')
	if end < 0 && !c.eof {
		if !c.quotes || bytes.IndexByte(b, '"') < 0 {
			return 0, nil
		}
	}
	line, n := b, len(b)
	if end >= 0 {
		line, n = b[:end], end+1
	}
	if !c.quotes || bytes.IndexByte(line, '"') < 0 {
		if end < 0 && !c.eof {
			return 0, nil
		}
		c.plain(line)
		return n, nil
	}
	return c.quoted(b)
}

// plain splits a line without quotation marks.
func (c *csvReader) plain(line []byte) {
	if len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	s := string(line)
	d := string(c.delim)
	c.cells = c.cells[:0]
	for {
		i := strings.Index(s, d)
		if i < 0 {
			c.cells = append(c.cells, s)
			return
		}
		c.cells = append(c.cells, s[:i])
		s = s[i+len(d):]
	}
}

// quoted reads a row that has quotation marks.
func (c *csvReader) quoted(b []byte) (int, error) {
	c.text, c.ends = c.text[:0], c.ends[:0]
	p := 0
	for {
		if p < len(b) && b[p] == '"' {
			q, closed := c.inQuotes(b, p+1)
			if !closed {
				if c.eof {
					return 0, errOpenQuote
				}
				return 0, nil
			}
			p = q
		}
		// Up to the delimiter or the line end; behind a closed quotation mark
		// normally nothing.
		seg := b[p:]
		d := bytes.Index(seg, c.delim)
		if d >= 0 {
			seg = seg[:d]
		}
		end := bytes.IndexByte(seg, '\n')
		switch {
		case end >= 0:
			c.text = append(c.text, bytes.TrimSuffix(seg[:end], []byte{'\r'})...)
			p += end + 1
		case d >= 0:
			c.text = append(c.text, seg...)
			c.ends = append(c.ends, len(c.text))
			p += d + len(c.delim)
			continue
		case c.eof:
			c.text = append(c.text, seg...)
			p = len(b)
		default:
			return 0, nil
		}
		c.ends = append(c.ends, len(c.text))
		c.cut()
		return p, nil
	}
}

// inQuotes appends the inside of a cell in quotation marks that begins at p,
// and returns where it ends.
func (c *csvReader) inQuotes(b []byte, p int) (int, bool) {
	for {
		i := bytes.IndexByte(b[p:], '"')
		if i < 0 || p+i+1 >= len(b) && !c.eof {
			return 0, false
		}
		c.text = append(c.text, b[p:p+i]...)
		p += i + 1
		if p >= len(b) || b[p] != '"' {
			return p, true
		}
		c.text = append(c.text, '"')
		p++
	}
}

// cut makes the cells of a row from its text.
func (c *csvReader) cut() {
	s := string(c.text)
	c.cells = c.cells[:0]
	from := 0
	for _, to := range c.ends {
		c.cells = append(c.cells, s[from:to])
		from = to
	}
}

// delimiters are tried in this order; of two that fit equally well the earlier
// is taken.
var delimiters = []string{",", "\t", ";", "|"}

// sniffDelimiter returns the delimiter with which the beginning of a text falls
// into rows of the same length. The beginning may end anywhere.
func sniffDelimiter(head []byte) string {
	best, bestScore := ",", 0
	for _, d := range delimiters {
		c := newCSV(bytes.NewReader(head), d, true, len(head)+1)
		widths := map[int]int{}
		rows := 0
		for rows < 200 {
			cells, _, err := c.next()
			if err != nil {
				break
			}
			rows++
			if len(cells) > 1 {
				widths[len(cells)]++
			}
		}
		for w, n := range widths {
			score := n*1000/max(rows, 1)*10 + min(w, 9)
			if score > bestScore {
				best, bestScore = d, score
			}
		}
	}
	return best
}
