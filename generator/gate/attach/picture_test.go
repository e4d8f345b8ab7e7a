package attach_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// picture is dark in its upper left corner and wider than high.
func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 32 {
			m.Set(x, y, color.White)
			if x < 8 && y < 8 {
				m.Set(x, y, color.Black)
			}
		}
	}
	return m
}

// exif is EXIF data with an orientation and a secret behind it.
func exif(orientation byte) string {
	return "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{orientation, 0, 0, 0}) + "\x00\x00\x00\x00Secret " + phone
}

// jpegWith makes a JPEG with segments after its start: marker, data.
func jpegWith(t testing.TB, segments ...string) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	out := []byte{0xff, 0xd8}
	for _, s := range segments {
		out = append(out, 0xff, s[0], byte((len(s)+1)>>8), byte(len(s)+1))
		out = append(out, s[1:]...)
	}
	return append(out, b.Bytes()[2:]...)
}

func chunk(kind, data string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// pngWith makes a PNG with chunks after its head.
func pngWith(t testing.TB, m image.Image, chunks ...[]byte) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	out := bytes.Clone(b.Bytes()[:33])
	for _, c := range chunks {
		out = append(out, c...)
	}
	return append(out, b.Bytes()[33:]...)
}

// darkAt returns the corner that is dark, as x and y of 0 and 1.
func darkAt(m image.Image) [2]int {
	b := m.Bounds()
	for y := range 2 {
		for x := range 2 {
			r, _, _, _ := m.At(b.Min.X+x*(b.Dx()-1), b.Min.Y+y*(b.Dy()-1)).RGBA()
			if r < 0x4000 {
				return [2]int{x, y}
			}
		}
	}
	return [2]int{-1, -1}
}

func TestJPEG(t *testing.T) {
	c := cleaner(attach.Options{})
	for _, tt := range []struct {
		name        string
		orientation byte
		dark        [2]int
		turned      bool
	}{
		{"upright", 1, [2]int{0, 0}, false},
		{"mirrored", 2, [2]int{1, 0}, false},
		{"upside down", 3, [2]int{1, 1}, false},
		{"mirrored upside down", 4, [2]int{0, 1}, false},
		{"mirrored, on its side", 5, [2]int{0, 0}, true},
		{"on its right side", 6, [2]int{1, 0}, true},
		{"mirrored, on its other side", 7, [2]int{1, 1}, true},
		{"on its left side", 8, [2]int{0, 1}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := jpegWith(t, "\xe1"+exif(tt.orientation), "\xfeSecret "+phone, "\xedSecret", "\xe2ICC_PROFILE\x00Secret", "\xe0JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01Secret")
			r := clean(t, c, "照片.jpg", append(body, "Secret "+phone...))
			has(t, r, "image-unread")
			if !r.Acceptable() || r.Publishable() {
				t.Error("a person may not decide")
			}
			absent(t, r.Body, "Secret", phone)
			m, err := jpeg.Decode(bytes.NewReader(r.Body))
			if err != nil {
				t.Fatal(err)
			}
			if got := darkAt(m); got != tt.dark || (m.Bounds().Dx() < m.Bounds().Dy()) != tt.turned {
				t.Errorf("the dark corner is at %v of %v, want %v", got, m.Bounds(), tt.dark)
			}
		})
	}
	passing := cleaner(attach.Options{PassPictures: true})
	if r := clean(t, passing, "照片.jpeg", jpegWith(t)); !r.Publishable() {
		t.Errorf("held %q", r.Held)
	}
	for _, b := range [][]byte{jpegWith(t)[:200], []byte("\xff\xd8\xff\xd9"), jpegWith(t, "\xdb\x00Secret")} {
		has(t, clean(t, c, "a.jpg", b), "damaged-picture", "image-unread")
	}
}

func TestPNG(t *testing.T) {
	c := cleaner(attach.Options{})
	gray := image.NewGray(image.Rect(0, 0, 4, 4))
	deep := image.NewNRGBA64(image.Rect(0, 0, 4, 4))
	few := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.Transparent})
	for name, m := range map[string]image.Image{"colours": picture(), "grey": gray, "deep": deep, "palette": few} {
		t.Run(name, func(t *testing.T) {
			body := pngWith(t, m, chunk("tEXt", "a\x00Secret "+phone), chunk("iTXt", "Secret"), chunk("zTXt", "Secret"), chunk("tIME", "Secret0"),
				chunk("eXIf", exif(6)[6:]), chunk("iCCP", "Secret"), chunk("prVt", "Secret"))
			r := clean(t, c, "照片.png", append(body, "Secret"...))
			has(t, r, "image-unread")
			absent(t, r.Body, "Secret", phone)
			got, err := png.Decode(bytes.NewReader(r.Body))
			if err != nil {
				t.Fatal(err)
			}
			if got.Bounds().Dx() != m.Bounds().Dy() {
				t.Errorf("not turned: %v", got.Bounds())
			}
		})
	}
	has(t, clean(t, c, "a.png", pngWith(t, picture())[:60]), "damaged-picture", "image-unread")
}

// What a picture holds besides its pixels is noted, and nothing is where there is none.
func TestPictureDropped(t *testing.T) {
	plainPNG, plainJPEG := pngWith(t, picture()), jpegWith(t)
	for _, tt := range []struct {
		name string
		body []byte
		want bool
	}{
		{"a.png", plainPNG, false},
		{"b.png", pngWith(t, picture(), chunk("tEXt", "Comment\x00"+phone)), true},
		{"c.png", append(bytes.Clone(plainPNG), phone...), true},
		{"d.jpg", jpegWith(t, "\xe1"+exif(1)), true},
		{"e.jpg", jpegWith(t, "\xfe"+phone), true},
		{"f.jpg", append(bytes.Clone(plainJPEG), phone...), true},
		{"g.jpg", plainJPEG, false},
	} {
		r := attach.New(attach.Options{}).Clean(t.Context(), tt.name, "", tt.body, func(text string) attach.Checked { return attach.Checked{Masked: text} })
		if got := len(r.Dropped) == 1 && r.Dropped[0] == "properties"; got != tt.want || r.Body == nil {
			t.Errorf("%s: left behind %v", tt.name, r.Dropped)
		}
	}
}
