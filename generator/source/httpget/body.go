package httpget

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// A body that unpacks to more than ratio times what was sent is not believed, once it
// has come to ratioFrom bytes.
const (
	ratio     = 200
	ratioFrom = 1 << 20
)

// answer reads what came.
func (c *Client) answer(ctx context.Context, u *url.URL, res *http.Response) (*Response, error) {
	defer res.Body.Close() // only read: nothing can be lost
	r := &Response{Status: res.StatusCode, Header: res.Header, URL: u}
	if r.Status == http.StatusTooManyRequests || r.Status >= 500 {
		r.wait = c.retryAfter(res.Header.Get("Retry-After"))
	}
	if r.Status < 200 || r.Status > 299 {
		return r, nil
	}
	var err error
	if r.Body, err = c.body(res); err != nil {
		return nil, c.explain(ctx, u.Host, err)
	}
	return r, nil
}

// ErrTooLarge is the cause of an error where a body is larger than MaxBody or MaxPlain
// allows: the upstream may be asked for less at a time.
var ErrTooLarge = errors.New("too large for the limit")

var (
	errBody     = fmt.Errorf("the body is %w", ErrTooLarge)
	errPlain    = fmt.Errorf("what the body unpacks to is %w", ErrTooLarge)
	errRatio    = errors.New("the body unpacks to a multiple that is not believed")
	errEncoding = errors.New("another content encoding than gzip")
	errPacked   = errors.New("the gzip is broken")
)

// body reads a body as far as its limits, and unpacks it.
func (c *Client) body(res *http.Response) ([]byte, error) {
	sent := &counter{r: res.Body, left: c.o.MaxBody}
	if res.ContentLength > c.o.MaxBody {
		return nil, errBody
	}
	switch strings.ToLower(strings.TrimSpace(strings.Join(res.Header.Values("Content-Encoding"), ","))) {
	case "", "identity":
		return read(sent, sent, min(c.o.MaxBody, c.o.MaxPlain), res.ContentLength)
	case "gzip", "x-gzip":
	default:
		return nil, errEncoding
	}
	z, err := gzip.NewReader(sent)
	if err != nil {
		return nil, packed(sent, err)
	}
	b, err := read(z, sent, c.o.MaxPlain, 0)
	if err != nil {
		return nil, packed(sent, err)
	}
	return b, nil
}

// packed returns what is wrong with a packed body: first what is wrong with how it came.
func packed(sent *counter, err error) error {
	switch {
	case sent.err != nil && !errors.Is(sent.err, io.EOF):
		return sent.err
	case errors.Is(err, errPlain), errors.Is(err, errRatio):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	}
	return errPacked
}

// read reads all of r, which may be limit bytes long.
func read(r io.Reader, sent *counter, limit, expected int64) ([]byte, error) {
	var b bytes.Buffer
	if expected > 0 && expected <= limit {
		b.Grow(int(expected) + bytes.MinRead)
	}
	chunk := make([]byte, 32<<10)
	for {
		n, err := r.Read(chunk)
		if int64(b.Len()+n) > limit {
			return nil, errPlain
		}
		b.Write(chunk[:n])
		if size := int64(b.Len()); size > ratioFrom && size/ratio > sent.n {
			return nil, errRatio
		}
		if errors.Is(err, io.EOF) {
			return b.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// counter counts what is read, and reads no more than left.
type counter struct {
	r    io.Reader
	n    int64
	left int64
	err  error
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	if c.left -= int64(n); c.left < 0 {
		n, err = 0, errBody
	}
	c.err = err
	return n, err
}
