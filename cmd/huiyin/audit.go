package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
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
	last, notes := 50, false
	c := &cobra.Command{
		Use:   "audit",
		Short: "List what persons did: who, when, from where, what, why",
		Long: longHelp(`List what persons and tokens did with this installation, the latest last: withdrawals,
reinstatements, decisions about held cases, promises and replies, other rules, rollbacks.
Names are as stated; nobody proves them. What was before and after stands there as hashes.

Each act is chained to all before it, and every release says where the chain ended
(data/audit.json). huiyin fsck finds an act that was changed or taken out.`, fault.ExitConfig, fault.ExitDamaged),
		RunE: func(c *cobra.Command, _ []string) error {
			if last < 1 {
				return usage(fault.New("--last is a number from 1", ""))
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
	c.Flags().BoolVar(&notes, "notes", notes, "show the notes that stay inside; they may say what must not get out")
	return c
}

// who is who does an act, as stated: the name that was given, or else the account of the
// machine that the program runs under.
func (a *app) who(by string) string {
	if by = strings.TrimSpace(by); by != "" {
		return by
	}
	if u, err := user.Current(); err == nil && u.Username != "" {
		return "account " + u.Username
	}
	return "account " + strconv.Itoa(os.Getuid())
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
	zone := time.FixedZone("UTC+8", 8*3600)
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, l := range r.Listed {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Seq, l.At.In(zone).Format("2006-01-02 15:04"), l.By, l.Origin, l.Act.Act, l.Target, l.Reason)
		if l.Words != "" {
			fmt.Fprintf(w, "\tnote: %s\n", strings.Map(func(r rune) rune {
				if unicode.IsControl(r) {
					return ' '
				}
				return r
			}, l.Words))
		}
	}
	w.Flush() // the terminal may be gone; there is nobody to tell
	a.say("%s; the last one's hash is %s", plural(int(r.Acts), "act"), r.Sum)
}
