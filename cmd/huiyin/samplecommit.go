package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/durable"
)

// commitOptions are the flags of sample commit.
type commitOptions struct {
	period, scope, cases, by, hash, rubric, cutoff string
	n                                              int
	panel                                          []string
}

// commitResult is what sample commit made.
type commitResult struct {
	Folder     string             `json:"folder"`
	Seed       string             `json:"seed,omitempty"` // the file of the seed, where one was made
	Commitment *sample.Commitment `json:"commitment"`
}

func newSampleCommit(a *app) *cobra.Command {
	var o commitOptions
	c := &cobra.Command{
		Use:   "commit DIR",
		Short: "Say what will be drawn, before the period is over",
		Long: longHelp(`Write into DIR what will be drawn: commitment.json, and the same in words in
commitment.zh.md and commitment.en.md. Publish them before the last day of the
period is over. They hold the hash of a seed, not the seed.

The body that assesses should make the seed, 32 to 128 letters, digits or signs,
and give you its SHA-256 for --seed-sha256: who knows the seed can tell which numbers
will be drawn. Without that flag a seed is made and written to seed.txt, for you to
hand over and to keep secret until the draw.

  huiyin sample commit samples/2026-11 --period 2026-11 --scope unit/chengguan -n 100 \
    --by kind --panel 居民=5 --rubric rubric.txt --seed-sha256 HASH`, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace),
		Annotations: map[string]string{wants: "name a folder for the files of this sample"},
		Args:        cobra.ExactArgs(1),
		PreRunE:     noBlankFlags("period", "scope", "cases", "cutoff", "by", "rubric", "seed-sha256"),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.commitSample(c.Context(), args[0], o)
			if err != nil {
				return err
			}
			a.say("committed on %s to draw %s on a seed of SHA-256 %s", r.Commitment.Day, plural(r.Commitment.N, "case"), r.Commitment.SeedSHA256)
			if r.Seed != "" {
				a.say("seed in %s: hand it to the body that assesses, and keep it secret until the draw", r.Seed)
			}
			a.say("next: publish %s by %s, and run huiyin sample draw at once after the first publish with data up to %s", filepath.Join(r.Folder, commitmentFile), r.Commitment.End(), r.Commitment.Cutoff)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&o.period, "period", "", "period of receipt: 2026-11, 2026, or twelve months as 2026-11/12")
	f.StringVar(&o.scope, "scope", "all", "all, unit/ID, area/ID or channel/ID")
	f.StringVar(&o.cases, "cases", string(sample.Full), "full: cases published in full; rows: every public row")
	f.StringVar(&o.cutoff, "cutoff", "", "draw from the first release with data up to this `DAY`, as 2026-12-10; the last day of the period if none is given")
	f.StringVar(&o.by, "by", "", "divide the frame by unit or kind, and draw from each part in proportion")
	f.IntVarP(&o.n, "number", "n", 0, "how many cases to draw")
	f.StringArrayVar(&o.panel, "panel", nil, "a category of the panel and its members, as `NAME=NUMBER`; may be repeated")
	f.StringVar(&o.rubric, "rubric", "", "`FILE` by which the panel judges; its hash is kept")
	f.StringVar(&o.hash, "seed-sha256", "", "SHA-256 of the seed, where another body has made it")
	return c
}

// commitSample writes the files of a commitment of today.
func (in *installation) commitSample(ctx context.Context, dir string, o commitOptions) (r commitResult, err error) {
	r.Folder = dir
	c := &sample.Commitment{Version: 1, Day: record.DayOf(in.a.now()), SeedSHA256: strings.ToLower(o.hash), Spec: sample.Spec{
		Period: record.Period(o.period), Cases: sample.Cases(o.cases), By: sample.By(o.by), N: o.n,
	}}
	if c.Cutoff = c.End(); o.cutoff != "" {
		if c.Cutoff, err = record.ParseDay(o.cutoff); err != nil {
			return r, usage(err)
		}
	}
	dim, id, _ := strings.Cut(o.scope, "/")
	c.Scope = record.Scope{Dim: record.Dimension(dim), ID: id}
	if c.Panel, err = panelOf(o.panel); err != nil {
		return r, usage(err)
	}
	if o.rubric != "" {
		body, err := take(o.rubric, "name the file by which the panel judges")
		if err != nil {
			return r, err
		}
		c.Rubric = sample.NewRubric(filepath.Base(o.rubric), body)
	}
	var seed sample.Seed
	if o.hash == "" {
		if seed, err = newSeed(in.a.rand); err != nil {
			return r, err
		}
		c.SeedSHA256 = seed.SHA256()
	}
	if err := c.Check(); err != nil {
		return r, usage(err)
	}
	register, err := in.store.Register(ctx)
	if err != nil {
		return r, err
	}
	if !registered(&register, c.Scope) {
		return r, usage(fault.New("there is no "+c.Scope.String()+" in the registers", "data/units.csv, areas.csv and channels.csv of the site list what there is"))
	}
	if err := durable.MkdirAll(durable.OS{}, dir); err != nil {
		return r, fault.Wrap(err, "the folder cannot be made: "+dir, "check the disk and the rights")
	}
	if err := absent(dir, commitmentFile, seedFile, frameFile, sampledFile); err != nil {
		return r, err
	}
	act := in.act("sample commit", "", "")
	act.Target, act.After = fmt.Sprintf("sample of %s, %s", c.Period, c.Scope), sumOf(c.JSON())
	if err := in.audited(ctx, act); err != nil {
		return r, err
	}
	if seed != "" {
		r.Seed = filepath.Join(dir, seedFile)
		if err := writeSeed(r.Seed, seed); err != nil {
			return r, fault.Wrap(err, "the seed cannot be written: "+r.Seed, "check the disk and the rights, and use another folder")
		}
	}
	for _, lang := range []string{"zh", "en"} {
		if err := put(dir, "commitment."+lang+".md", []byte(c.Promise(lang))); err != nil {
			return r, err
		}
	}
	r.Commitment = c
	return r, put(dir, commitmentFile, c.JSON())
}

// panelOf reads categories of a panel, each as NAME=NUMBER.
func panelOf(flags []string) (panel []sample.Category, err error) {
	for _, flag := range flags {
		name, number, ok := strings.Cut(flag, "=")
		n, err := strconv.Atoi(number)
		if !ok || err != nil {
			return nil, fault.New("a category of the panel cannot be read", "write it as NAME=NUMBER, such as 居民=5")
		}
		panel = append(panel, sample.Category{Name: name, Members: n})
	}
	return panel, nil
}

// registered reports whether the registers have the unit, area or channel of a scope.
func registered(r *record.Register, s record.Scope) bool {
	switch s.Dim {
	case record.ByUnit:
		return slices.ContainsFunc(r.Units, func(u record.Unit) bool { return string(u.ID) == s.ID })
	case record.ByArea:
		return slices.ContainsFunc(r.Areas, func(a record.Area) bool { return string(a.Code) == s.ID })
	case record.ByChannel:
		return slices.ContainsFunc(r.Channels, func(c record.Channel) bool { return string(c.ID) == s.ID })
	}
	return true
}

// newSeed makes a seed of 32 random bytes in hexadecimal.
func newSeed(from io.Reader) (sample.Seed, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(from, b); err != nil {
		return "", err
	}
	return sample.ParseSeed(hex.EncodeToString(b))
}

// writeSeed writes a seed into a new file that its owner alone can read.
func writeSeed(path string, seed sample.Seed) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(string(seed) + "\n")
	return errors.Join(err, f.Sync(), f.Close(), durable.OS{}.Sync(filepath.Dir(path)))
}
