package attach

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"io"
	"slices"
	"strconv"

	"golang.org/x/image/tiff/lzw"
)

// pdfFile is a file as PDFium saves it: one table of objects, none of them packed
// into others. The hostile file itself is never read here.
type pdfFile struct {
	b       []byte
	offsets map[int]int
	trailer pdfDict
	objects map[int]any
	stream  int // bytes that one filter may give
	budget  int // bytes that all may still give
	reads   int // objects that may still be read
}

// openPDF reads the table of objects.
func openPDF(b []byte, lim Limits) (*pdfFile, error) {
	f := &pdfFile{b: b, offsets: map[int]int{}, objects: map[int]any{}, stream: lim.Unpacked, budget: 8 * lim.Unpacked, reads: 100 * lim.Entries}
	at := bytes.LastIndex(b, []byte("startxref"))
	if at < 0 {
		return nil, errPDF
	}
	l := &pdfLexer{b: b, at: at + len("startxref")}
	start, ok := l.integer()
	if !ok || start < 0 || start >= len(b) {
		return nil, errPDF
	}
	l = &pdfLexer{b: b, at: start, refs: true}
	if w, _ := l.object(); w != pdfWord("xref") {
		return nil, errPDF
	}
	l.refs = false
	for {
		at := l.at
		if w, _ := l.object(); w == pdfWord("trailer") {
			break
		}
		l.at = at
		first, ok1 := l.integer()
		n, ok2 := l.integer()
		if !ok1 || !ok2 || first < 0 || n < 0 || n > f.reads {
			return nil, errPDF
		}
		for i := range n {
			off, ok1 := l.integer()
			_, ok2 := l.integer()
			w, err := l.object()
			if !ok1 || !ok2 || err != nil {
				return nil, errPDF
			}
			if w == pdfWord("n") && off > 0 && off < len(b) {
				f.offsets[first+i] = off
			}
		}
	}
	l.refs = true
	t, err := l.object()
	if err != nil {
		return nil, err
	}
	if f.trailer, ok = t.(pdfDict); !ok || f.trailer["Prev"] != nil {
		return nil, errPDF
	}
	return f, nil
}

// integer reads a number without a point.
func (l *pdfLexer) integer() (int, bool) {
	o, err := l.object()
	n, ok := o.(pdfNumber)
	if err != nil || !ok {
		return 0, false
	}
	v, err := strconv.Atoi(string(n))
	return v, err == nil
}

// get returns what o stands for; references are followed. What is missing is nil.
func (f *pdfFile) get(o any) (any, error) {
	for range 8 {
		r, ok := o.(pdfRef)
		if !ok {
			return o, nil
		}
		v, known := f.objects[int(r)]
		if !known {
			var err error
			if v, err = f.load(int(r)); err != nil {
				return nil, err
			}
			f.objects[int(r)] = v
		}
		o = v
	}
	return nil, errPDF
}

// load reads an object of the table.
func (f *pdfFile) load(n int) (any, error) {
	off, ok := f.offsets[n]
	if !ok {
		return nil, nil
	}
	if f.reads--; f.reads < 0 {
		return nil, refusal("pdf-too-complex")
	}
	l := &pdfLexer{b: f.b, at: off, refs: true}
	got, ok1 := l.integer()
	_, ok2 := l.integer()
	if w, err := l.object(); !ok1 || !ok2 || got != n || err != nil || w != pdfWord("obj") {
		return nil, errPDF
	}
	o, err := l.object()
	if err != nil {
		return nil, err
	}
	dict, ok := o.(pdfDict)
	if !ok {
		return o, nil
	}
	if w, err := l.object(); err != nil || w != pdfWord("stream") {
		return dict, nil
	}
	if l.at < len(f.b) && f.b[l.at] == '\r' {
		l.at++
	}
	if l.at < len(f.b) && f.b[l.at] == '\n' {
		l.at++
	}
	from := l.at
	length, err := f.number(dict["Length"])
	if err != nil || length < 0 || length > len(f.b)-from {
		return nil, errPDF
	}
	return &pdfStream{dict: dict, data: f.b[from : from+length]}, nil
}

// number returns a whole number; -1 where there is none.
func (f *pdfFile) number(o any) (int, error) {
	o, err := f.get(o)
	if err != nil {
		return 0, err
	}
	n, ok := o.(pdfNumber)
	if !ok {
		return -1, nil
	}
	v, err := strconv.ParseFloat(string(n), 64)
	if err != nil || v < -1e9 || v > 1e9 {
		return 0, errPDF
	}
	return int(v), nil
}

