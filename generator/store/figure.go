package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// figuresKept is for how many releases their figures are kept. Of those before, the
// last one of each month is.
const figuresKept = 30

// FigurePart is the figures of one period, as a release published them.
type FigurePart struct {
	Period record.Period
	// Print is a hash of all that the figures were made from but the cut-off: the
	// figures of equal prints are the same but for it, and are kept once.
	Print [32]byte
	// Measures are those that occur, sorted; set by [DB.FigureParts].
	Measures []string
	// List returns the figures. It is called where none are kept under the print.
	List func() []record.Figure
}

// SaveFigures keeps the figures of a release, a part each period, and that it showed the
// data up to the day cutoff, as they were published. Called again for the same release
// it replaces them, so that what a crash left undone can be completed. Of releases long
// past, the last one of each month is kept and the others are dropped.
func (d *DB) SaveFigures(ctx context.Context, release int, cutoff record.Day, parts []FigurePart) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := dropFigures(ctx, tx, `release = ?`, release); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO figure_releases (release, month, cutoff) VALUES (?, ?, ?)`, release, int(cutoff.Month()), cutoff)
		if err != nil {
			return err
		}
		for _, p := range parts {
			id, err := d.keepFigures(ctx, tx, &p)
			if err == nil && id != 0 {
				_, err = tx.ExecContext(ctx, `INSERT INTO figure_parts (release, period, body) VALUES (?, ?, ?)`, release, string(p.Period), id)
			}
			if err != nil {
				return fmt.Errorf("figures of %s: %w", p.Period, err)
			}
		}
		err = dropFigures(ctx, tx, `release <= ? AND release NOT IN (SELECT max(release) FROM figure_releases GROUP BY month)`, release-figuresKept)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM figure_bodies WHERE id NOT IN (SELECT body FROM figure_parts)`)
		return err
	})
}

// dropFigures takes away the parts of some releases; their bodies stay.
func dropFigures(ctx context.Context, tx *sql.Tx, where string, args ...any) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM figure_parts WHERE release IN (SELECT release FROM figure_releases WHERE `+where+`)`, args...)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM figure_releases WHERE `+where, args...)
	return err
}

// keepFigures returns the row that holds the figures of a part, and makes it where there
// is none; 0 for a part without figures.
func (d *DB) keepFigures(ctx context.Context, tx *sql.Tx, p *FigurePart) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT id FROM figure_bodies WHERE print = ?`, p.Print[:]).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	figures := p.List()
	if len(figures) == 0 {
		return 0, nil
	}
	measures := map[string]bool{}
	for _, f := range figures {
		measures[f.Measure] = true
		if f.Period != p.Period {
			return 0, fmt.Errorf("a figure of %s is among them", f.Period)
		}
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO figure_bodies (print, measures, body) VALUES (?, ?, ?)`,
		p.Print[:], strings.Join(slices.Sorted(maps.Keys(measures)), " "), d.body.encode(encodeFigures(figures), ""))
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// FigureParts returns what a release published figures of, by period, without the
// figures, which [DB.PeriodFigures] returns; none of a release that has none.
func (d *DB) FigureParts(ctx context.Context, release int) (parts []FigurePart, err error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT p.period, b.print, b.measures FROM figure_parts p JOIN figure_bodies b ON b.id = p.body
		WHERE p.release = ? ORDER BY p.period`, release)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var p FigurePart
		var print sql.RawBytes
		var measures string
		if err := rows.Scan(&p.Period, &print, &measures); err != nil {
			return nil, d.explain(err)
		}
		copy(p.Print[:], print)
		p.Measures = strings.Fields(measures)
		parts = append(parts, p)
	}
	return parts, d.explain(rows.Err())
}

// PeriodFigures returns the figures of a period as a release published them, in the
// order in which they were saved; none where it has none.
func (d *DB) PeriodFigures(ctx context.Context, release int, period record.Period) ([]record.Figure, error) {
	var packed []byte
	var cutoff record.Day
	err := d.reader.QueryRowContext(ctx, `SELECT r.cutoff, b.body FROM figure_releases r JOIN figure_parts p ON p.release = r.release
		JOIN figure_bodies b ON b.id = p.body WHERE r.release = ? AND p.period = ?`, release, string(period)).Scan(&cutoff, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, d.explain(err)
	}
	text, _, err := d.body.decode(packed)
	var figures []record.Figure
	if err == nil {
		figures, err = decodeFigures(text, period, cutoff)
	}
	if err != nil {
		return nil, fmt.Errorf("figures of %s of release %d: %w", period, release, err)
	}
	return figures, nil
}

// Figures returns all figures of a release as they were published, period by period.
func (d *DB) Figures(ctx context.Context, release int) (all []record.Figure, err error) {
	parts, err := d.FigureParts(ctx, release)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		figures, err := d.PeriodFigures(ctx, release, p.Period)
		if err != nil {
			return nil, err
		}
		all = append(all, figures...)
	}
	return all, nil
}

// figureSep parts the fields of a figure; no identifier holds it.
const figureSep = "\x1f"

// encodeFigures writes the figures of one period and cut-off as text, a line each, which
// packs well: most of a line is that of the line before.
func encodeFigures(figures []record.Figure) string {
	var b strings.Builder
	for _, f := range figures {
		for _, s := range []string{f.Measure, strconv.Itoa(f.Version), string(f.Scope.Dim), f.Scope.ID} {
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

func decodeFigures(text string, period record.Period, cutoff record.Day) ([]record.Figure, error) {
	figures := make([]record.Figure, 0, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		p := strings.Split(strings.TrimSuffix(line, "\n"), figureSep)
		if len(p) != 7 {
			return nil, errFact
		}
		var n [4]int64
		for i, s := range []string{p[1], p[4], p[5], p[6]} {
			v, err := strconv.ParseInt(s, 10, 64)
			if err != nil {
				return nil, errFact
			}
			n[i] = v
		}
		figures = append(figures, record.Figure{
			Measure: p[0], Version: int(n[0]), Scope: record.Scope{Dim: record.Dimension(p[2]), ID: p[3]}, Period: period, Cutoff: cutoff,
			Rate: record.Rate{Num: n[1], Den: n[2]}, Unknown: n[3],
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
