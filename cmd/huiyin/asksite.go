package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/record"
)

const (
	// placeSite is the place of a proof that is asked as a reader asks it.
	placeSite = "site"
	// askFor is how long a server and what stands before it may take to show that a case
	// is gone, and askEvery how often it is asked meanwhile.
	askFor, askEvery = 10 * time.Second, 100 * time.Millisecond
)

// askSite adds to each proof what the addresses of withdraw.ask answer for the page of
// the case. A server takes up a withdrawal a moment after it was made; what stands before
// it, such as a cache, perhaps never: then the proof says so.
func askSite(ctx context.Context, network http.RoundTripper, addresses []string, proofs []generator.Proof, phrases map[record.CaseNumber][]string) {
	if len(addresses) == 0 {
		return
	}
	client := &http.Client{Transport: network, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	for i := range proofs {
		p := &proofs[i]
		var where []string
		for _, a := range addresses {
			if said := untilGone(ctx, client, a+record.CasePath(p.Number), phrases[p.Number]); said != "" {
				where = append(where, said)
			}
		}
		p.Places = append(p.Places, generator.ProofPlace{Place: placeSite, Gone: len(where) == 0, Where: where})
	}
}

// untilGone asks for a page until it is gone, and returns "" then, or what the last
// answer was when the time is over.
func untilGone(ctx context.Context, client *http.Client, page string, phrases []string) string {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for said := ""; ; {
		now := askPage(ctx, client, page, phrases)
		if now == "" {
			return ""
		}
		if ctx.Err() == nil || said == "" {
			said = now
		}
		select {
		case <-ctx.Done():
			return said
		case <-tick.C:
		}
	}
}

// askPage says how the answer for a page differs from one that it is gone.
func askPage(ctx context.Context, client *http.Client, page string, phrases []string) string {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return page + " is no address"
	}
	resp, err := client.Do(r)
	if err != nil {
		return page + " does not answer"
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	switch {
	case resp.StatusCode != http.StatusGone && resp.StatusCode != http.StatusNotFound:
		return fmt.Sprintf("%s answers %d", page, resp.StatusCode)
	case slices.ContainsFunc(phrases, func(p string) bool { return bytes.Contains(body, []byte(p)) }):
		return page + " shows words of it"
	case err != nil:
		return page + " does not answer to its end"
	}
	return ""
}
