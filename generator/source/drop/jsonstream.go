package drop

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

// jsonStream walks through a JSON document without holding more of it than one
// row.
type jsonStream struct {
	r    *bufio.Reader
	max  int
	buf  []byte // of the value being taken
	take bool
	n    int64

	whole bool // an object at the end of the path is a row, not a mistake
}

var (
	errBadJSON = errors.New("the JSON is broken")
	errNoRows  = errors.New("the rows are not where the mapping says")
)

func newJSONStream(r io.Reader, max int) *jsonStream {
	return &jsonStream{r: bufio.NewReaderSize(r, 64<<10), max: max}
}

// rows calls f for every row that path leads to, in the order of the document,
// and then reads the rest, so that half a document is noticed. What stands
// behind the first * of the path is taken apart in memory, row by row.
func (j *jsonStream) rows(path source.Path, f func(source.Item) error) error {
	found := false
	err := j.descend(path, func(it source.Item) error {
		found = true
		return f(it)
	}, &found)
	if err != nil {
		return err
	}
	if b, err := j.peek(); err == nil && b != 0 {
		return errBadJSON
	} else if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !found {
		return errNoRows
	}
	return nil
}

// descend follows path through the next value.
func (j *jsonStream) descend(path source.Path, f func(source.Item) error, found *bool) error {
	b, err := j.peek()
	if err != nil {
		return short(err)
	}
	switch {
	case b == '[' && (len(path) == 0 || path[0].All):
		*found = true
		rest := path
		if len(path) > 0 {
			rest = path[1:]
		}
		return j.items(']', func(string) error { return j.row("", rest, len(path) > 0, f) })
	case b == '{' && len(path) > 0 && path[0].All:
		*found = true
		return j.items('}', func(name string) error { return j.row(name, path[1:], true, f) })
	case b == '{' && len(path) == 0 && j.whole:
		*found = true
		return j.row("", nil, false, f)
	case b == '{' && len(path) > 0:
		return j.items('}', func(name string) error {
			if name == path[0].Name && !*found {
				return j.descend(path[1:], f, found)
			}
			return j.skip()
		})
	}
	return j.skip()
}

// row takes the next value and what the rest of the path makes of it.
func (j *jsonStream) row(name string, rest source.Path, star bool, f func(source.Item) error) error {
	text, err := j.value()
	if err != nil {
		return err
	}
	n, err := source.ParseJSON(text)
	if err != nil {
		return errors.Join(errBadJSON, err)
	}
	it := source.Item{Node: &n, Name: name}
	if !star || len(rest) == 0 {
		return f(it)
	}
	return rest.Walk(it, f)
}

// peek returns the next byte that is no white space, without taking it.
func (j *jsonStream) peek() (byte, error) {
	for {
		b, err := j.r.ReadByte()
		if err != nil {
			return 0, err
		}
		switch b {
		case ' ', '\t', '\r', '\n':
		default:
			return b, j.r.UnreadByte()
		}
	}
}

// short turns the end of the text inside of a value into an error.
func short(err error) error {
	if errors.Is(err, io.EOF) {
		return errShort
	}
	return err
}

// items calls f in front of every item of an array or object.
func (j *jsonStream) items(end byte, f func(name string) error) error {
	if _, err := j.r.ReadByte(); err != nil {
		return short(err)
	}
	seen := map[string]bool{}
	for first := true; ; first = false {
		b, err := j.peek()
		if err != nil {
			return short(err)
		}
		if b == end && first {
			_, err = j.r.ReadByte()
			return err
		}
		name := ""
		if end == '}' {
			if name, err = j.name(); err != nil {
				return err
			}
			if len(seen) < 100_000 {
				if seen[name] {
					return errBadJSON
				}
				seen[name] = true
			}
		}
		if err := f(name); err != nil {
			return err
		}
		if b, err = j.peek(); err != nil {
			return short(err)
		}
		if _, err := j.r.ReadByte(); err != nil {
			return short(err)
		}
		switch b {
		case end:
			return nil
		case ',':
		default:
			return errBadJSON
		}
	}
}

