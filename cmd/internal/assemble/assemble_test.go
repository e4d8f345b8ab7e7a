package assemble

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search/lexicon"
)

// load returns a configuration whose section search is the given text, in a folder
// of its own with the given file.
func load(t *testing.T, section, name, text string) *config.Config {
	t.Helper()
	dir := t.TempDir()
	for file, body := range map[string]string{
		"huiyin.yaml": "version: 1\nsite: {name: 示例市, base_url: 'https://www.example.gov.cn/'}\nsearch: " + section + "\n",
		name:          text,
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := config.Load(filepath.Join(dir, "huiyin.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSynonyms(t *testing.T) {
	known := strings.Count(lexicon.NewSynonyms(lexicon.DefaultSynonyms()).String(), "\n")
	text, err := synonyms(load(t, "{}", "names.txt", ""))
	if err != nil || strings.Count(text, "\n") != known+1 || !strings.HasPrefix(text, "# ") {
		t.Errorf("%v: %d lines, want %d and a comment", err, strings.Count(text, "\n"), known)
	}
	text, err = synonyms(load(t, "{synonyms: names.txt}", "names.txt", "# 本市\n灯管处＝示例市路灯管理处\n"))
	if err != nil || strings.Count(text, "\n") != known+2 || !strings.Contains(text, "\n灯管处 = 示例市路灯管理处\n") {
		t.Errorf("%v: the office's names are not among\n%s", err, text)
	}
	if _, err := lexicon.ParseSynonyms(strings.NewReader(text)); err != nil {
		t.Errorf("what is published cannot be read: %v", err)
	}
}

func TestSynonymsAreRefused(t *testing.T) {
	for section, says := range map[string]string{"{synonyms: names.txt}": "names.txt: line 2: ", "{synonyms: none.txt}": "none.txt cannot be read"} {
		_, err := synonyms(load(t, section, "names.txt", "甲局 = 乙局\n丙局\n"))
		if msg, hint, code := fault.Public(err); !strings.Contains(msg, says) || hint == "" || code != fault.ExitConfig {
			t.Errorf("%s: %q, hint %q, code %d", section, msg, hint, code)
		}
	}
}

func TestReadKey(t *testing.T) {
	for _, tt := range []struct {
		text string
		mode os.FileMode
		key  string
		says string
	}{
		{"abc-123\n", 0o600, "abc-123", ""},
		{"abc-123", 0o400, "abc-123", ""},
		{"abc-123\n", 0o640, "", "others than its owner"},
		{"", 0o600, "", "does not hold a key on one line"},
		{"abc\n123\n", 0o600, "", "does not hold a key on one line"},
		{strings.Repeat("a", 1025), 0o600, "", "does not hold a key on one line"},
	} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, tt.mode); err != nil {
			t.Fatal(err)
		}
		key, err := ReadKey(path)
		msg, _, code := fault.Public(err)
		if key != tt.key || (tt.says == "") != (err == nil) || err != nil && (!strings.Contains(msg, tt.says) || code != fault.ExitConfig) {
			t.Errorf("%.20q, mode %o: %q, %v", tt.text, tt.mode, key, err)
		}
		if err != nil && len(tt.text) > 0 && strings.Contains(err.Error(), strings.TrimSpace(tt.text)) {
			t.Error("the error holds the key")
		}
	}
	if _, err := ReadKey(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a key without a file")
	}
}
