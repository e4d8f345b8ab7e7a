package main

import (
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/schedule"
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
		{job.Attempt{Outcome: job.Died, Final: true, Text: "it is not tried again"}, "06:30 broken off for good: it is not tried again"},
		{job.Attempt{Outcome: job.Interrupted}, "06:30 interrupted, goes on later"},
		{job.Attempt{}, "06:30 going on"},
	} {
		tt.Started = time.Date(2026, 11, 29, 6, 30, 0, 0, time.UTC)
		if got := attemptWords(tt.Attempt, at); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// Why an entry is late is said as far as it is known.
func TestLateWords(t *testing.T) {
	for _, tt := range []struct {
		programs int
		outdated bool
		want     string
	}{
		{0, false, "by itself (UTC):\n  publish      LATE: no huiyin run is there\n"},
		{1, false, "by itself (UTC):\n  publish      LATE: huiyin run is held up\n"},
		{1, true, "by itself (UTC):\n  huiyin run was started before the sections schedule and run were changed, and goes by what they said; start it again\n" +
			"  publish      LATE: huiyin run has to be started again\n"},
	} {
		var out strings.Builder
		v := overview{Programs: tt.programs, Outdated: tt.outdated}
		v.Zone, v.Entries = "UTC", []schedule.EntryStatus{{Entry: schedule.Entry{Name: "publish", Kind: "publish"}, Due: 1}}
		(&app{out: &out}).showSchedule(&v)
		if out.String() != tt.want {
			t.Errorf("%q, want %q", out.String(), tt.want)
		}
	}
}
