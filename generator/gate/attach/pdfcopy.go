package attach

import (
	"bytes"
	"math"
	"strconv"

	"github.com/klippa-app/go-pdfium"
)

// pdfCopier writes the pages of a file into a new one: only what pages need to be
// drawn, in the order in which it is met.
type pdfCopier struct {
	f       *pdfFile
	p       pdfium.Pdfium // decodes pictures that Go does not
	job     *job
	objects [][]byte // of the new file; number 1 comes first
	known   map[copied]pdfRef
	names   map[string]bool
	depth   int
	steps   int  // values copied
	curves  int  // of all content
	images  bool // there are pictures
	last    drawn
	weights map[*pdfStream]int // what forms cost to draw, in operators
	weight  int                // of all pages
	tiles   int                // patterns, masks and drawn letters being copied: text in them is not found by readers
}

// copied is an object of the old file in a role.
type copied struct {
	ref  pdfRef
	role role
}

// maxPDFDepth bounds how deeply objects of a PDF may hang on each other.
const maxPDFDepth = 100

// maxPDFSteps bounds the values that are copied: arrays may share arrays, and so
// be far larger than their file.
const maxPDFSteps = 2_000_000

// copyPDF writes the pages into a new file.
func (j *job) copyPDF(p pdfium.Pdfium, f *pdfFile) ([]byte, *pdfCopier, error) {
	pages, err := j.pages(f)
	if err != nil {
		return nil, nil, err
	}
	c := &pdfCopier{f: f, p: p, job: j, known: map[copied]pdfRef{}, names: map[string]bool{}, weights: map[*pdfStream]int{}}
	catalog, tree := c.reserve(), c.reserve()
	kids := pdfArray{}
	for _, page := range pages {
		n := c.reserve()
		c.last = drawn{}
		d, err := c.dict(page, rolePage)
		if err != nil {
			return nil, nil, err
		}
		w, err := c.weigh(page["Resources"], c.last)
		if err != nil {
			return nil, nil, err
		}
		if c.weight += w; c.weight > maxPDFSteps {
			return nil, nil, refusal("pdf-too-complex")
		}
		d["Parent"] = tree
		c.put(n, d)
		kids = append(kids, n)
	}
	c.put(tree, pdfDict{"Type": pdfName("Pages"), "Kids": kids, "Count": pdfNumber(strconv.Itoa(len(kids)))})
	c.put(catalog, pdfDict{"Type": pdfName("Catalog"), "Pages": tree})
	return assemblePDF(c.objects), c, nil
}

// assemblePDF writes a file of objects, of which the first is the catalogue.
func assemblePDF(objects [][]byte) []byte {
	out := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = len(out)
		out = append(strconv.AppendInt(out, int64(i+1), 10), " 0 obj\n"...)
		out = append(append(out, o...), "\nendobj\n"...)
	}
	start := len(out)
	out = append(out, "xref\n0 "+strconv.Itoa(len(offsets)+1)+"\n0000000000 65535 f \n"...)
	for _, at := range offsets {
		n := strconv.Itoa(at)
		out = append(out, "0000000000"[:10-len(n)]+n+" 00000 n \n"...)
	}
	return append(out, "trailer\n<</Root 1 0 R\n/Size "+strconv.Itoa(len(offsets)+1)+"\n>>\nstartxref\n"+strconv.Itoa(start)+"\n%%EOF\n"...)
}

// reserve gives the next number.
func (c *pdfCopier) reserve() pdfRef {
	c.objects = append(c.objects, nil)
	return pdfRef(len(c.objects))
}

// put sets the object of a number.
func (c *pdfCopier) put(n pdfRef, o any) { c.objects[n-1] = appendPDF(nil, o) }

// putStream sets the stream of a number.
func (c *pdfCopier) putStream(n pdfRef, d pdfDict, data []byte) {
	c.objects[n-1] = streamPDF(d, data)
}

// streamPDF writes a stream.
func streamPDF(d pdfDict, data []byte) []byte {
	d["Length"] = pdfNumber(strconv.Itoa(len(data)))
	b := append(appendPDF(nil, d), "\nstream\n"...)
	return append(append(b, data...), "\nendstream"...)
}

// copy returns what stands for o in the new file.
func (c *pdfCopier) copy(o any, as role) (any, error) {
	c.steps++
	if c.depth++; c.depth > maxPDFDepth || c.steps > maxPDFSteps {
		return nil, refusal("pdf-too-complex")
	}
	defer func() { c.depth-- }()
	r, indirect := o.(pdfRef)
	if indirect {
		if n, ok := c.known[copied{r, as}]; ok {
			return n, nil
		}
	}
	v, err := c.f.get(o)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case *pdfStream:
		n := c.reserve()
		if indirect {
			c.known[copied{r, as}] = n
		}
		return n, c.stream(n, v, as)
	case pdfDict:
		if !indirect {
			return c.dict(v, as)
		}
		n := c.reserve()
		c.known[copied{r, as}] = n
		d, err := c.dict(v, as)
		if err != nil {
			return nil, err
		}
		c.put(n, d)
		return n, nil
	case pdfArray:
		return c.array(v, as)
	case pdfString:
		if as != roleStrings || len(v) > 32 {
			return nil, nil
		}
		c.names[string(v)] = true
		return v, nil
	case pdfName:
		c.names[string(v)] = true
		return v, nil
	case bool, pdfNumber, nil:
		return v, nil
	}
	return nil, errPDF
}

