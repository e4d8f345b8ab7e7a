package intake

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/source"
)

// Info names the batch at hand.
type Info struct {
	Name   string
	Digest [32]byte
	AsOf   string // 2006-01-02
}

// Known is what the intake knows of a batch.
type Known struct {
	Rows     int  // records received
	Finished bool // everything that followed from it is done
}

// Known returns what is known of the batch with the given digest; ok is false
// when it was never received.
func (d *DB) Known(ctx context.Context, digest [32]byte) (k Known, ok bool, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT rows, finished FROM batches WHERE digest = ?`, digest[:]).Scan(&k.Rows, &k.Finished)
	if errors.Is(err, sql.ErrNoRows) {
		return Known{}, false, nil
	}
	return k, err == nil, d.explain(err)
}

// Receipt says what became of one received record.
type Receipt int8

// The receipts.
const (
	Changed   Receipt = iota // new or different: sealed and pending
	Unchanged                // the same as before: not stored again
	Duplicate                // a second, different record of the same key in one batch: refused
)

// Receive seals the records of a batch in one transaction. read hands each to
// add, together with the keyed hash of its key; when read fails, nothing of the
// batch is kept. A record is pending until [DB.Finish] says otherwise, however
// often the batch is received. All records of a batch that was finished before
// are pending again: whoever receives it again has lost what came of it.
func (d *DB) Receive(ctx context.Context, b Info, read func(add func(mac string, raw source.Raw) (Receipt, error)) error) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := newReceiver(ctx, tx, d.seal, b, d.now())
		if err != nil {
			return err
		}
		if err := read(r.add); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE batches SET rows = ? WHERE id = ?`, r.rows, r.batch)
		return err
	})
}

// receiver seals the records of one batch.
type receiver struct {
	ctx   context.Context
	seal  *sealer
	batch int64
	asOf  string
	now   int64
	again bool // the batch was finished before, and the store has lost it
	rows  int

	findHead, addHead, markHead, pending, versions, addVersion, seenVersion *sql.Stmt
}

func newReceiver(ctx context.Context, tx *sql.Tx, s *sealer, b Info, now time.Time) (*receiver, error) {
	r := &receiver{ctx: ctx, seal: s, asOf: b.AsOf, now: now.Unix()}
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM batches WHERE digest = ? AND finished = 1)`, b.Digest[:]).Scan(&r.again)
	if err != nil {
		return nil, err
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO batches (digest, name, asof, rows, finished, received_at) VALUES (?, ?, ?, 0, 0, ?)
		ON CONFLICT (digest) DO UPDATE SET name = excluded.name, asof = excluded.asof, finished = 0 RETURNING id`,
		b.Digest[:], b.Name, b.AsOf, r.now).Scan(&r.batch)
	if err != nil {
		return nil, err
	}
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&r.findHead, `SELECT id FROM heads WHERE mac = ?`},
		{&r.addHead, `INSERT INTO heads (mac, kind, key, received, dirty, state, gone, changed) VALUES (?, ?, ?, ?, 1, 0, ?, ?)`},
		{&r.markHead, `UPDATE heads SET dirty = 1, changed = ?, gone = max(gone, ?),
			received = CASE WHEN ? = '' THEN received ELSE ? END WHERE id = ?`},
		{&r.pending, `UPDATE heads SET dirty = 1 WHERE id = ?`},
		{&r.versions, `SELECT id, last, last_batch, content FROM versions WHERE head = ? AND stream = ? ORDER BY last DESC, id DESC`},
		{&r.addVersion, `INSERT INTO versions (head, stream, asof, last, last_batch, content, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)`},
		{&r.seenVersion, `UPDATE versions SET last = max(last, ?), last_batch = ? WHERE id = ?`},
	} {
		if *s.to, err = tx.PrepareContext(ctx, s.text); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *receiver) add(mac string, raw source.Raw) (Receipt, error) {
	r.rows++
	m, err := macBytes(mac)
	if err != nil {
		return 0, err
	}
	v := version{where: raw.Where, gone: raw.Gone, fields: raw.Fields, files: raw.Files}
	body := v.encodeBody()
	content := r.seal.content(body)

	var head int64
	err = r.findHead.QueryRowContext(r.ctx, m).Scan(&head)
	if errors.Is(err, sql.ErrNoRows) {
		head, err = r.newHead(m, raw)
		if err != nil {
			return 0, err
		}
		return Changed, r.store(head, m, raw.Stream, v.encode(body), content)
	}
	if err != nil {
		return 0, err
	}
	same, receipt, err := r.compare(head, raw.Stream, content)
	if err != nil || receipt == Duplicate {
		return receipt, err
	}
	if receipt == Unchanged {
		if _, err := r.seenVersion.ExecContext(r.ctx, r.asOf, r.batch, same); err != nil || !r.again {
			return receipt, err
		}
		_, err := r.pending.ExecContext(r.ctx, head)
		return receipt, err
	}
	day := receivedDay(raw.Fields[source.FieldReceived])
	if _, err := r.markHead.ExecContext(r.ctx, r.now, raw.Gone, day, day, head); err != nil {
		return 0, err
	}
	return Changed, r.store(head, m, raw.Stream, v.encode(body), content)
}

// compare says whether content is news in its stream, and if not, which
// version it repeats.
func (r *receiver) compare(head int64, stream string, content []byte) (same int64, receipt Receipt, err error) {
	rows, err := r.versions.QueryContext(r.ctx, head, stream)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	settled := false // by the version that stands just before the day of this batch
	receipt = Changed
	for rows.Next() {
		var id, batch int64
		var last string
		var have []byte
		if err := rows.Scan(&id, &last, &batch, &have); err != nil {
			return 0, 0, err
		}
		equal := string(have) == string(content)
		if batch == r.batch {
			if equal {
				return id, Unchanged, nil
			}
			return 0, Duplicate, nil
		}
		if !settled && last <= r.asOf {
			settled = true
			if equal {
				same, receipt = id, Unchanged
			}
		}
	}
	return same, receipt, rows.Err()
}

func (r *receiver) newHead(mac []byte, raw source.Raw) (int64, error) {
	kind, err := kindIndex(raw.Kind)
	if err != nil {
		return 0, err
	}
	key, err := r.seal.seal([]byte(raw.Key), bound("key", mac, ""))
	if err != nil {
		return 0, err
	}
	res, err := r.addHead.ExecContext(r.ctx, mac, kind, key, receivedDay(raw.Fields[source.FieldReceived]), raw.Gone, r.now)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

func (r *receiver) store(head int64, mac []byte, stream string, plain, content []byte) error {
	sealed, err := r.seal.seal(plain, bound("version", mac, stream))
	if err != nil {
		return err
	}
	_, err = r.addVersion.ExecContext(r.ctx, head, stream, r.asOf, r.asOf, r.batch, content, sealed)
	return err
}

// receivedDay returns the day in UTC+8 of a time field, as 2006-01-02, or ""
// when it is empty or not a time.
func receivedDay(s string) string {
	if len(s) == len(time.DateOnly) {
		if _, err := time.Parse(time.DateOnly, s); err == nil {
			return s
		}
		return ""
	}
	t, err := time.Parse(time.RFC3339, strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	return t.In(time.FixedZone("UTC+8", 8*60*60)).Format(time.DateOnly)
}
