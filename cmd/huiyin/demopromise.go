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
// commitments, and states how those turned out that were due by then: of ten six
// were kept, one late, one in part, one not, and of one nobody says anything. What was judged
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
	step := len(found.Waiting)/demoPromises + 1
	var names []string
	var stated []record.CommitmentAct
	for i := 0; i < len(found.Waiting); i += step {
		p := found.Waiting[i]
		if !p.Due.Known() {
			continue
		}
		names = append(names, string(p.Number)+":"+p.Code)
		how := record.CommitmentAct{Number: p.Number, Code: p.Code, Keeping: record.Kept, On: max(p.Replied, p.Due-record.Day(i%9))}
		switch n := len(names) % 10; {
		case p.Due > day || n == 0: // not due, or nobody has said anything
			continue
		case n == 1:
			how.Keeping, how.On = record.Partly, p.Due
		case n == 2:
			how.Keeping, how.On = record.Broken, p.Due
		case n == 3:
			how.On = min(p.Due+11, day)
		}
		stated = append(stated, how)
	}
	act := func(a record.CommitmentAct, names ...string) {
		if err == nil && len(names) > 0 {
			a.By, a.Stated = demo.Judge, day
			_, err = in.approve(ctx, names, a)
		}
	}
	act(record.CommitmentAct{Act: record.Accept}, names...)
	for _, how := range stated {
		act(record.CommitmentAct{Act: record.State, Keeping: how.Keeping, On: how.On}, string(how.Number)+":"+how.Code)
	}
	return err
}
