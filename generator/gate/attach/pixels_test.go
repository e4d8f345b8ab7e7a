package attach_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// What an eraser made transparent has no colours afterwards; what is seen keeps them.
func TestErased(t *testing.T) {
	few := image.NewPaletted(image.Rect(0, 0, 3, 1), color.Palette{color.NRGBA{9, 9, 9, 0}, color.NRGBA{200, 0, 0, 255}, color.NRGBA{7, 7, 7, 0}})
	many := image.NewNRGBA(few.Bounds())
	deep := image.NewNRGBA64(few.Bounds())
	for x, i := range []uint8{0, 1, 2} {
		few.Pix[x] = i
		many.Set(x, 0, few.At(x, 0))
	}
	many.SetNRGBA(0, 0, color.NRGBA{9, 9, 9, 0})
	many.SetNRGBA(2, 0, color.NRGBA{7, 7, 7, 3})
	for x := range 3 {
		deep.SetNRGBA64(x, 0, color.NRGBA64{999, 999, 999, [3]uint16{0, 0xffff, 0x300}[x]})
	}
	for name, m := range map[string]image.Image{"palette": few, "colours": many, "deep": deep} {
		t.Run(name, func(t *testing.T) {
			r := clean(t, cleaner(attach.Options{PassPictures: true}), "a.png", pngWith(t, m))
			has(t, r)
			got, err := png.Decode(bytes.NewReader(r.Body))
			if err != nil {
				t.Fatal(err)
			}
			if _, _, _, a := got.At(1, 0).RGBA(); a != 0xffff || got.At(1, 0) != m.At(1, 0) {
				t.Errorf("what is seen is %v", got.At(1, 0))
			}
			for _, x := range []int{0, 2} {
				switch got := got.(type) {
				case *image.NRGBA:
					if got.NRGBAAt(x, 0) != (color.NRGBA{}) {
						t.Errorf("pixel %d is %v", x, got.NRGBAAt(x, 0))
					}
				case *image.NRGBA64:
					if got.NRGBA64At(x, 0) != (color.NRGBA64{}) {
						t.Errorf("pixel %d is %v", x, got.NRGBA64At(x, 0))
					}
				case *image.Paletted:
					if got.Pix[0] != got.Pix[2] || got.Palette[got.Pix[x]] != any(color.NRGBA{}) {
						t.Errorf("pixel %d is %v", x, got.Palette[got.Pix[x]])
					}
				default:
					t.Fatalf("it is a %T", got)
				}
			}
		})
	}
}

// Bytes among those of the pixels that no pixel needs do not come along.
func TestLooseBytes(t *testing.T) {
	plain := jpegWith(t)
	table := append([]byte{0}, bytes.Repeat([]byte("Secret "), 10)[:64]...)
	for _, tt := range []struct {
		name string
		body []byte
		same bool
	}{
		{"none", plain, true},
		{"before the end", slices.Concat(plain[:len(plain)-2], []byte("Secret "+phone), plain[len(plain)-2:]), false},
		{"a table twice", jpegWith(t, "\xdb"+string(table)), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := clean(t, cleaner(attach.Options{PassPictures: true}), "a.jpg", tt.body)
			has(t, r)
			absent(t, r.Body, "Secret", phone)
			if bytes.Equal(r.Body, tt.body) != tt.same {
				t.Errorf("it is kept: %v", !tt.same)
			}
			got, err := jpeg.Decode(bytes.NewReader(r.Body))
			if err != nil {
				t.Fatal(err)
			}
			if got.Bounds() != picture().Bounds() || darkAt(got) != [2]int{0, 0} {
				t.Error("the picture is another")
			}
		})
	}
}

// greyJPEG is a grey picture of 16 by 8 pixels. Frame is its kind of frame, and scans
// are what follows its tables, in which the bit 0 says that nothing changes.
func greyJPEG(frame byte, scans string) string {
	return "\xff\xd8\xff\xdb\x00\x43\x00" + strings.Repeat("\x01", 64) +
		"\xff" + string([]byte{frame}) + "\x00\x0b\x08\x00\x08\x00\x10\x01\x01\x11\x00" +
		"\xff\xc4\x00\x14\x00\x01" + strings.Repeat("\x00", 15) + "\x00" +
		"\xff\xc4\x00\x14\x10\x01" + strings.Repeat("\x00", 15) + "\x00" + scans + "\xff\xd9"
}

// Bytes behind each pass and before each mark to restart at do not come along either,
// in a picture as in a PDF.
func TestLooseBytesWithin(t *testing.T) {
	const secret = "Secret"
	table := "\xff\xdb\x00\x43\x00" + strings.Repeat(secret, 11)[:64]
	for _, tt := range []struct {
		name, body string
		same       bool
	}{
		{"none", greyJPEG(0xc0, "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x0f"), true},
		{"before the end", greyJPEG(0xc0, "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x0f"+secret), false},
		{"a table twice", strings.Replace(greyJPEG(0xc0, "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x0f"), "\xff\xdb", table+"\xff\xdb", 1), false},
		{"behind the first of two passes", greyJPEG(0xc2, "\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00\x3f"+secret+"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00\x3f"), false},
		{"before a mark to restart at", greyJPEG(0xc0, "\xff\xdd\x00\x04\x00\x01\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f"+secret+"\xff\xd0\x3f"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := cleaner(attach.Options{PassPictures: true})
			r := clean(t, c, "a.jpg", []byte(tt.body))
			has(t, r)
			absent(t, r.Body, secret)
			if (string(r.Body) == tt.body) != tt.same {
				t.Errorf("it is kept: %v", !tt.same)
			}
			m := newPDF()
			n := m.stream("/Type/XObject/Subtype/Image/Width 16/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", tt.body)
			r = clean(t, c, "a.pdf", m.pageWith(fmt.Sprintf("/XObject<</I0 %d 0 R>>", n), say(50, 200, plainLine)+"q 160 0 0 80 50 50 cm /I0 Do Q").bytes())
			has(t, r)
			absent(t, r.Body, secret)
			if bytes.Contains(r.Body, []byte(tt.body)) != tt.same {
				t.Errorf("in the PDF it is kept: %v", !tt.same)
			}
		})
	}
}

// A picture that is larger than its PDF says is not taken: readers show a part of it.
func TestPDFPictureSize(t *testing.T) {
	m := newPDF()
	n := m.stream("/Type/XObject/Subtype/Image/Width 16/Height 4/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode",
		greyJPEG(0xc0, "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x0f"))
	r := clean(t, cleaner(attach.Options{PassPictures: true}), "a.pdf", m.pageWith(fmt.Sprintf("/XObject<</I0 %d 0 R>>", n), say(50, 200, plainLine)+"q 160 0 0 80 50 50 cm /I0 Do Q").bytes())
	has(t, r, "pdf-features")
}
