package source

import (
	"maps"
	"slices"
	"strings"
)

// Registry holds the entries of the registers of an office, by which the names
// and codes in its exports are understood. It is filled first and not changed
// afterwards; then it is safe for concurrent use.
type Registry struct {
	rules map[Kind]*refRule
	kinds map[Kind]*register
}

type register struct {
	byID   map[string]*entry
	byName map[string][]string // folded name, code or alias to identifiers
}

// entry is one entry of a register. Its references are still the texts of the
// export, because what they mean is known only when all entries are.
type entry struct {
	raw  Raw
	refs []reference
	path string // names from the top, joined by /
}

type reference struct {
	field string
	kind  Kind
	text  string
	code  bool
}

// NewRegistry returns a registry without entries.
func (p *Program) NewRegistry() *Registry {
	g := &Registry{rules: map[Kind]*refRule{}, kinds: map[Kind]*register{}}
	for k, r := range p.rules {
		g.rules[k] = &refRule{aliases: maps.Clone(r.aliases), flag: r.flag}
		g.kinds[k] = &register{byID: map[string]*entry{}, byName: map[string][]string{}}
	}
	return g
}

// Alias adds a spelling of a name or code, unless the mapping already has it.
func (g *Registry) Alias(k Kind, from, to string) {
	r := g.rules[k]
	if f := Fold(from); f != "" && r.aliases[f] == "" && trim(to) != "" {
		r.aliases[f] = trim(to)
	}
}

// Load adds the entries of one row. What is wrong with a row is not said here
// but when the row is read, by [Session.Row].
func (g *Registry) Load(b *Binding, r *Row) {
	for _, e := range b.entries(r, func(Rejected) {}) {
		g.add(b.plan.Kind, e)
	}
}

// add puts an entry into the register; a later one with the same identifier
// takes the place of an earlier one.
func (g *Registry) add(k Kind, e *entry) {
	reg := g.kinds[k]
	reg.byID[e.raw.Key] = e
	names := []string{e.raw.Key, e.raw.Fields[FieldName], e.raw.Fields[FieldShort], e.raw.Fields[FieldEnglish]}
	for path, more := e.path, true; more; _, path, more = strings.Cut(path, "/") {
		names = append(names, path) // 某省/水利厅/办公室, 水利厅/办公室, 办公室
	}
	names = append(names, strings.Split(e.raw.Fields[FieldAliases], ListSeparator)...)
	for _, n := range names {
		if f := Fold(n); f != "" && !slices.Contains(reg.byName[f], e.raw.Key) {
			reg.byName[f] = append(reg.byName[f], e.raw.Key)
		}
	}
}

// find returns the identifier that a text means, "" when no entry has it, and
// ambiguous when several have it at the same height of the tree.
func (g *Registry) find(k Kind, text string, code bool) (id string, ambiguous bool) {
	reg := g.kinds[k]
	if code {
		if id = codeID(k, text); reg.byID[id] != nil {
			return id, false
		}
	}
	ids := reg.byName[Fold(text)]
	switch len(ids) {
	case 0:
		return "", false
	case 1:
		return ids[0], false
	}
	best, height, ties := "", 1000, 0
	for _, id := range ids {
		switch h := g.height(k, id); {
		case h < height:
			best, height, ties = id, h, 1
		case h == height:
			ties++
		}
	}
	if ties > 1 {
		return "", true
	}
	return best, false
}

// height counts the entries above an entry.
func (g *Registry) height(k Kind, id string) int {
	h := 0
	for ; h < 20; h++ {
		up := g.parent(k, id)
		if up == "" || up == id {
			return h
		}
		id = up
	}
	return h
}

// parent returns the identifier of the entry above, or "".
func (g *Registry) parent(k Kind, id string) string {
	reg := g.kinds[k]
	e := reg.byID[id]
	if e != nil {
		for _, ref := range e.refs {
			if ref.field != FieldParent {
				continue
			}
			if up := codeID(k, ref.text); reg.byID[up] != nil {
				return up
			}
			if ids := reg.byName[Fold(ref.text)]; len(ids) == 1 {
				return ids[0]
			}
			return ""
		}
	}
	if k == Area {
		return g.division(id)
	}
	return ""
}

