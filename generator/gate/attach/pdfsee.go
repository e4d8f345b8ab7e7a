package attach

import (
	"math"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// How a page is looked at.
const (
	maxPixels     = 4_000_000 // of the picture of a page
	dotsPerPoint  = 150.0 / 72
	maxObjects    = 40_000 // of a page
	maxFormDepth  = 20
	inkLevel      = 160 // darker pixels of black text are ink
	faintInk      = 235 // the same for text too small to have such pixels
	contrast      = 10  // of 255: a pixel that differs less with and without text shows none
	enoughSeen    = 0.35
	coversMost    = 0.5
	unreadableRun = 3              // characters in a row that have no code
	maxSeeSteps   = 64 * maxPixels // pixels and objects that are looked at for the characters of a page
)

// What drawing a file costs, counted in steps, so that every machine stops at the same
// place, and long before a clock does.
const (
	maxDrawn     = 2_400_000_000 // of one file
	costObject   = 5000          // of taking an object apart and switching it on and off
	costGlyph    = 3000          // of reading a character
	costSegment  = 20            // for each pixel that a line of a path may cross
	costFill     = 4             // for each pixel of an object
	costShading  = 12            // for each pixel of the page that a run of colours may fill
	costPagePart = 2             // of the pixels of a page, one in so many for drawing it bare
)

// spend counts what is drawn.
func (v *pageView) spend(pixels float64) error {
	if *v.drawn += min(pixels, 2*maxDrawn); *v.drawn > maxDrawn {
		return refusal("pdf-too-complex")
	}
	return nil
}

// see checks the rebuilt file: its text through the gate, and that a reader sees
// all of it. boxes are annotations that the original had over its pages.
func (j *job) see(p pdfium.Pdfium, body []byte, boxes [][]rect) error {
	doc, err := p.OpenDocument(&requests.OpenDocument{File: &body})
	if err != nil {
		return errPDF
	}
	drawn := 0.0
	for i := range boxes {
		if j.ctx.Err() != nil {
			return refusal("pdf-time")
		}
		loaded, err := p.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc.Document, Index: i})
		if err != nil {
			return errPDF
		}
		v := &pageView{p: p, page: pageRef(loaded.Page), drawn: &drawn}
		if err := v.open(); err != nil {
			return err
		}
		if err := j.seePage(v, i+1, boxes[i]); err != nil {
			return err
		}
		if _, err := p.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page}); err != nil {
			return errPDF
		}
	}
	return nil
}

// seePage checks one page.
func (j *job) seePage(v *pageView, number int, boxes []rect) error {
	text, err := v.readText()
	if err != nil {
		return err
	}
	lines := laidOut(v.glyphs)
	if err := j.readPDFText(number, text, seenOrder(lines)); err != nil {
		return err
	}
	if err := j.readPieces(number, lines); err != nil {
		return err
	}
	if v.unreadable {
		j.refuse("pdf-unreadable-text")
	}
	if len(v.objects) == 0 {
		return nil // an empty page
	}
	if v.steps = v.inkArea(); v.steps > maxSeeSteps {
		return refusal("pdf-too-complex")
	}
	if err := v.spend(float64(v.steps)); err != nil {
		return err
	}
	if err := j.pictures(v, boxes); err != nil {
		return err
	}
	if len(v.glyphs) == 0 {
		if v.shows {
			j.refuse("pdf-unreadable-text")
		}
		j.hold("pdf-no-text")
		return nil
	}
	for _, b := range boxes {
		for _, g := range v.glyphs {
			if b.meets(g.page) {
				j.refuse("pdf-covered-text")
			}
		}
	}
	if overprinted(v.glyphs) {
		j.refuse("pdf-covered-text")
	}
	return j.seen(v)
}

