package ingest

import (
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
)

// Counts is what happened to the cases of one batch, or of a run. Registers are
// not counted.
type Counts struct {
	Rows        int `json:"rows"`        // case rows read
	New         int `json:"new"`         // cases that got a number
	Updated     int `json:"updated"`     // something unknown became known, or the case went on
	Corrected   int `json:"corrected"`   // something published changed
	Withdrawn   int `json:"withdrawn"`   // by an upstream tombstone, or as an accusation
	Unchanged   int `json:"unchanged"`   // rows that said nothing new
	Held        int `json:"held"`        // sent to the queue because they are not shown as they came
	Silent      int `json:"silent"`      // of those held: neither number nor row meanwhile
	Sample      int `json:"sample"`      // published masked, and drawn for a person to look at
	FilesWait   int `json:"files_wait"`  // files that wait for a person, of cases that are published
	FilesOut    int `json:"files_out"`   // files that no person can accept, of cases that are published
	Stubs       int `json:"stubs"`       // published as a row alone, by rule
	Excluded    int `json:"excluded"`    // accusing an official: counted only
	Waiting     int `json:"waiting"`     // for their join
	Quarantined int `json:"quarantined"` // rows refused
	SetAside    int `json:"set_aside"`   // values set aside, the row stands
}

// count adds one case: what became of it, how the gate decided, and what
// happened in the store.
func (c *Counts) count(s intake.State, d gate.Decision, kind record.EventKind) {
	switch s {
	case intake.Held:
		c.Held++
	case intake.Silent:
		c.Held++
		c.Silent++
	case intake.Excluded:
		c.Excluded++
	}
	if d == gate.Stub {
		c.Stubs++
	}
	switch kind {
	case record.EventPublish:
		c.New++
	case record.EventUpdate, record.EventMerge:
		c.Updated++
	case record.EventCorrect:
		c.Corrected++
	case record.EventWithdraw:
		c.Withdrawn++
	case "":
		if d == gate.Publish || d == gate.Stub || d == gate.Hold {
			c.Unchanged++
		}
	}
}

// files adds what became of the files of a case that is in the store.
func (c *Counts) files(all []gate.FileVerdict) {
	for _, f := range all {
		switch f.State {
		case gate.FileWaits:
			c.FilesWait++
		case gate.FileLeftOut:
			c.FilesOut++
		}
	}
}

func (c *Counts) add(o Counts) {
	c.Rows += o.Rows
	c.New += o.New
	c.Updated += o.Updated
	c.Corrected += o.Corrected
	c.Withdrawn += o.Withdrawn
	c.Unchanged += o.Unchanged
	c.Held += o.Held
	c.Silent += o.Silent
	c.Sample += o.Sample
	c.FilesWait += o.FilesWait
	c.FilesOut += o.FilesOut
	c.Stubs += o.Stubs
	c.Excluded += o.Excluded
	c.Waiting += o.Waiting
	c.Quarantined += o.Quarantined
	c.SetAside += o.SetAside
}

// BatchSummary is what happened to one batch.
type BatchSummary struct {
	Name    string     `json:"name"`
	AsOf    record.Day `json:"as_of"`
	Seen    bool       `json:"seen,omitempty"` // its bytes were taken before
	Refused *Refused   `json:"refused,omitempty"`
	Counts
}

// Refused says why a batch was refused as a whole, and what to do. Err is for
// the log.
type Refused struct {
	Msg  string `json:"error"`
	Hint string `json:"hint"`
	Err  error  `json:"-"`
}

// Summary is what a run did. Batches are all that the source has; PerBatch
// leaves out those seen before.
type Summary struct {
	Batches        int `json:"batches"`
	BatchesSeen    int `json:"batches_seen"`
	BatchesRefused int `json:"batches_refused"`
	Counts
	PerBatch []BatchSummary `json:"per_batch,omitempty"`
}

func (s *Summary) add(b BatchSummary) {
	s.Batches++
	s.Counts.add(b.Counts)
	if b.Seen {
		s.BatchesSeen++
		return
	}
	if b.Refused != nil {
		s.BatchesRefused++
	}
	s.PerBatch = append(s.PerBatch, b)
}
