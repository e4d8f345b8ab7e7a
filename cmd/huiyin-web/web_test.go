package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/huiyin/huiyin/site/release"
)

// lines is a log that a test waits on.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	each chan string
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.each <- string(p)
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestFailures(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	tests := []struct {
		args string
		code int
		msg  string
	}{
		{"", 2, "--site is missing"},
		{"--no-such-flag", 2, "unknown flag"},
		{"--site " + dir + " extra", 2, "unknown command"},
		{"--site " + dir + " --drain -1s", 2, "--drain is negative"},
		{"--site " + dir + "/no/where", 5, "there is no folder"},
		{"--site " + file, 5, "is not a folder"},
		{"--site " + dir + " --prefix a?b", 1, "the prefix is not a path"},
		{"--site " + dir + " --addr " + taken.Addr().String(), 1, "cannot listen on"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			var out bytes.Buffer
			log := &lines{each: make(chan string, 10)}
			code := run(t.Context(), append(strings.Fields(tt.args), "--json"), nil, &out, log)
			if code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			var f failure
			if err := json.Unmarshal(out.Bytes(), &f); err != nil {
				t.Fatalf("standard output is %q: %v", out.String(), err)
			}
			if f.ExitCode != tt.code || f.Hint == "" || !strings.Contains(f.Error, tt.msg) {
				t.Errorf("failure %+v, want code %d, a hint and %q", f, tt.code, tt.msg)
			}
			if !strings.Contains(log.String(), "huiyin-web: "+f.Error) {
				t.Errorf("the log does not name the error: %s", log)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	var out bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, nil, &out, &out); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, word := range []string{"--site", "--addr", "--prefix", "--drain", "--search", "--search-key-file", "--search-index", "--search-rate", "--search-rate-all", "--trusted-proxy", "--access-log", "--json", "EXIT STATUS", "/healthz", "/readyz"} {
		if !strings.Contains(out.String(), word) {
			t.Errorf("help does not speak of %s", word)
		}
	}
}

// A server starts before the first publish, says so, and stops in order.
func TestServesBeforeFirstRelease(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	log := &lines{each: make(chan string, 100)}
	done := make(chan int)
	go func() {
		done <- run(ctx, []string{"--site", filepath.Join(t.TempDir(), "releases"), "--addr", "127.0.0.1:0"}, nil, new(bytes.Buffer), log)
	}()
	addr := wait(t, log, done, "serving").Addr
	expect(t, "http://"+addr+"/", http.StatusServiceUnavailable)
	expect(t, "http://"+addr+"/readyz", http.StatusServiceUnavailable)
	expect(t, "http://"+addr+"/healthz", http.StatusOK)
	if !strings.Contains(log.String(), "no release yet") {
		t.Errorf("the log does not say that there is no release: %s", log)
	}
	stop()
	if code := <-done; code != 0 {
		t.Errorf("exit code %d: %s", code, log)
	}
}

// A release that is published while the server runs is taken up, and so is a
// withdrawal; SIGHUP asks it to look at once.
func TestTakesUpReleases(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "releases")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	log := &lines{each: make(chan string, 1000)}
	hup := make(chan os.Signal, 1)
	done := make(chan int)
	go func() {
		done <- run(ctx, []string{"--site", dir, "--addr", "127.0.0.1:0", "--access-log=false"}, hup, new(bytes.Buffer), log)
	}()
	addr := wait(t, log, done, "serving").Addr

	store, err := release.Open(dir, release.Options{PagePath: func(n string) string { return "case/" + n + ".html" }})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, store, release.File{Name: "case/2611-000001.html", Body: []byte("答复"), Shows: []string{"2611-000001"}})
	hup <- syscall.SIGHUP
	if got := wait(t, log, done, "release taken up").Release; got != 1 {
		t.Errorf("took up release %d", got)
	}
	expect(t, "http://"+addr+"/case/2611-000001.html", http.StatusOK)
	expect(t, "http://"+addr+"/readyz", http.StatusOK)

	gone := []release.Gone{{Number: "2611-000001", Reason: "by-law", Day: "2026-11-23"}}
	if _, err := store.Withdraw(ctx, gone); err != nil {
		t.Fatal(err)
	}
	wait(t, log, done, "release taken up") // by the next poll
	expect(t, "http://"+addr+"/case/2611-000001.html", http.StatusGone)
	stop()
	if code := <-done; code != 0 {
		t.Errorf("exit code %d: %s", code, log)
	}
}

// line is what a test reads of a log line.
type line struct {
	Msg, Addr string
	Release   int
}

// wait reads the log up to a message.
func wait(t *testing.T, log *lines, done <-chan int, msg string) line {
	t.Helper()
	for {
		select {
		case text := <-log.each:
			var l line
			if err := json.Unmarshal([]byte(text), &l); err != nil {
				t.Fatalf("log line %q: %v", text, err)
			}
			if l.Msg == msg {
				return l
			}
		case code := <-done:
			t.Fatalf("ended with %d: %s", code, log)
		}
	}
}

// expect asks for an address and checks the status.
func expect(t *testing.T, address string, status int) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != status {
		t.Errorf("%s: status %d, want %d", address, resp.StatusCode, status)
	}
}

// publish makes a release of one file.
func publish(t *testing.T, store *release.Store, f release.File) {
	t.Helper()
	txn, err := store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var pack bytes.Buffer
	w := release.NewPackWriter(&pack)
	if err := w.Add(f); err != nil {
		t.Fatal(err)
	}
	info, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(txn.Stage(), "pack.zip")
	if err := os.WriteFile(name, pack.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := txn.Adopt(name, info); err != nil {
		t.Fatal(err)
	}
	_, err = txn.Commit(release.Manifest{Cutoff: "2026-11-22", Partitions: []release.PartitionRef{
		{Key: "all", Fingerprint: info.Hash, Pack: info.Hash, Files: info.Files, Bytes: info.Bytes},
	}})
	if err != nil {
		t.Fatal(err)
	}
}
