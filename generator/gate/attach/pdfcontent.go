package attach

import (
	"bytes"
	"encoding/hex"
	"strings"
)

// operators are the operators of content streams that are carried, with how many
// operands they take; -1: as many as there are. Marks of content and
// compatibility sections are not among them: they draw nothing, and may hold text
// that nobody sees.
var operators = map[string]int{
	"q": 0, "Q": 0, "cm": 6, "w": 1, "J": 1, "j": 1, "M": 1, "d": 2, "ri": 1, "i": 1, "gs": 1,
	"m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "h": 0, "re": 4,
	"S": 0, "s": 0, "f": 0, "F": 0, "f*": 0, "B": 0, "B*": 0, "b": 0, "b*": 0, "n": 0, "W": 0, "W*": 0,
	"BT": 0, "ET": 0, "Tc": 1, "Tw": 1, "Tz": 1, "TL": 1, "Tf": 2, "Tr": 1, "Ts": 1, "Td": 2, "TD": 2, "Tm": 6, "T*": 0,
	"Tj": 1, "TJ": 1, "'": 1, "\"": 3, "d0": 2, "d1": 6,
	"CS": 1, "cs": 1, "SC": -1, "SCN": -1, "sc": -1, "scn": -1, "G": 1, "g": 1, "RG": 3, "rg": 3, "K": 4, "k": 4,
	"sh": 1, "Do": 1,
}

// drawn is what a content stream draws, as far as the gate must know.
type drawn struct {
	text   bool           // it shows text
	unset  bool           // it shows text before it has chosen a font
	curves int            // of paths: outlines of letters have many
	inline bool           // it has pictures of its own
	layers bool           // it has parts that can be switched off
	steps  int            // operators
	does   map[string]int // how often it draws each object of its resources
}

// maxOperands bounds what stands before an operator.
const maxOperands = 64

// content writes a content stream anew: known operators with the operands they
// take, one a line, and nothing else.
func content(in []byte) (out []byte, d drawn, err error) {
	l := &pdfLexer{b: in}
	out = make([]byte, 0, len(in))
	var operands []any
	font := false
	for !l.done() {
		o, err := l.object()
		if err != nil {
			return nil, d, err
		}
		word, ok := o.(pdfWord)
		if !ok {
			if len(operands) == maxOperands {
				operands = append(operands[:0], operands[1:]...)
			}
			operands = append(operands, o)
			continue
		}
		d.steps++
		if word == "BI" {
			if out, err = inlineImage(out, l); err != nil {
				return nil, d, err
			}
			d.inline = true
			operands = operands[:0]
			continue
		}
		if word == "BDC" && len(operands) >= 2 && operands[len(operands)-2] == any(pdfName("OC")) {
			d.layers = true
		}
		n, known := operators[string(word)]
		if n < 0 {
			n = len(operands)
		}
		if !known || len(operands) < n {
			operands = operands[:0]
			continue
		}
		operands = operands[len(operands)-n:]
		shows := word == "Tj" || word == "TJ" || word == "'" || word == "\""
		if !fits(operands, shows, word == "d") {
			operands = operands[:0]
			continue
		}
		switch word {
		case "Tf":
			font = true
		case "Do":
			if n, ok := operands[0].(pdfName); ok {
				if d.does == nil {
					d.does = map[string]int{}
				}
				d.does[string(n)]++
			}
		case "c", "v", "y":
			d.curves++
		}
		if shows {
			d.text = true
			d.unset = d.unset || !font
		}
		for _, o := range operands {
			out = append(appendPDF(out, o), ' ')
		}
		out = append(append(out, word...), '\n')
		operands = operands[:0]
	}
	return out, d, nil
}

// fits reports whether operands are of the types that operators take: numbers and
// names; strings and arrays of strings and numbers where text is shown; an array
// of numbers for dashes.
func fits(operands []any, shows, dash bool) bool {
	for _, o := range operands {
		switch o := o.(type) {
		case pdfNumber, pdfName:
		case pdfString:
			if !shows {
				return false
			}
		case pdfArray:
			for _, e := range o {
				switch e.(type) {
				case pdfNumber:
				case pdfString:
					if !shows {
						return false
					}
				default:
					return false
				}
			}
			if !shows && !dash {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// inlineKeys are the keys of pictures within a content stream, in their short and
// long spelling.
var inlineKeys = map[string]bool{
	"W": true, "Width": true, "H": true, "Height": true, "BPC": true, "BitsPerComponent": true, "CS": true, "ColorSpace": true,
	"F": true, "Filter": true, "DP": true, "DecodeParms": true, "IM": true, "ImageMask": true, "D": true, "Decode": true, "I": true, "Interpolate": true,
}

// inlineImage copies a picture within a content stream. Its data ends where EI
// stands between white space and the next words can be read.
func inlineImage(out []byte, l *pdfLexer) ([]byte, error) {
	dict := pdfDict{}
	for {
		o, err := l.object()
		if err != nil {
			return nil, err
		}
		if o == pdfWord("ID") {
			break
		}
		k, ok := o.(pdfName)
		if !ok {
			return nil, errPDF
		}
		v, err := l.object()
		if err != nil {
			return nil, err
		}
		if _, text := v.(pdfString); !inlineKeys[string(k)] || text {
			continue
		}
		dict[string(k)] = v
	}
	from := l.at + 1
	for at := from; ; {
		if at >= len(l.b) {
			return nil, errPDF
		}
		i := bytes.Index(l.b[at:], []byte("EI"))
		if i < 0 {
			return nil, errPDF
		}
		end := at + i
		at = end + 2
		if end <= from || !pdfSpace(l.b[end-1]) || at < len(l.b) && !pdfSpace(l.b[at]) || !readable8(l.b[at:min(at+24, len(l.b))]) {
			continue
		}
		out = append(out, "BI "...)
		body := appendPDF(nil, dict)
		out = append(out, bytes.TrimSuffix(bytes.TrimPrefix(body, []byte("<<")), []byte(">>"))...)
		out = append(out, "ID "...)
		out = append(out, l.b[from:end-1]...)
		out = append(out, "\nEI\n"...)
		l.at = at
		return out, nil
	}
}

// readable8 reports whether bytes look like operators and not like a picture.
func readable8(b []byte) bool {
	for _, c := range b {
		if c >= 0x7f || c < 0x20 && !pdfSpace(c) {
			return false
		}
	}
	return true
}

// program writes a character map or a calculator function anew, without its
// comments.
func program(in []byte) ([]byte, error) {
	l := &pdfLexer{b: in}
	out := make([]byte, 0, len(in))
	for !l.done() {
		first := l.b[l.at]
		o, err := l.object()
		if err != nil {
			return nil, err
		}
		if first == '[' || first == '<' {
			out = append(appendCodes(out, o), '\n')
			continue
		}
		out = append(appendPDF(out, o), '\n')
	}
	return out, nil
}

// appendCodes writes what stands in angle brackets in a character map: readers
// want codes there and no letters.
func appendCodes(b []byte, o any) []byte {
	switch o := o.(type) {
	case pdfString:
		return append(hex.AppendEncode(append(b, '<'), []byte(o)), '>')
	case pdfArray:
		b = append(b, '[')
		for _, v := range o {
			b = append(appendCodes(b, v), ' ')
		}
		return append(b, ']')
	}
	return appendPDF(b, o)
}

// nameText returns the names that a rebuilt file keeps, for the gate: a name is
// as good a hiding place as a string.
func nameText(names map[string]bool) string {
	var long []string
	for n := range names {
		if len(n) >= 7 {
			long = append(long, n)
		}
	}
	return strings.Join(sorted(long), "\n")
}
