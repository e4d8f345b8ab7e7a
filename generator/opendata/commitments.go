package opendata

import (
	"github.com/huiyin/huiyin/generator/assess/promise"
	"github.com/huiyin/huiyin/generator/record"
)

// Commitment is a commitment as it stands on a cut-off.
type Commitment struct {
	record.Commitment
	Cutoff record.Day
	Status promise.Status
}

// Commitments is the promises of replies that people have accepted as commitments, of
// cases that are published in full.
func Commitments() *Table[Commitment] {
	type commitment = Commitment
	// What nobody knows of on the cut-off is not said.
	stated := func(c *commitment) bool {
		return c.Status != promise.Open && c.Status != promise.Overdue
	}
	return &Table[commitment]{
		Name: "commitments", Key: []string{"number", "code"},
		About: text("承诺：答复中写明期限、经人工确认的承诺，只列全文公开的诉求件，每项一行。", "Commitments: promises of replies that name a time and that a person has accepted, of cases published in full, a row each."),
		Columns: []Column[commitment]{
			{"number", ID, text("诉求件编号", "Number of the case"), nil, func(c *commitment) string { return string(c.Number) }},
			{"code", ID, text("承诺的代码，由答复和所在的句子算出", "Code of the promise, made from the reply and the sentence"), nil, func(c *commitment) string { return c.Code }},
			{"unit", ID, text("主办单位，见 units.csv", "Unit in charge, of units.csv"), nil, func(c *commitment) string { return string(c.Unit) }},
			{"made", Day, text("作出承诺的答复日期", "Day of the reply"), nil, func(c *commitment) string { return c.Made.String() }},
			{"due", Day, text("承诺的期限", "Day by which it is to be kept"), nil, func(c *commitment) string { return c.Due.String() }},
			{"status", Word, text("截至统计截止日的结果：kept 按期兑现，kept-late 逾期兑现，partly 部分兑现，broken 未兑现，overdue 到期而没有结果的记录（不等于已兑现），open 期限未到",
				"How it stands on the cut-off: kept on its day or before, kept-late, partly, broken, overdue: its day has come and no outcome is on record, which is not kept; open: its day has not come"),
				strs(promise.Kept, promise.KeptLate, promise.Partly, promise.Broken, promise.Overdue, promise.Open), func(c *commitment) string { return string(c.Status) }},
			{"outcome_day", Day, text("兑现的日期，或者认定部分兑现、未兑现的日期", "Day on which it was kept, or found to be kept in part or broken"), nil, func(c *commitment) string {
				if !stated(c) {
					return ""
				}
				return c.On.String()
			}},
			{"shown_by", ID, text("可以看出结果的诉求件编号", "Number of the case that shows the outcome"), nil, func(c *commitment) string {
				if !stated(c) {
					return ""
				}
				return string(c.ShownBy)
			}},
			{"reply_changed", Yes, text("确认以后答复是否有改动；期限不随之改变", "Whether the reply was changed after the commitment was accepted; its day does not move"), nil, func(c *commitment) string {
				return yesNo(c.Standing == record.ReplyChanged)
			}},
		},
	}
}

// CommitmentCount is how many commitments of a scope there are.
type CommitmentCount struct {
	Scope  record.Scope
	Cutoff record.Day
	promise.Count
}

// CommitmentCounts is the number of commitments of the installation and of each unit
// that has any.
func CommitmentCounts() *Table[CommitmentCount] {
	type count = CommitmentCount
	of := func(s promise.Status) func(*count) string {
		return func(c *count) string { return itoa(c.Of(s)) }
	}
	return &Table[count]{
		Name: "commitment-counts", Key: []string{"dimension", "scope"},
		Units: map[string]Unit{"made": Promises, "due": Promises, "kept": Promises, "kept_late": Promises, "partly": Promises, "broken": Promises, "overdue": Promises, "open": Promises, "unknown": Promises, "taken_back": Promises, "reply_changed": Promises},
		About: text("承诺统计：全部和每个有承诺的单位各一行。按期兑现率 = kept ÷ due。", "Commitments counted: a row for all and for each unit that has any. Kept by their day is kept ÷ due."),
		Columns: []Column[count]{
			{"dimension", Word, text("统计范围的种类", "What the scope is one of"), strs(record.ByAll, record.ByUnit), func(c *count) string { return string(c.Scope.Dim) }},
			{"scope", ID, text("单位；全部为空", "The unit; empty for all"), nil, func(c *count) string { return c.Scope.ID }},
			{"cutoff", Day, text("统计截止日", "Cut-off"), nil, func(c *count) string { return c.Cutoff.String() }},
			{"made", Integer, text("确认的承诺", "Commitments made"), nil, func(c *count) string { return itoa(c.Made()) }},
			{"due", Integer, text("到期的承诺：期限已到，或者已有结果", "Commitments due: their day has come, or their outcome is stated"), nil, func(c *count) string { return itoa(c.Due()) }},
			{"kept", Integer, text("按期兑现", "Kept by their day"), nil, of(promise.Kept)},
			{"kept_late", Integer, text("逾期兑现", "Kept late"), nil, of(promise.KeptLate)},
			{"partly", Integer, text("部分兑现", "Kept in part"), nil, of(promise.Partly)},
			{"broken", Integer, text("未兑现", "Broken"), nil, of(promise.Broken)},
			{"overdue", Integer, text("到期而没有结果的记录", "Due without an outcome on record"), nil, of(promise.Overdue)},
			{"open", Integer, text("期限未到", "Not due yet"), nil, of(promise.Open)},
			{"unknown", Integer, text("所在诉求件已撤下或只公开一行", "Of cases that were withdrawn or are published as a row alone"), nil, of(promise.Gone)},
			{"taken_back", Integer, text("确认有误而撤销，不计入确认的承诺", "Accepted by mistake and taken back; not counted as made"), nil, of(promise.Undone)},
			{"reply_changed", Integer, text("确认以后答复有改动的，已分别计入以上各项", "Of which the reply was changed since; each is counted in a column before"), nil, func(c *count) string { return itoa(c.Changed) }},
		},
	}
}
