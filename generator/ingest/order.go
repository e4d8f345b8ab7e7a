package ingest

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/huiyin/huiyin/generator/intake"
)

// chunkSize is how many records are loaded and looked at in one go by one worker.
const chunkSize = 64

// inOrder lets several goroutines do the work for the records, a chunk each at a
// time, and hands what they make of each chunk to take in the order of refs: what
// comes out does not depend on how many there are. take runs in the goroutine of the
// caller, because the transaction of a store belongs to that. Only a few chunks are in
// memory at once.
func inOrder[T any](ctx context.Context, workers int, refs []intake.Ref, do func(context.Context, []intake.Ref) (T, error), take func(T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	type job struct {
		refs []intake.Ref
		done chan T
	}
	ordered := make(chan job, 2*workers) // in the order of refs
	work := make(chan job)               // the same jobs, for whoever is free
	group.Go(func() error {
		defer close(ordered)
		defer close(work)
		for chunk := range slices.Chunk(refs, chunkSize) {
			j := job{refs: chunk, done: make(chan T, 1)}
			for _, to := range []chan<- job{ordered, work} {
				select {
				case to <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	for range workers {
		group.Go(func() error {
			for j := range work {
				made, err := do(ctx, j.refs)
				if err != nil {
					return err
				}
				j.done <- made
			}
			return nil
		})
	}
	err := func() error {
		for j := range ordered {
			select {
			case made := <-j.done:
				if err := take(made); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}()
	if err != nil {
		group.Go(func() error { return err }) // ends the others
	}
	return group.Wait()
}
