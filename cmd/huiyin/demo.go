package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/demo"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/durable"
)

type demoOptions struct {
	Cases  int    `json:"cases"`
	Seed   uint64 `json:"seed"`
	Units  int    `json:"units,omitempty"`
	Plain  bool   `json:"plain,omitempty"`
	Span   int    `json:"span,omitempty"` // months of the city, where more than three
	dir    string
	addr   string
	once   bool
	months int
}

// demoResult is what the demonstration made.
type demoResult struct {
	Dir     string `json:"dir"`
	Config  string `json:"config"`
	Export  string `json:"export"`
	Release int    `json:"release"`
	Cases   int64  `json:"cases"`
	Stubs   int64  `json:"stubs"`
	Pages   int64  `json:"pages"`

	Publishes []publishResult `json:"publishes"`
	Seconds   float64         `json:"seconds"`
}

func newDemo(a *app) *cobra.Command {
	o := demoOptions{}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Make up a city and show the whole way",
		Long: longHelp(`Make up a city, write the daily exports that its offices would have sent over three
months, take them the ordinary way, publish at the end of each month, and serve
the result. Everything in it is made up, and the same seed makes the same city.

With --months up to 36 the city has so many. Of more than 12, all but the last
three are exported as one file a month and published at the end of each year, and
for a made-up panel a sample of the last month is committed to, drawn and judged
in the folder sample: huiyin sample draw and compare tell it again. Promises of
replies are judged as huiyin approve does.

The folder is an ordinary installation afterwards: every other command works on
it. Called again with the same options, the demonstration goes on with it.`,
			fault.ExitBusy, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := runDemo(c.Context(), a, o)
			if err != nil {
				return err
			}
			if a.json {
				a.object(r)
			}
			if o.once {
				return nil
			}
			return serveDemo(c.Context(), a, o, r)
		},
	}
	f := c.Flags()
	f.StringVar(&o.dir, "dir", "huiyin-demo", "`DIR` to make the installation in")
	f.IntVar(&o.Cases, "cases", 0, "number of cases; 0: 2000, or 4000 in more than twelve months")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of everything that is made up")
	f.StringVar(&o.addr, "addr", "127.0.0.1:8080", "address to serve on")
	f.BoolVar(&o.once, "once", false, "stop after publishing")
	f.IntVar(&o.months, "months", 3, "months to take and publish, up to 36; of fewer than 3, the exports of the others stay in the folder outbox")
	f.IntVar(&o.Units, "units", 0, "number of units at least; 0: as many as the city has")
	f.BoolVar(&o.Plain, "plain", false, "plain exports for measuring: one JSON Lines file a day and nothing unusual in it")
	return c
}

// runDemo makes the city, or goes on with one, up to the last publish.
func runDemo(ctx context.Context, a *app, o demoOptions) (demoResult, error) {
	start := a.watch()
	if o.Cases == 0 {
		o.Cases = 2000
		if o.months > 12 {
			o.Cases = 4000
		}
	}
	if o.Cases < 1 || o.months < 0 || o.months > 36 || o.Plain && o.months > 3 {
		return demoResult{}, usage(errors.New("a city has at least one case, and up to 36 months, a plain one up to three"))
	}
	if o.months > 3 {
		o.Span = o.months
	}
	r := demoResult{Dir: o.dir, Config: filepath.Join(o.dir, "huiyin.yaml"), Export: filepath.Join(o.dir, "export")}
	fresh, err := claim(o)
	if err != nil {
		return r, err
	}
	plan, err := demo.Write(o.dir, demo.Options{Cases: o.Cases, Seed: o.Seed, Units: o.Units, Plain: o.Plain, Months: o.Span})
	if err != nil {
		return r, fault.Wrap(err, "the city cannot be written", "check the permissions and the free space of "+o.dir)
	}
	city := demoApp(a, o, plan.Steps[len(plan.Steps)-1].Day)
	city.configFile = r.Config
	if fresh {
		text, err := demoConfig(plan)
		if err != nil {
			return r, err
		}
		for name, body := range plan.Files {
			path := filepath.Join(o.dir, filepath.FromSlash(name))
			if err := errors.Join(durable.MkdirAll(durable.OS{}, filepath.Dir(path)), durable.WriteFile(durable.OS{}, path, []byte(body))); err != nil {
				return r, fault.Wrap(err, "the city cannot be written", "check the permissions and the free space of "+o.dir)
			}
		}
		if _, err := makeInstallation(city, o.dir, text); err != nil {
			return r, err
		}
	}
	for i, step := range plan.Steps {
		if i == o.months {
			break
		}
		if err := plan.Deliver(i); err != nil {
			return r, fault.Wrap(err, "the exports cannot be delivered", "remove the folder "+o.dir+" and run the command again")
		}
		if !publishes(plan, i) {
			continue
		}
		p, err := demoMonth(ctx, city)
		if err != nil {
			return r, err
		}
		if p.Search.failed() {
			a.complain(p.Search.err)
		}
		r.Publishes = append(r.Publishes, p)
		r.Release, r.Cases, r.Stubs, r.Pages = p.Release, p.Cases, p.Stubs, p.Pages
		if p.Nothing {
			a.say("%s: taken before; release %d stands", step.Day, p.Release)
		} else {
			a.say("%s: release %d, %s in full, %d as a row alone", step.Day, p.Release, plural(int(p.Cases), "case"), p.Stubs)
		}
		if last := len(plan.Steps) - 1; last >= 12 && i == last-1 {
			err = errors.Join(judgeDemo(ctx, city, o, plan), commitDemo(ctx, city, o, plan))
		} else if last >= 12 && i == last {
			var delivered bool
			if delivered, err = drawDemo(ctx, city, o.dir, step.Day); delivered && err == nil {
				if p, err = demoMonth(ctx, city); err == nil {
					r.Release, r.Pages = p.Release, p.Pages
					r.Publishes = append(r.Publishes, p)
				}
			}
		}
		if err != nil {
			return r, err
		}
	}
	r.Seconds = a.watch().Sub(start).Seconds()
	a.say("the city is in %s, its site in %s (%.1f s)", r.Dir, r.Export, r.Seconds)
	return r, nil
}

