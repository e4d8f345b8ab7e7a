package main

import (
	"context"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/searchtest"
)

// bed is where engines are tried: always the same indexes, each time empty.
type bed struct {
	srv    *server
	o      meili.Options
	reader string // key
}

// indexesOf returns the names of all indexes of an engine.
func indexesOf(o meili.Options) []string {
	return []string{o.Index, o.Index + "_state", o.Index + "_next", o.Index + "_state_next", o.Index + "_check"}
}

// clear deletes the indexes.
func (b *bed) clear(ctx context.Context) error {
	return b.srv.drop(ctx, indexesOf(b.o)...)
}

// open returns a fresh engine for a case of the contract suite. A crash is a
// program that vanishes; the server goes on.
func (b *bed) open(t searchtest.T) searchtest.Harness {
	if err := b.clear(t.Context()); err != nil {
		t.Fatalf("clear: %v", err)
	}
	write := func() search.Engine {
		e, err := meili.New(b.o)
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		t.Cleanup(func() { e.Close() })
		return e
	}
	current := write()
	return searchtest.Harness{
		Engine: current,
		Reopen: func() search.Engine {
			if err := current.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
			current = write()
			return current
		},
		Crash: write,
		Reader: func() search.Engine {
			o := b.o
			o.Key = b.reader
			e, err := meili.NewReader(o)
			if err != nil {
				t.Fatalf("open for reading: %v", err)
			}
			t.Cleanup(func() { e.Close() })
			return e
		},
	}
}
