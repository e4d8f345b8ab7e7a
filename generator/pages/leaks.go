package pages

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// The addresses of the leak report.
const (
	LeaksPath     = "privacy/report.html"
	LeaksDataPath = "privacy/report.json"
)

// LeakParts is how many partitions [LeakPartitions] returns.
const LeakParts = 2

// Leaks is the leak report of a release: how it was looked through for personal
// data before anybody saw it, what the gate has masked in it, and what it holds
// back. It is counts alone. Held counts are not told apart by what they are held
// for, which would say what stands in a few cases.
type Leaks struct {
	Cutoff string           `json:"cutoff"` // as 2006-01-02
	Policy LeaksPolicy      `json:"policy"`
	Scan   LeaksScan        `json:"scan"`
	Masked map[string]int64 `json:"masked"` // findings masked in cases published in full, by kind
	Cases  LeaksCases       `json:"cases"`
	People []record.People  `json:"people,omitempty"` // what is published in sums alone

	// Cases that accuse an official, which are published in no other way.
	Excluded []record.Excluded `json:"excluded,omitempty"`
}

// LeaksPolicy names the rules of the gate that held.
type LeaksPolicy struct {
	Version string `json:"version"` // as the office calls them
	Hash    string `json:"hash"`    // SHA-256 of rules, allow-lists and detectors
}

// LeaksScan is how the files of the release were looked through, all but the
// report's own. Found is what was found and may not be published: 0, or there
// would be no release.
type LeaksScan struct {
	Files      int64 `json:"files"`
	Unread     int64 `json:"unread"` // files that hold no text, such as pictures
	Texts      int64 `json:"texts"`
	Candidates int64 `json:"candidates"` // judged one by one
	Found      int64 `json:"found"`
}

// LeaksCases is how many cases are published how.
type LeaksCases struct {
	Full      int64                       `json:"full"`
	Rows      map[record.StubReason]int64 `json:"rows"` // the row alone, by reason
	Withdrawn int64                       `json:"withdrawn"`
}

// leaksPage is the parameters of the layout leaks.
type leaksPage struct {
	head
	Cutoff string      `json:"cutoff"`
	Scan   []leaksLine `json:"scan"`
	Masked []leaksLine `json:"masked,omitempty"`
	Cases  []leaksLine `json:"cases"`

	Excluded []leaksLine   `json:"excluded,omitempty"`
	People   []peopleTable `json:"people,omitempty"`
	Version  string        `json:"version"`
	Hash     string        `json:"hash"`
	Data     string        `json:"data"`
}

type leaksLine struct {
	Name  string `json:"name"`
	Count string `json:"count"`
}

// peopleTable is how the writers of one year's cases are spread over the values of
// one attribute.
type peopleTable struct {
	ID      string       `json:"id"`
	Caption string       `json:"caption"`
	Lines   []peopleLine `json:"lines"`
}

type peopleLine struct {
	Name    string `json:"name"`
	Count   string `json:"count"`
	Percent string `json:"percent"`
}

// LeakPartitions returns the partitions of the leak report: its pages, in every
// interface language, and the same counts as data. They are planned apart from the
// others, because what they say of those is known only when those are made.
func LeakPartitions(l Leaks, o Options) ([]Partition, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &planner{Options: o}
	p.sumBase()
	body, err := json.MarshalIndent(l, "", "  ") // sorts the keys of maps
	if err != nil {
		return nil, err
	}
	layouts := []string{"leaks"}
	theme, err := p.Theme(layouts)
	if err != nil {
		return nil, err
	}
	data, page := p.finger("privacy/data"), p.finger("privacy/report")
	data.str(string(body))
	page.str(string(body))
	for _, t := range o.Texts {
		page.str(t.Path, t.Title) // the crumbs
	}
	page.sum(theme)
	return []Partition{
		{Key: "privacy/data", Fingerprint: data.done(), Make: func(context.Context) (Content, error) {
			return Content{Files: []File{{Path: LeaksDataPath, Body: append(slices.Clone(body), '\n')}}}, nil
		}},
		{Key: "privacy/report", Fingerprint: page.done(), Layouts: layouts, Make: func(context.Context) (Content, error) {
			var c Content
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.leaksPage(lang, l))
			}
			return c, nil
		}},
	}, nil
}