// publishes reports whether the i-th step of plan ends with a release: of more than
// twelve months, those that end a year and the last three.
func publishes(plan demo.Plan, i int) bool {
	n := len(plan.Steps)
	return n <= 12 || i >= n-3 || plan.Steps[i].Day.Time().Month() == time.December
}

// demoMonth takes what has been delivered and publishes it.
func demoMonth(ctx context.Context, city *app) (r publishResult, err error) {
	in, err := city.open(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if _, err = in.pull(ctx, 0, false); err != nil {
		return r, err
	}
	return in.publish(ctx, false)
}

// claim makes the folder of the city, or finds that it is one of the same
// options. It refuses every other folder that holds anything.
func claim(o demoOptions) (fresh bool, err error) {
	mark := filepath.Join(o.dir, "demo.json")
	want, err := json.Marshal(o)
	if err != nil {
		return false, err
	}
	switch have, err := os.ReadFile(mark); {
	case err == nil && strings.TrimSpace(string(have)) == string(want):
		_, err := os.Stat(filepath.Join(o.dir, "huiyin.yaml"))
		return errors.Is(err, fs.ErrNotExist), nil
	case err == nil:
		return false, fault.New("the folder "+o.dir+" holds a city of other options", "name another folder with --dir, or remove it")
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	if entries, err := os.ReadDir(o.dir); err == nil && len(entries) > 0 {
		return false, fault.New("the folder "+o.dir+" is not empty", "name another folder with --dir")
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return false, fault.Wrap(err, "the folder "+o.dir+" cannot be made", "name another one with --dir")
	}
	return true, durable.WriteFile(durable.OS{}, mark, append(want, '\n'))
}

// demoApp returns the app as it would have been in the city on the given day:
// its clock stands at that day's evening, and its random bytes come from the
// seed, so that the same city gives the same bytes on any day. Such bytes keep
// no secret, and need not: everything in the city is made up.
func demoApp(a *app, o demoOptions, day record.Day) *app {
	city := *a
	var seed [32]byte
	copy(seed[:], "huiyin demo "+strconv.FormatUint(o.Seed, 10))
	city.rand = rand.NewChaCha8(seed)
	evening := day.Time().Add(10 * time.Hour)
	city.now = func() time.Time { return evening }
	return &city
}

// demoConfig returns the configuration of the made-up installation.
func demoConfig(plan demo.Plan) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# A made-up city. Everything in this folder is invented.\nversion: 1\nsite:\n")
	for _, s := range [][2]string{
		{"name", plan.Site.Name}, {"name_en", plan.Site.NameEN}, {"base_url", plan.Site.BaseURL},
		{"organiser", plan.Site.Organiser}, {"operator", plan.Site.Operator}, {"contact", plan.Site.Contact},
	} {
		fmt.Fprintf(&b, "  %s: %s\n", s[0], quoteYAML(s[1]))
	}
	b.WriteString("export:\n  dir: export\ngate:\n  lines:\n")
	for _, unit := range slices.Sorted(maps.Keys(plan.Lines)) {
		line, err := yaml.MarshalWithOptions(plan.Lines[unit], yaml.Flow(true))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "    %s: %s", unit, line)
	}
	for _, section := range [][2]string{{"deadlines", plan.Deadlines}, {"sources", plan.Mapping}} {
		if section[1] == "" {
			continue
		}
		b.WriteString(section[0] + ":\n")
		for line := range strings.Lines(section[1]) {
			if strings.TrimSpace(line) != "" {
				b.WriteString("  ")
			}
			b.WriteString(line)
		}
	}
	return b.String(), nil
}
