package opendata

import (
	"fmt"
	"strings"

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

	// By the level of a rating and by how it was obtained, a division a scale.
	ByRatingFive   Division = "rating-five"
	ByRatingThree  Division = "rating-three"
	ByRatingPoints Division = "rating-points"
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

// SetBreakdowns returns how the cases of a set are divided by days, by reason and by
// rating. A division of which nothing is known is left out, and so are reasons and
// ratings that do not occur.
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
	for _, r := range s.Rating.Scales {
		for _, of := range r.Sources {
			for i, n := range of.Levels {
				if n > 0 {
					add(Division("rating-"+string(r.Scale)), strings.TrimSpace(fmt.Sprint(i+1, " ", of.Source)), n)
				}
			}
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
		Units: map[string]Unit{"cases": Cases},
		About: text("分布：用时、未全文公开的原因、领域、评价，每段或每类一行。", "Breakdowns: by days taken, reason for not being published in full, topic and rating; a row a class."),
		Columns: []Column[part]{
			{"division", Word, text("按什么划分：days 从收到到答复的天数，close-days 从收到到办结的天数，reason 未全文公开的原因，topic 领域（只包括全文公开的），rating-five、rating-three、rating-points 各评价标准的评价",
				"What cases are divided by: days (from receipt to reply), close-days (from receipt to closing), reason (why not published in full), topic (cases published in full only), rating-five, rating-three and rating-points (the ratings of each scale)"),
				strs(ByDays, ByCloseDays, ByReason, ByTopic, ByRatingFive, ByRatingThree, ByRatingPoints), func(p *part) string { return string(p.Division) }},
			{"dimension", Word, text("统计范围的种类", "What the scope is one of"),
				strs(record.ByAll, record.ByUnit, record.ByArea, record.ByTopic, record.ByChannel, record.ByKind), func(p *part) string { return string(p.Scope.Dim) }},
			{"scope", ID, text("统计范围；全部为空", "The scope; empty for all"), nil, func(p *part) string { return p.Scope.ID }},
			{"period", Period, text("统计期，按收到日期", "Period, by the day of receipt"), nil, func(p *part) string { return string(p.Period) }},
			{"cutoff", Day, text("统计截止日", "Cut-off: the last day that is known of"), nil, func(p *part) string { return p.Cutoff.String() }},
			{"class", String, text("分段或类别：天数如 3-5，61- 为超过60天，unknown 为缺少用时数据；原因；领域见 topics.csv，未标明的为空；评价为等级（1 最低）和评价方式，中间空一格，评价方式未提供的只有等级",
				"The class: days as 3-5, 61- for more than 60, unknown where the days were not delivered; the reason; the topic, of topics.csv, empty where none is given; of a rating its level, 1 being the worst, and after a space how it was obtained, where that is known"), nil, func(p *part) string { return p.Class }},
			{"cases", Integer, text("件数", "Number of cases"), nil, func(p *part) string { return itoa(p.Cases) }},
		},
	}
}
