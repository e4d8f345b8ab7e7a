package attach_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// warm starts the PDFium machine before the fuzzer looks at its watch.
func warm(f *testing.F, c *attach.Cleaner) {
	if r := c.Clean(context.Background(), "a.pdf", "", newPDF().page(say(50, 200, plainLine)).bytes(), testGate); !r.Publishable() {
		f.Fatalf("held %q", r.Held)
	}
}

// fuzz cleans arbitrary bytes under a name: nothing may panic out, what is
// published is clean, and cleaned again it stays as it is.
func fuzz(f *testing.F, name string, o attach.Options) {
	if o.Limits == (attach.Limits{}) {
		o.Limits = attach.Limits{Bytes: 1 << 20, Unpacked: 4 << 20, Entries: 100, Pixels: 1 << 20, Pages: 5, Cells: 5000, Text: 1 << 20}
	}
	c := cleaner(o)
	if name == "a.pdf" {
		warm(f, c)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		r := c.Clean(context.Background(), name, "", body, testGate)
		if !bytes.Equal(before, body) {
			t.Error("the file itself was changed")
		}
		if slices.Contains(r.Held, "internal-error") {
			t.Error("it panics")
		}
		if r.Body == nil {
			if len(r.Held) == 0 {
				t.Error("there is neither a file nor a reason")
			}
			return
		}
		settled(t, c, r)
	})
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"单位,电话\n水厂," + phone + "\n", "\xef\xbb\xbf\"a\nb\",'=1\n", "=1+1,\t-1\n", "'=1,''=2\n", "a\rb\n", "1,3,9,1,2,3,4,5,6,7,8\n"} {
		f.Add([]byte(s))
	}
	fuzz(f, "a.csv", attach.Options{})
}

func FuzzXLSX(f *testing.F) {
	f.Add(book(`<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>文字</t></is></c></row>`))
	f.Add(book(wideRows(1)))
	fuzz(f, "a.xlsx", attach.Options{})
}

// FuzzSheet fuzzes the rows of a workbook without the archive around them.
func FuzzSheet(f *testing.F) {
	c := cleaner(attach.Options{Limits: attach.Limits{Cells: 5000, Unpacked: 4 << 20}})
	f.Add(`<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>文字</t></is></c></row>`)
	f.Add(`<row r="2" hidden="1"><c r="A2" t="str"><v>` + phone + `</v></c></row><row r="5"><c><v>-0</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		r := c.Clean(context.Background(), "a.xlsx", "", book(rows), testGate)
		if slices.Contains(r.Held, "internal-error") {
			t.Error("it panics")
		}
		if r.Body != nil {
			settled(t, c, r)
		}
	})
}

func FuzzDOCX(f *testing.F) {
	f.Add(document("<w:p><w:r><w:t>文字</w:t></w:r></w:p>"))
	fuzz(f, "a.docx", attach.Options{})
}

// FuzzDocument fuzzes the body of a document without the archive around it.
func FuzzDocument(f *testing.F) {
	c := cleaner(attach.Options{Limits: attach.Limits{Cells: 5000, Unpacked: 4 << 20}})
	f.Add("<w:p><w:r><w:t>电话139</w:t></w:r><w:r><w:t>12345678</w:t></w:r></w:p>")
	f.Add("<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:tbl/></w:tc></w:tr></w:tbl><w:p><w:r><w:drawing><w:txbxContent><w:p/></w:txbxContent></w:drawing></w:r></w:p>")
	f.Add(`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:sym w:char="F0A7"/></w:r><w:del/></w:p>&#xD;&#10;`)
	f.Fuzz(func(t *testing.T, body string) {
		r := c.Clean(context.Background(), "a.docx", "", document(body), testGate)
		if slices.Contains(r.Held, "internal-error") {
			t.Error("it panics")
		}
		if r.Body != nil {
			settled(t, c, r)
		}
	})
}

func FuzzJPEG(f *testing.F) {
	f.Add(jpegWith(f, "\xe1"+exif(6), "\xfeSecret"))
	f.Add(jpegWith(f))
	fuzz(f, "a.jpg", attach.Options{})
}

func FuzzPNG(f *testing.F) {
	f.Add(pngWith(f, picture(), chunk("eXIf", exif(3)[6:])))
	fuzz(f, "a.png", attach.Options{})
}

func FuzzPDF(f *testing.F) {
	f.Add(newPDF().page(say(50, 200, plainLine)).bytes())
	m := newPDF()
	m.pageWith("/ExtGState<</G0<</ca 0.4>>>>", say(50, 150, plainLine)+"q /G0 gs 1 1 0 rg 45 145 300 18 re f Q")
	m.packed = true
	f.Add(m.bytes())
	fuzz(f, "a.pdf", attach.Options{})
}

// FuzzContent fuzzes the content of a page without the file around it.
func FuzzContent(f *testing.F) {
	c := cleaner(attach.Options{Limits: attach.Limits{Unpacked: 4 << 20}})
	warm(f, c)
	f.Add(say(50, 200, plainLine) + "0 g 45 145 120 18 re f")
	f.Add("q BI /W 2 /H 2 /BPC 8 /CS /G ID \x20\x80\x80\x20\nEI Q /F1 9 Tf BT [(a) -5 <62>] TJ 1 2 (c) \" ET")
	f.Add("/Span <</ActualText (Secret)>> BDC (a\\)\\101\\\n) Tj EMC % Secret\n[1 2] 0 d 0.00-5 --3 +.5 re")
	f.Fuzz(func(t *testing.T, content string) {
		r := c.Clean(context.Background(), "a.pdf", "", newPDF().page(content).bytes(), testGate)
		if slices.Contains(r.Held, "internal-error") {
			t.Error("it panics")
		}
		if r.Body != nil {
			settled(t, c, r)
		}
	})
}
