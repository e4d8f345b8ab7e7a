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
	// askFor is how long a server and what stands before it may take to show that cases
	// are gone, and to answer at all; askEvery is the pause before they are asked again.
	askFor, askEvery = 10 * time.Second, 100 * time.Millisecond
)

// askedPage is the page of a case at one address.
type askedPage struct {
	address, page string
	phrases       []string
	said          string // how its last answer differs from one that it is gone; empty: it is
	silent        bool   // it did not answer in time
}

// askSite adds to each proof what the addresses of withdraw.ask answer for the page of
// the case. A server takes up a withdrawal a moment after it was made; what stands before
// it, such as a cache, perhaps never: then the proof says so. Each page is asked once,
// however long another one is not gone; where an address does not answer in time, its other
// pages are not asked, and their proofs say that.
func askSite(ctx context.Context, network http.RoundTripper, addresses []string, proofs []generator.Proof, phrases map[record.CaseNumber][]string) {
	if len(addresses) == 0 {
		return
	}
	client := &http.Client{Transport: network, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	pages := make([]askedPage, 0, len(proofs)*len(addresses))
	silent := map[string]bool{}
	for _, p := range proofs {
		for _, a := range addresses {
			page := askedPage{address: a, page: a + record.CasePath(p.Number), phrases: phrases[p.Number]}
			if page.silent = silent[a]; page.silent {
				page.said = page.page + " was not asked, because " + a + " does not answer"
			} else {
				page.ask(ctx, client)
				silent[a] = page.silent
			}
			pages = append(pages, page)
		}
	}
	askAgain(ctx, client, pages)
	for i := range proofs {
		var where []string
		for _, page := range pages[i*len(addresses) : (i+1)*len(addresses)] {
			if page.said != "" {
				where = append(where, page.said)
			}
		}
		proofs[i].Places = append(proofs[i].Places, generator.ProofPlace{Place: placeSite, Gone: len(where) == 0, Where: where})
	}
}

// askAgain asks for the pages that are not gone until they are, or the time is over.
func askAgain(ctx context.Context, client *http.Client, pages []askedPage) {
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	open := func(p askedPage) bool { return p.said != "" && !p.silent }
	for slices.ContainsFunc(pages, open) {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for i := range pages {
			if open(pages[i]) && ctx.Err() == nil {
				pages[i].ask(ctx, client)
			}
		}
	}
}

// ask asks for the page once. An answer that the end of ctx cuts off leaves what the one
// before it said.
func (p *askedPage) ask(ctx context.Context, client *http.Client) {
	once, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	said := askPage(once, client, p.address, p.page, p.phrases)
	p.silent = said != "" && once.Err() != nil && ctx.Err() == nil
	if ctx.Err() == nil || said == "" || p.said == "" {
		p.said = said
	}
}

// askPage says how the answer for a page differs from one that it is gone. That there is no
// such page counts only where the site itself is there: under a mistaken address there is
// none of any case.
func askPage(ctx context.Context, client *http.Client, address, page string, phrases []string) string {
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
	case resp.StatusCode == http.StatusNotFound && !isThere(ctx, client, address):
		return page + " answers 404, and " + address + " shows no site either: is withdraw.ask right?"
	}
	return ""
}

// isThere reports whether an address shows anything.
func isThere(ctx context.Context, client *http.Client, address string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	resp, err := client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode < http.StatusBadRequest
}
