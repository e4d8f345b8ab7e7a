package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
)

// brokenOff is "brokenoff rules", "brokenoff accept ID:CODE" and "brokenoff pull": it
// does what huiyin gate regate --apply and huiyin gate accept do first, and all but the
// last of what huiyin pull does, and nothing of what follows, as where the process is
// killed in between.
func brokenOff(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || args[0] == "accept" && len(args) != 2 {
		ts.Fatalf("usage: brokenoff rules | brokenoff accept ID:CODE | brokenoff pull")
	}
	ctx := context.Background()
	a := &app{out: io.Discard, err: io.Discard, now: time.Now, watch: time.Now, rand: rand.Reader, configFile: filepath.Join(ts.MkAbs("."), "huiyin.yaml")}
	in, err := a.open(ctx)
	ts.Check(err)
	defer in.Close()
	key, err := in.openIntake()
	ts.Check(err)
	g, err := in.gate(key)
	ts.Check(err)
	switch args[0] {
	case "rules":
		err = in.intake.ChangeRules(ctx, g.RulesHash(), "李审", "规则修订")
	case "accept":
		id, code, _ := strings.Cut(args[1], ":")
		err = in.intake.Decide(ctx, intake.Decision{ID: id, Code: code, Accept: true, By: "李审", Basis: "已核对"})
	case "pull":
		var o ingest.Options
		o, err = in.ingest(ctx, g)
		ts.Check(err)
		o.Intake, o.Progress = unfinished{in.intake}, nil
		o.Source, err = in.drop()
		ts.Check(err)
		if _, err = ingest.Run(ctx, o); errors.Is(err, errBroken) {
			err = nil
		}
	default:
		ts.Fatalf("brokenoff knows no %s", args[0])
	}
	ts.Check(err)
}

var errBroken = errors.New("broken off")

// unfinished is an intake that does not learn what became of a batch.
type unfinished struct{ *intake.DB }

func (unfinished) Finish(context.Context, intake.Info, []intake.Outcome, []intake.Note) error {
	return errBroken
}
