package gate

import (
	"slices"
	"strings"
)

// hit is what a detector found: glyphs from first to last, exclusive.
type hit struct {
	typ         string
	first, last int32
	norm        string // the datum in its normal form
	confidence  int
	detector    string
	reaches     bool // it reaches over a part of another that it replaced
}

// run is one run of digits of the second view, as a detector looks at it.
type run struct {
	*scan
	ns     []numeral
	digits string // one ASCII digit for each numeral
	chain  bool   // the number just before was a fixed line

	contextOf int32 // glyph whose context is kept, plus one
	kept      string
}

// numbers looks for identifiers in one run. A number begins and ends where a
// separator stands or the kind of digit changes, so that no part of a longer
// number is taken for one.
func (s *scan) numbers(ns []numeral) {
	s.work.spend(len(ns) * 8)
	b := make([]byte, len(ns))
	for i, n := range ns {
		b[i] = '0' + n.value
	}
	r := &run{scan: s, ns: ns, digits: string(b), chain: s.behindLine(ns[0].glyph)}
	for i := 0; i < len(ns); {
		if !r.border(i) {
			i++
			continue
		}
		if n := r.glued(i); n > 0 {
			i += n
			continue
		}
		hits := len(s.hits)
		n := r.at(i)
		r.chain = len(s.hits) > hits && s.hits[hits].typ == Landline
		i += max(n, 1)
	}
}

// behindLine reports whether glyph i stands just behind a fixed line that was
// found, as in a list of them.
func (s *scan) behindLine(i int32) bool {
	n := len(s.hits) - 1
	return n >= 0 && s.hits[n].typ == Landline && i-s.hits[n].last <= 3
}

// border reports whether a number may begin at i, or end before it.
func (r *run) border(i int) bool {
	return i == 0 || i == len(r.ns) || r.ns[i].gap > 0 || r.ns[i].class != r.ns[i-1].class
}

// detectors are tried in this order at each place; the first that finds takes it.
var detectors = []func(*run, int) int{
	(*run).idCard, (*run).abroad, (*run).service, (*run).northAmerican, (*run).bankCard, (*run).mobile, (*run).oldIDCard, (*run).landline,
	(*run).local, (*run).announced,
}

// cards are tried where a letter may stand for the first digit.
var cards = []func(*run, int) int{(*run).idCard, (*run).disguisedCard}

// candidateSteps is what it costs to try every detector at one place.
const candidateSteps = 256

// at returns how many digits at i belong to a number that was found.
func (r *run) at(i int) int {
	r.work.spend(candidateSteps)
	detectors := detectors
	if r.glyphs[r.ns[i].glyph].class == letter {
		detectors = cards // a letter that looks like a digit: only what is known by more than its length
	}
	for _, detect := range detectors {
		if n := detect(r, i); n > 0 {
			h := &r.hits[len(r.hits)-1]
			if r.inAddress(int(h.first)) && !r.personalPart(h) || h.typ != IDCard && r.creditCodeAt(int(h.first), int(h.last)) {
				r.hits = r.hits[:len(r.hits)-1]
			}
			return n
		}
	}
	return 0
}

// found notes a hit over the candidate, its first skip digits left out.
func (r *run) found(c *candidate, skip int, typ string, confidence int, detector string) int {
	first, last := r.ns[c.i+skip].glyph, r.ns[c.j-1].glyph+1
	if first > 0 && opensPaired(r.glyphs[first-1].r, r.glyphs[first:last]) {
		first--
	}
	r.hits = append(r.hits, hit{typ: typ, first: first, last: last, norm: c.d[skip:], confidence: confidence, detector: detector})
	return c.j - c.i
}

// opensPaired reports whether r opens a bracket that closes within gs.
func opensPaired(r uint16, gs []glyph) bool {
	return r == '(' && slices.ContainsFunc(gs, func(g glyph) bool { return g.r == ')' })
}

