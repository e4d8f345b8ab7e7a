package meilitest

import (
	"bufio"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
)

// recorded calls f with every recorded answer and every recorded state of a task.
func recorded(t *testing.T, f func(name, method, path string, status int, body []byte)) {
	t.Helper()
	file, err := os.Open("testdata/exchanges.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct {
			Name     string
			Request  struct{ Method, Path string }
			Response struct {
				Status int
				Body   json.RawMessage
			}
			Tasks []json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(e.Request.Path)
		if err != nil {
			t.Fatal(err)
		}
		if string(e.Response.Body) == "null" {
			e.Response.Body = nil
		}
		f(e.Name, e.Request.Method, u.Path, e.Response.Status, e.Response.Body)
		for _, task := range e.Tasks {
			f(e.Name, "GET", "/tasks/0", 200, task)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestDescriptionTakesRecordings holds the description to the real server.
func TestDescriptionTakesRecordings(t *testing.T) {
	d, err := NewDescription()
	if err != nil {
		t.Fatal(err)
	}
	recorded(t, func(name, method, path string, status int, body []byte) {
		if err := d.Check(method, path, status, body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
}

// TestDifferences shows that each of the differences is one.
func TestDifferences(t *testing.T) {
	for _, diff := range differences {
		t.Run(diff.name, func(t *testing.T) {
			d, err := newDescription(diff.name)
			if err != nil {
				t.Fatal(err)
			}
			refused := 0
			recorded(t, func(_, method, path string, status int, body []byte) {
				if d.Check(method, path, status, body) != nil {
					refused++
				}
			})
			if refused == 0 {
				t.Error("without it, the description takes all recordings")
			}
		})
	}
}

func TestDescriptionRefuses(t *testing.T) {
	d, err := NewDescription()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		method, path string
		status       int
		body         string
		want         string // in the error; empty: none
	}{
		{"GET", "/health", 200, `{"status":"available"}`, ""},
		{"GET", "/health", 200, `{"status":"ill"}`, "status"},
		{"GET", "/health", 200, `{`, "EOF"},
		{"GET", "/health", 204, `{}`, "not described"},
		{"GET", "/nosuch", 200, `{}`, "not described"},
		{"PUT", "/health", 405, ``, ""},
		{"POST", "/indexes/cases/search", 200, `{"hits":[],"query":"","processingTimeMs":0,"limit":1,"offset":0,"estimatedTotalHits":0}`, ""},
		{"POST", "/indexes/cases/search", 200, `{"hits":[],"query":"","processingTimeMs":0}`, "limit"},
		{"POST", "/multi-search", 200, `{"results":[{"hits":[],"query":"","processingTimeMs":0,"limit":1,"offset":0,"estimatedTotalHits":0}]}`, "indexUid"},
		{"DELETE", "/indexes/cases", 202, `{"taskUid":1,"indexUid":null,"status":"over","type":"indexDeletion","enqueuedAt":"2026-11-23T15:26:32Z"}`, "status"},
		{"DELETE", "/indexes/cases", 202, `{"taskUid":1,"indexUid":null,"status":"enqueued","type":"indexDeletion","enqueuedAt":"yesterday"}`, "date-time"},
		{"GET", "/indexes/cases", 404, `{"message":"m","code":"index_not_found","type":"invalid_request","link":"l"}`, ""},
		{"GET", "/indexes/cases", 404, `{"message":"m","code":"no_such_code","type":"invalid_request","link":"l"}`, "code"},
		{"GET", "/indexes/cases/settings/search-cutoff-ms", 200, `null`, ""},
		{"GET", "/indexes/cases/settings/search-cutoff-ms", 200, `"1"`, "integer"},
	} {
		err := d.Check(tt.method, tt.path, tt.status, []byte(tt.body))
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s %s %d %s: error %v, want one with %q", tt.method, tt.path, tt.status, tt.body, err, tt.want)
		}
	}
}
