package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/cmd/internal/demo"
	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/durable"
)

// The sample of a city of more than twelve months: the folder of its files, and how
// many of the cases of the last month are drawn.
const (
	demoSampleFolder = "sample"
	demoSampleSize   = 30
	scoresFile       = "scores.csv"
)

// commitDemo commits, at the end of the last month but one, to the sample of the last.
// A commitment that is there stays.
func commitDemo(ctx context.Context, city *app, o demoOptions, plan demo.Plan) (err error) {
	n := len(plan.Steps)
	dir := filepath.Join(o.dir, demoSampleFolder)
	if _, err := os.Stat(filepath.Join(dir, commitmentFile)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := durable.MkdirAll(durable.OS{}, dir); err != nil {
		return err
	}
	rubric := filepath.Join(dir, "rubric.txt")
	if err := put(dir, filepath.Base(rubric), []byte(demo.Rubric)); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, seedFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // one of a commitment that was broken off
	}
	then := demoApp(city, o, plan.Steps[n-2].Day)
	var seed [32]byte
	copy(seed[:], "huiyin sample "+strconv.FormatUint(o.Seed, 10))
	then.rand = rand.NewChaCha8(seed)
	in, err := then.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	_, err = in.commitSample(ctx, dir, commitOptions{
		period: plan.Steps[n-1].Day.Month().String(), scope: string(record.ByAll), cases: string(sample.Full), by: string(sample.ByKind),
		rubric: rubric, n: demoSampleSize, panel: demo.Panel,
	})
	return err
}

// drawDemo draws the sample, and writes what the panel made of it. One that was drawn
// stays.
func drawDemo(ctx context.Context, city *app, dir string) (err error) {
	dir = filepath.Join(dir, demoSampleFolder)
	if _, err := os.Stat(filepath.Join(dir, scoresFile)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	in, err := city.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	seed := filepath.Join(dir, seedFile)
	r, err := in.drawSample(ctx, dir, seed)
	if err != nil {
		return err
	}
	_, drawn, err := drawnIn(dir, seed)
	if err != nil {
		return err
	}
	cases, err := in.store.CasesByNumber(ctx, drawn.Numbers())
	if err != nil {
		return err
	}
	city.say("a sample for a made-up panel, %d of %s, is in %s", r.Drawn, plural(r.Cases, "case"), dir)
	return put(dir, scoresFile, demoScores(cases))
}

// demoScores are the scores of the made-up panel: each category sees a case as the
// citizen did, or nearly so, and one that nobody rated as good or fairly good.
func demoScores(cases []record.Case) []byte {
	var b bytes.Buffer
	b.WriteString("number,category,level\n")
	for _, c := range cases {
		for i, category := range demo.Panel {
			name, _, _ := strings.Cut(category, "=")
			r := rand.New(rand.NewPCG(numberSeed(c.Number), uint64(i)))
			level := 3 + r.IntN(2)
			if n := int(c.Rating.Level); n > 0 {
				level = min(5, max(1, n+[]int{0, 0, 0, -1, 1, -2}[r.IntN(6)]))
			}
			b.WriteString(string(c.Number) + "," + name + "," + strconv.Itoa(level) + "\n")
		}
	}
	return b.Bytes()
}

// numberSeed makes a seed of a case number.
func numberSeed(n record.CaseNumber) (seed uint64) {
	for i := range len(n) {
		seed = seed*131 + uint64(n[i])
	}
	return seed
}
