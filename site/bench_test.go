package site

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// caseParams returns the parameters of a made-up case with about 650 characters
// of text, as package pages makes them.
func caseParams(n int) json.RawMessage {
	type m = map[string]any
	number := fmt.Sprintf("2611-%06d", n+1)
	unit := m{"name": "示例区城市管理局", "path": fmt.Sprintf("unit/u-%d.html", n%97)}
	reply := fmt.Sprintf("<p>您好！您反映的第%d号问题收悉。</p>", n) +
		strings.Repeat("<p>经现场核查，该处路灯因线路老化停用，已列入本月检修计划；检修期间请注意安全，如有疑问请与我单位联系。</p>", 9)
	p, err := json.Marshal(m{
		"description": "关于路灯不亮的投诉，示例区城市管理局已答复。", "og_type": "article", "number": number,
		"cite":   "https://www.example.gov.cn/zwgk/huiyin/case/" + number + ".html",
		"crumbs": []m{{"name": "首页", "path": "index.html"}, {"name": "示例区", "path": "area/510100/index.html"}, unit},
		"prev":   m{"name": "2611-000001", "path": "case/2611-000001.html"}, "next": m{"name": "2611-000009", "path": "case/2611-000009.html"},
		"unit": unit, "reply_unit": unit, "area": m{"name": "示例区", "path": "area/510100/index.html"},
		"channel": m{"name": "热线", "path": "channel/hotline.html"}, "month": m{"name": "2026-11", "path": "month/2026-11.html"},
		"topic": m{"name": "市政设施", "path": "topic/t-1.html"}, "status": "closed", "kind": "complaint",
		"received": "2026-11-01", "dispatched": "2026-11-02", "due": "2026-11-17", "replied": "2026-11-09", "closed": "2026-11-10",
		"days": "8", "on_time": "yes", "close_days": "9", "closed_on_time": "yes", "answered": "yes",
		"question_html": fmt.Sprintf("<p>第%d号：", n) + strings.Repeat("小区北门路灯连续多日不亮，夜间通行不便。", 7) + "</p>",
		"reply_html":    reply, "rating_scale": "five", "rating_level": "5", "outcome": "upheld",
		"steps": []m{{"day": "2026-11-01", "what": "received"}, {"day": "2026-11-02", "what": "dispatched", "unit": unit["name"]},
			{"day": "2026-11-09", "what": "replied", "unit": unit["name"]}, {"day": "2026-11-10", "what": "closed"}},
		"jsonld": `{"@context":"https://schema.org","@type":"Question","name":"路灯","answerCount":1,"acceptedAnswer":{"@type":"Answer","text":"` + number + `"}}`,
	})
	if err != nil {
		panic(err)
	}
	return p
}

// casePartition returns a partition of n case pages as package pages makes it.
func casePartition(n int) Job {
	j := Job{Key: "case/2611/0000", Layouts: []string{"case", "stub", "tombstone"}}
	for i := range n {
		number := fmt.Sprintf("2611-%06d", i+1)
		j.Pages = append(j.Pages, Page{Path: "case/" + number + ".html", Layout: "case", Title: "小区北门路灯不亮", Params: caseParams(i), Shows: []string{number}})
	}
	return j
}

// benchOptions are the options of an office with the theme in the program.
func benchOptions() Options {
	return Options{BaseURL: "https://www.example.gov.cn/zwgk/huiyin/", Site: map[string]string{"name": "示例市回音", "name_en": "Example"}}
}

// BenchmarkPartition renders partitions of the real theme's case pages into
// packs on disk, in a worker as a publication does. Its metrics are of the
// worker: CPU seconds for 100,000 pages, and peak memory.
func BenchmarkPartition(b *testing.B) {
	for _, n := range []int{1, 100, 300, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p := pool(b, "plain", 1, PoolOptions{Renderer: benchOptions()})
			j := casePartition(n)
			j.Out = filepath.Join(b.TempDir(), "out.zip")
			render := func() {
				res, err := p.Render(b.Context(), j)
				if err != nil || len(res.Quarantined) > 0 {
					b.Fatal(err, res.Quarantined)
				}
			}
			render()
			before := p.Usage().CPU
			loops := 0
			for b.Loop() {
				render()
				loops++
			}
			cpu := p.Usage().CPU - before
			b.ReportMetric(cpu.Seconds()/float64(loops*n)*100_000, "CPU-s/100k")
			b.ReportMetric(float64(p.Usage().PeakRSS)/(1<<20), "peak-MiB")
			b.ReportMetric(float64(cpu/time.Duration(loops))/1e6, "CPU-ms/op")
		})
	}
}

// BenchmarkInProcess is one partition of 300 without a worker, to be profiled.
func BenchmarkInProcess(b *testing.B) {
	r, err := NewRenderer(benchOptions())
	if err != nil {
		b.Fatal(err)
	}
	j := casePartition(300)
	j.Out = filepath.Join(b.TempDir(), "out.zip")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Render(b.Context(), j); err != nil {
			b.Fatal(err)
		}
	}
}
