// Package httpget asks upstreams over HTTP: it is the one client of the sources that
// grow. It is made for a server that nobody here has a hand in, and that may be slow,
// broken or taken over.
//
//   - Only hosts that the operator has named are asked, with their port, and over TLS
//     (1.2 at least, certificates verified) unless a host is named for plain HTTP.
//   - The address that a name leads to is checked when it is dialled: what is private,
//     reserved, local or a cloud's metadata is refused, except for hosts that were named
//     together with their port. See [Options.Hosts].
//   - A redirect leads to the same scheme, host and port or is refused, and three are
//     followed.
//   - The header, the body as sent, the body unpacked, the ratio of both and the time of
//     the whole answer are bounded. Half an answer is an error.
//   - Too many requests, trouble of the server and of the line are tried again with
//     growing pauses, and never earlier than Retry-After says. Nothing else is.
//   - There are no cookies, no proxies, not even those that the environment names, and
//     no connections kept open.
//
// An error tells the office what to do ([fault.Error]) and names the host. It holds
// nothing of the header that is sent, of the query, or of what was received.
package httpget

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/huiyin/huiyin/generator/fault"
)

// Options are those of a [Client]. Now and Sleep are required, and one host.
type Options struct {
	// Hosts are the hosts that may be asked over https, each a name or an IP address,
	// with or without a port. A host without one is asked on port 443 and must have a
	// public address. A host that is named with its port (10.20.0.5:8443,
	// platform.intern:443) may have an address inside of a private network or of this
	// machine. Link-local and metadata addresses are reached by nobody who has not
	// named them as an address, with the port.
	Hosts []string

	// Plain are those that may be asked over http, in the same form; without a port
	// they are asked on port 80. What is asked can be read and changed on the way, and
	// so can Header.
	Plain []string

	// CAFile is a file of certificates in PEM. When it is given, they are the only
	// authorities that are believed, in place of those of the machine.
	CAFile string

	// Header is sent with every request, such as Authorization. Errors never show it.
	Header http.Header

	// UserAgent is how the client introduces itself. Default "huiyin".
	UserAgent string

	// Timeout is for one try as a whole, redirects and body included. Default 1m.
	Timeout time.Duration

	// Tries is how often a request is made before it has failed. Default 5.
	Tries int

	// MaxWait is the longest pause that Retry-After may ask for; an upstream that
	// wants a longer one is not asked again. Default 2m.
	MaxWait time.Duration

	// MaxBody is the largest body as it is sent, in bytes. Default 16 MiB.
	MaxBody int64

	// MaxPlain is the largest body after unpacking, in bytes. Default 32 MiB.
	MaxPlain int64

	// Now tells the time, by which certificates and Retry-After are judged.
	Now func() time.Time

	// Sleep waits, and returns early with an error when ctx has ended.
	Sleep func(ctx context.Context, d time.Duration) error
}

// The defaults of [Options].
const (
	DefaultTimeout  = time.Minute
	DefaultTries    = 5
	DefaultMaxWait  = 2 * time.Minute
	DefaultMaxBody  = 16 << 20
	DefaultMaxPlain = 32 << 20
)

const (
	maxHeader    = 64 << 10 // bytes of an answer's header
	maxRedirects = 3
	maxCA        = 1 << 20
)

// Client asks the hosts that it was made for. It may be used by several at a time.
type Client struct {
	o         Options
	hosts     map[string]bool // "https://host:port" that may be asked
	dial      map[string]*gate
	transport *http.Transport
}

// Response is an answer that came whole.
type Response struct {
	Status int
	Header http.Header
	Body   []byte   // unpacked; of an answer of 2xx only
	URL    *url.URL // that has answered, after redirects

	wait time.Duration // that Retry-After asks for
}

// New returns a client. It reads the file of certificates, and asks nothing yet.
func New(o Options) (*Client, error) {
	if o.Now == nil || o.Sleep == nil {
		return nil, errors.New("httpget: Now and Sleep are required")
	}
	if o.UserAgent == "" {
		o.UserAgent = "huiyin"
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Tries == 0 {
		o.Tries = DefaultTries
	}
	if o.MaxWait == 0 {
		o.MaxWait = DefaultMaxWait
	}
	if o.MaxBody == 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.MaxPlain == 0 {
		o.MaxPlain = DefaultMaxPlain
	}
	if o.Timeout < 0 || o.Tries < 0 || o.MaxWait < 0 || o.MaxBody < 0 || o.MaxPlain < 0 {
		return nil, fault.Coded(fault.ExitConfig, "a limit of a source is less than nought", "leave it out to have its default", nil)
	}
	o.Header = o.Header.Clone()
	for name, values := range o.Header {
		for _, v := range values {
			if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(v) || v != strings.TrimSpace(v) {
				return nil, fault.Coded(fault.ExitConfig, "the token of a source holds characters that cannot be sent", "put the token into its file on one line, and nothing else", nil)
			}
		}
	}
	c := &Client{o: o, hosts: map[string]bool{}, dial: map[string]*gate{}}
	for scheme, list := range map[string][]string{"https": o.Hosts, "http": o.Plain} {
		for _, h := range list {
			if err := c.allow(scheme, h); err != nil {
				return nil, err
			}
		}
	}
	if len(c.hosts) == 0 {
		return nil, fault.Coded(fault.ExitConfig, "a source names no host", "write the address of the upstream into the configuration", nil)
	}
	roots, err := authorities(o.CAFile)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Time: o.Now, ClientSessionCache: tls.NewLRUClientSessionCache(8)}
	c.transport = &http.Transport{
		DialContext: c.connect,
		DialTLSContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return c.connectTLS(ctx, network, addr, config)
		},
		DisableCompression:     true,
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxHeader,
	}
	return c, nil
}

