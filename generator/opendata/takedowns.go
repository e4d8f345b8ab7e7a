package opendata

import (
	"strconv"

	"github.com/huiyin/huiyin/generator/record"
)

// Takedown is one line of the public log of what was done to cases after they had a
// number: withdrawn, reinstated, merged, or corrected by the office for a reason. It holds
// no text and no topic.
type Takedown struct {
	Number record.CaseNumber
	No     int // of the lines of the case, from 1
	Act    record.EventKind
	Day    record.Day
	Reason string // [record.Reason.Public]; empty: none is public
	Into   record.CaseNumber
	Unit   record.UnitID
}

// TakedownActs are the events that the log lists, in the order in which it counts them.
func TakedownActs() []record.EventKind {
	return []record.EventKind{record.EventWithdraw, record.EventReinstate, record.EventCorrect, record.EventMerge}
}

// PublicReasons are the reasons of withdrawals as they are published.
func PublicReasons() (all []string) {
	for _, r := range record.Reasons() {
		if p := r.Public(); len(all) == 0 || all[len(all)-1] != p {
			all = append(all, p)
		}
	}
	return all
}

// Takedowns is the log of withdrawals, reinstatements, corrections and mergers, oldest first.
func Takedowns() *Table[Takedown] {
	return &Table[Takedown]{
		Name: "takedowns", Key: []string{"number", "no"}, Units: map[string]Unit{"no": NoUnit},
		About: text("撤下记录：已有编号的诉求件撤下、恢复公开、说明原因更正、并单的，每次一行，不含任何内容；没有说明原因的数据更新不在其中。检举控告公职人员的不编号，因此不单列；现已撤下的诉求件，其更正不再列出。",
			"Log of takedowns: each time that a case with a number was withdrawn, reinstated, corrected for a stated reason or merged, a row, without any of its text; what was delivered otherwise than before without a reason is not among them. Accusations of officials have no number, and so no row of their own; of a case that is withdrawn now its corrections are not listed."),
		Columns: []Column[Takedown]{
			{"number", ID, text("诉求件编号", "Number of the case"), nil, func(t *Takedown) string { return string(t.Number) }},
			{"no", Integer, text("本件在本表中的第几行，从1起", "Which row of the case in this table, from 1"), nil, func(t *Takedown) string { return strconv.Itoa(t.No) }},
			{"day", Day, text("日期", "Day"), nil, func(t *Takedown) string { return t.Day.String() }},
			{"act", Word, text("事项：withdraw 撤下，reinstate 恢复公开，correct 说明原因的更正，merge 并单", "What was done: withdraw, reinstate (published again), correct (what was published was changed for a stated reason), merge (into another case)"),
				strs(TakedownActs()...), func(t *Takedown) string { return string(t.Act) }},
			{"reason", Word, text("公开的原因：by-law 依法不予公开，duplicate 重复，wrong-unit 单位有误，error 内容有误；没有公开原因的为空", "Reason as it is published: by-law (not public by law), duplicate, wrong-unit, error; empty where none is published"),
				PublicReasons(), func(t *Takedown) string { return t.Reason }},
			{"into", ID, text("并入的诉求件编号", "Number of the case that it was merged into"), nil, func(t *Takedown) string { return string(t.Into) }},
			{"unit", ID, text("主办单位，见 units.csv", "Unit in charge, of units.csv"), nil, func(t *Takedown) string { return string(t.Unit) }},
		},
	}
}

// TakedownScope is what a line of [TakedownCounts] counts within.
type TakedownScope string

// The scopes of counts of takedowns.
const (
	TakedownAll      TakedownScope = "all"
	TakedownMonth    TakedownScope = "month"    // of the act
	TakedownReceived TakedownScope = "received" // month of receipt, as the number says
	TakedownUnit     TakedownScope = "unit"
	TakedownReason   TakedownScope = "reason" // as published
)

// TakedownCount is how much was taken down within one scope. Rate is how many of its cases
// are withdrawn now, of how many that have a number.
type TakedownCount struct {
	Of   TakedownScope
	ID   string // month as 2026-11, unit, reason; empty for all
	Rate record.Rate
	Acts [4]int64 // how often each of [TakedownActs] was done; of a reason the first alone counts
}

// TakedownCounts is the number of takedowns of all, by month, by unit and by reason. Every
// number can be counted again from takedowns.csv and rows.csv.
func TakedownCounts() *Table[TakedownCount] {
	act := func(i int) func(*TakedownCount) string {
		return func(c *TakedownCount) string {
			if c.Of == TakedownReason && i > 0 {
				return ""
			}
			return itoa(c.Acts[i])
		}
	}
	return &Table[TakedownCount]{
		Name: "takedown-counts", Key: []string{"dimension", "scope"},
		Units: map[string]Unit{"withdrawn": Cases, "cases": Cases, "withdrawals": Times, "reinstatements": Times, "corrections": Times, "mergers": Times},
		About: text("撤下情况统计：全部、每月、每个单位、每种公开原因各一行，都可以用 takedowns.csv 和 rows.csv 重新数出。",
			"Counts of takedowns: of all, of each month, unit and published reason, a row each. All can be counted again from takedowns.csv and rows.csv."),
		Columns: []Column[TakedownCount]{
			{"dimension", Word, text("统计范围的种类：all 全部，month 事项发生的月份，received 收到的月份（即编号所示），unit 主办单位，reason 公开的原因", "What the scope is one of: all, month in which it was done, received (month of receipt, as the number says), unit, reason (as published)"),
				strs(TakedownAll, TakedownMonth, TakedownReceived, TakedownUnit, TakedownReason), func(c *TakedownCount) string { return string(c.Of) }},
			{"scope", ID, text("统计范围；全部为空", "The scope; empty for all"), nil, func(c *TakedownCount) string { return c.ID }},
			{"withdrawn", Integer, text("现为撤下状态的诉求件数；按事项月份的，为该月撤下、至今没有恢复公开的", "Cases that are withdrawn now; of a month in which it was done: withdrawn in it, and not published again since"), nil, func(c *TakedownCount) string { return itoa(c.Rate.Num) }},
			{"cases", Integer, text("分母：范围内有编号的诉求件数；按事项月份的，为编号属于该月及以前的；按原因的，为全部", "Denominator: cases of the scope that have a number; of a month in which it was done: with a number of that month or before; of a reason: all"), nil, func(c *TakedownCount) string { return itoa(c.Rate.Den) }},
			{"withdrawals", Integer, text("撤下次数", "How often a case was withdrawn"), nil, act(0)},
			{"reinstatements", Integer, text("恢复公开次数；按原因的为空", "How often a case was reinstated; empty for a reason"), nil, act(1)},
			{"corrections", Integer, text("说明原因的更正次数，不含现已撤下的诉求件；按原因的为空", "How often a case was corrected for a stated reason, without cases that are withdrawn now; empty for a reason"), nil, act(2)},
			{"mergers", Integer, text("并单次数；按原因的为空", "How often a case was merged into another; empty for a reason"), nil, act(3)},
		},
	}
}
