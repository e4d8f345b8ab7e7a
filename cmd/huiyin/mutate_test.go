package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The installation that the mutated exports are put into. What citizens wrote
// in them is 保密语句, or what a mutation makes of it.
const mutatedConfig = `version: 1
site: {name: 示例市, base_url: "https://www.example.gov.cn/"}
sources:
  inputs:
    - glob: "{w,x}-*"
      key: 编号
      fields: &f {title: 题, question: 问, reply: 答, unit: 位, area: 区, received: 收, replied: 复, timeline: {each: 程, item: {day: 日, text: 文}}}
    - {stream: other, glob: "x-*", key: 编号, fields: *f}
    - {glob: "y-*", key: 编号, cell: {column: 数据, rows: "*"}, fields: *f}
`

var mutated = []string{
	"编号,题,问,答,位,区,收,复\nKEY1,题,保密语句,保密语句,甲局,330100,2026-10-02,2026-10-05 08:00\nKEY2,题,\"保密\"\"语句\n二\",,乙局,,2026-10-03,\n合计,2\n",
	`{"编号":"KEY1","题":"题","问":"保密语句","答":"保密语句","位":"甲局","收":"2026-10-02","复":1759600000,"程":[{"日":"2026-10-03","文":"转办"}]}` + "\n" + `{"编号":"KEY2","问":"保密语句","收":"2026-10-02"}` + "\n",
	`[{"编号":"KEY1","问":"保密语句","答":"<b>保密语句</b>","位":"丙局","收":"2026-10-02","复":"2026-10-05"}]`,
	"<table><tr><th>编号<th>问<th>答<th>收<tr><td>KEY1<td colspan=2>保密语句<td>2026-10-02</table>",
	"数据\n\"[{\"\"编号\"\":\"\"KEY1\"\",\"\"问\"\":\"\"保密语句\"\",\"\"收\"\":\"\"2026-10-02\"\"}]\"\n",
}

// Mutated exports go the whole way: pull takes them or refuses them, publish
// makes a whole release of what was taken, and nobody's words are said on the
// way. The seed is fixed, so that a failure can be looked at.
func TestMutatedExports(t *testing.T) {
	dir := t.TempDir()
	last := "" // what the last command said
	way := func(want string, args ...string) {
		t.Helper()
		var out, errs bytes.Buffer
		a := standard()
		a.out, a.err = &out, &errs
		a.now = func() time.Time { return time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC) }
		defer func() { last = out.String() }()
		code := run(context.Background(), append([]string{"--config", filepath.Join(dir, "huiyin.yaml"), "--verbose"}, args...), a)
		if !strings.Contains(want, fmt.Sprintf(" %d ", code)) {
			t.Errorf("huiyin %v: exit code %d\n%s", args, code, errs.String())
		}
		if said := out.String() + errs.String(); holdsAny(said, []string{"保密", "语句", "internal error"}) {
			t.Errorf("huiyin %v says words of a row, or has none of its own", args)
		}
	}
	way(" 0 ", "init", dir)
	if err := os.WriteFile(filepath.Join(dir, "huiyin.yaml"), []byte(mutatedConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 2611))
	for round := range 4 {
		for i := range 40 {
			text := mutate(random, []byte(strings.ReplaceAll(mutated[i%len(mutated)], "KEY", fmt.Sprintf("K%d-%d-", round, i))))
			name := fmt.Sprintf("%c-%d-%d.%s", "wxwwy"[i%len(mutated)], round, i, []string{"csv", "jsonl", "json", "xls", "csv", "zip", "xlsx", "csv.gz"}[random.IntN(8)])
			if err := os.WriteFile(filepath.Join(dir, "inbox", name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		way(" 0 3 ", "pull")
		way(" 0 ", "status", "--json")
		way(" 0 3 8 ", "publish", "--json")
		way(" 0 ", "fsck")
	}
	way(" 0 3 ", "pull", "--json")
	way(" 0 ", "publish")
	way(" 0 ", "status", "--rows", "0")
	t.Log(last)
	if !strings.Contains(last, "in full") || strings.Contains(last, " 0 in full") || strings.Contains(last, "refused whole: 0 ") {
		t.Error("the exports are all whole, or all refused: the test proves nothing")
	}
	way(" 0 ", "export", filepath.Join(dir, "public"))
}

// mutate changes a text in up to three places, or makes random bytes.
func mutate(random *rand.Rand, b []byte) []byte {
	if random.IntN(10) == 0 {
		b = make([]byte, random.IntN(2000))
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	for range 1 + random.IntN(3) {
		if len(b) < 2 {
			return b
		}
		i, j := random.IntN(len(b)), random.IntN(len(b))
		i, j = min(i, j), max(i, j)
		switch random.IntN(6) {
		case 0:
			b[i] = byte(random.Uint32())
		case 1:
			b = b[:j]
		case 2:
			b = append(bytes.Clone(b[:i]), b[j:]...)
		case 3:
			b = append(bytes.Clone(b[:j]), b[i:]...)
		case 4:
			b[i] = `",{}[]<>|\;`[random.IntN(11)]
		case 5:
			b = append(append(bytes.Clone(b[:i]), 0, 0xe2, 0x80, 0xae, '\n'), b[i:]...)
		}
	}
	return b
}
