package search

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

// Unit is one unit of a text: a Han character, a Yi syllable, or a longest run of
// other letters, marks and digits.
//
// One character of the text may become several units, as ㍿ becomes 株式会社; they
// all stand where it stands. So the offsets of units ascend, but need not differ.
type Unit struct {
	Text       string // folded
	Start, End int    // where it stands in the original text, in bytes, on rune boundaries, with the marks on its last character
	After      bool   // a separator stands between this unit and the one before it in the text
}

// Units cuts a text into units, in order. It never fails: a byte that is not
// UTF-8 separates. The units share memory with the text.
func Units(text string) []Unit {
	if text == "" {
		return nil
	}
	return AppendUnits(make([]Unit, 0, len(text)/3+1), text)
}

// AppendUnits appends the units of a text to dst and returns it, as [Units] does
// for callers that use the memory again. The first unit of a text is never After.
func AppendUnits(dst []Unit, text string) []Unit {
	c := cutter{folder: theFolder(), text: text, units: dst, first: len(dst), start: -1}
	c.cut()
	return c.units
}

// cutter is the state of one call of AppendUnits.
type cutter struct {
	folder *folder
	text   string
	units  []Unit
	first  int  // units before this one are of another text
	apart  bool // a separator was met since the last unit

	// The word that is being read, if start is not negative. It is the text
	// between start and end, or, as soon as it differs from that, word.
	start, end int
	changed    bool
	word       []byte
	scratch    []byte
}

func (c *cutter) cut() {
	text := c.text
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		f := c.folder.of(r)
		end := i + size
		if end < len(text) && text[end] >= utf8.RuneSelf {
			if to := c.attached(end); to > end {
				if f.class() != separates || r != utf8.RuneError {
					c.segment(i, to)
					i = to
					continue
				}
			}
		}
		switch f.class() {
		case alone:
			c.flush()
			if to := f.rune(); to == r {
				c.add(text[i:end], i, end)
			} else {
				c.add(string(to), i, end)
			}
		case inWord:
			c.letter(f.rune(), r, i, end)
		case separates:
			c.flush()
			c.apart = true
		default:
			c.segment(i, end)
		}
		i = end
	}
	c.flush()
}

// attached returns where the runes end that attach to the one before i.
func (c *cutter) attached(i int) int {
	for i < len(c.text) && c.text[i] >= utf8.RuneSelf {
		r, size := utf8.DecodeRuneInString(c.text[i:])
		if c.folder.of(r).class() != attaches {
			break
		}
		i += size
	}
	return i
}

// segment takes a character with all that attaches to it.
func (c *cutter) segment(i, end int) {
	c.scratch = c.folder.segment(c.scratch[:0], []byte(c.text[i:end]))
	for _, r := range string(c.scratch) {
		switch classOf(r) {
		case alone:
			c.flush()
			c.add(string(r), i, end)
		case inWord:
			c.letter(r, -1, i, end)
		default:
			c.flush()
			c.apart = true
		}
	}
	if c.start >= 0 {
		c.end = max(c.end, end)
	}
}

// letter takes the rune r of a word, which stands for the text from i to end:
// the same rune, unless from says otherwise.
func (c *cutter) letter(r, from rune, i, end int) {
	if c.start < 0 {
		if unicode.IsMark(r) {
			return // on a Han character, or on nothing: no word of its own
		}
		c.start, c.end, c.changed = i, i, false
	}
	if !c.changed && (r != from || i != c.end) {
		c.changed = true
		c.word = append(c.word[:0], c.text[c.start:c.end]...)
	}
	if c.changed {
		c.word = utf8.AppendRune(c.word, r)
	}
	c.end = end
}

// flush ends the word that is being read.
func (c *cutter) flush() {
	if c.start < 0 {
		return
	}
	start := c.start
	c.start = -1
	if c.changed {
		c.add(string(c.word), start, c.end)
	} else {
		c.add(c.text[start:c.end], start, c.end)
	}
}

func (c *cutter) add(text string, start, end int) {
	c.units = append(c.units, Unit{Text: text, Start: start, End: end, After: c.apart && len(c.units) > c.first})
	c.apart = false
}

// MatchUnits yields where a term matches in a field, each time as the index of
// the first unit and the index after the last, first ones first, also those that
// overlap. It is the rule of the package comment and the only place that has it:
// the units of the term stand in the field in the same order, with a separator
// exactly where the term has one. A term without units matches nowhere.
func MatchUnits(field, term []Unit) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		if len(term) == 0 || len(term) > len(field) {
			return
		}
		// Knuth, Morris and Pratt: no field and term make it slower than their
		// lengths together. What stands before the first unit of a term does not
		// matter, so that one is compared without its separator.
		same := func(k int, u *Unit) bool {
			return term[k].Text == u.Text && (k == 0 || term[k].After == u.After)
		}
		var few [32]int
		back := append(few[:0], make([]int, len(term))...)
		for i, k := 1, 0; i < len(term); i++ {
			for k > 0 && !same(k, &term[i]) {
				k = back[k-1]
			}
			if same(k, &term[i]) {
				k++
			}
			back[i] = k
		}
		k := 0
		for i := range field {
			for k > 0 && !same(k, &field[i]) {
				k = back[k-1]
			}
			if same(k, &field[i]) {
				k++
			}
			if k == len(term) {
				if !yield(i+1-k, i+1) {
					return
				}
				k = back[k-1]
			}
		}
	}
}
