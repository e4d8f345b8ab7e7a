package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/schedule"
)

// What is asked for soon after a run is gathered until it is quiet, so that many requests one
// after the other are two runs, however short the runs are.
func TestGathers(t *testing.T) {
	w := newTown(t)
	w.gather = 2 * time.Second
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	w.start()
	waits := func(what string, d time.Duration) {
		t.Helper()
		w.until(what, func() bool { return !w.idle() && w.clock.next().Equal(w.clock.Now().Add(d)) })
	}
	ask(t, w, "first")
	w.until("the first run", w.idle)
	for i := range 10 {
		ask(t, w, fmt.Sprint("burst ", i))
		waits("quiet", 2*time.Second)
		w.clock.pass(time.Second)
	}
	waits("the rest of it", time.Second)
	w.clock.pass(time.Second)
	w.until("the second run", w.idle)
	w.expect("11-28 12:00 publish #1 success\n11-28 12:00 publish #1 success\n")

	// Who asks on and on is answered all the same.
	for i := range 16 {
		ask(t, w, fmt.Sprint("on and on ", i))
		waits("quiet", min(2*time.Second, 30*time.Second-time.Duration(i)*1900*time.Millisecond))
		w.clock.pass(1900 * time.Millisecond)
	}
	w.until("the third run", w.idle)

	// A minute later nothing is waited for, nor where the clock was set back meanwhile.
	w.clock.pass(time.Minute)
	ask(t, w, "later")
	w.until("the fourth run", w.idle)
	ask(t, w, "of another time")
	waits("quiet", 2*time.Second)
	w.clock.set(w.clock.Now().Add(-time.Hour))
	w.until("the fifth run", w.idle)
}
