package desk_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/huiyin/huiyin/generator/desk"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

const (
	oldKey = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" // of the examples of Standard Webhooks
	newKey = "whsec_bWFkZS11cC1rZXktb2YtdGhpcnR5LXR3by1ieXRlcyE="
)

var now = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)

// queue keeps requests in memory.
type queue struct {
	mu     sync.Mutex
	kept   map[string]job.Request
	audits []string
	broken error
}

func (q *queue) RequestID(_ context.Context, message string) (string, error) {
	sum := sha256.Sum256([]byte("made-up secret" + message))
	return fmt.Sprintf("%x", sum[:16]), nil
}

func (q *queue) Request(_ context.Context, r job.Request) (job.Request, bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.broken != nil {
		return r, false, q.broken
	}
	if old, ok := q.kept[r.ID]; ok {
		return old, false, nil
	}
	r.State = job.Queued
	q.kept[r.ID] = r
	return r, true, nil
}

func (q *queue) Requested(_ context.Context, id string) (job.Request, bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r, ok := q.kept[id]
	return r, ok, q.broken
}

func (q *queue) AuditRequest(_ context.Context, _ time.Time, by, _, target string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.audits = append(q.audits, by+": "+target)
	return nil
}

func newAPI(t *testing.T, keys string) (http.Handler, *queue) {
	t.Helper()
	k, err := desk.ParseKeys(keys)
	if err != nil {
		t.Fatal(err)
	}
	q := &queue{kept: map[string]job.Request{}}
	mux := http.NewServeMux()
	(&desk.API{Keys: k, Queue: q, Audit: q, Now: func() time.Time { return now }}).Routes(mux)
	return mux, q
}

// message is a request before it is sent.
type message struct{ id, stamp, body, signature string }

func sign(t *testing.T, key, id string, at time.Time, body string) message {
	t.Helper()
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	m := message{id: id, stamp: strconv.FormatInt(at.Unix(), 10), body: body}
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s.%s.%s", id, m.stamp, body)
	m.signature = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return m
}

