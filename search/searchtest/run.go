package searchtest

import (
	"slices"

	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// promise is one case: what an engine promises, and how it is held to it.
type promise struct {
	name string // of the case
	says string // what is promised, as a failure says it
	test func(p *probe)
}

// Run holds the engines that open makes, a fresh one a case, to all promises.
func Run(t T, open func(t T) Harness) { run(t, open, promises()) }

func run(t T, open func(t T) Harness, all []promise) {
	for _, pr := range all {
		t.Run(pr.name, func(t T) {
			pr.test(&probe{T: t, Harness: open(t), truth: scan.New(), says: pr.says})
		})
	}
}

func promises() []promise {
	return slices.Concat(writePromises(), rebuildPromises(), matchPromises(), filterPromises(), orderPromises(), lifePromises(), oraclePromises())
}
