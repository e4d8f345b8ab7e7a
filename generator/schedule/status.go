package schedule

import (
	"context"
	"time"

	"github.com/huiyin/huiyin/generator/schedule/job"
)

// Overview is what is to come, goes on and was done, as an office looks at it. It needs no
// program that runs.
type Overview struct {
	At       time.Time     `json:"at"`
	Zone     string        `json:"zone"`
	Entries  []EntryStatus `json:"entries"`  // in the order of the timetable
	Open     []job.Run     `json:"open"`     // runs that are queued, wait or go on, the oldest first
	Requests []job.Request `json:"requests"` // that have not ended, the oldest first, at most 100
	Journal  []job.Attempt `json:"journal"`  // what ended last, the newest first
}

// EntryStatus is how one entry stands.
type EntryStatus struct {
	Entry
	Next  time.Time    `json:"next,omitzero"`  // when it fires next; zero: not within twelve years
	Fired time.Time    `json:"fired,omitzero"` // up to which its firings are claimed, or since when it is known; zero: no program has seen it
	Due   int          `json:"due,omitempty"`  // firings that nobody has claimed: no program runs, or it is held up
	Last  *job.Attempt `json:"last,omitempty"` // its newest attempt
}

// Late reports whether the entry should have fired by now.
func (e EntryStatus) Late() bool { return e.Due > 0 }

// Look returns the overview of a timetable at a time, with so many lines of the journal.
func Look(ctx context.Context, s Store, table *Timetable, now time.Time, lines int) (Overview, error) {
	v := Overview{At: now, Zone: table.zone.String()}
	fired, err := s.Fired(ctx)
	if err != nil {
		return v, err
	}
	for i, e := range table.entries {
		status := EntryStatus{Entry: e, Fired: fired[e.Name]}
		if !status.Fired.IsZero() {
			_, status.Due, _ = table.times[i].Last(status.Fired, now, 1000)
		}
		status.Next = table.times[i].Next(later(status.Fired, now)) // later than now: the clock was set back
		last, err := s.Attempts(ctx, job.Filter{Entry: e.Name, Limit: 1})
		if err != nil {
			return v, err
		}
		if len(last) > 0 {
			status.Last = &last[0]
		}
		v.Entries = append(v.Entries, status)
	}
	if v.Open, err = s.Open(ctx); err != nil {
		return v, err
	}
	if v.Requests, err = s.Pending(ctx, 100); err != nil {
		return v, err
	}
	v.Journal, err = s.Attempts(ctx, job.Filter{Limit: lines})
	return v, err
}
