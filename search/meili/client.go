package meili

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// client asks the server: through the client library, or by itself where that
// would send something else than was meant (settings, documents). The library
// must not retry, as it repeats requests without their body.
type client struct {
	o       Options
	library meilisearch.ServiceManager
	plain   *http.Client // for requests of our own
	upload  *http.Client // the same with the timeout of uploads
}

func newClient(o Options) *client {
	web := func(timeout time.Duration) *http.Client {
		return &http.Client{
			Transport: listening{o.Transport},
			Timeout:   timeout,
			// The key must go nowhere else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	c := &client{o: o, plain: web(o.Timeout), upload: web(o.UploadTimeout)}
	c.library = meilisearch.New(o.URL, meilisearch.WithAPIKey(o.Key), meilisearch.WithCustomClient(c.plain), meilisearch.DisableRetries())
	return c
}

func (c *client) close() { c.plain.CloseIdleConnections() }

// reply is what the client library does not pass on.
type reply struct {
	status int
	after  time.Duration
}

type replyKey struct{}

// listening notes status and Retry-After of an answer in the [reply] of the
// request's context.
type listening struct{ http.RoundTripper }

func (l listening) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.RoundTripper.RoundTrip(r)
	if seen, ok := r.Context().Value(replyKey{}).(*reply); ok && err == nil {
		seen.status = res.StatusCode
		if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 {
			seen.after = min(time.Duration(n)*time.Second, time.Hour)
		}
	}
	return res, err
}

// CloseIdleConnections lets http.Client reach the one below.
func (l listening) CloseIdleConnections() {
	if c, ok := l.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// once asks once.
func (c *client) once(ctx context.Context, doing string, f func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	seen := &reply{}
	return translate(ctx, doing, seen, f(context.WithValue(ctx, replyKey{}, seen)))
}

// repeat asks again while the server is down or busy, for as long as
// Options.Patience. The request must be one that does no harm when it is carried
// out twice.
func (c *client) repeat(ctx context.Context, doing string, f func(context.Context) error) error {
	return c.retry(ctx, doing, true, f)
}

// retry asks again while the server is down or busy. Without twice it returns an
// error with maybe set instead of asking again when the request may have been
// carried out.
func (c *client) retry(ctx context.Context, doing string, twice bool, f func(context.Context) error) error {
	began := c.o.Now()
	for attempt := 0; ; attempt++ {
		err := c.once(ctx, doing, f)
		var e *Error
		var large *tooLarge
		if errors.As(err, &large) || !errors.As(err, &e) || !e.passing() || e.maybe && !twice {
			return err
		}
		wait := max(e.after, min(100*time.Millisecond<<min(attempt, 10), 10*time.Second))
		if c.o.Now().Add(wait).Sub(began) > c.o.Patience {
			return err
		}
		if err := c.o.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// refusal is an answer other than the one wanted.
type refusal struct {
	status int
	code   string
}

func (r *refusal) Error() string { return fmt.Sprintf("status %d %s", r.status, r.code) }

// raw sends one request of our own and decodes its answer into into.
func (c *client) raw(ctx context.Context, web *http.Client, method, path string, query url.Values, contentType string, body []byte, into any) error {
	address := c.o.URL + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("Authorization", "Bearer "+c.o.Key)
	res, err := web.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		var said struct {
			Code string `json:"code"`
		}
		_ = json.Unmarshal(answer, &said) // a proxy answers otherwise: the status says enough
		return &refusal{status: res.StatusCode, code: said.Code}
	}
	return json.Unmarshal(answer, into)
}

// version checks that the server is one that this program knows.
func (c *client) version(ctx context.Context) error {
	var v *meilisearch.Version
	err := c.repeat(ctx, "ask for the version", func(ctx context.Context) (err error) {
		v, err = c.library.VersionWithContext(ctx)
		return err
	})
	if err != nil {
		return err
	}
	major, rest, _ := strings.Cut(v.PkgVersion, ".")
	minor, _, _ := strings.Cut(rest, ".")
	if m, err := strconv.Atoi(minor); major == "1" && err == nil && m < 47 {
		return &Error{Doing: "check the version", Code: "version_too_old", Hint: hintVersion}
	}
	return nil
}

// search sends queries in one request. It asks a second time when the connection
// broke, as one that was long idle may.
func (c *client) search(ctx context.Context, queries []*meilisearch.SearchRequest) ([]meilisearch.SearchResponse, error) {
	const doing = "search"
	var answer *meilisearch.MultiSearchResponse
	ask := func(ctx context.Context) (err error) {
		answer, err = c.library.MultiSearchWithContext(ctx, &meilisearch.MultiSearchRequest{Queries: queries})
		return err
	}
	err := c.once(ctx, doing, ask)
	var e *Error
	if errors.As(err, &e) && e.Status == 0 && e.maybe {
		err = c.once(ctx, doing, ask)
	}
	if err != nil {
		return nil, err
	}
	if len(answer.Results) != len(queries) {
		return nil, &Error{Doing: doing, kind: search.ErrUnavailable, Hint: hintAnswer}
	}
	return answer.Results, nil
}

// stats is what an index says of itself. Size is there from version 1.53 on.
type stats struct {
	Docs int   `json:"numberOfDocuments"`
	Size int64 `json:"indexSize"`
}

// stats asks for them by once or repeat.
func (c *client) stats(ctx context.Context, ask func(context.Context, string, func(context.Context) error) error, uid string) (stats, error) {
	var s stats
	err := ask(ctx, "ask for the size", func(ctx context.Context) error {
		return c.raw(ctx, c.plain, http.MethodGet, "/indexes/"+uid+"/stats", nil, "", nil, &s)
	})
	return s, err
}
