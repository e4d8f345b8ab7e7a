package attach_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

func TestKinds(t *testing.T) {
	c := cleaner(attach.Options{})
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	for _, tt := range []struct{ name, media, body, held string }{
		{"a.doc", "", ole, "old-office"},
		{"a.wps", "application/vnd.ms-works", ole, "old-office"},
		{"a.docx", "", ole, "old-office"},
		{"a.rtf", "", "{\\rtf1 x}", "old-office"},
		{"a.odt", "", string(zipped("mimetype", "application/vnd.oasis.opendocument.text")), "old-office"},
		{"a.ofd", "", string(zipped("OFD.xml", "<OFD/>")), "ofd"},
		{"a.pptx", "", string(zipped("[Content_Types].xml", "<Types/>", "ppt/presentation.xml", "<x/>")), "slides"},
		{"a.zip", "", string(zipped("a.txt", "x")), "archive"},
		{"a.rar", "", "Rar!\x1a\x07\x00xx", "archive"},
		{"a.7z", "", "7z\xbc\xaf\x27\x1cxx", "archive"},
		{"a.gz", "", "\x1f\x8b\x08xx", "archive"},
		{"a.tar", "", strings.Repeat("a", 257) + "ustar\x0000" + strings.Repeat("\x00", 250), "archive"},
		{"a.gif", "", "GIF89a\x01\x00", "other-picture"},
		{"a.webp", "", "RIFF\x00\x00\x00\x00WEBPVP8 ", "other-picture"},
		{"a.bmp", "", "BM\x00\x00", "other-picture"},
		{"a.tiff", "", "II*\x00\x08", "other-picture"},
		{"a.heic", "", "\x00\x00\x00\x18ftypheic\x00\x00", "media"},
		{"a.mp4", "", "\x00\x00\x00\x18ftypmp42\x00\x00", "media"},
		{"a.exe", "", "MZ\x90\x00", "program"},
		{"a.html", "", "<html></html>", "markup"},
		{"a.svg", "", "<svg></svg>", "markup"},
		{"a.csv", "", "<html></html>", "markup"},
		{"a.csv", "", "\xef\xbb\xbf <html></html>", "markup"},
		{"a.csv", "", "\"<html></html>\"", "markup"},
		{"a.csv", "", "BMI,MZ\nPK,ID3\n", ""},
		{"a.txt", "", "文字", "plain-text"},
		{"a", "", "文字", "plain-text"},
		{"a.xlsx", "", "文字", "type-mismatch"},
		{"a.xyz", "", "文字", "unknown-kind"},
		{"a.xyz", "", "\x00\x01\x02", "unknown-kind"},
		{"a.csv", "", "\xff\xfe\x41\x00", "text-encoding"},
		{"a.csv", "", "a\x81\x20b", "text-encoding"},
		{"a.csv", "", "a\x00b", "unknown-kind"},
		{"a.csv", "", "", "empty"},
		{"a.csv", "text/html", "a,b\n", "type-mismatch"},
		{"a.csv", "text/csv; charset=gbk", "a,b\n", ""},
		{"a.csv", "application/vnd.ms-excel", "a,b\n", ""},
		{"a.csv", "application/octet-stream", "a,b\n", ""},
		{"a.csv", ";;;", "a,b\n", "type-mismatch"},
		{"a.png", "image/jpeg", string(pngWith(t, picture())), "type-mismatch"},
		{"a.jpg", "", string(pngWith(t, picture())), "type-mismatch"},
		{"a.pdf", "", " %PDF-1.4", "type-mismatch"},
	} {
		t.Run(tt.name+" "+tt.held, func(t *testing.T) {
			r := c.Clean(context.Background(), tt.name, tt.media, []byte(tt.body), testGate)
			if tt.held == "" {
				has(t, r)
				return
			}
			if !slices.Contains(r.Held, tt.held) || r.Body != nil {
				t.Errorf("held %q, want %s", r.Held, tt.held)
			}
			zh, en := attach.Explain(tt.held)
			fallback, _ := attach.Explain("none of these")
			if zh == fallback || en == "" {
				t.Errorf("%s has no sentence of its own", tt.held)
			}
		})
	}
}

func TestNames(t *testing.T) {
	c := cleaner(attach.Options{})
	for _, tt := range []struct{ in, want string }{
		{"办件统计.csv", "办件统计.csv"},
		{"C:\\Users\\" + person + "\\表.CSV", "表.csv"},
		{"../../etc/表.csv", "表.csv"},
		{person + ".csv", "附件.csv"},
		{"电话" + phone + ".csv", "附件.csv"},
		{"a\x00b\u202etxt.csv", "abtxt.csv"},
		{"a<b>:\"|?*.csv", "ab.csv"},
		{".csv", "附件.csv"},
		{"...csv", "附件.csv"},
		{strings.Repeat("长", 101) + ".csv", "附件.csv"},
		{"\xff\xfe.csv", "附件.csv"},
	} {
		r := c.Clean(context.Background(), tt.in, "", []byte("a,b\n"), testGate)
		if r.Name != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, r.Name, tt.want)
		}
		absent(t, []byte(r.Name+strings.Join(r.Dropped, " ")), phone, person)
	}
}

