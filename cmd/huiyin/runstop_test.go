package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// A daemon that is told to stop in the middle of a publication lets it end where there is time
// for that. Where there is none, the old release stands, whole, and the next daemon goes on.
func TestStoppedInMidRender(t *testing.T) {
	for _, tt := range []struct {
		grace string
		ended bool
	}{{"5m", true}, {"1ms", false}} {
		t.Run(tt.grace, func(t *testing.T) {
			base := t.TempDir()
			o := &office{t: t, dir: filepath.Join(base, "office"), withdrawn: map[string]bool{}}
			command(t, base, "init", "--quiet", o.dir)
			settings := strings.Replace(hurriedOffice, "  tries: 20\n", "  tries: 20\n  grace: "+tt.grace+"\n", 1)
			settings = settings[:strings.Index(settings, "  entries:\n")] + "  entries: []\n" + settings[strings.Index(settings, "sources:\n"):]
			if err := os.WriteFile(filepath.Join(o.dir, "huiyin.yaml"), []byte(settings), 0o600); err != nil {
				t.Fatal(err)
			}
			plan, err := store.OpenSchedule(filepath.Join(o.dir, "state", "schedule.db"))
			if err != nil {
				t.Fatal(err)
			}
			defer plan.Close()
			o.plan = plan
			o.deliver()
			o.first()
			before := shown(t, o.dir)

			o.deliver()
			o.ask("again")
			o.start()
			stage := filepath.Join(o.dir, "state", "releases", "stage")
			o.until("the middle of the publication", func() bool {
				files, err := os.ReadDir(stage)
				return err == nil && len(files) > 0
			})
			err = o.stop()
			o.look(0, true)
			q, _, err2 := plan.Requested(t.Context(), "again")
			if err2 != nil || tt.ended && (err != nil || q.State != job.Done || shown(t, o.dir) == before) {
				t.Errorf("the request is %s, %v, %v\n%s", q.State, err, err2, o.log.Bytes())
			}
			if !tt.ended && q.State == job.Done {
				t.Error("the publication had an end: nothing is proved")
			}

			o.start()
			o.until("the request", func() bool {
				q, _, err := plan.Requested(t.Context(), "again")
				return err == nil && q.State == job.Done && o.idle()
			})
			_ = o.stop() // where there is no time, it says that a job did not end
			if shown(t, o.dir) == before {
				t.Error("the publication did not go on")
			}
			o.look(0, true)
		})
	}
}

// The nightly job of an index has nothing to do where nothing is published, and that is no
// failure.
func TestNothingToOptimise(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "office")
	command(t, base, "init", "--quiet", dir)
	w := &work{program: "huiyin", config: filepath.Join(dir, "huiyin.yaml")}
	r, err := w.do(t.Context(), "index", "optimise")
	if err != nil || r.Text != "there is nothing published yet" {
		t.Errorf("%+v, %v", r, err)
	}
}

// stop tells the daemon to stop, waits until it has, and returns how it ended.
func (o *office) stop() error {
	o.t.Helper()
	if err := o.daemon.Process.Signal(syscall.SIGTERM); err != nil {
		o.t.Fatal(err)
	}
	return o.daemon.Wait()
}
