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
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// Feed reads one view. It keeps nothing between two fetches and is safe for concurrent
// use.
type Feed struct {
	o   Options
	env func(string) string
	now func() time.Time
}

// New returns the feed with the given options, of which it says what is wrong. env
// looks up a variable of the environment, as os.Getenv does, and now tells the time, by
// which a server whose clock is wrong is noticed. Neither the address is read nor the
// database asked before Fetch.
func New(o Options, env func(string) string, now func() time.Time) (*Feed, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	return &Feed{o: o, env: env, now: now}, nil
}

// walk is a fetch that is under way.
type walk struct {
	f       *Feed
	s       *session
	st      state
	known   map[[digestSize]byte]bool
	restart bool // what was handed over earlier in the walk is void, which is still to be said
	hand    func(source.Page) error
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
	var v view
	var now, future int64
	err = s.look(ctx, func() (err error) {
		if err = s.checkRole(ctx); err != nil {
			return err
		}
		if err = s.checkTables(ctx, f.o.Forbidden); err != nil {
			return err
		}
		if v, err = f.view(ctx, s); err != nil {
			return err
		}
		now, future, err = f.checkRows(ctx, s)
		return err
	})
	if err != nil {
		return source.Walk{}, failure(ctx, err)
	}
	if off := time.UnixMicro(now).Sub(f.now()).Abs(); off > f.o.Overlap {
		return source.Walk{}, fault.New(fmt.Sprintf("the clocks of the database server and of this machine are %s apart", off.Round(time.Second)),
			"set the one that is wrong, best by NTP: changes are found by their time")
	}
	w := walk{f: f, s: s, st: st, hand: hand}
	if st.Print != v.print {
		w.st, w.restart = state{Format: stateFormat, Print: v.print}, st.Print != ""
	}
	w.known = w.st.known()
	if w.st.At != nil {
		// A walk that was broken off is first brought to the end that it had. Else what was
		// committed late, behind the place where it stood, would lie before the overlap of
		// what has come since.
		if err := w.read(ctx, w.st.At); err != nil {
			return source.Walk{}, failure(ctx, err)
		}
	}
	from := w.st.start(f.o.Overlap, now)
	w.st.Until = now
	if err := w.read(ctx, from); err != nil {
		return source.Walk{}, failure(ctx, err)
	}
	w.st.At, w.st.Until = nil, 0
	end := source.Walk{}
	if end.State, err = w.st.text(); err != nil {
		return source.Walk{}, err
	}
	if future > 0 {
		end.Missing = append(end.Missing, fmt.Sprintf("%d rows of the view %s state an %s in the future; they are fetched once that time has come", future, f.o.View, f.o.UpdatedAt))
	}
	return end, nil
}

// handed is an error of the one who takes pages, which is returned as it is.
type handed struct{ error }

// read hands over what is new between a place and the end of the walk.
func (w *walk) read(ctx context.Context, at *mark) error {
	for more := true; more; {
		var p page
		err := w.s.look(ctx, func() error {
			v, err := w.f.view(ctx, w.s)
			if err != nil {
				return err
			}
			if v.print != w.st.Print {
				return fault.New("the view "+w.f.o.View+" was changed while it was read", "fetch again: all of it is fetched anew, as it is now")
			}
			p, err = w.f.read(ctx, w.s, v, at, w.st.Until)
			return err
		})
		if err != nil {
			return err
		}
		var items [][]byte
		var digests []byte
		for _, item := range p.items {
			d := digest(item)
			if w.known[d] {
				continue
			}
			w.known[d] = true
			items, digests = append(items, item), append(digests, d[:]...)
		}
		if len(p.items) > 0 {
			at = &p.to
			w.st.advance(p.to, digests, w.f.o.Overlap)
		}
		if more = p.more; len(items) == 0 && !w.restart {
			continue
		}
		text, err := w.st.text()
		if err != nil {
			return err
		}
		if err := w.hand(source.Page{Items: items, State: text, Restart: w.restart}); err != nil {
			return handed{err}
		}
		w.restart = false
	}
	return nil
}
