package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/search"
)

// withdrawResult is what a withdrawal did, and what was found afterwards.
type withdrawResult struct {
	Reason record.Reason     `json:"reason"`
	By     string            `json:"by"` // as stated, not proved
	Cases  []store.Taken     `json:"cases"`
	Proofs []generator.Proof `json:"proofs"`
	effect
}

// gone reports whether every case is gone from every place.
func (r *withdrawResult) gone() bool {
	return !slices.ContainsFunc(r.Proofs, func(p generator.Proof) bool { return !p.Gone() })
}

func newWithdraw(a *app) *cobra.Command {
	var by, reason, note string
	c := &cobra.Command{
		Use:   "withdraw NUMBER... --reason REASON --by NAME",
		Short: "Take cases off the site, for good",
		Long: longHelp(`Withdraw cases by their public numbers, such as 2611-004217: at once, without waiting
for the next publish. The page of each says that it was withdrawn (410), its texts and
files are erased from the store and from every release that is kept, and it is found in
no search. Lists, feeds and data files that show it are unavailable until the next
publish, which huiyin run, where it works, is asked for. Its row stays and goes on counting:
a withdrawal improves no rate.

Afterwards every place is read again, and what was found is told, and kept beside the
audit (huiyin audit --proof NUMBER): store, page, releases, search, export (the folder),
site (the addresses of withdraw.ask, asked as readers ask them). Where a case is still in
one of them, or the newest journal of withdrawals cannot be copied to the place of backups,
the command ends with 3, and all else is done. The next pull makes up for it; run withdraw
again once the cause is mended, and it is proved anew. Nothing brings a withdrawn case back
but huiyin reinstate: no rollback, no older copy of the store, and no delivery of the
upstream.

REASON is one of
  privacy, third-party, court, secret   all shown in public as 依法不予公开
  duplicate, wrong-unit, error          shown as they are
A note says why, for the office alone: it is sealed, and never published. Who did what
and when stands in the audit, under the name that is stated; nobody proves it.`,
			fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
		Example: `  huiyin withdraw 2611-004217 --reason third-party --by 王
  huiyin withdraw 2611-004217 2611-004218 --reason privacy --by 王 --note 当事人来电要求撤下`,
		Annotations: map[string]string{wants: "name one case or several by their public numbers, like 2611-004217"},
		Args:        cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			numbers, err := caseNumbers(args)
			if err != nil {
				return err
			}
			why, err := officeReason(reason)
			if err != nil {
				return err
			}
			if by, err = officeName(by); err != nil {
				return err
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.withdraw(c.Context(), numbers, why, by, note)
			a.showWithdrawn(r) // what is withdrawn is so, whatever came after
			if err != nil {
				return err
			}
			if a.json {
				a.object(r)
			}
			if !r.gone() || r.partly() {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why: `REASON` is privacy, third-party, court, secret, duplicate, wrong-unit or error")
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever withdraws; recorded as stated")
	c.Flags().StringVar(&note, "note", "", "`TEXT` for the office alone; sealed, never published")
	return c
}

// caseNumbers reads public numbers, each once, in their order.
func caseNumbers(args []string) (numbers []record.CaseNumber, err error) {
	for _, arg := range args {
		n, err := record.ParseCaseNumber(arg)
		if err != nil {
			return nil, usage(fault.New(fmt.Sprintf("%q is no public number", arg), "name a case like 2611-004217"))
		}
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers, nil
}

// withdraw withdraws cases, makes that effective everywhere, and proves it.
func (in *installation) withdraw(ctx context.Context, numbers []record.CaseNumber, reason record.Reason, by, note string) (r withdrawResult, err error) {
	r.Reason, r.By = reason, by
	act := in.act("withdraw", by, "")
	keepNote := func() error { return nil }
	if note != "" {
		if act.Note, keepNote, err = in.note(ctx, note); err != nil {
			return r, err
		}
	}
	was, err := in.store.CasesByNumber(ctx, numbers)
	if err != nil {
		return r, err
	}
	phrases := map[record.CaseNumber][]string{}
	for i := range was {
		phrases[was[i].Number] = generator.Phrases(&was[i])
	}
	// Without the lock of pull and publish: a withdrawal waits for neither. What a publish
	// is making of it meanwhile, it takes out of its own release when it ends.
	r.Cases, err = in.store.Withdraw(ctx, numbers, record.Withdrawal{Reason: reason, Day: record.DayOf(in.a.now())}, act)
	if err != nil {
		return r, err
	}
	ask := sync.OnceFunc(func() {
		// Of what was withdrawn before, too, where that was killed before it has asked.
		if slices.ContainsFunc(r.Cases, func(t store.Taken) bool { return !t.Before }) || in.unpublished(ctx) {
			r.Asked = in.askPublication(ctx, scopeOf(numbers...), by)
		}
	})
	defer ask()
	// Whatever could not be brought level, what was reached is proved, and the rest is named.
	var open error
	if r.Search, open = in.settle(ctx); ctx.Err() != nil {
		return r, errors.Join(ctx.Err(), open)
	}
	ask()
	var defect error
	r.Open, defect = in.openAfter(open)
	if slices.ContainsFunc(r.Cases, func(t store.Taken) bool { return t.Ahead }) {
		in.a.remark("readers are shown nothing of it any more; waiting for the pull that is storing what has come, to erase its text there too")
		if err := in.afterBatch(ctx, func() error { return in.store.CatchUp(ctx) }); err != nil {
			return r, errors.Join(defect, err)
		}
	}
	if err := in.afterBatch(ctx, keepNote); err != nil {
		return r, errors.Join(defect, err)
	}
	if r.Proofs, err = in.prove(ctx, numbers, phrases, r.Search); err != nil {
		return r, errors.Join(defect, err)
	}
	if found := foundAt(r.Proofs, generator.PlaceSearch); len(found) > 0 && !r.Search.failed() {
		// The index has said that they are gone, so that no later run would look.
		if err = in.removeAgain(ctx, &r, found); err == nil {
			r.Proofs, err = in.prove(ctx, numbers, phrases, r.Search)
		}
	}
	if err == nil {
		err = in.keepProofs(ctx, r.Proofs, by)
	}
	return r, errors.Join(defect, err)
}

// note returns the keyed hash of a note, and what keeps the note where it could not be kept
// at once because a pull is writing to the intake. A withdrawal does not wait for that.
func (in *installation) note(ctx context.Context, text string) (sum string, keep func() error, err error) {
	if _, err := in.openIntake(); err != nil {
		return "", nil, err
	}
	write := func() error { _, err := in.intake.KeepNote(ctx, text); return err }
	if sum, err = in.intake.NoteSum(text); err != nil {
		return "", nil, err
	}
	if err = write(); err == nil {
		return sum, func() error { return nil }, nil
	}
	if _, _, code := fault.Public(err); code == fault.ExitBusy {
		return sum, write, nil
	}
	return "", nil, err
}

// unpublished reports whether something has come or been done that no release shows.
func (in *installation) unpublished(ctx context.Context) bool {
	g, err := in.generator(generator.Canary{}, nil)
	if err != nil {
		return true // a publish says what is wrong
	}
	s, err := g.Status(ctx)
	return err != nil || !s.UpToDate
}

// removeAgain deletes cases from the index once more, when no job of huiyin run is at it.
// That the index refuses it stands in the result.
func (in *installation) removeAgain(ctx context.Context, r *withdrawResult, found []string) (err error) {
	remove := func(x *generator.Indexer, ctx context.Context) (generator.IndexReport, error) {
		return x.Remove(ctx, found)
	}
	_ = in.whenFree(ctx, func() error { // what it returns is in the result, or in err
		if r.Search, err = in.level(ctx, remove); err == nil && r.Search.failed() {
			return r.Search.err
		}
		return err
	})
	return errors.Join(err, ctx.Err())
}

// foundAt returns the cases that are not gone from a place.
func foundAt(proofs []generator.Proof, place string) (numbers []string) {
	for _, p := range proofs {
		if slices.ContainsFunc(p.Places, func(p generator.ProofPlace) bool { return p.Place == place && !p.Gone }) {
			numbers = append(numbers, string(p.Number))
		}
	}
	return numbers
}

// openAfter tells what settle could not bring level, each on its own, and returns it. What
// has no public text is a defect of the program or the machine, and is returned as one.
func (in *installation) openAfter(err error) (told []string, defect error) {
	if err == nil {
		return nil, nil
	}
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	for _, err := range all {
		var public *fault.Error
		if !errors.As(err, &public) {
			defect = errors.Join(defect, err)
			continue
		}
		in.a.complain(err)
		told = append(told, public.Msg)
	}
	return told, defect
}

// keepProofs keeps what was found of withdrawn cases beside the audit.
func (in *installation) keepProofs(ctx context.Context, proofs []generator.Proof, by string) error {
	var all []store.Found
	for _, p := range proofs {
		places, err := json.Marshal(p.Places)
		if err != nil {
			return err
		}
		all = append(all, store.Found{Number: p.Number, Gone: p.Gone(), Places: places})
	}
	return in.store.KeepProofs(ctx, in.act(store.ProveAct, by, ""), all)
}

// prove reads every place of the installation in which withdrawn cases could stand. An index
// that could not be brought level just now is not asked again: one that does not answer
// would be waited for twice.
func (in *installation) prove(ctx context.Context, numbers []record.CaseNumber, phrases map[record.CaseNumber][]string, level *searchResult) ([]generator.Proof, error) {
	o := generator.Proving{Phrases: phrases}
	if in.c.Export.Dir != "" {
		o.Export = in.c.Path(in.c.Export.Dir)
	}
	if index := assemble.NewIndex(in.c, in.a.watch); index != nil {
		o.Index = index.Read
		if level.failed() {
			o.Index = func(context.Context) (search.Engine, error) { return nil, level.err }
		}
	}
	proofs, err := generator.New(generator.Options{Store: in.store, Releases: in.releases}).Prove(ctx, numbers, o)
	askSite(ctx, http.DefaultTransport.(*http.Transport).Clone(), in.c.Withdraw.Ask, proofs, phrases)
	return proofs, err
}

func (a *app) showWithdrawn(r withdrawResult) {
	if len(r.Cases) == 0 {
		return
	}
	for i, c := range r.Cases {
		if c.Before {
			a.say("%s was withdrawn before", c.Number)
		} else {
			a.say("%s is withdrawn (%s)", c.Number, r.Reason)
		}
		if i < len(r.Proofs) {
			a.showPlaces(r.Proofs[i].Places)
		}
	}
	a.showSearch(r.Search)
	a.sayNext(r.Asked, "the lists, feeds and data files that showed what is gone")
}

// showPlaces writes what was found of a case, a line a place.
func (a *app) showPlaces(places []generator.ProofPlace) {
	for _, p := range places {
		if p.Gone {
			a.say("  %-9s gone", p.Place)
			continue
		}
		a.say("  %-9s STILL THERE: %s", p.Place, strings.Join(p.Where, "; "))
	}
}
