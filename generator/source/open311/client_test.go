package open311_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source/httpget"
	"github.com/huiyin/huiyin/generator/source/open311"
)

// Through the client of all sources, a walk comes to its end at a server that is limited,
// and ends at one that wants to be left alone.
func TestOver(t *testing.T) {
	town := newTown()
	busy := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if busy--; busy >= 0 {
			w.Header().Set("Retry-After", "3600")
			http.Error(w, "secret", http.StatusServiceUnavailable)
			return
		}
		town.ServeHTTP(w, r)
	}))
	defer server.Close()
	client, err := httpget.New(httpget.Options{
		Plain: []string{strings.TrimPrefix(server.URL, "http://")}, MaxBody: 40_000, Tries: 2,
		Now: time.Now, Sleep: func(context.Context, time.Duration) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := open311.NewRequests(open311.Options{Endpoint: server.URL + "/v2", Since: "2026-05-01"}, open311.Over(client), clock)
	if err != nil {
		t.Fatal(err)
	}
	var k kept
	if walk, err := k.walk(t, feed); err != nil || len(walk.Missing) > 0 {
		t.Fatal(walk.Missing, err)
	}
	if diff := differ(whole(t), k.take()); diff != "" {
		t.Errorf("(-standard +through the client):\n%s", diff)
	}
	busy = 1
	_, err = k.walk(t, feed)
	if msg, hint, _ := fault.Public(err); !strings.Contains(msg, "wants to be left alone for 1h0m0s") || hint == "" || strings.Contains(err.Error(), "secret") || busy != 0 {
		t.Errorf("%d, %v", busy, err)
	}
	server.Close()
	if _, err := k.walk(t, feed); err == nil {
		t.Error("no error of a server that is gone")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := feed.Fetch(ctx, nil, k.page); !errors.Is(err, context.Canceled) {
		t.Errorf("when it is stopped: %v", err)
	}
}
