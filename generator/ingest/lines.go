package ingest

import (
	"context"
	"slices"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// unitLines are the public telephone lines of units, as the register states
// them. They count for the cases of the batch that brings them and of all later
// ones, so that what is published depends on the order of the batches alone and
// not on how many of them a run takes, nor on where one was killed.
type unitLines map[record.UnitID][]string

// lines returns those of the register as the last batch left it, and the former ones
// of the options.
func (r *run) lines(ctx context.Context) (unitLines, error) {
	register, err := r.Store.Register(ctx)
	if err != nil {
		return nil, err
	}
	lines := unitLines{}
	for unit, former := range r.Former {
		lines[unit] = former
	}
	for _, u := range register.Units {
		lines[u.ID] = slices.Concat(u.Phones, r.Former[u.ID])
	}
	return lines, nil
}

// noting returns a put that also takes the lines of each unit that the store
// adopts.
func (r *run) noting(l unitLines, p put) put {
	return func(c gate.Cleared, had record.CaseNumber) (record.CaseNumber, record.EventKind, error) {
		number, kind, err := p(c, had)
		if u, ok := c.Value().(record.Unit); ok && kind != "" {
			l[u.ID] = slices.Concat(u.Phones, r.Former[u.ID])
		}
		return number, kind, err
	}
}

// split parts what is pending into the registers, which come first, and the
// cases.
func split(refs []intake.Ref) (registers, cases []intake.Ref) {
	n := slices.IndexFunc(refs, func(r intake.Ref) bool { return r.Kind == source.Case })
	if n < 0 {
		return refs, nil
	}
	return refs[:n], refs[n:]
}
