package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
)

// auditResult is the audit as JSON.
type auditResult struct {
	store.AuditHead
	Listed []listedAct `json:"listed"` // the latest last
}

type listedAct struct {
	store.Audited
	Words string `json:"note_text,omitempty"` // of the note, with --notes
}

func newAudit(a *app) *cobra.Command {
	last, notes, proof := 50, false, ""
	c := &cobra.Command{
		Use:   "audit",
		Short: "List what persons did: who, when, from where, what, why",
		Long: longHelp(`List what persons and tokens did with this installation, the latest last: withdrawals
with their proofs, reinstatements, corrections, mergers, decisions about held cases and
files, promises and replies, other rules, entries of the allow-list, samples, rollbacks,
restorations, keys of the search server, requests for a publication. Names are as stated,
and nobody proves them; where none was given, the account of the machine stands there. What
was before and after stands there as hashes.

Each act is chained to all before it, and every release says where the chain ended
(data/audit.json). huiyin fsck finds an act that was changed or taken out.

--proof NUMBER shows what was found each time when every place was read again in which the
withdrawn case could stand. huiyin withdraw, run again, looks again.`, fault.ExitConfig, fault.ExitDamaged),
		PreRunE: noBlankFlags("proof"),
		RunE: func(c *cobra.Command, _ []string) error {
			if last < 1 {
				return usage(fault.New("--last is a number from 1", ""))
			}
			if proof != "" {
				return a.proofs(c.Context(), proof)
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.audit(c.Context(), int64(last), notes)
			if err != nil {
				return err
			}
			a.showAudit(r)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().IntVar(&last, "last", last, "how many of the latest acts to list: `N`")
	c.Flags().StringVar(&proof, "proof", "", "show what was found of the withdrawn case `NUMBER`, and no acts")
	c.Flags().BoolVar(&notes, "notes", notes, "show the notes that stay inside; they may say what must not get out")
	return c
}

// audit returns the latest acts, with their notes where they are asked for.
func (in *installation) audit(ctx context.Context, last int64, notes bool) (r auditResult, err error) {
	if r.AuditHead, err = in.store.AuditHead(ctx); err != nil {
		return r, err
	}
	r.Listed = []listedAct{}
	for act, err := range in.store.Acts(ctx, max(1, r.Acts-last+1)) {
		if err != nil {
			return r, err
		}
		l := listedAct{Audited: act}
		if notes && act.Note != "" {
			if _, err := in.openIntake(); err != nil {
				return r, err
			}
			if l.Words, _, err = in.intake.KeptNote(ctx, act.Note); err != nil {
				return r, err
			}
		}
		r.Listed = append(r.Listed, l)
	}
	return r, nil
}

// showAudit writes acts for a person, times in UTC+8.
func (a *app) showAudit(r auditResult) {
	if a.quiet || a.json {
		return
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, l := range r.Listed {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Seq, actTime(l.At), visible(l.By), visible(l.Origin), l.Act.Act, visible(l.Target), visible(l.Reason))
		if l.Words != "" {
			fmt.Fprintf(w, "\tnote: %s\n", visible(strings.Map(func(r rune) rune {
				if unicode.IsControl(r) {
					return ' '
				}
				return r
			}, l.Words)))
		}
	}
	w.Flush() // the terminal may be gone; there is nobody to tell
	a.say("%s; the last one's hash is %s", plural(int(r.Acts), "act"), r.Sum)
}

// actTime writes the time of an act for a person, in UTC+8.
func actTime(t time.Time) string {
	return t.In(time.FixedZone("UTC+8", 8*3600)).Format("2006-01-02 15:04")
}

// proofsResult is what was found of a withdrawn case, as JSON.
type proofsResult struct {
	Number record.CaseNumber `json:"number"`
	Proofs []keptProof       `json:"proofs"` // the latest last
}

// keptProof is what was found once.
type keptProof struct {
	Act    int64                  `json:"act"` // its number in the audit
	At     time.Time              `json:"at"`
	By     string                 `json:"by"`
	Gone   bool                   `json:"gone"`
	Places []generator.ProofPlace `json:"places"`
}

// proofs shows what was found each time when a withdrawn case was looked for.
func (a *app) proofs(ctx context.Context, number string) error {
	n, err := record.ParseCaseNumber(number)
	if err != nil {
		return usage(fault.New(fmt.Sprintf("%q is no public number", number), "name a case like 2611-004217"))
	}
	in, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	kept, err := in.store.Proofs(ctx, n)
	if err != nil {
		return err
	}
	r := proofsResult{Number: n, Proofs: []keptProof{}}
	for _, k := range kept {
		p := keptProof{Act: k.Seq, At: k.At, By: k.By}
		if err := json.Unmarshal(k.Found, &p.Places); err != nil {
			return fault.Coded(fault.ExitDamaged, "what was found of "+number+" cannot be read", "run huiyin fsck", err)
		}
		p.Gone = generator.Proof{Places: p.Places}.Gone()
		r.Proofs = append(r.Proofs, p)
		a.say("%s, looked for by %s at %s (act %d):", n, visible(p.By), actTime(p.At), p.Act)
		a.showPlaces(p.Places)
	}
	if len(r.Proofs) == 0 {
		a.say("nobody has looked for %s since proofs are kept; huiyin withdraw does, of a case that is withdrawn", n)
	}
	if a.json {
		a.object(r)
	}
	return nil
}
