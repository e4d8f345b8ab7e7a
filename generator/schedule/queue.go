package schedule

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"os"
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

	file    *sqlitefile.File
	client  *river.Client[*sql.Tx]
	started bool
	broken  bool // the file is damaged: it is closed at the next rest
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
	client, err := q.newClient(ctx, file)
	if err != nil {
		return errors.Join(file.Explain(err), file.Close())
	}
	q.file, q.client = file, client
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

func (q *queue) newClient(ctx context.Context, file *sqlitefile.File) (*river.Client[*sql.Tx], error) {
	driver := riversqlite.New(file.Writer)
	log := slog.New(warnings{q.log.Handler()})
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{queue: q})
	return river.NewClient(driver, &river.Config{
		ID:                     q.id,
		Logger:                 log,
		Queues:                 map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.workers}},
		Workers:                workers,
		MaxAttempts:            1,
		JobTimeout:             -1,   // ours, by the clock that is passed in
		LeaderElectionDisabled: true, // no timers of its own
		PollOnly:               true, // its listener for SQLite asks 20 times a second
		FetchPollInterval:      pollInterval,
	})
}

// push inserts a run and starts the client if it rests.
func (q *queue) push(ctx context.Context, run int64, kind string) error {
	if err := q.open(ctx); err != nil {
		return err
	}
	if _, err := q.client.Insert(ctx, payload{Run: run, Of: kind}, nil); err != nil {
		return q.failed(err)
	}
	if q.started {
		return nil
	}
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return q.failed(err)
	}
	q.started = true
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

// rest stops the client. It waits for workers, of which there are none.
func (q *queue) rest() error {
	if q.started {
		q.started = false
		if err := q.client.Stop(context.Background()); err != nil {
			return err
		}
	}
	if q.broken {
		return q.close()
	}
	return nil
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

func (q *queue) close() error {
	if q.file == nil {
		return nil
	}
	var err error
	if q.started {
		q.started = false
		err = q.client.Stop(context.Background())
	}
	err = errors.Join(err, q.file.Close())
	q.file, q.client, q.broken = nil, nil, false
	return err
}

// warnings lets through what River warns of.
type warnings struct{ slog.Handler }

func (h warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}
func (h warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{h.Handler.WithAttrs(a)} }
func (h warnings) WithGroup(n string) slog.Handler      { return warnings{h.Handler.WithGroup(n)} }
