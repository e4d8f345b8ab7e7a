package source

import (
	"maps"
	"slices"
	"strings"
)

func (c *compiler) conditions(p *Plan) (err error) {
	if p.skip, err = c.conds(p.Skip, "skip"); err != nil {
		return err
	}
	if p.only, err = c.conds(p.Only, "only"); err != nil {
		return err
	}
	if p.Gone != nil {
		if p.Kind != Case {
			return c.at("only cases are withdrawn", "gone")
		}
		if p.Gone.All == (len(p.Gone.When) > 0) {
			return c.at("either all: true or conditions under when:", "gone")
		}
		return c.within("gone", func() error {
			p.gone, err = c.conds(p.Gone.When, "when")
			return err
		})
	}
	return nil
}

func (c *compiler) conds(list []Condition, key string) ([]condition, error) {
	var out []condition
	for i, d := range list {
		names, err := c.names(d.Column, false, key, i, "column")
		if err != nil {
			return nil, err
		}
		n := condition{slots: names.slots, empty: d.Empty, not: d.Not}
		set := 0
		if d.Empty {
			set++
		}
		if d.Match != "" {
			set++
			if n.match, err = c.pattern(d.Match, key, i, "match"); err != nil {
				return nil, err
			}
		}
		if len(d.Equals) > 0 {
			set++
			n.equals = map[string]bool{}
			for _, e := range d.Equals {
				n.equals[Fold(e)] = true
			}
		}
		if set != 1 || len(d.Column) == 0 {
			return nil, c.at("a condition has a column and exactly one of equals, match and empty", key, i)
		}
		out = append(out, n)
	}
	return out, nil
}

func (c *compiler) fields(p *Plan, known map[string]meaning) error {
	return c.within("fields", func() (err error) {
		p.fields, err = c.fieldList(p.Input.Fields, known)
		if err != nil {
			return err
		}
		_, named := p.Input.Fields[FieldName]
		if _, ok := known[FieldName]; ok && !named && len(p.Levels) == 0 {
			return c.at("a register needs the field name")
		}
		return nil
	})
}

func (c *compiler) fieldList(in map[string]Column, known map[string]meaning) ([]field, error) {
	var out []field
	for _, name := range slices.Sorted(maps.Keys(in)) {
		mean, ok := known[name]
		if !ok {
			return nil, c.at("unknown field; the fields here are "+strings.Join(slices.Sorted(maps.Keys(known)), ", "), name)
		}
		f := field{name: name, mean: mean}
		if err := c.within(name, func() (err error) {
			f.col, err = c.column(in[name], mean)
			return err
		}); err != nil {
			return nil, err
		}
		if mean.form == jsonForm {
			if err := c.within(name, func() error { return c.items(name, in[name], f.col) }); err != nil {
				return nil, err
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// items compiles the items of a JSON field.
func (c *compiler) items(name string, in Column, col *column) (err error) {
	known := itemFields[name]
	if (in.Each != "") == (len(in.Items) > 0) {
		return c.at("either each: with item:, or a list under items:")
	}
	if in.Each != "" {
		c.in.whole = true
		if col.each, err = ParsePath(in.Each); err != nil {
			return c.at(err.Error(), "each")
		}
		return c.within("item", func() error {
			col.item, err = c.member(in.Item, known.members, known.needs)
			return err
		})
	}
	for i, one := range in.Items {
		err := c.within("items", func() error {
			return c.within(i, func() error {
				list, err := c.member(one, known.members, known.needs)
				col.items = append(col.items, list)
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) member(in map[string]Column, known map[string]meaning, needs string) ([]field, error) {
	if _, ok := in[needs]; !ok {
		return nil, c.at("an item needs " + needs)
	}
	return c.fieldList(in, known)
}
