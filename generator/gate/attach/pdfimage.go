package attach

import (
	"errors"
	"image"
	"strconv"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
)

// image copies a picture: its samples, or a JPEG without its segments that are
// not pixels.
func (c *pdfCopier) image(n pdfRef, d pdfDict, s *pdfStream) error {
	w, err := c.f.number(s.dict["Width"])
	if err != nil {
		return err
	}
	h, err := c.f.number(s.dict["Height"])
	if err != nil {
		return err
	}
	if w <= 0 || h <= 0 || w > 1<<16 || h > 1<<16 {
		return errPDF
	}
	if w*h > c.job.opts.Limits.Pixels {
		return refusal("too-many-pixels")
	}
	c.images = true
	data, err := c.f.decode(s)
	if err != nil {
		return err
	}
	switch data.filter {
	case "":
		if data.data, err = c.samples(d, data, w, h); err != nil {
			return err
		}
		d["Filter"] = pdfName("FlateDecode")
		if data.data, err = deflate(data.data); err != nil {
			return err
		}
	case "DCTDecode":
		if err := c.dct(d, &data, w, h); err != nil {
			return err
		}
	default: // CCITTFaxDecode, JBIG2Decode, JPXDecode
		if data.data, err = c.redraw(d, data, w, h); err != nil {
			return err
		}
		d["Filter"] = pdfName("FlateDecode")
		if data.data, err = deflate(data.data); err != nil {
			return err
		}
	}
	c.putStream(n, d, data.data)
	return nil
}

// dct copies a JPEG: only what its pixels need, and compressed anew where it may hold
// more. It must be as large as the file says, or a reader shows a part of it.
func (c *pdfCopier) dct(d pdfDict, data *coded, w, h int) error {
	bad := refusal("pdf-features")
	clean, _, err := jpegSegments(data.data)
	if err != nil {
		return bad
	}
	img, err := c.job.decodeJPEG(clean)
	if err != nil || img.Bounds().Dx() != w || img.Bounds().Dy() != h {
		return bad
	}
	d["Filter"] = pdfName("DCTDecode")
	v := data.parms["ColorTransform"]
	if idleTables(clean) || c.job.loose(clean) {
		switch img.(type) {
		case *image.Gray, *image.YCbCr: // the numbers of the samples stay as they are
		case *image.RGBA:
			v = nil // what is written is no longer in these colours
		default:
			return bad
		}
		if clean, err = anew(img); err != nil {
			return bad
		}
	}
	data.data = clean
	if v != nil {
		t, err := c.f.number(v)
		if err != nil {
			return err
		}
		d["DecodeParms"] = pdfDict{"ColorTransform": pdfNumber(strconv.Itoa(t))}
	}
	return nil
}

