// Package notes counts, for one unit and one period, what a reader should know of the
// data before trusting its figures (数据质量提示): how soon replies were published, which
// of them are alike or say nothing, how many came at the last moment, and which cases
// are the same problem again. Each is a number of cases out of a number of cases, found
// by rule; none says why, and none says anything of a person.
//
// It is pure: cases in, [Notes] out. Notes of several units add up to those of all of
// them, see [Notes.Add]. It takes time and memory in proportion to the number of cases and the
// length of their texts.
package notes

import (
	"slices"

	"github.com/huiyin/huiyin/generator/assess/promise"
	"github.com/huiyin/huiyin/generator/assess/similar"
	"github.com/huiyin/huiyin/generator/assess/substance"
	"github.com/huiyin/huiyin/generator/record"
)

// Version counts up when the same cases would get other notes than before.
const Version = 2

// Options are what counting depends on beside the cases.
type Options struct {
	Cutoff   record.Day // the last day that is known of
	Began    record.Day // the day with which the first reply of the installation was published
	Workdays Workdays   // nil: lags are counted in calendar days

	// Supervised says that at least one case of the installation carries a supervision.
	// Where none does, a blank is not "no".
	Supervised bool
}

// Notes is what is counted of one unit, or of several.
type Notes struct {
	Replies int64             `json:"replies"` // published with a text
	Empty   []int64           `json:"empty"`   // of them, those without substance, by rule as in [substance.Rules]
	Promise int64             `json:"promise"` // of them, those that name a time to come
	Alike   Alike             `json:"alike"`
	Due     Due               `json:"due"`
	InTime  int64             `json:"in_time"` // replied to in time, on a known day before a known deadline
	Before  [BeforeBins]int64 `json:"before"`  // of them, by days before the deadline
	Lag     Lag               `json:"lag"`
	Repeats Repeats           `json:"repeats"`
}

// Due is how the due days of cases came about.
type Due struct {
	Delivered int64 `json:"delivered"` // by the office
	Rule      int64 `json:"rule"`      // computed by the rules of the installation
	None      int64 `json:"none"`      // there is none
}

// Alike is the groups of similar replies, each within one unit.
type Alike struct {
	Percent  int     `json:"percent"` // likeness from which replies are similar
	Size     int     `json:"size"`    // least number of a group
	Looked   int64   `json:"looked"`  // replies
	TooShort int64   `json:"too_short"`
	Grouped  int64   `json:"grouped"`
	Groups   []Group `json:"groups,omitempty"` // the largest first
}

// Group is the cases whose replies are alike, by number. The reply of Sample is the one
// that the others are like.
type Group struct {
	Sample record.CaseNumber   `json:"sample"`
	Cases  []record.CaseNumber `json:"cases"`
}

// BeforeBins is the number of bins of days before a deadline.
const BeforeBins = len(beforeUpTo) + 1

// beforeUpTo are the upper bounds of the bins; the last is open.
var beforeUpTo = [...]record.Day{0, 1, 2, 5, 10}

// BeforeNames returns the names of the bins in order: days as "3-5", and "11-".
func BeforeNames() []string { return []string{"0", "1", "2", "3-5", "6-10", "11-"} }

// LastDay returns how many of those replied to in time were on the last day or the day
// before it.
func (n *Notes) LastDay() int64 { return n.Before[0] + n.Before[1] }

// NoSubstance returns how many replies are without substance by any rule.
func (n *Notes) NoSubstance() (sum int64) {
	for _, k := range n.Empty {
		sum += k
	}
	return sum
}

// Of counts the cases of one unit, in the order of their numbers and each but once:
// rows of all, with the texts of those published in full. Cases merged into another are
// left out, since the other one has the reply.
func Of(cases []record.Fact, o Options) (*Notes, error) {
	n := &Notes{Empty: make([]int64, len(substance.Rules()))}
	var items, questions []similar.Item
	for i := range cases {
		c := &cases[i]
		if c.IsMerged() {
			continue
		}
		n.row(c, o)
		if c.Prominence != record.Full {
			continue
		}
		questions = append(questions, similar.Item{ID: i, Signature: similar.Of(c.Title + "\n" + c.Question)})
		if c.Answered != record.Yes || c.Reply.Text == "" {
			continue // the office does not deliver what it replies
		}
		n.Replies++
		items = append(items, similar.Item{ID: i, Signature: similar.Of(c.Reply.Text)})
		if rule := substance.Of(c.Reply.Text); rule != substance.None {
			n.Empty[slices.IndexFunc(substance.Rules(), func(r substance.About) bool { return r.ID == rule })]++
		}
		if len(promise.Find(c.Reply.Text, c.RepliedOn)) > 0 {
			n.Promise++
		}
	}
	if err := n.alike(cases, items); err != nil {
		return nil, err
	}
	return n, n.Repeats.find(cases, questions, o)
}

// row counts what the public row says, that of a withdrawn case too.
func (n *Notes) row(c *record.Fact, o Options) {
	switch {
	case !c.Due.Known():
		n.Due.None++
	case c.DueRule != "":
		n.Due.Rule++
	default:
		n.Due.Delivered++
	}
	if c.OnTime == record.Yes && c.RepliedOn.Known() && c.Due.Known() && c.RepliedOn <= o.Cutoff {
		n.InTime++
		n.Before[beforeOf(c.Due-c.RepliedOn)]++
	}
	if c.Shown.Known() && c.Shown <= o.Cutoff {
		n.Lag.count(c.RepliedOn, c.Shown, o)
	}
}

// beforeOf is the bin of a reply so many days before its deadline.
func beforeOf(days record.Day) int {
	for i, to := range beforeUpTo {
		if days <= to {
			return i
		}
	}
	return len(beforeUpTo)
}

func (n *Notes) alike(cases []record.Fact, items []similar.Item) error {
	r, err := similar.Groups(items, similar.Options{})
	if err != nil {
		return err
	}
	n.Alike = Alike{Percent: r.Percent, Size: r.Size, Looked: int64(r.Looked), TooShort: int64(r.TooShort), Grouped: int64(r.Grouped)}
	for _, g := range r.Groups {
		out := Group{Sample: cases[g.Representative].Number}
		for _, m := range g.Members {
			out.Cases = append(out.Cases, cases[m.ID].Number)
		}
		n.Alike.Groups = append(n.Alike.Groups, out)
	}
	return nil
}

// Add adds the counts of another unit, without its groups and pairs.
func (n *Notes) Add(o *Notes) {
	if n.Empty == nil {
		n.Empty = make([]int64, len(o.Empty))
	}
	for i, k := range o.Empty {
		n.Empty[i] += k
	}
	n.Replies += o.Replies
	n.Promise += o.Promise
	n.InTime += o.InTime
	n.Due.Delivered += o.Due.Delivered
	n.Due.Rule += o.Due.Rule
	n.Due.None += o.Due.None
	for i, k := range o.Before {
		n.Before[i] += k
	}
	n.Alike.Percent, n.Alike.Size = o.Alike.Percent, o.Alike.Size
	n.Alike.Looked += o.Alike.Looked
	n.Alike.TooShort += o.Alike.TooShort
	n.Alike.Grouped += o.Alike.Grouped
	n.Lag.add(&o.Lag)
	n.Repeats.add(&o.Repeats)
}
