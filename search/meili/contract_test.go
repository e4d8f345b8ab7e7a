package meili_test

import (
	"context"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/meili/meilitest"
	"github.com/huiyin/huiyin/search/searchtest"
)

const masterKey = "made-up-master-key-0001"

// clock is time that passes only when somebody sleeps.
type clock struct{ ns atomic.Int64 }

func (c *clock) Now() time.Time { return time.Unix(1_800_000_000, c.ns.Load()) }

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.ns.Add(int64(d))
	return ctx.Err()
}

// bench is a double at an address, and options for engines on it.
type bench struct {
	double *meilitest.Server
	clock  *clock
	o      meili.Options
	keys   meili.Keys
}

// T is what both kinds of tests have.
type T interface {
	Fatalf(format string, args ...any)
	Cleanup(f func())
	Context() context.Context
}

func newBench(t T, server meilitest.Options, o meili.Options) *bench {
	server.MasterKey = masterKey
	b := &bench{double: meilitest.New(server), clock: &clock{}}
	web := httptest.NewServer(b.double)
	t.Cleanup(web.Close)
	b.o = o
	b.o.URL, b.o.Now, b.o.Sleep = web.URL, b.clock.Now, b.clock.Sleep
	keys, err := meili.Provision(t.Context(), b.o, masterKey)
	if err != nil {
		t.Fatalf("provision: %v", err)
	}
	b.keys, b.o.Key = keys, keys.Publish
	return b
}

func (b *bench) open(t T) *meili.Engine {
	e, err := meili.New(b.o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func (b *bench) reader(t T) *meili.Engine {
	o := b.o
	o.Key = b.keys.Search
	e, err := meili.NewReader(o)
	if err != nil {
		t.Fatalf("open for reading: %v", err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// TestContract holds the engine to all promises, once as it is, and once so that
// every query has more candidates than are all compared and every Rebuild takes
// many batches.
func TestContract(t *testing.T) {
	for name, o := range map[string]meili.Options{
		"as it is": {},
		"small":    {Verify: 3, BatchBytes: 3000, Window: 10_000},
	} {
		t.Run(name, func(t *testing.T) {
			searchtest.Run(searchtest.Of(t), func(t searchtest.T) searchtest.Harness {
				b := newBench(t, meilitest.Options{}, o)
				e := b.open(t)
				return searchtest.Harness{
					Engine: e,
					Reopen: func() search.Engine {
						if err := e.Close(); err != nil {
							t.Errorf("close: %v", err)
						}
						e = b.open(t)
						return e
					},
					Crash: func() search.Engine {
						b.double.Restart()
						return b.open(t)
					},
					Reader: func() search.Engine { return b.reader(t) },
				}
			})
		})
	}
}
