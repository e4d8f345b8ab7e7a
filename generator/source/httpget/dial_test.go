package httpget

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
)

// An address is asked only where the operator has named it, in the spelling that was
// named; whatever else means the same machine is refused before it is dialled.
func TestAddresses(t *testing.T) {
	c := newClient(t, Options{Hosts: []string{"a.test", "127.0.0.1:8443", "[fd00::1]:8443"}, Plain: []string{"p.test"}})
	for _, address := range []string{
		"http://a.test/", "https://p.test/", "https://a.test:8443/", "https://a.test.:443/", "https://b.test/", "https://a.test.b.test/",
		"https://a.test@b.test/", "https://u:p@a.test/", "https://a.test\\@b.test/", "https://a.test#@b.test/", "https://a%2etest/", "https:a.test", "https:///a.test", "//a.test/", "a.test",
		"file:///etc/passwd", "gopher://a.test/", "ftp://a.test/", "unix:///run/a", "https://a.test:0/", "https://a.test:99999/",
		"https://127.0.0.1/", "https://127.0.0.1:443/", "https://127.1:8443/", "https://2130706433:8443/", "https://0x7f000001:8443/", "https://0177.0.0.1:8443/", "https://[::1]:8443/", "https://[::ffff:127.0.0.1]:8443/",
		"https://localhost:8443/", "https://[fd00:0::1]:8443/", "https://[fd00::1%25lo]:8443/", "https://169.254.169.254/latest/meta-data/", "https://①②⑦.⓪.⓪.①:8443/", "https://127。0。0。1:8443/",
		"https://a.test/\n", "", "%", "http://127.0.0.1:8443/", "http://a.test:443/", "https://p.test:80/",
	} {
		_, err := c.Get(t.Context(), address, nil)
		if msg, _, _ := fault.Public(err); !strings.Contains(msg, "none that a source may ask") && !strings.Contains(msg, "none that can be asked") {
			t.Errorf("%s: %v", address, err)
		}
		told(t, err)
	}
}

// What a name may lead to, by how the operator has named it.
func TestDialledAddresses(t *testing.T) {
	const refused = true
	for _, tt := range []struct {
		ip              string
		public, private bool // refused where the host was named without a port, with its port
	}{
		{"8.8.8.8", !refused, !refused},
		{"59.255.0.1", !refused, !refused},
		{"2400:3200::1", !refused, !refused},
		{"10.0.0.1", refused, !refused},
		{"172.16.0.1", refused, !refused},
		{"172.31.255.255", refused, !refused},
		{"172.32.0.1", !refused, !refused},
		{"192.168.1.1", refused, !refused},
		{"127.0.0.1", refused, !refused},
		{"127.255.255.254", refused, !refused},
		{"100.64.0.1", refused, !refused},
		{"::1", refused, !refused},
		{"fd00::1", refused, !refused},
		{"0.0.0.0", refused, refused},
		{"::", refused, refused},
		{"169.254.169.254", refused, refused},
		{"169.254.0.1", refused, refused},
		{"100.100.100.200", refused, refused},
		{"168.63.129.16", refused, refused},
		{"192.0.0.192", refused, refused},
		{"fd00:ec2::254", refused, refused},
		{"fd20:ce::254", refused, refused},
		{"fe80::1", refused, refused},
		{"ff02::1", refused, refused},
		{"224.0.0.1", refused, refused},
		{"255.255.255.255", refused, refused},
		{"192.0.2.1", refused, refused},
		{"198.18.0.1", refused, refused},
		{"::ffff:127.0.0.1", refused, refused},
		{"::ffff:169.254.169.254", refused, refused},
		{"64:ff9b::7f00:1", refused, refused},
		{"64:ff9b::a9fe:a9fe", refused, refused},
		{"64:ff9b:1::a9fe:a9fe", refused, refused},
		{"2002:7f00:1::", refused, refused},
		{"2001::7f00:1", refused, refused},
		{"::7f00:1", refused, refused},
		{"fec0::1", refused, refused},
	} {
		c := newClient(t, Options{Hosts: []string{"a.test", "b.test:443"}})
		for host, want := range map[string]bool{"a.test:443": tt.public, "b.test:443": tt.private} {
			network := "tcp4"
			if strings.Contains(tt.ip, ":") {
				network = "tcp6"
			}
			err := c.dial[host].check(network, net.JoinHostPort(tt.ip, "443"), nil)
			if (err != nil) != want {
				t.Errorf("%s may lead to %s: %v", host, tt.ip, err)
			}
			if c.dial[host].check(network, net.JoinHostPort(tt.ip, "22"), nil) == nil {
				t.Errorf("%s may lead to port 22 of %s", host, tt.ip)
			}
		}
	}
	// An address that was named with its port is reached, and that one alone.
	c := newClient(t, Options{Plain: []string{"169.254.169.254:80", "127.0.0.1:8080", "10.0.0.1"}})
	for _, tt := range []struct {
		host, ip string
		ok       bool
	}{
		{"169.254.169.254:80", "169.254.169.254:80", true}, {"169.254.169.254:80", "127.0.0.1:80", false},
		{"127.0.0.1:8080", "127.0.0.1:8080", true}, {"127.0.0.1:8080", "127.0.0.2:8080", false}, {"127.0.0.1:8080", "10.0.0.1:8080", false},
		{"10.0.0.1:80", "10.0.0.1:80", false},
	} {
		if err := c.dial[tt.host].check("tcp4", tt.ip, nil); (err == nil) != tt.ok {
			t.Errorf("%s to %s: %v", tt.host, tt.ip, err)
		}
	}
}

