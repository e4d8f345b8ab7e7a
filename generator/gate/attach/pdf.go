package attach

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// maxCurves is how many curves a file may draw before a person looks whether
// they are letters. Five digits as outlines have more; frames and rules have
// few.
const maxCurves = 60

// pdf rebuilds a PDF. PDFium reads the file and saves it plainly; from that the
// pages are copied by schema into a new file, and the new file is what PDFium
// then reads and draws to be checked.
func (j *job) pdf(m *machine, body []byte) ([]byte, error) {
	if at := bytes.LastIndex(body, []byte("%%EOF")); at < 0 || len(bytes.TrimSpace(body[at+len("%%EOF"):])) > 0 {
		j.drop("trailing-bytes")
	}
	var out []byte
	var boxes [][]rect
	err := m.with(j.ctx, func(p pdfium.Pdfium) (err error) {
		out, boxes, err = j.rebuildPDF(p, body)
		return err
	})
	if err != nil || j.refused {
		return nil, err
	}
	return out, m.with(j.ctx, func(p pdfium.Pdfium) error { return j.see(p, out, boxes) })
}

// rebuildPDF writes the new file. boxes are the annotations of each page that may
// hide what is under them.
func (j *job) rebuildPDF(p pdfium.Pdfium, body []byte) (out []byte, boxes [][]rect, err error) {
	plain, err := j.savePlain(p, body)
	if err != nil {
		return nil, nil, err
	}
	f, err := openPDF(plain, j.opts.Limits)
	if err != nil {
		return nil, nil, err
	}
	if err := j.forbiddenIn(f); err != nil || j.refused {
		return nil, nil, err
	}
	if boxes, err = j.coveringNotes(f); err != nil {
		return nil, nil, err
	}
	out, c, err := j.copyPDF(p, f)
	if err != nil {
		return nil, nil, err
	}
	if _, err := j.one("names of fonts", nameText(c.names)); err != nil {
		return nil, nil, err
	}
	if len(j.findings) > 0 || j.refused {
		j.refuse("pdf-personal")
	}
	if c.curves > maxCurves {
		j.hold("pdf-drawing-unread")
	}
	if c.images && !j.opts.PassPictures {
		j.hold("pdf-image-unread")
	}
	return out, boxes, nil
}

// pageRef names a page to PDFium.
func pageRef(p references.FPDF_PAGE) requests.Page { return requests.Page{ByReference: &p} }

// savePlain lets PDFium read the hostile file and save it as a plain one.
func (j *job) savePlain(p pdfium.Pdfium, body []byte) ([]byte, error) {
	doc, err := p.OpenDocument(&requests.OpenDocument{File: &body})
	if errors.Is(err, pdfiumerrors.ErrPassword) || errors.Is(err, pdfiumerrors.ErrSecurity) {
		return nil, refusal("encrypted")
	}
	if err != nil {
		return nil, errPDF
	}
	d := doc.Document
	if s, err := p.FPDF_GetSecurityHandlerRevision(&requests.FPDF_GetSecurityHandlerRevision{Document: d}); err != nil || s.SecurityHandlerRevision != -1 {
		return nil, refusal("encrypted")
	}
	n, err := p.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d})
	switch {
	case err != nil || n.PageCount < 1:
		return nil, errPDF
	case n.PageCount > j.opts.Limits.Pages:
		return nil, refusal("too-many-pages")
	}
	if v, err := p.FPDF_DocumentHasValidCrossReferenceTable(&requests.FPDF_DocumentHasValidCrossReferenceTable{Document: d}); err != nil || !v.DocumentHasValidCrossReferenceTable {
		return nil, errPDF
	}
	versions := 0
	if ends, err := p.FPDF_GetTrailerEnds(&requests.FPDF_GetTrailerEnds{Document: d}); err == nil {
		versions = len(ends.TrailerEnds)
	}
	versions = max(versions, bytes.Count(body, []byte("startxref")))
	if versions > 1 && !(versions == 2 && (linearized(body) || emptyUpdate(body))) {
		return nil, refusal("pdf-incremental")
	}
	if a, err := p.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: d}); err != nil || a.AttachmentCount > 0 {
		return nil, refusal("pdf-embedded-file")
	}
	if s, err := p.FPDFDoc_GetJavaScriptActionCount(&requests.FPDFDoc_GetJavaScriptActionCount{Document: d}); err != nil || s.JavaScriptActionCount > 0 {
		return nil, refusal("pdf-javascript")
	}
	out := &boundedBuffer{left: 2*len(body) + j.opts.Limits.Unpacked}
	if _, err := p.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: d, Flags: requests.SaveFlagNoIncremental, FileWriter: out}); err != nil {
		if out.left < 0 {
			return nil, refusal("pdf-too-complex")
		}
		return nil, errPDF
	}
	return out.b, nil
}

// linearized reports whether a file says that it is laid out for the web, and is
// as long as it says: such a file has two tables, and no later version.
func linearized(body []byte) bool {
	head := body[:min(len(body), 1024)]
	at := bytes.Index(head, []byte("/Linearized"))
	if at < 0 {
		return false
	}
	at = bytes.LastIndex(head[:at], []byte("<<"))
	if at < 0 {
		return false
	}
	o, err := (&pdfLexer{b: body, at: at}).object()
	d, ok := o.(pdfDict)
	return err == nil && ok && d["L"] == any(pdfNumber(strconv.Itoa(len(bytes.TrimRight(body, "\r\n"))))) ||
		err == nil && ok && d["L"] == any(pdfNumber(strconv.Itoa(len(body))))
}

