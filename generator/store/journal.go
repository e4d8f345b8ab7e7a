package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/sqlitefile"
)

// journalName is the journal's file, beside the store's.
const journalName = "withdrawn.journal"

// Entry is one line of the journal of withdrawals. Number is empty when the
// case was withdrawn before it had one. An entry with an act and without MAC is that act
// alone, which was done while another process was writing to the store; see [DB.Audit].
type Entry struct {
	Number record.CaseNumber `json:"number,omitempty"`
	MAC    string            `json:"mac,omitempty"` // keyed hash of the source key, hexadecimal
	Reason record.Reason     `json:"reason"`
	Day    record.Day        `json:"day"`
	Back   bool              `json:"back,omitempty"` // the withdrawal before it is lifted, and there is no reason
	Hide   bool              `json:"hide,omitempty"` // it was not withdrawn: a correction has hidden what was published of it

	// Statement names the correction that has hidden it; see [record.Statement].
	Statement string `json:"statement,omitempty"`

	// Act is that of the person who decided it, without what the store adds: whoever applies
	// the entry to a store that does not know of it keeps the act in the audit too. Nil: the
	// upstream withdrew the case.
	Act *Act `json:"act,omitempty"`

	// More says that the next line was written with this one: they hold together, or, where a
	// crash cut the next one off, not at all.
	More bool `json:"more,omitempty"`
}

// check says what is wrong with an entry.
func (e *Entry) check() error {
	if e.alone() {
		return nil
	}
	if e.MAC == "" || e.Reason.Valid() == e.Back || e.Hide && !e.Reason.Hides() {
		return errors.New("entry without a keyed hash or a reason")
	}
	return nil
}

// alone reports whether an entry is an act, and nothing of a case.
func (e *Entry) alone() bool {
	return e.Act != nil && e.MAC == "" && e.Number == "" && e.Reason == "" && !e.Back && !e.Hide
}

// journal is the append-only file of withdrawals: one JSON object a line. Whoever writes to
// it holds its lock, which is held for no longer than that takes: a transaction that writes
// to the store for minutes has it at its end alone, so that a withdrawal does not wait for
// it. The store keeps the length up to which it has applied it.
type journal struct {
	path    string
	lock    func() (unlock func() error, err error)
	open    func(path string) (journalFile, error) // to write; it is made when it is missing
	syncDir func(path string) error                // makes the name of a new file durable
}

// journalFile is what the journal needs of an [os.File].
type journalFile interface {
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Close() error
}

func newJournal(path string) journal {
	return journal{path: path, lock: func() (func() error, error) { return flock(path + ".lock") }, syncDir: syncDir, open: func(path string) (journalFile, error) {
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	}}
}

// read returns the entries from byte offset on and the offset behind the last
// that is whole, with all that was written with it. What follows that is the torn
// end of a write that a crash cut short; nobody was told that it was done.
func (j journal) read(offset int64) (entries []Entry, end int64, err error) {
	return j.between(offset, math.MaxInt64)
}

// between is read of a journal as it was when it was until bytes long.
func (j journal) between(offset, until int64) (entries []Entry, end int64, err error) {
	b, err := os.ReadFile(j.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, sqlitefile.Explain(err, j.path)
	}
	b = b[:min(until, int64(len(b)))]
	whole := int64(len(wholeLines(b)))
	if whole < offset {
		return nil, 0, fault.New("the journal of withdrawals "+j.path+" is missing or was cut short",
			"put the newest copy of it beside the store: without it a withdrawn case could be published again")
	}
	at, together := offset, 0
	end = offset
	for line := range bytes.Lines(b[offset:whole]) {
		var e Entry
		err := json.Unmarshal(line, &e)
		if err == nil {
			err = e.check()
		}
		if err != nil {
			return nil, 0, fault.Wrap(err, "the journal of withdrawals "+j.path+" is damaged", "put the newest copy of it beside the store")
		}
		entries = append(entries, e)
		if at += int64(len(line)); !e.More {
			end, together = at, len(entries)
		}
	}
	return entries[:together], end, nil
}

// WholeJournal returns the beginning of the text of a journal, up to the last entry that is
// whole, with all that was written with it. Whoever reads the text under the lock of the
// journal has in it what no crash takes back: what follows, the next entry is written over.
func WholeJournal(text []byte) []byte {
	for text = wholeLines(text); len(text) > 0; {
		last := len(wholeLines(text[:len(text)-1]))
		var e Entry
		if err := json.Unmarshal(text[last:], &e); err != nil || !e.More {
			return text // one that is damaged is for whoever reads the entries
		}
		text = text[:last]
	}
	return text
}

// wholeLines returns the beginning of a text, up to the end of its last whole line.
func wholeLines(text []byte) []byte { return text[:bytes.LastIndexByte(text, '\n')+1] }

// locked does something that writes to the journal, alone.
func (j journal) locked(do func() error) (err error) {
	unlock, err := j.lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return do()
}

