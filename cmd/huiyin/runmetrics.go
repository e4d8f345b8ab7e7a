package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// health says whether the daemon does its work.
type health struct {
	runner *schedule.Runner
	plan   *store.Schedule
	table  *schedule.Timetable
	config *config.Config                 // as it was when the daemon started
	load   func() (*config.Config, error) // as it is now
	now    func() time.Time
}

// healthAnswer is the body of /healthz.
type healthAnswer struct {
	OK      bool     `json:"ok"`
	Trouble string   `json:"trouble,omitempty"` // what keeps the daemon from its work
	Hint    string   `json:"hint,omitempty"`
	Failed  []string `json:"failed,omitempty"` // entries whose last run has failed for good
	Late    []string `json:"late,omitempty"`   // entries that should have fired
	Note    string   `json:"note,omitempty"`   // what somebody should know, and keeps the daemon from nothing
}

func (h *health) look(ctx context.Context) (schedule.Overview, healthAnswer) {
	answer := healthAnswer{OK: true}
	v, err := schedule.Look(ctx, h.plan, h.table, h.now(), 1, answeringKind)
	_, _, told := alertBook(h.config).There() // the office is told of nothing while it cannot be read
	if err = errors.Join(err, h.runner.Trouble(), told); err != nil {
		answer.OK = false
		answer.Trouble, answer.Hint, _ = fault.Public(err)
	}
	for _, e := range v.Entries {
		if e.Late() {
			answer.Late = append(answer.Late, e.Name)
		}
		if e.Failed != nil {
			answer.Failed = append(answer.Failed, e.Name)
		}
	}
	return v, answer
}

// note says whether a daemon of the installation goes by other settings than the
// configuration has now, or why that cannot be said. Empty: all is as it was.
func (h *health) note() string {
	c, err := h.load()
	outdated := false
	if err == nil {
		_, outdated, err = programs(c)
	}
	switch {
	case err != nil:
		msg, _, _ := fault.Public(err)
		return "the settings cannot be compared with those that huiyin run goes by: " + msg
	case outdated:
		return outdatedWords
	}
	return ""
}

