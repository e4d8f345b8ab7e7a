package attach

import (
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// How the pictures of a page are looked at.
const (
	maxCovered   = 40   // pictures of a page with something drawn over them
	cropped      = 0.03 // of a picture outside of what is shown: frames and bleed have less
	edgeInk      = 64   // of 255: pixels that differ so much are an edge of what a picture shows
	edgeGone     = 16   // and less than this where it is gone
	enoughGone   = 16   // places where edges are gone, for a picture to be covered
	edgeDistance = 3    // pixels between those that are compared: lines are thinner than twice that
	edgeFrame    = 6    // pixels along the edge of a picture that are not: frames lie on it
)

// pictures refuses a page with pictures of which a part is not seen: what lies
// outside of the page or a frame, or under a box or another picture, can still be
// taken out of the file, and the person who accepts it has not seen it.
func (j *job) pictures(v *pageView, boxes []rect) error {
	var under []int // pictures that something may lie over
	for i, o := range v.objects {
		if o.kind != enums.FPDF_PAGEOBJ_IMAGE || o.bounds.area() <= 0 {
			continue
		}
		if o.bounds.over(o.clip).area() < (1-cropped)*o.bounds.area() {
			j.refuse("pdf-cropped-picture")
		}
		for _, b := range boxes {
			if b.meets(o.bounds) {
				j.refuse("pdf-covered-picture")
				break
			}
		}
		for _, over := range v.objects[i+1:] {
			if over.fills && over.bounds.meets(o.bounds) {
				under = append(under, i)
				break
			}
		}
	}
	if len(under) == 0 || j.refused {
		return nil
	}
	if len(under) > maxCovered {
		return refusal("pdf-too-complex")
	}
	if err := v.show(func(o pageObject) bool { return o.kind != enums.FPDF_PAGEOBJ_TEXT }); err != nil {
		return err
	}
	page, err := v.draw()
	if err != nil {
		return err
	}
	for _, i := range under {
		if err := v.spend(float64(v.w) * float64(v.h) / costPagePart); err != nil {
			return err
		}
		ref := v.objects[i].ref
		if err := v.show(func(o pageObject) bool { return o.ref == ref }); err != nil {
			return err
		}
		alone, err := v.draw()
		if err != nil {
			return err
		}
		if v.gone(v.pixels(v.objects[i].bounds), alone, page) {
			j.refuse("pdf-covered-picture")
			break
		}
	}
	return v.show(func(pageObject) bool { return true })
}

// gone reports whether edges that a picture has where it is drawn alone are not on
// the page.
func (v *pageView) gone(r rect, alone, page []byte) bool {
	const d = edgeDistance
	x0, x1 := max(int(r.x0)+edgeFrame, d), min(int(r.x1)-edgeFrame, v.w-d-1)
	y0, y1 := max(int(r.y0)+edgeFrame, d), min(int(r.y1)-edgeFrame, v.h-d-1)
	spread := func(b []byte, x, y int) int {
		lo, hi := 255, 0
		for dy := -d; dy <= d; dy += d {
			for dx := -d; dx <= d; dx += d {
				i := 4 * ((y+dy)*v.w + x + dx)
				light := (int(b[i]) + int(b[i+1]) + int(b[i+2])) / 3
				lo, hi = min(lo, light), max(hi, light)
			}
		}
		return hi - lo
	}
	n := 0
	for y := y0; y <= y1; y += d {
		for x := x0; x <= x1; x += d {
			if spread(page, x, y) <= edgeGone && spread(alone, x, y) >= edgeInk {
				if n++; n >= enoughGone {
					return true
				}
			}
		}
	}
	return false
}

// clipOf returns the part of clip that an object may be drawn in. m leads from the
// space of the object to the page.
func (v *pageView) clipOf(ref references.FPDF_PAGEOBJECT, m structs.FPDF_FS_MATRIX, clip rect) (rect, error) {
	path, err := v.p.FPDFPageObj_GetClipPath(&requests.FPDFPageObj_GetClipPath{PageObject: ref})
	if err != nil {
		return clip, nil // it has none
	}
	n, err := v.p.FPDFClipPath_CountPaths(&requests.FPDFClipPath_CountPaths{ClipPath: path.ClipPath})
	if err != nil {
		return clip, nil
	}
	for i := range n.Count {
		segments, err := v.p.FPDFClipPath_CountPathSegments(&requests.FPDFClipPath_CountPathSegments{ClipPath: path.ClipPath, PathIndex: i})
		if err != nil || segments.Count == 0 {
			continue
		}
		if v.points += segments.Count; v.points > maxObjects {
			return clip, refusal("pdf-too-complex")
		}
		var all rect
		for k := range segments.Count {
			s, err := v.p.FPDFClipPath_GetPathSegment(&requests.FPDFClipPath_GetPathSegment{ClipPath: path.ClipPath, PathIndex: i, SegmentIndex: k})
			if err != nil {
				return clip, errPDF
			}
			p, err := v.p.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: s.PathSegment})
			if err != nil {
				return clip, errPDF
			}
			at := moved(rect{float64(p.X), float64(p.Y), float64(p.X), float64(p.Y)}, m)
			if k == 0 {
				all = at
			}
			all = rect{min(all.x0, at.x0), min(all.y0, at.y0), max(all.x1, at.x1), max(all.y1, at.y1)}
		}
		clip = clip.over(all)
	}
	return clip, nil
}
