package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// A file that was refused, or a page that was set aside, keeps no request waiting. A feed
// that is down keeps nothing from being published, and is tried again. What does not end at
// all is an error.
func TestRepublishPartly(t *testing.T) {
	const publish = `echo '{"release":7}'; exit 0`
	for name, tt := range map[string]struct {
		pull, publish string
		text          string
		err           string
	}{
		"all":     {`echo '{"new":1}'`, publish, "1 request answered: release 7 is published", ""},
		"nothing": {`echo '{}'`, `echo '{"release":7,"nothing_new":true}'`, "1 request answered: nothing new: release 7 stands", ""},
		"a file was refused": {`echo '{"new":1,"per_batch":[{"name":"a.csv","refused":{"error":"made up"}}]}'; exit 3`, publish,
			"1 request answered: release 7 is published; refused whole: a.csv: made up", ""},
		"something unnamed was left out": {`echo 'huiyin: made up' >&2; echo '{"new":1}'; exit 3`, publish, "1 request answered: release 7 is published; made up", ""},
		"a feed is down": {`echo '{"new":1,"feeds":[{"feed":"cases","error":"made up"}]}'; exit 3`, publish, "",
			"1 request answered: release 7 is published; feed cases: made up"},
		"a page was set aside": {`echo '{}'`, `echo '{"release":8,"set_aside":[{"path":"case/2611-000001.html","code":"made-up"}]}'; exit 3`,
			"1 request answered: release 8 is published; set aside: case/2611-000001.html (made-up)", ""},
		"the disk is full": {`echo '{"error":"the disk is full","hint":"make room","exit_code":7}'; exit 7`, publish, "", "the disk is full"},
		"damaged":          {`echo '{}'`, `echo '{"error":"it is damaged","exit_code":6}'; exit 6`, "", "it is damaged"},
	} {
		program := filepath.Join(t.TempDir(), "huiyin")
		script := "#!/bin/sh\nfor last; do :; done\ncase $last in\npull) " + tt.pull + ";;\npublish) " + tt.publish + ";;\nesac\n"
		if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		w := &work{program: program, config: "huiyin.yaml"}
		r, err := w.republish(t.Context(), job.Run{Requests: make([]job.Request, 1)})
		msg := ""
		if err != nil {
			msg, _, _ = fault.Public(err)
		}
		if msg != tt.err || err == nil && (r.Text != tt.text || r.Release < 7) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// A command that did its work but for a part says the part, and not that it is done.
func TestPartOfAJob(t *testing.T) {
	program := filepath.Join(t.TempDir(), "huiyin")
	script := "#!/bin/sh\necho 'huiyin: the webhook did not answer' >&2\necho 'huiyin: hint: check alerts.webhook' >&2\necho '{}'\nexit 3\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := (&work{program: program, config: "huiyin.yaml"}).do(t.Context(), "alerts")
	msg, hint, code := fault.Public(err)
	if msg != "the webhook did not answer" || hint != "check alerts.webhook" || code != fault.ExitPartial {
		t.Errorf("%q, %q, %d", msg, hint, code)
	}
}

// Telling the office may hang: it is ended, and the log says so.
func TestTellingHangs(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "never"), 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "huiyin")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nread line < "+dir+"/never\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	(&work{program: program, config: "huiyin.yaml"}).ended(t.Context(), time.Millisecond, slog.New(slog.NewTextHandler(&log, nil)))
	if got := log.String(); !strings.Contains(got, "the office could not be told") || !strings.Contains(got, "took longer than 1ms") {
		t.Error(got)
	}
}
