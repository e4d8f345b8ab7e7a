package source

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Row is one row of a table, one object of a JSON document, or both: an object
// that stands in a cell of a table.
type Row struct {
	Where
	Cells []string
	Item  Item // Node is nil when the row is no JSON

	// Short says that the cells that are missing at the end are not known, rather
	// than empty.
	Short bool
	// Since1904 says that serial numbers of days count from 1904.
	Since1904 bool
	// Doubtful says that the encoding of the file is broken in places, so that
	// every text must be looked at.
	Doubtful bool
	// Bad gives the code of what is wrong with a cell, by column.
	Bad map[int]string
}

// Header gives, for each column of a table, the names under which a mapping may
// mention it.
type Header [][]string

// FoldHeader brings the name of a column into the form in which it is compared:
// as [Fold] does, without colons and asterisks at the end.
func FoldHeader(s string) string { return strings.TrimRight(Fold(s), ":*") }

// Binding is a plan joined to the columns of one table. It is immutable.
type Binding struct {
	plan *Plan
	cols []int // by slot; -1 when the table has no such column
}

// Bind joins p to a table with the given columns, or to a JSON document when
// header is nil. Of several columns with one name the first is meant.
func (p *Plan) Bind(header Header) *Binding {
	b := &Binding{plan: p, cols: make([]int, len(p.slots))}
	at := map[string]int{}
	for i, names := range header {
		for _, n := range names {
			f := FoldHeader(n)
			if _, taken := at[f]; !taken && f != "" {
				at[f] = i
			}
		}
	}
	for i, s := range p.slots {
		b.cols[i] = -1
		if c, ok := at[s.folded]; ok && s.special == "" {
			b.cols[i] = c
		}
	}
	return b
}

// Plan returns what b joins to a table.
func (b *Binding) Plan() *Plan { return b.plan }

// Score counts the fields of the plan that have a column in the table, and
// reports whether the key has one. A key made of constants or of the file name
// always has.
func (b *Binding) Score() (fields int, key bool) {
	p := b.plan
	if p.cell != nil {
		if b.has(p.cell) {
			return 1, true
		}
		return 0, false
	}
	for _, l := range p.levels {
		if b.has(l) {
			fields++
		}
	}
	for _, f := range p.fields {
		if b.has(f.col) {
			fields++
		}
	}
	switch {
	case p.key != nil:
		if key = b.has(p.key); key {
			fields++
		}
	case len(p.levels) > 0:
		key = b.has(p.levels[0])
	default:
		for _, f := range p.fields {
			if f.name == FieldName {
				key = b.has(f.col)
			}
		}
	}
	return fields, key
}

// has reports whether any column of the table goes into c.
func (b *Binding) has(c *column) bool {
	any := func(slots []int) bool {
		for _, s := range slots {
			if b.cols[s] >= 0 {
				return true
			}
		}
		return false
	}
	if any(c.slots) {
		return true
	}
	for _, p := range c.template {
		if any(p.slots) {
			return true
		}
	}
	for _, d := range c.digest {
		if any(d) {
			return true
		}
	}
	for _, a := range c.anyOf {
		if b.has(a) {
			return true
		}
	}
	for _, list := range c.items {
		for _, f := range list {
			if b.has(f.col) {
				return true
			}
		}
	}
	return false
}

// Lacks returns the label of the first column that the mapping requires and the
// table does not have, or "".
func (b *Binding) Lacks() string {
	for _, f := range b.plan.fields {
		if f.col.required && !b.has(f.col) {
			return f.col.label
		}
	}
	return ""
}

// Names returns the names by which the mapping knows the key column, for a
// message that says it was not found.
func (p *Plan) Names() []string {
	c := p.key
	if p.cell != nil {
		c = p.cell
	}
	if c == nil && len(p.levels) > 0 {
		c = p.levels[0]
	}
	if c == nil {
		for _, f := range p.fields {
			if f.name == FieldName {
				c = f.col
			}
		}
	}
	var names []string
	var add func(c *column)
	add = func(c *column) {
		for _, s := range c.slots {
			names = append(names, p.slots[s].text)
		}
		for _, t := range c.template {
			for _, s := range t.slots {
				names = append(names, p.slots[s].text)
			}
		}
		for _, d := range c.digest {
			for _, s := range d {
				names = append(names, p.slots[s].text)
			}
		}
		for _, a := range c.anyOf {
			add(a)
		}
	}
	if c != nil {
		add(c)
	}
	return names
}

