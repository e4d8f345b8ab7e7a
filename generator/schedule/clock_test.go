package schedule_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// A clock that is set back or ahead by a day fires nothing twice and leaves nothing out
// without saying so.
func TestClockJumps(t *testing.T) {
	const day = 24 * time.Hour
	w := newTown(t, daily)
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	w.start()
	w.until("the first look", func() bool { return !w.clock.next().IsZero() })
	w.clock.pass(18*time.Hour + 30*time.Minute) // to 06:30 on the 29th
	w.until("the first firing", func() bool { return strings.Count(w.journal(), "success") == 1 && w.idle() })
	w.clock.set(w.clock.Now().Add(-day)) // and 06:30 on the 28th again
	w.until("the notice", func() bool { return strings.Contains(w.journal(), "was set back") })
	w.until("the next firing", func() bool { return w.clock.next().Format(stamp) == "2026-11-30 06:30 +0800" })
	w.clock.pass(day + time.Hour) // 07:30 on the 29th, which has had its firing
	w.clock.set(w.clock.Now().Add(day))
	w.until("the firing of the 30th", func() bool { return strings.Count(w.journal(), "success") == 2 && w.idle() })
	w.clock.set(w.clock.Now().Add(day)) // over that of 1 December
	w.until("the firing that was jumped over", func() bool { return strings.Count(w.journal(), "success") == 3 && w.idle() })
	w.clock.set(w.clock.Now().Add(2 * day)) // over two
	w.until("the firings that were jumped over", func() bool { return strings.Count(w.journal(), "success") == 4 && w.idle() })
	w.expect("11-29 06:30 publish publish #1 success\n" +
		"11-28 06:30 timetable notice: the clock was set back: it shows 2026-11-28 06:30, and the entry publish has fired for 2026-11-29 06:30; nothing fires again for times that it has fired for\n" +
		"11-30 07:30 publish publish #1 success\n12-01 07:30 publish publish #1 success\n12-03 07:30 publish publish #1 +1 success\n")

	// A clock that was years ahead must not silence the timetable for years.
	w.clock.set(w.clock.Now().AddDate(3, 0, 0))
	w.until("the year 2029", func() bool { return strings.Count(w.journal(), "success") == 5 && w.idle() })
	w.clock.set(w.clock.Now().AddDate(-3, 0, 0))
	w.until("the notice", func() bool { return strings.Contains(w.journal(), "begins anew") })
	w.clock.pass(day)
	w.until("the next day", func() bool { return strings.Count(w.journal(), "success") == 6 && w.idle() })
	if j := w.journal(); !strings.Contains(j, "12-03 07:30 timetable publish notice: the clock shows 2026-12-03 07:30, and the entry publish had fired for 2029-12-03 06:30") || !strings.HasSuffix(j, "12-04 07:30 publish publish #1 success\n") {
		t.Error(j)
	}
}

// A clock that jumps by an hour over the midnight of the office's zone, and back over it,
// has the firing of that midnight done once, and the next one on its day.
func TestClockJumpsOverMidnight(t *testing.T) {
	w := newTown(t, schedule.Entry{Name: "publish", Kind: "publish", When: "0 0 * * *"})
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	w.start()
	w.until("the first look", func() bool { return w.clock.next().Format(stamp) == "2026-11-29 00:00 +0800" })
	w.clock.pass(11*time.Hour + 30*time.Minute) // to 23:30 on the 28th
	w.clock.set(w.clock.Now().Add(time.Hour))
	w.until("the firing of the 29th", func() bool { return strings.Count(w.journal(), "success") == 1 && w.idle() })
	w.clock.set(w.clock.Now().Add(-time.Hour))
	w.until("the notice", func() bool { return strings.Contains(w.journal(), "was set back") })
	w.until("the next firing", func() bool { return w.clock.next().Format(stamp) == "2026-11-30 00:00 +0800" })
	w.clock.pass(time.Hour) // over the same midnight, which has had its firing
	w.clock.set(w.clock.Now().Add(23 * time.Hour))
	w.clock.set(w.clock.Now().Add(time.Hour))
	w.until("the firing of the 30th", func() bool { return strings.Count(w.journal(), "success") == 2 && w.idle() })
	w.expect("11-29 00:30 publish publish #1 success\n" +
		"11-28 23:30 timetable notice: the clock was set back: it shows 2026-11-28 23:30, and the entry publish has fired for 2026-11-29 00:00; nothing fires again for times that it has fired for\n" +
		"11-30 00:30 publish publish #1 success\n")
}

// A run that waits for its next try does not wait for as long as the clock was set back.
func TestClockIsSetBackInAPause(t *testing.T) {
	w := newTown(t)
	tries := 0
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(context.Context, job.Run) (schedule.Result, error) {
		if tries++; tries == 1 {
			return schedule.Result{}, schedule.GaveWay(fault.New("a feed gave way", "wait"))
		}
		return schedule.Result{}, nil
	}}}
	w.start()
	ask(t, w, "a")
	w.until("the pause", func() bool { return !w.idle() && w.clock.next().Equal(w.clock.Now().Add(time.Minute)) })
	w.clock.set(w.clock.Now().Add(-30 * time.Minute))
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 interrupted: a feed gave way\n11-28 11:30 publish #2 success\n")
}

// A clock that is set back in the moment before an alarm is there, which does not ring for
// that, is seen all the same: nobody waits for a day.
func TestClockIsSetBackBeforeAnAlarm(t *testing.T) {
	w := newTown(t)
	w.gather = 2 * time.Second
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	back := false
	w.clock.before = func(alarm time.Time) {
		if now := w.clock.Now(); !back && alarm.Equal(now.Add(w.gather)) {
			back = true
			w.clock.set(now.Add(-24 * time.Hour))
		}
	}
	w.start()
	ask(t, w, "a")
	w.until("the first run", func() bool { return w.idle() && schedule.Rested(w.runner) })
	w.atRest()
	if _, _, err := w.kept.Request(t.Context(), job.Request{ID: "b", Kind: "publish", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	w.runner.Wake() // once
	w.until("the second run", w.idle)
	w.expect("11-28 12:00 publish #1 success\n11-27 12:00 publish #1 success\n")
}
