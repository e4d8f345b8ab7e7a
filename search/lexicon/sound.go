package lexicon

import (
	"fmt"
	"slices"
	"strings"
)

// sounds knows how characters are read, without tones.
type sounds struct {
	chars [][]uint16          // of each syllable, sorted
	near  [][]uint16          // syllables that sound much like it
	of    map[uint16][]uint16 // the syllables of a character, the most usual one first
}

// readSounds reads lines of a syllable, the characters that are mostly read so,
// and those that are also read so; a minus stands for none.
func readSounds(list string) (*sounds, error) {
	s := &sounds{of: make(map[uint16][]uint16, 10_000)}
	number := map[string]uint16{}
	var names []string
	var also []string
	for line := range strings.Lines(list) {
		f := strings.Fields(line)
		if len(f) != 3 {
			return nil, fmt.Errorf("line %d is damaged", len(names)+1)
		}
		number[f[0]] = uint16(len(names))
		names, also = append(names, f[0]), append(also, f[2])
		s.chars = append(s.chars, nil)
		s.add(f[1], len(names)-1)
	}
	for n, chars := range also {
		s.add(chars, n)
		slices.Sort(s.chars[n])
	}
	s.near = make([][]uint16, len(names))
	for n, name := range names {
		for _, other := range nearSyllables(name) {
			if m, ok := number[other]; ok {
				s.near[n] = append(s.near[n], m)
			}
		}
	}
	return s, nil
}

// add notes that characters are read as syllable n.
func (s *sounds) add(chars string, n int) {
	for _, r := range chars {
		if r >= firstHan && r < endHan {
			s.chars[n] = append(s.chars[n], uint16(r))
			s.of[uint16(r)] = append(s.of[uint16(r)], uint16(n))
		}
	}
}

// nearPairs are what many speakers, and the keyboards that allow for them, do
// not tell apart.
var nearPairs = struct{ begin, end [][2]string }{
	begin: [][2]string{{"z", "zh"}, {"c", "ch"}, {"s", "sh"}, {"n", "l"}, {"f", "h"}, {"r", "l"}},
	end:   [][2]string{{"an", "ang"}, {"en", "eng"}, {"in", "ing"}, {"on", "ong"}},
}

// nearSyllables returns spellings that differ from a syllable by one near pair.
// Some of them are no syllables.
func nearSyllables(s string) []string {
	var near []string
	for _, p := range nearPairs.begin {
		for _, q := range [][2]string{p, {p[1], p[0]}} {
			rest, ok := strings.CutPrefix(s, q[0])
			if ok && (len(q[0]) == 2 || !strings.HasPrefix(rest, "h")) {
				near = append(near, q[1]+rest)
			}
		}
	}
	for _, p := range nearPairs.end {
		for _, q := range [][2]string{p, {p[1], p[0]}} {
			if rest, ok := strings.CutSuffix(s, q[0]); ok {
				near = append(near, rest+q[1])
			}
		}
	}
	return near
}

// same returns the characters that can be read as c mostly is, sorted.
func (s *sounds) same(c uint16) []uint16 {
	if of := s.of[c]; len(of) > 0 {
		return s.chars[of[0]]
	}
	return []uint16{c}
}

// likeness is how near a character comes to another by its sound.
type likeness int

const (
	unlike    likeness = iota
	nearSound          // mostly read nearly the same
	rareSound          // can be read the same
	sameSound          // mostly read the same
)

// like returns how near a character that was meant comes to one that was typed.
// Who types knows how the one is mostly read.
func (s *sounds) like(typed, meant uint16) likeness {
	a, b := s.of[typed], s.of[meant]
	switch {
	case typed == meant:
		return sameSound
	case len(a) == 0 || len(b) == 0:
		return unlike
	case a[0] == b[0]:
		return sameSound
	case slices.Contains(b, a[0]):
		return rareSound
	case slices.Contains(s.near[a[0]], b[0]):
		return nearSound
	}
	return unlike
}