// emptyUpdate reports whether what follows the first end of a file is a table
// without objects: word processors end files so for old and new readers at once,
// and there is no later version.
func emptyUpdate(body []byte) bool {
	end := bytes.Index(body, []byte("%%EOF"))
	if end < 0 {
		return false
	}
	start := bytes.LastIndex(body[:end], []byte("startxref"))
	if start < 0 {
		return false
	}
	first, ok := (&pdfLexer{b: body[:end], at: start + len("startxref")}).integer()
	l := &pdfLexer{b: body, at: end}
	if w, _ := l.object(); w != any(pdfWord("xref")) || !ok {
		return false
	}
	from, ok1 := l.integer()
	n, ok2 := l.integer()
	if w, _ := l.object(); w != any(pdfWord("trailer")) || !ok1 || !ok2 || from != 0 || n != 0 {
		return false
	}
	l.refs = true
	d, _ := l.object()
	trailer, _ := d.(pdfDict)
	// The table for new readers, too, must be of the first version.
	newer, stated := trailer["XRefStm"].(pdfNumber)
	at, err := strconv.Atoi(string(newer))
	if trailer["Prev"] != any(pdfNumber(strconv.Itoa(first))) || stated && (err != nil || at >= end) {
		return false
	}
	if w, _ := l.object(); w != any(pdfWord("startxref")) {
		return false
	}
	_, ok = l.integer()
	return ok && l.done()
}

// boundedBuffer is a buffer that does not grow beyond a size.
type boundedBuffer struct {
	b    []byte
	left int
}

func (w *boundedBuffer) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errors.New("too much")
	}
	w.b = append(w.b, p...)
	return len(p), nil
}

// rect is a rectangle, in points of a page or in pixels of its picture.
type rect struct{ x0, y0, x1, y1 float64 }

// meets reports whether two rectangles share more than an edge.
func (r rect) meets(o rect) bool { return r.x0 < o.x1 && o.x0 < r.x1 && r.y0 < o.y1 && o.y0 < r.y1 }

// has reports whether a point is in r.
func (r rect) has(x, y float64) bool { return x >= r.x0 && x <= r.x1 && y >= r.y0 && y <= r.y1 }

func (r rect) area() float64 { return max(r.x1-r.x0, 0) * max(r.y1-r.y0, 0) }

// over returns the part of r that is in o.
func (r rect) over(o rect) rect {
	return rect{max(r.x0, o.x0), max(r.y0, o.y0), min(r.x1, o.x1), min(r.y1, o.y1)}
}

// coveringNotes returns for each page the annotations that may hide what is under
// them. They are not carried, so what they cover would come to light.
func (j *job) coveringNotes(f *pdfFile) ([][]rect, error) {
	pages, err := j.pages(f)
	if err != nil {
		return nil, err
	}
	out := make([][]rect, len(pages))
	for i, p := range pages {
		notes, err := f.list(p["Annots"])
		if err != nil {
			return nil, err
		}
		for _, o := range notes {
			d, err := f.asDict(o)
			if err != nil {
				return nil, err
			}
			kind, _ := f.get(d["Subtype"])
			name, _ := kind.(pdfName)
			switch name {
			case "Link", "Popup", "Text", "Underline", "Squiggly", "StrikeOut", "":
				continue
			case "Highlight":
				if !dark(f, d["C"]) {
					continue
				}
			}
			if r, ok := f.rectangle(d["Rect"]); ok {
				out[i] = append(out[i], r)
			}
		}
	}
	return out, nil
}

// dark reports whether a colour of an annotation is too dark to read through.
func dark(f *pdfFile, o any) bool {
	list, err := f.list(o)
	if err != nil {
		return true
	}
	light := 0.0
	for _, v := range list {
		o, _ := f.get(v)
		n, _ := o.(pdfNumber)
		x, _ := strconv.ParseFloat(string(n), 64)
		light = max(light, x)
	}
	return len(list) > 0 && len(list) != 4 && light < 0.5
}

// rectangle reads a rectangle in points.
func (f *pdfFile) rectangle(o any) (rect, bool) {
	a, err := f.list(o)
	if err != nil || len(a) != 4 {
		return rect{}, false
	}
	var v [4]float64
	for i := range a {
		o, err := f.get(a[i])
		n, ok := o.(pdfNumber)
		if err != nil || !ok {
			return rect{}, false
		}
		v[i], _ = strconv.ParseFloat(string(n), 64)
	}
	return rect{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}, true
}

// readPDFText lets the text of a page through the gate, in two orders: as it is
// stored and as it is seen.
func (j *job) readPDFText(page int, texts ...string) error {
	place := "page " + strconv.Itoa(page)
	for i, t := range texts {
		t = strings.TrimSpace(strings.Map(func(r rune) rune {
			switch r {
			case '\r':
				return -1
			case 0, 0xfffe, 0xffff:
				return ' '
			}
			return r
		}, t))
		if t == "" || i > 0 && t == texts[0] {
			continue
		}
		c, err := j.check(t)
		if err != nil {
			return err
		}
		if len(c.Findings) > 0 || len(c.Held) > 0 {
			j.find(place, c.Findings)
			j.held = append(j.held, c.Held...)
			j.refuse("pdf-personal")
			return nil
		}
		if i == 0 {
			j.say(c.Masked)
		}
	}
	return nil
}