// array copies an array, whose members have roles by where it stands.
func (c *pdfCopier) array(in pdfArray, as role) (any, error) {
	if as == roleContent {
		n := c.reserve()
		return n, c.contents(n, in)
	}
	if as == roleColor {
		return c.color(in)
	}
	out := make(pdfArray, 0, len(in))
	member := rolePlain
	switch as {
	case roleFonts:
		member = roleFont
	case roleFunction:
		member = roleFunction
	case roleGStateFont:
		member = roleFont
	}
	for _, v := range in {
		o, err := c.copy(v, member)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// color copies a colour space. Profiles are replaced by the device space of as
// many components: they carry names, dates and texts.
func (c *pdfCopier) color(in pdfArray) (any, error) {
	if len(in) == 0 {
		return in, nil
	}
	family, err := c.f.get(in[0])
	if err != nil {
		return nil, err
	}
	name, _ := family.(pdfName)
	out := pdfArray{family}
	c.names[string(name)] = true
	for i, v := range in[1:] {
		as := rolePlain
		switch {
		case name == "ICCBased":
			d, err := c.f.asDict(v)
			if err != nil {
				return nil, err
			}
			n, err := c.f.number(d["N"])
			if err != nil {
				return nil, err
			}
			switch n {
			case 1:
				return pdfName("DeviceGray"), nil
			case 3:
				return pdfName("DeviceRGB"), nil
			case 4:
				return pdfName("DeviceCMYK"), nil
			}
			return nil, errPDF
		case name == "Indexed" || name == "I":
			if i == 0 {
				as = roleColor
			}
			if i == 2 {
				table, err := c.table(v)
				if err != nil {
					return nil, err
				}
				out = append(out, table)
				continue
			}
		case name == "Separation" && i == 1, name == "DeviceN" && i == 1, name == "Pattern":
			as = roleColor
		case name == "Separation" && i == 2, name == "DeviceN" && i == 2:
			as = roleFunction
		case name == "DeviceN" && i > 2:
			continue
		case name == "CalRGB", name == "CalGray", name == "Lab":
			d, err := c.f.asDict(v)
			if err != nil {
				return nil, err
			}
			kept := pdfDict{}
			for _, k := range []string{"WhitePoint", "Gamma", "Matrix", "Range"} {
				if d[k] == nil {
					continue
				}
				if kept[k], err = c.copy(d[k], rolePlain); err != nil {
					return nil, err
				}
			}
			out = append(out, kept)
			continue
		}
		o, err := c.copy(v, as)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// table returns the colours of an indexed space as a string.
func (c *pdfCopier) table(o any) (any, error) {
	o, err := c.f.get(o)
	if err != nil {
		return nil, err
	}
	switch o := o.(type) {
	case pdfString:
		return o[:min(len(o), 1024)], nil
	case *pdfStream:
		data, err := c.f.plain(o)
		return pdfString(data[:min(len(data), 1024)]), err
	}
	return nil, errPDF
}

// dict copies what the schema carries of a dictionary.
func (c *pdfCopier) dict(in pdfDict, as role) (pdfDict, error) {
	if in["OC"] != nil {
		return nil, refusal("pdf-layers")
	}
	if as == roleXObject {
		sub, err := c.f.get(in["Subtype"])
		if err != nil {
			return nil, err
		}
		switch sub {
		case pdfName("Form"):
			as = roleForm
		case pdfName("Image"):
			as = roleImage
		default:
			return nil, refusal("pdf-features")
		}
	}
	out := pdfDict{}
	keys := make([]string, 0, len(in))
	for k := range in {
		keys = append(keys, k)
	}
	member, isMap := members[as]
	allowed := schema[as]
	for _, k := range sorted(keys) {
		role, ok := allowed[k]
		switch {
		case isMap:
			role = member
			c.names[k] = true
		case as == rolePlain:
			role = rolePlain
			c.names[k] = true
		case !ok:
			continue
		}
		inside := as == roleGState && k == "SMask"
		if inside {
			c.tiles++
		}
		v, err := c.copy(in[k], role)
		if inside {
			c.tiles--
		}
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[k] = v
		}
	}
	return out, nil
}

// stream copies a stream under a number.
func (c *pdfCopier) stream(n pdfRef, s *pdfStream, as role) error {
	if as == rolePlain || as == roleResources || as == roleDescriptor || as == roleGroup {
		return errPDF // nothing of these is a stream
	}
	if as == roleContent {
		return c.contents(n, pdfArray{s})
	}
	if as == rolePattern || as == roleGlyph {
		c.tiles++
		defer func() { c.tiles-- }()
	}
	d, err := c.dict(s.dict, as)
	if err != nil {
		return err
	}
	if as == roleXObject {
		as = roleForm
		if d["Subtype"] == any(pdfName("Image")) {
			as = roleImage
		}
	}
	if as == roleImage {
		return c.image(n, d, s)
	}
	data, err := c.f.plain(s)
	if err != nil {
		return err
	}
	switch as {
	case roleForm, roleGlyph, rolePattern:
		var d drawn
		if data, d, err = c.content(data); err != nil {
			return err
		}
		if len(d.does) > 0 && as != roleGlyph && s.dict["Resources"] == nil {
			return refusal("pdf-features") // it would draw with those of its page
		}
		if c.weights[s], err = c.weigh(s.dict["Resources"], d); err == nil && as == rolePattern {
			err = c.tile(s.dict, c.weights[s])
		}
	case roleCMap, roleEncoding:
		data, err = program(data)
	case roleFunction:
		if kind, _ := c.f.number(s.dict["FunctionType"]); kind == 4 {
			data, err = program(data)
		}
	case roleFontFile:
		full := len(data)
		if data, err = fontFile(data); len(data) != full && d["Length1"] != nil {
			d["Length1"] = pdfNumber(strconv.Itoa(len(data)))
		}
	case roleGIDMap:
		data = data[:min(len(data), 2<<16)] // two bytes for each code
	case roleShading:
	default:
		return errPDF
	}
	if err != nil {
		return err
	}
	if data, err = deflate(data); err != nil {
		return err
	}
	d["Filter"] = pdfName("FlateDecode")
	c.putStream(n, d, data)
	return nil
}

// What a tile may cost: it is drawn as often as it fits on what it fills.
const (
	minTile     = 1.0 // of the area of one step, in square points
	maxTileOver = 4.0 // times as large as its step
	maxTileDraw = 500 // operators
)

// tile refuses a pattern of tiles so small, so far over each other or so full that to
// fill a page with it takes longer than all else.
func (c *pdfCopier) tile(d pdfDict, weight int) error {
	number := func(o any, or float64) float64 {
		v, err := c.f.get(o)
		n, ok := v.(pdfNumber)
		if err != nil || !ok {
			return or
		}
		x, err := strconv.ParseFloat(string(n), 64)
		if err != nil {
			return 0
		}
		return x
	}
	area := math.Abs(number(d["XStep"], 0) * number(d["YStep"], 0))
	box, ok := c.f.rectangle(d["BBox"])
	scale := 1.0
	if m, err := c.f.list(d["Matrix"]); err == nil && len(m) == 6 {
		scale = math.Abs(number(m[0], 0)*number(m[3], 0) - number(m[1], 0)*number(m[2], 0))
	}
	if !ok || !(area*scale >= minTile) || !(box.area() <= maxTileOver*area) || weight > maxTileDraw {
		return refusal("pdf-too-complex")
	}
	return nil
}

// contents copies the content of a page, whose streams are one.
func (c *pdfCopier) contents(n pdfRef, in pdfArray) error {
	var all bytes.Buffer
	for _, o := range in {
		o, err := c.f.get(o)
		if err != nil {
			return err
		}
		s, ok := o.(*pdfStream)
		if !ok {
			continue
		}
		data, err := c.f.plain(s)
		if err != nil {
			return err
		}
		all.Write(data)
		all.WriteByte('\n')
	}
	data, d, err := c.content(all.Bytes())
	if err != nil {
		return err
	}
	c.last = d
	if data, err = deflate(data); err != nil {
		return err
	}
	c.putStream(n, pdfDict{"Filter": pdfName("FlateDecode")}, data)
	return nil
}

// content copies a content stream and notes what it draws.
func (c *pdfCopier) content(in []byte) ([]byte, drawn, error) {
	out, d, err := content(in)
	switch {
	case err != nil:
		return nil, d, err
	case d.layers:
		return nil, d, refusal("pdf-layers")
	case d.text && (d.unset || c.tiles > 0):
		return nil, d, refusal("pdf-hidden-text")
	}
	c.curves += d.curves
	c.images = c.images || d.inline
	return out, d, nil
}

// weigh returns how many operators it takes to draw content with the forms that
// it draws: a few small forms that draw each other can cost more than any
// machine has.
func (c *pdfCopier) weigh(resources any, d drawn) (int, error) {
	sum := d.steps
	if len(d.does) == 0 {
		return sum, nil
	}
	r, err := c.f.asDict(resources)
	if err != nil {
		return 0, err
	}
	forms, err := c.f.asDict(r["XObject"])
	if err != nil {
		return 0, err
	}
	for name, times := range d.does {
		o, err := c.f.get(forms[name])
		if err != nil {
			return 0, err
		}
		if s, ok := o.(*pdfStream); ok {
			sum += times * min(c.weights[s], maxPDFSteps)
		}
		if sum > maxPDFSteps {
			return 0, refusal("pdf-too-complex")
		}
	}
	return sum, nil
}
