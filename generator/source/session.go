package source

import (
	"maps"
	"slices"
	"strings"
)

// Session turns the rows of one batch into raw records. Before the first case
// that names a unit, area, topic or channel it yields the entry of the register,
// and before that the entries above it. It is for one goroutine.
type Session struct {
	registry *Registry
	raw      func(Raw) error
	rejected func(Rejected)
	done     map[Kind]map[string]bool // entries yielded
	known    map[refText]string       // what names and codes were found to mean
	err      error                    // the first that raw returned
}

// NewSession returns a session that hands records to raw and rows that cannot
// be read to rejected.
func NewSession(g *Registry, raw func(Raw) error, rejected func(Rejected)) *Session {
	s := &Session{registry: g, raw: raw, rejected: rejected, done: map[Kind]map[string]bool{}, known: map[refText]string{}}
	for k := range g.kinds {
		s.done[k] = map[string]bool{}
	}
	return s
}

// Row reads one row. The error is that of the raw function; what is wrong with
// the row itself is rejected.
func (s *Session) Row(b *Binding, r *Row) error {
	if s.err != nil {
		return s.err
	}
	if b.plan.Kind.Keyed() {
		s.record(b, r)
	} else {
		s.entries(b, r)
	}
	return s.err
}

// entries reads a row of a register.
func (s *Session) entries(b *Binding, r *Row) {
	for _, e := range b.entries(r, s.rejected) {
		if b.plan.OnlyNamed {
			continue
		}
		if have := s.registry.kinds[b.plan.Kind].byID[e.raw.Key]; have != nil {
			s.entry(b.plan.Kind, e.raw.Key)
		}
	}
}

// record reads a row of a case, an assessment or an entry of accountability.
func (s *Session) record(b *Binding, r *Row) {
	key, code, label := b.Key(r)
	if code != "" {
		s.rejected(Reject(r.Where, label, code, false))
		return
	}
	p := b.plan
	// A copy: whoever keeps the key must not keep the text of the whole row with it.
	raw := Raw{Kind: p.Kind, Stream: p.Stream, Key: strings.Clone(key), Where: r.Where, Fields: make(map[string]string, len(p.fields))}
	if p.Gone != nil {
		raw.Gone = p.Gone.All
		for _, c := range p.gone {
			raw.Gone = raw.Gone || b.meets(c, r)
		}
	}
	var aside []Rejected
	c := converter{b: b, r: r, rejected: func(x Rejected) { aside = append(aside, x) }}
	c.ref = func(k Kind, col *column, v value) (string, bool) { return s.ref(&c, k, col, v) }
	for _, f := range p.fields {
		if raw.Gone && f.name != FieldGoneReason || !raw.Gone && f.name == FieldGoneReason {
			continue
		}
		if text, ok := c.field(f); ok {
			raw.Fields[f.name] = text
		}
	}
	if c.drop != "" {
		s.rejected(Reject(r.Where, c.dropAt, c.drop, false))
		return
	}
	for _, yield := range c.named {
		yield()
	}
	for _, x := range aside {
		s.rejected(x)
	}
	if len(c.unlisted) > 0 {
		slices.Sort(c.unlisted)
		raw.Fields[FieldUnlisted] = strings.Join(slices.Compact(c.unlisted), ",")
	}
	if s.err == nil {
		s.err = s.raw(raw)
	}
}

// refText is a name or code as the export has it.
type refText struct {
	kind Kind
	code bool
	text string
}

