package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/schedule"
)

// get asks an address on a connection of its own, and returns what it answers.
func get(t *testing.T, address string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute} // a test that hangs fails
	res, err := client.Get(address)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	return res.Status + " " + string(body)
}

// open opens a connection and sends a part of a request on it.
func open(t *testing.T, address, part string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, part); err != nil {
		t.Fatal(err)
	}
}

// Whoever holds connections open and sends nothing, or half a request, signed or not, keeps
// nobody from asking the daemon. The server's own limits of time are taken away: it is not
// they that let others in.
func TestCrowded(t *testing.T) {
	root := t.TempDir()
	f := triggerFolder(t, root, io.Discard)
	keys := root + "/republish.keys"
	if err := os.WriteFile(keys, []byte("whsec_bWFkZS11cC1rZXktb2YtdGhpcnR5LXR3by1ieXRlcyE=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := standard()
	a.now, a.configFile = f.now, root+"/huiyin.yaml"
	if err := os.WriteFile(a.configFile, []byte("version: 1\nsite: {name: made up, base_url: 'https://www.example.gov.cn/'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &config.Config{State: root, Run: config.Run{Listen: "127.0.0.1:0", Keys: keys}}
	s, err := newDaemonServer(a, c, f.queue, schedule.Defaults("publish"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.ReadHeaderTimeout, s.ReadTimeout = 0, 0
	stop := s.start(func(err error) { t.Error(err) })
	address := s.listener.Addr().String()
	for i := range maxConnections + 50 {
		head := "POST /api/republish HTTP/1.1\r\nHost: made-up\r\nContent-Length: 15\r\n"
		stamp := fmt.Sprintf("webhook-id: msg_1\r\nwebhook-timestamp: %d\r\nwebhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n", f.now().Unix())
		open(t, address, []string{"", head, head + "\r\n", head + stamp + "\r\n", head + stamp + "\r\n{"}[i%5])
	}
	if got := get(t, "http://"+address+"/healthz"); got != "200 OK {\"ok\":true}\n" {
		t.Error(got)
	}
	if err := s.Server.Close(); err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// A request that is being answered keeps its place, however many come; while all are being
// answered, more wait.
func TestCrowdAtWork(t *testing.T) {
	for _, most := range []int{1, 2} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := l.Addr().String()
		begun, goOn := make(chan bool), make(chan bool)
		mux := http.NewServeMux()
		mux.HandleFunc("/slow", func(w http.ResponseWriter, _ *http.Request) {
			begun <- true
			<-goOn
			fmt.Fprint(w, "slow")
		})
		mux.HandleFunc("/quick", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "quick") })
		var s http.Server
		c := newCrowd(l, most)
		c.serve(&s, mux)
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(c) }()
		slow, quick := make(chan string, 1), make(chan string, 1)
		go func() { slow <- get(t, "http://"+address+"/slow") }()
		<-begun
		for range 5 {
			open(t, address, "GET /quick HTTP/1.1\r\n")
		}
		go func() { quick <- get(t, "http://"+address+"/quick") }()
		if most > 1 {
			if got := <-quick; got != "200 OK quick" {
				t.Error(got)
			}
		}
		goOn <- true
		if got := <-slow; got != "200 OK slow" {
			t.Error(got)
		}
		if most == 1 {
			if got := <-quick; got != "200 OK quick" {
				t.Error(got)
			}
		}
		if err := s.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != http.ErrServerClosed {
			t.Error(err)
		}
	}
}

// slowToSend is a listener whose connections say that they are written to, and wait.
type slowToSend struct {
	net.Listener
	writing, goOn chan bool
}

func (l slowToSend) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return slowConn{c, l}, err
}

type slowConn struct {
	net.Conn
	of slowToSend
}

func (c slowConn) Write(p []byte) (int, error) {
	c.of.writing <- true
	<-c.of.goOn
	return c.Conn.Write(p)
}

// A connection keeps its place until the answer is sent, and not only until it is made; once
// the next request is waited for, it gives way.
func TestCrowdSends(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String()
	slow := slowToSend{l, make(chan bool), make(chan bool)}
	c := newCrowd(slow, 1)
	var s http.Server
	c.serve(&s, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "here") }))
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(c) }()
	said := make(chan string, 1)
	ask := func() {
		client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute} // a test that hangs fails
		t.Cleanup(client.CloseIdleConnections)
		res, err := client.Get(address)
		if err != nil {
			said <- err.Error()
			return
		}
		body, err := io.ReadAll(res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			said <- err.Error()
			return
		}
		said <- string(body)
	}
	for range 3 { // the connection of each stays open
		go ask()
		<-slow.writing
		c.mu.Lock()
		for _, turn := range c.guests {
			if turn != answered {
				t.Error("it can be sent away before its answer is sent")
			}
		}
		c.mu.Unlock()
		slow.goOn <- true
		if got := <-said; got != "here" {
			t.Error(got)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != http.ErrServerClosed {
		t.Error(err)
	}
}
