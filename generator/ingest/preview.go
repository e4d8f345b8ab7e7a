package ingest

import (
	"context"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
)

// Preview is one record as received, and what a person's acceptance would make of
// it.
type Preview struct {
	Looked
	Accepted  gate.Cleared
	Accepting gate.Verdict
}

// PreviewAccept shows what accepting a record would publish. It stores nothing. The
// options are those of [Look].
func PreviewAccept(ctx context.Context, o Options, ref intake.Ref) (p Preview, err error) {
	r := run{Options: o, job: job{asOf: o.AsOf}}
	lines, err := r.lines(ctx)
	if err != nil {
		return p, err
	}
	g := o.Gate.WithLines(lines)
	looked, err := look(ctx, o, g, []intake.Ref{ref})
	if err != nil {
		return p, err
	}
	p.Looked = looked[0]
	p.Accepted, p.Accepting = g.ClearReviewed(p.Raw, max(p.AsOf, o.AsOf), gate.Review{Content: p.Verdict.Content, Accept: true, Reasons: p.Verdict.Reasons})
	return p, nil
}