// context returns the text before the candidate.
func (r *run) context(c *candidate) string {
	if g := r.ns[c.i].glyph; r.contextOf != g+1 {
		r.contextOf, r.kept = g+1, r.before(g)
	}
	return r.kept
}

// longest is the longest number that is looked for as such.
const longest = 19

func (r *run) idCard(i int) int {
	var c candidate
	d, last := "", int32(0)
	switch {
	case !regions[two(r.digits, min(i, len(r.digits)-2))]:
		return 0
	case r.take(i, 18, &c):
		d = c.d
	case i+17 == len(r.ns) && r.take(i, 17, &c):
		if last = r.checkX(r.ns[c.j-1].glyph + 1); last == 0 {
			return 0
		}
		d = c.d + "X"
	default:
		return 0
	}
	ctx := r.context(&c)
	named := hasAny(ctx, idWords)
	birth, sum := idBirth(d), idChecksum(d)
	confidence := 0
	switch {
	case (c.weak || c.clock) && !c.singles() && !named:
	case d[4:6] == "00" && !named && hasAny(ctx, orderWords):
		// The number of a licence: a city's code, a day and a serial number.
		// People have the code of a county.
	case birth.Known() && birth <= r.asOf && sum:
		confidence = 99
	case len(c.d) == 18 && creditCode(d) && !named:
	case birth.Known() && birth <= r.asOf && birth > r.asOf-16*366 && !named && hasAny(ctx, orderWords):
	case birth.Known() && birth <= r.asOf && birth > r.asOf-3*366 && !named:
		// Region, a day of late and a serial number: more often a number of
		// something than a small child with a wrong check character.
		confidence = 45
	case birth.Known() && birth <= r.asOf:
		confidence = 85
	case named:
		confidence = 75
	}
	if confidence == 0 {
		return 0
	}
	n := r.found(&c, 0, IDCard, confidence, "id-card@1")
	h := &r.hits[len(r.hits)-1]
	h.norm = d
	if last > 0 {
		h.last = last
	}
	return n
}

// checkX returns the glyph behind the X that ends an identity card number and
// stands at i or behind separators, or 0.
func (s *scan) checkX(i int32) int32 {
	for range maxGap + 1 {
		if int(i) >= len(s.glyphs) {
			return 0
		}
		switch g := s.glyphs[i]; {
		case g.r == 'X' || g.r == 'x' || g.r == '×':
			if int(i)+1 < len(s.glyphs) && s.glyphs[i+1].class == letter {
				return 0
			}
			return i + 1
		case g.class != sep:
			return 0
		}
		i++
	}
	return 0
}

// oldIDCard finds the 15 digits that were issued until 1999. One number of 15
// digits in eighty looks like one, so separators must stand in usual places.
func (r *run) oldIDCard(i int) int {
	var c candidate
	if !regions[two(r.digits, min(i, len(r.digits)-2))] || !r.take(i, 15, &c) || c.weak && !c.singles() || !idBirth(c.d).Known() {
		return 0
	}
	ctx := r.context(&c)
	switch named := hasAny(ctx, idWords); {
	case named:
		return r.found(&c, 0, IDCard, 90, "id-card-15@1")
	case hasAny(ctx, orderWords) || r.inWord(&c):
		return 0
	case c.whole() || c.singles() || c.is("663", "6243", "62223", "555", "33333", "4443"):
		return r.found(&c, 0, IDCard, 65, "id-card-15@1")
	}
	return 0
}

// disguisedCard finds a bank card whose first digit is a letter that looks like
// one.
func (r *run) disguisedCard(i int) int {
	if issuer(r.digits[i:min(i+16, len(r.digits))]) == 0 {
		return 0
	}
	return r.bankCard(i)
}

