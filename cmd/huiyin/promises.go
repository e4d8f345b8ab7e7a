package main

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/generator/assess/promise"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// promisesResult is what promises lists.
type promisesResult struct {
	Waiting     []foundPromise         `json:"waiting"`     // found by rule, and judged by nobody
	Commitments []heldPromise          `json:"commitments"` // accepted: of the cases that are named, or that are due without an outcome
	History     []record.CommitmentAct `json:"history,omitempty"`
	Cutoff      record.Day             `json:"cutoff"`
}

// foundPromise is a wording that the rule finds.
type foundPromise struct {
	Number   record.CaseNumber `json:"number"`
	Code     string            `json:"code"`
	Unit     record.UnitID     `json:"unit,omitempty"`
	Name     string            `json:"unit_name,omitempty"`
	Replied  record.Day        `json:"replied,omitempty"`
	Due      record.Day        `json:"due,omitempty"`          // proposed; unknown where a person must state it
	Days     int               `json:"working_days,omitempty"` // that the wording counts in
	NoYear   int               `json:"missing_year,omitempty"` // without a holiday notice, for want of which Due is not known
	Time     string            `json:"time"`                   // the words that name the time
	Wording  string            `json:"wording"`
	Replaces []string          `json:"may_replace,omitempty"` // codes of commitments of the case whose reply was changed

	place record.Place
}

// heldPromise is a commitment with how it stands.
type heldPromise struct {
	record.Commitment
	Name   string         `json:"unit_name,omitempty"`
	Status promise.Status `json:"status"`
}

// promiseFilter chooses what is listed.
type promiseFilter struct {
	numbers []record.CaseNumber // these cases alone, with all that was judged of them
	unit    string              // ID or name
	since   record.Day          // leave out replies of before
}

