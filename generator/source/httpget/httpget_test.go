package httpget

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
)

// Each case is what the upstream answers on one connection after the other (the last
// one ever again), and what comes of it: the status and body, or the text for the
// office; how often it was asked; and how long that took on the clock of the bubble,
// which begins on 2000-01-01 00:00 UTC.
func TestGet(t *testing.T) {
	const page = "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"
	big := strings.Repeat("x", 70000)
	zeros := zip(strings.Repeat("0", 3<<20))
	var lines strings.Builder // that pack to about a hundredth
	for i := range 9000 {
		fmt.Fprintf(&lines, "%d%s\n", i*i, strings.Repeat("-", 400))
	}
	tests := []struct {
		name    string
		answers []string
		want    string
		asked   int
		took    time.Duration
	}{
		{"a page", []string{page}, "200 {}", 1, 0},
		{"a page in chunks", []string{"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"}, "200 {}", 1, 0},
		{"a page that ends with the connection", []string{"HTTP/1.0 200 OK\n\n{}"}, "200 {}", 1, 0},
		{"a packed page", []string{"HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + zip("{}")}, "200 {}", 1, 0},
		{"unchanged", []string{"HTTP/1.1 304 Not Modified\nETag: \"a\"\n\n"}, "304 ", 1, 0},
		{"gone", []string{"HTTP/1.1 410 Gone\nContent-Length: 11\n\n" + received}, "410 ", 1, 0},
		{"a refusal is not asked again", []string{"HTTP/1.1 403 Forbidden\n\n" + received, page}, "403 ", 1, 0},

		{"trouble that passes", []string{"HTTP/1.1 503 Busy\n\n", "HTTP/1.1 500 Oh\n\n", page}, "200 {}", 3, 3 * time.Second},
		{"trouble that stays", []string{"HTTP/1.1 502 Bad Gateway\n\n" + received}, "502 ", 5, 15 * time.Second},
		{"what will never work", []string{"HTTP/1.1 501 Not Implemented\n\n"}, "501 ", 1, 0},
		{"wait for seconds", []string{"HTTP/1.1 429 Slow\nRetry-After: 90\n\n", page}, "200 {}", 2, 90 * time.Second},
		{"wait less than the pause", []string{"HTTP/1.1 429 Slow\nRetry-After: 0\n\n", page}, "200 {}", 2, time.Second},
		{"wait until a time", []string{"HTTP/1.1 503 Busy\nRetry-After: Sat, 01 Jan 2000 00:00:20 GMT\n\n", page}, "200 {}", 2, 20 * time.Second},
		{"wait until a time that is past", []string{"HTTP/1.1 429 Slow\nRetry-After: Fri, 31 Dec 1999 23:00:00 GMT\n\n", page}, "200 {}", 2, time.Second},
		{"wait for ten years", []string{"HTTP/1.1 429 Slow\nRetry-After: Fri, 01 Jan 2010 00:00:00 GMT\n\n", page}, "429 ", 1, 0},
		{"wait longer than is waited", []string{"HTTP/1.1 503 Busy\nRetry-After: 121\n\n", page}, "503 ", 1, 0},
		{"wait for longer than time lasts", []string{"HTTP/1.1 503 Busy\nRetry-After: 99999999999999999999\n\n", page}, "503 ", 1, 0},
		{"wait for nonsense", []string{"HTTP/1.1 503 Busy\nRetry-After: -5\n\n", page}, "200 {}", 2, time.Second},

		{"the end is missing", []string{"HTTP/1.1 200 OK\nContent-Length: 3\n\n{}"}, "the answer of upstream.test broke off", 5, 15 * time.Second},
		{"the end was missing once", []string{"HTTP/1.1 200 OK\nContent-Length: 3\n\n{}", page}, "200 {}", 2, time.Second},
		{"the last chunk is missing", []string{"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\n{}\r\n"}, "the answer of upstream.test broke off", 5, 15 * time.Second},
		{"half a packed page", []string{"HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + zip(big)[:40]}, "the answer of upstream.test broke off", 5, 15 * time.Second},
		{"more than the length says", []string{"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}" + received}, "200 {}", 1, 0},
		{"two lengths", []string{"HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3\n\n{} "}, "what upstream.test answers is not proper HTTP", 5, 15 * time.Second},
		{"nothing at all", []string{""}, "what upstream.test answers is not proper HTTP", 5, 15 * time.Second},
		{"not HTTP", []string{received + " is my number\n\n"}, "what upstream.test answers is not proper HTTP", 5, 15 * time.Second},
		{"a broken header", []string{"HTTP/1.1 200 OK\n" + received + "\n\n"}, "what upstream.test answers is not proper HTTP", 5, 15 * time.Second},
		{"a header without end", []string{"HTTP/1.1 200 OK\nX-A: " + strings.Repeat("a", 70<<10) + "\n\n{}"}, "what upstream.test answers is not proper HTTP", 5, 15 * time.Second},

		{"a body over the limit", []string{"HTTP/1.1 200 OK\n\n" + big}, "the answer of upstream.test is larger than 65536 bytes", 1, 0},
		{"a length over the limit", []string{"HTTP/1.1 200 OK\nContent-Length: 10000000000\n\n"}, "the answer of upstream.test is larger than 65536 bytes", 1, 0},
		{"unpacked over the limit", []string{"HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + zip(lines.String())}, "the answer of upstream.test is larger than 2097152 bytes", 1, 0},
		{"a gzip bomb", []string{"HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + zeros}, "the answer of upstream.test unpacks to far more than was sent, more than 200 times as much", 1, 0},
		{"broken gzip", []string{"HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + received + received}, "the answer of upstream.test cannot be unpacked", 5, 15 * time.Second},
		{"another encoding", []string{"HTTP/1.1 200 OK\nContent-Encoding: br\n\n{}"}, "the answer of upstream.test is packed in another way than gzip", 1, 0},
		{"packed twice", []string{"HTTP/1.1 200 OK\nContent-Encoding: gzip, gzip\n\n" + zip(zip("{}"))}, "the answer of upstream.test is packed in another way than gzip", 1, 0},

		{"a redirect", []string{"HTTP/1.1 302 Found\nLocation: /new?cursor=b\n\n", page}, "200 {}", 2, 0},
		{"a redirect that names the port", []string{"HTTP/1.1 308 Moved\nLocation: http://UPSTREAM.test:80/new\n\n", page}, "200 {}", 2, 0},
		{"three redirects", []string{"HTTP/1.1 301 Moved\nLocation: a\n\n", "HTTP/1.1 307 Moved\nLocation: b\n\n", "HTTP/1.1 303 Moved\nLocation: c\n\n", page}, "200 {}", 4, 0},
		{"redirects without end", []string{"HTTP/1.1 302 Found\nLocation: /a\n\n"}, "upstream.test sends on more than 3 times", 4, 0},
		{"a redirect to another host", []string{"HTTP/1.1 302 Found\nLocation: http://other.test/" + received + "\n\n"}, "upstream.test sends on to another place", 1, 0},
		{"a redirect to metadata", []string{"HTTP/1.1 302 Found\nLocation: http://169.254.169.254/latest/meta-data/\n\n"}, "upstream.test sends on to another place", 1, 0},
		{"a redirect to another port", []string{"HTTP/1.1 302 Found\nLocation: http://upstream.test:8080/\n\n"}, "upstream.test sends on to another place", 1, 0},
		{"a redirect to another scheme", []string{"HTTP/1.1 302 Found\nLocation: https://upstream.test/\n\n"}, "upstream.test sends on to another place", 1, 0},
		{"a redirect with a name", []string{"HTTP/1.1 302 Found\nLocation: http://a:b@upstream.test/\n\n"}, "upstream.test sends on to another place", 1, 0},
		{"a redirect to a file", []string{"HTTP/1.1 302 Found\nLocation: file:///etc/passwd\n\n"}, "upstream.test sends on to another place", 1, 0},
		{"a redirect to nowhere", []string{"HTTP/1.1 302 Found\n\n"}, "upstream.test sends on to another place", 1, 0},
		{"a redirect to nonsense", []string{"HTTP/1.1 302 Found\nLocation: http://" + received + "[/\n\n"}, "upstream.test sends on to another place", 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &upstream{serve: answers(tt.answers...)}
				c := u.client(t, Options{MaxBody: 64 << 10, MaxPlain: 2 << 20})
				start := time.Now()
				r, err := c.Get(t.Context(), "http://upstream.test/cases?cursor=a", http.Header{"If-None-Match": {`"a"`}})
				got := ""
				if err == nil {
					got = fmt.Sprintf("%d %s", r.Status, r.Body)
					err = r.Err()
				} else {
					got, _, _ = fault.Public(err)
				}
				if !strings.HasPrefix(got, tt.want) || len(u.took()) != tt.asked || time.Since(start) != tt.took {
					t.Errorf("%q after %d requests and %s; want %q, %d, %s", got, len(u.took()), time.Since(start), tt.want, tt.asked, tt.took)
				}
				told(t, err)
			})
		})
	}
}

// told complains about an error that tells the office nothing to do, or the log what was
// received or sent.
func told(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	msg, hint, _ := fault.Public(err)
	if msg == "internal error" || hint == "" {
		t.Errorf("%q, hint %q", msg, hint)
	}
	for _, text := range []string{err.Error(), hint, fmt.Sprintf("%+v %#v", err, err)} {
		for _, secret := range []string{received, "verysecret", "cursor"} {
			if strings.Contains(text, secret) {
				t.Errorf("the error shows %q: %s", secret, text)
			}
		}
	}
}

// What is sent: the header of the request over that of the client, nothing that was not
// asked for, and the same after a redirect.
func TestRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		t.Setenv("HTTP_PROXY", "http://proxy.test:3128")
		u := &upstream{serve: answers("HTTP/1.1 302 Found\nSet-Cookie: a=b\nLocation: /b?x=1\n\n", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}")}
		c := u.client(t, Options{UserAgent: "huiyin/1"})
		r, err := c.Get(t.Context(), "http://upstream.test/a", http.Header{"if-none-match": {`"e"`}})
		if err != nil || r.URL.String() != "http://upstream.test/b?x=1" {
			t.Fatalf("%v, %v", r, err)
		}
		for _, asked := range u.took() {
			var b bytes.Buffer
			if err := asked.Header.WriteSubset(&b, nil); err != nil {
				t.Fatal(err)
			}
			want := "Accept-Encoding: gzip\r\nAuthorization: Bearer verysecret\r\nConnection: close\r\nIf-None-Match: \"e\"\r\nUser-Agent: huiyin/1\r\n"
			if got := b.String(); got != want || asked.Host != "upstream.test" {
				t.Errorf("%s to %q", got, asked.Host)
			}
		}
	})
}

// drip sends a byte a second, for ever.
func drip(head string) func(int, *http.Request, net.Conn) {
	return func(_ int, _ *http.Request, conn net.Conn) {
		io.WriteString(conn, head)
		for {
			if _, err := conn.Write([]byte{'a'}); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}
}

// However slowly an answer comes, a try ends in time; and whoever waits can stop it.
func TestSlow(t *testing.T) {
	for name, serve := range map[string]func(int, *http.Request, net.Conn){
		"silence": func(_ int, _ *http.Request, conn net.Conn) { io.Copy(io.Discard, conn) },
		"header":  drip("HTTP/1.1 200 OK\r\nX: "),
		"body":    drip("HTTP/1.1 200 OK\r\n\r\n"),
		"chunks":  drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n"),
		"error":   drip("HTTP/1.1 500 No\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &upstream{serve: serve}
				c := u.client(t, Options{Timeout: 30 * time.Second, Tries: 3})
				start := time.Now()
				r, err := c.Get(t.Context(), "http://upstream.test/", nil)
				if name == "error" { // whose body nobody waits for
					if err != nil || r.Status != 500 || time.Since(start) != 3*time.Second {
						t.Errorf("%v, %v after %s", r, err, time.Since(start))
					}
					return
				}
				msg, _, _ := fault.Public(err)
				if want := "upstream.test did not answer in full within 30s"; msg != want || time.Since(start) != 93*time.Second {
					t.Errorf("%q after %s", msg, time.Since(start))
				}
				told(t, err)

				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				start = time.Now()
				if _, err := c.Get(ctx, "http://upstream.test/", nil); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 5*time.Second {
					t.Errorf("stopped: %v after %s", err, time.Since(start))
				}
				time.Sleep(2 * time.Second) // until the server has noticed
			})
		})
	}
}

// A pause can be stopped as well.
func TestStopInAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{serve: answers("HTTP/1.1 503 Busy\nRetry-After: 100\n\n")}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := u.client(t, Options{}).Get(ctx, "http://upstream.test/", nil); !errors.Is(err, context.DeadlineExceeded) || len(u.took()) != 1 {
			t.Errorf("%v after %d requests", err, len(u.took()))
		}
	})
}

