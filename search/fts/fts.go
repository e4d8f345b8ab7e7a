package fts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/durable"
)

// Names within the folder of an index.
const (
	pointerName = "current"
	lockName    = "writer.lock"
	fileName    = "index.db"

	buildingName = "building" // what a Rebuild is at work on
	haltedName   = "halted"   // what an interrupted Rebuild has left
	genPrefix    = "gen-"
)

// maxOrd bounds how many documents an index has room for.
const maxOrd = 1<<30 - 1

// Options of an index. The zero value is sound.
type Options struct {
	// CacheBytes is how much memory the hits of words asked for before may take;
	// 0 means 64 MiB, a negative number none.
	CacheBytes int64
	// Readers is how many searches run at once; others wait. 0 means twice the
	// number of processors, at least 4.
	Readers int
	// Poll tells a reader to look for changes now, so that the next search need
	// not: the channel of a ticker. Without it searches look themselves,
	// and find the same.
	Poll <-chan time.Time
	// Now is the clock by which a reader's Each looks for changes now and then;
	// without it Each looks before every hit.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	if o.CacheBytes == 0 {
		o.CacheBytes = 64 << 20
	}
	if o.Readers <= 0 {
		o.Readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	return o
}

// Index is an index in a folder. It is safe for concurrent use.
type Index struct {
	dir    string
	o      Options
	texts  *texts
	writer *writer // nil: this index is only read

	mu     sync.Mutex
	gen    *generation // the current one as far as it is known; nil before the first
	closed bool

	stop chan struct{}
	done sync.WaitGroup
}

var _ search.Engine = (*Index)(nil)

var errReadOnly = errors.New("this index was opened for reading only")
var errClosed = fmt.Errorf("%w: it was closed", search.ErrUnavailable)

// Open opens the index in a folder, which is made when it is missing, for
// reading and writing. One process can do so at a time; another gets an error
// that wraps a [durable.LockedError]. What a Rebuild left that was interrupted
// is kept for the next one.
func Open(dir string, o Options) (*Index, error) {
	t, err := newTexts()
	if err != nil {
		return nil, err
	}
	if err := durable.MkdirAll(durable.OS{}, dir); err != nil {
		return nil, err
	}
	lock, err := durable.OS{}.Lock(forever, filepath.Join(dir, lockName), false)
	if err != nil {
		return nil, fmt.Errorf("the index is being written by another: %w", err)
	}
	x := &Index{dir: dir, o: o.withDefaults(), texts: t, stop: make(chan struct{})}
	if x.writer, err = openWriter(dir, t, lock); err != nil {
		return nil, errors.Join(explain(err, dir), lock.Close())
	}
	return x, nil
}

// OpenReader opens the index in a folder for reading only. It needs no right to
// write there; see the package comment. The folder may be empty or missing:
// searches return [search.ErrNoIndex] until there is an index.
func OpenReader(dir string, o Options) (*Index, error) {
	t, err := newTexts()
	if err != nil {
		return nil, err
	}
	x := &Index{dir: dir, o: o.withDefaults(), texts: t, stop: make(chan struct{})}
	if o.Poll != nil {
		x.done.Go(func() {
			for {
				select {
				case <-x.stop:
					return
				case _, ok := <-o.Poll:
					if !ok {
						return
					}
					// An error is met again, and told, by the next search.
					_ = x.Refresh(forever)
				}
			}
		})
	}
	return x, nil
}

// Close ends the use of the index. Searches under way still end well.
func (x *Index) Close() error {
	x.mu.Lock()
	if x.closed {
		x.mu.Unlock()
		return nil
	}
	x.closed = true
	gen := x.gen
	x.gen = nil
	x.mu.Unlock()
	close(x.stop)
	x.done.Wait()
	var errs []error
	if gen != nil {
		errs = append(errs, gen.release())
	}
	if x.writer != nil {
		errs = append(errs, x.writer.close())
	}
	return errors.Join(errs...)
}

// Refresh looks for changes and makes them ready for the next search. No index
// is no error.
func (x *Index) Refresh(ctx context.Context) error {
	err := x.view(ctx, func(*view) error { return nil })
	if errors.Is(err, search.ErrNoIndex) {
		return nil
	}
	return err
}