// zeros is a stream of zeros.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// bomb makes an archive with one part of many zeros.
func bomb(part string, size int64) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, _ := w.Create("[Content_Types].xml")
	io.WriteString(f, "<Types/>")
	for _, n := range []string{"xl/workbook.xml", "word/document.xml"} {
		if strings.HasPrefix(n, part[:2]) && n != part {
			f, _ := w.Create(n)
			io.WriteString(f, "<x/>")
		}
	}
	packed := deflatedZeros(size)
	f, _ = w.CreateRaw(&zip.FileHeader{Name: part, Method: zip.Deflate, CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(size)})
	f.Write(packed)
	w.Close()
	return b.Bytes()
}

// deflatedZeros returns zeros as deflate packs them, without packing more than three
// MiB of them: from the second flush on, each MiB has the same bytes. size is in
// whole MiB, from 2 on.
func deflatedZeros(size int64) []byte {
	const step = 1 << 20
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	flushed := func() []byte {
		from := b.Len()
		io.CopyN(w, zeros{}, step)
		w.Flush()
		return bytes.Clone(b.Bytes()[from:])
	}
	first, each := flushed(), flushed()
	from := b.Len()
	w.Close()
	return slices.Concat(first, bytes.Repeat(each, int(size/step)-1), b.Bytes()[from:])
}

// lying changes the stated sizes of all parts in the directory of an archive.
func lying(body []byte, size uint32) []byte {
	out := bytes.Clone(body)
	for i := 0; i+46 < len(out); i++ {
		if string(out[i:i+4]) == "PK\x01\x02" {
			binary.LittleEndian.PutUint32(out[i+24:], size)
		}
	}
	return out
}

// book makes a workbook with one sheet.
func book(sheet string, more ...string) []byte {
	return bookOf("<sheetData>"+sheet+"</sheetData>", more...)
}

// bookOf is book with all that is in the worksheet.
func bookOf(sheet string, more ...string) []byte {
	return zipped(append([]string{
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + sheet + `</worksheet>`,
	}, more...)...)
}

// pngHead makes a PNG that says how large it is and has few bytes.
func pngHead(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	out := []byte("\x89PNG\r\n\x1a\n")
	out = append(out, chunk("IHDR", string(head)+"\x08\x02\x00\x00\x00")...)
	out = append(out, chunk("IDAT", squeezed(""))...)
	return append(out, chunk("IEND", "")...)
}

// sharing makes an archive whose parts all share the bytes of one.
func sharing(n int) []byte {
	var packed bytes.Buffer
	fw, _ := flate.NewWriter(&packed, 9)
	io.CopyN(fw, zeros{}, 1<<20)
	fw.Close()
	base := zipped("[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<x/>")
	r, _ := zip.NewReader(bytes.NewReader(base), int64(len(base)))
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		w.Copy(f)
	}
	raw, _ := w.CreateRaw(&zip.FileHeader{Name: "xl/a0.xml", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 1 << 20})
	raw.Write(packed.Bytes())
	w.Close()
	out := b.Bytes()
	// The entry of the part in the directory, once more for each name.
	at := bytes.LastIndex(out, []byte("PK\x01\x02"))
	end := bytes.LastIndex(out, []byte("PK\x05\x06"))
	entry, tail := bytes.Clone(out[at:end]), bytes.Clone(out[end:])
	out = out[:end]
	for i := 1; i < n; i++ {
		e := bytes.Clone(entry)
		copy(e[46:], fmt.Sprintf("xl/%c%c", 'b'+i/24, 'b'+i%24))
		out = append(out, e...)
	}
	binary.LittleEndian.PutUint16(tail[8:], uint16(n+2))
	binary.LittleEndian.PutUint16(tail[10:], uint16(n+2))
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(out)-bytes.Index(out, []byte("PK\x01\x02"))))
	return append(out, tail...)
}

