package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/cmd/internal/config"
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
				if err := (&installation{c: c}).mirrorJournal(context.Background()); err != nil {
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
