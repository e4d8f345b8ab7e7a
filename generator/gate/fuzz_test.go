package gate

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/gate/gatetext"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// seeds are texts that reach every detector in every spelling.
func seeds(f *testing.F) {
	m := gatetext.New(9)
	for _, kind := range gatetext.Kinds() {
		for _, s := range gatetext.Spellings() {
			f.Add(m.Planted(kind, s).Text)
		}
	}
	for range 20 {
		f.Add(m.Clean().Text)
	}
	f.Add("&#38;#49;<p>138****1234</p><script>")
	for _, s := range []string{
		"138[1234](#a)5678](b](c)", "[[1](a)](b)[](", "微信号：abc_12345 VX：lily12345 QQ 1 2 3 4 5 6 微信138****5678",
		"IP 2408:8207::1f 36.112.9.25 aa:bb:cc:dd:ee:ff", "东经104°3′52.7″，北纬30°34′12.7″", "https://a:b@weibo.com/u/1234567?uid=123&token=4",
		"护照E12345678 港澳通行证H12345678 A123456(3)", `\u0031\ud835\udfcf\n%u0031%26%2349%3B`, "订单号SF1234567890123",
	} {
		f.Add(s)
	}
}

// FuzzDecode checks that decoding is stable and that every byte of the plain
// text leads back to bytes of the original.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		d, ok := decode(s, &budget{left: 1 << 30})
		if !ok {
			return
		}
		if !utf8.ValidString(d.plain) {
			t.Fatal("plain text is not UTF-8")
		}
		if again, ok := decode(d.plain, &budget{left: 1 << 30}); !ok || again.plain != d.plain {
			t.Fatal("decoding twice is not decoding once")
		}
		last := 0
		for i, r := range d.plain {
			start, end := d.origin(i, i+utf8.RuneLen(r))
			if start < last || end <= start || end > len(s) || !utf8.ValidString(s[start:end]) {
				t.Fatalf("character at %d maps to %d-%d of %d after %d", i, start, end, len(s), last)
			}
			last = start
		}
	})
}

// FuzzGate checks what the gate promises of any text.
func FuzzGate(f *testing.F) {
	g, err := New(Options{Key: make([]byte, 32)})
	if err != nil {
		f.Fatal(err)
	}
	clear := func(text string) (record.Case, Verdict) {
		cleared, v := g.Clear(source.Raw{Kind: source.Case, Key: "k", Fields: map[string]string{
			source.FieldKind: "help", source.FieldReceived: "2026-10-01", source.FieldReply: text,
		}}, record.Date(2026, 11, 20))
		return cleared.Value().(record.Case), v
	}
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		c, v := clear(s)
		for _, r := range v.Reasons {
			if r == "internal-error" || r == "not-clean" || r == "mask-decodes" {
				t.Fatalf("held for %s", r)
			}
		}
		for _, x := range v.Findings {
			if x.Start < 0 || x.End > len(s) || x.Start > x.End || !utf8.ValidString(s[x.Start:x.End]) {
				t.Fatalf("%s at %d-%d of %d is no stretch of the text", x.Detector, x.Start, x.End, len(s))
			}
		}
		if v.Decision != Publish {
			if c.Reply.Text != "" {
				t.Fatal("a text comes out that is not published")
			}
			return
		}
		if strings.TrimSpace(c.Reply.Text) == "" {
			return
		}
		again, w := clear(c.Reply.Text)
		if len(w.Findings) != 0 {
			t.Fatalf("found again after masking: %s", w.Findings[0].Detector)
		}
		if again.Reply.Text != c.Reply.Text {
			t.Fatal("clearing twice is not clearing once")
		}
	})
}

// FuzzDetectors checks that what each detector alone says lies within the text, on
// the borders of glyphs, and that what is kept is ordered and does not overlap.
func FuzzDetectors(f *testing.F) {
	tables := newTables()
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := decode(text, &budget{left: 1 << 40})
		if !utf8.ValidString(text) || !ok {
			return
		}
		s := &scan{tables: tables, work: &budget{left: 1 << 40}, asOf: record.Date(2026, 11, 20)}
		s.find(d.plain) // fills the glyphs
		n := int32(len(s.glyphs))
		seen := s.classes()
		for name, detect := range map[string]func(){
			"numbers": func() { runs(s.glyphs, nil, s.numbers) }, "emails": s.emails, "plates": s.plates, "fillers": s.fillers,
			"identifiers": func() { s.identifiers(seen) }, "unlinked": func() { s.unlinked(seen) },
			"people": s.people, "addresses": s.addresses,
		} {
			s.hits = nil
			detect()
			for _, h := range s.hits {
				if h.first < 0 || h.last > n || h.first >= h.last || h.confidence < 1 || h.confidence > 100 || h.detector == "" {
					t.Fatalf("%s: %s over glyphs %d to %d of %d", name, h.detector, h.first, h.last, n)
				}
			}
			last := int32(0)
			for _, h := range s.resolve() {
				if h.first < last {
					t.Fatalf("%s: %s at glyph %d overlaps what ends at %d", name, h.detector, h.first, last)
				}
				last = h.last
			}
		}
	})
}

// TestLinear checks on the budget that hostile text costs no more for each byte
// when there is more of it.
func TestLinear(t *testing.T) {
	tables := newTables()
	cost := func(text string) int64 {
		work := budget{left: 1 << 50}
		d, ok := decode(text, &work)
		if !ok {
			t.Fatal("the text does not decode")
		}
		s := &scan{tables: tables, work: &work, asOf: record.Date(2026, 11, 20)}
		s.find(d.plain)
		return 1<<50 - work.left
	}
	for _, unit := range []string{
		"@", "a@", "a@b.", "<", "<!--", "<a ", "</", "&", "&#", "%", "%25", "%2525", `\\`, `\u`, "1 ", "1-", "1.", "1,", "1的", "138 ", "6",
		"京", "京A", "粤B1", "[", "](", "[a](", "](a)", "1](", ":", "::", "a:", "1:", "-", "1-1-", "°", "1°", "1.1234,", "://", "www.",
		"http://a/?uid=1&", "QQ", "微信", "VX", "护照", "证", "通行证1", "订单", "单1", "E1", "张", "李某", "1号", "路1", "生", "1980年", "*", "1*",
	} {
		const size = 1 << 13
		small := cost(strings.Repeat(unit, size/len(unit)))
		large := cost(strings.Repeat(unit, 4*size/len(unit)))
		if large > 5*small {
			t.Errorf("%q: four times the text costs %.1f times the work", unit, float64(large)/float64(small))
		}
		if perByte := large / (4 * size); perByte > 1500 {
			t.Errorf("%q: %d steps a byte", unit, perByte)
		}
	}
}

// FuzzView checks that glyphs cover the text in order and on character borders.
func FuzzView(f *testing.F) {
	table := newFolds()
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		var last glyph
		for _, g := range table.view(nil, s) {
			if g.start < last.start || g.start != last.start && g.start < last.end || g.end <= g.start || !utf8.ValidString(s[g.start:g.end]) {
				t.Fatalf("glyph at %d-%d after %d-%d", g.start, g.end, last.start, last.end)
			}
			if g.class >= hidden {
				t.Fatal("a hidden character makes a glyph")
			}
			last = g
		}
	})
}
