package searchtest_test

import (
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// TestScan holds the reference engine to the promises in the words of the tests
// that do not compare with it, and shows that no case asks for what cannot be.
// It is all in memory, so that it is its own reader and outlives everything but
// Close.
func TestScan(t *testing.T) {
	searchtest.Run(searchtest.Of(t), func(t searchtest.T) searchtest.Harness {
		e := scan.New()
		itself := func() search.Engine { return e }
		return searchtest.Harness{Engine: e, Exact: true, Reopen: itself, Crash: itself, Reader: itself, Settle: func() {}}
	})
}
