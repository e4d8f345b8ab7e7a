// Package job is the vocabulary of what runs by itself: runs, their attempts, the
// requests for them, and the leases that keep them apart. Package schedule decides,
// package store keeps; both speak in these types and neither imports the other.
//
// All times are instants; they are kept in milliseconds.
package job

import (
	"encoding/json"
	"time"
)

// State is where a run or a request stands.
type State string

// Queued waits for its turn, Waiting for the time of its next attempt, Running is being
// done. Done and Failed are the ends. A request is never Waiting: it is Running from the
// first attempt of its run to the end of the last.
const (
	Queued  State = "queued"
	Waiting State = "waiting"
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// Outcome is how one attempt ended.
type Outcome string

// Success did its work. Failure returned an error, and the run may be tried again.
// Interrupted was stopped with the program and goes on at its next start, or has given way
// to others and goes on a little later. Died is an
// attempt whose program ended in the middle of it. A Notice is no attempt: it is a line of
// the timetable itself, such as that the clock was set back.
const (
	Success     Outcome = "success"
	Failure     Outcome = "failure"
	Interrupted Outcome = "interrupted"
	Died        Outcome = "died"
	Notice      Outcome = "notice"
)

// Run is one piece of work: a firing of an entry of the timetable, or what was requested.
type Run struct {
	ID       int64             `json:"id"`
	Entry    string            `json:"entry,omitempty"` // of the timetable; empty: requested
	Kind     string            `json:"kind"`            // which job does it
	Args     map[string]string `json:"args,omitempty"`
	Due      time.Time         `json:"due"`              // when it was to start
	Missed   int               `json:"missed,omitempty"` // earlier firings that it stands for as well
	Ready    time.Time         `json:"ready"`            // not before
	State    State             `json:"state"`
	Attempt  int               `json:"attempt"`  // attempts begun
	Failures int               `json:"failures"` // of them, those that failed or died
	Died     int               `json:"died,omitempty"`
	Ended    time.Time         `json:"ended,omitzero"`

	// Of the attempt that is going on, or was last.
	Lease   string    `json:"lease,omitempty"`
	Fence   int64     `json:"fence,omitempty"`
	Holder  Holder    `json:"holder,omitzero"`
	Started time.Time `json:"started,omitzero"`

	// Requests are those that the run has taken, in the order in which they came. They are
	// there in what [Run] a job is given, and not in lists.
	Requests []Request `json:"requests,omitempty"`

	// Others says that a request which is no act is among those that the run has ever taken,
	// also one that was answered. It is there as Requests are.
	Others bool `json:"others,omitempty"`
}

// Firing says that an entry is due.
type Firing struct {
	Entry, Kind string
	Args        map[string]string
	Due         time.Time // the latest time at which it was due
	Missed      int       // earlier ones that nobody claimed
	Now         time.Time
}

// Lease is the right to do the work that bears its name. At most one holder has it.
type Lease struct {
	Name   string    `json:"name"`
	Holder Holder    `json:"holder"`
	Until  time.Time `json:"until"`
	Fence  int64     `json:"fence"` // grows with every taking, and never shrinks
}

// Holder is one runner in one process.
type Holder struct {
	Host string `json:"host"` // machine, as it was started
	ID   string `json:"id"`   // one of it
}

// Request asks for a run of a kind.
type Request struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind"`
	Scope   string    `json:"scope"` // what is asked for, in the words of the job
	By      string    `json:"by"`    // who asked, as stated
	At      time.Time `json:"at"`
	Act     bool      `json:"act,omitempty"` // of a person, on what is here already: nothing has to be fetched for it
	State   State     `json:"state"`
	Run     int64     `json:"run,omitempty"`     // that has taken it
	Release int64     `json:"release,omitempty"` // that answers it, once it is done
	Reason  string    `json:"reason,omitempty"`  // why it failed; of one that is done, what of its run was not
	Ended   time.Time `json:"ended,omitzero"`
}

// Attempt is one line of the journal.
type Attempt struct {
	Run     int64           `json:"run,omitempty"`
	Entry   string          `json:"entry,omitempty"`
	Kind    string          `json:"kind"`
	Attempt int             `json:"attempt,omitempty"`
	Due     time.Time       `json:"due,omitzero"`
	Missed  int             `json:"missed,omitempty"`
	Started time.Time       `json:"started"`
	Ended   time.Time       `json:"ended,omitzero"`    // zero: it is going on
	Outcome Outcome         `json:"outcome,omitempty"` // empty: it is going on
	Final   bool            `json:"final,omitempty"`   // the run has ended with it
	Text    string          `json:"text,omitempty"`    // for the office: what was done, or what went wrong
	Hint    string          `json:"hint,omitempty"`    // what to do about it
	Counts  json.RawMessage `json:"counts,omitempty"`  // a JSON object of what came and what changed
}

// Ending is how the attempt that holds a lease ended, and what becomes of its run.
type Ending struct {
	Run     int64
	Lease   string
	Fence   int64
	At      time.Time
	Outcome Outcome
	Text    string
	Hint    string
	Counts  json.RawMessage
	Release int64
	State   State     // of the run from now on: Queued, Waiting, Done or Failed
	Answer  []string  // requests of the run that Release answers whatever becomes of the run
	Ready   time.Time // when it is tried again
}

// Filter chooses lines of the journal.
type Filter struct {
	Entry, Kind string  // empty: all
	Run         int64   // zero: all
	Refused     bool    // only of runs that have failed a request
	Ends        bool    // only those that a run has ended with
	Outcome     Outcome // empty: any
	Since       time.Time
	Limit       int // at most so many, the newest; zero: 100
}
