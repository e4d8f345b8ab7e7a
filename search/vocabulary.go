package search

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Label is a text in the two languages that every installation has.
type Label struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In returns the text in a language. What has no English is in Chinese.
func (l Label) In(lang string) string {
	if l.EN != "" && (lang == "en" || strings.HasPrefix(lang, "en-")) {
		return l.EN
	}
	return l.ZH
}

// Value is one value of a keyword field and its name.
type Value struct {
	ID     string `json:"id"`
	Name   string `json:"name"`             // in the office's language; empty: the identifier is the name
	EN     string `json:"en,omitempty"`     // in English; may be empty
	Parent string `json:"parent,omitempty"` // identifier of the value above, in fields that are trees
}

// VocabularyFile is what a release publishes as search/vocabulary.json: the
// names of all values that a reader may filter by, in the order in which they
// are shown, and what the release holds.
type VocabularyFile struct {
	Fields  map[string][]Value `json:"fields"`
	Release int                `json:"release,omitempty"` // zero: not known
	Cutoff  string             `json:"cutoff"`            // 2026-11-20; empty: not known
	Docs    int                `json:"docs"`
}

// Vocabulary knows the names of values and which lie below which: a
// [VocabularyFile] that was checked. It never changes, so that goroutines can
// share it. A nil *Vocabulary knows none: values are called by their
// identifiers.
type Vocabulary struct {
	VocabularyFile
	fields map[string]*fieldWords
}

// fieldWords is one field of a vocabulary. Values are numbered by their place
// in the file.
type fieldWords struct {
	values   []Value
	byID     map[string]int
	byName   map[string][]int // by folded name, in both languages
	folded   [][2]string      // folded names
	children [][]int
	roots    []int
	tree     bool
}

var errVocabulary = errors.New("search: the vocabulary is damaged")

// DecodeVocabulary reads a vocabulary. It is strict: a field that it does not
// know, a repeated identifier, a parent that does not exist or is its own
// ancestor, and anything after the end are errors.
func DecodeVocabulary(b []byte) (*Vocabulary, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var f VocabularyFile
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("%w: %w", errVocabulary, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: it goes on after its end", errVocabulary)
	}
	return NewVocabulary(f)
}

// NewVocabulary checks a vocabulary; see [DecodeVocabulary].
func NewVocabulary(f VocabularyFile) (*Vocabulary, error) {
	if f.Release < 0 || f.Docs < 0 || f.Cutoff != "" && parseDay(f.Cutoff) == 0 {
		return nil, fmt.Errorf("%w: release, docs or cut-off", errVocabulary)
	}
	v := &Vocabulary{VocabularyFile: f, fields: map[string]*fieldWords{}}
	for name, values := range f.Fields {
		w, err := newFieldWords(values)
		if err != nil {
			return nil, fmt.Errorf("%w: field %q: %w", errVocabulary, name, err)
		}
		v.fields[name] = w
	}
	return v, nil
}

func newFieldWords(values []Value) (*fieldWords, error) {
	w := &fieldWords{
		values: values, byID: make(map[string]int, len(values)), byName: map[string][]int{},
		folded: make([][2]string, len(values)), children: make([][]int, len(values)),
	}
	for i, v := range values {
		if !validValue(v.ID) {
			return nil, fmt.Errorf("value %d has no proper identifier", i)
		}
		if !validName(v.Name) || !validName(v.EN) {
			return nil, fmt.Errorf("value %q has no proper name", v.ID)
		}
		if _, ok := w.byID[v.ID]; ok {
			return nil, fmt.Errorf("value %q stands twice", v.ID)
		}
		w.byID[v.ID] = i
		for j, name := range []string{v.label().ZH, v.EN} {
			key := foldName(name)
			w.folded[i][j] = key
			if key != "" && !slices.Contains(w.byName[key], i) {
				w.byName[key] = append(w.byName[key], i)
			}
		}
	}
	for i, v := range values {
		if v.Parent == "" {
			w.roots = append(w.roots, i)
			continue
		}
		p, ok := w.byID[v.Parent]
		if !ok {
			return nil, fmt.Errorf("value %q lies below %q, which does not exist", v.ID, v.Parent)
		}
		w.children[p] = append(w.children[p], i)
		w.tree = true
	}
	// Whatever cannot be reached from a root lies in a circle.
	reached := 0
	for _, r := range w.roots {
		reached += len(w.below(r))
	}
	if reached != len(values) {
		return nil, errors.New("some values lie below themselves")
	}
	return w, nil
}

func validName(s string) bool {
	return len(s) <= 1000 && utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}

// below returns a value and all that lie below it, each after its parent.
func (w *fieldWords) below(i int) []int {
	all := []int{i}
	for n := 0; n < len(all); n++ {
		all = append(all, w.children[all[n]]...)
	}
	return all
}

// label returns the names of a value.
func (v Value) label() Label {
	if v.Name == "" {
		return Label{ZH: v.ID, EN: v.EN}
	}
	return Label{ZH: v.Name, EN: v.EN}
}

// foldName makes names comparable: folded like text, without separators.
func foldName(s string) string {
	var b strings.Builder
	for _, u := range Units(s) {
		b.WriteString(u.Text)
	}
	return b.String()
}

// Name returns the names of a value. One that the vocabulary does not know is
// called by its identifier.
func (v *Vocabulary) Name(field, id string) Label {
	if v != nil {
		if w := v.fields[field]; w != nil {
			if i, ok := w.byID[id]; ok {
				return w.values[i].label()
			}
		}
	}
	return Label{ZH: id}
}

// lists reports whether the vocabulary lists the values of a field. A field
// that it does not list, such as the month, may have any value.
func (v *Vocabulary) lists(field string) bool { return v != nil && v.fields[field] != nil }

// find returns the identifiers that a reader may mean by a word, in the order
// of the vocabulary: the value with that identifier; else those with that name,
// in either language, whatever the case, width and punctuation; else those
// whose name holds the word; else none.
func (v *Vocabulary) find(field, word string) []string {
	if !v.lists(field) {
		return nil
	}
	w := v.fields[field]
	if _, ok := w.byID[word]; ok {
		return []string{word}
	}
	key := foldName(word)
	if key == "" {
		return nil
	}
	var ids []string
	for _, i := range w.byName[key] {
		ids = append(ids, w.values[i].ID)
	}
	if ids != nil {
		return ids
	}
	for i, names := range w.folded {
		if strings.Contains(names[0], key) || strings.Contains(names[1], key) {
			ids = append(ids, w.values[i].ID)
		}
	}
	return ids
}

// below returns id and, in a tree, all that lies below it. Values that the
// vocabulary does not know have nothing below them.
func (v *Vocabulary) below(field, id string) []string {
	if v != nil && v.fields[field] != nil {
		w := v.fields[field]
		if i, ok := w.byID[id]; ok {
			all := w.below(i)
			ids := make([]string, len(all))
			for n, j := range all {
				ids[n] = w.values[j].ID
			}
			return ids
		}
	}
	return []string{id}
}

// above returns what lies above a value, nearest first.
func (v *Vocabulary) above(field, id string) []string {
	var ids []string
	if !v.lists(field) {
		return nil
	}
	w := v.fields[field]
	for i, ok := w.byID[id]; ok && w.values[i].Parent != ""; {
		id = w.values[i].Parent
		ids = append(ids, id)
		i, ok = w.byID[id]
	}
	return ids
}

// expand returns ids and all that lies below them, sorted, each once.
func (v *Vocabulary) expand(field string, ids []string) []string {
	var all []string
	for _, id := range ids {
		all = append(all, v.below(field, id)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
