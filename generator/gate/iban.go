package gate

import "strings"

// ibanLengths are the lengths of international bank account numbers by country, from
// the register of ISO 13616.
var ibanLengths = func() map[string]int {
	m := map[string]int{}
	for _, f := range strings.Fields("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 " +
		"FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 " +
		"MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 " +
		"ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30") {
		m[f[:2]] = two(f, 2)
	}
	return m
}()

// iban looks for an international bank account number at glyph i: the letters of a
// country, two check digits, and as many letters and digits as accounts there have,
// in one or in groups of four.
func (s *scan) iban(i int) bool {
	if i+14 >= len(s.glyphs) || !isLatin(&s.glyphs[i+1]) || !s.digitAt(i+2) || !s.digitAt(i+3) {
		return false
	}
	r := s.read(i)
	for _, a := range ibanValues(&r, 0) {
		for _, b := range ibanValues(&r, 1) {
			if a < 10 || b < 10 {
				continue
			}
			n := ibanLengths[string([]byte{byte(a) + 'A' - 10, byte(b) + 'A' - 10})]
			if n == 0 || r.n < n || !r.border(n) || !r.ibanGroups(n) || !s.ibanCheck(&r, n) {
				continue
			}
			s.take(BankCard, &r, 4, n, 96, "iban@1")
			return true
		}
	}
	return false
}

// ibanValues returns the values that character k may have: a digit's own, and from 10
// on those of letters. O and zero look alike to the views, and so do I, l and 1.
func ibanValues(r *reading, k int) []int {
	switch c := r.text[k]; {
	case r.kinds[k] == alike && c == 'O':
		return []int{0, 'O' - 'A' + 10}
	case r.kinds[k] == alike:
		return []int{1, 'I' - 'A' + 10, 'L' - 'A' + 10}
	case c >= 'A' && c <= 'Z':
		return []int{int(c-'A') + 10}
	default:
		return []int{int(r.value[k] - '0')}
	}
}

// ibanGroups reports whether the first n characters stand together or in groups of
// four with one separator between them.
func (r *reading) ibanGroups(n int) bool {
	grouped := r.gaps[4] > 0
	for k := 1; k < n; k++ {
		if r.gaps[k] != pick(grouped && k%4 == 0, 1, 0) {
			return false
		}
	}
	return true
}

// maxIbanAlikes is how many characters with several readings are tried.
const maxIbanAlikes = 4

// ibanSteps is about what it costs to try them all.
const ibanSteps = 2048

// ibanCheck reports whether the first n characters leave 1 modulo 97, the first four
// put behind the others, as ISO 7064 has it.
func (s *scan) ibanCheck(r *reading, n int) bool {
	s.work.spend(ibanSteps)
	rests, alikes := []int{0}, 0
	for k := range n {
		values := ibanValues(r, (k+4)%n)
		if len(values) > 1 {
			if alikes++; alikes > maxIbanAlikes {
				return false
			}
		}
		var next []int
		for _, rest := range rests {
			for _, v := range values {
				next = append(next, (rest*pick(v < 10, 10, 100)+v)%97)
			}
		}
		rests = next
	}
	for _, rest := range rests {
		if rest == 1 {
			return true
		}
	}
	return false
}

// ssnWords announce the number of the social security of the United States, in the
// form of lowered.
var ssnWords = strings.Fields("ssn sociai_security")

// ssn looks behind such a word at glyph i for three, two and four digits.
func (s *scan) ssn(i int) bool {
	for _, w := range ssnWords {
		if end := s.phrase(i, w); end > 0 {
			return s.nine(s.englishNumber(end))
		}
	}
	return false
}

// ssnHan looks for the same behind 社会安全号 and the like, which end with glyph i.
func (s *scan) ssnHan(i int) {
	if p := s.prev(i); p != '全' && p != '安' && p != '障' {
		return
	}
	before := s.before(int32(i))
	for _, w := range []string{"社会安全", "社安", "美国社会保障"} {
		if strings.HasSuffix(before, w) {
			s.nine(i + 1)
			return
		}
	}
}

// nine notes the nine digits of a social security number behind the word that ends
// before glyph i. The kind is that of cards of other places.
func (s *scan) nine(i int) bool {
	first, _ := s.behindWord(i)
	if first < 0 {
		return false
	}
	r := s.read(first)
	if k := r.fits(0, 9); k > 0 && !measured(s.after(int32(r.ends[k-1]))) {
		s.take(Permit, &r, 0, k, 85, "ssn@1")
		return true
	}
	return false
}

// phrase returns the glyph behind the Latin words at glyph i, which stand in the form
// of lowered with _ for a blank, and 0 where others stand there.
func (s *scan) phrase(i int, words string) int {
	for k := range len(words) {
		if i+k >= len(s.glyphs) || lowered(&s.glyphs[i+k]) != uint16(words[k]) && (words[k] != '_' || s.glyphs[i+k].class != sep) {
			return 0
		}
	}
	end := i + len(words)
	if end < len(s.glyphs) && isLatin(&s.glyphs[end]) {
		return 0
	}
	return end
}
