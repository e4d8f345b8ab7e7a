package opendata

import (
	"github.com/huiyin/huiyin/generator/record"
)

// Note names one note on the quality of the data (数据质量提示).
type Note string

// The notes, in the order of the pages.
const (
	NotePublished      Note = "published"
	NoteExcluded       Note = "excluded"
	NoteWithdrawn      Note = "withdrawn"
	NoteShownSoon      Note = "shown-soon"
	NoteShownMedian    Note = "shown-median"
	NoteShownBefore    Note = "shown-before"
	NoteAlike          Note = "alike"
	NoteShort          Note = "short"
	NoteEmpty          Note = "empty"
	NoteEmptyRight     Note = "empty-right"
	NoteEmptyMissed    Note = "empty-missed"
	NotePromise        Note = "promise"
	NoteDueRule        Note = "due-rule"
	NoteLastDay        Note = "last-day"
	NoteRated          Note = "rated"
	NoteReopened       Note = "reopened"
	NoteRepeat         Note = "repeat"
	NoteRepeatOpen     Note = "repeat-open"
	NoteRepeatUrged    Note = "repeat-supervised"
	NoteRuleRepeat     Note = "rule-repeat"
	NoteRuleRepeatOpen Note = "rule-repeat-open"
	NoteRuleUrged      Note = "rule-repeat-supervised"
)

// Notes returns all notes in the order of the pages.
func Notes() []Note {
	return []Note{
		NotePublished, NoteExcluded, NoteWithdrawn, NoteShownSoon, NoteShownMedian, NoteShownBefore, NoteAlike, NoteShort, NoteEmpty, NoteEmptyRight, NoteEmptyMissed,
		NotePromise, NoteDueRule, NoteLastDay, NoteRated, NoteReopened, NoteRepeat, NoteRepeatOpen, NoteRepeatUrged, NoteRuleRepeat, NoteRuleRepeatOpen, NoteRuleUrged,
	}
}

// QualityRow is one note on a unit, or one class of the cases that a note counts.
type QualityRow struct {
	Unit record.UnitID // "": the whole installation
	Note Note
	// Class is "" for the note itself. A class counts those of the numerator (excluded,
	// withdrawn, empty, rated) or of the denominator (shown-soon, last-day) that are in it.
	Class  string
	Cutoff record.Day
	Period record.Period
	record.Rate
	Unknown int64
}

// nothing reports whether the row is a median of nothing: 0 would be no days.
func (r *QualityRow) nothing() bool { return r.Note == NoteShownMedian && r.Den == 0 }

// Quality is the notes on the quality of the data.
func Quality() *Table[QualityRow] {
	type row = QualityRow
	return &Table[row]{
		Name: "quality", Key: []string{"unit", "note", "class"},
		Units: map[string]Unit{"numerator": AsTheRow, "denominator": AsTheRow, "percent": Percent, "unknown": Cases},
		About: text("数据质量提示：每个单位每项提示一行，全站的单位为空；部分提示另按类别分列。各项含义见“数据质量提示”页。",
			"Notes on the data: a row an office and note, those of the whole site without an office; some are divided into classes. What each means is on the page of notes on the data."),
		Columns: []Column[row]{
			{"unit", ID, text("单位；全站为空", "The office; empty for the whole site"), nil, func(r *row) string { return string(r.Unit) }},
			{"note", Word, text("提示", "The note"), strs(Notes()...), func(r *row) string { return string(r.Note) }},
			{"class", String, text("类别，提示本身为空：excluded 为未全文公开的原因，withdrawn 为撤下的原因，shown-soon 为从答复到公布的天数，last-day 为距期限的自然日，empty 为规则，rated 为评价标准和等级（1 最低）",
				"The class, empty for the note itself: of excluded and withdrawn the reason, of shown-soon the days from reply to publication, of last-day the calendar days before the deadline, of empty the rule, of rated the scale and the level, 1 being the worst"), nil, func(r *row) string { return r.Class }},
			{"period", Period, text("统计期，按收到日期", "Period, by the day of receipt"), nil, func(r *row) string { return string(r.Period) }},
			{"cutoff", Day, text("统计截止日", "Cut-off: the last day that is known of"), nil, func(r *row) string { return r.Cutoff.String() }},
			{"numerator", Integer, text("分子；shown-median 为中位数的两倍，没有可统计的为空", "Numerator; of shown-median twice the median, and empty where there is nothing to take it of"), nil, func(r *row) string {
				if r.nothing() {
					return ""
				}
				return itoa(r.Num)
			}},
			{"denominator", Integer, text("分母；没有可统计的为0；shown-median 为2，没有可统计的为空", "Denominator; 0 where there is nothing to count on; 2 of shown-median, and empty where there is nothing to take it of"), nil, func(r *row) string {
				if r.nothing() {
					return ""
				}
				return itoa(r.Den)
			}},
			{"percent", Decimal, text("百分比，四舍五入到两位小数；shown-median 为空", "Percentage, rounded half up to two decimals; empty of shown-median"), nil, func(r *row) string {
				if r.Note == NoteShownMedian {
					return ""
				}
				return r.Percent(2)
			}},
			{"unknown", Integer, text("因缺少所需数据而未计入的件数", "Cases left out because a value they need was not delivered"), nil, func(r *row) string { return itoa(r.Unknown) }},
		},
	}
}

