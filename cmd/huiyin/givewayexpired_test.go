package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	deskapi "github.com/huiyin/huiyin/generator/desk"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// An upstream has forgotten where to go on, is read from the beginning, and that is broken
// off for a request: status tells of it, since the next pull goes on and does not know it.
func TestGaveWayAfterExpired(t *testing.T) {
	var expired atomic.Bool
	ask := func() {}
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		item := `{"no":"%d","question":"路灯不亮","reply":"已经修好","unit":"城管局","received":"2026-10-0%[1]d","replied":"2026-10-10"}`
		switch cursor := r.URL.Query().Get("cursor"); {
		case cursor == "end" && expired.Load():
			w.WriteHeader(http.StatusGone)
		case cursor == "":
			fmt.Fprintf(w, `{"items":[`+item+`],"next_cursor":"second","has_more":true,"as_of":"2026-10-20"}`, 1)
		case expired.Load(): // the first page has come
			ask()
			<-r.Context().Done()
		default:
			fmt.Fprintf(w, `{"items":[`+item+`],"next_cursor":"end","has_more":false,"as_of":"2026-10-20"}`, 2)
		}
	}))
	defer upstream.Close()
	d := newDesk(t)
	d.do(0, "init", d.dir)
	d.write("huiyin.yaml", `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
feeds:
  - {name: cases, kind: exchange, url: "`+upstream.URL+`/cases", plain_http: true}
sources:
  inputs:
    - glob: "feeds/cases/*.jsonl"
      as_of: {name: '(\d{4}-\d{2}-\d{2})'}
      key: no
      fields: {question: question, reply: reply, unit: unit, received: received, replied: replied}
`)
	d.do(0, "pull")
	expired.Store(true)
	plan, err := store.OpenSchedule(d.at("state/schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Close()
	ask = func() {
		if _, _, err := plan.Request(t.Context(), job.Request{ID: "a", Kind: deskapi.RequestKind, Scope: "all", By: "王", At: d.day, Act: true}); err != nil {
			t.Error(err)
		}
	}
	const told = "could not go on from where it was read last (410)"
	d.says(d.do(3, "pull", "--for-job"), "feed cases: broken off", told)
	d.says(d.do(0, "status"), told)
}
