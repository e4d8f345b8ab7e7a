package attach_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

const plainLine = "Notice 2026-12 of the made-up water works"

// imagePDF adds a small grey picture and returns its number.
func imagePDF(m *pdfMaker, more string) int {
	return m.stream("/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8"+more, "\x20\x80\x80\x20")
}

func TestPDF(t *testing.T) {
	c := cleaner(attach.Options{})
	simple := func(content string, keys ...string) []byte { return newPDF().page(content, keys...).bytes() }
	for _, tt := range []struct {
		name string
		pdf  func() []byte
		held []string
		body bool
	}{
		{"text", func() []byte { return simple(say(50, 200, plainLine)) }, nil, true},
		{"text with a number", func() []byte { return simple(say(50, 200, "Call "+phone)) }, []string{"pdf-personal"}, false},
		{"number split over two text objects", func() []byte {
			return simple(say(50, 200, "Call 13912") + say(50, 100, plainLine) + say(111, 200, "345678"))
		}, []string{"pdf-personal"}, false},
		{"black box over text", func() []byte {
			return simple(say(50, 200, plainLine) + say(50, 150, "Hidden name") + "0 g 45 145 120 18 re f")
		}, []string{"pdf-covered-text"}, false},
		{"black box under white text", func() []byte {
			return simple("0 g 45 145 120 18 re f 1 g " + say(50, 150, "Heading"))
		}, nil, true},
		{"black box under black text", func() []byte {
			return simple("0 g 45 145 120 18 re f " + say(50, 150, "Heading"))
		}, []string{"pdf-hidden-text"}, false},
		{"white box over text", func() []byte {
			return simple(say(50, 200, plainLine) + say(50, 150, "Hidden") + "1 g 45 145 120 18 re f")
		}, []string{"pdf-covered-text"}, false},
		{"white box under text", func() []byte {
			return simple("1 g 45 145 120 18 re f 0 g " + say(50, 150, "Heading"))
		}, nil, true},
		{"thick line over text", func() []byte {
			return simple(say(50, 200, plainLine) + say(50, 150, "Hidden") + "0 G 16 w 45 154 m 170 154 l S")
		}, []string{"pdf-covered-text"}, false},
		{"one letter of many under a box", func() []byte {
			return simple(say(50, 150, "W hidden") + "0 g 49 145 13 18 re f")
		}, []string{"pdf-covered-text"}, false},
		{"box within a form over text", func() []byte {
			m := newPDF()
			f := m.stream("/Type/XObject/Subtype/Form/BBox[0 0 200 20]", "0 g 0 0 200 20 re f")
			return m.pageWith(fmt.Sprintf("/XObject<</X0 %d 0 R>>", f), say(50, 150, "Hidden")+"q 1 0 0 1 45 145 cm /X0 Do Q").bytes()
		}, []string{"pdf-covered-text"}, false},
		{"picture over text", func() []byte {
			m := newPDF()
			return m.pageWith(fmt.Sprintf("/XObject<</I0 %d 0 R>>", imagePDF(m, "")), say(50, 150, "Hidden")+"q 120 0 0 20 45 145 cm /I0 Do Q").bytes()
		}, []string{"pdf-covered-text", "pdf-image-unread"}, false},
		{"picture beside text", func() []byte {
			m := newPDF()
			return m.pageWith(fmt.Sprintf("/XObject<</I0 %d 0 R>>", imagePDF(m, "")), say(50, 150, plainLine)+"q 120 0 0 20 45 245 cm /I0 Do Q").bytes()
		}, []string{"pdf-image-unread"}, true},
		{"marker of light colour over text", func() []byte {
			m := newPDF()
			return m.pageWith("/ExtGState<</G0<</ca 0.4>>>>", say(50, 150, plainLine)+"q /G0 gs 1 1 0 rg 45 145 300 18 re f Q").bytes()
		}, nil, true},
		{"black characters printed over text", func() []byte {
			m := newPDF()
			f := m.hanFont("█某")
			return m.pageWith(fmt.Sprintf("/Font<</F1 3 0 R/F2 %d 0 R>>", f), say(50, 150, "W")+"BT /F2 12 Tf 50 149 Td (aa) Tj ET").bytes()
		}, []string{"pdf-covered-text"}, false},
		{"scanned page", func() []byte {
			m := newPDF()
			return m.pageWith(fmt.Sprintf("/XObject<</I0 %d 0 R>>", imagePDF(m, "")), "q 400 0 0 300 0 0 cm /I0 Do Q").bytes()
		}, []string{"pdf-image-unread", "pdf-no-text"}, true},
		{"two pages, the second scanned", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			return m.pageWith(fmt.Sprintf("/XObject<</I0 %d 0 R>>", imagePDF(m, "")), "q 400 0 0 300 0 0 cm /I0 Do Q").bytes()
		}, []string{"pdf-image-unread", "pdf-no-text"}, true},
		{"two pages, the second with a number", func() []byte {
			return newPDF().page(say(50, 200, plainLine)).page(say(50, 200, "Call 139-1234-5678")).bytes()
		}, []string{"pdf-personal"}, false},
		{"invisible text", func() []byte {
			return simple(say(50, 200, plainLine) + "BT /F1 12 Tf 3 Tr 50 150 Td (Hidden) Tj ET")
		}, []string{"pdf-hidden-text"}, false},
		{"text of no size", func() []byte {
			return simple(say(50, 200, plainLine) + "BT /F1 0.5 Tf 50 150 Td (Hidden) Tj ET")
		}, []string{"pdf-hidden-text"}, false},
		{"white text on white", func() []byte {
			return simple(say(50, 200, plainLine) + "1 g " + say(50, 150, "Hidden"))
		}, []string{"pdf-hidden-text"}, false},
		{"transparent text", func() []byte {
			return newPDF().pageWith("/ExtGState<</G0<</ca 0>>>>", say(50, 200, plainLine)+"/G0 gs "+say(50, 150, "Hidden")).bytes()
		}, []string{"pdf-hidden-text"}, false},
		{"clipped text", func() []byte {
			return simple(say(50, 200, plainLine) + "q 0 0 10 10 re W n " + say(50, 150, "Hidden") + "Q")
		}, []string{"pdf-hidden-text"}, false},
		{"text outside the crop box", func() []byte {
			return simple(say(50, 200, plainLine)+say(50, 50, "Hidden"), "/CropBox[0 100 400 300]")
		}, []string{"pdf-hidden-text"}, false},
		{"text outside the page", func() []byte {
			return simple(say(50, 200, plainLine) + say(50, -50, "Hidden"))
		}, []string{"pdf-hidden-text"}, false},
		{"rotated page", func() []byte {
			return simple("BT /F1 12 Tf 0 1 -1 0 200 50 Tm ("+plainLine[:20]+") Tj ET", "/Rotate 90")
		}, nil, true},
		{"rotated page with a box over text", func() []byte {
			return simple(say(50, 200, plainLine)+say(50, 150, "Hidden")+"0 g 45 145 120 18 re f", "/Rotate 270")
		}, []string{"pdf-covered-text"}, false},
		{"Chinese text", func() []byte {
			m := newPDF()
			f := m.hanFont("公告自来水厂")
			return m.pageWith(fmt.Sprintf("/Font<</F1 3 0 R/F2 %d 0 R>>", f), "BT /F2 12 Tf 50 200 Td (abcdef) Tj ET").bytes()
		}, nil, true},
		{"a Chinese name", func() []byte {
			m := newPDF()
			f := m.hanFont("联系人" + person)
			return m.pageWith(fmt.Sprintf("/Font<</F1 3 0 R/F2 %d 0 R>>", f), "BT /F2 12 Tf 50 200 Td (abcde) Tj 60 0 Td (fg) Tj ET").bytes()
		}, []string{"pdf-personal"}, false},
		{"Chinese font that is not in the file", func() []byte {
			m := newPDF()
			d := m.add("<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>")
			f := m.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[%d 0 R]>>", d))
			return m.pageWith(fmt.Sprintf("/Font<</F1 3 0 R/F2 %d 0 R>>", f), "BT /F2 12 Tf 50 200 Td <516c544a> Tj ET").bytes()
		}, []string{"pdf-font-missing"}, false},
		{"box over a Chinese font that is not in the file", func() []byte {
			m := newPDF()
			d := m.add("<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>")
			f := m.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[%d 0 R]>>", d))
			return m.pageWith(fmt.Sprintf("/Font<</F1 3 0 R/F2 %d 0 R>>", f), "BT /F2 12 Tf 50 200 Td <516c544a> Tj ET 0 g 45 195 60 20 re f").bytes()
		}, []string{"pdf-font-missing"}, false},
		{"text without characters", func() []byte {
			m := newPDF()
			f := m.hanFont("\ue001\ue002\ue003\ue004")
			return m.pageWith(fmt.Sprintf("/Font<</F1 3 0 R/F2 %d 0 R>>", f), say(50, 100, plainLine)+"BT /F2 12 Tf 50 200 Td (abcd) Tj ET").bytes()
		}, []string{"pdf-unreadable-text"}, false},
		{"letters as outlines", func() []byte {
			return simple(say(50, 200, plainLine) + strings.Repeat("50 100 m 60 110 70 110 80 100 c f\n", 61))
		}, []string{"pdf-drawing-unread"}, true},
		{"JavaScript", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			m.catalog = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
			return m.bytes()
		}, []string{"pdf-javascript"}, false},
		{"JavaScript in a table of names", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			m.catalog = "/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>"
			return m.bytes()
		}, []string{"pdf-javascript"}, false},
		{"launch action", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			m.catalog = "/OpenAction<</S/Launch/F(x.exe)>>"
			return m.bytes()
		}, []string{"pdf-actions"}, false},
		{"embedded file", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			e := m.stream("/Type/EmbeddedFile", "Secret "+phone)
			m.catalog = fmt.Sprintf("/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a)/EF<</F %d 0 R>>>>]>>>>", e)
			return m.bytes()
		}, []string{"pdf-embedded-file"}, false},
		{"earlier version", func() []byte {
			m := newPDF().page(say(50, 200, "Secret "+phone))
			b := m.bytes()
			at := len(b)
			n := len(m.objects) - 1
			text := say(50, 200, plainLine)
			b = fmt.Appendf(b, "%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", n, len(text), text)
			start := len(b)
			return fmt.Appendf(b, "xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
				n, at, len(m.objects)+1, strings.Index(string(m.bytes()), "xref\n0"), start)
		}, []string{"pdf-incremental"}, false},
		{"form", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			f := m.add("<</FT/Tx/T(name)/V(" + phone + ")/Type/Annot/Subtype/Widget/Rect[0 0 10 10]>>")
			m.catalog = fmt.Sprintf("/AcroForm<</Fields[%d 0 R]>>", f)
			return m.bytes()
		}, []string{"pdf-form"}, false},
		{"XFA", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			x := m.stream("", "<xdp/>")
			m.catalog = fmt.Sprintf("/AcroForm<</Fields[]/XFA %d 0 R>>", x)
			return m.bytes()
		}, []string{"pdf-form"}, false},
		{"layers", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			o := m.add("<</Type/OCG/Name(a)>>")
			m.catalog = fmt.Sprintf("/OCProperties<</OCGs[%d 0 R]/D<</OFF[%d 0 R]>>>>", o, o)
			return m.bytes()
		}, []string{"pdf-layers"}, false},
		{"annotation", func() []byte {
			return simple(say(50, 200, plainLine), "/Annots[<</Type/Annot/Subtype/Text/Rect[50 200 60 210]/Contents("+phone+")>>]")
		}, nil, true},
		{"black annotation over text", func() []byte {
			return simple(say(50, 200, plainLine), "/Annots[<</Type/Annot/Subtype/Square/Rect[50 195 90 215]/IC[0 0 0]>>]")
		}, []string{"pdf-covered-text"}, false},
		{"redaction not applied", func() []byte {
			return simple(say(50, 200, plainLine), "/Annots[<</Type/Annot/Subtype/Redact/Rect[50 195 90 215]>>]")
		}, []string{"pdf-redaction-pending"}, false},
		{"metadata", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			i := m.add("<</Title(" + phone + ")/Author(" + phone + ")>>")
			x := m.stream("/Type/Metadata/Subtype/XML", "<x>"+phone+"</x>")
			m.catalog = fmt.Sprintf("/Metadata %d 0 R/Lang(zh-CN)", x)
			m.trailer = fmt.Sprintf("/Info %d 0 R", i)
			return m.bytes()
		}, nil, true},
		{"object streams", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			m.packed = true
			return m.bytes()
		}, nil, true},
		{"JavaScript in an object stream", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			a := m.add("<</S/JavaScript/JS(1)>>")
			m.catalog = fmt.Sprintf("/OpenAction %d 0 R", a)
			m.packed = true
			return m.bytes()
		}, []string{"pdf-javascript"}, false},
		{"encrypted", func() []byte {
			m := newPDF().page(say(50, 200, plainLine))
			e := m.add("<</Filter/Standard/V 1/R 2/P -44/O<" + strings.Repeat("28", 32) + ">/U<" + strings.Repeat("29", 32) + ">>>")
			m.trailer = fmt.Sprintf("/Encrypt %d 0 R/ID[<01><02>]", e)
			return m.bytes()
		}, []string{"encrypted"}, false},
		{"damaged", func() []byte { return simple(say(50, 200, plainLine))[:300] }, []string{"damaged-pdf"}, false},
		{"text in a pattern", func() []byte {
			m := newPDF()
			p := m.stream("/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 100 20]/XStep 100/YStep 20/Resources<</Font<</F1 3 0 R>>>>", say(0, 5, phone))
			return m.pageWith(fmt.Sprintf("/Pattern<</P0 %d 0 R>>", p), say(50, 200, plainLine)+"/Pattern cs /P0 scn 0 0 100 20 re f").bytes()
		}, []string{"pdf-hidden-text"}, false},
		{"a name that holds a number", func() []byte {
			m := newPDF()
			f := m.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica-" + phone + ">>")
			return m.pageWith(fmt.Sprintf("/Font<</F1 %d 0 R>>", f), say(50, 200, plainLine)).bytes()
		}, []string{"pdf-personal"}, false},
		{"an empty page", func() []byte { return newPDF().page(say(50, 200, plainLine)).page("").bytes() }, nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := clean(t, c, "公告.pdf", tt.pdf())
			has(t, r, tt.held...)
			if (r.Body != nil) != tt.body {
				t.Errorf("there is a file: %v", r.Body != nil)
			}
			absent(t, r.Body, phone, "Secret", "Hidden")
		})
	}
}
