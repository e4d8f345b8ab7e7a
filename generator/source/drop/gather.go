package drop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

// column is what was seen of a column.
type column struct {
	name    string
	filled  int
	longest int
	json    int            // values that are JSON
	words   map[string]int // the distinct values, nil when there are too many
	order   []string       // the keys of words
	samples []string
	values  map[string]bool // all values while each is different
}

// maxWords is the number of distinct values up to which a value table is
// proposed.
const maxWords = 30

func (c *column) add(v string, rows int) {
	v = strings.TrimSpace(v)
	if v == "" {
		return
	}
	c.filled++
	c.longest = max(c.longest, len([]rune(v)))
	if len(c.samples) < 400 || rows%97 == 0 && len(c.samples) < 2000 {
		c.samples = append(c.samples, v)
	}
	if (v[0] == '{' || v[0] == '[') && c.json < 50 {
		if _, err := source.ParseJSON([]byte(v)); err == nil {
			c.json++
		}
	}
	if c.words != nil {
		if c.words[v]++; c.words[v] == 1 {
			c.order = append(c.order, v)
		}
		if len(c.words) > maxWords {
			c.words = nil
		}
	}
	if c.values != nil {
		if len(v) > 100 || c.values[v] || len(c.values) > 200_000 {
			c.values = nil
		} else {
			c.values[v] = true
		}
	}
}

// gather reads all rows and notes what the columns hold.
func (k *looker) gather(ctx context.Context, c *content) error {
	k.cols, k.byName, k.report.Rows, k.report.Sample = nil, map[string]*column{}, 0, nil
	prog, err := probe(k.in)
	if err != nil {
		return err
	}
	plan := prog.Inputs[0]
	r := reading{plan: plan, c: c, l: k.l, limits: k.limits}
	problems := map[string]int{}
	var header []string
	var firstRows [][]field
	t := headerNames{k: k, c: c}
	err = r.rows(ctx, func(b *source.Binding, row *source.Row) error {
		k.report.Rows++
		var fields []field
		if row.Cells != nil {
			if header == nil {
				header = t.names(ctx)
			}
			for i, cell := range row.Cells {
				if i < len(header) && header[i] != "" && header[i] != k.report.Cell {
					fields = append(fields, field{header[i], cell})
				}
			}
		}
		if row.Item.Node != nil {
			flatten("", row.Item.Node, 0, &fields)
		}
		for _, f := range fields {
			k.col(f.name).add(f.value, k.report.Rows)
		}
		if len(firstRows) < 3 {
			firstRows = append(firstRows, fields)
		}
		return nil
	}, func(x source.Rejected) { problems[x.Code]++ })
	if err != nil {
		return err
	}
	k.cols = slices.DeleteFunc(k.cols, func(c *column) bool { // null here, an object there
		return c.filled == 0 && slices.ContainsFunc(k.cols, func(o *column) bool { return strings.HasPrefix(o.name, c.name+".") })
	})
	k.report.Notes = nil
	if k.prose {
		k.report.Notes = append(k.report.Notes, "the file holds a few words and no table: an export that says there is nothing new")
	}
	if k.unnamed {
		k.report.Notes = append(k.report.Notes, "no row with the names of columns was found; state header: in the mapping, or \"none\"")
	}
	for code, n := range sorted(problems) {
		k.report.Notes = append(k.report.Notes, fmt.Sprintf("%s: %s (%s)", plural(n, "row"), source.Reject(source.Where{}, "", code, false).Reason, code))
	}
	k.report.Columns = nil
	for _, c := range k.cols {
		k.report.Columns = append(k.report.Columns, visible(c.name, 60))
	}
	for _, fields := range firstRows {
		line := make([]string, len(k.cols))
		for _, f := range fields {
			for i, c := range k.cols {
				if c.name == f.name {
					line[i] = visible(f.value, 24)
				}
			}
		}
		k.report.Sample = append(k.report.Sample, line)
	}
	return nil
}

type field struct{ name, value string }

func (k *looker) col(name string) *column {
	c := k.byName[name]
	if c == nil {
		c = &column{name: name, words: map[string]int{}, values: map[string]bool{}}
		k.byName[name] = c
		if len(k.cols) < 500 {
			k.cols = append(k.cols, c)
		}
	}
	return c
}

// flatten lists the plain values of a JSON row by their paths.
func flatten(path string, n *source.Node, depth int, out *[]field) {
	switch {
	case n.Kind == source.Object && depth < 4:
		for i, name := range n.Names {
			if strings.TrimSpace(name) == "" {
				continue // a mapping cannot mention it
			}
			if strings.ContainsAny(name, `."*`) {
				name = `"` + name + `"`
			}
			if path != "" {
				name = path + "." + name
			}
			flatten(name, &n.Items[i], depth+1, out)
		}
	case n.Kind == source.Array:
		if len(n.Items) > 0 && depth < 4 {
			flatten(path+".0", &n.Items[0], depth+1, out)
		}
	case n.Kind != source.Object:
		*out = append(*out, field{strings.TrimPrefix(path, "."), n.Text})
	}
}

// jsonColumn returns the column of which most values are JSON objects.
func (k *looker) jsonColumn() *column {
	if k.in.Cell != nil {
		return nil
	}
	for _, c := range k.cols {
		if c.json > 0 && c.json*10 >= min(c.filled, 50)*8 {
			return c
		}
	}
	return nil
}

// jsonRowsIn returns the path to the list of objects in the first value that
// has one.
func jsonRowsIn(samples []string) string {
	for _, s := range samples {
		n, err := source.ParseJSON([]byte(s))
		if err != nil || n.Kind != source.Object {
			continue
		}
		for i, name := range n.Names {
			if m := n.Items[i]; m.Kind == source.Array && len(m.Items) > 0 && m.Items[0].Kind == source.Object {
				return name
			}
		}
	}
	return ""
}

// headerNames reads the names of the columns once more, as they are written.
type headerNames struct {
	k *looker
	c *content
}

func (h headerNames) names(ctx context.Context) []string {
	first, last, ok := source.HeaderRows(h.k.in.Header)
	if !ok {
		out := make([]string, 200)
		for i := range out {
			out[i] = strconv.Itoa(i + 1)
		}
		return out
	}
	var rows []waitingRow
	add := func(sheet string, n int, cells []string, _ map[int]string) error {
		if len(h.k.in.Sheet) > 0 && sheet != h.k.in.Sheet[0] {
			return nil
		}
		if n >= first && n <= last {
			rows = append(rows, waitingRow{n: n, cells: append([]string(nil), cells...)})
		}
		return nil
	}
	prog, err := probe(h.k.in)
	if err != nil {
		return nil
	}
	r := reading{plan: prog.Inputs[0], c: h.c, l: h.k.l, limits: h.k.limits}
	if err := r.head(ctx, func(sheet string, n int, cells []string, bad map[int]string) error {
		if n > headRows {
			return errEnough
		}
		return add(sheet, n, cells, bad)
	}); err != nil && !errors.Is(err, errEnough) {
		return nil
	}
	var names []string
	taken := map[string]bool{}
	for _, n := range joinHeader(rows) {
		name := n[len(n)-1]
		if taken[name] {
			name = n[0]
		}
		if taken[name] {
			name = "" // a second column of the same name cannot be mentioned
		}
		taken[name] = true
		names = append(names, name)
	}
	return names
}
