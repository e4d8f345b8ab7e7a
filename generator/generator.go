// Package generator publishes what the store holds: it makes withdrawals
// effective, computes the figures, plans the pages, has those rendered that
// changed, and switches to the new release. It owns that order and nothing
// else: each step is a package of its own.
//
//	store -> assess -> pages -> Renderer -> canary -> release
//
// The order of writes makes a crash harmless anywhere: packs, and the canary's
// look at them, before the manifest, the manifest before the switch, the switch
// before the figures of the release. Whatever a crash leaves undone, the next run finds and finishes.
package generator

import (
	"context"
	"io"
	"time"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/release"
)

// Renderer renders partitions of pages into packs. A page that cannot be
// rendered is left out and named in the result; an error means that there is no
// pack. Implementations are safe for concurrent use.
type Renderer interface {
	Render(ctx context.Context, job Job) (Rendered, error)
	io.Closer
}

// Job is a partition of pages to be rendered.
type Job struct {
	Key     string
	Layouts []string // that the pages use
	Pages   []pages.Page
	Out     string // path of the pack to write
}

// Rendered is what became of a [Job].
type Rendered struct {
	Pack     release.PackInfo
	SetAside []release.SetAside
}

// Options says what a Generator works on. All fields but Excluded, Progress and
// Planned are required to publish; to make withdrawals effective Store and Releases are enough.
type Options struct {
	Store     *store.DB
	Releases  *release.Store
	Pages     pages.Options
	Assets    []pages.File             // published as they are
	Settings  string                   // hash of all that pages depend on beside the records: settings, theme, program
	Renderers func() (Renderer, error) // called when there is something to render
	Canary    Canary                   // what is published passes it, or is not

	// Excluded returns how many cases of each month of receipt accuse an official, as
	// counted by now; nil where nothing is to be said of them. What of it is published
	// [gate.CarryExcluded] decides.
	Excluded func(context.Context) (map[record.Month]int64, error)

	Parallel int // partitions prepared at once; at least one is
	Now      func() time.Time
	Progress func(what string, done, total int)

	// Planned is called when all figures are there and the plan is made, before the first
	// partition is: tables of all cases, which are made and looked through whole, take more
	// memory than all that was done until then. nil: nothing is.
	Planned func()
}

// Generator publishes what the store holds. Its methods must not be called at
// the same time: locks of the store and of the releases refuse a second run.
type Generator struct{ o Options }

// New returns a Generator.
func New(o Options) *Generator {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	if o.Planned == nil {
		o.Planned = func() {}
	}
	o.Parallel = max(o.Parallel, 1)
	return &Generator{o}
}