// inkArea returns how many pixels it takes to draw the text of the page and to look
// at its characters: a few letters as large as the page, one on the other, cost
// more than a book.
func (v *pageView) inkArea() int {
	sum, page := 0.0, rect{0, 0, float64(v.w), float64(v.h)}
	for _, o := range v.objects {
		if o.kind == enums.FPDF_PAGEOBJ_TEXT {
			sum += v.pixels(o.bounds).over(page).area()
		}
	}
	for _, g := range v.glyphs {
		sum += g.box.over(page).area()
	}
	return int(min(sum, maxSeeSteps+1))
}

// seen draws the page with its text, without it, and its text alone in black, and
// compares: where black text has ink, the page must look different with and
// without its text.
func (j *job) seen(v *pageView) error {
	all, err := v.draw()
	if err != nil {
		return err
	}
	if err := v.show(func(o pageObject) bool { return o.kind != enums.FPDF_PAGEOBJ_TEXT }); err != nil {
		return err
	}
	rest, err := v.draw()
	if err != nil {
		return err
	}
	if err := v.show(func(o pageObject) bool { return o.kind == enums.FPDF_PAGEOBJ_TEXT }); err != nil {
		return err
	}
	if err := v.blacken(); err != nil {
		return err
	}
	ink, err := v.draw()
	if err != nil {
		return err
	}
	for _, g := range v.glyphs {
		if !unicode.IsLetter(g.r) && !unicode.IsDigit(g.r) {
			continue
		}
		inside := g.box.over(rect{0, 0, float64(v.w), float64(v.h)})
		if inside.area() < g.box.area()*coversMost || g.size < 1 {
			j.refuse("pdf-hidden-text")
			continue
		}
		inked, differs := v.compare(inside, all, rest, ink, inkLevel)
		if inked == 0 {
			inked, differs = v.compare(inside, all, rest, ink, faintInk)
		}
		if inked > 0 && float64(differs) >= enoughSeen*float64(inked) {
			continue
		}
		if v.steps += len(v.objects); v.steps > maxSeeSteps {
			return refusal("pdf-too-complex")
		}
		switch {
		case inked == 0 && v.shapeless(g):
			j.refuse("pdf-font-missing")
		case v.covered(g):
			j.refuse("pdf-covered-text")
		default:
			j.refuse("pdf-hidden-text")
		}
	}
	return nil
}

// glyph is a character of a page.
type glyph struct {
	r     rune
	index int     // in the text of PDFium
	page  rect    // in points of the page
	box   rect    // in pixels, y downwards
	size  float64 // the longer side of the box in points
}

// pageObject is an object of a page that is drawn; forms are taken apart.
type pageObject struct {
	ref    references.FPDF_PAGEOBJECT
	kind   enums.FPDF_PAGEOBJ
	bounds rect // in points of the page
	clip   rect // of a picture: where it may be drawn, in points of the page
	fills  bool // it hides what is under it
}

// pageView is a page as PDFium sees it.
type pageView struct {
	p          pdfium.Pdfium
	page       requests.Page
	area       rect // of the page that is shown, in points
	turn       int  // quarters, clockwise
	w, h       int  // of the picture, in pixels
	objects    []pageObject
	glyphs     []glyph
	text       references.FPDF_TEXTPAGE
	shows      bool     // there are objects of text
	unreadable bool     // some text has no characters
	points     int      // of clips that were read
	steps      int      // pixels and objects looked at
	drawn      *float64 // what the pages of the file cost so far
}

