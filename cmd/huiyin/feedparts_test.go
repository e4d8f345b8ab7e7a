package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

// A part that a feed does not give is trouble of its own, told once, and over when a fetch
// has nothing missing; a fetch that fails does not end it.
func TestAlertPart(t *testing.T) {
	upstream := httptest.NewServer(http.NotFoundHandler())
	defer upstream.Close()
	d := newDesk(t)
	d.do(0, "init", d.dir)
	d.write("huiyin.yaml", `version: 1
site:
  name: 示例市诉求公开
  base_url: https://www.example.gov.cn/zwgk/huiyin/
alerts: {disk_free: 1}
feeds:
  - {name: streets, kind: exchange, url: "`+upstream.URL+`/cases", plain_http: true, token_file: token}
sources:
  inputs:
    - glob: "feeds/streets/*.jsonl"
      as_of: {name: '(\d{4}-\d{2}-\d{2})'}
      key: no
      fields: {question: question, reply: reply, unit: unit, received: received, replied: replied}
`)
	d.write("token", "made-up-token-1\n")
	if err := os.MkdirAll(d.at("inbox/feeds/.streets"), 0o700); err != nil {
		t.Fatal(err)
	}
	last := func(members string) {
		d.write("inbox/feeds/.streets/last.json", `{"feed":"streets","as_of":"2026-10-20","pages":0,"items":0,`+members+`"at":"2026-10-20T04:00:00Z"}`)
	}
	last(`"missing":["requests made in one second"],`)
	d.says(d.do(0, "alerts", "--json"), `"changes":[{"id":"partial streets"`, "a part of what the feed streets has could not be fetched: requests made in one second")
	d.says(d.do(0, "alerts", "--json"), `"there":[{"id":"partial streets"`, `"changes":[]`)
	d.do(3, "pull") // 404
	d.says(d.do(0, "alerts", "--json"), `"there":[{"id":"partial streets"`, `"changes":[]`)
	last("")
	d.says(d.do(0, "alerts", "--json"), `"there":[]`, `"over":`)
}
