package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/fault"
)

const smallest = `
version: 1
site:
  name: 示例市诉求公开
  base_url: https://www.example.gov.cn/huiyin/
sources:
  inputs:
    - name: letters
      text: |
        two
          lines
`

func TestParse(t *testing.T) {
	c, err := Parse([]byte(smallest))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(c.Sources), "inputs:\n  - name: letters\n    text: |\n      two\n        lines"; strings.TrimSpace(got) != want {
		t.Errorf("section sources = %q, want %q", got, want)
	}
	if c.State != "state" || c.Release.Keep != 10 || c.Render.Workers != 2 || time.Duration(c.Render.Timeout) != 2*time.Minute || len(c.Site.Languages) != 1 {
		t.Errorf("defaults are not filled in: %+v", c)
	}
	if c.Search != (Search{Engine: Embedded, Index: "cases"}) {
		t.Errorf("search: %+v", c.Search)
	}
	if n, err := c.Render.Bytes(); err != nil || n != 512<<20 {
		t.Errorf("render.memory = %d, %v", n, err)
	}
}

// A file is read as editors of Windows save it, too.
func TestParseOfWindows(t *testing.T) {
	want, err := Parse([]byte(smallest))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse([]byte("\ufeff" + strings.ReplaceAll(smallest, "\n", "\r\n")))
	if err != nil || got.Site.Name != want.Site.Name || got.Site.BaseURL != want.Site.BaseURL {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct{ name, edit, with, says string }{
		{"unknown key", "version: 1", "version: 1\nverison: 2", "verison"},
		{"unknown key in a section", "  name:", "  nmae: x\n  name:", "nmae"},
		{"other version", "version: 1", "version: 2", "version"},
		{"no name", "  name: 示例市诉求公开\n", "", "site.name"},
		{"base URL without slash", "huiyin/", "huiyin", "site.base_url"},
		{"base URL with a password", "https://www", "https://a:b@www", "site.base_url"},
		{"profile without its footer", "  name:", "  profile: cn-gov\n  name:", "site.organiser"},
		{"unknown profile", "  name:", "  profile: us-gov\n  name:", "site.profile"},
		{"language without labels", "  name:", "  languages: [xx]\n  name:", "site.languages"},
		{"keep too few", "version: 1", "version: 1\nrelease: {keep: 1}", "release.keep"},
		{"originals kept too short", "version: 1", "version: 1\nintake: {keep_days: 29}", "intake.keep_days"},
		{"originals kept for less than nothing", "version: 1", "version: 1\nintake: {keep_days: -1}", "intake.keep_days"},
		{"no workers", "version: 1", "version: 1\nrender: {workers: 0}", "render.workers"},
		{"memory without unit", "version: 1", "version: 1\nrender: {memory: '512'}", "render.memory"},
		{"timeout without unit", "version: 1", "version: 1\nrender: {timeout: '5'}", "time span"},
		{"unknown engine", "version: 1", "version: 1\nsearch: {engine: sphinx}", "search.engine"},
		{"no engine", "version: 1", "version: 1\nsearch: {engine: ''}", "search.engine"},
		{"server without address", "version: 1", "version: 1\nsearch: {engine: meilisearch}", "search.url"},
		{"server without scheme", "version: 1", "version: 1\nsearch: {engine: meilisearch, url: '127.0.0.1:7700', key_file: k}", "search.url"},
		{"key in the address", "version: 1", "version: 1\nsearch: {engine: meilisearch, url: 'http://a:b@h', key_file: k}", "search.url"},
		{"server without key file", "version: 1", "version: 1\nsearch: {engine: meilisearch, url: 'http://h:7700'}", "search.key_file"},
		{"name of an index", "version: 1", "version: 1\nsearch: {engine: meilisearch, url: 'http://h:7700', key_file: k, index: 'a/b'}", "search.index"},
		{"key in the file", "version: 1", "version: 1\nsearch: {key: secret}", "unknown field"},
		{"ranked by a count", "version: 1", "version: 1\nranking: {measures: {received: 1}}", "ranking: measures"},
		{"ranked by nothing known", "version: 1", "version: 1\nranking: {measures: {praise: 1}}", "ranking.measures"},
		{"ranked by ratings", "version: 1", "version: 1\nranking: {measures: {satisfied-five: 1}}", "withdrawing a case could lift a unit"},
		{"ranked with one case", "version: 1", "version: 1\nranking: {minimum: 0}", "ranking: minimum"},
		{"more unknown than all", "version: 1", "version: 1\nranking: {unknown: 101}", "percentage"},
		{"bands that leave some out", "version: 1", "version: 1\nranking: {bands: [{id: a, zh: 甲, en: A, from: 90}, {id: b, zh: 乙, en: B, from: 50}]}", "ranking: bands"},
		{"band above all", "version: 1", "version: 1\nranking: {bands: [{id: a, zh: 甲, en: A, from: 101}]}", "percentage"},
		{"band of three decimals", "version: 1", "version: 1\nranking: {bands: [{id: a, zh: 甲, en: A, from: 99.999}]}", "percentage"},
		{"deadlines without rules", "version: 1", "version: 1\ndeadlines: {default: hotline}", "deadlines.rules"},
		{"holidays without rules", "version: 1", "version: 1\ndeadlines: {holidays: [2026.yaml]}", "deadlines.rules"},
		{"rules for nothing", "version: 1", "version: 1\ndeadlines: {rules: r.yaml}", "names no track"},
		{"deadlines of no channel", "version: 1", "version: 1\ndeadlines: {rules: r.yaml, channels: {'A B': hotline}}", "deadlines.channels"},
		{"a track that is no word", "version: 1", "version: 1\ndeadlines: {rules: r.yaml, channels: {letters: '信访'}}", "deadlines.channels"},
		{"one holiday file", "version: 1", "version: 1\ndeadlines: {rules: r.yaml, default: hotline, holidays: 2026.yaml}", "deadlines.holidays wants a list"},
		{"not YAML", "version: 1", "version: [", "not valid"},
		{"unit identifier", "version: 1", "version: 1\ngate: {lines: {'A B': ['1']}}", "gate.lines"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(strings.Replace(smallest, test.edit, test.with, 1)))
			var f *fault.Error
			if !errors.As(err, &f) {
				t.Fatalf("error = %v, want one for the user", err)
			}
			if !strings.Contains(f.Msg, test.says) || f.Hint == "" || f.Code != fault.ExitConfig {
				t.Errorf("message %q, hint %q, code %d; want %q in the message, a hint, code %d", f.Msg, f.Hint, f.Code, test.says, fault.ExitConfig)
			}
		})
	}
}

