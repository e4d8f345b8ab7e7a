package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
	"github.com/huiyin/huiyin/site/serve"
)

// options are the flags.
type options struct {
	site      string
	addr      string
	prefix    string
	drain     time.Duration
	accessLog bool
	json      bool
	search    searchOptions
}

// pollEvery is how often the folder is asked for a new release or withdrawal.
const pollEvery = 250 * time.Millisecond

// newWeb returns the one command of the program. hup makes it look for a new
// release at once.
func newWeb(o *options, hup <-chan os.Signal, log io.Writer) *cobra.Command {
	c := &cobra.Command{
		Use:   "huiyin-web --site DIR",
		Short: "Serve a published site to the public",
		Long: strings.TrimSpace(`
Serve the current release in DIR over HTTP. DIR is the folder "releases" of the
state of an installation, or a copy of it; it is only read. A new release, a
rollback and a withdrawal are taken up within a second, without a request being
dropped, and at once on SIGHUP. SIGTERM and an interrupt stop the server after
the requests in flight.

While DIR holds no release yet, every page answers 503 and says so.

With --search the site is searched, at /search, and as data at /search.json, .csv,
.jsonl and .atom; /search/openapi.yaml describes them. The index is only read; it
need not be there yet, and while it cannot be read the search page says so and all
else works. Behind a proxy, name its address with --trusted-proxy: limits are for
each client, and without it all of them are one.

/healthz answers 200 as long as the program runs. /readyz answers 200 with the
number of the release, the day it was cut off, and the state of search (ok, no-index
or unavailable), or 503 and why it is not ready. A search that does not work is no
reason not to be ready. Both lie at the root of the host, whatever the prefix.

Log lines are JSON on standard error. They hold no address of a client and no
query. TLS and compression beyond gzip are for the proxy in front.`) + "\n\n" + exitStatus,
		Args:          noArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, _ []string) error {
			return runWeb(c.Context(), o, hup, log)
		},
	}
	f := c.Flags()
	f.StringVar(&o.site, "site", "", "folder `DIR` with the releases; required")
	f.StringVar(&o.addr, "addr", "127.0.0.1:8080", "address to listen on, as `HOST:PORT`; port 0 takes a free one and logs it")
	f.StringVar(&o.prefix, "prefix", "", "`PATH` below which the site lies on its host, such as /zwgk/huiyin: the path of site.base_url")
	f.DurationVar(&o.drain, "drain", 30*time.Second, "how long requests in flight may take after a stop is asked for")
	o.search.flags(c)
	f.BoolVar(&o.accessLog, "access-log", true, "log one line for each request")
	f.BoolVar(&o.json, "json", false, "on failure, end standard output with one line of JSON: error, hint, exit_code")
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	return c
}

// runWeb serves until the context is done.
func runWeb(ctx context.Context, o *options, hup <-chan os.Signal, log io.Writer) error {
	if o.site == "" {
		return usage(errors.New("--site is missing"))
	}
	if o.drain < 0 {
		return usage(errors.New("--drain is negative"))
	}
	proxies, err := o.search.check()
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(log, nil))
	source, err := openSource(o.site)
	if err != nil {
		return err
	}
	defer source.Close() // only read: nothing can be lost
	follower := serve.NewFollower(source, logger)
	defer follower.Close()
	options := serve.Options{Prefix: o.prefix, Now: time.Now}
	if o.accessLog {
		options.Log = logger
	}
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	var index *reopener
	if o.search.where != "" {
		poll := time.NewTicker(pollEvery)
		defer poll.Stop()
		index = &reopener{open: func() (search.Engine, error) { return o.search.open(poll.C) }, now: time.Now, logger: logger}
		defer func() {
			if err := index.Close(); err != nil {
				logger.Warn("cannot close the search index", "cause", err)
			}
		}()
		options.Search = o.search.serve(index, proxies, logger)
	}
	handler, err := serve.NewHandler(follower, options)
	if err != nil {
		return err
	}
	if err := follower.Look(); err != nil {
		return err
	}
	if !follower.Holds() {
		logger.Warn("no release yet; every page answers 503 until the first publish", "site", o.site)
	}

	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.addr)
	if err != nil {
		return fault.Wrap(err, "cannot listen on "+o.addr, "choose another address with --addr, or stop the program that has it")
	}
	logger.Info("serving", "addr", ln.Addr().String(), "prefix", o.prefix)

	following, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { follower.Follow(following, ticker.C, hup) })
	if index != nil {
		wg.Go(func() { tell(following, index, logger) })
	}
	wg.Go(func() {
		select {
		case <-ctx.Done():
			follower.Stop()
		case <-following.Done():
		}
	})
	err = serve.Run(ctx, ln, handler, o.drain, logger)
	stop()
	wg.Wait()
	return err
}

// openSource opens the folder of releases. It need not be there yet, since the
// first publish makes it, but the folder above it must: else the name is wrong.
func openSource(dir string) (*release.Store, error) {
	const hint = "name the folder \"releases\" in the state of an installation"
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if _, above := os.Stat(filepath.Dir(filepath.Clean(dir))); above != nil {
			return nil, fault.Coded(fault.ExitConfig, "there is no folder "+dir, hint, err)
		}
		return release.Open(dir, release.Options{})
	}
	if err != nil {
		return nil, fault.Coded(fault.ExitConfig, "the folder "+dir+" cannot be read", "check its permissions", err)
	}
	if !info.IsDir() {
		return nil, fault.Coded(fault.ExitConfig, dir+" is not a folder", hint, nil)
	}
	return release.Open(dir, release.Options{})
}
