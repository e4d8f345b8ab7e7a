package gate

import (
	"slices"
	"strings"
)

// part is a group of digits with nothing between them, for numbers with words
// between their digits.
type part struct {
	first, last int // glyphs, last exclusive
	from, to    int // where its digits are in scan.digits
}

// The bounds of a number with fillers.
const (
	maxFiller = 4       // words between two parts, in glyphs
	maxParts  = longest // parts of one number
)

// quantities are the characters that make the digits before them a quantity, a
// date, a name or one end of a range, so that they are no filler.
const quantities = "年月日号元路个人米公里平方亩岁楼栋幢座单元室层户次件套时分秒点届条款项章节万亿千百十度斤克吨名位期线段批级类份家台辆间%℃至到等和与及或第"

// fillers looks for numbers with words between their digits: the same word
// everywhere, or usual groups with different words. What it finds is for a person
// to judge.
func (s *scan) fillers() {
	chain, end := s.parts[:0], 0
	s.digits = s.digits[:0]
	for i := 0; i < len(s.glyphs); {
		if !anyDigit(s.glyphs[i]) {
			i++
			continue
		}
		p := s.part(i)
		if p.last == i+1 && p.last < len(s.glyphs) && s.glyphs[p.last].r == '位' && s.whichDigits(i) {
			s.digits = s.digits[:p.from]
			i = p.last // 后四位 says which digits come
			continue
		}
		if len(chain) > 0 && !filler(s.glyphs[end:p.first]) {
			chain = chain[:0]
		}
		if len(chain) == maxParts {
			chain = slices.Delete(chain, 0, 1)
		}
		chain = append(chain, p)
		if len(chain) > 1 && s.filled(chain) {
			chain = chain[:0]
		}
		i, end = p.last, p.last
	}
	s.parts = chain[:0]
}

// whichDigits reports whether the digit at glyph i is the 四 of 后四位, 中间四位.
func (s *scan) whichDigits(i int) bool {
	return i > 0 && strings.ContainsRune("前后中间末尾首头", rune(s.glyphs[i-1].r))
}

// anyDigit reports whether g is a digit of any kind.
func anyDigit(g glyph) bool { return g.class == digit || g.class == hanDigit }

// part reads the digits at glyph i that stand together.
func (s *scan) part(i int) part {
	p := part{first: i, last: i, from: len(s.digits)}
	for p.last < len(s.glyphs) && anyDigit(s.glyphs[p.last]) {
		s.digits = append(s.digits, '0'+s.glyphs[p.last].digit)
		p.last++
	}
	p.to = len(s.digits)
	return p
}

// filler reports whether gap may stand between two parts of one number: a few
// words. What holds no word at all is the other detectors' business.
func filler(gap []glyph) bool {
	words, most := 0, maxFiller
	if holds(gap, '位') {
		most += 2 // ，中间四位是
	}
	if len(gap) > most+2 {
		return false
	}
	for _, g := range gap {
		if g.r == '。' || g.r == '\n' {
			return false // the next sentence
		}
		if g.class == word || g.class == letter || g.class == province {
			words++
		}
	}
	return words > 0 && words <= most
}

// filled looks for a number that ends with the last part of the chain.
func (s *scan) filled(chain []part) bool {
	s.work.spend(len(chain) * 16)
	last := chain[len(chain)-1]
	for first := len(chain) - 2; first >= 0; first-- {
		digits := s.digits[chain[first].from:last.to]
		if len(digits) > longest {
			return false
		}
		if len(digits) < 11 {
			continue
		}
		d := string(digits)
		if !isMobile(d) && (len(d) < 16 || issuer(d) == 0 && !s.birthKnown(d+"0")) {
			continue // whatever its grouping
		}
		if typ := s.fillerType(chain[first:], d); typ != "" && !s.inAddress(chain[first].first) {
			s.hits = append(s.hits, hit{typ: typ, first: int32(chain[first].first), last: int32(last.last), norm: d, confidence: 45, detector: "filler@1"})
			return true
		}
	}
	return false
}

// fillerType returns the type of the number d that the parts make, or "".
func (s *scan) fillerType(parts []part, d string) string {
	var c candidate
	c.d = d
	uniform, quantity := true, false
	gap := s.gap(parts, 0)
	for i, p := range parts {
		c.add(byte(p.to - p.from))
		if i+1 < len(parts) {
			this := s.gap(parts, i)
			uniform = uniform && slices.EqualFunc(gap, this, func(a, b glyph) bool { return a.r == b.r })
			for k, g := range this {
				switch {
				case g.r == '间' && k > 0 && this[k-1].r == '中', g.r == '位' && k > 1 && anyDigit(this[k-1]):
					continue // 中间, 后四位
				}
				quantity = quantity || strings.ContainsRune(quantities, rune(g.r))
			}
		}
	}
	if len(d) == 18 && c.count > 3 && c.is(":224", "64224") && idChecksum(d) && s.birthKnown(d) {
		return IDCard // with 年, 月 and 日 in it
	}
	alone := uniform && c.singles()
	if quantity && !alone {
		return ""
	}
	usual := alone || uniform && len(parts) > 2
	switch {
	case isMobile(d) && (usual || c.is("344", "74") || c.is("38") && !isDate(d[3:])):
		return Mobile
	case len(d) == 18 && s.birthKnown(d) && (usual || c.is("684", "6444", "99") || idChecksum(d)):
		return IDCard
	case len(d) == 17 && s.birthKnown(d+"0") && (usual || c.is("683", "6443")):
		return IDCard
	case len(d) >= 16 && issuer(d) == 2 && (usual || luhn(d) && c.even()):
		return BankCard
	case len(d) == 16 && issuer(d) == 1 && luhn(d) && (usual || c.is("4444")):
		return BankCard
	}
	return ""
}

// gap returns the glyphs between part i and the next.
func (s *scan) gap(parts []part, i int) []glyph { return s.glyphs[parts[i].last:parts[i+1].first] }

// birthKnown reports whether d holds a birthday that is not in the future.
func (s *scan) birthKnown(d string) bool {
	birth := idBirth(d) // reads no further than the day
	return birth.Known() && birth <= s.asOf
}
