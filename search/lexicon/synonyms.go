package lexicon

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

//go:embed synonyms.txt
var synonymList string

// maxNameRunes is the number of characters of the longest name.
const maxNameRunes = 60

// Group is names of one thing, at least two, the most usual ones first.
type Group []string

// DefaultSynonyms returns the names of offices that are common everywhere.
func DefaultSynonyms() []Group {
	groups, err := ParseSynonyms(strings.NewReader(synonymList))
	if err != nil {
		// The file is part of the program, and a test reads it.
		panic("lexicon: synonyms.txt: " + err.Error())
	}
	return groups
}

// ParseSynonyms reads groups of names, one a line, the names parted by "=", also
// full-width:
//
//	# comments stand on lines of their own
//	住建局 = 住房和城乡建设局
//
// Names are compared as search compares them; none may stand twice in a file. An
// error of the text begins with the number of its line and says what to do.
func ParseSynonyms(r io.Reader) ([]Group, error) {
	var groups []Group
	at := map[string]int{} // line of each name
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, end := lines.ReadString('\n')
		if end != nil && end != io.EOF {
			return nil, end
		}
		if end == io.EOF && line == "" {
			return groups, nil
		}
		if n == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		group, err := parseGroup(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		for _, name := range group {
			key := search.Fold(name)
			if m, twice := at[key]; twice {
				if m == n {
					return nil, fmt.Errorf("line %d: %q stands twice; leave it out once", n, name)
				}
				return nil, fmt.Errorf("line %d: %q stands in line %d already; make one line of both, or leave it out of one", n, name, m)
			}
			at[key] = n
		}
		groups = append(groups, group)
	}
}

// parseGroup reads the names of a line.
func parseGroup(line string) (Group, error) {
	if !utf8.ValidString(line) {
		return nil, errors.New("not UTF-8; save the file as UTF-8")
	}
	var group Group
	for name := range strings.SplitSeq(strings.ReplaceAll(line, "＝", "="), "=") {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
			return nil, errors.New("a name is missing beside =; write it, or take the = away")
		case strings.IndexFunc(name, unicode.IsControl) >= 0 || strings.ContainsAny(name, "#\ufeff\u2028\u2029"):
			return nil, errors.New("a name holds # or a character that cannot be seen; comments go on lines of their own")
		case utf8.RuneCountInString(name) > maxNameRunes:
			return nil, fmt.Errorf("a name is longer than %d characters; shorten it", maxNameRunes)
		case !searchable(name):
			return nil, fmt.Errorf("%q cannot be searched for as it stands; write letters, without quotation marks, colons and minus signs", name)
		}
		group = append(group, name)
	}
	if len(group) < 2 {
		return nil, errors.New("only one name; write what else it is called after =")
	}
	return group, nil
}

// searchable reports whether a query of the name is one term, the name.
func searchable(name string) bool {
	q := name
	if strings.ContainsFunc(name, unicode.IsSpace) {
		q = `"` + name + `"`
	}
	p, err := search.Parse(q, nil)
	return err == nil && len(p.Terms) == 1 && p.Terms[0].Text == name && len(p.Filters)+len(p.Fields) == 0 &&
		strings.ContainsFunc(name, unicode.IsLetter)
}

// Synonyms gives other names. It never changes, so it is safe for concurrent use.
// See [NewSynonyms].
type Synonyms struct {
	groups []Group
	names  map[string]*named // by the folded name
	most   int               // units of the longest name
}

// named is what is known of a name.
type named struct {
	group int
	units []search.Unit
}

var _ search.Synonymer = (*Synonyms)(nil)

// NewSynonyms joins groups that share a name, compared as search compares them,
// and keeps the order of groups and names, so that defaults and what an office
// adds become one. The groups are as [ParseSynonyms] returns them and stay the
// caller's.
func NewSynonyms(groups []Group) *Synonyms {
	s := &Synonyms{names: map[string]*named{}}
	var joined []Group
	for _, group := range groups {
		into := len(joined)
		for _, name := range group {
			if n := s.names[search.Fold(name)]; n != nil {
				into = min(into, n.group)
			}
		}
		if into == len(joined) {
			joined = append(joined, nil)
		}
		for _, name := range group {
			n := s.names[search.Fold(name)]
			switch {
			case n == nil:
				units := search.Units(name)
				s.names[search.Fold(name)] = &named{into, units}
				s.most = max(s.most, len(units))
				joined[into] = append(joined[into], name)
			case n.group != into:
				from := n.group
				for _, moved := range joined[from] {
					s.names[search.Fold(moved)].group = into
				}
				joined[into] = append(joined[into], joined[from]...)
				joined[from] = nil
			}
		}
	}
	// What was joined into another leaves no gap.
	at := make([]int, len(joined))
	for i, group := range joined {
		at[i] = len(s.groups)
		if group != nil {
			s.groups = append(s.groups, group)
		}
	}
	for _, n := range s.names {
		n.group = at[n.group]
	}
	return s
}

// Expand implements [search.Synonymer]. A name gives the others of its group, in
// their order. A word that holds a name gives itself with each of the others in
// its place, so 市住建局 gives 市住房和城乡建设局; of several names in it the
// longest one counts, of those the first. What would hold the word itself is left
// out, since whoever finds it has found the word.
func (s *Synonyms) Expand(word string) []string {
	units := search.Units(word)
	if len(units) > 4*maxNameRunes {
		return nil
	}
	n, from, to := s.find(units)
	if n == nil {
		return nil
	}
	own := search.Fold(word[units[from].Start:units[to-1].End])
	var others []string
	for _, name := range s.groups[n.group] {
		if search.Fold(name) == own {
			continue
		}
		other := word[:units[from].Start] + name + word[units[to-1].End:]
		if !holds(other, units) {
			others = append(others, other)
		}
	}
	return others
}

// holds reports whether units stand in a text.
func holds(text string, units []search.Unit) bool {
	for range search.MatchUnits(search.Units(text), units) {
		return true
	}
	return false
}

// find returns the longest name that stands in units, and where.
func (s *Synonyms) find(units []search.Unit) (n *named, from, to int) {
	for size := min(s.most, len(units)); size > 0; size-- {
		for from := 0; from+size <= len(units); from++ {
			if n := s.names[join(units[from:from+size])]; n != nil {
				return n, from, from + size
			}
		}
	}
	return nil, 0, 0
}

// join returns units as Fold does for a text of its own.
func join(units []search.Unit) string {
	var b strings.Builder
	for i, u := range units {
		if u.After && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(u.Text)
	}
	return b.String()
}

// String returns the groups as [ParseSynonyms] reads them.
func (s *Synonyms) String() string {
	var b strings.Builder
	for _, group := range s.groups {
		b.WriteString(strings.Join(group, " = "))
		b.WriteByte('\n')
	}
	return b.String()
}
