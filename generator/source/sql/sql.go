// Package sql fetches from a view of a PostgreSQL database, which an office has made
// of what may be published: one row for each case, with its number, the time of its
// last change, and withdrawn_at where it was taken back. docs/sql.md is for the DBA.
//
// Nothing is written, and nothing can be: the role that signs in must not be able to
// write to any table, nor to make anything, or else nothing is read. A view that shows
// a column whose name says that it holds who somebody is, is not read either.
//
// Rows are read in the order of (updated_at, key), each page in a transaction of its
// own, REPEATABLE READ and READ ONLY. A transaction over the whole walk would hold back
// the clearing of dead rows in the office's database for as long as the walk lasts, and
// is not needed: a row that changes in between moves to the end of the order, where the
// walk has yet to come, so none is missed, and one may come twice, the newer later. A
// walk ends at the time at which it began, by the server's clock, and begins before the
// end of the last one, for changes that are committed late.
//
// A row that is in the view no more is no news: it has to stay with withdrawn_at set.
package sql

import (
	"context"
	"fmt"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// Feed reads one view. It keeps nothing between two fetches and is safe for concurrent
// use.
type Feed struct {
	o   Options
	env func(string) string
}

// New returns the feed with the given options, of which it says what is wrong. env
// looks up a variable of the environment, as os.Getenv does. Neither the address is
// read nor the database asked before Fetch.
func New(o Options, env func(string) string) (*Feed, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	return &Feed{o: o, env: env}, nil
}

// Fetch hands over the rows that are new or have changed since the state, in pages, as
// spool.Feed has it. A row is one JSON object with the columns of the view as members.
//
// Errors that mean a setting, a right or the view are fault.ExitConfig. No error holds
// the address, the password or a value of a row.
func (f *Feed) Fetch(ctx context.Context, raw []byte, hand func(source.Page) error) (source.Walk, error) {
	st, err := readState(raw)
	if err != nil {
		return source.Walk{}, err
	}
	s, err := f.connect(ctx)
	if err != nil {
		return source.Walk{}, err
	}
	defer s.close(ctx)
	var future int64
	var first view
	err = s.look(ctx, func() (err error) {
		if err = s.checkRole(ctx); err != nil {
			return err
		}
		if first, err = f.view(ctx, s); err != nil {
			return err
		}
		future, err = f.checkRows(ctx, s)
		return err
	})
	if err != nil {
		return source.Walk{}, failure(ctx, err)
	}
	restart := false
	if st.Print != "" && st.Print != first.print {
		st, restart = state{Format: stateFormat}, true
	}
	st.Print = first.print
	now, err := micros([]byte(s.now))
	if err != nil {
		return source.Walk{}, err
	}
	at, known := st.start(f.o.Overlap, now), st.known()
	for more := true; more; {
		var p page
		err := s.look(ctx, func() error {
			v, err := f.view(ctx, s)
			if err != nil {
				return err
			}
			if v.print != st.Print {
				return fault.New("the view "+f.o.View+" was changed while it was read", "fetch again: all of it is fetched anew, as it is now")
			}
			p, err = f.read(ctx, s, v, at)
			return err
		})
		if err != nil {
			return source.Walk{}, failure(ctx, err)
		}
		var items [][]byte
		var digests []byte
		for _, item := range p.items {
			d := digest(item)
			if known[d] {
				continue
			}
			known[d] = true
			items, digests = append(items, item), append(digests, d[:]...)
		}
		if len(p.items) > 0 {
			at = &p.to
			st.advance(p.to, digests, f.o.Overlap)
		}
		if more = p.more; len(items) == 0 && !restart {
			continue
		}
		text, err := st.text()
		if err != nil {
			return source.Walk{}, err
		}
		if err := hand(source.Page{Items: items, State: text, Restart: restart}); err != nil {
			return source.Walk{}, err
		}
		restart = false
	}
	st.At = nil
	w := source.Walk{}
	if w.State, err = st.text(); err != nil {
		return source.Walk{}, err
	}
	if future > 0 {
		w.Missing = append(w.Missing, fmt.Sprintf("%d rows of the view %s state an %s in the future; they are fetched once that time has come", future, f.o.View, f.o.UpdatedAt))
	}
	return w, nil
}