func (r *run) bankCard(i int) int {
	var best candidate
	confidence := 0
	if kind := issuer(r.digits[i:min(i+16, len(r.digits))]); kind == 0 && !hasAny(r.before(r.ns[i].glyph), bankWords) {
		return 0
	}
	for n := 19; n >= 12; n-- {
		var c candidate
		if !r.take(i, n, &c) {
			continue
		}
		if v := r.bankConfidence(&c); v > confidence {
			best, confidence = c, v
		}
	}
	if confidence == 0 {
		return 0
	}
	return r.found(&best, 0, BankCard, confidence, "bank-card@1")
}

func (r *run) bankConfidence(c *candidate) int {
	usual := c.whole() || c.singles() || c.even() && c.sizes[0] >= 2 || c.fours() || c.is("465")
	ctx := r.context(c)
	named := hasAny(ctx, bankWords) && usual && !c.weak
	switch kind, sum := issuer(c.d), luhn(c.d); {
	case len(c.d) < 16:
		if named && !r.inWord(c) && !isMobile(strings.TrimLeft(c.d, "0")) && trunk(c.d) < 0 && !hasAny(ctx, lineWords) {
			return 65
		}
	case c.weak && !(c.singles() && c.descends() && sum):
	case kind == 2 && sum:
		if usual {
			return 95
		}
		return 75
	case named:
		return 80
	case kind == 2 && usual && !hasAny(ctx, orderWords):
		return 80
	case kind == 1 && sum && (c.whole() || c.singles() || c.fours()) && !hasAny(ctx, orderWords):
		return 75
	}
	return 0
}

func (r *run) mobile(i int) int {
	if !strings.ContainsRune("018", rune(r.digits[i])) {
		return 0
	}
	for _, n := range []int{11, 13, 15, 14, 12} {
		var c candidate
		if !r.take(i, n, &c) {
			continue
		}
		skip := trunk(c.d)
		if skip < 0 {
			continue
		}
		if v := r.mobileConfidence(&c, skip); v > 0 {
			return r.found(&c, skip, Mobile, v, "mobile@1")
		}
	}
	return 0
}

// mobileConfidence weighs the way in which the digits are grouped.
func (r *run) mobileConfidence(c *candidate, skip int) int {
	named := hasAny(r.context(c), phoneWords)
	behind := r.after(r.ns[c.j-1].glyph + 1)
	switch {
	case c.whole():
		return pick(r.amount(c, behind), 0, 95)
	case c.clock && !c.singles() && !named, c.quad(), r.inWord(c) && !named:
		return 0
	case skip > 0 && c.count > 1 && int(c.sizes[0]) != skip:
		return pick(named, 70, 0)
	case c.weak:
		switch {
		case named:
			return 75
		case c.singles() && c.same && c.descends():
			return 65
		}
		return 0
	case c.singles():
		if rest := len(r.ns) - c.j; rest > 0 && r.ns[c.j].kind == c.kind && r.border(c.j+1) {
			return pick(named, 65, pick(rest <= 3, 40, 0)) // part of something longer
		}
		return 90
	case named:
		return 80
	case isYear(c.d[:4]) && c.sizes[0] == 4, c.kind == '.' && c.count == 2:
		return 0 // years, decimals
	case c.is("344", "2344", "4344"):
		return 90
	case c.count == 2 && c.sizes[0] > 2 && skip == 0 && r.wrapped(c):
		return pick(isDate(c.d[3:]) && c.sizes[0] == 3, 45, 75)
	case c.count <= 4 && skip == 0 && c.i == 0 && c.j == len(r.ns) && r.wrapped(c):
		return 45
	case c.is("38"):
		return pick(isDate(c.d[3:]), 0, 75)
	case c.is("74", "335", "353", "443", "434", "3422", "32222", "3332"):
		return 75
	case c.even() && c.sizes[0] == 2 && c.same && c.kind != ' ' && c.kind != '\n':
		return 45
	case skip == 0 && r.oddlySpaced(c):
		return 45
	}
	return 0
}