// division returns the division above a code of GB/T 2260 that the register
// has, or "".
func (g *Registry) division(id string) string {
	if !divisionCode(id) {
		return ""
	}
	for _, up := range []string{id[:6], id[:4] + "00", id[:2] + "0000"} {
		if up != id && g.kinds[Area].byID[up] != nil {
			return up
		}
	}
	return ""
}

// divisionCode reports whether s is six to twelve digits.
func divisionCode(s string) bool {
	if len(s) < 6 || len(s) > 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// entries makes the register entries of one row: one, or one a level, or a
// whole tree.
func (b *Binding) entries(r *Row, rejected func(Rejected)) []*entry {
	if b.plan.levels != nil {
		return b.levelEntries(r)
	}
	key, code, column := b.Key(r)
	if code != "" {
		rejected(Reject(r.Where, column, code, false))
		return nil
	}
	var out []*entry
	b.entry(r, key, nil, &out, rejected, 0)
	return out
}

// levelEntries makes one entry for each column of the path in the row.
func (b *Binding) levelEntries(r *Row) []*entry {
	var out []*entry
	var path []string
	parent := ""
	for _, l := range b.plan.levels {
		v := b.eval(l, r)
		if v.text == "" || v.code != "" {
			break
		}
		path = append(path, v.text)
		e := &entry{path: strings.Join(path, "/"), raw: Raw{Kind: b.plan.Kind, Stream: b.plan.Stream, Where: r.Where,
			Fields: map[string]string{FieldName: v.text}}}
		e.raw.Key = DeriveID(prefixes[b.plan.Kind], e.path)
		if parent != "" {
			e.refs = append(e.refs, reference{FieldParent, b.plan.Kind, parent, true})
		}
		parent = e.raw.Key
		out = append(out, e)
	}
	return out
}

// entry makes the entry of a row and of what stands below it.
func (b *Binding) entry(r *Row, key string, above *entry, out *[]*entry, rejected func(Rejected), depth int) {
	p := b.plan
	e := &entry{raw: Raw{Kind: p.Kind, Stream: p.Stream, Where: r.Where, Fields: map[string]string{}}}
	conv := converter{b: b, r: r, rejected: rejected}
	for _, f := range p.fields {
		if f.mean.form == refForm {
			if v := b.eval(f.col, r); v.present && v.code == "" && v.text != "" {
				e.refs = append(e.refs, reference{f.name, f.mean.ref, v.text, f.col.code})
			}
			continue
		}
		if text, ok := conv.field(f); ok {
			e.raw.Fields[f.name] = text
		}
	}
	name := e.raw.Fields[FieldName]
	if name == "" {
		rejected(Reject(r.Where, FieldName, CodeNoKey, false))
		return
	}
	e.path = name
	if above != nil {
		e.path = above.path + "/" + name
	}
	if e.raw.Key = DeriveID(prefixes[p.Kind], e.path); key != "" {
		e.raw.Key = codeID(p.Kind, key)
	}
	if above != nil && !slices.ContainsFunc(e.refs, func(f reference) bool { return f.field == FieldParent }) {
		e.refs = append(e.refs, reference{FieldParent, p.Kind, above.raw.Key, true})
	}
	*out = append(*out, e)
	if p.Children == "" || r.Item.Node == nil || depth > maxDepth {
		return
	}
	below, ok := r.Item.Node.Member(p.Children)
	if !ok {
		return
	}
	for i := range below.Items {
		sub := *r
		sub.Item = Item{Node: &below.Items[i], Up: append([]*Node{r.Item.Node}, r.Item.Up...)}
		key, code, column := b.Key(&sub)
		if code != "" {
			rejected(Reject(r.Where, column, code, false))
			continue
		}
		b.entry(&sub, key, e, out, rejected, depth+1)
	}
}
