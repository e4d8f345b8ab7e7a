package intake

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

// ranks holds the place of each stream in the mapping, the first being 0. A stream that is
// not in it stands behind all others.
type ranks map[string]int

// parseRanks reads what [DB.Order] has kept.
func parseRanks(kept string) ranks {
	r := ranks{}
	for i, name := range strings.Fields(kept) {
		r[name] = i
	}
	return r
}

// compare puts the streams that count for more first: in the order of the mapping, and
// behind them, by name, those that it does not list any more.
func (r ranks) compare(a, b string) int {
	x, listedA := r[a]
	y, listedB := r[b]
	switch {
	case listedA && listedB:
		return cmp.Compare(x, y)
	case listedA:
		return -1
	case listedB:
		return 1
	}
	return strings.Compare(a, b)
}

// Ordered reports whether this order of the streams is the one that is kept.
func (d *DB) Ordered(ctx context.Context, streams []string) (bool, error) {
	kept, known, err := streamOrder(ctx, d.reader)
	return known && kept == strings.Join(streams, "\n"), d.explain(err)
}

// Order says in which order the mapping lists the streams. Where two carry the same field
// with contents of the same as-of day, the first counts. The order is kept. Where it stands
// otherwise than before for streams that were received, every record that came in more than
// one is pending; so it is where none was kept, since what came last counted then. Nobody may
// be at work between [DB.Load] and [DB.Finish] meanwhile: what he has joined in the former
// order would be pending no more.
func (d *DB) Order(ctx context.Context, streams []string) error {
	have, err := d.receivedStreams(ctx)
	if err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		order := strings.Join(streams, "\n")
		kept, known, err := streamOrder(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO meta VALUES ('streams', ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v`, []byte(order)); err != nil {
			return err
		}
		before := slices.SortedFunc(slices.Values(have), parseRanks(kept).compare)
		if known && slices.Equal(before, slices.SortedFunc(slices.Values(have), parseRanks(order).compare)) {
			return nil
		}
		_, err = tx.ExecContext(ctx, `UPDATE heads SET dirty = 1 WHERE state NOT IN (?, ?) AND id IN
			(SELECT head FROM versions WHERE sealed IS NOT NULL GROUP BY head HAVING count(DISTINCT stream) > 1)`, Gone, Waiting)
		return err
	})
}

// ranks returns the order that was kept.
func (d *DB) ranks(ctx context.Context) (ranks, error) {
	kept, _, err := streamOrder(ctx, d.reader)
	return parseRanks(kept), err
}

// streamOrder returns the order that is kept. known is false in a file in which none ever was.
func streamOrder(ctx context.Context, db rower) (kept string, known bool, err error) {
	var v []byte
	err = db.QueryRowContext(ctx, `SELECT v FROM meta WHERE k = 'streams'`).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return string(v), err == nil, err
}

// receivedStreams returns the names of the streams of which something is kept.
func (d *DB) receivedStreams(ctx context.Context) ([]string, error) {
	return list(ctx, d, `SELECT DISTINCT stream FROM versions WHERE sealed IS NOT NULL`,
		func(rows *sql.Rows, name *string) error { return rows.Scan(name) })
}

// streams returns the versions of each stream, oldest first, and the streams in
// the order in which they are laid over each other: that of the newest content last, and
// of equal days the one that stands first in the mapping. Of an entry that stands in a
// register, what was only derived is left out: by itself, and not by streams, since two
// inputs that read one feed are one stream.
func (h history) streams(kind source.Kind) [][]received {
	byName := map[string][]received{}
	for _, v := range h.versions {
		byName[v.stream] = append(byName[v.stream], v)
	}
	var streams [][]received
	register := false
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		s := byName[name]
		slices.SortFunc(s, func(a, b received) int {
			return cmp.Or(strings.Compare(a.last, b.last), cmp.Compare(a.id, b.id))
		})
		streams = append(streams, s)
		register = register || slices.ContainsFunc(s, func(v received) bool { return !derived(v) })
	}
	if kind != source.Case && register {
		for i, s := range streams {
			streams[i] = slices.DeleteFunc(s, derived)
		}
		streams = slices.DeleteFunc(streams, func(s []received) bool { return len(s) == 0 })
	}
	slices.SortFunc(streams, func(a, b []received) int {
		x, y := a[len(a)-1], b[len(b)-1]
		return cmp.Or(strings.Compare(x.asOf, y.asOf), h.ranks.compare(y.stream, x.stream))
	})
	return streams
}

// derived reports whether a version is made of a column of cases.
func derived(v received) bool { return v.fields[source.FieldDerived] == "yes" }
