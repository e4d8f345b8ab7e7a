package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

const (
	// freeWithin is how long what a person does waits for huiyin run, and freeEvery how
	// often it looks meanwhile whether it is free.
	freeWithin, freeEvery = 30 * time.Minute, 250 * time.Millisecond
)

// whenFree does what huiyin run may be in the way of: where it is refused because another
// run is at work, and that one is a job of huiyin run, it waits for the end of that and
// tries again. Since every act of a person has huiyin run publish at once, the next act
// would else be refused as long as that takes. A run that a person has begun by hand is
// waited for by nobody. do is called again where it was refused: it has done nothing then,
// or what may be done twice.
func (in *installation) whenFree(ctx context.Context, do func() error) error {
	before, told := false, false
	return in.whileBusy(ctx, func() error {
		before = in.jobAtWork(ctx) // it may have ended by the time when it is asked for again
		return do()
	}, func() bool {
		if !before && !in.jobAtWork(ctx) {
			return false
		}
		if !told {
			told = true
			in.a.remark("huiyin run is at work; waiting until it has finished")
		}
		return true
	})
}

// afterBatch does what is refused while a pull stores what has come, or while an export is
// running, as soon as that is over: however it was begun, it ends by itself.
func (in *installation) afterBatch(ctx context.Context, do func() error) error {
	return in.whileBusy(ctx, do, func() bool { return true })
}

// whileBusy does something again as long as it is refused because another run is at work
// and waits says that this one is to be waited for.
func (in *installation) whileBusy(ctx context.Context, do func() error, waits func() bool) error {
	started := in.a.watch()
	for {
		err := do()
		if _, _, code := fault.Public(err); err == nil || code != fault.ExitBusy || !waits() || in.a.watch().Sub(started) > freeWithin {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(freeEvery):
		}
	}
}

// remark tells a person that something takes longer, and why.
func (a *app) remark(text string) {
	if !a.quiet {
		fmt.Fprintln(a.err, "huiyin: "+text)
	}
}

// lockedFree is locked, as soon as huiyin run is not in the way.
func (in *installation) lockedFree(ctx context.Context, do func() error) error {
	return in.whenFree(ctx, func() error { return in.locked(do) })
}

// jobAtWork reports whether a job of huiyin run that changes the store is going on.
func (in *installation) jobAtWork(ctx context.Context) bool {
	now := in.a.now()
	return in.scheduleSays(func(plan *store.Schedule) bool {
		leases, err := plan.Leases(ctx)
		return err == nil && slices.ContainsFunc(leases, func(l job.Lease) bool { return l.Name == storeLease && l.Until.After(now) })
	})
}

// scheduleSays asks what huiyin run remembers. Where it never ran, or cannot be asked, the
// answer is no.
func (in *installation) scheduleSays(ask func(*store.Schedule) bool) bool {
	if _, err := os.Stat(in.c.StatePath("schedule.db")); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	plan, err := openSchedule(in.c)
	if err != nil {
		return false
	}
	defer plan.Close()
	return ask(plan)
}
