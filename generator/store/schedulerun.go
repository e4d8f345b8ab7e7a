package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/huiyin/huiyin/generator/schedule/job"
)

const runColumns = `id, entry, kind, args, due, missed, ready, state, attempt, failures, died, ended, lease, fence, host, holder, started`

func scanRun(row interface{ Scan(...any) error }) (r job.Run, err error) {
	var args, host, holder string
	var due, ready, ended, started int64
	err = row.Scan(&r.ID, &r.Entry, &r.Kind, &args, &due, &r.Missed, &ready, &r.State, &r.Attempt, &r.Failures, &r.Died, &ended, &r.Lease, &r.Fence, &host, &holder, &started)
	if err != nil {
		return r, err
	}
	r.Due, r.Ready, r.Ended, r.Started, r.Holder = instant(due), instant(ready), instant(ended), instant(started), job.Holder{Host: host, ID: holder}
	return r, json.Unmarshal([]byte(args), &r.Args)
}

// Open returns the runs that have not ended, the oldest first.
func (s *Schedule) Open(ctx context.Context) (all []job.Run, err error) {
	rows, err := s.file.Reader.QueryContext(ctx, `SELECT `+runColumns+` FROM runs WHERE state IN ('queued', 'waiting', 'running') ORDER BY id`)
	if err != nil {
		return nil, s.file.Explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanRun(rows)
		if err != nil {
			return nil, s.file.Explain(err)
		}
		all = append(all, r)
	}
	return all, s.file.Explain(rows.Err())
}

// holds reports whether a fence is that of the lease as it stands.
func holds(ctx context.Context, tx *sql.Tx, lease string, fence int64) (ok bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM leases WHERE name = ? AND fence = ? AND holder <> '')`, lease, fence).Scan(&ok)
	return ok, err
}

// Begin begins an attempt of a run under a lease, and gives the run all requests of its
// kind that are there; a run that was to take them, and has not begun, is gone. It reports
// false, and begins nothing, when the lease is not the caller's any more, when the run has
// ended or goes on, or while another one goes on under the lease.
func (s *Schedule) Begin(ctx context.Context, run int64, lease string, fence int64, h job.Holder, at time.Time) (r job.Run, begun bool, err error) {
	err = s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if ok, err := holds(ctx, tx, lease, fence); err != nil || !ok {
			return err
		}
		var err error
		r, err = scanRun(tx.QueryRowContext(ctx, `UPDATE runs SET state = 'running', attempt = attempt + 1, lease = ?1, fence = ?2, host = ?3, holder = ?4, started = ?5
			WHERE id = ?6 AND state IN ('queued', 'waiting') AND NOT EXISTS (SELECT 1 FROM runs WHERE state = 'running' AND lease = ?1) RETURNING `+runColumns,
			lease, fence, h.Host, h.ID, millis(at), run))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE requests SET state = 'running', run = ? WHERE kind = ? AND state = 'queued'`, r.ID, r.Kind); err != nil {
			return err
		}
		// One that was to take them, and has done nothing yet, has nothing to do any more.
		if _, err := tx.ExecContext(ctx, `DELETE FROM runs WHERE kind = ? AND entry = '' AND state = 'queued' AND attempt = 0`, r.Kind); err != nil {
			return err
		}
		if r.Requests, err = requestsOf(ctx, tx, `run = ? AND state = 'running' ORDER BY n`, r.ID); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM requests WHERE run = ? AND act = 0)`, r.ID).Scan(&r.Others); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO attempts (run, entry, kind, attempt, due, missed, started, ended, outcome, final, text, hint, counts)
			VALUES (?, ?, ?, ?, ?, ?, ?, 0, '', 0, '', '', '')`, r.ID, r.Entry, r.Kind, r.Attempt, millis(r.Due), r.Missed, millis(at))
		begun = err == nil
		return err
	})
	return r, begun && err == nil, err
}

// End ends the attempt that goes on under a lease, gives the lease back, and says what
// becomes of the run and of its requests: those that the attempt answers are done, the
// others go with the run. It reports false, and changes nothing, when the lease is not the
// caller's any more. Requests that came meanwhile have a run of their own
// already.
func (s *Schedule) End(ctx context.Context, e job.Ending) (ended bool, err error) {
	err = s.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if ok, err := holds(ctx, tx, e.Lease, e.Fence); err != nil || !ok {
			return err
		}
		over := e.State == job.Done || e.State == job.Failed
		var at, failed, died int64
		if over {
			at = millis(e.At)
		}
		switch e.Outcome {
		case job.Failure:
			failed = 1
		case job.Died:
			failed, died = 1, 1
		}
		known, err := changed(tx.ExecContext(ctx, `UPDATE runs SET state = ?, ready = ?, ended = ?, failures = failures + ?, died = died + ?
			WHERE id = ? AND state = 'running' AND lease = ? AND fence <= ?`,
			string(e.State), millis(e.Ready), at, failed, died, e.Run, e.Lease, e.Fence))
		if err != nil || !known {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE attempts SET ended = ?, outcome = ?, final = ?, text = ?, hint = ?, counts = ? WHERE run = ? AND outcome = ''`,
			millis(e.At), string(e.Outcome), over, e.Text, e.Hint, string(e.Counts), e.Run)
		if err != nil {
			return err
		}
		if len(e.Answer) > 0 {
			answered, err := json.Marshal(e.Answer)
			if err != nil {
				return err
			}
			reason := ""
			if e.State != job.Done {
				reason = e.Text
			}
			_, err = tx.ExecContext(ctx, `UPDATE requests SET state = 'done', release = ?, reason = ?, ended = ? WHERE run = ? AND state = 'running' AND id IN (SELECT value FROM json_each(?))`,
				e.Release, reason, millis(e.At), e.Run, string(answered))
			if err != nil {
				return err
			}
		}
		if over {
			reason := ""
			if e.State == job.Failed {
				reason = e.Text
			}
			_, err := tx.ExecContext(ctx, `UPDATE requests SET state = ?, release = ?, reason = ?, ended = ? WHERE run = ? AND state = 'running'`,
				string(e.State), e.Release, reason, millis(e.At), e.Run)
			if err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, release, e.Lease, e.Fence); err != nil {
			return err
		}
		ended = true
		return nil
	})
	return ended && err == nil, err
}
