package attach_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// wordPDF ends a file as a word processor does that writes for old and new readers
// at once: a second table without objects.
func wordPDF(m *pdfMaker, table, more string) []byte {
	b := m.bytes()
	at := bytes.LastIndex(b, []byte("xref\n0"))
	start := len(b)
	return fmt.Appendf(b, "xref\r\n%s\r\ntrailer\r\n<</Size %d/Root 1 0 R/Prev %d%s>>\r\nstartxref\r\n%d\r\n%%%%EOF", table, len(m.objects)+1, at, more, start)
}

// darkPicture adds a picture with a pattern and returns its number.
func darkPicture(m *pdfMaker) int {
	var b strings.Builder
	for y := range 20 {
		for x := range 40 {
			b.WriteByte("\x00\xff"[(x/3+y/4)%2])
		}
	}
	return m.stream("/Type/XObject/Subtype/Image/Width 40/Height 20/ColorSpace/DeviceGray/BitsPerComponent 8", b.String())
}

// TestPDFPictures refuses pictures of which a part is not seen, and no others.
func TestPDFPictures(t *testing.T) {
	c := cleaner(attach.Options{PassPictures: true})
	const draw = "q 200 0 0 100 50 50 cm /I0 Do Q "
	for _, tt := range []struct{ name, content, keys, held string }{
		{"a picture", draw, "", ""},
		{"a frame around it", draw + "0 G 2 w 50 50 200 100 re S", "", ""},
		{"lines on it", draw + "1 0 0 RG 1 w 50 100 m 250 100 l S", "", ""},
		{"a marker on it", draw + "q /G0 gs 1 1 0 rg 100 80 60 20 re f Q", "", ""},
		{"text on it", draw + "1 0 0 rg " + say(60, 100, "Heading"), "", ""},
		{"a box beside it", draw + "0 g 260 80 60 20 re f", "", ""},
		{"a box under it", "0 g 100 80 60 20 re f " + draw, "", ""},
		{"a black box on it", draw + "0 g 100 80 60 20 re f", "", "pdf-covered-picture"},
		{"a white box on it", draw + "1 g 100 80 60 20 re f", "", "pdf-covered-picture"},
		{"a thick line on it", draw + "0 G 16 w 100 90 m 160 90 l S", "", "pdf-covered-picture"},
		{"a white picture on it", draw + "q 60 0 0 20 100 80 cm /I1 Do Q", "", "pdf-covered-picture"},
		{"a box on a scan without text", "q 400 0 0 300 0 0 cm /I0 Do Q 0 g 100 80 60 20 re f", "", "pdf-covered-picture"},
		{"a black annotation on it", draw, "/Annots[<</Type/Annot/Subtype/Square/Rect[60 60 90 80]/IC[0 0 0]>>]", "pdf-covered-picture"},
		{"a link on it", draw, "/Annots[<</Type/Annot/Subtype/Link/Rect[60 60 90 80]>>]", ""},
		{"cropped by a path", "q 50 50 50 50 re W n " + draw + "Q", "", "pdf-cropped-picture"},
		{"a path as large as it", "q 50 50 200 100 re W n " + draw + "Q", "", ""},
		{"cropped by a form", "/X0 Do", "", "pdf-cropped-picture"},
		{"a form in a smaller path", "q 60 60 20 20 re W n /X1 Do Q", "", "pdf-cropped-picture"},
		{"a form", "/X1 Do", "", ""},
		{"outside of the page", "q 200 0 0 100 300 50 cm /I0 Do Q", "", "pdf-cropped-picture"},
		{"a little outside of the page", "q 400 0 0 100 -3 50 cm /I0 Do Q", "", ""},
		{"outside of the crop box", draw, "/CropBox[0 100 400 300]", "pdf-cropped-picture"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newPDF()
			p := darkPicture(m)
			white := m.stream("/Type/XObject/Subtype/Image/Width 2/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "\xff\xff")
			form := func(box string) int {
				return m.stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[%s]/Resources<</XObject<</I0 %d 0 R>>>>", box, p), draw)
			}
			resources := fmt.Sprintf("/XObject<</I0 %d 0 R/I1 %d 0 R/X0 %d 0 R/X1 %d 0 R>>/ExtGState<</G0<</ca 0.4>>>>", p, white, form("0 0 100 100"), form("0 0 400 300"))
			content := tt.content
			if !strings.Contains(tt.name, "scan") {
				content = say(50, 250, plainLine) + content
			}
			r := clean(t, c, "公告.pdf", m.pageWith(resources, content, tt.keys).bytes())
			if tt.held == "" {
				has(t, r)
				return
			}
			if !slices.Contains(r.Held, tt.held) || r.Body != nil {
				t.Errorf("held %q, want %s", r.Held, tt.held)
			}
			if zh, _ := attach.Explain(tt.held); strings.Contains(zh, "存疑") {
				t.Error("it is not explained")
			}
		})
	}
}

