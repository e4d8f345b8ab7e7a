package main

import (
	"bufio"
	"bytes"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// The lists that are kept by hand, each with the columns before the entries of a line.
var byHand = map[string]int{"names-own.txt": 1, "names-surnames.txt": 1, "names-context.txt": 3, "names-other.txt": 1}

// heads renews the counts and checksums of the lists in dir that are kept by hand.
func heads(dir string) error {
	for _, name := range slices.Sorted(maps.Keys(byHand)) {
		path := filepath.Join(dir, name)
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		title, rest, ok := strings.Cut(string(data), "\n")
		head, body, ok2 := strings.Cut(rest, "\n")
		if !ok || !ok2 || !strings.HasPrefix(title, "# ") || !strings.HasPrefix(head, "# count ") {
			return fmt.Errorf("%s: the first two lines are no head", name)
		}
		n := 0
		for line := range strings.Lines(body) {
			n += max(0, len(strings.Fields(line))-byHand[name])
		}
		if err := write(path, title, body, n); err != nil {
			return err
		}
	}
	return nil
}

// write writes a list under its head. A file that ends with .gz is compressed.
func write(path, title, body string, n int) error {
	text := fmt.Sprintf("%s\n# count %d crc32 %08x\n%s", title, n, crc32.ChecksumIEEE([]byte(body)), body)
	if !strings.HasSuffix(path, ".gz") {
		return os.WriteFile(path, []byte(text), 0o644)
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write([]byte(text)); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// run makes the lists in dir: names-words.txt.gz, names-given.txt and
// names-traditional.txt, and the heads of those kept by hand. Equal lists give equal
// bytes. dict is the word list of jieba 0.42.1 (MIT):
//
//	pip download jieba==0.42.1 --no-deps --no-binary :all:
//	tar xzf jieba-0.42.1.tar.gz # jieba-0.42.1/jieba/dict.txt
//
// characters is TSCharacters.txt of OpenCC (Apache-2.0), and divisions a table with the
// names of divisions of GB/T 2260 in any column; generator/gate/lists/LICENSES.txt
// tells where both lists come from. Further words are those of search/lexicon/own.txt,
// beside the lists; what the public lists do not say stands in rules.txt.
func run(dict, characters, divisions, dir string) error {
	r, err := readRules(rulesText)
	if err != nil {
		return err
	}
	if err := heads(dir); err != nil {
		return err
	}
	entries, err := readDict(dict)
	if err != nil {
		return fmt.Errorf("%s: %w", dict, err)
	}
	surnames, err := columns(filepath.Join(dir, "names-surnames.txt"), 1)
	if err != nil {
		return err
	}
	own, err := columns(filepath.Join(dir, "names-own.txt"), 1)
	if err != nil {
		return err
	}
	plain, err := columns(filepath.Join(dir, "../../../search/lexicon/own.txt"), 0)
	if err != nil {
		return err
	}
	cells, err := columns(divisions, 0)
	if err != nil {
		return err
	}
	m := maker{rules: r, dict: entries, surname: map[rune]bool{}, compound: map[string]bool{}}
	for _, s := range surnames {
		if c := []rune(s); len(c) == 1 {
			m.surname[c[0]] = true
		} else {
			m.compound[s] = true
		}
	}
	given, n := m.givenNames()
	if err := write(filepath.Join(dir, "names-given.txt"), "# Characters of given names: what each costs, in quarters of a bit, as the first of two, the second of two and alone.", given, n); err != nil {
		return err
	}
	words, n := m.words(plain, cells, own)
	if err := write(filepath.Join(dir, "names-words.txt.gz"), "# Words of one to four characters, after what each costs in halves of a bit.", words, n); err != nil {
		return err
	}
	pairs, err := m.pairs(characters, given+words+strings.Join(surnames, "")+strings.Join(own, ""))
	if err != nil {
		return fmt.Errorf("%s: %w", characters, err)
	}
	var b strings.Builder
	for line := range slices.Chunk(pairs, 32) {
		b.WriteString(strings.Join(line, " ") + "\n")
	}
	return write(filepath.Join(dir, "names-traditional.txt"), "# Traditional characters, each before its simplified form.", b.String(), len(pairs))
}

// entry is a line of the dictionary.
type entry struct {
	text   []rune
	count  int
	person bool // it is a name of a person, or part of one
	native bool // and not one of another language
}

// readDict reads lines of a word, how often it was counted, and its part of
// speech, of which nr and what begins with it are names of people.
func readDict(path string) (all []entry, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) != 3 {
			return nil, fmt.Errorf("line %d: %d columns where there should be 3: word, count, part of speech", n, len(f))
		}
		count, err := strconv.Atoi(f[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: the count is no number", n)
		}
		all = append(all, entry{[]rune(f[0]), count, strings.HasPrefix(f[2], "nr"), f[2] != "nrt"})
	}
	return all, lines.Err()
}

// columns returns what stands in the lines of a file behind the first columns,
// without comments.
func columns(path string, first int) (all []string, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > first && f[0] != "#" {
			all = append(all, f[first:]...)
		}
	}
	return all, nil
}

// isHan reports whether text is of Han characters of the basic plane alone.
func isHan(text []rune) bool {
	return !slices.ContainsFunc(text, func(r rune) bool { return r < 0x4e00 || r > 0x9fff })
}

// pairs returns the characters of the table that need stands for: each
// traditional one before its simplified form.
func (m *maker) pairs(path, need string) (pairs []string, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	known := map[rune]bool{}
	for _, c := range need {
		known[c] = true
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		f := strings.Fields(line)
		if len(f) < 2 {
			return nil, fmt.Errorf("line %d: no pair", n)
		}
		a, b := []rune(f[0]), []rune(f[1])
		if len(a) == 1 && len(b) == 1 && a[0] != b[0] && isHan(a) && known[b[0]] {
			pairs = append(pairs, f[0]+f[1])
		}
	}
	return append(pairs, m.rules.traditional...), nil
}

// halves returns the cost of what has the share p, in halves of a bit, and
// quarters in quarters.
func halves(p, least float64) int { return int(math.RoundToEven(2 * max(-math.Log2(p), least))) }
func quarters(p float64) int      { return int(math.RoundToEven(-4 * math.Log2(p))) }
