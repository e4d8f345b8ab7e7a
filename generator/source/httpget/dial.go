package httpget

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"code.dny.dev/ssrf"

	"github.com/huiyin/huiyin/generator/fault"
)

// gate is what a host that was named may lead to.
type gate struct {
	guard   *ssrf.Guardian
	literal bool // the host is an address itself
	dialer  *net.Dialer
}

// inside are the networks in which a host may lie that was named with its port: private
// ones, this machine, and the space that providers share.
var inside = struct{ v4, v6 []netip.Prefix }{
	v4: []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"),
	},
	v6: []netip.Prefix{netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("::1/128")},
}

// metadata are the addresses at which clouds tell a machine its secrets, besides those
// that are link-local. A name never leads there, whoever has named it.
var metadata = []netip.Addr{
	netip.MustParseAddr("100.100.100.200"), // Alibaba Cloud
	netip.MustParseAddr("168.63.129.16"),   // Azure
	netip.MustParseAddr("192.0.0.192"),     // Oracle
	netip.MustParseAddr("fd00:ec2::254"),   // AWS
	netip.MustParseAddr("fd20:ce::254"),    // Google
}

var errRefused = errors.New("an address that is not to be reached")

// allow names a host.
func (c *Client) allow(scheme, named string) error {
	host, port, private, ok := splitHost(named)
	if !ok {
		return fault.Coded(fault.ExitConfig, "a host of a source is none that can be asked", "write a name or an IP address, with its port where it lies in a network of your own: platform.example.gov.cn, 10.20.0.5:8443", nil)
	}
	if port == "" {
		port = defaultPort[scheme]
	}
	address := net.JoinHostPort(host, port)
	c.hosts[scheme+"://"+address] = true
	if g := c.dial[address]; g != nil && !private {
		return nil // named already, with its port or without
	}
	g := &gate{dialer: new(net.Dialer)}
	n, _ := strconv.ParseUint(port, 10, 16) // it was read before
	options := []ssrf.Option{ssrf.WithPorts(uint16(n)), ssrf.WithNetworks("tcp4", "tcp6")}
	if private {
		v4, v6 := inside.v4, inside.v6
		if ip, err := netip.ParseAddr(host); err == nil {
			v4, v6, g.literal = nil, nil, true
			if p := netip.PrefixFrom(ip, ip.BitLen()); ip.Is4() {
				v4 = []netip.Prefix{p}
			} else {
				v6 = []netip.Prefix{p}
			}
		}
		options = append(options, ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
	}
	g.guard = ssrf.New(options...)
	g.dialer.ControlContext = func(_ context.Context, network, address string, conn syscall.RawConn) error {
		return g.check(network, address, conn)
	}
	c.dial[address] = g
	return nil
}

// splitHost takes apart a host as an operator names it.
func splitHost(named string) (host, port string, withPort, ok bool) {
	u, err := url.Parse("//" + named)
	if err != nil || u.Host != named || u.User != nil || named == "" {
		return "", "", false, false
	}
	host, port = strings.ToLower(u.Hostname()), u.Port()
	if strings.Contains(host, "%") || strings.HasSuffix(host, ".") || strings.HasSuffix(named, ":") || strings.Contains(host, ":") != strings.HasPrefix(named, "[") {
		return "", "", false, false
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Is4In6() || ip.IsUnspecified() || ip.IsMulticast() || ip.String() != host {
			return "", "", false, false
		}
	} else {
		for i := range len(host) {
			if b := host[i]; b != '-' && b != '.' && b != '_' && (b < '0' || b > '9') && (b < 'a' || b > 'z') {
				return "", "", false, false
			}
		}
		if !isName(host) {
			return "", "", false, false
		}
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || strconv.FormatUint(n, 10) != port {
			return "", "", false, false
		}
	}
	return host, port, port != "", true
}

// isName tells a name from a number that some resolvers take for an address, such as
// 2130706433, 0x7f000001 or 127.1.
func isName(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" || strings.HasPrefix(last, "0x") {
		return false
	}
	return strings.ContainsFunc(last, func(r rune) bool { return r < '0' || r > '9' })
}

// check is called with the address that is about to be connected to, after a name was
// resolved: what a name leads to can change between two looks at it.
func (g *gate) check(network, address string, conn syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return errRefused
	}
	if !g.literal {
		for _, ip := range metadata {
			if ap.Addr().Unmap() == ip {
				return errRefused
			}
		}
	}
	if err := g.guard.Safe(network, address, conn); err != nil {
		return errRefused
	}
	return nil
}

// connect opens a connection to a host that was named.
func (c *Client) connect(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := c.open(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return second(conn), nil
}

// connectTLS does the same, and verifies whom it leads to.
func (c *Client) connectTLS(ctx context.Context, network, address string, config *tls.Config) (net.Conn, error) {
	raw, err := c.open(ctx, network, address)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		raw.Close()
		return nil, err
	}
	config = config.Clone()
	config.ServerName = host
	conn := tls.Client(raw, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return second(conn), nil
}

func (c *Client) open(ctx context.Context, network, address string) (net.Conn, error) {
	g := c.dial[address]
	if g == nil {
		return nil, errRefused
	}
	return g.dialer.DialContext(ctx, network, address)
}

// listener is a connection on which the other side is not heard before it was asked.
// What it says of itself, the HTTP client of the standard library would write into the
// log.
type listener struct {
	net.Conn
	once  sync.Once
	asked chan struct{}
}

func second(conn net.Conn) net.Conn { return &listener{Conn: conn, asked: make(chan struct{})} }

func (l *listener) Write(b []byte) (int, error) {
	n, err := l.Conn.Write(b)
	l.once.Do(func() { close(l.asked) })
	return n, err
}

func (l *listener) Read(b []byte) (int, error) {
	<-l.asked
	return l.Conn.Read(b)
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.asked) })
	return l.Conn.Close()
}
