package sample

import (
	"fmt"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// Origin is the release that a sample was drawn from, and the one that it should have been
// drawn from: the first whose data go to the cut-off of the commitment.
type Origin struct {
	Release, First      int
	Cutoff, FirstCutoff record.Day
}

// Statement says a draw in words, for the report of an assessment, in "zh" or any other
// language in English. seed is shown, since without it nobody could repeat the draw.
func (c *Commitment) Statement(lang string, seed Seed, o Origin, f *Frame, left Left, s *Sample) string {
	say := en
	if lang == "zh" {
		say = zh
	}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	c.promise(line, say)
	line(say.seed, seed)
	line(say.origin, o.Release, o.Cutoff)
	if o.First != o.Release {
		line(say.late, o.First, o.FirstCutoff)
	}
	line(say.frame, f.Len(), f.SHA256())
	line(say.left, left.Merged, left.NotFull, left.Withdrawn)
	line(say.drawn, len(s.Cases))
	if c.By != ByNone {
		line("")
		line("%s", say.table)
		line("|---|---:|---:|---|")
		for _, t := range s.Strata {
			id := t.ID
			if id == "" {
				id = say.unknown
			}
			line("| %s | %d | %d | %s |", id, t.Cases, t.Drawn, say.sizes[t.Size])
		}
	}
	line("")
	line("%s", say.repeat)
	return b.String()
}

// Promise says a commitment in words, to be published before the frame closes.
func (c *Commitment) Promise(lang string) string {
	say := en
	if lang == "zh" {
		say = zh
	}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	c.promise(line, say)
	line("")
	line("%s", say.promised)
	return b.String()
}

// promise writes what a commitment says.
func (c *Commitment) promise(line func(string, ...any), say *words) {
	first, last, _ := c.Period.Bounds()
	line("%s", say.title)
	line("")
	line(say.period, first, last)
	if c.Scope.Dim == record.ByAll {
		line("%s", say.everything)
	} else {
		line(say.scope, say.dims[c.Scope.Dim], c.Scope.ID)
	}
	line("%s", say.cases[c.Cases])
	line(say.n, c.N)
	line("%s", say.by[c.By])
	line(say.cutoff, c.Cutoff)
	line(say.committed, c.Day, c.SeedSHA256)
	for _, p := range c.Panel {
		line(say.panel, p.Name, p.Members)
	}
	if c.Rubric != nil {
		line(say.rubric, c.Rubric.Name, c.Rubric.SHA256)
	}
}

// words are the texts of a statement in one language.
type words struct {
	title, period, everything, scope, n, committed, panel, rubric, promised string
	seed, origin, late, cutoff, frame, left, drawn, table, unknown, repeat  string

	dims  map[record.Dimension]string
	cases map[Cases]string
	by    map[By]string
	sizes map[Size]string
}

var zh = &words{
	title:      "# 抽样说明",
	period:     "- 收到日期：%s 至 %s",
	everything: "- 范围：全站",
	scope:      "- 范围：%s %s",
	n:          "- 抽取件数：%d",
	committed:  "- 种子的 SHA-256（%s 作出）：%s",
	panel:      "- 评审：%s %d 人",
	rubric:     "- 评分标准：%s，SHA-256：%s",
	promised:   "种子在抽样前保密，由评估方保管；抽样后公布。本说明须在收到日期截止前公开。",
	seed:       "- 种子：%s",
	origin:     "- 所依据的发布：第 %d 次，数据截止 %s",
	late:       "- 注意：按承诺应依据第 %d 次发布（数据截止 %s），本次抽样晚于该次发布",
	cutoff:     "- 抽样所依据的发布：数据截止日达到 %s 的第一次发布",
	frame:      "- 抽样框（frame.csv）：%d 件，SHA-256：%s",
	left:       "- 未列入抽样框：已并单 %d 件，未全文公开 %d 件，已撤下 %d 件",
	drawn:      "- 抽中（sample.csv）：%d 件",
	table:      "| 分层 | 抽样框件数 | 抽中件数 | 说明 |",
	unknown:    "未知",
	repeat:     "任何人都可以重做：按“种子、换行符、编号”的 SHA-256 从小到大排列，每层取最前的若干件；各层件数按最大余数法分配。",
	dims:       map[record.Dimension]string{record.ByUnit: "单位", record.ByArea: "地区（含下级）", record.ByChannel: "渠道"},
	cases:      map[Cases]string{Full: "- 对象：全文公开的诉求件（不含已并单的）", Rows: "- 对象：全部诉求件公开行（不含已并单的）"},
	by:         map[By]string{ByNone: "- 分层：不分层", ByUnit: "- 分层：按主办单位", ByKind: "- 分层：按诉求类别"},
	sizes:      map[Size]string{Few: "不足30件，不宜单独评价该层", None: "未抽中，不能评价该层"},
}

var en = &words{
	title:      "# A sample of cases",
	period:     "- Received: %s to %s",
	everything: "- Scope: the whole site",
	scope:      "- Scope: %s %s",
	n:          "- Cases to be drawn: %d",
	committed:  "- SHA-256 of the seed, made on %s: %s",
	panel:      "- Panel: %s, members: %d",
	rubric:     "- Rubric: %s, SHA-256: %s",
	promised:   "The seed stays secret with the body that assesses, and is published after the draw. This text must be published before the last day of receipt is over.",
	seed:       "- Seed: %s",
	origin:     "- Drawn from: release %d, data up to %s",
	late:       "- Note: the commitment names release %d (data up to %s); this draw was made later",
	cutoff:     "- To be drawn from: the first release with data up to %s or later",
	frame:      "- Frame (frame.csv): cases: %d, SHA-256: %s",
	left:       "- Not in the frame: merged: %d, not published in full: %d, withdrawn: %d",
	drawn:      "- Drawn (sample.csv): %d",
	table:      "| Stratum | Cases in the frame | Drawn | Note |",
	unknown:    "not known",
	repeat:     "Anyone can repeat this: sort by the SHA-256 of seed, line feed and number, and take the first of each stratum; how many of each, the largest remainder says.",
	dims:       map[record.Dimension]string{record.ByUnit: "unit", record.ByArea: "area and those below it", record.ByChannel: "channel"},
	cases:      map[Cases]string{Full: "- Cases: those published in full, without merged ones", Rows: "- Cases: every public row, without merged ones"},
	by:         map[By]string{ByNone: "- Strata: none", ByUnit: "- Strata: by unit in charge", ByKind: "- Strata: by kind"},
	sizes:      map[Size]string{Few: "fewer than 30: says little about the stratum alone", None: "none drawn: says nothing about the stratum"},
}
