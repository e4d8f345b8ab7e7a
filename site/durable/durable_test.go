package durable_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
)

// TestCrash cuts the power at every change of a program that makes a folder in
// a folder, writes a file twice and moves it. What had been acknowledged is
// there, and what is there is whole.
func TestCrash(t *testing.T) {
	program := func(fsys durable.FS, done func(string)) error {
		if err := durable.MkdirAll(fsys, "/a/b/c"); err != nil {
			return err
		}
		for _, text := range []string{"first", "second"} {
			if err := durable.WriteFile(fsys, "/a/b/c/file", []byte(text)); err != nil {
				return err
			}
			done(text)
		}
		if err := durable.Rename(fsys, "/a/b/c/file", "/a/moved"); err != nil {
			return err
		}
		done("moved")
		if err := durable.Remove(fsys, "/a/moved"); err != nil {
			return err
		}
		done("removed")
		return nil
	}
	whole := durabletest.New()
	if err := program(whole, func(string) {}); err != nil {
		t.Fatal(err)
	}
	if n := whole.Changes(); n < 15 {
		t.Fatalf("%d changes", n)
	}
	for at := range whole.Changes() {
		for keep := durabletest.KeepNone; keep <= durabletest.KeepAll; keep++ {
			fsys := durabletest.New()
			fsys.CrashAt(at)
			acknowledged := ""
			if err := program(fsys, func(s string) { acknowledged = s }); !errors.Is(err, durabletest.ErrCrash) {
				t.Fatalf("change %d: %v", at, err)
			}
			files := fsys.Reboot(keep).Files()
			file, moved := files["/a/b/c/file"], files["/a/moved"]
			var ok bool
			switch acknowledged {
			case "":
				ok = (file == "" || file == "first") && moved == ""
			case "first":
				ok = (file == "first" || file == "second") && moved == ""
			case "second":
				ok = file == "second" || moved == "second"
			case "moved":
				ok = file == "" && (moved == "second" || moved == "")
			}
			if !ok {
				t.Errorf("cut at change %d, keep %d, after %q: file %q, moved %q", at, keep, acknowledged, file, moved)
			}
		}
	}
}

// TestParents shows why MkdirAll syncs: without that, the folder is lost with a
// file in it that was itself written with all care.
func TestParents(t *testing.T) {
	fsys := durabletest.New()
	if err := fsys.Mkdir("/a"); err != nil {
		t.Fatal(err)
	}
	if err := durable.WriteFile(fsys, "/a/file", []byte("text")); err != nil {
		t.Fatal(err)
	}
	if files := fsys.Reboot(durabletest.KeepNone).Files(); len(files) != 0 {
		t.Errorf("the file system of the tests is too kind: %v", files)
	}
}

func TestFailedWriteLeavesTheOldFile(t *testing.T) {
	for at := range 4 { // create, write, sync, rename
		fsys := durabletest.New()
		if err := durable.WriteFile(fsys, "/file", []byte("old")); err != nil {
			t.Fatal(err)
		}
		broken := errors.New("input/output error")
		fsys.FailAt(at, broken)
		if err := durable.WriteFile(fsys, "/file", []byte("new")); !errors.Is(err, broken) {
			t.Errorf("change %d: %v", at, err)
		}
		if files := fsys.Files(); len(files) != 1 || files["/file"] != "old" {
			t.Errorf("change %d: %q", at, files)
		}
	}
}

func TestOS(t *testing.T) {
	dir := t.TempDir()
	fsys := durable.OS{}
	name := filepath.Join(dir, "a", "b", "file")
	if err := durable.MkdirAll(fsys, filepath.Dir(name)); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one", "two and more", ""} {
		if err := durable.WriteFile(fsys, name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if b, err := durable.ReadFile(fsys, name); err != nil || string(b) != text {
			t.Errorf("read %q, %v; wrote %q", b, err, text)
		}
	}
	if err := fsys.SyncAll(dir); err != nil {
		t.Error(err)
	}
	if err := durable.MkdirAll(fsys, name); err == nil {
		t.Error("a folder was made where a file is")
	}
	if err := durable.Rename(fsys, name, filepath.Join(dir, "moved")); err != nil {
		t.Error(err)
	}
	if err := durable.Remove(fsys, filepath.Join(dir, "moved")); err != nil {
		t.Error(err)
	}
	if err := durable.Remove(fsys, filepath.Join(dir, "moved")); err != nil {
		t.Errorf("removing what is not there: %v", err)
	}
	if _, err := fsys.Open(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("open: %v", err)
	}
	if entries, err := fsys.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 0 {
		t.Errorf("left over: %v, %v", entries, err)
	}
}

func TestLock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	ctx := t.Context()
	first, err := durable.OS{}.Lock(ctx, name, false)
	if err != nil {
		t.Fatal(err)
	}
	_, err = durable.OS{}.Lock(ctx, name, false)
	var locked *durable.LockedError
	if !errors.As(err, &locked) || locked.Holder != "this process" {
		t.Errorf("second lock: %v", err)
	}
	ended, end := context.WithCancel(ctx)
	end()
	if _, err := (durable.OS{}).Lock(ended, name, true); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting with a context that has ended: %v", err)
	}
	got := make(chan error)
	go func() {
		l, err := durable.OS{}.Lock(ctx, name, true)
		if err == nil {
			err = l.Close()
		}
		got <- err
	}()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-got; err != nil {
		t.Errorf("waiting: %v", err)
	}
}

// TestLockBesideChild lets a lock go while a child that was just started still has the file.
func TestLockBesideChild(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	for range 2 {
		l, err := durable.OS{}.Lock(t.Context(), name, false)
		if err != nil {
			t.Fatal(err)
		}
		durabletest.Child(t, name)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLockOfAnotherProcess holds a lock in a child and asks who has it.
func TestLockOfAnotherProcess(t *testing.T) {
	if name := os.Getenv("DURABLE_TEST_LOCK"); name != "" {
		if _, err := (durable.OS{}).Lock(t.Context(), name, false); err != nil {
			t.Fatal(err)
		}
		fmt.Println("locked")
		_, _ = os.Stdin.Read(make([]byte, 1)) // until the parent closes it
		return
	}
	name := filepath.Join(t.TempDir(), "lock")
	child := exec.Command(os.Args[0], "-test.run=^TestLockOfAnotherProcess$")
	child.Env = append(os.Environ(), "DURABLE_TEST_LOCK="+name)
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, len("locked"))
	if _, err := out.Read(line); err != nil || string(line) != "locked" {
		t.Fatalf("child said %q, %v", line, err)
	}
	_, err = durable.OS{}.Lock(t.Context(), name, false)
	want := fmt.Sprintf("process %d (", child.Process.Pid)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("lock: %v, want it to name %s", err, want)
	}
	if err := errors.Join(in.Close(), child.Wait()); err != nil {
		t.Error(err)
	}
	l, err := durable.OS{}.Lock(t.Context(), name, false)
	if err != nil {
		t.Fatalf("after the end of the process: %v", err)
	}
	l.Close()
}
