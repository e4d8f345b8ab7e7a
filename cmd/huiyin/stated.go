package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// statedCase is what became of a case of which a person of the office has stated something.
type statedCase struct {
	Number record.CaseNumber `json:"number"`
	Fields []string          `json:"fields,omitempty"`  // that were stated, or taken back
	Before bool              `json:"before,omitempty"`  // all of it was in force earlier; nothing was done
	Now    string            `json:"now"`               // full, row or held
	Reason record.StubReason `json:"reason,omitempty"`  // of a row
	Held   string            `json:"held,omitempty"`    // ID:CODE of its entry in the queue
	For    []string          `json:"reasons,omitempty"` // for which it is held: codes

	ref intake.Ref
}

// statement is what a person is about to state about a case.
type statement struct {
	number record.CaseNumber
	intake.Statement
}

// said returns the word of an act with who did it, when, and why.
func (in *installation) said(act record.StatementAct, reason record.Reason, by string) intake.Statement {
	return intake.Statement{Act: string(act), At: in.a.now(), By: by, Origin: fromHere, Reason: string(reason)}
}

// effect is what an act on cases did beside the cases.
type effect struct {
	Search *searchResult `json:"search,omitempty"`
	Open   []string      `json:"open,omitempty"`              // what could not be brought level: the export folder, the place of backups
	Asked  bool          `json:"publication_asked,omitempty"` // of huiyin run
}

// partly reports whether something is not level with the act.
func (e *effect) partly() bool { return e.Search.failed() || len(e.Open) > 0 }

