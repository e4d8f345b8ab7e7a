package pages_test

import (
	"encoding/csv"
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
