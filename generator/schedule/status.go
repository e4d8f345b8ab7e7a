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
	Answered []job.Request `json:"answered"` // that have ended, the newest first, as many as lines of the journal
	Journal  []job.Attempt `json:"journal"`  // what ended last, the newest first

	// Unanswered is how the last run ended that has failed a request, where nothing of the kind
	// was done since.
	Unanswered *job.Attempt `json:"unanswered,omitempty"`
}

// EntryStatus is how one entry stands.
type EntryStatus struct {
	Entry
	Next  time.Time    `json:"next,omitzero"`  // when it fires next; zero: not within twelve years
	Fired time.Time    `json:"fired,omitzero"` // up to which its firings are claimed, or since when it is known; zero: no program has seen it
	Due   int          `json:"due,omitempty"`  // firings that nobody has claimed: no program runs, or it is held up
	Last  *job.Attempt `json:"last,omitempty"` // its newest attempt

	// Failed is the attempt with which its last run has failed for good. It stays while the
	// next one goes on or is tried again, until that is done. nil: it is well.
	Failed *job.Attempt `json:"failed,omitempty"`
	// Behind is when it should have begun and has not; zero: nothing is outstanding.
	Behind time.Time `json:"behind,omitzero"`
}

// Late reports whether the entry should have fired by now.
func (e EntryStatus) Late() bool { return e.Due > 0 }

// How long an entry may be behind before that is trouble: firings that nobody claims, and
// a run that waits for its turn, perhaps behind a long one.
const (
	maxUnclaimed = 15 * time.Minute
	maxUnbegun   = 2 * time.Hour
)

// Overdue reports whether an entry is so far behind at a time that somebody has to look.
func (e EntryStatus) Overdue(now time.Time) bool {
	if e.Behind.IsZero() {
		return false
	}
	if e.Late() {
		return now.Sub(e.Behind) >= maxUnclaimed
	}
	return now.Sub(e.Behind) >= maxUnbegun
}

// failed returns the attempt that a run has ended with, where that was not well.
func failed(ctx context.Context, s Store, f job.Filter) (*job.Attempt, error) {
	f.Ends, f.Limit = true, 1
	last, err := s.Attempts(ctx, f)
	if err != nil || len(last) == 0 || last[0].Outcome == job.Success {
		return nil, err
	}
	return &last[0], nil
}

// unanswered returns the last run that has failed a request, where no request was answered
// and none of the kinds that do the same was done since.
func unanswered(ctx context.Context, s Store, same []string) (*job.Attempt, error) {
	bad, err := failed(ctx, s, job.Filter{Refused: true})
	if err != nil || bad == nil {
		return nil, err
	}
	last, err := s.Answered(ctx, 1)
	if err != nil {
		return nil, err
	}
	if len(last) > 0 && last[0].State == job.Done && last[0].Ended.After(bad.Ended) {
		return nil, nil
	}
	for _, kind := range same {
		good, err := s.Attempts(ctx, job.Filter{Kind: kind, Outcome: job.Success, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(good) > 0 && good[0].Started.After(bad.Ended) {
			return nil, nil
		}
	}
	return bad, nil
}

// Look returns the overview of a timetable at a time, with so many lines of the journal.
// answers are kinds of job that do what is asked for as well.
func Look(ctx context.Context, s Store, table *Timetable, now time.Time, lines int, answers ...string) (Overview, error) {
	v := Overview{At: now, Zone: table.zone.String()}
	fired, err := s.Fired(ctx)
	if err != nil {
		return v, err
	}
	if v.Open, err = s.Open(ctx); err != nil {
		return v, err
	}
	for i, e := range table.entries {
		status := EntryStatus{Entry: e, Fired: fired[e.Name]}
		if !status.Fired.IsZero() {
			if _, status.Due, _ = table.times[i].Last(status.Fired, now, 1000); status.Due > 0 {
				status.Behind = table.times[i].Next(status.Fired)
			}
		}
		for _, run := range v.Open {
			if run.Entry == e.Name && run.Attempt == 0 && (status.Behind.IsZero() || run.Due.Before(status.Behind)) {
				status.Behind = run.Due
			}
		}
		status.Next = table.times[i].Next(later(status.Fired, now)) // later than now: the clock was set back
		last, err := s.Attempts(ctx, job.Filter{Entry: e.Name, Limit: 1})
		if err != nil {
			return v, err
		}
		if len(last) > 0 {
			status.Last = &last[0]
		}
		if status.Failed, err = failed(ctx, s, job.Filter{Entry: e.Name}); err != nil {
			return v, err
		}
		v.Entries = append(v.Entries, status)
	}
	if v.Unanswered, err = unanswered(ctx, s, answers); err != nil {
		return v, err
	}
	if v.Requests, err = s.Pending(ctx, 100); err != nil {
		return v, err
	}
	if v.Answered, err = s.Answered(ctx, lines); err != nil {
		return v, err
	}
	v.Journal, err = s.Attempts(ctx, job.Filter{Limit: lines})
	return v, err
}
