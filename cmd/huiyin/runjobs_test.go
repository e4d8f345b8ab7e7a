package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// A file that was refused, or a page that was set aside, keeps no request waiting. A pull
// that fails keeps nothing from being published, and is tried again. An act of a person is
// published first, and needs no pull. What cannot be published is an error.
func TestRepublishPartly(t *testing.T) {
	const publish, refused = `echo '{"release":7}'`, `echo '{"error":"the rules have changed","hint":"run huiyin gate regate","exit_code":5}'; exit 5`
	asked, act := job.Request{ID: "asked"}, job.Request{ID: "act", Act: true}
	for name, tt := range map[string]struct {
		requests      []job.Request
		pull, publish string
		ran           string
		text          string
		err           string
		release       int64
		answer        []string // beside an error
	}{
		"a feed gave way, and a file was refused": {[]job.Request{asked}, `echo '{"feeds":[{"feed":"cases","gave_way":true}],"per_batch":[{"name":"a.csv","refused":{"error":"made up"}}]}'; exit 3`, publish, "pull publish", "",
			"1 request answered: release 7 is published; feed cases: broken off so that what was asked for could be published; the next run goes on from there; refused whole: a.csv: made up", 7, []string{"asked"}},
		"a feed gave way, and another is down": {[]job.Request{asked}, `echo '{"feeds":[{"feed":"cases","gave_way":true},{"feed":"streets","error":"made up"}]}'; exit 3`, publish, "pull publish", "",
			"1 request answered: release 7 is published; feed cases: broken off so that what was asked for could be published; the next run goes on from there; feed streets: made up", 7, []string{"asked"}},

		"all":     {[]job.Request{asked}, `echo '{"new":1}'`, publish, "pull publish", "1 request answered: release 7 is published", "", 7, nil},
		"nothing": {[]job.Request{asked}, `echo '{}'`, `echo '{"release":7,"nothing_new":true}'`, "pull publish", "1 request answered: nothing new: release 7 stands", "", 7, nil},
		"a file was refused": {[]job.Request{asked}, `echo '{"new":1,"per_batch":[{"name":"a.csv","refused":{"error":"made up"}}]}'; exit 3`, publish, "pull publish",
			"1 request answered: release 7 is published; refused whole: a.csv: made up", "", 7, nil},
		"something unnamed was left out": {[]job.Request{asked}, `echo 'huiyin: made up' >&2; echo '{"new":1}'; exit 3`, publish, "pull publish",
			"1 request answered: release 7 is published; made up", "", 7, nil},
		"a feed is down": {[]job.Request{asked}, `echo '{"new":1,"feeds":[{"feed":"cases","error":"made up"}]}'; exit 3`, publish, "pull publish", "",
			"1 request answered: release 7 is published; feed cases: made up", 7, []string{"asked"}},
		"a feed is down, and nobody asks any more": {nil, `echo '{"feeds":[{"feed":"cases","error":"made up"}]}'; exit 3`, publish, "pull publish", "",
			"release 7 is published; feed cases: made up", 7, nil},
		"a feed does not give a part": {[]job.Request{asked}, `echo '{"feeds":[{"feed":"cases","missing":["a day"]}]}'; exit 3`, publish, "pull publish",
			"1 request answered: release 7 is published; feed cases: could not be fetched, and will be asked for again: a day", "", 7, nil},
		"a feed gave way": {[]job.Request{asked}, `echo '{"feeds":[{"feed":"cases","gave_way":true}]}'; exit 3`, publish, "pull publish", "",
			"1 request answered: release 7 is published; feed cases: broken off so that what was asked for could be published; the next run goes on from there", 7, []string{"asked"}},
		"a page was set aside": {[]job.Request{asked}, `echo '{}'`, `echo '{"release":8,"set_aside":[{"path":"case/2611-000001.html","code":"made-up"}]}'; exit 3`, "pull publish",
			"1 request answered: release 8 is published; set aside: case/2611-000001.html (made-up)", "", 8, nil},
		"the disk is full": {[]job.Request{asked}, `echo '{}'`, `echo '{"error":"the disk is full","hint":"make room","exit_code":7}'; exit 7`, "pull publish", "", "the disk is full", 0, nil},
		"damaged":          {[]job.Request{asked}, `echo '{}'`, `echo '{"error":"it is damaged","exit_code":6}'; exit 6`, "pull publish", "", "it is damaged", 0, nil},

		"the pull is refused": {[]job.Request{asked}, refused, publish, "pull publish", "", "release 7 is published; nothing new was taken: the rules have changed", 7, nil},
		"nobody asks any more, and the pull is refused": {nil, refused, publish, "pull publish", "",
			"release 7 is published; nothing new was taken: the rules have changed", 7, nil},
		"both fail":             {[]job.Request{asked}, refused, `echo '{"error":"the disk is full","exit_code":7}'; exit 7`, "pull publish", "", "the disk is full", 0, nil},
		"an act":                {[]job.Request{act}, refused, publish, "publish", "1 request answered: release 7 is published", "", 7, nil},
		"an act that waits":     {[]job.Request{act}, refused, `echo '{"error":"the disk is full","exit_code":7}'; exit 7`, "publish", "", "the disk is full", 0, nil},
		"an act beside another": {[]job.Request{act, asked}, `echo '{}'`, publish, "publish pull publish", "2 requests answered: release 7 is published", "", 7, nil},
		"an act beside another that is answered with what came": {[]job.Request{asked, act}, `echo '{"new":1}'`, `echo '{"release":'$(grep -c . ran)'}'`, "publish pull publish",
			"2 requests answered: release 3 is published", "", 3, nil},
		"an act beside another, and the pull is refused": {[]job.Request{asked, act}, refused, publish, "publish pull publish", "",
			"release 7 is published; nothing new was taken: the rules have changed", 7, []string{"act"}},
		"an act beside another, and what came cannot be published": {[]job.Request{asked, act}, `echo '{"new":1}'`, `test $(grep -c . ran) = 1 && echo '{"release":7}' && exit
			echo '{"error":"it holds personal data","exit_code":9}'; exit 9`, "publish pull publish", "", "it holds personal data", 7, []string{"act"}},
	} {
		dir := t.TempDir()
		program := filepath.Join(dir, "huiyin")
		script := "#!/bin/sh\ncd " + dir + "\nfor word; do case $word in pull|publish) command=$word;; esac; done\necho $command >> ran\ncase $command in\npull) " + tt.pull + ";;\npublish) " + tt.publish + ";;\nesac\n"
		if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		w := &work{program: program, config: "huiyin.yaml"}
		r, err := w.republish(t.Context(), job.Run{Requests: tt.requests})
		msg := ""
		if err != nil {
			msg, _, _ = fault.Public(err)
		}
		if msg != tt.err || err == nil && r.Text != tt.text || r.Release != tt.release || !slices.Equal(r.Answer, tt.answer) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if want := strings.HasPrefix(name, "a feed gave way") && name != "a feed gave way, and another is down"; schedule.HasGivenWay(err) != want {
			t.Errorf("%s: given way: %t", name, !want)
		}
		if ran, err := os.ReadFile(filepath.Join(dir, "ran")); err != nil || strings.Join(strings.Fields(string(ran)), " ") != tt.ran {
			t.Errorf("%s: ran %q, %v", name, ran, err)
		}
	}
}

