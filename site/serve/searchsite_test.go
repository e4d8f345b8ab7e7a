package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
	"github.com/huiyin/huiyin/site/serve"
)

// indexed returns an engine that holds the documents of a text, one line of JSON
// each, under a mark. Without a text it has never indexed anything.
func indexed(t testing.TB, mark search.Mark, docs []byte) *scan.Engine {
	t.Helper()
	e := scan.New()
	if docs == nil {
		return e
	}
	all := func(yield func(search.Doc, error) bool) {
		for d := json.NewDecoder(bytes.NewReader(docs)); ; {
			d.DisallowUnknownFields()
			var doc search.Doc
			err := d.Decode(&doc)
			if err == io.EOF || !yield(doc, err) {
				return
			}
		}
	}
	if err := e.Rebuild(context.Background(), search.SiteSchema(), mark.String(), all); err != nil {
		t.Fatal(err)
	}
	return e
}

// scripted is the engine of a script.
func scripted(t testing.TB, mark, docs string) search.Engine {
	t.Helper()
	if strings.TrimSpace(docs) == "" {
		return indexed(t, search.Mark{}, nil)
	}
	m := search.Mark{Release: 1, Cutoff: "2026-11-22", Form: search.SiteForm()}
	if mark != "" {
		if err := json.Unmarshal([]byte(mark), &m); err != nil {
			t.Fatal(err)
		}
	}
	return indexed(t, m, []byte(docs))
}

// readSynonyms reads lines "WORD=WORD".
func readSynonyms(file []byte) (search.Synonymer, error) {
	all := synonyms{}
	for line := range strings.Lines(string(file)) {
		a, b, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok {
			return nil, errors.New("a line without =")
		}
		all[a], all[b] = []string{b}, []string{a}
	}
	return all, nil
}

// searched serves what the folder holds now, searched as the options say.
func (s *site) searched(t testing.TB, o serve.Options) http.Handler {
	t.Helper()
	h, err := serve.NewHandler(s.follow(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// oldTown is a site with a search page and five cases in its index.
func oldTown(t testing.TB) (*site, *scan.Engine) {
	t.Helper()
	s := newSite(t)
	s.publish(t, map[string]string{
		"search.html": `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>搜索 - 回音</title>` +
			`<link rel="canonical" href="https://huiyin.example/search.html"><meta property="og:site_name" content="回音"></head>` +
			`<body><main><h1>搜索</h1><!--huiyin:search--><p>没有结果</p><!--/huiyin:search--></main></body></html>`,
		"en/search.html": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Search - Huiyin</title>` +
			`<link rel="canonical" href="https://huiyin.example/en/search.html"><meta property="og:site_name" content="Huiyin"></head>` +
			`<body><main><h1>Search</h1><!--huiyin:search--><p>nothing</p><!--/huiyin:search--></main></body></html>`,
		"search/vocabulary.json": `{"fields":{` +
			`"type":[{"id":"case","name":"诉求件","en":"Cases"}],` +
			`"unit":[{"id":"water","name":"市水务局","en":"Water Bureau"},{"id":"east-water","name":"东区水务所","en":"East Water Office","parent":"water"},{"id":"light","name":"路灯所"}],` +
			`"area":[{"id":"990100","name":"示例市","en":"Example City"},{"id":"990102","name":"东区","en":"East District","parent":"990100"}],` +
			`"topic":[{"id":"supply","name":"供水"}],"channel":[{"id":"letter","name":"网上来信"}],"kind":[{"id":"complain","name":"投诉","en":"Complaint"}],` +
			`"status":[{"id":"replied","name":"已答复","en":"Replied"},{"id":"open","name":"办理中","en":"Open"}],"rating":[{"id":"4/5","name":"满意"}]},` +
			`"cutoff":"2026-11-22","docs":5}`,
		"case/2611-000001.html": "2611-000001 水管漏水",
	})
	docs := `{"id":"2611-000001","seq":1,"text":{"title":"水管漏水","question":"小区门口的水管漏水三天。","reply":"已更换接头。"},"keyword":{"type":"case","unit":"east-water","area":"990102","topic":"supply","channel":"letter","kind":"complain","status":"replied","rating":"4/5","year":"2026","month":"2026-11"},"number":{"received":20261101,"replied":20261105,"days":4}}
{"id":"2611-000002","seq":2,"text":{"title":"路灯不亮","question":"水务所门口路灯不亮。"},"keyword":{"type":"case","unit":"light","area":"990102","status":"open","year":"2026","month":"2026-11"},"number":{"received":20261102}}
{"id":"2610-000003","seq":3,"text":{"title":"水压低","question":"楼上水压低，水管生锈。","reply":"已调高水压。"},"keyword":{"type":"case","unit":"water","area":"990100","topic":"supply","status":"replied","year":"2026","month":"2026-10"},"number":{"received":20261001,"replied":20261011,"days":10}}
{"id":"2512-000004","seq":4,"text":{"title":"停水通知","question":"停水为什么不通知？","reply":"已改进水管检修通知。"},"keyword":{"type":"case","unit":"east-water","area":"990102","topic":"supply","status":"replied","year":"2025","month":"2025-12"},"number":{"received":20251201,"replied":20251202,"days":1}}
{"id":"2512-000005","seq":5,"text":{"title":"<script>alert(1)</script>","question":"标题里有标签 & “引号”。"},"keyword":{"type":"case","year":"2025","month":"2025-12"},"number":{"received":20251205}}`
	return s, indexed(t, search.Mark{Release: 1, Cutoff: "2026-11-22", Docs: 5, Form: search.SiteForm()}, []byte(docs))
}

// synonyms are other words for a word.
type synonyms map[string][]string

func (s synonyms) Expand(word string) []string  { return s[word] }
func (s synonyms) Suggest(word string) []string { return s[word] }

// crossing says of every passage that words meet in it.
type crossing struct{}

func (crossing) Crossing(string, int, int) bool { return true }

// question has these words in it, whatever it is.
type question []string

func (q question) Question(string) ([]string, bool) { return q, true }
