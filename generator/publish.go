package generator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"slices"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/numbers"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/release"
)

// Report is what a publish did.
type Report struct {
	Release     int        `json:"release"`
	Cutoff      record.Day `json:"cutoff"`
	Nothing     bool       `json:"nothing_new"` // the current release already shows all there is
	Cases       int64      `json:"cases"`       // published in full
	Stubs       int64      `json:"stubs"`       // published as a row alone
	Withdrawn   int64      `json:"withdrawn"`
	Pages       int64      `json:"pages"` // files in the release
	Quarantined int        `json:"quarantined"`
	Partitions  Partitions `json:"partitions"`
	Restated    int        `json:"restated,omitempty"` // figures of months and years that were published and are others now

	SetAside []release.SetAside `json:"set_aside,omitempty"` // the pages that the release lacks
	Leaks    *pages.LeaksScan   `json:"leaks,omitempty"`     // how the release was looked through for personal data; nil where nothing was made
}

// Partitions counts the partitions of a release: how many were made anew, how
// many of those by Hugo, and how many were taken over from the release before.
type Partitions struct {
	Rendered int `json:"rendered"`
	Hugo     int `json:"hugo"`
	Skipped  int `json:"skipped"`
}

// Publish makes a release of what the store holds, or nothing when the current
// release shows it already. On any error the current release stays as it was.
func (g *Generator) Publish(ctx context.Context) (_ Report, err error) {
	// What is planned from one state of the store must be made from the same.
	unlock, err := g.o.Store.Lock()
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	// What is damaged is shown to nobody, and made again here.
	if _, err := g.Settle(ctx); err != nil && !errors.Is(err, release.ErrUnread) {
		return Report{}, err
	}
	state, err := g.o.Store.State(ctx)
	if err != nil {
		return Report{}, err
	}
	inputs := g.inputs(state)
	if report, same, err := g.upToDate(ctx, inputs); err != nil || same {
		return report, err
	}
	current, err := g.o.Releases.Manifest()
	if err != nil {
		return Report{}, err
	}
	last, err := g.shown(ctx, current)
	if err != nil {
		return Report{}, err
	}
	read, err := g.assess(ctx, last.Cutoff)
	if err != nil {
		return Report{}, err
	}
	if read.Facts == 0 {
		return Report{}, fault.Coded(fault.ExitNothing, "there is no case to publish", "pull an export first: huiyin pull", nil)
	}
	book := read.Book

	txn, err := g.o.Releases.Begin(ctx)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, txn.Abort()) }()
	restated, err := g.restatements(ctx, last, &read)
	if err != nil {
		return Report{}, err
	}
	options := g.o.Pages
	options.Restated = restated.all
	if options.FirstRankings, _, err = g.firstRankings(ctx, book); err != nil {
		return Report{}, err
	}
	options.Notes = g.o.Store
	if options.Judged, err = g.o.Store.Judged(ctx); err != nil {
		return Report{}, err
	}
	seen := &seeing{Reader: g.cases(), cases: newCaseIndex()}
	plan, err := pages.Plan(ctx, seen, book, options)
	if err != nil {
		return Report{}, err
	}
	canary, err := g.newCanary(ctx, seen.taken(), book.Cutoff())
	if err != nil {
		return Report{}, err
	}
	head, err := g.o.Store.AuditHead(ctx)
	if err != nil {
		return Report{}, err
	}
	audit, err := auditPartition(head)
	if err != nil {
		return Report{}, err
	}
	plan = append(plan, assetPartition(g.o.Assets), audit)
	g.o.Planned()
	maker := g.newMaker(txn, canary)
	defer func() { err = errors.Join(err, maker.close()) }()
	if err := maker.build(ctx, plan, pages.LeakParts); err != nil {
		return Report{}, err
	}
	leaks := canary.report(book.Cutoff(), read.Totals, maker.built.refs)
	if leaks.People, err = g.o.Store.People(ctx); err != nil {
		return Report{}, err
	}
	if leaks.Excluded, err = g.excluded(ctx, book.Cutoff()); err != nil {
		return Report{}, err
	}
	if plan, err = pages.LeakPartitions(leaks, g.o.Pages); err != nil {
		return Report{}, err
	}
	if err := maker.build(ctx, plan, 0); err != nil {
		return Report{}, err
	}
	if err := canary.verdict(); err != nil {
		return Report{}, err
	}
	built := maker.built
	report := Report{Partitions: built.count, Leaks: &leaks.Scan}
	report.show(built.refs)
	report.count(&read)
	report.Restated = len(restated.now)
	if slices.ContainsFunc(report.SetAside, func(a release.SetAside) bool { return a.Path == record.HomePath }) {
		return Report{}, fault.New("the home page cannot be rendered", "the last release stands; look at the theme, and at the names of areas and units")
	}
	// Before the switch, and like it in one piece: no crash may leave in a release what the
	// store takes for unseen.
	if err := g.shows(context.WithoutCancel(ctx), leaks); err != nil {
		return Report{}, err
	}
	report.Release, err = txn.Commit(release.Manifest{Cutoff: book.Cutoff().String(), Inputs: inputs, Partitions: built.refs})
	if err != nil {
		return Report{}, err
	}
	return report, g.record(ctx, report, &read, restated)
}

// excluded returns what is published of how many cases accuse an official.
func (g *Generator) excluded(ctx context.Context, cutoff record.Day) ([]record.Excluded, error) {
	published, err := g.o.Store.Excluded(ctx)
	if err != nil || g.o.Excluded == nil {
		return published, err
	}
	counts, err := g.o.Excluded(ctx)
	if err != nil {
		return nil, err
	}
	return gate.CarryExcluded(published, counts, cutoff)
}

