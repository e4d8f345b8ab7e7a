package generator_test

import (
	"context"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
)

// lockFS calls a function once, before the overlay is locked.
type lockFS struct {
	durable.OS
	before func()
}

func (f *lockFS) Lock(ctx context.Context, name string, wait bool) (io.Closer, error) {
	if do := f.before; do != nil && filepath.Base(name) == "overlay.lock" {
		f.before = nil
		do()
	}
	return f.OS.Lock(ctx, name, wait)
}

// A case that another process withdraws again, while a reinstatement is about to be made
// effective, keeps its tombstone.
func TestWithdrawnAgainIsNotLifted(t *testing.T) {
	const number = "2610-000005"
	for _, again := range []bool{false, true} {
		o := newOffice(t)
		fsys := &lockFS{}
		o.openReleases(fsys)
		o.pull("2026-11-02", city())
		o.publish()
		o.withdraw(number)
		act := func(name string) store.Act {
			return store.Act{At: time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC), By: "王", Origin: "test", Act: name}
		}
		numbers := []record.CaseNumber{number}
		if err := o.store.Reinstate(t.Context(), numbers, record.Date(2026, 11, 29), act("reinstate")); err != nil {
			t.Fatal(err)
		}
		if again {
			fsys.before = func() {
				w := record.Withdrawal{Reason: record.Privacy, Day: record.Date(2026, 11, 30)}
				if _, err := o.store.Withdraw(t.Context(), numbers, w, act("withdraw")); err != nil {
					t.Error(err)
				}
			}
		}
		if _, err := o.generator().Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, state := o.lookup("case/" + number + ".html"); (state == release.Withdrawn) != again || fsys.before != nil {
			t.Errorf("withdrawn again %t: the page is %s", again, state)
		}
	}
}
