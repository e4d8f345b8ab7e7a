package opendata

import (
	"fmt"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// Division is what cases are divided by.
type Division string

// The divisions.
const (
	ByDays      Division = "days"       // from receipt to reply
	ByCloseDays Division = "close-days" // from receipt to closing
	ByReason    Division = "reason"     // why a case is not published in full
	ByTopic     Division = "topic"      // of cases published in full
)

// Breakdown is how many cases of a scope and period are in one class.
type Breakdown struct {
	Division Division
	Scope    record.Scope
	Period   record.Period
	Cutoff   record.Day
	Class    string
	Cases    int64
}

// SetBreakdowns returns how the cases of a set are divided by days and by reason. A
// division of which nothing is known is left out, and so are reasons that do not occur.
func SetBreakdowns(s *assess.Set) (all []Breakdown) {
	add := func(by Division, class string, n int64) {
		all = append(all, Breakdown{Division: by, Scope: s.Scope, Period: s.Period, Cutoff: s.Cutoff, Class: class, Cases: n})
	}
	days := func(by Division, d *assess.Distribution) {
		if d.Known > 0 {
			for i, class := range dayClasses() {
				add(by, class, d.Bins[i])
			}
		}
		if d.Unknown > 0 {
			add(by, "unknown", d.Unknown)
		}
	}
	days(ByDays, &s.Days)
	days(ByCloseDays, &s.CloseDays)
	for _, r := range s.Reasons {
		if r.N > 0 {
			add(ByReason, string(r.Reason), r.N)
		}
	}
	return all
}

// dayClasses names the bins of a [assess.Distribution]: "0-2" to "31-60", and "61-".
func dayClasses() (classes []string) {
	from := 0
	for _, to := range assess.BinEnds() {
		classes = append(classes, fmt.Sprintf("%d-%d", from, to))
		from = to + 1
	}
	return append(classes, fmt.Sprintf("%d-", from))
}

// Breakdowns is how cases are divided.
func Breakdowns() *Table[Breakdown] {
	type part = Breakdown
	return &Table[part]{
		Name: "breakdowns", Key: []string{"division", "dimension", "scope", "period", "class"},
		About: text("分布：用时、未全文公开的原因、领域等，每段或每类一行。", "Breakdowns: by days taken, reason for not being published in full, and topic; a row a class."),
		Columns: []Column[part]{
			{"division", Word, text("按什么划分：days 从收到到答复的天数，close-days 从收到到办结的天数，reason 未全文公开的原因，topic 领域（只包括全文公开的）",
				"What cases are divided by: days (from receipt to reply), close-days (from receipt to closing), reason (why not published in full), topic (cases published in full only)"),
				strs(ByDays, ByCloseDays, ByReason, ByTopic), func(p *part) string { return string(p.Division) }},
			{"dimension", Word, text("统计范围的种类", "What the scope is one of"),
				strs(record.ByAll, record.ByUnit, record.ByArea, record.ByTopic, record.ByChannel), func(p *part) string { return string(p.Scope.Dim) }},
			{"scope", ID, text("统计范围；全部为空", "The scope; empty for all"), nil, func(p *part) string { return p.Scope.ID }},
			{"period", Period, text("统计期，按收到日期", "Period, by the day of receipt"), nil, func(p *part) string { return string(p.Period) }},
			{"cutoff", Day, text("统计截止日", "Cut-off: the last day that is known of"), nil, func(p *part) string { return p.Cutoff.String() }},
			{"class", String, text("分段或类别：天数如 3-5，61- 为超过60天，unknown 为缺少用时数据；原因；领域见 topics.csv，未标明的为空",
				"The class: days as 3-5, 61- for more than 60, unknown where the days were not delivered; the reason; the topic, of topics.csv, empty where none is given"), nil, func(p *part) string { return p.Class }},
			{"cases", Integer, text("件数", "Number of cases"), nil, func(p *part) string { return itoa(p.Cases) }},
		},
	}
}