// shows notes what a release is about to show and what no later one may take back.
func (g *Generator) shows(ctx context.Context, leaks pages.Leaks) error {
	if err := g.o.Store.SaveExcluded(ctx, leaks.Excluded); err != nil {
		return err
	}
	return g.o.Store.Shown(ctx)
}

// upToDate reports whether the current release was made from the records and
// settings in force, and if so what it shows. Where a crash fell between the
// switch to that release and the record of it, the record is made now.
func (g *Generator) upToDate(ctx context.Context, inputs string) (Report, bool, error) {
	current, err := g.o.Releases.Manifest()
	if err != nil || current == nil || current.Inputs != inputs {
		return Report{}, false, err
	}
	published, err := g.o.Store.Publishes(ctx)
	if err != nil {
		return Report{}, false, err
	}
	report := Report{Release: current.Release, Nothing: true, Partitions: Partitions{Skipped: len(current.Partitions)}}
	report.show(current.Partitions)
	i := slices.IndexFunc(published, func(p store.Publish) bool { return p.Release == current.Release })
	if i >= 0 {
		p := published[i]
		report.Cutoff, report.Cases, report.Stubs, report.Withdrawn = p.Cutoff, p.Cases, p.Stubs, p.Withdrawn
		return report, true, nil
	}
	last, err := g.shown(ctx, current) // it has no entry, so this is the one before
	if err != nil {
		return Report{}, false, err
	}
	read, err := g.assess(ctx, last.Cutoff)
	if err != nil {
		return Report{}, false, err
	}
	report.count(&read)
	restated, err := g.restatements(ctx, last, &read)
	if err != nil {
		return Report{}, false, err
	}
	report.Restated = len(restated.now)
	return report, true, g.record(ctx, report, &read, restated)
}

// show puts what a release holds into the report.
func (r *Report) show(refs []release.PartitionRef) {
	for _, p := range refs {
		r.Pages += int64(p.Files)
	}
	r.SetAside = setAside(refs)
	r.Quarantined = len(r.SetAside)
}

// count puts what was counted into the report.
func (r *Report) count(n *numbers.Numbers) {
	r.Cutoff, r.Cases, r.Stubs, r.Withdrawn = n.Book.Cutoff(), n.Full, n.Stubs, n.Withdrawn
}

// inputs is the hash of all that a release is made from: settings and program,
// and the state of the store, which stands for its records.
func (g *Generator) inputs(state string) string {
	sum := sha256.Sum256([]byte(g.o.Settings + " " + state))
	return hex.EncodeToString(sum[:])
}

// assess reads every figure of the installation, and those at an earlier cut-off, where
// one is given. Only the months of which a case has changed, or in which the day of the
// cut-off says something new, are counted.
func (g *Generator) assess(ctx context.Context, earlier record.Day) (numbers.Numbers, error) {
	register, err := g.o.Store.Register(ctx)
	if err != nil {
		return numbers.Numbers{}, err
	}
	cutoff, err := g.o.Store.Cutoff(ctx)
	if err != nil {
		return numbers.Numbers{}, err
	}
	return numbers.Read(ctx, g.cases(), numbers.Options{
		Register: register, Cutoff: cutoff, Earlier: earlier, Basis: g.o.Settings, Parallel: g.o.Parallel,
		Progress: func(n int) { g.o.Progress("computing figures: cases", n, 0) },
	})
}

// Verify counts again what is kept of the counts of cases and holds for the settings, and
// says where it differs, a line each. It returns how many months were compared.
func (g *Generator) Verify(ctx context.Context) (problems []string, months int, err error) {
	return numbers.Verify(ctx, g.cases(), g.o.Settings)
}

// seeing is what pages are planned from. What the canary needs to know of every case is
// taken from the same reading, since a second one would take as long again.
type seeing struct {
	pages.Reader
	cases *caseIndex // nil: nothing is taken any more
}

// taken returns what was taken. Later readings, when partitions are made and looked
// through at the same time, change nothing of it.
func (s *seeing) taken() *caseIndex {
	cases := s.cases
	s.cases = nil
	return cases
}

// Facts implements [pages.Reader].
func (s *seeing) Facts(ctx context.Context) iter.Seq2[record.Fact, error] {
	if s.cases == nil {
		return s.Reader.Facts(ctx)
	}
	return func(yield func(record.Fact, error) bool) {
		*s.cases = *newCaseIndex()
		for f, err := range readAhead(s.Reader.Facts(ctx)) {
			if err == nil {
				s.cases.add(&f)
			}
			if !yield(f, err) {
				return
			}
		}
	}
}

// record keeps what the release shows, after the switch to it.
func (g *Generator) record(ctx context.Context, r Report, read *numbers.Numbers, restated restatements) error {
	// Those of periods that are over, so that a later change of them can be shown.
	if err := g.o.Store.SaveFigures(ctx, r.Release, r.Cutoff, read.Parts()); err != nil {
		return err
	}
	if err := g.o.Store.SaveRestatements(ctx, restated.after, r.Release, restated.now); err != nil {
		return err
	}
	if err := g.keepRankings(ctx, r.Release, read.Book); err != nil {
		return err
	}
	batch, err := g.o.Store.LastBatch(ctx)
	if err != nil {
		return err
	}
	return g.o.Store.SavePublish(ctx, store.Publish{
		Release: r.Release, Cutoff: r.Cutoff, At: g.o.Now(),
		Cases: r.Cases, Stubs: r.Stubs, Withdrawn: r.Withdrawn, Pages: r.Pages, Quarantined: r.Quarantined, Batch: batch,
	})
}
