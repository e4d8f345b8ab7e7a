package main

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/durable"
)

// suggestResult is what may be put on the allow-list.
type suggestResult struct {
	Suggestions []ingest.Suggestion `json:"suggestions"`
	Accepted    []string            `json:"accepted,omitempty"` // codes
	By          string              `json:"by,omitempty"`       // as stated, not proved
	Units       unitNames           `json:"units,omitempty"`    // of the suggestions
}

func newGateSuggest(a *app) *cobra.Command {
	var accept []string
	var by, reason, until string
	c := &cobra.Command{
		Use:   "suggest",
		Short: "Suggest numbers of units for the allow-list",
		Long: longHelp(`List telephone numbers and addresses for mail that the gate masks, that stand in at
least five replies of one unit, and in no title or question of anybody: probably the
unit's own. Each has a code, its unit, its kind, the value and the number of replies.
The values come from the sealed originals. Some may still belong to somebody, such
as a writer whom the unit often answers: the list is for the office alone, and only
what you know to be the unit's own is to be accepted.

--accept enters those with the given codes into the file that gate.allow names, from
the receipt of the first case whose reply gives them, and at most three years, until the
day of --until. NAME is their owner, who
answers for them. The file is written anew in its order, and comments in it are not
kept. The rules of the gate have changed then: huiyin gate regate is next. What has
been in a release masked stays so; the value passes in what comes later, in what is
held now and in what no release has shown yet.`, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace),
		RunE: func(c *cobra.Command, _ []string) error {
			var last record.Day
			if len(accept) > 0 {
				var err error
				if by, reason, err = intake.Stated(by, reason); err != nil {
					return usage(err)
				}
				if last, err = record.ParseDay(until); err != nil || !last.Known() {
					return usage(fault.New("--until wants the last day of the entry, such as 2027-12-31", ""))
				}
			} else if by+reason+until != "" {
				return usage(fault.New("--by, --reason and --until go with --accept", ""))
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.suggest(c.Context(), accept, gate.Allow{Owner: by, Reason: reason, Until: last})
			if err != nil {
				return err
			}
			a.showSuggestions(r)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringSliceVar(&accept, "accept", nil, "enter the suggestions with these `CODES` of the list, parted by commas")
	f.StringVar(&by, "by", "", "the `NAME` of whoever answers for the entry; as stated, not proved")
	f.StringVar(&reason, "reason", "", "why it is public, in one line")
	f.StringVar(&until, "until", "", "last `DAY` of the entry, as 2006-01-02")
	return c
}

// suggest lists what may be put on the allow-list, and puts there what is accepted.
func (in *installation) suggest(ctx context.Context, accept []string, entry gate.Allow) (r suggestResult, err error) {
	if len(accept) > 0 && in.c.Gate.Allow == "" {
		return r, fault.Coded(fault.ExitConfig, "the configuration names no allow-list", "make an empty file and name it in gate.allow", nil)
	}
	key, err := in.openIntake()
	if err != nil {
		return r, err
	}
	g, err := in.gate(key)
	if err != nil {
		return r, err
	}
	o, err := in.ingest(ctx, g)
	if err != nil {
		return r, err
	}
	cases, err := in.intake.Cases(ctx)
	if err != nil {
		return r, err
	}
	names, err := in.unitNames(ctx)
	if err != nil {
		return r, err
	}
	if r.Suggestions, err = ingest.Suggest(ctx, o, cases); err != nil {
		return r, err
	}
	r.Units = unitNames{}
	for _, s := range r.Suggestions {
		r.Units[s.Unit] = names[s.Unit]
	}
	if len(accept) == 0 {
		return r, nil
	}
	entry.From = o.AsOf
	r.By, r.Accepted = entry.Owner, accept
	return r, in.lockedFree(ctx, func() error { return in.addAllowed(ctx, key, r.Suggestions, accept, entry) })
}

// addAllowed enters suggestions into the allow-list of the configuration. Each is an act of
// its own, under its code: the value does not stand in the audit.
func (in *installation) addAllowed(ctx context.Context, key intake.Key, all []ingest.Suggestion, accept []string, entry gate.Allow) error {
	list, err := in.allow()
	if err != nil {
		return err
	}
	accept = slices.Compact(slices.Sorted(slices.Values(accept)))
	for _, code := range accept {
		n := slices.IndexFunc(all, func(s ingest.Suggestion) bool { return s.Code == code })
		if n < 0 {
			return fault.New("there is no suggestion "+strconv.Quote(code), "huiyin gate suggest lists them; what has an entry already is not among them")
		}
		list = append(list, all[n].Entry(entry))
	}
	text := gate.EncodeAllow(list)
	again, err := gate.DecodeAllow(text)
	if err != nil {
		return usage(fault.Wrap(err, "--until lies before the cut-off, or more than three years after it", ""))
	}
	policy, err := in.policy()
	if err != nil {
		return err
	}
	if _, err := in.gateOf(key, policy, again); err != nil {
		return err
	}
	path := in.c.Path(in.c.Gate.Allow)
	was, err := os.ReadFile(path)
	if err != nil {
		return fault.Wrap(err, "the allow-list cannot be read: "+path, "check the disk and the rights")
	}
	for _, code := range accept {
		act := in.act("gate suggest", entry.Owner, entry.Reason)
		act.Target, act.Before, act.After = "suggestion "+code+" for the allow-list", sumOf(was), sumOf(text)
		if err := in.audited(ctx, act); err != nil {
			return err
		}
	}
	if err := durable.WriteFile(durable.OS{}, path, text); err != nil {
		return fault.Wrap(err, "the allow-list cannot be written: "+path, "check the disk and the rights; it is as it was")
	}
	return nil
}

// showSuggestions writes the suggestions for a person.
func (a *app) showSuggestions(r suggestResult) {
	for _, s := range r.Suggestions {
		a.say("%s  %s  %-8s  %s  in %s", s.Code, r.Units.label(s.Unit), s.Kind, visible(s.Value), numbered(s.Replies, "reply", "replies"))
	}
	switch {
	case len(r.Accepted) > 0:
		a.say("entered into the allow-list: %s", strings.Join(r.Accepted, ", "))
		a.say("%s answers for it: the name is recorded as stated, and not proved", visible(r.By))
		a.say("the rules of the gate have changed: huiyin gate regate shows what that changes, and --apply applies it")
	case len(r.Suggestions) == 0:
		a.say("nothing stands in five replies of a unit and in no question")
	default:
		a.say("%s; --accept CODES --by NAME --reason TEXT --until DAY enters them into the allow-list", plural(len(r.Suggestions), "suggestion"))
	}
}
