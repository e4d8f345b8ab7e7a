package meili_test

import (
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/meili/meilitest"
	"github.com/huiyin/huiyin/search/searchtest"
)

// TestContract holds the engine to all promises, once as it is, and once so that
// every query has more candidates than are all compared and every Rebuild takes
// many batches.
func TestContract(t *testing.T) {
	for name, o := range map[string]meili.Options{
		"as it is": {},
		"small":    {Verify: 3, BatchBytes: 3000, Window: 10_000},
	} {
		if testing.Short() && name != "small" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			searchtest.Run(searchtest.Of(t), func(t searchtest.T) searchtest.Harness {
				s := newStand(t, meilitest.Options{}, o)
				e := s.open(t)
				return searchtest.Harness{
					Engine: e,
					Reopen: func() search.Engine {
						if err := e.Close(); err != nil {
							t.Errorf("close: %v", err)
						}
						e = s.open(t)
						return e
					},
					Crash: func() search.Engine {
						s.double.Restart()
						return s.open(t)
					},
					Reader: func() search.Engine { return s.reader(t) },
				}
			})
		})
	}
}
