package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
)

// A feed whose state cannot be read is told of, and so is all that is wrong with the others.
func TestWrongFeedBesideOthers(t *testing.T) {
	inbox := t.TempDir()
	for name, state := range map[string]string{"broken": "{half", "silent": `{"format":1,"day":"2026-10-01"}`} {
		dir := filepath.Join(inbox, "feeds", "."+name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte(state), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := standard()
	a.now = func() time.Time { return time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC) }
	c := &config.Config{Inbox: inbox, Feeds: []byte(`- {name: broken, kind: exchange, url: "https://platform.example.gov.cn/a", token_file: a}
- {name: silent, kind: exchange, url: "https://platform.example.gov.cn/b", token_file: b}
`)}
	c.Alerts.SilentDays = 7
	var told []string
	err := (&installation{a: a, c: c}).wrongFeeds(t.Context(), func(sort, which, _, _ string, _ ...any) { told = append(told, sort+" "+which) })
	if msg, _, _ := fault.Public(err); msg != "the state of the feed broken cannot be read" {
		t.Error(err)
	}
	if !slices.Equal(told, []string{"silent silent"}) {
		t.Errorf("told %q", told)
	}
}