// ref returns the identifier that a name or code of the export means. The entry
// is yielded when the row as a whole is found good.
func (s *Session) ref(c *converter, k Kind, col *column, v value) (string, bool) {
	asked := refText{k, col.code, v.text}
	if id, ok := s.known[asked]; ok && s.done[k][id] {
		return id, true
	}
	text, isCode := v.text, col.code
	rule := s.registry.rules[k]
	if to, ok := rule.aliases[Fold(text)]; ok {
		if text = to; text == "" {
			return "", true
		}
	}
	if k == Area && divisionCode(codeText(text)) {
		isCode = true
	}
	if isCode {
		text = codeText(text)
	}
	id, ambiguous := s.registry.find(k, text, isCode)
	switch {
	case ambiguous:
		c.rejected(Reject(c.r.Where, v.label, CodeAmbiguousName, true))
		return "", false
	case id != "":
		c.named = append(c.named, func() { s.entry(k, id) })
		s.know(asked, id)
		return id, true
	case rule.flag:
		c.rejected(Reject(c.r.Where, v.label, CodeUnlistedName, true))
		return "", false
	}
	id = s.derive(c, k, col, text, isCode)
	s.know(asked, id)
	return id, true
}

// know remembers what a name or code means, in a copy that does not keep the
// row.
func (s *Session) know(asked refText, id string) {
	asked.text = strings.Clone(asked.text)
	s.known[asked] = strings.Clone(id)
}

// derive makes a register entry of a name or code that no register has, and
// returns its identifier.
func (s *Session) derive(c *converter, k Kind, col *column, text string, isCode bool) string {
	id := DeriveID(prefixes[k], text)
	name := text
	if isCode {
		id = codeID(k, text)
		if col.name != nil {
			if v := c.b.eval(col.name, c.r); v.code == "" && v.text != "" {
				name = v.text
			}
		}
	}
	raw := Raw{Kind: k, Stream: c.b.plan.Stream, Key: id, Where: c.r.Where}
	c.named = append(c.named, func() { s.derived(raw, name) })
	return id
}

// derived yields an entry that stands in no register.
func (s *Session) derived(raw Raw, name string) {
	if s.done[raw.Kind][raw.Key] || s.err != nil {
		return
	}
	raw.Key = strings.Clone(raw.Key)
	s.done[raw.Kind][raw.Key] = true
	raw.Fields = map[string]string{FieldName: strings.Clone(name), FieldDerived: "yes"}
	s.division(raw)
	if s.err == nil {
		s.err = s.raw(raw)
	}
}

// division adds the division above to an area that states none.
func (s *Session) division(raw Raw) {
	if _, has := raw.Fields[FieldParent]; has || raw.Kind != Area {
		return
	}
	if up := s.registry.division(raw.Key); up != "" {
		s.entry(Area, up)
		raw.Fields[FieldParent] = up
	}
}

// entry yields an entry of a register, the entries that it refers to first.
func (s *Session) entry(k Kind, id string) {
	e := s.registry.kinds[k].byID[id]
	if e == nil || s.done[k][id] || s.err != nil {
		return
	}
	s.done[k][id] = true
	raw := e.raw
	raw.Fields = maps.Clone(e.raw.Fields)
	for _, ref := range e.refs {
		to, ambiguous := s.target(ref)
		switch {
		case to != "":
			s.entry(ref.kind, to)
			raw.Fields[ref.field] = to
		case ambiguous:
			s.rejected(Reject(raw.Where, ref.field, CodeAmbiguousName, true))
		case ref.kind == Area && k == Unit && !s.registry.rules[Area].flag:
			area := Raw{Kind: Area, Stream: raw.Stream, Key: DeriveID(prefixes[Area], ref.text), Where: raw.Where}
			if code := codeText(ref.text); ref.code || divisionCode(code) {
				area.Key = codeID(Area, code)
			}
			s.derived(area, ref.text)
			raw.Fields[ref.field] = area.Key
		default:
			s.rejected(Reject(raw.Where, ref.field, CodeUnlistedName, true))
		}
	}
	s.division(raw)
	if s.err == nil {
		s.err = s.raw(raw)
	}
}

// target returns the identifier that a reference between registers means.
func (s *Session) target(ref reference) (id string, ambiguous bool) {
	text := ref.text
	if to, ok := s.registry.rules[ref.kind].aliases[Fold(text)]; ok {
		text = to
	}
	isCode := ref.code || ref.kind == Area && divisionCode(codeText(text))
	return s.registry.find(ref.kind, text, isCode)
}
