package attach

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strconv"
)

// The objects of a PDF file, besides nil, bool and [pdfNumber].
type (
	pdfNumber string         // as written, checked
	pdfName   string         // decoded, without the slash
	pdfString []byte         // decoded
	pdfArray  []any          //
	pdfDict   map[string]any // by decoded name
	pdfRef    int            // number of an indirect object
	pdfWord   string         // an operator of a content stream, or a keyword
)

// pdfStream is a dictionary with data as stored, before its filters.
type pdfStream struct {
	dict pdfDict
	data []byte
}

// maxNesting bounds how deeply objects may be nested.
const maxNesting = 60

// errPDF is a file that is not built as PDFium writes it.
const errPDF = refusal("damaged-pdf")

// pdfLexer reads objects from bytes. It serves files, content streams and
// character maps, which share their spelling.
type pdfLexer struct {
	b     []byte
	at    int
	refs  bool // "1 0 R" is a reference
	depth int
}

func pdfSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func pdfDelim(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// space goes to the next byte that is neither white space nor comment.
func (l *pdfLexer) space() {
	for l.at < len(l.b) {
		switch c := l.b[l.at]; {
		case pdfSpace(c):
			l.at++
		case c == '%':
			for l.at < len(l.b) && l.b[l.at] != '\n' && l.b[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

// done reports whether nothing is left.
func (l *pdfLexer) done() bool {
	l.space()
	return l.at >= len(l.b)
}

// object reads the next object or word.
func (l *pdfLexer) object() (any, error) {
	if l.depth++; l.depth > maxNesting {
		return nil, errPDF
	}
	defer func() { l.depth-- }()
	if l.done() {
		return nil, errPDF
	}
	switch c := l.b[l.at]; {
	case c == '/':
		return l.name()
	case c == '(':
		return l.text()
	case c == '<' && l.at+1 < len(l.b) && l.b[l.at+1] == '<':
		l.at += 2
		return l.dict()
	case c == '<':
		return l.hex()
	case c == '[':
		l.at++
		out := pdfArray{}
		for {
			if l.done() {
				return nil, errPDF
			}
			if l.b[l.at] == ']' {
				l.at++
				return out, nil
			}
			o, err := l.object()
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
	case c == '{' || c == '}': // of calculator functions
		l.at++
		return pdfWord(c), nil
	case pdfDelim(c):
		return nil, errPDF
	}
	from := l.at
	for l.at < len(l.b) && !pdfSpace(l.b[l.at]) && !pdfDelim(l.b[l.at]) {
		l.at++
	}
	w := string(l.b[from:l.at])
	switch w {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	if n, ok := pdfNumeral(w); ok {
		if l.refs {
			if r, ok := l.reference(w); ok {
				return r, nil
			}
		}
		return n, nil
	}
	return pdfWord(w), nil
}

// reference completes "N G R" after N was read.
func (l *pdfLexer) reference(first string) (pdfRef, bool) {
	n, err := strconv.Atoi(first)
	if err != nil || n < 0 {
		return 0, false
	}
	at := l.at
	l.space()
	from := l.at
	for l.at < len(l.b) && l.b[l.at] >= '0' && l.b[l.at] <= '9' {
		l.at++
	}
	if l.at > from {
		l.space()
		if l.at < len(l.b) && l.b[l.at] == 'R' && (l.at+1 == len(l.b) || pdfSpace(l.b[l.at+1]) || pdfDelim(l.b[l.at+1])) {
			l.at++
			return pdfRef(n), true
		}
	}
	l.at = at
	return 0, false
}

// pdfNumeral returns a number in its plainest spelling.
func pdfNumeral(w string) (pdfNumber, bool) {
	digits := w
	sign := ""
	for len(digits) > 0 && (digits[0] == '+' || digits[0] == '-') {
		if digits[0] == '-' {
			sign = "-"
		}
		digits = digits[1:]
	}
	whole, part, _ := bytes.Cut([]byte(digits), []byte("."))
	if i := bytes.IndexByte(part, '-'); i >= 0 {
		part = part[:i] // "0.00-35", which some writers make
	}
	if len(whole)+len(part) == 0 || len(whole) > 20 {
		return "", false
	}
	for _, c := range append(slices.Clone(whole), part...) {
		if c < '0' || c > '9' {
			return "", false
		}
	}
	whole = bytes.TrimLeft(whole, "0")
	if len(part) > 8 {
		part = part[:8]
	}
	part = bytes.TrimRight(part, "0")
	out := string(whole)
	if out == "" {
		out = "0"
	}
	if len(part) > 0 {
		out += "." + string(part)
	}
	if out == "0" {
		sign = ""
	}
	return pdfNumber(sign + out), true
}

func (l *pdfLexer) name() (any, error) {
	l.at++
	var out []byte
	for l.at < len(l.b) && !pdfSpace(l.b[l.at]) && !pdfDelim(l.b[l.at]) {
		c := l.b[l.at]
		if c == '#' && l.at+2 < len(l.b) {
			if v, err := strconv.ParseUint(string(l.b[l.at+1:l.at+3]), 16, 8); err == nil {
				out = append(out, byte(v))
				l.at += 3
				continue
			}
		}
		out = append(out, c)
		l.at++
	}
	if len(out) > 127 {
		return nil, errPDF
	}
	return pdfName(out), nil
}

func (l *pdfLexer) hex() (any, error) {
	l.at++
	out := pdfString{}
	high, half := 0, false
	for ; l.at < len(l.b); l.at++ {
		c := l.b[l.at]
		v := bytes.IndexByte([]byte("0123456789abcdef"), c|0x20)
		switch {
		case c == '>':
			l.at++
			if half {
				out = append(out, byte(high<<4))
			}
			return out, nil
		case pdfSpace(c):
		case v < 0 || c < '0':
			return nil, errPDF
		case half:
			out, half = append(out, byte(high<<4|v)), false
		default:
			high, half = v, true
		}
	}
	return nil, errPDF
}

func (l *pdfLexer) text() (any, error) {
	l.at++
	out := pdfString{}
	for open := 1; l.at < len(l.b); l.at++ {
		c := l.b[l.at]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.at++
				return out, nil
			}
		case '\r':
			if l.at+1 < len(l.b) && l.b[l.at+1] == '\n' {
				l.at++
			}
			c = '\n'
		case '\\':
			if l.at++; l.at >= len(l.b) {
				return nil, errPDF
			}
			switch c = l.b[l.at]; c {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case 'b':
				c = '\b'
			case 'f':
				c = '\f'
			case '\r':
				if l.at+1 < len(l.b) && l.b[l.at+1] == '\n' {
					l.at++
				}
				continue
			case '\n':
				continue
			default:
				if c < '0' || c > '7' {
					break
				}
				v := 0
				for i := 0; i < 3 && l.at < len(l.b) && l.b[l.at] >= '0' && l.b[l.at] <= '7'; i++ {
					v = v<<3 | int(l.b[l.at]-'0')
					l.at++
				}
				l.at--
				c = byte(v)
			}
		}
		out = append(out, c)
	}
	return nil, errPDF
}

func (l *pdfLexer) dict() (any, error) {
	out := pdfDict{}
	for {
		if l.done() {
			return nil, errPDF
		}
		if l.b[l.at] == '>' {
			if l.at+1 >= len(l.b) || l.b[l.at+1] != '>' {
				return nil, errPDF
			}
			l.at += 2
			return out, nil
		}
		k, err := l.object()
		if err != nil {
			return nil, err
		}
		name, ok := k.(pdfName)
		if !ok {
			return nil, errPDF
		}
		v, err := l.object()
		if err != nil {
			return nil, err
		}
		if _, word := v.(pdfWord); word {
			return nil, errPDF
		}
		out[string(name)] = v
	}
}

// literal reports whether a string can be written as it is between brackets.
func literal(s pdfString) bool {
	for _, c := range s {
		if c < 0x20 || c >= 0x7f || c == '(' || c == ')' || c == '\\' {
			return false
		}
	}
	return true
}

// appendPDF writes an object in the one spelling that this package uses.
func appendPDF(b []byte, o any) []byte {
	switch o := o.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, o)
	case pdfNumber:
		return append(b, o...)
	case pdfWord:
		return append(b, o...)
	case pdfRef:
		return append(strconv.AppendInt(b, int64(o), 10), " 0 R"...)
	case pdfName:
		b = append(b, '/')
		for _, c := range []byte(o) {
			if c <= 0x20 || c >= 0x7f || c == '#' || pdfDelim(c) {
				const digits = "0123456789ABCDEF"
				b = append(b, '#', digits[c>>4], digits[c&15])
				continue
			}
			b = append(b, c)
		}
		return b
	case pdfString:
		if literal(o) {
			return append(append(append(b, '('), o...), ')')
		}
		return append(hex.AppendEncode(append(b, '<'), []byte(o)), '>')
	case pdfArray:
		b = append(b, '[')
		for i, v := range o {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendPDF(b, v)
		}
		return append(b, ']')
	case pdfDict:
		keys := make([]string, 0, len(o))
		for k := range o {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		b = append(b, "<<"...)
		for _, k := range keys {
			b = append(appendPDF(b, pdfName(k)), ' ')
			b = append(appendPDF(b, o[k]), '\n')
		}
		return append(b, ">>"...)
	}
	return b
}