// Ten gigabytes are refused at the limit, and take no more memory than it.
func TestEndlessBody(t *testing.T) {
	for name, head := range map[string]string{
		"as it is": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
		"chunked":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n280000000\r\n",
	} {
		var sent atomic.Int64
		u := &upstream{serve: func(_ int, _ *http.Request, conn net.Conn) {
			io.WriteString(conn, head)
			block := bytes.Repeat([]byte(" "), 64<<10)
			for sent.Load() < 10<<30 {
				n, err := conn.Write(block)
				if sent.Add(int64(n)); err != nil {
					return
				}
			}
		}}
		c := u.client(t, Options{MaxBody: 8 << 20})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := c.Get(t.Context(), "http://upstream.test/", nil)
		runtime.ReadMemStats(&after)
		msg, _, _ := fault.Public(err)
		if used := after.TotalAlloc - before.TotalAlloc; msg != "the answer of upstream.test is larger than 8388608 bytes" || used > 64<<20 || sent.Load() > 9<<20 {
			t.Errorf("%s: %q; %d bytes taken, %d sent", name, msg, used, sent.Load())
		}
		if len(u.took()) != 1 {
			t.Errorf("%s: asked %d times", name, len(u.took()))
		}
	}
}

// What a server says before it was asked is not heard.
func TestHeardAfterAsking(t *testing.T) {
	for name, wake := range map[string]func(net.Conn){
		"asking":  func(c net.Conn) { c.Write([]byte("?")) },
		"closing": func(c net.Conn) { c.Close() },
	} {
		synctest.Test(t, func(t *testing.T) {
			here, there := net.Pipe()
			defer there.Close()
			go there.Write([]byte("!")) // until somebody hears it
			go io.Copy(io.Discard, there)
			conn := second(here)
			heard := false
			go func() {
				conn.Read(make([]byte, 1))
				heard = true
			}()
			synctest.Wait()
			if heard {
				t.Errorf("%s: heard before", name)
			}
			wake(conn)
			synctest.Wait()
			if !heard {
				t.Errorf("%s: not heard after", name)
			}
		})
	}
}