// TestPDFUpdates tells a second table without objects, as word processors write it,
// from a later version.
func TestPDFUpdates(t *testing.T) {
	c := cleaner(attach.Options{})
	plain := func() *pdfMaker { return newPDF().page(say(50, 200, plainLine)) }
	for _, tt := range []struct {
		name string
		body []byte
		held []string
	}{
		{"a table without objects", wordPDF(plain(), "0 0", ""), nil},
		{"an object", wordPDF(plain(), "3 1\n0000000200 00000 n", ""), []string{"pdf-incremental"}},
		{"a table of new readers behind the first end", wordPDF(plain(), "0 0", "/XRefStm 999999"), []string{"damaged-pdf"}},
		{"one after the other", append(wordPDF(plain(), "0 0", ""), wordPDF(plain(), "0 0", "")...), []string{"pdf-incremental"}},
		{"an object between", bytes.Replace(wordPDF(plain(), "0 0", ""), []byte("%%EOF\nxref"), []byte("%%EOF\n9 0 obj (Secret) endobj\nxref"), 1), []string{"damaged-pdf"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			has(t, clean(t, c, "公告.pdf", tt.body), tt.held...)
		})
	}
}

// A letter that is itself drawn with text shows what nobody reads.
func TestPDFTextInLetters(t *testing.T) {
	c := cleaner(attach.Options{})
	m := newPDF()
	g := m.stream("", "1000 0 d0 BT /F1 100 Tf 0 0 Td ("+phone+") Tj ET")
	f := m.add(fmt.Sprintf("<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[0.001 0 0 0.001 0 0]/CharProcs<</a %d 0 R>>"+
		"/Encoding<</Type/Encoding/Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[1000]/Resources<</Font<</F1 3 0 R>>>>>>", g))
	m.pageWith(fmt.Sprintf("/Font<</F1 3 0 R/F2 %d 0 R>>", f), say(50, 250, plainLine)+"BT /F2 100 Tf 50 100 Td (a) Tj ET")
	has(t, clean(t, c, "公告.pdf", m.bytes()), "pdf-hidden-text")
}

// Letters as large as the page, one on the other, are too much to look at.
func TestPDFManyLargeLetters(t *testing.T) {
	var b strings.Builder
	for i := range 700 {
		fmt.Fprintf(&b, "BT /F1 800 Tf %d %d Td (%c) Tj ET\n", 10+i%40, 20+i/40, 'A'+i%26)
	}
	r := cleaner(attach.Options{}).Clean(context.Background(), "a.pdf", "", newPDF().page(b.String(), "/MediaBox[0 0 1000 1000]").bytes(), testGate)
	if !slices.Contains(r.Held, "pdf-too-complex") || r.Body != nil {
		t.Errorf("held %q", r.Held)
	}
}

// TestPDFWork refuses what costs too much to draw by counted work, which is the same on
// every machine.
func TestPDFWork(t *testing.T) {
	for _, tt := range []struct {
		name string
		pdf  func(m *pdfMaker) *pdfMaker
		held []string
	}{
		{"boxes as large as the page", func(m *pdfMaker) *pdfMaker {
			return m.page(strings.Repeat("0.9 g 0 0 400 300 re f\n", 2000) + "0 g " + say(50, 200, plainLine))
		}, []string{"pdf-too-complex"}},
		{"one path over and over the page", func(m *pdfMaker) *pdfMaker {
			return m.page("0.9 g 0 0 m " + strings.Repeat("400 1 l 0 300 l\n", 60000) + "f 0 g " + say(50, 200, plainLine))
		}, []string{"pdf-too-complex"}},
		{"runs of colours", func(m *pdfMaker) *pdfMaker {
			return m.pageWith("/Shading<</S0<</ShadingType 3/ColorSpace/DeviceRGB/Coords[0 0 0 400 300 900]/Extend[true true]"+
				"/Function<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[.9 .9 .9]/N 1>>>>>>", strings.Repeat("/S0 sh\n", 400)+say(50, 200, plainLine))
		}, []string{"pdf-too-complex"}},
		{"tiny tiles", func(m *pdfMaker) *pdfMaker {
			p := m.stream("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.01/YStep 0.01/Resources<<>>", "0 0 1 1 re f")
			return m.pageWith(fmt.Sprintf("/Pattern<</P0 %d 0 R>>", p), "/Pattern cs /P0 scn 0 0 400 300 re f 0 g "+say(50, 200, plainLine))
		}, []string{"pdf-too-complex"}},
		{"plain tiles", func(m *pdfMaker) *pdfMaker {
			p := m.stream("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 8 8]/XStep 8/YStep 8/Resources<<>>", "0.9 g 0 0 4 4 re f")
			return m.pageWith(fmt.Sprintf("/Pattern<</P0 %d 0 R>>", p), "/Pattern cs /P0 scn 0 0 400 100 re f 0 g "+say(50, 200, plainLine))
		}, nil},
		{"many small boxes", func(m *pdfMaker) *pdfMaker {
			return m.page(strings.Repeat("0 0 4 3 re f\n", 2000) + say(50, 200, plainLine))
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := cleaner(attach.Options{}).Clean(context.Background(), "a.pdf", "", tt.pdf(newPDF()).bytes(), testGate)
			has(t, r, tt.held...)
		})
	}
}
