package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/source/spool"
)

// What several feeds failed for, as two with one role at a database, is told once, with the
// names of all.
func TestFeedsOfOneTrouble(t *testing.T) {
	var out, errs bytes.Buffer
	a := standard()
	a.out, a.err = &out, &errs
	one := func(name, trouble string) fetched {
		return fetched{Report: spool.Report{Feed: name}, Error: trouble, Hint: "ask the DBA", err: errors.New(trouble)}
	}
	a.showFetched([]fetched{one("cases", "the role can write"), one("units", "the view is gone"), one("answers", "the role can write"), {Report: spool.Report{Feed: "streets"}}})
	if want := "huiyin: feeds cases, answers: the role can write\nhuiyin: hint: ask the DBA\nhuiyin: feed units: the view is gone\nhuiyin: hint: ask the DBA\n"; errs.String() != want {
		t.Errorf("%q, want %q", errs.String(), want)
	}
	if want := "feed streets: nothing new\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}

	out.Reset()
	at := time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)
	var all []feedStatus
	for _, name := range []string{"cases", "answers", "units"} {
		last := spool.Last{Report: spool.Report{Feed: name}, At: at, Error: "the role can write", Hint: "ask the DBA"}
		if name == "units" {
			last.Error = "the view is gone"
		}
		all = append(all, feedStatus{Feed: name, Last: &last})
	}
	a.showFeeds(all)
	want := `feed cases: nothing has come yet; asked at 2026-10-20 12:00 and FAILED: the role can write
    hint: ask the DBA
feed answers: nothing has come yet; asked at 2026-10-20 12:00 and FAILED for the same reason as feed cases
feed units: nothing has come yet; asked at 2026-10-20 12:00 and FAILED: the view is gone
    hint: ask the DBA
`
	if strings.TrimSpace(out.String()) != strings.TrimSpace(want) {
		t.Errorf("%s\nwant\n%s", out.String(), want)
	}
}

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