func (p *planner) leaksPage(lang string, l Leaks) Page {
	words := p.Labels[lang]
	line := func(label string, n int64) leaksLine { return leaksLine{words.say(label), thousands(n)} }
	v := &leaksPage{
		Cutoff: l.Cutoff, Version: l.Policy.Version, Hash: l.Policy.Hash, Data: LeaksDataPath,
		Scan: []leaksLine{
			line("leaks.files", l.Scan.Files), line("leaks.unread", l.Scan.Unread), line("leaks.texts", l.Scan.Texts),
			line("leaks.candidates", l.Scan.Candidates), line("leaks.found", l.Scan.Found),
		},
		Cases: []leaksLine{line("leaks.full", l.Cases.Full)},
	}
	byCount := func(a, b string) int { return cmp.Or(cmp.Compare(l.Masked[b], l.Masked[a]), cmp.Compare(a, b)) }
	for _, kind := range slices.SortedFunc(maps.Keys(l.Masked), byCount) {
		v.Masked = append(v.Masked, line("finding."+kind, l.Masked[kind]))
	}
	for _, why := range record.StubReasons() {
		if n := l.Cases.Rows[why]; n > 0 && why != record.Removed {
			v.Cases = append(v.Cases, line("reason."+string(why), n))
		}
	}
	v.Cases = append(v.Cases, line("leaks.withdrawn", l.Cases.Withdrawn))
	for _, e := range l.Excluded {
		v.Excluded = append(v.Excluded, leaksLine{p.excludedSpan(lang, e), thousands(e.N)})
	}
	for _, t := range l.People {
		v.People = append(v.People, tableOf(words, t))
	}
	v.HomePath, v.Alts = p.in(lang, record.HomePath), p.alts(LeaksPath)
	v.Crumbs = []link{p.home(lang), p.crumb(lang, "nav.privacy", record.PrivacyPath)}
	v.Column, v.ColumnType = words.say("leaks.title"), words.say("column.type_about")
	v.Description = words.say("leaks.desc", "cutoff", l.Cutoff)
	return Page{Path: p.in(lang, LeaksPath), Layout: "leaks", Lang: lang, Title: words.say("leaks.title"), Params: v}
}

// excludedSpan names the months of a count of excluded cases.
func (p *planner) excludedSpan(lang string, e record.Excluded) string {
	until := p.monthName(lang, e.Until)
	switch e.From {
	case 0:
		return p.Labels[lang].say("leaks.excluded_until", "until", until)
	case e.Until:
		return until
	}
	return p.Labels[lang].say("leaks.excluded_span", "from", p.monthName(lang, e.From), "until", until)
}

// tableOf writes a table of people. Groups that nobody is in are left out, and a
// number that is not published says so.
func tableOf(words Labels, t record.People) peopleTable {
	year, attribute := strconv.Itoa(t.Year), string(t.Attribute)
	out := peopleTable{ID: "people-" + year + "-" + attribute, Caption: words.say("people.caption", "year", year, "attribute", words.say("people."+attribute))}
	line := func(name string, c record.PeopleCount) peopleLine {
		switch {
		case c.Hidden:
			return peopleLine{name, words.say("people.hidden"), words.say("people.hidden")}
		case c.Percent < 0:
			return peopleLine{name, thousands(c.N), words.say("people.no_percent")}
		}
		return peopleLine{name, thousands(c.N), strconv.FormatInt(c.Percent, 10) + "%"}
	}
	for _, g := range t.Groups {
		if g.N > 0 || g.Hidden {
			out.Lines = append(out.Lines, line(words.say("group."+attribute+"_"+groupKey(g.Group)), g.PeopleCount))
		}
	}
	out.Lines = append(out.Lines, line(words.say("people.total"), t.Total))
	return out
}

// groupKey is a group's name as the end of a label's.
func groupKey(group string) string { return strings.NewReplacer("-", "_", "+", "_up").Replace(group) }
