package attach

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// png rebuilds a picture from its pixels.
func (j *job) png(body []byte) ([]byte, error) {
	orientation, deep, more, err := pngChunks(body)
	if err != nil {
		return nil, err
	}
	cfg, err := png.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		return nil, refusal("damaged-picture")
	}
	pixels := int64(cfg.Width) * int64(cfg.Height)
	if deep {
		pixels *= 2
	}
	if pixels > int64(j.opts.Limits.Pixels) {
		return nil, refusal("too-many-pixels")
	}
	img, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		return nil, refusal("damaged-picture")
	}
	if more {
		j.drop("properties")
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&b, turned(opaque(img), orientation)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// faint is the opacity, of 255, below which nobody sees a pixel.
const faint = 8

// opaque returns img without the colours of pixels that are not seen: an eraser
// makes pixels transparent, and what they showed stays in the file.
func opaque(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.NRGBA:
		for i := 0; i+3 < len(m.Pix); i += 4 {
			if m.Pix[i+3] < faint {
				clear(m.Pix[i : i+4])
			}
		}
	case *image.NRGBA64:
		for i := 0; i+7 < len(m.Pix); i += 8 {
			if m.Pix[i+6] < faint {
				clear(m.Pix[i : i+8])
			}
		}
	case *image.Paletted:
		// All of them become one place of the palette, or the places would tell.
		none, to := -1, [256]uint8{}
		for i, c := range m.Palette {
			to[i] = uint8(i)
			if _, _, _, a := c.RGBA(); a>>8 < faint {
				if none < 0 {
					none = i
				}
				to[i] = uint8(none)
				m.Palette[i] = color.NRGBA{}
			}
		}
		if none >= 0 {
			for i, p := range m.Pix {
				m.Pix[i] = to[p]
			}
		}
	}
	return img
}

// pngChunks walks over the chunks of a PNG and returns its orientation, whether its
// samples have 16 bits, and whether it holds more than its pixels need.
func pngChunks(body []byte) (orientation int, deep, more bool, err error) {
	orientation = 1
	for at := 8; at+12 <= len(body); {
		n := int(binary.BigEndian.Uint32(body[at:]))
		if n < 0 || n > len(body)-at-12 {
			return 0, false, false, refusal("damaged-picture")
		}
		data := body[at+8 : at+8+n]
		switch string(body[at+4 : at+8]) {
		case "IHDR":
			deep = len(data) > 8 && data[8] == 16
		case "eXIf":
			orientation, more = tiffOrientation(data), true
		case "IEND":
			return orientation, deep, more || at+12 < len(body), nil
		case "PLTE", "IDAT", "tRNS":
		default:
			more = true
		}
		at += 12 + n
	}
	return 0, false, false, refusal("damaged-picture")
}

// jpeg rebuilds a picture. Its pixels are kept as they are compressed, and only
// what is needed to decode them is copied; a picture that EXIF turns is turned and
// compressed anew, and so is one that may hold bytes that no pixel needs.
func (j *job) jpeg(body []byte) ([]byte, error) {
	clean, orientation, err := jpegSegments(body)
	if err != nil {
		return nil, err
	}
	img, err := j.decodeJPEG(clean)
	if err != nil {
		return nil, err
	}
	if len(clean) < len(body) {
		j.drop("properties") // EXIF, comments, a thumbnail, or what followed the end
	}
	// Bytes that no pixel needs may stand among those of the pixels, too. Such a
	// picture is compressed anew.
	if orientation == 1 && !idleTables(clean) && !j.loose(clean) {
		return clean, nil
	}
	if orientation == 1 {
		j.drop("properties")
	}
	return anew(turned(img, orientation))
}

// anew compresses a picture.
func anew(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 92}); err != nil {
		return nil, err
	}
	clean, _, err := jpegSegments(b.Bytes())
	return clean, err
}

// looseBytes is how many bytes at the end of the pixels tell that a picture has more
// than it needs: without so many that are needed, it cannot be decoded.
const looseBytes = 4

// loose reports whether the pixels of a JPEG may be followed by bytes that are not
// needed to decode them. What has several passes or marks to restart at may have such
// bytes behind each of them, which no decoder tells; it is taken to have some.
func (j *job) loose(clean []byte) bool {
	passes, restarts := 0, false
	for at := 2; at+1 < len(clean); at++ {
		if clean[at] != 0xff {
			continue
		}
		switch m := clean[at+1]; {
		case m == 0xda:
			passes++
		case m >= 0xd0 && m <= 0xd7 && passes > 0:
			restarts = true
		case m == 0xc2 && passes == 0:
			return true
		}
	}
	if passes != 1 || restarts || len(clean) < looseBytes+4 {
		return true
	}
	end := len(clean) - 2 // of the mark of the end
	cut := end - looseBytes
	for cut > 2 && clean[cut-1] == 0xff {
		cut-- // not between the two bytes of one
	}
	_, err := j.decodeJPEG(append(bytes.Clone(clean[:cut]), clean[end:]...))
	return err == nil
}

// idleTables reports whether a JPEG states a table of the same place twice before its
// first pass: the first of them serves nothing but to hide something.
func idleTables(clean []byte) bool {
	seen := map[[2]byte]bool{}
	for at := 2; at+4 <= len(clean) && clean[at+1] != 0xda; {
		m, n := clean[at+1], int(binary.BigEndian.Uint16(clean[at+2:]))
		data := clean[at+4 : at+2+n]
		for m == 0xdb && len(data) > 0 || m == 0xc4 && len(data) > 0 {
			key := [2]byte{m, data[0]}
			size := 65
			if data[0]>>4 != 0 {
				size = 129
			}
			if m == 0xc4 {
				size = 17
				for _, c := range data[1:17] {
					size += int(c)
				}
			} else {
				key[1] &= 15
			}
			if seen[key] {
				return true
			}
			seen[key] = true
			data = data[size:]
		}
		at += 2 + n
	}
	return false
}