// wrapped reports whether nothing but the ends of lines stands within the candidate,
// and no other number in the lines before and behind it.
func (r *run) wrapped(c *candidate) bool {
	broken := func(k int) bool { // white space with the end of a line stands before digit k
		line := false
		for g := r.ns[k-1].glyph + 1; g < r.ns[k].glyph; g++ {
			switch r.glyphs[g].r {
			case '\n':
				line = true
			case ' ':
			default:
				return false
			}
		}
		return line
	}
	for k := c.i + 1; k < c.j; k++ {
		if r.ns[k].gap > 0 && !broken(k) || r.ns[k].class != digit {
			return false
		}
	}
	return (c.i == 0 || !broken(c.i)) && (c.j == len(r.ns) || !broken(c.j))
}

// inWord reports whether a letter touches the candidate on either side, as in
// the middle of an identifier.
func (r *run) inWord(c *candidate) bool {
	first, last := r.ns[c.i].glyph, r.ns[c.j-1].glyph+1
	return first > 0 && r.glyphs[first-1].class == letter || int(last) < len(r.glyphs) && r.glyphs[last].class == letter
}

// amount reports whether the candidate is a sum of money with two decimals.
func (r *run) amount(c *candidate, behind string) bool {
	if strings.HasPrefix(behind, "元") {
		return false // people write their number in any place; a sum of eleven digits is rare
	}
	return c.j+2 == len(r.ns) && r.ns[c.j].kind == '.' && r.ns[c.j].gap == 1 &&
		strings.HasPrefix(r.after(r.ns[c.j+1].glyph+1), "元")
}

func (r *run) landline(i int) int {
	if r.digits[i] != '0' {
		return 0
	}
	rest := r.digits[i:]
	for _, foreign := range []string{"0086", "086"} {
		rest = strings.TrimPrefix(rest, foreign)
	}
	area := areaCode(rest)
	skip := len(r.digits) - i - len(rest)
	if area == 0 {
		return 0
	}
	best, confidence := candidate{}, 0
	for _, local := range []int{8, 7} {
		var c candidate
		if !r.take(i, skip+area+local, &c) || !isLocal(c.d[skip+area:]) && c.d[skip+area] != '9' {
			continue
		}
		if v := r.landlineConfidence(&c, skip, area); v > confidence {
			best, confidence = c, v
		}
	}
	if confidence == 0 {
		return 0
	}
	return r.found(&best, skip, Landline, confidence, "landline@1")
}

func (r *run) landlineConfidence(c *candidate, skip, area int) int {
	ctx := r.context(c)
	named := hasAny(ctx, phoneWords)
	switch local := len(c.d) - skip - area; {
	case c.whole() && named:
		return 85
	case c.whole():
		return pick(hasAny(ctx, orderWords), 0, pick(local == 8, 70, 60))
	case c.weak:
		return pick(named || c.singles() && c.descends() && c.same, 65, 0)
	case c.singles():
		return 80
	case int(c.sizes[0]) == area && skip == 0 && c.kind != '.':
		return 90
	}
	return pick(named, 75, 0)
}

// service finds the numbers that belong to a company or an office.
func (r *run) service(i int) int {
	var c candidate
	if !r.take(i, 10, &c) || !isService(c.d) || c.weak {
		return 0
	}
	if c.whole() || c.is("334", "343", "37", "3322", "442") {
		return r.found(&c, 0, Service, 95, "service@1")
	}
	return 0
}

