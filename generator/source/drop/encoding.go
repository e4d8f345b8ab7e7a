package drop

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/huiyin/huiyin/generator/fault"
)

// charset is how the characters of a text file are written.
type charset struct {
	name     string // utf-8, gb18030, big5, utf-16le, utf-16be, windows-1252
	bom      int    // bytes to leave out at the start
	doubtful bool   // some bytes belong to no character
	oldMac   bool   // lines end with a carriage return alone
}

// sniffCharset reads the whole text once and says how it is written. It reads
// all of it because a file that begins in ASCII may go on in anything.
func sniffCharset(name string, r io.Reader, forced string) (charset, error) {
	s := charsetScan{}
	if _, err := io.CopyBuffer(&s, onlyReader{r}, make([]byte, 256<<10)); err != nil {
		return charset{}, err
	}
	if s.n == 0 {
		return charset{}, fault.New(name+": the file is empty", "export it again; an export without rows has at least a header")
	}
	cs, err := s.decide(forced)
	if err != nil {
		return cs, fault.New(name+": "+err.Error(), "export again as UTF-8, or state encoding: in the mapping")
	}
	return cs, nil
}

type onlyReader struct{ io.Reader }

// charsetScan gathers what tells encodings apart.
type charsetScan struct {
	head     []byte
	n        int64
	rest     []byte   // the beginning of a character at the end of the last piece
	multi    int64    // characters of several bytes in well-formed UTF-8
	broken   int64    // bytes that are not
	nul      [2]int64 // NUL bytes at even and odd offsets
	newlines int64
	returns  int64
}

func (s *charsetScan) Write(p []byte) (int, error) {
	if len(s.head) < 4 {
		s.head = append(s.head, p[:min(len(p), 4-len(s.head))]...)
	}
	s.newlines += int64(bytes.Count(p, []byte{'\n'}))
	s.returns += int64(bytes.Count(p, []byte{'\r'}))
	if bytes.IndexByte(p, 0) >= 0 {
		for i, b := range p {
			if b == 0 {
				s.nul[(s.n+int64(i))&1]++
			}
		}
	}
	s.n += int64(len(p))
	text := p
	if len(s.rest) > 0 {
		text = append(s.rest, p...)
		s.rest = nil
	}
	s.utf8(text)
	return len(p), nil
}

// utf8 counts well-formed and broken characters. What is well-formed is counted
// by its bytes, which is fast and near enough.
func (s *charsetScan) utf8(text []byte) {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				s.rest = bytes.Clone(text[i:])
				text = text[:i]
			}
			break
		}
	}
	if utf8.Valid(text) {
		s.multi += highBytes(text) / 2
		return
	}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1:
			s.broken++
		case n > 1:
			s.multi++
		}
		text = text[n:]
	}
}

// highBytes counts the bytes that are no ASCII.
func highBytes(b []byte) int64 {
	n := 0
	for len(b) >= 8 {
		n += bits.OnesCount64(binary.LittleEndian.Uint64(b) & 0x8080808080808080)
		b = b[8:]
	}
	for _, c := range b {
		n += int(c >> 7)
	}
	return int64(n)
}

func (s *charsetScan) decide(forced string) (charset, error) {
	s.broken += int64(len(s.rest))
	cs := charset{oldMac: s.newlines == 0 && s.returns > 0}
	switch h := s.head; {
	case bytes.HasPrefix(h, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(h, []byte{0, 0, 0xfe, 0xff}):
		return cs, fmt.Errorf("the text is written in UTF-32")
	case bytes.HasPrefix(h, []byte{0xef, 0xbb, 0xbf}):
		cs.name, cs.bom = "utf-8", 3
	case bytes.HasPrefix(h, []byte{0xff, 0xfe}):
		cs.name, cs.bom = "utf-16le", 2
	case bytes.HasPrefix(h, []byte{0xfe, 0xff}):
		cs.name, cs.bom = "utf-16be", 2
	case s.nul[1] > 4*s.nul[0] && s.nul[1] > s.n/200:
		cs.name = "utf-16le"
	case s.nul[0] > 4*s.nul[1] && s.nul[0] > s.n/200:
		cs.name = "utf-16be"
	case s.broken == 0 || s.multi > 10*s.broken:
		cs.name = "utf-8"
	default:
		cs.name = "gb18030"
	}
	if forced != "" {
		if forced != cs.name {
			cs.bom = 0
		}
		cs.name = forced
	}
	if s.nul[0]+s.nul[1] > s.n/2 && !strings.HasPrefix(cs.name, "utf-16") {
		return cs, fmt.Errorf("most of the file is NUL bytes; it was damaged on its way")
	}
	cs.doubtful = cs.name != "utf-8" || s.broken > 0
	if strings.HasPrefix(cs.name, "utf-16") {
		cs.oldMac = false
	}
	return cs, nil
}

// decode returns the text as UTF-8.
func (cs charset) decode(r io.Reader) io.Reader {
	if cs.bom > 0 {
		// A text shorter than its mark would have been found empty before.
		_, _ = io.CopyN(io.Discard, r, int64(cs.bom))
	}
	var e encoding.Encoding
	switch cs.name {
	case "gb18030":
		e = simplifiedchinese.GB18030
	case "big5":
		e = traditionalchinese.Big5
	case "utf-16le":
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case "utf-16be":
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case "windows-1252":
		e = charmap.Windows1252
	}
	if e != nil {
		r = transform.NewReader(r, e.NewDecoder())
	}
	if cs.oldMac {
		r = crToLF{r}
	}
	return r
}

// crToLF turns carriage returns into line feeds.
type crToLF struct{ r io.Reader }

func (c crToLF) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
