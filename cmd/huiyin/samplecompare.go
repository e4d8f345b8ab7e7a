package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// agreementFile is the table of what a panel and citizens said of the same cases.
const agreementFile = "agreement.csv"

// compareResult is how a panel and citizens agree.
type compareResult struct {
	Folder     string              `json:"folder"`
	All        *sample.Agreement   `json:"all"`
	Categories []categoryAgreement `json:"categories"`
}

// categoryAgreement is the same for one category of the panel.
type categoryAgreement struct {
	Name string `json:"name"`
	*sample.Agreement
}

func newSampleCompare(a *app) *cobra.Command {
	var scores, seed, scale string
	c := &cobra.Command{
		Use:   "compare DIR",
		Short: "Compare the panel's scores with the citizens' ratings",
		Long: longHelp(`Compare the scores that a panel gave to the cases of a sample with the ratings that
citizens gave to the same cases, and write the table of both to agreement.csv in DIR.
--scores names a CSV file with the columns number, category and level, where level counts from 1, the
worst, on the scale of --scale. Cases that no citizen rated are counted apart.

The sample is first drawn again from frame.csv and the seed: scores of another sample
are compared with nothing.

  huiyin sample compare samples/2026-11 --scores scores.csv --scale five`, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing),
		Annotations: map[string]string{wants: "name the folder of a sample that was drawn"},
		Args:        cobra.ExactArgs(1),
		PreRunE:     noBlankFlags("scores", "scale", "seed-file"),
		RunE: func(c *cobra.Command, args []string) error {
			if scores == "" {
				return usage(fault.New("there are no scores", "name their file with --scores"))
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if seed == "" {
				seed = filepath.Join(args[0], seedFile)
			}
			r, err := in.compareSample(c.Context(), args[0], seed, scores, record.RatingScale(scale))
			if err != nil {
				return err
			}
			a.showAgreement("all", r.All)
			for _, each := range r.Categories {
				a.showAgreement(each.Name, each.Agreement)
			}
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().StringVar(&scores, "scores", "", "`FILE` of the scores")
	c.Flags().StringVar(&scale, "scale", string(record.Five), "five, three or points")
	c.Flags().StringVar(&seed, "seed-file", "", "`FILE` that holds the seed; seed.txt in DIR if none is given")
	return c
}

// showAgreement writes an agreement for a person: counts, and rates where there are any.
func (a *app) showAgreement(name string, g *sample.Agreement) {
	if name == "" {
		name = "-"
	}
	if g.Exact.Den == 0 {
		a.say("%s: nothing to compare; of %s no citizen rated, or on another scale", name, plural(int(g.Unrated+g.Other), "score"))
		return
	}
	a.say("%s: same level %d of %d (%s %%), same or next %d of %d (%s %%); not compared: %d not rated by citizens, %d rated on another scale",
		name, g.Exact.Num, g.Exact.Den, g.Exact.Percent(2), g.Adjacent.Num, g.Adjacent.Den, g.Adjacent.Percent(2), g.Unrated, g.Other)
}

// compareSample compares scores with the ratings that are published.
func (in *installation) compareSample(ctx context.Context, dir, seedPath, scoresPath string, scale record.RatingScale) (r compareResult, err error) {
	r = compareResult{Folder: dir, Categories: []categoryAgreement{}}
	c, drawn, err := drawnIn(dir, seedPath)
	if err != nil {
		return r, err
	}
	file, err := take(scoresPath, "name a CSV file with the columns number, category and level")
	if err != nil {
		return r, err
	}
	scores, err := sample.ReadScores(file)
	if err != nil {
		return r, err
	}
	if err := c.Knows(scores); err != nil {
		return r, err
	}
	if _, _, err := in.allPublished(ctx); err != nil {
		return r, err
	}
	cases, err := in.store.CasesByNumber(ctx, drawn.Numbers())
	if err != nil {
		return r, err
	}
	ratings := map[record.CaseNumber]record.Rating{}
	for _, c := range cases {
		ratings[c.Number] = c.Rating
	}
	if r.All, err = sample.Compare(scale, drawn, scores, ratings); err != nil {
		return r, err
	}
	names, each, err := sample.ByCategory(scale, drawn, scores, ratings)
	if err != nil {
		return r, err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	_ = w.Write([]string{"category", "citizens", "panel", "scores"})
	for i, name := range names {
		r.Categories = append(r.Categories, categoryAgreement{name, each[i]})
		for citizens, row := range each[i].Table {
			for panel, n := range row {
				_ = w.Write([]string{name, strconv.Itoa(citizens + 1), strconv.Itoa(panel + 1), strconv.FormatInt(n, 10)})
			}
		}
	}
	w.Flush()
	return r, put(dir, agreementFile, b.Bytes())
}

// drawnIn reads the sample in dir: it draws it again from the frame and the seed, and
// says when that is not what stands there.
func drawnIn(dir, seedPath string) (*sample.Commitment, *sample.Sample, error) {
	const first = "huiyin sample commit and draw make it"
	file, err := take(filepath.Join(dir, commitmentFile), first)
	if err != nil {
		return nil, nil, err
	}
	c, err := sample.ParseCommitment(file)
	if err != nil {
		return nil, nil, err
	}
	seed, err := readSeed(seedPath)
	if err != nil {
		return nil, nil, err
	}
	if err := c.Opens(seed); err != nil {
		return nil, nil, err
	}
	if file, err = take(filepath.Join(dir, frameFile), first); err != nil {
		return nil, nil, err
	}
	frame, err := sample.ReadFrame(file)
	if err != nil {
		return nil, nil, err
	}
	drawn, err := sample.Draw(frame, seed, c.N)
	if err != nil {
		return nil, nil, err
	}
	if file, err = take(filepath.Join(dir, sampledFile), first); err != nil {
		return nil, nil, err
	}
	if !bytes.Equal(file, drawn.CSV()) {
		return nil, nil, fault.New("this sample is not the one that the frame and the seed give", "take sample.csv and frame.csv as huiyin sample draw wrote them")
	}
	return c, drawn, nil
}
