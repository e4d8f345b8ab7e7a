package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// putPeople stores a table of people, unless there is one of its year and
// attribute already: the first one stands.
func (b *batch) putPeople(p record.People) error {
	if err := p.Check(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	entry, err := json.Marshal(p)
	if err != nil {
		return err
	}
	res, err := b.tx.ExecContext(b.ctx, `INSERT INTO people (year, attribute, entry) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		p.Year, string(p.Attribute), string(entry))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	b.change(entry)
	return nil
}

// People returns every table of people, the newest year first, and within a year
// in the order of [record.Attributes].
func (d *DB) People(ctx context.Context) (all []record.People, err error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT entry FROM people`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var entry string
		var p record.People
		if err := rows.Scan(&entry); err != nil {
			return nil, d.explain(err)
		}
		if err := json.Unmarshal([]byte(entry), &p); err != nil {
			return nil, d.explain(err)
		}
		all = append(all, p)
	}
	order := record.Attributes()
	slices.SortFunc(all, func(a, b record.People) int {
		return cmp.Or(b.Year-a.Year, slices.Index(order, a.Attribute)-slices.Index(order, b.Attribute))
	})
	return all, d.explain(rows.Err())
}
