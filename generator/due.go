package generator

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"iter"

	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
)

// dueStore is the store as figures and pages read it: with the due days that the rules of
// the installation say where none was delivered. Without rules it is the store. What is
// taken in, and what is stored, never passes through it.
type dueStore struct {
	*store.DB
	due *deadline.Cases
}

// dues finds due days for one reading. The cases of a day on one channel have the same.
type dues struct {
	*deadline.Cases
	known map[dueKey]due
}

type dueKey struct {
	channel              record.ChannelID
	received, dispatched record.Day
}

// due is what was found, and the hash of all of it that a page says.
type due struct {
	deadline.Found
	print [sha256.Size]byte
}

// cases returns the store with the rules that the pages are made by.
func (g *Generator) cases() dueStore { return dueStore{g.o.Store, g.o.Pages.Deadlines} }

func (c dueStore) dues() *dues { return &dues{c.due, map[dueKey]due{}} }

func (d *dues) find(r *record.Row) due {
	key := dueKey{r.Channel, r.Received, r.Dispatched}
	found, ok := d.known[key]
	if !ok {
		found.Found = d.Due(r)
		text, err := json.Marshal(found.Found)
		if err != nil {
			panic("generator: a due day does not marshal: " + err.Error())
		}
		found.print = sha256.Sum256(text)
		d.known[key] = found
	}
	return found
}

// fact completes a fact. Where a due day was looked for, the hash of the fact covers
// what was found: the page of the case says it, also where it is none.
func (d *dues) fact(f *record.Fact) {
	if d.Cases == nil || f.Number == "" || f.Due.Known() {
		return
	}
	found := d.find(&f.Row)
	found.Fill(&f.Row)
	sum := sha256.Sum256(append(f.Hash[:], found.print[:]...))
	f.Hash = [16]byte(sum[:])
}

func (d *dues) row(r *record.Row) {
	if d.Cases != nil && !r.Due.Known() {
		d.find(r).Fill(r)
	}
}

// facts completes the facts of one reading of the store.
func (c dueStore) facts(all iter.Seq2[record.Fact, error]) iter.Seq2[record.Fact, error] {
	if c.due == nil {
		return all
	}
	return func(yield func(record.Fact, error) bool) {
		d := c.dues()
		for f, err := range all {
			if err == nil {
				d.fact(&f)
			}
			if !yield(f, err) {
				return
			}
		}
	}
}

// Facts is [store.DB.Facts] with due days.
func (c dueStore) Facts(ctx context.Context) iter.Seq2[record.Fact, error] {
	return c.facts(c.DB.Facts(ctx))
}

// AddedSince is [store.DB.AddedSince] with due days.
func (c dueStore) AddedSince(ctx context.Context, batch int64) iter.Seq2[record.Fact, error] {
	return c.facts(c.DB.AddedSince(ctx, batch))
}

// MonthFacts is [store.DB.MonthFacts] with due days.
func (c dueStore) MonthFacts(ctx context.Context, month record.Month, do func(*record.Fact)) (stamp int64, err error) {
	d := c.dues()
	return c.DB.MonthFacts(ctx, month, func(f *record.Fact) {
		d.fact(f)
		do(f)
	})
}

// ChangedSince is [store.DB.ChangedSince] with the due days of today's rules, before and
// now.
func (c dueStore) ChangedSince(ctx context.Context, batch int64) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		d := c.dues()
		for change, err := range c.DB.ChangedSince(ctx, batch) {
			if err == nil {
				d.fact(&change.Before)
				d.fact(&change.Now)
			}
			if !yield(change, err) {
				return
			}
		}
	}
}

// Cases is [store.DB.Cases] with due days.
func (c dueStore) Cases(ctx context.Context, from, to record.CaseNumber) iter.Seq2[record.Case, error] {
	return func(yield func(record.Case, error) bool) {
		d := c.dues()
		for k, err := range c.DB.Cases(ctx, from, to) {
			if err == nil {
				d.row(&k.Row)
			}
			if !yield(k, err) {
				return
			}
		}
	}
}

// CasesByNumber is [store.DB.CasesByNumber] with due days.
func (c dueStore) CasesByNumber(ctx context.Context, numbers []record.CaseNumber) ([]record.Case, error) {
	all, err := c.DB.CasesByNumber(ctx, numbers)
	d := c.dues()
	for i := range all {
		d.row(&all[i].Row)
	}
	return all, err
}
