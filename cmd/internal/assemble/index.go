package assemble

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/site/durable"
)

// Index opens the index that a configuration names. Its methods are what
// generator.IndexerOptions asks for.
type Index struct {
	c   *config.Config
	now func() time.Time
}

// NewIndex returns the index of a configuration, or nil where it says that
// nothing is searched.
func NewIndex(c *config.Config, now func() time.Time) *Index {
	if c.Search.Engine == config.NoSearch {
		return nil
	}
	return &Index{c: c, now: now}
}

// Dir returns the folder of the embedded index.
func (x *Index) Dir() string { return x.c.StatePath("search") }

// Write opens the index to change it. While another process of this installation
// has it open like that, the error wraps a [durable.LockedError]. A server that
// cannot be reached is an error at once: a change that has begun waits for it.
func (x *Index) Write(ctx context.Context) (search.Engine, error) {
	if x.c.Search.Engine == config.Embedded {
		return fts.Open(x.Dir(), fts.Options{})
	}
	o, err := x.server()
	if err != nil {
		return nil, err
	}
	// The server knows nothing of who else is changing the index.
	lock, err := durable.OS{}.Lock(ctx, x.c.StatePath("search.lock"), false)
	if err != nil {
		return nil, err
	}
	e, err := meili.New(o)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if _, err := e.Stats(ctx); err != nil && !errors.Is(err, search.ErrNoIndex) {
		return nil, errors.Join(err, e.Close(), lock.Close())
	}
	return locked{e, lock}, nil
}

// locked is an engine on a server with the lock of those who change the index.
type locked struct {
	*meili.Engine
	lock io.Closer
}

// Close closes the engine and lets the lock go.
func (l locked) Close() error { return errors.Join(l.Engine.Close(), l.lock.Close()) }

// Read opens the index to read it, whoever changes it meanwhile.
func (x *Index) Read(context.Context) (search.Engine, error) {
	if x.c.Search.Engine == config.Embedded {
		return fts.OpenReader(x.Dir(), fts.Options{CacheBytes: -1})
	}
	o, err := x.server()
	if err != nil {
		return nil, err
	}
	return meili.NewReader(o)
}

// server returns the options of the Meilisearch server.
func (x *Index) server() (meili.Options, error) {
	key, err := ReadKey(x.c.Path(x.c.Search.KeyFile))
	return meili.Options{URL: x.c.Search.URL, Index: x.c.Search.Index, Key: key, Now: x.now}, err
}

// maxKey is the longest key of a server in bytes.
const maxKey = 1024

// ReadKey reads the key of a server from a file that nobody but its owner may
// read. No error holds any of it.
func ReadKey(path string) (string, error) {
	unreadable := func(err error) error {
		return fault.Coded(fault.ExitConfig, "the key file "+path+" cannot be read", "check its name and permissions; huiyin index keys makes the one that search.key_file names", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", unreadable(err)
	}
	defer f.Close() // only read: nothing can be lost
	info, err := f.Stat()
	if err != nil {
		return "", unreadable(err)
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return "", fault.Coded(fault.ExitConfig, "others than its owner may read the key file "+path, "run: chmod 600 "+path, nil)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	if err != nil {
		return "", unreadable(err)
	}
	key := string(bytes.TrimSpace(text))
	if key == "" || len(text) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fault.Coded(fault.ExitConfig, "the file "+path+" does not hold a key on one line", "put the key into it, and nothing else", nil)
	}
	return key, nil
}
