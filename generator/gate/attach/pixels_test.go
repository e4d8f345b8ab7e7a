package attach_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
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
