package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
)

// suggestResult is what may be put on the allow-list.
type suggestResult struct {
	Suggestions []ingest.Suggestion `json:"suggestions"`
	Accepted    []int               `json:"accepted,omitempty"`
	By          string              `json:"by,omitempty"`
}

func newGateSuggest(a *app) *cobra.Command {
	var accept []int
	var by, reason, until string
	c := &cobra.Command{
		Use:   "suggest",
		Short: "Suggest numbers of units for the allow-list",
		Long: longHelp(`List numbers and addresses for mail that the gate masks, that stand in at least five
replies of one unit, and in no question: probably the unit's own. The list is for the
person who decides: some may still belong to somebody, so look before accepting.

--accept enters those with the given numbers of the list into the file that gate.allow
names, from the cut-off until the day of --until, at most three years. The file is
written anew in its order, and comments in it are not kept. The rules of the gate have
changed then: huiyin gate regate is next. What is published masked stays so; the
entry lets pass what comes later.`, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged),
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
	f.IntSliceVar(&accept, "accept", nil, "enter the suggestions with these `NUMBERS` of the list, as 1,3")
	f.StringVar(&by, "by", "", "the `NAME` of whoever answers for the entry; as stated, not proved")
	f.StringVar(&reason, "reason", "", "why it is public, in one line")
	f.StringVar(&until, "until", "", "last `DAY` of the entry, as 2006-01-02")
	return c
}

func (in *installation) suggest(ctx context.Context, accept []int, entry gate.Allow) (r suggestResult, err error) {
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
	if r.Suggestions, err = ingest.Suggest(ctx, o, cases); err != nil || len(accept) == 0 {
		return r, err
	}
	entry.From = o.AsOf
	r.By, r.Accepted = entry.Owner, accept
	return r, in.locked(func() error { return in.addAllowed(key, r.Suggestions, accept, entry) })
}

// addAllowed enters suggestions into the allow-list of the configuration.
func (in *installation) addAllowed(key intake.Key, all []ingest.Suggestion, accept []int, entry gate.Allow) error {
	if in.c.Gate.Allow == "" {
		return fault.Coded(fault.ExitConfig, "the configuration names no allow-list", "make an empty file and name it in gate.allow", nil)
	}
	list, err := in.allow()
	if err != nil {
		return err
	}
	accept = slices.Compact(slices.Sorted(slices.Values(accept)))
	for _, n := range accept {
		if n < 1 || n > len(all) {
			return usage(fault.New("--accept wants numbers of the list that huiyin gate suggest writes", ""))
		}
		entry.Kind, entry.Value, entry.Unit = all[n-1].Kind, all[n-1].Value, all[n-1].Unit
		list = append(list, entry)
	}
	text := gate.EncodeAllow(list)
	again, err := gate.DecodeAllow(text)
	if err != nil {
		return err
	}
	policy, err := in.policy()
	if err != nil {
		return err
	}
	if _, err := in.gateOf(key, policy, again); err != nil {
		return err
	}
	return replaceFile(in.c.Path(in.c.Gate.Allow), text)
}

// replaceFile writes a file beside the one at path and puts it in its place, so
// that there is always a whole one.
func replaceFile(path string, text []byte) (err error) {
	mode := fs.FileMode(0o600)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".allow-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// showSuggestions writes the suggestions for a person.
func (a *app) showSuggestions(r suggestResult) {
	if len(r.Accepted) > 0 {
		a.say("entered: %s; recorded as decided by %q: the name is as stated, not proved", joinInts(r.Accepted), r.By)
		a.say("the rules of the gate have changed: huiyin gate regate is next")
		return
	}
	for i, s := range r.Suggestions {
		a.say("%3d  %s  %-8s  %s  in %d replies", i+1, cmp.Or(string(s.Unit), "-"), s.Kind, visible(s.Value), s.Replies)
	}
	if len(r.Suggestions) == 0 {
		a.say("nothing stands in five replies of a unit and in no question")
	}
}
