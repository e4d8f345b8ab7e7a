package opendata

import (
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// text is a short way to write a text in both languages.
func text(zh, en string) assess.Text { return assess.Text{Zh: zh, En: en} }

// strs returns words as strings.
func strs[S ~string](words ...S) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// joined writes words or identifiers as a [List].
func joined[S ~string](words []S) string { return strings.Join(strs(words...), " ") }

// dueBasis says how the due day of a row came about.
func dueBasis(r *record.Row) string {
	switch {
	case !r.Due.Known():
		return "unknown"
	case r.DueRule == "":
		return "delivered"
	}
	return r.DueRule
}

// Rows is the public row of every case that was accepted, also of one whose text is
// not published. Every rate that is counted on rows can be computed from it alone.
func Rows() *Table[record.Row] {
	type row = record.Row
	return &Table[row]{
		Name: "rows", Key: []string{"number"},
		Units: map[string]Unit{"days": Days, "close_days": Days},
		About: text("诉求件公开行：每件已受理的诉求件一行，包括未全文公开、已并单和已撤下的。", "The public row of every case accepted, those not published in full, merged or withdrawn included."),
		Columns: []Column[row]{
			{"number", ID, text("诉求件公开编号；前四位是编号时的收到年月，编号不变更、不重复使用", "Public number of the case; it begins with the year and month of receipt, never changes and is never used again"), nil,
				func(r *row) string { return string(r.Number) }},
			{"prominence", Word, text("公开程度：full 全文公开，stub 只公开本行，withdrawn 已撤下", "How much is published: full (texts and row), stub (this row alone), withdrawn"),
				strs(record.Full, record.StubOnly, record.Withdrawn), func(r *row) string { return string(r.Prominence) }},
			{"reason", Word, text("未全文公开的原因；全文公开的为空", "Why the case is not published in full; empty where it is"),
				strs(record.StubReasons()...), func(r *row) string { return string(r.StubReason) }},
			{"unit", ID, text("主办单位，见 units.csv", "Unit that handles the case, of units.csv"), nil, func(r *row) string { return string(r.Unit) }},
			{"area", ID, text("区划，见 areas.csv", "Area, of areas.csv"), nil, func(r *row) string { return string(r.Area) }},
			{"channel", ID, text("渠道，见 channels.csv", "Channel, of channels.csv"), nil, func(r *row) string { return string(r.Channel) }},
			{"origin", Word, text("诉求来源：letter 来信，visit 来访，call 来电，web 网上诉求，opinion 网络舆情，press 媒体反映，passed-on 上级交办或其他单位转来，other 其他；未提供的为空", "How the matter was taken up; empty where it was not delivered"),
				strs(record.Origins()...), func(r *row) string { return string(r.Origin) }},
			{"status", Word, text("办理状态", "How far the case has come"), strs(record.Statuses()...), func(r *row) string { return string(r.Status) }},
			{"merged_into", ID, text("并入的诉求件编号，由该件计算；为空的，表示未并单，或者未说明并入哪一件，照常计入各项指标", "Number of the case that it was merged into, which counts for it; where it is empty the case was not merged, or nobody said into which, and counts like any other"), nil,
				func(r *row) string { return string(r.MergedInto) }},
			{"received", Day, text("收到日期", "Day of receipt"), nil, func(r *row) string { return r.Received.String() }},
			{"dispatched", Day, text("交办日期", "Day on which the case was passed on to the unit"), nil, func(r *row) string { return r.Dispatched.String() }},
			{"due", Day, text("办理期限", "Day by which the case is due"), nil, func(r *row) string { return r.Due.String() }},
			{"due_basis", String, text("办理期限的来源：delivered 由办理单位提供；unknown 没有办理期限；其他为计算所依据规则的编号，见 deadlines.csv", "How the due day came about: delivered by the office; unknown, there is none; otherwise the rule that it was computed by, of deadlines.csv"), nil, dueBasis},
			{"first_response", Day, text("首次响应日期", "Day of the first response"), nil, func(r *row) string { return r.FirstResponse.String() }},
			{"replied", Day, text("答复日期", "Day of the reply on the substance"), nil, func(r *row) string { return r.RepliedOn.String() }},
			{"closed", Day, text("办结日期", "Day of closing"), nil, func(r *row) string { return r.ClosedOn.String() }},
			{"resolved", Day, text("诉求人确认解决的日期", "Day on which the writer confirmed that it is resolved"), nil, func(r *row) string { return r.ResolvedOn.String() }},
			{"answered", Yes, text("是否已答复；未提供答复情况的为空", "Whether there is a reply; empty where replies were not delivered"), nil, func(r *row) string { return r.Answered.String() }},
			{"finished", Yes, text("是否已办结；未提供办结情况的为空", "Whether the case is closed; empty where closings were not delivered"), nil, func(r *row) string { return r.Finished.String() }},
			{"days", Integer, text("从收到到答复的天数，满24小时计1天，按完整时间计算", "Whole 24-hour periods from receipt to reply, computed on the full times"), nil, func(r *row) string { return r.Days.String() }},
			{"on_time", Yes, text("是否在期限内答复；办理期限由单位提供的按完整时间计算，按规则计算的按日期计算。没有答复的为空；到期未答复的，在按期答复率中按未按期计入分母。已答复而为空的，缺少计算所需的数据（没有办理期限，或者答复日期早于收到日期），列为“未知”", "Whether the reply was in time: computed on the full times where the due day was delivered, by days where it was computed. Empty where there is no reply; a case that is due and has none counts as not in time in the rate. Empty beside a reply, it is unknown: there is no due day, or the reply is dated before receipt"), nil, func(r *row) string { return r.OnTime.String() }},
			{"close_days", Integer, text("从收到到办结的天数，满24小时计1天，按完整时间计算", "Whole 24-hour periods from receipt to closing, computed on the full times"), nil, func(r *row) string { return r.CloseDays.String() }},
			{"closed_on_time", Yes, text("是否在期限内办结；办理期限由单位提供的按完整时间计算，按规则计算的按日期计算", "Whether the closing was in time: computed on the full times where the due day was delivered, by days where it was computed"), nil, func(r *row) string { return r.ClosedOnTime.String() }},
			{"flags", List, text("数据提示：提供的数据互相矛盾之处", "Where delivered values contradict each other"),
				strs(record.StatusWithoutReply, record.ReplyBeforeQuestion, record.CloseBeforeReceipt, record.FutureDate, record.StatusBehindDates, record.KindUnknownWord),
				func(r *row) string { return joined(r.Flags) }},
		},
	}
}

// Published is what is known, beside the row, of every case that is published in
// full. It holds no text: the texts are on the page of the case.
func Published() *Table[record.Case] {
	type kase = record.Case
	count := func(n int8) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(int(n))
	}
	return &Table[kase]{
		Name: "published", Key: []string{"number"},
		Units: map[string]Unit{"rating": Levels, "reopened": Times, "returns": Times, "supervisions": Times, "files": Files},
		About: text("全文公开的诉求件，每件一行，可按编号与 rows 连接；正文和答复见诉求件页面。", "Every case published in full, to be joined with rows by its number; its texts are on its page."),
		Columns: []Column[kase]{
			{"number", ID, text("诉求件公开编号", "Public number of the case"), nil, func(c *kase) string { return string(c.Number) }},
			{"page", String, text("诉求件页面，相对于网站根目录", "Page of the case, relative to the root of the site"), nil, func(c *kase) string { return record.CasePath(c.Number) }},
			{"kind", Word, text("诉求类别", "What the case asks for"), strs(record.Kinds()...), func(c *kase) string { return string(c.Kind) }},
			{"topic", ID, text("领域，见 topics.csv", "Topic, of topics.csv"), nil, func(c *kase) string { return string(c.Topic) }},
			{"legal_class", String, text("依法分类", "Class in law"), nil, func(c *kase) string { return c.LegalClass }},
			{"leader_kind", String, text("领导包案的类别", "Which of the kinds that leaders handle themselves"), nil, func(c *kase) string { return string(c.LeaderKind) }},
			{"co_units", List, text("协办单位", "Units that help to handle it"), nil, func(c *kase) string { return joined(c.CoUnits) }},
			{"against", ID, text("被反映单位", "Unit complained of"), nil, func(c *kase) string { return string(c.Against) }},
			{"addressee", String, text("留言对象（领导职务）；被称呼者的姓名不公开", "The post that it is addressed to; never a person"), nil, func(c *kase) string { return c.Addressee }},
			{"addressee_id", ID, text("留言对象代码，由职务名称得出，即 figures/addressees.csv 的 scope", "Identifier of the addressee, made from its words: the scope in figures/addressees.csv"), nil, func(c *kase) string {
				if c.Addressee == "" {
					return ""
				}
				return record.PostID(c.Addressee)
			}},
			{"repeat_of", ID, text("所重复的诉求件编号", "Number of the case that it repeats"), nil, func(c *kase) string { return string(c.RepeatOf) }},
			{"outcome", Word, text("办理结果", "What was decided"),
				strs(record.Supported, record.Explained, record.NotSupported, record.Adopted, record.NotAdopted, record.Reviewed, record.ReReviewed),
				func(c *kase) string { return string(c.Outcome) }},
			{"on_site", Yes, text("是否现场或当面办理", "Whether it was handled on the spot or face to face"), nil, func(c *kase) string { return c.OnSite.String() }},
			{"rating_scale", Word, text("评价标准：five 五级，three 三级，points 1至5分；没有评价的为空", "Scale of the rating: five levels, three levels, or points from 1 to 5; empty where there is none"),
				strs(record.Five, record.Three, record.Points), func(c *kase) string {
					if c.Rating.Level < 1 {
						return ""
					}
					return string(c.Rating.Scale)
				}},
			{"rating", Integer, text("评价，1 最低；没有评价的为空", "The rating, 1 being the worst; empty where there is none"), nil, func(c *kase) string { return count(c.Rating.Level) }},
			{"rating_source", Word, text("评价方式", "How the rating was obtained"),
				strs(record.ByCitizen, record.ByCallback, record.ByMessage, record.ByPanel), func(c *kase) string { return string(c.Rating.Source) }},
			{"reopened", Integer, text("重新办理次数", "How often it was opened again"), nil, func(c *kase) string { return c.Reopened.String() }},
			{"returns", Integer, text("退单次数", "How often a unit returned it"), nil, func(c *kase) string {
				n := 0
				for _, d := range c.Dispatches {
					if d.Returned {
						n++
					}
				}
				return strconv.Itoa(n)
			}},
			{"supervisions", Integer, text("督办次数", "How often its handling was supervised"), nil, func(c *kase) string { return strconv.Itoa(len(c.Supervisions)) }},
			{"files", Integer, text("公开附件数", "How many files are published with it"), nil, func(c *kase) string { return strconv.Itoa(len(c.Attachments)) }},
		},
	}
}
