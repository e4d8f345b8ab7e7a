package schedule

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
)

// Options is the section of the configuration on what runs by itself.
type Options struct {
	Zone    string   `yaml:"zone" default:"Asia/Shanghai" doc:"time zone of the timetable, by its IANA name"`
	Entries []Entry  `yaml:"entries" doc:"the timetable; see docs/timetable.md"`
	Tries   int      `yaml:"tries" default:"5" doc:"how often a run is tried before it has failed, from 1 to 20"`
	Pause   Duration `yaml:"pause" default:"1m" doc:"pause before the second try; each further one is four times as long, give or take a fifth"`
	Longest Duration `yaml:"longest_pause" default:"1h" doc:"longest pause between two tries"`
	Grace   Duration `yaml:"grace" default:"30s" doc:"how long a job may go on when the program is asked to stop; after it the job is told to end, and is taken up again at the next start"`
	Keep    int      `yaml:"keep_days" default:"400" doc:"days for which runs and requests stay in the journal, from 7 to 3660"`
}

// Entry is one line of the timetable.
type Entry struct {
	Name string            `yaml:"name" json:"name"` // small letters, digits and hyphens; its journal goes by it
	Kind string            `yaml:"kind" json:"kind"` // what is done
	When string            `yaml:"when" json:"when"` // cron expression, see [ParseTimes]
	Args map[string]string `yaml:"args" json:"args,omitempty"`
}

// Duration is a time span, written as Go does: 90s, 2m, 1h30m.
type Duration time.Duration

// UnmarshalText reads the span.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil || v <= 0 {
		return fmt.Errorf("a time span looks like 90s, 2m or 1h30m")
	}
	*d = Duration(v)
	return nil
}

// MarshalText writes the span.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// Defaults returns the options of an installation that sets none: what has grown is
// fetched every hour of the day, published early in the morning, and looked after at
// night. Entries of other kinds than those named are left out; without any, none is.
func Defaults(kinds ...string) Options {
	o := Options{
		Zone: "Asia/Shanghai", Tries: 5, Pause: Duration(time.Minute), Longest: Duration(time.Hour), Grace: Duration(30 * time.Second), Keep: 400,
		Entries: []Entry{
			{Name: "pull", Kind: "pull", When: "0 7-21 * * *"},
			{Name: "publish", Kind: "publish", When: "30 6 * * *"},
			{Name: "digest", Kind: "digest", When: "0 8 * * 1"},
			{Name: "backup", Kind: "backup", When: "0 2 * * *"},
			{Name: "optimise", Kind: "optimise", When: "30 3 * * *"},
			{Name: "self-check", Kind: "self-check", When: "0 4 * * *"},
		},
	}
	if len(kinds) > 0 {
		o.Entries = slices.DeleteFunc(o.Entries, func(e Entry) bool { return !slices.Contains(kinds, e.Kind) })
	}
	return o
}

// Timetable is a checked timetable. It is safe for concurrent use.
type Timetable struct {
	zone    *time.Location
	entries []Entry
	times   []Times
}

var name = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

const (
	maxEntries = 200
	maxArgs    = 20
	maxArg     = 1000 // bytes
)

func wrong(setting, what, hint string) error {
	return fault.Coded(fault.ExitConfig, "setting "+setting+" "+what, hint, nil)
}

// Check says what is wrong with the section. kinds are those that there are jobs for;
// without any, all are taken.
func (o Options) Check(kinds ...string) error {
	if o.Tries < 1 || o.Tries > 20 {
		return wrong("tries", "is not from 1 to 20", "leave it out for 5")
	}
	if o.Pause <= 0 || o.Longest < o.Pause || o.Longest > Duration(24*time.Hour) {
		return wrong("longest_pause", "is shorter than pause, or longer than a day", "leave both out for 1m and 1h")
	}
	if o.Grace <= 0 || o.Grace > Duration(time.Hour) {
		return wrong("grace", "is not a time span of up to an hour", "leave it out for 30s")
	}
	if o.Keep < 7 || o.Keep > 3660 {
		return wrong("keep_days", "is not from 7 to 3660", "leave it out for 400")
	}
	t, err := o.Timetable()
	if err != nil {
		return err
	}
	for _, e := range t.entries {
		if len(kinds) > 0 && !slices.Contains(kinds, e.Kind) {
			return wrong("entries", fmt.Sprintf("has the entry %s of the kind %s, which there is none of", e.Name, e.Kind), "docs/timetable.md lists the kinds")
		}
	}
	return nil
}

// Timetable checks the entries and returns them as a timetable.
func (o Options) Timetable() (*Timetable, error) {
	zone, err := time.LoadLocation(o.Zone)
	if err != nil || o.Zone == "" || o.Zone == "Local" {
		return nil, wrong("zone", "is no time zone", "use an IANA name such as Asia/Shanghai")
	}
	if len(o.Entries) > maxEntries {
		return nil, wrong("entries", fmt.Sprintf("has more than %d entries", maxEntries), "join some of them")
	}
	t := &Timetable{zone: zone}
	seen := map[string]bool{}
	for i, e := range o.Entries {
		at := fmt.Sprintf("has an entry, number %d,", i+1)
		if !name.MatchString(e.Name) || !name.MatchString(e.Kind) {
			return nil, wrong("entries", at+" whose name or kind is not of small letters, digits and hyphens", "use names such as publish-noon")
		}
		if seen[e.Name] {
			return nil, wrong("entries", at+" whose name "+e.Name+" another one has", "give each entry a name of its own: its journal goes by it")
		}
		seen[e.Name] = true
		if len(e.Args) > maxArgs {
			return nil, wrong("entries", at+fmt.Sprintf(" with more than %d arguments", maxArgs), "leave out what the job does not need")
		}
		for k, v := range e.Args {
			if len(k)+len(v) > maxArg {
				return nil, wrong("entries", at+" with an argument that is too long", "name a file instead")
			}
		}
		times, err := ParseTimes(e.When, zone)
		if err != nil {
			msg, hint, _ := fault.Public(err)
			return nil, wrong("entries", "has an entry, "+e.Name+", whose times are wrong: "+msg, hint)
		}
		e.Args = maps.Clone(e.Args)
		t.entries, t.times = append(t.entries, e), append(t.times, times)
	}
	return t, nil
}

// Zone returns the time zone of the timetable.
func (t *Timetable) Zone() *time.Location { return t.zone }

// Entries returns the lines of the timetable in their order.
func (t *Timetable) Entries() []Entry { return slices.Clone(t.entries) }

// Coming is a firing that is to come.
type Coming struct {
	Entry Entry
	At    time.Time // in the zone of the timetable
}

// Next returns when each entry fires next after an instant, the soonest first. Entries
// that do not fire within twelve years are left out.
func (t *Timetable) Next(after time.Time) []Coming {
	var all []Coming
	for i, e := range t.entries {
		if at := t.times[i].Next(after); !at.IsZero() {
			all = append(all, Coming{Entry: e, At: at})
		}
	}
	slices.SortStableFunc(all, func(a, b Coming) int { return a.At.Compare(b.At) })
	return all
}
