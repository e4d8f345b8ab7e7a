package drop

import (
	"bufio"
	"io"
	"unicode/utf8"
)

// textHead is how much of a text is looked at to say how it is written.
const textHead = 1 << 20

// Text returns a text as UTF-8, whatever it is written in, and the name of its
// encoding. It decides by the first MiB. Bytes that belong to no character stay
// in UTF-8 what they are, so that whoever reads on can see them; in other
// encodings they become U+FFFD. A text is taken for GB18030 only when it reads
// like Chinese in it: broken UTF-8 does not.
func Text(r io.Reader) (text io.Reader, encoding string, err error) {
	b := bufio.NewReaderSize(r, textHead)
	head, err := b.Peek(textHead)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	s := charsetScan{}
	s.Write(head)
	cs := charset{name: "utf-8"}
	if len(head) > 0 {
		if cs, err = s.decide(""); err != nil {
			return b, "utf-8", nil // mostly NUL bytes, or UTF-32: broken, as it will turn out
		}
	}
	if cs.name == "gb18030" && !readsAsGB(head) {
		cs.name = "utf-8"
	}
	return cs.decode(b), cs.name, nil
}

// readsAsGB reports whether a text that is no UTF-8 reads like Chinese in
// GB18030: its characters are whole, and most of them are common ones, which in
// that encoding stand together (level 1 of GB 2312, and its punctuation). UTF-8
// that was cut or glued together fails in one or the other. The end of the text may
// be cut.
func readsAsGB(b []byte) bool {
	common, all := 0, 0
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			i++
			continue
		}
		if i+1 >= len(b) {
			return all > 0 && common*5 >= all*3
		}
		d := b[i+1]
		switch {
		case c == 0x80 || c == 0xff:
			return false
		case d >= '0' && d <= '9': // four bytes
			if i+3 < len(b) && (b[i+2] < 0x81 || b[i+2] > 0xfe || b[i+3] < '0' || b[i+3] > '9') {
				return false
			}
			i += 2
		case d < 0x40 || d == 0x7f || d == 0xff:
			return false
		case d >= 0xa1 && (c >= 0xb0 && c <= 0xd7 || c >= 0xa1 && c <= 0xa3):
			common++
		}
		all++
		i += 2
	}
	return all > 0 && common*5 >= all*3
}
