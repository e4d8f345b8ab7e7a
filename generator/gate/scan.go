package gate

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// scan is one look of all detectors at one plain text.
type scan struct {
	*tables
	nameState
	work       *budget
	structured bool       // neither names nor addresses are looked for
	asOf       record.Day // no birthday lies after it
	marks      []wordMark // buffer of the rules about words
	edge       edge       // what other fields tell about this one
	glyphs     []glyph    // first view
	plain      string     // the text that it shows
	nums       []numeral  // buffer of the second view
	hits       []hit
	parts      []part // buffers of the search for fillers
	digits     []byte
}

// find looks through the plain text and returns what was found, in order and
// without overlaps.
func (s *scan) find(plain string) []hit {
	s.work.spend(2 * len(plain))
	s.plain = plain
	s.glyphs = s.folds.view(s.glyphs[:0], plain)
	s.hits = s.hits[:0]
	seen := s.classes()
	s.nums = runs(s.glyphs, s.nums, s.numbers)
	if seen[at] || seen[letter] || strings.Contains(plain, "特") {
		s.emails()
	}
	if seen[province] && seen[letter] {
		s.plates()
	}
	if seen[digit] || seen[hanDigit] {
		s.fillers()
	}
	s.others(seen)
	if s.edge.head+s.edge.tail > 0 && len(s.glyphs) > 0 {
		s.edgeHits()
	}
	if !s.structured {
		s.people()
		s.addresses()
	}
	return s.resolve()
}

// classes reports which classes of character the text has, so that detectors
// without a chance need not look.
func (s *scan) classes() (seen [several + 1]bool) {
	for i := range s.glyphs {
		seen[s.glyphs[i].class] = true
	}
	return seen
}

// resolve sorts the hits and drops those that overlap a better one: the more
// certain, then the longer, then the earlier. What is dropped is still covered,
// because the better one is made to reach over it, and what reaches over another
// does not pass.
func (s *scan) resolve() []hit {
	slices.SortStableFunc(s.hits, func(a, b hit) int {
		if a.first != b.first {
			return int(a.first - b.first)
		}
		return int(b.last - a.last)
	})
	kept := s.hits[:0]
	for _, h := range s.hits {
		if n := len(kept) - 1; n >= 0 && h.first < kept[n].last {
			k := kept[n]
			if h.confidence > k.confidence {
				h.reaches = h.reaches || k.reaches || k.first < h.first || k.last > h.last
				k, h = h, k
				k.first = h.first
			} else {
				k.reaches = k.reaches || h.reaches || h.last > k.last
			}
			k.last = max(k.last, h.last)
			kept[n] = k
			continue
		}
		kept = append(kept, h)
	}
	return kept
}

// registers are the kinds of record in whose texts no names of persons are looked for.
var registers = map[source.Kind]bool{source.Unit: true, source.Area: true, source.Topic: true, source.Channel: true}

// maxRescans bounds how often a masked text is masked again, because the mask of
// one number and the digits beside it made another.
const maxRescans = 4

// decoded returns a text as the detectors look at it, or the reason to hold it where
// it cannot be looked at.
func (c *clearing) decoded(text string) (d decoded, reason string) {
	if len(text) > c.policy.MaxText {
		return d, "text-too-long"
	}
	c.work.spend(len(text))
	if !utf8.ValidString(text) {
		return d, "bad-utf8"
	}
	if !c.names.ok {
		return d, "missing-list"
	}
	d, ok := decode(text, &c.work)
	if !ok {
		return d, "nested-encoding"
	}
	return d, ""
}

// text clears one text: it returns the masked plain text, adds what was found to
// the verdict, and reports a reason to hold where there is one.
func (c *clearing) text(field string, class Class, value string) (plain string) {
	d, reason := c.decoded(value)
	if reason != "" {
		c.hold(reason)
		return ""
	}
	c.scan.structured = registers[c.raw.Kind] // their names are those of offices and places
	// Blanks at the ends are not published, so that nothing may depend on them.
	plain = strings.TrimLeft(d.plain, " \n")
	lead := len(d.plain) - len(plain)
	plain = strings.TrimRight(plain, " \n")
	for round := range maxRescans {
		c.scan.edge = edge{}
		if round == 0 {
			c.scan.edge = c.edges[field]
		}
		hits := c.scan.find(plain)
		c.scan.edge = edge{}
		if round == 0 {
			c.learn(hits)
			c.sensitive(field)
			if c.plains != nil {
				c.plains[field] = plain
			}
		}
		masked, changed := c.judge(field, class, plain, hits, func(start, end int) (int, int) {
			if round > 0 {
				return 0, 0 // of a mask, which has no place in the field
			}
			return d.origin(lead+start, lead+end)
		})
		if !changed {
			c.keepHan()
			return strings.Trim(plain, " \n")
		}
		if plain = masked; c.verdict.Decision == Hold {
			return ""
		}
		if again, ok := decode(plain, &c.work); !ok || again.plain != plain {
			c.hold("mask-decodes") // cannot happen: masks hold nothing that decodes
			return ""
		}
	}
	c.hold("not-clean")
	return ""
}

