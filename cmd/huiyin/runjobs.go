package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/config"
	deskapi "github.com/huiyin/huiyin/generator/desk"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/site/durable"
)

// work does the jobs of the daemon, each by the command of that name in a process of its
// own.
type work struct {
	program string
	config  string
	lock    string // of the store
	log     *slog.Logger
}

func (a *app) newWork(c *config.Config, log *slog.Logger) (*work, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file, err := filepath.Abs(a.configFile)
	return &work{program: program, config: file, lock: c.StatePath("store.db.lock"), log: log}, err
}

// storeLease keeps apart the jobs that change the store.
const storeLease = "store"

// jobs are the kinds of job that there are.
func (w *work) jobs() []schedule.Job {
	return []schedule.Job{
		{Kind: "pull", Lease: storeLease, Limit: 6 * time.Hour, Do: w.one("pull")},
		{Kind: "publish", Lease: storeLease, Limit: 6 * time.Hour, Do: w.one("publish")},
		{Kind: deskapi.RequestKind, Lease: storeLease, Limit: 12 * time.Hour, Do: w.republish},
		{Kind: "optimise", Limit: 6 * time.Hour, Do: w.one("index", "optimise")},
		{Kind: "backup", Lease: storeLease, Limit: 12 * time.Hour, Do: w.one("backup")},
		{Kind: "self-check", Limit: 12 * time.Hour, Do: w.one("fsck")},
		{Kind: "digest", Limit: time.Hour, Do: w.one("digest")},
	}
}

// jobKinds names the kinds of job that there are.
func jobKinds() (kinds []string) {
	for _, j := range (&work{}).jobs() {
		kinds = append(kinds, j.Kind)
	}
	return kinds
}

// tellLimit is how long telling the office may take: what is looked at may be a folder on a
// machine that does not answer.
const tellLimit = 2 * time.Minute

// ended tells the office of what has changed, after an attempt or several. What goes wrong
// with that stands in the log, and is made up for by the next one.
func (w *work) ended(ctx context.Context, limit time.Duration) {
	limited, done := context.WithTimeout(ctx, limit)
	defer done()
	_, err := w.do(limited, "alerts")
	if err == nil || ctx.Err() != nil {
		return
	}
	if limited.Err() != nil {
		err = fault.Wrap(err, "huiyin alerts took longer than "+limit.String()+" and was ended", "see whether all folders and disks answer, and whether another huiyin alerts hangs")
	}
	msg, hint, _ := fault.Public(err)
	w.log.Error("the office could not be told", "why", msg, "hint", hint)
}

// one is a job that is one command. What feeds could not give for now is no failure of the
// job: the feed asks for it again in each run, and the office is told of it by itself. One that
// gave way to a request goes on a minute later.
func (w *work) one(command ...string) func(context.Context, job.Run) (schedule.Result, error) {
	return func(ctx context.Context, _ job.Run) (schedule.Result, error) {
		r, err := w.do(ctx, command...)
		partly := (*partial)(nil)
		switch {
		case !errors.As(err, &partly):
		case partly.later:
			r.Text, _, _ = fault.Public(err)
			return r, nil
		case partly.gaveWay:
			err = schedule.GaveWay(err)
		}
		return r, err
	}
}

// republish answers requests: what is new is fetched, and all is published. The release
// that then stands shows what was asked for, whether or not it is a new one. What an act of
// a person has changed is here already: it is published first, and where nothing else was ever
// asked for nothing is fetched, on no attempt, so that no upstream keeps it from the public.
// What could not be fetched or taken keeps nothing else from being published. Where a feed has
// failed the requests are answered, and the run is tried again without them; a file that was
// refused stays as it is until somebody mends it. Where nothing was taken at all, acts alone
// are answered.
func (w *work) republish(ctx context.Context, run job.Run) (schedule.Result, error) {
	var all, acts []string
	for _, q := range run.Requests {
		if all = append(all, q.ID); q.Act {
			acts = append(acts, q.ID)
		}
	}
	var first schedule.Result
	// short is the end of a run that has come to no more than its acts.
	short := func(r schedule.Result, err error) (schedule.Result, error) {
		if first.Release > 0 {
			r.Release, r.Answer = first.Release, acts
		}
		return r, err
	}
	if len(acts) > 0 {
		r, err := w.release(ctx)
		// Others that were answered before may have left something to be fetched.
		if len(acts) == len(run.Requests) && !run.Others {
			return answering(len(acts), r), err
		}
		if err == nil {
			first = r
		}
	}
	// A command that was done in the last moment says nothing of those that follow it.
	if ctx.Err() != nil {
		return short(schedule.Result{}, ctx.Err())
	}
	_, pulled := w.do(ctx, "pull")
	if ctx.Err() != nil {
		return short(schedule.Result{}, ctx.Err())
	}
	r, err := w.release(ctx)
	switch {
	case err != nil:
		return short(r, err)
	case r.Release == first.Release:
		r = first // the second has found nothing new
	}
	msg, hint, code := fault.Public(pulled)
	partly := (*partial)(nil)
	switch {
	case pulled == nil:
		return answering(len(run.Requests), r), nil
	case errors.As(pulled, &partly):
		r = answering(len(run.Requests), r)
		if r.Text += "; " + partly.without; !partly.again {
			return r, nil
		}
		r.Answer = all
	default:
		r.Text, r.Answer = r.Text+"; nothing new was taken: "+msg, acts
	}
	err = fault.Coded(code, r.Text, hint, pulled)
	if partly != nil && !partly.failed { // some gave way; what else was left out fails no request
		err = schedule.GaveWay(err)
	}
	return r, err
}

