package source

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// NodeKind is the kind of a JSON value.
type NodeKind int8

// The kinds of JSON value.
const (
	Null NodeKind = iota
	Bool
	Number
	String
	Array
	Object
)

// Node is a JSON value. Numbers keep the digits in which they were written, so
// that a number of eighteen digits stays a number of eighteen digits.
type Node struct {
	Kind  NodeKind
	Text  string   // of a string, number or bool
	Names []string // of an object, in step with Items
	Items []Node   // of an object or array
}

// maxDepth bounds the nesting of a JSON value.
const maxDepth = 100

var errJSON = errors.New("broken JSON")

// ParseJSON reads one JSON value. It is strict where a value would become
// doubtful: a name that stands twice in an object, broken UTF-8, nesting beyond
// 100 levels and anything behind the value are errors. It forgives what real
// servers send and cannot be misread: numbers with leading zeros, and NaN,
// which is null. An error gives the offset and nothing of the text.
func ParseJSON(text []byte) (Node, error) {
	p := jsonParser{s: string(text)}
	p.space()
	n, err := p.value(0)
	if err == nil {
		p.space()
		if p.i < len(p.s) {
			err = errors.New("something follows the value")
		}
	}
	if err != nil {
		return Node{}, fmt.Errorf("%w at byte %d: %w", errJSON, p.i, err)
	}
	return n, nil
}

type jsonParser struct {
	s string
	i int
}

func (p *jsonParser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\r', '\n':
			p.i++
		default:
			return
		}
	}
}

func (p *jsonParser) value(depth int) (Node, error) {
	if p.i >= len(p.s) {
		return Node{}, errors.New("it ends too early")
	}
	if depth > maxDepth {
		return Node{}, errors.New("too deep")
	}
	switch b := p.s[p.i]; {
	case b == '"':
		s, err := p.str()
		return Node{Kind: String, Text: s}, err
	case b == '{':
		return p.object(depth)
	case b == '[':
		return p.array(depth)
	case b == '-' || b >= '0' && b <= '9':
		return p.number()
	}
	for _, w := range []struct {
		text string
		node Node
	}{{"true", Node{Kind: Bool, Text: "true"}}, {"false", Node{Kind: Bool, Text: "false"}}, {"null", Node{}}, {"NaN", Node{}}} {
		if strings.HasPrefix(p.s[p.i:], w.text) {
			p.i += len(w.text)
			return w.node, nil
		}
	}
	return Node{}, errors.New("no value here")
}

func (p *jsonParser) number() (Node, error) {
	from := p.i
	if p.s[p.i] == '-' {
		p.i++
	}
	digits := func() bool {
		at := p.i
		for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' {
			p.i++
		}
		return p.i > at
	}
	ok := digits()
	if ok && p.i < len(p.s) && p.s[p.i] == '.' {
		p.i++
		ok = digits()
	}
	if ok && p.i < len(p.s) && p.s[p.i]|0x20 == 'e' {
		p.i++
		if p.i < len(p.s) && (p.s[p.i] == '+' || p.s[p.i] == '-') {
			p.i++
		}
		ok = digits()
	}
	if !ok {
		return Node{}, errors.New("a broken number")
	}
	return Node{Kind: Number, Text: p.s[from:p.i]}, nil
}

func (p *jsonParser) array(depth int) (Node, error) {
	n := Node{Kind: Array}
	p.i++
	p.space()
	if p.i < len(p.s) && p.s[p.i] == ']' {
		p.i++
		return n, nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return Node{}, err
		}
		n.Items = append(n.Items, v)
		if done, err := p.next(']'); done || err != nil {
			return n, err
		}
	}
}

