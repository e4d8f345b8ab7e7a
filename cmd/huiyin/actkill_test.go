package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// killAtEnv is the step at which the program "killed" dies.
const killAtEnv = "HUIYIN_KILL_AT"

// dying counts the steps of a program, and kills it at one of them. A step is a question
// whether the context is over, which is asked before each thing that is written, or what time
// it is, which is asked within some of them.
type dying struct {
	context.Context
	left *atomic.Int64
}

func (d dying) step() {
	if d.left.Add(-1) == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

func (d dying) Err() error     { d.step(); return d.Context.Err() }
func (d dying) now() time.Time { d.step(); return time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC) }

// killed is huiyin on the day of a desk, which dies at a step.
func killed() {
	at, err := strconv.ParseInt(os.Getenv(killAtEnv), 10, 64)
	if err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	d := dying{ctx, new(atomic.Int64)}
	d.left.Store(at)
	a := standard()
	a.now = d.now
	code := run(d, os.Args[1:], a)
	fmt.Fprintln(os.Stderr, "steps", at-d.left.Load())
	os.Exit(code)
}

// kill runs a command in a copy of the desk and kills it at a step. It returns the copy, and
// how many steps there were where the command came to its end before.
func (d *desk) kill(at int, args []string) (copied *desk, steps int) {
	d.Helper()
	copied = d.copied()
	c := exec.Command("killed", append([]string{"--config", copied.at("huiyin.yaml")}, args...)...)
	c.Env = append(os.Environ(), killAtEnv+"="+strconv.Itoa(at))
	said, err := c.CombinedOutput()
	if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL {
		return copied, 0
	}
	if err != nil {
		d.Fatalf("huiyin %v: %v\n%s", args, err, said)
	}
	if _, err := fmt.Sscanf(string(said[bytes.LastIndex(said, []byte("steps ")):]), "steps %d", &steps); err != nil {
		d.Fatal(err)
	}
	return copied, steps
}

// left is what an act that was killed has left: how many acts stand in the journal and among
// what was stated, what the store shows of the cases, and what waits to go through the gate.
func (d *desk) left() (state string, kept bool) {
	d.Helper()
	a := standard()
	a.configFile = d.at("huiyin.yaml")
	in, err := a.open(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	defer in.Close()
	if _, err := in.openIntake(); err != nil {
		d.Fatal(err)
	}
	journal, err := os.ReadFile(d.at("state/withdrawn.journal"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.Fatal(err)
	}
	lifted := strings.Count(string(journal), `"back":true`)
	stated, err := in.intake.Statements(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	untold, err := in.intake.Untold(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	pending, err := in.intake.Pending(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	cases, err := in.store.CasesByNumber(d.Context(), []record.CaseNumber{"2610-000001", "2610-000002"})
	if err != nil {
		d.Fatal(err)
	}
	state = fmt.Sprint(lifted, len(stated), len(untold), len(pending))
	for _, c := range cases {
		state += fmt.Sprint(" ", c.Prominence, c.StubReason, c.Reply.Text, c.MergedInto)
	}
	return state, lifted+len(stated)+len(untold) > 0
}

// An act that is killed before any of its steps is as if it had never been begun, or, once it
// is kept, is finished by the next publish, without a pull: the site is what it is without a
// kill. Steps between two that leave the same are passed over, unless HUIYIN_KILLS is set.
func TestKilledAct(t *testing.T) {
	d := newDesk(t)
	d.install("", "A-1,灯杆编号三十七的路灯几时亮？,六点。,城管局,2026-10-01,2026-10-12\nA-2,第二座桥上的路灯何时亮？,六点。,城管局,2026-10-02,2026-10-12\n")
	d.do(0, "publish")
	gone := d.copied()
	gone.do(0, "withdraw", "2610-000001", "--reason", "error", "--by", "王")
	gone.do(0, "publish")
	for _, tt := range []struct {
		base *desk
		args []string
	}{
		{gone, []string{"reinstate", "2610-000001", "--by", "王", "--reason", "误撤"}},
		{d, []string{"correct", "2610-000002", "--set", "reply=七点。", "--reason", "privacy", "--by", "王"}},
		{d, []string{"merge", "2610-000002", "--into", "2610-000001", "--by", "王"}},
	} {
		t.Run(tt.args[0], func(t *testing.T) {
			base := &desk{T: t, dir: tt.base.dir, day: tt.base.day}
			before := shown(t, base.dir)
			whole, steps := base.kill(1<<30, tt.args)
			whole.do(0, "publish")
			after := shown(t, whole.dir)
			if before == after {
				t.Fatal("the act changes nothing: the test would prove nothing")
			}
			seen := map[string]bool{}
			probe := func(at int) string {
				killed, _ := base.kill(at, tt.args)
				state, kept := killed.left()
				if seen[state] {
					return state
				}
				seen[state] = true
				want := after
				if !kept {
					want = before
					killed.do(0, "pull")
				}
				killed.do(0, "publish")
				if diff := cmp.Diff(want, shown(t, killed.dir)); diff != "" {
					t.Errorf("killed at step %d of %d, which left %s: (-want +got):\n%s", at, steps, state, diff)
				}
				killed.do(0, "fsck")
				return state
			}
			all := os.Getenv("HUIYIN_KILLS") != ""
			var between func(from, to int, before, after string)
			between = func(from, to int, before, after string) {
				if to-from < 2 || before == after && !all {
					return
				}
				at := (from + to) / 2
				state := probe(at)
				between(from, at, before, state)
				between(at, to, state, after)
			}
			between(1, steps, probe(1), probe(steps))
			t.Logf("%d steps leave %d states", steps, len(seen))
		})
	}
}

// A reinstatement that was killed holds up no publish where the rules of the gate have changed
// since; the case comes with the change.
func TestKilledActUnderOtherRules(t *testing.T) {
	d := newDesk(t)
	d.install("", "A-1,灯杆编号三十七的路灯几时亮？,六点。,城管局,2026-10-01,2026-10-12\nA-2,第二座桥上的路灯何时亮？,六点。,城管局,2026-10-02,2026-10-12\n")
	d.do(0, "publish")
	d.do(0, "withdraw", "2610-000001", "--reason", "error", "--by", "王")
	args := []string{"reinstate", "2610-000001", "--by", "王", "--reason", "误撤"}
	_, steps := d.kill(1<<30, args)
	base := d
	sort.Search(steps, func(at int) bool {
		killed, _ := base.kill(at+1, args)
		_, kept := killed.left()
		if kept {
			d = killed // the last one is of the first step that leaves it kept
		}
		return kept
	})
	d.write("huiyin.yaml", d.read("huiyin.yaml")+"gate: {consent_required: true}\n")
	d.says(d.do(0, "publish"), "1 case in full, 1 as a row alone, 0 withdrawn")
	d.do(0, "gate", "regate", "--apply", "--by", "王", "--reason", "made up")
	d.says(d.do(0, "publish"), "2 cases in full, 0 as a row alone, 0 withdrawn")
}

// copied is a copy of a desk.
func (d *desk) copied() *desk {
	d.Helper()
	c := newDesk(d.T)
	copyTree(d.T, d.dir, c.dir)
	return c
}
