// Package wallclock rings at a time of the clock on the wall: at that time when the clock
// is set meanwhile too, and when the machine has slept. It waits in the kernel, without a
// wake-up before.
package wallclock

import "time"

// Clock is the clock of the machine. It satisfies the clock of package schedule.
type Clock struct {
	now func() time.Time
}

// New returns the clock that now reads.
func New(now func() time.Time) Clock { return Clock{now: now} }

// Now returns what the clock shows.
func (c Clock) Now() time.Time { return c.now() }

// Alarm returns a channel that is closed when the clock shows t, and when somebody has set
// it. A zero t never comes, but a clock that is set does. stop ends the waiting.
func (c Clock) Alarm(t time.Time) (rings <-chan struct{}, stop func()) {
	if stop, rings, err := kernelAlarm(t); err == nil {
		return rings, stop
	}
	return c.coarse(t)
}

// coarse rings at t, or after a minute where that is sooner, because the clock may have been
// set since.
func (c Clock) coarse(t time.Time) (<-chan struct{}, func()) {
	wait := time.Minute
	if !t.IsZero() {
		wait = min(wait, max(t.Round(0).Sub(c.now().Round(0)), 0))
	}
	rings := make(chan struct{})
	timer := time.AfterFunc(wait, func() { close(rings) })
	return rings, func() { timer.Stop() }
}
