// Package exchange fetches from an upstream that serves its cases page by page as JSON
// over HTTP. The contract is ours, and docs/exchange.md states it for whoever builds
// the other side:
//
//	GET url?limit=500                      the first page
//	GET url?limit=500&cursor=C             the page behind next_cursor C
//	GET url?limit=500&updated_since=T      what has changed since as_of T
//
//	{"items": [..], "next_cursor": "..", "has_more": true, "as_of": "2026-11-28"}
//
// An answer may also be an array of items, with the next page in a Link header
// (RFC 8288, rel="next") of the same host, and As-Of as a header.
//
// What holds of an answer is checked before any of it is handed over: half an answer, a
// wrong type, more without a place to go on, a cursor that was followed before. Items go
// through as they came, tombstones too; a single item that is doubtful is for the reader
// of the files, which sets it aside and goes on.
package exchange

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/httpget"
)

// Options are what a configuration says of an upstream.
type Options struct {
	// URL is the address of the cases: https, without a name, a password or a token in
	// it. Its host is the one host that is asked. Where the host lies in a network of
	// the office's own, its port is written, also where it is 443. Required.
	URL string `yaml:"url"`
	// Limit is how many items an answer is asked to hold, from 1 to 10000. Default 500.
	Limit int `yaml:"limit"`
	// TokenFile is a file with the token that the upstream has given out, on one line;
	// it is sent as "Authorization: Bearer TOKEN". Readable by its owner only (mode
	// 0600). Default: none is sent.
	TokenFile string `yaml:"token_file"`
	// CAFile is a file with the certificates, in PEM, of the only authorities that are
	// believed. Default: those of the machine.
	CAFile string `yaml:"ca_file"`
	// PlainHTTP lets the address begin with http://. Whoever is on the line can read
	// and change what comes, and read the token. Default false.
	PlainHTTP bool `yaml:"plain_http"`
	// Timeout is the longest time for one answer as a whole, such as 90s or 2m.
	// Default 1m.
	Timeout time.Duration `yaml:"timeout"`
	// MaxBody is the largest answer as it is sent, in bytes. Default 16777216 (16 MiB).
	MaxBody int64 `yaml:"max_body"`
	// MaxPlain is the largest answer after unpacking, in bytes. Default 33554432
	// (32 MiB).
	MaxPlain int64 `yaml:"max_plain"`
}

// DefaultLimit is how many items an answer is asked to hold.
const DefaultLimit = 500

const (
	maxLimit = 10_000
	maxPages = 10_000 // of a walk
	maxIdle  = 20     // answers in a row that bring nothing new
	maxPlace = 4096   // bytes of a cursor, or of an address to go on with
	maxTag   = 1024   // bytes of an ETag
)

// Getter asks a host; *httpget.Client is one.
type Getter interface {
	Get(ctx context.Context, address string, header http.Header) (*httpget.Response, error)
}

// Feed fetches from one upstream. It keeps nothing, and may be used by several at a
// time.
type Feed struct {
	get    Getter
	base   *url.URL
	query  url.Values
	limit  int
	source string // mark of the address, by which a state of another one is noticed
}

// New returns the feed of an upstream. get must be allowed to ask its host: see
// [Options.HTTP].
func New(o Options, get Getter) (*Feed, error) {
	u, err := o.check()
	if err != nil {
		return nil, err
	}
	f := &Feed{get: get, base: u, query: u.Query(), limit: o.Limit, source: sourceMark(u)}
	if f.limit == 0 {
		f.limit = DefaultLimit
	}
	return f, nil
}