// append writes entries behind byte end and returns the new end. They are on
// the disk when it returns. It is called under the lock, with what read has returned under
// the same lock: what lies behind end would be lost.
func (j journal) append(entries []Entry, end int64) (_ int64, err error) {
	var lines []byte
	for i, e := range entries {
		e.More = i+1 < len(entries)
		line, err := json.Marshal(e)
		if err != nil {
			return 0, err
		}
		lines = append(append(lines, line...), '\n')
	}
	failed := func(err error) error {
		code := 0
		err = sqlitefile.Explain(err, j.path)
		if known := (*fault.Error)(nil); errors.As(err, &known) {
			code = known.Code
		}
		return fault.Coded(code, "the journal of withdrawals "+j.path+" cannot be written", "make room on the disk, check its permissions and run the command again; nothing was withdrawn yet", err)
	}
	f, err := j.open(j.path)
	if err != nil {
		return 0, failed(err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = failed(err)
		}
	}()
	if err := f.Truncate(end); err != nil { // a torn end
		return 0, err
	}
	if _, err := f.WriteAt(lines, end); err != nil {
		return 0, err
	}
	if err := f.Sync(); err != nil {
		return 0, err
	}
	return end + int64(len(lines)), j.syncDir(filepath.Dir(j.path))
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// isBusy reports whether another process writes to the store.
func isBusy(err error) bool {
	_, _, code := fault.Public(err)
	return err != nil && code == fault.ExitBusy
}

// ahead returns the entries of the journal that the store has not applied, and the end of
// the last.
func (d *DB) ahead(ctx context.Context) (entries []Entry, applied, end int64, err error) {
	if err := d.reader.QueryRowContext(ctx, `SELECT v FROM meta WHERE k = 'journal'`).Scan(&applied); err != nil {
		return nil, 0, 0, d.explain(err)
	}
	entries, end, err = d.journal.read(applied)
	return entries, applied, end, err
}

// CatchUp applies what the journal holds and the store does not. It takes the write lock
// only when there is something to do, and gives up with [fault.ExitBusy] where another
// process writes to the store: that one applies it before it commits.
func (d *DB) CatchUp(ctx context.Context) error {
	_, applied, end, err := d.ahead(ctx)
	if err != nil || end == applied {
		return err
	}
	return d.file.TryWrite(ctx, func(ctx context.Context, tx *sql.Tx) error {
		b, err := d.begin(ctx, tx, 0)
		if err != nil {
			return err
		}
		return b.commit()
	})
}

// applyJournal withdraws what the journal holds beyond what the store has
// applied, takes back what a correction has hidden that the store does not know, and
// remembers its end.
func (b *batch) applyJournal() error {
	var applied int64
	if err := b.tx.QueryRowContext(b.ctx, `SELECT v FROM meta WHERE k = 'journal'`).Scan(&applied); err != nil {
		return err
	}
	b.journalEnd, b.journalWas = applied, applied
	return b.applyAhead()
}

// applyAhead applies what lies in the journal behind what the batch has applied. Its own
// entries, which are to be appended, stay as they are.
func (b *batch) applyAhead() error {
	entries, end, err := b.db.journal.read(b.journalEnd)
	if err != nil {
		return err
	}
	own := b.journaled
	for _, e := range entries {
		if e.Number != "" {
			if err := b.reserve([]record.CaseNumber{e.Number}); err != nil {
				return err
			}
		}
		if err := b.applyEntry(e); err != nil {
			return fmt.Errorf("journal entry of %s: %w", e.Number, err)
		}
	}
	b.journaled, b.journalEnd = own, end
	return nil
}

// applyEntry makes one entry effective, with the act of whoever decided it: a crash may have
// come when the entry was on the disk, and neither the withdrawal nor the act was.
func (b *batch) applyEntry(e Entry) error {
	before, err := b.rowIfAny(e.Number)
	if err != nil {
		return err
	}
	switch {
	case e.alone():
	case e.Back:
		_, err = b.reinstate(e.MAC, e.Day)
	case e.Hide:
		err = b.hideUncorrected(e)
	default:
		_, _, err = b.withdraw(e.MAC, record.Withdrawal{Reason: e.Reason, Day: e.Day})
	}
	if err != nil || e.Act == nil {
		return err
	}
	after, err := b.rowIfAny(e.Number)
	if err != nil {
		return err
	}
	act := *e.Act
	if act.Check() != nil {
		return errors.New("its act is not one")
	}
	if before != nil { // an older copy of the store may not have the case yet
		act.Before, act.After = hexSum(before), hexSum(after)
	}
	_, err = audit(b.ctx, b.tx, act)
	return err
}

// rowIfAny returns the row of a case as it is stored; nil of a number that no case has.
func (b *batch) rowIfAny(n record.CaseNumber) (blob []byte, err error) {
	if n == "" {
		return nil, nil
	}
	_, blob, _, err = b.row(n)
	if known := (*fault.Error)(nil); errors.As(err, &known) {
		return nil, nil
	}
	return blob, err
}