// open reads the size and the objects of the page.
func (v *pageView) open() error {
	b, err := v.p.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: v.page})
	if err != nil {
		return errPDF
	}
	v.area = rect{float64(b.Rect.Left), float64(b.Rect.Bottom), float64(b.Rect.Right), float64(b.Rect.Top)}
	r, err := v.p.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: v.page})
	if err != nil {
		return errPDF
	}
	v.turn = int(r.PageRotation) & 3
	w, h := v.area.x1-v.area.x0, v.area.y1-v.area.y0
	if !(w >= 1 && h >= 1 && w <= 20000 && h <= 20000) {
		return refusal("pdf-features")
	}
	if v.turn&1 == 1 {
		w, h = h, w
	}
	scale := min(dotsPerPoint, math.Sqrt(maxPixels/(w*h)))
	v.w, v.h = max(int(w*scale), 1), max(int(h*scale), 1)
	if err := v.spend(float64(v.w) * float64(v.h) / costPagePart); err != nil {
		return err
	}
	n, err := v.p.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: v.page})
	if err != nil {
		return errPDF
	}
	for i := range n.Count {
		o, err := v.p.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: v.page, Index: i})
		if err != nil {
			return errPDF
		}
		if err := v.add(o.PageObject, structs.FPDF_FS_MATRIX{A: 1, D: 1}, v.area, 0); err != nil {
			return err
		}
	}
	return nil
}

// add takes an object apart. m leads from its space to the page; it is seen within
// clip only.
func (v *pageView) add(ref references.FPDF_PAGEOBJECT, m structs.FPDF_FS_MATRIX, clip rect, depth int) error {
	if len(v.objects) >= maxObjects || depth > maxFormDepth {
		return refusal("pdf-too-complex")
	}
	t, err := v.p.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: ref})
	if err != nil {
		return errPDF
	}
	var bounds rect
	if b, err := v.p.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: ref}); err == nil {
		bounds = moved(rect{float64(b.Left), float64(b.Bottom), float64(b.Right), float64(b.Top)}, m)
	}
	if err := v.weigh(ref, t.Type, bounds); err != nil {
		return err
	}
	if t.Type == enums.FPDF_PAGEOBJ_FORM || t.Type == enums.FPDF_PAGEOBJ_IMAGE {
		if clip, err = v.clipOf(ref, m, clip); err != nil {
			return err
		}
	}
	if t.Type == enums.FPDF_PAGEOBJ_FORM {
		own, err := v.p.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: ref})
		if err != nil {
			return errPDF
		}
		n, err := v.p.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: ref})
		if err != nil {
			return nil // an empty form
		}
		for i := range n.Count {
			o, err := v.p.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: ref, Index: uint64(i)})
			if err != nil {
				return errPDF
			}
			if err := v.add(o.PageObject, product(own.Matrix, m), clip, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	o := pageObject{ref: ref, kind: t.Type, clip: clip, bounds: bounds}
	switch t.Type {
	case enums.FPDF_PAGEOBJ_TEXT:
		v.shows = true
	case enums.FPDF_PAGEOBJ_PATH:
		mode, err := v.p.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: ref})
		o.fills = err == nil && (mode.FillMode != enums.FPDF_FILLMODE_NONE || mode.Stroke)
	default:
		o.fills = true
	}
	v.objects = append(v.objects, o)
	return nil
}

// weigh counts what it costs to draw an object.
func (v *pageView) weigh(ref references.FPDF_PAGEOBJECT, kind enums.FPDF_PAGEOBJ, bounds rect) error {
	seen := v.pixels(bounds).over(rect{0, 0, float64(v.w), float64(v.h)})
	cost := costFill * seen.area() // also of a form, which may be put together apart
	switch kind {
	case enums.FPDF_PAGEOBJ_TEXT:
		cost = 0 // inkArea counts it
	case enums.FPDF_PAGEOBJ_SHADING:
		cost = costShading * float64(v.w) * float64(v.h)
	case enums.FPDF_PAGEOBJ_PATH:
		n, err := v.p.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: ref})
		if err != nil {
			return errPDF
		}
		if n.Count > 8 && bounds.area() > 0 { // a frame or a line costs little
			cost += costSegment * float64(n.Count) * max(seen.x1-seen.x0+seen.y1-seen.y0, 0)
		}
	}
	return v.spend(costObject + cost)
}

