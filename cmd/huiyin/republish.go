package main

import (
	"context"
	"encoding/hex"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"

	deskapi "github.com/huiyin/huiyin/generator/desk"
)

func newRepublish(a *app) *cobra.Command {
	var by string
	c := &cobra.Command{
		Use:   "republish case|unit|month|area ID --by NAME, or republish all --by NAME",
		Short: "Ask the program that runs to fetch and publish now",
		Long: longHelp(`Ask huiyin run for a publication: what is new is fetched and published, at once, or when
the job at hand has ended. Requests that come while one is done are answered together by
the next: a thousand of them are at most two runs.

The scope says what whoever asks is waiting for; it stands in the journal and the audit.
Every publication makes again whatever has changed, and nothing else, whatever the scope.
Where no huiyin run is there, the request is kept and answered when one starts; huiyin
pull and huiyin publish do the same by hand.`, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace),
		Example:     "  huiyin republish case 2611-004217 --by 王\n  huiyin republish all --by 王",
		Annotations: map[string]string{wants: "as in: huiyin republish case 2611-004217 --by 王"},
		Args:        cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			id := ""
			if len(args) == 2 {
				id = args[1]
			}
			scope, err := deskapi.ParseScope(args[0], id)
			if err != nil {
				return usage(err)
			}
			if by = strings.TrimSpace(by); by == "" {
				return usage(fault.New("--by is missing", "say who asks: --by NAME"))
			}
			q, listen, err := a.republish(c.Context(), scope, by)
			if err != nil {
				return err
			}
			r := republished{Request: q}
			a.say("asked for: %s; huiyin status says what became of it (%s)", q.Scope, q.ID)
			if listen != "" {
				r.Job = "http://" + listen + deskapi.JobsPath + q.ID
				a.say("and so does %s", r.Job)
			}
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever asks; recorded as stated")
	return c
}

// republished is a request that was kept.
type republished struct {
	job.Request
	Job string `json:"job,omitempty"` // address that says what becomes of it; empty: run.listen is
}

// republish keeps a request and wakes the program that runs, whose address it returns.
func (a *app) republish(ctx context.Context, scope, by string) (q job.Request, listen string, err error) {
	in, err := a.open(ctx)
	if err != nil {
		return q, "", err
	}
	defer in.Close()
	plan, err := openSchedule(in.c)
	if err != nil {
		return q, "", err
	}
	defer plan.Close()
	id := make([]byte, 16)
	if _, err := io.ReadFull(a.rand, id); err != nil {
		return q, "", err
	}
	now := a.now()
	if _, err := in.store.Audit(ctx, store.Act{At: now, By: by, Origin: fromHere, Act: "republish", Target: scope}); err != nil {
		return q, "", err
	}
	q, _, err = plan.Request(ctx, job.Request{ID: hex.EncodeToString(id), Kind: deskapi.RequestKind, Scope: scope, By: by, At: now})
	if err != nil {
		return q, "", err
	}
	return q, in.c.Run.Listen, schedule.Wake(in.c.StatePath(queueFolder))
}
