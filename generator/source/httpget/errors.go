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
	"strings"
	"syscall"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
)

// errSlow is the cause of a try that took too long.
var errSlow = errors.New("the time for one try is over")

// kind is what went wrong with a request.
type kind int8

const (
	unnamed kind = iota
	private
	unknown
	unreachable
	untrusted
	slow
	cut
	large
	bomb
	encoding
	damaged
	improper
	elsewhere
	circling
)

// transient says whether the next try may have another outcome.
func (k kind) transient() bool {
	switch k {
	case unknown, unreachable, slow, cut, damaged, improper:
		return true
	}
	return false
}

// failure is a request that got no answer that can be used. It becomes a [fault.Error]
// in errors.As, so that it is told to the office, and keeps its kind for retries.
type failure struct {
	kind    kind
	host    string
	cause   error // of what is known to hold nothing that was received
	timeout time.Duration
	limit   int64
}

func (f *failure) Error() string { return f.public().Error() }

// Unwrap leads to the text for the office, and through it to the cause.
func (f *failure) Unwrap() error { return f.public() }

func (f *failure) public() *fault.Error {
	say := func(msg, hint string) *fault.Error { return &fault.Error{Msg: msg, Hint: hint, Err: f.cause} }
	const ask = "ask whoever runs it"
	switch f.kind {
	case unnamed:
		return say("the host "+f.host+" is none that a source may ask", "name it in the configuration, if it is right")
	case private:
		return say("the address of "+f.host+" lies in a network that is not public",
			"if the upstream is in a network of your own, write its port into the address, also where it is 443; else "+ask)
	case unknown:
		return say("the name "+f.host+" leads to no address", "check the address in the configuration, and the name servers of this machine")
	case untrusted:
		return say("the certificate of "+f.host+" is not valid",
			ask+" for a valid one; where an authority of your own has signed it, name its file with ca_file; check the clock of this machine")
	case slow:
		return say(fmt.Sprintf("%s did not answer in full within %s", f.host, f.timeout),
			"the next run goes on from here; ask for fewer items at a time (limit), or raise timeout")
	case cut:
		return say("the answer of "+f.host+" broke off", "the next run goes on from here; if it happens again, "+ask)
	case large:
		return say(fmt.Sprintf("the answer of %s is larger than %d bytes", f.host, f.limit), "ask for fewer items at a time (limit), or raise max_body and max_plain")
	case bomb:
		return say(fmt.Sprintf("the answer of %s unpacks to far more than was sent, more than %d times as much", f.host, ratio),
			"nothing of this answer was taken, and the next run asks for it again; "+ask+" what it sends there; an answer that is right can be sent unpacked")
	case encoding:
		return say("the answer of "+f.host+" is packed in another way than gzip", ask+" to send gzip or nothing packed")
	case damaged:
		return say("the answer of "+f.host+" cannot be unpacked", "the next run goes on from here; if it happens again, "+ask)
	case elsewhere:
		return say(f.host+" sends on to another place", "nothing was asked there; if the upstream has moved, write its new address into the configuration")
	case circling:
		return say(fmt.Sprintf("%s sends on more than %d times", f.host, maxRedirects), "write the address at the end of it into the configuration, or "+ask)
	case improper:
		return say("what "+f.host+" answers is not proper HTTP, or its header is too large", "check that the address and its port are right; else "+ask)
	}
	return say(f.host+" cannot be reached", "check the line, and whether the upstream is running; the next run goes on from here")
}

// explain finds out what an error of the HTTP client means. Its text is not passed on,
// since it can quote what was received; only errors that cannot are kept as a cause.
func (c *Client) explain(ctx context.Context, host string, err error) error {
	f := &failure{kind: improper, host: host, timeout: c.o.Timeout}
	var (
		dns     *net.DNSError
		op      *net.OpError
		errno   syscall.Errno
		verify  *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		invalid x509.CertificateInvalidError
		timeout net.Error
	)
	switch {
	case errors.Is(err, errRefused):
		f.kind, f.cause = private, errRefused
	case errors.Is(context.Cause(ctx), errSlow), errors.Is(err, errSlow):
		f.kind, f.cause = slow, errSlow
	case ctx.Err() != nil:
		f.kind, f.cause = unreachable, context.Cause(ctx)
	case errors.Is(err, errBody):
		f.kind, f.cause, f.limit = large, errBody, c.o.MaxBody
	case errors.Is(err, errPlain):
		f.kind, f.cause, f.limit = large, errPlain, c.o.MaxPlain
	case errors.Is(err, errRatio):
		f.kind, f.cause = bomb, errRatio
	case errors.Is(err, errEncoding):
		f.kind, f.cause = encoding, errEncoding
	case errors.Is(err, errPacked):
		f.kind, f.cause = damaged, errPacked
	case errors.As(err, &dns):
		f.kind, f.cause = unknown, dns
	case errors.As(err, &verify):
		f.kind, f.cause = untrusted, verify.Err
	case errors.As(err, &invalid):
		f.kind, f.cause = untrusted, invalid
	case errors.As(err, &record):
		f.kind, f.cause = improper, errors.New("no TLS is spoken there")
	case errors.As(err, &alert):
		f.kind, f.cause = unreachable, alert
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		f.kind, f.cause = cut, io.ErrUnexpectedEOF
	case errors.As(err, &errno):
		f.kind, f.cause = unreachable, errno
	case errors.As(err, &op), errors.As(err, &timeout) && timeout.Timeout():
		f.kind = unreachable
	}
	return f
}

// Err returns what the status of an answer means to the office; nil for 2xx and 304.
func (r *Response) Err() error {
	if r.Status >= 200 && r.Status <= 299 || r.Status == http.StatusNotModified {
		return nil
	}
	host := "the upstream"
	if r.URL != nil {
		host = r.URL.Host
	}
	msg := fmt.Sprintf("%s answers %d", host, r.Status)
	if text := http.StatusText(r.Status); text != "" {
		msg += " (" + strings.ToLower(text) + ")"
	}
	switch {
	case r.wait > 0:
		span := "more than a day"
		if r.wait < 24*time.Hour {
			span = r.wait.Round(time.Second).String()
		}
		return fault.New(msg+", and wants to be left alone for "+span, "the next run goes on from here; ask whoever runs it how often it may be asked")
	case r.Status == http.StatusTooManyRequests:
		return fault.New(msg, "the next run goes on from here; ask whoever runs it how often it may be asked")
	case r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden:
		return fault.New(msg, "check the token: that its file holds the one that was given out last, and that it may read what is asked for")
	case r.Status == http.StatusNotFound:
		return fault.New(msg, "this may pass, and the next run goes on from here; if it stays, check the address in the configuration")
	case r.Status == http.StatusGone:
		return fault.New(msg, "ask whoever runs it whether the address has ended")
	case r.Status >= 500:
		return fault.New(msg, "it is the upstream that fails; the next run goes on from here; if it happens again, ask whoever runs it")
	}
	return fault.New(msg, "ask whoever runs it what it objects to")
}
