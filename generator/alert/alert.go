// Package alert tells an office once of what is wrong, and once when it is over.
//
// What is wrong is a list of conditions, computed anew each time. What was told is kept in
// a file: a condition is told when it is there and was not told, and its end is told when
// it was and is not there any more. A message that cannot be sent is sent the next time,
// and none is forgotten because of a crash; one that a crash cuts off right after it was
// sent may be sent twice. A sender that is new is told of all that is there.
package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// Condition is one thing that is wrong. It holds nothing of a case but its number.
type Condition struct {
	ID   string `json:"id"`   // the same as long as it is the same trouble; its first word is the sort: "failed publish"
	Text string `json:"text"` // what is wrong, in a sentence
	Hint string `json:"hint,omitempty"`
}

// Sort returns what sort of trouble it is.
func (c Condition) Sort() string {
	sort, _, _ := strings.Cut(c.ID, " ")
	return sort
}

// Change is a condition that has begun or is over.
type Change struct {
	Condition
	Since time.Time `json:"since"`
	Over  time.Time `json:"over,omitzero"` // zero: it is there
}

// Message is what is sent: all that has changed since the last one.
type Message struct {
	At      time.Time   `json:"at"`
	Site    string      `json:"site"`
	Changes []Change    `json:"changes"`
	Still   []Condition `json:"still,omitempty"` // told before, and there still
}

// Sender sends a message. A name tells it from the others.
type Sender interface {
	Name() string
	Send(ctx context.Context, m Message) error
}

// state is the file.
type state struct {
	Format int                 `json:"format"`
	Looked time.Time           `json:"looked,omitzero"` // when conditions were computed last
	Told   map[string]told     `json:"told"`            // conditions that are there, by id
	Unsent map[string][]Change `json:"unsent"`          // changes that a sender has not sent, by its name; none: it has sent all
}

type told struct {
	Condition
	Since time.Time `json:"since"`
}

const format = 1

// Book keeps what was told in a file. One process at a time may use it.
type Book struct {
	FS   durable.FS // nil: that of the machine
	Path string
	Site string // name of the site, for the messages
}

// Tell compares the conditions with what was told, and sends what has changed to each
// sender. What a sender could not send it is given again by the next call. A file that is
// damaged is set aside, and all that is there is told once more. The error joins that and
// those of the senders; what is kept is kept all the same.
func (b Book) Tell(ctx context.Context, now time.Time, conditions []Condition, senders []Sender) (changes []Change, err error) {
	if b.FS == nil {
		b.FS = durable.OS{}
	}
	var failed []error
	st, err := b.read()
	if _, _, code := fault.Public(err); err != nil && code == fault.ExitDamaged {
		failed = append(failed, err)
		st, err = b.begin()
	}
	if err != nil {
		return nil, err
	}
	st.Looked = now.UTC().Truncate(time.Second)
	changes = st.compare(now, conditions)
	for _, s := range senders {
		if unsent, known := st.Unsent[s.Name()]; known {
			st.Unsent[s.Name()] = append(unsent, changes...)
		} else {
			st.Unsent[s.Name()] = st.begun()
		}
	}
	for name := range st.Unsent { // of senders that are configured no more
		if !slices.ContainsFunc(senders, func(s Sender) bool { return s.Name() == name }) {
			delete(st.Unsent, name)
		}
	}
	if err := b.write(st); err != nil { // before anything is sent, so that nothing is lost
		return nil, err
	}
	for _, s := range senders {
		due := st.Unsent[s.Name()]
		if len(due) == 0 {
			continue
		}
		m := Message{At: now.UTC(), Site: b.Site, Changes: settled(due), Still: st.still(due)}
		if len(m.Changes) > 0 {
			if err := s.Send(ctx, m); err != nil {
				failed = append(failed, fmt.Errorf("%s: %w", s.Name(), err))
				continue
			}
		}
		st.Unsent[s.Name()] = []Change{}
		if err := b.write(st); err != nil {
			return changes, errors.Join(append(failed, err)...)
		}
	}
	return changes, errors.Join(failed...)
}

