// Package ingest takes what a source has through the gate into the store.
//
// A batch, which is one input file or one page of an exchange, goes in order
// through four steps, each of them durable before the next begins:
//
//  1. the intake seals what was received (one transaction);
//  2. the gate clears what changed, joined with what was known of it;
//  3. the store takes what was cleared (one transaction, withdrawals in its
//     journal first);
//  4. the intake notes what became of it, with the public numbers.
//
// A process may be killed at any point. What the intake has sealed and not seen
// through stays pending there, and running again takes it up: a record that the
// store has already is not stored twice, so that of its batch only step 4 is made
// up for. Running again with nothing new changes nothing.
package ingest

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Source is where batches come from.
type Source interface {
	// Batches lists everything that the source has, also what was taken before.
	Batches(ctx context.Context) ([]source.Batch, error)

	// Read hands on the records of a batch in their order and the rows that
	// cannot be read. An error means that the batch as a whole is damaged: then
	// nothing of it is kept.
	Read(ctx context.Context, b source.Batch, raw func(source.Raw) error, rejected func(source.Rejected)) error
}

// Gate is the one door from raw to published. It is safe for concurrent use and
// always answers the same.
type Gate interface {
	Clearer
	KeyMAC(kind source.Kind, key string) string

	// PolicyHash is the hash of the rules, which review records name.
	PolicyHash() string

	// WithLines returns a gate that also lets pass the public lines that the
	// register states for each unit.
	WithLines(register map[record.UnitID][]string) *gate.Gate
}

// Clearer is the part of a Gate that decides.
type Clearer interface {
	ClearReviewed(raw source.Raw, asOf record.Day, r gate.Review) (gate.Cleared, gate.Verdict)
	Reclear(raw source.Raw, was record.Case, files []record.AttachmentBody, asOf record.Day, r gate.Review) (gate.Cleared, gate.Verdict)
	ClearPeople(year int, attribute record.Attribute, counts map[string]int64, asOf record.Day) (gate.Cleared, gate.Verdict)
}

// Intake keeps what was received; [intake.DB] says what each method promises.
type Intake interface {
	Receiver
	Pipeline
	Counter
}

// Counter is the part of an Intake that counts.
type Counter interface {
	// LastRecord returns the number of the newest review record.
	LastRecord(ctx context.Context) (int64, error)

	// Aggregates returns the counts of the attributes that are published in sums alone.
	Aggregates(ctx context.Context) ([]intake.Aggregate, error)

	// LatestAsOf returns the latest as-of day of the batches that are finished.
	LatestAsOf(ctx context.Context) (string, error)
}

// Receiver is the part of an Intake that takes batches in.
type Receiver interface {
	Known(ctx context.Context, digest [32]byte) (intake.Known, bool, error)
	Receive(ctx context.Context, b intake.Info, read func(add func(mac string, raw source.Raw) (intake.Receipt, error)) error) error
	Refuse(ctx context.Context, b intake.Info, note intake.Note) error
	Listed(ctx context.Context, names []string) error
}

// Pipeline is the part of an Intake that gives out what is pending. Load is
// safe for concurrent use.
type Pipeline interface {
	Pending(ctx context.Context) ([]intake.Ref, error)
	Load(ctx context.Context, refs []intake.Ref) ([]intake.Item, error)
	Highest(ctx context.Context) ([]string, error)
	Finish(ctx context.Context, b intake.Info, outcomes []intake.Outcome, notes []intake.Note) error

	// Untold returns what the office has stated about cases and the store has not been
	// told of, oldest first. All of these cases are pending.
	Untold(ctx context.Context) ([]intake.Statement, error)
}

