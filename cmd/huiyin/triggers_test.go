package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/schedule/wallclock"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/durable"
)

// triggerFolder is a folder of triggers below root that nobody watches.
func triggerFolder(t *testing.T, root string, log io.Writer) *triggers {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC) }
	db, err := store.Open(filepath.Join(root, "store.db"), store.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	plan, err := store.OpenSchedule(filepath.Join(root, "schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { plan.Close() })
	runner, err := schedule.New(schedule.Defaults("publish"), schedule.Parts{
		Folder: root, Store: plan, Jobs: (&work{}).jobs(), Clock: wallclock.New(now), Random: func() float64 { return 0 }, Holder: job.Holder{Host: "h", ID: "1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &triggers{dir: filepath.Join(root, "triggers"), lock: filepath.Join(root, "triggers.lock"), queue: triggerQueue{plan, db, runner}, now: now, log: slog.New(slog.NewTextHandler(log, nil))}
}

// asked are the requests that were kept, the oldest first.
func (f *triggers) asked(t *testing.T) (all []string) {
	t.Helper()
	pending, err := f.queue.Pending(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range pending {
		all = append(all, q.Scope+" by "+q.By)
	}
	return all
}

// files are the files in a folder, and below it.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path) // it is below dir
			all = append(all, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What becomes of a file, by its name and its text: it is kept, or refused with the reason
// in the log; nothing stays.
func TestTriggers(t *testing.T) {
	const all = `{"scope":"all"}`
	for what, tt := range map[string]struct {
		name, text string
		asked      string // "" nothing
		left       string
		log        string
	}{
		"a case":       {"a.json", `{"scope":"case","id":"2611-000017"}`, "case 2611-000017 by trigger a.json", "", ""},
		"no JSON":      {"a.json", "all", "", "a.json.refused", "not a JSON object"},
		"64 KiB":       {"a.json", all + strings.Repeat(" ", 64<<10-len(all)), "all by trigger a.json", "", ""},
		"too long":     {"a.json", all + strings.Repeat(" ", 64<<10-len(all)+1), "", "a.json.refused", "longer than 64 KiB"},
		"another name": {"a.tmp", all, "", "a.tmp", ""},
		"37 characters": {strings.Repeat("撤", 37) + ".json", all,
			"all by trigger " + strings.Repeat("撤", 33), "", ""},
		"controls":                 {"a\u0085\u009b\x7f\n.json", all, "all by trigger a____.json", "", ""},
		"no text":                  {"a\xff.json", all, "all by trigger a_.json", "", ""},
		"the longest, and no JSON": {strings.Repeat("撤", 83) + "x.json", "all", "", strings.Repeat("撤", 82) + ".refused", "not a JSON object"},
	} {
		var log bytes.Buffer
		root := t.TempDir()
		f := triggerFolder(t, root, &log)
		if err := os.Mkdir(f.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(f.dir, tt.name), []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if f.take(t.Context()) {
			t.Errorf("%s: it is left", what)
		}
		if got := strings.Join(f.asked(t), ", "); got != tt.asked {
			t.Errorf("%s: asked for %q, want %q", what, got, tt.asked)
		}
		if got := strings.Join(files(t, f.dir), ", "); got != tt.left {
			t.Errorf("%s: there is %q, want %q", what, got, tt.left)
		}
		if !strings.Contains(log.String(), tt.log) || tt.log == "" && log.Len() > 0 {
			t.Errorf("%s: the log says %s", what, log.String())
		}
	}
}

// A file that comes under the name of one that is being taken is another request.
func TestTriggerAgain(t *testing.T) {
	root := t.TempDir()
	f := triggerFolder(t, root, io.Discard)
	if err := os.Mkdir(f.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	put := func(text string) {
		if err := os.WriteFile(filepath.Join(root, "a"), []byte(text), 0o600); err != nil {
			t.Error(err)
		}
		if err := os.Rename(filepath.Join(root, "a"), filepath.Join(f.dir, "a.json")); err != nil {
			t.Error(err)
		}
	}
	put(`{"scope":"month","id":"2026-10"}`)
	now, second := f.now, false
	f.now = func() time.Time { // is asked when the first was read and is not audited yet
		if !second {
			second = true
			put(`{"scope":"month","id":"2026-11"}`)
		}
		return now()
	}
	for range 2 {
		if f.take(t.Context()) {
			t.Error("something is left")
		}
	}
	if got := fmt.Sprint(f.asked(t)); got != "[month 2026-10 by trigger a.json month 2026-11 by trigger a.json]" || len(files(t, f.dir)) > 0 {
		t.Errorf("asked for %s, %v is left", got, files(t, f.dir))
	}
}

// A request that is kept and whose file cannot be removed is not refused: the file is left.
func TestTriggerStays(t *testing.T) {
	root := t.TempDir()
	var log bytes.Buffer
	f := triggerFolder(t, root, &log)
	if err := os.Mkdir(f.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.dir, "a.json"), []byte(`{"scope":"all"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	now, there := f.now, filepath.Join(f.dir, takenFolder, "a.json")
	f.now = func() time.Time { // is asked when it was read: a folder that is not empty comes in its place
		if err := errors.Join(os.Remove(there), os.MkdirAll(filepath.Join(there, "b"), 0o700)); err != nil {
			t.Error(err)
		}
		return now()
	}
	if !f.take(t.Context()) {
		t.Error("nothing is left")
	}
	if got := f.asked(t); len(got) != 1 || strings.Contains(log.String(), "refused") || !strings.Contains(log.String(), "it was kept, and cannot be removed") {
		t.Errorf("asked for %v; the log says %s", got, log.String())
	}
	if _, err := os.Stat(there); err != nil {
		t.Error(err)
	}
}

// A file that could not be kept, or that a daemon that died was taking, is taken before one
// of the same name that came later; and none while another program takes them.
func TestTriggerLeft(t *testing.T) {
	root := t.TempDir()
	f := triggerFolder(t, root, io.Discard)
	if err := os.Mkdir(f.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	put := func(id string) {
		if err := os.WriteFile(filepath.Join(f.dir, "a.json"), []byte(`{"scope":"month","id":"`+id+`"}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("2026-10")
	ended, end := context.WithCancel(t.Context())
	end()
	if !f.take(ended) {
		t.Error("it was kept by a program that stops")
	}
	put("2026-11")
	if !f.take(ended) {
		t.Error("it was kept by a program that stops")
	}
	lock, err := durable.OS{}.Lock(t.Context(), f.lock, false)
	if err != nil {
		t.Fatal(err)
	}
	if !f.take(t.Context()) {
		t.Error("it was taken while another program takes them")
	}
	if got := f.asked(t); len(got) > 0 || len(files(t, f.dir)) != 2 {
		t.Errorf("asked for %v, %v is left", got, files(t, f.dir))
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	if f.take(t.Context()) {
		t.Error("something is left")
	}
	if got := fmt.Sprint(f.asked(t)); got != "[month 2026-10 by trigger a.json month 2026-11 by trigger a.json]" || len(files(t, f.dir)) > 0 {
		t.Errorf("asked for %s, %v is left", got, files(t, f.dir))
	}
}

// A folder of triggers that somebody removes, or moves away, is made anew, and watched.
func TestTriggersGone(t *testing.T) {
	for name, away := range map[string]func(dir string) error{
		"removed": os.RemoveAll,
		"moved":   func(dir string) error { return os.Rename(dir, dir+".old") },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			var log bytes.Buffer
			f := triggerFolder(t, root, &log)
			c := &config.Config{State: root, Run: config.Run{Triggers: f.dir}}
			stop, err := watchTriggers(t.Context(), c, f.queue, f.now, f.log)
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
			if q, err := f.queue.Pending(t.Context(), 10); err != nil || len(q) != 1 || q[0].Scope != "all" || q[0].By != "trigger a.json" {
				t.Errorf("%+v, %v\n%s", q, err, log.String())
			}
		})
	}
}