func (p *jsonParser) object(depth int) (Node, error) {
	n := Node{Kind: Object}
	p.i++
	p.space()
	if p.i < len(p.s) && p.s[p.i] == '}' {
		p.i++
		return n, nil
	}
	var seen map[string]bool
	for {
		if p.i >= len(p.s) || p.s[p.i] != '"' {
			return Node{}, errors.New("a name is wanted here")
		}
		name, err := p.str()
		if err != nil {
			return Node{}, err
		}
		if seen == nil && len(n.Names) >= 16 {
			seen = make(map[string]bool, 32)
			for _, old := range n.Names {
				seen[old] = true
			}
		}
		if seen[name] || seen == nil && contains(n.Names, name) {
			return Node{}, errors.New("a name stands twice in an object")
		}
		if seen != nil {
			seen[name] = true
		}
		p.space()
		if p.i >= len(p.s) || p.s[p.i] != ':' {
			return Node{}, errors.New("a colon is wanted here")
		}
		p.i++
		p.space()
		v, err := p.value(depth + 1)
		if err != nil {
			return Node{}, err
		}
		n.Names, n.Items = append(n.Names, name), append(n.Items, v)
		if done, err := p.next('}'); done || err != nil {
			return n, err
		}
	}
}

// next reads what stands between two items: a comma, or the end.
func (p *jsonParser) next(end byte) (done bool, err error) {
	p.space()
	if p.i >= len(p.s) {
		return false, errors.New("it ends too early")
	}
	switch p.s[p.i] {
	case end:
		p.i++
		return true, nil
	case ',':
		p.i++
		p.space()
		return false, nil
	}
	return false, errors.New("a comma is wanted here")
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// str reads a string. Without escapes it is a part of the text and costs
// nothing.
func (p *jsonParser) str() (string, error) {
	p.i++
	from := p.i
	for p.i < len(p.s) {
		switch b := p.s[p.i]; {
		case b == '"':
			s := p.s[from:p.i]
			p.i++
			if !utf8.ValidString(s) {
				return "", errors.New("bytes that belong to no character")
			}
			return s, nil
		case b == '\\':
			return p.escaped(from)
		case b < ' ' && b != '\t' && b != '\n' && b != '\r':
			return "", errors.New("a control character in a string")
		}
		p.i++
	}
	return "", errors.New("it ends too early")
}

// escaped reads the rest of a string that has escapes.
func (p *jsonParser) escaped(from int) (string, error) {
	b := append(make([]byte, 0, 2*(p.i-from)+32), p.s[from:p.i]...)
	for p.i < len(p.s) {
		c := p.s[p.i]
		p.i++
		switch {
		case c == '"':
			if !utf8.Valid(b) {
				return "", errors.New("bytes that belong to no character")
			}
			return string(b), nil
		case c < ' ' && c != '\t' && c != '\n' && c != '\r':
			return "", errors.New("a control character in a string")
		case c != '\\':
			b = append(b, c)
			continue
		}
		if p.i >= len(p.s) {
			break
		}
		e := p.s[p.i]
		p.i++
		switch e {
		case '"', '\\', '/':
			b = append(b, e)
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r, ok := p.hex4()
			if !ok {
				return "", errors.New("a broken escape")
			}
			if utf16.IsSurrogate(r) {
				low := rune(-1)
				if strings.HasPrefix(p.s[p.i:], `\u`) {
					at := p.i
					p.i += 2
					if low, ok = p.hex4(); !ok {
						return "", errors.New("a broken escape")
					}
					if utf16.DecodeRune(r, low) == utf8.RuneError {
						p.i = at
					}
				}
				r = utf16.DecodeRune(r, low) // U+FFFD for half a pair
			}
			b = utf8.AppendRune(b, r)
		default:
			return "", errors.New("a broken escape")
		}
	}
	return "", errors.New("it ends too early")
}

func (p *jsonParser) hex4() (rune, bool) {
	if p.i+4 > len(p.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[p.i:p.i+4], 16, 32)
	if err != nil {
		return 0, false
	}
	p.i += 4
	return rune(n), true
}

// Member returns the member of an object with the given name.
func (n *Node) Member(name string) (*Node, bool) {
	for i, m := range n.Names {
		if m == name {
			return &n.Items[i], true
		}
	}
	return nil, false
}

// texts hands every name and text of a value to yield.
func (n *Node) texts(yield func(string)) {
	yield(string(rune('0' + n.Kind)))
	yield(n.Text)
	for i := range n.Items {
		if n.Kind == Object {
			yield(n.Names[i])
		}
		n.Items[i].texts(yield)
	}
}

// Path is a way into a JSON value, such as "data.list.*" or "replies.-1.text".
// The zero Path leads to the value itself.
type Path []Step

// Step is one step of a [Path].
type Step struct {
	Name  string // of a member; also the digits of an index
	All   bool   // every item
	Index int    // of an item, from the end when negative; valid when IsIndex
	Num   bool   // whether Name is an index too
}

// ParsePath reads a path. Names are separated by full stops; a name that holds
// one is put in double quotation marks. "*" is every item of an array or
// object, a number an item of an array. A path may begin with "$".
func ParsePath(s string) (Path, error) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "$"), ".")
	if s == "" {
		return nil, nil
	}
	var p Path
	for {
		var name string
		quoted := false
		if rest, ok := strings.CutPrefix(s, `"`); ok {
			end := strings.IndexByte(rest, '"')
			if end < 0 {
				return nil, fmt.Errorf("the path has a quotation mark that is not closed")
			}
			name, s, quoted = rest[:end], rest[end+1:], true
			if s != "" && s[0] != '.' {
				return nil, fmt.Errorf("a full stop is wanted behind a name in quotation marks")
			}
		} else if end := strings.IndexByte(s, '.'); end >= 0 {
			name, s = s[:end], s[end:]
		} else {
			name, s = s, ""
		}
		if name == "" && !quoted {
			return nil, fmt.Errorf("the path has an empty name")
		}
		st := Step{Name: name}
		if !quoted {
			st.All = name == "*"
			if n, err := strconv.Atoi(name); err == nil {
				st.Index, st.Num = n, true
			}
		}
		p = append(p, st)
		if s == "" {
			return p, nil
		}
		s = s[1:]
		if s == "" {
			return nil, fmt.Errorf("the path ends with a full stop")
		}
	}
}

