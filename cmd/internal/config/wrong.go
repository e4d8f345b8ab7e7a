package config

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// wrongKind says which setting of text has a value of another kind than it must have,
// and what it must have. ok is false where err is of another sort.
func wrongKind(text []byte, err error) (msg, hint string, ok bool) {
	var at *token.Token
	var node *yaml.UnexpectedNodeTypeError
	var value *yaml.TypeError
	switch {
	case errors.As(err, &node):
		at = node.Token
		switch node.Expected {
		case ast.SequenceType:
			msg, hint = "wants a list", "write one in brackets, also of one value: [one] or [one, another]"
		case ast.MappingType:
			msg, hint = "wants settings of its own", "write them below it, each as NAME: VALUE"
		}
	case errors.As(err, &value):
		at = value.Token
		switch value.DstType.Kind() {
		case reflect.Bool:
			msg, hint = "wants true or false", "write true or false, without quotation marks"
		case reflect.Int:
			msg, hint = "wants a whole number", "write it in digits, without quotation marks and unit"
		}
	}
	if at == nil || at.Position == nil || msg == "" {
		return "", "", false
	}
	key := keyAt(text, at)
	if key == "" {
		return "", "", false
	}
	return "line " + strconv.Itoa(at.Position.Line) + ": " + key + " " + msg, hint, true
}

// keyAt returns the setting whose value begins at a token, such as gate.lines.u-1, or ""
// where there is none.
func keyAt(text []byte, at *token.Token) string {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return ""
	}
	f := &finder{at: at.Position.Offset}
	for _, doc := range file.Docs {
		ast.Walk(f, doc.Body)
	}
	return strings.TrimPrefix(f.path, "$.")
}

// finder looks for the value at a place of the text.
type finder struct {
	at   int
	path string
}

// Visit looks at one node.
func (f *finder) Visit(n ast.Node) ast.Visitor {
	if pair, ok := n.(*ast.MappingValueNode); ok && pair.Value != nil {
		if begin := first(pair.Value); begin != nil && begin.Position != nil && begin.Position.Offset == f.at {
			f.path = pair.GetPath() // of the innermost, which comes last
		}
	}
	return f
}

// first returns the token with which a value begins.
func first(n ast.Node) *token.Token {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken()
	}
	return n.GetToken()
}
