// Package spool keeps what sources that grow have delivered as files in the drop
// folder, where it is read like any other export: the same mapping, the same
// registers, the same quarantine, and a clerk can open what was fetched.
//
// Each feed has a folder of its own, feeds/NAME below the drop folder. A page of the
// upstream is one file of JSON Lines in it, named by the as-of day and a running
// number: 2026-11-28.000001.jsonl. Its first line is {"_meta":{"count":N}}, by which
// half a file would be noticed.
//
// A walk is one run through what the upstream has that is new. Its pages and the state
// to go on from lie in feeds/.NAME until it has come to its end, and then move into
// place, all with the as-of day of its end: no cut-off day stands before all of its
// cases are there. A walk that was broken off is taken up where it was.
//
// Every page is durable before the state behind it is. A crash at any point loses
// nothing and keeps nothing twice: the running numbers are kept with the state.
package spool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/site/durable"
)

// Feed fetches from one upstream.
type Feed interface {
	// Fetch hands over the pages behind a state, in their order, until there are no
	// more; nil is the state before the first page. A page that was handed over is
	// kept when page returns nil, and fetching may go on from its state, in this call
	// or in another. An error of page ends it and is returned as it is.
	Fetch(ctx context.Context, state []byte, page func(source.Page) error) (source.Walk, error)
}

// Spool is the folder of one feed. Its methods must not be called at the same time,
// which a lock refuses over all processes.
type Spool struct {
	fs   durable.FS
	dir  string // feeds/NAME
	open string // feeds/.NAME
	name string
}

// Folder is the folder of all feeds, below the drop folder.
const Folder = "feeds"

// StateName is the file below feeds/.NAME that says where to go on. It is never ahead of
// the pages: those that it counts are there before it is written.
const StateName = "state.json"

var feedName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// New returns the spool of a feed in a drop folder. A name is of small letters, digits
// and hyphens, at most 32. fsys nil is the file system of the machine.
func New(fsys durable.FS, inbox, name string) (*Spool, error) {
	if !feedName.MatchString(name) {
		return nil, fault.New("the name of a feed is of small letters, digits and hyphens, at most 32", "give the feed another name under sources: feeds")
	}
	if fsys == nil {
		fsys = durable.OS{}
	}
	feeds := filepath.Join(inbox, Folder)
	return &Spool{fs: fsys, dir: filepath.Join(feeds, name), open: filepath.Join(feeds, "."+name), name: name}, nil
}

// Report is what a fetch did.
type Report struct {
	Feed    string   `json:"feed"`
	AsOf    string   `json:"as_of"`
	Pages   int      `json:"pages"` // files that came
	Items   int64    `json:"items"`
	Resumed bool     `json:"resumed,omitempty"` // an earlier walk was taken up
	Expired bool     `json:"expired,omitempty"` // the upstream did not know any more where to go on, and is read from the beginning
	Missing []string `json:"missing,omitempty"`

	// Personal is how many members about persons were dropped from what came.
	Personal int64 `json:"personal,omitempty"`
}

// Day returns the latest as-of day of which anything was fetched, or "" where nothing was.
func (s *Spool) Day() (string, error) {
	st, err := s.read()
	return st.Day, err
}

// state is kept in feeds/.NAME/state.json.
type state struct {
	Format int    `json:"format"`
	State  []byte `json:"state"`           // to go on from
	Pages  int    `json:"pages"`           // of the open walk that are kept
	Items  int64  `json:"items"`           // in them
	Ended  string `json:"ended,omitempty"` // as-of day of the walk that has come to its end and moves into place
	First  int    `json:"first,omitempty"` // running number of its first page
	Day    string `json:"day,omitempty"`   // latest as-of day that has pages
	Last   int    `json:"last,omitempty"`  // highest running number of that day
}

const format = 1

