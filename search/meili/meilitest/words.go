package meilitest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

const (
	hardGap     = 8      // positions between words on two sides of a hard separator
	maxPosition = 65_535 // words beyond it in a field are not indexed
	maxWord     = 250    // bytes; longer words are not indexed
)

// place is where a word stands in a document.
type place struct {
	word  uint32 // see Server.vocabulary
	field int32  // in the order of the index's fields
	pos   int32
}

// wordIndex is where each word of a document stands, by word, field and position.
type wordIndex []place

// scope is the fields that a search looks into; nil is all searchable ones.
type scope map[int32]bool

func (s scope) has(p place) bool { return s == nil || s[p.field] }

// wordsOf indexes a document, once.
func (s *Server) wordsOf(ix *index, d *document) wordIndex {
	if d.words != nil {
		return d.words
	}
	d.words = wordIndex{}
	for at, name := range ix.fields {
		if raw, ok := d.raw[name]; ok && ix.searchRank(name) >= 0 {
			d.words = s.appendField(d.words, int32(at), leaves(raw))
		}
	}
	slices.SortFunc(d.words, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.field, b.field), cmp.Compare(a.pos, b.pos))
	})
	return d.words
}

// appendField appends the places of the words of one field.
func (s *Server) appendField(to wordIndex, field int32, texts []string) wordIndex {
	pos, first := int32(0), true
	for _, text := range texts {
		hard := !first // one item of a list is far from the next
		for _, t := range tokenize(text, s.words) {
			if t.kind != wordToken {
				hard = hard || t.kind == hardToken
				continue
			}
			switch {
			case t.text == "":
				continue // nothing is left of a mark that stands alone
			case first:
				first = false
			case hard:
				pos += hardGap
			default:
				pos++
			}
			hard = false
			if pos < maxPosition && len(t.text) <= maxWord {
				to = append(to, place{s.number(t.text), field, pos})
			}
		}
	}
	return to
}

// number returns the number of a word, a new one if need be.
func (s *Server) number(word string) uint32 {
	n, ok := s.vocabulary[word]
	if !ok {
		n = uint32(len(s.vocabulary))
		s.vocabulary[strings.Clone(word)] = n
	}
	return n
}

// leaves are the texts and numbers inside a value.
func leaves(raw json.RawMessage) []string {
	if len(raw) == 0 {
		return nil
	}
	var s string
	if raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
		return []string{s}
	}
	if raw[0] != '[' && raw[0] != '{' {
		if string(raw) == "null" {
			return nil
		}
		return []string{string(raw)}
	}
	var out []string
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) == nil {
		for _, item := range items {
			out = append(out, leaves(item)...)
		}
		return out
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil {
		for _, name := range sortedKeys(object) {
			out = append(out, leaves(object[name])...)
		}
	}
	return out
}

// searchRank is the place of a field in the searchable attributes, or -1.
func (ix *index) searchRank(name string) int {
	for i, p := range ix.settings.searchable {
		if p == "*" {
			return slices.Index(ix.fields, name)
		}
		if matches(p, name) {
			return i
		}
	}
	return -1
}

// of returns the places of a word.
func (w wordIndex) of(word uint32) []place {
	byWord := func(p place, word uint32) int { return cmp.Compare(p.word, word) }
	from, found := slices.BinarySearchFunc(w, word, byWord)
	if !found {
		return nil
	}
	n, _ := slices.BinarySearchFunc(w[from:], word+1, byWord)
	return w[from : from+n]
}

// distance is how far behind a the nearest b comes, in any field, or far.
func (w wordIndex) distance(a, b uint32) int32 {
	nearest := int32(far)
	bs := w.of(b)
	if len(bs) == 0 {
		return nearest
	}
	for _, p := range w.of(a) {
		i, _ := slices.BinarySearchFunc(bs, p, func(q, p place) int {
			return cmp.Or(cmp.Compare(q.field, p.field), cmp.Compare(q.pos, p.pos+1))
		})
		if i < len(bs) && bs[i].field == p.field {
			nearest = min(nearest, bs[i].pos-p.pos)
		}
	}
	return nearest
}

// far is the distance at which words have nothing to do with each other.
const far = 8

// sought is a term of a query in the numbers of words.
type sought struct {
	words  [][]uint32 // for each word of the term what it stands for: itself, or all that it begins
	phrase bool
}

func (s *Server) seek(t term) sought {
	out := sought{phrase: t.phrase}
	for _, word := range t.words {
		var numbers []uint32
		if n, ok := s.vocabulary[word]; ok {
			numbers = append(numbers, n)
		}
		if t.prefix {
			for other, n := range s.vocabulary {
				if other != word && strings.HasPrefix(other, word) {
					numbers = append(numbers, n)
				}
			}
		}
		out.words = append(out.words, numbers)
	}
	return out
}

func (s *Server) seekAll(terms []term) []sought {
	var all []sought
	for _, t := range terms {
		all = append(all, s.seek(t))
	}
	return all
}

// holds tells whether the server finds a term in the document. A phrase is
// there when each of its words is in the scope, and when of any three words in a
// row each pair comes near enough somewhere in the document, in whatever field.
// So it is also found where its pairs stand in different places.
func (w wordIndex) holds(t sought, in scope) bool {
	for _, numbers := range t.words {
		there := slices.ContainsFunc(numbers, func(n uint32) bool { return slices.ContainsFunc(w.of(n), in.has) })
		if !there {
			return false
		}
	}
	if !t.phrase {
		return true
	}
	for i := range t.words {
		for step := 1; step <= 2 && i+step < len(t.words); step++ {
			if w.distance(t.words[i][0], t.words[i+step][0]) > int32(step) {
				return false
			}
		}
	}
	return true
}
