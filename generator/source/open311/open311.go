// Package open311 fetches service requests from a server that speaks Open311 GeoReport
// v2, the interface of city hotlines and of street-report programs, and its list of
// services.
//
// The standard leaves much open and servers keep little of it. What differs between
// them is evened out here, so that one mapping fits all: JSON and XML give the same
// items, with the names of the standard, every value a text, nothing that is empty, and
// the members in the order of their names. What tells who asked is dropped before
// anything is kept.
//
// The standard has no "changed since". A walk asks for the requests of all days since
// the last one came to its end, and again for those of the days before (the overlap),
// because requests are answered after they are made. What has not changed is known by
// its hash and not delivered again. A request that changes after the overlap has passed
// is not noticed.
//
// Servers cut or round the edges of a span and do not count what lies on them. Spans
// overlap for that; how much is needed is found out with requests that are known.
//
// A server gives a bounded number of requests in one answer and does not say that there
// are more. A span of time for which it gives that many is halved until it does not; so
// is one at which it fails, until the smallest span that fails is known. Such a span is
// named in [source.Walk.Missing] and asked for again in each walk to come.
//
// docs/open311.md has the options and a complete mapping.
package open311

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
)

// Options are the settings of a feed. The zero value of each but Endpoint and Since
// stands for its default.
type Options struct {
	// Endpoint is the address below which services and requests lie, such as
	// https://open311.example.gov/v2; no user name, no query. Required.
	Endpoint string `yaml:"endpoint"`

	// JurisdictionID names the town where one server serves several. Default "": it is
	// left out, because an empty one confuses servers.
	JurisdictionID string `yaml:"jurisdiction_id"`

	// Format is what is asked for: json or xml. Default json. The items are the same.
	Format string `yaml:"format"`

	// PageSize is the number of requests that are asked for in one answer, from 1 to
	// 5000, where the server knows page and page_size, which are not of the standard.
	// Default 0: it does not, and spans of time are halved.
	PageSize int `yaml:"page_size"`

	// Limit is the largest number of requests that the server gives in one answer, from
	// 1 to 5000. Default: not known. Then it is 1000, as in the standard, or a lower one
	// that nobody has told of, for which the largest answer so far is taken.
	Limit int `yaml:"limit"`

	// Since is the first day of which requests are fetched, as 2006-01-02. Required for
	// requests; services have none.
	Since string `yaml:"since"`

	// OverlapDays is the number of days before the last walk of which requests are
	// fetched again in the next one, from 0 to 3650. Default 45. It is a pointer because
	// 0 is a choice.
	OverlapDays *int `yaml:"overlap_days"`

	// WindowDays is the longest span asked for at once, in days, from 1 to 90. Default
	// 90, the longest that the standard allows. A server with more than a thousand
	// requests a day wants fewer.
	WindowDays int `yaml:"window_days"`

	// Statuses are those that are asked for: open, closed. Default none: all.
	Statuses []string `yaml:"statuses"`
}

// Doer asks for one address. It follows redirects, waits and asks again where the
// server says so, and bounds what it takes.
type Doer interface {
	// Get returns the status and the whole body of the answer. An error says that no
	// answer came; an answer larger than what is taken is [ErrTooLarge].
	Get(ctx context.Context, url string) (status int, body []byte, err error)
}

// ErrTooLarge says that an answer is larger than what is taken.
var ErrTooLarge = errors.New("the answer is too large")

// The formats of answers.
const (
	formatJSON = "json"
	formatXML  = "xml"
)

const (
	defaultLimit   = 1000
	defaultOverlap = 45
	defaultWindow  = 90
	maxPageSize    = 5000
	maxOverlap     = 3650
)

// upstream is a server and what is asked of it.
type upstream struct {
	Options
	base    *url.URL
	overlap int64 // in seconds
	guess   bool  // the limit is not known
	do      Doer
}