// northAmerican finds ddd-ddd-dddd with and without the leading 1.
func (r *run) northAmerican(i int) int {
	var c candidate
	skip := 0
	if r.digits[i] == '1' {
		skip = 1
	}
	if !r.take(i, 10+skip, &c) || c.weak || !isNorthAmerican(c.d[skip:]) {
		return 0
	}
	typ := Landline
	if isService(c.d[skip:]) {
		typ = Service
	}
	plus := skip == 1 && r.ns[c.i].glyph > 0 && r.glyphs[r.ns[c.i].glyph-1].r == '+'
	named := plus || hasAny(r.context(&c), phoneWords)
	if !c.whole() && (!r.apart(&c) || c.clock || r.inWord(&c)) {
		return 0
	}
	switch {
	case skip == 0 && c.is("334") && (c.kind != ' ' && c.kind != '\n' || named):
		return r.found(&c, 0, typ, 85, "north-american@1")
	case skip == 1 && c.is("1334") && (c.kind != ' ' && c.kind != '\n' || named):
		return r.found(&c, 0, typ, 85, "north-american@1")
	case c.is("37", "137") && r.areaInBrackets(&c, skip) && (named || !hasAny(r.context(&c), orderWords) && !measured(r.after(r.ns[c.j-1].glyph+1))):
		return r.found(&c, 0, typ, pick(named, 85, 45), "north-american@2")
	case skip == 0 && c.whole() && named && c.d[0] != '0':
		return r.found(&c, 0, typ, 65, "north-american@1")
	}
	return 0
}

// areaInBrackets reports whether nothing but brackets, and a blank on either side of
// them, stands around the three digits behind the first skip: (617)5550123.
func (r *run) areaInBrackets(c *candidate, skip int) bool {
	first, last := r.ns[c.i+skip].glyph, r.ns[c.i+skip+3].glyph
	return first > 0 && r.glyphs[first-1].r == '(' && r.glyphs[first+3].r == ')' &&
		(last == first+4 || last == first+5 && r.glyphs[first+4].r == ' ')
}

// apart reports whether the candidate is not part of a longer run of groups with
// the same separator.
func (r *run) apart(c *candidate) bool {
	last := r.ns[c.j-1].kind
	before := c.i == 0 || r.ns[c.i].kind != last && r.ns[c.i].kind != '.'
	behind := c.j == len(r.ns) || r.ns[c.j].kind != last || r.ns[c.j].kind == ' '
	return before && behind
}

// local finds a number without its area code: behind a word that announces it,
// or behind another fixed line.
func (r *run) local(i int) int {
	for _, n := range []int{8, 7} {
		var c candidate
		if !r.take(i, n, &c) || !isLocal(c.d) || isDate(c.d) || !(c.whole() || c.is("44", "34", "43") || c.singles()) || c.weak {
			continue
		}
		if r.chain && r.ns[i].gap <= 2 && !(c.count == 2 && isYear(c.d[:4]) && isYear(c.d[4:])) {
			return r.found(&c, 0, Landline, 75, "local@1")
		}
		if measured(r.after(r.ns[c.j-1].glyph+1)) || r.inWord(&c) ||
			c.count == 2 && (c.kind != '-' && c.kind != ' ' || isYear(c.d[:4]) || isYear(c.d[c.sizes[0]:])) {
			return 0
		}
		ctx := r.context(&c)
		if hasAny(ctx, lineWords) && !hasAny(ctx, orderWords) {
			return r.found(&c, 0, Landline, 70, "local@1")
		}
	}
	return 0
}

// measured reports whether the text behind a number makes it a quantity.
func measured(behind string) bool {
	for _, r := range behind {
		return strings.ContainsRune("元万亿人户次件年平㎡%吨公千百余", r)
	}
	return false
}

// announced finds numbers of the wrong length behind a word that says what they
// are: a digit too many or too few hides nobody.
func (r *run) announced(i int) int {
	together := 1 // digits with nothing between them
	for together < longest && i+together < len(r.ns) && r.ns[i+together].gap == 0 {
		together++
	}
	for n := together; n >= 10; n-- {
		var c candidate
		if !r.take(i, n, &c) || !c.whole() || isDate(c.d) {
			continue
		}
		ctx := r.context(&c)
		switch {
		case n >= 14 && hasAny(ctx, idWords):
			return r.found(&c, 0, IDCard, 70, "announced@1")
		case (n == 10 || n == 12) && c.d[0] == '1' && c.d[1] >= '3' && hasAny(ctx, lineWords) && !hasAny(ctx, orderWords):
			return r.found(&c, 0, Mobile, 65, "announced@1")
		}
	}
	return 0
}
