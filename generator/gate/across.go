package gate

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// What one field gives away of another is found here: a name that is sure in one
// field is looked for in all others, and a number is looked for over the end of a
// field and the start of the one that is read next. Where there is something to
// find, the case is cleared once more from the start with what is known then, so
// that every finding has its place.

// maxNames bounds the names of one case that are looked for in its other fields.
const maxNames = 64

// joinedFields is the detector of numbers parted between two fields.
const joinedFields = "joined@1"

// edge is the part of a number that stands at the start or the end of a field.
type edge struct {
	hit        hit
	head, tail int // glyphs at the start and at the end, blanks not counted
}

// fullCase makes everything of a case that may be published in full.
func (c *clearing) fullCase(row record.Row) record.Case {
	verdict, units, sampled := c.verdict, c.units, c.sampled
	verdict.Reasons, verdict.Findings, verdict.Quality = slices.Clip(verdict.Reasons), slices.Clip(verdict.Findings), slices.Clip(verdict.Quality)
	c.plains = map[string]string{}
	k := c.full(row)
	if c.verdict.Decision == Hold {
		return k
	}
	named, edges := c.namedElsewhere(), c.parted(&k, c.plains)
	if !named && len(edges) == 0 {
		return k
	}
	c.verdict, c.units, c.sampled, c.titled, c.repeat = verdict, slices.Clip(units), sampled, false, ""
	c.scan.known, c.edges, c.hans, c.plains = c.named, edges, nil, nil
	k = c.full(row)
	if c.verdict.Decision != Hold && len(c.parted(&k, nil)) > 0 {
		c.hold("not-clean")
	}
	return k
}

// learn keeps the sure names among the hits of a field, which was scanned last.
func (c *clearing) learn(hits []hit) {
	if c.scan.structured || c.scan.known != nil {
		return // the second time it is known who is named
	}
	for _, name := range c.scan.personNames(hits) {
		if len(c.named) < maxNames && !slices.ContainsFunc(c.named, func(n []uint16) bool { return slices.Equal(n, name) }) {
			c.named = append(c.named, name)
		}
	}
}

// keepHan keeps the Han characters of a cleared text, which was scanned last.
func (c *clearing) keepHan() {
	if c.scan.structured || c.scan.known != nil {
		return
	}
	var han []uint16
	for _, r := range c.scan.han {
		if r != 0 {
			han = append(han, r)
		}
	}
	c.hans = append(c.hans, han)
}

// namedElsewhere reports whether a sure name of one field perhaps still stands in
// a cleared text.
func (c *clearing) namedElsewhere() bool {
	if len(c.named) == 0 {
		return false
	}
	begins := map[uint32][][]uint16{} // by the first two characters
	for _, name := range c.named {
		key := uint32(name[0])<<16 | uint32(name[1])
		begins[key] = append(begins[key], name)
	}
	for _, han := range c.hans {
		c.work.spend(2 * len(han))
		for i := 0; i+1 < len(han); i++ {
			for _, name := range begins[uint32(han[i])<<16|uint32(han[i+1])] {
				if i+len(name) <= len(han) && slices.Equal(han[i:i+len(name)], name) {
					return true
				}
			}
		}
	}
	return false
}

// piece is a text of a case.
type piece struct{ field, text string }

// chains returns the texts of a case that are read one after another.
func chains(k *record.Case, titled bool) [][]piece {
	var dispatches, supervisions, timeline []piece
	name := func(field string, i int, key string) string { return field + "." + strconv.Itoa(i) + "." + key }
	for i, d := range k.Dispatches {
		dispatches = append(dispatches, piece{name(source.FieldDispatches, i, "reason"), d.Reason})
	}
	for i, s := range k.Supervisions {
		supervisions = append(supervisions, piece{name(source.FieldSupervisions, i, "what"), s.What}, piece{name(source.FieldSupervisions, i, "result"), s.Result})
	}
	for i, s := range k.Timeline {
		timeline = append(timeline, piece{name(source.FieldTimeline, i, "what"), s.What}, piece{name(source.FieldTimeline, i, "text"), s.Text})
	}
	all := [][]piece{
		{{source.FieldReply, k.Reply.Text}, {source.FieldOutcomeReason, k.OutcomeReason}}, dispatches, supervisions, timeline,
	}
	if !titled { // else the title repeats the start of the question
		all = append(all, []piece{{source.FieldTitle, k.Title}, {source.FieldQuestion, k.Question}})
	}
	return all
}

// parted looks for numbers that begin in one text and end in the next, and for the
// rest of one at the end of a title that was cut from its question. It looks at
// the texts as they were before the masks, where plains has them.
func (c *clearing) parted(k *record.Case, plains map[string]string) map[string]edge {
	edges := map[string]edge{}
	for _, chain := range chains(k, c.titled) {
		last := piece{}
		for _, p := range chain {
			if p.text == "" {
				continue
			}
			if plain := plains[p.field]; plain != "" {
				p.text = plain
			}
			if last.text != "" {
				c.join(last, p, edges)
			}
			last = p
		}
	}
	if !c.titled {
		c.cutTitle(k, edges)
	}
	return edges
}

