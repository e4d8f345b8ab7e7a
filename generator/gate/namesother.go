package gate

import "strings"

// token says what a part of a name of another language is.
type token uint8

const (
	half      token = 1 + iota // half of a Tibetan, Mongolian or Uyghur name: 扎西, 其木格, 古丽
	yiSurname                  // surname of the Yi: 阿余
	yiGiven                    // a character of their given names
	namesake                   // a word that is a usual given name too: 胜利
)

// readOther reads a kind and its entries.
func (n *names) readOther(line string) (entries int, ok bool) {
	f := strings.Fields(line)
	if len(f) < 2 {
		return 0, false
	}
	for _, text := range f[1:] {
		entries++
		switch f[0] {
		case "pinyin":
			n.pinyin[text] |= pinyinSyllable
			continue
		case "pinyinsurname":
			n.pinyin[text] |= pinyinSurname
			continue
		}
		key, ok := wordKey(text)
		if !ok {
			return 0, false
		}
		switch f[0] {
		case "half", "yi":
			n.tokens[key] = pick(f[0] == "yi", yiSurname, half)
			n.char([]rune(text)[0]).flags |= opensToken
		case "namesake":
			n.tokens[key] = namesake
		case "yigiven":
			if key >= 1<<16 {
				return 0, false
			}
			n.tokens[key] = yiGiven
		case "spelt":
			if key >= 1<<16 {
				return 0, false
			}
			n.dotted[uint16(key)] = true
		default:
			return 0, false
		}
	}
	return entries, true
}

// longestOther is the most characters of a name of two or three halves.
const longestOther = 10

// otherName looks for a name that begins at glyph i: a Yi one, or one of two
// halves or more.
func (s *scan) otherName(i int) {
	n := s.hanFrom(i, longestOther)
	size, halves := 0, 0
	for h := s.halfAt(i, n); h > 0; h = s.halfAt(i+size, n-size) {
		size, halves = size+h, halves+1
	}
	switch {
	case halves > 0:
		if rest := s.hanFrom(i+size, maxDottedPart); rest > 1 && rest < maxDottedPart && s.spellsOn(i+size, rest) {
			size += rest // 县长古丽巴尔青
		}
		s.foreign(i, i+size, halves > 1)
	case n > 2 && s.names.tokens[s.key(i, 2)] == yiSurname:
		for size := min(n, 4); size > 2; size-- {
			given := true
			for k := i + 2; k < i+size; k++ {
				given = given && s.names.tokens[uint64(s.han[k])] == yiGiven
			}
			if given && size == 3 && s.names.words.get(s.key(i+1, 2)).cost != noWord {
				given = false
			}
			if given {
				s.foreign(i, i+size, size == 4)
				return
			}
		}
	}
}

// spellsOn reports whether the n characters at glyph i, behind which no other Han
// character stands, go on with a name of another language: all but the last spell one.
func (s *scan) spellsOn(i, n int) bool {
	for _, r := range s.han[i : i+n-1] {
		if !s.names.dotted[r] {
			return false
		}
	}
	return s.names.words.get(s.key(i+n-2, 2)).cost == noWord
}

// halfAt returns the length of the longest half of a name at glyph i, where n
// Han characters stand, and 0 where there is none.
func (s *scan) halfAt(i, n int) int {
	for size := min(n, maxWord); size > 1; size-- {
		if s.names.tokens[s.key(i, size)] == half {
			return size
		}
	}
	return 0
}

// foreign notes a name of another language. Where it is not likely by itself
// only a sign beside it makes it one.
func (s *scan) foreign(i, j int, likely bool) {
	left, right := s.clueBefore(i), s.clueBehind(j)
	p := person{first: int32(i), last: int32(j), gain: left.bits + right.bits + 12*(j-i), title: left.title || right.title, detector: "name-other@1"}
	p.sure = left.sure || right.sure
	switch {
	case right.part || left.bits < -partPenalty/2:
		return
	case !likely && left.bits == 0:
		return // 白玉珍女士: the end of another name
	case p.sure && (likely || left.bits+right.bits >= mostBefore/3):
		p.confidence = 88
	case likely:
		p.sure, p.confidence = true, 70 // whatever else is read there
	default:
		return
	}
	s.keep(p)
}

// isNameDot reports whether r parts the names of one person in other languages.
func isNameDot(r uint16) bool {
	switch r {
	case '·', '•', '‧', '・', '.', '∙', '⋅', '●':
		return true
	}
	return false
}

// The parts of a name with dots: characters in one, and parts in all.
const (
	maxDottedPart  = 7
	maxDottedParts = 5
)

