package main

import (
	"fmt"
	"hash/crc32"
	"iter"
	"math/rand/v2"
	"strings"

	"github.com/huiyin/huiyin/search"
)

// schema is that of the corpus.
var schema = search.Schema{
	Text:    []string{"title", "question", "reply"},
	Keyword: []string{"unit", "area", "topic"},
	Number:  []string{"replied", "days"},
	Newest:  "replied",
}

// What made-up letters are made of.
var (
	places   = strings.Fields("小学校门口 幼儿园 火车站 中小学周边 地铁5号线 A7县 99路公交站 停车场 老旧小区 河道两岸 乡村道路 广场 菜市场 医院 工地 产业园B区 高速出口 社区服务中心 体育公园 人行天桥")
	troubles = strings.Fields("乱停车辆 乱收费 夜间施工噪声扰民 路灯不亮 污水气味 电梯故障频发 垃圾清运不及时 工资拖欠 井盖破损 班次太少 占道经营 停车位不足 供暖温度不够 信号灯时间太短 产权证办理缓慢 公积金提取困难 医保报销比例不明 物业服务不到位 雨天积水 绿化缺失")
	asks     = strings.Fields("希望处理 请尽快答复 望有关部门核实 建议增设护栏 请公布结果 何时落实 多次投诉无果 请说明理由 希望合理收费 请安排人员到场")
	answers  = strings.Fields("已核实处理 正在办理中 已责令整改 已列入明年计划 将加强巡查 不属于我单位职责 已联系您本人 已完成修复 正在招标 请拨打12345热线咨询 依据2025年第16号文件办理 感谢您的监督")
	opening  = strings.Fields("您好 来信收悉 您反映的问题收悉 经现场核实 经与住房和城乡建设局会商")
	commas   = []string{"，", "。", "；", "、", "：", " "}
)

// corpus makes documents and queries: the same seed makes the same ones.
type corpus struct {
	seed uint64
	n    int
}

// letter makes a document by its number alone.
func (c corpus) letter(n int) search.Doc {
	r := rand.New(rand.NewPCG(c.seed, uint64(n)))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	// strange are characters that no word list has, so that most quotations are
	// rare.
	strange := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteRune(rune(0x4e00 + r.IntN(3000)))
		}
		return b.String()
	}
	clause := func() string { return pick(places) + pick(troubles) + strange(r.IntN(9)) + pick(commas) + pick(asks) }
	var question, reply strings.Builder
	for range 2 + r.IntN(6) {
		question.WriteString(clause() + pick(commas))
	}
	reply.WriteString(pick(opening))
	for range 2 + r.IntN(8) {
		reply.WriteString(pick(commas) + pick(places) + pick(troubles) + "一事" + pick(commas) + pick(answers) + strange(r.IntN(5)))
	}
	return search.Doc{
		ID: fmt.Sprintf("2611-%06d", n), Seq: int64(n) + 1,
		Text: map[string]string{"title": pick(places) + pick(troubles), "question": question.String(), "reply": reply.String()},
		Keyword: map[string]string{
			"unit": fmt.Sprintf("u%03d", r.IntN(300)), "area": fmt.Sprintf("51%02d", r.IntN(20)), "topic": fmt.Sprintf("t%02d", r.IntN(40)),
		},
		Number: map[string]int64{"replied": 1_767_200_000 + int64(r.IntN(20_000_000)), "days": int64(r.IntN(90))},
	}
}

// all gives all documents.
func (c corpus) all() iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for n := range c.n {
			if !yield(c.letter(n), nil) {
				return
			}
		}
	}
}

// class is a kind of query.
type class struct {
	name string
	make func(c corpus, r *rand.Rand) search.Query
}

// piece cuts a run of n units out of some text; apart wants a separator in it.
func (c corpus) piece(r *rand.Rand, n int, apart bool) string {
	for {
		text := c.letter(r.IntN(c.n)).Text[schema.Text[r.IntN(3)]]
		units := search.Units(text)
		if len(units) < n {
			continue
		}
		from := r.IntN(len(units) - n + 1)
		piece, parted := units[from:from+n], false
		for _, u := range piece[1:] {
			parted = parted || u.After
		}
		if parted == apart {
			return text[piece[0].Start:piece[n-1].End]
		}
	}
}

func classes() []class {
	run := func(least, most int) func(corpus, *rand.Rand) search.Query {
		return func(c corpus, r *rand.Rand) search.Query {
			return search.Query{Terms: []string{c.piece(r, least+r.IntN(most-least+1), false)}}
		}
	}
	return []class{
		{"1 unit", run(1, 1)},
		{"2 units", run(2, 2)},
		{"3 units", run(3, 3)},
		{"4 units", run(4, 4)},
		{"5 to 12 units", run(5, 12)},
		{"with a separator", func(c corpus, r *rand.Rand) search.Query {
			return search.Query{Terms: []string{c.piece(r, 6+r.IntN(7), true)}}
		}},
		{"two terms", func(c corpus, r *rand.Rand) search.Query {
			return search.Query{Terms: []string{c.piece(r, 2, false), c.piece(r, 3, false)}}
		}},
		{"not", func(c corpus, r *rand.Rand) search.Query {
			return search.Query{Terms: []string{c.piece(r, 2, false)}, Not: []string{c.piece(r, 3, false)}}
		}},
		{"in the reply, filtered", func(c corpus, r *rand.Rand) search.Query {
			d := c.letter(r.IntN(c.n))
			return search.Query{Terms: []string{c.piece(r, 2, false)}, Fields: []string{"reply"},
				Filters: []search.Filter{{Field: "area", In: []string{d.Keyword["area"]}}}}
		}},
	}
}

// sum is a short sum of a text.
func sum(text string) uint32 { return crc32.ChecksumIEEE([]byte(text)) }
