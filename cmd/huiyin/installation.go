package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"iter"
	"os"
	"os/exec"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/drop"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site"
	"github.com/huiyin/huiyin/site/release"
)

// installation is an opened installation: what the configuration names, ready
// for use. Parts are opened when first asked for and closed together.
type installation struct {
	a        *app
	c        *config.Config
	store    *store.DB
	intake   *intake.DB // nil until openIntake
	key      intake.Key // of intake
	releases *release.Store
	progress *progress
	closers  []func() error
}

// open reads the configuration and opens what every command needs.
func (a *app) open(ctx context.Context) (*installation, error) {
	c, err := a.load()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(c.StatePath()); err != nil {
		return nil, fault.Coded(fault.ExitConfig, "there is no installation at "+c.StatePath(), "run huiyin init first", err)
	}
	in := &installation{a: a, c: c, progress: a.newProgress()}
	if in.store, err = store.Open(c.StatePath("store.db"), store.Options{Now: a.now}); err != nil {
		return nil, err
	}
	in.closers = append(in.closers, in.store.Close)
	if in.releases, err = openReleases(c); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

func openReleases(c *config.Config) (*release.Store, error) {
	return release.Open(c.StatePath("releases"), release.Options{
		Keep:     c.Release.Keep,
		PagePath: func(n string) string { return record.CasePath(record.CaseNumber(n)) },
	})
}

// Close closes what was opened, last opened first.
func (in *installation) Close() error {
	in.progress.done()
	var errs []error
	for i := len(in.closers) - 1; i >= 0; i-- {
		errs = append(errs, in.closers[i]())
	}
	return errors.Join(errs...)
}

// openIntake opens the sealed side, once.
func (in *installation) openIntake() (intake.Key, error) {
	if in.intake != nil {
		return in.key, nil
	}
	key, err := intake.LoadKey(in.c.Path(in.c.Key))
	if err != nil {
		return key, err
	}
	in.intake, err = intake.Open(in.c.StatePath("intake.db"), key, intake.Options{Random: in.a.rand, Now: in.a.now})
	if err != nil {
		in.intake = nil
		return key, err
	}
	in.key, in.closers = key, append(in.closers, in.intake.Close)
	return key, nil
}

// canary returns what the last look at a release needs. Without the key there is
// none, and nothing is published.
func (in *installation) canary() (c generator.Canary, err error) {
	key, err := in.openIntake()
	if err != nil {
		return c, err
	}
	if c.Gate, err = in.gate(key); err != nil {
		return c, err
	}
	c.Masked = func(ctx context.Context) iter.Seq2[generator.Masked, error] {
		return func(yield func(generator.Masked, error) bool) {
			for m, err := range in.intake.Masked(ctx) {
				if !yield(generator.Masked{Number: record.CaseNumber(m.Number), Type: m.Type, Value: m.Value}, err) {
					return
				}
			}
		}
	}
	return c, nil
}

// drop returns the folder of exports with its mapping.
func (in *installation) drop() (*drop.Drop, error) {
	mapping, err := source.DecodeMapping(in.c.Sources)
	if err != nil {
		return nil, inConfig(err)
	}
	from, err := drop.New(in.c.Path(in.c.Inbox), mapping)
	return from, inConfig(err)
}

// inConfig marks a mistake in a section of the configuration as one.
func inConfig(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != 0 {
		return err
	}
	return fault.Coded(fault.ExitConfig, f.Msg, f.Hint, f.Err)
}

// settle makes withdrawals effective, also in the plain files and in the index:
// those of this run, and those of one that did not come to its end. The index
// comes last, since it may lie on a server that is slow or down, and searches leave
// withdrawn cases out without it. The result is nil where the index had nothing to
// be taken out of it.
func (in *installation) settle(ctx context.Context) (*searchResult, error) {
	// Nothing that only pages need may hold up a withdrawal, and what of the releases cannot
	// be read holds up no other place.
	taken, openErr := generator.New(generator.Options{Store: in.store, Releases: in.releases}).Settle(ctx)
	if err := ctx.Err(); err != nil {
		return nil, errors.Join(err, openErr)
	}
	if openErr != nil && !errors.Is(openErr, release.ErrUnread) {
		openErr = unsettled{openErr}
	}
	exportErr := in.settleExport(ctx, taken)
	_, _, code := fault.Public(exportErr)
	wait := exportErr != nil && code == fault.ExitBusy
	soon, cancel := context.WithTimeout(ctx, in.a.searchWithin)
	defer cancel()
	r, err := in.level(soon, (*generator.Indexer).Settle)
	switch {
	case err != nil || r == nil:
	case r.Nothing && !r.failed():
		r = nil
	default:
		r.due = taken > 0
	}
	if wait {
		// Not before the index: no reader waits for an export of somebody else.
		in.a.remark("another export is running; waiting until it has finished")
		exportErr = in.afterBatch(ctx, func() error { return in.settleExport(ctx, taken) })
	}
	// Last, since the place may be a folder of another machine that does not answer: what
	// the public can see does not wait for it.
	return r, errors.Join(openErr, exportErr, err, in.mirrorJournal(ctx))
}

// settleExport makes withdrawals effective in the plain files. taken is how many
// there were in this run: that the export is not in its place is said by a run that had
// something to take out of it. Where another export is running it is refused, and may be
// called again: that one has done what is due, or has begun too early or elsewhere.
func (in *installation) settleExport(ctx context.Context, taken int) error {
	if in.c.Export.Dir == "" {
		return nil
	}
	dir := in.c.Path(in.c.Export.Dir)
	due, err := in.releases.ExportDue(dir)
	if errors.Is(err, release.ErrNoExport) && taken == 0 {
		return nil
	}
	if err != nil || !due {
		return err
	}
	_, err = in.export(ctx, dir, false)
	return err
}

// generator returns the pipeline over this installation, with the canary that it
// needs to publish and for nothing else. planned is called when partitions are about to be
// made; nil: nothing is.
func (in *installation) generator(canary generator.Canary, planned func()) (*generator.Generator, error) {
	program, err := programID()
	if err != nil {
		return nil, err
	}
	theme, options, err := assemble.Site(in.c, program)
	if err != nil {
		return nil, err
	}
	parts := []any{program, in.c.Site, options.Synonyms, options.Ranks}
	rules, deadlines, err := assemble.Deadlines(in.c)
	if err != nil {
		return nil, err
	}
	if rules != nil {
		options.Deadlines, parts = rules, append(parts, deadlines)
		if calendar := rules.Calendar(); len(calendar.Years()) > 0 {
			options.Workdays = calendar
		}
	}
	settings, err := json.Marshal(parts)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(settings)
	return generator.New(generator.Options{
		Store: in.store, Releases: in.releases, Pages: options, Assets: assemble.Assets(theme), Settings: hex.EncodeToString(sum[:]),
		Renderers: func() (generator.Renderer, error) { return in.renderers(options) },
		Canary:    canary, Excluded: in.excluded,
		Parallel: in.c.Render.Workers + 1, Now: in.a.now, Progress: in.progress.step, Planned: planned,
	}), nil
}

// excluded returns how many cases of each month accuse an official.
func (in *installation) excluded(ctx context.Context) (map[record.Month]int64, error) {
	if _, err := in.openIntake(); err != nil {
		return nil, err
	}
	months, err := in.intake.Excluded(ctx)
	if err != nil {
		return nil, err
	}
	counts := map[record.Month]int64{}
	for _, m := range months {
		month, err := record.ParseMonth(m.Month)
		if err != nil {
			month = 0 // a day of receipt that is none
		}
		counts[month] += m.N
	}
	return counts, nil
}

// renderers starts the rendering processes.
func (in *installation) renderers(options pages.Options) (generator.Renderer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	memory, err := in.c.Render.Bytes()
	if err != nil {
		return nil, err
	}
	pool, err := site.NewPool(func() *exec.Cmd { return exec.Command(self, "render-worker") }, in.c.Render.Workers, site.PoolOptions{
		Renderer: site.Options{BaseURL: options.BaseURL, Site: options.SiteParams()},
		Timeout:  time.Duration(in.c.Render.Timeout), Memory: memory,
	})
	if err != nil {
		return nil, err
	}
	return assemble.Renderer{Pool: pool}, nil
}
