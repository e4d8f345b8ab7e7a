package pages_test

import (
	"encoding/csv"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/pages"
)

// published is a site as it is read by anyone: what layouts get, and files.
type published struct {
	params map[string]map[string]any
	layout map[string]string
	files  map[string]string
	docs   []map[string]string
}

func publish(t testing.TB, c *city) *published { return publishWith(t, c, options(t)) }

func publishWith(t testing.TB, c *city, o pages.Options) *published {
	s := build(t, plan(t, c, o))
	p := &published{map[string]map[string]any{}, map[string]string{}, map[string]string{}, nil}
	for path, page := range s.pages {
		p.params[path], p.layout[path] = s.params(t, path), page.Layout
		if page.Doc != nil {
			p.docs = append(p.docs, page.Doc.Keyword)
		}
	}
	for path, f := range s.files {
		p.files[path] = string(f.Body)
	}
	return p
}

// clone returns a copy that can be changed without the other.
func (p *published) clone() *published {
	c := &published{map[string]map[string]any{}, maps.Clone(p.layout), maps.Clone(p.files), slices.Clone(p.docs)}
	for path, v := range p.params {
		c.params[path] = cloneJSON(v).(map[string]any)
	}
	return c
}

// cloneJSON copies a value that was read from JSON.
func cloneJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for key, of := range v {
			c[key] = cloneJSON(of)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, of := range v {
			c[i] = cloneJSON(of)
		}
		return c
	}
	return v
}

func readCSV(t testing.TB, body string) (rows []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%v, %d lines", err, len(all))
	}
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
