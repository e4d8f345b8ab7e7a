package serve_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/site/serve"
)

// A stop lets the requests in flight end and takes no new ones.
func TestGracefulStop(t *testing.T) {
	began, goOn := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(began)
		<-goOn
		io.WriteString(w, "whole")
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx, ln, h, time.Minute, slog.New(slog.DiscardHandler)) }()
	got := make(chan string, 1)
	go func() {
		body, err := fetch(http.DefaultClient, "http://"+ln.Addr().String())
		if err != nil {
			body = err.Error()
		}
		got <- body
	}()
	<-began
	stop()
	// The listener closes first: wait for that, then let the request end.
	for {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			break
		}
		c.Close()
	}
	close(goOn)
	if body := <-got; body != "whole" {
		t.Errorf("the request in flight got %q", body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// What does not end in time is cut off.
func TestStopCutsOff(t *testing.T) {
	began, never := make(chan struct{}), make(chan struct{})
	defer close(never)
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(began); <-never })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx, ln, h, 0, slog.New(slog.DiscardHandler)) }()
	got := make(chan error, 1)
	go func() { _, err := fetch(http.DefaultClient, "http://"+ln.Addr().String()); got <- err }()
	<-began
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := <-got; err == nil {
		t.Error("the request was answered")
	}
}

// A request with more header than anyone needs is refused, and what is no
// request at all.
func TestRefusesHugeHeaders(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- serve.Run(ctx, ln, http.NotFoundHandler(), time.Minute, slog.New(slog.DiscardHandler))
	}()
	for _, tt := range []struct{ name, request, status string }{
		{"ordinary", "GET / HTTP/1.1\r\nHost: h\r\nCookie: " + strings.Repeat("a", 8<<10) + "\r\n\r\n", "404"},
		{"huge header", "GET / HTTP/1.1\r\nHost: h\r\nCookie: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", "431"},
		{"huge address", "GET /" + strings.Repeat("a", 64<<10) + " HTTP/1.1\r\nHost: h\r\n\r\n", "431"},
		{"no host", "GET / HTTP/1.1\r\n\r\n", "400"},
		{"no request", "\x16\x03\x01\x02\r\n\r\n", "400"},
	} {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		go io.WriteString(c, tt.request) // the server may hang up before the end
		line, err := bufio.NewReader(c).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, "HTTP/1.1 "+tt.status+" ") {
			t.Errorf("%s: answer %q, %v; want %s", tt.name, line, err, tt.status)
		}
		c.Close()
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
