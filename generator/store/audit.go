package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
)

// Act is what a person or a token did. It holds nothing of a case but its number: what
// there was before and after stands in it as hashes.
type Act struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`               // who, as stated; not proved
	Origin string    `json:"origin"`           // from where: "command line", or the address and the token of a request
	Act    string    `json:"act"`              // such as "withdraw"
	Target string    `json:"target"`           // of what: a case number, or words such as "release 12"
	Reason string    `json:"reason,omitempty"` // why, in one line
	Before string    `json:"before,omitempty"` // SHA-256 in hexadecimal
	After  string    `json:"after,omitempty"`
	Note   string    `json:"note,omitempty"` // SHA-256 of a note that stays inside
}

// Audited is an act in its place.
type Audited struct {
	Seq int64 `json:"seq"` // from 1, without a gap
	Act
	Sum string `json:"sum"` // SHA-256 of the act and of the sum before it, in hexadecimal
}

// AuditHead is where the chain of acts ends: as long as the head is known, no act
// before it can be changed, added or taken out unseen.
type AuditHead struct {
	Acts int64  `json:"acts"`
	Sum  string `json:"sum"` // of the last one; of no act: [AuditStart]
}

// AuditStart is the sum before the first act: the SHA-256 of "huiyin audit 1".
var AuditStart = hex.EncodeToString(auditStart())

func auditStart() []byte {
	sum := sha256.Sum256([]byte("huiyin audit 1"))
	return sum[:]
}

// maxAct bounds each text of an act, in bytes.
const maxAct = 500

// Audit adds an act behind the others and returns it in its place. It is on the disk
// when Audit returns. What an act does is to be done after that, so that nothing is
// done without a trace.
//
// It waits for nobody: where another process is writing to the store and goes on with it,
// the act is in the journal of withdrawals when Audit returns, without a place, and that
// process takes it over before it commits.
func (d *DB) Audit(ctx context.Context, a Act) (done Audited, err error) {
	if err := a.Check(); err != nil {
		return done, err
	}
	err = d.file.TryWrite(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err = audit(ctx, tx, a)
		return err
	})
	if isBusy(err) {
		done = Audited{Act: a}
		err = d.journal.locked(func() error {
			_, _, end, err := d.ahead(ctx)
			if err == nil {
				_, err = d.journal.append([]Entry{{Act: &a}}, end)
			}
			return err
		})
	}
	return done, err
}

func audit(ctx context.Context, tx *sql.Tx, a Act) (Audited, error) {
	head, err := auditHead(ctx, tx)
	if err != nil {
		return Audited{}, err
	}
	before, err := hex.DecodeString(head.Sum)
	if err != nil {
		return Audited{}, err
	}
	done := Audited{Seq: head.Acts + 1, Act: a}
	done.At = a.At.UTC().Round(0)
	sum := done.sum(before)
	done.Sum = hex.EncodeToString(sum)
	_, err = tx.ExecContext(ctx, `INSERT INTO audit (seq, at, by, origin, act, target, reason, before, after, note, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		done.Seq, done.At.Format(time.RFC3339Nano), a.By, a.Origin, a.Act, a.Target, a.Reason, a.Before, a.After, a.Note, sum)
	return done, err
}

// Check refuses an act whose texts could not be told from each other in a list.
func (a Act) Check() error {
	for _, t := range []string{a.By, a.Origin, a.Act, a.Target, a.Reason, a.Before, a.After, a.Note} {
		if len(t) > maxAct || !utf8.ValidString(t) || strings.ContainsFunc(t, unicode.IsControl) {
			return fault.New(fmt.Sprintf("a name or reason is too long for the audit, or not plain text in one line; %d bytes are the most", maxAct), "say it in fewer words")
		}
	}
	if a.Act == "" || a.At.IsZero() {
		return errors.New("store: an act without a name or a time")
	}
	return nil
}

// sum is the SHA-256 of the sum before, the number, and each field behind its length.
func (a *Audited) sum(before []byte) []byte {
	h := sha256.New()
	h.Write(before)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(a.Seq)))
	for _, f := range []string{a.At.Format(time.RFC3339Nano), a.By, a.Origin, a.Act.Act, a.Target, a.Reason, a.Before, a.After, a.Note} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(f))))
		h.Write([]byte(f))
	}
	return h.Sum(nil)
}

// AuditHead returns where the chain of acts ends.
func (d *DB) AuditHead(ctx context.Context) (h AuditHead, err error) {
	err = d.snapshot(ctx, func(tx *sql.Tx) error {
		h, err = auditHead(ctx, tx)
		return err
	})
	return h, err
}

func auditHead(ctx context.Context, tx *sql.Tx) (AuditHead, error) {
	var sum []byte
	h := AuditHead{Sum: AuditStart}
	err := tx.QueryRowContext(ctx, `SELECT seq, sum FROM audit ORDER BY seq DESC LIMIT 1`).Scan(&h.Acts, &sum)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	h.Sum = hex.EncodeToString(sum)
	return h, err
}

// Acts yields the acts from a number on, in their order.
func (d *DB) Acts(ctx context.Context, from int64) iter.Seq2[Audited, error] {
	return func(yield func(Audited, error) bool) {
		stopped := false
		err := d.snapshot(ctx, func(tx *sql.Tx) error {
			return eachAct(ctx, tx, from, func(a Audited) bool {
				stopped = !yield(a, nil)
				return !stopped
			})
		})
		if err != nil && !stopped {
			yield(Audited{}, err)
		}
	}
}

func eachAct(ctx context.Context, tx *sql.Tx, from int64, do func(Audited) bool) error {
	rows, err := tx.QueryContext(ctx, `SELECT seq, at, by, origin, act, target, reason, before, after, note, sum FROM audit WHERE seq >= ? ORDER BY seq`, from)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a Audited
		var at string
		var sum []byte
		if err := rows.Scan(&a.Seq, &at, &a.By, &a.Origin, &a.Act.Act, &a.Target, &a.Reason, &a.Before, &a.After, &a.Note, &sum); err != nil {
			return err
		}
		a.At, _ = time.Parse(time.RFC3339Nano, at) // one that was edited does not fit its sum
		a.Sum = hex.EncodeToString(sum)
		if !do(a) {
			return nil
		}
	}
	return rows.Err()
}

// AuditHolds reports whether a head that was published stands in the chain as it is:
// that no act up to it was changed or taken out, and none was added before it.
func (d *DB) AuditHolds(ctx context.Context, h AuditHead) (bool, error) {
	if h.Acts == 0 {
		return h.Sum == AuditStart, nil
	}
	var sum []byte
	err := d.reader.QueryRowContext(ctx, `SELECT sum FROM audit WHERE seq = ?`, h.Acts).Scan(&sum)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return hex.EncodeToString(sum) == h.Sum, d.explain(err)
}

// audit computes every sum again.
func (f *fsck) audit() error {
	before, seq := auditStart(), int64(0)
	return eachAct(f.ctx, f.tx, 0, func(a Audited) bool {
		if seq++; a.Seq != seq {
			f.problem("audit", "act %d is missing", seq)
			seq = a.Seq
		} else if hex.EncodeToString(a.sum(before)) != a.Sum {
			f.problem("audit", "act %d is not what was written, or one before it is not", a.Seq)
		}
		f.r.Acts++
		before, _ = hex.DecodeString(a.Sum)
		return true
	})
}