// state keeps what a person states about cases, all or none, and makes it effective. Every
// statement goes through the gate before it is kept, so that what could never be published
// is refused instead. nobody is told that it is done before the store has it.
//
// huiyin run is asked to publish it, too, where what comes after the statement was kept has
// failed.
func (in *installation) state(ctx context.Context, g *gate.Gate, all []statement, note string, e *effect) (cases []statedCase, err error) {
	// What is in force already is nothing new only where the store knows it.
	if err := in.whenFree(ctx, func() error { return in.finishStated(ctx) }); err != nil {
		return nil, err
	}
	o, err := in.ingest(ctx, g)
	if err != nil {
		return nil, err
	}
	kept := false
	defer func() {
		// Also what was stated before, where that was killed before it has asked.
		if kept || err == nil && in.unpublished(ctx) {
			var numbers []record.CaseNumber
			for _, s := range all {
				numbers = append(numbers, s.number)
			}
			e.Asked = in.askPublication(ctx, scopeOf(numbers...), all[0].By)
		}
	}()
	err = in.lockedFree(ctx, func() error {
		cases = nil
		var todo []statement
		for _, s := range all {
			c, err := in.statable(ctx, s.number)
			if err != nil {
				return err
			}
			if s.Into != "" {
				if err := in.mergeable(ctx, s.number, record.CaseNumber(s.Into)); err != nil {
					return err
				}
			}
			done := statedCase{Number: s.number, ref: c.ref}
			item, now, news, err := in.intake.Propose(ctx, c.ref, s.Statement)
			if err != nil {
				return about(s.number, err)
			}
			if done.Before = !news; news {
				j, err := ingest.Judge(ctx, o, item)
				if err == nil {
					err = c.passable(item, j, now)
				}
				if err != nil {
					return about(s.number, err)
				}
				done.Fields = statedFields(now)
				todo = append(todo, statement{s.number, now})
			}
			cases = append(cases, done)
		}
		if len(todo) == 0 {
			return nil
		}
		sum := ""
		if note != "" {
			if sum, err = in.intake.KeepNote(ctx, note); err != nil {
				return err
			}
		}
		kept = true
		for _, s := range todo {
			s.Note = sum
			i := slices.IndexFunc(cases, func(c statedCase) bool { return c.Number == s.number })
			if err := in.intake.State(ctx, cases[i].ref, s.Statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := in.whenFree(ctx, func() error { _, err := ingest.Settle(ctx, o, "statement"); return err }); err != nil {
		return nil, err
	}
	search, open := in.settle(ctx)
	if ctx.Err() != nil {
		return nil, errors.Join(ctx.Err(), open)
	}
	if e.Open, err = in.openAfter(open); err != nil {
		return nil, err
	}
	if search != nil {
		e.Search = search
	}
	queue := sync.OnceValues(func() ([]intake.HeldItem, error) { return in.intake.Queue(ctx) })
	for i := range cases {
		if err := in.stands(ctx, &cases[i], queue); err != nil {
			return nil, err
		}
	}
	return cases, nil
}

func statedFields(s intake.Statement) []string {
	fields := slices.Clone(s.Drop)
	for f := range s.Set {
		fields = append(fields, f)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// statableCase is a case about which a person may state something.
type statableCase struct {
	record.Case
	ref intake.Ref
}

// statable returns a case by its number. One that is withdrawn is an error: it has to be
// reinstated first.
func (in *installation) statable(ctx context.Context, n record.CaseNumber) (c statableCase, err error) {
	cases, err := in.store.CasesByNumber(ctx, []record.CaseNumber{n})
	if err != nil {
		return c, err
	}
	c.Case = cases[0]
	if c.Prominence == record.Withdrawn {
		return c, fault.New("the case "+string(n)+" is withdrawn", "nothing of it is public; huiyin reinstate lifts a withdrawal that was a mistake")
	}
	macs, err := in.store.KeyMACs(ctx, []record.CaseNumber{n})
	if err != nil {
		return c, err
	}
	if c.ref, err = in.intake.Case(ctx, macs[0]); err != nil {
		err = about(n, err)
	}
	return c, err
}

// passable refuses what the gate would never let be a record, what it would set aside, and
// what would lose texts that are kept nowhere but in what is published.
func (c *statableCase) passable(item intake.Item, j ingest.Judged, s intake.Statement) error {
	for _, q := range j.Verdict.Quality {
		if _, stated := s.Set[q.Column]; stated {
			return fault.New("the value of "+q.Column+" would be set aside: "+q.Reason, "give another value")
		}
	}
	lost := item.Lost(source.FieldQuestion) || item.Lost(source.FieldReply)
	switch {
	case j.Verdict.Decision == gate.Refuse:
		return fault.New("the case would be none any more ("+strings.Join(j.Verdict.Reasons, ", ")+")", "give another value")
	case j.Verdict.Decision == gate.Exclude, j.Verdict.Decision == gate.Silent:
		return fault.New("with this text the case would be taken for one that accuses an official, and lose its number", "check the text, or withdraw the case: huiyin withdraw")
	case c.Prominence != record.Full && lost && j.Verdict.Decision != gate.Stub:
		return fault.New("what was received of the case is erased (intake.keep_days), and its row alone is published", "let the upstream deliver it once more")
	case c.Prominence == record.Full && j.Alone && j.Verdict.Decision == gate.Hold:
		return fault.New("the gate would hold the case ("+strings.Join(j.Verdict.Reasons, ", ")+"), and what was received of it is erased (intake.keep_days): its other texts would be lost",
			"state a text that passes, or withdraw the case: huiyin withdraw")
	}
	return nil
}

// stands fills in what a case is from now on. queue is what waits for a person.
func (in *installation) stands(ctx context.Context, c *statedCase, queue func() ([]intake.HeldItem, error)) error {
	cases, err := in.store.CasesByNumber(ctx, []record.CaseNumber{c.Number})
	if err != nil {
		return err
	}
	c.Now, c.Reason = "row", cases[0].StubReason
	if cases[0].Prominence == record.Full {
		c.Now = "full"
		return nil
	}
	held, err := queue()
	if err != nil {
		return err
	}
	for _, item := range held {
		if item.Named(string(c.Number)) && shownAs(item) != "files" {
			c.Now, c.Held, c.For = "held", entryCode(item), item.Reasons
		}
	}
	return nil
}

// showStated writes what became of a case for a person; done is what was done to it.
func (a *app) showStated(c statedCase, done string) {
	if c.Before {
		a.say("%s: nothing is new", c.Number)
	} else {
		a.say("%s is %s", c.Number, done)
	}
	switch c.Now {
	case "held":
		id, _, _ := strings.Cut(c.Held, ":")
		a.say("  it is held (%s): its row alone is public until a person has decided", strings.Join(c.For, ", "))
		a.sayExplained("  ", explainReasons(c.For))
		a.say("  huiyin gate show %s shows it; huiyin gate accept %s publishes it", id, c.Held)
	case "row":
		a.say("  its row alone is public (%s)", c.Reason)
	}
}

// lostCorrections are cases of which a correction is lost with what an older backup lacks.
type lostCorrections []record.CaseNumber

func (a *app) showUncorrected(all lostCorrections) {
	for _, n := range all {
		a.say("%s was corrected for a reason that hides its old text, and the correction is lost: no text of it that is delivered becomes public until you correct it once more for such a reason (huiyin correct)", n)
	}
}

// officeReason reads the reason of an act.
func officeReason(reason string) (record.Reason, error) {
	if r := record.Reason(reason); r.Valid() {
		return r, nil
	}
	var all []string
	for _, r := range record.Reasons() {
		all = append(all, string(r))
	}
	return "", usage(fault.New("--reason is one of "+strings.Join(all, ", "), "say why"))
}

// officeName reads who acts.
func officeName(by string) (string, error) {
	by = strings.TrimSpace(by)
	if by == "" {
		return "", usage(fault.New("--by is missing", "say who does it: --by NAME"))
	}
	if _, _, err := intake.Stated(by, "-"); err != nil {
		return "", usage(fault.New("--by is a name of one line and at most 500 bytes", "say who does it: --by NAME"))
	}
	return by, nil
}

// finishStated lets what was stated and not yet told to the store through the gate: what a
// run that was killed has left, and what an older copy of the store has lost.
func (in *installation) finishStated(ctx context.Context) error {
	if _, err := in.openIntake(); err != nil {
		return err
	}
	if err := in.keepHidden(ctx); err != nil {
		return err
	}
	ids, err := in.intake.Statements(ctx)
	if err != nil {
		return err
	}
	lost, err := in.store.Unstated(ctx, ids)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		if err := in.locked(func() error { return in.intake.Retell(ctx, lost) }); err != nil {
			return err
		}
	}
	untold, err := in.intake.Untold(ctx)
	if err != nil || len(untold) == 0 {
		return err
	}
	g, _, err := in.ruled(ctx)
	if err != nil {
		return err
	}
	return in.throughGate(ctx, g, "statement")
}

// keepHidden has the store keep hidden what a correction has hidden that the intake does not
// know, because an older copy of it was put back. The store is asked first: what it knows
// of, the intake knew before.
func (in *installation) keepHidden(ctx context.Context) error {
	hiding, err := in.store.Hiding(ctx)
	if err != nil || len(hiding) == 0 {
		return err
	}
	known, err := in.intake.Statements(ctx)
	if err != nil {
		return err
	}
	untold, err := in.intake.Untold(ctx)
	if err != nil {
		return err
	}
	for _, s := range untold {
		known = append(known, s.ID)
	}
	slices.Sort(known)
	return in.store.KeepHidden(ctx, slices.DeleteFunc(hiding, func(id string) bool {
		_, is := slices.BinarySearch(known, id)
		return is
	}))
}

// registered finds what a name or code in a statement means.
func (in *installation) registered(ctx context.Context) (func(source.Kind, string) (string, error), error) {
	r, err := in.store.Register(ctx)
	if err != nil {
		return nil, err
	}
	named := map[source.Kind]map[string][]string{}
	add := func(kind source.Kind, id string, names ...string) {
		if named[kind] == nil {
			named[kind] = map[string][]string{}
		}
		for _, name := range append(names, id) {
			if f := source.Fold(name); f != "" && !slices.Contains(named[kind][f], id) {
				named[kind][f] = append(named[kind][f], id)
			}
		}
	}
	for _, u := range r.Units {
		add(source.Unit, string(u.ID), append([]string{u.Name, u.Short, u.English}, u.Aliases...)...)
	}
	for _, a := range r.Areas {
		add(source.Area, string(a.Code), a.Name, a.English)
	}
	for _, t := range r.Topics {
		add(source.Topic, string(t.ID), t.Name, t.English)
	}
	for _, c := range r.Channels {
		add(source.Channel, string(c.ID), c.Name, c.English)
	}
	return func(kind source.Kind, text string) (string, error) {
		if kind == source.Case {
			n, err := record.ParseCaseNumber(text)
			if err != nil {
				return "", fault.New("another case is named by its public number", "give a number like 2611-004217")
			}
			c, err := in.statable(ctx, n)
			return c.ref.Key, err
		}
		switch ids := named[kind][source.Fold(text)]; len(ids) {
		case 0:
			return "", fault.New(fmt.Sprintf("no %s of the register is called %s", kind, called(text)), "give its name or its code as the register has it")
		case 1:
			return ids[0], nil
		default:
			return "", fault.New(fmt.Sprintf("several entries of the register of %ss are called %s", kind, called(text)), "give the code: "+strings.Join(ids, ", "))
		}
	}, nil
}

// longestName is the longest text that an error repeats as a name, in characters: what is
// longer is perhaps a text of a case, in the wrong field.
const longestName = 40

// called repeats a name in an error.
func called(name string) string {
	if utf8.RuneCountInString(name) > longestName {
		return "that"
	}
	return strconv.Quote(name)
}
