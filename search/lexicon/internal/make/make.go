package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/mozillazg/go-pinyin"

	"github.com/huiyin/huiyin/search"
)

const (
	maxRunes    = 5  // longer words are phrases, which their parts stand for
	minCount    = 5  // what was counted less often is mostly no word
	minOffered  = 10 // what was counted less often is too odd to be offered
	maxReadings = 3  // further ones are of old books
)

// never is what no word that is offered may contain: one a line, # comments.
//
//go:embed never.txt
var never string

// run reads a word list and writes the data files into dir.
func run(dict, dir string) error {
	f, err := os.Open(dict)
	if err != nil {
		return err
	}
	defer f.Close()
	words, err := read(f, entries(never))
	if err != nil {
		return fmt.Errorf("%s: %w", dict, err)
	}
	var b bytes.Buffer
	if err := writeWords(&b, words); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "words.txt.gz"), b.Bytes(), 0o644); err != nil {
		return err
	}
	b.Reset()
	writePinyin(&b, words)
	return os.WriteFile(filepath.Join(dir, "pinyin.txt"), b.Bytes(), 0o644)
}

// entries returns the lines of a list without comments.
func entries(list string) []string {
	var all []string
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// word is what the list says of a word.
type word struct {
	count  int
	hidden bool // is not offered
}

// read reads lines of a word, how often it was counted, and its part of speech.
// It keeps the Han words that are short and common enough, by their folded form.
func read(r io.Reader, never []string) (map[string]word, error) {
	words := map[string]word{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) != 3 {
			return nil, fmt.Errorf("line %d: %d columns where there should be 3: word, count, part of speech", n, len(f))
		}
		count, err := strconv.Atoi(f[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: the count is no number", n)
		}
		text := search.Fold(f[0])
		if !isHan(text) || utf8.RuneCountInString(text) > maxRunes || count < minCount {
			continue
		}
		w := words[text]
		w.count += count
		// nr and what begins with it are names of people.
		w.hidden = w.hidden || strings.HasPrefix(f[2], "nr") ||
			slices.ContainsFunc(never, func(part string) bool { return strings.Contains(text, part) })
		words[text] = w
	}
	for text, w := range words {
		w.hidden = w.hidden || w.count < minOffered || utf8.RuneCountInString(text) == 1
		words[text] = w
	}
	return words, lines.Err()
}

// isHan reports whether text is of Han characters of the basic plane alone.
func isHan(text string) bool {
	for _, r := range text {
		if r < 0x3400 || r > 0x9fff || r >= 0x4dc0 && r < 0x4e00 {
			return false
		}
	}
	return text != ""
}

// writeWords writes a line for each word: the word, its count, and a minus if it
// is not to be offered.
func writeWords(w io.Writer, words map[string]word) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, text := range slices.Sorted(maps.Keys(words)) {
		mark := ""
		if words[text].hidden {
			mark = " -"
		}
		fmt.Fprintf(z, "%s %d%s\n", text, words[text].count, mark)
	}
	return z.Close()
}

// writePinyin writes a line for each syllable without its tone: the syllable,
// the characters of the words that are mostly read so, and those that are also
// read so. Where there are none stands a minus.
func writePinyin(w io.Writer, words map[string]word) {
	chars := map[rune]bool{}
	for text := range words {
		for _, r := range text {
			chars[r] = true
		}
	}
	args := pinyin.NewArgs()
	args.Heteronym = true
	type readers struct{ mostly, also []rune }
	read := map[string]*readers{}
	for _, r := range slices.Sorted(maps.Keys(chars)) {
		var seen []string
		for _, s := range pinyin.SinglePinyin(r, args) {
			if slices.Contains(seen, s) || len(seen) == maxReadings {
				continue
			}
			seen = append(seen, s)
			if read[s] == nil {
				read[s] = &readers{}
			}
			if len(seen) == 1 {
				read[s].mostly = append(read[s].mostly, r)
			} else {
				read[s].also = append(read[s].also, r)
			}
		}
	}
	column := func(chars []rune) string {
		if len(chars) == 0 {
			return "-"
		}
		return string(chars)
	}
	for _, s := range slices.Sorted(maps.Keys(read)) {
		fmt.Fprintf(w, "%s %s %s\n", s, column(read[s].mostly), column(read[s].also))
	}
}
