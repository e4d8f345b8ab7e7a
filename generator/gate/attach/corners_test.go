package attach_test

import (
	"bytes"
	"compress/lzw"
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// TestPDFCorners hides a secret wherever a PDF has room for one that is not drawn,
// and looks that the rebuilt file has none of them and draws the same.
func TestPDFCorners(t *testing.T) {
	c := cleaner(attach.Options{PassPictures: true})
	const secret = "Secret " + phone
	m := newPDF()
	icc := m.stream("/N 3/Alternate/DeviceRGB", secret)
	jpg := m.stream("/Type/XObject/Subtype/Image/Width 32/Height 16/ColorSpace[/ICCBased "+fmt.Sprint(icc)+" 0 R]/BitsPerComponent 8/Filter/DCTDecode",
		string(jpegWith(t, "\xe1"+exif(1), "\xfe"+secret))+secret)
	fax := m.stream("/Type/XObject/Subtype/Image/Width 8/Height 2/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 8/Rows 2>>",
		"\xc0\x04\x00\x40"+secret)
	flat := m.stream("/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Metadata "+
		fmt.Sprint(m.stream("/Type/Metadata", secret))+" 0 R/Name("+secret+")", squeezed("\x20\x80\x80\x20"+secret)+secret)
	form := m.stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/PieceInfo<</X<</Private("+secret+")>>>>/LastModified("+secret+")", "0 0 5 5 re f % "+secret)
	m.pageWith(fmt.Sprintf("/XObject<</J %d 0 R/F %d 0 R/P %d 0 R/X %d 0 R>>/Properties<</MC0<</ActualText("+secret+")>>>>/ProcSet[/PDF]", jpg, fax, flat, form),
		"% "+secret+"\n/Span <</ActualText ("+secret+")>> BDC "+say(50, 200, plainLine)+" EMC /MC0 /MC0 DP\n"+
			"("+secret+") unknown\n("+secret+") 0 g\n"+
			"q 60 0 0 30 300 20 cm /J Do Q q 60 0 0 30 200 20 cm /F Do Q q 60 0 0 30 100 20 cm /P Do Q /X Do\n"+
			"q 9 0 0 9 20 250 cm BI /W 2 /H 2 /BPC 8 /CS /G /L ("+secret+") ID \x20\x80\x80\x20\nEI Q",
		"/PieceInfo<</X("+secret+")>>/Thumb "+fmt.Sprint(m.stream("", secret))+" 0 R/AA<<>>/Private("+secret+")")
	m.add("(" + secret + ")") // an object that nothing uses
	m.tail = secret
	m.catalog = "/ViewerPreferences<</X(" + secret + ")>>/Outlines<</Title(" + secret + ")>>/Lang(" + secret + ")/PageLabels<</Nums[0<</P(" + secret + ")>>]>>"
	r := clean(t, c, "公告.pdf", m.bytes())
	has(t, r)
	if r.Body == nil {
		t.Fatal("there is no file")
	}
	absent(t, r.Body, "Secret", phone, "ActualText", "PieceInfo", "Metadata")
	for _, code := range []string{"properties", "bookmarks", "trailing-bytes"} {
		if !slices.Contains(r.Dropped, code) {
			t.Errorf("%s is not noted; noted are %q", code, r.Dropped)
		}
	}
	if r.Text != plainLine+"\n" {
		t.Errorf("text is %q", r.Text)
	}
	if n := bytes.Count(r.Body, []byte("/Subtype /Image")); n != 3 {
		t.Errorf("%d pictures, want 3", n)
	}
}

// TestPDFCodings reads text in each coding that may pack content.
func TestPDFCodings(t *testing.T) {
	c := cleaner(attach.Options{})
	text := say(50, 200, plainLine)
	var packed bytes.Buffer
	w := lzw.NewWriter(&packed, lzw.MSB, 8)
	fmt.Fprint(w, text)
	w.Close()
	for _, tt := range []struct{ filter, data string }{
		{"/FlateDecode", squeezed(text)},
		{"/LZWDecode", packed.String()},
		{"/ASCIIHexDecode", fmt.Sprintf("%X>", text)},
		{"[/ASCIIHexDecode/FlateDecode]", fmt.Sprintf("%x>", squeezed(text))},
	} {
		m := newPDF()
		n := m.stream("/Filter"+tt.filter, tt.data)
		p := m.add(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", n))
		m.pages = append(m.pages, fmt.Sprintf("%d 0 R", p))
		r := clean(t, c, "a.pdf", m.bytes())
		has(t, r)
		if r.Text != plainLine+"\n" {
			t.Errorf("%s: text is %q", tt.filter, r.Text)
		}
	}
}

// TestPlaces says where findings are, for the person who corrects the file.
func TestPlaces(t *testing.T) {
	c := cleaner(attach.Options{})
	for _, tt := range []struct {
		name  string
		body  []byte
		place string
	}{
		{"a.csv", []byte("a,b\nc," + phone + "\n"), "row 2 column 2"},
		{"a.xlsx", book(`<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="2"><c r="B2" t="inlineStr"><is><t>` + phone + `</t></is></c></row>`), "sheet 1 row 2 column 2"},
		{"a.docx", document("<w:p/><w:p><w:r><w:t>电话" + phone + "</w:t></w:r></w:p>"), "line 2"},
		{"a.pdf", newPDF().page(say(50, 200, plainLine)).page(say(50, 200, phone)).bytes(), "page 2"},
		{phone + ".csv", []byte("a,b\n"), "name"},
	} {
		r := c.Clean(context.Background(), tt.name, "", tt.body, testGate)
		if len(r.Findings) != 1 || r.Findings[0].Place != tt.place || r.Findings[0].Kind != "mobile" {
			t.Errorf("%s: findings are %+v, want one at %s", tt.name[:1], r.Findings, tt.place)
		}
	}
}
