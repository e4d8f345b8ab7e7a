package attach_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/attach"
)

// squareFont makes a TrueType font whose only letters, of code 97 and 98, are a square,
// with more tables and bytes between and behind them.
func squareFont(secret string) []byte {
	u16 := func(vs ...int) (b []byte) {
		for _, v := range vs {
			b = binary.BigEndian.AppendUint16(b, uint16(v))
		}
		return b
	}
	glyph := append(u16(1, 0, 0, 900, 900, 3, 0), 1, 1, 1, 1)
	glyph = append(glyph, u16(0, 900, 0, -900, 0, 0, 900, 0)...)
	tables := []struct {
		tag  string
		data []byte
	}{
		{"DSIG", []byte(secret)},
		{"cmap", u16(0, 1, 1, 0, 0, 12, 6, 14, 0, 97, 2, 0, 1)},
		{"glyf", glyph},
		{"head", u16(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 900, 900, 0, 8, 2, 0, 0)},
		{"hhea", u16(1, 0, 900, 0, 0, 1000, 0, 0, 900, 1, 0, 0, 0, 0, 0, 0, 0, 1)},
		{"hmtx", u16(1000, 0)},
		{"loca", u16(0, len(glyph)/2)},
		{"maxp", u16(1, 0, 1, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)},
		{"name", []byte(secret)},
	}
	out := append([]byte("\x00\x01\x00\x00"), u16(len(tables), 128, 3, 16)...)
	at := 12 + 16*len(tables)
	var bodies []byte
	for _, t := range tables {
		out = append(out, t.tag...)
		for _, v := range []int{0, at + len(bodies), len(t.data)} {
			out = binary.BigEndian.AppendUint32(out, uint32(v))
		}
		bodies = append(append(bodies, t.data...), secret...)
	}
	return append(out, bodies...)
}

// TestPDFFont keeps of a font what it is drawn with.
func TestPDFFont(t *testing.T) {
	const secret = "Secret2 " // of whole words, as tables begin on
	m := newPDF()
	body := squareFont(secret)
	file := m.stream(fmt.Sprintf("/Length1 %d", len(body)), string(body))
	d := m.add(fmt.Sprintf("<</Type/FontDescriptor/FontName/AAAAAA+Square/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 900/Descent 0/CapHeight 900/StemV 80/FontFile2 %d 0 R>>", file))
	cmap := m.stream("", "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"+
		"1 begincodespacerange <00> <ff> endcodespacerange\n2 beginbfchar\n<61> <0041>\n<62> <0042>\nendbfchar\nendcmap end end")
	font := m.add(fmt.Sprintf("<</Type/Font/Subtype/TrueType/BaseFont/AAAAAA+Square/FirstChar 97/LastChar 98/Widths[1000 1000]/FontDescriptor %d 0 R/ToUnicode %d 0 R>>", d, cmap))
	r := clean(t, cleaner(attach.Options{}), "a.pdf", m.pageWith(fmt.Sprintf("/Font<</F1 3 0 R/F2 %d 0 R>>", font), say(50, 200, plainLine)+"BT /F2 12 Tf 50 150 Td (ab) Tj ET").bytes())
	has(t, r)
	absent(t, r.Body, strings.TrimSpace(secret))
	kept := false
	for _, b := range unpacked(r.Body) {
		kept = kept || bytes.HasPrefix(b, []byte("\x00\x01\x00\x00")) && bytes.Contains(b, []byte("glyf"))
	}
	if !kept {
		t.Error("the font is not in the file")
	}
}