// noting returns work whose program notes in the file ran of dir that it is to pull or to
// publish, and says that release 7 is there.
func noting(t *testing.T) (w *work, dir string) {
	t.Helper()
	dir = t.TempDir()
	program := filepath.Join(dir, "huiyin")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nfor word; do case $word in pull|publish) echo $word >> "+dir+"/ran;; esac; done\necho '{\"release\":7}'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return &work{program: program, config: "huiyin.yaml"}, dir
}

// A run of acts alone fetches on no attempt. An act that joins a run which could not fetch all
// before is published first, and does not keep that from fetching.
func TestRepublishComesAgain(t *testing.T) {
	for _, tt := range []struct {
		others bool
		ran    string
	}{{false, "publish"}, {true, "publish pull publish"}} {
		w, dir := noting(t)
		r, err := w.republish(t.Context(), job.Run{Attempt: 2, Requests: []job.Request{{ID: "act", Act: true}}, Others: tt.others})
		ran, readErr := os.ReadFile(filepath.Join(dir, "ran"))
		if err != nil || readErr != nil || r.Release != 7 || strings.Join(strings.Fields(string(ran)), " ") != tt.ran {
			t.Errorf("others %t: %+v, %v; ran %q, %v", tt.others, r, err, ran, readErr)
		}
	}
}

// endingContext is over from the time on when it was asked so often whether it is.
type endingContext struct {
	context.Context
	left atomic.Int32
}

