package meilitest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// exchange is one request to a real server and what that answered.
type exchange struct {
	Name    string
	Request struct {
		Method, Path string
		Headers      map[string]string
		Body         any
	}
	Response struct {
		Status  int
		Headers map[string]string
		Body    any
	}
	Tasks []any // the states that were seen
}

func exchanges(t testing.TB) []exchange {
	t.Helper()
	f, err := os.Open("testdata/exchanges.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []exchange
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// words is what the real server's dictionary keeps whole in the recorded texts,
// as far as the recorded searches can tell.
var words = strings.Fields(`小学 放学 校门 门口 车辆 学校 中小 周边 没有 护栏 火车站 出站口 出租车 拒载 乱收 希望 处理 小区 停车位 不足 物业
	农民工 工资 拖欠 回复 公积 怎么 提取 办理 流程 哪里 路灯 三个 市政 一直 待处理 幼儿 名额 公布 太晚 医院 挂号 医保 报销 比例 多少
	产权证 开发商 已经 交房 两年 文件 何时 落实 乡镇 公交 班次 太少 早 高峰 四十 分钟 河道 污水 气味 影响 两岸 居民 标签 引号 以及 符号 标题
	电梯 故障 频发 维修 基金 难以 动用 夜间 施工 噪声 扰民 多次 投诉 无果 城乡 养老 保险 缴费 通道 打不开 广场 音响 退役 军人 优待 发放 进度
	乡村 道路 破损 雨天 垃圾 分类 站点 有人 您好 反映 一事 单位 已 核实 感谢 监督 不存在 词语 学生 合理 不合理`)

// TestReplay sends every recorded request to one double, in their order, and
// wants what the real server answered, but for what differs from run to run.
func TestReplay(t *testing.T) {
	f := open(t, meilitest.Options{MasterKey: masterKey, PayloadLimit: 1 << 20, Words: words})
	all := exchanges(t)
	if len(all) != 120 {
		t.Fatalf("%d recordings, want 120", len(all))
	}
	for i, e := range all {
		got := f.send(e.Request.Method, e.Request.Path, headers(e), body(t, e))
		name := fmt.Sprintf("%d %s", i, e.Name)
		if got.status != e.Response.Status {
			t.Errorf("%s: status %d, want %d: %s", name, got.status, e.Response.Status, got.text)
			continue
		}
		if diff := cmp.Diff(masked(e.Response.Body), masked(got.body)); diff != "" {
			t.Errorf("%s: the answer differs (-server +double):\n%s", name, diff)
		}
		if got.contentType != e.Response.Headers["content-type"] {
			t.Errorf("%s: content type %q, want %q", name, got.contentType, e.Response.Headers["content-type"])
		}
		if len(e.Tasks) > 0 {
			sameTask(t, f, name, e.Tasks)
		}
	}
}

func headers(e exchange) http.Header {
	h := http.Header{}
	for name, value := range e.Request.Headers {
		h.Set(name, value)
	}
	return h
}

func body(t *testing.T, e exchange) string {
	switch b := e.Request.Body.(type) {
	case nil:
		return ""
	case string:
		if e.Name == "documents, too large" {
			return `{"id":"big","title":"` + strings.Repeat("x", 1_200_000) + `"}`
		}
		return b
	default:
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

// sameTask asks for a task until it is over and compares each state that the
// recording has. A recording may have missed a state, the double must not.
func sameTask(t *testing.T, f *fixture, name string, recorded []any) {
	seen := map[any]any{}
	var states []any
	for range 10 {
		v := f.do("GET", fmt.Sprintf("/tasks/%v", at(recorded[0], "uid")), nil).body
		state := at(v, "status")
		seen[state] = v
		states = append(states, state)
		if state != "enqueued" && state != "processing" {
			break
		}
	}
	if len(states) != 2 || states[0] != "processing" {
		t.Errorf("%s: states of the task were %v, want processing and one more", name, states)
	}
	for _, want := range recorded {
		if diff := cmp.Diff(masked(want), masked(seen[at(want, "status")])); diff != "" {
			t.Errorf("%s: task %v differs (-server +double):\n%s", name, at(want, "status"), diff)
		}
	}
}

// volatile are the values that differ from run to run. That they are there, and
// of what type, is compared all the same.
var volatile = map[string]bool{
	"enqueuedAt": true, "startedAt": true, "finishedAt": true, "createdAt": true, "updatedAt": true, "lastUpdate": true,
	"duration": true, "processingTimeMs": true, "requestUid": true,
	"weightedRankingScore": true, // the double scores by place alone
	"progressTrace":        true, "rawDocumentDbSize": true, "avgDocumentSize": true, "databaseSize": true, "usedDatabaseSize": true,
}

// masked returns a JSON value with the type in the place of each volatile value.
func masked(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			if volatile[name] {
				out[name] = fmt.Sprintf("%T", value)
			} else {
				out[name] = masked(value)
			}
		}
		return out
	case []any:
		out := []any{}
		for _, value := range v {
			out = append(out, masked(value))
		}
		return out
	}
	return v
}

// TestFacetOrder compares what a decoded answer no longer shows: the values of a
// facet come in the server's order.
func TestFacetOrder(t *testing.T) {
	f := open(t, meilitest.Options{MasterKey: masterKey, PayloadLimit: 1 << 20, Words: words})
	for _, e := range exchanges(t) {
		got := f.send(e.Request.Method, e.Request.Path, headers(e), body(t, e))
		if e.Name == "search: counts only" {
			want := `"facetDistribution":{"month":{"9":2,"8":2,"7":2,"6":2,"5":2,"4":2,"3":2,"2":2,"1":2,"11":1,"10":1},` +
				`"unit":{"unit-5":3,"unit-4":3,"unit-3":3,"unit-2":3,"unit-1":3,"unit-0":3,"unit-6":2}}`
			if !strings.Contains(got.text, want) {
				t.Errorf("got %s\nwant in it %s", got.text, want)
			}
			return
		}
		f.Drain()
	}
	t.Fatal("no recording with facets")
}
