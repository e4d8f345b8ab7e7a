package meili

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// outcome is how a task ended.
type outcome struct {
	code string // of its error; "" when it succeeded
	gone bool   // the server does not know it any more, so nobody can say
}

// codeCanceled stands for a task that somebody has canceled; the server gives
// such a task no code.
const codeCanceled = "task_canceled"

// enqueue asks for something that the server does later and returns the task. f
// may be carried out twice. A full task queue is relieved of what has ended.
func (e *Engine) enqueue(ctx context.Context, doing string, f func(context.Context) (int64, error)) (int64, error) {
	var uid int64
	ask := func(ctx context.Context) (err error) {
		uid, err = f(ctx)
		return err
	}
	err := e.c.repeat(ctx, doing, ask)
	if !hasCode(err, codeFull) {
		return uid, err
	}
	if e.PurgeTasks(ctx) != nil {
		return 0, err // the purge failed because of what err says
	}
	return uid, e.c.repeat(ctx, doing, ask)
}

// library does the same with a call of the client library.
func (e *Engine) library(ctx context.Context, doing string, f func(context.Context, meilisearch.ServiceManager) (*meilisearch.TaskInfo, error)) (int64, error) {
	return e.enqueue(ctx, doing, func(ctx context.Context) (int64, error) {
		info, err := f(ctx, e.c.library)
		if err != nil {
			return 0, err
		}
		return info.TaskUID, nil
	})
}

// mostUIDs is how many tasks one request asks about.
const mostUIDs = 100

