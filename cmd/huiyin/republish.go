package main

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"

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
			if by, err = officeName(by); err != nil {
				return err
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
	act := in.act("republish", by, "")
	act.Target = scope
	if err := in.audited(ctx, act); err != nil {
		return q, "", err
	}
	q, err = in.request(ctx, job.Request{Scope: scope, By: by, At: act.At})
	return q, in.c.Run.Listen, err
}

// request puts a request for a publication into the schedule, and wakes the program that
// runs. It makes the schedule where there is none.
func (in *installation) request(ctx context.Context, q job.Request) (job.Request, error) {
	plan, err := openSchedule(in.c)
	if err != nil {
		return q, err
	}
	defer plan.Close()
	id := make([]byte, 16)
	if _, err := io.ReadFull(in.a.rand, id); err != nil {
		return q, err
	}
	q.ID, q.Kind = hex.EncodeToString(id), deskapi.RequestKind
	if q, _, err = plan.Request(ctx, q); err != nil {
		return q, err
	}
	return q, schedule.Wake(in.c.StatePath(queueFolder))
}

// askPublication asks the program that runs to publish what an act has changed, and
// reports whether it was asked: it is not where huiyin run has never worked on this
// installation and nobody has asked it to. The act itself stands in the audit already, so
// that the request is no act of its own. It is called when the act is done, also when that
// ended in a failure after the act was kept. What goes wrong here is told and fails
// nothing: the timetable publishes at its own time. An end of ctx does not keep it from
// being asked.
func (in *installation) askPublication(ctx context.Context, scope, by string) (asked bool) {
	if _, err := os.Stat(in.c.StatePath("schedule.db")); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	_, err := in.request(context.WithoutCancel(ctx), job.Request{Scope: scope, By: by, At: in.a.now(), Act: true})
	if err != nil {
		in.a.complain(fault.Wrap(err, "the act is done, but huiyin run could not be asked to publish it", "it is published by the timetable, or by huiyin publish"))
	}
	return err == nil
}

// scopeOf is the scope of an act on cases: the one case, or all where it is none or several.
func scopeOf(numbers ...record.CaseNumber) string {
	if len(numbers) == 1 {
		return "case " + string(numbers[0])
	}
	return "all"
}

// sayNext says what shows an act to the public: huiyin publish, unless huiyin run was asked
// to. what says for what it is needed, and may be empty.
func (a *app) sayNext(asked bool, what string) {
	if what != "" {
		what = ", for " + what
	}
	a.say("next: huiyin publish%s", what)
	a.sayAsked(asked)
}

// sayAsked says that huiyin run does by itself what a person would do next.
func (a *app) sayAsked(asked bool) {
	if asked {
		a.say("huiyin run was asked to publish at once; where it runs, there is nothing more to do")
	}
}
