package schedule

import (
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/fsnotify/fsnotify"

	"github.com/huiyin/huiyin/generator/fault"
)

// wakeFolder holds the file that other programs touch, below the folder of the runner.
const wakeFolder = "wake"

// Wake wakes the runners that work on a folder, in whatever process they are. Without one
// it does nothing that is noticed.
func Wake(folder string) error {
	err := os.MkdirAll(filepath.Join(folder, wakeFolder), 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, wakeFolder, "now"), nil, 0o600)
	}
	return fault.Wrap(err, "the program that runs cannot be woken", "it will see what there is to do at its next firing; check the rights of "+folder)
}

// watch calls wake whenever [Wake] is called in any process. It waits in the kernel.
func watch(folder string, wake func()) (stop func(), err error) {
	dir := filepath.Join(folder, wakeFolder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return func() {}, err
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return func() {}, err
	}
	if err := w.Add(dir); err != nil {
		return func() {}, errors.Join(err, w.Close())
	}
	var done sync.WaitGroup
	done.Go(func() {
		events, failures := w.Events, w.Errors
		for events != nil || failures != nil {
			select {
			case _, ok := <-events:
				if !ok {
					events = nil
				}
			case _, ok := <-failures: // events were lost
				if !ok {
					failures = nil
				}
			}
			wake()
		}
	})
	return func() {
		_ = w.Close()
		done.Wait()
	}, nil
}