// TestBombs sends files that grow when they are opened. All are refused, and none
// makes the program take 100 MB.
func TestBombs(t *testing.T) {
	c := cleaner(attach.Options{})
	warm := c.Clean(context.Background(), "a.pdf", "", newPDF().page(say(50, 200, plainLine)).bytes(), testGate)
	has(t, warm)
	many := []string{"[Content_Types].xml", "<Types/>", "word/document.xml", "<x/>"}
	for i := range 3000 {
		many = append(many, fmt.Sprintf("word/a%d.xml", i), "")
	}
	special := func(change func(*zip.FileHeader)) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, n := range []string{"[Content_Types].xml", "word/document.xml"} {
			f, _ := w.Create(n)
			io.WriteString(f, "<x/>")
		}
		h := &zip.FileHeader{Name: "word/media/x"}
		change(h)
		f, _ := w.CreateHeader(h)
		io.WriteString(f, "../../etc/passwd")
		w.Close()
		return b.Bytes()
	}
	nested := bomb("xl/worksheets/sheet1.xml", 40<<20)
	for range 3 {
		nested = zipped("[Content_Types].xml", "<Types/>", "a.zip", string(nested))
	}
	pdf := func(filter, data string) []byte {
		m := newPDF()
		f := m.stream("/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Filter"+filter, data)
		return m.pageWith(fmt.Sprintf("/XObject<</X0 %d 0 R>>", f), say(50, 200, plainLine)+"/X0 Do").bytes()
	}
	var once bytes.Buffer
	fw := zlib.NewWriter(&once)
	io.CopyN(fw, zeros{}, 200<<20)
	fw.Close()
	doubling := newPDF()
	last := doubling.stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 1 1 re f")
	for range 24 {
		last = doubling.stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>", last), "/X Do /X Do /X Do /X Do")
	}
	doubling.pageWith(fmt.Sprintf("/XObject<</X %d 0 R>>", last), say(50, 200, plainLine)+"/X Do")
	arrays := newPDF()
	last = arrays.add("[0 0]")
	for range 40 {
		last = arrays.add(fmt.Sprintf("[%d 0 R %d 0 R]", last, last))
	}
	arrays.pageWith(fmt.Sprintf("/ExtGState<</G<</D %d 0 R>>>>", last), say(50, 200, plainLine))
	pages := newPDF()
	for range 300 {
		pages.page(say(50, 200, plainLine))
	}
	wide := newPDF()
	wide.pageWith(fmt.Sprintf("/XObject<</I %d 0 R>>", wide.stream("/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8", "x")), say(50, 200, plainLine)+"/I Do")
	for _, tt := range []struct {
		name, file string
		body       []byte
		held       []string // one of these
	}{
		{"1 GB of zeros as a sheet", "a.xlsx", bomb("xl/worksheets/sheet1.xml", 1<<30), []string{"archive-bomb"}},
		{"1 GB of zeros as a document", "a.docx", bomb("word/document.xml", 1<<30), []string{"archive-bomb"}},
		{"a part that says it is small", "a.docx", lying(bomb("word/document.xml", 200<<20), 100), []string{"archive-bomb", "damaged-archive"}},
		{"a part that says it is vast", "a.docx", lying(document("<w:p/>"), 0xfffffff0), []string{"archive-bomb"}},
		{"many parts", "a.docx", zipped(many...), []string{"archive-bomb"}},
		{"parts that share their bytes", "a.xlsx", sharing(60), []string{"archive-bomb", "damaged-archive"}},
		{"archives in archives", "a.xlsx", nested, []string{"archive"}},
		{"a part outside of the archive", "a.docx", special(func(h *zip.FileHeader) { h.Name = "../../etc/x" }), []string{"damaged-archive"}},
		{"an absolute part", "a.docx", special(func(h *zip.FileHeader) { h.Name = "/etc/x" }), []string{"damaged-archive"}},
		{"a part with the other slash", "a.docx", special(func(h *zip.FileHeader) { h.Name = "..\\x" }), []string{"damaged-archive"}},
		{"a link", "a.docx", special(func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }), []string{"damaged-archive"}},
		{"a part twice", "a.docx", special(func(h *zip.FileHeader) { h.Name = "word/Document.xml" }), []string{"damaged-archive"}},
		{"an encrypted part", "a.docx", special(func(h *zip.FileHeader) { h.Flags |= 1 }), []string{"encrypted"}},
		{"entities of entities", "a.docx", zipped("[Content_Types].xml", "<Types/>", "word/document.xml",
			`<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;&b;</x>`), []string{"damaged-document"}},
		{"deep elements", "a.docx", document(strings.Repeat("<w:p>", 1_000_000)), []string{"damaged-document"}},
		{"many cells", "a.xlsx", book("<row r=\"1\">" + strings.Repeat("<c/>", 4_100_000) + "</row>"), []string{"too-many-cells"}},
		{"wide rows", "a.xlsx", book(wideRows(200)), []string{"too-many-cells"}},
		{"many fields", "a.csv", bytes.Repeat([]byte(","), 3<<20), []string{"too-many-cells"}},
		{"much text", "a.csv", bytes.Repeat([]byte("文字文字文字\n"), 600_000), []string{"too-much-text", "too-many-cells"}},
		{"a large file", "a.csv", make([]byte, 33<<20), []string{"too-large"}},
		{"a wide PNG", "a.png", pngHead(100_000, 100_000), []string{"too-many-pixels"}},
		{"a wide JPEG", "a.jpg", wideJPEG(t), []string{"too-many-pixels"}},
		{"a PDF stream of 200 MB", "a.pdf", pdf("/FlateDecode", once.String()), []string{"pdf-too-complex"}},
		{"a PDF stream packed twice", "a.pdf", pdf("[/FlateDecode/FlateDecode]", squeezed(once.String())), []string{"pdf-too-complex"}},
		{"a PDF of doubling forms", "a.pdf", doubling.bytes(), []string{"pdf-too-complex"}},
		{"a PDF of doubling arrays", "a.pdf", arrays.bytes(), []string{"pdf-too-complex", "damaged-pdf"}},
		{"a PDF of many pages", "a.pdf", pages.bytes(), []string{"too-many-pages"}},
		{"a PDF with a vast picture", "a.pdf", wide.bytes(), []string{"too-many-pixels"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			r := c.Clean(context.Background(), tt.file, "", tt.body, testGate)
			runtime.ReadMemStats(&after)
			if r.Body != nil || !slices.ContainsFunc(r.Held, func(s string) bool { return slices.Contains(tt.held, s) }) {
				t.Errorf("held %q, want one of %q", r.Held, tt.held)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 100<<20 && after.HeapSys-before.HeapSys > 100<<20 {
				t.Errorf("it took %d MB", used>>20)
			}
		})
	}
}