// view runs f in a read transaction of the current generation.
func (x *Index) view(ctx context.Context, f func(*view) error) error {
	return x.read(ctx, func(g *generation, c *conn) error {
		v, err := g.viewAt(c)
		if err != nil {
			return err
		}
		return f(v)
	})
}

// read runs f in a read transaction of the current generation.
func (x *Index) read(ctx context.Context, f func(*generation, *conn) error) error {
	// The folder of a generation can go between the moment when its name is read
	// and the moment when its file is opened, but only after another became the
	// current one.
	for {
		g, err := x.current()
		if err != nil {
			return err
		}
		started := false
		err = g.read(ctx, func(c *conn) error {
			started = true
			return f(g, c)
		})
		err = errors.Join(explain(err, g.path), g.release())
		if err == nil || started {
			return err
		}
		if name, nameErr := readPointer(x.dir); nameErr != nil || name == g.name {
			return err
		}
	}
}

// current returns the generation that is now current, held.
func (x *Index) current() (*generation, error) {
	for {
		name, err := readPointer(x.dir)
		if err != nil {
			return nil, err
		}
		g, err := x.generation(name)
		if err == nil {
			return g, nil
		}
		if again, nameErr := readPointer(x.dir); nameErr != nil || again == name {
			return nil, explain(err, filepath.Join(x.dir, name, fileName))
		}
	}
}

// generation returns the generation of a name, held. It becomes x.gen.
func (x *Index) generation(name string) (*generation, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, errClosed
	}
	if x.gen != nil && x.gen.name == name {
		x.gen.hold()
		return x.gen, nil
	}
	g, err := openGeneration(x.dir, name, x.texts, x.o)
	if err != nil {
		return nil, err
	}
	old := x.gen
	x.gen = g
	g.hold()
	if old != nil {
		if err := old.release(); err != nil {
			return nil, errors.Join(err, g.release())
		}
	}
	return g, nil
}

// readPointer returns the name of the current generation.
func readPointer(dir string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, pointerName))
	if errors.Is(err, fs.ErrNotExist) {
		return "", search.ErrNoIndex
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", search.ErrUnavailable, err)
	}
	name, ok := strings.CutSuffix(string(data), "\n")
	if _, valid := generationNumber(name); !ok || !valid {
		return "", damaged(filepath.Join(dir, pointerName), errors.New("it names no generation"))
	}
	return name, nil
}

func generationName(n int) string { return fmt.Sprintf("%s%04d", genPrefix, n) }

// generationNumber is the reverse of generationName.
func generationNumber(name string) (int, bool) {
	digits, ok := strings.CutPrefix(name, genPrefix)
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n > 0 && generationName(n) == name
}

// generations lists the numbers of all generations in a folder, ascending.
func generations(dir string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []int
	for _, e := range entries {
		if n, ok := generationNumber(e.Name()); ok {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all, nil
}

// Stats returns the state of the index.
func (x *Index) Stats(ctx context.Context) (search.Stats, error) {
	if err := ctx.Err(); err != nil {
		return search.Stats{}, err
	}
	var s search.Stats
	err := x.read(ctx, func(g *generation, c *conn) error {
		s.Generation = g.name
		return c.row(`SELECT docs, version, mark FROM state`, nil, &s.Docs, &s.Version, &s.Mark)
	})
	if err != nil {
		return search.Stats{}, err
	}
	if s.Bytes, err = sizeOf(filepath.Join(x.dir, s.Generation)); err != nil {
		return search.Stats{}, err
	}
	if x.writer != nil {
		s.Indexing = x.writer.busy.Load() > 0
		return s, nil
	}
	_, err = os.Stat(filepath.Join(x.dir, buildingName))
	s.Indexing = err == nil
	return s, nil
}

// sizeOf returns how many bytes the files of a folder have. A file that goes
// meanwhile has none.
func sizeOf(dir string) (int64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	var sum int64
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		sum += info.Size()
	}
	return sum, nil
}
