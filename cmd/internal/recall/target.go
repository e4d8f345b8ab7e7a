package main

import (
	"context"
	"os"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
)

// target says which engine is asked; the zero value is the embedded one.
type target struct {
	double  bool
	url     string
	keyFile string
}

// open opens a fresh engine and says what it is.
func (t target) open(context.Context) (e search.Engine, name string, closeEngine func(), err error) {
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
