package attach_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
)

// pdfMaker writes small PDFs. Objects are numbered from 1: 1 is the catalogue, 2
// the tree of pages, 3 the font; what a test adds comes after.
type pdfMaker struct {
	objects []string
	catalog string // more keys of the catalogue
	trailer string // more keys of the trailer
	pages   []string
	tail    string // after the end
	packed  bool   // objects in object streams, with a stream as table
	streams map[int]bool
}

func newPDF() *pdfMaker {
	m := &pdfMaker{streams: map[int]bool{}}
	m.add("") // catalogue
	m.add("") // pages
	m.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	return m
}

// add adds an object and returns its number.
func (m *pdfMaker) add(body string) int {
	m.objects = append(m.objects, body)
	return len(m.objects)
}

// stream adds a stream with more keys.
func (m *pdfMaker) stream(keys, data string) int {
	n := m.add(fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", keys, len(data), data))
	m.streams[n] = true
	return n
}

// page adds a page with content and more keys, such as /Rotate 90.
func (m *pdfMaker) page(content string, keys ...string) *pdfMaker {
	return m.pageWith("", content, keys...)
}

// pageWith adds a page with more resources.
func (m *pdfMaker) pageWith(resources, content string, keys ...string) *pdfMaker {
	c := m.stream("", content)
	k := strings.Join(keys, "")
	if !strings.Contains(k, "/MediaBox") {
		k += "/MediaBox[0 0 400 300]"
	}
	n := m.add(fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>%s>>/Contents %d 0 R%s>>", resources, c, k))
	m.pages = append(m.pages, fmt.Sprintf("%d 0 R", n))
	return m
}

// bytes writes the file.
func (m *pdfMaker) bytes() []byte {
	m.objects[0] = "<</Type/Catalog/Pages 2 0 R" + m.catalog + ">>"
	m.objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", strings.Join(m.pages, " "), len(m.pages))
	if m.packed {
		return m.packedBytes()
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	at := make([]int, len(m.objects))
	for i, o := range m.objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n%s", len(at)+1, m.trailer, start, m.tail)
	return b.Bytes()
}

// packedBytes writes the file with object streams.
func (m *pdfMaker) packedBytes() []byte {
	var index, bodies bytes.Buffer
	count := 0
	holder := len(m.objects) + 1
	for i, o := range m.objects {
		if m.streams[i+1] {
			continue
		}
		fmt.Fprintf(&index, "%d %d ", i+1, bodies.Len())
		bodies.WriteString(o + "\n")
		count++
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var rows bytes.Buffer
	row := func(kind, a, c int) {
		rows.Write([]byte{byte(kind), byte(a >> 16), byte(a >> 8), byte(a), byte(c >> 8), byte(c)})
	}
	row(0, 0, 65535)
	k := 0
	for i, o := range m.objects {
		if m.streams[i+1] {
			row(1, b.Len(), 0)
			fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
			continue
		}
		row(2, holder, k)
		k++
	}
	row(1, b.Len(), 0)
	data := squeezed(index.String() + bodies.String())
	fmt.Fprintf(&b, "%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n", holder, count, index.Len(), len(data), data)
	start := b.Len()
	row(1, start, 0)
	data = squeezed(rows.String())
	fmt.Fprintf(&b, "%d 0 obj\n<</Type/XRef/Size %d/W[1 3 2]/Root 1 0 R/Filter/FlateDecode/Length %d%s>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		holder+1, holder+2, len(data), m.trailer, data, start)
	return b.Bytes()
}

// squeezed packs data as FlateDecode wants it.
func squeezed(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

// say is text at a place.
func say(x, y int, s string) string {
	return fmt.Sprintf("BT /F1 12 Tf %d %d Td (%s) Tj ET\n", x, y, s)
}

// hanFont adds a font of made-up glyphs, one for each rune, with a map to Unicode,
// and returns its number. Letters of it are written a, b, c ...
func (m *pdfMaker) hanFont(runes string) int {
	var procs, differences, codes strings.Builder
	n := 0
	for _, r := range runes {
		// A glyph of bars, so that it has ink.
		g := m.stream("", fmt.Sprintf("1000 0 0 0 900 900 d1 0 0 900 120 re f 0 400 900 120 re f 0 780 900 120 re f %d 0 120 900 re f", n*60))
		fmt.Fprintf(&procs, "/g%d %d 0 R", n, g)
		fmt.Fprintf(&differences, "/g%d", n)
		fmt.Fprintf(&codes, "<%02x> <%04x>\n", 'a'+n, r)
		n++
	}
	cmap := m.stream("", fmt.Sprintf("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"+
		"1 begincodespacerange <00> <ff> endcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap end end", n, codes.String()))
	return m.add(fmt.Sprintf("<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[0.001 0 0 0.001 0 0]/CharProcs<<%s>>"+
		"/Encoding<</Type/Encoding/Differences[97 %s]>>/FirstChar 97/LastChar %d/Widths[%s]/Resources<<>>/ToUnicode %d 0 R>>",
		procs.String(), differences.String(), 96+n, strings.Repeat("1000 ", n), cmap))
}
