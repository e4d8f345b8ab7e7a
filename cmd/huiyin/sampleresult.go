package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// resultOptions are the flags of sample result.
type resultOptions struct {
	id, assessor, method, issued, seed, scores, scale, rubric string
}

func newSampleResult(a *app) *cobra.Command {
	var o resultOptions
	c := &cobra.Command{
		Use:   "result DIR",
		Short: "Write the sample as one row of an assessment, to be delivered",
		Long: longHelp(`Print one CSV row, with its heading, of an assessment by a third party and the sample
behind it, for an input of kind assessment whose columns are called as their fields:
docs/mapping.md has its lines. With --json it is one line of JSON.

--scores and --rubric name the files that the panel worked with. The sample is first
drawn again from frame.csv and the seed, and the rubric must be the one of the
commitment.

  huiyin sample result samples/2026-11 --assessor 示例评估中心 --scores scores.csv \
    --rubric rubric.txt > assessment-2026-12-10.csv`, fault.ExitDamaged),
		Annotations: map[string]string{wants: "name the folder of a sample that was drawn"},
		Args:        cobra.ExactArgs(1),
		PreRunE:     noBlankFlags("id", "assessor", "method", "issued", "scores", "scale", "rubric", "seed-file"),
		RunE: func(_ *cobra.Command, args []string) error {
			if o.assessor == "" || o.scores == "" {
				return usage(fault.New("the assessor or the scores are missing", "name the body with --assessor and the file of the scores with --scores"))
			}
			row, err := resultOf(args[0], o)
			if err != nil {
				return err
			}
			body := row.csv()
			if a.json {
				body = row.json()
			}
			_, err = a.out.Write(body)
			return err
		},
	}
	f := c.Flags()
	f.StringVar(&o.id, "id", "", "identifier of the assessment; sample- and the period if none is given")
	f.StringVar(&o.assessor, "assessor", "", "the body that assesses")
	f.StringVar(&o.method, "method", "", "how it assesses, in words")
	f.StringVar(&o.issued, "issued", "", "`DAY` of the result, as 2026-12-10")
	f.StringVar(&o.scores, "scores", "", "`FILE` of the scores, as sample compare reads it")
	f.StringVar(&o.scale, "scale", string(record.Five), "five, three or points")
	f.StringVar(&o.rubric, "rubric", "", "`FILE` by which the panel judged")
	f.StringVar(&o.seed, "seed-file", "", "`FILE` that holds the seed; seed.txt in DIR if none is given")
	return c
}

// resultRow is a row of an assessment: names of fields and their values, in order.
type resultRow [][2]string

// resultOf makes the row of the sample in dir. What the gate would set aside is an error
// here already, where it can be put right.
func resultOf(dir string, o resultOptions) (resultRow, error) {
	if o.seed == "" {
		o.seed = filepath.Join(dir, seedFile)
	}
	c, drawn, err := drawnIn(dir, o.seed)
	if err != nil {
		return nil, err
	}
	if c.Scope.Dim == record.ByChannel {
		return nil, fault.New("this sample is of a channel, and an assessment is of a unit, an area or the whole site", "such a sample cannot be delivered")
	}
	seed, err := readSeed(o.seed)
	if err != nil {
		return nil, err
	}
	file, err := take(filepath.Join(dir, frameFile), "huiyin sample draw makes it")
	if err != nil {
		return nil, err
	}
	frame, err := sample.ReadFrame(file)
	if err != nil {
		return nil, err
	}
	rubric, err := rubricOf(c, o.rubric)
	if err != nil {
		return nil, err
	}
	if file, err = take(o.scores, "name a CSV file with the columns number, category and level"); err != nil {
		return nil, err
	}
	scores, err := sample.ReadScores(file)
	if err != nil {
		return nil, err
	}
	if err := c.Knows(scores); err != nil {
		return nil, err
	}
	if _, err := sample.Compare(record.RatingScale(o.scale), drawn, scores, nil); err != nil {
		return nil, err
	}
	var issued record.Day
	if o.issued != "" {
		if issued, err = record.ParseDay(o.issued); err != nil {
			return nil, usage(err)
		}
	}
	if o.id == "" {
		o.id = "sample-" + strings.ReplaceAll(string(c.Period), "/", "-")
	}
	var numbers, panel, judged []string
	for _, n := range drawn.Numbers() {
		numbers = append(numbers, string(n))
	}
	for _, p := range c.Panel {
		panel = append(panel, p.Name+"="+strconv.Itoa(p.Members))
	}
	for _, s := range scores {
		if s.Category == "" || len(c.Panel) == 0 || strings.Contains(s.Category, "|") {
			return nil, fault.New("a score is of no category of the panel that can be delivered", "name the panel in huiyin sample commit with --panel, without the sign |")
		}
		judged = append(judged, string(s.Number)+" "+strconv.Itoa(int(s.Level))+" "+s.Category)
	}
	slices.Sort(judged)
	unit, area := "", ""
	switch c.Scope.Dim {
	case record.ByUnit:
		unit = c.Scope.ID
	case record.ByArea:
		area = c.Scope.ID
	}
	rubricHash := ""
	if c.Rubric != nil {
		rubricHash = c.Rubric.SHA256
	}
	return resultRow{
		{"id", o.id}, {source.FieldUnit, unit}, {source.FieldArea, area}, {source.FieldPeriod, string(c.Period)}, {source.FieldAssessor, o.assessor},
		{source.FieldMethod, o.method}, {source.FieldThirdParty, "yes"}, {source.FieldIssued, issued.String()},
		{source.FieldSampleCases, string(c.Cases)}, {source.FieldSampleBy, string(c.By)}, {source.FieldCommitted, c.Day.String()},
		{source.FieldSeedHash, c.SeedSHA256}, {source.FieldSeed, string(seed)}, {source.FieldFrame, strconv.Itoa(frame.Len())}, {source.FieldFrameHash, frame.SHA256()},
		{source.FieldDrawn, strings.Join(numbers, "|")}, {source.FieldPanel, strings.Join(panel, "|")}, {source.FieldRubric, rubric}, {source.FieldRubricHash, rubricHash},
		{source.FieldRatingScale, o.scale}, {source.FieldPanelScores, strings.Join(judged, "|")},
	}, nil
}

// rubricOf reads the rubric, which must be the one of the commitment.
func rubricOf(c *sample.Commitment, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	file, err := take(path, "name the file by which the panel judged")
	if err != nil {
		return "", err
	}
	if c.Rubric == nil || sample.NewRubric("", file).SHA256 != c.Rubric.SHA256 {
		return "", fault.New("this is not the rubric of the commitment", "its SHA-256 must be the one that was published")
	}
	if !utf8.Valid(file) || bytes.ContainsRune(file, 0) {
		return "", fault.New("the rubric is no text in UTF-8, which alone can stand in a row", "leave --rubric out, so that the hash alone is delivered, and publish the file elsewhere")
	}
	return strings.TrimPrefix(string(file), "\ufeff"), nil
}

// csv returns the heading and the row.
func (r resultRow) csv() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	var names, values []string
	for _, f := range r {
		names, values = append(names, f[0]), append(values, f[1])
	}
	_ = w.WriteAll([][]string{names, values})
	return b.Bytes()
}

// json returns the row as one line of JSON, without what is empty.
func (r resultRow) json() []byte {
	values := map[string]string{}
	for _, f := range r {
		if f[1] != "" {
			values[f[0]] = f[1]
		}
	}
	b, err := json.Marshal(values)
	if err != nil {
		panic("sample: a result does not marshal: " + err.Error())
	}
	return append(b, '\n')
}
