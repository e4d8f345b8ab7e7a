package gate

// plates looks for vehicle plates: the character of a province, a letter, and
// five or, for new energy, six letters and digits.
func (s *scan) plates() {
	for i := range s.glyphs {
		if s.glyphs[i].class == province {
			s.plate(i)
		}
	}
}

// plateBody is what follows the province and its letter on a plate.
type plateBody struct {
	text [8]byte // upper case
	ends [8]int  // glyph behind each character
	gaps [8]int  // separators before each character
	n    int
	soft bool // a filler word stands between
}

// plate looks for a plate that opens with glyph i.
func (s *scan) plate(i int) {
	k, gap, soft := s.skip(i + 1)
	if k >= len(s.glyphs) || s.glyphs[k].class != letter {
		return
	}
	s.work.spend(64)
	spread := gap > 0
	body := s.body(k + 1)
	body.soft = body.soft || soft
	for _, n := range []int{6, 5, 4} {
		if body.n < n || body.n > n && body.gaps[n] == 0 {
			continue
		}
		last := body.ends[n-1]
		text := string(body.text[:n])
		switch {
		case n == 6 && !newEnergy(text), n == 5 && !ordinary(text):
			continue
		case n == 4:
			if last = s.special(last); last == 0 || letters(text) > 2 {
				continue
			}
		}
		confidence := 90
		context := s.before(int32(i))
		for _, g := range body.gaps[1:n] {
			spread = spread || g > 0
		}
		switch named := hasAny(context, plateWords); {
		case !named && i > 0 && s.glyphs[i-1].class == digit && hasAny(context, orderWords):
			return // 使用登记证编号：梯11川A00123
		case body.soft:
			confidence = 50
		case spread && !named:
			confidence = 75
		}
		s.note(Plate, i, last, confidence, "plate@1")
		h := &s.hits[len(s.hits)-1]
		h.norm = string(rune(s.glyphs[i].r)) + string(rune(s.glyphs[k].r&^0x20)) + text
		return
	}
	s.parted(i, k)
}

// skip returns the glyph at k or behind separators, how many they are, and
// whether a filler word is among them.
func (s *scan) skip(k int) (next, gap int, soft bool) {
	for k < len(s.glyphs) && gap <= maxGap {
		switch g := s.glyphs[k]; {
		case g.r == '的':
			soft = true
		case g.class != sep:
			return k, gap, soft
		case g.r == '*' && k+2 < len(s.glyphs) && s.glyphs[k+1].r == '*' && s.glyphs[k+2].r == '*':
			return len(s.glyphs), gap, soft // masked already
		}
		k++
		gap++
	}
	return k, gap, soft
}

// body reads the letters and digits at glyph k.
func (s *scan) body(k int) (b plateBody) {
	for b.n < len(b.text) {
		next, gap, soft := s.skip(k)
		if next >= len(s.glyphs) || gap > maxGap || !named(s.glyphs[next]) {
			return b
		}
		g := s.glyphs[next]
		c := '0' + g.digit
		if g.class == letter {
			c = byte(g.r) &^ 0x20
		}
		b.text[b.n], b.ends[b.n], b.gaps[b.n] = c, next+1, gap
		b.soft = b.soft || soft
		b.n++
		k = next + 1
	}
	return b
}

// letters counts the letters in a plate's body.
func letters(s string) (n int) {
	for _, c := range []byte(s) {
		if c > '9' {
			n++
		}
	}
	return n
}

// ordinary reports whether s may follow the letter on an ordinary plate: at
// most two of its five characters are letters.
func ordinary(s string) bool { return letters(s) <= 2 }

// newEnergy reports whether s may follow the letter on the plate of a new-energy
// vehicle: a letter first, and perhaps second, on small ones, last on large ones.
func newEnergy(s string) bool {
	small := s[0] > '9' && letters(s[2:]) == 0
	large := s[5] > '9' && letters(s[:5]) == 0
	return small || large
}

// special returns the glyph behind the character that ends the plate of a
// trailer, a learner, the police or a cross-border vehicle at glyph k, or 0.
func (s *scan) special(k int) int {
	next, gap, _ := s.skip(k)
	if next >= len(s.glyphs) || gap > 1 {
		return 0
	}
	switch s.glyphs[next].r {
	case '挂', '学', '警', '港', '澳', '领', '使', '试', '超':
		return next + 1
	}
	return 0
}

// parted looks for a plate with a few words between its letter at glyph k and
// its number.
func (s *scan) parted(i, k int) {
	const far = 4
	for n := k + 1; n <= k+1+far && n < len(s.glyphs); n++ {
		if !named(s.glyphs[n]) {
			continue
		}
		b := s.body(n)
		for _, size := range []int{6, 5} {
			if b.n != size || letters(string(b.text[:size])) > 2 || b.ends[size-1]-n != size {
				continue
			}
			if last := b.ends[size-1]; hasAny(s.before(int32(i)), plateWords) || !measured(s.after(int32(last))) {
				s.note(Plate, i, last, 50, "plate-parted@1")
			}
		}
		return
	}
}
