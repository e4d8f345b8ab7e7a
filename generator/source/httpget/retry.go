package httpget

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The pause before a second try, which doubles with every further one up to the
// longest.
const (
	firstPause = time.Second
	lastPause  = time.Minute
)

// again says whether a request is to be made again, and after what pause.
func (c *Client) again(res *Response, err error, try int) (time.Duration, bool) {
	var after time.Duration
	var f *failure
	switch {
	case errors.As(err, &f):
		if !f.kind.transient() {
			return 0, false
		}
	case err != nil || !res.busy():
		return 0, false
	default:
		after = res.wait
	}
	if try >= c.o.Tries || after > c.o.MaxWait {
		return 0, false
	}
	pause := lastPause
	if try < 7 {
		pause = min(lastPause, firstPause<<(try-1))
	}
	return max(pause, after), true
}

// busy says whether a status is one that may be another a little later.
func (r *Response) busy() bool {
	return r.Status == http.StatusTooManyRequests ||
		r.Status >= 500 && r.Status != http.StatusNotImplemented && r.Status != http.StatusHTTPVersionNotSupported
}

// retryAfter reads how long an upstream wants to be left alone: seconds, or a day and
// time (RFC 9110, 10.2.3). What is past or cannot be read is nought.
func (c *Client) retryAfter(text string) time.Duration {
	text = strings.TrimSpace(text)
	if text != "" && strings.Trim(text, "0123456789") == "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n > math.MaxInt64/int64(time.Second) {
			return math.MaxInt64
		}
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return max(0, at.Sub(c.o.Now()))
}
