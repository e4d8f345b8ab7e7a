package assemble

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
)

func feedsEnv() FeedsEnv {
	return FeedsEnv{
		Getenv: func(string) string { return "" },
		Now:    func() time.Time { return time.Date(2026, 11, 28, 4, 0, 0, 0, time.UTC) },
		Sleep:  func(context.Context, time.Duration) error { return nil },
	}
}

func feedsOf(t *testing.T, text string) ([]Feed, error) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "huiyin.yaml")
	head := "version: 1\nsite: {name: 某市, base_url: 'https://www.example.gov.cn/'}\n"
	if err := os.WriteFile(path, []byte(head+"feeds:\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte("made-up-token\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "open"), []byte("made-up-token\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return Feeds(c, feedsEnv())
}

func TestFeeds(t *testing.T) {
	feeds, err := feedsOf(t, `
  - {name: cases, kind: exchange, url: "https://platform.example.gov.cn/cases", token_file: token, limit: 500, timeout: 90s}
  - name: streets
    kind: open311
    endpoint: https://open311.example.gov/v2
    since: "2026-01-01"
    overlap_days: 0
  - {name: services, kind: open311-services, endpoint: "http://10.20.0.5:8080/v2", plain_http: true}
  - {name: letters, kind: sql, dsn_file: dsn, view: publish.pub_case_v1, overlap: 30m}
`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range feeds {
		got = append(got, f.Name+" "+f.Kind)
		if f.Spool == nil || f.From == nil {
			t.Errorf("%s: not whole", f.Name)
		}
	}
	if diff := cmp.Diff([]string{"cases exchange", "streets open311", "services open311-services", "letters sql"}, got); diff != "" {
		t.Error(diff)
	}
	if feeds, err := feedsOf(t, "  []\n"); err != nil || len(feeds) != 0 {
		t.Errorf("%v, %v", feeds, err)
	}
}

// What is wrong is named with its entry, and nothing secret is said.
func TestFeedsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"  name: cases\n":                "feeds: a list is wanted here",
		"  - {name: cases, kind: ftp}\n": `feeds, entry 1: kind "ftp" is none of exchange, open311, open311-services, sql`,
		"  - {name: Cases, kind: exchange, url: 'https://a.example/'}\n":                                           "feeds, entry 1: the name of a feed is of small letters",
		"  - {name: cases, kind: exchange, url: 'https://a.example/', password: secret13}\n":                       "unknown field",
		"  - {name: cases, kind: exchange, url: 'https://a.example/', token_file: none}\n":                         "is not there",
		"  - {name: cases, kind: exchange, url: 'https://a.example/', token_file: open}\n":                         "can be read by others",
		"  - {name: cases, kind: exchange, url: 'http://a.example/'}\n":                                            "feeds, entry 1: ",
		"  - {name: cases, kind: exchange, url: 'https://u:secret13@a.example/'}\n":                                "feeds, entry 1: ",
		"  - {name: a, kind: sql, dsn_file: dsn, view: v}\n  - {name: a, kind: sql, dsn_file: dsn, view: s.v}\n":   "feeds, entry 1: ",
		"  - {name: a, kind: sql, dsn_file: dsn, view: s.v}\n  - {name: a, kind: sql, dsn_file: dsn, view: s.w}\n": "two feeds are named a",
		"  - {name: a, kind: open311, endpoint: 'http://a.example/v2', since: '2026-01-01'}\n":                     "endpoint does not begin with https://",
		"  - {name: a, kind: open311, endpoint: 'nowhere'}\n":                                                      "endpoint is not an address",
		"  - {name: a, kind: exchange, url: 'https://a.example/', limit: many}\n":                                  "feeds, entry 1: ",
	} {
		_, err := feedsOf(t, text)
		msg, hint, code := fault.Public(err)
		if !strings.Contains(msg, want) || hint == "" || code != fault.ExitConfig || strings.Contains(msg+hint, "secret13") {
			t.Errorf("%s\n%q, hint %q, code %d; want %q", text, msg, hint, code, want)
		}
	}
}