// wideRows makes rows whose only cell is the last one that a sheet has.
func wideRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i+1, i+1)
	}
	return b.String()
}

// wideJPEG makes a JPEG that says it is large.
func wideJPEG(t testing.TB) []byte {
	b := jpegWith(t)
	at := bytes.Index(b, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(b[at+5:], 60000)
	binary.BigEndian.PutUint16(b[at+7:], 60000)
	return b
}

func TestFailsClosed(t *testing.T) {
	c := cleaner(attach.Options{Limits: attach.Limits{Text: 30}})
	r := c.Clean(context.Background(), "a.csv", "", []byte("a,b\n"), func(string) attach.Checked { panic("made up") })
	has(t, r, "internal-error")
	if r.Body != nil || r.Name != "附件.csv" {
		t.Errorf("a panic gives %q", r.Name)
	}
	r = c.Clean(context.Background(), "a.csv", "", []byte(strings.Repeat("字", 20)+"\n"), testGate)
	has(t, r, "too-much-text")
	done, cancel := context.WithCancel(context.Background())
	cancel()
	r = c.Clean(done, "a.pdf", "", newPDF().page(say(50, 200, plainLine)).bytes(), testGate)
	has(t, r, "pdf-time")
	if r.Body != nil {
		t.Error("there is a file")
	}
	whole := cleaner(attach.Options{})
	for _, code := range []string{"minor", "budget-spent", "bad-utf8"} {
		r := whole.Clean(context.Background(), "a.csv", "", []byte("a,b\n"), func(s string) attach.Checked { return attach.Checked{Held: []string{code}} })
		if r.Body != nil || !slices.Contains(r.Held, code) {
			t.Errorf("%s: held %q", code, r.Held)
		}
	}
}

// TestStopped stops the work on a PDF while the gate reads its text, and looks
// that the next one is worked on as ever.
func TestStopped(t *testing.T) {
	c := attach.New(attach.Options{}) // a machine of its own, since it is closed
	body := newPDF().page(say(50, 200, plainLine)).page(say(50, 200, plainLine)).bytes()
	ctx, cancel := context.WithCancel(context.Background())
	r := c.Clean(ctx, "a.pdf", "", body, func(s string) attach.Checked {
		if strings.Contains(s, plainLine) {
			cancel()
		}
		return testGate(s)
	})
	has(t, r, "pdf-time")
	has(t, c.Clean(context.Background(), "a.pdf", "", body, testGate))
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	has(t, c.Clean(context.Background(), "a.pdf", "", body, testGate))
}

func TestTogether(t *testing.T) {
	c := cleaner(attach.Options{})
	pdf := newPDF().page(say(50, 200, plainLine)).bytes()
	want := c.Clean(context.Background(), "a.pdf", "", pdf, testGate)
	got := make(chan attach.Result)
	for range 4 {
		go func() { got <- c.Clean(context.Background(), "a.pdf", "", pdf, testGate) }()
		go func() { got <- c.Clean(context.Background(), "a.csv", "", []byte("a,b\n"), testGate) }()
	}
	for range 8 {
		if r := <-got; r.Type == want.Type && !bytes.Equal(r.Body, want.Body) || !r.Publishable() {
			t.Errorf("held %q", r.Held)
		}
	}
}
