package attach

import (
	"strconv"
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
		clean, _, err := jpegSegments(data.data)
		if err != nil {
			return refusal("pdf-features")
		}
		data.data = clean
		d["Filter"] = pdfName("DCTDecode")
		if v := data.parms["ColorTransform"]; v != nil {
			t, err := c.f.number(v)
			if err != nil {
				return err
			}
			d["DecodeParms"] = pdfDict{"ColorTransform": pdfNumber(strconv.Itoa(t))}
		}
	default:
		return refusal("pdf-features")
	}
	c.putStream(n, d, data.data)
	return nil
}

// samples returns the samples of a picture, without what follows them, and keeps
// the predictor that they are stored with.
func (c *pdfCopier) samples(d pdfDict, in coded, w, h int) ([]byte, error) {
	limit := w * h * 8 // 4 components of 16 bits
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