func newPromises(a *app) *cobra.Command {
	var unit, since string
	c := &cobra.Command{
		Use:   "promises [NUMBER...]",
		Short: "List the promises found in published replies, and the commitments without an outcome",
		Long: longHelp(`List wordings of published replies that by rule name a time to come, and of which
nobody has said yet whether they are promises: NUMBER:CODE as huiyin approve wants it,
the unit, the day of the reply, the day by which it would be due, and the wording. The
text is that of the site and no other. Where the time is counted in working days, and
the section deadlines of the configuration has no calendar of the year, the due day is
missing and approve wants it.

Below stand the commitments that are due and have no outcome yet, whenever they were
made. With numbers of cases everything of these cases is listed, also what was decided,
by whom and when.

  huiyin promises --unit 路灯管理处 --since 2026-11-01
  huiyin promises 2611-000017

The rule knows fixed wordings. It proposes, and a person decides: it takes some that
are no promise, and misses others. Nothing is written.`, fault.ExitConfig, fault.ExitDamaged),
		Annotations: map[string]string{wants: "name public numbers of cases, such as 2611-004217, or none"},
		Args:        cobra.ArbitraryArgs,
		PreRunE:     noBlankFlags("unit", "since"),
		RunE: func(c *cobra.Command, args []string) error {
			f := promiseFilter{unit: unit}
			for _, arg := range args {
				if n := record.CaseNumber(arg); !slices.Contains(f.numbers, n) {
					f.numbers = append(f.numbers, n)
				}
			}
			var err error
			if f.since, err = flagDay("since", since); err != nil {
				return err
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.promises(c.Context(), f)
			if err != nil {
				return err
			}
			a.showPromises(r, len(f.numbers) > 0)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().StringVar(&unit, "unit", "", "list the cases of the `UNIT` alone, by its identifier or its name")
	c.Flags().StringVar(&since, "since", "", "leave out wordings of replies of before the `DAY`, as 2006-01-02")
	return c
}

// flagDay reads a flag that wants a day.
func flagDay(flag, value string) (record.Day, error) {
	day, err := record.ParseDay(value)
	if err != nil || value != "" && !day.Known() {
		return 0, usage(fault.New("--"+flag+" wants a day such as 2026-12-31", ""))
	}
	return day, nil
}

// promises finds what is listed.
func (in *installation) promises(ctx context.Context, f promiseFilter) (r promisesResult, err error) {
	r.Waiting, r.Commitments = []foundPromise{}, []heldPromise{}
	if r.Cutoff, err = in.store.Cutoff(ctx); err != nil {
		return r, err
	}
	finder, err := in.finder(ctx)
	if err != nil {
		return r, err
	}
	look := func(c *record.Case) {
		if finder.of(c.Unit, f.unit) {
			if !f.since.Known() || c.Reply.Text != "" && c.RepliedOn >= f.since {
				r.Waiting = append(r.Waiting, finder.waiting(c)...)
			}
		}
	}
	if len(f.numbers) > 0 {
		cases, err := in.store.CasesByNumber(ctx, f.numbers)
		if err != nil {
			return r, err
		}
		for i := range cases {
			look(&cases[i])
		}
	} else {
		n := 0
		for c, err := range in.store.Cases(ctx, "0001-000001", "9912-999999999") {
			if err != nil {
				return r, err
			}
			if n++; n%10_000 == 0 {
				in.progress.step("looking for promises: cases", n, 0)
			}
			look(&c)
		}
	}
	for _, c := range finder.commitments {
		held := finder.held(c, r.Cutoff)
		if len(f.numbers) > 0 && !slices.Contains(f.numbers, c.Number) || len(f.numbers) == 0 && held.Status != promise.Overdue || !finder.of(c.Unit, f.unit) {
			continue
		}
		r.Commitments = append(r.Commitments, held)
	}
	for _, a := range finder.acts {
		if slices.Contains(f.numbers, a.Number) {
			r.History = append(r.History, a)
		}
	}
	if f.unit != "" && len(r.Waiting)+len(r.Commitments) == 0 && !finder.knows(f.unit) {
		return r, usage(fault.New("no unit has the identifier or name "+visible(f.unit), "data/units.csv of the site lists the units"))
	}
	return r, nil
}

// promiseFinder finds promises in cases, and knows which of them were judged.
type promiseFinder struct {
	names       map[record.UnitID]string
	calendar    *deadline.Calendar // nil: there is none
	judged      map[string]bool    // NUMBER:CODE
	acts        []record.CommitmentAct
	commitments []record.Commitment
}

func (in *installation) finder(ctx context.Context) (*promiseFinder, error) {
	f := &promiseFinder{judged: map[string]bool{}, names: map[record.UnitID]string{}}
	register, err := in.store.Register(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range register.Units {
		f.names[u.ID] = u.Name
	}
	rules, _, err := assemble.Deadlines(in.c)
	if err != nil {
		return nil, err
	}
	if rules != nil {
		f.calendar = rules.Calendar()
	}
	if f.acts, err = in.store.Judgements(ctx); err != nil {
		return nil, err
	}
	if f.commitments, err = in.store.Commitments(ctx); err != nil {
		return nil, err
	}
	for _, a := range f.acts {
		f.judged[string(a.Number)+":"+cmp.Or(a.New, a.Code)] = true // also of what was taken back: it is proposed once
	}
	return f, nil
}

// of reports whether a unit is the one that is asked for, by identifier or name.
func (f *promiseFinder) of(id record.UnitID, asked string) bool {
	return asked == "" || asked == string(id) || asked == f.names[id]
}

// knows reports whether a unit of the register is the one that is asked for.
func (f *promiseFinder) knows(asked string) bool {
	for id := range f.names {
		if f.of(id, asked) {
			return true
		}
	}
	return false
}

func (f *promiseFinder) held(c record.Commitment, cutoff record.Day) heldPromise {
	return heldPromise{c, f.names[c.Unit], promise.StatusOf(&c, cutoff)}
}

// all returns the promises of the reply to a case, those too that were judged.
func (f *promiseFinder) all(c *record.Case) (found []foundPromise) {
	if c.Prominence != record.Full {
		return nil
	}
	var replaced []string
	for _, p := range promise.Find(c.Reply.Text, c.RepliedOn) {
		if found == nil {
			for _, k := range f.commitments {
				if k.Number == c.Number && k.Standing == record.ReplyChanged {
					replaced = append(replaced, k.Code)
				}
			}
		}
		due, noYear := f.due(p, c.RepliedOn)
		found = append(found, foundPromise{
			Number: c.Number, Code: p.Code(c.Number, c.Reply.Text), Unit: c.Unit, Name: f.names[c.Unit], Replied: c.RepliedOn, Due: due, Days: p.Days, NoYear: noYear,
			Time: c.Reply.Text[p.Start:p.End], Wording: p.Wording(c.Reply.Text), Replaces: replaced, place: p.Place,
		})
	}
	return found
}

// waiting returns those that nobody has judged.
func (f *promiseFinder) waiting(c *record.Case) []foundPromise {
	return slices.DeleteFunc(f.all(c), func(p foundPromise) bool { return f.judged[string(p.Number)+":"+p.Code] })
}

// due returns the day by which a promise is to be kept, or zero where it counts in
// working days and the day of the reply is not known or the calendar does not know them:
// then with the first year of which there is no holiday notice.
func (f *promiseFinder) due(p promise.Promise, replied record.Day) (due record.Day, noYear int) {
	if p.Days == 0 || !replied.Known() {
		return p.Due, 0
	}
	day := replied
	for left := p.Days; left > 0; {
		day++
		working, known := f.calendar.IsWorking(day)
		if !known {
			return 0, day.Month().Year()
		}
		if working {
			left--
		}
	}
	return day, 0
}

// why says for what want of a promise that counts in working days no day is proposed.
func (p *foundPromise) why() string {
	if p.NoYear == 0 {
		return "the day of the reply is not known"
	}
	return "there is no holiday notice of " + strconv.Itoa(p.NoYear)
}

// oneLine writes a wording for a person on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(visible(s)), " ") }

// showPromises writes the list for a person; all of some cases where named.
func (a *app) showPromises(r promisesResult, named bool) {
	for _, p := range r.Waiting {
		due := "due " + p.Due.String() + " (" + oneLine(p.Time) + ")" // a sentence may name several times
		if !p.Due.Known() {
			due = plural(p.Days, "working day") + " (" + p.why() + "): state the day"
		}
		again := ""
		for _, code := range p.Replaces {
			again += "  may be " + string(p.Number) + ":" + code
		}
		a.say("%s:%s  %s  replied %s  %s  %s%s", p.Number, p.Code, cmp.Or(visible(p.Name), visible(string(p.Unit)), "-"), cmp.Or(p.Replied.String(), "-"), due, oneLine(p.Wording), again)
	}
	if len(r.Commitments) > 0 {
		a.say("commitments:")
	}
	for _, c := range r.Commitments {
		outcome := string(c.Status)
		if c.Keeping != "" {
			outcome += ": " + string(c.Keeping) + " " + c.On.String()
			if c.ShownBy != "" {
				outcome += ", shown by " + string(c.ShownBy)
			}
		}
		if c.Standing == record.ReplyChanged {
			outcome += " (reply was changed)"
		}
		a.say("%s:%s  %s  due %s  %s  %s", c.Number, c.Code, cmp.Or(visible(c.Name), visible(string(c.Unit)), "-"), c.Due, outcome, oneLine(c.Wording))
	}
	if len(r.History) > 0 {
		a.say("history:")
	}
	for _, h := range r.History {
		more := ""
		if h.New != "" {
			more += " now " + h.New
		}
		if h.Due.Known() {
			more += " due " + h.Due.String()
		}
		if h.Keeping != "" {
			more += " " + string(h.Keeping) + " " + h.On.String()
		}
		a.say("%s  %s:%s  %s%s by %s", h.Stated, h.Number, h.Code, h.Act, more, visible(h.By))
	}
	switch {
	case len(r.Waiting) == 0 && named:
		a.say("no promise of these cases waits to be judged")
	case len(r.Waiting) == 0:
		a.say("no promise waits to be judged; %s due without an outcome", plural(len(r.Commitments), "commitment"))
	default:
		a.say("%s to be judged with huiyin approve; %s listed", plural(len(r.Waiting), "wording"), plural(len(r.Commitments), "commitment"))
	}
}
