package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/record"
)

// answers is a site that gives one answer after the other, and the last one for ever.
type answers []string

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	now := (*a)[0]
	if len(*a) > 1 {
		*a = (*a)[1:]
	}
	if now == "silence" {
		return nil, errors.New("connection refused")
	}
	if now == "hangs" {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	var code int
	var body string
	if _, err := fmt.Sscanf(now, "%d %s", &code, &body); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: code, Header: http.Header{"Location": {"/elsewhere"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestAskSite(t *testing.T) {
	const page = "http://127.0.0.1:8080/huiyin/case/2611-000001.html"
	for _, tt := range []struct {
		name string
		site answers
		want []string // where it still is
	}{
		{"gone at once", answers{"410 gone"}, nil},
		{"never there", answers{"404 none", "200 home"}, nil},
		{"a mistaken address", answers{"404 none"}, []string{page + " answers 404, and http://127.0.0.1:8080/huiyin/ shows no site either: is withdraw.ask right?"}},
		{"gone in a moment", answers{"200 路灯", "200 路灯", "503 wait", "410 gone"}, nil},
		{"taken up after the server came back", answers{"silence", "silence", "410 gone"}, nil},
		{"a cache that keeps it", answers{"200 路灯"}, []string{page + " answers 200"}},
		{"led elsewhere", answers{"302 moved"}, []string{page + " answers 302"}},
		{"gone by its status alone", answers{"410 路灯不亮"}, []string{page + " shows words of it"}},
		{"no server", answers{"silence"}, []string{page + " does not answer"}},
		{"a server that hangs", answers{"hangs"}, []string{page + " does not answer"}},
		{"a server that hangs in the end", answers{"200 路灯", "hangs"}, []string{page + " answers 200"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				proofs := []generator.Proof{{Number: "2611-000001", Places: []generator.ProofPlace{{Place: generator.PlaceStore, Gone: true}}}}
				site := tt.site
				askSite(t.Context(), &site, []string{"http://127.0.0.1:8080/huiyin/"}, proofs, map[record.CaseNumber][]string{"2611-000001": {"路灯不亮"}})
				want := []generator.ProofPlace{{Place: generator.PlaceStore, Gone: true}, {Place: "site", Gone: tt.want == nil, Where: tt.want}}
				if diff := cmp.Diff(want, proofs[0].Places); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// pagesOf is a site that answers by the path, always alike.
type pagesOf map[string]string

func (s pagesOf) RoundTrip(r *http.Request) (*http.Response, error) {
	return (&answers{s[r.URL.Path]}).RoundTrip(r)
}

// One page that a cache keeps, or that does not answer, is said of no other page.
func TestAskSiteEach(t *testing.T) {
	const fast, slow = "http://127.0.0.1:8080/", "http://127.0.0.1:8081/slow/"
	site := pagesOf{
		"/case/2611-000001.html": "200 cached", "/case/2611-000002.html": "410 gone", "/case/2611-000003.html": "410 gone",
		"/slow/case/2611-000001.html": "410 gone", "/slow/case/2611-000002.html": "hangs", "/slow/case/2611-000003.html": "410 gone",
	}
	synctest.Test(t, func(t *testing.T) {
		proofs := []generator.Proof{{Number: "2611-000001"}, {Number: "2611-000002"}, {Number: "2611-000003"}}
		askSite(t.Context(), site, []string{fast, slow}, proofs, nil)
		var got []string
		for _, p := range proofs {
			got = append(got, p.Places[0].Where...)
		}
		want := []string{
			fast + "case/2611-000001.html answers 200",
			slow + "case/2611-000002.html does not answer",
			slow + "case/2611-000003.html was not asked, because " + slow + " does not answer",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// Where no address is named, nobody is asked.
func TestAskNoSite(t *testing.T) {
	proofs := []generator.Proof{{Number: "2611-000001"}}
	askSite(t.Context(), nil, nil, proofs, nil)
	if len(proofs[0].Places) > 0 {
		t.Error(proofs[0].Places)
	}
}
