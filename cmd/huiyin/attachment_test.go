package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// sampleFile is the script command "sample KIND FILE": it makes a file of a kind that
// cannot be shown as text. What must not be published of it says "made-up secret".
func sampleFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sample jpeg|jpeg-light|jpeg-dark|docx|pdf FILE")
	}
	var b []byte
	switch args[0] {
	case "jpeg":
		b = sampleJPEG(ts, 90)
	case "jpeg-light":
		b = sampleJPEG(ts, 200)
	case "jpeg-dark":
		b = sampleJPEG(ts, 20)
	case "docx":
		b = sampleDOCX(ts)
	case "pdf":
		b = samplePDF()
	default:
		ts.Fatalf("no sample of the kind %s", args[0])
	}
	path := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(os.WriteFile(path, b, 0o600))
}

// sampleJPEG is a picture in a shade with EXIF data and a remark behind its end.
func sampleJPEG(ts *testscript.TestScript, shade uint8) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 16, 8))
	for i := range 16 {
		m.Set(i, i/2, color.RGBA{R: uint8(16 * i), G: shade, A: 255})
	}
	var b bytes.Buffer
	ts.Check(jpeg.Encode(&b, m, nil))
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00made-up secret"
	segment := append([]byte{0xff, 0xe1, byte((len(exif) + 2) >> 8), byte(len(exif) + 2)}, exif...)
	out := append([]byte{0xff, 0xd8}, segment...)
	out = append(out, b.Bytes()[2:]...)
	return append(out, "made-up secret"...)
}

// sampleDOCX is a document of two paragraphs with properties.
func sampleDOCX(ts *testscript.TestScript) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
		{"docProps/core.xml", `<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>made-up secret</dc:creator></cp:coreProperties>`},
		{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>灯杆编号三十八的路灯不亮。</w:t></w:r></w:p><w:p><w:r><w:t>联系电话13812345678。</w:t></w:r></w:p></w:body></w:document>`},
	} {
		w, err := z.Create(part[0])
		ts.Check(err)
		_, err = w.Write([]byte(part[1]))
		ts.Check(err)
	}
	ts.Check(z.Close())
	return b.Bytes()
}

// samplePDF is a page with a telephone number.
func samplePDF() []byte {
	content := "BT /F1 12 Tf 72 700 Td (made-up secret 13812345678) Tj ET"
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}
