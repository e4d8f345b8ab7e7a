package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/assess/substance"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/durable"
)

// The files of a sample of replies, in its folder beside the frame and the seed.
const (
	repliesFile = "replies.json" // what was drawn from
	sheetFile   = "sheet.csv"    // to be filled in
)

// says is the stratum of the replies that no rule flags.
const says = "says-something"

// repliesDraw is what a sample of replies was drawn from.
type repliesDraw struct {
	Rules   int           `json:"rules"`   // version of the rules
	Release int           `json:"release"` // whose replies were drawn from
	Period  record.Period `json:"period"`  // of receipt
	Cutoff  record.Day    `json:"cutoff"`
	N       int           `json:"n"` // of the flagged, and of the others, where there are so many
}

// repliesDrawn is what replies draw did.
type repliesDrawn struct {
	Folder string `json:"folder"`
	repliesDraw
	Flagged int `json:"flagged"` // in the frame
	Others  int `json:"others"`
	Drawn   int `json:"drawn"`
}

// repliesJudged is what replies judge has read.
type repliesJudged struct {
	Folder string      `json:"folder"`
	Blank  int         `json:"blank"`                       // drawn and not judged
	Right  record.Rate `json:"right"`                       // of the flagged, those that say nothing
	Missed record.Rate `json:"missed"`                      // of the others, those that do too
	Asked  bool        `json:"publication_asked,omitempty"` // of huiyin run
}

func newReplies(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "replies",
		Short: "Check by reading how far the rules on replies without substance are right",
		Long: longHelp(`Replies that say nothing of what was found or done are flagged by rules of wording.
draw draws some of the flagged replies and as many of the others, for a person to read
without knowing which is which; judge reads what the person says of them. The site shows
how often the rules are right, as far as they were judged. docs/assessment.md has more.`),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newRepliesDraw(a), newRepliesJudge(a))
	for _, sub := range c.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return c
}

