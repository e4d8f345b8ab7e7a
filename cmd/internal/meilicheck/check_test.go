package main

import (
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/meili/meilitest"
)

const key = "another-made-up-master-key-0002"

// quick runs the command with engines that do not sleep.
func quick(t *testing.T, out io.Writer, args ...string) error {
	o := meili.Options{Now: time.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	return runWith(t.Context(), o, args, out)
}

// words are what recordings begin with whose answers depend on the dictionary of
// the server, or that the double does not follow.
var words = []string{"search: ", "search by GET", "search with search key", "multi-search", "stats, filled"}

func serve(t *testing.T, o meilitest.Options) string {
	o.MasterKey = key
	web := httptest.NewServer(meilitest.New(o))
	t.Cleanup(web.Close)
	return web.URL
}

// recorded writes the recordings whose names do not begin with one of the
// prefixes, each changed by edit.
func recorded(t *testing.T, edit func(line string) string, but ...string) string {
	t.Helper()
	all, err := os.ReadFile("../../../search/meili/meilitest/testdata/exchanges.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var kept strings.Builder
	n := 0
next:
	for line := range strings.Lines(string(all)) {
		for _, prefix := range but {
			if strings.HasPrefix(line, `{"name":"`+prefix) || strings.HasPrefix(line, `{"name": "`+prefix) {
				continue next
			}
		}
		n++
		kept.WriteString(edit(line))
	}
	if n < 60 {
		t.Fatalf("%d recordings are left", n)
	}
	file := filepath.Join(t.TempDir(), "exchanges.jsonl")
	if err := os.WriteFile(file, []byte(kept.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func same(line string) string { return line }

func TestRun(t *testing.T) {
	file := recorded(t, same, words...)
	var out bytes.Buffer
	err := quick(t, &out, "-recordings", file, "-docs", "120", "-queries", "5", serve(t, meilitest.Options{PayloadLimit: 1 << 20}), key)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{
		"Meilisearch 1.50.0\n", "\n0 of ", "\nok   no index\n", "\nok   random searches\n", "\ncorpus of 120 documents\n",
		"\n1 unit                      1.000      1.000     100% ", "\n5 to 12 units               1.000      1.000     100% ", "upsert of 1: p50 ", "delete of 1: p50 ", "database ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output does not say %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "FAIL") || strings.Contains(out.String(), key) {
		t.Errorf("output:\n%s", out.String())
	}
}

func TestRunFindsDifferences(t *testing.T) {
	edit := func(line string) string {
		if strings.HasPrefix(line, `{"name": "version"`) || strings.HasPrefix(line, `{"name":"version"`) {
			return strings.Replace(line, "200", "204", 1)
		}
		return strings.ReplaceAll(line, "payload_too_large", "payload_too_small")
	}
	file := recorded(t, edit, words...)
	var out bytes.Buffer
	err := quick(t, &out, "-recordings", file, "-docs", "10", "-queries", "1", "-contract=false", serve(t, meilitest.Options{PayloadLimit: 1 << 20}), key)
	if err == nil || !strings.Contains(err.Error(), "2 recorded exchanges went otherwise") {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{"DIFF version\n     status 200, was 204\n", "DIFF documents, too large\n     answer.code is "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output does not say %q:\n%s", want, out.String())
		}
	}
}

func TestRunRefuses(t *testing.T) {
	url := serve(t, meilitest.Options{})
	small := []string{"-docs", "10", "-queries", "1", "-contract=false"}
	var out bytes.Buffer
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{url}, "an address and a master key"},
		{[]string{url, "wrong-key-wrong-key"}, "403"},
		{[]string{"http://127.0.0.1:1", key}, "refused"},
		{append(small, url, key), ""},
		{append([]string{"-index", "a b"}, append(small, url, key)...), "index"},
		{append([]string{"-pid", "999999999"}, append(small, url, key)...), "no such file"},
	} {
		err := quick(t, &out, c.args...)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want %q", c.args, err, c.says)
		}
	}
	if !strings.Contains(out.String(), "no recorded exchanges are replayed") {
		t.Error("that nothing is replayed goes without saying")
	}
}

// A server in use is left alone.
func TestRunLeavesOthers(t *testing.T) {
	double := meilitest.New(meilitest.Options{MasterKey: key})
	web := httptest.NewServer(double)
	defer web.Close()
	srv := &server{url: web.URL, key: key}
	a, err := srv.send(t.Context(), "POST", "/indexes", map[string]string{"Authorization": "Bearer " + key, "Content-Type": "application/json"}, `{"uid":"meilicheck"}`)
	if err != nil || a.status != 202 {
		t.Fatal(a, err)
	}
	double.Drain()
	var out bytes.Buffer
	if err := quick(t, &out, web.URL, key); err == nil || !strings.Contains(err.Error(), "choose another name") {
		t.Errorf("error %v", err)
	}
	if err := quick(t, &out, "-recordings", recorded(t, same), web.URL, key); err == nil || !strings.Contains(err.Error(), "need one without") {
		t.Errorf("error %v", err)
	}
	if there, err := srv.indexes(t.Context()); err != nil || len(there) != 1 {
		t.Errorf("indexes %v, %v", there, err)
	}
}