// joinReach is how many bytes at each side of a join are looked through.
const joinReach = 96

// join looks for numbers over the end of a and the start of b.
func (c *clearing) join(a, b piece, edges map[string]edge) {
	if strings.HasSuffix(a.text, "…") {
		return // what was cut off does not go on
	}
	tail, head := lastBytes(a.text, joinReach), firstBytes(b.text, joinReach)
	c.work.spend(len(tail) + len(head))
	if !numberNear(c.folds.view(nil, lastBytes(tail, 24)), true) || !numberNear(c.folds.view(nil, firstBytes(head, 24)), false) {
		return
	}
	c.scan.structured = true
	hits := c.scan.find(tail + "\n" + head)
	border := int32(len(tail))
	for _, h := range hits {
		if first, last := c.scan.glyphs[h.first], c.scan.glyphs[h.last-1]; first.start >= border || last.start <= border {
			continue
		}
		if c.allowed(h) {
			continue
		}
		act := false
		for _, p := range []piece{a, b} {
			name, _, _ := strings.Cut(p.field, ".")
			does, _ := c.policy.act(p.field, fieldClasses[name], h.typ, h.confidence)
			act = act || does != "" && (does != Pass || h.reaches)
		}
		if !act {
			continue
		}
		h.detector = joinedFields
		e := edges[a.field]
		e.hit, e.tail = h, c.scan.ink(h.first, border, true)
		edges[a.field] = e
		e = edges[b.field]
		e.hit, e.head = h, c.scan.ink(h.last, border, false)
		edges[b.field] = e
	}
}

// ink counts the glyphs that are no blanks from glyph i to the border, a byte, or
// from the border to glyph i.
func (s *scan) ink(i, border int32, before bool) (n int) {
	for k := range s.glyphs {
		g := &s.glyphs[k]
		if blank(g.r) || before != (g.start < border) {
			continue
		}
		if before && int32(k) >= i || !before && int32(k) < i {
			n++
		}
	}
	return n
}

// blank reports whether r is a space or a line break, which lines close up.
func blank(r uint16) bool { return r == ' ' || r == '\n' || r == 0x3000 }

// numberNear reports whether a part of a number may stand at the end of the
// glyphs, or at their start.
func numberNear(gs []glyph, end bool) bool {
	const near = 6
	if end {
		gs = gs[max(0, len(gs)-near):]
	} else {
		gs = gs[:min(len(gs), near)]
	}
	return slices.ContainsFunc(gs, func(g glyph) bool {
		switch g.class {
		case digit, hanDigit, alike, letter, at, province:
			return true
		}
		return false
	})
}

// cutTitle finds the rest of a number at the end of a title that is the start of
// its question, cut within the number: the question has a mask there.
func (c *clearing) cutTitle(k *record.Case, edges map[string]edge) {
	title := strings.TrimRight(k.Title, "….")
	n := 0
	for n < min(len(title), len(k.Question)) && title[n] == k.Question[n] {
		n++
	}
	for n > 0 && n < len(title) && !utf8.RuneStart(title[n]) {
		n--
	}
	rest := title[n:]
	if rest == "" || len(rest) > joinReach || n >= len(k.Question) || k.Question[n] != '*' {
		return
	}
	gs := c.folds.view(nil, rest)
	ink := 0
	for _, g := range gs {
		switch g.class {
		case digit, hanDigit, alike, letter, at, sep:
		default:
			return
		}
		if !blank(g.r) {
			ink++
		}
	}
	for _, f := range c.verdict.Findings {
		if f.Field == source.FieldQuestion && f.Type != Person && ink > 0 {
			h := hit{typ: f.Type, norm: rest, confidence: f.Confidence, detector: joinedFields}
			edges[source.FieldTitle] = edge{hit: h, tail: ink + utf8.RuneCountInString(k.Title) - utf8.RuneCountInString(title)}
			return
		}
	}
}

// edgeHits returns what is known to stand at the start and the end of the text
// that is scanned, as hits.
func (s *scan) edgeHits() {
	e := s.edge
	first, last := int32(0), int32(len(s.glyphs))
	if e.head > 0 {
		i := int32(0)
		for n := 0; i < last && n < e.head; i++ {
			if !blank(s.glyphs[i].r) {
				n++
			}
		}
		h := e.hit
		h.first, h.last = first, i
		s.hits = append(s.hits, h)
	}
	if e.tail > 0 {
		i := last
		for n := 0; i > first && n < e.tail; {
			if i--; !blank(s.glyphs[i].r) {
				n++
			}
		}
		h := e.hit
		h.first, h.last = i, last
		s.hits = append(s.hits, h)
	}
}

// lastBytes returns at most the last n bytes of s, firstBytes the first, in whole
// characters.
func lastBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[len(s)-n:]
	for len(s) > 0 && !utf8.RuneStart(s[0]) {
		s = s[1:]
	}
	return s
}

func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
