package meili

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// Error is what a server did not do. It never holds a text, a query or a key:
// the messages of the server may quote them, so only its code is kept.
type Error struct {
	Doing  string // what was asked for, such as "search"
	Status int    // of the answer; 0 without one
	Code   string // the server's name for what is wrong, or ""
	Hint   string // what to do about it, or ""

	kind  error         // one of the errors of package search, or nil
	cause error         // of the connection; nil when there was an answer
	after time.Duration // when to ask again, as the server said
	maybe bool          // it may have been done nevertheless
}

// Error says what was not done and why.
func (e *Error) Error() string {
	var b strings.Builder
	if e.kind != nil {
		b.WriteString(e.kind.Error() + ": ")
	}
	b.WriteString("meili: " + e.Doing)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": status %d", e.Status)
	}
	if e.Code != "" {
		b.WriteString(": " + e.Code)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	if e.Hint != "" {
		b.WriteString(": " + e.Hint)
	}
	return b.String()
}

// Unwrap returns the error of package search that it is, and the cause.
func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.kind, e.cause} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// RetryAfter returns when to ask again, as the server said; zero when it did
// not.
func (e *Error) RetryAfter() time.Duration { return e.after }

// What to do, for people.
const (
	hintDown    = "check that the server is running, and its address"
	hintKey     = "the server refuses the key: make the keys again with the master key (huiyin index keys), and check the key file of this program"
	hintMaster  = "the server refuses the master key: it is the one that the server was started with"
	hintQueue   = "the disk or the task queue of the server is full: free space on it, or delete finished tasks (huiyin index optimise)"
	hintVersion = "this program needs Meilisearch 1.47 or later"
	hintHung    = "a task of the server did not go on and was cancelled: look at GET /tasks and at the log of the server, and do it again"
	hintAgain   = "do it again; what was done already does no harm"
	hintAnswer  = "check that the address is that of a Meilisearch server 1.47 or later and not of something else"
)

// Codes of the server.
const (
	codeNoIndex     = "index_not_found"
	codeIndexExists = "index_already_exists"
	codeKeyExists   = "api_key_already_exists"
	codeNoKey       = "api_key_not_found"
	codeFull        = "no_space_left_on_device"
	codeTooLarge    = "payload_too_large"
	codeInternal    = "internal"
	codeUnknownTask = "task_not_found"
	codeHung        = "task_hung" // ours: see Options.Watchdog
)

// translate turns an error of the client library, or of a request of our own,
// into one of ours. It keeps nothing of the request or of the server's message.
func translate(ctx context.Context, doing string, seen *reply, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, search.ErrNoIndex) || errors.Is(err, search.ErrUnavailable) {
		return err // translated already
	}
	e := &Error{Doing: doing, after: seen.after, Status: seen.status}
	var theirs *meilisearch.Error
	var ours *refusal
	cause := err
	switch {
	case errors.As(err, &ours):
		e.Status, e.Code = ours.status, ours.code
	case errors.As(err, &theirs):
		e.Status, e.Code = theirs.StatusCode, theirs.MeilisearchApiError.Code
		cause = theirs.OriginError
	}
	if strings.Trim(e.Code, "abcdefghijklmnopqrstuvwxyz_") != "" || len(e.Code) > 80 {
		e.Code = "" // not a code
	}
	switch e.Status {
	case 0:
		e.kind, e.cause, e.Hint = search.ErrUnavailable, connection(cause), hintDown
		var op *net.OpError
		e.maybe = !errors.As(cause, &op) || op.Op != "dial"
	case http.StatusOK, http.StatusCreated, http.StatusAccepted:
		// An answer that is none, or half of one.
		e.kind, e.maybe, e.Hint = search.ErrUnavailable, true, hintAnswer
	default:
		e.classify()
	}
	return e
}

func (e *Error) classify() {
	switch {
	case e.Code == codeNoIndex:
		e.kind = search.ErrNoIndex
	case e.Code == codeFull:
		e.kind, e.Hint = search.ErrUnavailable, hintQueue
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		e.kind, e.Hint = search.ErrUnavailable, hintKey
	case e.Status == http.StatusBadGateway, e.Status == http.StatusGatewayTimeout:
		e.kind, e.maybe = search.ErrUnavailable, true
	case e.Status == http.StatusNotImplemented:
		e.kind, e.Hint = search.ErrUnavailable, hintAnswer
	case e.Status == http.StatusServiceUnavailable, e.Status == http.StatusTooManyRequests, e.Status >= 500:
		e.kind = search.ErrUnavailable
	case e.Code == "":
		e.kind, e.Hint = search.ErrUnavailable, hintAnswer
	default:
		e.kind = search.ErrUnavailable
	}
}

// passing says whether the same request may well succeed later.
func (e *Error) passing() bool {
	switch e.Status {
	case 0, http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusTooManyRequests:
		return true
	}
	return e.Status >= 500 && e.Status != http.StatusNotImplemented
}

// connection returns what is known of a broken connection without its address,
// which url.Error repeats with the query.
func connection(err error) error {
	var errno syscall.Errno
	var dns *net.DNSError
	switch {
	case err == nil:
		return errors.New("no answer")
	case errors.As(err, &errno):
		return errno
	case errors.As(err, &dns):
		return errors.New("the name of the server is not known")
	case errors.Is(err, context.DeadlineExceeded):
		return errSlow
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return errSlow
	}
	return errors.New("the connection broke")
}

// errSlow is the cause of a request that was given up.
var errSlow = errors.New("no answer in time")

// hungUp says whether the server may have hung up on the body of a request.
func (e *Error) hungUp() bool { return e.Status == 0 && e.maybe && e.cause != errSlow }

// tooLarge is the error of a body that has to be halved.
type tooLarge struct{ err *Error }

func (t *tooLarge) Error() string { return t.err.Error() }
func (t *tooLarge) Unwrap() error { return t.err }

// passing says whether the same request may well succeed later.
func passing(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.passing()
}

func hasCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
