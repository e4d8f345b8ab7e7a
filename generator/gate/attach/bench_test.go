package attach_test

import (
	"context"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// BenchmarkStart measures the start of the PDFium machine with the first PDF.
func BenchmarkStart(b *testing.B) {
	body := newPDF().page(say(50, 200, plainLine)).bytes()
	for b.Loop() {
		c := attach.New(attach.Options{})
		if r := c.Clean(context.Background(), "a.pdf", "", body, testGate); !r.Publishable() {
			b.Fatalf("held %q", r.Held)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkClean measures files of each kind, the machine being warm. A page is
// an A4 page of 40 lines.
func BenchmarkClean(b *testing.B) {
	var page strings.Builder
	for i := range 40 {
		page.WriteString(say(50, 800-18*i, strings.Repeat(plainLine+" ", 2)))
	}
	one, ten := newPDF().page(page.String(), "/MediaBox[0 0 595 842]"), newPDF()
	for range 10 {
		ten.page(page.String(), "/MediaBox[0 0 595 842]")
	}
	c := cleaner(attach.Options{PassPictures: true})
	for _, f := range []struct {
		name string
		body []byte
	}{
		{"page.pdf", one.bytes()},
		{"pages.pdf", ten.bytes()},
		{"rows.csv", []byte(strings.Repeat("水厂,停水,12,2026-01-02\n", 1000))},
		{"rows.xlsx", book(strings.Repeat(`<row><c t="inlineStr"><is><t>水厂停水</t></is></c><c><v>12</v></c></row>`, 1000))},
		{"lines.docx", document(strings.Repeat("<w:p><w:r><w:t>关于停水的答复</w:t></w:r></w:p>", 1000))},
		{"small.jpg", jpegWith(b)},
		{"small.png", pngWith(b, picture())},
	} {
		if r := c.Clean(context.Background(), f.name, "", f.body, testGate); !r.Publishable() {
			b.Fatalf("%s: held %q", f.name, r.Held)
		}
		b.Run(f.name, func(b *testing.B) {
			b.SetBytes(int64(len(f.body)))
			for b.Loop() {
				c.Clean(context.Background(), f.name, "", f.body, testGate)
			}
		})
	}
}
