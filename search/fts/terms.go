package fts

import (
	"context"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

// termHits are the documents in which a term matches.
type termHits struct {
	any   []uint32 // in one of the fields asked for; ascending
	title []uint32 // in the title; a part of any
}

func (h termHits) size() int64 { return 4 * int64(len(h.any)+len(h.title)) }

func (b set) fill(ords []uint32) set {
	for _, o := range ords {
		b.add(o)
	}
	return b
}

// matches are the hits of the terms of a query.
type matches struct {
	any   set
	title set // nil when nobody asks
}

// match returns which documents match Terms and not Not, and do exist.
func (v *view) match(ctx context.Context, q search.Query, title bool) (matches, error) {
	m := matches{any: v.cols.live()}
	if title = title && len(q.Terms) > 0; title {
		m.title = v.cols.live()
	}
	mask := v.fieldMask(q.Fields)
	for _, term := range q.Terms {
		h, err := v.hits(ctx, term, mask)
		if err != nil {
			return m, err
		}
		m.any.and(v.cols.newSet().fill(h.any))
		if title {
			m.title.and(v.cols.newSet().fill(h.title))
		}
	}
	for _, term := range q.Not {
		h, err := v.hits(ctx, term, mask)
		if err != nil {
			return m, err
		}
		for _, o := range h.any {
			m.any.remove(o)
		}
	}
	if len(q.Hide) > 0 {
		if err := v.hide(m.any, q.Hide); err != nil {
			return m, err
		}
	}
	if title {
		m.title.and(m.any)
	}
	return m, nil
}

// fieldMask returns a bit for each text field that is asked.
func (v *view) fieldMask(names []string) uint64 {
	if len(names) == 0 {
		return 1<<len(v.g.schema.Text) - 1
	}
	var mask uint64
	for _, name := range names {
		mask |= 1 << slices.Index(v.g.schema.Text, name)
	}
	return mask
}

// hide takes the documents with the IDs out of a set.
func (v *view) hide(b set, ids []string) error {
	for _, id := range ids {
		var ord int64
		err := v.c.each(`SELECT ord FROM doc WHERE id = ?`, []any{id}, []any{&ord}, func() error {
			b.remove(uint32(ord))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// hits returns the documents in which a term matches in one of the fields of the
// mask.
func (v *view) hits(ctx context.Context, term string, mask uint64) (termHits, error) {
	p := newPhrase(term)
	key := p.key() + string(rune(mask))
	if h, ok := v.g.cache.get(v.cols.version, key); ok {
		return h, nil
	}
	var h termHits
	var err error
	if h.any, err = v.lookup(ctx, p, mask); err != nil {
		return h, err
	}
	if mask&1 != 0 {
		if h.title, err = v.lookup(ctx, p, 1); err != nil {
			return h, err
		}
	}
	v.g.cache.put(v.cols.version, key, h)
	return h, nil
}

func (v *view) lookup(_ context.Context, p phrase, mask uint64) ([]uint32, error) {
	var b strings.Builder
	b.WriteString("{")
	for i := range v.g.schema.Text {
		if mask>>i&1 != 0 {
			b.WriteString(" c")
			b.WriteString(string(rune('0' + i)))
		}
	}
	b.WriteString("} : \"")
	b.WriteString(strings.Join(p.tokens, " "))
	b.WriteString("\"")
	if p.prefix {
		b.WriteString("*")
	}
	var out []uint32
	var ord int64
	err := v.c.each(`SELECT rowid FROM tokens WHERE tokens MATCH ?`, []any{b.String()}, []any{&ord}, func() error {
		out = append(out, uint32(ord))
		return nil
	})
	return out, err
}