// authorities reads a file of certificates; without one, those of the machine hold.
func authorities(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	hint := "name a file with the certificate of the authority in PEM, which begins with -----BEGIN CERTIFICATE-----"
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Coded(fault.ExitConfig, "the file of certificates "+path+" cannot be read", hint, err)
	}
	defer f.Close() // only read: nothing can be lost
	text, err := io.ReadAll(io.LimitReader(f, maxCA+1))
	if err != nil {
		return nil, fault.Coded(fault.ExitConfig, "the file of certificates "+path+" cannot be read", hint, err)
	}
	roots := x509.NewCertPool()
	if len(text) > maxCA || !roots.AppendCertsFromPEM(text) {
		return nil, fault.Coded(fault.ExitConfig, "the file "+path+" holds no certificates", hint, nil)
	}
	return roots, nil
}

// String says what the client is for, and none of what it sends.
func (c *Client) String() string { return fmt.Sprintf("httpget.Client of %d hosts", len(c.hosts)) }

// GoString is [Client.String].
func (c *Client) GoString() string { return c.String() }

// Get asks for address, which is one of a host that was named, with a header of its own
// beside that of the client. Every answer that came whole is returned, whatever its
// status; [Response.Err] tells what a status means. The error is that of ctx when it has
// ended.
func (c *Client) Get(ctx context.Context, address string, header http.Header) (*Response, error) {
	u, err := url.Parse(address)
	if err != nil || u.Opaque != "" || u.User != nil || u.Fragment != "" {
		return nil, fault.Coded(fault.ExitConfig, "the address of a source is none that can be asked", "write it like https://platform.example.gov.cn/export/cases, without a name and a password in it", nil)
	}
	u.Host = strings.ToLower(u.Host)
	if !c.hosts[origin(u)] {
		return nil, &failure{kind: unnamed, host: u.Host}
	}
	for try := 1; ; try++ {
		res, err := c.try(ctx, u, header)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		wait, again := c.again(res, err, try)
		if !again {
			return res, err
		}
		if err := c.o.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// try makes a request once.
func (c *Client) try(ctx context.Context, u *url.URL, header http.Header) (*Response, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.o.Timeout, errSlow)
	defer cancel()
	host := u.Host
	for hop := 0; ; hop++ {
		res, err := c.transport.RoundTrip(c.request(ctx, u, header))
		if err != nil {
			return nil, c.explain(ctx, host, err)
		}
		next, err := redirect(u, res)
		if next == nil && err == nil {
			return c.answer(ctx, u, res)
		}
		res.Body.Close() // nothing of it is wanted
		if err != nil {
			return nil, &failure{kind: elsewhere, host: host, cause: err}
		}
		if hop == maxRedirects {
			return nil, &failure{kind: circling, host: host}
		}
		u = next
	}
}

func (c *Client) request(ctx context.Context, u *url.URL, header http.Header) *http.Request {
	h := http.Header{"User-Agent": {c.o.UserAgent}, "Accept-Encoding": {"gzip"}}
	for _, more := range []http.Header{header, c.o.Header} {
		for name, values := range more {
			h[http.CanonicalHeaderKey(name)] = values
		}
	}
	r := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: h, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	return r.WithContext(ctx)
}

// redirect returns where an answer sends on to; nil when it does not.
func redirect(from *url.URL, res *http.Response) (*url.URL, error) {
	switch res.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	place := res.Header.Get("Location")
	to, err := from.Parse(place)
	if err != nil || place == "" { // whose text would show what was received
		return nil, errors.New("a redirect without an address")
	}
	if to.User != nil || to.Opaque != "" || origin(to) != origin(from) {
		return nil, errors.New("a redirect to another scheme, host or port")
	}
	to.Host, to.Fragment, to.RawFragment = strings.ToLower(to.Host), "", ""
	return to, nil
}

// origin returns the scheme, host and port of an address.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = defaultPort[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

var defaultPort = map[string]string{"https": "443", "http": "80"}
