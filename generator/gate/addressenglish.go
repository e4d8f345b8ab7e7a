package gate

import "strings"

// englishStreets end the name of a road in English; englishRooms stand before the number
// of a room.
var (
	englishStreets = strings.Fields("street st avenue ave road rd lane ln drive dr boulevard blvd court ct terrace place pl way")
	englishRooms   = strings.Fields("apt apartment unit suite")
)

// englishAddresses looks for house numbers before the name of a road in English, each of
// its words with a capital letter: 1234 Oak Street, Apt 5B. They are held, since offices
// and shops stand on roads as well.
func (s *scan) englishAddresses() {
	gs := s.glyphs
	for i := 0; i+5 < len(gs); i++ {
		if gs[i].class != digit || i > 0 && (named(gs[i-1]) || gs[i-1].r == '-' || gs[i-1].r == '/' || gs[i-1].r == '.') {
			continue
		}
		j := i
		for j < len(gs) && gs[j].class == digit {
			j++
		}
		if j-i > 5 || j >= len(gs) || gs[j].r != ' ' {
			i = j
			continue
		}
		s.work.spend(48)
		if end := s.englishRoad(j + 1); end > 0 {
			s.hits = append(s.hits, hit{typ: Address, first: int32(i), last: int32(end), norm: placeForm(gs[i:end]), confidence: 50, detector: "address-english@1"})
			j = end
		}
		i = j
	}
}

// englishRoad returns where the name of a road that begins at glyph i ends, with the
// number of a room behind it, and 0 where there is none.
func (s *scan) englishRoad(i int) int {
	gs := s.glyphs
	k := i
	for words := 0; words < 5 && k < len(gs); words++ {
		from := k
		for k < len(gs) && isLatin(&gs[k]) && k-from < 16 {
			k++
		}
		if k == from || !s.capital(from) {
			return 0
		}
		if words > 0 && oneOf(strings.ToLower(s.chars(from, k-from)), englishStreets) {
			return s.englishRoom(k)
		}
		if k < len(gs) && gs[k].r == '.' {
			k++ // W.
		}
		if k >= len(gs) || gs[k].r != ' ' {
			return 0
		}
		k++
	}
	return 0
}

// englishRoom returns the end of the number of a room behind glyph k, and k where none is.
func (s *scan) englishRoom(k int) int {
	gs := s.glyphs
	i := k
	for n := 0; n < 3 && i < len(gs) && (gs[i].r == ' ' || gs[i].r == ',' || gs[i].r == '.'); n++ {
		i++
	}
	from := i
	for i < len(gs) && isLatin(&gs[i]) && i-from < 10 {
		i++
	}
	if i == from || !oneOf(strings.ToLower(s.chars(from, i-from)), englishRooms) || i+1 >= len(gs) || gs[i].r != ' ' {
		return k
	}
	i++
	from = i
	for i < len(gs) && named(gs[i]) && i-from < 6 {
		i++
	}
	return pick(i > from, i, k)
}

// oneOf reports whether word is one of the words.
func oneOf(word string, words []string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}
