package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/huiyin/huiyin/generator/fault"
)

// Strings is a list of texts; in YAML a single text is a list of one. Scalars
// of any type are taken as they are written: 01 stays 01.
type Strings []string

// UnmarshalYAML reads a scalar or a list of scalars.
func (s *Strings) UnmarshalYAML(n ast.Node) error {
	*s = nil
	if seq, ok := n.(*ast.SequenceNode); ok {
		for _, v := range seq.Values {
			t, err := scalar(v)
			if err != nil {
				return err
			}
			*s = append(*s, t)
		}
		return nil
	}
	t, err := scalar(n)
	if err != nil {
		return err
	}
	*s = Strings{t}
	return nil
}

// Table leads from words of the export to words of ours, in the order in which
// it is written.
type Table []Pair

// Pair is one line of a [Table].
type Pair struct{ From, To string }

// UnmarshalYAML reads a map of scalars. Keys are taken as they are written, so
// that the code 01 need not be put in quotation marks.
func (t *Table) UnmarshalYAML(n ast.Node) error {
	*t = nil
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	case *ast.NullNode:
		return nil
	default:
		return &yaml.SyntaxError{Message: "a table of words is wanted here, one a line: theirs: ours", Token: n.GetToken()}
	}
	seen := map[string]bool{}
	for _, v := range values {
		from, err := scalar(v.Key)
		if err != nil {
			return err
		}
		to, err := scalar(v.Value)
		if err != nil {
			return err
		}
		if seen[from] {
			return &yaml.SyntaxError{Message: fmt.Sprintf("%q stands twice in the table", from), Token: v.Key.GetToken()}
		}
		seen[from] = true
		*t = append(*t, Pair{from, to})
	}
	return nil
}

// scalar returns the text of a scalar node as it was written.
func scalar(n ast.Node) (string, error) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, nil
	case *ast.LiteralNode:
		return v.Value.Value, nil
	case *ast.NullNode:
		return "", nil
	case *ast.MappingKeyNode:
		return scalar(v.Value)
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, nil
	}
	return "", &yaml.SyntaxError{Message: "a text is wanted here", Token: n.GetToken()}
}

// UnmarshalYAML reads a column: a text or a list of texts is the name.
func (c *Column) UnmarshalYAML(decode func(any) error) error {
	var s Strings
	if decode(&s) == nil {
		*c = Column{Column: s}
		return nil
	}
	type plain Column
	var p plain
	if err := decode(&p); err != nil {
		return err
	}
	*c = Column(p)
	return nil
}

// DecodeMapping reads a mapping from YAML: the contents of the section
// "sources", without its name. It is strict: an unknown key, an unknown field,
// a word that the field does not have and a pattern that does not compile are
// errors that name the line.
func DecodeMapping(text []byte) (Mapping, error) {
	var m Mapping
	d := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	if err := d.Decode(&m); err != nil {
		if errors.Is(err, io.EOF) {
			return m, fault.New("the section sources of the configuration is empty", "let huiyin map FILE propose one")
		}
		return m, yamlFault(err)
	}
	if _, err := Compile(m); err != nil {
		var at *placeError
		if errors.As(err, &at) {
			return m, placeFault(text, at)
		}
		return m, err
	}
	return m, nil
}

const mappingHint = "see docs/mapping.md for every key and its meaning"

// yamlFault makes the public error of a text that is not the YAML wanted.
func yamlFault(err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		p := e.GetToken().Position
		return fault.Wrap(err, fmt.Sprintf("sources, line %d, column %d: %s", p.Line, p.Column, e.GetMessage()), mappingHint)
	}
	return fault.Wrap(err, "sources: not readable as YAML", mappingHint)
}

// placeError is a mistake at a place of the mapping.
type placeError struct {
	path []any // string for a key, int for an index
	msg  string
}

// Error returns the place and the mistake.
func (e *placeError) Error() string { return "sources: " + e.place() + ": " + e.msg }

func (e *placeError) place() string {
	var b strings.Builder
	for _, p := range e.path {
		switch p := p.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", p+1)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, p)
		}
	}
	return b.String()
}

// placeFault adds the line to a mistake.
func placeFault(text []byte, e *placeError) error {
	line := 0
	if f, err := parser.ParseBytes(text, 0); err == nil {
		line = lineOf(f, e.path)
	}
	where := e.place()
	if line > 0 {
		where = fmt.Sprintf("line %d, %s", line, where)
	}
	return fault.Wrap(e, fmt.Sprintf("sources, %s: %s", where, e.msg), mappingHint)
}

// lineOf returns the line of the deepest node of path that is written out.
func lineOf(f *ast.File, path []any) int {
	if len(f.Docs) == 0 {
		return 0
	}
	n, line := f.Docs[0].Body, 0
	for _, p := range path {
		switch p := p.(type) {
		case int:
			seq, ok := n.(*ast.SequenceNode)
			if !ok { // a single text stands for a list of one
				return line
			}
			if p >= len(seq.Values) {
				return line
			}
			n = seq.Values[p]
			line = n.GetToken().Position.Line
		case string:
			var values []*ast.MappingValueNode
			switch m := n.(type) {
			case *ast.MappingNode:
				values = m.Values
			case *ast.MappingValueNode:
				values = []*ast.MappingValueNode{m}
			}
			found := false
			for _, v := range values {
				if k, err := scalar(v.Key); err == nil && k == p {
					n, line, found = v.Value, v.Key.GetToken().Position.Line, true
					break
				}
			}
			if !found {
				return line
			}
		}
	}
	return line
}
