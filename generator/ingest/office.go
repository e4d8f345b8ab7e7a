package ingest

import (
	"context"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// tell lets the sink know what the office has stated about the cases of the batch. It comes
// before the batch, which brings what is made of it in one transaction with the act: a
// run that is killed in between has told nobody that anything was done, and the next one
// tells it again.
func (r *run) tell(ctx context.Context) error {
	untold, err := r.Intake.Untold(ctx)
	if err != nil || len(untold) == 0 {
		return err
	}
	all := make([]record.Statement, len(untold))
	for i, s := range untold {
		all[i] = record.Statement{
			ID: s.ID, MAC: s.MAC, Act: record.StatementAct(s.Act), Into: record.CaseNumber(s.Into), At: s.At,
			By: s.By, Origin: s.Origin, Reason: record.Reason(s.Reason), Note: s.Note,
		}
	}
	return r.Store.Stated(ctx, all)
}

// filled returns what is there of an item, as the gate is to look at it: of a case of which
// the office has stated something and the original is erased, the published texts stand
// where none were stated.
func filled(ctx context.Context, s Sink, item intake.Item) (source.Raw, error) {
	some, _ := item.Erased()
	if !some || !item.Stated() || item.Kind != source.Case || item.Raw.Gone {
		return item.Raw, nil
	}
	numbers, err := s.Numbers(ctx, []string{item.MAC})
	if err != nil || numbers[0] == "" {
		return item.Raw, err
	}
	was, err := s.CasesByNumber(ctx, numbers)
	if err != nil || was[0].Prominence != record.Full {
		return item.Raw, err
	}
	return gate.Filled(item.Raw, was[0]), nil
}

// Judged is what the gate makes of a case that the office is about to state something of.
type Judged struct {
	Looked

	// Alone says that some of its texts stand in the store alone, because what was
	// received is erased: were they taken back, nobody could bring them again.
	Alone bool
}

// Judge lets a case through the gate as it would be if what the office is about to state
// were stated; see [intake.DB.Propose]. It stores nothing. AsOf of the options is the least
// under which it is looked at.
func Judge(ctx context.Context, o Options, item intake.Item) (j Judged, err error) {
	r := run{Options: o, job: job{asOf: o.AsOf}}
	lines, err := r.lines(ctx)
	if err != nil {
		return j, err
	}
	item.Again()
	carried := len(item.Raw.Fields)
	if item.Raw, err = filled(ctx, o.Store, item); err != nil {
		return j, err
	}
	j.Alone = len(item.Raw.Fields) > carried
	j.Looked, err = lookAt(o.Gate.WithLines(lines), item, o.AsOf)
	return j, err
}
