package assess

// MeasureKind says how the Num and Den of a measure's figures are to be read.
type MeasureKind string

// The kinds of measure.
const (
	CountMeasure  MeasureKind = "count"  // Num cases; Den is 0
	RateMeasure   MeasureKind = "rate"   // Num of Den cases
	MedianMeasure MeasureKind = "median" // Num/Den days, Den being 2; 0 when unknown
)

// The identifiers of the measures. An identifier is never reused; a change of
// the formula raises the version.
const (
	MeasureReceived           = "received"
	MeasureRepliedOfDue       = "replied-of-due"
	MeasureRepliedOfCollected = "replied-of-collected"
	MeasureClosedOfReceived   = "closed-of-received"
	MeasureOnTimeReply        = "on-time-reply"
	MeasureOnTimeClose        = "on-time-close"
	MeasureMedianDays         = "median-days"
	MeasureMedianCloseDays    = "median-close-days"
	MeasureRatingCoverage     = "rating-coverage"
	MeasureSatisfiedFive      = "satisfied-five"
	MeasureSatisfiedThree     = "satisfied-three"
	MeasureSatisfiedPoints    = "satisfied-points"
)

// Text is a text in the two languages of the interface.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Measure describes one measure in words, for the method page and for whoever
// recomputes it.
type Measure struct {
	ID      string      `json:"id"`
	Version int         `json:"version"`
	Kind    MeasureKind `json:"kind"`
	Name    Text        `json:"name"`
	Formula Text        `json:"formula"`
	Unit    Text        `json:"unit"`     // what is counted
	LeftOut Text        `json:"left_out"` // what is not, and where it is shown instead
	Rows    bool        `json:"rows"`     // counted on public rows: a withdrawal does not change it
}

// version returns the version of a measure's formula.
func version(string) int { return 1 }

