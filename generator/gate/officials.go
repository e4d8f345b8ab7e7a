package gate

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// nameForm returns a name as the detector of names gives it: folded, simplified
// and without blanks.
func (t *tables) nameForm(name string) string {
	var b strings.Builder
	for _, g := range t.folds.view(nil, name) {
		switch {
		case g.r >= hanFirst && g.r <= hanLast:
			b.WriteRune(rune(t.names.chars[g.r-hanFirst].simple))
		case g.r != ' ' && g.r != '\n':
			b.WriteRune(rune(g.r))
		}
	}
	return b.String()
}

// titleForm returns the folded characters of a title without blanks.
func (t *tables) titleForm(title string) (form []glyph) {
	for _, g := range t.folds.view(nil, title) {
		if g.r != ' ' && g.r != '\n' {
			form = append(form, g)
		}
	}
	return form
}

// titleGap is how many blanks and marks may stand between a name and its title.
const titleGap = 2

// beside reports whether the title stands just before or just behind the glyphs
// from first to last, in the text that was scanned last.
func (s *scan) beside(title []glyph, first, last int) bool {
	if len(title) == 0 {
		return false
	}
	gap := func(i int) bool { return s.glyphs[i].class == sep || s.glyphs[i].r == ':' || s.glyphs[i].r == '(' }
	end := first
	for skipped := 0; end > 0 && skipped < titleGap && gap(end-1); skipped++ {
		end--
	}
	if start := end - len(title); start >= 0 && s.reads(title, start) {
		return true
	}
	start := last
	for skipped := 0; start < len(s.glyphs) && skipped < titleGap && gap(start); skipped++ {
		start++
	}
	return start+len(title) <= len(s.glyphs) && s.reads(title, start)
}

// privately are words before and behind the name of somebody who is addressed or
// spoken of as a private person.
var privately = struct{ before, behind []string }{
	strings.Fields("尊敬的 敬爱的 亲爱的 网友 市民 居民 村民 群众 业主 家长 当事人 投诉人 反映人 来信人 申请人 举报人 诉求人 住户"),
	strings.Fields("先生 女士 小姐 同志 网友 市民 居民 村民 同学 业主 家长 师傅 大爷 大妈 阿姨 您好 你好 好!"),
}

// addressed reports whether the name of the glyphs from first to last stands as that
// of a private person, perhaps one who is called like an official: a spokesman speaks in
// replies and is not written to.
func (s *scan) addressed(first, last int) bool {
	if last < len(s.glyphs) && first < 2 && (s.glyphs[last].r == ':' || s.glyphs[last].r == ',') {
		return true // a reply begins with whom it is for
	}
	skip := func(i int) bool {
		return i >= 0 && i < len(s.glyphs) && (blank(s.glyphs[i].r) || s.glyphs[i].r == ':' || s.glyphs[i].r == ',')
	}
	end, start := first, last
	for end > 0 && first-end < titleGap && skip(end-1) {
		end--
	}
	for start-last < titleGap && skip(start) {
		start++
	}
	stands := func(word string, i int) bool {
		form := s.folds.view(nil, word)
		return i >= 0 && i+len(form) <= len(s.glyphs) && s.reads(form, i)
	}
	return slices.ContainsFunc(privately.before, func(w string) bool { return stands(w, end-utf8.RuneCountInString(w)) }) ||
		slices.ContainsFunc(privately.behind, func(w string) bool { return stands(w, start) })
}

// reads reports whether the text reads form at glyph i.
func (s *scan) reads(form []glyph, i int) bool {
	for k := range form {
		if s.glyphs[i+k].r != form[k].r {
			return false
		}
	}
	return true
}

// inside reports whether the glyphs from first to last are a part of the text form,
// such as the name of an account within the address of its page.
func (s *scan) inside(form []glyph, first, last int) bool {
	s.work.spend(len(form))
	same := func(start int) bool {
		for k := range form {
			if lowered(&s.glyphs[start+k]) != lowered(&form[k]) {
				return false
			}
		}
		end := start + len(form)
		return (start == 0 || !addressPart(&s.glyphs[start-1])) && (end == len(s.glyphs) || !addressPart(&s.glyphs[end]))
	}
	for p := 0; p+last-first <= len(form); p++ {
		if start := first - p; start >= 0 && start+len(form) <= len(s.glyphs) && same(start) {
			return true
		}
	}
	return false
}

// addressPart reports whether a web address that goes on with g is a longer one,
// or another.
func addressPart(g *glyph) bool {
	return latinGlyph(g) || g.class == digit || g.r == '-' || g.r == '_' || g.r == '@'
}

// inOffice reports whether the name found is that of an official who may be named
// at this place of the text.
func (c *clearing) inOffice(h hit) bool {
	for _, unit := range c.units {
		e := c.except[unit]
		if e == nil {
			continue
		}
		for _, o := range e.officials[h.norm] {
			if o.holds(c.asOf) && (o.Spokesman && c.field == source.FieldReply && c.speaksFor(unit) && !c.scan.addressed(int(h.first), int(h.last)) ||
				c.scan.beside(o.title, int(h.first), int(h.last))) {
				return true
			}
		}
	}
	return false
}

// speaksFor reports whether the reply of the case is the unit's.
func (c *clearing) speaksFor(unit record.UnitID) bool {
	replying := c.raw.Fields[source.FieldReplyUnit]
	if replying == "" {
		replying = c.raw.Fields[source.FieldUnit]
	}
	return replying == string(unit)
}
