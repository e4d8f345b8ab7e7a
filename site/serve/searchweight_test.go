package serve_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/serve"
)

// busyTown is a site of 600 cases whose texts, names and facets are as long and
// as many as those of a city.
func busyTown(t testing.TB) (*site, search.Engine) {
	t.Helper()
	var nav strings.Builder
	for i, name := range []string{"搜索", "区县", "单位", "领域", "月份", "渠道", "统计方法", "关于本站", "隐私说明", "网站地图"} {
		fmt.Fprintf(&nav, "<li><a href=\"column%d.html\">%s</a></li>\n", i, name)
	}
	page := `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>搜索 - 示例市回音</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no">
<meta name="description" content="搜索全文公开的诉求与答复 20,481 件，统计截止 2026-11-20。可按单位、地区、领域、日期等筛选，并下载全部结果。">
<link rel="canonical" href="https://huiyin.example/search.html"><link rel="alternate" hreflang="en" href="https://huiyin.example/en/search.html">
<link rel="stylesheet" href="assets/css/huiyin.0123456789abcdef.css"><script src="assets/js/search.fedcba9876543210.js" defer></script>
<link rel="search" type="application/opensearchdescription+xml" href="search/opensearch.xml" title="示例市回音"><link rel="icon" href="assets/img/huiyin.00112233445566.svg" type="image/svg+xml">
<meta property="og:title" content="搜索"><meta property="og:type" content="website"><meta property="og:site_name" content="示例市回音"></head>
<body><a class="skip" href="#main">跳到正文</a><header class="top"><div class="wrap"><a class="brand" href="index.html"><strong>示例市回音</strong> <span>诉求与答复公开</span></a>
<nav aria-label="栏目"><ul>` + nav.String() + `</ul></nav></div></header><main id="main" class="wrap" tabindex="-1"><div class="heading"><h1>搜索</h1>
<details class="tips"><summary>搜索技巧</summary><ul><li>用空格隔开的词都要出现。</li><li>引号中的文字原样查找。</li><li>词前加减号，排除含该词的诉求件。</li><li>可限定单位、地区、领域等，如 单位:水务局。</li><li>输入编号直接打开。</li></ul></details></div>
<!--huiyin:search--><!--/huiyin:search--></main><footer class="foot"><div class="wrap"><nav aria-label="关于"><ul>` + nav.String() + `</ul></nav><p>主办单位：示例市人民政府办公室 网站标识码 9901000001</p></div></footer></body></html>`

	fields := map[string]int{"unit": 60, "area": 14, "topic": 16, "channel": 5, "kind": 5, "status": 5, "rating": 8}
	names := []rune("东西南北中城关河湖山林田园路桥港湾沙石金木水火土云海江溪泉岭坪坝口门里坊")
	var vocabulary, docs strings.Builder
	for field, n := range fields {
		if vocabulary.Len() > 0 {
			vocabulary.WriteByte(',')
		}
		fmt.Fprintf(&vocabulary, `%q:[`, field)
		for i := range n {
			if i > 0 {
				vocabulary.WriteByte(',')
			}
			fmt.Fprintf(&vocabulary, `{"id":"%s-%d","name":"%c%c%s管理单位"}`, field, i, names[(i*7)%36], names[(i*11+len(field))%36], string(names[i%30:i%30+3]))
		}
		vocabulary.WriteByte(']')
	}
	words := []string{"水管", "漏水", "路灯", "施工", "噪声", "扰民", "物业", "停车", "公交", "线路", "补贴", "发放", "学区", "划分", "垃圾", "清运", "消防", "通道", "占用", "热线", "回复", "社区", "供暖", "温度", "低于", "标准"}
	sentence := func(seed, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(words[(seed*(i+3)+i*i*7+seed/9)%len(words)])
			if i%4 == 3 {
				b.WriteString("，")
			}
		}
		return b.String() + "。"
	}
	for i := 1; i <= 600; i++ {
		fmt.Fprintf(&docs, `{"id":"2611-%06d","seq":%d,"text":{"title":"关于%s","question":"%s水管%s","reply":"%s"},"keyword":{"type":"case","year":"20%02d","month":"20%02d-%02d"`,
			i, i, sentence(i, 6), sentence(i*3, 60), sentence(i*5, 60), sentence(i*7, 120), 21+i%6, 21+i%6, 1+i%12)
		for field, n := range fields {
			fmt.Fprintf(&docs, `,"%s":"%s-%d"`, field, field, (i*i+len(field))%n)
		}
		fmt.Fprintf(&docs, `},"number":{"received":20261101,"replied":20261105,"days":%d}}`+"\n", i%30)
	}
	s := newSite(t)
	s.publish(t, map[string]string{
		"search.html":            page,
		"search/vocabulary.json": `{"fields":{` + vocabulary.String() + `},"cutoff":"2026-11-20","docs":600}`,
	})
	return s, indexed(t, search.Mark{Release: 1, Cutoff: "2026-11-20", Docs: 600, Form: search.SiteForm()}, []byte(docs.String()))
}

// A first page of results and the style that it needs are small enough for a
// slow telephone.
func TestPageWeight(t *testing.T) {
	const most = 15 << 10
	s, engine := busyTown(t)
	h := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	css, err := os.ReadFile("../../themes/huiyin/assets/css/huiyin.css")
	if err != nil {
		t.Fatal(err)
	}
	var style bytes.Buffer
	z := gzip.NewWriter(&style)
	if _, err := z.Write(css); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/search?q=%E6%B0%B4%E7%AE%A1", "/search?q=%E6%B0%B4%E7%AE%A1+%E6%BC%8F%E6%B0%B4&unit=unit-1&unit=unit-5&year=2026&from=2026-01-01"} {
		rec := ask(h, target, "192.0.2.1:1", "Accept-Encoding: gzip")
		if rec.Code != 200 || rec.Header().Get("Content-Encoding") != "gzip" {
			t.Fatalf("%d %v", rec.Code, rec.Header())
		}
		page := rec.Body.Len()
		t.Logf("%s: page %d B, style %d B, together %d B, uncompressed page %d B", target, page, style.Len(), page+style.Len(), get(h, target).Body.Len())
		if page+style.Len() > most {
			t.Errorf("%s: %d bytes, more than %d", target, page+style.Len(), most)
		}
	}
}

func BenchmarkSearchPage(b *testing.B) {
	s, engine := busyTown(b)
	h := s.searched(b, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	for _, target := range []string{"/search?q=%E6%B0%B4%E7%AE%A1", "/search?q=%E6%B0%B4%E7%AE%A1&part=found", "/search.json?q=%E6%B0%B4%E7%AE%A1"} {
		b.Run(strings.NewReplacer("?", " ", "&", " ").Replace(target), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				r := httptest.NewRequest("GET", target, nil)
				r.Header.Set("Accept-Encoding", "gzip")
				h.ServeHTTP(rec, r)
			}
		})
	}
}
