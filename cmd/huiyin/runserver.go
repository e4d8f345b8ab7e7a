package main

import (
	"context"
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
)

// daemonServer answers what is asked of the daemon. nil: nothing is.
type daemonServer struct {
	http.Server
	listener net.Listener
}

// How many requests of the republish API are taken a second, and how many of those that are
// refused are told of in the log; fifty times as many at once.
const (
	apiRate   = 20
	noiseRate = 1
)

// maxConnections are taken at a time. Whoever holds many open takes no files from the jobs.
const maxConnections = 256

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
	health := &health{runner: q.runner, plan: q.Schedule, table: table, config: c, load: a.load, now: a.now}
	mux.HandleFunc("GET /healthz", health.serve)
	registry := prometheus.NewRegistry()
	registry.MustRegister(&runMetrics{health})
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	api := &deskapi.API{Queue: q, Audit: q, Now: a.now, Log: log, Limit: rate.NewLimiter(apiRate, 50*apiRate), Noise: rate.NewLimiter(noiseRate, 50*noiseRate)}
	if c.Run.Keys != "" {
		text, err := os.ReadFile(c.Path(c.Run.Keys))
		if err == nil {
			err = assemble.OwnerOnly(c.Path(c.Run.Keys))
		}
		if err != nil {
			return nil, fault.Coded(fault.ExitConfig, "the file of run.republish_keys cannot be used: "+c.Run.Keys, "write one key or two into it, readable by its owner only (chmod 600); docs/republish.md shows how", err)
		}
		if api.Keys, err = deskapi.ParseKeys(string(text)); err != nil {
			return nil, inConfig(err)
		}
	}
	api.Routes(mux)
	l, err := net.Listen("tcp", c.Run.Listen)
	if err != nil {
		return nil, fault.Coded(fault.ExitConfig, "run.listen: "+c.Run.Listen+" cannot be used", "choose an address of this machine and a port that is free", err)
	}
	guests := newCrowd(l, maxConnections)
	s := &daemonServer{listener: guests}
	guests.serve(&s.Server, mux)
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
