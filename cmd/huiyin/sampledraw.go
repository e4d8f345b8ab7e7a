package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// drawResult is what sample draw drew.
type drawResult struct {
	Folder  string           `json:"folder"`
	Release int              `json:"release"` // whose public rows were drawn from
	Cutoff  record.Day       `json:"cutoff"`
	First   int              `json:"first_release"` // the first with data up to the cut-off of the commitment
	Seed    sample.Seed      `json:"seed"`
	Frame   string           `json:"frame_sha256"`
	Cases   int              `json:"frame"`
	Left    sample.Left      `json:"left"`
	Drawn   int              `json:"drawn"`
	Strata  []sample.Stratum `json:"strata"`
}

func newSampleDraw(a *app) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "draw DIR",
		Short: "Draw what was committed to, once the period is over",
		Long: longHelp(`Draw the sample that commitment.json in DIR says, from the public rows of the current
release, and write into DIR: frame.csv, the cases that could be drawn; sample.csv,
those drawn; and statement.zh.md and statement.en.md, which say how, and show the seed.

Nothing is drawn when the seed is not the one of the commitment, when the commitment
was made after the period, while the period is not over, or while something received is
not published. A second draw gives the same files; where the public rows have changed
since, it is refused, and what was drawn first stands. Where the current release is not
the first with data up to the cut-off of the commitment, the statements say so.

  huiyin sample draw samples/2026-11 --seed-file seed.txt`, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing),
		Annotations: map[string]string{wants: "name the folder of a commitment"},
		Args:        cobra.ExactArgs(1),
		PreRunE:     noBlankFlags("seed-file"),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if file == "" {
				file = filepath.Join(args[0], seedFile)
			}
			var r drawResult
			err = in.lockedFree(c.Context(), func() (err error) {
				r, err = in.drawSample(c.Context(), args[0], file)
				return err
			})
			if err != nil {
				return err
			}
			a.say("drawn: %d of %s of release %d, data up to %s; SHA-256 of the frame: %s", r.Drawn, plural(r.Cases, "case"), r.Release, r.Cutoff, r.Frame)
			if r.First != r.Release {
				a.say("the commitment names an earlier release, %d; the statements say that this draw was made later", r.First)
			}
			for _, s := range r.Strata {
				switch s.Size {
				case sample.None:
					a.say("stratum %q: none of %s drawn; the sample says nothing about it", s.ID, plural(s.Cases, "case"))
				case sample.Few:
					if len(r.Strata) > 1 {
						a.say("stratum %q: %d of %s drawn, fewer than 30; the sample says little about it alone", s.ID, s.Drawn, plural(s.Cases, "case"))
					}
				}
			}
			a.say("next: publish %s with its statement; the seed is secret no longer", filepath.Join(r.Folder, sampledFile))
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().StringVar(&file, "seed-file", "", "`FILE` that holds the seed; seed.txt in DIR if none is given")
	return c
}

