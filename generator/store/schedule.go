package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/sqlitefile"
)

// Schedule is what the timetable has to remember, whatever becomes of the queue: when
// entries fired, who holds which lease, what is to be done, what was asked for, and the
// journal of what was done.
//
// It is a SQLite file of its own beside the store: a batch of cases is one transaction
// that may take minutes, and neither a request nor the renewal of a lease may wait for it.
// Nothing in it is needed to publish. Its methods are safe for concurrent use, in any
// number of processes.
type Schedule struct{ file *sqlitefile.File }

//go:embed schedule/migrations/*.sql
var scheduleMigrations embed.FS

// OpenSchedule opens the schedule at path and makes it when there is none. It refuses
// files as [Open] does.
func OpenSchedule(path string) (*Schedule, error) {
	migrations, err := fs.Sub(scheduleMigrations, "schedule")
	if err != nil {
		return nil, err
	}
	// "HYsc"
	file, err := sqlitefile.Open(context.Background(), path, sqlitefile.Kind{Name: "a schedule", ID: 0x48597363, Migrations: migrations})
	if err != nil {
		return nil, err
	}
	return &Schedule{file: file}, nil
}

// Close closes the file.
func (s *Schedule) Close() error { return s.file.Close() }

// millis is a time as it is kept; that of the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// changed reports whether a statement has changed one row.
func changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Fired returns when each entry that is known last fired.
func (s *Schedule) Fired(ctx context.Context) (map[string]time.Time, error) {
	rows, err := s.file.Reader.QueryContext(ctx, `SELECT name, fired FROM entries`)
	if err != nil {
		return nil, s.file.Explain(err)
	}
	defer rows.Close()
	all := map[string]time.Time{}
	for rows.Next() {
		var name string
		var ms int64
		if err := rows.Scan(&name, &ms); err != nil {
			return nil, s.file.Explain(err)
		}
		all[name] = instant(ms)
	}
	return all, s.file.Explain(rows.Err())
}

// Rebase sets when an entry last fired from one time to another, and reports whether it
// was that time before; zero is that of an entry that is not known yet.
func (s *Schedule) Rebase(ctx context.Context, entry string, from, to time.Time) (done bool, err error) {
	err = s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		if from.IsZero() {
			done, err = changed(tx.ExecContext(ctx, `INSERT INTO entries (name, fired) VALUES (?, ?) ON CONFLICT DO NOTHING`, entry, millis(to)))
			return err
		}
		done, err = changed(tx.ExecContext(ctx, `UPDATE entries SET fired = ? WHERE name = ? AND fired = ?`, millis(to), entry, millis(from)))
		return err
	})
	return done, err
}

// Fire claims a firing and queues its run. It reports false when that firing or a later
// one was claimed before, by anyone. A run of the entry that has not begun yet stands for
// this firing too.
func (s *Schedule) Fire(ctx context.Context, f job.Firing) (claimed bool, err error) {
	args, err := json.Marshal(f.Args)
	if err != nil {
		return false, err
	}
	err = s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		claimed, err = changed(tx.ExecContext(ctx, `UPDATE entries SET fired = ?1 WHERE name = ?2 AND fired < ?1`, millis(f.Due), f.Entry))
		if err != nil || !claimed {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE runs SET missed = missed + 1 + ?, due = ?, ready = ?, args = ?
			WHERE id = (SELECT min(id) FROM runs WHERE entry = ? AND kind = ? AND state IN ('queued', 'waiting'))`,
			f.Missed, millis(f.Due), millis(f.Now), string(args), f.Entry, f.Kind)
		if joined, err := changed(res, err); err != nil || joined {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO runs (entry, kind, args, due, missed, ready, state) VALUES (?, ?, ?, ?, ?, ?, 'queued')`,
			f.Entry, f.Kind, string(args), millis(f.Due), f.Missed, millis(f.Now))
		return err
	})
	return claimed, err
}

