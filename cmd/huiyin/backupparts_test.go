package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	a := standard()
	a.configFile = d.at("huiyin.yaml")
	c, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	parts, outside, err := (&installation{a: a, c: c}).backupParts()
	if err != nil || len(outside) > 0 {
		t.Fatal(outside, err)
	}
	var got []string
	for _, p := range parts {
		got = append(got, p.Name)
	}
	slices.Sort(got)
	want := []string{
		"allow.yaml", "holidays-2026.yaml", "huiyin.yaml", "inbox/feeds", "letters.dsn", "mail.password", "office.pem", "platform.token", "policy.yaml",
		"republish.keys", "rules.yaml", "search.key", "state/huiyin.key", "state/releases", "state/withdrawn.journal", "synonyms.txt", "webhook.key",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what a backup copies (-want +got):\n%s", diff)
	}
}
