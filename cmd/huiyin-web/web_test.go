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
	"testing"
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
	for _, word := range []string{"--site", "--addr", "--prefix", "--drain", "--access-log", "--json", "EXIT STATUS", "/healthz", "/readyz"} {
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
	var addr string
	for addr == "" {
		var line struct{ Msg, Addr string }
		select {
		case text := <-log.each:
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				t.Fatalf("log line %q: %v", text, err)
			}
			if line.Msg == "serving" {
				addr = line.Addr
			}
		case code := <-done:
			t.Fatalf("ended with %d: %s", code, log)
		}
	}
	for path, status := range map[string]int{"/": 503, "/readyz": 503, "/healthz": 200} {
		resp, err := http.Get("http://" + addr + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s: status %d, want %d", path, resp.StatusCode, status)
		}
	}
	if !strings.Contains(log.String(), "no release yet") {
		t.Errorf("the log does not say that there is no release: %s", log)
	}
	stop()
	if code := <-done; code != 0 {
		t.Errorf("exit code %d: %s", code, log)
	}
}
