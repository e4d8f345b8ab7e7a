package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// journalLines is how many lines of the journal huiyin status lists.
const journalLines = 10

// answeringKind is the kind of job that answers requests too.
const answeringKind = "publish"

// overview is what is to come, goes on and was done by itself, and who does it.
type overview struct {
	schedule.Overview
	Programs int  `json:"programs"`           // huiyin run that are there
	Outdated bool `json:"outdated,omitempty"` // one of them was started before the sections schedule and run were changed
}

// scheduled returns what is to come, goes on and was done by itself, or nil where nothing
// ever was asked to.
func (in *installation) scheduled(ctx context.Context) (*overview, error) {
	if _, err := os.Stat(in.c.StatePath("schedule.db")); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	o, err := timetable(in.c)
	if err != nil {
		return nil, err
	}
	table, err := o.Timetable()
	if err != nil {
		return nil, err
	}
	plan, err := openSchedule(in.c)
	if err != nil {
		return nil, err
	}
	defer plan.Close()
	var v overview
	if v.Programs, v.Outdated, err = programs(in.c); err != nil {
		return nil, err
	}
	v.Overview, err = schedule.Look(ctx, plan, table, in.a.now(), journalLines, answeringKind)
	return &v, err
}

// outdatedWords says that huiyin run has to be started again.
const outdatedWords = "huiyin run was started before the sections schedule and run were changed, and goes by what they said; start it again"

// programs returns how many huiyin run are there, and whether one of them goes by other
// settings than those of c.
func programs(c *config.Config) (n int, outdated bool, err error) {
	o, err := timetable(c)
	if err != nil {
		return 0, false, err
	}
	sum, err := settingsSum(c, o)
	if err != nil {
		return 0, false, err
	}
	sums, err := schedule.Running(c.StatePath(queueFolder))
	return len(sums), slices.ContainsFunc(sums, func(s string) bool { return s != sum }), err
}

// showSchedule writes the timetable and its journal for a person, in the zone of the
// timetable.
func (a *app) showSchedule(v *overview) {
	if v == nil {
		return
	}
	zone, err := time.LoadLocation(v.Zone)
	if err != nil {
		zone = time.UTC
	}
	at := func(t time.Time) string { return t.In(zone).Format("2006-01-02 15:04") }
	a.say("by itself (%s):", v.Zone)
	late := "no huiyin run is there"
	switch {
	case v.Outdated:
		late = "huiyin run has to be started again"
		a.say("  %s", outdatedWords)
	case v.Programs > 0:
		late = "huiyin run is held up"
	}
	for _, e := range v.Entries {
		line := fmt.Sprintf("  %-12s", e.Name)
		switch {
		case e.Late():
			line += " LATE: " + late
		case !e.Next.IsZero():
			line += " next " + at(e.Next)
		}
		if e.Last != nil {
			line += "; last " + attemptWords(*e.Last, at)
		}
		a.say("%s", line)
	}
	for _, r := range v.Open {
		a.say("  %s is %s since %s", r.Kind, stateWords[r.State], at(r.Due))
	}
	for _, q := range v.Requests {
		a.say("  asked for by %s at %s: %s (%s)", q.By, at(q.At), q.Scope, stateWords[q.State])
	}
	for _, q := range v.Answered {
		end := fmt.Sprintf("release %d shows it", q.Release)
		switch {
		case q.State == job.Failed:
			end = "FAILED: " + q.Reason
		case q.Release == 0:
			end = "done; there is nothing to publish yet"
		case q.Reason != "":
			end = fmt.Sprintf("release %d is published; not all was done: %s", q.Release, q.Reason)
		}
		a.say("  asked for by %s at %s: %s: %s", q.By, at(q.At), q.Scope, end)
	}
	if len(v.Journal) > 0 {
		a.say("what was done last:")
	}
	for _, l := range v.Journal {
		a.say("  %-12s %s", l.Kind, attemptWords(l, at))
		if l.Hint != "" {
			a.say("    hint: %s", l.Hint)
		}
	}
}

var stateWords = map[job.State]string{
	job.Queued: "waiting for its turn", job.Waiting: "waiting for its next try", job.Running: "going on", job.Done: "done", job.Failed: "failed",
}

var outcomeWords = map[job.Outcome]string{
	job.Success: "well", job.Failure: "FAILED", job.Interrupted: "interrupted, goes on later", job.Died: "broken off, is begun again", job.Notice: "note", "": "going on",
}

// attemptWords says when an attempt was, and how it ended.
func attemptWords(l job.Attempt, at func(time.Time) string) string {
	s := at(l.Started) + " " + outcomeWords[l.Outcome]
	switch {
	case l.Outcome == job.Failure && l.Final:
		s += " for good"
	case l.Outcome == job.Died && l.Final:
		s = at(l.Started) + " broken off for good"
	}
	if l.Text != "" {
		s += ": " + l.Text
	}
	return s
}
