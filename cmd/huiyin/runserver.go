package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/time/rate"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/cmd/internal/config"
	deskapi "github.com/huiyin/huiyin/generator/desk"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// daemonServer answers what is asked of the daemon. nil: nothing is.
type daemonServer struct {
	http.Server
	listener net.Listener
}

// apiRate is how many requests of the republish API are looked at a second.
const apiRate = 20

// newDaemonServer opens the address of run.listen.
func newDaemonServer(a *app, c *config.Config, q triggerQueue, o schedule.Options, log *slog.Logger) (*daemonServer, error) {
	if c.Run.Listen == "" {
		return nil, nil
	}
	table, err := o.Timetable()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	health := &health{runner: q.runner, plan: q.Schedule, table: table, now: a.now}
	mux.HandleFunc("GET /healthz", health.serve)
	registry := prometheus.NewRegistry()
	registry.MustRegister(&runMetrics{health})
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	if c.Run.Keys != "" {
		text, err := os.ReadFile(c.Path(c.Run.Keys))
		if err == nil {
			err = assemble.OwnerOnly(c.Path(c.Run.Keys))
		}
		if err != nil {
			return nil, fault.Coded(fault.ExitConfig, "the file of run.republish_keys cannot be used: "+c.Run.Keys, "write one key or two into it, readable by its owner only (chmod 600); docs/republish.md shows how", err)
		}
		keys, err := deskapi.ParseKeys(string(text))
		if err != nil {
			return nil, inConfig(err)
		}
		(&deskapi.API{Keys: keys, Queue: q, Audit: q, Now: a.now, Log: log, Limit: rate.NewLimiter(apiRate, 5*apiRate)}).Routes(mux)
	}
	l, err := net.Listen("tcp", c.Run.Listen)
	if err != nil {
		return nil, fault.Coded(fault.ExitConfig, "run.listen: "+c.Run.Listen+" cannot be used", "choose an address of this machine and a port that is free", err)
	}
	s := &daemonServer{listener: l}
	s.Handler = mux
	s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout = 10*time.Second, 30*time.Second, 30*time.Second, time.Minute
	s.MaxHeaderBytes = 16 << 10
	s.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	return s, nil
}

// start serves, and calls cancel when that ends by itself. The function that it returns
// stops serving.
func (s *daemonServer) start(cancel context.CancelCauseFunc) (stop func() error) {
	if s == nil {
		return func() error { return nil }
	}
	ended := make(chan error, 1)
	go func() {
		err := s.Serve(s.listener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		ended <- err
		if err != nil {
			cancel(err)
		}
	}()
	return func() error {
		ctx, done := context.WithTimeout(context.Background(), 10*time.Second)
		defer done()
		return errors.Join(s.Shutdown(ctx), <-ended)
	}
}

// health says whether the daemon does its work.
type health struct {
	runner *schedule.Runner
	plan   *store.Schedule
	table  *schedule.Timetable
	now    func() time.Time
}

// healthAnswer is the body of /healthz.
type healthAnswer struct {
	OK      bool     `json:"ok"`
	Trouble string   `json:"trouble,omitempty"` // what keeps the daemon from its work
	Hint    string   `json:"hint,omitempty"`
	Failed  []string `json:"failed,omitempty"` // entries whose last run has failed for good
	Late    []string `json:"late,omitempty"`   // entries that should have fired
}

func (h *health) look(ctx context.Context) (schedule.Overview, healthAnswer) {
	answer := healthAnswer{OK: true}
	v, err := schedule.Look(ctx, h.plan, h.table, h.now(), 1)
	if err = errors.Join(err, h.runner.Trouble()); err != nil {
		answer.OK = false
		answer.Trouble, answer.Hint, _ = fault.Public(err)
	}
	for _, e := range v.Entries {
		if e.Late() {
			answer.Late = append(answer.Late, e.Name)
		}
		if e.Last != nil && e.Last.Final && e.Last.Outcome == job.Failure {
			answer.Failed = append(answer.Failed, e.Name)
		}
	}
	return v, answer
}

// serve answers 200 while the daemon does its work, be it that jobs fail, and else 503.
func (h *health) serve(w http.ResponseWriter, r *http.Request) {
	_, answer := h.look(r.Context())
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.OK {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone; there is nobody to tell
}

// runMetrics are read from the store when they are asked for.
type runMetrics struct{ *health }

var (
	metricUp      = prometheus.NewDesc("huiyin_up", "1 while the daemon does its work.", nil, nil)
	metricNext    = prometheus.NewDesc("huiyin_entry_next_seconds", "When an entry of the timetable fires next, as Unix time.", []string{"entry"}, nil)
	metricLast    = prometheus.NewDesc("huiyin_entry_last_ended_seconds", "When the last attempt of an entry ended, as Unix time.", []string{"entry", "outcome"}, nil)
	metricTook    = prometheus.NewDesc("huiyin_entry_last_duration_seconds", "How long the last attempt of an entry took.", []string{"entry"}, nil)
	metricFailed  = prometheus.NewDesc("huiyin_entry_failed", "1 where the last run of an entry has failed for good.", []string{"entry"}, nil)
	metricLate    = prometheus.NewDesc("huiyin_entry_late", "How many firings of an entry nobody has claimed.", []string{"entry"}, nil)
	metricOpen    = prometheus.NewDesc("huiyin_runs_open", "Runs that are queued, wait or go on.", []string{"state"}, nil)
	metricPending = prometheus.NewDesc("huiyin_requests_pending", "Requests that have not ended.", nil, nil)
)

// Describe implements [prometheus.Collector].
func (m *runMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{metricUp, metricNext, metricLast, metricTook, metricFailed, metricLate, metricOpen, metricPending} {
		ch <- d
	}
}

// Collect implements [prometheus.Collector].
func (m *runMetrics) Collect(ch chan<- prometheus.Metric) {
	ctx, done := context.WithTimeout(context.Background(), 10*time.Second)
	defer done()
	v, answer := m.look(ctx)
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	one := func(yes bool) float64 {
		if yes {
			return 1
		}
		return 0
	}
	gauge(metricUp, one(answer.OK))
	for _, e := range v.Entries {
		if !e.Next.IsZero() {
			gauge(metricNext, float64(e.Next.Unix()), e.Name)
		}
		gauge(metricLate, float64(e.Due), e.Name)
		last := e.Last
		gauge(metricFailed, one(last != nil && last.Final && last.Outcome == job.Failure), e.Name)
		if last != nil && !last.Ended.IsZero() {
			gauge(metricLast, float64(last.Ended.Unix()), e.Name, string(last.Outcome))
			gauge(metricTook, last.Ended.Sub(last.Started).Seconds(), e.Name)
		}
	}
	states := map[job.State]int{job.Queued: 0, job.Waiting: 0, job.Running: 0}
	for _, r := range v.Open {
		states[r.State]++
	}
	for s, n := range states {
		gauge(metricOpen, float64(n), string(s))
	}
	gauge(metricPending, float64(len(v.Requests)))
}