// Sink is where cleared records go. The store is one.
type Sink interface {
	// Lock makes this process the only one that ingests, or fails at once.
	Lock() (unlock func() error, err error)

	// Seen reports whether a batch is in the sink.
	Seen(ctx context.Context, digest [32]byte) (bool, error)

	// Batch takes one batch whole or not at all. given are the highest numbers
	// ever given, one a month. fill hands each record to put, with the number
	// that it had before or ""; put returns its public number and what happened
	// to it, "" for nothing. Of a batch that was seen only a later as-of day is
	// taken, without fill.
	Batch(ctx context.Context, name string, digest [32]byte, asOf record.Day, given []record.CaseNumber,
		fill func(put func(c gate.Cleared, had record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error) error

	// Register returns the registers as the last batch left them.
	Register(ctx context.Context) (record.Register, error)

	// Numbers returns the public numbers for keyed hashes, "" where there is none.
	Numbers(ctx context.Context, macs []string) ([]record.CaseNumber, error)

	// CasesByNumber returns cases as they stand, in the order asked for.
	CasesByNumber(ctx context.Context, numbers []record.CaseNumber) ([]record.Case, error)

	// Stated tells the sink what persons of the office have stated, oldest first. The
	// next batch that is not seen yet brings what it makes of these cases. What was told
	// before is not told again.
	Stated(ctx context.Context, all []record.Statement) error
}

// Options are what Run works on and with.
type Options struct {
	Source Source
	Intake Intake
	Gate   Gate
	Store  Sink

	// Former are telephone lines that the register of units stated earlier, by unit.
	// They pass as those of today do: it is for cases that are cleared again, which gave
	// the lines of their day. [Run] is not to have them.
	Former map[record.UnitID][]string

	// Published is asked by [Settle] what stays as it is published in spite of other
	// rules; nil where the rules are those of before.
	Published Published

	AsOf     record.Day       // of batches that do not state theirs; zero: the day of Now in UTC+8
	Now      func() time.Time // read once
	Workers  int              // goroutines that clear; zero: one for each processor
	Progress func(Progress)   // may be nil; called from one goroutine at a time
}

// withDefaults returns the options with what may be left out filled in.
func (o Options) withDefaults() Options {
	if o.Workers < 1 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}

// Progress says how far a run is.
type Progress struct {
	Batch   string // name of the batch at hand
	Done    int    // batches done
	Batches int    // in all
	Step    string // "receiving" or "storing"
	Rows    int    // done in this step
}

// progressEvery is the number of rows between two calls of Progress.
const progressEvery = 1000

// Run takes every batch of the source that the store does not have, in the
// order of as-of day and name. A batch that is damaged as a whole is refused and
// reported in the summary, and the others go on; any other failure ends the run
// with what was done so far in the summary.
func Run(ctx context.Context, o Options) (sum Summary, err error) {
	if o.Source == nil || o.Intake == nil || o.Gate == nil || o.Store == nil || o.Now == nil {
		return sum, errors.New("ingest: source, intake, gate, store and clock are needed")
	}
	o = o.withDefaults()
	unlock, err := o.Store.Lock()
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, unlock()) }()

	batches, err := o.Source.Batches(ctx)
	if err != nil {
		return sum, err
	}
	jobs, err := schedule(batches, o.AsOf, record.DayOf(o.Now()))
	if err != nil {
		return sum, err
	}
	names := make([]string, len(jobs))
	for i, j := range jobs {
		names[i] = j.batch.Name
	}
	if err := o.Intake.Listed(ctx, names); err != nil {
		return sum, err
	}
	for i, j := range jobs {
		r := run{Options: o, job: j, progress: Progress{Batch: j.batch.Name, Done: i, Batches: len(jobs)}}
		r.sum.Name, r.sum.AsOf = j.batch.Name, j.asOf
		err := r.do(ctx)
		sum.add(r.sum)
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// job is a batch with the as-of day that holds for it.
type job struct {
	batch  source.Batch
	asOf   record.Day
	stated bool // by the batch itself
	ahead  bool // of today
}

func (j job) info() intake.Info {
	return intake.Info{Name: j.batch.Name, Digest: j.batch.Digest, AsOf: j.asOf.String()}
}

// schedule puts the batches into their order. A batch that states no day has
// the given one, or today where none is given.
func schedule(batches []source.Batch, given, today record.Day) ([]job, error) {
	jobs := make([]job, len(batches))
	for i, b := range batches {
		asOf, err := record.ParseDay(b.AsOf)
		if err != nil {
			return nil, fault.Wrap(err, "the as-of day of "+b.Name+" is not a day", "correct the rule for the as-of day in the mapping")
		}
		jobs[i] = job{batch: b, asOf: asOf, stated: asOf.Known()}
		if !jobs[i].stated {
			jobs[i].asOf = cmp.Or(given, today)
		}
		// East of UTC+8 the day begins earlier.
		jobs[i].ahead = jobs[i].asOf > today+1
	}
	slices.SortStableFunc(jobs, func(a, b job) int {
		if a.asOf != b.asOf {
			return int(a.asOf) - int(b.asOf)
		}
		return strings.Compare(a.batch.Name, b.batch.Name)
	})
	return jobs, nil
}

// run takes one batch.
type run struct {
	Options
	job
	sum      BatchSummary
	notes    []intake.Note
	progress Progress
}

func (r *run) do(ctx context.Context) error {
	if r.ahead {
		// Its day would become the cut-off, and stay it until that day has come.
		return r.refuse(ctx, "future-as-of", fault.New(r.batch.Name+": the day that the export is of, "+r.asOf.String()+", lies in the future",
			"correct the day in the name or the head of the file, and the clock of this machine if it is wrong"))
	}
	seen, err := r.Store.Seen(ctx, r.batch.Digest)
	if err != nil {
		return err
	}
	known, _, err := r.Intake.Known(ctx, r.batch.Digest)
	if err != nil {
		return err
	}
	if seen && known.Finished {
		r.sum.Seen = true
		return r.again(ctx, known)
	}
	refused, err := r.receive(ctx)
	if err != nil || refused {
		return err
	}
	if !seen {
		return r.settle(ctx, r.batch.Digest, false)
	}
	return r.makeUp(ctx)
}

// makeUp tells the intake what became of a batch that the store has already, because a
// run was killed in between. What is pending may be more than that batch by now, such
// as what a person has decided since, so the store takes it all once more.
func (r *run) makeUp(ctx context.Context) error {
	refs, err := r.Intake.Pending(ctx)
	if err != nil {
		return err
	}
	digest, seen, err := r.pendingBatch(ctx, r.batch.Name, refs)
	if err != nil {
		return err
	}
	return r.settle(ctx, digest, seen || len(refs) == 0)
}

// refuse reports a batch that is not taken at all, and why.
func (r *run) refuse(ctx context.Context, code string, why error) error {
	msg, hint, _ := fault.Public(why)
	r.sum = BatchSummary{Name: r.batch.Name, AsOf: r.asOf, Refused: &Refused{Msg: msg, Hint: hint, Err: why}}
	return r.Intake.Refuse(ctx, r.info(), intake.Note{Scope: intake.File, Rejected: source.Rejected{
		Where: source.Where{File: r.batch.Name}, Code: code, Reason: msg, Hint: hint,
	}})
}

// again meets a batch whose bytes were seen before. It changes nothing, but an
// export that says under a later day that there is nothing moves the cut-off.
func (r *run) again(ctx context.Context, known intake.Known) error {
	if !r.stated || known.Rows > 0 {
		return nil
	}
	return r.Store.Batch(ctx, r.batch.Name, r.batch.Digest, r.asOf, nil, nil)
}

// receive reads the batch into the intake. refused is true when the batch is
// damaged as a whole.
func (r *run) receive(ctx context.Context) (refused bool, err error) {
	r.progress.Step, r.progress.Rows = "receiving", 0
	var damaged, failed error
	err = r.Intake.Receive(ctx, r.info(), func(add func(string, source.Raw) (intake.Receipt, error)) error {
		damaged = r.Source.Read(ctx, r.batch, func(raw source.Raw) error {
			failed = errors.Join(failed, ctx.Err())
			if failed == nil {
				failed = r.receiveOne(raw, add)
			}
			return failed
		}, func(rejected source.Rejected) {
			if rejected.Kept {
				r.sum.SetAside++
				r.note(intake.Value, rejected)
				return
			}
			r.sum.Quarantined++
			r.note(intake.Row, rejected)
		})
		return damaged
	})
	if err == nil {
		return false, nil
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if damaged == nil || failed != nil {
		return false, err
	}
	return true, r.refuse(ctx, "damaged-file", damaged)
}

func (r *run) receiveOne(raw source.Raw, add func(string, source.Raw) (intake.Receipt, error)) error {
	if raw.Kind == source.Case {
		r.sum.Rows++
	}
	if r.progress.Rows++; r.progress.Rows%progressEvery == 0 {
		r.Progress(r.progress)
	}
	receipt, err := add(r.Gate.KeyMAC(raw.Kind, raw.Key), raw)
	if err != nil {
		return err
	}
	switch {
	case receipt == intake.Duplicate && raw.Kind == source.Case:
		r.sum.Quarantined++
		r.note(intake.Row, source.Rejected{
			Where: raw.Where, Code: "duplicate-key", Reason: "an earlier row of this file has the same number and says something else",
			Hint: "give each case a number of its own; the first row was taken",
		})
	case receipt == intake.Unchanged && raw.Kind == source.Case:
		r.sum.Unchanged++
	}
	return nil
}

// maxNotes bounds the quarantine entries of one batch; more are only counted.
const maxNotes = 10_000

func (r *run) note(scope intake.Scope, rejected source.Rejected) {
	if len(r.notes) < maxNotes {
		r.notes = append(r.notes, intake.Note{Scope: scope, Rejected: rejected})
	}
}
