package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/fsnotify/fsnotify"
	"github.com/rogpeppe/go-internal/testscript"
)

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
