package assemble

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

const rulesFile = `rules:
  - {track: hotline, step: conclude, days: 15, unit: working, basis: 某办法第一条, from: 2025-01-01}
  - {track: xinfang, step: conclude, days: 60, unit: calendar, basis: 某办法第二条}
  - {track: foi, step: answer, days: 20, unit: working, basis: 某条例第三条}
  - {track: late, step: conclude, starts: accepted, days: 60, unit: calendar, basis: 某办法第四条}
  - {track: half, step: notify, days: 5, unit: working, basis: 某办法第五条}
`

// notice is a made-up notice of a year.
func notice(year string) string {
	return "year: " + year + "\nsource: 虚构〔2024〕1号\noff:\n  - {name: 元旦, from: " + year + "-01-01}\n"
}

// deadlines reads the section in a folder with the files.
func deadlines(t *testing.T, section string, files map[string]string) (*deadline.Cases, string, error) {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{"huiyin.yaml": "version: 1\nsite: {name: 示例市, base_url: 'https://www.example.gov.cn/'}\ndeadlines: " + section + "\n", "rules.yaml": rulesFile}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := config.Load(filepath.Join(dir, "huiyin.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return Deadlines(c)
}

func TestDeadlines(t *testing.T) {
	if all, sum, err := deadlines(t, "{}", nil); all != nil || sum != "" || err != nil {
		t.Errorf("without rules: %v, %q, %v", all, sum, err)
	}
	files := map[string]string{"2025.yaml": notice("2025"), "holidays-2026.yaml": notice("2026")}
	const section = "{rules: rules.yaml, holidays: [2025.yaml, holidays-2026.yaml], channels: {letters: xinfang}, default: hotline}"
	all, sum, err := deadlines(t, section, files)
	if err != nil {
		t.Fatal(err)
	}
	received := record.Date(2026, 3, 2)
	for channel, want := range map[record.ChannelID]string{"letters": "2026-05-01", "web": "2026-03-23", "": "2026-03-23"} {
		if got := all.Due(&record.Row{Channel: channel, Received: received}).String(); got != want {
			t.Errorf("channel %q: due %s, want %s", channel, got, want)
		}
	}

	// All that a due day depends on is in the sum.
	seen := map[string]string{sum: "the first"}
	for name, change := range map[string]func() (string, map[string]string){
		"a comment": func() (string, map[string]string) {
			return section, map[string]string{"rules.yaml": rulesFile + "# 修改\n"}
		},
		"a source": func() (string, map[string]string) {
			return section, map[string]string{"2025.yaml": notice("2025") + "# 修改\n"}
		},
		"a channel": func() (string, map[string]string) { return strings.Replace(section, "letters", "visits", 1), nil },
		"another track": func() (string, map[string]string) {
			return strings.Replace(section, "default: hotline", "default: foi", 1), nil
		},
		"fewer years": func() (string, map[string]string) { return strings.Replace(section, "2025.yaml, ", "", 1), nil },
	} {
		section, other := change()
		for name, text := range files {
			if other[name] == "" {
				if other == nil {
					other = map[string]string{}
				}
				other[name] = text
			}
		}
		_, sum, err := deadlines(t, section, other)
		if first, ok := seen[sum]; ok || err != nil {
			t.Errorf("%s: the same sum as %s, %v", name, first, err)
		}
		seen[sum] = name
	}
}

func TestDeadlinesAreRefused(t *testing.T) {
	files := map[string]string{
		"2025.yaml": notice("2025"), "2026.yaml": notice("2026"), "2027.yaml": notice("2027"),
		"2028.yaml": notice("2026"), "mixed.yaml": strings.Replace(notice("2026"), "2026-01-01", "2025-01-01", 1),
		"broken.yaml": rulesFile + "  - {track: hotline}\n",
	}
	for _, test := range []struct{ section, says, hint string }{
		{"{rules: none.yaml, default: hotline}", "none.yaml of deadlines.rules cannot be read", "deadlines.rules"},
		{"{rules: rules.yaml, default: hotline, holidays: [none.yaml]}", "none.yaml of deadlines.holidays cannot be read", "deadlines.holidays"},
		{"{rules: broken.yaml, default: hotline}", "broken.yaml, line 7: a rule has no step", "add the key step"},
		{"{rules: rules.yaml, default: hotline, holidays: [2028.yaml]}", "2028.yaml is a file of 2028 by its name and of 2026 by its year", "correct the year"},
		{"{rules: rules.yaml, default: hotline, holidays: [mixed.yaml]}", "mixed.yaml, line 4: 2025-01-01 is not a day of 2026", "file of its own year"},
		{"{rules: rules.yaml, default: hotline, holidays: [2026.yaml, 2026.yaml]}", "2026.yaml, line 1: the year 2026 is in 2026.yaml already", "one file"},
		{"{rules: rules.yaml, default: hotline, holidays: [2025.yaml, 2027.yaml]}", "none of 2026", "add a file for 2026"},
		{"{rules: rules.yaml, default: hotline}", "count working days, and there is no holiday notice", "each year"},
		{"{rules: rules.yaml, default: visits}", "no rule of the track visits", "correct the name"},
		{"{rules: rules.yaml, default: half}", "no rule of the track half for the step conclude or answer", "add the rule"},
		{"{rules: rules.yaml, channels: {letters: late}}", "track late starts on a day that cases do not have: accepted", "delivered"},
	} {
		_, _, err := deadlines(t, test.section, files)
		msg, hint, code := fault.Public(err)
		if err == nil || !strings.Contains(msg, test.says) || !strings.Contains(hint, test.hint) || code != fault.ExitConfig {
			t.Errorf("%s: %q, hint %q, code %d", test.section, msg, hint, code)
		}
	}
}
