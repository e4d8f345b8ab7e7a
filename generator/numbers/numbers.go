// Package numbers reads the figures of a store. What was counted of the cases of each
// month of numbers is kept in the store, so that after a change only the months that it
// touches are counted again; and so are the figures of each period that is over.
//
// A kept count is taken for what it is and nothing else: it holds while no row of its
// month has changed, at the cut-offs at which nothing would be counted in another way,
// for the program and settings that made it. Where anything of that differs the month is
// counted anew from all its rows. Nothing is ever added to a count or taken out of it.
package numbers

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
)

// Store is where the cases are, and what was counted of them; [store.DB] is one. One
// that changes the facts that it yields makes them from the stored ones and what
// [Options].Basis names, and from nothing else.
type Store interface {
	Counted(ctx context.Context, basis []byte) ([]store.Counted, error)
	MonthFacts(ctx context.Context, month record.Month, do func(*record.Fact)) (stamp int64, err error)
	SaveCounted(ctx context.Context, basis []byte, all []store.Counted) error
}

// Options says which numbers are read.
type Options struct {
	Register record.Register
	Cutoff   record.Day
	Earlier  record.Day // another cut-off, before, at which they are wanted too; 0: none
	// Basis names all that is counted by beside the records: the program, the rules of
	// deadlines. What was kept on another basis does not count.
	Basis    string
	Parallel int // months counted at once; at least one is
	Progress func(cases int)
}

// Numbers are the figures of a store.
type Numbers struct {
	Book *assess.Book
	Then *assess.Book // at the earlier cut-off; nil where none was asked for
	Totals
	Anew int64 // cases that were counted, and not taken from what was kept

	basis string
}

// Totals is how many cases of each prominence there are, whatever the cut-off.
type Totals struct {
	Facts     int64                       `json:"facts"`
	Full      int64                       `json:"full"`
	Stubs     int64                       `json:"stubs"`
	Withdrawn int64                       `json:"withdrawn"`
	Rows      map[record.StubReason]int64 `json:"rows"` // stubs by their reason
}

func (t *Totals) add(f *record.Fact) {
	t.Facts++
	switch f.Prominence {
	case record.Full:
		t.Full++
	case record.Withdrawn:
		t.Withdrawn++
	default:
		t.Stubs++
		t.Rows[f.StubReason]++
	}
}

func (t *Totals) merge(o *Totals) {
	t.Facts += o.Facts
	t.Full += o.Full
	t.Stubs += o.Stubs
	t.Withdrawn += o.Withdrawn
	for r, n := range o.Rows {
		t.Rows[r] += n
	}
}

// part is one month of numbers at both cut-offs.
type part struct {
	store.Counted
	totals      Totals
	tally, then []byte
	cases       int64 // counted anew
	keep        bool
}

// Read returns the figures of the store. It keeps what it has had to count.
func Read(ctx context.Context, s Store, o Options) (Numbers, error) {
	n := Numbers{Totals: Totals{Rows: map[record.StubReason]int64{}}, basis: o.Basis}
	basis := hashOf(o.Basis)
	counted, err := s.Counted(ctx, basis)
	if err != nil {
		return n, err
	}
	parts := make([]part, len(counted))
	for i, c := range counted {
		parts[i].Counted = c
	}
	if err := countAll(ctx, s, o, parts); err != nil {
		return n, err
	}
	var keep []store.Counted
	for i := range parts {
		p := &parts[i]
		n.Totals.merge(&p.totals)
		n.Anew += p.cases
		if p.keep {
			keep = append(keep, store.Counted{Month: p.Month, Stamp: p.Stamp, Body: pack(&p.totals, p.tally)})
		}
	}
	if err := s.SaveCounted(ctx, basis, keep); err != nil {
		return n, err
	}

	var wait sync.WaitGroup
	var failed error
	if o.then() {
		wait.Go(func() { n.Then, failed = merge(o.Register, o.Earlier, parts, func(p *part) []byte { return p.then }) })
	}
	n.Book, err = merge(o.Register, o.Cutoff, parts, func(p *part) []byte { return p.tally })
	wait.Wait()
	if o.Earlier == o.Cutoff && o.Earlier.Known() {
		n.Then = n.Book
	}
	return n, errors.Join(err, failed)
}