// AlikeRow is one case of a group of similar replies.
type AlikeRow struct {
	Unit   record.UnitID
	Group  int // from 1, the largest first
	Size   int
	Number record.CaseNumber
	Sample bool // the others are like its reply
}

// Alike is the groups of similar replies.
func Alike() *Table[AlikeRow] {
	type row = AlikeRow
	return &Table[row]{
		Name: "alike", Key: []string{"unit", "group", "number"},
		Units: map[string]Unit{"group": NoUnit, "size": Cases},
		About: text("相似答复的分组：每组每件一行，按单位分组，统计期与数据质量提示相同。同样的问题作同样的答复是正常的。",
			"Groups of similar replies within an office, of the period of the notes on the data: a row a case. Answering the same question alike is as it should be."),
		Columns: []Column[row]{
			{"unit", ID, text("单位", "The office"), nil, func(r *row) string { return string(r.Unit) }},
			{"group", Integer, text("该单位内的组号，从1起，件数多的在前", "Number of the group within the office, from 1, the largest first"), nil, func(r *row) string { return itoa(int64(r.Group)) }},
			{"size", Integer, text("组内件数", "How many cases are in the group"), nil, func(r *row) string { return itoa(int64(r.Size)) }},
			{"number", ID, text("诉求件编号", "Number of the case"), nil, func(r *row) string { return string(r.Number) }},
			{"sample", Yes, text("其他答复是否都与这件的答复相似", "Whether the others are like the reply of this one"), nil, func(r *row) string { return yesNo(r.Sample) }},
		},
	}
}

// RepeatRow is two cases that are the same problem, or may be.
type RepeatRow struct {
	Unit           record.UnitID
	Later, Earlier record.CaseNumber
	Likeness       record.Rate // over nothing where the office says that it is a repeat
}

// Repeats is the cases that repeat an earlier one, as delivered and as proposed.
func Repeats() *Table[RepeatRow] {
	type row = RepeatRow
	return &Table[row]{
		Name: "repeats", Key: []string{"unit", "later"},
		Units: map[string]Unit{"likeness": Percent},
		About: text("重复：单位标明与以前某件重复的，和程序按文字相似找出的可能是同一问题的，每对一行，统计期与数据质量提示相同。重复说的是问题，与诉求人是谁无关。",
			"Repeats: cases that the office marks as the same problem as an earlier one, and those that may be, found by rule from the likeness of their texts, a row a pair, of the period of the notes on the data. It is about problems, whoever raised them."),
		Columns: []Column[row]{
			{"unit", ID, text("单位", "The office"), nil, func(r *row) string { return string(r.Unit) }},
			{"later", ID, text("后一件的编号", "Number of the later case"), nil, func(r *row) string { return string(r.Later) }},
			{"earlier", ID, text("前一件的编号", "Number of the earlier case"), nil, func(r *row) string { return string(r.Earlier) }},
			{"by", Word, text("delivered 为单位标明；rule 为程序按规则找出、未经人工确认", "delivered: the office says so; rule: found by rule and confirmed by nobody"), []string{"delivered", "rule"}, func(r *row) string {
				if r.Likeness.Den == 0 {
					return "delivered"
				}
				return "rule"
			}},
			{"likeness", Decimal, text("标题和诉求内容的相似度，百分比，估计值；单位标明的为空", "Estimated likeness of title and question in per cent; empty where the office says so"), nil, func(r *row) string { return r.Likeness.Percent(0) }},
		},
	}
}
