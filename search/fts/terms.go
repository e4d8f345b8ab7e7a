package fts

import (
	"context"
	"slices"

	"github.com/huiyin/huiyin/search"
)

// matches are the hits of the terms of a query.
type matches struct {
	any   set
	title set // nil when nobody asks
}

// match returns which documents match Terms and not Not, and do exist.
func (v *view) match(ctx context.Context, q search.Query, title bool) (matches, error) {
	m := matches{any: v.cols.live()}
	fields := v.fieldsOf(q.Fields)
	if title = title && len(q.Terms) > 0 && fields[0] == 0; title {
		m.title = slices.Clone(m.any)
	}
	for _, term := range q.Terms {
		h, err := v.hits(ctx, newPhrase(term), fields)
		if err != nil {
			return m, err
		}
		m.any.and(v.union(h, fields))
		if title {
			m.title.and(h[0])
		}
	}
	for _, term := range q.Not {
		h, err := v.hits(ctx, newPhrase(term), fields)
		if err != nil {
			return m, err
		}
		for _, f := range fields {
			m.any.andNot(h[f])
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

// fieldsOf returns the numbers of the text fields that are asked, ascending.
func (v *view) fieldsOf(names []string) []int {
	var fields []int
	for i, name := range v.g.schema.Text {
		if len(names) == 0 || slices.Contains(names, name) {
			fields = append(fields, i)
		}
	}
	return fields
}

// union returns what is in one of the sets of the fields.
func (v *view) union(h []set, fields []int) set {
	if len(fields) == 1 {
		return h[fields[0]]
	}
	all := v.cols.newSet()
	for _, f := range fields {
		all.or(h[f])
	}
	return all
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

// hits returns in which documents a phrase is, by field. The sets are as long as
// the columns, may have members that do not exist any more, and belong to the
// caller; those of fields that nobody asked for are nil.
func (v *view) hits(ctx context.Context, p phrase, fields []int) ([]set, error) {
	out := make([]set, len(v.g.schema.Text))
	missing := false
	for _, f := range fields {
		out[f] = v.cols.newSet()
		missing = !v.g.cache.get(v.runs.layout, p.spelled, f, out[f]) || missing
	}
	if missing {
		for _, f := range fields {
			clear(out[f])
		}
		for _, r := range v.runs.all {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			l := lookup{c: v.c, run: r, fields: fields, out: out, scratch: v.c.scratch}
			err := l.phrase(p)
			l.trim()
			v.c.scratch = l.scratch
			if err != nil {
				return nil, err
			}
		}
		for _, f := range fields {
			v.g.cache.put(v.runs.layout, p.spelled, f, out[f])
		}
	}
	for _, d := range v.cols.fresh {
		for _, f := range fields {
			if p.in(d.spelled[f]) {
				out[f].add(d.ord)
			}
		}
	}
	return out, nil
}
