// Package yamlfile reads the small YAML files of an office by hand: rules of the gate,
// allow-lists, deadlines, holiday notices. Whoever reads one walks through its keys, so
// that every key is one that is known, and every error names its line, says what to do,
// and shows no value, since a value may be a name.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/huiyin/huiyin/generator/fault"
)

// Node is a value of the file: a scalar, a list or a map.
type Node = ast.Node

// Reader reads one file.
type Reader struct {
	Name string // what the file is, for messages
	Hint string // what to do about any mistake; "": each has a hint of its own
}

// Field is one key of a map with its value, or one item of a list without a key.
type Field struct {
	Key   string
	Line  int // from 1
	Value Node
}

// ErrorAt returns an error about a line of the file. The hint of the reader, where it
// has one, stands in the place of hint.
func (r Reader) ErrorAt(line int, hint, format string, args ...any) error {
	if r.Hint != "" {
		hint = r.Hint
	}
	return fault.New(fmt.Sprintf("%s, line %d: %s", r.Name, line, fmt.Sprintf(format, args...)), hint)
}

// Document returns the one document of the file; nil where the file is empty. The mark
// that some editors put before UTF-8 is no part of it.
func (r Reader) Document(text []byte) (Node, error) {
	file, err := parser.ParseBytes(bytes.TrimPrefix(text, []byte("\ufeff")), 0)
	if err != nil {
		hint := "correct the line; keys and values are separated by a colon and a blank, items of a list begin with a hyphen"
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
			return nil, r.ErrorAt(at.GetToken().Position.Line, hint, "this is no YAML: %s", at.GetMessage())
		}
		if r.Hint != "" {
			hint = r.Hint
		}
		return nil, fault.Wrap(err, r.Name+" is no YAML", hint)
	}
	var body Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.CommentType:
		case body != nil:
			return nil, r.ErrorAt(Line(doc.Body), "remove it, or make it a file of its own", "a second document begins here")
		default:
			body = doc.Body
		}
	}
	return body, nil
}

// Fields returns the keys of a map in their order, each of which stands there once. what
// is the map in messages, such as "a rule".
func (r Reader) Fields(what string, n Node) (list []Field, err error) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		return nil, r.ErrorAt(Line(n), "write keys, each with a colon and its value", "%s wants keys with values here", what)
	}
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		key, ok := Scalar(v.Key)
		line := Line(v.Key)
		switch {
		case !ok:
			return nil, r.ErrorAt(line, "write a word before the colon", "a word is wanted as a key")
		case seen[key]:
			return nil, r.ErrorAt(line, "remove one of the two", "this key stands twice")
		}
		seen[key] = true
		list = append(list, Field{key, line, v.Value})
	}
	return list, nil
}

// Items returns the items of a list, each with its line; none for an empty one.
func (r Reader) Items(f Field) (list []Field, err error) {
	switch n := f.Value.(type) {
	case *ast.NullNode:
		return nil, nil
	case *ast.SequenceNode:
		for _, v := range n.Values {
			list = append(list, Field{Line: Line(v), Value: v})
		}
		return list, nil
	}
	return nil, r.ErrorAt(f.Line, "begin each item with a hyphen", "%s wants a list, each item behind a hyphen", f.Key)
}

// Text reads a scalar that is not empty.
func (r Reader) Text(f Field) (string, error) {
	s, ok := Scalar(f.Value)
	if !ok || s == "" {
		return "", r.ErrorAt(f.Line, "write the text behind the colon, in quotation marks if it holds a colon", "%s wants a text", f.Key)
	}
	return s, nil
}

// Number reads a whole number from low to high.
func (r Reader) Number(f Field, low, high int64) (int64, error) {
	s, _ := Scalar(f.Value)
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < low || n > high {
		return 0, r.ErrorAt(f.Line, "correct the number", "%s wants a whole number from %d to %d", f.Key, low, high)
	}
	return n, nil
}

// Flag reads true or false.
func (r Reader) Flag(f Field) (bool, error) {
	switch s, _ := Scalar(f.Value); s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, r.ErrorAt(f.Line, "write one of the two", "%s wants true or false", f.Key)
}

// Empty reports whether nothing stands behind the key.
func (f Field) Empty() bool { return f.Value == nil || f.Value.Type() == ast.NullType }

// Scalar returns a scalar as it was written. Anchors, aliases, tags and merged keys are
// none: a file says what it says at the place.
func Scalar(n Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// Line returns the line of a node, from 1.
func Line(n Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1
	}
	return n.GetToken().Position.Line
}
