package searchtest

import (
	"context"
	"testing"

	"github.com/huiyin/huiyin/search"
)

// T is what the suite needs of a test; see [Of] and [Check].
type T interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
	TempDir() string
	Context() context.Context // ends just before the Cleanups run
	Run(name string, f func(T)) bool
}

// Harness is an engine under test and what can be done to it besides. Each
// Harness is used by one case; who opens it has it closed by T.Cleanup.
type Harness struct {
	// Engine has never indexed anything.
	Engine search.Engine

	// Exact: the engine promises exact totals and facets for every query.
	// Otherwise those that Result.Exact does not vouch for are not compared.
	Exact bool

	// Reopen closes the engine and opens the same index again. It is nil where
	// nothing outlives Close.
	Reopen func() search.Engine

	// Crash opens the index again as it was left by a writer that vanished
	// without Close, also in the middle of a Rebuild. It is nil where that
	// cannot be brought about.
	Crash func() search.Engine

	// Reader opens the index a second time, as the process does that only
	// searches. It is called before the first Rebuild or after it, and is nil
	// where there is no such thing. The suite uses Search, Each and Stats of it.
	Reader func() search.Engine

	// Settle returns when what was written can be found by Readers. It is nil
	// where that is so at once; deletions always are at once.
	Settle func()
}

// settle brings readers up to date.
func (h Harness) settle() {
	if h.Settle != nil {
		h.Settle()
	}
}

// Of returns a test of package testing as a [T].
func Of(t *testing.T) T { return goTest{t} }

// goTest wraps what has another signature.
type goTest struct{ *testing.T }

func (t goTest) Run(name string, f func(T)) bool {
	return t.T.Run(name, func(t *testing.T) { f(goTest{t}) })
}
