package source

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// column compiles one column for a field of the given meaning.
func (c *compiler) column(in Column, mean meaning) (*column, error) {
	col, err := c.names(in.Column, false, "column")
	if err != nil {
		return nil, err
	}
	col.constant, col.html, col.required, col.other = in.Const, in.HTML, in.Required, in.Other
	col.missing = c.missingSet(in.Missing)
	if in.Join != nil {
		col.join = *in.Join
	}
	sources := 0
	for _, set := range []bool{len(in.Column) > 0, in.Const != nil, in.Template != "", len(in.Any) > 0, len(in.Digest) > 0, in.Each != "" || len(in.Items) > 0} {
		if set {
			sources++
		}
	}
	if sources != 1 {
		return nil, c.at("exactly one of column, const, template, any and digest (or each, items) says where the value comes from")
	}
	for _, step := range []func(Column, *column, meaning) error{c.origin, c.patterns, c.table, c.times, c.reference} {
		if err := step(in, col, mean); err != nil {
			return nil, err
		}
	}
	return col, nil
}

// origin compiles template, any and digest.
func (c *compiler) origin(in Column, col *column, mean meaning) error {
	for rest := in.Template; rest != ""; {
		text, after, open := strings.Cut(rest, "{")
		col.template = append(col.template, part{text: text})
		if !open {
			break
		}
		name, after, closed := strings.Cut(after, "}")
		if !closed {
			return c.at("a brace is not closed", "template")
		}
		names, err := c.names(strings.Split(name, "|"), false, "template")
		if err != nil {
			return err
		}
		if col.label == "" {
			col.label = names.label
		}
		col.template = append(col.template, part{slots: names.slots})
		rest = after
	}
	for i, one := range in.Any {
		err := c.within("any", func() error {
			return c.within(i, func() error {
				sub, err := c.column(one, meaning{form: textForm})
				if err == nil && col.label == "" {
					col.label = sub.label
				}
				col.anyOf = append(col.anyOf, sub)
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	for _, name := range in.Digest {
		if mean.form != keyForm {
			return c.at("only a key is made by digest", "digest")
		}
		names, err := c.names(strings.Split(name, "|"), false, "digest")
		if err != nil {
			return err
		}
		col.digest = append(col.digest, names.slots)
		if col.label == "" {
			col.label = names.label
		}
	}
	return nil
}

func (c *compiler) patterns(in Column, col *column, mean meaning) (err error) {
	for i, text := range in.Extract {
		re, err := c.pattern(text, "extract", i)
		if err != nil {
			return err
		}
		col.extract = append(col.extract, re)
	}
	if in.Match != "" {
		if col.match, err = c.pattern(in.Match, "match"); err != nil {
			return err
		}
	}
	split := in.Split
	if split == "" {
		split = "[、，,;；|\n]"
	} else if mean.form != listForm && mean.form != refsForm {
		return c.at("only a list is split", "split")
	}
	col.split, err = c.pattern(split, "split")
	return err
}

// table compiles the value table and checks that it leads to words of the
// field.
func (c *compiler) table(in Column, col *column, mean meaning) error {
	list := c.wordsHere(mean)
	check := func(word string, below ...any) error {
		switch {
		case word == "" || list == nil && mean.form != numberForm:
			return nil
		case mean.form == numberForm:
			if _, err := strconv.ParseUint(word, 10, 31); err != nil {
				return c.at("a whole number is wanted here", below...)
			}
		case !slices.Contains(list, word):
			return c.at(fmt.Sprintf("%q is not a word of this field; they are %s", word, strings.Join(list, ", ")), below...)
		}
		return nil
	}
	if len(in.Values) > 0 || in.Other != "" {
		switch mean.form {
		case timeForm, dayForm, jsonForm:
			return c.at("no value table here", "values")
		}
		col.values = &table{exact: map[string]string{}, folded: map[string]string{}}
	}
	for _, v := range in.Values {
		if err := check(v.To, "values", v.From); err != nil {
			return err
		}
		if len(v.From) > 2 && v.From[0] == '/' && v.From[len(v.From)-1] == '/' {
			re, err := c.pattern(v.From[1:len(v.From)-1], "values", v.From)
			if err != nil {
				return err
			}
			col.values.rules = append(col.values.rules, rule{re, v.To})
			continue
		}
		col.values.exact[v.From] = v.To
		if f := Fold(v.From); col.values.folded[f] == "" {
			col.values.folded[f] = v.To
		}
	}
	free := list == nil && mean.form != numberForm
	switch in.Other {
	case "":
		if col.other = "flag"; free {
			col.other = "keep"
		}
	case "flag", "reject", "empty":
	case "keep":
		if !free {
			return c.at("a word that is not ours cannot be kept in this field", "other")
		}
	default:
		if free && mean.form != refForm && mean.form != refsForm {
			return c.at("flag, reject, empty or keep", "other")
		}
		return check(in.Other, "other")
	}
	if in.Const != nil && len(in.Values) == 0 && list != nil {
		return check(*in.Const, "const")
	}
	return nil
}

// wordsHere returns the words of the field that is being compiled, which the
// last text of the path names.
func (c *compiler) wordsHere(mean meaning) []string {
	switch mean.form {
	case flagForm:
		return []string{"yes", "no"}
	case wordForm:
		for i := len(c.path) - 1; i >= 0; i-- {
			if name, ok := c.path[i].(string); ok {
				return words[name]
			}
		}
	}
	return nil
}

func (c *compiler) times(in Column, col *column, mean meaning) error {
	timed := mean.form == timeForm || mean.form == dayForm || mean.form == periodForm
	if !timed && (len(in.Dates) > 0 || in.Zone != "" || in.Day) {
		return c.at("dates, zone and day are for times")
	}
	if !timed {
		return nil
	}
	zone := c.zone
	if in.Zone != "" {
		zone = in.Zone
	}
	var loc *time.Location
	var err error
	if loc, err = zoneOf(zone); err != nil {
		return c.at(err.Error(), "zone")
	}
	if col.dates, err = newDateReader(in.Dates, loc, in.Day || mean.form != timeForm); err != nil {
		return c.at(err.Error(), "dates")
	}
	return nil
}

func (c *compiler) reference(in Column, col *column, mean meaning) error {
	ref := mean.form == refForm || mean.form == refsForm
	if !ref && (in.As != "" || in.Name != nil) {
		return c.at("as and name are for references to units, areas, topics and channels")
	}
	if err := c.choice(in.As, "as", "", "code", "name"); err != nil {
		return err
	}
	col.code = in.As == "code"
	if in.Name == nil {
		return nil
	}
	return c.within("name", func() (err error) {
		col.name, err = c.column(*in.Name, meaning{form: textForm})
		return err
	})
}