// Measures describes every measure, in the order in which they are shown. The
// texts are complete: a reader can recompute each figure from the published
// rows with them. The caller may change what it gets.
//
// Where the formulas come from: a reply counts against the cases that were due
// because bulletins that divide by all cases received make a unit look slow for
// cases that it still has time for (the seed's 3,631 replies of 3,760 due, and
// 54,213 closed of 54,637 received, are two measures); satisfied is 基本满意 and
// better because the five levels of 好差评 call the two below it 差评; the bins
// of days are those that readers of such statistics ask for, and include the
// 15, 30 and 60 days of the petition rules.
func Measures() []Measure {
	cases := Text{"件", "cases"}
	items := Text{"件次", "items received"}
	days := Text{"天（满24小时计1天）", "days (whole 24-hour periods)"}
	ratings := Text{"件（有评价的诉求件）", "cases with a rating"}
	merged := Text{
		"并单的诉求件不计入，由其并入的诉求件计算；缺少所需数据的诉求件不计入分子和分母，另列为“未知”。",
		"Merged cases are left out; the case they were merged into counts. A case that lacks a value needed here is in neither numerator nor denominator and is counted as unknown.",
	}
	withDue := Text{
		"截至统计截止日期限未到的诉求件不计入；" + merged.Zh,
		"Cases whose due day lies after the cut-off are left out. " + merged.En,
	}
	published := Text{
		"只统计全文公开的诉求件（评价不随未公开的诉求件公布）；已撤下的诉求件按无评价计入分母。没有评价不等于满意，不作推定。",
		"Only cases published in full, because a stub shows no rating; a withdrawn case counts as one without a rating. A missing rating is never read as satisfied.",
	}
	satisfied := Text{
		"没有评价的诉求件不计入；其他评价标准的评价分开统计，不合并；已撤下的诉求件的评价不再计入。",
		"Cases without a rating are left out; ratings of other scales are counted apart; the rating of a withdrawn case is no longer counted.",
	}
	return []Measure{
		{
			ID: MeasureReceived, Version: version(MeasureReceived), Kind: CountMeasure, Unit: items, Rows: true,
			Name:    Text{"收到件数", "Received"},
			Formula: Text{"收到日期在统计期内且不晚于统计截止日的诉求件数，包括未全文公开、已并单和已撤下的。", "Number of cases whose day of receipt lies in the period and not after the cut-off, those not published in full, merged or withdrawn included."},
			LeftOut: Text{"检举控告类不编号、不计入。按领域和诉求类别统计时，只包括全文公开的诉求件。", "Accusations against officials have no number and are not counted. By topic and by kind, only cases published in full are counted."},
		},
		{
			ID: MeasureRepliedOfDue, Version: version(MeasureRepliedOfDue), Kind: RateMeasure, Unit: cases, Rows: true,
			Name:    Text{"到期答复率", "Replied of due"},
			Formula: Text{"办理期限不晚于统计截止日的诉求件中，截至统计截止日已答复的件数 ÷ 办理期限不晚于统计截止日的件数。", "Cases due on or before the cut-off and replied to on or before the cut-off ÷ cases due on or before the cut-off."},
			LeftOut: withDue,
		},
		{
			ID: MeasureRepliedOfCollected, Version: version(MeasureRepliedOfCollected), Kind: RateMeasure, Unit: cases, Rows: true,
			Name:    Text{"回复率", "Replied of collected"},
			Formula: Text{"统计期内收到、截至统计截止日已答复的件数 ÷ 统计期内收到的件数。", "Cases received in the period and replied to on or before the cut-off ÷ cases received in the period."},
			LeftOut: merged,
		},
		{
			ID: MeasureClosedOfReceived, Version: version(MeasureClosedOfReceived), Kind: RateMeasure, Unit: cases, Rows: true,
			Name:    Text{"办结率", "Closed of received"},
			Formula: Text{"统计期内收到、截至统计截止日已办结的件数 ÷ 统计期内收到的件数。", "Cases received in the period and closed on or before the cut-off ÷ cases received in the period."},
			LeftOut: merged,
		},
		{
			ID: MeasureOnTimeReply, Version: version(MeasureOnTimeReply), Kind: RateMeasure, Unit: cases, Rows: true,
			Name:    Text{"按期答复率", "Replied on time"},
			Formula: Text{"办理期限不晚于统计截止日的诉求件中，在期限内答复的件数 ÷ 办理期限不晚于统计截止日的件数。到期未答复的计入分母。", "Cases due on or before the cut-off and replied to in time ÷ cases due on or before the cut-off. A case that is due and has no reply counts as not in time."},
			LeftOut: withDue,
		},
		{
			ID: MeasureOnTimeClose, Version: version(MeasureOnTimeClose), Kind: RateMeasure, Unit: cases, Rows: true,
			Name:    Text{"按期办结率", "Closed on time"},
			Formula: Text{"办理期限不晚于统计截止日的诉求件中，在期限内办结的件数 ÷ 办理期限不晚于统计截止日的件数。到期未办结的计入分母。", "Cases due on or before the cut-off and closed in time ÷ cases due on or before the cut-off. A case that is due and not closed counts as not in time."},
			LeftOut: withDue,
		},
		{
			ID: MeasureMedianDays, Version: version(MeasureMedianDays), Kind: MedianMeasure, Unit: days, Rows: true,
			Name:    Text{"答复用时中位数", "Median days to reply"},
			Formula: Text{"统计期内收到、截至统计截止日已答复的诉求件，按从收到到答复的天数排序后居中的值；件数为偶数时取中间两个值的平均数。", "The middle value of the days from receipt to reply of the cases received in the period and replied to on or before the cut-off; the mean of the two middle values where their number is even."},
			LeftOut: Text{"尚未答复的诉求件没有天数，不计入。" + merged.Zh, "Cases without a reply have no number of days and are left out. " + merged.En},
		},
		{
			ID: MeasureMedianCloseDays, Version: version(MeasureMedianCloseDays), Kind: MedianMeasure, Unit: days, Rows: true,
			Name:    Text{"办结用时中位数", "Median days to closing"},
			Formula: Text{"统计期内收到、截至统计截止日已办结的诉求件，按从收到到办结的天数排序后居中的值；件数为偶数时取中间两个值的平均数。", "The middle value of the days from receipt to closing of the cases received in the period and closed on or before the cut-off; the mean of the two middle values where their number is even."},
			LeftOut: Text{"尚未办结的诉求件没有天数，不计入。" + merged.Zh, "Cases not closed have no number of days and are left out. " + merged.En},
		},
		{
			ID: MeasureRatingCoverage, Version: version(MeasureRatingCoverage), Kind: RateMeasure, Unit: cases,
			Name:    Text{"评价率", "Rating coverage"},
			Formula: Text{"全文公开且已答复的诉求件中有评价的件数 ÷ 全文公开（含已撤下）且已答复的件数。", "Cases published in full, replied to and rated ÷ cases published in full or withdrawn and replied to."},
			LeftOut: published,
		},
		{
			ID: MeasureSatisfiedFive, Version: version(MeasureSatisfiedFive), Kind: RateMeasure, Unit: ratings,
			Name:    Text{"满意率（五级评价）", "Satisfied (five levels)"},
			Formula: Text{"评价为非常满意、满意、基本满意的件数 ÷ 有五级评价的件数。", "Cases rated very satisfied, satisfied or fairly satisfied ÷ cases rated on the five levels."},
			LeftOut: satisfied,
		},
		{
			ID: MeasureSatisfiedThree, Version: version(MeasureSatisfiedThree), Kind: RateMeasure, Unit: ratings,
			Name:    Text{"满意率（三级评价）", "Satisfied (three levels)"},
			Formula: Text{"评价为满意、基本满意的件数 ÷ 有三级评价的件数。", "Cases rated satisfied or fairly satisfied ÷ cases rated on the three levels."},
			LeftOut: satisfied,
		},
		{
			ID: MeasureSatisfiedPoints, Version: version(MeasureSatisfiedPoints), Kind: RateMeasure, Unit: ratings,
			Name:    Text{"满意率（1至5分）", "Satisfied (1 to 5 points)"},
			Formula: Text{"评价为4分、5分的件数 ÷ 有1至5分评价的件数。", "Cases rated 4 or 5 ÷ cases rated 1 to 5."},
			LeftOut: satisfied,
		},
	}
}
