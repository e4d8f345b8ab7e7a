package site

import (
	"cmp"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
)

// PoolOptions are the settings of a [Pool].
type PoolOptions struct {
	Renderer Options       // Inspect is not handed on: see [Worker]
	Timeout  time.Duration // how long one job may take before its child is killed. Default two minutes
	Memory   int64         // soft memory limit of one child, in bytes. Default 200 MiB
}

// Pool renders partitions in child processes, one job at a time each. It is
// safe for concurrent use.
//
// A child that dies or takes longer than PoolOptions.Timeout costs no more than
// the page that is the cause: the pool starts another one, splits the partition
// until it has found the page, and renders the rest. Children die with the pool
// and with its process.
type Pool struct {
	*Theme
	opts  PoolOptions
	setup setup
	cmd   func() *exec.Cmd
	slots chan *child // nil: not started, or to be started again

	closing sync.Once

	mu    sync.Mutex // guards usage
	usage Usage
}

// Usage is what the children of a pool have used so far. A child is counted
// when it has answered or ended.
type Usage struct {
	PeakRSS int64         // bytes resident in the largest child, at its peak
	CPU     time.Duration // user and system time of all children
	Started int           // children started; more than the size of the pool when some had to be replaced
}

// NewPool returns a pool of n children. cmd makes the command of a child, which
// has to call [ServeWorker] on its standard input and output; the pool sets
// those, and adds to its environment. Children are started when they are needed.
//
// Error output of the children is thrown away unless cmd says otherwise: when
// Hugo panics, it may quote the page.
func NewPool(cmd func() *exec.Cmd, n int, opts PoolOptions) (*Pool, error) {
	if n < 1 {
		return nil, fmt.Errorf("site: a pool of %d children", n)
	}
	theme, err := LoadTheme(opts.Renderer)
	if err != nil {
		return nil, err
	}
	opts.Renderer = theme.opts
	opts.Timeout = cmp.Or(opts.Timeout, 2*time.Minute)
	opts.Memory = cmp.Or(opts.Memory, 200<<20)
	p := &Pool{
		Theme: theme,
		opts:  opts,
		setup: setup{BaseURL: theme.opts.BaseURL, Lang: theme.opts.Lang, Site: theme.opts.Site, Theme: map[string][]byte{}},
		cmd:   cmd,
		slots: make(chan *child, n),
	}
	err = fs.WalkDir(theme.opts.Files, themeFolder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		p.setup.Theme[name], err = fs.ReadFile(theme.opts.Files, name)
		return err
	})
	if err != nil {
		return nil, fault.Wrap(err, "the theme cannot be read", "")
	}
	for range n {
		p.slots <- nil
	}
	return p, nil
}

// Close ends the children and waits for them, after the jobs that they are at.
// Render must not be called afterwards.
func (p *Pool) Close() error {
	p.closing.Do(func() {
		for range cap(p.slots) {
			if c := <-p.slots; c != nil {
				c.stop()
				p.retire(c)
			}
		}
	})
	return nil
}

// Usage returns what the children have used so far.
func (p *Pool) Usage() Usage {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.usage
}

// Render renders job as [Renderer.Render] does, in a child, waiting for one to
// be free. When ctx is cancelled the child is killed.
func (p *Pool) Render(ctx context.Context, job Job) (Result, error) {
	var slot *child
	select {
	case slot = <-p.slots:
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	defer func() { p.slots <- slot }()
	return p.render(ctx, &slot, job)
}

// errDied is the failure of a child, as opposed to an error that it reports.
type errDied struct{ code Code }

func (e *errDied) Error() string { return "the worker process " + string(e.code) }

// render renders job in the child in slot and, if that dies, without the pages
// that kill it.
func (p *Pool) render(ctx context.Context, slot **child, job Job) (Result, error) {
	res, err := p.try(ctx, slot, job)
	var died *errDied
	if !errors.As(err, &died) {
		return res, err
	}
	bad, err := p.suspects(ctx, slot, job, died)
	if err != nil {
		return Result{}, err
	}
	rest := job
	rest.Pages = slices.DeleteFunc(slices.Clone(job.Pages), func(pg Page) bool {
		return slices.ContainsFunc(bad, func(q Quarantined) bool { return q.Path == pg.Path })
	})
	if res, err = p.try(ctx, slot, rest); err != nil {
		if errors.As(err, &died) {
			err = fault.Wrap(err, "the partition "+job.Key+" cannot be rendered", "see whether the machine has enough memory, and report it")
		}
		return Result{}, err
	}
	res.Quarantined = append(res.Quarantined, bad...)
	sortQuarantined(res.Quarantined)
	return res, allFailed(job, res)
}

// maxDeaths is how many children a job may cost before it is given up, so that
// a template that kills with every page does not keep a machine busy for hours.
const maxDeaths = 64

// suspects returns the pages of job that kill a child when rendered alone. died
// is what became of the child that rendered them together.
func (p *Pool) suspects(ctx context.Context, slot **child, job Job, died *errDied) ([]Quarantined, error) {
	var bad []Quarantined
	deaths := 0
	var search func(pages []Page, died *errDied) error
	search = func(pages []Page, died *errDied) error {
		if len(pages) == 1 {
			q := Quarantined{Path: pages[0].Path, Code: died.code}
			if !validPath(q.Path) {
				q.Path = ""
			}
			bad = append(bad, q)
			return nil
		}
		half := len(pages) / 2
		for _, part := range [][]Page{pages[:half], pages[half:]} {
			probe := Job{Key: job.Key, Layouts: job.Layouts, Pages: part}
			_, err := p.try(ctx, slot, probe)
			var died *errDied
			switch {
			case errors.As(err, &died):
				if deaths++; deaths > maxDeaths {
					return fault.Wrap(err, "too many pages of the partition "+job.Key+" stop the renderer", "look at the theme, and report it")
				}
				if err := search(part, died); err != nil {
					return err
				}
			case err != nil && ctx.Err() != nil:
				return err
			}
		}
		return nil
	}
	if len(job.Pages) == 0 {
		return nil, fault.Wrap(died, "the partition "+job.Key+" stops the renderer", "report it")
	}
	return bad, search(job.Pages, died)
}

// try renders job in the child in slot, which it starts if there is none and
// takes away if it dies.
func (p *Pool) try(ctx context.Context, slot **child, job Job) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	if *slot == nil {
		c, err := p.start(ctx)
		if err != nil {
			return Result{}, err
		}
		*slot = c
	}
	c := *slot
	limited, cancel := context.WithTimeout(ctx, p.opts.Timeout)
	defer cancel()
	rep, err := c.ask(limited, job)
	if err == nil {
		p.account(c, rep.Usage)
		return rep.Result, rep.Err.error()
	}
	*slot = nil
	p.discard(c)
	if job.Out != "" {
		os.Remove(job.Out)
	}
	switch {
	case ctx.Err() != nil:
		return Result{}, ctx.Err()
	case limited.Err() != nil:
		return Result{}, &errDied{TimedOut}
	}
	return Result{}, &errDied{Crashed}
}

