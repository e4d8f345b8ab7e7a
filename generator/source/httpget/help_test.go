package httpget

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	token    = "Bearer verysecret"
	received = "13812345678" // stands for what a citizen wrote
)

func newClient(t *testing.T, o Options) *Client {
	t.Helper()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Header == nil {
		o.Header = http.Header{"Authorization": {token}}
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// upstream is a server in memory, at http://upstream.test. It calls serve for every
// connection, with what was asked and how often something was before.
type upstream struct {
	serve func(n int, asked *http.Request, conn net.Conn)
	mu    sync.Mutex
	asked []*http.Request
}

// took returns the requests so far.
func (u *upstream) took() []*http.Request {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.asked)
}

// client returns a client of the server, and of nothing else.
func (u *upstream) client(t *testing.T, o Options) *Client {
	o.Plain = append(o.Plain, "upstream.test")
	c := newClient(t, o)
	c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			r, err := http.ReadRequest(bufio.NewReader(there))
			if err != nil {
				return
			}
			u.mu.Lock()
			u.asked = append(u.asked, r)
			n := len(u.asked) - 1
			u.mu.Unlock()
			u.serve(n, r, there)
		}()
		return second(here), nil
	}
	return c
}

// answers serves whole answers in turn, the last one ever again. Lines end as in HTTP.
func answers(list ...string) func(int, *http.Request, net.Conn) {
	return func(n int, _ *http.Request, conn net.Conn) {
		head, body, _ := strings.Cut(list[min(n, len(list)-1)], "\n\n")
		conn.Write([]byte(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body)) // the client may have gone
	}
}

func zip(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text)) // into memory
	z.Close()
	return b.String()
}

// names lets the client resolve names by a table.
func names(c *Client, table map[string]string) {
	r := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			for answerName(there, table) {
			}
		}()
		return here, nil
	}}
	for _, g := range c.dial {
		g.dialer.Resolver = r
	}
}

// answerName answers one question for a name, as over TCP.
func answerName(conn net.Conn, table map[string]string) bool {
	b := make([]byte, 4096)
	if _, err := conn.Read(b[:2]); err != nil {
		return false
	}
	n, err := conn.Read(b)
	if err != nil {
		return false
	}
	var m dnsmessage.Message
	if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
		return false
	}
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	ip := net.ParseIP(table[strings.TrimSuffix(q.Name.String(), ".")])
	h := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, Type: q.Type, TTL: 1}
	switch v4 := ip.To4(); {
	case ip == nil:
		m.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeA && v4 != nil:
		m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AResource{A: [4]byte(v4)}}}
	case q.Type == dnsmessage.TypeAAAA && v4 == nil:
		m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AAAAResource{AAAA: [16]byte(ip.To16())}}}
	}
	out, err := m.Pack()
	if err != nil {
		return false
	}
	_, err = conn.Write(append([]byte{byte(len(out) >> 8), byte(len(out))}, out...))
	return err == nil
}