// then reports whether a second book has to be made.
func (o *Options) then() bool { return o.Earlier.Known() && o.Earlier != o.Cutoff }

func merge(reg record.Register, cutoff record.Day, parts []part, of func(*part) []byte) (*assess.Book, error) {
	b := assess.NewBuilder(reg, cutoff)
	for i := range parts {
		if err := b.Merge(of(&parts[i])); err != nil {
			return nil, fmt.Errorf("cases of %s: %w", parts[i].Month, err)
		}
	}
	return b.Book(), nil
}

// countAll completes the parts of which nothing is kept that holds.
func countAll(ctx context.Context, s Store, o Options, parts []part) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wait sync.WaitGroup
	var mu sync.Mutex
	done := 0
	next := make(chan *part)
	for range max(o.Parallel, 1) {
		wait.Go(func() {
			for p := range next {
				if err := p.complete(ctx, s, &o); err != nil {
					stop(err)
				}
				mu.Lock()
				if done += int(p.cases); o.Progress != nil && p.cases > 0 {
					o.Progress(done)
				}
				mu.Unlock()
			}
		})
	}
	for i := range parts {
		next <- &parts[i]
	}
	close(next)
	wait.Wait()
	return context.Cause(ctx)
}

// complete takes what is kept of a month where it holds, and counts the rest.
func (p *part) complete(ctx context.Context, s Store, o *Options) error {
	if ctx.Err() != nil {
		return nil // it is known why
	}
	if totals, tally, ok := unpack(p.Body); ok {
		if assess.Counted(tally, o.Cutoff) {
			p.totals, p.tally = totals, tally
		}
		if o.then() && assess.Counted(tally, o.Earlier) {
			p.then = tally
		}
	}
	p.Body = nil
	if p.tally != nil && (p.then != nil || !o.then()) {
		return nil
	}
	now, then := assess.NewTally(o.Cutoff), assess.NewTally(o.Earlier)
	p.totals = Totals{Rows: map[record.StubReason]int64{}}
	stamp, err := s.MonthFacts(ctx, p.Month, func(f *record.Fact) {
		p.totals.add(f)
		now.Add(*f)
		if o.then() && p.then == nil {
			then.Add(*f)
		}
	})
	if err != nil {
		return err
	}
	p.keep, p.cases = p.tally == nil || stamp != p.Stamp, p.totals.Facts
	p.Stamp, p.tally = stamp, now.Append(nil)
	if o.then() && p.then == nil {
		p.then = then.Append(nil)
	}
	return nil
}

func hashOf(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

// pack writes totals and a tally. The hash before them covers the totals and the hash
// that ends the tally.
func pack(t *Totals, tally []byte) []byte {
	text, err := json.Marshal(t)
	if err != nil {
		panic("numbers: totals do not marshal: " + err.Error())
	}
	b := binary.AppendUvarint(totalsHash(text, tally), uint64(len(text)))
	return append(append(b, text...), tally...)
}

func totalsHash(text, tally []byte) []byte {
	h := sha256.New()
	h.Write(text)
	h.Write(tally[max(0, len(tally)-sha256.Size):])
	return h.Sum(nil)
}

func unpack(b []byte) (t Totals, tally []byte, ok bool) {
	if len(b) < sha256.Size {
		return t, nil, false
	}
	sum, b := b[:sha256.Size], b[sha256.Size:]
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return t, nil, false
	}
	text, tally := b[size:size+int(n)], b[size+int(n):]
	if string(totalsHash(text, tally)) != string(sum) || json.Unmarshal(text, &t) != nil {
		return t, nil, false
	}
	return t, tally, true
}
