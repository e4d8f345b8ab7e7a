package gate

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/huiyin/huiyin/generator/fault"
)

// reader reads a YAML file of the gate, by hand: every key is one that is known,
// and every error names its line and no value, since a value may be a name.
type reader struct {
	what string // what the file is, for messages
	hint string
}

// errorAt returns an error about a line of the file.
func (r reader) errorAt(line int, format string, args ...any) error {
	return fault.New(fmt.Sprintf("%s, line %d: %s", r.what, line, fmt.Sprintf(format, args...)), r.hint)
}

// parse returns the one document of the file; nil where the file is empty.
func (r reader) parse(text []byte) (ast.Node, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil {
			return nil, r.errorAt(at.GetToken().Position.Line, "this is no YAML: %s", at.GetMessage())
		}
		return nil, fault.Wrap(err, r.what+" is no YAML", r.hint)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.CommentType:
		case body != nil:
			return nil, r.errorAt(lineOf(doc.Body), "a second document begins here")
		default:
			body = doc.Body
		}
	}
	return body, nil
}

// field is one key of a map with its value.
type field struct {
	key   string
	line  int
	value ast.Node
}

// fields returns the keys of a map in their order.
func (r reader) fields(n ast.Node) (list []field, err error) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		return nil, r.errorAt(lineOf(n), "keys with values are wanted here")
	}
	seen := map[string]bool{}
	for _, v := range values {
		key, ok := scalarOf(v.Key)
		line := lineOf(v.Key)
		switch {
		case !ok:
			return nil, r.errorAt(line, "a word is wanted as a key")
		case seen[key]:
			return nil, r.errorAt(line, "this key stands twice")
		}
		seen[key] = true
		list = append(list, field{key, line, v.Value})
	}
	return list, nil
}

// text reads a scalar that is not empty.
func (r reader) text(f field) (string, error) {
	s, ok := scalarOf(f.value)
	if !ok || s == "" {
		return "", r.errorAt(f.line, "%s wants a word", f.key)
	}
	return s, nil
}

// number reads a whole number.
func (r reader) number(f field) (int64, error) {
	s, _ := scalarOf(f.value)
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, r.errorAt(f.line, "%s wants a whole number", f.key)
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
	return false, r.errorAt(f.line, "%s wants true or false", f.key)
}

// scalarOf returns a scalar as it was written. Anchors, aliases and merged keys
// are none: a file of rules says what it says at the place.
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

// items returns the items of a list, each with its line; none for an empty one.
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
	return nil, r.errorAt(f.line, "%s wants a list, each item behind a hyphen", f.key)
}
