package demo

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// What evaluating bodies find, and what is done about units. Their scores are
// worked out from the messages and lie a little beside them, as such scores do.
const (
	internalBody = "云澜市政务服务和数据局督查科（虚构）"
	outsideBody  = "云澜公共服务评价研究所（虚构）"
	closedOffice = "yl-archive" // an office that the register does not have
	interviewAt  = 70           // per cent answered in time: below it a unit is spoken to,
	praiseAt     = 95           // and from here on it is praised
	fewest       = 30           // cases without which a unit is not compared
)

// assessedUnits are the offices whose work is assessed.
var assessedUnits = []string{"yl-bus", "yl-heating", "yl-tapwater", "yl-police", "qy-urban", "zy-urban"}

// tally is what a body counts of one unit and span.
type tally struct{ due, inTime, replied, template, rated, content int }

// percent returns n of all per cent with one decimal, moved by lean tenths and at
// most 100; nothing of nothing is blank, and none stays none.
func percent(n, all, lean int) string {
	if all == 0 {
		return ""
	}
	if n == 0 {
		return "0.0"
	}
	x := max(0, min(1000, 1000*n/all+lean))
	return fmt.Sprintf("%d.%d", x/10, x%10)
}

// tallies counts the messages received in months first to last that were due by
// the end of month last, as they stood then, by unit.
func (w *writer) tallies(first, last record.Month) []tally {
	all := make([]tally, len(w.city.units))
	day := last.Last()
	for i := range w.messages {
		m := &w.messages[i]
		received := m.received.day()
		if received < first.First() || received > day || m.accuses || m.merged > 0 || m.due.day() > day {
			continue
		}
		v, t := w.show(m, day), &all[m.unit]
		t.due++
		if v.replied > 0 {
			t.replied++
			if v.replied <= m.due {
				t.inTime++
			}
			if m.template {
				t.template++
			}
		}
		if v.rating > 0 {
			t.rated++
			if v.rating >= 3 {
				t.content++
			}
		}
	}
	return all
}

// office writes, at the end of month m, what was assessed and what was done.
func (w *writer) office(m record.Month, s span) error {
	first, end := s.first.Month(), w.End.Month()
	if w.Plain || m == first {
		return nil
	}
	stamp := min(m.Last(), w.End).Time().Format("20060102")
	issued := (m.First() + 9).String()
	rows := [][]string{{"编号", "被评单位", "评价周期", "评价机构", "评价方式", "第三方", "按期答复率", "答复质量", "群众满意度", "印发日期"}}
	add := func(id, period, body, method, outside string, lean int, counted []tally) {
		for _, u := range assessedUnits {
			t := counted[slices.IndexFunc(w.city.units, func(x unit) bool { return x.id == u })]
			if t.due == 0 {
				continue
			}
			rows = append(rows, []string{id + "-" + u, u, period, body, method, outside,
				percent(t.inTime, t.due, lean), percent(t.replied-t.template, t.replied, -lean), percent(t.content, t.rated, 2*lean), issued})
		}
	}
	if m > end-6 { // each month, of the month before
		add("nk-"+(m-1).String(), (m - 1).String(), internalBody, "系统数据核查", "否", 15, w.tallies(m-1, m-1))
	}
	if year := m.Year() - 1; m.First().Time().Month() == time.January {
		add("dsf-"+strconv.Itoa(year), strconv.Itoa(year), outsideBody, "抽样电话回访", "是", -20, w.tallies(max(first, m-12), m-1))
	}
	if m == end { // two periods of the same body that overlap, and an office that nobody knows
		add("dsf-"+(m-1).String(), (m - 1).String(), outsideBody, "抽样电话回访", "是", -20, w.tallies(m-1, m-1))
		add("dsf-"+(m-1).String()+"-12", (m-1).String()+"/12", outsideBody, "抽样电话回访", "是", -10, w.tallies(max(first, m-12), m-1))
		rows = append(rows, []string{"dsf-" + (m - 1).String() + "-" + closedOffice, closedOffice, (m - 1).String(), outsideBody, "抽样电话回访", "是",
			"91.0", "88.5", "90.2", issued})
	}
	if len(rows) > 1 {
		if err := w.table("assessments-"+stamp+".csv", rows); err != nil {
			return err
		}
	}
	if m < first+2 || m != end && m%6 != end%6 {
		return nil
	}
	return w.acted(m, stamp, first)
}

// acted writes what was done in month m about the units that answered least and most
// in time of the twelve months before, where those stood in the last band, or in the
// first, for two months running.
func (w *writer) acted(m record.Month, stamp string, first record.Month) error {
	last, before := w.tallies(max(first, m-12), m-1), w.tallies(max(first, m-13), m-2)
	worst, best := -1, -1
	for i, t := range last {
		b := before[i]
		if t.due < fewest || b.due < fewest {
			continue
		}
		if t.below(interviewAt) && b.below(interviewAt) && (worst < 0 || t.less(last[worst])) {
			worst = i
		}
		if !t.below(praiseAt) && !b.below(praiseAt) && (best < 0 || last[best].less(t) || !t.less(last[best]) && t.due > last[best].due) {
			best = i
		}
	}
	rows := [][]string{{"编号", "单位", "事由", "措施", "日期", "依据"}}
	add := func(prefix string, i int, band, measure string) {
		t := last[i]
		rows = append(rows, []string{prefix + "-" + m.String(), w.city.units[i].id,
			fmt.Sprintf("到期%d件，按期答复%d件，连续两个月处于%s", t.due, t.inTime, band), measure, (m.First() + 19).String(), "《云澜市群众诉求办理考评办法》（虚构）"})
	}
	if worst >= 0 {
		add("wz", worst, "末档", "约谈")
	}
	if best >= 0 {
		add("by", best, "首档", "通报表扬")
	}
	if len(rows) == 1 {
		return nil
	}
	return w.table("accountability-"+stamp+".csv", rows)
}

// below reports whether less than so many per cent were answered in time.
func (t tally) below(percent int) bool { return 100*t.inTime < percent*t.due }

// less reports whether a smaller share than of o was answered in time.
func (t tally) less(o tally) bool { return t.inTime*o.due < o.inTime*t.due }
