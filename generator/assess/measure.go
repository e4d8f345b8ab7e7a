package assess

import "github.com/huiyin/huiyin/generator/record"

// MeasureKind says how the Num and Den of a measure's figures are to be read.
type MeasureKind string

// The kinds of measure.
const (
	CountMeasure  MeasureKind = "count"  // Num cases; Den is 0
	RateMeasure   MeasureKind = "rate"   // Num of Den cases
	MedianMeasure MeasureKind = "median" // Num/Den days, Den being 2; 0 when unknown

	PerThousandMeasure MeasureKind = "per-thousand" // 1000*Num/Den, Den being residents
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

	MeasureReceivedPerThousand   = "received-per-thousand"
	MeasurePublishedOfReceived   = "published-of-received"
	MeasureOnlineOfReceived      = "online-of-received"
	MeasureMerged                = "merged"
	MeasureRepeats               = "repeats"
	MeasureRespondedOfReceived   = "responded-of-received"
	MeasureMedianFirstDays       = "median-first-days"
	MeasureDispatchedOfReceived  = "dispatched-of-received"
	MeasureResolvedOfClosed      = "resolved-of-closed"
	MeasureReopenedOfClosed      = "reopened-of-closed"
	MeasureReturnedOfPublished   = "returned-of-published"
	MeasureReturns               = "returns"
	MeasureSupervisedOfPublished = "supervised-of-published"
	MeasureOnSiteOfAnswered      = "on-site-of-answered"
	MeasureSupportedOfOutcome    = "supported-of-outcome"
	MeasureExplainedOfOutcome    = "explained-of-outcome"
	MeasureNotSupportedOfOutcome = "not-supported-of-outcome"
	MeasureAdoptedOfDecided      = "adopted-of-decided"
	MeasureReviewed              = "reviewed"
	MeasureReReviewed            = "re-reviewed"
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
	Ranks   bool        `json:"ranks"`    // a rate on rows of which more is better: units may be compared by it, and no withdrawal lifts one
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
	noClosings := func(t Text) Text {
		return Text{t.Zh + "全站没有任何一件办结的，全部为“未知”，而不是零。", t.En + " Where no case of the installation is closed, all are unknown, and the rate is not 0 %."}
	}
	published := Text{
		"只统计全文公开的诉求件（评价不随未公开的诉求件公布）；已撤下的诉求件按无评价计入分母；并单的、不知是否已答复的不计入。没有评价不等于满意，不作推定。全站没有任何一件提供评价的，全部为“未知”，而不是零。",
		"Only cases published in full, because a stub shows no rating; a withdrawn case counts as one without a rating; merged cases, and those of which it is not known whether they were replied to, are left out. A missing rating is never read as satisfied. Where no case of the installation carries a rating, all are unknown, and the rate is not 0 %.",
	}
	satisfied := Text{
		"没有评价的、未答复的、并单的诉求件不计入；其他评价标准的评价分开统计，不合并；已撤下的诉求件的评价不再计入，因此不用于单位之间的比较。",
		"Cases without a rating, those not replied to and merged ones are left out; ratings of other scales are counted apart; the rating of a withdrawn case is no longer counted, and units are therefore not compared by it.",
	}
	full := Text{
		"只统计全文公开的诉求件；已撤下的，原数据不再公开，列为“未知”。" + merged.Zh,
		"Only cases published in full; of a withdrawn case this is no longer known. " + merged.En,
	}
	before := func(zh, en string) Text {
		return Text{
			"没有" + zh + "日期而已答复或办结的，事情已经办过，只是没有记录日期，列为“未知”；日期早于收到日期的同样列为“未知”。全站没有任何一件提供" + zh + "日期的，全部为“未知”，而不是零。" + merged.Zh,
			"A case without a day of " + en + " that has been replied to or closed has been seen to without a note of the day: it is unknown, and so is a day before that of receipt. Where no case of the installation has such a day, all are unknown, and the rate is not 0 %. " + merged.En,
		}
	}
	outcome := Text{
		"三项占比的分母相同，分子之和等于分母。没有办理结果、结果为复查或者复核的，列为“未知”；结果为采纳或者未采纳的、没有结果的建议，不计入。" + full.Zh,
		"The three shares have one denominator, and their numerators add up to it. Cases without an outcome, and those that stand at a review or re-review, are unknown; those with the outcome adopted or not adopted, and suggestions without one, are left out. " + full.En,
	}
	all := []Measure{
		{
			ID: MeasureReceived, Kind: CountMeasure, Unit: items, Rows: true,
			Name:    Text{"收到件数", "Received"},
			Formula: Text{"收到日期在统计期内且不晚于统计截止日的诉求件数，包括未全文公开、已并单和已撤下的。", "Number of cases whose day of receipt lies in the period and not after the cut-off, those not published in full, merged or withdrawn included."},
			LeftOut: Text{"检举控告类不编号、不计入。按领域和诉求类别统计时，只包括全文公开的诉求件。", "Accusations against officials have no number and are not counted. By topic and by kind, only cases published in full are counted."},
		},
		{
			ID: MeasureRepliedOfDue, Kind: RateMeasure, Unit: cases, Rows: true, Ranks: true,
			Name:    Text{"到期答复率", "Replied of due"},
			Formula: Text{"统计期内收到、办理期限不晚于统计截止日的诉求件中，截至统计截止日已答复的件数 ÷ 统计期内收到、办理期限不晚于统计截止日的件数。", "Cases received in the period, due on or before the cut-off and replied to on or before the cut-off ÷ cases received in the period and due on or before the cut-off."},
			LeftOut: withDue,
		},
		{
			ID: MeasureRepliedOfCollected, Kind: RateMeasure, Unit: cases, Rows: true, Ranks: true,
			Name:    Text{"回复率", "Replied of collected"},
			Formula: Text{"统计期内收到、截至统计截止日已答复的件数 ÷ 统计期内收到的件数。", "Cases received in the period and replied to on or before the cut-off ÷ cases received in the period."},
			LeftOut: merged,
		},
		{
			ID: MeasureClosedOfReceived, Kind: RateMeasure, Unit: cases, Rows: true, Ranks: true,
			Name:    Text{"办结率", "Closed of received"},
			Formula: Text{"统计期内收到、截至统计截止日已办结的件数 ÷ 统计期内收到的件数。", "Cases received in the period and closed on or before the cut-off ÷ cases received in the period."},
			LeftOut: noClosings(merged),
		},
		{
			ID: MeasureOnTimeReply, Kind: RateMeasure, Unit: cases, Rows: true, Ranks: true,
			Name:    Text{"按期答复率", "Replied on time"},
			Formula: Text{"统计期内收到、办理期限不晚于统计截止日的诉求件中，在期限内答复的件数 ÷ 统计期内收到、办理期限不晚于统计截止日的件数。到期未答复的计入分母。", "Cases received in the period, due on or before the cut-off and replied to in time ÷ cases received in the period and due on or before the cut-off. A case that is due and has no reply counts as not in time."},
			LeftOut: withDue,
		},
		{
			ID: MeasureOnTimeClose, Kind: RateMeasure, Unit: cases, Rows: true, Ranks: true,
			Name:    Text{"按期办结率", "Closed on time"},
			Formula: Text{"统计期内收到、办理期限不晚于统计截止日的诉求件中，在期限内办结的件数 ÷ 统计期内收到、办理期限不晚于统计截止日的件数。到期未办结的计入分母。", "Cases received in the period, due on or before the cut-off and closed in time ÷ cases received in the period and due on or before the cut-off. A case that is due and not closed counts as not in time."},
			LeftOut: noClosings(withDue),
		},
		{
			ID: MeasureMedianDays, Kind: MedianMeasure, Unit: days, Rows: true,
			Name:    Text{"答复用时中位数", "Median days to reply"},
			Formula: Text{"统计期内收到、截至统计截止日已答复的诉求件，按从收到到答复的天数排序后居中的值；件数为偶数时取中间两个值的平均数。", "The middle value of the days from receipt to reply of the cases received in the period and replied to on or before the cut-off; the mean of the two middle values where their number is even."},
			LeftOut: Text{"尚未答复的诉求件没有天数，不计入。" + merged.Zh, "Cases without a reply have no number of days and are left out. " + merged.En},
		},
		{
			ID: MeasureMedianCloseDays, Kind: MedianMeasure, Unit: days, Rows: true,
			Name:    Text{"办结用时中位数", "Median days to closing"},
			Formula: Text{"统计期内收到、截至统计截止日已办结的诉求件，按从收到到办结的天数排序后居中的值；件数为偶数时取中间两个值的平均数。", "The middle value of the days from receipt to closing of the cases received in the period and closed on or before the cut-off; the mean of the two middle values where their number is even."},
			LeftOut: Text{"尚未办结的诉求件没有天数，不计入。" + merged.Zh, "Cases not closed have no number of days and are left out. " + merged.En},
		},
		{
			ID: MeasureRatingCoverage, Kind: RateMeasure, Unit: cases,
			Name:    Text{"评价率", "Rating coverage"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复的诉求件中有评价的件数 ÷ 统计期内收到、全文公开（含已撤下）、截至统计截止日已答复的件数。", "Cases received in the period, published in full, replied to on or before the cut-off and rated ÷ cases received in the period, published in full or withdrawn, and replied to on or before the cut-off."},
			LeftOut: published,
		},
		{
			ID: MeasureSatisfiedFive, Kind: RateMeasure, Unit: ratings,
			Name:    Text{"满意率（五级评价）", "Satisfied (five levels)"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复的诉求件中，评价为非常满意、满意、基本满意的件数 ÷ 其中有五级评价的件数。", "Cases received in the period, published in full, replied to on or before the cut-off and rated very satisfied, satisfied or fairly satisfied ÷ cases received in the period, published in full, replied to on or before the cut-off and rated on the five levels."},
			LeftOut: satisfied,
		},
		{
			ID: MeasureSatisfiedThree, Kind: RateMeasure, Unit: ratings,
			Name:    Text{"满意率（三级评价）", "Satisfied (three levels)"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复的诉求件中，评价为满意、基本满意的件数 ÷ 其中有三级评价的件数。", "Cases received in the period, published in full, replied to on or before the cut-off and rated satisfied or fairly satisfied ÷ cases received in the period, published in full, replied to on or before the cut-off and rated on the three levels."},
			LeftOut: satisfied,
		},
		{
			ID: MeasureSatisfiedPoints, Kind: RateMeasure, Unit: ratings,
			Name:    Text{"满意率（1至5分）", "Satisfied (1 to 5 points)"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复的诉求件中，评价为4分、5分的件数 ÷ 其中有1至5分评价的件数。", "Cases received in the period, published in full, replied to on or before the cut-off and rated 4 or 5 ÷ cases received in the period, published in full, replied to on or before the cut-off and rated 1 to 5."},
			LeftOut: satisfied,
		},
		{
			ID: MeasureReceivedPerThousand, Kind: PerThousandMeasure, Unit: Text{"件次／千人", "items received per 1,000 residents"}, Rows: true,
			Name:    Text{"每千常住人口收到件数", "Received per 1,000 residents"},
			Formula: Text{"统计期内收到的件数 × 1000 ÷ 该地区的常住人口。", "Cases received in the period × 1,000 ÷ residents of the area."},
			LeftOut: Text{"只用于地区，且区划表中有常住人口的；人口为区划表现行数，不随统计期变化。件数多不等于工作差，也可能是渠道畅通。", "For areas alone, where the register of areas gives the number of residents, which is today's whatever the period. Many cases do not mean bad work; they may mean an open door."},
		},
		{
			ID: MeasurePublishedOfReceived, Kind: RateMeasure, Unit: cases,
			Name:    Text{"全文公开率", "Published in full of received"},
			Formula: Text{"统计期内收到的诉求件中全文公开的件数 ÷ 统计期内收到的件数。", "Cases received in the period and published in full ÷ cases received in the period."},
			LeftOut: Text{"不排除任何诉求件：并单的、已撤下的都计入分母。其余各件按未全文公开的原因分列，各原因件数与全文公开件数之和等于收到件数。这是目前的公开情况，不作为已发布数字保存。", "Nothing is left out: merged and withdrawn cases are in the denominator. The others are listed by the reason why they are not published in full; reasons and cases published in full add up to those received. It says how things stand today, and is not kept as published."},
		},
		{
			ID: MeasureOnlineOfReceived, Kind: RateMeasure, Unit: items, Rows: true,
			Name:    Text{"来自网上渠道的件数", "Received online"},
			Formula: Text{"统计期内收到、渠道表标明为网上渠道的件数 ÷ 统计期内收到、渠道表标明是否为网上渠道的件数。", "Cases received in the period through channels that the register of channels says are online ÷ cases received in the period through channels of which it says whether they are."},
			LeftOut: Text{"并单的、已撤下的都计入。没有渠道的，或者渠道表没有标明是否为网上渠道的，列为“未知”。按渠道表现行内容计算，不作为已发布数字保存。渠道构成只说明诉求从哪里来，不说明办得好坏，不用于单位之间的比较。", "Merged and withdrawn cases are counted. Cases without a channel, and those of a channel of which the register does not say it, are unknown. It goes by today's register and is not kept as published. Through which channels cases come says where they come from, and nothing about how well they are handled; units are not compared by it."},
		},
		{
			ID: MeasureMerged, Kind: CountMeasure, Unit: items, Rows: true,
			Name:    Text{"并单件数", "Merged"},
			Formula: Text{"统计期内收到、已并入其他诉求件的件数。", "Number of cases received in the period and merged into another."},
			LeftOut: Text{"并单的诉求件计入收到件数，不计入各项比率。", "Merged cases are among those received and in none of the rates."},
		},
		{
			ID: MeasureRepeats, Kind: CountMeasure, Unit: cases,
			Name:    Text{"重复件数", "Repeats"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结、标明与以前某件重复的件数。", "Number of cases received in the period, published in full and replied to or closed on or before the cut-off that are marked as a repeat of an earlier one."},
			LeftOut: Text{"重复是指同一问题再次提出，不是对诉求人的评价。已并单的另列，不在此重复计算。重复件各自计入各项比率。", "A repeat is the same matter raised again, and says nothing about who raised it. Merged cases are counted apart and not here. Each repeat counts in the rates."},
		},
		{
			ID: MeasureRespondedOfReceived, Kind: RateMeasure, Unit: cases, Rows: true, Ranks: true,
			Name:    Text{"响应率", "Responded of received"},
			Formula: Text{"统计期内收到、截至统计截止日已有首次响应的件数 ÷ 统计期内收到的件数。", "Cases received in the period with a first response on or before the cut-off ÷ cases received in the period."},
			LeftOut: Text{"数据不含首次响应的期限，因此不区分响应是否按时。" + before("首次响应", "").Zh, "The data have no due day of the first response, so it is not asked whether it was in time. " + before("", "first response").En},
		},
		{
			ID: MeasureMedianFirstDays, Kind: MedianMeasure, Unit: Text{"天（日期之差，当天响应为0天）", "days (difference of dates; the same day is 0)"}, Rows: true,
			Name:    Text{"首次响应用时中位数", "Median days to first response"},
			Formula: Text{"统计期内收到、截至统计截止日已有首次响应的诉求件，按从收到日期到首次响应日期的天数排序后居中的值；件数为偶数时取中间两个值的平均数。", "The middle value of the days from the day of receipt to that of the first response of the cases received in the period and responded to on or before the cut-off; the mean of the two middle values where their number is even."},
			LeftOut: Text{"尚未响应的诉求件没有天数，不计入。" + before("首次响应", "").Zh, "Cases without a first response have no number of days and are left out. " + before("", "first response").En},
		},
		{
			ID: MeasureDispatchedOfReceived, Kind: RateMeasure, Unit: cases, Rows: true, Ranks: true,
			Name:    Text{"办理率", "Dispatched of received"},
			Formula: Text{"统计期内收到、截至统计截止日已交办承办单位的件数 ÷ 统计期内收到的件数。", "Cases received in the period and dispatched to a unit on or before the cut-off ÷ cases received in the period."},
			LeftOut: Text{"办理率说的是已进入办理，办结率说的是已办完。不予受理的计入分母。" + before("交办", "").Zh, "This says that handling has begun, and closed of received that it has ended. Declined cases are in the denominator. " + before("", "dispatch").En},
		},
		{
			ID: MeasureResolvedOfClosed, Kind: RateMeasure, Unit: cases, Rows: true, Ranks: true,
			Name:    Text{"解决率（诉求人确认）", "Resolved of closed"},
			Formula: Text{"统计期内收到、截至统计截止日已办结并经诉求人确认解决的件数 ÷ 统计期内收到、截至统计截止日已办结的件数。", "Cases received in the period, closed, and confirmed by the citizen as resolved on or before the cut-off ÷ cases received in the period and closed on or before the cut-off."},
			LeftOut: Text{"没有确认的计入分母，不推定为已解决，也不等于没有解决。全站没有任何一件提供确认日期的，全部为“未知”，而不是零。" + merged.Zh, "A case without confirmation is in the denominator: it is not taken to be resolved, nor is it said to be unresolved. Where no case of the installation has a day of confirmation, all are unknown, and the rate is not 0 %. " + merged.En},
		},
		{
			ID: MeasureReopenedOfClosed, Kind: RateMeasure, Unit: cases,
			Name:    Text{"重新办理率", "Reopened of closed"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已办结的诉求件中，重新办理过至少一次的件数 ÷ 统计期内收到、全文公开、截至统计截止日已办结的件数。", "Cases received in the period, published in full and closed on or before the cut-off that were reopened at least once ÷ cases received in the period, published in full and closed on or before the cut-off."},
			LeftOut: Text{"没有重新办理次数的按没有重新办理过计入；全站没有任何一件提供次数的，全部为“未知”，而不是零。" + full.Zh, "A case that does not say how often it was reopened counts as not reopened; where no case of the installation says so, all are unknown, and the rate is not 0 %. " + full.En},
		},
		{
			ID: MeasureReturnedOfPublished, Kind: RateMeasure, Unit: cases,
			Name:    Text{"退单率", "Returned of published"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结的诉求件中，被退回过至少一次的件数 ÷ 统计期内收到、全文公开、截至统计截止日已答复或办结的件数。", "Cases received in the period, published in full and replied to or closed on or before the cut-off that a unit had returned at least once by then ÷ cases received in the period, published in full and replied to or closed on or before the cut-off."},
			LeftOut: Text{"全站没有任何一件提供转办记录的，全部为“未知”，而不是零。" + full.Zh, "Where no case of the installation carries its way between units, all are unknown, and the rate is not 0 %. " + full.En},
		},
		{
			ID: MeasureReturns, Kind: CountMeasure, Unit: Text{"次", "returns"},
			Name:    Text{"退单次数", "Returns"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结的诉求件，截至统计截止日被退回的次数之和；一件可以退回多次。", "How often the cases received in the period, published in full and replied to or closed on or before the cut-off had been returned by a unit by then; a case can be returned more than once."},
			LeftOut: Text{"只统计全文公开的诉求件；并单的不计入。", "Only cases published in full; merged cases are left out."},
		},
		{
			ID: MeasureSupervisedOfPublished, Kind: RateMeasure, Unit: cases,
			Name:    Text{"督办率", "Supervised of published"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结的诉求件中，督办过至少一次的件数 ÷ 统计期内收到、全文公开、截至统计截止日已答复或办结的件数。", "Cases received in the period, published in full and replied to or closed on or before the cut-off whose handling had been supervised at least once by then ÷ cases received in the period, published in full and replied to or closed on or before the cut-off."},
			LeftOut: Text{"全站没有任何一件提供督办记录的，全部为“未知”，而不是零。" + full.Zh, "Where no case of the installation carries a supervision, all are unknown, and the rate is not 0 %. " + full.En},
		},
		{
			ID: MeasureOnSiteOfAnswered, Kind: RateMeasure, Unit: cases,
			Name:    Text{"现场办理率", "Handled on site of answered"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结的诉求件中，现场或当面办理的件数 ÷ 其中写明是否现场或当面办理的件数。", "Cases received in the period, published in full and replied to or closed on or before the cut-off that were handled on the spot or face to face ÷ those of them that say whether they were."},
			LeftOut: full,
		},
		{
			ID: MeasureSupportedOfOutcome, Kind: RateMeasure, Unit: cases,
			Name:    Text{"支持占比", "Supported of outcomes"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结的诉求件中，办理结果为支持的件数 ÷ 办理结果为支持、解释说明或者不支持的件数。", "Cases received in the period, published in full and replied to or closed on or before the cut-off with the outcome supported ÷ those with the outcome supported, explained or not supported."},
			LeftOut: outcome,
		},
		{
			ID: MeasureExplainedOfOutcome, Kind: RateMeasure, Unit: cases,
			Name:    Text{"解释说明占比", "Explained of outcomes"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结的诉求件中，办理结果为解释说明的件数 ÷ 办理结果为支持、解释说明或者不支持的件数。", "Cases received in the period, published in full and replied to or closed on or before the cut-off with the outcome explained ÷ those with the outcome supported, explained or not supported."},
			LeftOut: outcome,
		},
		{
			ID: MeasureNotSupportedOfOutcome, Kind: RateMeasure, Unit: cases,
			Name:    Text{"不支持占比", "Not supported of outcomes"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结的诉求件中，办理结果为不支持的件数 ÷ 办理结果为支持、解释说明或者不支持的件数。", "Cases received in the period, published in full and replied to or closed on or before the cut-off with the outcome not supported ÷ those with the outcome supported, explained or not supported."},
			LeftOut: outcome,
		},
		{
			ID: MeasureAdoptedOfDecided, Kind: RateMeasure, Unit: Text{"件（建议）", "suggestions"},
			Name:    Text{"建议采纳率", "Suggestions adopted of decided"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结的诉求件中，结果为采纳的件数 ÷ 结果为采纳或者未采纳的件数。", "Cases received in the period, published in full and replied to or closed on or before the cut-off with the outcome adopted ÷ those with the outcome adopted or not adopted."},
			LeftOut: Text{"建议没有结果的，列为“未知”；其他类别没有结果的，不计入。" + full.Zh, "Suggestions without an outcome are unknown; other cases without one are left out. " + full.En},
		},
		{
			ID: MeasureReviewed, Kind: CountMeasure, Unit: cases,
			Name:    Text{"复查件数", "Reviewed"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结、结果为复查的件数。", "Number of cases received in the period, published in full and replied to or closed on or before the cut-off that stand at a review."},
			LeftOut: Text{"已进入复核的计入复核件数，不在此计算；并单的不计入。", "Cases that have gone on to a re-review are counted there and not here; merged cases are left out."},
		},
		{
			ID: MeasureReReviewed, Kind: CountMeasure, Unit: cases,
			Name:    Text{"复核件数", "Re-reviewed"},
			Formula: Text{"统计期内收到、全文公开、截至统计截止日已答复或办结、结果为复核的件数。", "Number of cases received in the period, published in full and replied to or closed on or before the cut-off that stand at a re-review."},
			LeftOut: Text{"只统计全文公开的诉求件；并单的不计入。", "Only cases published in full; merged cases are left out."},
		},
	}
	for i := range all {
		all[i].Version = version(all[i].ID)
	}
	return all
}

// PerThousand writes 1000*Num/Den with two decimals, rounded half up, as in "4.21", and
// "" where there is no denominator.
func PerThousand(r record.Rate) string {
	return record.Rate{Num: 10 * r.Num, Den: r.Den}.Percent(2)
}
