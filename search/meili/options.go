package meili

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Options says which server and index, and how patient to be. Zero values stand
// for the defaults.
type Options struct {
	URL   string // address of the server, such as http://127.0.0.1:7700
	Key   string // of [Provision]: the publisher's for New, the one for searching for NewReader
	Index string // uid of the index, of letters, digits, - and _; default "cases"

	Timeout       time.Duration // of one request; default 30 s
	UploadTimeout time.Duration // of one batch of documents; default 10 min
	Patience      time.Duration // how long a change waits for a server that is down or busy; default 10 min
	Watchdog      time.Duration // how long the tasks of a change may stand still; default 3 h
	Poll          time.Duration // longest pause between two looks at the tasks; default 1 s

	BatchBytes int // of one upload, well below the server's limit of 100 MB; default 20 MB
	Window     int // bytes of batches that are enqueued and not yet done; default 64 MB
	Verify     int // most candidates of one search that are all fetched and compared; default 3,000

	Now       func() time.Time                                 // needed by New: measures Patience and Watchdog
	Sleep     func(ctx context.Context, d time.Duration) error // returns the context's error when that ends first; default waits
	Transport http.RoundTripper                                // default: as http.DefaultTransport
}

var indexUID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

// complete checks the options and fills in the defaults.
func (o Options) complete() (Options, error) {
	u, err := url.Parse(o.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return o, errors.New("meili: the address of the server is not like http://127.0.0.1:7700")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return o, errors.New("meili: the address of the server holds more than scheme, host and path; the key has its own place")
	}
	o.URL = strings.TrimRight(o.URL, "/")
	if o.Index == "" {
		o.Index = "cases"
	}
	if !indexUID.MatchString(o.Index) {
		return o, fmt.Errorf("meili: index %q is not of letters, digits, - and _", o.Index)
	}
	for value, standard := range map[*time.Duration]time.Duration{
		&o.Timeout:       30 * time.Second,
		&o.UploadTimeout: 10 * time.Minute,
		&o.Patience:      10 * time.Minute,
		&o.Watchdog:      3 * time.Hour,
		&o.Poll:          time.Second,
	} {
		if *value == 0 {
			*value = standard
		}
	}
	for value, standard := range map[*int]int{
		&o.BatchBytes: 20 << 20,
		&o.Window:     64 << 20,
		&o.Verify:     3000,
	} {
		if *value == 0 {
			*value = standard
		}
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		// All requests go to one host: as many as ask at a time keep their
		// connection.
		t.MaxIdleConnsPerHost = 64
		o.Transport = t
	}
	return o, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