// release publishes. A page that was set aside, or a search that cannot be reached, keeps
// nothing else from being shown.
func (w *work) release(ctx context.Context) (schedule.Result, error) {
	r, err := w.do(ctx, "publish")
	if partly := (*partial)(nil); errors.As(err, &partly) {
		r.Text = fmt.Sprintf("release %d is published; %s", r.Release, partly.without)
		return r, nil
	}
	return r, err
}

// answering says that what was published answers so many requests.
func answering(requests int, r schedule.Result) schedule.Result {
	if requests > 0 && r.Text != "" {
		r.Text = fmt.Sprintf("%s answered: %s", plural(requests, "request"), r.Text)
	}
	return r
}

// tooLong is how long a command that was asked to stop may go on before it is killed: one
// that hangs would hold the lease of its kind for ever. It bears that at any point.
const tooLong = 5 * time.Minute

// do runs a command and returns what it says. While another run works on the
// installation, such as one that a person has begun, it waits for its turn, which is no
// failure.
func (w *work) do(ctx context.Context, command ...string) (r schedule.Result, err error) {
	waiting, done := context.WithTimeout(ctx, patience)
	defer done()
	for n := 0; ; n++ {
		r, err = w.once(ctx, command...)
		if _, _, code := fault.Public(err); err == nil || code != fault.ExitBusy {
			return r, err
		}
		w.log.Info("a job waits for another run", "command", strings.Join(command, " "))
		if w.turn(waiting, n) != nil {
			return r, errors.Join(ctx.Err(), err)
		}
	}
}

// patience is how long a job waits for runs that are not its own before that counts as a
// failure, of which the office is told.
const patience = time.Hour

// turn waits until nothing holds the store: in the kernel, so that nothing is asked for
// meanwhile. What was in the way may have been something else, such as the index, and so it
// waits longer each time.
func (w *work) turn(ctx context.Context, n int) error {
	lock, err := durable.OS{}.Lock(ctx, w.lock, true)
	if err != nil {
		return err
	}
	if err := lock.Close(); err != nil || n == 0 {
		return err
	}
	return sleep(ctx, time.Duration(min(n, 30))*time.Second)
}

// once runs a command and returns what it says. When ctx ends the command is asked to
// stop, as by Ctrl-C: it stops soon, and goes on where it stopped when it is run again.
func (w *work) once(ctx context.Context, command ...string) (r schedule.Result, err error) {
	args := append([]string{"--config", w.config, "--json", "--quiet"}, command...)
	if command[0] == "pull" {
		args = append(args, "--"+forJobFlag)
	}
	c := exec.CommandContext(ctx, w.program, args...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = tooLong
	out, complaint := bounded{most: maxOutput}, bounded{most: maxComplaint}
	c.Stdout, c.Stderr = &out, &complaint
	dieWithParent(c)
	err = c.Run()
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	said, line := understand(out.Bytes())
	if line != nil {
		r.Counts = line
	}
	r.Release = said.Release
	name := strings.Join(command, " ")
	switch {
	case err != nil:
		if err = refusal(name, err, said, complaint.Bytes()); err == nil {
			r.Text = said.Error // there is nothing to be done yet
		}
		return r, err
	case line == nil:
		r.Text = "done" // numbers that nobody has read are not nought
	default:
		r.Text = said.words(name)
	}
	return r, nil
}

// refusal is the error of a command that did not end well. What another try cannot mend
// is final.
func refusal(name string, err error, said done, complaint []byte) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fault.Wrap(err, "huiyin "+name+" cannot be started", "check the program and the machine")
	}
	msg, hint := said.Error, said.Hint
	if msg == "" {
		msg, hint = complained(complaint)
	}
	switch code := exit.ExitCode(); {
	case code < 0:
		return fault.Wrap(err, "huiyin "+name+" was killed", "look at the memory of the machine; it is tried again")
	case code == fault.ExitNothing:
		return nil
	case code == fault.ExitPartial:
		p := said.without()
		switch {
		case p == nil && msg == "":
			p = &partial{without: exitMeaning[code], hint: "run the command by hand"}
		case p == nil:
			p = &partial{without: msg, hint: hint}
		case p.hint == "" && strings.Contains(p.without, msg): // the hint is of what is named
			p.hint = hint
		}
		text := p.without
		if did := said.words(name); did != "done" { // which it is not
			text = did + "; " + text
		}
		return fault.Coded(code, text, p.hint, p)
	case msg == "":
		return fault.Wrap(err, "huiyin "+name+": "+exitMeaning[code], "run the command by hand")
	case code == fault.ExitConfig || code == fault.ExitUsage || code == fault.ExitDamaged || code == fault.ExitFound:
		return schedule.Final(fault.Wrap(err, msg, hint))
	default:
		return fault.Coded(code, msg, hint, err)
	}
}

// complained takes the first failure and its hint from what a command wrote for a person.
func complained(text []byte) (msg, hint string) {
	for line := range bytes.Lines(text) {
		said, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("huiyin: "))
		if !ok {
			continue
		}
		if h, ok := bytes.CutPrefix(said, []byte("hint: ")); ok {
			return msg, string(h)
		}
		if msg != "" {
			return msg, ""
		}
		msg = string(said)
	}
	return msg, ""
}

// bounded keeps the beginning and no more of what is written to it.
type bounded struct {
	bytes.Buffer
	most int
}

// How much of what a command writes is kept, in bytes. A pull of ten thousand pages has a
// line of a few MiB.
const (
	maxOutput    = 16 << 20
	maxComplaint = 1 << 20
)

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.most - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
