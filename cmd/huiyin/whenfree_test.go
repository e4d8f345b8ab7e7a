package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// noticing tells once of a text that is written to it.
type noticing struct {
	bytes.Buffer
	text string
	seen func()
}

func (n *noticing) Write(p []byte) (int, error) {
	written, err := n.Buffer.Write(p)
	if n.seen != nil && strings.Contains(n.String(), n.text) {
		n.seen()
		n.seen = nil
	}
	return written, err
}

// An atWork is an installation whose store a job of huiyin run, or a run by hand, is at.
type atWork struct {
	*desk
	db     *store.DB
	plan   *store.Schedule
	unlock func() error
}

// install makes an installation with more in its configuration and pulls the rows of an
// export. The columns are 编号, 问, 答, 单位, 收, 复.
func (d *desk) install(more, rows string) {
	d.Helper()
	d.do(0, "init", d.dir)
	d.write("huiyin.yaml", `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
sources:
  inputs:
    - {glob: "*.csv", as_of: {name: '(\d{4}-\d{2}-\d{2})'}, key: 编号, fields: {question: 问, reply: 答, unit: 单位, received: 收, consent: {const: "yes"}, kind: {const: consult}, replied: 复}}
`+more)
	d.write("inbox/2026-10-20.csv", "编号,问,答,单位,收,复\n"+rows)
	d.do(0, "pull")
}

// newAtWork makes one with two cases, which a run by hand is at.
func newAtWork(t *testing.T) *atWork {
	d := newDesk(t)
	d.install("backup: {dir: backups}\n", "A-1,路灯几时亮？,六点。,城管局,2026-10-01,2026-10-12\nA-2,路灯何时亮？,六点。,城管局,2026-10-02,2026-10-12\n")
	w := &atWork{desk: d}
	var err error
	if w.db, err = store.Open(d.at("state/store.db"), store.Options{Now: func() time.Time { return d.day }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.db.Close() })
	if w.plan, err = store.OpenSchedule(d.at("state/schedule.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.plan.Close() })
	w.begin()
	return w
}

// begin begins a run by hand, and end ends it.
func (w *atWork) begin() {
	w.Helper()
	var err error
	if w.unlock, err = w.db.Lock(); err != nil {
		w.Fatal(err)
	}
}

func (w *atWork) end() {
	w.Helper()
	if err := w.unlock(); err != nil {
		w.Error(err)
	}
}

// waits has a command wait for a job, which ends, and what is done meanwhile with it, once
// the command has said that it waits. It returns the exit code of the command and its words.
func (w *atWork) waits(meanwhile func(), args ...string) (int, string) {
	w.Helper()
	fence, taken, err := w.plan.Take(w.Context(), storeLease, job.Holder{Host: "here", ID: "a"}, w.day, w.day.Add(time.Minute))
	if err != nil || !taken {
		w.Fatal(taken, err)
	}
	errs := &noticing{text: "waiting until it has finished", seen: func() {
		if err := w.plan.Release(w.Context(), storeLease, fence); err != nil {
			w.Error(err)
		}
		w.end()
		meanwhile()
	}}
	var out bytes.Buffer
	a := standard()
	a.out, a.err, a.now = &out, errs, func() time.Time { return w.day }
	code := run(w.Context(), append([]string{"--config", w.at("huiyin.yaml")}, args...), a)
	if errs.seen != nil {
		w.Fatalf("%v: did not wait, code %d\n%s%s", args, code, out.String(), errs.String())
	}
	return code, out.String() + errs.String()
}

// What a person does while a job of huiyin run is at work waits for its end. What is at
// work without one, such as a publish by hand, refuses it.
func TestActsWaitForTheDaemon(t *testing.T) {
	w := newAtWork(t)
	acts := [][]string{
		{"backup"},
		{"correct", "2610-000001", "--set", "reply=七点。", "--reason", "error", "--by", "王"},
		{"merge", "2610-000002", "--into", "2610-000001", "--by", "王"},
	}
	for _, act := range acts {
		w.says(w.do(4, act...), "another pull or publish is running")
	}
	for i, act := range acts {
		if i > 0 {
			w.begin()
		}
		if code, said := w.waits(func() {}, act...); code != 0 {
			t.Fatalf("%s: code %d\n%s", act[0], code, said)
		}
	}

	// Whoever has died with the lease is not waited for once its time is over.
	if _, taken, err := w.plan.Take(t.Context(), storeLease, job.Holder{Host: "here", ID: "b"}, w.day, w.day.Add(-time.Minute)); err != nil || !taken {
		t.Fatal(taken, err)
	}
	w.begin()
	w.says(w.do(4, "backup"), "another pull or publish is running")
	w.end()
}

// Two people merge two cases into each other: the second is told of the first, also where
// she had begun before.
func TestMergeIntoEachOther(t *testing.T) {
	w := newAtWork(t)
	code, said := w.waits(func() {
		w.do(0, "merge", "2610-000002", "--into", "2610-000001", "--by", "李")
	}, "merge", "2610-000001", "--into", "2610-000002", "--by", "王")
	if code == 0 {
		t.Error("both were merged")
	}
	w.says(said, "the case 2610-000002 was merged into 2610-000001 itself")
	w.says(w.do(0, "correct", "2610-000001"), "is as the upstream delivered it")
}
