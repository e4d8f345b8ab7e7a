package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// figuresKept is for how many releases their figures are kept. Of those before, the
// last one of each month is.
const figuresKept = 30

// SaveFigures keeps the figures of a release, and that it showed the data up to the day
// cutoff, as they were published. Called again for the same release it replaces them,
// so that what a crash left undone can be completed. Of releases long past, the last one
// of each month is kept and the others are dropped.
func (d *DB) SaveFigures(ctx context.Context, release int, cutoff record.Day, figures []record.Figure) error {
	packed := d.body.encode(encodeFigures(figures), "")
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO figure_sets (release, month, body) VALUES (?, ?, ?)
			ON CONFLICT (release) DO UPDATE SET month = excluded.month, body = excluded.body`, release, int(cutoff.Month()), packed)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM figure_sets WHERE release <= ? AND release NOT IN (SELECT max(release) FROM figure_sets GROUP BY month)`,
			release-figuresKept)
		return err
	})
}

// Figures returns the figures of a release as they were published, in the order in
// which they were saved; none of a release that has none.
func (d *DB) Figures(ctx context.Context, release int) ([]record.Figure, error) {
	var packed []byte
	err := d.reader.QueryRowContext(ctx, `SELECT body FROM figure_sets WHERE release = ?`, release).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, d.explain(err)
	}
	text, _, err := d.body.decode(packed)
	if err != nil {
		return nil, fmt.Errorf("figures of release %d: %w", release, err)
	}
	figures, err := decodeFigures(text)
	if err != nil {
		return nil, fmt.Errorf("figures of release %d: %w", release, err)
	}
	return figures, nil
}

// figureSep parts the fields of a figure; no identifier holds it.
const figureSep = "\x1f"

// encodeFigures writes figures as text, a line each, which packs well: most of a line
// is that of the line before.
func encodeFigures(figures []record.Figure) string {
	var b strings.Builder
	for _, f := range figures {
		for _, s := range []string{f.Measure, strconv.Itoa(f.Version), string(f.Scope.Dim), f.Scope.ID, string(f.Period), strconv.Itoa(int(f.Cutoff))} {
			b.WriteString(s)
			b.WriteString(figureSep)
		}
		for _, n := range []int64{f.Num, f.Den} {
			b.WriteString(strconv.FormatInt(n, 10))
			b.WriteString(figureSep)
		}
		b.WriteString(strconv.FormatInt(f.Unknown, 10))
		b.WriteByte('\n')
	}
	return b.String()
}

func decodeFigures(text string) ([]record.Figure, error) {
	figures := make([]record.Figure, 0, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		p := strings.Split(strings.TrimSuffix(line, "\n"), figureSep)
		if len(p) != 9 {
			return nil, errFact
		}
		var n [5]int64
		for i, s := range []string{p[1], p[5], p[6], p[7], p[8]} {
			v, err := strconv.ParseInt(s, 10, 64)
			if err != nil {
				return nil, errFact
			}
			n[i] = v
		}
		figures = append(figures, record.Figure{
			Measure: p[0], Version: int(n[0]), Scope: record.Scope{Dim: record.Dimension(p[2]), ID: p[3]}, Period: record.Period(p[4]), Cutoff: record.Day(n[1]),
			Rate: record.Rate{Num: n[2], Den: n[3]}, Unknown: n[4],
		})
	}
	return figures, nil
}

// Publish is an entry of the journal of publishes: what a release showed.
type Publish struct {
	Release     int        `json:"release"`
	Cutoff      record.Day `json:"cutoff"`
	At          time.Time  `json:"at"`
	Cases       int64      `json:"cases"` // in full
	Stubs       int64      `json:"stubs"`
	Withdrawn   int64      `json:"withdrawn"`
	Pages       int64      `json:"pages"`
	Quarantined int        `json:"quarantined"`
	Batch       int64      `json:"batch"` // the latest batch that it shows; see [DB.ChangedSince]
}

// SavePublish writes p into the journal of publishes; an entry of the same
// release is replaced.
func (d *DB) SavePublish(ctx context.Context, p Publish) error {
	entry, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO publishes (release, entry) VALUES (?, ?)
			ON CONFLICT (release) DO UPDATE SET entry = excluded.entry`, p.Release, string(entry))
		return err
	})
}

// Publishes returns the journal of publishes in the order of the releases.
func (d *DB) Publishes(ctx context.Context) ([]Publish, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT entry FROM publishes ORDER BY release`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var all []Publish
	for rows.Next() {
		var entry sql.RawBytes
		var p Publish
		if err := rows.Scan(&entry); err != nil {
			return nil, d.explain(err)
		}
		if err := json.Unmarshal(entry, &p); err != nil {
			return nil, d.explain(err)
		}
		all = append(all, p)
	}
	return all, d.explain(rows.Err())
}

// Cursor returns how far a source has been read, as its adapter last said, or
// nil. The store does not look into it.
func (d *DB) Cursor(ctx context.Context, source string) (cursor []byte, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT cursor FROM cursors WHERE source = ?`, source).Scan(&cursor)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return cursor, d.explain(err)
}

// SetCursor keeps how far a source has been read.
func (d *DB) SetCursor(ctx context.Context, source string, cursor []byte) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO cursors (source, cursor) VALUES (?, ?)
			ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor`, source, cursor)
		return err
	})
}