// list returns o as a list: an array, one object, or nothing.
func (f *pdfFile) list(o any) (pdfArray, error) {
	o, err := f.get(o)
	if err != nil || o == nil {
		return nil, err
	}
	if a, ok := o.(pdfArray); ok {
		return a, nil
	}
	return pdfArray{o}, nil
}

// asDict returns o as a dictionary; that of a stream is one. nil where it is
// none.
func (f *pdfFile) asDict(o any) (pdfDict, error) {
	o, err := f.get(o)
	switch o := o.(type) {
	case pdfDict:
		return o, err
	case *pdfStream:
		return o.dict, err
	}
	return nil, err
}

// coded is the data of a stream as far as this package decodes it.
type coded struct {
	data   []byte
	filter string  // what data is still coded with: "", "DCTDecode" ...
	parms  pdfDict // of that filter, or of the predictor of the data
}

// decode takes off the filters that only pack bytes. It stops at those of
// pictures.
func (f *pdfFile) decode(s *pdfStream) (c coded, err error) {
	filters, err := f.list(s.dict["Filter"])
	if err != nil {
		return c, err
	}
	parms, err := f.list(s.dict["DecodeParms"])
	if err != nil {
		return c, err
	}
	if s.dict["F"] != nil {
		return c, refusal("pdf-actions") // data in another file
	}
	c.data = s.data
	for i, o := range filters {
		if o, err = f.get(o); err != nil {
			return c, err
		}
		name, _ := o.(pdfName)
		var p pdfDict
		if i < len(parms) {
			if p, err = f.asDict(parms[i]); err != nil {
				return c, err
			}
		}
		if c.parms != nil { // a predictor that is not the last
			return c, refusal("pdf-features")
		}
		switch name {
		case "FlateDecode", "Fl":
			if c.data, err = f.inflate(c.data); err != nil {
				return c, err
			}
			if n, err := f.number(p["Predictor"]); err != nil {
				return c, err
			} else if n > 1 {
				c.parms = p
			}
		case "ASCIIHexDecode", "AHx":
			end := bytes.IndexByte(c.data, '>')
			if end < 0 {
				end = len(c.data)
			}
			l := pdfLexer{b: append(append([]byte("<"), c.data[:end]...), '>')}
			o, err := l.hex()
			if err != nil {
				return c, err
			}
			c.data = o.(pdfString)
		case "ASCII85Decode", "A85":
			end := bytes.IndexByte(c.data, '~')
			if end < 0 {
				end = len(c.data)
			}
			if c.data, err = f.bounded(ascii85.NewDecoder(bytes.NewReader(c.data[:end]))); err != nil {
				return c, err
			}
		case "LZWDecode", "LZW":
			if n, err := f.number(p["EarlyChange"]); err != nil || n == 0 {
				return c, refusal("pdf-features")
			}
			if c.data, err = f.bounded(lzw.NewReader(bytes.NewReader(c.data), lzw.MSB, 8)); err != nil {
				return c, err
			}
			if n, err := f.number(p["Predictor"]); err != nil {
				return c, err
			} else if n > 1 {
				c.parms = p
			}
		case "DCTDecode", "DCT", "CCITTFaxDecode", "JBIG2Decode", "JPXDecode":
			if i != len(filters)-1 {
				return c, refusal("pdf-features")
			}
			c.filter, c.parms = string(name), p
			if name == "DCT" {
				c.filter = "DCTDecode"
			}
			return c, nil
		default:
			return c, refusal("pdf-features")
		}
	}
	return c, nil
}

// inflate unpacks data of FlateDecode. Data that ends early is taken as far as it
// goes, as readers do.
func (f *pdfFile) inflate(data []byte) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, errPDF
	}
	return f.bounded(r)
}

// bounded reads all of r within the budget.
func (f *pdfFile) bounded(r io.Reader) ([]byte, error) {
	// In pieces: a buffer that grows holds three times what it is given.
	var pieces [][]byte
	n := 0
	for {
		piece := make([]byte, 64<<10)
		got, err := io.ReadFull(r, piece)
		n += got
		pieces = append(pieces, piece[:got])
		if f.budget -= got; f.budget < 0 || n > f.stream {
			return nil, refusal("pdf-too-complex")
		}
		if err == nil {
			continue
		}
		if n == 0 && err != io.EOF {
			return nil, errPDF
		}
		return slices.Concat(pieces...), nil
	}
}

// plain returns the decoded data of a stream that is no picture.
func (f *pdfFile) plain(s *pdfStream) ([]byte, error) {
	c, err := f.decode(s)
	if err != nil {
		return nil, err
	}
	if c.filter != "" || c.parms != nil {
		return nil, refusal("pdf-features")
	}
	return c.data, nil
}

// deflate packs data, always in the same way.
func deflate(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
