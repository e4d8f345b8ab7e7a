package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/schedule/wallclock"
	"github.com/huiyin/huiyin/generator/store"
)

func newRun(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Run by itself: fetch, publish and look after all by a timetable",
		Long: longHelp(`Work until it is told to stop (SIGTERM, Ctrl-C): fetch and publish by the timetable of
the section schedule, and when it is asked to: by huiyin republish, by a file in
run.triggers, by a signed request to the republish API. Each job is the command of the
same name, run as a process of its own, so that this one stays small, and what a job
does wrong harms nothing else.

However many of these programs work on one installation, each firing is done once, and
jobs that change the store never run at the same time. What was missed while none ran is
caught up once. huiyin status says what is to come, what goes on and what was done. The
sections schedule and run of the configuration are read at the start; status says when it
has to be started again.

On run.listen the first of them answers /healthz, /metrics (Prometheus) and, where run.republish_keys
names a file, the republish API: see docs/republish.md.`, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace),
		RunE: func(c *cobra.Command, _ []string) error { return a.run(c.Context()) },
	}
}

// queueFolder is the folder of the job queue, below the state.
const queueFolder = "jobs"

// run is the daemon.
func (a *app) run(ctx context.Context) (err error) {
	c, err := a.load()
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.StatePath()); err != nil {
		return fault.Coded(fault.ExitConfig, "there is no installation at "+c.StatePath(), "run huiyin init first", err)
	}
	db, err := store.Open(c.StatePath("store.db"), store.Options{Now: a.now})
	if err != nil {
		return err
	}
	defer db.Close()
	plan, err := openSchedule(c)
	if err != nil {
		return err
	}
	defer plan.Close()
	options, err := timetable(c)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(a.err, nil))
	holder, err := a.holder()
	if err != nil {
		return err
	}
	runner, err := a.runner(c, plan, options, holder, log)
	if err != nil {
		return err
	}
	sum, err := settingsSum(c, options)
	if err != nil {
		return err
	}
	leave, err := schedule.Present(c.StatePath(queueFolder), holder.ID, sum)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	address, first, err := schedule.Alone(c.StatePath(queueFolder), url.PathEscape("listen "+c.Run.Listen))
	if err != nil {
		return err
	}
	var server *daemonServer // of the first one of the installation
	if first {
		defer address.Close()
		if server, err = newDaemonServer(a, c, triggerQueue{plan, db, runner}, options, log); err != nil {
			return err
		}
	} else if c.Run.Listen != "" {
		log.Warn("another huiyin run of this installation answers on run.listen; this one works without", "listen", c.Run.Listen)
	}
	stopTriggers, err := watchTriggers(ctx, c, triggerQueue{plan, db, runner}, a.now, log)
	if err != nil {
		return err
	}
	defer stopTriggers()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	served := server.start(cancel)
	log.Info("running", "state", c.StatePath(), "listen", c.Run.Listen)
	err = runner.Run(ctx)
	err = errors.Join(err, served())
	if cause := context.Cause(ctx); err == nil && !errors.Is(cause, context.Canceled) {
		err = cause
	}
	log.Info("stopped")
	return err
}

// timetable reads the section schedule, with what holds where it says nothing.
func timetable(c *config.Config) (schedule.Options, error) {
	kinds := slices.DeleteFunc(jobKinds(), func(kind string) bool {
		return kind == "backup" && c.Backup.Dir == "" || kind == "digest" && c.Alerts.Mail.Server == "" || kind == "optimise" && c.Search.Engine == config.NoSearch
	})
	o := schedule.Defaults(kinds...)
	if len(c.Schedule) == 0 {
		return o, o.Check(jobKinds()...)
	}
	given := o
	given.Entries = nil
	if err := yaml.UnmarshalWithOptions(c.Schedule, &given, yaml.Strict()); err != nil {
		var y yaml.Error
		what := "it is not readable as YAML"
		if errors.As(err, &y) {
			what = y.GetMessage()
		}
		return o, fault.Coded(fault.ExitConfig, "section schedule: "+what, "see docs/timetable.md", nil)
	}
	if given.Entries == nil {
		given.Entries = o.Entries
	}
	return given, given.Check(jobKinds()...)
}

// settingsSum names what huiyin run reads from the configuration when it starts, and not
// again; its jobs read all else each time.
func settingsSum(c *config.Config, o schedule.Options) (string, error) {
	text, err := json.Marshal(struct {
		Schedule schedule.Options
		Run      config.Run
	}{o, c.Run})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// holder names this process.
func (a *app) holder() (job.Holder, error) {
	id := make([]byte, 8)
	if _, err := io.ReadFull(a.rand, id); err != nil {
		return job.Holder{}, err
	}
	host, err := hostID()
	return job.Holder{Host: host, ID: hex.EncodeToString(id)}, err
}

// runner returns what fires the timetable of the installation.
func (a *app) runner(c *config.Config, plan *store.Schedule, o schedule.Options, holder job.Holder, log *slog.Logger) (*schedule.Runner, error) {
	work, err := a.newWork(c, log)
	if err != nil {
		return nil, err
	}
	return schedule.New(o, schedule.Parts{
		Folder: c.StatePath(queueFolder), Store: plan, Jobs: work.jobs(), Gather: gatherFor, Clock: wallclock.New(a.now), Random: a.fraction,
		Holder: holder, Log: log,
		Ended: func(ctx context.Context) { work.ended(ctx, tellLimit) },
		Rest:  giveBack,
	})
}

// fraction returns a random number from 0 to less than 1.
func (a *app) fraction() float64 {
	var b [4]byte
	if _, err := io.ReadFull(a.rand, b[:]); err != nil {
		return 0.5
	}
	return float64(uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8|uint32(b[3])) / (1 << 32)
}

// hostID names the machine as it was started: after a start no process of before is there.
func hostID() (string, error) {
	name, err := os.Hostname()
	if err != nil {
		return "", err
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil { // not Linux
		return name, nil
	}
	return name + " " + strings.TrimSpace(string(boot)), nil
}

// triggerQueue keeps requests and wakes the runner of this process.
type triggerQueue struct {
	*store.Schedule
	db     *store.DB
	runner *schedule.Runner
}

// Request implements the queue of the republish API.
func (q triggerQueue) Request(ctx context.Context, r job.Request) (job.Request, bool, error) {
	return q.runner.Request(ctx, r)
}

// AuditRequest keeps what a token asked for.
func (q triggerQueue) AuditRequest(ctx context.Context, at time.Time, by, origin, target string) error {
	_, err := q.db.Audit(ctx, store.Act{At: at, By: by, Origin: origin, Act: "republish", Target: target})
	return err
}

// gatherFor is how long it has to be quiet before requests that follow a publication are
// answered by the next one.
const gatherFor = 2 * time.Second

// openSchedule opens what the timetable has to remember.
func openSchedule(c *config.Config) (*store.Schedule, error) {
	return store.OpenSchedule(c.StatePath("schedule.db"))
}
