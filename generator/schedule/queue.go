package schedule

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/sqlitefile"
)

// queue is River in its file. It is used by the loop of the runner alone; work is called
// by River's workers.
type queue struct {
	path    string
	workers int
	id      string
	log     *slog.Logger
	work    func(run int64, kind string)
	stopped func() // is called when a client has stopped

	file   *sqlitefile.File
	client *river.Client[*sql.Tx] // that is started, or nil
	stops  sync.WaitGroup         // clients that are stopping
	going  atomic.Int32           // clients that are started and have not stopped
	broken bool                   // the file is damaged: it is closed at the next rest
}

//go:embed migrations/*.sql
var queueMigrations embed.FS

// payload is what River keeps of a run.
type payload struct {
	Run int64  `json:"run"`
	Of  string `json:"kind"`
}

// Kind is the name of River's job, the same for all kinds of ours.
func (payload) Kind() string { return "run" }

type worker struct {
	river.WorkerDefaults[payload]
	queue *queue
}

// Work never fails: the store knows better than River what becomes of the run.
func (w *worker) Work(_ context.Context, j *river.Job[payload]) error {
	w.queue.work(j.Args.Run, j.Args.Of)
	return nil
}

// How often a started client asks for jobs. It is started with something to do.
const pollInterval = 250 * time.Millisecond

// open opens the file. One that is damaged is set aside.
func (q *queue) open(ctx context.Context) error {
	if q.broken {
		return fault.Coded(fault.ExitDamaged, q.path+" is damaged", "it is made anew by itself when no job goes on", nil)
	}
	if q.file != nil {
		return nil
	}
	// River's migrations of one file must not meet: what the other one has made is an error.
	lock, _, err := lockFile(q.path+".lock", 0)
	if err != nil {
		return err
	}
	defer lock.Close()
	// "HYjq"
	kind := sqlitefile.Kind{Name: "a queue", ID: 0x48596a71, Migrations: queueMigrations}
	file, err := sqlitefile.Open(ctx, q.path, kind)
	if _, _, code := fault.Public(err); err != nil && code == fault.ExitDamaged {
		q.log.Error("the queue is damaged; it is set aside and made anew, and nothing is lost with it", "file", q.path, "err", err)
		if err := q.setAside(); err != nil {
			return err
		}
		file, err = sqlitefile.Open(ctx, q.path, kind)
	}
	if err != nil {
		return err
	}
	migrator, err := rivermigrate.New(riversqlite.New(file.Writer), &rivermigrate.Config{Logger: q.quiet()})
	if err == nil {
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		return errors.Join(file.Explain(err), file.Close())
	}
	q.file = file
	return nil
}

func (q *queue) setAside() error {
	for _, tail := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(q.path+tail, q.path+".damaged"+tail); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fault.Wrap(err, "the damaged queue "+q.path+" cannot be set aside", "remove it; nothing is lost with it")
		}
	}
	return nil
}

// quiet is a log for River, which tells of each start and stop.
func (q *queue) quiet() *slog.Logger { return slog.New(warnings{q.log.Handler()}) }

func (q *queue) newClient() (*river.Client[*sql.Tx], error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{queue: q})
	return river.NewClient(riversqlite.New(q.file.Writer), &river.Config{
		ID:                     q.id,
		Logger:                 q.quiet(),
		Queues:                 map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.workers}},
		Workers:                workers,
		MaxAttempts:            1,
		JobTimeout:             -1,   // ours, by the clock that is passed in
		LeaderElectionDisabled: true, // no timers of its own
		PollOnly:               true, // its listener for SQLite asks 20 times a second
		FetchPollInterval:      pollInterval,
	})
}

// push inserts a run, and starts a client if the queue rests.
func (q *queue) push(ctx context.Context, run int64, kind string) error {
	if err := q.open(ctx); err != nil {
		return err
	}
	client := q.client
	if client == nil {
		var err error
		if client, err = q.newClient(); err != nil {
			return err
		}
	}
	if _, err := client.Insert(ctx, payload{Run: run, Of: kind}, nil); err != nil {
		return q.failed(err)
	}
	if q.client != nil {
		return nil
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return q.failed(err)
	}
	q.client = client
	q.going.Add(1)
	return nil
}

// failed explains an error, and has a file that is damaged closed as soon as no worker is at
// it, so that it is made anew.
func (q *queue) failed(err error) error {
	err = q.file.Explain(err)
	_, _, code := fault.Public(err)
	q.broken = code == fault.ExitDamaged
	return err
}

// rest stops the client, at which no worker is. It does not wait: a client that cannot
// write that its jobs are done tries for minutes, and the next one is not to wait for it.
func (q *queue) rest() error {
	if client := q.client; client != nil {
		q.client = nil
		q.stops.Go(func() {
			if err := client.Stop(context.Background()); err != nil {
				q.log.Warn("the queue does not stop", "err", err)
			}
			q.going.Add(-1)
			q.stopped()
		})
	}
	if !q.broken {
		return nil
	}
	err := q.file.Close()
	q.file, q.broken = nil, false
	return err
}

// prune removes jobs that were inserted before a time. River's own cleaner needs a leader,
// and leaves those whose program died.
func (q *queue) prune(ctx context.Context, before time.Time) error {
	if q.file == nil {
		return nil
	}
	return q.file.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM river_job WHERE created_at < ?`, before.UTC().Format("2006-01-02 15:04:05.000"))
		return err
	})
}

// close rests and closes the file, as soon as clients have stopped. Where that takes too
// long it is left to the end of the process: what they would write is of no account.
func (q *queue) close(tooLong <-chan struct{}) error {
	if err := q.rest(); err != nil || q.file == nil {
		return err
	}
	stopped := make(chan struct{})
	go func() {
		q.stops.Wait()
		close(stopped)
	}()
	select {
	case <-stopped:
		err := q.file.Close()
		q.file = nil
		return err
	case <-tooLong:
		q.log.Warn("the queue does not stop; it is left")
		return nil
	}
}

// warnings lets through what River warns of.
type warnings struct{ slog.Handler }

func (h warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}
func (h warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{h.Handler.WithAttrs(a)} }
func (h warnings) WithGroup(n string) slog.Handler      { return warnings{h.Handler.WithGroup(n)} }
