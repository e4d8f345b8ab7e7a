package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// done is what a command says at its end, of what is wanted here.
type done struct {
	failure
	Release int64 `json:"release"`
	Nothing bool  `json:"nothing_new"`
	New     int   `json:"new"`
	Updated int   `json:"updated"`
	Correct int   `json:"corrected"`
	Gone    int   `json:"withdrawn"`

	Feeds    []saidFeed  `json:"feeds"`
	PerBatch []saidBatch `json:"per_batch"`
	Search   *failure    `json:"search"`
	Open     []string    `json:"open"` // what could not be brought level; the hints stand among the complaints

	SetAside json.RawMessage `json:"set_aside"` // of a publish: the pages; of a pull: a number
}

type saidFeed struct {
	failure
	Feed    string   `json:"feed"`
	Missing []string `json:"missing"`
	GaveWay bool     `json:"gave_way"`
}

type saidBatch struct {
	Name    string   `json:"name"`
	Refused *failure `json:"refused"`
}

type saidPage struct {
	Path string `json:"path"`
	Code string `json:"code"`
}

// maxLine is the longest line of a command that is kept whole in the journal, in bytes.
const maxLine = 32 << 10

// understand reads the object that a command writes as its last line, and returns it as it
// goes into the journal: of a long one the lists of files are left out. line is nil where
// there is none.
func understand(out []byte) (said done, line json.RawMessage) {
	out = bytes.TrimRight(out, "\n")
	line = out[bytes.LastIndexByte(out, '\n')+1:]
	if json.Unmarshal(line, &said) != nil {
		return done{}, nil
	}
	if len(line) <= maxLine {
		return said, line
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(line, &members) != nil {
		return said, nil
	}
	delete(members, "per_batch")
	delete(members, "ignored")
	line, err := json.Marshal(members)
	if err != nil {
		return said, nil
	}
	return said, line
}

// words says in words what a command did.
func (d done) words(name string) string {
	switch {
	case name == "publish" && d.Nothing:
		return fmt.Sprintf("nothing new: release %d stands", d.Release)
	case name == "publish":
		return fmt.Sprintf("release %d is published", d.Release)
	case name == "pull":
		return fmt.Sprintf("cases: %d new, %d updated, %d corrected, %d withdrawn", d.New, d.Updated, d.Correct, d.Gone)
	}
	return "done"
}

// partial is the error of a command that did its work but for what it names.
type partial struct {
	without, hint string
	again         bool // of a feed that failed or gave way: the next try may bring it
	failed        bool // some of that is of feeds that failed
	later         bool // all of it is of feeds that did not fail, and will ask for it again
	gaveWay       bool // some of that is of feeds that gave way to others
}

func (p *partial) Error() string { return p.without }

// mostNamed is how many of the things that could not be taken are named.
const mostNamed = 3

// without says what a command left out, or nil where it names nothing.
func (d done) without() *partial {
	p := &partial{}
	var all []string
	later, gave := 0, 0
	add := func(what, hint string) {
		all = append(all, what)
		if p.hint == "" {
			p.hint = hint
		}
	}
	failed := feedTroubles(d.Feeds, func(f saidFeed) (string, string, string) { return f.Feed, f.Error, f.Hint })
	for i, f := range d.Feeds {
		if failed[i] != "" {
			add(failed[i]+": "+f.Error, f.Hint)
			p.again, p.failed = true, true
		}
		if f.GaveWay {
			add("feed "+f.Feed+": broken off so that what was asked for could be published; the next run goes on from there", "nothing is to be done; where it happens often, the upstream is slow")
			p.again = true
			gave++
		}
		if len(f.Missing) > 0 {
			add(fmt.Sprintf("feed %s: could not be fetched, and will be asked for again: %s", f.Feed, strings.Join(f.Missing, "; ")), "ask whoever runs the upstream; all else was taken")
			later++
		}
	}
	for _, b := range d.PerBatch {
		if b.Refused != nil {
			add("refused whole: "+said(b.Name, b.Refused.Error), b.Refused.Hint)
		}
	}
	var pages []saidPage
	_ = json.Unmarshal(d.SetAside, &pages) // a number is none
	for _, page := range pages {
		add(fmt.Sprintf("set aside: %s (%s)", page.Path, page.Code), "run huiyin publish by hand, and report what it says")
	}
	if d.Search != nil && d.Search.Error != "" {
		add("search: "+d.Search.Error, d.Search.Hint)
	}
	for _, what := range d.Open {
		add("not brought level: "+what, "")
	}
	if len(all) == 0 {
		return nil
	}
	p.later = later == len(all)
	p.gaveWay = gave > 0 && gave+later == len(all)
	if more := len(all) - mostNamed; more > 0 {
		all = append(all[:mostNamed], fmt.Sprintf("and %d more", more))
	}
	p.without = strings.Join(all, "; ")
	return p
}
