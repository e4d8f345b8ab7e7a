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
	rubricFile       = "rubric.txt"
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
	rubric := filepath.Join(dir, rubricFile)
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

// drawDemo draws the sample, writes what the panel made of it, and delivers it; the
// caller takes and publishes it. One that was delivered stays.
func drawDemo(ctx context.Context, city *app, root string, end record.Day) (delivered bool, err error) {
	dir := filepath.Join(root, demoSampleFolder)
	result := "sample-result-" + end.Time().Format("20060102") + ".csv"
	if _, err := os.Stat(filepath.Join(dir, result)); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	in, err := city.open(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	seed := filepath.Join(dir, seedFile)
	r, err := in.drawSample(ctx, dir, seed)
	if err != nil {
		return false, err
	}
	_, drawn, err := drawnIn(dir, seed)
	if err != nil {
		return false, err
	}
	cases, err := in.store.CasesByNumber(ctx, drawn.Numbers())
	if err != nil {
		return false, err
	}
	scores := demoScores(cases)
	if err := put(dir, scoresFile, scores); err != nil {
		return false, err
	}
	row, err := resultOf(dir, resultOptions{
		assessor: demo.PanelBody, method: demo.PanelMethod, issued: r.Cutoff.String(),
		scores: filepath.Join(dir, scoresFile), scale: string(record.Five), rubric: filepath.Join(dir, rubricFile),
	})
	if err != nil {
		return false, err
	}
	city.say("a sample for a made-up panel, %d of %s, is in %s", r.Drawn, plural(r.Cases, "case"), dir)
	if err := put(filepath.Join(root, "inbox"), result, row.csv()); err != nil {
		return false, err
	}
	return true, put(dir, result, row.csv())
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
