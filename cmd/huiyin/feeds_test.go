package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// upstream starts a made-up exchange platform and puts its address, host and port, into
// the variable UPSTREAM. It answers a request for the cursor C with the file C.json of a
// folder, one without a cursor with first.json, and one for which there is no file with
// 404. Where there is C.once too, that answer is preceded by another, once: its text is a
// status and perhaps a Retry-After, or "half" for an answer that breaks off. The token must
// be that of the file token in the folder.
func upstream(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: upstream folder")
	}
	dir := ts.MkAbs(args[0])
	word := regexp.MustCompile(`^[a-z0-9]+$`)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, err := os.ReadFile(filepath.Join(dir, "token"))
		if err != nil || r.Header.Get("Authorization") != "Bearer "+strings.TrimSpace(string(token)) {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		page := r.URL.Query().Get("cursor")
		if page == "" {
			page = "first"
		}
		once := filepath.Join(dir, page+".once")
		instead, _ := os.ReadFile(once) // there is none, as a rule
		_ = os.Remove(once)
		body, err := os.ReadFile(filepath.Join(dir, page+".json"))
		if err != nil || !word.MatchString(page) {
			http.Error(w, "not today", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		status, after, _ := strings.Cut(strings.TrimSpace(string(instead)), " ")
		switch code, err := strconv.Atoi(status); {
		case status == "half":
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			body = body[:len(body)/2]
		case err == nil:
			if after != "" {
				w.Header().Set("Retry-After", after)
			}
			http.Error(w, "not now", code)
			return
		}
		w.Write(body)
	}))
	ts.Defer(s.Close)
	ts.Setenv("UPSTREAM", s.Listener.Addr().String())
}

// expand copies a file with its variables filled in.
func expand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: expand from to")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(os.Expand(ts.ReadFile(args[0]), ts.Getenv)), 0o600))
}

// hook starts a server that writes what is posted to it into a file, a line a request, and
// puts its address into the variable HOOK.
func hook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hook file")
	}
	path := ts.MkAbs(args[0])
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil && r.Header.Get("Webhook-Signature") == "" {
			err = errors.New("a request is not signed")
		}
		var f *os.File
		if err == nil {
			f, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		}
		if err == nil {
			_, err = f.Write(append(body, '\n'))
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	ts.Defer(s.Close)
	ts.Setenv("HOOK", s.URL)
}