// A name that leads into a private network is refused although it was named, unless its
// port was named too. It is one request: what is refused is not tried again.
func TestNames(t *testing.T) {
	asked := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		io.WriteString(w, "{}")
	}))
	defer srv.Close()
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]string{"near.test": "127.0.0.1", "rebound.test": "169.254.169.254", "far.test": "10.1.2.3"}
	c := newClient(t, Options{Plain: []string{"near.test:" + port, "rebound.test:80", "far.test", "missing.test"}, Tries: 1})
	names(c, table)
	for address, want := range map[string]string{
		"http://near.test:" + port + "/": "",
		"http://rebound.test/":           "the address of rebound.test lies in a network that is not public",
		"http://far.test/":               "the address of far.test lies in a network that is not public",
		"http://missing.test/":           "the name missing.test leads to no address",
	} {
		_, err := c.Get(t.Context(), address, nil)
		msg := ""
		if err != nil {
			msg, _, _ = fault.Public(err)
		}
		if msg != want {
			t.Errorf("%s: %v", address, err)
		}
		told(t, err)
	}
	if asked != 1 {
		t.Errorf("the server was asked %d times", asked)
	}
	srv.Close()
	_, err = c.Get(t.Context(), "http://near.test:"+port+"/", nil)
	if msg, _, _ := fault.Public(err); msg != "near.test:"+port+" cannot be reached" {
		t.Errorf("nobody there: %v", err)
	}
	told(t, err)
}

// Whoever cannot prove who it is gets no token.
func TestTLS(t *testing.T) {
	asked := ""
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked += r.Header.Get("Authorization")
		io.WriteString(w, "{}")
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	old := httptest.NewUnstartedServer(srv.Config.Handler)
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	old.Config.ErrorLog = srv.Config.ErrorLog
	old.StartTLS()
	defer old.Close()
	plain := httptest.NewServer(srv.Config.Handler)
	defer plain.Close()

	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	port := srv.Listener.Addr().String()[len("127.0.0.1"):]
	for _, tt := range []struct {
		name, host, ca string
		now            time.Time
		want           string
	}{
		{"signed by the office's own", "127.0.0.1" + port, ca, time.Time{}, ""},
		{"by name", "example.com" + port, ca, time.Time{}, ""},
		{"signed by a stranger", "127.0.0.1" + port, "", time.Time{}, "certificate"},
		{"another name", "other.test" + port, ca, time.Time{}, "certificate"},
		{"out of date", "127.0.0.1" + port, ca, time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC), "certificate"},
		{"old TLS", old.Listener.Addr().String(), ca, time.Time{}, "cannot be reached"},
		{"no TLS", plain.Listener.Addr().String(), ca, time.Time{}, "not proper HTTP"},
	} {
		asked = ""
		o := Options{Hosts: []string{tt.host}, CAFile: tt.ca, Tries: 1, Sleep: func(context.Context, time.Duration) error { return nil }}
		if !tt.now.IsZero() {
			o.Now = func() time.Time { return tt.now }
		}
		c := newClient(t, o)
		names(c, map[string]string{"example.com": "127.0.0.1", "other.test": "127.0.0.1"})
		for range 2 { // also when the session is taken up again
			_, err := c.Get(t.Context(), "https://"+tt.host+"/", nil)
			msg := ""
			if err != nil {
				msg, _, _ = fault.Public(err)
			}
			if !strings.Contains(msg, tt.want) || (err == nil) != (tt.want == "") {
				t.Errorf("%s: %v", tt.name, err)
			}
			told(t, err)
		}
		if (asked != "") != (tt.want == "") {
			t.Errorf("%s: the token was sent: %v", tt.name, asked != "")
		}
	}
}

// A server that takes the connection and then says nothing, not even of TLS, holds nobody
// who wants to stop.
func TestStopInHandshake(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			cancel()
		}
		<-t.Context().Done()
	}()
	c := newClient(t, Options{Hosts: []string{l.Addr().String()}})
	if _, err := c.Get(ctx, "https://"+l.Addr().String()+"/", nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func FuzzSplitHost(f *testing.F) {
	for _, s := range []string{"a.test", "10.0.0.1:8443", "[::1]:80", "127.1", "a.test:", "0x7f.1", "a@b", "a.test/../"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, named string) {
		host, port, withPort, ok := splitHost(named)
		if !ok {
			return
		}
		again := host
		if strings.Contains(host, ":") {
			again = "[" + host + "]"
		}
		if withPort {
			again += ":" + port
		}
		if again != strings.ToLower(named) || strings.ContainsAny(host, "/@?#% \\") || host == "" {
			t.Errorf("%q is %q, %q", named, host, port)
		}
		if ip := net.ParseIP(host); ip == nil && strings.Trim(host, "0123456789.") == "" {
			t.Errorf("%q is a number that is no address", host)
		}
	})
}
