package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What was received is erased when it has been at rest for the days of the
// configuration, and nothing before; what waits for a person stays.
func TestPullErasesOriginals(t *testing.T) {
	dir := t.TempDir()
	day := time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)
	do := func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		a := standard()
		a.out, a.err = &out, &errs
		a.now = func() time.Time { return day }
		if code := run(context.Background(), append([]string{"--config", filepath.Join(dir, "huiyin.yaml")}, args...), a); code != 0 {
			t.Fatalf("huiyin %v: exit code %d\n%s", args, code, errs.String())
		}
		return out.String()
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do("init", dir)
	settings := `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
sources:
  inputs:
    - {glob: "*.csv", key: 编号, fields: {question: 问, reply: 答, received: 收, kind: {const: complain}}}
intake: {keep_days: DAYS}
`
	write("huiyin.yaml", strings.Replace(settings, "DAYS", "30", 1))
	write("inbox/a.csv", "编号,问,答,收\nA-1,路灯不亮。,已修。,2026-11-01\nA-2,邻居家暴。,已办。,2026-11-01\nA-3,公交太慢。,,2026-11-01\n")
	const erased = "erased: the originals of 1 case, and 0 review records"
	for _, tt := range []struct {
		days, after int
		want        bool
	}{{30, 0, false}, {30, 30, false}, {0, 400, false}, {30, 31, true}, {30, 32, false}} {
		write("huiyin.yaml", strings.Replace(settings, "DAYS", map[int]string{0: "0", 30: "30"}[tt.days], 1))
		day = time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC).AddDate(0, 0, tt.after)
		if out := do("pull"); strings.Contains(out, erased) != tt.want || strings.Contains(out, "erased") != tt.want {
			t.Errorf("kept for %d days, after %d:\n%s", tt.days, tt.after, out)
		}
	}
	if out := do("gate", "list", "--json"); strings.Count(out, "sensitive-") != 1 {
		t.Errorf("the case that waits:\n%s", out)
	}
	if out := do("gate", "regate"); !strings.Contains(out, "3 cases and ") || !strings.Contains(out, "the originals of 1 case are erased (intake.keep_days): what is published was looked at") {
		t.Errorf("regate:\n%s", out)
	}
	day = day.AddDate(3, 0, 0)
	if out := do("pull", "--json"); !strings.Contains(out, `"records_erased":3`) || strings.Contains(out, `"pruned"`) {
		t.Errorf("after three years:\n%s", out)
	}
}

// Other rules reach what is published of erased originals: it is listed, masked further
// and gone from the site, or its row alone is left.
func TestRegateErasedOriginals(t *testing.T) {
	dir := t.TempDir()
	day := time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)
	do := func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		a := standard()
		a.out, a.err = &out, &errs
		a.now = func() time.Time { return day }
		if code := run(context.Background(), append([]string{"--config", filepath.Join(dir, "huiyin.yaml")}, args...), a); code != 0 {
			t.Fatalf("huiyin %v: exit code %d\n%s", args, code, errs.String())
		}
		return out.String()
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	holding := func(folder, word string) (n int) {
		t.Helper()
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if bytes.Contains(text, []byte(word)) {
				n++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	do("init", dir)
	write("huiyin.yaml", `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
export: {dir: public}
sources:
  inputs:
    - {glob: "*.csv", key: 编号, fields: {question: 问, reply: 答, received: 收, kind: {const: complain}}}
intake: {keep_days: 30}
gate: {policy: policy.yaml}
`)
	write("policy.yaml", "version: \"1\"\nofficial:\n  landline: pass\n  email: pass\n")
	write("inbox/a.csv", "编号,问,答,收\nA-1,路灯不亮。,请拨打0999-7654321。,2026-11-01\nA-2,公交太慢。,请写信至bus@example.cn。,2026-11-01\nA-3,井盖松动。,已修。,2026-11-01\n")
	do("pull")
	do("publish")
	day = day.AddDate(0, 0, 31)
	if out := do("pull"); !strings.Contains(out, "erased: the originals of 3 cases") {
		t.Fatalf("pull:\n%s", out)
	}
	if out := do("gate", "regate"); !strings.Contains(out, "nothing changes") {
		t.Errorf("the same rules:\n%s", out)
	}
	write("policy.yaml", "version: \"2\"\nofficial:\n  landline: mask\n  email: hold\n")
	out := do("gate", "regate")
	for _, want := range []string{"2611-000001    text      masked: landline 1\n", "2611-000002    to-row", "3 cases and ", "2 published otherwise, 0 kept"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not among\n%s", want, out)
		}
	}
	words := []string{"0999-7654321", "bus@example.cn"}
	for _, word := range words {
		if holding("public", word) == 0 {
			t.Errorf("%s is not published even before", word)
		}
	}
	do("gate", "regate", "--apply", "--by", "李审", "--reason", "规则修订")
	for _, word := range words {
		if n := holding("public", word); n > 0 {
			t.Errorf("%s still stands in %d files", word, n)
		}
	}
	do("publish")
	if n := holding("public", "请拨打0999-*****21。"); n == 0 {
		t.Error("the masked reply is not published")
	}
	if out := do("gate", "regate"); !strings.Contains(out, "nothing changes") {
		t.Errorf("a second time:\n%s", out)
	}
	if out := do("gate", "list"); strings.Contains(out, "2611-") {
		t.Errorf("something waits that nobody can look at:\n%s", out)
	}
	do("fsck")
}