// name takes the name of a member and the colon behind it.
func (j *jsonStream) name() (string, error) {
	if b, err := j.peek(); err != nil || b != '"' {
		return "", errors.Join(short(err), errBadJSON)
	}
	text, err := j.value()
	if err != nil {
		return "", err
	}
	n, err := source.ParseJSON(text)
	if err != nil {
		return "", errors.Join(errBadJSON, err)
	}
	if b, err := j.peek(); err != nil || b != ':' {
		return "", errors.Join(short(err), errBadJSON)
	}
	if _, err := j.r.ReadByte(); err != nil {
		return "", short(err)
	}
	return n.Text, nil
}

// value takes the next value as it is written.
func (j *jsonStream) value() ([]byte, error) {
	j.buf, j.take = j.buf[:0], true
	err := j.skip()
	j.take = false
	return j.buf, err
}

// skip passes over the next value. It knows where a value ends, not whether it
// is well formed: that is for whoever takes it.
func (j *jsonStream) skip() error {
	if _, err := j.peek(); err != nil {
		return short(err)
	}
	depth, quoted, escaped := 0, false, false
	for {
		if _, err := j.r.Peek(1); err != nil {
			if errors.Is(err, io.EOF) && depth == 0 && !quoted {
				return nil // a plain value at the end of the text
			}
			return short(err)
		}
		part, _ := j.r.Peek(j.r.Buffered())
		n, done := 0, false
		for ; n < len(part) && !done; n++ {
			b := part[n]
			switch {
			case escaped:
				escaped = false
			case quoted:
				if b == '\\' {
					escaped = true
				} else if b == '"' {
					quoted = false
					done = depth == 0
				}
			case b == '"':
				quoted = true
			case b == '{' || b == '[':
				depth++
			case b == '}' || b == ']' || b == ',' || b == ' ' || b == '\n' || b == '\r' || b == '\t' || b == ':':
				if depth == 0 { // behind a plain value
					n, done = n-1, true
				} else if b == '}' || b == ']' {
					depth--
					done = depth == 0
				}
			}
		}
		if j.take {
			if len(j.buf)+n > j.max {
				return errLongRow
			}
			j.buf = append(j.buf, part[:n]...)
		}
		if j.n += int64(n); n == 0 && done {
			return errBadJSON // nothing where a value should be
		}
		if _, err := j.r.Discard(n); err != nil {
			return short(err)
		}
		if done {
			return nil
		}
	}
}

// scalar returns the text at the end of a path without *, or "".
func (j *jsonStream) scalar(path source.Path) (string, error) {
	b, err := j.peek()
	if err != nil {
		return "", short(err)
	}
	if len(path) == 0 {
		text, err := j.value()
		if err != nil {
			return "", err
		}
		n, err := source.ParseJSON(text)
		if err != nil {
			return "", errors.Join(errBadJSON, err)
		}
		return n.Text, nil
	}
	if b != '{' {
		return "", nil
	}
	got := ""
	err = j.items('}', func(name string) error {
		if name != path[0].Name {
			return j.skip()
		}
		got, err = j.scalar(path[1:])
		return err
	})
	return got, err
}

// lineReader reads JSON Lines.
type lineReader struct {
	r   *bufio.Reader
	max int
	n   int
	buf []byte
}

// next returns the next line and its number. ended reports whether it had a
// line ending. At the end the error is io.EOF.
func (l *lineReader) next() (line []byte, n int, ended bool, err error) {
	l.buf = l.buf[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if len(l.buf)+len(part) > l.max {
			return nil, l.n + 1, false, errLongRow
		}
		l.buf = append(l.buf, part...)
		switch {
		case err == nil:
			l.n++
			return l.buf, l.n, true, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(l.buf) > 0:
			l.n++
			return l.buf, l.n, false, nil
		default:
			return nil, l.n, false, err
		}
	}
}

// blank reports whether a line holds nothing.
func blank(b []byte) bool { return strings.TrimSpace(string(b)) == "" }