func (c *endingContext) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// A run that is ended between two of its commands, at whatever point, is not done: who asked
// is not told of a release that does not show what was asked for.
func TestRepublishIsEnded(t *testing.T) {
	w, dir := noting(t)
	run := job.Run{Requests: []job.Request{{ID: "act", Act: true}, {ID: "asked"}}}
	const all = "publish pull publish"
	for asked := int32(0); ; asked++ {
		if err := os.WriteFile(filepath.Join(dir, "ran"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx := &endingContext{Context: t.Context()}
		ctx.left.Store(asked)
		_, err := w.republish(ctx, run)
		text, readErr := os.ReadFile(filepath.Join(dir, "ran"))
		if readErr != nil {
			t.Fatal(readErr)
		}
		ran := strings.Join(strings.Fields(string(text)), " ")
		if err == nil && ran != all {
			t.Errorf("ended when it was asked for the %d. time, it is done with %q", asked+1, ran)
		}
		if ctx.left.Load() >= 0 {
			if ran != all {
				t.Errorf("not ended, it ran %q", ran)
			}
			return
		}
	}
}

// What a feed does not give for now is named, and fails no pull; a feed that fails does, also
// where another one leaves something out.
func TestPullLeavesOut(t *testing.T) {
	for _, tt := range []struct {
		said, text, err string
		gaveWay         bool
	}{
		{`{"new":1,"feeds":[{"feed":"streets","missing":["a second"]}]}`,
			"cases: 1 new, 0 updated, 0 corrected, 0 withdrawn; feed streets: could not be fetched, and will be asked for again: a second", "", false},
		{`{"new":1,"feeds":[{"feed":"streets","missing":["a second"]},{"feed":"cases","error":"made up"}]}`, "",
			"cases: 1 new, 0 updated, 0 corrected, 0 withdrawn; feed streets: could not be fetched, and will be asked for again: a second; feed cases: made up", false},
		{`{"new":1,"feeds":[{"feed":"streets","missing":["a second"]}],"per_batch":[{"name":"a.csv","refused":{"error":"made up"}}]}`, "",
			"cases: 1 new, 0 updated, 0 corrected, 0 withdrawn; feed streets: could not be fetched, and will be asked for again: a second; refused whole: a.csv: made up", false},
		{`{"new":1,"feeds":[{"feed":"streets","gave_way":true}]}`, "",
			"cases: 1 new, 0 updated, 0 corrected, 0 withdrawn; feed streets: broken off so that what was asked for could be published; the next run goes on from there", true},
		{`{"new":1,"feeds":[{"feed":"streets","missing":["a second"]}],"open":["made up"]}`, "",
			"cases: 1 new, 0 updated, 0 corrected, 0 withdrawn; feed streets: could not be fetched, and will be asked for again: a second; not brought level: made up", false},
	} {
		program := filepath.Join(t.TempDir(), "huiyin")
		if err := os.WriteFile(program, []byte("#!/bin/sh\necho '"+tt.said+"'\nexit 3\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		w := &work{program: program, config: "huiyin.yaml"}
		r, err := w.one("pull")(t.Context(), job.Run{})
		msg := ""
		if err != nil {
			msg, _, _ = fault.Public(err)
		}
		if msg != tt.err || err == nil && r.Text != tt.text {
			t.Errorf("%s: %+v, %v", tt.said, r, err)
		}
		if schedule.HasGivenWay(err) != tt.gaveWay {
			t.Errorf("%s: given way: %t", tt.said, !tt.gaveWay)
		}
	}
}

// A command that did its work but for a part says the part, and not that it is done.
func TestPartOfAJob(t *testing.T) {
	for _, tt := range []struct {
		command, complaint, said string
		msg, hint                string
	}{
		{"alerts", "the webhook did not answer", "{}", "the webhook did not answer", "mend it"},
		{"pull", "there is no export", `{"new":1,"open":["there is no export"]}`, "cases: 1 new, 0 updated, 0 corrected, 0 withdrawn; not brought level: there is no export", "mend it"},
		{"publish", "another thing", `{"release":2,"open":["there is no export"]}`, "release 2 is published; not brought level: there is no export", ""},
	} {
		program := filepath.Join(t.TempDir(), "huiyin")
		script := "#!/bin/sh\necho 'huiyin: " + tt.complaint + "' >&2\necho 'huiyin: hint: mend it' >&2\necho '" + tt.said + "'\nexit 3\n"
		if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := (&work{program: program, config: "huiyin.yaml"}).do(t.Context(), tt.command)
		msg, hint, code := fault.Public(err)
		if msg != tt.msg || hint != tt.hint || code != fault.ExitPartial {
			t.Errorf("%s: %q, %q, %d", tt.command, msg, hint, code)
		}
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
	(&work{program: program, config: "huiyin.yaml", log: slog.New(slog.NewTextHandler(&log, nil))}).ended(t.Context(), time.Millisecond)
	if got := log.String(); !strings.Contains(got, "the office could not be told") || !strings.Contains(got, "took longer than 1ms") {
		t.Error(got)
	}
}