func send(h http.Handler, m message) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, desk.RepublishPath, strings.NewReader(m.body))
	for name, value := range map[string]string{"webhook-id": m.id, "webhook-timestamp": m.stamp, "webhook-signature": m.signature} {
		r.Header[http.CanonicalHeaderKey(name)] = []string{value}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRepublish(t *testing.T) {
	h, q := newAPI(t, oldKey+"\n")
	w := send(h, sign(t, oldKey, "msg_1", now, `{"scope": "case", "id": "2611-004217"}`))
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusAccepted || got["state"] != "queued" || got["scope"] != "case 2611-004217" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	address := w.Header().Get("Location")
	if address != got["job"] || !strings.HasPrefix(address, desk.JobsPath) {
		t.Errorf("address %q", address)
	}
	if fmt.Sprint(q.audits) != "[republish key 1: case 2611-004217]" {
		t.Errorf("audit %v", q.audits)
	}
	get := func() string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		return fmt.Sprintf("%d %s", w.Code, strings.TrimSpace(w.Body.String()))
	}
	if s := get(); !strings.HasPrefix(s, "200 ") || !strings.Contains(s, `"state":"queued"`) {
		t.Error(s)
	}
	id := strings.TrimPrefix(address, desk.JobsPath)
	done := q.kept[id]
	done.State, done.Release, done.Ended = job.Done, 12, now
	q.kept[id] = done
	if s := get(); !strings.Contains(s, `"state":"done"`) || !strings.Contains(s, `"release":12`) {
		t.Error(s)
	}
	for _, path := range []string{"/api/jobs/x", "/api/jobs/" + strings.Repeat("0", 32)} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// The example of the standard itself.
func TestStandardExample(t *testing.T) {
	k, err := desk.ParseKeys(oldKey)
	if err != nil {
		t.Fatal(err)
	}
	q := &queue{kept: map[string]job.Request{}}
	mux := http.NewServeMux()
	(&desk.API{Keys: k, Queue: q, Audit: q, Now: func() time.Time { return time.Unix(1614265330, 0) }}).Routes(mux)
	w := send(mux, message{"msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232314}`, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="})
	if w.Code != http.StatusUnprocessableEntity { // signed well, and of another kind
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// While a key takes the place of another, both hold, alone and together.
func TestKeyRotation(t *testing.T) {
	h, _ := newAPI(t, newKey+"\n\n"+oldKey+"\n")
	for i, key := range []string{oldKey, newKey} {
		if w := send(h, sign(t, key, fmt.Sprint("msg_", i), now, `{"scope":"all"}`)); w.Code != http.StatusAccepted {
			t.Errorf("key %d: %d %s", i, w.Code, w.Body)
		}
	}
	both := sign(t, oldKey, "msg_3", now, `{"scope":"all"}`)
	both.signature = "v1a,xxxx " + sign(t, newKey, "msg_3", now, both.body).signature + " " + both.signature
	if w := send(h, both); w.Code != http.StatusAccepted {
		t.Errorf("both: %d %s", w.Code, w.Body)
	}
	alone, _ := newAPI(t, newKey)
	if w := send(alone, sign(t, oldKey, "msg_4", now, `{"scope":"all"}`)); w.Code != http.StatusUnauthorized {
		t.Errorf("a key that was taken away: %d", w.Code)
	}
}

func TestRefused(t *testing.T) {
	good := sign(t, oldKey, "msg_1", now, `{"scope":"all"}`)
	for name, tt := range map[string]struct {
		m    message
		want int
	}{
		"late":            {sign(t, oldKey, "msg_1", now.Add(-desk.Tolerance-time.Second), good.body), 401},
		"early":           {sign(t, oldKey, "msg_1", now.Add(desk.Tolerance+time.Second), good.body), 401},
		"just in time":    {sign(t, oldKey, "msg_1", now.Add(-desk.Tolerance), good.body), 202},
		"another key":     {sign(t, newKey, "msg_1", now, good.body), 401},
		"no signature":    {message{good.id, good.stamp, good.body, ""}, 401},
		"no version":      {message{good.id, good.stamp, good.body, strings.TrimPrefix(good.signature, "v1,")}, 401},
		"no id":           {sign(t, oldKey, "", now, good.body), 401},
		"a long id":       {sign(t, oldKey, strings.Repeat("x", 300), now, good.body), 401},
		"a dot in the id": {message{"msg", "1." + good.stamp, good.body, good.signature}, 401},
		"a sign":          {message{good.id, "+" + good.stamp, good.body, good.signature}, 401},
		"64 KiB and one":  {sign(t, oldKey, "msg_1", now, `{"scope":"all"`+strings.Repeat(" ", 64<<10)+"}"), 413},
		"no JSON":         {sign(t, oldKey, "msg_1", now, `scope=all`), 422},
		"more":            {sign(t, oldKey, "msg_1", now, `{"scope":"all"} {}`), 422},
		"more braces":     {sign(t, oldKey, "msg_1", now, `{"scope":"all"}}`), 422},
		"another member":  {sign(t, oldKey, "msg_1", now, `{"scope":"all","force":true}`), 422},
		"another scope":   {sign(t, oldKey, "msg_1", now, `{"scope":"world"}`), 422},
		"all of one":      {sign(t, oldKey, "msg_1", now, `{"scope":"all","id":"x"}`), 422},
		"no case":         {sign(t, oldKey, "msg_1", now, `{"scope":"case","id":"../../etc"}`), 422},
		"no month":        {sign(t, oldKey, "msg_1", now, `{"scope":"month","id":"2026-13"}`), 422},
		"no unit":         {sign(t, oldKey, "msg_1", now, `{"scope":"unit"}`), 422},
		"a month":         {sign(t, oldKey, "msg_1", now, `{"scope":"month","id":"2026-11"}`), 202},
		"a unit":          {sign(t, oldKey, "msg_1", now, `{"scope":"unit","id":"u-12"}`), 202},
		"an area":         {sign(t, oldKey, "msg_1", now, `{"scope":"area","id":"330100"}`), 202},
	} {
		h, q := newAPI(t, oldKey)
		w := send(h, tt.m)
		if w.Code != tt.want || (len(q.kept) > 0) != (tt.want == 202) || (len(q.audits) > 0) != (tt.want == 202) {
			t.Errorf("%s: %d %s, want %d; %d kept", name, w.Code, w.Body, tt.want, len(q.kept))
		}
		if tt.want != 202 && (!strings.Contains(w.Body.String(), `"error":`) || !strings.Contains(w.Body.String(), `"hint":`)) {
			t.Errorf("%s: %s says neither what nor why", name, w.Body)
		}
	}
}

// Whoever does not sign is answered before she has sent all of it.
func TestUnsignedAtOnce(t *testing.T) {
	h, _ := newAPI(t, oldKey)
	s := httptest.NewServer(h)
	defer s.Close()
	stamp := strconv.FormatInt(now.Unix(), 10)
	for what, headers := range map[string]string{
		"no headers":      "",
		"no signature":    "webhook-id: msg_1\r\nwebhook-timestamp: " + stamp + "\r\n",
		"no sum":          "webhook-id: msg_1\r\nwebhook-timestamp: " + stamp + "\r\nwebhook-signature: v1,c2hvcnQ=\r\n",
		"another version": "webhook-id: msg_1\r\nwebhook-timestamp: " + stamp + "\r\nwebhook-signature: v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n",
		"late":            "webhook-id: msg_1\r\nwebhook-timestamp: 1\r\nwebhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n",
	} {
		c, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil { // a test that hangs fails
			t.Fatal(err)
		}
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: made-up\r\n%sContent-Length: 15\r\n\r\n", desk.RepublishPath, headers)
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %v, %v", what, res, err)
		}
		c.Close()
	}
}

// Ten thousand messages with one bit turned, and as many sent again, at once: none is
// taken, but the one that was sent first.
func TestForgedAndReplayed(t *testing.T) {
	h, q := newAPI(t, newKey+"\n"+oldKey)
	good := sign(t, oldKey, "msg_1", now, `{"scope":"case","id":"2611-004217"}`)
	if w := send(h, good); w.Code != http.StatusAccepted {
		t.Fatal(w.Code, w.Body)
	}
	rng := rand.New(rand.NewPCG(7, 7))
	forge := func() message {
		m := good
		parts := []*string{&m.id, &m.stamp, &m.body, &m.signature}
		part := parts[rng.IntN(len(parts))]
		b := []byte(*part)
		b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
		*part = string(b)
		return m
	}
	var forged []message
	for range 10_000 {
		if m := forge(); m != good {
			forged = append(forged, m)
		}
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	codes := map[int]int{}
	for w := range 4 {
		all.Go(func() {
			for i := w; i < len(forged); i += 4 {
				for _, m := range []message{forged[i], good} {
					code := send(h, m).Code
					mu.Lock()
					codes[code]++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	if len(q.kept) != 1 || len(q.audits) != 1 || codes[http.StatusAccepted] != 0 || codes[http.StatusConflict] < 10_000 {
		t.Errorf("%d kept, %d in the audit, answers %v", len(q.kept), len(q.audits), codes)
	}
}

func TestBrokenQueueAndFlood(t *testing.T) {
	h, q := newAPI(t, oldKey)
	q.broken = errors.New("disk full: 2611-004217")
	w := send(h, sign(t, oldKey, "msg_1", now, `{"scope":"all"}`))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "2611") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	k, err := desk.ParseKeys(oldKey)
	if err != nil {
		t.Fatal(err)
	}
	q = &queue{kept: map[string]job.Request{}}
	mux := http.NewServeMux()
	(&desk.API{Keys: k, Queue: q, Audit: q, Now: func() time.Time { return now }, Limit: rate.NewLimiter(0, 1)}).Routes(mux)
	for range 200 { // forged ones take nothing from those who have the key
		if w := send(mux, sign(t, newKey, "msg_0", now, `{"scope":"all"}`)); w.Code != http.StatusUnauthorized {
			t.Fatal(w.Code)
		}
	}
	if w := send(mux, sign(t, oldKey, "msg_1", now, `{"scope":"all"}`)); w.Code != http.StatusAccepted {
		t.Error(w.Code)
	}
	if w := send(mux, sign(t, oldKey, "msg_2", now, `{"scope":"all"}`)); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Error(w.Code)
	}
}

func TestParseKeysRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"none": "\n", "three": oldKey + "\n" + newKey + "\n" + oldKey, "short": "whsec_c2hvcnQ=", "no base64": "whsec_!!!!", "no prefix": strings.TrimPrefix(oldKey, "whsec_"),
	} {
		if _, err := desk.ParseKeys(text); err == nil || strings.Contains(err.Error(), "c2hvcnQ") || strings.Contains(err.Error(), "MfKQ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRepublish(f *testing.F) {
	f.Add("msg_1", "1795856400", "v1,xxx", `{"scope":"all"}`)
	f.Add("", "-1", "v1, v1,=", `{"scope":`)
	f.Fuzz(func(t *testing.T, id, stamp, signature, body string) {
		h, q := newAPI(t, oldKey)
		if w := send(h, message{id, stamp, body, signature}); w.Code == http.StatusAccepted || len(q.kept) > 0 {
			t.Errorf("%d", w.Code)
		}
	})
}