// A server that speaks before it was asked is not written into the log, where its words
// would stand.
func TestSpeaksFirst(t *testing.T) {
	var said bytes.Buffer
	log.SetOutput(&said)
	defer log.SetOutput(os.Stderr)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(conn, received+" HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"+received)
			conn.Close()
		}
	}()
	c := newClient(t, Options{Plain: []string{l.Addr().String()}, Sleep: func(context.Context, time.Duration) error { return nil }})
	_, err = c.Get(t.Context(), "http://"+l.Addr().String()+"/", nil)
	if err == nil || said.Len() > 0 {
		t.Errorf("%v; the log: %s", err, &said)
	}
	told(t, err)
}

func TestNewRefuses(t *testing.T) {
	dir := t.TempDir()
	none := filepath.Join(dir, "none.pem")
	if err := os.WriteFile(none, []byte("-----BEGIN CERTIFICATE-----\nverysecret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	hosts := []string{"a.test"}
	for name, o := range map[string]Options{
		"no host":           {},
		"a negative limit":  {Hosts: hosts, MaxBody: -1},
		"a token of lines":  {Hosts: hosts, Header: http.Header{"Authorization": {"verysecret\r\nX: y"}}},
		"a token of spaces": {Hosts: hosts, Header: http.Header{"Authorization": {"verysecret "}}},
		"no authorities":    {Hosts: hosts, CAFile: none},
		"no file":           {Hosts: hosts, CAFile: filepath.Join(dir, "missing.pem")},
	} {
		o.Now, o.Sleep = time.Now, sleep
		_, err := New(o)
		if _, _, code := fault.Public(err); err == nil || code != fault.ExitConfig {
			t.Errorf("%s: %v", name, err)
		}
		told(t, err)
	}
	for _, host := range []string{
		"", "https://a.test", "a.test/", "a.test?x", "a@b.test", "a b.test", "a.test:", "a.test:0", "a.test:65536", "a.test:080", "a.test:http",
		"a.test.", "127.1", "0177.0.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "1.2.3.4.5", "[::1", "::1", "a::a:10", "[a.test]", "[a.test]:80", "[::ffff:10.0.0.1]:80", "[fe80::1%25eth0]:80", "0.0.0.0:80", "[::]:80",
		"224.0.0.1:80", "平台.test", "a..",
	} {
		if _, err := New(Options{Hosts: []string{host}, Now: time.Now, Sleep: sleep}); err == nil {
			t.Errorf("a source may name the host %q", host)
		} else {
			told(t, err)
		}
	}
	if _, err := New(Options{Hosts: hosts}); err == nil {
		t.Error("there is a client without a clock")
	}
}

// A client that is printed shows no token.
func TestPrint(t *testing.T) {
	c := newClient(t, Options{Hosts: []string{"a.test"}})
	if s := fmt.Sprintf("%v %+v %#v %s", c, c, c, c); strings.Contains(s, "verysecret") || strings.Contains(s, "Bearer") {
		t.Error(s)
	}
}
