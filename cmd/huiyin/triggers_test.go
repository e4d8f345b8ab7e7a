package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/schedule/wallclock"
	"github.com/huiyin/huiyin/generator/store"
)

// A folder of triggers that somebody removes, or moves away, is made anew, and watched.
func TestTriggersGone(t *testing.T) {
	for name, away := range map[string]func(dir string) error{
		"removed": os.RemoveAll,
		"moved":   func(dir string) error { return os.Rename(dir, dir+".old") },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			now := func() time.Time { return time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC) }
			db, err := store.Open(filepath.Join(root, "store.db"), store.Options{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			plan, err := store.OpenSchedule(filepath.Join(root, "schedule.db"))
			if err != nil {
				t.Fatal(err)
			}
			defer plan.Close()
			runner, err := schedule.New(schedule.Defaults("publish"), schedule.Parts{
				Folder: root, Store: plan, Jobs: (&work{}).jobs(), Clock: wallclock.New(now), Random: func() float64 { return 0 }, Holder: job.Holder{Host: "h", ID: "1"},
			})
			if err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			c := &config.Config{Run: config.Run{Triggers: filepath.Join(root, "triggers")}}
			stop, err := watchTriggers(t.Context(), c, triggerQueue{plan, db, runner}, now, slog.New(slog.NewTextHandler(&log, nil)))
			if err != nil {
				t.Fatal(err)
			}
			dir := c.Run.Triggers
			watch, err := fsnotify.NewWatcher()
			if err != nil {
				t.Fatal(err)
			}
			defer watch.Close()
			if err := watch.Add(root); err != nil {
				t.Fatal(err)
			}
			until := func(there func() bool) {
				t.Helper()
				for !there() {
					select {
					case <-watch.Events:
					case <-t.Context().Done():
						t.Fatal("it never came")
					}
				}
			}
			if err := away(dir); err != nil {
				t.Fatal(err)
			}
			until(func() bool { _, err := os.Stat(dir); return err == nil })
			if err := watch.Add(dir); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "a.json")
			if err := os.WriteFile(filepath.Join(root, "a"), []byte(`{"scope":"all"}`), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(root, "a"), file); err != nil {
				t.Fatal(err)
			}
			until(func() bool { _, err := os.Stat(file); return err != nil })
			stop()
			if q, err := plan.Pending(t.Context(), 10); err != nil || len(q) != 1 || q[0].Scope != "all" || q[0].By != "trigger a.json" {
				t.Errorf("%+v, %v\n%s", q, err, log.String())
			}
		})
	}
}
