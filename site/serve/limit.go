package serve

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Rate is how many requests are taken: PerSecond of them in the long run, and
// Burst at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// limiter counts requests by key. A key that has used up its burst waits until
// its next request is due. It is the "generic cell rate algorithm": of each key
// only one point in time is kept, the one at which its burst will be whole
// again. It is safe for concurrent use.
type limiter struct {
	gap   time.Duration // between two requests in the long run
	depth time.Duration // how far ahead of its time a key may be
	most  int           // keys that are remembered

	mu   sync.Mutex
	full map[netip.Prefix]time.Time
}

// newLimiter returns a limiter that remembers at most so many keys.
func newLimiter(r Rate, most int) *limiter {
	gap := time.Duration(float64(time.Second) / r.PerSecond)
	return &limiter{gap: gap, depth: gap * time.Duration(r.Burst), most: most, full: map[netip.Prefix]time.Time{}}
}

// take counts one request, or returns how long the client should wait before
// the next one. Without a clock nothing is limited.
func (l *limiter) take(key netip.Prefix, now time.Time) (wait time.Duration) {
	if now.IsZero() {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	due := l.full[key]
	if due.Before(now) {
		due = now
	}
	due = due.Add(l.gap)
	if wait := due.Sub(now) - l.depth; wait > 0 {
		return wait
	}
	if _, known := l.full[key]; !known && len(l.full) >= l.most {
		l.forget(now)
	}
	l.full[key] = due
	return 0
}

// forget makes room: by the keys that have been quiet, or else by all. The
// limit on all clients together still holds then.
func (l *limiter) forget(now time.Time) {
	for k, due := range l.full {
		if !due.After(now) {
			delete(l.full, k)
		}
	}
	if len(l.full) >= l.most {
		clear(l.full)
	}
}

// slots are how much can be under way at the same time, of which one client can
// take half. They are safe for concurrent use.
type slots struct {
	most, each int

	mu    sync.Mutex
	taken int
	by    map[netip.Prefix]int
}

func newSlots(most int) *slots {
	return &slots{most: most, each: (most + 1) / 2, by: map[netip.Prefix]int{}}
}

// take takes a slot for a client, who gives it back, or reports false.
func (s *slots) take(client netip.Prefix) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken == s.most || s.by[client] == s.each {
		return false
	}
	s.taken++
	s.by[client]++
	return true
}

func (s *slots) giveBack(client netip.Prefix) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken--
	if s.by[client]--; s.by[client] == 0 {
		delete(s.by, client)
	}
}

// clientOf returns whose request it is: the address of the connection or, where
// that is one of our own proxies, the last address in X-Forwarded-For that is
// not. What stands before it, anybody could have written. Of IPv6 it is the
// network of 64 bits, which one household has. Where no address can be read,
// all such clients are one.
func clientOf(r *http.Request, trusted []netip.Prefix) netip.Prefix {
	at := addressOf(r.RemoteAddr)
	if isOurs(at, trusted) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- {
			hop := addressOf(strings.TrimSpace(hops[i]))
			if !hop.IsValid() {
				break
			}
			at = hop
			if !isOurs(hop, trusted) {
				break
			}
		}
	}
	if !at.IsValid() {
		return netip.Prefix{}
	}
	bits := 32
	if at.Is6() {
		bits = 64
	}
	network, err := at.Prefix(bits)
	if err != nil {
		panic(err) // both are within their length
	}
	return network
}

// addressOf reads an address with or without a port.
func addressOf(s string) netip.Addr {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

func isOurs(a netip.Addr, trusted []netip.Prefix) bool {
	for _, p := range trusted {
		if a.IsValid() && p.Contains(a) {
			return true
		}
	}
	return false
}
