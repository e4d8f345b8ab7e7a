package pages

import (
	"context"
	"fmt"

	"github.com/huiyin/huiyin/generator/assess/promise"
	"github.com/huiyin/huiyin/generator/assess/similar"
	"github.com/huiyin/huiyin/generator/record"
)

// qualityPage is the parameters of the layout quality: notes on the data of one unit
// (数据质量提示). Each says what is counted, out of how many, and what it does not mean.
type qualityPage struct {
	head
	NameLang string        `json:"name_lang,omitempty"`
	Of       link          `json:"of"`
	Period   string        `json:"period"`
	Cutoff   string        `json:"cutoff"`
	Method   string        `json:"method"`
	Few      string        `json:"few,omitempty"` // "yes": fewer cases than a share says anything of
	Coverage *coverage     `json:"coverage"`
	Notes    []qualityNote `json:"notes"`
	Percent  string        `json:"percent"` // likeness from which replies are similar
	Size     string        `json:"size"`    // least number of a group
	Groups   []alikeGroup  `json:"groups,omitempty"`
	Left     string        `json:"left,omitempty"` // groups beyond those that are shown
	Stars    []starScale   `json:"stars,omitempty"`
	Before   []beforeBin   `json:"before,omitempty"` // replies in time by days before the deadline
}

// beforeBin is how many replies in time came so many days before the deadline.
type beforeBin struct {
	Days  string `json:"days"` // "0", "1", "3-5", "over"
	N     string `json:"n"`
	Share string `json:"share"` // per cent of those in time
}

// beforeUpTo are the upper bounds of the bins of days before the deadline; the last is open.
var beforeUpTo = [...]record.Day{0, 1, 2, 5, 10}

// beforeNames are the bins' names in order.
var beforeNames = [len(beforeUpTo) + 1]string{"0", "1", "2", "3-5", "6-10", "over"}

// beforeOf is the bin of a reply so many days before its deadline.
func beforeOf(days record.Day) int {
	for i, to := range beforeUpTo {
		if days <= to {
			return i
		}
	}
	return len(beforeUpTo)
}

// qualityNote is one note: its share.
type qualityNote struct {
	ID   string `json:"id"`
	Cell cell   `json:"cell"`
}

// alikeGroup is a group of similar replies with a sample.
type alikeGroup struct {
	N      string `json:"n"`
	Sample string `json:"sample"` // the beginning of one of them
	Cases  []link `json:"cases"`  // the sample's first
}

// starScale is the ratings of one scale, by level from the best.
type starScale struct {
	Scale  string     `json:"scale"`
	Levels []starBins `json:"levels"`
}

type starBins struct {
	Level string `json:"level"`
	N     string `json:"n"`
}

var qualityLayouts = []string{"quality"}

const (
	alikeShown  = 10  // groups that a page shows
	alikeCases  = 6   // and cases of each
	sampleRunes = 100 // of the sample
)

// quality makes the notes of the units, in the groups of their pages. What is similar
// is looked for when a partition is made: it changes only with its units' cases.
func (p *planner) quality() []Partition {
	n := groups(len(p.register.Units))
	units := map[string][]record.Unit{}
	var keys []string
	for _, u := range p.register.Units {
		if len(p.byUnit[u.ID].all) == 0 {
			continue
		}
		key := fmt.Sprintf("quality/%d/%03d", n, group(string(u.ID), n))
		if units[key] == nil {
			keys = append(keys, key)
		}
		units[key] = append(units[key], u)
	}
	var parts []Partition
	for _, key := range keys {
		f := p.scopeFinger(key)
		for _, u := range units[key] {
			f.str(string(u.ID))
			f.sum(p.byUnit[u.ID].facts)
		}
		parts = append(parts, Partition{Key: key, Fingerprint: f.done(), Layouts: qualityLayouts, Make: func(ctx context.Context) (c Content, err error) {
			for _, u := range units[key] {
				notes, err := p.unitNotes(ctx, u.ID)
				if err != nil {
					return c, err
				}
				for _, lang := range p.Langs {
					c.Pages = append(c.Pages, p.qualityPage(lang, u, notes))
				}
			}
			return c, nil
		}})
	}
	return parts
}

// unitNotes is what is counted of the cases of a unit that were received in the twelve
// months to the cut-off, of its replies that are published.
type unitNotes struct {
	alike   similar.Result
	samples map[int]string // beginnings of replies, by line, of the representatives
	inTime  int64          // replies in time of which the day of reply and of the deadline are known
	last    int64          // of them, on the last day or the day before
	before  [len(beforeNames)]int64
	replies int64 // published replies with a text
	promise int64 // of them, those that name a time to come
}