// judge applies the policy to the hits of one text and returns it masked;
// changed is false when it stayed as it was.
func (c *clearing) judge(field string, class Class, plain string, hits []hit, origin func(start, end int) (int, int)) (masked string, changed bool) {
	var b strings.Builder
	done := 0
	c.field = field
	for _, h := range hits {
		if c.allowed(h) {
			continue
		}
		act, certain := c.policy.act(field, class, h.typ, h.confidence)
		if act == Pass && h.reaches {
			act, certain = Mask, true
		}
		if act == Pass || act == "" {
			continue
		}
		start, end := int(c.scan.glyphs[h.first].start), int(c.scan.glyphs[h.last-1].end)
		from, to := origin(start, end)
		c.verdict.Findings = append(c.verdict.Findings, Finding{
			Type: h.typ, Field: field, Start: from, End: to, Confidence: h.confidence,
			Action: string(act), Value: c.mac("value", h.typ, h.norm), Detector: h.detector,
		})
		switch {
		case act == HoldField && certain:
			c.hold(heldPrefix + h.typ)
		case act == HoldField:
			c.hold(doubtfulPrefix + h.typ)
		case act == Sample:
			c.sampled = true
		}
		b.WriteString(plain[done:max(done, start)])
		b.WriteString(maskOf(h))
		done, changed = max(done, end), true
	}
	b.WriteString(plain[done:])
	return b.String(), changed
}

// allowed reports whether the hit is on the allow-lists that apply to the record.
func (c *clearing) allowed(h hit) bool {
	if h.reaches {
		return false // what it reaches over is on no list
	}
	switch h.typ {
	case Person:
		return c.inOffice(h)
	case Landline, Mobile, Email, Service:
		if c.hotlines[h.norm] {
			return true
		}
		for _, unit := range c.units {
			if c.lines[unit][h.norm] {
				return true
			}
		}
	case URL, Address:
	default:
		return false
	}
	if len(c.except) == 0 {
		return false
	}
	if c.except[Everywhere].holds(c.scan, h, c.asOf) {
		return true
	}
	for _, unit := range c.units {
		if c.except[unit].holds(c.scan, h, c.asOf) {
			return true
		}
	}
	return false
}

// holds reports whether an entry for the hit, of the scan's last text, holds on
// the day. A nil e has none.
func (e *exceptions) holds(s *scan, h hit, day record.Day) bool {
	if e == nil {
		return false
	}
	holds := func(a Allow) bool { return a.holds(day) }
	switch h.typ {
	case Address:
		return slices.ContainsFunc(e.addresses, func(a Allow) bool { return a.holds(day) && withinPlace(h.norm, a.Value) })
	case URL:
		return slices.ContainsFunc(e.links, func(l link) bool { return l.holds(day) && s.inside(l.form, int(h.first), int(h.last)) })
	}
	return slices.ContainsFunc(e.values[h.typ+" "+h.norm], holds)
}

// maskOf returns the official form of a masked datum. No mask can be found
// again or decoded, and masks of one datum are the same however it was spelt.
func maskOf(h hit) string {
	if h.detector == joinedFields {
		return "******" // only a part of it stands here
	}
	d := h.norm
	stars := func(n int) string { return strings.Repeat("*", max(n, 4)) }
	switch h.typ {
	case Mobile:
		if len(d) == 11 {
			return d[:3] + "****" + d[7:]
		}
	case IDCard:
		if len(d) == 18 || len(d) == 15 {
			return d[:2] + stars(len(d)-5) + d[len(d)-3:]
		}
	case BankCard:
		if len(d) >= 16 {
			return d[:4] + stars(len(d)-8) + d[len(d)-4:]
		}
	case Landline, Service:
		if n := areaCode(d); n > 0 {
			return d[:n] + "-" + stars(len(d)-n-2) + d[len(d)-2:]
		}
		if len(d) >= 7 {
			return stars(len(d)-2) + d[len(d)-2:]
		}
	case Email:
		return "***@***"
	case Plate:
		if first, n := utf8.DecodeRuneInString(d); first != utf8.RuneError && len(d) > n {
			return d[:n+1] + "*****"
		}
	case Person:
		return "某某"
	case Address:
		return "***"
	case BirthDate:
		return "****年**月**日"
	}
	return "******"
}
