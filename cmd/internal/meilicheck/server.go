package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// server is asked without the engine, as a curious person would.
type server struct{ url, key string }

// answer is what came back.
type answer struct {
	status int
	body   any // nil where there is none
}

func (s *server) send(ctx context.Context, method, path string, headers map[string]string, body string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(s.url, "/")+path, strings.NewReader(body))
	if err != nil {
		return answer{}, errors.New("the address of the server cannot be one")
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: res.StatusCode}
	if len(bytes.TrimSpace(text)) > 0 {
		if err := json.Unmarshal(text, &a.body); err != nil {
			return a, fmt.Errorf("%s %s: the answer is not JSON; is this a Meilisearch server?", method, path)
		}
	}
	return a, nil
}

// do sends a request with the master key and wants it to succeed.
func (s *server) do(ctx context.Context, method, path string, into any) error {
	a, err := s.send(ctx, method, path, map[string]string{"Authorization": "Bearer " + s.key}, "")
	if err != nil {
		return err
	}
	if a.status/100 != 2 {
		return fmt.Errorf("%s %s: status %d %v", method, path, a.status, member(a.body, "code"))
	}
	if into == nil {
		return nil
	}
	text, err := json.Marshal(a.body)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// member returns a member of a JSON object, or nil.
func member(v any, name string) any {
	m, _ := v.(map[string]any)
	return m[name]
}

func (s *server) version(ctx context.Context) (string, error) {
	var v struct{ PkgVersion string }
	err := s.do(ctx, http.MethodGet, "/version", &v)
	return v.PkgVersion, err
}

// stats is what the server says of itself.
type stats struct {
	DatabaseSize, UsedDatabaseSize int64
	Indexes                        map[string]any
}

func (s *server) stats(ctx context.Context) (stats, error) {
	var all stats
	err := s.do(ctx, http.MethodGet, "/stats", &all)
	return all, err
}

func (s *server) indexes(ctx context.Context) (map[string]any, error) {
	all, err := s.stats(ctx)
	return all.Indexes, err
}

// wait waits until a task is over and returns the states that were seen.
func (s *server) wait(ctx context.Context, task any) ([]map[string]any, error) {
	var seen []map[string]any
	for pause := time.Millisecond; ; pause = min(2*pause, time.Second) {
		var state map[string]any
		if err := s.do(ctx, http.MethodGet, fmt.Sprintf("/tasks/%v", task), &state); err != nil {
			return seen, err
		}
		if len(seen) == 0 || seen[len(seen)-1]["status"] != state["status"] {
			seen = append(seen, state)
		}
		if state["status"] != "enqueued" && state["status"] != "processing" {
			return seen, nil
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return seen, ctx.Err()
		}
	}
}

// drop deletes indexes, those that are not there too.
func (s *server) drop(ctx context.Context, uids ...string) error {
	var last any
	for _, uid := range uids {
		var task struct{ TaskUID int64 }
		if err := s.do(ctx, http.MethodDelete, "/indexes/"+uid, &task); err != nil {
			return err
		}
		last = task.TaskUID
	}
	if last == nil {
		return nil
	}
	_, err := s.wait(ctx, last)
	return err
}

// resident returns the largest resident size of a process of this machine, as
// Linux tells it.
func resident(pid int) (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if size, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(size), nil
		}
	}
	return "", errors.New("the process does not say how much memory it took")
}