// newUpstream checks options and fills in their defaults.
func newUpstream(o Options, do Doer) (upstream, error) {
	u := upstream{Options: o, do: do, overlap: defaultOverlap * daySeconds}
	base, err := url.Parse(o.Endpoint)
	switch {
	case o.Endpoint == "":
		return u, wrong("endpoint", "is missing", "give the address below which services and requests lie, such as https://open311.example.gov/v2")
	case err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http": // whose text would show the address
		return u, wrong("endpoint", "is no address", "write it like https://open311.example.gov/v2")
	case base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return u, wrong("endpoint", "has more than scheme, host and path", "leave out the user name, and everything from ? or # on")
	}
	u.base = base
	if u.Format == "" {
		u.Format = formatJSON
	}
	if u.Format != formatJSON && u.Format != formatXML {
		return u, wrong("format", "is unknown", "write json or xml")
	}
	if u.Limit == 0 {
		u.Limit, u.guess = defaultLimit, true
	}
	if u.WindowDays == 0 {
		u.WindowDays = defaultWindow
	}
	if o.OverlapDays != nil {
		u.overlap = int64(*o.OverlapDays) * daySeconds
	}
	for _, n := range []struct {
		name     string
		n, lo, h int
	}{
		{"page_size", u.PageSize, 0, maxPageSize}, {"limit", u.Limit, 1, maxPageSize},
		{"window_days", u.WindowDays, 1, defaultWindow}, {"overlap_days", int(u.overlap / daySeconds), 0, maxOverlap},
	} {
		if n.n < n.lo || n.n > n.h {
			return u, wrong(n.name, "is out of range", fmt.Sprintf("write a number from %d to %d", n.lo, n.h))
		}
	}
	for _, s := range u.Statuses {
		if s != "open" && s != "closed" {
			return u, wrong("statuses", "has an unknown word", "write open, closed or both")
		}
	}
	u.Statuses = slices.Compact(slices.Sorted(slices.Values(u.Statuses)))
	return u, nil
}

func wrong(key, what, hint string) error {
	return fault.Coded(fault.ExitConfig, key+" of an Open311 feed "+what, hint, nil)
}

// address returns the address of a resource with a query of its own. Empty values are
// left out.
func (u *upstream) address(resource string, query url.Values) string {
	a := *u.base
	a.Path = strings.TrimSuffix(a.Path, "/") + "/" + resource + "." + u.Format
	a.RawPath = ""
	if query == nil {
		query = url.Values{}
	}
	if u.JurisdictionID != "" {
		query.Set("jurisdiction_id", u.JurisdictionID)
	}
	a.RawQuery = query.Encode()
	return a.String()
}

// requests returns the address of the requests of a span of time; page 0 is none.
func (u *upstream) requests(s span, page int) string {
	q := url.Values{
		"start_date": {stamp(s.From)},
		"end_date":   {stamp(s.To)},
	}
	if len(u.Statuses) > 0 {
		q.Set("status", strings.Join(u.Statuses, ","))
	}
	if page > 0 {
		q.Set("page", strconv.Itoa(page))
		q.Set("page_size", strconv.Itoa(u.PageSize))
	}
	return u.address("requests", q)
}

// stamp writes a time as servers understand it: whole seconds, and Z.
func stamp(at int64) string { return time.Unix(at, 0).UTC().Format("2006-01-02T15:04:05Z") }

// unwell says why the server gave nothing that can be used. Empty: it did.
type unwell string

const (
	fails      unwell = "fails"      // a status of 500 or more
	unreadable unwell = "unreadable" // an answer that is no list of requests
	tooMuch    unwell = "full"       // more than one answer holds
)

// ask asks for one address and reads the answer. An error is one that ends the walk; what
// may be due to single requests is the unwell.
func (u *upstream) ask(ctx context.Context, address string, d *decoder) ([]item, unwell, error) {
	status, body, err := u.do.Get(ctx, address)
	switch {
	case errors.Is(err, ErrTooLarge):
		return nil, tooMuch, nil
	case err != nil:
		return nil, "", err
	case status >= 500:
		return nil, fails, nil
	case status < 200 || status > 299:
		return nil, "", refused(status)
	}
	items, err := d.decode(body)
	if err != nil {
		return nil, unreadable, nil
	}
	return items, "", nil
}

// refused is the error of a status that no smaller span of time would change.
func refused(status int) error {
	hint := "ask whoever runs the server"
	switch status {
	case 400:
		hint = "the server does not understand what is asked; check jurisdiction_id, statuses, page_size and window_days against its description"
	case 401, 403:
		hint = "the server wants a key or does not know this machine; reading needs no key by the standard, so ask whoever runs it"
	case 404, 410:
		hint = "check endpoint, format and jurisdiction_id against the server's description"
	case 408, 425, 429:
		hint = "the server is busy; it is asked again in the next run"
	}
	return fault.New(fmt.Sprintf("the Open311 server answers with status %d", status), hint)
}
