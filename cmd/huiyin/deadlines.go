package main

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin"
	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// deadlinesResult is what deadlines lists.
type deadlinesResult struct {
	Rules []ruleLine `json:"rules"`
	Years []yearLine `json:"years"`
	Cases *dueCounts `json:"cases"` // of the store

	NoHolidays []generator.NoHolidays `json:"no_holidays,omitempty"` // years without a holiday notice that due days depend on
}

type ruleLine struct {
	ID       string             `json:"id"`
	Days     int                `json:"days"`
	Unit     deadline.DayUnit   `json:"unit"`
	Starts   deadline.Start     `json:"starts"`
	Roll     bool               `json:"roll"`
	Basis    string             `json:"basis"`
	Until    record.Day         `json:"until"`
	Applied  bool               `json:"applied"` // due days of cases are found by it
	Channels []record.ChannelID `json:"channels,omitempty"`
	Others   bool               `json:"others,omitempty"` // and of all channels that have no track of their own
}

type yearLine struct {
	Year   int    `json:"year"`
	Source string `json:"source"`
	Off    int    `json:"days_off"`
	Worked int    `json:"weekend_days_worked"`
}

// dueCounts is how the cases of the store come to their due days.
type dueCounts struct {
	All       int            `json:"all"`
	Delivered int            `json:"delivered"`
	Computed  int            `json:"computed"`
	Unknown   map[string]int `json:"unknown"` // by the reason, and for a missing year with it

	NoChannels []record.ChannelID `json:"no_channels,omitempty"` // that have a track, and through which no case came
}

// dueResult is one due day and how it was found.
type dueResult struct {
	Number record.CaseNumber `json:"number,omitempty"`
	Basis  string            `json:"basis"` // delivered, a rule, or unknown
	Due    record.Day        `json:"due"`
	Zh     string            `json:"zh"`
	En     string            `json:"en"`
}

func newDeadlines(a *app) *cobra.Command {
	var step string
	var extended int
	c := &cobra.Command{
		Use:   "deadlines [NUMBER | TRACK DAY]",
		Short: "Show the rules and holidays of due days, and how one is found",
		Long: longHelp(`Read the rules and holiday notices that the section deadlines of the configuration
names, and list them, with the channels for which each rule holds and how many cases of
the store have a due day that was delivered, one that was computed, or none, and why.

With the public number of a case, say how its due day was found, as its page does. With
a track and the day on which the clock starts, such as hotline 2026-09-28, find the day
for anything: --step names another step than concluding or answering, --extended the
days by which the period is extended.

  huiyin deadlines 2609-000017
  huiyin deadlines hotline 2026-09-28 --extended 5

Nothing is written: use this command to look at the files before you publish.`, fault.ExitConfig, fault.ExitDamaged),
		Annotations: map[string]string{wants: "name a case, such as 2611-004217, or a track and a day, such as hotline 2026-09-28, or nothing"},
		Args:        cobra.MaximumNArgs(2),
		PreRunE:     noBlankFlags("step"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) < 2 && (step != "" || extended != 0) {
				return usage(fault.New("--step and --extended are for a track and a day", "write huiyin deadlines TRACK DAY"))
			}
			switch len(args) {
			case 0:
				return a.listDeadlines(c.Context())
			case 1:
				return a.caseDeadline(c.Context(), record.CaseNumber(args[0]))
			}
			return a.trackDeadline(args[0], args[1], deadline.Step(step), extended)
		},
	}
	c.Flags().StringVar(&step, "step", "", "the `STEP` that is due, such as notify")
	c.Flags().IntVar(&extended, "extended", 0, "`DAYS` by which the period is extended")
	return c
}

// deadlines reads the section of the configuration.
func (a *app) deadlines() (*deadline.Cases, error) {
	c, err := a.load()
	if err != nil {
		return nil, err
	}
	rules, _, err := assemble.Deadlines(c)
	if err == nil && rules == nil {
		err = fault.Coded(fault.ExitConfig, "the configuration names no rules of deadlines", "docs/configuration.md shows the section deadlines and its files; without it due days are those that are delivered", nil)
	}
	return rules, err
}