// TestRanking says what the section becomes, and that what is given replaces the
// default and is not added to it.
func TestRanking(t *testing.T) {
	rules := func(section string) assess.RankRules {
		c, err := Parse([]byte(smallest + section))
		if err != nil {
			t.Fatal(err)
		}
		return c.Ranking.Rules()
	}
	if diff := cmp.Diff(assess.DefaultRankRules(), rules("")); diff != "" {
		t.Errorf("the default: want -, got +\n%s", diff)
	}
	got := rules("ranking: {measures: {replied-of-due: 2}, unknown: 12.5, bands: [{id: a, zh: 甲, en: A, from: 97.25}, {id: b, zh: 乙, en: B, from: 0}]}\n")
	want := assess.RankRules{
		Measures: []assess.Weight{{Measure: assess.MeasureRepliedOfDue, Weight: 2}}, Minimum: 30, Unknown: 1250,
		Bands: []assess.Band{{ID: "a", Name: assess.Text{Zh: "甲", En: "A"}, From: 9725}, {ID: "b", Name: assess.Text{Zh: "乙", En: "B"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	if got := rules("ranking: {measures: {}}\n"); len(got.Measures) > 0 {
		t.Errorf("switched off, %v is compared", got.Measures)
	}
}

// A value of the wrong kind is told by its setting and its line, with what to write.
func TestParseWrongKind(t *testing.T) {
	for _, test := range []struct{ name, with, says, hint string }{
		{"a line that is no list", "version: 1\ngate:\n  lines:\n    # 值班\n    u-1: 028-55512345", "line 6: gate.lines.u-1 wants a list", "[one, another]"},
		{"the same in brackets", "version: 1\ngate: {lines: {u-1: 028-55512345}}", "line 3: gate.lines.u-1 wants a list", "[one]"},
		{"one hotline", "version: 1\ngate: {hotlines: 12345}", "line 3: gate.hotlines wants a list", "[one]"},
		{"a word for a number", "version: 1\nrelease: {keep: many}", "line 3: release.keep wants a whole number", "digits"},
		{"a word for yes", "version: 1\ngate: {consent_required: perhaps}", "line 3: gate.consent_required wants true or false", "true or false"},
		{"a list for a section", "version: 1\ngate: [a]", "line 3: gate wants settings of its own", "NAME: VALUE"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(strings.Replace(smallest, "version: 1", test.with, 1)))
			msg, hint, code := fault.Public(err)
			if !strings.HasSuffix(msg, test.says) || !strings.Contains(hint, test.hint) || code != fault.ExitConfig || strings.Contains(msg, "028") {
				t.Errorf("message %q, hint %q, code %d", msg, hint, code)
			}
		})
	}
}

func TestPathsAreRelativeToTheFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "huiyin.yaml")
	if err := os.WriteFile(file, []byte(smallest), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.StatePath("store.db"), filepath.Join(dir, "state", "store.db"); got != want {
		t.Errorf("StatePath = %q, want %q", got, want)
	}
	if _, err := Load(filepath.Join(dir, "none.yaml")); err == nil {
		t.Error("a missing file was read")
	}
}

// Every setting is documented, and docs/configuration.md names each.
func TestEverySettingIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Settings() {
		if s.Doc == "" {
			t.Errorf("setting %s has no doc tag", s.Key)
		}
		if !strings.Contains(string(doc), "`"+s.Key+"`") {
			t.Errorf("docs/configuration.md does not name `%s`", s.Key)
		}
	}
}

// The printed documentation is itself a configuration, once the required
// settings are filled in.
func TestDocumentationParses(t *testing.T) {
	text := strings.NewReplacer("  name:\n", "  name: 示例\n", "  base_url:\n", "  base_url: https://www.example.gov.cn/\n").Replace(Documentation())
	if _, err := Parse([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(smallest))
	f.Add([]byte(Documentation()))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := Parse(b); err == nil && c.Site.Name == "" {
			t.Error("a configuration without a name was accepted")
		}
	})
}
