package sql

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/huiyin/huiyin/generator/fault"
)

const (
	maxRow   = 16 << 20 // bytes of one row as the server sends it
	maxBytes = 4 << 20  // of items in a page, but for the last
	fetch    = 100      // rows that are asked for at once
)

// page is what one look at the view has brought.
type page struct {
	items [][]byte
	to    mark // the last of them
	more  bool
}

// read takes the rows behind a place, in the order of (updated_at, key), as far as one
// page goes, until a time. The key is compared byte by byte: how a collation orders texts may change
// with the system of the server, and some hold different keys for equal.
//
// A cursor hands out the rows, so that those beyond the size of a page are not sent.
func (f *Feed) read(ctx context.Context, s *session, v view, from *mark, until int64) (page, error) {
	schema, name := f.o.viewName()
	u, k := quote(f.o.UpdatedAt), quote(f.o.Key)+`::text COLLATE "C"`
	at := mark{}
	after := "-infinity"
	if from != nil {
		at, after = *from, moment(from.U)
	}
	err := s.query(ctx, 0, `DECLARE page NO SCROLL CURSOR FOR SELECT `+u+`, `+k+`, `+v.names()+` FROM `+pgx.Identifier{schema, name}.Sanitize()+
		` WHERE (`+u+`, `+k+`) > ($1::timestamptz, $2::text COLLATE "C") AND `+u+` <= $3::timestamptz ORDER BY `+u+`, `+k+` LIMIT `+strconv.Itoa(f.o.Page+1),
		[]string{after, at.K, moment(until)}, nil)
	if err != nil {
		return page{}, err
	}
	var p page
	keys, size, done := map[string]bool{}, 0, false
	for !done {
		n := 0
		err := s.query(ctx, 2+len(v.columns), "FETCH FORWARD "+strconv.Itoa(fetch)+" FROM page", nil, func(values [][]byte) error {
			if n++; done {
				return nil
			}
			u, err := micros(values[0])
			if err != nil {
				return err
			}
			key := string(values[1])
			if keys[key] {
				return f.refuse("has more than one row of the same "+f.o.Key, "a view has one row for each key; a join that yields several must be aggregated")
			}
			if len(p.items) == f.o.Page || size >= maxBytes {
				p.more, done = true, true
				return nil
			}
			keys[key] = true
			item, err := v.item(values[2:])
			if err != nil {
				return err
			}
			size += len(item)
			p.items, p.to = append(p.items, item), mark{u, key}
			return nil
		})
		if err != nil {
			return page{}, err
		}
		done = done || n < fetch
	}
	return p, nil
}

// item makes a row a JSON object.
func (v view) item(values [][]byte) ([]byte, error) {
	b := []byte{'{'}
	for i, c := range v.columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, c.name), ':')
		var err error
		if b, err = c.append(b, values[i]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// timestamp is how the server writes a time in a session of ours.
const timestamp = "2006-01-02 15:04:05.999999-07"

// micros reads a time that the server wrote.
func micros(b []byte) (int64, error) {
	t, err := time.Parse(timestamp, string(b))
	if err != nil {
		return 0, fault.New("the database wrote a time of a change that cannot be read", "it must lie between the years 1 and 9999")
	}
	return t.UnixMicro(), nil
}

// moment writes a time for the server.
func moment(micros int64) string { return time.UnixMicro(micros).UTC().Format(timestamp) }
