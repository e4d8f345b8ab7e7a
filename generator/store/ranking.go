package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/huiyin/huiyin/generator/record"
)

// SaveFirstRankings keeps what rankings said in the release that first published them. A
// period of which something is kept stays as it is.
func (d *DB) SaveFirstRankings(ctx context.Context, release int, rankings []record.FirstRanking) error {
	if len(rankings) == 0 {
		return nil
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, r := range rankings {
			lines, err := json.Marshal(r.Lines)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO first_rankings (period, release, cutoff, body) VALUES (?, ?, ?, ?) ON CONFLICT (period) DO NOTHING`,
				string(r.Period), release, r.Cutoff, d.body.encode(string(lines), ""))
			if err != nil {
				return fmt.Errorf("ranking of %s: %w", r.Period, err)
			}
		}
		return nil
	})
}

// FirstRankings returns what rankings said when they were first published, by period.
func (d *DB) FirstRankings(ctx context.Context) (all []record.FirstRanking, err error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT period, release, cutoff, body FROM first_rankings ORDER BY period`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r record.FirstRanking
		var packed sql.RawBytes
		if err := rows.Scan(&r.Period, &r.Release, &r.Cutoff, &packed); err != nil {
			return nil, d.explain(err)
		}
		text, _, err := d.body.decode(packed)
		if err == nil {
			err = json.Unmarshal([]byte(text), &r.Lines)
		}
		if err != nil {
			return nil, fmt.Errorf("ranking of %s as first published: %w", r.Period, err)
		}
		all = append(all, r)
	}
	return all, d.explain(rows.Err())
}