// CellText returns the text of the column that holds JSON, and the name of that
// column.
func (b *Binding) CellText(r *Row) (text, column string) {
	text, _, _, s := b.pick(b.plan.cell.slots, r)
	if s >= 0 {
		column = b.plan.slots[s].text
	}
	return text, column
}

// UsesCell reports whether the rows are JSON in a cell.
func (p *Plan) UsesCell() bool { return p.cell != nil }

// FooterWords returns the folded words that open a closing line.
func (p *Plan) FooterWords() []string { return p.footers }

// pick returns the text of the first of slots that the row has. present is
// false when it has none.
func (b *Binding) pick(slots []int, r *Row) (text string, present bool, code string, slot int) {
	for _, s := range slots {
		if text, present, code = b.fetch(s, r); present {
			return text, true, code, s
		}
	}
	if r.Item.Node != nil && !b.plan.Partial && len(slots) > 0 {
		return "", true, "", slots[0] // JSON leaves out what is empty
	}
	return "", false, "", -1
}

// fetch returns the text of one slot.
func (b *Binding) fetch(i int, r *Row) (text string, present bool, code string) {
	s := &b.plan.slots[i]
	switch s.special {
	case "file":
		return r.File, true, ""
	case "sheet":
		return r.Sheet, true, ""
	case "row":
		return strconv.Itoa(r.Where.Row), true, ""
	case "key":
		return r.Item.Name, true, ""
	}
	if n := r.Item.Node; n != nil {
		if s.up > 0 {
			if n = nil; s.up <= len(r.Item.Up) {
				n = r.Item.Up[s.up-1]
			}
		}
		if n != nil {
			if text, present, code = s.node(n); present {
				return b.check(text, code, r)
			}
		}
	}
	c := b.cols[i]
	if c < 0 {
		return "", false, ""
	}
	if c >= len(r.Cells) {
		return "", !r.Short, ""
	}
	return b.check(r.Cells[c], r.Bad[c], r)
}

// check looks for what makes a text unusable.
func (b *Binding) check(text, code string, r *Row) (string, bool, string) {
	switch {
	case code != "":
	case len(text) > b.plan.limits.Cell:
		code = CodeTooLong
	case strings.IndexByte(text, 0) >= 0:
		code = CodeNULByte
	case r.Doubtful && (!utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError)):
		code = CodeBadEncoding
	case len(text) > 2 && text[0] == '#' && cellError(text):
		code = CodeCellError
	}
	return text, true, code
}

// cellError reports whether text is what spreadsheet programs show for an error
// or for a column that is too narrow.
func cellError(text string) bool {
	switch text {
	case "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!":
		return true
	}
	return strings.Trim(text, "#") == ""
}

// node returns the text of a slot in a JSON value.
func (s *slot) node(n *Node) (text string, present bool, code string) {
	if n.Kind == Object {
		if m, ok := n.Member(s.literal); ok {
			text, code = nodeText(m)
			return text, true, code
		}
	}
	if len(s.path) < 2 && n.Kind == Object {
		return "", false, ""
	}
	several := false
	var b strings.Builder
	found := s.path.find(n, func(m *Node) {
		t, c := nodeText(m)
		if c != "" {
			code = c
		}
		if t == "" {
			return
		}
		if several {
			b.WriteByte('\n')
		}
		several = true
		b.WriteString(t)
	})
	return b.String(), found, code
}

// nodeText returns the text of a value. An array of plain values is joined by
// line breaks, an object is no text.
func nodeText(n *Node) (text, code string) {
	switch n.Kind {
	case Object:
		return "", CodeBadValue
	case Array:
		parts := make([]string, 0, len(n.Items))
		for i := range n.Items {
			t, c := nodeText(&n.Items[i])
			if c != "" {
				return "", c
			}
			if t != "" {
				parts = append(parts, t)
			}
		}
		return strings.Join(parts, "\n"), ""
	}
	return n.Text, ""
}