// decodeJPEG decodes a picture that is not too large.
func (j *job) decodeJPEG(body []byte) (image.Image, error) {
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		return nil, refusal("damaged-picture")
	}
	if int64(cfg.Width)*int64(cfg.Height) > int64(j.opts.Limits.Pixels) {
		return nil, refusal("too-many-pixels")
	}
	img, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil {
		return nil, refusal("damaged-picture")
	}
	return img, nil
}

// maxScans bounds the passes over a progressive JPEG: each costs a walk over all
// pixels.
const maxScans = 64

// jpegSegments returns the segments of a JPEG that its pixels need, and the
// orientation that its EXIF asks for. JFIF and Adobe segments are written anew;
// other application segments, comments and what follows the end are left out. A
// segment that is longer than what it should hold is refused.
func jpegSegments(body []byte) (clean []byte, orientation int, err error) {
	damaged := refusal("damaged-picture")
	out := []byte{0xff, 0xd8}
	orientation = 1
	scans := 0
	for at := 2; ; {
		if at+1 >= len(body) || body[at] != 0xff {
			return nil, 0, damaged
		}
		for at+1 < len(body) && body[at+1] == 0xff {
			at++ // filling
		}
		if at+1 >= len(body) {
			return nil, 0, damaged
		}
		m := body[at+1]
		at += 2
		if m == 0xd9 {
			if scans == 0 {
				return nil, 0, damaged
			}
			return append(out, 0xff, 0xd9), orientation, nil
		}
		if at+2 > len(body) {
			return nil, 0, damaged
		}
		n := int(binary.BigEndian.Uint16(body[at:]))
		if n < 2 || at+n > len(body) {
			return nil, 0, damaged
		}
		data := body[at+2 : at+n]
		at += n
		switch {
		case m == 0xe1 && bytes.HasPrefix(data, []byte("Exif\x00\x00")):
			orientation = tiffOrientation(data[6:])
		case m == 0xe0 && bytes.HasPrefix(data, []byte("JFIF\x00")) && len(data) >= 12:
			if len(out) == 2 { // resolution only, no thumbnail
				out = append(out, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, data[7], data[8], data[9], data[10], data[11], 0, 0)
			}
		case m == 0xee && bytes.HasPrefix(data, []byte("Adobe")) && len(data) >= 12: // says how colours are stored
			out = append(out, 0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, data[11])
		case m >= 0xe0 && m <= 0xef, m == 0xfe: // application data, comment
		case m == 0xc0 || m == 0xc1 || m == 0xc2: // frame
			if len(data) < 6 || len(data) != 6+3*int(data[5]) {
				return nil, 0, damaged
			}
			out = segment(out, m, data)
		case m == 0xdb: // quantisation
			for d := data; len(d) > 0; {
				size := 65
				if d[0]>>4 != 0 {
					size = 129
				}
				if len(d) < size {
					return nil, 0, damaged
				}
				d = d[size:]
			}
			out = segment(out, m, data)
		case m == 0xc4: // Huffman
			for d := data; len(d) > 0; {
				if len(d) < 17 {
					return nil, 0, damaged
				}
				size := 17
				for _, c := range d[1:17] {
					size += int(c)
				}
				if len(d) < size {
					return nil, 0, damaged
				}
				d = d[size:]
			}
			out = segment(out, m, data)
		case m == 0xdd && len(data) == 2: // restart interval
			out = segment(out, m, data)
		case m == 0xda: // scan
			if scans++; scans > maxScans || len(data) < 1 || len(data) != 4+2*int(data[0]) {
				return nil, 0, damaged
			}
			out = segment(out, m, data)
			end := at
			for end+1 < len(body) && (body[end] != 0xff || body[end+1] == 0 || body[end+1] >= 0xd0 && body[end+1] <= 0xd7) {
				end++
			}
			out = append(out, body[at:end]...)
			at = end
		default:
			return nil, 0, damaged
		}
	}
}

// segment appends a segment of a JPEG.
func segment(out []byte, marker byte, data []byte) []byte {
	out = append(out, 0xff, marker, byte((len(data)+2)>>8), byte(len(data)+2))
	return append(out, data...)
}

// tiffOrientation returns the orientation, 1 to 8, in a block of EXIF data; 1
// where there is none.
func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	n := int(order.Uint16(b[at:]))
	for i := range n {
		e := at + 2 + 12*int64(i)
		if e+12 > int64(len(b)) {
			return 1
		}
		if order.Uint16(b[e:]) == 0x0112 {
			if v := int(order.Uint16(b[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

// turned returns img upright, given its EXIF orientation.
func turned(img image.Image, orientation int) image.Image {
	if orientation <= 1 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	var out draw.Image
	switch src := img.(type) {
	case *image.Gray:
		out = image.NewGray(size)
	case *image.Paletted:
		out = image.NewPaletted(size, src.Palette)
	case *image.YCbCr:
		out = image.NewRGBA(size)
	default:
		out = image.NewNRGBA(size)
	}
	set := func(x, y int, c color.Color) { out.Set(x, y, c) }
	for y := range h {
		for x := range w {
			c := img.At(b.Min.X+x, b.Min.Y+y)
			switch orientation {
			case 2:
				set(w-1-x, y, c)
			case 3:
				set(w-1-x, h-1-y, c)
			case 4:
				set(x, h-1-y, c)
			case 5:
				set(y, x, c)
			case 6:
				set(h-1-y, x, c)
			case 7:
				set(h-1-y, w-1-x, c)
			case 8:
				set(y, w-1-x, c)
			}
		}
	}
	return out
}