// start starts a child, tells it what it has to know, and waits until it is
// ready.
func (p *Pool) start(ctx context.Context) (*child, error) {
	const hint = "see that the program can start itself"
	c, err := startChild(p.command())
	if err != nil {
		return nil, fault.Wrap(err, "a worker process cannot be started", hint)
	}
	p.mu.Lock()
	p.usage.Started++
	p.mu.Unlock()
	rep, err := c.ask(ctx, p.setup)
	if err == nil {
		err = rep.Err.error()
	} else if ctx.Err() != nil {
		err = ctx.Err()
	} else {
		err = fault.Wrap(err, "a worker process ends as soon as it is started", hint)
	}
	if err != nil {
		p.discard(c)
		return nil, err
	}
	return c, nil
}

// command returns the command of a child with the environment that makes Hugo
// use one processor and the collector run seldom. A setting that is already in
// the environment stays.
func (p *Pool) command() *exec.Cmd {
	cmd := p.cmd()
	env := cmd.Environ()
	for _, kv := range []string{"GOGC=400", fmt.Sprintf("GOMEMLIMIT=%d", p.opts.Memory), "GOMAXPROCS=1"} {
		env = append([]string{kv}, env...)
	}
	cmd.Env = append(env, "HUGO_NUMWORKERMULTIPLIER=1")
	return cmd
}

// discard ends c at once.
func (p *Pool) discard(c *child) {
	c.kill()
	p.retire(c)
}

// retire waits for the end of c and takes its figures over.
func (p *Pool) retire(c *child) {
	<-c.done
	c.stop()
	c.stdout.Close()
	p.account(c, c.final)
}

// account takes the figures of c over. They are sums over its life, so they
// replace those it has given before.
func (p *Pool) account(c *child, u childUsage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.usage.PeakRSS = max(p.usage.PeakRSS, u.PeakRSS)
	if u.CPU > c.counted {
		p.usage.CPU += time.Duration(u.CPU - c.counted)
		c.counted = u.CPU
	}
}

// child is one worker process.
type child struct {
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stdout  io.Closer
	enc     *gob.Encoder // onto stdin
	dec     *gob.Decoder // from stdout
	counted int64        // CPU time already in the usage of the pool

	done  chan struct{} // closed when the process has ended
	final childUsage    // valid after done
}

// startChild starts cmd. A thread is kept for the child as long as it lives:
// Linux kills the child when the thread that started it ends.
func startChild(cmd *exec.Cmd) (*child, error) {
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	// Not StdoutPipe, which Wait closes while an answer may still be in it.
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout = in
	dieWithParent(cmd)
	c := &child{cmd: cmd, stdin: stdin, stdout: out, enc: gob.NewEncoder(stdin), dec: gob.NewDecoder(out), done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		in.Close()
		started <- err
		if err != nil {
			out.Close()
			stdin.Close()
			return
		}
		cmd.Wait() // how it ended is of no interest: only whether it answered
		c.final = usageOf(cmd.ProcessState)
		close(c.done)
	}()
	return c, <-started
}

// ask sends a value and waits for the answer. When ctx ends, or the child does,
// the error is not nil and the child is of no more use.
func (c *child) ask(ctx context.Context, question any) (rep reply, err error) {
	stop := context.AfterFunc(ctx, c.kill)
	defer func() {
		if !stop() && err == nil { // killed after it had answered
			err = ctx.Err()
		}
	}()
	if err = c.enc.Encode(question); err == nil {
		err = c.dec.Decode(&rep)
	}
	return rep, err
}

func (c *child) kill() { c.cmd.Process.Kill() }

// stop lets the child end by itself.
func (c *child) stop() { c.stdin.Close() }