// Fetch takes what the feed has that is new. today is the as-of day of an upstream
// that does not say on which day it stands. An upstream that has nothing new leaves an
// empty page of its day, once a day, because that is news too. An as-of day before one
// that was taken is refused: a cut-off day does not go back.
func (s *Spool) Fetch(ctx context.Context, feed Feed, today string) (r Report, err error) {
	r.Feed = s.name
	for _, dir := range []string{s.dir, s.open} {
		if err := durable.MkdirAll(s.fs, dir); err != nil {
			return r, s.fail("cannot be made", err)
		}
	}
	lock, err := s.fs.Lock(ctx, filepath.Join(s.open, "lock"), false)
	var locked *durable.LockedError
	if errors.As(err, &locked) {
		return r, fault.Coded(fault.ExitBusy, "the feed "+s.name+" is being fetched already", "wait until that run has ended", err)
	}
	if err != nil {
		return r, s.fail("cannot be locked", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	st, err := s.read()
	if err != nil {
		return r, err
	}
	if err := s.settle(&st); err != nil {
		return r, err
	}
	if err := s.sweep(st); err != nil {
		return r, err
	}
	r.Resumed = st.Pages > 0
	walk, err := feed.Fetch(ctx, st.State, func(p source.Page) error {
		err := s.keep(&st, p)
		// With its first page, so that it is told once, though the walk breaks off.
		r.Expired = r.Expired || err == nil && p.Expired
		return err
	})
	if err != nil {
		return r, err
	}
	r.Missing, r.Personal = walk.Missing, walk.Personal
	if r.AsOf = walk.AsOf; r.AsOf == "" {
		r.AsOf = today
	}
	day, err := time.Parse(time.DateOnly, r.AsOf)
	if err != nil { // whose text would show what was received
		return r, fault.New("the feed "+s.name+" states an as-of day that is no day", "ask whoever runs the upstream: as_of is a day such as 2026-11-28")
	}
	if now, err := time.Parse(time.DateOnly, today); err != nil || day.After(now.AddDate(0, 0, 1)) {
		return r, errors.Join(err, fault.New(fmt.Sprintf("the feed %s states the as-of day %s, which lies in the future", s.name, r.AsOf),
			"nothing was taken; check the clock here, and ask whoever runs the upstream"))
	}
	if r.AsOf < st.Day && walk.AsOf == "" {
		return r, fault.New(fmt.Sprintf("the clock of this machine shows %s, and the feed %s was fetched on %s before", r.AsOf, s.name, st.Day),
			"nothing was taken; check the clock")
	}
	if r.AsOf < st.Day {
		return r, fault.New(fmt.Sprintf("the feed %s states the as-of day %s, and has stated %s before", s.name, r.AsOf, st.Day),
			"nothing was taken; ask whoever runs the upstream whether it was set back")
	}
	if st.Pages == 0 {
		if r.AsOf == st.Day {
			st.State = walk.State
			return r, s.write(st)
		}
		if err := s.put(1, nil); err != nil {
			return r, err
		}
		st.Pages = 1
	}
	r.Pages, r.Items = st.Pages, st.Items
	st.State, st.Ended, st.First = walk.State, r.AsOf, 1
	if r.AsOf == st.Day {
		st.First = st.Last + 1
	}
	if err := s.write(st); err != nil { // from here on the walk has come to its end
		return r, err
	}
	return r, s.settle(&st)
}

// keep makes a page durable, and then the state behind it.
func (s *Spool) keep(st *state, p source.Page) error {
	if p.Restart {
		st.Pages, st.Items = 0, 0
	}
	if err := s.put(st.Pages+1, p.Items); err != nil {
		return err
	}
	st.Pages++
	st.Items += int64(len(p.Items))
	st.State = p.State
	return s.write(*st)
}

// put makes a page of the open walk durable.
func (s *Spool) put(n int, items [][]byte) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"_meta":{"count":%d}}`+"\n", len(items))
	for _, item := range items {
		if err := json.Compact(&b, item); err != nil { // whose text would show what was received
			return fault.New("the feed "+s.name+" has an item that is no JSON", "ask whoever runs the upstream")
		}
		b.WriteByte('\n')
	}
	if err := durable.WriteFile(s.fs, s.page(n), b.Bytes()); err != nil {
		return s.fail("cannot take a page", err)
	}
	return nil
}

// page is the path of a page of the open walk.
func (s *Spool) page(n int) string { return filepath.Join(s.open, fmt.Sprintf("%06d.jsonl", n)) }

// settle moves a walk that has come to its end into place.
func (s *Spool) settle(st *state) error {
	if st.Ended == "" {
		return nil
	}
	for n := 1; n <= st.Pages; n++ {
		to := filepath.Join(s.dir, fmt.Sprintf("%s.%06d.jsonl", st.Ended, st.First+n-1))
		if err := durable.Rename(s.fs, s.page(n), to); err != nil && !errors.Is(err, fs.ErrNotExist) { // moved before
			return s.fail("cannot move a page into place", err)
		}
	}
	st.Day, st.Last = st.Ended, st.First+st.Pages-1
	st.Ended, st.First, st.Pages, st.Items = "", 0, 0, 0
	if err := s.write(*st); err != nil {
		return err
	}
	return s.sweep(*st)
}

// sweep removes pages that belong to no walk: a crash or a restart has left them.
func (s *Spool) sweep(st state) error {
	entries, err := s.fs.ReadDir(s.open)
	if err != nil {
		return s.fail("cannot be read", err)
	}
	for _, e := range entries {
		var n int
		if _, err := fmt.Sscanf(e.Name(), "%06d.jsonl", &n); err == nil && n <= st.Pages || !strings.HasSuffix(e.Name(), ".jsonl") {
			continue
		}
		if err := durable.Remove(s.fs, filepath.Join(s.open, e.Name())); err != nil {
			return s.fail("cannot be cleared", err)
		}
	}
	return nil
}

func (s *Spool) statePath() string { return filepath.Join(s.open, StateName) }

func (s *Spool) read() (st state, err error) {
	b, err := durable.ReadFile(s.fs, s.statePath())
	if errors.Is(err, fs.ErrNotExist) {
		return state{Format: format}, nil
	}
	if err != nil {
		return st, s.fail("cannot be read", err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&st); err != nil || st.Format != format || st.Pages < 0 || st.First < 0 || st.Last < 0 {
		return st, fault.Wrap(errors.Join(err, fmt.Errorf("format %d", st.Format)), "the state of the feed "+s.name+" cannot be read",
			"if it was written by a newer version, use that one; else remove "+s.statePath()+", and all of the feed is fetched again")
	}
	return st, nil
}

func (s *Spool) write(st state) error {
	b, err := json.Marshal(st)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(s.fs, s.statePath(), append(b, '\n')); err != nil {
		return s.fail("cannot keep its state", err)
	}
	return nil
}

func (s *Spool) fail(what string, err error) error {
	return fault.Wrap(err, "the folder of the feed "+s.name+" "+what, "check the drop folder: its rights, and whether the disk is full")
}
