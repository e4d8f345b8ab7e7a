package gate

import (
	"bytes"
	"embed"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// nameLists are the lists behind the detector of personal names. Each begins
// with two lines: what it is, and how many entries and which checksum it has.
//
//go:embed lists/names*
var nameLists embed.FS

// names are the lists behind the detector of personal names, ready to be looked
// things up in. All costs are in quarters of a bit: the fewer, the more usual.
type names struct {
	ok     bool   // all lists are there and whole
	reason string // which list is not, without any of its text

	chars    [hanLast - hanFirst + 1]nameChar
	words    wordTable
	compound map[uint64]uint8 // surnames of two characters and more
	context  [2]hintTable
	tokens   map[uint64]token // parts of names of other languages
	dotted   map[uint16]bool  // characters that spell names of other languages
	pinyin   map[string]uint8 // syllables, and which of them are surnames
}

// The Han characters that names and words are made of.
const (
	hanFirst = 0x4e00
	hanLast  = 0x9fff
)

// nameChar is what a character is to names. A cost of zero means never.
type nameChar struct {
	simple             uint16 // its simplified form
	word               uint8  // cost as a word of its own
	surname            uint8
	first, last, alone uint8 // costs in a given name: the first of two, the second of two, alone
	flags              nameFlag
}

type nameFlag uint8

const (
	opensCompound nameFlag = 1 << iota // a longer surname begins with it
	endsBefore                         // a hint that stands before a name ends with it
	opensAfter                         // a hint that stands behind a name begins with it
	opensToken                         // a part of a name of another language begins with it
	neverGiven                         // no given name has it
)

// newNames reads the lists that are built into the program.
func newNames() *names { return readNames(nameLists) }

// readNames reads the lists from the folder lists of fsys. Where one is missing,
// short or damaged the result says so, and every text must be held.
func readNames(fsys fs.FS) *names {
	n := &names{
		compound: map[uint64]uint8{}, tokens: map[uint64]token{}, dotted: map[uint16]bool{}, pinyin: map[string]uint8{},
	}
	for i := range n.chars {
		n.chars[i] = nameChar{simple: uint16(hanFirst + i), word: rareChar}
	}
	for _, r := range notGiven {
		n.char(r).flags |= neverGiven
	}
	for _, list := range []struct {
		file string
		read func(line string) (entries int, ok bool)
	}{
		{"names-traditional.txt", n.readTraditional},
		{"names-surnames.txt", n.readSurnames},
		{"names-given.txt", n.readGiven},
		{"names-words.txt.gz", n.readWords},
		{"names-own.txt", n.readWords},
		{"names-context.txt", n.readContext},
		{"names-other.txt", n.readOther},
	} {
		if err := readList(fsys, list.file, list.read); err != nil {
			n.reason = list.file + ": " + err.Error()
			return n
		}
	}
	n.words.finish()
	n.context[before].finish()
	n.context[behind].finish()
	n.ok = true
	return n
}

// readList reads one list line by line and checks its head. A list whose count
// or checksum is not what its head says is damaged.
func readList(fsys fs.FS, file string, read func(string) (int, bool)) error {
	data, err := fs.ReadFile(fsys, "lists/"+file)
	if err != nil {
		return fmt.Errorf("missing")
	}
	if strings.HasSuffix(file, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return fmt.Errorf("damaged")
		}
		if data, err = io.ReadAll(z); err != nil {
			return fmt.Errorf("damaged")
		}
	}
	_, rest, _ := strings.Cut(string(data), "\n")
	head, body, _ := strings.Cut(rest, "\n")
	var count int
	var sum uint32
	if k, err := fmt.Sscanf(head, "# count %d crc32 %x", &count, &sum); k != 2 || err != nil || count < 1 {
		return fmt.Errorf("has no head")
	}
	have := 0
	for line := range strings.Lines(body) {
		k, ok := read(strings.TrimSuffix(line, "\n"))
		if !ok {
			return fmt.Errorf("damaged")
		}
		have += k
	}
	if got := crc32.ChecksumIEEE([]byte(body)); have != count || got != sum {
		return fmt.Errorf("has %d entries and checksum %08x, its head says %d and %08x", have, got, count, sum)
	}
	return nil
}

// char returns what the Han character r is to names; nil for any other.
func (n *names) char(r rune) *nameChar {
	if r < hanFirst || r > hanLast {
		return nil
	}
	return &n.chars[r-hanFirst]
}

// readTraditional reads pairs of a traditional character and its simplified form.
func (n *names) readTraditional(line string) (entries int, ok bool) {
	for pair := range strings.FieldsSeq(line) {
		rs := []rune(pair)
		if len(rs) != 2 || n.char(rs[0]) == nil || n.char(rs[1]) == nil {
			return 0, false
		}
		n.char(rs[0]).simple = uint16(rs[1])
		entries++
	}
	return entries, true
}

// readSurnames reads a share of people in a hundred and the surnames that each
// have it.
func (n *names) readSurnames(line string) (entries int, ok bool) {
	f := strings.Fields(line)
	if len(f) < 2 {
		return 0, false
	}
	share, err := strconv.ParseFloat(f[0], 64)
	if err != nil || share <= 0 || share > 100 {
		return 0, false
	}
	cost := uint8(0)
	for p := share / 100; p < 1 && cost < 60; p *= 1.189207115 { // the fourth root of two
		cost++
	}
	for _, surname := range f[1:] {
		rs := []rune(surname)
		c := n.char(rs[0])
		switch {
		case c == nil || len(rs) > maxWord:
			return 0, false
		case len(rs) == 1:
			c.surname = cost
		default:
			key, ok := wordKey(surname)
			if !ok {
				return 0, false
			}
			n.compound[key] = cost
			c.flags |= opensCompound
		}
		entries++
	}
	return entries, true
}

// readGiven reads three costs and the characters that have them.
func (n *names) readGiven(line string) (entries int, ok bool) {
	f := strings.Fields(line)
	if len(f) != 4 {
		return 0, false
	}
	var cost [3]uint8
	for i := range cost {
		v, err := strconv.ParseUint(f[i], 10, 8)
		if err != nil || v == 0 {
			return 0, false
		}
		cost[i] = uint8(v)
	}
	for _, r := range f[3] {
		c := n.char(r)
		if c == nil {
			return 0, false
		}
		c.first, c.last, c.alone = cost[0], cost[1], cost[2]
		entries++
	}
	return entries, true
}

// readWords reads a cost in halves of a bit and the words that have it.
func (n *names) readWords(line string) (entries int, ok bool) {
	number, list, _ := strings.Cut(line, " ")
	half, err := strconv.ParseUint(number, 10, 8)
	if err != nil || half > 100 {
		return 0, false
	}
	cost := uint8(2 * half)
	for text := range strings.FieldsSeq(list) {
		key, ok := wordKey(text)
		if !ok {
			return 0, false
		}
		if key < 1<<16 {
			n.char(rune(key)).word = cost
		} else {
			n.words.add(key, cost)
		}
		entries++
	}
	return entries, true
}
