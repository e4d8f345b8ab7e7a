package attach

import (
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// A page is drawn with and without its parts, and the pictures are compared: what
// makes no difference is not seen.

// draw returns a picture of the page on white: blue, green, red and a spare byte
// for each pixel.
func (v *pageView) draw() ([]byte, error) {
	b, err := v.p.FPDFBitmap_Create(&requests.FPDFBitmap_Create{Width: v.w, Height: v.h})
	if err != nil {
		return nil, refusal("pdf-too-complex")
	}
	if _, err := v.p.FPDFBitmap_FillRect(&requests.FPDFBitmap_FillRect{Bitmap: b.Bitmap, Width: v.w, Height: v.h, Color: 0xffffffff}); err != nil {
		return nil, errPDF
	}
	if _, err := v.p.FPDF_RenderPageBitmap(&requests.FPDF_RenderPageBitmap{Bitmap: b.Bitmap, Page: v.page, SizeX: v.w, SizeY: v.h}); err != nil {
		return nil, errPDF
	}
	buf, err := v.p.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: b.Bitmap})
	if err != nil || len(buf.Buffer) != 4*v.w*v.h {
		return nil, errPDF
	}
	out := slices.Clone(buf.Buffer)
	if _, err := v.p.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: b.Bitmap}); err != nil {
		return nil, errPDF
	}
	return out, nil
}

// show switches objects on and off.
func (v *pageView) show(want func(pageObject) bool) error {
	for _, o := range v.objects {
		if _, err := v.p.FPDFPageObj_SetIsActive(&requests.FPDFPageObj_SetIsActive{PageObject: o.ref, Active: want(o)}); err != nil {
			return errPDF
		}
	}
	return nil
}

// blacken makes all text black.
func (v *pageView) blacken() error {
	black := structs.FPDF_COLOR{A: 255}
	for _, o := range v.objects {
		if o.kind != enums.FPDF_PAGEOBJ_TEXT {
			continue
		}
		if _, err := v.p.FPDFPageObj_SetFillColor(&requests.FPDFPageObj_SetFillColor{PageObject: o.ref, FillColor: black}); err != nil {
			return errPDF
		}
		if _, err := v.p.FPDFPageObj_SetStrokeColor(&requests.FPDFPageObj_SetStrokeColor{PageObject: o.ref, StrokeColor: black}); err != nil {
			return errPDF
		}
	}
	return nil
}

// compare counts the pixels of r where ink is dark, and those of them where all
// and rest differ.
func (v *pageView) compare(r rect, all, rest, ink []byte, level byte) (inked, differs int) {
	v.each(r, func(i int) {
		if max(ink[i], ink[i+1], ink[i+2]) >= level {
			return
		}
		inked++
		for c := range 3 {
			if max(all[i+c], rest[i+c])-min(all[i+c], rest[i+c]) >= contrast {
				differs++
				return
			}
		}
	})
	return inked, differs
}

// each calls f with the place of each pixel of r in a picture.
func (v *pageView) each(r rect, f func(i int)) {
	x0, x1 := max(int(r.x0), 0), min(int(math.Ceil(r.x1)), v.w)
	y0, y1 := max(int(r.y0), 0), min(int(math.Ceil(r.y1)), v.h)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			f(4 * (y*v.w + x))
		}
	}
}

// covered reports whether something that is drawn after a character lies over it.
func (v *pageView) covered(g glyph) bool {
	x, y := (g.page.x0+g.page.x1)/2, (g.page.y0+g.page.y1)/2
	after := false
	for _, o := range v.objects {
		switch {
		case o.kind == enums.FPDF_PAGEOBJ_TEXT:
			after = after || o.bounds.has(x, y)
		case after && o.fills && o.bounds.has(x, y):
			return true
		}
	}
	return false
}

// shapeless reports whether PDFium has no shape for a character: a font that is
// not in the file is replaced by one that has letters of the West only.
func (v *pageView) shapeless(g glyph) bool {
	if g.r < 0x2e80 {
		return false
	}
	o, err := v.p.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: v.text, Index: g.index})
	if err != nil {
		return false
	}
	font, err := v.p.FPDFTextObj_GetFont(&requests.FPDFTextObj_GetFont{PageObject: o.TextObject})
	if err != nil {
		return false
	}
	inside, err := v.p.FPDFFont_GetIsEmbedded(&requests.FPDFFont_GetIsEmbedded{Font: font.Font})
	return err == nil && !inside.IsEmbedded
}

// overprinted reports whether characters stand on other characters, or black and
// other blocks on them: what is printed over may be hidden by it.
func overprinted(glyphs []glyph) bool {
	const cell = 24 // pixels
	at := map[[2]int][]int{}
	for i, g := range glyphs {
		x, y := int((g.box.x0+g.box.x1)/2)/cell, int((g.box.y0+g.box.y1)/2)/cell
		at[[2]int{x, y}] = append(at[[2]int{x, y}], i)
	}
	hits := 0
	for _, in := range at {
		for n, i := range in {
			for _, k := range in[max(0, n-40):n] {
				a, b := glyphs[i], glyphs[k]
				if a.r == b.r || a.page == b.page && a.index-b.index < 4 {
					continue // a shadow, bold made by printing twice, or one shape for several letters
				}
				shared := a.box.over(b.box).area()
				block := a.r >= 0x2580 && a.r <= 0x25ff || b.r >= 0x2580 && b.r <= 0x25ff
				switch {
				case block && shared > coversMost*min(a.box.area(), b.box.area()):
					return true
				case shared > coversMost*max(a.box.area(), b.box.area()) && shared > 0:
					hits++
				}
			}
		}
	}
	return hits >= 3
}
