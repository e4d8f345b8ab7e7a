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