// There returns what was wrong when it was last looked, and when that was; zero: never.
func (b Book) There() (all []Condition, looked time.Time, err error) {
	if b.FS == nil {
		b.FS = durable.OS{}
	}
	st, err := b.read()
	if err != nil {
		return nil, looked, err
	}
	return st.still(nil), st.Looked, nil
}

// compare notes what has begun and what is over.
func (st *state) compare(now time.Time, conditions []Condition) (changes []Change) {
	now = now.UTC().Truncate(time.Second)
	there := map[string]bool{}
	for _, c := range conditions {
		if there[c.ID] {
			continue
		}
		there[c.ID] = true
		if was, ok := st.Told[c.ID]; ok {
			st.Told[c.ID] = told{c, was.Since} // its words may say more by now
			continue
		}
		st.Told[c.ID] = told{c, now}
		changes = append(changes, Change{Condition: c, Since: now})
	}
	for id, was := range st.Told {
		if !there[id] {
			delete(st.Told, id)
			changes = append(changes, Change{Condition: was.Condition, Since: was.Since, Over: now})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.ID, b.ID) })
	return changes
}

// settled drops what began and was over before anybody could be told of it.
func settled(changes []Change) (kept []Change) {
	for _, c := range changes {
		i := slices.IndexFunc(kept, func(k Change) bool { return k.ID == c.ID && k.Over.IsZero() && k.Since.Equal(c.Since) })
		if !c.Over.IsZero() && i >= 0 {
			kept = slices.Delete(kept, i, i+1)
			continue
		}
		kept = append(kept, c)
	}
	return kept
}

// begun lists all that is there as something that has begun.
func (st *state) begun() []Change {
	all := []Change{}
	for _, t := range st.Told {
		all = append(all, Change{Condition: t.Condition, Since: t.Since})
	}
	slices.SortFunc(all, func(a, b Change) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// still lists what is there and is none of the changes.
func (st *state) still(changes []Change) (all []Condition) {
	for id, t := range st.Told {
		if !slices.ContainsFunc(changes, func(c Change) bool { return c.ID == id }) {
			all = append(all, t.Condition)
		}
	}
	slices.SortFunc(all, func(a, b Condition) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func (b Book) read() (st state, err error) {
	st = state{Format: format}
	text, err := durable.ReadFile(b.FS, b.Path)
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&st); err != nil || st.Format != format {
			return st, fault.Coded(fault.ExitDamaged, "what was told is damaged: "+b.Path, "huiyin alerts sets it aside as "+filepath.Base(b.Path)+damagedEnding+" and tells all that is wrong once more; look at the disk", errors.Join(err, fmt.Errorf("format %d", st.Format)))
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return st, fault.Wrap(err, "what was told cannot be read: "+b.Path, "check its rights")
	}
	st.fill()
	return st, nil
}

// fill makes what a file may lack.
func (st *state) fill() {
	if st.Told == nil {
		st.Told = map[string]told{}
	}
	if st.Unsent == nil {
		st.Unsent = map[string][]Change{}
	}
}

// damagedEnding is that of a file that was set aside.
const damagedEnding = ".damaged"

// begin sets a damaged file aside and returns the state of which nothing was told.
func (b Book) begin() (st state, err error) {
	if err := b.FS.Rename(b.Path, b.Path+damagedEnding); err != nil {
		return st, fault.Wrap(err, "what was told is damaged and cannot be set aside: "+b.Path, "remove the file: all that is wrong is told once more")
	}
	st = state{Format: format}
	st.fill()
	return st, nil
}

func (b Book) write(st state) error {
	text, err := json.MarshalIndent(st, "", "  ")
	if err != nil {
		return err
	}
	err = durable.MkdirAll(b.FS, filepath.Dir(b.Path))
	if err == nil {
		err = durable.WriteFile(b.FS, b.Path, append(text, '\n'))
	}
	if err != nil {
		return fault.Wrap(err, "what was told cannot be kept: "+b.Path, "check its rights, and whether the disk is full")
	}
	return nil
}
