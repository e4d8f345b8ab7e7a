package main

import (
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/store"
)

// The mapping is changed while a pull is at work, and another one is begun: that changes
// nothing under the hands of the first, which would call what it has joined in the former
// order done. The next pull takes the changed order.
func TestOrderWaitsForAPull(t *testing.T) {
	const list, answers = `    - {stream: list, glob: "list-*.csv", as_of: {name: '(\d{4}-\d{2}-\d{2})'}, key: 编号, fields: {title: 题, unit: 单位, received: 收}}
`, `    - {stream: answers, glob: "answers-*.csv", as_of: {name: '(\d{4}-\d{2}-\d{2})'}, key: 编号, fields: {title: 题, question: 问, reply: 答, replied: 复}}
`
	d := newDesk(t)
	d.do(0, "init", d.dir)
	mapping := func(inputs string) {
		d.write("huiyin.yaml", "version: 1\nsite: {name: 示例市诉求公开, base_url: \"https://www.example.gov.cn/\"}\nsources:\n  inputs:\n"+inputs)
	}
	mapping(list + answers)
	d.write("inbox/list-2026-10-20.csv", "编号,题,单位,收\nA-1,路灯不亮,城管局,2026-10-01\n")
	d.write("inbox/answers-2026-10-20.csv", "编号,题,问,答,复\nA-1,灯杆三十七的路灯不亮,灯杆编号三十七的路灯不亮,已经修好,2026-10-05\n")
	d.do(0, "pull")

	db, err := store.Open(d.at("state/store.db"), store.Options{Now: func() time.Time { return d.day }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	unlock, err := db.Lock()
	if err != nil {
		t.Fatal(err)
	}
	mapping(answers + list)
	d.says(d.do(4, "pull"), "another pull or publish is running")
	d.says(d.do(0, "status", "--json"), `"pending":0`)
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	d.do(0, "pull")
	d.do(0, "publish")
	d.do(0, "export", d.at("site"))
	if page := d.read("site/case/2610-000001.html"); !strings.Contains(page, "<h1>灯杆三十七的路灯不亮") {
		t.Error(page)
	}
}