// Take gives a lease to a holder until a time. It does not where somebody else has it,
// unless that one's time is over, or it is on the same host: the caller holds the lock of
// the name on its host, so that a holder there is dead.
func (s *Schedule) Take(ctx context.Context, name string, h job.Holder, now, until time.Time) (fence int64, taken bool, err error) {
	err = s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO leases (name, host, holder, until, fence) VALUES (?, '', '', 0, 0) ON CONFLICT DO NOTHING`, name); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, `UPDATE leases SET host = ?1, holder = ?2, until = ?3, fence = fence + 1
			WHERE name = ?4 AND (holder = '' OR host = ?1 OR until <= ?5) RETURNING fence`,
			h.Host, h.ID, millis(until), name, millis(now)).Scan(&fence)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		taken = err == nil
		return err
	})
	return fence, taken && err == nil, err
}

// Renew moves on the end of a lease, and reports whether it is still the caller's.
func (s *Schedule) Renew(ctx context.Context, name string, fence int64, until time.Time) (held bool, err error) {
	err = s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		held, err = changed(tx.ExecContext(ctx, `UPDATE leases SET until = ? WHERE name = ? AND fence = ? AND holder <> ''`, millis(until), name, fence))
		return err
	})
	return held, err
}

const release = `UPDATE leases SET host = '', holder = '', until = 0 WHERE name = ? AND fence = ?`

// Release gives a lease back, if it is still the caller's.
func (s *Schedule) Release(ctx context.Context, name string, fence int64) error {
	return s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, release, name, fence)
		return err
	})
}

// Leases returns the leases that somebody has, by name.
func (s *Schedule) Leases(ctx context.Context) (all []job.Lease, err error) {
	rows, err := s.file.Reader.QueryContext(ctx, `SELECT name, host, holder, until, fence FROM leases WHERE holder <> '' ORDER BY name`)
	if err != nil {
		return nil, s.file.Explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var l job.Lease
		var until int64
		if err := rows.Scan(&l.Name, &l.Holder.Host, &l.Holder.ID, &until, &l.Fence); err != nil {
			return nil, s.file.Explain(err)
		}
		l.Until = instant(until)
		all = append(all, l)
	}
	return all, s.file.Explain(rows.Err())
}

// Note adds a line to the journal that is of no run.
func (s *Schedule) Note(ctx context.Context, a job.Attempt) error {
	return s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO attempts (run, entry, kind, attempt, due, missed, started, ended, outcome, final, text, hint, counts)
			VALUES (0, ?, ?, 0, ?, ?, ?, ?, ?, 1, ?, ?, ?)`,
			a.Entry, a.Kind, millis(a.Due), a.Missed, millis(a.Started), millis(a.Ended), string(a.Outcome), a.Text, a.Hint, string(a.Counts))
		return err
	})
}

// Attempts returns lines of the journal, the newest first.
func (s *Schedule) Attempts(ctx context.Context, f job.Filter) (all []job.Attempt, err error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	rows, err := s.file.Reader.QueryContext(ctx, `SELECT run, entry, kind, attempt, due, missed, started, ended, outcome, final, text, hint, counts FROM attempts
		WHERE (?1 = '' OR entry = ?1) AND (?2 = '' OR kind = ?2) AND (?3 = 0 OR run = ?3) AND started >= ?4
			AND (?5 = 0 OR EXISTS (SELECT 1 FROM requests WHERE requests.run = attempts.run AND requests.state = 'failed')) AND (?6 = 0 OR final = 1 AND run <> 0) AND (?7 = '' OR outcome = ?7) ORDER BY id DESC LIMIT ?8`,
		f.Entry, f.Kind, f.Run, millis(f.Since), f.Refused, f.Ends, string(f.Outcome), f.Limit)
	if err != nil {
		return nil, s.file.Explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var a job.Attempt
		var due, started, ended int64
		var outcome, counts string
		if err := rows.Scan(&a.Run, &a.Entry, &a.Kind, &a.Attempt, &due, &a.Missed, &started, &ended, &outcome, &a.Final, &a.Text, &a.Hint, &counts); err != nil {
			return nil, s.file.Explain(err)
		}
		a.Due, a.Started, a.Ended, a.Outcome = instant(due), instant(started), instant(ended), job.Outcome(outcome)
		if counts != "" {
			a.Counts = json.RawMessage(counts)
		}
		all = append(all, a)
	}
	return all, s.file.Explain(rows.Err())
}

// Prune removes from the journal what had ended before a time, except for the newest
// lines, so many of each table: a clock that is years ahead empties nothing.
func (s *Schedule) Prune(ctx context.Context, before time.Time, keep int) (removed int64, err error) {
	err = s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, q := range []string{
			`DELETE FROM attempts WHERE outcome <> '' AND ended < ?1 AND id <= (SELECT max(id) FROM attempts) - ?2`,
			`DELETE FROM requests WHERE state IN ('done', 'failed') AND ended < ?1 AND n <= (SELECT max(n) FROM requests) - ?2`,
			`DELETE FROM runs WHERE state IN ('done', 'failed') AND ended < ?1 AND id <= (SELECT max(id) FROM runs) - ?2`,
		} {
			res, err := tx.ExecContext(ctx, q, millis(before), keep)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			removed += n
		}
		return nil
	})
	return removed, err
}

