package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	deskapi "github.com/huiyin/huiyin/generator/desk"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// An upstream does not answer, and a withdrawal waits to be published, or another request has
// waited for more than five minutes: the pull of a job ends and keeps the page that has come,
// the next one goes on behind it. A pull that a person has begun is in nobody's way.
func TestPullGivesWay(t *testing.T) {
	for name, asked := range map[string]job.Request{
		"an act":    {Act: true, State: job.Queued},
		"a request": {State: job.Queued, At: time.Date(2026, 10, 20, 3, 54, 59, 0, time.UTC)},
	} {
		t.Run(name, func(t *testing.T) { pullGivesWay(t, asked) })
	}
}

func pullGivesWay(t *testing.T, asked job.Request) {
	var hangs atomic.Bool
	var first atomic.Int64
	withdrawn := func() {}
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		item := `{"no":"%d","question":"路灯不亮","reply":"已经修好","unit":"城管局","received":"2026-10-0%[1]d","replied":"2026-10-10"}`
		if r.URL.Query().Get("cursor") == "" {
			if r.URL.Path == "/cases" {
				first.Add(1)
			}
			fmt.Fprintf(w, `{"items":[`+item+`],"next_cursor":"second","has_more":true,"as_of":"2026-10-20"}`, 1)
			return
		}
		if hangs.Load() {
			withdrawn()
			<-r.Context().Done()
			return
		}
		fmt.Fprintf(w, `{"items":[`+item+`],"next_cursor":"end","has_more":false,"as_of":"2026-10-20"}`, 2)
	}))
	defer upstream.Close()
	d := newDesk(t)
	d.do(0, "init", d.dir)
	d.fedBy(upstream.URL+"/", "cases", "others")
	plan, err := store.OpenSchedule(d.at("state/schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Close()
	withdrawn = func() { // while a page is waited for
		q := asked
		q.ID, q.Kind, q.Scope, q.By = "a", deskapi.RequestKind, "case 2610-000001", "王"
		if q.Act {
			q.At = d.day
		}
		if _, _, err := plan.Request(t.Context(), q); err != nil {
			t.Error(err)
		}
	}
	hangs.Store(true)
	d.says(d.do(3, "pull", "--for-job"), "feed cases: broken off, because a publication that was asked for waits; the next run goes on from there", "feed others: broken off")
	d.says(d.do(3, "pull", "--for-job", "--json"), `"feed":"cases"`, `"gave_way":true`)
	hangs.Store(false)
	d.says(d.do(0, "pull"), "cases: 2 new, 0 updated")
	if n := first.Load(); n != 1 {
		t.Errorf("the first page was asked for %d times", n)
	}
}

// fedBy sets the desk to feeds of an upstream, which has each under its name.
func (d *desk) fedBy(base string, names ...string) {
	feeds := ""
	for _, name := range names {
		feeds += "  - {name: " + name + ", kind: exchange, url: \"" + base + name + "\", plain_http: true}\n"
	}
	d.write("huiyin.yaml", `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
feeds:
`+feeds+`sources:
  inputs:
    - glob: "feeds/*/*.jsonl"
      as_of: {name: '(\d{4}-\d{2}-\d{2})'}
      key: no
      fields: {question: question, reply: reply, unit: unit, received: received, replied: replied}
`)
}

// An upstream does not answer, and acts wait to be published again and again: the other feeds
// are asked all the same, and status tells of the one that was broken off.
func TestGivesWayInTurn(t *testing.T) {
	d := newDesk(t)
	d.do(0, "init", d.dir)
	var hangs atomic.Bool
	hangs.Store(true)
	ask := func() {}
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" && hangs.Load() {
			ask()
			<-r.Context().Done()
			return
		}
		fmt.Fprint(w, `{"items":[{"no":"1","question":"路灯不亮","reply":"已经修好","unit":"城管局","received":"2026-10-01","replied":"2026-10-10"}],"next_cursor":"end","has_more":false,"as_of":"2026-10-20"}`)
	}))
	defer upstream.Close()
	d.fedBy(upstream.URL+"/", "slow", "other", "third")
	plan, err := store.OpenSchedule(d.at("state/schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Close()
	var asked atomic.Int64
	ask = func() {
		if _, _, err := plan.Request(t.Context(), job.Request{ID: fmt.Sprint(asked.Add(1)), Kind: deskapi.RequestKind, Scope: "all", By: "王", At: d.day, Act: true}); err != nil {
			t.Error(err)
		}
	}
	answer := func() {
		t.Helper()
		fence, taken, err := plan.Take(t.Context(), storeLease, job.Holder{Host: "here", ID: "a"}, d.day, d.day)
		if err != nil || !taken {
			t.Fatal(taken, err)
		}
		run := asked.Load()
		if _, begun, err := plan.Begin(t.Context(), run, storeLease, fence, job.Holder{Host: "here", ID: "a"}, d.day); err != nil || !begun {
			t.Fatal(begun, err)
		}
		if ended, err := plan.End(t.Context(), job.Ending{Run: run, Lease: storeLease, Fence: fence, At: d.day, Outcome: job.Success, State: job.Done}); err != nil || !ended {
			t.Fatal(ended, err)
		}
	}
	const broken = "feed slow: broken off at 2026-10-20 12:00, so that what was asked for could be published"
	d.says(d.do(3, "pull", "--for-job"), "feed slow: broken off", "feed other: broken off", "feed third: broken off")
	d.says(d.do(0, "status"), "feed slow: nothing has come yet", broken, "feed other: never asked")
	answer()
	d.write("inbox/feeds/.slow/last.json", "{half") // is written anew
	d.do(3, "pull", "--for-job")
	d.says(d.do(0, "status"), broken, "feed other: never asked")
	answer()
	d.says(d.do(3, "pull", "--for-job"), "feed slow: broken off", "feed other: 1 item", "feed third: 1 item")
	hangs.Store(false)
	d.do(0, "pull")
	if said := d.do(0, "status"); strings.Contains(said, "broken off") {
		t.Error(said)
	}
}

// Who waits for a job that fetches, and how long it may wait: what is asked is answered by the
// run that has taken it, as long as that one goes on.
func TestAsked(t *testing.T) {
	d := newDesk(t)
	d.do(0, "init", d.dir)
	now := d.day
	before := func(minutes int) time.Time { return now.Add(-time.Duration(minutes) * time.Minute) }
	for name, tt := range map[string]struct {
		act   bool
		at    time.Time
		state job.State // of its run; of one that waits, ready is when it is tried again
		ready time.Time
		began time.Time
		want  bool
	}{
		"an act":                           {true, now, job.Queued, now, now, true},
		"a request":                        {false, before(4), job.Queued, now, now, false},
		"a request that has waited":        {false, before(6), job.Queued, now, now, true},
		"an act, which is published first": {true, before(6), job.Running, now, before(4), false},
		"of this run":                      {false, before(60), job.Running, now, before(4), false},
		"of this run, which has fetched for long":    {false, before(60), job.Running, now, before(6), true},
		"an act whose run was stopped":               {true, before(1), "stopped", now, now, true},
		"a request whose run was stopped":            {false, before(6), "stopped", now, before(1), true},
		"an act whose run is tried again":            {true, before(6), job.Waiting, now.Add(-time.Second), now, true},
		"an act whose run is to be tried again":      {true, before(6), job.Waiting, now.Add(time.Second), now, false},
		"a request whose run is to be tried again":   {false, before(60), job.Waiting, now.Add(time.Second), before(10), false},
		"a request of before the clock was set back": {false, now.Add(24 * time.Hour), job.Queued, now, now.Add(24 * time.Hour), true},
		"of this run, and the clock was set back":    {false, now.Add(24 * time.Hour), job.Running, now, now.Add(24 * time.Hour), true},
		"of this run, which began after that":        {false, now.Add(24 * time.Hour), job.Running, now, now, false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.RemoveAll(d.at("state/schedule.db")); err != nil {
				t.Fatal(err)
			}
			plan, err := store.OpenSchedule(d.at("state/schedule.db"))
			if err != nil {
				t.Fatal(err)
			}
			defer plan.Close()
			if _, _, err := plan.Request(t.Context(), job.Request{ID: "a", Kind: deskapi.RequestKind, Scope: "all", By: "王", At: tt.at, Act: tt.act}); err != nil {
				t.Fatal(err)
			}
			if tt.state != job.Queued {
				h := job.Holder{Host: "here", ID: "a"}
				fence, _, err := plan.Take(t.Context(), storeLease, h, tt.at, tt.at.Add(time.Minute))
				if err != nil {
					t.Fatal(err)
				}
				if _, begun, err := plan.Begin(t.Context(), 1, storeLease, fence, h, tt.at); err != nil || !begun {
					t.Fatal(begun, err)
				}
				e := job.Ending{Run: 1, Lease: storeLease, Fence: fence, At: tt.at, Outcome: job.Interrupted, State: tt.state, Ready: tt.ready}
				if tt.state == "stopped" {
					e.State = job.Queued
				}
				if tt.state != job.Running {
					if ended, err := plan.End(t.Context(), e); err != nil || !ended {
						t.Fatal(ended, err)
					}
				}
			}
			a := standard()
			a.configFile, a.now = d.at("huiyin.yaml"), func() time.Time { return now }
			c, err := a.load()
			if err != nil {
				t.Fatal(err)
			}
			if got := (&installation{a: a, c: c}).asked(t.Context(), tt.began); got != tt.want {
				t.Errorf("%t", got)
			}
		})
	}
}
