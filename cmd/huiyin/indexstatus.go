package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
)

// indexState is the state of the index. Of an installation that is not searched
// only Engine is there.
type indexState struct {
	Engine string `json:"engine"`
	*generator.IndexStatus
}

func newIndexStatus(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Say what the index shows, and whether that is what is published",
		Long: longHelp(`Say which release the index shows, how many documents it holds, and how many cases
of the current release cannot be found. Nothing is changed. The command ends with
3 when the index is not level with the current release, so that it can be watched.`,
			fault.ExitPartial, fault.ExitConfig, fault.ExitDamaged),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			s, err := in.indexStatus(c.Context())
			if err != nil {
				return err
			}
			a.showIndex(s)
			if a.json {
				a.object(s)
			}
			if s.IndexStatus != nil && s.State != generator.IndexLevel {
				return errPartial
			}
			return nil
		},
	}
}

func (in *installation) indexStatus(ctx context.Context) (s indexState, err error) {
	s.Engine = in.c.Search.Engine
	x := in.indexer()
	if x == nil {
		return s, nil
	}
	state, err := x.Status(ctx)
	s.IndexStatus = &state
	return s, err
}

// showIndex writes the state of the index for a person.
func (a *app) showIndex(s indexState) {
	if s.Engine == config.NoSearch {
		a.say("search: none")
		return
	}
	switch s.State {
	case generator.IndexLevel:
		a.say("search (%s): level with release %d, %s", s.Engine, s.Release, plural(s.Docs, "document"))
	case generator.IndexNone:
		a.say("search (%s): there is no index yet; huiyin publish makes it", s.Engine)
	case generator.IndexUnreachable:
		a.say("search (%s): %s", s.Engine, s.Problem)
	case generator.IndexUnknown:
		a.say("search (%s): the index does not say what it shows; huiyin publish makes it anew", s.Engine)
	default:
		a.say("search (%s): behind: it shows release %d, %s; cases that cannot be found: %d; huiyin publish brings it level", s.Engine, s.Release, plural(s.Docs, "document"), s.Missing)
	}
	if s.Indexing {
		a.say("search: the index is being changed, or a change was broken off, which huiyin publish ends")
	}
}
