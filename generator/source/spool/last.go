package spool

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// Last is how the newest fetch that came to its end went, for whoever asks later how a feed
// stands. It holds nothing that was received.
type Last struct {
	Report
	At    time.Time `json:"at,omitzero"`     // zero: none has come to its end
	Error string    `json:"error,omitempty"` // why nothing more came, as the office may read it
	Hint  string    `json:"hint,omitempty"`

	// BrokenOff is when a fetch since was broken off to make room for others; zero: none was.
	BrokenOff time.Time `json:"broken_off,omitzero"`
}

// Remember keeps how the newest fetch went, in feeds/.NAME/last.json, in place of the one
// before. Nothing but [Spool.Last] goes by it.
func (s *Spool) Remember(l Last) error {
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := durable.MkdirAll(s.fs, s.open); err != nil {
		return s.fail("cannot be made", err)
	}
	if err := durable.WriteFile(s.fs, s.lastPath(), append(b, '\n')); err != nil {
		return s.fail("cannot keep how the fetch went", err)
	}
	return nil
}

// Last returns what was remembered; ok is false where nothing was.
func (s *Spool) Last() (l Last, ok bool, err error) {
	b, err := durable.ReadFile(s.fs, s.lastPath())
	if errors.Is(err, fs.ErrNotExist) {
		return l, false, nil
	}
	if err != nil {
		return l, false, s.fail("cannot be read", err)
	}
	if err := json.Unmarshal(b, &l); err != nil {
		return l, false, fault.Wrap(err, s.lastPath()+" cannot be read", "remove it; the next pull writes it anew")
	}
	return l, true, nil
}

func (s *Spool) lastPath() string { return filepath.Join(s.open, "last.json") }
