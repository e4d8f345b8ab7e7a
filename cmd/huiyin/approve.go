package main

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// approveResult is what approve did.
type approveResult struct {
	By      string        `json:"by"`     // as stated, not proved
	Cutoff  record.Day    `json:"cutoff"` // on which the entries stand as they are said to
	Entries []heldPromise `json:"entries"`
	Reject  []string      `json:"rejected,omitempty"`          // NUMBER:CODE of what is no commitment
	Asked   bool          `json:"publication_asked,omitempty"` // of huiyin run
}

// approval is what the flags ask for.
type approval struct {
	by, due, on, shownBy, replaces, kept string
	reject, takeBack, broken, partly     bool
}

func newApprove(a *app) *cobra.Command {
	var f approval
	c := &cobra.Command{
		Use:   "approve NUMBER[:CODE]... --by NAME",
		Short: "Accept a promise of a reply as a commitment, and state how it turned out",
		Long: longHelp(`Say of wordings that huiyin promises lists whether they are commitments, and of
commitments how they turned out. Exactly one of these:

  approve NUMBER:CODE --by NAME [--due DAY]   it is a commitment, to be kept by the day
  approve NUMBER:CODE --by NAME --reject      it is none
  approve NUMBER:CODE --by NAME --replaces CODE
                                              the reply was changed, and this is the
                                              commitment CODE in it; its day stays
  approve NUMBER --by NAME --kept DAY         it was kept on the day
  approve NUMBER --by NAME --partly [--on DAY]
  approve NUMBER --by NAME --broken [--on DAY]
  approve NUMBER --by NAME --take-back        it was accepted by mistake

The code names the wording that you have looked at, and the whole reply that it stands
in: where the reply is another by now nothing is accepted, and you look again. A case
with one commitment needs no code to state how it turned out. --shown-by NUMBER names
a published case, such as a later reply, by which one can see it. Without --on the day
is that of the latest data. An outcome can be stated again; the last one counts.

Without --due the day is the one that huiyin promises proposes. The day of a commitment
that was accepted never moves. What was taken back is counted as such in public.

  huiyin approve 2611-000017:9405449c --by 李审
  huiyin approve 2611-000017 --by 李审 --kept 2026-12-16 --shown-by 2612-000044

Of several that are named all are decided, or none. The name is recorded as stated, and
nobody proves it; it is not published, and neither is what was rejected. huiyin publish
shows the rest.`, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace),
		Annotations: map[string]string{wants: "name one wording or several as NUMBER:CODE, as huiyin promises lists them"},
		Args:        cobra.MinimumNArgs(1),
		PreRunE:     noBlankFlags("by", "due", "replaces", "kept", "on", "shown-by"),
		RunE: func(c *cobra.Command, args []string) error {
			act, err := f.act(a.today())
			if err != nil {
				return err
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.approve(c.Context(), args, act)
			if err != nil {
				return err
			}
			a.showApproved(r)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.by, "by", "", "the `NAME` of whoever decides; recorded as stated, and not published")
	flags.StringVar(&f.due, "due", "", "the `DAY` by which it is to be kept, as 2006-01-02")
	flags.BoolVar(&f.reject, "reject", false, "it is no commitment")
	flags.StringVar(&f.replaces, "replaces", "", "the `CODE` of the commitment of a reply that was changed")
	flags.StringVar(&f.kept, "kept", "", "it was kept on the `DAY`")
	flags.BoolVar(&f.partly, "partly", false, "it was kept in part")
	flags.BoolVar(&f.broken, "broken", false, "it was not kept")
	flags.StringVar(&f.on, "on", "", "the `DAY` on which that was found, with --partly or --broken")
	flags.StringVar(&f.shownBy, "shown-by", "", "the `NUMBER` of a published case that shows it")
	flags.BoolVar(&f.takeBack, "take-back", false, "it was accepted by mistake")
	return c
}

// today is the day of the clock.
func (a *app) today() record.Day { return record.DayOf(a.now()) }

// act reads the flags. The day of an outcome is left open where none is stated.
func (f approval) act(today record.Day) (a record.CommitmentAct, err error) {
	by := strings.TrimSpace(f.by)
	if by == "" || len(by) > 200 || !utf8.ValidString(by) || strings.ContainsFunc(by, unicode.IsControl) {
		return a, usage(fault.New("a decision needs the name of whoever decides, of one line", "give it: --by NAME"))
	}
	a = record.CommitmentAct{Act: record.Accept, By: by, Stated: today, ShownBy: record.CaseNumber(f.shownBy)}
	asked := 0
	for _, m := range []struct {
		is      bool
		act     record.Act
		keeping record.Keeping
	}{
		{f.reject, record.Decline, ""}, {f.replaces != "", record.Replace, ""}, {f.takeBack, record.TakeBack, ""},
		{f.kept != "", record.State, record.Kept}, {f.partly, record.State, record.Partly}, {f.broken, record.State, record.Broken},
	} {
		if m.is {
			asked++
			a.Act, a.Keeping = m.act, m.keeping
		}
	}
	switch {
	case asked > 1:
		return a, usage(fault.New("only one of --reject, --replaces, --take-back, --kept, --partly and --broken can be said at once", ""))
	case f.due != "" && a.Act != record.Accept:
		return a, usage(fault.New("--due goes with accepting a commitment, and with nothing else: its day never moves", ""))
	case f.on != "" && a.Keeping != record.Partly && a.Keeping != record.Broken:
		return a, usage(fault.New("--on goes with --partly or --broken", "with --kept the day stands behind it: --kept 2026-12-20"))
	case f.shownBy != "" && a.Act != record.State:
		return a, usage(fault.New("--shown-by goes with --kept, --partly or --broken", ""))
	}
	if a.Due, err = flagDay("due", f.due); err != nil {
		return a, err
	}
	if a.On, err = flagDay("kept", f.kept); err == nil && f.on != "" {
		a.On, err = flagDay("on", f.on)
	}
	if err == nil && a.On > today {
		err = usage(fault.New("the day "+a.On.String()+" has not come yet", "state a day that is over"))
	}
	if a.Act == record.Replace {
		a.Code = f.replaces
	}
	return a, err
}

// approve does one act to each wording or commitment that is named, or to none.
func (in *installation) approve(ctx context.Context, names []string, act record.CommitmentAct) (r approveResult, err error) {
	r = approveResult{By: act.By, Entries: []heldPromise{}}
	defer func() {
		if err == nil && len(r.Entries) > 0 { // what was rejected is not published
			r.Asked = in.askPublication(ctx, scopeOf(casesOf(r.Entries)...), act.By)
		}
	}()
	err = in.lockedFree(ctx, func() error {
		finder, err := in.finder(ctx)
		if err != nil {
			return err
		}
		cutoff, err := in.store.Cutoff(ctx)
		if err != nil {
			return err
		}
		r.Cutoff = cutoff
		if act.ShownBy != "" {
			shown, err := in.store.CasesByNumber(ctx, []record.CaseNumber{act.ShownBy})
			if err != nil {
				return err
			}
			if shown[0].Prominence != record.Full {
				return fault.New("the case "+string(act.ShownBy)+" is not published in full, so that it shows nobody how it turned out", "name another with --shown-by, or leave the flag out")
			}
		}
		var acts []record.CommitmentAct
		for _, name := range names {
			number, code, coded := strings.Cut(name, ":")
			one := act
			one.Number = record.CaseNumber(number)
			cases, err := in.store.CasesByNumber(ctx, []record.CaseNumber{one.Number})
			if err != nil {
				return err
			}
			switch one.Act {
			case record.State, record.TakeBack:
				one.Code = code
				if one.Act == record.State && !one.On.Known() {
					one.On = cutoff
				}
			default:
				// As huiyin promises lists it behind "may be".
				one.Code = strings.TrimPrefix(one.Code, number+":")
				if !coded || code == "" {
					return usage(fault.New("which wording of "+number+" you have looked at must be said", "huiyin promises "+number+" lists them as NUMBER:CODE"))
				}
				if err := finder.fill(&one, code, &cases[0]); err != nil {
					return err
				}
			}
			acts = append(acts, one)
		}
		acts, err = in.store.Judge(ctx, in.act("approve", act.By, ""), acts...)
		if err != nil {
			return err
		}
		all, err := in.store.Commitments(ctx)
		if err != nil {
			return err
		}
		for _, done := range acts {
			code := done.Code
			if done.New != "" {
				code = done.New
			}
			if done.Act == record.Decline {
				r.Reject = append(r.Reject, string(done.Number)+":"+code)
				continue
			}
			// The last one: a wording that was taken back may have been accepted again.
			for _, c := range slices.Backward(all) {
				if c.Number == done.Number && c.Code == code {
					r.Entries = append(r.Entries, finder.held(c, cutoff))
					break
				}
			}
		}
		return nil
	})
	return r, err
}

// casesOf returns the cases of commitments, each once.
func casesOf(entries []heldPromise) (numbers []record.CaseNumber) {
	for _, e := range entries {
		if !slices.Contains(numbers, e.Number) {
			numbers = append(numbers, e.Number)
		}
	}
	return numbers
}

// fill completes an act about the wording of a reply.
func (f *promiseFinder) fill(act *record.CommitmentAct, code string, c *record.Case) error {
	all := f.all(c)
	i := slices.IndexFunc(all, func(p foundPromise) bool { return p.Code == code })
	if i < 0 {
		return fault.New("the reply to "+string(c.Number)+" has no wording with the code "+code+": it may have been changed", "look at it with huiyin promises "+string(c.Number))
	}
	act.Place = all[i].place
	if act.Act == record.Replace {
		act.New = code
		return nil
	}
	act.Code = code
	if act.Act == record.Accept && !act.Due.Known() {
		if act.Due = all[i].Due; !act.Due.Known() {
			return usage(fault.New("the wording "+string(c.Number)+":"+code+" counts "+plural(all[i].Days, "working day")+", and "+all[i].why(),
				"state the day with --due DAY; where rules and holiday notices stand in the section deadlines, it is counted"))
		}
	}
	return nil
}

// showApproved writes what was done for a person.
func (a *app) showApproved(r approveResult) {
	for _, c := range r.Entries {
		outcome := string(c.Status)
		if c.Keeping != "" {
			outcome += ": " + string(c.Keeping) + " " + c.On.String()
		}
		if c.On > r.Cutoff {
			outcome += ", which counts once the data go to that day; they end on " + r.Cutoff.String()
		}
		a.say("%s:%s  due %s  %s", c.Number, c.Code, c.Due, outcome)
	}
	for _, name := range r.Reject {
		a.say("%s  rejected", name)
	}
	a.say("decided by %s: the name is recorded as stated, and not proved", visible(r.By))
	if len(r.Entries) > 0 {
		a.sayNext(r.Asked, "")
	}
}
