package lexicon

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/huiyin/huiyin/search"
)

// Made by internal/make; see the package comment.
var (
	//go:embed words.txt.gz
	wordList []byte
	//go:embed pinyin.txt
	pinyinList string
)

// Written by hand.
var (
	//go:embed own.txt
	ownList string
	//go:embed alike.txt
	alikeList string
	//go:embed asking.txt
	askingList string
	//go:embed filling.txt
	fillingList string
)

// ownCount is how often a word of the own list is taken to have been counted:
// about as often as 路灯, so that it stands against the words it is made of.
const ownCount = 400

// Lexicon knows words: where they meet, which sound alike, and which carry the
// meaning of a question. See [Load]. It never changes, so it is safe for
// concurrent use.
type Lexicon struct {
	words   *trie
	sounds  *sounds
	alike   map[uint16][]uint16 // characters that are taken for each other by their looks
	asking  map[string]bool     // words that make a sentence a question
	filling map[string]bool     // words that carry no meaning of their own
}

var (
	_ search.Crosser    = (*Lexicon)(nil)
	_ search.Suggester  = (*Lexicon)(nil)
	_ search.Questioner = (*Lexicon)(nil)
)

// Load reads the word list that is built into the program. It takes some tens of
// milliseconds, so load once and share the value. An error means that the
// program was built with damaged files.
func Load() (*Lexicon, error) {
	l := &Lexicon{asking: set(askingList), filling: set(fillingList), alike: alike(alikeList)}
	words, err := readWords(wordList, ownList, askingList+fillingList)
	if err != nil {
		return nil, fmt.Errorf("lexicon: words.txt.gz: %w", err)
	}
	l.words = newTrie(words)
	if l.sounds, err = readSounds(pinyinList); err != nil {
		return nil, fmt.Errorf("lexicon: pinyin.txt: %w", err)
	}
	return l, nil
}

// readWords reads the compressed list and adds the own words, which are always
// offered, and words of questions, which are only known. The result is sorted.
func readWords(list []byte, own, questions string) ([]entry, error) {
	z, err := gzip.NewReader(bytes.NewReader(list))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	words := make([]entry, 0, bytes.Count(text, []byte("\n"))+1024)
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		number, mark, marked := strings.Cut(rest, " ")
		count, err := strconv.ParseUint(number, 10, 32)
		if err != nil || count == 0 || marked && mark != "-" || len(words) > 0 && word <= words[len(words)-1].text {
			return nil, fmt.Errorf("line %d is damaged", n)
		}
		words = append(words, entry{word, uint32(count), !marked})
	}
	add := func(list string, offer bool) {
		for word := range fields(list) {
			at, known := slices.BinarySearchFunc(words[:n], word, func(e entry, w string) int { return strings.Compare(e.text, w) })
			if !known {
				words = append(words, entry{word, ownCount, offer})
				continue
			}
			words[at].count = max(words[at].count, ownCount)
			words[at].offered = words[at].offered || offer
		}
	}
	add(own, true)
	add(questions, false)
	slices.SortStableFunc(words, func(a, b entry) int { return strings.Compare(a.text, b.text) })
	return slices.CompactFunc(words, func(a, b entry) bool { return a.text == b.text }), nil
}

// fields yields the words of a list, which are parted by blanks; lines that
// begin with # are comments.
func fields(list string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(list) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			for word := range strings.FieldsSeq(line) {
				if !yield(word) {
					return
				}
			}
		}
	}
}

func set(list string) map[string]bool {
	m := map[string]bool{}
	for word := range fields(list) {
		m[word] = true
	}
	return m
}

// alike reads groups of characters that look alike into what each is taken for.
func alike(list string) map[uint16][]uint16 {
	m := map[uint16][]uint16{}
	for group := range fields(list) {
		for _, a := range group {
			for _, b := range group {
				if a != b {
					m[uint16(a)] = append(m[uint16(a)], uint16(b))
				}
			}
		}
	}
	return m
}
