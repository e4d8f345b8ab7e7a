package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// Withdrawals, pulls and backups copy the journal at the same time, and none is in the way of
// another.
func TestMirrorJournalTogether(t *testing.T) {
	dir := t.TempDir()
	command(t, dir, "init", "--quiet", ".")
	if err := os.WriteFile(filepath.Join(dir, "huiyin.yaml"), []byte(hurriedOffice), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(filepath.Join(dir, "huiyin.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	journal := func(n int) {
		line := []byte("{}\n")
		f, err := os.OpenFile(c.StatePath(journalFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err == nil {
			_, err = f.Write(line)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			t.Error(n, err)
		}
	}
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 20 {
				journal(n)
				if err := (&installation{c: c, a: standard()}).mirrorJournal(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	own, err := os.ReadFile(c.StatePath(journalFile))
	if err != nil {
		t.Fatal(err)
	}
	if copied, err := os.ReadFile(filepath.Join(dir, "backups", journalFile)); err != nil || string(copied) != string(own) {
		t.Errorf("%d of %d bytes are copied, %v", len(copied), len(own), err)
	}
}

// mirrored returns an installation with a place of backups, and this journal.
func mirrored(t *testing.T, journal string) *installation {
	t.Helper()
	dir := t.TempDir()
	c := &config.Config{State: filepath.Join(dir, "state"), Backup: config.Backup{Dir: filepath.Join(dir, "backups")}}
	for _, d := range []string{c.State, c.Backup.Dir} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	in := &installation{c: c, a: standard()}
	in.rewriteJournal(t, journal)
	return in
}

func (in *installation) rewriteJournal(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(in.c.StatePath(journalFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// hanging lets the place of backups not answer before somebody writes to the path returned.
func hanging(t *testing.T, in *installation) (mirror string) {
	t.Helper()
	mirror = filepath.Join(in.c.Backup.Dir, journalFile)
	if err := syscall.Mkfifo(mirror, 0o600); err != nil {
		t.Fatal(err)
	}
	return mirror
}

// A place of backups that does not answer keeps no withdrawal from being written down.
func TestMirrorHangs(t *testing.T) {
	in := mirrored(t, "{}\n")
	mirror := hanging(t, in)
	copied := make(chan error, 1)
	go func() { copied <- in.mirrorJournal(context.Background()) }()
	answer, err := os.OpenFile(mirror, os.O_WRONLY, 0) // once the place is being read
	if err != nil {
		t.Fatal(err)
	}
	lock, err := durable.OS{}.Lock(t.Context(), in.c.StatePath(journalFile+".lock"), false)
	if err != nil {
		t.Errorf("the journal is held: %v", err)
	} else if err := lock.Close(); err != nil {
		t.Error(err)
	}
	if err := errors.Join(answer.Close(), <-copied); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(mirror); err != nil || string(text) != "{}\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// It keeps no command from coming to its end, either.
func TestMirrorHangsForEver(t *testing.T) {
	in := mirrored(t, "{}\n")
	in.a.placeWithin = time.Millisecond
	mirror := hanging(t, in)
	msg, hint, code := fault.Public(in.mirrorJournal(t.Context()))
	if msg != "the place of backups does not answer: "+in.c.Backup.Dir || hint == "" || code != fault.ExitPartial {
		t.Errorf("%q, %q, %d", msg, hint, code)
	}
	answer, err := os.OpenFile(mirror, os.O_WRONLY, 0)
	if err == nil {
		err = answer.Close()
	}
	if err != nil {
		t.Error(err)
	}
	in.mirrorEnds(t)
}

// mirrorEnds waits for the end of a copy that nobody waits for any more, so that it writes
// nothing while the folder is removed.
func (in *installation) mirrorEnds(t *testing.T) {
	t.Helper()
	lock, err := durable.OS{}.Lock(t.Context(), in.c.StatePath(placesFile+".lock"), true)
	if err == nil {
		err = lock.Close()
	}
	if err != nil {
		t.Error(err)
	}
}

// A command that is told to stop does not wait for it; and where there is no place, there is
// nothing to wait for.
func TestMirrorIsNotWaitedFor(t *testing.T) {
	in := mirrored(t, "{}\n")
	in.a.placeWithin = time.Hour
	mirror := hanging(t, in)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- in.mirrorJournal(ctx) }()
	answer, err := os.OpenFile(mirror, os.O_WRONLY, 0) // when it reads
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-stopped; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := answer.Close(); err != nil {
		t.Error(err)
	}
	in.mirrorEnds(t)
	in = &installation{c: &config.Config{}, a: &app{}}
	for range 100 {
		if err := in.mirrorJournal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// What a crash cut short, and the next withdrawal writes over, is neither beside the backups
// nor in them: they would not be of this journal any more.
func TestMirrorOfATornEnd(t *testing.T) {
	for _, torn := range []string{`{"day":"2026-11`, "{\"more\":true}\n", "{\"more\":true}\n{\"more\":true}\n{"} {
		in := mirrored(t, "{}\n"+torn)
		if err := in.mirrorJournal(t.Context()); err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(t.TempDir(), "copy")
		if err := in.copyJournal(t.Context(), in.c.StatePath(journalFile), to); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(to); err != nil || string(text) != "{}\n" {
			t.Errorf("%q: the copy is %q, %v", torn, text, err)
		}
		in.rewriteJournal(t, "{}\n{}\n")
		if err := in.mirrorJournal(t.Context()); err != nil {
			t.Errorf("%q: %v", torn, err)
		}
	}
}