// HTTP returns the options of the client for the upstream, with a token to send, or
// none where it is empty. Now and Sleep are left to the caller.
func (o Options) HTTP(token string) (httpget.Options, error) {
	u, err := o.check()
	if err != nil {
		return httpget.Options{}, err
	}
	h := httpget.Options{CAFile: o.CAFile, Timeout: o.Timeout, MaxBody: o.MaxBody, MaxPlain: o.MaxPlain}
	if u.Scheme == "http" {
		h.Plain = []string{u.Host}
	} else {
		h.Hosts = []string{u.Host}
	}
	if token != "" {
		h.Header = http.Header{"Authorization": {"Bearer " + token}}
	}
	return h, nil
}

func (o Options) check() (*url.URL, error) {
	bad := func(msg, hint string) (*url.URL, error) {
		return nil, fault.Coded(fault.ExitConfig, "an exchange: "+msg, hint, nil)
	}
	const like = "write it like https://platform.example.gov.cn/export/cases"
	if o.URL == "" {
		return bad("url is missing", like)
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Opaque != "" || u.Fragment != "" || strings.Contains(o.URL, "#") {
		return bad("url is no address", like)
	}
	if u.User != nil {
		return bad("url holds a name or a password", "put the token into a file of its own, and name it with token_file")
	}
	switch {
	case u.Scheme == "http" && !o.PlainHTTP:
		return bad("url begins with http://, so that others could read and change what comes", "use https://; in a network of your own that cannot offer it, say plain_http: true")
	case u.Scheme == "https" && o.PlainHTTP:
		return bad("plain_http is said, and url begins with https://", "leave plain_http out")
	case u.Scheme != "http" && u.Scheme != "https":
		return bad("url begins with neither https:// nor http://", like)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return bad("url has a broken part behind the question mark", like)
	}
	for name := range query {
		switch strings.ToLower(name) {
		case "cursor", "limit", "updated_since":
			return bad("url sets "+strings.ToLower(name)+", which is set for every page", "take it out of the address; limit has a key of its own")
		case "token", "access_token", "api_token", "auth", "key", "apikey", "api_key", "appkey", "app_key", "secret", "app_secret", "appsecret", "password", "passwd", "pwd", "sign", "signature":
			return bad("url holds a secret", "addresses stand in logs: put the token into a file of its own, and name it with token_file")
		}
	}
	if o.Limit < 0 || o.Limit > maxLimit {
		return bad("limit is not from 1 to "+strconv.Itoa(maxLimit), "leave it out to have 500")
	}
	if o.Timeout < 0 || o.MaxBody < 0 || o.MaxPlain < 0 {
		return bad("timeout, max_body or max_plain is less than nought", "leave it out to have its default")
	}
	return u, nil
}

// Fetch hands over what the upstream has behind a state, page by page.
//
// A walk ends with the answer that says that there is no more. What has changed since is
// asked for by the cursor of that answer, else by the as_of of the walk's first answer,
// else from the beginning. An upstream whose cursor has expired (410) is read from the
// beginning, and so is one whose address has changed. A walk that has more pages than are
// read of one is begun anew once the limit is larger.
//
// A state whose walk has come to its end was not taken: its last page was kept, and then
// the power went, or its as-of day was refused. It is gone on from by its cursor, or else
// walked once more.
func (f *Feed) Fetch(ctx context.Context, text []byte, page func(source.Page) error) (source.Walk, error) {
	st, void, err := f.resume(text)
	if err != nil {
		return source.Walk{}, err
	}
	restarted, expired := false, false
	for {
		begins := !st.Open
		res, err := f.ask(ctx, st)
		if err != nil {
			return source.Walk{}, err
		}
		switch {
		case res.Status == http.StatusNotModified && begins && st.tagged():
			if asOf, err := asOfHeader(res.Header); err != nil {
				return source.Walk{}, f.wrong(err)
			} else if asOf != "" {
				st.AsOf = asOf
			}
			return source.Walk{AsOf: asOfDay(st.AsOf), State: st.encode()}, nil
		case res.Status == http.StatusGone && !restarted && st.At != (place{}):
			restarted, expired, void, st = true, true, true, state{Format: format, Source: f.source}
			continue
		case res.Status == http.StatusGone && restarted:
			return source.Walk{}, f.wrong(errExpires)
		case res.Status != http.StatusOK:
			return source.Walk{}, f.status(res)
		}
		a, err := f.read(res)
		if err != nil {
			return source.Walk{}, f.wrong(err)
		}
		if err := st.advance(a, f.limit, res.Header); err != nil {
			return source.Walk{}, f.wrong(err)
		}
		if len(a.items) > 0 || void {
			if err := page(source.Page{Items: a.items, State: st.encode(), Restart: void, Expired: expired}); err != nil {
				return source.Walk{}, err
			}
			void, expired = false, false
		}
		if !a.more {
			st.Ended, st.Begin = false, place{}
			return source.Walk{AsOf: asOfDay(st.AsOf), State: st.encode()}, nil
		}
	}
}

// ask asks for the page of a state.
func (f *Feed) ask(ctx context.Context, st state) (*httpget.Response, error) {
	h := http.Header{"Accept": {"application/json"}}
	if !st.Open && st.ETag != "" { // which counts for more than a time
		h.Set("If-None-Match", st.ETag)
	} else if !st.Open && st.Modified != "" {
		h.Set("If-Modified-Since", st.Modified)
	}
	return f.get.Get(ctx, f.address(st.At), h)
}

// address returns where a place is asked for.
func (f *Feed) address(p place) string {
	if p.Next != "" {
		return f.base.Scheme + "://" + f.base.Host + p.Next
	}
	q := url.Values{}
	for name, values := range f.query {
		q[name] = values
	}
	q.Set("limit", strconv.Itoa(f.limit))
	if p.Cursor != "" {
		q.Set("cursor", p.Cursor)
	} else if p.Since != "" {
		q.Set("updated_since", p.Since)
	}
	u := *f.base
	u.RawQuery = q.Encode()
	return u.String()
}

// read takes an answer apart.
func (f *Feed) read(res *httpget.Response) (answer, error) {
	a, err := decode(res.Body)
	if err != nil || !a.array {
		return a, err
	}
	if a.asOf, err = asOfHeader(res.Header); err != nil {
		return a, err
	}
	link, err := nextLink(res.Header.Values("Link"))
	if err != nil || link == "" {
		return a, err
	}
	a.more = true
	a.next, err = f.follow(res.URL, link)
	return a, err
}

// follow returns the path and query of a link, which must be of the same host.
func (f *Feed) follow(from *url.URL, link string) (string, error) {
	u, err := from.Parse(link)
	if err != nil || u.Opaque != "" || u.User != nil {
		return "", errLink
	}
	if u.Scheme != f.base.Scheme || hostPort(u) != hostPort(f.base) {
		return "", errElsewhere
	}
	next := u.RequestURI()
	if len(next) > maxPlace || !strings.HasPrefix(next, "/") {
		return "", errLink
	}
	return next, nil
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}

// status is the error of a status that the contract does not expect.
func (f *Feed) status(res *httpget.Response) error {
	if err := res.Err(); err != nil {
		return err
	}
	return fault.New(f.base.Host+" answers "+strconv.Itoa(res.Status)+", where 200 is wanted", hint)
}

const hint = "nothing of it was kept, and the next run asks again; ask whoever runs the upstream: docs/exchange.md says what an answer is"

const hintEndless = "what came of the walk waits and is not read; set a larger limit for this feed, which makes fewer pages of it, and the next run begins the walk anew. " +
	"Where limit is 10000 already, or the upstream does not heed it, ask whoever runs the upstream for more items in an answer"

// wrong is the error of an answer that cannot be taken.
func (f *Feed) wrong(err error) error {
	if errors.Is(err, errEndless) {
		return fault.New(f.base.Host+" "+err.Error(), hintEndless)
	}
	return fault.New(f.base.Host+" "+err.Error(), hint)
}
