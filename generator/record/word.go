package record

// The closed word lists. The empty word always means "not known". The words
// are what files and addresses carry; the theme's i18n data gives their labels.

// Kind is what a case asks for (诉求类别).
type Kind string

// The kinds of a case. Accusing an official (检举控告) is not among them: such a
// case is never given a number, a row or a page.
const (
	Consult    Kind = "consult"    // 咨询
	Suggest    Kind = "suggest"    // 建议
	Help       Kind = "help"       // 求助
	Complain   Kind = "complain"   // 投诉
	Grievance  Kind = "grievance"  // 申诉
	Report     Kind = "report"     // 举报 (of an administrative offence)
	Thank      Kind = "thank"      // 表扬
	OtherKind  Kind = "other"      // 其他
	CorrectErr Kind = "correction" // 纠错 (of a government site)
)

// Kinds lists every kind in the order in which it is shown.
func Kinds() []Kind {
	return []Kind{Consult, Suggest, Help, Complain, Grievance, Report, Thank, CorrectErr, OtherKind}
}

// Status is how far a case has come (办理状态).
type Status string

// The states of a case.
const (
	Pending     Status = "pending"     // 待受理
	Handling    Status = "handling"    // 办理中
	Replied     Status = "replied"     // 已答复
	Closed      Status = "closed"      // 已办结
	Declined    Status = "declined"    // 不予受理
	Transferred Status = "transferred" // 已转出
	Merged      Status = "merged"      // 已并单
)

// Statuses lists every status in the order in which it is shown.
func Statuses() []Status {
	return []Status{Pending, Handling, Replied, Closed, Declined, Transferred, Merged}
}

// Outcome is what was decided (办理结果).
type Outcome string

// The outcomes: the three of the petition rules, the two of a suggestion, and
// the two later stages.
const (
	Supported    Outcome = "supported"     // 支持
	Explained    Outcome = "explained"     // 解释说明
	NotSupported Outcome = "not-supported" // 不支持
	Adopted      Outcome = "adopted"       // 采纳
	NotAdopted   Outcome = "not-adopted"   // 未采纳
	Reviewed     Outcome = "reviewed"      // 复查
	ReReviewed   Outcome = "re-reviewed"   // 复核
)

// Origin is how a matter was taken up (诉求来源), whatever the channel that brought it to
// the office.
type Origin string

// The origins.
const (
	Letter    Origin = "letter"    // 来信
	Visit     Origin = "visit"     // 来访
	Call      Origin = "call"      // 来电
	Web       Origin = "web"       // 网上诉求
	Opinion   Origin = "opinion"   // 网络舆情
	Press     Origin = "press"     // 媒体反映
	PassedOn  Origin = "passed-on" // 上级交办或其他单位转来
	OtherWays Origin = "other"     // 其他
)

// Origins lists every origin in the order in which it is shown.
func Origins() []Origin {
	return []Origin{Letter, Visit, Call, Web, Opinion, Press, PassedOn, OtherWays}
}

// Prominence is how much of a case may be seen (公开程度).
type Prominence string

// The prominences. A case that is held, excluded or waiting for its join has no
// prominence, because it is not in the store at all.
const (
	Full      Prominence = "full"      // text, reply and row
	StubOnly  Prominence = "stub"      // the row alone
	Withdrawn Prominence = "withdrawn" // tombstone: number, unit, reason and day
)

// StubReason says, coarsely, why a case is not published in full (未全文公开原因).
// It is never finer than this list, so that no reason gives a person away.
type StubReason string

// The reasons of a stub.
const (
	NotAnswered StubReason = "not-answered" // 尚未答复
	UnderReview StubReason = "under-review" // 公开审查中
	NotAgreed   StubReason = "not-agreed"   // 诉求人不同意公开
	NotSuitable StubReason = "not-suitable" // 不宜公开
	MergedInto  StubReason = "merged"       // 已并单
	Removed     StubReason = "withdrawn"    // 已撤下
)

// StubReasons lists every reason in the order in which it is shown.
func StubReasons() []StubReason {
	return []StubReason{NotAnswered, UnderReview, NotAgreed, NotSuitable, MergedInto, Removed}
}

// Reason is why something was withdrawn or corrected, a closed list.
type Reason string

// The reasons of a withdrawal or correction. The first four are shown to the
// public as one phrase, 依法不予公开; see [Reason.Public].
const (
	Privacy    Reason = "privacy"     // 个人隐私
	ThirdParty Reason = "third-party" // 第三方权益
	Court      Reason = "court"       // 司法要求
	Secret     Reason = "secret"      // 涉密
	Duplicate  Reason = "duplicate"   // 重复
	WrongUnit  Reason = "wrong-unit"  // 单位有误
	Mistake    Reason = "error"       // 内容有误
)

// Reasons lists every reason.
func Reasons() []Reason {
	return []Reason{Privacy, ThirdParty, Court, Secret, Duplicate, WrongUnit, Mistake}
}

// Valid reports whether r is on the closed list.
func (r Reason) Valid() bool {
	for _, k := range Reasons() {
		if r == k {
			return true
		}
	}
	return false
}

// Public returns the word under which r is published: the four legal reasons
// share "by-law", so that the word itself discloses nothing.
func (r Reason) Public() string {
	if r.Hides() {
		return "by-law"
	}
	return string(r)
}

// Flag marks a row whose delivered values contradict each other (数据提示). The
// dates won; the flag says that they had to.
type Flag string

// The flags of a row.
const (
	StatusWithoutReply  Flag = "status-without-reply"  // status says answered, no reply was delivered
	ReplyBeforeQuestion Flag = "reply-before-question" // the reply is dated before the case
	CloseBeforeReceipt  Flag = "close-before-receipt"  // closing is dated before receipt
	FutureDate          Flag = "future-date"           // a date lies after the as-of day and was set aside
	StatusBehindDates   Flag = "status-behind-dates"   // dates say answered or closed, status does not
	KindUnknownWord     Flag = "unlisted-word"         // a word outside the mapping's value table was set aside
)

// RatingScale is the set of levels a rating was asked in (评价标准).
type RatingScale string

// The scales of a rating.
const (
	Five   RatingScale = "five"   // 好差评: 非常满意 满意 基本满意 不满意 非常不满意
	Three  RatingScale = "three"  // 满意 基本满意 不满意
	Points RatingScale = "points" // 1 to 5
)

// RatingSource is how a rating was obtained (评价方式).
type RatingSource string

// The ways of obtaining a rating.
const (
	ByCitizen  RatingSource = "citizen"   // 诉求人主动评价
	ByCallback RatingSource = "call-back" // 回访
	ByMessage  RatingSource = "message"   // 短信评价
	ByPanel    RatingSource = "panel"     // 第三方评估
)

// LeaderKind is one of the ten kinds that the seed rules ask leaders to handle
// themselves. The word is the configuration's; see docs/glossary.md.
type LeaderKind string
