package meili

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

func TestSpell(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"，。", ""},
		{"A7县 公积金", "wa7 h53bf . h516c h79ef h91d1"},
		{"學校門口的電動車", "h5b66 h6821 h95e8 h53e3 h7684 h7535 h52a8 h8f66"},
		{"拨打12345！！！热线", "h62e8 h6253 w12345 . h70ed h7ebf"},
		{"𠮷野家", "h20bb7 h91ce h5bb6"},
		{"ꆈꌠ", "xea8688 xea8ca0"},
		{"Café", "x636166c3a9"},
		{"h5b66", "wh5b66"},
		{". x", "wx"},
		{strings.Repeat("a", 199), "w" + strings.Repeat("a", 199)},
		{strings.Repeat("a", 200), "x" + ""},
	} {
		got := strings.Join(spell(c.text), " ")
		if c.want == "x" {
			if len(got) != 65 || got[0] != 'z' {
				t.Errorf("a word of 200 letters is %q, want the sum of it", got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%q is %q, want %q", c.text, got, c.want)
		}
	}
}

// FuzzSpell: a term matches a text exactly when its words stand in the text's,
// side by side and with the same separators.
func FuzzSpell(f *testing.F) {
	for _, s := range [][2]string{
		{"小学校门口", "学校"}, {"学，校", "学校"}, {"a b", "ab"}, {"12345", "234"}, {"é", "e\u0301"}, {"ㄅ㍿", "株式"}, {"h5b66", "学"}, {". .", "x"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, text, term string) {
		words := spell(term)
		found := len(words) > 0 && strings.Contains(" "+strings.Join(spell(text), " ")+" ", " "+strings.Join(words, " ")+" ")
		if want := matches(search.Units(text), search.Units(term)); found != want {
			t.Errorf("%q in %q: by words %v, by units %v", term, text, found, want)
		}
		for _, w := range words {
			if len(w) > 250 || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789.") != "" {
				t.Errorf("word %q is not one for the server", w)
			}
		}
	})
}

func TestDivide(t *testing.T) {
	units := func(n int, every int) []string {
		var words []string
		for i := range n {
			if every > 0 && i > 0 && i%every == 0 {
				words = append(words, stop)
			}
			words = append(words, fmt.Sprintf("h%x", i))
		}
		return words
	}
	for _, c := range []struct {
		name         string
		words        []string
		parts, again int // again: words that stand in two parts
	}{
		{"none", nil, 0, 0},
		{"short", units(10, 3), 1, 0},
		{"as much as fits", units(maxPositions, 0), 1, 0},
		{"one more", units(maxPositions+1, 0), 2, overlap},
		{"all alone", units(20_000, 1), 3, 0},
		{"sentences", units(100_000, 20), 3, 0},
		{"no separator", units(200_000, 0), 4, 3 * overlap},
	} {
		made, err := divide(c.words)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		total, text := 0, strings.Join(c.words, " ")
		for i, part := range made {
			if !strings.Contains(" "+text+" ", " "+part+" ") {
				t.Errorf("%s: part %d is not a piece of the text", c.name, i)
			}
			if n := positions(part); n > maxPositions {
				t.Errorf("%s: part %d takes %d positions", c.name, i, n)
			}
			total += len(strings.Fields(strings.ReplaceAll(part, stop, "")))
		}
		words := slices.DeleteFunc(slices.Clone(c.words), func(w string) bool { return w == stop })
		if len(made) != c.parts || total != len(words)+c.again {
			t.Errorf("%s: %d parts with %d words of %d, want %d parts and %d words twice", c.name, len(made), total, len(words), c.parts, c.again)
		}
	}
	if _, err := divide(units(600_000, 0)); !errors.Is(err, search.ErrDoc) {
		t.Errorf("a text that has no room: %v", err)
	}
}

// positions counts the places of the server that a part takes.
func positions(part string) int {
	n := 0
	for _, w := range strings.Fields(part) {
		if w == stop {
			n += stopCost - 1
		} else {
			n++
		}
	}
	return n
}

func TestEscape(t *testing.T) {
	for _, c := range []struct{ value, want string }{
		{"unit-5_a.b/c", "unit-5_a.b/c"},
		{"教育局", "教育局"},
		{"A区", "%41;区"},
		{"Ａ区", "%ff21;区"},
		{`a"b\c%`, "a%22;b%5c;c%25;"},
		{" ", "%20;"},
		{"~", "%7e;"},
	} {
		if got := escape(c.value); got != c.want {
			t.Errorf("%q is kept as %q, want %q", c.value, got, c.want)
		}
	}
	for _, kept := range []string{"%", "%4", "%zz;", "%;", "~0", "~xy", "%110000000000;", "%-41;", "%d800;"} {
		if value, err := unescape(kept); err == nil {
			t.Errorf("%q is read as %q", kept, value)
		}
	}
}

// FuzzEscape: a keyword comes back as it was, takes no more than the server
// keeps, and holds nothing that needs care in a filter; what is no keyword is an
// error and not a panic.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "教育局", "A区", `"\`, "%41;", "~6162", strings.Repeat("Ａ", 66), "\x00", "é", "%", "~z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		_, _ = unescape(value)
		if !utf8.ValidString(value) || len(value) > maxValue {
			return
		}
		kept := escape(value)
		if len(kept) > 468 || strings.ContainsAny(kept, "\"\\ \n") {
			t.Errorf("%q is kept as %q", value, kept)
		}
		if back, err := unescape(kept); err != nil || back != value {
			t.Errorf("%q comes back as %q, %v", value, back, err)
		}
	})
}
