package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
)

// decideResult is what became of the entries that a person has decided about.
type decideResult struct {
	By      string        `json:"by"` // as stated, not proved
	Entries []decided     `json:"entries"`
	Search  *searchResult `json:"search,omitempty"`
	Asked   bool          `json:"publication_asked,omitempty"` // of huiyin run
	Open    []string      `json:"open,omitempty"`              // what could not be brought level: the export folder, the place of backups
}

// decided is what became of one entry.
type decided struct {
	ID      string   `json:"id"`
	Number  string   `json:"number,omitempty"`
	Now     string   `json:"now"`               // full, row, held, silent, excluded, refused, withdrawn or stored
	Reasons []string `json:"reasons,omitempty"` // why it is held still, or its row alone is published
	Files   int      `json:"files,omitempty"`   // how many of its files wait still

	sample bool // it was published masked before
}

func newGateAccept(a *app) *cobra.Command {
	return newDecision(a, true, "accept", "Publish entries of the queue with everything masked", `Accept entries of gate list: what was found in them stays masked, also what was
doubtful, and the rest is published with the next huiyin publish. Of a sample this
confirms what is published. A silent one becomes an ordinary case, which may then be
held for what is in it. Nothing can be unmasked.

Each is named as ID:CODE, as huiyin gate show and gate list write it. The code names
what you have looked at: where a later export or other rules have made something else
of the entry, nothing is decided, and you look again.

Files that wait are accepted one by one, and never with their entry: --file N:CODE, as
huiyin gate show writes it, publishes exactly the bytes that were looked at, with
everything masked that was found. A file that comes out otherwise later asks again.

What the gate could not look at cannot be accepted: mend the export or the mapping.`)
}

func newGateReject(a *app) *cobra.Command {
	return newDecision(a, false, "reject", "Do not publish the texts of entries of the queue", `Reject entries of gate list: of a case the row alone is published, and one that
accuses an official (silent) is counted and nothing else. One that was accepted as an
ordinary case before keeps its row. The texts of a sample leave
the site before the command ends. An entry of a register is refused, and stands in
quarantine. With --file N the case stays as it is, and is published without that file.

ID:CODE, as huiyin gate show and gate list write it, rejects what you have looked at
and nothing else. A silent one is rejected in no other way. Of any other ID alone is
enough: its row shows no text, whatever it has become.`)
}

