package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maker makes the lists of one dictionary.
type maker struct {
	rules    rules
	dict     []entry
	surname  map[rune]bool
	compound map[string]bool
	first    map[rune]float64 // shares of the characters of given names, the first of two
	last     map[rune]float64 // and the second
}

// What the words are counted in: the total of the dictionary, and the counts of
// words that it lacks.
const (
	total      = 60101967
	plainCount = 400 // of divisions and the words of petitions of package lexicon
	shortCount = 300 // of divisions without what they are
	partCount  = 60  // of parts of longer ones
	famous     = 1500
)

// givenNames returns the list of the characters of given names: lines of three
// costs and the characters that have them.
func (m *maker) givenNames() (body string, n int) {
	var g [3]map[rune]int
	for i := range g {
		g[i] = map[rune]int{}
	}
	for _, e := range m.dict {
		if !e.person || !e.native || !m.rules.common[e.text[0]] {
			continue
		}
		switch len(e.text) {
		case 2:
			g[2][e.text[1]]++
		case 3:
			g[0][e.text[1]]++
			g[1][e.text[2]]++
		}
	}
	m.first, m.last = m.shares(g[0], 1), m.shares(g[1], 1)
	shares := [3]map[rune]float64{m.first, m.last, m.shares(g[2], 0.5)}
	all := map[rune]bool{}
	for _, s := range shares {
		for c := range s {
			all[c] = true
		}
	}
	lines := map[[3]int][]rune{}
	for _, c := range slices.Sorted(maps.Keys(all)) {
		cost := [3]int{64, 64, 64}
		for i, s := range shares {
			if s[c] > 0 {
				cost[i] = quarters(s[c])
			}
		}
		lines[cost] = append(lines[cost], c)
	}
	var b strings.Builder
	for _, cost := range slices.SortedFunc(maps.Keys(lines), func(a, b [3]int) int { return slices.Compare(a[:], b[:]) }) {
		fmt.Fprintf(&b, "%d %d %d %s\n", cost[0], cost[1], cost[2], string(lines[cost]))
	}
	return b.String(), len(all)
}

// shares returns the share of each character that was counted in names, with the
// characters of today's names, which count by boost.
func (m *maker) shares(counts map[rune]int, boost float64) map[rune]float64 {
	all := map[rune]bool{}
	for c := range counts {
		all[c] = true
	}
	for c := range m.rules.given {
		all[c] = true
	}
	shares, sum := map[rune]float64{}, 0.0
	for _, c := range slices.Sorted(maps.Keys(all)) {
		if m.rules.never[c] {
			continue
		}
		today := m.rules.given[c]
		v := min(float64(counts[c]), 260) + today*boost
		if m.rules.seldom[c] {
			v = min(v, 40) / 2
		}
		if today == 0 {
			v *= 0.3
		}
		if w := m.rules.weight[c]; w > 0 {
			v = w
		}
		if most := m.rules.most[c]; most > 0 {
			v = min(v, most)
		}
		if v >= 0.25 {
			shares[c] = v
			sum += v
		}
	}
	for c := range shares {
		shares[c] /= sum
	}
	return shares
}

// words returns the list of words: lines of a cost and the words that have it.
// own are those that another list has.
func (m *maker) words(plain, cells, own []string) (body string, n int) {
	counts, words := map[string]int{}, map[string]int{}
	for _, e := range m.dict {
		counts[string(e.text)] = e.count
	}
	for _, e := range m.dict {
		if text := string(e.text); len(e.text) <= 4 && isHan(e.text) && m.isWord(e, counts) {
			words[text] = max(words[text], e.count)
			if len(e.text) == 1 {
				words[text] = max(words[text], 20)
			}
		}
	}
	add := func(text []rune, count int) {
		if len(text) >= 2 && len(text) <= 4 && isHan(text) {
			words[string(text)] = max(words[string(text)], count)
		}
	}
	for _, w := range plain {
		add([]rune(w), plainCount)
	}
	for _, cell := range cells {
		if name := []rune(cell); isHan(name[:1]) {
			m.division(name, add)
		}
	}
	for _, w := range own {
		delete(words, w)
	}
	lines := map[int][]string{}
	for _, w := range slices.Sorted(maps.Keys(words)) {
		least := 0.0
		if c := []rune(w); len(c) == 1 {
			least = m.rules.rare[c[0]]
		}
		cost := halves(float64(words[w])/total, least)
		lines[cost] = append(lines[cost], w)
	}
	var b strings.Builder
	for _, cost := range slices.Sorted(maps.Keys(lines)) {
		fmt.Fprintf(&b, "%d %s\n", cost, strings.Join(lines[cost], " "))
	}
	return b.String(), len(words)
}

// isWord reports whether an entry of the dictionary is common enough, and no
// name that people of today may bear.
func (m *maker) isWord(e entry, counts map[string]int) bool {
	w, n := e.text, len(e.text)
	surname := m.surname[w[0]]
	compound := n >= 2 && m.compound[string(w[:2])]
	least := [...]int{0, 4, 5, 12}[n-1]
	if n == 4 && (surname || compound) {
		least = 2
	}
	if e.count < least {
		return false
	}
	if !e.person || n == 1 {
		return true
	}
	place := m.rules.place[w[n-1]]
	switch {
	case n == 2 && m.rules.common[w[0]] && !m.rules.word[string(w)],
		n == 2 && surname && e.count < 8,
		n == 3 && surname && e.count < 10 && !place,
		n == 3 && m.rules.common[w[0]] && e.count < famous && !place,
		n >= 3 && compound && e.count < famous:
		return false
	}
	return !(n == 3 && m.rules.wordlike[w[0]] && e.count < 600 && !place &&
		m.first[w[1]]*m.last[w[2]] > 4e-7 && counts[string(w[1:])] < 100)
}

// divisionEnds are what names of divisions end with, the longer ones first.
var divisionEnds = []string{"左翼中旗", "左翼后旗", "右翼前旗", "右翼中旗", "左翼前旗", "右翼后旗", "左旗", "右旗", "前旗", "后旗", "中旗", "联合旗", "自治旗", "旗", "自治县", "自治州", "地区", "区", "县", "市", "省"}

// division adds the name of a division, the name without what it is, and of long
// ones the parts, as they are cut when they are written without it.
func (m *maker) division(name []rune, add func(text []rune, count int)) {
	add(name, plainCount)
	text := string(name)
	if len(name) >= 7 && (strings.HasSuffix(text, "自治州") || strings.HasSuffix(text, "自治县") || strings.HasSuffix(text, "自治旗")) {
		add(name[:2], shortCount)
	}
	for _, end := range divisionEnds {
		if short := len(name) - len([]rune(end)); strings.HasSuffix(text, end) && short >= 2 && short <= 4 {
			add(name[:short], shortCount)
			break
		}
	}
	if bare := []rune(strings.TrimRight(text, "市区县旗")); len(bare) > 4 {
		for k := range len(bare) - 3 {
			add(bare[k:k+4], partCount)
		}
	}
}
