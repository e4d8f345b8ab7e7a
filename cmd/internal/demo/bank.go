package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// The bank holds the sentences of which messages and replies are made, as text
// that can be read and mended without knowing Go.
//
// A line "# id|name|English" opens a topic of the first level, "## id|name|
// English|role|weight|kinds" one of the second. Each further line is a clause:
// a letter for its place (T title, W what is wrong, E effect, A what is asked
// for, F what was found, D what was done, R result), the digits of the
// scenarios to which it belongs (none: all), a space, and the clause with its
// slots in braces.
//
//go:embed bank/*.txt
var bankFiles embed.FS

// topic is a subject of messages.
type topic struct {
	id, name, en, parent string
	role                 string // "local:urban", "city:police", "utility:bus" or "street": who handles it
	weight               int
	others               []weighted // the kinds that a scenario may be that is neither question nor suggestion
	scenarios            []int
	kindOf               [10]string // what a scenario is by its titles, or "" when it may be anything else
	clauses              map[byte][]clause
}

// weighted is a word with the number of times in which it is to be drawn.
type weighted struct {
	word   string
	weight int
}

// clause is one sentence of the bank. A scenario keeps question and reply to
// the same matter.
type clause struct {
	text      string
	scenarios string // digits; "" is any
}

// bank is everything that texts are composed of.
type bank struct {
	roots  []topic
	topics []topic
	common map[byte][]clause
}

func loadBank() (*bank, error) {
	b := &bank{}
	names, err := fs.Glob(bankFiles, "bank/*.txt") // sorted
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := bankFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if name == "bank/common.txt" {
			b.common = map[byte][]clause{}
			err = readClauses(string(text), b.common)
		} else {
			err = b.read(string(text))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return b, nil
}

// read reads one root topic with its topics.
func (b *bank) read(text string) error {
	head, rest, _ := strings.Cut(text, "\n")
	f := strings.Split(strings.TrimPrefix(head, "# "), "|")
	if len(f) != 3 {
		return fmt.Errorf("the first line does not name a topic")
	}
	root := topic{id: f[0], name: f[1], en: f[2]}
	b.roots = append(b.roots, root)
	for section := range strings.SplitSeq(strings.TrimPrefix(strings.TrimSpace(rest), "## "), "\n## ") {
		head, lines, _ := strings.Cut(section, "\n")
		f := strings.Split(head, "|")
		if len(f) != 6 {
			return fmt.Errorf("topic %q: six parts are wanted", head)
		}
		t := topic{id: f[0], name: f[1], en: f[2], parent: root.id, role: f[3], clauses: map[byte][]clause{}}
		var err error
		if t.weight, err = strconv.Atoi(f[4]); err != nil {
			return fmt.Errorf("topic %s: %w", t.id, err)
		}
		for kind := range strings.FieldsSeq(f[5]) {
			word, n, _ := strings.Cut(kind, ":")
			w, err := strconv.Atoi(n)
			if err != nil {
				return fmt.Errorf("topic %s: %w", t.id, err)
			}
			if word != "consult" && word != "suggest" {
				t.others = append(t.others, weighted{word, w})
			}
		}
		if err := readClauses(lines, t.clauses); err != nil {
			return fmt.Errorf("topic %s: %w", t.id, err)
		}
		for s := 1; s <= 9; s++ {
			if slices.ContainsFunc(t.clauses['W'], func(c clause) bool { return strings.Contains(c.scenarios, strconv.Itoa(s)) }) {
				t.scenarios = append(t.scenarios, s)
				t.kindOf[s] = kindOf(t.clauses['T'], s)
			}
		}
		b.topics = append(b.topics, t)
	}
	return nil
}

// kindOf tells from the titles of a scenario whether it is a suggestion or a
// question, so that a message is not called a complaint that asks for advice.
func kindOf(titles []clause, s int) string {
	for _, t := range titles {
		switch {
		case !strings.Contains(t.scenarios, strconv.Itoa(s)):
		case strings.HasPrefix(t.text, "建议"):
			return "suggest"
		case strings.HasPrefix(t.text, "咨询"), strings.Contains(t.text, "如何"), strings.Contains(t.text, "何时"),
			strings.Contains(t.text, "哪些"), strings.Contains(t.text, "是否"), strings.Contains(t.text, "咨询"):
			return "consult"
		}
	}
	return ""
}

func readClauses(text string, into map[byte][]clause) error {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		tag, words, ok := strings.Cut(line, " ")
		if !ok || tag == "" || words == "" {
			return fmt.Errorf("no clause: %q", line)
		}
		into[tag[0]] = append(into[tag[0]], clause{words, tag[1:]})
	}
	return nil
}

// pick draws a clause of a place that belongs to scenario s, or "" when there
// is none.
func pick(r *rand.Rand, from []clause, s int) string {
	digit := strconv.Itoa(s)
	fits := 0
	for _, c := range from {
		if c.scenarios == "" || strings.Contains(c.scenarios, digit) {
			fits++
		}
	}
	if fits == 0 {
		return ""
	}
	n := r.IntN(fits)
	for _, c := range from {
		if c.scenarios == "" || strings.Contains(c.scenarios, digit) {
			if n == 0 {
				return c.text
			}
			n--
		}
	}
	return ""
}

func draw(r *rand.Rand, from []weighted) string {
	total := 0
	for _, w := range from {
		total += w.weight
	}
	n := r.IntN(total)
	for _, w := range from {
		if n < w.weight {
			return w.word
		}
		n -= w.weight
	}
	return ""
}
