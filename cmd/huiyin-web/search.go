package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
	"github.com/huiyin/huiyin/search/lexicon"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/site/serve"
)

// searchOptions are the flags of search.
type searchOptions struct {
	where   string // folder, or address of a Meilisearch server; empty: no search
	keyFile string
	index   string
	proxies []string
	client  float64 // searches a second
	all     float64
}

// A limit lets as many searches through at once as it does in this time.
const (
	clientBurst = 12 // seconds
	allBurst    = 2
)

func (o *searchOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.where, "search", "", "what is searched, as `DIR|URL`: the folder of an index, or the address of a Meilisearch server; without it the site is not searched")
	f.StringVar(&o.keyFile, "search-key-file", "", "`FILE` with the key of the Meilisearch server for searching, on one line")
	f.StringVar(&o.index, "search-index", "cases", "`NAME` of the index on the Meilisearch server")
	f.StringArrayVar(&o.proxies, "trusted-proxy", nil, "address or network of a proxy in front, as `CIDR`, which tells the client's address in X-Forwarded-For; may be given several times")
	f.Float64Var(&o.client, "search-rate", 5, fmt.Sprintf("`N` searches a second that one client (an IPv4 address, or a /64 network of IPv6) may make; %d s of them at once", clientBurst))
	f.Float64Var(&o.all, "search-rate-all", 200, fmt.Sprintf("`N` searches a second that all clients together may make; %d s of them at once", allBurst))
}

// isServer says whether the index is on a Meilisearch server.
func (o *searchOptions) isServer() bool {
	return strings.HasPrefix(o.where, "http://") || strings.HasPrefix(o.where, "https://")
}

// check finds mistakes in the flags, and returns the networks of the proxies.
func (o *searchOptions) check() ([]netip.Prefix, error) {
	if o.client <= 0 || o.all <= 0 {
		return nil, usage(errors.New("--search-rate and --search-rate-all have to be above zero"))
	}
	if o.keyFile != "" && !o.isServer() {
		return nil, usage(errors.New("--search-key-file is for a Meilisearch server, but --search names none"))
	}
	if o.isServer() {
		e, err := meili.NewReader(meili.Options{URL: o.where, Index: o.index})
		if err != nil {
			return nil, usage(fmt.Errorf("--search or --search-index: %w", err))
		}
		if err := e.Close(); err != nil {
			return nil, err
		}
	}
	var networks []netip.Prefix
	for _, s := range o.proxies {
		network, err := netip.ParsePrefix(s)
		if err != nil {
			var addr netip.Addr
			if addr, err = netip.ParseAddr(s); err != nil {
				return nil, usage(fmt.Errorf("--trusted-proxy %s is not like 10.0.0.0/8 or 10.1.2.3", s))
			}
			network = netip.PrefixFrom(addr, addr.BitLen())
		}
		networks = append(networks, network)
	}
	return networks, nil
}

// open opens the index for reading.
func (o *searchOptions) open(poll <-chan time.Time) (search.Engine, error) {
	if !o.isServer() {
		return fts.OpenReader(o.where, fts.Options{Poll: poll, Now: time.Now})
	}
	key := ""
	if o.keyFile != "" {
		var err error
		if key, err = readKey(o.keyFile); err != nil {
			return nil, err
		}
	}
	return meili.NewReader(meili.Options{URL: o.where, Key: key, Index: o.index})
}

// maxKey is the longest key in bytes.
const maxKey = 1024

// readKey reads a key from a file. No error holds any of it.
func readKey(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close() // only read: nothing can be lost
	text, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	if err != nil {
		return "", err
	}
	key := string(bytes.TrimSpace(text))
	if key == "" || len(text) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("%s does not hold a key on one line", name)
	}
	return key, nil
}

// serve returns what the handler has to know, around an engine.
func (o *searchOptions) serve(e search.Engine, proxies []netip.Prefix, logger *slog.Logger) serve.SearchOptions {
	rate := func(perSecond, seconds float64) serve.Rate {
		return serve.Rate{PerSecond: perSecond, Burst: max(1, int(perSecond*seconds))}
	}
	s := serve.SearchOptions{
		Engine: e, Log: logger, TrustedProxies: proxies, Client: rate(o.client, clientBurst), All: rate(o.all, allBurst),
		Synonyms: func(file []byte) (search.Synonymer, error) {
			groups, err := lexicon.ParseSynonyms(bytes.NewReader(file))
			if err != nil {
				return nil, err
			}
			return lexicon.NewSynonyms(groups), nil
		},
		Helps: search.SearcherOptions{Synonymer: lexicon.NewSynonyms(lexicon.DefaultSynonyms())},
	}
	words, err := lexicon.Load()
	if err != nil {
		logger.Warn("searching without suggestions", "cause", err)
		return s
	}
	s.Helps.Crosser, s.Helps.Suggester, s.Helps.Questioner = words, words, words
	return s
}

// tell logs what the index is like when the program starts.
func tell(ctx context.Context, e search.Engine, logger *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	stats, err := e.Stats(ctx)
	switch {
	case err == nil:
		logger.Info("searching", "docs", stats.Docs)
	case errors.Is(err, search.ErrNoIndex):
		logger.Warn("there is no search index yet; the search page says so until there is one")
	case ctx.Err() == nil:
		logger.Warn("the search index cannot be read; the search page says so", "cause", err)
	}
}

// openEvery is how often an index that could not be opened is tried again.
const openEvery = 5 * time.Second

// reopener is an engine that need not be there when the program starts: until
// it can be opened, searches fail as unavailable, and now and then one of them
// tries again. It is for reading only.
type reopener struct {
	open   func() (search.Engine, error)
	now    func() time.Time
	logger *slog.Logger

	mu     sync.Mutex // guards what follows
	engine search.Engine
	tried  time.Time
	closed bool
}

// get returns the engine, or says that there is none.
func (r *reopener) get() (search.Engine, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.engine != nil {
		return r.engine, nil
	}
	now := r.now()
	if r.closed || !r.tried.IsZero() && now.Sub(r.tried) < openEvery {
		return nil, search.ErrUnavailable
	}
	first := r.tried.IsZero()
	r.tried = now
	e, err := r.open()
	if err != nil {
		if first {
			r.logger.Warn("the search cannot be opened; its page says so, and it is tried again", "cause", err)
		}
		return nil, search.ErrUnavailable
	}
	r.engine = e
	return e, nil
}

func (r *reopener) Search(ctx context.Context, q search.Query) (search.Result, error) {
	e, err := r.get()
	if err != nil {
		return search.Result{}, err
	}
	return e.Search(ctx, q)
}

func (r *reopener) Each(ctx context.Context, q search.Query, f func(search.Hit) error) error {
	e, err := r.get()
	if err != nil {
		return err
	}
	return e.Each(ctx, q, f)
}

func (r *reopener) Stats(ctx context.Context) (search.Stats, error) {
	e, err := r.get()
	if err != nil {
		return search.Stats{}, err
	}
	return e.Stats(ctx)
}

// errReadOnly is what changes of an index end with here.
var errReadOnly = errors.New("the public server only reads the index")

func (r *reopener) Rebuild(context.Context, search.Schema, string, iter.Seq2[search.Doc, error]) error {
	return errReadOnly
}
func (r *reopener) Upsert(context.Context, string, []search.Doc) error { return errReadOnly }
func (r *reopener) Delete(context.Context, []string) error             { return errReadOnly }

// Close closes the engine if there is one.
func (r *reopener) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.engine == nil {
		return nil
	}
	err := r.engine.Close()
	r.engine = nil
	return err
}
