package main

import (
	"fmt"
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
			// A small publication may be over before it is seen, or before the signal
			// comes: then it is another one that is stopped.
			var before, id string
			for round, proved := 0, false; !proved; round++ {
				if round == 50 {
					t.Fatal("no publication was stopped in its middle: nothing is proved")
				}
				before, id = shown(t, o.dir), fmt.Sprintf("again-%d", round)
				o.deliver()
				o.ask(id)
				o.start()
				seen := o.middle(id)
				err := o.stop()
				o.look(0, true)
				q, _, err2 := plan.Requested(t.Context(), id)
				if err2 != nil {
					t.Fatal(err2)
				}
				if tt.ended && (err != nil || q.State != job.Done || shown(t, o.dir) == before) {
					t.Fatalf("the request is %s, %v\n%s", q.State, err, o.log.Bytes())
				}
				if proved = seen && (tt.ended || q.State != job.Done); proved {
					t.Logf("the publication of round %d was stopped", round)
				}
			}

			o.start()
			o.until("the request", func() bool {
				q, _, err := plan.Requested(t.Context(), id)
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

// middle waits until a publication is seen at work, and reports whether it was before what
// asked for it was answered.
func (o *office) middle(id string) (seen bool) {
	o.t.Helper()
	stage := filepath.Join(o.dir, "state", "releases", "stage")
	o.until("the middle of the publication", func() bool {
		q, _, err := o.plan.Requested(o.t.Context(), id)
		if err == nil && q.State == job.Done {
			return true
		}
		files, err := os.ReadDir(stage)
		seen = err == nil && len(files) > 0
		return seen
	})
	return seen
}

// stop tells the daemon to stop, waits until it has, and returns how it ended.
func (o *office) stop() error {
	o.t.Helper()
	if err := o.daemon.Process.Signal(syscall.SIGTERM); err != nil {
		o.t.Fatal(err)
	}
	return o.daemon.Wait()
}
