package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/release"
)

type fsckResult struct {
	OK       bool               `json:"ok"`
	Problems []string           `json:"problems"`
	Releases release.FsckReport `json:"releases"`
	Store    store.Report       `json:"store"`
}

func newFsck(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "fsck",
		Short: "Check that everything kept is whole",
		Long: longHelp(`Read every release, pack and page and the whole store, and compare hashes,
counters, tombstones and events. Nothing is changed.`, fault.ExitConfig, fault.ExitDamaged, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.fsck(c.Context())
			if err != nil {
				return err
			}
			for _, p := range r.Problems {
				a.say("%s", p)
			}
			if !r.OK {
				return fault.Coded(fault.ExitDamaged, "found "+plural(len(r.Problems), "problem"), "restore the newest backup; a damaged pack of the current release is also made again by the next publish that has something new", nil)
			}
			a.say("%s, %s, %s and %s are whole", plural(r.Releases.Releases, "release"), plural(r.Releases.Packs, "pack"), plural(int(r.Releases.Files), "file"), plural(r.Store.Cases, "case"))
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
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
	for _, p := range r.Releases.Problems {
		r.Problems = append(r.Problems, "releases: "+p)
	}
	r.OK = len(r.Problems) == 0
	return r, nil
}

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
