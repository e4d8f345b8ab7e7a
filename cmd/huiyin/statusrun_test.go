package main

import (
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/schedule/job"
)

// How an attempt ended is said in the words of docs/timetable.md: whether a failure is tried
// again, too.
func TestAttemptWords(t *testing.T) {
	at := func(t time.Time) string { return t.Format("15:04") }
	for _, tt := range []struct {
		job.Attempt
		want string
	}{
		{job.Attempt{Outcome: job.Success, Final: true, Text: "release 3 is published"}, "06:30 well: release 3 is published"},
		{job.Attempt{Outcome: job.Failure, Text: "the disk is full"}, "06:30 FAILED: the disk is full"},
		{job.Attempt{Outcome: job.Failure, Final: true, Text: "the disk is full"}, "06:30 FAILED for good: the disk is full"},
		{job.Attempt{Outcome: job.Died}, "06:30 broken off, is begun again"},
		{job.Attempt{Outcome: job.Interrupted}, "06:30 interrupted, goes on later"},
		{job.Attempt{}, "06:30 going on"},
	} {
		tt.Started = time.Date(2026, 11, 29, 6, 30, 0, 0, time.UTC)
		if got := attemptWords(tt.Attempt, at); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
