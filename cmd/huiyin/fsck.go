package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/release"
)

type fsckResult struct {
	OK       bool               `json:"ok"`
	Problems []string           `json:"problems"`
	Releases release.FsckReport `json:"releases"`
	Store    store.Report       `json:"store"`
	Counted  int                `json:"counted"` // months of which counts are kept that are those of the cases
	Audited  int                `json:"audited"` // releases that say of the audit what it holds

	*failure // nil where all is whole
}

func newFsck(a *app) *cobra.Command {
	recount := false
	cmd := &cobra.Command{
		Use:   "fsck",
		Short: "Check that everything kept is whole",
		Long: longHelp(`Read every release, pack and page and the whole store, and compare hashes,
counters, tombstones, events, the commitments with all that was judged of them, and what
persons did with the audit that each release was published with.
What was counted of the cases of a month and is
kept, so that figures need not be computed from all cases every time, is counted
again and compared. Nothing is changed, but with --recount those counts are thrown
away: the next publish with something new counts all cases.`, fault.ExitConfig, fault.ExitDamaged, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if recount {
				if err := in.store.ForgetCounted(c.Context()); err != nil {
					return err
				}
			}
			r, err := in.fsck(c.Context())
			if err != nil {
				return err
			}
			for _, p := range r.Problems {
				a.say("%s", p)
			}
			if !r.OK {
				return a.unsound(r)
			}
			a.say("%s, %s, %s and %s are whole", plural(r.Releases.Releases, "release"), plural(r.Releases.Packs, "pack"), plural(int(r.Releases.Files), "file"), plural(r.Store.Cases, "case"))
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&recount, "recount", false, "throw away what was counted of the cases and is kept")
	return cmd
}

// mostProblems is how many problems the error of a check names, which is all that huiyin run
// says of a self-check.
const mostProblems = 3

// unsound is the outcome of a check that has found problems. Where no lines have named them
// the error does, and the object has all.
func (a *app) unsound(r fsckResult) error {
	found := "found " + plural(len(r.Problems), "problem")
	if a.json || a.quiet {
		found += ": " + strings.Join(r.Problems[:min(mostProblems, len(r.Problems))], "; ")
		if more := len(r.Problems) - mostProblems; more > 0 {
			found += fmt.Sprintf("; and %d more", more)
		}
	}
	err := fault.Coded(fault.ExitDamaged, found, "restore the newest backup; for counts alone that are wrong, huiyin fsck --recount; a damaged pack of the current release is also made again by the next publish that has something new", nil)
	if !a.json {
		return err
	}
	msg, hint, code := fault.Public(err)
	r.failure = &failure{Error: msg, Hint: hint, ExitCode: code}
	a.object(r)
	return reported{err}
}

func (in *installation) fsck(ctx context.Context) (r fsckResult, err error) {
	if r.Store, err = in.store.Fsck(ctx); err != nil {
		return r, err
	}
	if r.Releases, err = in.releases.Fsck(ctx); err != nil {
		return r, err
	}
	r.Problems = []string{}
	for _, p := range r.Store.Problems {
		r.Problems = append(r.Problems, "store: "+p.What)
	}
	if len(r.Problems) == 0 { // a row that cannot be read cannot be counted
		g, err := in.generator(generator.Canary{}, nil)
		if err != nil {
			return r, err
		}
		problems, months, err := g.Verify(ctx)
		if err != nil {
			return r, err
		}
		r.Counted = months - len(problems)
		for _, p := range problems {
			r.Problems = append(r.Problems, "store: "+p)
		}
	}
	if len(r.Releases.Problems) == 0 { // what cannot be read says nothing of the audit
		g := generator.New(generator.Options{Store: in.store, Releases: in.releases})
		problems, heads, err := g.VerifyAudit(ctx)
		if err != nil {
			return r, err
		}
		r.Audited = heads - len(problems)
		r.Problems = append(r.Problems, problems...)
	}
	for _, p := range r.Releases.Problems {
		r.Problems = append(r.Problems, "releases: "+p)
	}
	r.OK = len(r.Problems) == 0
	return r, nil
}

// plural writes a number with its noun.
func plural(n int, noun string) string { return numbered(n, noun, noun+"s") }

// numbered is plural of a noun whose plural is not made with an s.
func numbered(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + more
}