// product returns the matrix that does a and then b.
func product(a, b structs.FPDF_FS_MATRIX) structs.FPDF_FS_MATRIX {
	return structs.FPDF_FS_MATRIX{
		A: a.A*b.A + a.B*b.C, B: a.A*b.B + a.B*b.D,
		C: a.C*b.A + a.D*b.C, D: a.C*b.B + a.D*b.D,
		E: a.E*b.A + a.F*b.C + b.E, F: a.E*b.B + a.F*b.D + b.F,
	}
}

// moved returns the upright rectangle around r after m.
func moved(r rect, m structs.FPDF_FS_MATRIX) rect {
	out := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range [4][2]float64{{r.x0, r.y0}, {r.x1, r.y0}, {r.x0, r.y1}, {r.x1, r.y1}} {
		x := p[0]*float64(m.A) + p[1]*float64(m.C) + float64(m.E)
		y := p[0]*float64(m.B) + p[1]*float64(m.D) + float64(m.F)
		out = rect{min(out.x0, x), min(out.y0, y), max(out.x1, x), max(out.y1, y)}
	}
	return out
}

// pixels returns where a rectangle of the page lies in its picture.
func (v *pageView) pixels(r rect) rect {
	w, h := v.area.x1-v.area.x0, v.area.y1-v.area.y0
	at := func(x, y float64) (float64, float64) {
		a, b := (x-v.area.x0)/w, (v.area.y1-y)/h
		switch v.turn {
		case 1:
			a, b = 1-b, a
		case 2:
			a, b = 1-a, 1-b
		case 3:
			a, b = b, 1-a
		}
		return a * float64(v.w), b * float64(v.h)
	}
	ax, ay := at(r.x0, r.y0)
	bx, by := at(r.x1, r.y1)
	return rect{min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)}
}

// readText reads the characters of the page.
func (v *pageView) readText() (string, error) {
	t, err := v.p.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: v.page})
	if err != nil {
		return "", errPDF
	}
	v.text = t.TextPage
	n, err := v.p.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: v.text})
	if err != nil {
		return "", errPDF
	}
	if err := v.spend(costGlyph * float64(n.Count)); err != nil {
		return "", err
	}
	run := 0
	for i := range n.Count {
		u, err := v.p.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: v.text, Index: i})
		if err != nil {
			return "", errPDF
		}
		r := rune(u.Unicode)
		if unicode.IsSpace(r) {
			continue
		}
		if made, err := v.p.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: v.text, Index: i}); err == nil && made.IsGenerated {
			continue
		}
		lost, err := v.p.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: v.text, Index: i})
		if err != nil || lost.HasUnicodeMapError || unicode.IsControl(r) || r >= 0xe000 && r <= 0xf8ff || r == 0xfffd || r > 0x10ffff || r >= 0xf0000 {
			if run++; run >= unreadableRun {
				v.unreadable = true
			}
		} else {
			run = 0
		}
		if err := v.addGlyph(r, i); err != nil {
			return "", err
		}
	}
	if n.Count == 0 {
		return "", nil
	}
	s, err := v.p.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: v.text, StartIndex: 0, Count: n.Count})
	if err != nil {
		return "", errPDF
	}
	return s.Text, nil
}

// addGlyph reads where a character is.
func (v *pageView) addGlyph(r rune, i int) error {
	g := glyph{r: r, index: i}
	b, err := v.p.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: v.text, Index: i})
	if err != nil {
		return errPDF
	}
	g.page = rect{b.Left, b.Bottom, b.Right, b.Top}
	if g.page.area() == 0 {
		if l, err := v.p.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: v.text, Index: i}); err == nil {
			g.page = rect{float64(l.Rect.Left), float64(l.Rect.Bottom), float64(l.Rect.Right), float64(l.Rect.Top)}
		}
	}
	g.box = v.pixels(g.page)
	g.size = max(g.page.x1-g.page.x0, g.page.y1-g.page.y0)
	v.glyphs = append(v.glyphs, g)
	return nil
}
