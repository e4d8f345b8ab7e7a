package main

import (
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A child of a daemon that was killed may outlive it for a while, and hold the store. The
// job of the next daemon waits in the kernel until it has ended, and is then run once: that
// it found the store held is no failure.
func TestOrphanHoldsTheStore(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{
		"busy": "",
		"huiyin": "#!/bin/sh\ncd '" + dir + "'\necho called >> calls\n" +
			`if [ -e busy ]; then echo '{"error":"another run is at work","exit_code":4}'; exit 4; fi; echo '{"release":7}'` + "\n",
	} {
		if err := os.WriteFile(at(name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	lock, err := os.Create(at("store.db.lock"))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	orphan := exec.Command("/bin/sh", "-c", "read line; rm busy") // and lets go of the lock as it ends
	orphan.Dir = dir
	orphan.ExtraFiles = []*os.File{lock}
	told, err := orphan.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}

	w := &work{program: at("huiyin"), config: "huiyin.yaml", lock: at("store.db.lock"), log: slog.New(slog.NewTextHandler(&onWrite{w: told}, nil))}
	r, err := w.do(t.Context(), "publish")
	if err != nil || r.Release != 7 {
		t.Errorf("%+v, %v", r, err)
	}
	calls, err := os.ReadFile(at("calls"))
	if n := strings.Count(string(calls), "called"); err != nil || n != 2 {
		t.Errorf("the command was run %d times, %v", n, err)
	}
	if err := orphan.Wait(); err != nil {
		t.Error(err)
	}
}

// onWrite lets the orphan end when the job says that it waits.
type onWrite struct{ w io.WriteCloser }

func (o *onWrite) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "a job waits") {
		_, _ = io.WriteString(o.w, "\n") // it may have ended: then there is nothing to be told
	}
	return len(p), nil
}