// listDeadlines lists the rules, the years and the cases.
func (a *app) listDeadlines(ctx context.Context) error {
	rules, err := a.deadlines()
	if err != nil {
		return err
	}
	r := deadlinesResult{Rules: []ruleLine{}, Years: []yearLine{}}
	for _, rule := range rules.Rules().All() {
		line := ruleLine{ID: rule.ID(), Days: rule.Days, Unit: rule.Unit, Starts: rule.Starts, Roll: rule.Roll, Basis: rule.Basis, Until: rule.Until}
		for _, applied := range rules.Applied() {
			if applied.ID() == line.ID {
				line.Applied, line.Channels, line.Others = true, applied.Channels, applied.Others
			}
		}
		r.Rules = append(r.Rules, line)
	}
	for _, y := range rules.Calendar().Years() {
		line := yearLine{Year: y.Year, Source: y.Source, Worked: len(y.Worked)}
		for _, s := range y.Off {
			line.Off += int(s.Last-s.First) + 1
		}
		r.Years = append(r.Years, line)
	}
	in, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	r.Cases = &dueCounts{Unknown: map[string]int{}}
	came, missing := map[record.ChannelID]bool{}, map[int]int64{}
	for f, err := range in.store.Facts(ctx) {
		if err != nil {
			return err
		}
		came[f.Channel] = true
		r.Cases.All++
		switch found := rules.Due(&f.Row); {
		case f.Due.Known():
			r.Cases.Delivered++
		case found.Known():
			r.Cases.Computed++
		default:
			r.Cases.Unknown[found.String()]++
			if found.Unknown == deadline.NoCalendarYear {
				missing[found.MissingYear]++
			}
		}
	}
	for _, year := range slices.Sorted(maps.Keys(missing)) {
		r.NoHolidays = append(r.NoHolidays, generator.NoHolidays{Year: year, Cases: missing[year]})
	}
	for _, l := range r.Rules {
		for _, c := range l.Channels {
			if !came[c] && !slices.Contains(r.Cases.NoChannels, c) {
				r.Cases.NoChannels = append(r.Cases.NoChannels, c)
			}
		}
	}
	a.showDeadlines(r)
	if a.json {
		a.object(r)
	}
	return nil
}

// whyNoDay says what is to be done where cases have no due day.
var whyNoDay = []struct {
	reason deadline.Reason
	says   string
}{
	{deadline.NoCalendarYear, "the period runs into a year of which there is no holiday notice"},
	{deadline.NoRule, "the channel has no track, or no rule of the track holds on the day"},
	{deadline.NoStart, "the day on which the clock starts is not known"},
	{deadline.OutOfRange, "the period ends after the year 9999"},
}

func (a *app) showDeadlines(r deadlinesResult) {
	a.say("rules")
	for _, l := range r.Rules {
		kind := "day"
		if l.Unit == deadline.WorkingDays {
			kind = "working day"
		}
		days := plural(l.Days, kind) + " after the case was " + string(l.Starts)
		if l.Roll {
			days += ", to the next working day"
		}
		if l.Until.Known() {
			days += ", until " + l.Until.String()
		}
		whose := "no case is due by it"
		if l.Applied {
			var of []string
			for _, c := range l.Channels {
				of = append(of, string(c))
			}
			if l.Others {
				of = append(of, "all other channels")
			}
			whose = "for " + strings.Join(of, ", ")
		}
		a.say("  %s: %s; %s; %s", l.ID, days, visible(l.Basis), whose)
	}
	a.say("holidays")
	for _, y := range r.Years {
		a.say("  %d: %s, %s off, %s worked", y.Year, visible(y.Source), plural(y.Off, "day"), plural(y.Worked, "weekend day"))
	}
	if len(r.Years) == 0 {
		a.say("  none: working days cannot be counted")
	}
	unknown := 0
	for _, n := range r.Cases.Unknown {
		unknown += n
	}
	a.say("%s: due day delivered %d, computed %d, not known %d", plural(r.Cases.All, "case"), r.Cases.Delivered, r.Cases.Computed, unknown)
	for _, w := range whyNoDay {
		for _, key := range slices.Sorted(maps.Keys(r.Cases.Unknown)) {
			if year, ok := strings.CutPrefix(key, string(w.reason)); ok { // " 2027" of a missing one
				a.say("  %d: %s%s", r.Cases.Unknown[key], w.says, strings.Replace(year, " ", ": ", 1))
			}
		}
	}
	a.showNoHolidays(r.NoHolidays)
	for _, c := range r.Cases.NoChannels {
		a.say("warning: no case came through %s: the identifier stands in the address of the channel's page", c)
	}
}