// redraw lets PDFium decode the samples of a picture whose coding may carry more
// than samples. It puts the picture alone on a page and reads its bitmap.
func (c *pdfCopier) redraw(d pdfDict, in coded, w, h int) ([]byte, error) {
	picture := pdfDict{
		"Type": pdfName("XObject"), "Subtype": pdfName("Image"), "Width": pdfNumber(strconv.Itoa(w)), "Height": pdfNumber(strconv.Itoa(h)),
		"Filter": pdfName(in.filter),
	}
	objects := [][]byte{
		[]byte("<</Type/Catalog/Pages 2 0 R>>"),
		[]byte("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
		[]byte("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>"),
		streamPDF(pdfDict{}, []byte("99 0 0 99 0 0 cm /I Do")),
		nil,
	}
	bits := in.filter != "JPXDecode"
	if bits {
		picture["ColorSpace"], picture["BitsPerComponent"] = pdfName("DeviceGray"), pdfNumber("1")
		parms := pdfDict{}
		for _, k := range []string{"K", "Columns", "Rows", "BlackIs1", "EncodedByteAlign", "EndOfLine", "EndOfBlock"} {
			if v, err := c.f.get(in.parms[k]); err != nil {
				return nil, err
			} else if v != nil {
				parms[k] = v
			}
		}
		shared, err := c.f.get(in.parms["JBIG2Globals"])
		if err != nil {
			return nil, err
		}
		if s, ok := shared.(*pdfStream); ok {
			data, err := c.f.plain(s)
			if err != nil {
				return nil, err
			}
			parms["JBIG2Globals"] = pdfRef(6)
			objects = append(objects, streamPDF(pdfDict{}, data))
		}
		picture["DecodeParms"] = parms
	} else if d["ImageMask"] != nil {
		return nil, refusal("pdf-features")
	}
	objects[4] = streamPDF(picture, in.data)
	colors, samples, err := c.bitmap(assemblePDF(objects), w, h, bits)
	if err != nil {
		return nil, err
	}
	if !bits {
		d["ColorSpace"], d["BitsPerComponent"] = pdfName("DeviceRGB"), pdfNumber("8")
		if colors == 1 {
			d["ColorSpace"] = pdfName("DeviceGray")
		}
		for _, k := range []string{"SMaskInData", "Decode"} {
			delete(d, k)
		}
	}
	return samples, nil
}

// bitmap returns the samples of the one picture of a file: one bit each, or a
// byte for each of one or three colours.
func (c *pdfCopier) bitmap(file []byte, w, h int, bits bool) (colors int, out []byte, err error) {
	bad := refusal("pdf-features")
	doc, err := c.p.OpenDocument(&requests.OpenDocument{File: &file})
	if err != nil {
		return 0, nil, bad
	}
	defer c.p.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc.Document})
	page, err := c.p.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc.Document})
	if err != nil {
		return 0, nil, bad
	}
	defer c.p.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: page.Page})
	o, err := c.p.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: pageRef(page.Page)})
	if err != nil {
		return 0, nil, bad
	}
	b, err := c.p.FPDFImageObj_GetBitmap(&requests.FPDFImageObj_GetBitmap{ImageObject: o.PageObject})
	if err != nil {
		return 0, nil, bad
	}
	defer c.p.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: b.Bitmap})
	format, err1 := c.p.FPDFBitmap_GetFormat(&requests.FPDFBitmap_GetFormat{Bitmap: b.Bitmap})
	width, err2 := c.p.FPDFBitmap_GetWidth(&requests.FPDFBitmap_GetWidth{Bitmap: b.Bitmap})
	height, err3 := c.p.FPDFBitmap_GetHeight(&requests.FPDFBitmap_GetHeight{Bitmap: b.Bitmap})
	stride, err4 := c.p.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: b.Bitmap})
	buf, err5 := c.p.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: b.Bitmap})
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil || width.Width != w || height.Height != h {
		return 0, nil, bad
	}
	size := map[enums.FPDF_BITMAP_FORMAT]int{
		enums.FPDF_BITMAP_FORMAT_GRAY: 1, enums.FPDF_BITMAP_FORMAT_BGR: 3, enums.FPDF_BITMAP_FORMAT_BGRX: 4, enums.FPDF_BITMAP_FORMAT_BGRA: 4,
	}[format.Format]
	if size == 0 || stride.Stride < size*w || len(buf.Buffer) < stride.Stride*h {
		return 0, nil, bad
	}
	colors = min(size, 3)
	for y := range h {
		row := buf.Buffer[y*stride.Stride:][:size*w]
		if bits {
			packed := make([]byte, (w+7)/8)
			for x := range w {
				if row[x*size] >= 128 {
					packed[x/8] |= 0x80 >> (x % 8)
				}
			}
			out = append(out, packed...)
			continue
		}
		for x := range w {
			if colors == 1 {
				out = append(out, row[x])
				continue
			}
			px := row[x*size:]
			out = append(out, px[2], px[1], px[0])
		}
	}
	return colors, out, nil
}

// samples returns the samples of a picture, without what follows them, and keeps
// the predictor that they are stored with.
func (c *pdfCopier) samples(d pdfDict, in coded, w, h int) ([]byte, error) {
	var limit int
	if in.parms != nil {
		kept := pdfDict{}
		v := map[string]int{"Predictor": 1, "Colors": 1, "BitsPerComponent": 8, "Columns": 1}
		for _, k := range []string{"Predictor", "Colors", "BitsPerComponent", "Columns"} {
			if in.parms[k] == nil {
				continue
			}
			n, err := c.f.number(in.parms[k])
			if err != nil || n < 1 || n > 1<<16 {
				return nil, errPDF
			}
			v[k] = n
			kept[k] = pdfNumber(strconv.Itoa(n))
		}
		d["DecodeParms"] = kept
		limit = h * ((v["Colors"]*v["BitsPerComponent"]*v["Columns"]+7)/8 + v["Predictor"]/10)
		if v["Predictor"] >= 10 {
			limit = h * ((v["Colors"]*v["BitsPerComponent"]*v["Columns"]+7)/8 + 1)
		}
	} else {
		bits, err := c.f.number(d["BitsPerComponent"])
		if err != nil {
			return nil, err
		}
		if mask, _ := c.f.get(d["ImageMask"]); mask == true || bits < 1 {
			bits = 1
		}
		comps, err := c.components(d["ColorSpace"])
		if err != nil {
			return nil, err
		}
		limit = h * ((w*bits*comps + 7) / 8)
	}
	return in.data[:min(len(in.data), max(limit, 0))], nil
}

// components returns how many numbers make a colour of a space of the new file.
func (c *pdfCopier) components(space any) (int, error) {
	a, isArray := space.(pdfArray)
	if isArray && len(a) > 0 {
		switch a[0] {
		case pdfName("DeviceN"):
			if names, ok := a[1].(pdfArray); len(a) > 1 && ok {
				return len(names), nil
			}
			return 0, errPDF
		case pdfName("CalRGB"), pdfName("Lab"):
			return 3, nil
		}
		if len(a) == 1 {
			space = a[0]
		} else {
			return 1, nil
		}
	}
	switch space {
	case pdfName("DeviceRGB"), pdfName("RGB"):
		return 3, nil
	case pdfName("DeviceCMYK"), pdfName("CMYK"):
		return 4, nil
	case nil, pdfName("DeviceGray"), pdfName("G"), pdfName("Indexed"):
		return 1, nil
	}
	// A name of the resources, which only pictures within content may use.
	return 0, refusal("pdf-features")
}
