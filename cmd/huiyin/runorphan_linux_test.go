package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
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
	orphan := exec.Command("/bin/sh", "-c", "read line; rm busy; exit 0") // and lets go of the lock as it ends
	orphan.Dir = dir
	orphan.ExtraFiles = []*os.File{lock}
	told, err := orphan.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	info, err := lock.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	go func() {
		awaited(ctx, info.Sys().(*syscall.Stat_t).Ino)
		_ = told.Close()
	}()

	w := &work{program: at("huiyin"), config: "huiyin.yaml", lock: at("store.db.lock"), log: slog.New(slog.DiscardHandler)}
	r, err := w.do(ctx, "publish")
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

// awaited waits until somebody waits in the kernel for the lock of the file, if ctx lasts.
func awaited(ctx context.Context, inode uint64) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		all, _ := os.ReadFile("/proc/locks")
		for line := range strings.Lines(string(all)) {
			if strings.Contains(line, "-> FLOCK") && strings.Contains(line, fmt.Sprintf(":%d ", inode)) {
				return
			}
		}
		<-tick.C
	}
}