// showNoHolidays warns of years whose holiday notice is missing.
func (a *app) showNoHolidays(all []generator.NoHolidays) {
	for _, n := range all {
		a.say("warning: no due day for want of the holiday notice of %d: %s; write its file and name it in deadlines.holidays when it is out", n.Year, plural(int(n.Cases), "case"))
	}
}

// caseDeadline says how the due day of a case was found.
func (a *app) caseDeadline(ctx context.Context, number record.CaseNumber) error {
	rules, err := a.deadlines()
	if err != nil {
		return err
	}
	in, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	cases, err := in.store.CasesByNumber(ctx, []record.CaseNumber{number})
	if err != nil {
		return err
	}
	row := &cases[0].Row
	if !row.Due.Known() {
		return a.showFound(rules.Due(row), dueResult{Number: number})
	}
	labels, err := themeLabels()
	if err != nil {
		return err
	}
	return a.showDue(dueResult{number, "delivered", row.Due, labels["zh-CN"]["deadline.delivered"], labels["en"]["deadline.delivered"]})
}

// trackDeadline finds a due day of a track.
func (a *app) trackDeadline(track, text string, step deadline.Step, extended int) error {
	start, err := record.ParseDay(text)
	if err != nil || !start.Known() {
		return usage(fault.New("the second argument is no day", "write it like 2026-09-28"))
	}
	rules, err := a.deadlines()
	if err != nil {
		return err
	}
	finder := deadline.Finder{Rules: rules.Rules(), Calendar: rules.Calendar()}
	asked := string(step)
	if step == "" {
		asked, step = "conclude or answer", deadline.Conclude
		if _, ok := finder.Rules.Starts(track, step); !ok {
			step = deadline.Answer
		}
	}
	if _, ok := finder.Rules.Starts(track, step); !ok {
		return usage(fault.New(fmt.Sprintf("there is no rule of the track %s for the step %s", visible(track), visible(asked)), "huiyin deadlines lists the rules"))
	}
	return a.showFound(finder.Due(track, step, start, extended), dueResult{})
}

// showFound says how a due day was found.
func (a *app) showFound(f deadline.Found, r dueResult) error {
	labels, err := themeLabels()
	if err != nil {
		return err
	}
	r.Due, r.Basis = f.Day, "unknown"
	if f.Known() {
		r.Basis = f.Rule.ID()
	}
	r.Zh, r.En = f.Explain(labels["zh-CN"], "zh-CN"), f.Explain(labels["en"], "en")
	return a.showDue(r)
}

func (a *app) showDue(r dueResult) error {
	a.say("%s (%s)\n%s\n%s", cmp.Or(r.Due.String(), "no due day"), r.Basis, visible(r.Zh), visible(r.En))
	if a.json {
		a.object(r)
	}
	return nil
}

// themeLabels returns the words of the pages.
func themeLabels() (map[string]pages.Labels, error) {
	theme, err := fs.Sub(huiyin.Files, "themes/huiyin")
	if err != nil {
		return nil, err
	}
	return pages.ReadLabels(theme)
}
