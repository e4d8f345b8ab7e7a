package main

import (
	"context"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// target says which engine is asked; the zero value is the embedded one.
type target struct {
	double  bool
	url     string
	keyFile string
}

// open opens a fresh engine and says what it is. On a server it is the index
// "recall", which is replaced.
func (t target) open(ctx context.Context) (e search.Engine, name string, closeEngine func(), err error) {
	switch {
	case t.double:
		return openDouble(ctx)
	case t.url != "":
		key, err := os.ReadFile(t.keyFile)
		if err != nil {
			return nil, "", nil, err
		}
		x, err := meili.New(meili.Options{URL: t.url, Index: "recall", Key: strings.TrimSpace(string(key)), Now: time.Now})
		if err != nil {
			return nil, "", nil, err
		}
		return x, "the Meilisearch server", func() { _ = x.Close() }, nil
	}
	dir, err := os.MkdirTemp("", "recall")
	if err != nil {
		return nil, "", nil, err
	}
	x, err := fts.Open(dir, fts.Options{})
	if err != nil {
		return nil, "", nil, err
	}
	return x, "the embedded engine", func() { _ = x.Close(); _ = os.RemoveAll(dir) }, nil
}

// openDouble opens an engine on a double that goes on as fast as it is asked.
func openDouble(ctx context.Context) (search.Engine, string, func(), error) {
	const masterKey = "made-up-master-key-0001"
	web := httptest.NewServer(meilitest.New(meilitest.Options{MasterKey: masterKey}))
	o := meili.Options{URL: web.URL, Now: time.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	keys, err := meili.Provision(ctx, o, masterKey)
	if err != nil {
		web.Close()
		return nil, "", nil, err
	}
	o.Key = keys.Publish
	x, err := meili.New(o)
	if err != nil {
		web.Close()
		return nil, "", nil, err
	}
	return x, "the adapter of Meilisearch on the double of a server", func() { _ = x.Close(); web.Close() }, nil
}
