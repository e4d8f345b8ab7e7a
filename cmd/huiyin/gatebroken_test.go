package main

import (
	"context"
	"crypto/rand"
	"io"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/huiyin/huiyin/generator/intake"
)

// brokenOff is "brokenoff rules" and "brokenoff accept ID": it does what huiyin gate
// regate --apply and huiyin gate accept do first, and nothing of what follows, as
// where the process is killed in between.
func brokenOff(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || args[0] == "accept" && len(args) != 2 {
		ts.Fatalf("usage: brokenoff rules | brokenoff accept ID")
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
		err = in.intake.Decide(ctx, intake.Decision{ID: args[1], Accept: true, By: "李审", Basis: "已核对"})
	default:
		ts.Fatalf("brokenoff knows no %s", args[0])
	}
	ts.Check(err)
}