// dottedName looks for a name such as 阿卜杜拉·买买提 around the dot at glyph i.
func (s *scan) dottedName(i int) {
	if n := len(s.persons); n > 0 && s.persons[n-1].last > int32(i) {
		return // within a name that was found at its first dot
	}
	spelt := func(k int) bool { return s.han[k] != 0 && s.names.dotted[s.han[k]] }
	from := i
	for from > 0 && i-from < maxDottedPart && spelt(from-1) {
		from--
	}
	if n := s.hanBefore(i, maxDottedPart); n < maxDottedPart && s.mostlySpelt(i-n, n) {
		from = i - n
	} else if n < maxDottedPart && from > i-n && i-from > 3 && s.seldom(i-n, from) {
		from = i - n
	}
	// 网友阿迪力: what a hint takes does not belong to the name.
	for k := from; k < i; k++ {
		if h, ok := s.hintBefore(k + 1); ok && h.bits > 0 && i-k-1 >= 2 {
			from = k + 1
		}
	}
	if i-from < 2 {
		return
	}
	to := i
	for range maxDottedParts {
		if to >= len(s.han) || !isNameDot(s.glyphs[to].r) {
			break
		}
		k := to + 1
		for k < len(s.han) && k-to <= maxDottedPart && spelt(k) {
			if _, size := s.hintBehind(k); size > 1 && k-to > 2 {
				break
			}
			k++
		}
		if n := s.hanFrom(to+1, maxDottedPart); n < maxDottedPart && s.mostlySpelt(to+1, n) {
			k = to + 1 + n
		}
		if k-to < 3 {
			break
		}
		to = k
	}
	if to == i {
		return
	}
	if s.names.words.get(s.key(from, min(i-from, maxWord))).cost < famousWord {
		return // 马克·吐温: the names of famous people are words
	}
	s.foreign(from, to, true)
}

// seldom reports whether the characters between the glyphs are two at most, and none
// of grammar, so that a name may begin with them: 果海尔妮萨罕·萨吾尔.
func (s *scan) seldom(i, j int) bool {
	for _, r := range s.han[i:j] {
		if s.names.chars[r-hanFirst].word < plainWord {
			return false
		}
	}
	return j-i <= 2 && !s.isWord(i)
}

// mostlySpelt reports whether the n characters at glyph i spell a name of another
// language: all but one between the first and the last do.
func (s *scan) mostlySpelt(i, n int) bool {
	if n < 2 || !s.names.dotted[s.han[i]] || !s.names.dotted[s.han[i+n-1]] {
		return false
	}
	spelt := 0
	for _, r := range s.han[i : i+n] {
		if s.names.dotted[r] {
			spelt++
		}
	}
	return spelt >= n-1
}

// famousWord is the cost below which a word is so usual that it is no name of a
// private person.
const famousWord = 60

// The marks of Latin syllables.
const (
	pinyinSyllable = 1 << iota
	pinyinSurname
)

// The bounds of a name in Latin letters.
const (
	maxLatin      = 24 // glyphs
	maxLatinWords = 3
)

// latinName looks for a name in Latin letters at glyph i, where a word begins.
// Only behind a sure sign such as 我叫 is it looked for at all.
func (s *scan) latinName(i int) {
	if i > 0 && isLatin(&s.glyphs[i-1]) {
		return
	}
	if left := s.clueBefore(i); !left.sure || left.bits < mostBefore/3 {
		return
	}
	var words []string
	j := i
	for k := i; k < len(s.glyphs) && k-i < maxLatin && len(words) < maxLatinWords; {
		from := k
		for k < len(s.glyphs) && k-i < maxLatin && isLatin(&s.glyphs[k]) {
			k++
		}
		if k == from {
			break
		}
		if k < len(s.glyphs) && s.glyphs[k].class == digit {
			return // an identifier
		}
		words = append(words, strings.ToLower(s.chars(from, k-from)))
		j = k
		if k < len(s.glyphs) && (s.glyphs[k].r == ' ' || s.glyphs[k].r == '-' || s.glyphs[k].r == ',') {
			k++
		}
	}
	if !s.names.latin(words) {
		return
	}
	s.keep(person{first: int32(i), last: int32(j), gain: mostBefore, sure: true, confidence: 82, detector: "name-latin@1"})
}

func isLatin(g *glyph) bool {
	return g.class == letter || g.class == alike && (g.r|0x20 >= 'a' && g.r|0x20 <= 'z')
}

// latin reports whether words are a surname and a given name, in either order
// or run together.
func (n *names) latin(words []string) bool {
	switch len(words) {
	case 1:
		for cut := 2; cut < len(words[0]) && cut <= 8; cut++ {
			if n.pinyin[words[0][:cut]]&pinyinSurname != 0 && n.syllables(words[0][cut:], 2) {
				return true
			}
		}
		return false
	case 2:
		return n.pinyin[words[0]]&pinyinSurname != 0 && n.syllables(words[1], 2) ||
			n.pinyin[words[1]]&pinyinSurname != 0 && n.syllables(words[0], 2)
	case 3:
		return n.pinyin[words[0]]&pinyinSurname != 0 && n.syllables(words[1], 1) && n.syllables(words[2], 1)
	}
	return false
}

// syllables reports whether text is one to most syllables.
func (n *names) syllables(text string, most int) bool {
	if n.pinyin[text] != 0 {
		return true
	}
	for cut := 1; most > 1 && cut < len(text) && cut <= 6; cut++ {
		if n.pinyin[text[:cut]] != 0 && n.syllables(text[cut:], most-1) {
			return true
		}
	}
	return false
}