// serve answers 200 while the daemon does its work, be it that jobs fail or that it has to be
// started again, and else 503.
func (h *health) serve(w http.ResponseWriter, r *http.Request) {
	_, answer := h.look(r.Context())
	answer.Note = h.note()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.OK {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone; there is nobody to tell
}

// runMetrics are read from the store when they are asked for. None says anything of a case.
type runMetrics struct{ *health }

var (
	metricUp         = metric("huiyin_up", "1 while the daemon does its work.")
	metricNext       = metric("huiyin_entry_next_seconds", "When an entry of the timetable fires next, as Unix time.", "entry")
	metricLast       = metric("huiyin_entry_last_ended_seconds", "When the last attempt of an entry ended, as Unix time.", "entry", "outcome")
	metricTook       = metric("huiyin_entry_last_duration_seconds", "How long the last attempt of an entry took.", "entry")
	metricFailed     = metric("huiyin_entry_failed", "1 from when a run of an entry has failed for good until one is done.", "entry")
	metricLate       = metric("huiyin_entry_late", "How many firings of an entry nobody has claimed.", "entry")
	metricOverdue    = metric("huiyin_entry_overdue", "1 where an entry is so far behind that somebody has to look.", "entry")
	metricDone       = metric("huiyin_job_done_seconds", "When a job of a kind was last done, as Unix time.", "kind")
	metricOpen       = metric("huiyin_runs_open", "Runs that are queued, wait or go on.", "state")
	metricUnanswered = metric("huiyin_requests_failed", "1 from when a publication that was asked for has failed until one is done.")
	metricPending    = metric("huiyin_requests_pending", "Requests that have not ended, counted up to 100.")
	metricWaits      = metric("huiyin_requests_oldest_seconds", "When the oldest request that has not ended came, as Unix time; 0: there is none.")
	metricTrouble    = metric("huiyin_conditions", "How many things of a sort were wrong when it was last looked, which is after every job.", "sort")
	metricLooked     = metric("huiyin_conditions_looked_seconds", "When it was last looked for what is wrong, as Unix time; 0: never.")
	metricDisk       = metric("huiyin_disk_free_percent", "How much of the disk of a folder is free.", "folder")
)

// metric describes a number by its name and labels.
func metric(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// Describe implements [prometheus.Collector].
func (m *runMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		metricUp, metricNext, metricLast, metricTook, metricFailed, metricLate, metricOverdue, metricDone, metricOpen,
		metricUnanswered, metricPending, metricWaits, metricTrouble, metricLooked, metricDisk,
	} {
		ch <- d
	}
}

// gauges hands over numbers.
type gauges chan<- prometheus.Metric

func (g gauges) set(d *prometheus.Desc, value float64, labels ...string) {
	g <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// asUnix is a time as a number; that of the zero time is 0.
func asUnix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}

// Collect implements [prometheus.Collector]. What cannot be read is left out, and shows in
// huiyin_up.
func (m *runMetrics) Collect(ch chan<- prometheus.Metric) {
	ctx, done := context.WithTimeout(context.Background(), 10*time.Second)
	defer done()
	g := gauges(ch)
	v, answer := m.look(ctx)
	kinds, err := m.done(ctx)
	g.set(metricUp, one(answer.OK && err == nil))
	for kind, at := range kinds {
		g.set(metricDone, asUnix(at), kind)
	}
	for _, e := range v.Entries {
		if !e.Next.IsZero() {
			g.set(metricNext, asUnix(e.Next), e.Name)
		}
		g.set(metricLate, float64(e.Due), e.Name)
		g.set(metricOverdue, one(e.Overdue(v.At)), e.Name)
		g.set(metricFailed, one(e.Failed != nil), e.Name)
		if last := e.Last; last != nil && !last.Ended.IsZero() {
			g.set(metricLast, asUnix(last.Ended), e.Name, string(last.Outcome))
			g.set(metricTook, last.Ended.Sub(last.Started).Seconds(), e.Name)
		}
	}
	states := map[job.State]int{job.Queued: 0, job.Waiting: 0, job.Running: 0}
	for _, r := range v.Open {
		states[r.State]++
	}
	for s, n := range states {
		g.set(metricOpen, float64(n), string(s))
	}
	g.set(metricUnanswered, one(v.Unanswered != nil))
	g.set(metricPending, float64(len(v.Requests)))
	oldest := time.Time{}
	if len(v.Requests) > 0 {
		oldest = v.Requests[0].At
	}
	g.set(metricWaits, asUnix(oldest))
	m.trouble(g)
}

// done returns when a job of each kind was last done, of those that were.
func (m *runMetrics) done(ctx context.Context) (map[string]time.Time, error) {
	kinds := map[string]time.Time{}
	for _, kind := range jobKinds() {
		last, err := m.plan.Attempts(ctx, job.Filter{Kind: kind, Outcome: job.Success, Limit: 1})
		if err != nil {
			return kinds, err
		}
		if len(last) > 0 {
			kinds[kind] = last[0].Ended
		}
	}
	return kinds, nil
}

// trouble hands over what huiyin alerts has found, and how much room there is now.
func (m *runMetrics) trouble(g gauges) {
	there, looked, err := alertBook(m.config).There()
	if err == nil {
		counts := map[string]int{}
		for _, c := range there {
			counts[c.Sort()]++
		}
		for _, sort := range troubleSorts {
			g.set(metricTrouble, float64(counts[sort]), sort)
		}
		g.set(metricLooked, asUnix(looked))
	}
	for _, f := range writtenFolders(m.config) {
		if free, _, ok := freePercent(f.path); ok {
			g.set(metricDisk, float64(free), f.name)
		}
	}
}
