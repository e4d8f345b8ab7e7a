package attach

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// memoryPages bounds the memory of PDFium, in pages of 64 KiB: 512 MiB.
const memoryPages = 8192

// machine is the PDFium machine: WebAssembly translated once, and an instance of
// its own for each file, so that no file can touch the next.
type machine struct {
	slot chan struct{} // holds a value while a file is worked on
	mu   sync.Mutex
	pool pdfium.Pool // nil until it is needed
	end  context.CancelFunc
}

// noChance is the source of randomness of the machine: it has none to give.
type noChance struct{}

func (noChance) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// start returns the pool of instances, and makes it the first time. It has no
// files, no network, no clock but the one that stands still, and no way to print.
func (m *machine) start() (pdfium.Pool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pool != nil {
		return m.pool, nil
	}
	ctx, end := context.WithCancel(context.Background())
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MaxIdle: 1, MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard, RandomSource: noChance{},
		RuntimeConfig: wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithCloseOnContextDone(true).WithMemoryLimitPages(memoryPages),
	})
	if err != nil {
		end()
		return nil, err
	}
	m.pool, m.end = pool, end
	return pool, nil
}

// close ends the machine, once the file that is worked on is done.
func (m *machine) close() error {
	m.slot <- struct{}{}
	defer func() { <-m.slot }()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pool == nil {
		return nil
	}
	err := m.pool.Close()
	m.end()
	m.pool = nil
	return err
}

// with runs f with an instance of its own, one at a time. When ctx is done, the
// instance is stopped wherever it is, and with returns a refusal.
func (m *machine) with(ctx context.Context, f func(pdfium.Pdfium) error) (err error) {
	select {
	case m.slot <- struct{}{}:
	case <-ctx.Done():
		return refusal("pdf-time")
	}
	defer func() { <-m.slot }()
	pool, err := m.start()
	if err != nil {
		return err
	}
	instance, err := pool.GetInstance(time.Minute) // the slot is ours: nothing to wait for
	if err != nil {
		return err
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		// Closing again after it was stopped fails, which says nothing.
		_ = instance.Kill()
	})
	defer func() {
		p := recover()
		if !stop() {
			<-stopped
			err = refusal("pdf-time")
			return
		}
		_ = instance.Close() // whatever state the file left it in, it is thrown away
		if p != nil {
			err = errors.New("panic within the PDF reader")
		}
	}()
	return f(instance)
}
