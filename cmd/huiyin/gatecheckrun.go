package main

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/source/drop"
)

// checkDoc is one document to be checked.
type checkDoc struct {
	cell   drop.Cell // of an export, and zero of a text
	line   int       // where it begins, or its row
	text   string
	broken bool // some bytes belonged to no character
}

// checkBatch is some documents in a row, which one goroutine checks.
type checkBatch struct {
	docs    []checkDoc
	size    int
	checked []gate.Checked
	done    chan struct{}
}

// A batch is as large that handing it on costs nothing, and as small that the first
// findings are soon there.
const (
	batchDocs  = 1024
	batchBytes = 128 << 10
)

// each checks the documents that produce hands over, on all cores, and gives them
// to out in their order. Few of them are in memory at a time.
func (k *gateCheck) each(ctx context.Context, out *checkOutput, produce func(context.Context, func(checkDoc) error) error) error {
	cores := runtime.GOMAXPROCS(0)
	todo, order := make(chan *checkBatch), make(chan *checkBatch, 2*cores)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(todo)
		defer close(order)
		batch := &checkBatch{done: make(chan struct{})}
		send := func() error {
			for _, c := range []chan<- *checkBatch{order, todo} {
				select {
				case c <- batch:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			batch = &checkBatch{done: make(chan struct{})}
			return nil
		}
		err := produce(ctx, func(d checkDoc) error {
			batch.docs = append(batch.docs, d)
			if batch.size += len(d.text); batch.size < batchBytes && len(batch.docs) < batchDocs {
				return nil
			}
			return send()
		})
		if err != nil {
			return err
		}
		return send()
	})
	for range cores {
		group.Go(func() error {
			for b := range todo {
				b.checked = make([]gate.Checked, len(b.docs))
				for i, d := range b.docs {
					b.checked[i] = k.check(d)
				}
				close(b.done)
			}
			return nil
		})
	}
	group.Go(func() error {
		for b := range order {
			select {
			case <-b.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			for i, d := range b.docs {
				if err := out.add(d, b.checked[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return group.Wait()
}

// check looks at one document.
func (k *gateCheck) check(d checkDoc) gate.Checked {
	if d.broken {
		return gate.Checked{Held: []string{"bad-utf8"}}
	}
	if k.class == gate.Citizen {
		return k.gate.CheckCase(d.text, k.asOf, k.units...)
	}
	return k.gate.Check(k.class, d.text, k.asOf, k.units...)
}