// drawSample draws what the commitment in dir says.
func (in *installation) drawSample(ctx context.Context, dir, seedPath string) (r drawResult, err error) {
	r.Folder = dir
	file, err := take(filepath.Join(dir, commitmentFile), "huiyin sample commit makes it, before the period is over")
	if err != nil {
		return r, err
	}
	c, err := sample.ParseCommitment(file)
	if err != nil {
		return r, err
	}
	if r.Seed, err = readSeed(seedPath); err != nil {
		return r, err
	}
	if err := c.Opens(r.Seed); err != nil {
		return r, err
	}
	if r.Release, r.Cutoff, err = in.allPublished(ctx); err != nil {
		return r, err
	}
	if r.Cutoff < c.Cutoff {
		return r, fault.New(fmt.Sprintf("the data end on %s, and the sample is to be drawn from data up to %s", r.Cutoff, c.Cutoff), "draw after that day, when its cases are received and published")
	}
	origin, err := in.origin(ctx, c, r.Release, r.Cutoff)
	if err != nil {
		return r, err
	}
	r.First = origin.First
	frame, left, err := in.frame(ctx, c)
	if err != nil {
		return r, err
	}
	drawn, err := sample.Draw(frame, r.Seed, c.N)
	if err != nil {
		return r, err
	}
	r.Frame, r.Cases, r.Left, r.Drawn, r.Strata = frame.SHA256(), frame.Len(), left, len(drawn.Cases), drawn.Strata
	type part struct {
		name string
		body []byte
	}
	files := []part{{frameFile, frame.CSV()}, {sampledFile, drawn.CSV()}}
	for _, f := range files {
		if err := sameOrAbsent(filepath.Join(dir, f.name), f.body); err != nil {
			return r, err
		}
	}
	// The sample comes last: where it is, everything is, and the statements of the first draw
	// stand, which name its release.
	if _, err := os.Stat(filepath.Join(dir, sampledFile)); err == nil {
		return r, nil
	}
	act := in.act("sample draw", "", "")
	act.Target, act.Before, act.After = fmt.Sprintf("sample of %s, %s", c.Period, c.Scope), r.Frame, sumOf(files[1].body)
	if err := in.audited(ctx, act); err != nil {
		return r, err
	}
	for _, f := range []part{files[0],
		{"statement.zh.md", []byte(c.Statement("zh", r.Seed, origin, frame, left, drawn))},
		{"statement.en.md", []byte(c.Statement("en", r.Seed, origin, frame, left, drawn))}, files[1]} {
		if err := put(dir, f.name, f.body); err != nil {
			return r, err
		}
	}
	return r, nil
}

// origin finds the first release with data up to the cut-off of a commitment.
func (in *installation) origin(ctx context.Context, c *sample.Commitment, release int, cutoff record.Day) (sample.Origin, error) {
	o := sample.Origin{Release: release, Cutoff: cutoff, First: release, FirstCutoff: cutoff}
	published, err := in.store.Publishes(ctx)
	for _, p := range published {
		if p.Cutoff >= c.Cutoff && p.Release < o.First {
			o.First, o.FirstCutoff = p.Release, p.Cutoff
		}
	}
	return o, err
}

// allPublished returns the current release and its cut-off, or says that there is none or
// that something in the store is not in it: a sample is drawn from what everybody can see.
func (in *installation) allPublished(ctx context.Context) (release int, cutoff record.Day, err error) {
	if release, err = in.releases.CurrentNumber(); err != nil {
		return 0, 0, err
	}
	if release == 0 {
		return 0, 0, fault.Coded(fault.ExitNothing, "there is nothing published yet", "run huiyin publish first", nil)
	}
	published, err := in.store.Publishes(ctx)
	if err != nil {
		return 0, 0, err
	}
	latest, err := in.store.LastBatch(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, p := range published {
		if p.Release == release && p.Batch == latest {
			return release, p.Cutoff, nil
		}
	}
	return 0, 0, fault.New("something that was received is not published", "run huiyin publish first: a sample is drawn from what everybody can see")
}

// frame makes the frame of a commitment from the public rows.
func (in *installation) frame(ctx context.Context, c *sample.Commitment) (*sample.Frame, sample.Left, error) {
	register, err := in.store.Register(ctx)
	if err != nil {
		return nil, sample.Left{}, err
	}
	var broken error
	frame, left, err := c.Select(func(yield func(record.Fact) bool) {
		for f, err := range in.store.Facts(ctx) {
			if err != nil {
				broken = err
				return
			}
			if !yield(f) {
				return
			}
		}
	}, register.Areas)
	if broken != nil {
		return nil, left, broken
	}
	return frame, left, err
}

// sameOrAbsent says that a file is not there or holds body; a sample that was drawn is not
// drawn over.
func sameOrAbsent(path string, body []byte) error {
	old, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && bytes.Equal(old, body):
		return nil
	case err != nil:
		return fault.Wrap(err, "a file of the sample cannot be read: "+path, "check the disk and the rights")
	}
	return fault.New("this sample was drawn before, and "+filepath.Base(path)+" was another", "the first draw stands: the public rows have changed since, or the file was changed")
}
