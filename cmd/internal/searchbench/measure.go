package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/figures"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
)

// bench is a run of the benchmark.
type bench struct {
	options
	index  *fts.Index // changes
	reader *fts.Index // is asked
	figures.Printer
}

// measure runs every part and prints its figures as Markdown.
func measure(ctx context.Context, o options) error {
	b := &bench{options: o, Printer: figures.Printer{Out: os.Stdout}}
	b.Print("%d cases, seed %d, %d processors, %s, %s\n\n", o.cases, o.seed, runtime.NumCPU(), runtime.Version(), time.Now().UTC().Format(time.DateOnly))
	b.Print("| part | p50 | p95 | processor | |\n|---|---|---|---|---|\n")
	if err := b.build(ctx); err != nil {
		return err
	}
	var err error
	if b.index, err = fts.Open(o.dir, fts.Options{}); err != nil {
		return err
	}
	defer b.index.Close()
	// No cache: every question is asked for the first time.
	if b.reader, err = fts.OpenReader(o.dir, fts.Options{CacheBytes: -1, Now: time.Now}); err != nil {
		return err
	}
	defer b.reader.Close()
	for _, part := range []func(context.Context) error{b.open, b.questions, b.quality, b.throughput, b.changes} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	if o.record == "" {
		return nil
	}
	return b.Keep(o.record, fmt.Sprintf("searchbench -cases %d", b.cases))
}

// row prints a line of the table.
func (b *bench) row(part string, t timing, note string, args ...any) {
	b.Print("| %s | %s | %s |\n", part, t, fmt.Sprintf(note, args...))
}

// timing is how long the calls of one kind took.
type timing struct {
	took []time.Duration
	cpu  time.Duration // of the whole process, for all of them
}

func (t *timing) add(o timing) {
	t.took = append(t.took, o.took...)
	t.cpu += o.cpu
}

// String writes three cells of the table: p50, p95, and processor time for each
// call, in milliseconds; empty ones without calls.
func (t timing) String() string {
	n := len(t.took)
	if n == 0 {
		return "| |"
	}
	slices.Sort(t.took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	at := func(p float64) float64 { return ms(t.took[min(n-1, int(math.Ceil(p*float64(n)))-1)]) }
	return fmt.Sprintf("%.2f ms | %.2f ms | %.2f ms", at(0.50), at(0.95), ms(t.cpu)/float64(n))
}

// timed calls f n times.
func timed(n int, f func() error) (timing, error) {
	var t timing
	before := processor()
	for range n {
		start := time.Now()
		if err := f(); err != nil {
			return t, err
		}
		t.took = append(t.took, time.Since(start))
	}
	t.cpu = processor() - before
	return t, nil
}

// processor returns the processor time of this process.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident returns the memory that the process has now, in bytes, as Linux says
// it.
func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	var all, here int64
	if err != nil {
		return 0
	}
	if _, err := fmt.Sscan(string(text), &all, &here); err != nil {
		return 0
	}
	return here * int64(os.Getpagesize())
}

// build builds the index in another process, unless it is there.
func (b *bench) build(ctx context.Context) error {
	if x, err := fts.OpenReader(b.dir, fts.Options{}); err == nil {
		s, err := x.Stats(ctx)
		if closeErr := x.Close(); closeErr != nil {
			return closeErr
		}
		if err == nil && s.Mark == b.mark() {
			b.row("build", timing{}, "was there, %d MiB", s.Bytes>>20)
			return nil
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "-build", "-dir", b.dir, "-cases", fmt.Sprint(b.cases), "-seed", fmt.Sprint(b.seed))
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	wall, cpu, peak := time.Since(start), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime(), int64(0)
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = u.Maxrss * 1024
	}
	x, err := fts.OpenReader(b.dir, fts.Options{})
	if err != nil {
		return err
	}
	s, err := x.Stats(ctx)
	if err := x.Close(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	b.row("build, with making the cases up", timing{}, "%.0f s, %.0f s of the processor, %d MiB of memory, %d MiB on disk; floor at 1,000,000: 720 s, 300 MiB, 5,632 MiB",
		wall.Seconds(), cpu.Seconds(), peak>>20, s.Bytes>>20)
	return nil
}

// mark names the cases of the index.
func (b options) mark() string { return fmt.Sprintf("searchbench %d %d", b.cases, b.seed) }

// buildIndex is what the other process does.
func buildIndex(ctx context.Context, o options) error {
	x, err := fts.Open(o.dir, fts.Options{})
	if err != nil {
		return err
	}
	defer x.Close()
	return x.Rebuild(ctx, search.SiteSchema(), o.mark(), newCity(o.seed, 0).docs(o.cases))
}

// open measures the first question, for which columns are read.
func (b *bench) open(ctx context.Context) error {
	t, err := timed(1, func() error {
		_, err := b.reader.Search(ctx, search.Query{Limit: 1})
		return err
	})
	b.row("first question after opening", t, "")
	return err
}
