package main

import (
	"bytes"
	"context"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fsnotify/fsnotify"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/huiyin/huiyin/generator/schedule"
)

// The second program of an installation says that it answers on no address where the first one
// does, and nothing of an address where none is set.
func TestSecondRun(t *testing.T) {
	for _, listen := range []string{"", "127.0.0.1:0"} {
		dir := t.TempDir()
		command(t, dir, "init", "--quiet", ".")
		a := standard()
		var log bytes.Buffer
		a.configFile, a.err = filepath.Join(dir, "huiyin.yaml"), &log
		if err := os.WriteFile(a.configFile, []byte(strings.Replace(hurriedOffice, `listen: ""`, `listen: "`+listen+`"`, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		first, free, err := schedule.Alone(filepath.Join(dir, "state", queueFolder), url.PathEscape("listen "+listen))
		if err != nil || !free {
			t.Fatal(free, err)
		}
		defer first.Close()
		ended, end := context.WithCancel(t.Context())
		end()
		if err := a.run(ended); err != nil {
			t.Error(err)
		}
		if said := strings.Contains(log.String(), "answers on run.listen"); said != (listen != "") {
			t.Errorf("listen: %q: %s", listen, log.String())
		}
	}
}

// await waits until a file is there, and with more arguments until it holds them: woken
// by changes of its folder, which must be there, and by nothing else.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: await file [text...]")
	}
	path := ts.MkAbs(args[0])
	w, err := fsnotify.NewWatcher()
	ts.Check(err)
	defer w.Close()
	ts.Check(w.Add(filepath.Dir(path)))
	for {
		text, err := os.ReadFile(path)
		there := err == nil
		for _, want := range args[1:] {
			there = there && strings.Contains(string(text), want)
		}
		if there {
			return
		}
		select {
		case <-w.Events:
		case err := <-w.Errors:
			ts.Check(err)
		}
	}
}

// address is "address NAME": the variable holds an address of this machine on which nothing
// listens.
func address(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: address name")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], l.Addr().String())
	ts.Check(l.Close())
}
