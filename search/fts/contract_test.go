package fts_test

import (
	"os"
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
	"github.com/huiyin/huiyin/search/searchtest"
)

// TestContract holds the engine to what search.Engine promises. A crash is a
// copy of the folder, made while its writer is open or in the middle of a
// Rebuild.
func TestContract(t *testing.T) {
	searchtest.Run(searchtest.Of(t), func(t searchtest.T) searchtest.Harness {
		dir := t.TempDir()
		opened := func(x *fts.Index, err error) *fts.Index {
			if err != nil {
				t.Fatalf("open: %v", err)
			}
			t.Cleanup(func() { x.Close() })
			return x
		}
		x := opened(fts.Open(dir, fts.Options{}))
		return searchtest.Harness{
			Engine: x,
			Exact:  true,
			Reopen: func() search.Engine {
				if err := x.Close(); err != nil {
					t.Fatalf("close: %v", err)
				}
				x = opened(fts.Open(dir, fts.Options{}))
				return x
			},
			Crash: func() search.Engine {
				left := t.TempDir()
				if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
					t.Fatalf("copy: %v", err)
				}
				dir = left
				x = opened(fts.Open(dir, fts.Options{}))
				return x
			},
			Reader: func() search.Engine { return opened(fts.OpenReader(dir, fts.Options{})) },
		}
	})
}