// find calls yield for every value that p leads to from n, and reports whether
// there is one.
func (p Path) find(n *Node, yield func(*Node)) bool {
	for i, st := range p {
		if st.All {
			found := false
			for j := range n.Items {
				if p[i+1:].find(&n.Items[j], yield) {
					found = true
				}
			}
			return found
		}
		next, ok := st.from(n)
		if !ok {
			return false
		}
		n = next
	}
	yield(n)
	return true
}

// from takes one step. An array of one object stands for the object, as some
// servers wrap it.
func (st Step) from(n *Node) (*Node, bool) {
	switch n.Kind {
	case Object:
		return n.Member(st.Name)
	case Array:
		if st.Num {
			i := st.Index
			if i < 0 {
				i += len(n.Items)
			}
			if i >= 0 && i < len(n.Items) {
				return &n.Items[i], true
			}
			return nil, false
		}
		if len(n.Items) == 1 && n.Items[0].Kind == Object {
			return n.Items[0].Member(st.Name)
		}
	}
	return nil, false
}

// Item is a row of a JSON document: a value, the name under which it stands in
// an object, and the values around it, the nearest first.
type Item struct {
	Node *Node
	Name string
	Up   []*Node
}

// Walk calls yield for every row that p leads to from it. An array at the end
// of p stands for its items. It stops at the first error.
func (p Path) Walk(it Item, yield func(Item) error) error {
	if len(p) == 0 {
		if it.Node.Kind != Array {
			return yield(it)
		}
		for j := range it.Node.Items {
			if err := yield(Item{Node: &it.Node.Items[j], Up: it.Up}); err != nil {
				return err
			}
		}
		return nil
	}
	if p[0].All { // the list itself has nothing to say and is not among Up
		for j := range it.Node.Items {
			in := Item{Node: &it.Node.Items[j], Up: it.Up}
			if it.Node.Kind == Object {
				in.Name = it.Node.Names[j]
			}
			if len(p) == 1 {
				if err := yield(in); err != nil {
					return err
				}
			} else if err := p[1:].Walk(in, yield); err != nil {
				return err
			}
		}
		return nil
	}
	next, ok := p[0].from(it.Node)
	if !ok {
		return nil
	}
	return p[1:].Walk(Item{Node: next, Up: append([]*Node{it.Node}, it.Up...)}, yield)
}
