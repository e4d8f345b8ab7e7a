package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/fault"
)

// A sample is committed to in October, drawn in November from what is published, and
// cannot be drawn otherwise.
func TestSample(t *testing.T) {
	d := newDesk(t)
	dir, do, at, write, read, says := d.dir, d.do, d.at, d.write, d.read, d.says
	do(0, "init", dir)
	write("huiyin.yaml", `version: 1
site: {name: 示例市诉求公开, base_url: "https://www.example.gov.cn/"}
sources:
  inputs:
    - {glob: "*.csv", as_of: {name: '(\d{4}-\d{2}-\d{2})'}, key: 编号, fields: {question: 问, reply: 答, unit: 单位, received: 收, consent: {const: "yes"}, kind: {const: consult}, replied: 复, rating: 评, rating_scale: {const: five}}}
`)
	const head = "编号,问,答,单位,收,复,评\n"
	write("inbox/2026-10-20.csv", head+"A-1,路灯几时亮？,六点。,城管局,2026-10-01,2026-10-02,5\n")
	do(0, "pull")

	// What cannot be committed to.
	says(do(2, "sample", "commit", at("past"), "--period", "2026-09", "-n", "2"), "of 2026-10-20, and the frame closes on 2026-09-30")
	says(do(2, "sample", "commit", at("past"), "--period", "all", "-n", "2"), "period with an end")
	says(do(2, "sample", "commit", at("past"), "--period", "2026-10"), "1 to 1,000,000 cases")
	says(do(2, "sample", "commit", at("past"), "--period", "2026-10", "-n", "2", "--scope", "unit/nobody"), "no unit/nobody in the registers")
	says(do(2, "sample", "commit", at("past"), "--period", "2026-10", "-n", "2", "--panel", "居民"), "NAME=NUMBER")
	says(do(2, "sample", "commit", at("past"), "--period", "2026-10", "-n", "2", "--seed-sha256", "abc"), "no hash of a seed")
	says(do(2, "sample", "commit", at("past"), "--period", "2026-10", "-n", "2", "--seed-sha256", ""), "--seed-sha256 has no value")
	says(do(2, "sample", "commit"), "commit takes DIR", "name a folder")
	if _, err := os.Stat(at("past")); err == nil {
		t.Error("a folder was made for nothing")
	}

	write("rubric.txt", "是否答其所问")
	says(do(0, "sample", "commit", at("s"), "--period", "2026-10", "-n", "3", "--by", "unit", "--panel", "居民=5", "--rubric", at("rubric.txt")),
		"committed on 2026-10-20 to draw 3 cases", "keep it secret", "by 2026-10-31")
	if info, err := os.Stat(at("s/seed.txt")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the seed can be read by others: %v", err)
	}
	seed := strings.TrimSpace(read("s/seed.txt"))
	for _, name := range []string{"commitment.json", "commitment.zh.md", "commitment.en.md"} {
		says(read("s/"+name), sample.Seed(seed).SHA256(), "居民")
		if strings.Contains(read("s/"+name), seed) {
			t.Errorf("%s gives the seed away", name)
		}
	}
	says(do(1, "sample", "commit", at("s"), "--period", "2026-10", "-n", "3"), "a commitment.json in this folder already")

	// The other body has made the seed.
	const theirs = "their-own-seed-of-forty-three-characters-or-so"
	do(0, "sample", "commit", at("theirs"), "--period", "2026-10", "-n", "1", "--cutoff", "2026-11-05", "--seed-sha256", sample.Seed(theirs).SHA256())
	if _, err := os.Stat(at("theirs/seed.txt")); err == nil {
		t.Error("a seed was made beside theirs")
	}
	d.acts("sample commit", "sample commit")

	// Nothing is drawn too early.
	says(do(8, "sample", "draw", at("s")), "nothing published yet")
	do(0, "publish")
	says(do(1, "sample", "draw", at("s")), "the data end on 2026-10-20, and the sample is to be drawn from data up to 2026-10-31")
	d.day = time.Date(2026, 11, 9, 4, 0, 0, 0, time.UTC)
	write("inbox/2026-11-09.csv", head+`A-2,公交几点发车？,六点。,交通局,2026-10-05,2026-10-06,4
A-3,井盖几时修？,已修。,城管局,2026-10-06,2026-10-07,5
A-4,几时供暖？,十一月。,城管局,2026-10-31,2026-11-01,5
A-5,几时停水？,未停。,城管局,2026-11-01,2026-11-02,
A-6,几时开馆？,,城管局,2026-10-08,,
`)
	do(0, "pull")
	says(do(1, "sample", "draw", at("s")), "is not published", "huiyin publish first")
	do(0, "publish")

	// Nor with another seed, nor for a commitment of later.
	write("wrong.txt", "another-seed-that-is-long-enough-to-be-one")
	says(do(1, "sample", "draw", at("s"), "--seed-file", at("wrong.txt")), "not the seed of the commitment")
	says(do(1, "sample", "draw", at("theirs")), "cannot be read", "--seed-file")
	says(do(1, "sample", "draw", at("nowhere")), "commitment.json")
	if err := os.MkdirAll(at("late"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("late/commitment.json", strings.Replace(read("s/commitment.json"), "2026-10-20", "2026-11-01", 1))
	says(do(1, "sample", "draw", at("late"), "--seed-file", at("s/seed.txt")), "of 2026-11-01, and the frame closes on 2026-10-31")

	// The draw: 3 of 4, 3 × 3/4 and 3 × 1/4 are 2 and 0, and the larger remainder is that of the transport office.
	var r drawResult
	if err := json.Unmarshal([]byte(do(0, "sample", "draw", at("s"), "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Cases != 4 || r.Drawn != 3 || r.Left != (sample.Left{NotFull: 1}) || r.Release != 2 || r.Cutoff.String() != "2026-11-09" || len(r.Strata) != 2 || string(r.Seed) != seed {
		t.Errorf("%+v", r)
	}
	frame, drawn := read("s/frame.csv"), read("s/sample.csv")
	if strings.Count(frame, "\r\n") != 5 || strings.Contains(frame, "2611-") || strings.Count(drawn, "\r\n") != 4 {
		t.Errorf("%s%s", frame, drawn)
	}
	for _, st := range r.Strata {
		if want := map[int]int{3: 2, 1: 1}[st.Cases]; st.Drawn != want || st.Size != sample.Few || !strings.Contains(frame, ","+st.ID+"\r\n") {
			t.Errorf("%+v", st)
		}
	}
	says(read("s/statement.zh.md"), seed, r.Frame, "居民 5 人", "未全文公开 1 件", "rubric.txt")
	says(read("s/statement.en.md"), seed, r.Frame, "not published in full: 1")
	says(do(0, "sample", "draw", at("s")), "drawn: 3 of 4 cases of release 2", "fewer than 30")
	write("seed.txt", theirs+"\n")
	says(do(0, "sample", "draw", at("theirs"), "--seed-file", at("seed.txt")), "drawn: 1 of 4 cases")
	d.acts("sample draw", "sample draw") // the same drawn again is no act

	// The panel says 5 of all, the citizens 4 of A-2, which is the one of its stratum, and 5 of
	// the two others: the same for 2 of 3, the same or the next for all.
	scores := "number,category,level\n"
	for _, line := range strings.Split(strings.TrimSpace(drawn), "\r\n")[1:] {
		scores += line[:len("2610-000001")] + ",居民,5\n"
	}
	write("scores.csv", scores)
	says(do(0, "sample", "compare", at("s"), "--scores", at("scores.csv")),
		"all: same level 2 of 3 (66.67 %), same or next 3 of 3 (100.00 %); not compared: 0 not rated", "居民: same level 2 of 3")
	says(read("s/agreement.csv"), "category,citizens,panel,scores\r\n居民,1,1,0\r\n", "居民,4,5,1\r\n", "居民,5,5,2\r\n")
	says(do(0, "sample", "compare", at("s"), "--scores", at("scores.csv"), "--scale", "points", "--json"), `"exact":{"num":0,"den":0}`, `"unrated":0,"other":3`)
	says(do(1, "sample", "compare", at("s"), "--scores", at("scores.csv"), "--scale", "ten"), "no scale of ratings")
	says(do(2, "sample", "compare", at("s")), "name their file with --scores")
	says(do(2, "sample", "compare", at("s"), "--scores", at("scores.csv"), "--seed-file", " "), "--seed-file has no value")
	says(do(2, "sample", "result", at("s"), "--assessor", "", "--scores", at("scores.csv")), "--assessor has no value")
	write("scores.csv", scores+"2611-000001,居民,5\n")
	says(do(1, "sample", "compare", at("s"), "--scores", at("scores.csv")), "a case was judged that was not drawn")
	write("scores.csv", strings.Replace(scores, "居民", "专家", 1))
	says(do(1, "sample", "compare", at("s"), "--scores", at("scores.csv")), "not on the panel")
	write("s/sample.csv", strings.Replace(drawn, ",1,", ",2,", 1))
	says(do(1, "sample", "compare", at("s"), "--scores", at("scores.csv")), "not the one that the frame and the seed give")
	says(do(1, "sample", "draw", at("s")), "sample.csv was another")
	write("s/sample.csv", drawn)

	// A case that comes late changes the frame, and not the sample that was drawn.
	write("inbox/2026-11-10.csv", head+"A-7,几时开园？,八点。,城管局,2026-10-09,2026-10-10,\n")
	do(0, "pull")
	do(0, "publish")
	says(do(1, "sample", "draw", at("s")), "this sample was drawn before", "the first draw stands")
	if read("s/frame.csv") != frame || read("s/sample.csv") != drawn {
		t.Error("a drawn sample has changed")
	}
}

// A rubric goes into the row as the text that it is, without the mark that editors of
// Windows put before it; what is no text cannot stand there.
func TestRubricOfAResult(t *testing.T) {
	for _, tt := range []struct{ name, file, want, says string }{
		{"text", "按是否答其所问打分\r\n", "按是否答其所问打分\r\n", ""},
		{"as Windows saves it", "\ufeff按是否答其所问打分", "按是否答其所问打分", ""},
		{"in another encoding", "\xb0\xb4\xca\xc7\xb7\xf1", "", "no text in UTF-8"},
		{"a document", "PK\x03\x04\x00", "", "no text in UTF-8"},
	} {
		path := filepath.Join(t.TempDir(), "rubric.txt")
		if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := rubricOf(&sample.Commitment{Rubric: sample.NewRubric("rubric.txt", []byte(tt.file))}, path)
		if msg, hint, _ := fault.Public(err); got != tt.want || (err != nil) != (tt.says != "") || err != nil && (!strings.Contains(msg, tt.says) || hint == "") {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}
