package main

import (
	"context"
	"io"
	"math"
	"net"
	"net/http"
	"sync"
)

// crowd is the connections that are open, of which there are at most so many. Where there
// is no place for one more, the one is closed that has kept the program waiting the longest
// for a whole request: whoever holds many open and sends nothing keeps nobody out. While all
// are being answered, more wait in the kernel.
type crowd struct {
	net.Listener
	most int

	mu     sync.Mutex
	room   *sync.Cond // there may be a place
	guests map[*guest]int64
	turns  int64 // how often one began to be waited for
	closed bool
}

// guest is one of the connections. In the map of the crowd stands the turn since which it is
// waited for, or answered.
type guest struct {
	net.Conn
	crowd *crowd
}

// answered is the turn of a connection whose request is being answered.
const answered = math.MaxInt64

func newCrowd(l net.Listener, most int) *crowd {
	c := &crowd{Listener: l, most: most, guests: map[*guest]int64{}}
	c.room = sync.NewCond(&c.mu)
	return c
}

// Accept implements [net.Listener].
func (c *crowd) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	g := &guest{Conn: conn, crowd: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.guests) >= c.most && !c.closed && !c.sendAway() {
		c.room.Wait()
	}
	if c.closed {
		_ = conn.Close() // nothing was read from it
		return nil, net.ErrClosed
	}
	c.turns++
	c.guests[g] = c.turns
	return g, nil
}

// sendAway closes the connection that is waited for the longest, if there is one.
func (c *crowd) sendAway() bool {
	var longest *guest
	since := int64(answered)
	for g, turn := range c.guests {
		if turn < since {
			longest, since = g, turn
		}
	}
	if longest == nil {
		return false
	}
	delete(c.guests, longest)
	_ = longest.Conn.Close() // the server learns of it, and closes it once more
	return true
}

// Close implements [net.Listener].
func (c *crowd) Close() error {
	c.mu.Lock()
	c.closed = true
	c.room.Broadcast()
	c.mu.Unlock()
	return c.Listener.Close()
}

// Close implements [net.Conn].
func (g *guest) Close() error {
	g.crowd.mu.Lock()
	delete(g.crowd.guests, g)
	g.crowd.room.Signal()
	g.crowd.mu.Unlock()
	return g.Conn.Close()
}

// turn notes whether the request of a connection has come whole and is being answered, or
// whether the next one is waited for.
func (g *guest) turn(working bool) {
	c := g.crowd
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, there := c.guests[g]; !there {
		return
	}
	if working {
		c.guests[g] = answered
		return
	}
	c.turns++
	c.guests[g] = c.turns
	c.room.Signal()
}

type guestKey struct{}

// serve makes a server serve the crowd. A connection is waited for again when the server says
// that it is idle: when its handler returns, the answer is made and not sent yet.
func (c *crowd) serve(s *http.Server, handler http.Handler) {
	s.ConnState = func(conn net.Conn, state http.ConnState) {
		if g, ok := conn.(*guest); ok && state == http.StateIdle {
			g.turn(false)
		}
	}
	s.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, guestKey{}, conn)
	}
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g, ok := r.Context().Value(guestKey{}).(*guest); ok {
			if r.Body == http.NoBody {
				g.turn(true)
			} else {
				read := *r
				read.Body = &arriving{r.Body, g}
				r = &read
			}
		}
		handler.ServeHTTP(w, r)
	})
}

// arriving is the body of a request. At its end the request has come whole.
type arriving struct {
	io.ReadCloser
	guest *guest
}

// Read implements [io.Reader].
func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if err == io.EOF {
		a.guest.turn(true)
	}
	return n, err
}
