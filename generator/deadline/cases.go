package deadline

import (
	"fmt"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// ID names the rule: its track, its step and, where it has one, its first day, such as
// xinfang/conclude/2022-05-01. No two rules of a file have the same.
func (r *Rule) ID() string {
	id := r.Track + "/" + string(r.Step)
	if r.From.Known() {
		id += "/" + r.From.String()
	}
	return id
}

// Cases finds the due days of cases by their public rows alone, so that everyone can
// find the same, also of a case that is not published in full or was withdrawn. For
// that reason a track depends on the channel and not on the kind of a case, which no
// row shows. Cases does not change and is safe for concurrent use.
type Cases struct {
	finder Finder
	tracks map[record.ChannelID]string
	other  string
	steps  map[string]Step // the step that a case of a track is due for
}

// NewCases returns Cases that handle what came through a channel on its track, and all
// else on the track other; where that is "", nothing else has a due day. A case is due
// when it is to be concluded or, on a track without such a rule, answered. It is an
// error when a track has neither rule, or one that starts on a day that no case has,
// and when working days are to be counted without a calendar or with one that leaves
// out a year.
func NewCases(finder Finder, tracks map[record.ChannelID]string, other string) (*Cases, error) {
	c := &Cases{finder: finder, tracks: maps.Clone(tracks), other: other, steps: map[string]Step{}}
	all := slices.Collect(maps.Values(tracks))
	if other != "" {
		all = append(all, other)
	}
	slices.Sort(all)
	counted := false // working days are needed
	for _, track := range slices.Compact(all) {
		step := Conclude
		starts, ok := finder.Rules.Starts(track, step)
		if !ok {
			step = Answer
			starts, ok = finder.Rules.Starts(track, step)
		}
		switch {
		case !ok:
			return nil, fault.New("there is no rule of the track "+track+" for the step conclude or answer", "correct the name of the track, or add the rule")
		case starts != Received && starts != Dispatched:
			return nil, fault.New(fmt.Sprintf("the rule of the track %s starts on a day that cases do not have: %s", track, starts), "let it start when a case is received or dispatched, or have the due days delivered")
		}
		c.steps[track] = step
		for _, r := range finder.Rules.of(track, step) {
			counted = counted || r.Unit == WorkingDays || r.Roll
		}
	}
	years := finder.Calendar.Years()
	if counted && len(years) == 0 {
		return nil, fault.New("the rules count working days, and there is no holiday notice", "add a file for each year from the first case on")
	}
	for i := 1; i < len(years); i++ {
		if last := years[i-1].Year; years[i].Year != last+1 {
			return nil, fault.New(fmt.Sprintf("there is a holiday notice of %d and of %d, and none of %d", last, years[i].Year, last+1), fmt.Sprintf("add a file for %d", last+1))
		}
	}
	return c, nil
}

// Rules returns the rules.
func (c *Cases) Rules() *Rules { return c.finder.Rules }

// Calendar returns the calendar, nil where there is none.
func (c *Cases) Calendar() *Calendar { return c.finder.Calendar }

// Applied is a rule by which due days of cases are found.
type Applied struct {
	Rule
	Channels []record.ChannelID // whose cases are on its track, sorted
	Others   bool               // so are those of all channels that are not named with a track
}

// Applied returns the rules by which due days are found, as [Rules.All] orders them.
func (c *Cases) Applied() (all []Applied) {
	for _, r := range c.finder.Rules.All() {
		if c.steps[r.Track] != r.Step {
			continue
		}
		a := Applied{Rule: r, Others: r.Track == c.other}
		for channel, track := range c.tracks {
			if track == r.Track {
				a.Channels = append(a.Channels, channel)
			}
		}
		slices.Sort(a.Channels)
		all = append(all, a)
	}
	return all
}

// Due finds the due day of a case by the rules, whether or not one was delivered. No
// extension is known of a case, so none is counted.
func (c *Cases) Due(r *record.Row) Found {
	track, ok := c.tracks[r.Channel]
	if !ok {
		track = c.other
	}
	step := c.steps[track]
	start := r.Received
	if s, _ := c.finder.Rules.Starts(track, step); s == Dispatched {
		start = r.Dispatched
	}
	if step == "" {
		return Found{Start: start, Unknown: NoRule}
	}
	return c.finder.Due(track, step, start, 0)
}

// Fill sets the due day of a row to the one that was found, where none was delivered,
// and says by days whether reply and closing were in time, where that is not known.
// Whatever was delivered stays. It reports whether it has set the due day. A reply or
// closing before the day of receipt is neither in time nor late.
func (f Found) Fill(r *record.Row) bool {
	if r.Due.Known() || !f.Known() {
		return false
	}
	r.Due, r.DueRule = f.Day, f.Rule.ID()
	by := func(done record.Day, t *record.Tri) {
		if *t == record.Unknown && done.Known() && done >= r.Received {
			*t = record.TriOf(done <= f.Day)
		}
	}
	by(r.RepliedOn, &r.OnTime)
	by(r.ClosedOn, &r.ClosedOnTime)
	return true
}