// await waits until tasks are over, however often the server restarts meanwhile.
// When none of them gets on for Options.Watchdog it cancels them and returns an
// error.
func (e *Engine) await(ctx context.Context, doing string, uids ...int64) (map[int64]outcome, error) {
	over := map[int64]outcome{}
	status := map[int64]meilisearch.TaskStatus{}
	left := slices.Clone(uids)
	moved := e.o.Now()
	for pause := 5 * time.Millisecond; len(left) > 0; pause = min(2*pause, e.o.Poll) {
		asked := left[:min(len(left), mostUIDs)]
		tasks, err := e.tasks(ctx, &meilisearch.TasksQuery{UIDS: asked, Limit: int64(len(asked))})
		if err != nil {
			return nil, err
		}
		for _, uid := range asked {
			t, known := tasks[uid]
			switch {
			case !known:
				over[uid] = outcome{gone: true}
			case t.Status == meilisearch.TaskStatusSucceeded:
				over[uid] = outcome{}
			case t.Status == meilisearch.TaskStatusFailed:
				over[uid] = outcome{code: t.Error.Code}
			case t.Status == meilisearch.TaskStatusCanceled:
				over[uid] = outcome{code: codeCanceled}
			}
			if status[uid] != t.Status || !known {
				status[uid], moved, pause = t.Status, e.o.Now(), 5*time.Millisecond
			}
		}
		left = slices.DeleteFunc(left, func(uid int64) bool { _, ok := over[uid]; return ok })
		if len(left) == 0 {
			break
		}
		if e.o.Now().Sub(moved) > e.o.Watchdog {
			return nil, e.alarm(ctx, doing, left)
		}
		if err := e.o.Sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
	return over, nil
}

// alarm cancels tasks that do not get on.
func (e *Engine) alarm(ctx context.Context, doing string, uids []int64) error {
	err := &Error{Doing: doing, Code: codeHung, Hint: hintHung, kind: search.ErrUnavailable}
	_, canceled := e.library(ctx, "cancel the tasks", func(ctx context.Context, s meilisearch.ServiceManager) (*meilisearch.TaskInfo, error) {
		return s.CancelTasksWithContext(ctx, &meilisearch.CancelTasksQuery{UIDS: uids})
	})
	return errors.Join(err, canceled)
}

// tasks asks about tasks and returns them by uid.
func (e *Engine) tasks(ctx context.Context, q *meilisearch.TasksQuery) (map[int64]meilisearch.Task, error) {
	found := map[int64]meilisearch.Task{}
	err := e.c.repeat(ctx, "look at the tasks", func(ctx context.Context) error {
		answer, err := e.c.library.GetTasksWithContext(ctx, q)
		if err != nil {
			return err
		}
		for _, t := range answer.Results {
			found[t.UID] = t
		}
		return nil
	})
	return found, err
}

// finish waits until tasks are over and wants them to have succeeded, or failed
// with one of the codes that are fine. A task that the server has forgotten is
// no error here: who needs to know looks at what it should have done.
func (e *Engine) finish(ctx context.Context, doing string, fine []string, uids ...int64) error {
	over, err := e.await(ctx, doing, uids...)
	if err != nil {
		return err
	}
	for _, uid := range uids {
		if code := over[uid].code; code != "" && !slices.Contains(fine, code) {
			return failure(doing, code)
		}
	}
	return nil
}

// failure is the error of a task that failed with a code.
func failure(doing, code string) *Error {
	err := &Error{Doing: doing, Code: code, kind: search.ErrUnavailable, Hint: hintAgain}
	if code == codeFull {
		err.Hint = hintQueue
	}
	return err
}

// PurgeTasks deletes what the server keeps of tasks that succeeded or were
// canceled, on all its indexes, which makes room in a full task queue.
func (e *Engine) PurgeTasks(ctx context.Context) error {
	if err := e.mayWrite(ctx); err != nil {
		return err
	}
	const doing = "delete finished tasks"
	var uid int64
	err := e.c.repeat(ctx, doing, func(ctx context.Context) error {
		info, err := e.c.library.DeleteTasksWithContext(ctx, &meilisearch.DeleteTasksQuery{
			Statuses: []meilisearch.TaskStatus{meilisearch.TaskStatusSucceeded, meilisearch.TaskStatusCanceled},
		})
		if err != nil {
			return err
		}
		uid = info.TaskUID
		return nil
	})
	if err != nil {
		return err
	}
	return e.finish(ctx, doing, nil, uid)
}

// Optimise deletes finished tasks and lets the server give back the space that
// changes have left unused in the live index and the one before it, and with it
// what is left there of deleted documents.
func (e *Engine) Optimise(ctx context.Context) error {
	// Also what another program has left behind is brought to an end.
	if err := e.lock(ctx); err != nil {
		return err
	}
	e.unlock()
	if err := e.PurgeTasks(ctx); err != nil {
		return err
	}
	const doing = "compact the index"
	var tasks []int64
	for _, at := range []place{e.live(), e.next()} {
		task, err := e.library(ctx, doing, func(ctx context.Context, s meilisearch.ServiceManager) (*meilisearch.TaskInfo, error) {
			return s.Index(at.docs).CompactWithContext(ctx)
		})
		if at == e.next() && errors.Is(err, search.ErrNoIndex) {
			continue
		}
		if err != nil {
			return err
		}
		tasks = append(tasks, task)
	}
	return e.finish(ctx, doing, nil, tasks...)
}

// unfinished returns the tasks of these indexes that are not over yet, such as
// those of a program that died.
func (e *Engine) unfinished(ctx context.Context) ([]int64, error) {
	open := []meilisearch.TaskStatus{meilisearch.TaskStatusEnqueued, meilisearch.TaskStatusProcessing}
	var uids []int64
	for _, q := range []*meilisearch.TasksQuery{
		{Statuses: open, IndexUIDS: e.indexes(), Limit: 1000},
		{Statuses: open, Types: []meilisearch.TaskType{meilisearch.TaskTypeIndexSwap}, Limit: 1000},
	} {
		tasks, err := e.tasks(ctx, q)
		if err != nil {
			return nil, err
		}
		for uid := range tasks {
			uids = append(uids, uid)
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// rest waits until nothing of these indexes is left to be done.
func (e *Engine) rest(ctx context.Context) error {
	uids, err := e.unfinished(ctx)
	if err != nil {
		return err
	}
	_, err = e.await(ctx, "wait for earlier tasks", uids...)
	return err
}

// forget lets readers know that a Rebuild is not under way any more whose program
// died.
func (e *Engine) forget(ctx context.Context) error {
	if e.rebuilding() {
		return nil
	}
	var s state
	err := e.c.repeat(ctx, "look for a Rebuild", func(ctx context.Context) (err error) {
		s, err = e.peek(ctx, e.next())
		return err
	})
	if errors.Is(err, search.ErrNoIndex) || err == nil && !s.Building {
		return nil
	}
	if err != nil {
		return err
	}
	const doing = "delete the state"
	task, err := e.library(ctx, doing, func(ctx context.Context, s meilisearch.ServiceManager) (*meilisearch.TaskInfo, error) {
		return s.DeleteIndexWithContext(ctx, e.next().state)
	})
	if err != nil {
		return err
	}
	return e.finish(ctx, doing, []string{codeNoIndex}, task)
}

// settle waits, once, for what another program has left to be done, says that a
// Rebuild of it is over, and gives the live index the settings that it should
// have.
func (e *Engine) settle(ctx context.Context) error {
	if e.writer.settled {
		return nil
	}
	if err := e.c.version(ctx); err != nil {
		return err
	}
	if err := e.rest(ctx); err != nil {
		return err
	}
	if err := e.forget(ctx); err != nil {
		return err
	}
	s, err := e.reread(ctx)
	if err == nil {
		err = e.configure(ctx, e.live().docs, s.Schema)
	}
	if err != nil && !errors.Is(err, search.ErrNoIndex) {
		return fmt.Errorf("meili: make ready to write: %w", err)
	}
	e.writer.settled = true
	return nil
}
