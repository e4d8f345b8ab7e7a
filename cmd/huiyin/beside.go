package main

import (
	"context"
	"errors"

	"github.com/huiyin/huiyin/site/release"
)

// unsettled is the error of settle where the releases themselves could not be brought level
// with withdrawals, and not a copy of them alone.
type unsettled struct{ error }

func (u unsettled) Unwrap() error { return u.error }

// settleBeside is settle for a command with other work to do: that the export folder or the
// place of backups cannot be brought level is told and returned, and stops nothing. What
// could show a withdrawn case anew does.
func (in *installation) settleBeside(ctx context.Context) (search *searchResult, open []string, err error) {
	search, err = in.settle(ctx)
	if ctx.Err() != nil || errors.As(err, new(unsettled)) {
		return search, nil, errors.Join(ctx.Err(), err)
	}
	open, err = in.openAfter(err)
	return search, open, err
}

// exportShown brings the export folder of the configuration, where there is one, level with
// a release that is shown since. That stands, whatever becomes of the folder: what is wrong
// with it is told and returned, and the next run makes up for it.
// anew says that the folder begins anew, though it was exported to before.
func (in *installation) exportShown(ctx context.Context, anew bool) (done *release.ExportReport, open []string, err error) {
	if in.c.Export.Dir == "" {
		return nil, nil, nil
	}
	r, err := in.export(ctx, in.c.Path(in.c.Export.Dir), anew)
	if err == nil {
		return &r, nil, nil
	}
	if ctx.Err() != nil {
		return nil, nil, err
	}
	open, err = in.openAfter(err)
	return nil, open, err
}
