package searchtest

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
)

// Check runs the suite outside a test and writes a line for each case, and one
// for each failure. It returns how many cases failed. Cases run one after the
// other; when ctx ends, the rest fail.
func Check(ctx context.Context, w io.Writer, open func(T) Harness) (failed int) {
	return check(ctx, w, open, promises())
}

func check(ctx context.Context, w io.Writer, open func(T) Harness, all []promise) (failed int) {
	root := &checked{out: &output{w: w}, ctx: ctx}
	run(root, open, all)
	return root.failures
}

// output is a writer that the goroutines of a case share.
type output struct {
	mu sync.Mutex
	w  io.Writer
}

func (o *output) print(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	fmt.Fprintf(o.w, format+"\n", args...)
}

// checked is a case that Check runs.
type checked struct {
	out  *output
	name string
	ctx  context.Context

	mu       sync.Mutex
	failed   bool
	cleanups []func()

	failures int // of the cases run by this one
}

func (c *checked) Context() context.Context { return c.ctx }

func (c *checked) Cleanup(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cleanups = append(c.cleanups, f)
}

func (c *checked) TempDir() string {
	dir, err := os.MkdirTemp("", "searchtest")
	if err != nil {
		c.Fatalf("%v", err)
	}
	c.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func (c *checked) Errorf(format string, args ...any) {
	c.out.print("     %s: "+format, append([]any{c.name}, args...)...)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed = true
}

// Fatalf ends the goroutine, as that of package testing does.
func (c *checked) Fatalf(format string, args ...any) {
	c.Errorf(format, args...)
	runtime.Goexit()
}

func (c *checked) Run(name string, f func(T)) bool {
	if c.name != "" {
		name = c.name + "/" + name
	}
	ctx, cancel := context.WithCancel(c.ctx)
	sub := &checked{out: c.out, name: name, ctx: ctx}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer sub.clean()
		defer cancel()
		if err := ctx.Err(); err != nil {
			sub.Fatalf("%v", err)
		}
		f(sub)
	}()
	<-done
	sub.mu.Lock()
	defer sub.mu.Unlock()
	c.failures += sub.failures
	if sub.failed {
		c.failures++
		c.out.print("FAIL %s", name)
		return false
	}
	c.out.print("ok   %s", name)
	return sub.failures == 0
}

// clean calls the cleanups, last first. They may fail the case and may add more.
func (c *checked) clean() {
	for {
		c.mu.Lock()
		n := len(c.cleanups)
		if n == 0 {
			c.mu.Unlock()
			return
		}
		f := c.cleanups[n-1]
		c.cleanups = c.cleanups[:n-1]
		c.mu.Unlock()
		f()
	}
}
