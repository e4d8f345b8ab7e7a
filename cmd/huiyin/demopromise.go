package main

import (
	"context"
	"errors"

	"github.com/huiyin/huiyin/cmd/internal/demo"
	"github.com/huiyin/huiyin/generator/record"
)

// The made-up office looks at this many promises of the replies of a year.
const demoPromises = 60

// judgeDemo accepts, at the end of the last month but one, promises of replies as
// commitments, and states how those turned out that were due by then: of ten seven
// were kept, one in part, one not, and of one nobody says anything. What was judged
// before stays.
func judgeDemo(ctx context.Context, city *app, o demoOptions, plan demo.Plan) (err error) {
	day := plan.Steps[len(plan.Steps)-2].Day
	in, err := demoApp(city, o, day).open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if acts, err := in.store.Judgements(ctx); err != nil || len(acts) > 0 {
		return err
	}
	found, err := in.promises(ctx, promiseFilter{since: day - 365})
	if err != nil {
		return err
	}
	var names []string
	var kept, partly, broken []foundPromise
	for i, p := range found.Waiting {
		if !p.Due.Known() || p.Due > p.Replied+150 || i%2 == 1 || len(names) == demoPromises {
			continue
		}
		names = append(names, string(p.Number)+":"+p.Code)
		if p.Due > day {
			continue
		}
		switch len(names) % 10 {
		case 0:
		case 1:
			partly = append(partly, p)
		case 2:
			broken = append(broken, p)
		default:
			kept = append(kept, p)
		}
	}
	act := func(a record.CommitmentAct, names ...string) {
		if err == nil && len(names) > 0 {
			a.By, a.Stated = demo.Judge, day
			_, err = in.approve(ctx, names, a)
		}
	}
	act(record.CommitmentAct{Act: record.Accept}, names...)
	state := func(keeping record.Keeping, list []foundPromise) {
		for _, p := range list {
			on := p.Due
			if keeping == record.Kept {
				on = max(p.Replied, p.Due-record.Day(len(p.Wording)%9))
			}
			act(record.CommitmentAct{Act: record.State, Keeping: keeping, On: on}, string(p.Number)+":"+p.Code)
		}
	}
	state(record.Kept, kept)
	state(record.Partly, partly)
	state(record.Broken, broken)
	return err
}
