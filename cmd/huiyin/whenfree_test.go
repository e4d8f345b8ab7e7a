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

// What a person does while a job of huiyin run is at work waits for its end. What is at
// work without one, such as a publish by hand, refuses it.
func TestActsWaitForTheDaemon(t *testing.T) {
	d := newDesk(t)
	d.do(0, "init", d.dir)
	d.write("huiyin.yaml", `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
backup: {dir: backups}
sources:
  inputs:
    - {glob: "*.csv", as_of: {name: '(\d{4}-\d{2}-\d{2})'}, key: 编号, fields: {question: 问, reply: 答, unit: 单位, received: 收, consent: {const: "yes"}, kind: {const: consult}, replied: 复}}
`)
	d.write("inbox/2026-10-20.csv", "编号,问,答,单位,收,复\nA-1,路灯几时亮？,六点。,城管局,2026-10-01,2026-10-12\nA-2,路灯何时亮？,六点。,城管局,2026-10-02,2026-10-12\n")
	d.do(0, "pull")
	db, err := store.Open(d.at("state/store.db"), store.Options{Now: func() time.Time { return d.day }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	acts := [][]string{
		{"backup"},
		{"correct", "2610-000001", "--set", "reply=七点。", "--reason", "error", "--by", "王"},
		{"merge", "2610-000002", "--into", "2610-000001", "--by", "王"},
	}
	unlock, err := db.Lock()
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range acts {
		d.says(d.do(4, act...), "another pull or publish is running")
	}

	plan, err := store.OpenSchedule(d.at("state/schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Close()
	for i, act := range acts {
		if i > 0 {
			if unlock, err = db.Lock(); err != nil {
				t.Fatal(err)
			}
		}
		fence, taken, err := plan.Take(t.Context(), storeLease, job.Holder{Host: "here", ID: "a"}, d.day, d.day.Add(time.Minute))
		if err != nil || !taken {
			t.Fatal(taken, err)
		}
		var out bytes.Buffer
		errs := &noticing{text: "waiting until it has finished", seen: func() {
			if err := plan.Release(t.Context(), storeLease, fence); err != nil {
				t.Error(err)
			}
			if err := unlock(); err != nil {
				t.Error(err)
			}
		}}
		a := standard()
		a.out, a.err, a.now = &out, errs, func() time.Time { return d.day }
		if code := run(t.Context(), append([]string{"--config", d.at("huiyin.yaml")}, act...), a); code != 0 || errs.seen != nil {
			t.Fatalf("%s: code %d, waited: %t\n%s%s", act[0], code, errs.seen == nil, out.String(), errs.String())
		}
	}

	// Whoever has died with the lease is not waited for once its time is over.
	if _, taken, err := plan.Take(t.Context(), storeLease, job.Holder{Host: "here", ID: "b"}, d.day, d.day.Add(-time.Minute)); err != nil || !taken {
		t.Fatal(taken, err)
	}
	if unlock, err = db.Lock(); err != nil {
		t.Fatal(err)
	}
	d.says(d.do(4, "backup"), "another pull or publish is running")
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
}
