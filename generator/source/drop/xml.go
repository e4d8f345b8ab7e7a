package drop

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// xmlReader reads the XML of workbooks piece by piece, without building
// anything. It knows elements, attributes, text and CDATA in UTF-8, which is
// what workbooks consist of; a document type, by which XML can be made to
// swell, is refused.
type xmlReader struct {
	r    io.Reader
	buf  []byte
	from int
	to   int
	eof  bool

	name  []byte // of the element of the last start or end, without prefix
	attrs []byte // the attributes of the last start, as written
	text  []byte // of the last text
}

type xmlToken int8

const (
	xmlStart xmlToken = iota
	xmlEnd
	xmlEmpty // start and end in one
	xmlText
)

var errXML = errors.New("broken XML")

// maxXMLToken bounds one tag or text. A text is a whole cell.
const maxXMLToken = 32 << 20

func newXML(r io.Reader) *xmlReader { return &xmlReader{r: r, buf: make([]byte, 64<<10)} }

// next returns the kind of the next token, whose parts are then in x until the
// following call. At the end the error is io.EOF.
func (x *xmlReader) next() (xmlToken, error) {
	for {
		b := x.buf[x.from:x.to]
		if len(b) == 0 {
			if x.eof {
				return 0, io.EOF
			}
		} else if b[0] != '<' {
			i := bytes.IndexByte(b, '<')
			if i >= 0 || x.eof {
				if i < 0 {
					i = len(b)
				}
				x.from += i
				var err error
				x.text, err = unescapeXML(x.text[:0], lineEnds(b[:i]))
				return xmlText, err
			}
		} else if n, tok, skip, err := x.tag(b); err != nil {
			return 0, err
		} else if n > 0 {
			x.from += n
			if skip {
				continue
			}
			return tok, nil
		} else if x.eof {
			return 0, errShort
		}
		if err := x.fill(); err != nil {
			return 0, err
		}
	}
}

func (x *xmlReader) fill() error {
	if x.from > 0 {
		copy(x.buf, x.buf[x.from:x.to])
		x.to -= x.from
		x.from = 0
	}
	if x.to == len(x.buf) {
		if len(x.buf) >= maxXMLToken {
			return errLongRow
		}
		x.buf = append(x.buf, make([]byte, len(x.buf))...)
	}
	n, err := x.r.Read(x.buf[x.to:])
	x.to += n
	if errors.Is(err, io.EOF) {
		x.eof, err = true, nil
	}
	return err
}

// tag reads what begins with < and returns its length, or 0 when it is not
// there whole.
func (x *xmlReader) tag(b []byte) (n int, tok xmlToken, skip bool, err error) {
	until := func(open, end string) (int, bool) {
		if !bytes.HasPrefix(b, []byte(open)) {
			return 0, false
		}
		if i := bytes.Index(b[len(open):], []byte(end)); i >= 0 {
			return len(open) + i + len(end), true
		}
		return 0, true
	}
	if n, ok := until("<!--", "-->"); ok {
		return n, 0, true, nil
	}
	if n, ok := until("<?", "?>"); ok {
		return n, 0, true, nil
	}
	if n, ok := until("<![CDATA[", "]]>"); ok {
		if n > 0 {
			x.text = append(x.text[:0], b[len("<![CDATA["):n-len("]]>")]...)
		}
		return n, xmlText, false, nil
	}
	if len(b) > 1 && b[1] == '!' {
		if len(b) < len("<![CDATA[") && !x.eof {
			return 0, 0, false, nil
		}
		return 0, 0, false, errXML
	}
	end := tagEnd(b)
	if end < 0 {
		return 0, 0, false, nil
	}
	in := b[1:end]
	switch {
	case len(in) > 0 && in[0] == '/':
		tok, in = xmlEnd, in[1:]
	case len(in) > 0 && in[len(in)-1] == '/':
		tok, in = xmlEmpty, in[:len(in)-1]
	}
	name, attrs := in, []byte(nil)
	if i := bytes.IndexAny(in, " \t\r\n"); i >= 0 {
		name, attrs = in[:i], in[i:]
	}
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	if len(name) == 0 {
		return 0, 0, false, errXML
	}
	x.name, x.attrs = append(x.name[:0], name...), append(x.attrs[:0], attrs...)
	return end + 1, tok, false, nil
}

// tagEnd returns where a tag is closed; a > inside of quotation marks does not
// close it.
func tagEnd(b []byte) int {
	quote := byte(0)
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

// attr returns an attribute of the last start, without regard to its prefix.
func (x *xmlReader) attr(name string) (string, bool) {
	a := x.attrs
	for {
		a = bytes.TrimLeft(a, " \t\r\n")
		eq := bytes.IndexByte(a, '=')
		if eq < 0 {
			return "", false
		}
		k := bytes.TrimRight(a[:eq], " \t\r\n")
		a = bytes.TrimLeft(a[eq+1:], " \t\r\n")
		if len(a) == 0 || a[0] != '"' && a[0] != '\'' {
			return "", false
		}
		end := bytes.IndexByte(a[1:], a[0])
		if end < 0 {
			return "", false
		}
		v := a[1 : 1+end]
		a = a[end+2:]
		if i := bytes.IndexByte(k, ':'); i >= 0 {
			k = k[i+1:]
		}
		if string(k) == name {
			u, err := unescapeXML(nil, v)
			return string(u), err == nil
		}
	}
}

// lineEnds turns the line endings of a text into line feeds, as XML asks.
func lineEnds(b []byte) []byte {
	if bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte{'\n'}), []byte{'\r'}, []byte{'\n'})
}

// unescapeXML appends b with its entities resolved.
func unescapeXML(to, b []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return append(to, b...), nil
		}
		to = append(to, b[:i]...)
		b = b[i+1:]
		end := bytes.IndexByte(b, ';')
		if end < 0 || end > 10 {
			return to, errXML
		}
		switch e := string(b[:end]); {
		case e == "amp":
			to = append(to, '&')
		case e == "lt":
			to = append(to, '<')
		case e == "gt":
			to = append(to, '>')
		case e == "quot":
			to = append(to, '"')
		case e == "apos":
			to = append(to, '\'')
		case len(e) > 1 && e[0] == '#':
			digits, base := e[1:], 10
			if digits[0] == 'x' || digits[0] == 'X' {
				digits, base = digits[1:], 16
			}
			n, err := strconv.ParseUint(digits, base, 21)
			if err != nil {
				return to, errXML
			}
			to = utf8.AppendRune(to, rune(n))
		default:
			return to, errXML
		}
		b = b[end+1:]
	}
}
