package searchtest_test

import (
	"testing"

	"github.com/huiyin/huiyin/search/searchtest"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

func TestScan(t *testing.T) {
	searchtest.Run(searchtest.Of(t), func(t searchtest.T) searchtest.Harness {
		return searchtest.Harness{Engine: scan.New(), Exact: true}
	})
}
