package deadline

import (
	"errors"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// The limits of what is read. A notice of a year has about ten lines, and a
// period of 1,000 days is longer than any that an office has to keep.
const (
	MaxFile = 32 << 10 // bytes of one file: some 250 rules
	MaxDays = 1000     // days of a period, and of its extension
	MaxText = 200      // characters of a source, a basis or the name of a holiday
)

// File is a file as it was read by the caller.
type File struct {
	Name string // for messages
	Text []byte
}

// reader reads a YAML file by hand: every key is one that is known, and every
// error names its line and says what to do.
type reader struct{ name string }

// errorAt returns an error about a line of the file.
func (r reader) errorAt(line int, hint, format string, args ...any) error {
	return fault.New(fmt.Sprintf("%s, line %d: %s", r.name, line, fmt.Sprintf(format, args...)), hint)
}

// document returns the one document of the file.
func (r reader) document(text []byte) (ast.Node, error) {
	switch {
	case len(text) > MaxFile:
		return nil, fault.New(fmt.Sprintf("%s has %d bytes, more than %d", r.name, len(text), MaxFile), "give the file that was meant; such a file has a few lines")
	case !utf8.Valid(text):
		return nil, fault.New(r.name+" is not UTF-8", "save the file as UTF-8")
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		const hint = "correct the line; keys and values are separated by a colon and a blank, items of a list begin with a hyphen"
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
			return nil, r.errorAt(at.GetToken().Position.Line, hint, "this is no YAML: %s", at.GetMessage())
		}
		return nil, fault.Wrap(err, r.name+" is no YAML", hint)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.CommentType:
		case body != nil:
			return nil, r.errorAt(lineOf(doc.Body), "remove it, or make it a file of its own", "a second document begins here")
		default:
			body = doc.Body
		}
	}
	if body == nil {
		return nil, fault.New(r.name+" is empty", "write the file anew, or take it out of the configuration")
	}
	return body, nil
}

// field is one key of a map with its value, or one item of a list without a key.
type field struct {
	key   string
	line  int
	value ast.Node
}

// fields returns the keys of a map in their order. what is the map in messages.
func (r reader) fields(what string, n ast.Node, known ...string) (map[string]field, error) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		return nil, r.errorAt(lineOf(n), "write "+list(known)+", each with a colon and its value", "%s wants keys with values here", what)
	}
	all := make(map[string]field, len(values))
	for _, v := range values {
		key, ok := scalarOf(v.Key)
		line := lineOf(v.Key)
		if _, twice := all[key]; twice {
			return nil, r.errorAt(line, "remove one of the two", "this key stands twice")
		}
		if !ok || !contains(known, key) {
			return nil, r.errorAt(line, "the keys are "+list(known), "%s has no such key", what)
		}
		all[key] = field{key, line, v.Value}
	}
	return all, nil
}

// wanted returns an error about the first of the keys that is not there.
func (r reader) wanted(what string, line int, all map[string]field, keys ...string) error {
	for _, key := range keys {
		if _, ok := all[key]; !ok {
			return r.errorAt(line, "add the key "+key, "%s has no %s", what, key)
		}
	}
	return nil
}

// items returns the items of a list; none for an empty one.
func (r reader) items(f field) (list []field, err error) {
	switch n := f.value.(type) {
	case *ast.NullNode:
		return nil, nil
	case *ast.SequenceNode:
		for _, v := range n.Values {
			list = append(list, field{line: lineOf(v), value: v})
		}
		return list, nil
	}
	return nil, r.errorAt(f.line, "begin each item with a hyphen", "%s wants a list", f.key)
}

// text reads a text for the public: one line of ordinary characters.
func (r reader) text(f field) (string, error) {
	s, ok := scalarOf(f.value)
	if !ok || s == "" {
		return "", r.errorAt(f.line, "write the text behind the colon, in quotation marks if it holds a colon", "%s wants a text", f.key)
	}
	if n := utf8.RuneCountInString(s); n > MaxText {
		return "", r.errorAt(f.line, "shorten it; it stands in one sentence of a page", "%s has %d characters, more than %d", f.key, n, MaxText)
	}
	for _, c := range s {
		if !unicode.IsGraphic(c) {
			return "", r.errorAt(f.line, "type the text anew", "%s has a character that cannot be shown", f.key)
		}
	}
	return s, nil
}

// number reads a whole number from low to high.
func (r reader) number(f field, low, high int) (int, error) {
	s, _ := scalarOf(f.value)
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		return 0, r.errorAt(f.line, "correct the number", "%s wants a whole number from %d to %d", f.key, low, high)
	}
	return n, nil
}

// flag reads true or false.
func (r reader) flag(f field) (bool, error) {
	switch s, _ := scalarOf(f.value); s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, r.errorAt(f.line, "write one of the two", "%s wants true or false", f.key)
}

// day reads a day.
func (r reader) day(f field) (record.Day, error) {
	s, _ := scalarOf(f.value)
	d, err := record.ParseDay(s)
	if err != nil || !d.Known() {
		return 0, r.errorAt(f.line, "write the day with four, two and two digits, and check that the month has such a day", "%s wants a day like 2026-02-15", f.key)
	}
	return d, nil
}

// scalarOf returns a scalar as it was written. Anchors, aliases and tags are
// none: a file says what it says at the place.
func scalarOf(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// lineOf returns the line of a node, from 1.
func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1
	}
	return n.GetToken().Position.Line
}
