package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
)

// object reads the line of JSON with which a command ends.
func object(t *testing.T, out string) (v map[string]any) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Replies are drawn from what is published, judged, and the site says how often the rules
// are right.
func TestReplies(t *testing.T) {
	d := newDesk(t)
	dir, do, at, write, read, says := d.dir, d.do, d.at, d.write, d.read, d.says
	do(0, "init", dir)
	write("huiyin.yaml", `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
sources:
  inputs:
    - {glob: "*.csv", as_of: {name: '(\d{4}-\d{2}-\d{2})'}, key: 编号, fields: {question: 问, reply: 答, unit: 单位, received: 收, consent: {const: "yes"}, kind: {const: consult}, replied: 复}}
`)
	export := "编号,问,答,单位,收,复\n"
	for i := range 9 {
		reply := "路灯已于当日修复。"
		if i%3 == 0 {
			reply = "您的问题已转交有关部门处理，感谢您的关注。"
		}
		export += fmt.Sprintf("A-%d,路灯几时亮？,%s,城管局,2026-10-0%d,2026-10-12\n", i, reply, i+1)
	}
	write("inbox/2026-10-20.csv", export)
	do(0, "pull")
	says(do(8, "replies", "draw", at("r")), "nothing published yet")
	do(0, "publish")

	says(do(2, "replies", "draw"), "draw takes DIR", "name a folder")
	says(do(2, "replies", "draw", at("r"), "-n", "0"), "at least one reply")
	says(do(0, "replies", "draw", at("r"), "-n", "5"), "drawn: 8 replies, from 3 flagged and 6 others of release 1")
	says(do(1, "replies", "draw", at("r"), "-n", "5"), "in this folder already")
	d.acts("replies draw")
	do(0, "replies", "draw", at("again"), "-n", "5", "--seed-file", at("r/seed.txt"))
	sheet := read("r/sheet.csv")
	if read("again/sheet.csv") != sheet || read("again/frame.csv") != read("r/frame.csv") {
		t.Error("the same seed gives another sample")
	}
	if strings.Contains(sheet, "passed-on") || strings.Count(read("r/frame.csv"), ",passed-on\r\n") != 3 || strings.Count(sheet, "case/2610-00000") != 8 {
		t.Errorf("%s%s", sheet, read("r/frame.csv"))
	}

	// Nothing was judged yet; then all but one, and one of the others by mistake of the rules.
	says(do(0, "replies", "judge", at("r")), "flagged replies, without substance: none was judged", "not judged: 8")
	flagged := map[string]bool{"2610-000001": true, "2610-000004": true, "2610-000007": true}
	lines := strings.Split(strings.TrimSpace(sheet), "\r\n")
	missed := 0
	for i, line := range lines[1:] {
		number, _, _ := strings.Cut(line, ",")
		word := "no"
		switch {
		case flagged[number] && number != "2610-000004":
			word = "yes"
		case !flagged[number] && missed == 0:
			word, missed = " YES ", 1
		case !flagged[number] && missed == 1:
			word, missed = "", 2
		}
		lines[i+1] = line + word
	}
	full := "\ufeff" + strings.Join(lines, "\r\n") + "\r\n"
	write("r/sheet.csv", full)
	says(do(0, "replies", "judge", at("r"), "--by", "王审"), "of the flagged replies, without substance: 2 of 3 (66.67 %; 95 % interval 20.77 to 93.85 %)", "of the others, without substance: 1 of 4 (25.00 %", "not judged: 1")
	d.acts("replies draw", "replies draw", "replies judge")
	says(do(0, "audit", "--last", "1"), "王审", "7 replies judged, 1 blank")
	do(0, "publish")
	do(0, "export", at("out"))
	says(read("out/data/quality.csv"), ",empty-right,,2026-10/12,2026-10-20,2,3,66.67,0", ",empty-missed,,2026-10/12,2026-10-20,1,4,25.00,0", ",empty,passed-on,2026-10/12,2026-10-20,3,9,33.33,0")
	says(read("out/quality.html"), "2 / 3", "20.77%")

	// Judged again, with the lines that spreadsheets leave below a table, it says the same and
	// there is nothing new to publish; what is blank now is said of nobody.
	write("r/sheet.csv", full+",,\r\n , ,\r\n")
	says(do(0, "replies", "judge", at("r")), "2 of 3", "1 of 4", "not judged: 1")
	says(do(0, "publish"), "nothing new")
	write("r/sheet.csv", strings.Replace(full, ", YES ", ",", 1))
	says(do(0, "replies", "judge", at("r")), "2 of 3", "0 of 3", "not judged: 2")
	do(0, "publish")
	do(0, "export", at("out"))
	says(read("out/data/quality.csv"), ",empty-right,,2026-10/12,2026-10-20,2,3,66.67,0", ",empty-missed,,2026-10/12,2026-10-20,0,3,0.00,0")
	if keys := slices.Sorted(maps.Keys(object(t, do(0, "replies", "judge", at("r"), "--json")))); !slices.Equal(keys, []string{"blank", "folder", "missed", "right"}) {
		t.Errorf("the result holds %q", keys)
	}

	// While a pull or a publish runs, nothing is drawn from what may change, and nothing kept.
	db, err := store.Open(at("state/store.db"), store.Options{Now: func() time.Time { return d.day }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	unlock, err := db.Lock()
	if err != nil {
		t.Fatal(err)
	}
	says(do(4, "replies", "judge", at("r")), "another pull or publish is running")
	says(do(4, "replies", "draw", at("busy")), "another pull or publish is running")
	says(do(4, "approve", "2610-000001:00000000", "--by", "李审"), "another pull or publish is running")
	if err := unlock(); err != nil {
		t.Fatal(err)
	}

	// What cannot be used.
	says(do(2, "replies", "judge", at("r"), "--sheet", ""), "--sheet has no value")
	frame := read("r/frame.csv")
	write("r/frame.csv", strings.Replace(frame, ",passed-on", ",nonsense", 1))
	says(do(1, "replies", "judge", at("r")), "names something else than a rule: case 2610-000001")
	write("r/frame.csv", frame)
	for text, want := range map[string]string{
		"number,empty\n2610-000001,maybe\n":              "line 2 of the sheet cannot be used",
		"number,empty\n2610-000001,no\n2610-000001,no\n": "line 3 of the sheet cannot be used",
		"number,empty\nx,no\n":                           "has no case number",
		"number\n2610-000001\n":                          "lacks a column",
		"":                                               "the sheet is empty",
		"number,empty\n2609-000001,no\n":                 "was not drawn",
		"number,empty\n\"2610-000001,no\n":               "no CSV file",
		"number,empty\n\n2610-000001,no\n2610-000002\n":  "no CSV file: line 4",
		"number,empty\n\n,no\n":                          "line 3 of the sheet has no case number",
	} {
		write("bad.csv", text)
		says(do(1, "replies", "judge", at("r"), "--sheet", at("bad.csv")), want)
	}
	says(do(1, "replies", "judge", at("nowhere")), "replies.json", "huiyin replies draw makes it")
	write("r/replies.json", strings.Replace(read("r/replies.json"), `"rules": 2`, `"rules": 99`, 1))
	says(do(1, "replies", "judge", at("r")), "rules of version 99", "draw a new one")
}

// FuzzReadSheet: no sheet does harm, and what is read of one is said of case numbers.
func FuzzReadSheet(f *testing.F) {
	f.Add("\ufeffnumber,page,empty\r\n2610-000001,case/2610-000001.html,yes\r\n,,\r\n")
	f.Add("empty,number\nno,\"2610-000001\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		said, err := readSheet(strings.NewReader(text))
		for n := range said {
			if _, bad := record.ParseCaseNumber(string(n)); bad != nil || err != nil {
				t.Errorf("%q: %v, %v", n, bad, err)
			}
		}
	})
}
