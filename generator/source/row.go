package source

import (
	"crypto/sha256"
	"encoding/hex"
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

// value is what a column gives for one row.
type value struct {
	text    string
	present bool   // the export carries it
	code    string // what is wrong with it, or ""
	label   string // the column, as the mapping calls it
	unfit   bool   // there is a text, but no pattern of extract matches it
}

// eval returns the text of a column, before it is brought into the form of its
// field: cut out of its HTML and its surroundings, trimmed, and empty where it
// is a missing marker.
func (b *Binding) eval(c *column, r *Row) value {
	v := value{label: c.label}
	switch {
	case c.constant != nil:
		return value{text: *c.constant, present: true, label: c.label}
	case len(c.anyOf) > 0:
		return b.firstOf(c, r)
	case c.template != nil:
		v = b.joined(c, r)
	case c.digest != nil:
		return b.digested(c, r)
	default:
		text, present, code, s := b.pick(c.slots, r)
		v.text, v.present, v.code = text, present, code
		if s >= 0 {
			v.label = b.plan.slots[s].text
		}
		if c.join != "\n" && strings.IndexByte(v.text, '\n') >= 0 {
			v.text = strings.ReplaceAll(v.text, "\n", c.join)
		}
	}
	if !v.present || v.code != "" {
		return v
	}
	if c.html {
		v.text = htmlText(v.text)
	}
	v.text = trim(v.text)
	if c.missing[v.text] {
		v.text = ""
		return v
	}
	if c.extract != nil {
		full := v.text
		v.text = trim(extract(c, full))
		if v.unfit = v.text == "" && full != ""; c.missing[v.text] {
			v.text = ""
		}
	}
	return v
}

func extract(c *column, text string) string {
	for _, re := range c.extract {
		m := re.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		if len(m) == 2 {
			return text[m[0]:m[1]]
		}
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				return text[m[i]:m[i+1]]
			}
		}
	}
	return ""
}

func (b *Binding) firstOf(c *column, r *Row) value {
	out := value{label: c.label}
	for _, a := range c.anyOf {
		v := b.eval(a, r)
		if v.present && v.code == "" && a.values != nil && v.text != "" {
			if to, ok := a.values.find(v.text); ok {
				v.text = to
			} else if a.other != "keep" {
				v.text = ""
			}
		}
		if v.present && (v.text != "" || v.code != "") {
			return v
		}
		out.present = out.present || v.present
	}
	return out
}

func (b *Binding) joined(c *column, r *Row) value {
	v := value{label: c.label}
	var s strings.Builder
	some := false
	for _, p := range c.template {
		if p.slots == nil {
			s.WriteString(p.text)
			continue
		}
		text, present, code, _ := b.pick(p.slots, r)
		v.present = v.present || present
		if code != "" {
			v.code = code
		}
		if text = trim(text); !c.missing[text] {
			some = true
			s.WriteString(text)
		}
	}
	if some {
		v.text = s.String()
	}
	return v
}

func (b *Binding) digested(c *column, r *Row) value {
	v := value{label: c.label}
	h := sha256.New()
	some := false
	for _, d := range c.digest {
		text, present, code, _ := b.pick(d, r)
		if code != "" {
			v.code = code
		}
		v.present = v.present || present
		text = trim(text)
		some = some || !c.missing[text]
		h.Write([]byte(text))
		h.Write([]byte{0x1f})
	}
	if some {
		v.text = hex.EncodeToString(h.Sum(nil)[:16])
	}
	return v
}

// find returns our word for one of theirs.
func (t *table) find(word string) (string, bool) {
	if to, ok := t.exact[word]; ok {
		return to, true
	}
	if to, ok := t.folded[Fold(word)]; ok {
		return to, true
	}
	for _, r := range t.rules {
		if r.re.MatchString(word) {
			return r.to, true
		}
	}
	return "", false
}

// meets reports whether r meets c.
func (b *Binding) meets(c condition, r *Row) bool {
	text, _, _, _ := b.pick(c.slots, r)
	text = trim(text)
	var yes bool
	switch {
	case c.equals != nil:
		yes = c.equals[Fold(text)]
	case c.match != nil:
		yes = c.match.MatchString(text)
	default:
		yes = text == ""
		for _, m := range missing {
			yes = yes || text == m
		}
	}
	return yes != c.not
}

// Wanted reports whether r passes the conditions skip and only of the plan.
func (b *Binding) Wanted(r *Row) bool {
	for _, c := range b.plan.skip {
		if b.meets(c, r) {
			return false
		}
	}
	for _, c := range b.plan.only {
		if !b.meets(c, r) {
			return false
		}
	}
	return true
}

// Key returns the key of r, or the code of what is wrong with it and the column
// that it stands in. A register entry without a key column has none.
func (b *Binding) Key(r *Row) (key, code, column string) {
	c := b.plan.key
	if c == nil {
		return "", "", ""
	}
	v := b.eval(c, r)
	if v.code != "" {
		return "", v.code, v.label
	}
	key = codeText(v.text)
	switch {
	case v.unfit:
		return "", CodeBadKey, v.label
	case key == "" || c.missing[key]:
		return "", CodeNoKey, v.label
	case ruined(key):
		return "", CodeExcelRuined, v.label
	case len(key) > 256 || c.match != nil && !c.match.MatchString(key):
		return "", CodeBadKey, v.label
	}
	if c.values != nil {
		if to, ok := c.values.find(key); ok {
			key = to
		}
	}
	return key, "", v.label
}

// Content hands every text of r that the mapping reads to yield: two rows whose
// content is the same are the same to the mapping.
func (b *Binding) Content(r *Row, yield func(string)) {
	if b.plan.whole && r.Item.Node != nil {
		r.Item.Node.texts(yield)
	}
	for i := range b.cols {
		s := &b.plan.slots[i]
		if s.special == "file" || s.special == "row" {
			continue
		}
		text, present, code := b.fetch(i, r)
		if !present {
			text = "\x00"
		}
		yield(text)
		yield(code)
	}
}
