package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
)

// newIndex returns the command of the search index, whose subcommands do the
// work.
func newIndex(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "index",
		Short: "Look after the index that the cases are searched in",
		Long: longHelp(`The index holds every case that is published in full, and nothing that is not on its
page. It is made from the releases alone: publish, pull and rollback bring it level
by themselves, and it can be made anew at any time. What lies in it is settled by
the section search of the configuration.`),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newIndexStatus(a), newIndexRebuild(a), newIndexVerify(a), newIndexOptimise(a), newIndexKeys(a))
	for _, sub := range c.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return c
}

// indexer returns what keeps the index level, or nil where nothing is searched.
func (in *installation) indexer() *generator.Indexer {
	index := assemble.NewIndex(in.c, in.a.watch)
	if index == nil {
		return nil
	}
	return generator.NewIndexer(generator.IndexerOptions{
		Releases: in.releases, Write: index.Write, Read: index.Read, Progress: in.progress.step,
	})
}

// needIndexer is indexer for commands that are of no use without search.
func (in *installation) needIndexer() (*generator.Indexer, error) {
	x := in.indexer()
	if x == nil {
		return nil, fault.Coded(fault.ExitConfig, "this installation is not searched", "set search.engine in the configuration to embedded or meilisearch", nil)
	}
	return x, nil
}

// searchResult is what a command did to the index on its way.
type searchResult struct {
	generator.IndexReport
	Error string `json:"error,omitempty"` // why the index is not level
	Hint  string `json:"hint,omitempty"`

	err error
	due bool // cases were withdrawn in this run
}

// level brings the index level with the release that is shown, by the given
// method of the indexer. What is published is published: that the index cannot be
// brought level is told in the result, and the next run makes up for it. It
// returns nil where nothing is searched.
func (in *installation) level(ctx context.Context, by func(*generator.Indexer, context.Context) (generator.IndexReport, error)) (*searchResult, error) {
	x := in.indexer()
	if x == nil {
		return nil, nil
	}
	r := &searchResult{}
	if r.IndexReport, r.err = by(x, ctx); r.err != nil {
		if ctx.Err() != nil && errors.Is(r.err, context.Canceled) {
			return r, r.err
		}
		if errors.Is(r.err, context.DeadlineExceeded) {
			r.err = fault.Wrap(r.err, "the search index cannot be used: no answer in time",
				"the pages are not touched by this; see whether the search server is overloaded, then run huiyin publish")
		}
		r.Error, r.Hint, _ = fault.Public(r.err)
	}
	return r, nil
}

// failed says whether the index could not be brought level.
func (r *searchResult) failed() bool { return r != nil && r.err != nil }

// showSearch writes what was done to the index for a person. A failure is written
// like any other, to standard error.
func (a *app) showSearch(r *searchResult) {
	switch {
	case r == nil:
	case r.failed():
		a.complain(r.err)
	case r.Nothing:
	case r.Elsewhere:
		a.say("search: another run is bringing the index level")
	case r.Rebuilt != "":
		a.say("search: index made anew (%s): %s", rebuiltBecause[r.Rebuilt], plural(r.Docs, "document"))
	default:
		a.say("search: %d written, %d removed: %s", r.Written, r.Removed, plural(r.Docs, "document"))
	}
}

// rebuiltBecause says why an index was made anew.
var rebuiltBecause = map[string]string{
	generator.RebuiltAsked:   "as asked",
	generator.RebuiltNone:    "there was none",
	generator.RebuiltDamaged: "it was damaged",
	generator.RebuiltForm:    "this version indexes otherwise",
	generator.RebuiltMark:    "it was that of something else",
	generator.RebuiltLost:    "the release that it showed is not kept any more",
	generator.RebuiltUnknown: "too much was withdrawn and published again",
	generator.RebuiltMuch:    "most documents differ",
}
