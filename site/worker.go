package site

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"syscall"
	"testing/fstest"

	"github.com/huiyin/huiyin/generator/fault"
)

// The pipe between a pool and a child carries gob values: a setup and a reply
// that says whether it will do, then a Job and its reply in turn. gob frames
// each value with its length.

// setup is what a child has to know before its first job.
type setup struct {
	BaseURL string
	Lang    string
	Site    map[string]string
	Theme   map[string][]byte // files of the theme, by path
}

// reply answers a setup or a Job.
type reply struct {
	Result Result
	Err    *remoteError
	Usage  childUsage
}

// childUsage is what a process has used so far.
type childUsage struct {
	PeakRSS int64 // bytes
	CPU     int64 // nanoseconds, user and system
}

// remoteError is an error on its way through the pipe: its public text, its
// cause as text, and its system error, so that a full disk stays a full disk.
type remoteError struct {
	Msg, Hint, Cause string
	Code             int
	Errno            syscall.Errno
}

func newRemoteError(err error) *remoteError {
	if err == nil {
		return nil
	}
	r := &remoteError{Cause: err.Error()}
	var f *fault.Error
	if errors.As(err, &f) {
		r.Msg, r.Hint, r.Code = f.Msg, f.Hint, f.Code
		if f.Err != nil {
			r.Cause = f.Err.Error()
		}
	}
	errors.As(err, &r.Errno)
	return r
}

// error returns the error as it was before the pipe.
func (r *remoteError) error() error {
	if r == nil {
		return nil
	}
	err := errors.New(r.Cause)
	if r.Errno != 0 {
		err = &causedBy{text: r.Cause, errno: r.Errno}
	}
	if r.Msg == "" {
		return err
	}
	return fault.Coded(r.Code, r.Msg, r.Hint, err)
}

// causedBy is an error text with the system error that it already mentions.
type causedBy struct {
	text  string
	errno syscall.Errno
}

func (e *causedBy) Error() string { return e.text }
func (e *causedBy) Unwrap() error { return e.errno }

// Worker is the child side of a [Pool].
type Worker struct {
	// Inspect is Options.Inspect for the pages that this worker renders.
	Inspect func(path string, body []byte) error

	// engine wraps the engine in tests.
	engine func(engine) engine
}

// ServeWorker renders the jobs that a [Pool] sends on r and answers on w, one
// at a time. It returns nil when r ends, which is also what happens when the
// parent dies.
func ServeWorker(r io.Reader, w io.Writer) error { return Worker{}.Serve(r, w) }

// Serve is [ServeWorker] with the settings of wk.
func (wk Worker) Serve(r io.Reader, w io.Writer) error {
	dec, enc := gob.NewDecoder(r), gob.NewEncoder(w)
	var s setup
	if err := dec.Decode(&s); err != nil {
		return ended(err)
	}
	renderer, err := wk.renderer(s)
	for rep := (reply{Err: newRemoteError(err)}); ; {
		rep.Usage = ownUsage()
		if err := enc.Encode(rep); err != nil {
			return fmt.Errorf("answer the pool: %w", err)
		}
		if renderer == nil {
			return nil
		}
		var job Job
		if err := dec.Decode(&job); err != nil {
			return ended(err)
		}
		res, err := renderer.Render(context.Background(), job)
		rep = reply{Result: res, Err: newRemoteError(err)}
	}
}

func (wk Worker) renderer(s setup) (*Renderer, error) {
	files := make(fstest.MapFS, len(s.Theme))
	for name, b := range s.Theme {
		files[name] = &fstest.MapFile{Data: b}
	}
	r, err := NewRenderer(Options{BaseURL: s.BaseURL, Lang: s.Lang, Site: s.Site, Files: files, Inspect: wk.Inspect})
	if err != nil {
		return nil, err
	}
	if wk.engine != nil {
		r.engine = wk.engine(r.engine)
	}
	return r, nil
}

func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("read from the pool: %w", err)
}
