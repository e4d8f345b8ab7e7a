package meilitest_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

const masterKey = "made-up-master-key-0001"

// describe reads the description once for all tests.
var describe = sync.OnceValues(meilitest.NewDescription)

// fixture is a double whose answers are held to the description.
type fixture struct {
	*meilitest.Server
	t   testing.TB
	key string
}

func open(t testing.TB, o meilitest.Options) *fixture {
	t.Helper()
	d, err := describe()
	if err != nil {
		t.Fatal(err)
	}
	if o.Observe == nil {
		o.Observe = func(r *http.Request, status int, body []byte) {
			if status == http.StatusNotImplemented {
				return // the double's own; tests look at it themselves
			}
			if err := d.Check(r.Method, r.URL.Path, status, body); err != nil {
				t.Errorf("an answer is not as described: %v", err)
			}
		}
	}
	return &fixture{Server: meilitest.New(o), t: t, key: o.MasterKey}
}

// answer is one answer.
type answer struct {
	status      int
	body        any
	text        string
	header      http.Header
	contentType string
}

// do sends a request. A body that is not a string is sent as JSON.
func (f *fixture) do(method, path string, body any) answer {
	f.t.Helper()
	header := http.Header{}
	if f.key != "" {
		header.Set("Authorization", "Bearer "+f.key)
	}
	var text string
	switch body := body.(type) {
	case nil:
	case string:
		header.Set("Content-Type", "application/x-ndjson")
		text = body
	default:
		header.Set("Content-Type", "application/json")
		b, err := json.Marshal(body)
		if err != nil {
			f.t.Fatal(err)
		}
		text = string(b)
	}
	return f.send(method, path, header, text)
}

func (f *fixture) send(method, path string, header http.Header, body string) answer {
	f.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header = header
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return answer{w.Code, decode(f.t, w.Body.Bytes()), w.Body.String(), w.Header(), w.Header().Get("Content-Type")}
}

func decode(t testing.TB, body []byte) any {
	t.Helper()
	if len(body) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}

// at follows names and numbers into a JSON value.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}
