package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	deskapi "github.com/huiyin/huiyin/generator/desk"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// work does the jobs of the daemon, each by the command of that name in a process of its
// own.
type work struct {
	program string
	config  string
}

func (a *app) newWork() (*work, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file, err := filepath.Abs(a.configFile)
	return &work{program: program, config: file}, err
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

// ended tells the office of what has changed, after each attempt. What goes wrong with
// that stands in the log, and is made up for by the next one.
func (w *work) ended(ctx context.Context, log *slog.Logger) {
	if _, err := w.do(ctx, "alerts"); err != nil && ctx.Err() == nil {
		msg, hint, _ := fault.Public(err)
		log.Error("the office could not be told", "why", msg, "hint", hint)
	}
}

// jobKinds names them.
func jobKinds() (kinds []string) {
	for _, j := range (&work{}).jobs() {
		kinds = append(kinds, j.Kind)
	}
	return kinds
}

// one is a job that is one command.
func (w *work) one(command ...string) func(context.Context, job.Run) (schedule.Result, error) {
	return func(ctx context.Context, _ job.Run) (schedule.Result, error) { return w.do(ctx, command...) }
}

// republish answers requests: what is new is fetched, and all is published. The release
// that then stands shows what was asked for, whether or not it is a new one. A file that was
// refused, a feed that is down or a search engine that is slow keeps no request waiting: it
// is told of in the journal, and the entries of the timetable see to it.
func (w *work) republish(ctx context.Context, run job.Run) (schedule.Result, error) {
	pulled, err := w.do(ctx, "pull")
	missing, err := partly(err)
	if err != nil {
		return pulled, err
	}
	r, err := w.do(ctx, "publish")
	more, err := partly(err)
	if err != nil {
		return r, err
	}
	if missing += more; more != "" {
		r.Text = fmt.Sprintf("release %d is published", r.Release)
	}
	if len(run.Requests) > 0 {
		r.Text = fmt.Sprintf("%s answered: %s", plural(len(run.Requests), "request"), r.Text)
	}
	r.Text += missing
	return r, nil
}

// partial is the error of a command that did its work except for a part.
type partial struct{ error }

func (p partial) Unwrap() error { return p.error }

// partly returns what a command left out, where that is all that is wrong.
func partly(err error) (missing string, other error) {
	if p := (partial{}); errors.As(err, &p) {
		msg, _, _ := fault.Public(err)
		return "; not all could be taken: " + msg, nil
	}
	return "", err
}

// done is what a command says at its end, of what is wanted here.
type done struct {
	failure
	Release int64 `json:"release"`
	Nothing bool  `json:"nothing_new"`
	New     int   `json:"new"`
	Updated int   `json:"updated"`
	Correct int   `json:"corrected"`
	Gone    int   `json:"withdrawn"`
	Refused int   `json:"batches_refused"`
}

// tooLong is how long a command that was asked to stop may go on before it is killed: one
// that hangs would hold the lease of its kind for ever. It bears that at any point.
const tooLong = 5 * time.Minute

// do runs a command and returns what it says. When ctx ends the command is asked to stop,
// as by Ctrl-C: it stops soon, and goes on where it stopped when it is run again.
func (w *work) do(ctx context.Context, command ...string) (r schedule.Result, err error) {
	c := exec.CommandContext(ctx, w.program, append([]string{"--config", w.config, "--json", "--quiet"}, command...)...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = tooLong
	var out, complaint bounded
	c.Stdout, c.Stderr = &out, &complaint
	dieWithParent(c)
	err = c.Run()
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	line := lastLine(out.Bytes())
	var said done
	if json.Unmarshal(line, &said) != nil {
		line = nil
	}
	if line != nil {
		r.Counts = json.RawMessage(line)
	}
	r.Release = said.Release
	name := strings.Join(command, " ")
	if err == nil {
		r.Text = said.words(name)
		return r, nil
	}
	if err = refusal(name, err, said, complaint.Bytes()); err == nil {
		r.Text = said.Error // there is nothing to be done yet
	}
	return r, err
}

// words says in words what a command did.
func (d done) words(name string) string {
	switch {
	case name == "publish" && d.Nothing:
		return fmt.Sprintf("nothing new: release %d stands", d.Release)
	case name == "publish":
		return fmt.Sprintf("release %d is published", d.Release)
	case name == "pull":
		return fmt.Sprintf("cases: %d new, %d updated, %d corrected, %d withdrawn", d.New, d.Updated, d.Correct, d.Gone)
	}
	return "done"
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
		if msg == "" {
			msg, hint = "huiyin "+name+": "+exitMeaning[code], "run the command by hand"
		}
		return partial{fault.Wrap(err, msg, hint)}
	case msg == "":
		return fault.Wrap(err, "huiyin "+name+": "+exitMeaning[code], "run the command by hand")
	case code == fault.ExitConfig || code == fault.ExitUsage || code == fault.ExitDamaged || code == fault.ExitFound:
		return schedule.Final(fault.Wrap(err, msg, hint))
	default:
		return fault.Wrap(err, msg, hint)
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

func lastLine(b []byte) []byte {
	b = bytes.TrimRight(b, "\n")
	return b[bytes.LastIndexByte(b, '\n')+1:]
}

// bounded keeps the beginning and no more of what is written to it.
type bounded struct{ bytes.Buffer }

const maxOutput = 1 << 20

func (b *bounded) Write(p []byte) (int, error) {
	if room := maxOutput - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
