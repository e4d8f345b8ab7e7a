package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/backup"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/spool"
)

// A backup holds every file that the configuration names: what is put back needs no file
// that is on the old machine alone.
func TestBackupHoldsWhatIsNamed(t *testing.T) {
	d := newDesk(t)
	d.do(0, "init", d.dir)
	d.write("huiyin.yaml", `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
backup: {dir: backups}
sources:
  inputs:
    - {glob: "*.csv", as_of: {name: '(\d{4}-\d{2}-\d{2})'}, key: 编号, fields: {question: 问}}
feeds:
  - {name: cases, kind: exchange, url: "https://platform.example.gov.cn/cases", token_file: platform.token, ca_file: office.pem}
  - {name: letters, kind: sql, dsn_file: letters.dsn, view: publish.pub_case_v1}
  - {name: more, kind: exchange, url: "https://platform.example.gov.cn/more", token_file: platform.token}
gate: {policy: policy.yaml, allow: allow.yaml}
deadlines: {rules: rules.yaml, holidays: [holidays-2026.yaml], default: mail}
alerts:
  mail: {server: mail.example.gov.cn, from: huiyin@example.gov.cn, to: [office@example.gov.cn], user: huiyin, password_file: mail.password}
  webhook: {url: "https://hooks.example.gov.cn/huiyin", key_file: webhook.key}
run: {republish_keys: republish.keys}
search: {engine: meilisearch, url: "http://127.0.0.1:7700", key_file: search.key, synonyms: synonyms.txt}
`)
	d.write("state/intake.db", "")
	a := standard()
	a.configFile = d.at("huiyin.yaml")
	c, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	parts, outside, err := (&installation{a: a, c: c}).backupParts(nil)
	if err != nil || len(outside) > 0 {
		t.Fatal(outside, err)
	}
	var got []string
	for _, p := range parts {
		got = append(got, p.Name)
	}
	// A page that is not in the intake when it is copied must have been copied before.
	if feeds := []string{"inbox/feeds", "inbox/feeds", "state/intake.db"}; !cmp.Equal(feeds, slices.DeleteFunc(slices.Clone(got), func(name string) bool { return !slices.Contains(feeds, name) })) {
		t.Errorf("the order of what a backup copies: %v", got)
	}
	slices.Sort(got)
	want := []string{
		"allow.yaml", "holidays-2026.yaml", "huiyin.yaml", "inbox/feeds", "inbox/feeds", "letters.dsn", "mail.password", "office.pem", "platform.token", "policy.yaml",
		"republish.keys", "rules.yaml", "search.key", "state/backup-places.json", "state/huiyin.key", "state/intake.db", "state/releases", "state/withdrawn.journal", "synonyms.txt", "webhook.key",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what a backup copies (-want +got):\n%s", diff)
	}
}

// What lies elsewhere is listed in the same order each time.
func TestBackupListsWhatLiesElsewhere(t *testing.T) {
	c := &config.Config{State: "state"}
	c.Gate.Policy, c.Gate.Allow, c.Search.Synonyms, c.Run.Keys = "/etc/policy.yaml", "/etc/allow.yaml", "/etc/synonyms.txt", "/etc/keys"
	_, first, err := (&installation{c: c}).backupParts(nil)
	if err != nil || len(first) < 4 {
		t.Fatal(first, err)
	}
	for range 20 {
		if _, again, err := (&installation{c: c}).backupParts(nil); err != nil || !slices.Equal(first, again) {
			t.Fatalf("%q, and then %q, %v", first, again, err)
		}
	}
}

// walkingFeed is a feed whose state is the number of pages that it has handed over. It has
// three, of an item each, and the line is dead before the page of the given number.
type walkingFeed struct{ dead int }

func (f walkingFeed) Fetch(_ context.Context, state []byte, page func(source.Page) error) (source.Walk, error) {
	n := 0
	fmt.Sscan(string(state), &n)
	for n++; n <= 3; n++ {
		if n == f.dead {
			return source.Walk{}, errors.New("the line is dead")
		}
		if err := page(source.Page{Items: [][]byte{fmt.Appendf(nil, `{"n":%d}`, n)}, State: fmt.Append(nil, n)}); err != nil {
			return source.Walk{}, err
		}
	}
	return source.Walk{AsOf: "2026-11-03", State: []byte("3")}, nil
}

// A walk that goes on, or comes to its end, while a backup is made, at any point of it, is
// whole in what is put back, once the feed was asked again: no page lies behind the state
// and nowhere else.
func TestBackupWhileAFeedIsFetched(t *testing.T) {
	d := newDesk(t)
	d.do(0, "init", d.dir)
	d.write("huiyin.yaml", `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
sources:
  inputs:
    - {glob: "feeds/cases/*.jsonl", as_of: {name: '(\d{4}-\d{2}-\d{2})'}, key: n, fields: {question: n}}
`)
	a := standard()
	a.configFile = d.at("huiyin.yaml")
	c, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	fetch := func(inbox string, dead int) {
		t.Helper()
		s, err := spool.New(nil, inbox, "cases")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Fetch(t.Context(), walkingFeed{dead}, "2026-11-03"); (err != nil) != (dead > 0) {
			t.Fatalf("dead before page %d: %v", dead, err)
		}
	}
	for _, dead := range []int{0, 3} {
		for at, asked := 0, 1; at < asked; at++ {
			if err := os.RemoveAll(d.at("inbox/feeds")); err != nil {
				t.Fatal(err)
			}
			fetch(d.at("inbox"), 2)
			none := func(context.Context, [32]byte) (intake.Known, bool, error) { return intake.Known{}, false, nil }
			parts, _, err := (&installation{a: a, c: c}).backupParts(none)
			if err != nil {
				t.Fatal(err)
			}
			// Where the backup asks about a file of the feeds, it lets the walk go on once.
			asked = 0
			for i, p := range parts {
				if p.Name != "inbox/feeds" {
					continue
				}
				parts[i].Omit = func(ctx context.Context, name string) (bool, error) {
					if asked++; asked == at+1 {
						fetch(d.at("inbox"), dead)
					}
					return p.Omit(ctx, name)
				}
			}
			path, _, err := backup.Make(t.Context(), d.at("backups"), backup.Head{At: d.day, Config: "huiyin.yaml", Journal: "state/withdrawn.journal"}, parts)
			if err != nil {
				t.Fatal(err)
			}
			inbox := filepath.Join(path, "inbox")
			fetch(inbox, 0)
			var items []string
			names, _ := filepath.Glob(filepath.Join(inbox, "feeds/cases/*.jsonl"))
			for _, name := range names {
				text, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				items = append(items, strings.Split(strings.TrimSpace(string(text)), "\n")[1:]...)
			}
			if diff := cmp.Diff([]string{`{"n":1}`, `{"n":2}`, `{"n":3}`}, items); diff != "" {
				t.Errorf("the walk, dead before %d, went on at question %d of %d (-want +got):\n%s", dead, at+1, asked, diff)
			}
		}
	}
}