func newDecision(a *app, accept bool, verb, short, long string) *cobra.Command {
	var by, reason string
	var files []string
	c := &cobra.Command{
		Use:   verb + " ID:CODE... --by NAME --reason TEXT",
		Short: short,
		Long: longHelp(long+`

Both --by and --reason are wanted. The decision enters the review records under the
name that is stated; nobody proves it. It counts for the content that was looked at: if
a later export changes the case, the gate judges it anew.`, fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace),
		Annotations: map[string]string{wants: "name one entry or several as ID:CODE, as huiyin gate list and gate show write them"},
		Args:        cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name, why, err := intake.Stated(by, reason)
			if err != nil {
				return usage(err)
			}
			if len(files) > 0 && len(args) > 1 {
				return usage(fault.New("--file goes with one entry", ""))
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.decide(c.Context(), args, intake.Decision{Accept: accept, By: name, Basis: why}, files)
			if err != nil {
				return err
			}
			a.showDecided(r)
			if a.json {
				a.object(r)
			}
			if r.Search.failed() || len(r.Open) > 0 {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever decides; recorded as stated")
	c.Flags().StringSliceVar(&files, "file", nil, "decide about these `FILES` of the entry alone, as N:CODE, or N to reject")
	c.Flags().StringVar(&reason, "reason", "", "why, in one line; recorded, so without personal data")
	return c
}

// decide notes a decision about entries of the queue, all or none where one cannot
// be decided so, and makes it effective. Where files are named it is about them alone.
func (in *installation) decide(ctx context.Context, ids []string, d intake.Decision, files []string) (r decideResult, err error) {
	r.By = d.By
	g, search, err := in.ruled(ctx)
	if err != nil {
		return r, err
	}
	var items []intake.HeldItem
	err = in.lockedFree(ctx, func() error {
		queue, gone, err := in.waiting(ctx)
		if err != nil {
			return err
		}
		var decisions []intake.Decision
		for _, name := range ids {
			id, code, coded := strings.Cut(name, ":")
			if k := slices.IndexFunc(items, func(h intake.HeldItem) bool { return h.Named(id) }); k >= 0 {
				if code != decisions[k].Code {
					return usage(fault.New("the entry "+id+" is named twice, and differently", "name each entry once"))
				}
				continue
			}
			i := slices.IndexFunc(queue, func(h intake.HeldItem) bool { return h.Named(id) })
			if k := slices.IndexFunc(gone, func(h intake.HeldItem) bool { return h.Named(id) }); k >= 0 {
				return fault.New("the case "+gone[k].Number+" is withdrawn: nothing of it is published, whatever is decided",
					"huiyin reinstate lifts a withdrawal that was a mistake; then huiyin gate list shows the case again, and it is decided")
			}
			if i < 0 {
				if _, err := in.intake.Held(ctx, id); err != nil {
					return err // which says that there is none
				}
				return fault.New("the queue has changed", "run the command again")
			}
			switch {
			case len(files) > 0:
				if d.Files, err = in.decideFiles(ctx, g, queue[i], d.Accept, files); err != nil {
					return err
				}
			case shownAs(queue[i]) == "files":
				return filesWaitHint(queue[i])
			case d.Accept && !gate.Acceptable(queue[i].Reasons):
				return fault.New("the entry "+id+" cannot be accepted: "+strings.Join(queue[i].Reasons, " "), remedy(queue[i].Reasons))
			case queue[i].Code != "" && code == "" && (coded || queue[i].NeedsCode(d.Accept)):
				return usage(queue[i].NotShown())
			}
			items = append(items, queue[i])
			d.ID, d.Code = queue[i].ID, code
			decisions = append(decisions, d)
		}
		if err := in.intake.Decidable(ctx, decisions...); err != nil {
			return err
		}
		if err := in.audited(ctx, in.decisionActs(items, decisions, files)...); err != nil {
			return err
		}
		return in.intake.Decide(ctx, decisions...)
	})
	if err != nil {
		return r, err
	}
	defer func() { r.Asked = in.askPublication(ctx, scopeOf(numbersOf(items)...), d.By) }()
	o, err := in.ingest(ctx, g)
	if err != nil {
		return r, err
	}
	if err := in.whenFree(ctx, func() error { _, err := ingest.Settle(ctx, o, "decision"); return err }); err != nil {
		return r, err
	}
	var open error
	if r.Search, open = in.settle(ctx); ctx.Err() != nil {
		return r, errors.Join(ctx.Err(), open)
	}
	if r.Open, err = in.openAfter(open); err != nil {
		return r, err
	}
	if r.Search == nil {
		r.Search = search
	}
	for _, item := range items {
		d, err := in.became(ctx, item)
		if err != nil {
			return r, err
		}
		r.Entries = append(r.Entries, d)
	}
	return r, nil
}

// decisionActs are the acts of decisions about entries of the queue, or about the named
// files of one. What there was before is the keyed hash of what was looked at; what there
// is after is for the gate to say, and stands in the review records.
func (in *installation) decisionActs(items []intake.HeldItem, decisions []intake.Decision, files []string) (acts []store.Act) {
	for i, item := range items {
		d := decisions[i]
		act := in.act("gate reject", d.By, d.Basis)
		if d.Accept {
			act.Act = "gate accept"
		}
		act.Target, act.Before = cmp.Or(item.Number, "entry "+item.ID), item.Content
		if len(d.Files) == 0 {
			acts = append(acts, act)
			continue
		}
		of := act.Target
		for n, f := range d.Files {
			number, _, _ := strings.Cut(files[n], ":")
			act.Target, act.Before = of+" file "+number, f.Content
			acts = append(acts, act)
		}
	}
	return acts
}

// numbersOf returns the public numbers of entries that have one.
func numbersOf(items []intake.HeldItem) (numbers []record.CaseNumber) {
	for _, item := range items {
		if item.Number != "" {
			numbers = append(numbers, record.CaseNumber(item.Number))
		}
	}
	return numbers
}

// became says what has become of an entry.
func (in *installation) became(ctx context.Context, item intake.HeldItem) (d decided, err error) {
	state, number, err := in.intake.Became(ctx, item)
	if err != nil {
		return d, err
	}
	d = decided{ID: item.ID, Number: number, Now: stateWord(state), sample: shownAs(item) == "sample"}
	switch {
	case state == intake.Held || state == intake.Silent:
		now, err := in.intake.Held(ctx, item.ID)
		d.Reasons = now.Reasons
		return d, err
	case d.Now != "stored" || number == "":
		return d, nil
	}
	queue, err := in.intake.Queue(ctx)
	if err != nil {
		return d, err
	}
	if i := slices.IndexFunc(queue, func(h intake.HeldItem) bool { return h.ID == item.ID }); i >= 0 {
		d.Files = queue[i].Files
	}
	cases, err := in.store.CasesByNumber(ctx, []record.CaseNumber{record.CaseNumber(number)})
	for _, c := range cases {
		d.Now = "row"
		switch {
		case c.Prominence == record.Full:
			d.Now = "full"
		case c.Prominence == record.Withdrawn:
			d.Now = "withdrawn"
		case c.StubReason != "":
			d.Reasons = []string{string(c.StubReason)}
		}
	}
	return d, err
}

// stateWord says where a record is.
func stateWord(s intake.State) string {
	switch s {
	case intake.Held, intake.Waiting, intake.New:
		return "held"
	case intake.Silent:
		return "silent"
	case intake.Excluded:
		return "excluded"
	case intake.Refused:
		return "refused"
	case intake.Gone:
		return "withdrawn"
	}
	return "stored"
}

// nowWords say for a person where an entry is.
var nowWords = map[string]string{
	"full":      "published in full, masked",
	"row":       "published as a row alone",
	"stored":    "taken into the store, masked",
	"held":      "held still",
	"silent":    "held still, with neither number nor row",
	"excluded":  "neither number nor row; counted with what is not published",
	"refused":   "refused; huiyin status lists it",
	"withdrawn": "withdrawn",
}

// remedy says what ends a hold that no person can accept.
func remedy(reasons []string) string {
	for _, reason := range reasons {
		switch reason {
		case "unknown-field":
			return "map the column, or leave it out of the export; reject publishes the row alone"
		case "bad-utf8", "text-too-long", "budget-spent", "nested-encoding":
			return "correct the text in the export; reject publishes the row alone"
		case "internal-error", "missing-list", "not-clean", "row-only":
			return "report it with the codes above and update the program; reject publishes the row alone"
		}
	}
	return "correct the row in the export; reject publishes the row alone"
}

// showDecided writes what became of the entries for a person.
func (a *app) showDecided(r decideResult) {
	defer a.showSearch(r.Search)
	for _, e := range r.Entries {
		why := ""
		if len(e.Reasons) > 0 {
			why = " (" + strings.Join(e.Reasons, ", ") + ")"
		}
		if e.Files > 0 {
			why += "; files that wait: " + strconv.Itoa(e.Files)
		}
		a.say("%s  %-13s  %s%s", e.ID, cmp.Or(e.Number, "-"), nowWords[e.Now], why)
	}
	a.say("decided by %s: the name is recorded as stated, and not proved", visible(r.By))
	a.say("%s", shownWhen(r.Entries))
	a.sayAsked(r.Asked)
}

// shownWhen says when the public sees what was decided.
func shownWhen(entries []decided) string {
	gone, later := false, false
	for _, e := range entries {
		switch {
		case !e.sample:
			later = true
		case e.Now != "full":
			gone = true
		}
	}
	switch {
	case gone && later:
		return "the texts of rejected samples are on the site no longer; huiyin publish shows the rest"
	case gone:
		return "its text is on the site no longer; huiyin publish brings lists and figures level"
	case later:
		return "huiyin publish shows it"
	}
	return "what is published stays as it is"
}