// RequestID returns the identifier of the request that a message asks for: the same for the
// same name of a message, and guessed by nobody who knows the name.
func (s *Schedule) RequestID(ctx context.Context, message string) (string, error) {
	var secret []byte
	if err := s.file.Reader.QueryRowContext(ctx, `SELECT bytes FROM secret`).Scan(&secret); err != nil {
		return "", s.file.Explain(err)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(message)) // never fails, as hash.Hash says
	return hex.EncodeToString(mac.Sum(nil)[:16]), nil
}

// Request keeps a request and sees that there is a run to come that takes it. One whose
// identifier is known already is not kept again: what is kept of it is returned, and false.
// A run that waits for its next try does not wait any longer.
func (s *Schedule) Request(ctx context.Context, q job.Request) (kept job.Request, fresh bool, err error) {
	if q.ID == "" || q.Kind == "" {
		return q, false, fault.New("a request needs an identifier and a kind", "give both")
	}
	err = s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		old, err := requestsOf(ctx, tx, `id = ?`, q.ID)
		if err != nil {
			return err
		}
		if len(old) > 0 {
			kept = old[0]
			return nil
		}
		kept, fresh = job.Request{ID: q.ID, Kind: q.Kind, Scope: q.Scope, By: q.By, At: instant(millis(q.At)), Act: q.Act, State: job.Queued}, true
		if _, err := tx.ExecContext(ctx, `INSERT INTO requests (id, kind, scope, by, at, act, state) VALUES (?, ?, ?, ?, ?, ?, 'queued')`, q.ID, q.Kind, q.Scope, q.By, millis(q.At), q.Act); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE runs SET ready = min(ready, ?) WHERE kind = ? AND state = 'waiting'`, millis(q.At), q.Kind); err != nil {
			return err
		}
		// As long as a request is queued, there is a run that has not begun.
		_, err = tx.ExecContext(ctx, `INSERT INTO runs (entry, kind, args, due, missed, ready, state) SELECT '', ?1, 'null', ?2, 0, ?2, 'queued'
			WHERE NOT EXISTS (SELECT 1 FROM runs WHERE kind = ?1 AND state IN ('queued', 'waiting'))`, q.Kind, millis(q.At))
		return err
	})
	return kept, fresh && err == nil, err
}

// Requested returns a request by its identifier; ok is false when there is none.
func (s *Schedule) Requested(ctx context.Context, id string) (q job.Request, ok bool, err error) {
	all, err := requestsOf(ctx, s.file.Reader, `id = ?`, id)
	if err != nil || len(all) == 0 {
		return q, false, s.file.Explain(err)
	}
	return all[0], true, nil
}

// Pending returns the requests that have not ended, in the order in which they came, at
// most so many.
func (s *Schedule) Pending(ctx context.Context, limit int) ([]job.Request, error) {
	all, err := requestsOf(ctx, s.file.Reader, `state IN ('queued', 'running') ORDER BY n LIMIT ?`, limit)
	return all, s.file.Explain(err)
}

// Answered returns the requests that have ended, the newest first, at most so many.
func (s *Schedule) Answered(ctx context.Context, limit int) ([]job.Request, error) {
	all, err := requestsOf(ctx, s.file.Reader, `state IN ('done', 'failed') ORDER BY n DESC LIMIT ?`, limit)
	return all, s.file.Explain(err)
}

// Asked returns when the newest run of a kind that was requested began, and when the oldest
// and the newest of its requests that wait were made; zero where there is none.
func (s *Schedule) Asked(ctx context.Context, kind string) (begun, oldest, newest time.Time, err error) {
	var started, first, last sql.NullInt64
	err = s.file.Reader.QueryRowContext(ctx, `SELECT (SELECT started FROM attempts WHERE kind = ?1 AND entry = '' ORDER BY id DESC LIMIT 1), min(at), max(at)
		FROM requests WHERE kind = ?1 AND state = 'queued'`, kind).Scan(&started, &first, &last)
	return instant(started.Int64), instant(first.Int64), instant(last.Int64), s.file.Explain(err)
}

func requestsOf(ctx context.Context, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, where string, args ...any) (all []job.Request, err error) {
	rows, err := db.QueryContext(ctx, `SELECT id, kind, scope, by, at, act, state, run, release, reason, ended FROM requests WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var q job.Request
		var at, ended int64
		if err := rows.Scan(&q.ID, &q.Kind, &q.Scope, &q.By, &at, &q.Act, &q.State, &q.Run, &q.Release, &q.Reason, &ended); err != nil {
			return nil, err
		}
		q.At, q.Ended = instant(at), instant(ended)
		all = append(all, q)
	}
	return all, rows.Err()
}
