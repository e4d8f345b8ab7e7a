package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/lexicon"
	"github.com/huiyin/huiyin/site/serve"
)

// serveDemo serves the current release, and searches it, until the command is
// interrupted.
func serveDemo(ctx context.Context, a *app, o demoOptions, r demoResult) (err error) {
	city := *a
	city.configFile = r.Config
	c, err := city.load()
	if err != nil {
		return err
	}
	releases, err := openReleases(c)
	if err != nil {
		return err
	}
	defer releases.Close()
	base, err := url.Parse(c.Site.BaseURL)
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	follower := serve.NewFollower(releases, log)
	defer follower.Close()
	found, err := demoSearch(ctx, a, c)
	if err != nil {
		return err
	}
	if found.Engine != nil {
		defer found.Engine.Close() // only read: nothing can be lost
	}
	handler, err := serve.NewHandler(follower, serve.Options{Prefix: strings.TrimSuffix(base.Path, "/"), Now: a.now, Search: found})
	if err != nil {
		return err
	}
	if err := follower.Look(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return fault.Wrap(err, "cannot listen on "+o.addr, "name another address with --addr, such as 127.0.0.1:0")
	}
	fmt.Fprintf(a.err, "huiyin: serving http://%s%s (interrupt to stop)\n", listener.Addr(), base.Path)
	if found.Engine != nil {
		fmt.Fprintf(a.err, "huiyin: search at http://%s%ssearch\n", listener.Addr(), base.Path)
	}
	ticker := time.NewTicker(250 * time.Millisecond)
	defer ticker.Stop()
	var following sync.WaitGroup
	following.Go(func() { follower.Follow(ctx, ticker.C, nil) })
	err = serve.Run(ctx, listener, homeward(handler, base.Path), 5*time.Second, log)
	following.Wait()
	return err
}

// homeward sends who asks for the root of the host on to the site, which lies at home.
func homeward(site http.Handler, home string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" && home != "/" {
			http.Redirect(w, r, home, http.StatusFound)
			return
		}
		site.ServeHTTP(w, r)
	})
}

// demoSearch returns how the city is searched: as huiyin-web does it.
func demoSearch(ctx context.Context, a *app, c *config.Config) (o serve.SearchOptions, err error) {
	index := assemble.NewIndex(c, a.watch)
	if index == nil {
		return o, nil
	}
	words, err := lexicon.Load()
	if err != nil {
		return o, err
	}
	o.Helps = search.SearcherOptions{Crosser: words, Suggester: words, Questioner: words, Synonymer: lexicon.NewSynonyms(lexicon.DefaultSynonyms())}
	o.Synonyms = func(file []byte) (search.Synonymer, error) {
		groups, err := lexicon.ParseSynonyms(bytes.NewReader(file))
		if err != nil {
			return nil, err
		}
		return lexicon.NewSynonyms(groups), nil
	}
	o.Engine, err = index.Read(ctx)
	return o, err
}