func (p *planner) unitNotes(ctx context.Context, id record.UnitID) (n unitNotes, err error) {
	first, _, _ := p.rolling().Bounds()
	var at []int
	var numbers []record.CaseNumber
	for _, i := range p.byUnit[id].all {
		l := &p.lines[i]
		if l.received < first {
			continue
		}
		if l.onTime == record.Yes && l.replied.Known() && l.due.Known() {
			n.inTime++
			n.before[beforeOf(l.due-l.replied)]++
			if l.due-l.replied <= 1 {
				n.last++
			}
		}
		if l.prom == record.Full && l.answered == record.Yes {
			at, numbers = append(at, int(i)), append(numbers, l.number)
		}
	}
	cases, err := p.reader.CasesByNumber(ctx, numbers)
	if err != nil {
		return n, err
	}
	items := make([]similar.Item, 0, len(cases))
	replies := make(map[int]string, len(cases))
	for i, c := range cases {
		if c.Reply.Text == "" {
			continue // the office does not deliver what it replies
		}
		items = append(items, similar.Item{ID: at[i], Signature: similar.Of(c.Reply.Text)})
		replies[at[i]] = c.Reply.Text
		n.replies++
		if len(promise.Find(c.Reply.Text, p.lines[at[i]].replied)) > 0 {
			n.promise++
		}
	}
	if n.alike, err = similar.Groups(items, similar.Options{}); err != nil {
		return n, err
	}
	n.samples = map[int]string{}
	for _, g := range n.alike.Groups[:min(alikeShown, len(n.alike.Groups))] {
		n.samples[g.Representative] = excerpt(replies[g.Representative], sampleRunes)
	}
	return n, nil
}

func (p *planner) qualityPage(lang string, u record.Unit, n unitNotes) Page {
	words := p.Labels[lang]
	scope, period := record.Scope{Dim: record.ByUnit, ID: string(u.ID)}, p.rolling()
	set, _ := p.book.Set(scope, period)
	name := p.unitLink(lang, u.ID)
	v := &qualityPage{
		NameLang: name.Lang, Of: name, Period: p.periodName(lang, period), Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath), Coverage: p.reasons(scope, period),
		Percent: itoa(n.alike.Percent), Size: itoa(n.alike.Size),
	}
	path := record.QualityPath(u.ID)
	v.HomePath, v.Alts = p.in(lang, record.HomePath), p.alts(path)
	v.Crumbs = []link{p.home(lang), p.crumb(lang, "nav.units", record.UnitsPath), name}
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	v.Description = words.say("quality.desc", "name", name.Name, "cutoff", v.Cutoff)
	if set.Received < smallNumber {
		v.Few = "yes"
	}
	share := func(num, den int64) cell {
		return rateCell(record.Figure{Rate: record.Rate{Num: num, Den: den}})
	}
	v.Notes = []qualityNote{
		{"published", share(set.Full, set.Received)},
		{"alike", share(int64(n.alike.Grouped), int64(n.alike.Looked))},
		{"short", share(int64(n.alike.TooShort), int64(n.alike.Looked))},
		{"promise", share(n.promise, n.replies)},
		{"last-day", share(n.last, n.inTime)},
		{"rated", rateCell(set.Rating.Coverage)},
		{"reopened", rateCell(set.ReopenedOfClosed)},
		{"excluded", share(set.Received-set.Full, set.Received)},
		{"withdrawn", share(set.Withdrawn, set.Received)},
	}
	if n.inTime > 0 {
		for i, count := range n.before {
			v.Before = append(v.Before, beforeBin{beforeNames[i], thousands(count), record.Rate{Num: count, Den: n.inTime}.Percent(2)})
		}
	}
	page := Page{Path: p.in(lang, path), Layout: "quality", Lang: lang, Title: words.say("quality.title", "name", name.Name), Params: v}
	for i, g := range n.alike.Groups {
		if i == alikeShown {
			v.Left = thousands(int64(len(n.alike.Groups) - i))
			break
		}
		out := alikeGroup{N: thousands(int64(len(g.Members))), Sample: n.samples[g.Representative]}
		add := func(line int) {
			if l := &p.lines[line]; len(out.Cases) < alikeCases {
				out.Cases = append(out.Cases, link{Name: string(l.number), Path: record.CasePath(l.number)})
			}
		}
		add(g.Representative)
		page.Shows = append(page.Shows, p.lines[g.Representative].number)
		for _, m := range g.Members {
			if m.ID != g.Representative {
				add(m.ID)
			}
		}
		v.Groups = append(v.Groups, out)
	}
	for _, s := range set.Rating.Scales {
		scale := starScale{Scale: string(s.Scale)}
		for i := len(s.Levels) - 1; i >= 0; i-- {
			scale.Levels = append(scale.Levels, starBins{Level: "l" + itoa(i+1), N: thousands(s.Levels[i])})
		}
		v.Stars = append(v.Stars, scale)
	}
	return page
}

// smallNumber is how many cases a share should be of at least to say anything.
const smallNumber = 30
