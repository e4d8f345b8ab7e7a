package generator

import (
	"iter"
	"sync"

	"github.com/huiyin/huiyin/generator/record"
)

// aheadBy is how many facts are handed over at once.
const aheadBy = 128

// readAhead yields what all yields, in its order, and has the next facts read by another
// goroutine meanwhile: reading a million takes as long as looking at them. That goroutine
// has ended when the loop has.
func readAhead(all iter.Seq2[record.Fact, error]) iter.Seq2[record.Fact, error] {
	type batch struct {
		facts []record.Fact
		err   error // behind them
	}
	return func(yield func(record.Fact, error) bool) {
		ready, used, stop := make(chan batch), make(chan []record.Fact, 2), make(chan struct{})
		used <- make([]record.Fact, 0, aheadBy)
		used <- make([]record.Fact, 0, aheadBy)
		var wait sync.WaitGroup
		defer wait.Wait()
		defer close(stop)
		wait.Go(func() {
			defer close(ready)
			b := batch{facts: <-used}
			send := func() bool {
				select {
				case ready <- b:
					return true
				case <-stop:
					return false
				}
			}
			for f, err := range all {
				if err != nil {
					b.err = err
					break
				}
				if b.facts = append(b.facts, f); len(b.facts) < aheadBy {
					continue
				}
				if !send() {
					return
				}
				select {
				case room := <-used:
					b.facts = room[:0]
				case <-stop:
					return
				}
			}
			send()
		})
		for b := range ready {
			for i := range b.facts {
				if !yield(b.facts[i], nil) {
					return
				}
			}
			if b.err != nil {
				yield(record.Fact{}, b.err)
				return
			}
			used <- b.facts
		}
	}
}