func newRepliesDraw(a *app) *cobra.Command {
	var n int
	var seed string
	c := &cobra.Command{
		Use:   "draw DIR",
		Short: "Draw replies to be read",
		Long: longHelp(`Draw replies of the last twelve months and write into DIR: sheet.csv, with a line for each
reply drawn, in an order that does not tell which are flagged; frame.csv, what was drawn
from, with the rules; replies.json and seed.txt. Read each reply on its page, and write
yes into the column empty when it says nothing of what was found or done, and no when it
does. Leave it blank when you cannot tell. The same seed gives the same sheet, as long as
the replies are the same. A folder that holds a sample already is refused.

  huiyin replies draw samples/replies-2026 -n 60`, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing),
		Annotations: map[string]string{wants: "name a folder for the files of this sample"},
		Args:        cobra.ExactArgs(1),
		PreRunE:     noBlankFlags("seed-file"),
		RunE: func(c *cobra.Command, args []string) error {
			if n < 1 {
				return usage(fault.New("a sample has at least one reply", "say how many with -n"))
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			var r repliesDrawn
			err = in.lockedFree(c.Context(), func() (err error) {
				r, err = in.drawReplies(c.Context(), args[0], seed, n)
				return err
			})
			if err != nil {
				return err
			}
			a.say("drawn: %d replies, from %d flagged and %d others of release %d", r.Drawn, r.Flagged, r.Others, r.Release)
			a.say("next: fill in the column empty of %s, and run huiyin replies judge %s", filepath.Join(r.Folder, sheetFile), r.Folder)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().IntVarP(&n, "number", "n", 60, "how many of the flagged replies to draw, and of the others")
	c.Flags().StringVar(&seed, "seed-file", "", "`FILE` that holds a seed; a new one is made if none is given")
	return c
}

// drawReplies draws n flagged replies and n others.
func (in *installation) drawReplies(ctx context.Context, dir, seedPath string, n int) (r repliesDrawn, err error) {
	r.Folder, r.Rules, r.N = dir, substance.Version, n
	if r.Release, r.Cutoff, err = in.allPublished(ctx); err != nil {
		return r, err
	}
	r.Period = record.RollingPeriod(r.Cutoff.Month())
	var seed sample.Seed
	if seedPath != "" {
		seed, err = readSeed(seedPath)
	} else {
		seed, err = newSeed(in.a.rand)
	}
	if err != nil {
		return r, err
	}
	frame, err := in.repliesFrame(ctx, r.Period, r.Cutoff)
	if err != nil {
		return r, err
	}
	drawn, flagged, err := drawnReplies(frame, seed, n)
	if err != nil {
		return r, err
	}
	r.Flagged, r.Others, r.Drawn = flagged, frame.Len()-flagged, len(drawn)
	if err := durable.MkdirAll(durable.OS{}, dir); err != nil {
		return r, fault.Wrap(err, "the folder cannot be made: "+dir, "check the disk and the rights")
	}
	if err := absent(dir, repliesFile, frameFile, sheetFile); err != nil {
		return r, err
	}
	if seedPath != filepath.Join(dir, seedFile) {
		if err := absent(dir, seedFile); err != nil {
			return r, err
		}
		if err := writeSeed(filepath.Join(dir, seedFile), seed); err != nil {
			return r, fault.Wrap(err, "the seed cannot be written: "+filepath.Join(dir, seedFile), "check the disk and the rights")
		}
	}
	about, err := json.MarshalIndent(r.repliesDraw, "", "  ")
	if err != nil {
		return r, err
	}
	var sheet bytes.Buffer
	w := csv.NewWriter(&sheet)
	w.UseCRLF = true
	lines := [][]string{{"number", "page", "empty"}}
	for _, d := range drawn {
		lines = append(lines, []string{string(d.Number), record.CasePath(d.Number), ""})
	}
	if err := w.WriteAll(lines); err != nil {
		return r, err
	}
	act := in.act("replies draw", "", "")
	act.Target, act.Before, act.After = numbered(len(drawn), "reply", "replies")+" of release "+strconv.Itoa(r.Release), frame.SHA256(), sumOf(sheet.Bytes())
	if err := in.audited(ctx, act); err != nil {
		return r, err
	}
	return r, errors.Join(put(dir, frameFile, frame.CSV()), put(dir, repliesFile, append(about, '\n')), put(dir, sheetFile, sheet.Bytes()))
}

// repliesFrame lists the published replies of a period by the rule that flags them.
func (in *installation) repliesFrame(ctx context.Context, period record.Period, cutoff record.Day) (*sample.Frame, error) {
	first, last, _ := period.Bounds()
	var numbers []record.CaseNumber
	for f, err := range in.store.Facts(ctx) {
		if err != nil {
			return nil, err
		}
		if f.Prominence == record.Full && f.Answered == record.Yes && f.Status != record.Merged && f.Received >= first && f.Received <= min(last, cutoff) {
			numbers = append(numbers, f.Number)
		}
	}
	var items []sample.Item
	for part := range slices.Chunk(numbers, 500) {
		cases, err := in.store.CasesByNumber(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			if c.Reply.Text == "" {
				continue
			}
			item := sample.Item{Number: c.Number, Stratum: says}
			if rule := substance.Of(c.Reply.Text); rule != substance.None {
				item.Stratum = string(rule)
			}
			items = append(items, item)
		}
	}
	if len(items) == 0 {
		return nil, fault.Coded(fault.ExitNothing, "there is no published reply with a text in the last twelve months", "", nil)
	}
	return sample.NewFrame(items)
}

// drawnReplies draws n of the flagged replies of a frame and n of the others, or all
// where there are fewer, in the order of their keys, which does not tell them apart. It
// returns how many of the frame are flagged, too.
func drawnReplies(frame *sample.Frame, seed sample.Seed, n int) (drawn []sample.Chosen, flagged int, err error) {
	for _, flag := range []bool{true, false} {
		var items []sample.Item
		rules := map[record.CaseNumber]string{}
		for item := range frame.Items() {
			if (item.Stratum != says) == flag {
				items = append(items, sample.Item{Number: item.Number})
				rules[item.Number] = item.Stratum
			}
		}
		if flag {
			flagged = len(items)
		}
		if len(items) == 0 {
			continue
		}
		part, err := sample.NewFrame(items)
		if err != nil {
			return nil, 0, err
		}
		s, err := sample.Draw(part, seed, min(n, part.Len()))
		if err != nil {
			return nil, 0, err
		}
		for _, c := range s.Cases {
			c.Stratum = rules[c.Number]
			drawn = append(drawn, c)
		}
	}
	slices.SortFunc(drawn, func(a, b sample.Chosen) int { return bytes.Compare(a.Key[:], b.Key[:]) })
	return drawn, flagged, nil
}

func newRepliesJudge(a *app) *cobra.Command {
	var sheet, seed, by string
	c := &cobra.Command{
		Use:   "judge DIR",
		Short: "Read what a person says of the replies that were drawn",
		Long: longHelp(`Read sheet.csv in DIR as a person has filled it in, keep what it says of each reply,
and tell how often the rules are right. The site shows it from the next publish on. The
sample is first drawn again from frame.csv and the seed, and nothing else is taken. What
was judged of other rules than those of this program says nothing of them and is refused.

The sheet may be corrected and judged again: what it says now counts, and of a reply
that is blank now nothing is kept. Samples of several folders are added up. Who has judged
stands in the audit, as stated.

  huiyin replies judge samples/replies-2026`, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace),
		Annotations: map[string]string{wants: "name the folder of a sample of replies"},
		Args:        cobra.ExactArgs(1),
		PreRunE:     noBlankFlags("sheet", "seed-file", "by"),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if sheet == "" {
				sheet = filepath.Join(args[0], sheetFile)
			}
			if seed == "" {
				seed = filepath.Join(args[0], seedFile)
			}
			var r repliesJudged
			err = in.lockedFree(c.Context(), func() (err error) {
				r, err = in.judgeReplies(c.Context(), args[0], sheet, seed, by)
				return err
			})
			if err != nil {
				return err
			}
			r.Asked = in.askPublication(c.Context(), scopeOf(), a.who(by))
			a.say("of the flagged replies, without substance: %s", judgedText(r.Right))
			a.say("of the others, without substance: %s", judgedText(r.Missed))
			if r.Blank > 0 {
				a.say("not judged: %d", r.Blank)
			}
			a.sayNext(r.Asked, "the pages that say how often the rules are right")
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever has judged; recorded as stated, in place of the account")
	c.Flags().StringVar(&sheet, "sheet", "", "`FILE` that was filled in; sheet.csv in DIR if none is given")
	c.Flags().StringVar(&seed, "seed-file", "", "`FILE` that holds the seed; seed.txt in DIR if none is given")
	return c
}

// judgedText writes a share of a sample.
func judgedText(r record.Rate) string {
	i, ok := assess.Wilson(r)
	if !ok {
		return "none was judged"
	}
	return fmt.Sprintf("%d of %d (%s %%; 95 %% interval %s to %s %%)", r.Num, r.Den, r.Percent(2), i.Low, i.High)
}

// judgeReplies keeps what a sheet says of the replies that were drawn.
func (in *installation) judgeReplies(ctx context.Context, dir, sheetPath, seedPath, by string) (r repliesJudged, err error) {
	r.Folder = dir
	const first = "huiyin replies draw makes it"
	file, err := take(filepath.Join(dir, repliesFile), first)
	if err != nil {
		return r, err
	}
	var about repliesDraw
	if err := json.Unmarshal(file, &about); err != nil {
		return r, fault.Wrap(err, "what the replies were drawn from cannot be read", "take replies.json as huiyin replies draw wrote it")
	}
	if about.Rules != substance.Version {
		return r, fault.New(fmt.Sprintf("this sample is of rules of version %d, and the program has version %d", about.Rules, substance.Version), "draw a new one")
	}
	seed, err := readSeed(seedPath)
	if err != nil {
		return r, err
	}
	if file, err = take(filepath.Join(dir, frameFile), first); err != nil {
		return r, err
	}
	frame, err := sample.ReadFrame(file)
	if err != nil {
		return r, err
	}
	for item := range frame.Items() {
		if item.Stratum != says && !slices.ContainsFunc(substance.Rules(), func(rule substance.About) bool { return string(rule.ID) == item.Stratum }) {
			return r, fault.New("the frame names something else than a rule: case "+string(item.Number), "take frame.csv as huiyin replies draw wrote it")
		}
	}
	drawn, _, err := drawnReplies(frame, seed, about.N)
	if err != nil {
		return r, err
	}
	open, err := os.Open(sheetPath)
	if err != nil {
		return r, fault.Wrap(err, "the sheet cannot be read: "+sheetPath, "name the file that was filled in with --sheet")
	}
	defer open.Close()
	said, err := readSheet(open)
	if err != nil {
		return r, err
	}
	var all, blank []record.Judged
	for _, d := range drawn {
		empty, ok := said[d.Number]
		delete(said, d.Number)
		j := record.Judged{Number: d.Number, Version: about.Rules, Empty: empty}
		if !ok {
			r.Blank++
			blank = append(blank, j)
			continue
		}
		rate := &r.Missed
		if d.Stratum != says {
			j.Rule, rate = d.Stratum, &r.Right
		}
		rate.Den++
		if empty {
			rate.Num++
		}
		all = append(all, j)
	}
	if len(said) > 0 {
		return r, fault.New("a reply was judged that was not drawn", "take the sheet of this folder, and judge those on it")
	}
	act := in.act("replies judge", by, "")
	act.Target = fmt.Sprintf("%s judged, %d blank", numbered(len(all), "reply", "replies"), len(blank))
	return r, in.store.SaveJudged(ctx, act, all, blank...)
}

// readSheet reads what a person says of replies: the columns number and empty, which is
// yes, no, or blank where nothing is said. Lines without any text are passed over, as
// spreadsheets write them below a table.
func readSheet(r io.Reader) (map[record.CaseNumber]bool, error) {
	const hint = "it has the columns number and empty, and yes, no or nothing in empty; save it as CSV in UTF-8"
	sheet := csv.NewReader(r)
	broken := func(err error) error {
		var at *csv.ParseError
		if errors.As(err, &at) {
			return fault.Wrap(err, fmt.Sprintf("the sheet is no CSV file: line %d cannot be read", at.Line), hint)
		}
		return fault.Wrap(err, "the sheet cannot be read", "check the disk and the rights")
	}
	head, err := sheet.Read()
	if err == io.EOF {
		return nil, fault.New("the sheet is empty", hint)
	}
	if err != nil {
		return nil, broken(err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff") // as spreadsheets save it
	number, empty := slices.Index(head, "number"), slices.Index(head, "empty")
	if number < 0 || empty < 0 {
		return nil, fault.New("the sheet lacks a column", hint)
	}
	said := map[record.CaseNumber]bool{}
	for {
		cells, err := sheet.Read()
		if err == io.EOF {
			return said, nil
		}
		if err != nil {
			return nil, broken(err)
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		line, _ := sheet.FieldPos(0)
		n, err := record.ParseCaseNumber(strings.TrimSpace(cells[number]))
		if err != nil {
			return nil, fault.Wrap(err, fmt.Sprintf("line %d of the sheet has no case number", line), hint)
		}
		word := strings.ToLower(strings.TrimSpace(cells[empty]))
		if word == "" {
			continue
		}
		if _, twice := said[n]; twice || word != "yes" && word != "no" {
			return nil, fault.New(fmt.Sprintf("line %d of the sheet cannot be used: it says something else than yes or no, or judges a case again", line), hint)
		}
		said[n] = word == "yes"
	}
}
