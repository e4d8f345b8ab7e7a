package record

// Row is the public row of a case (诉求件公开行): what is published of every
// accepted case, also of one whose text is withheld, so that a reply rate has a
// denominator that anyone can count. It holds no topic, no kind and no text.
type Row struct {
	Number     CaseNumber `json:"number"`
	Prominence Prominence `json:"prominence"`
	StubReason StubReason `json:"stub_reason,omitempty"` // set exactly when Prominence is not Full
	Unit       UnitID     `json:"unit"`                  // 主办单位
	Area       AreaCode   `json:"area"`
	Channel    ChannelID  `json:"channel"`
	Origin     Origin     `json:"origin,omitempty"` // 来源
	Status     Status     `json:"status"`
	MergedInto CaseNumber `json:"merged_into,omitempty"` // 并入的诉求件; only where that is known, and counts itself

	Received      Day `json:"received"`       // 收到; always known
	Dispatched    Day `json:"dispatched"`     // 交办
	Due           Day `json:"due"`            // 办理期限
	FirstResponse Day `json:"first_response"` // 首次响应
	RepliedOn     Day `json:"replied"`        // 答复 (substantive)
	ClosedOn      Day `json:"closed"`         // 办结
	ResolvedOn    Day `json:"resolved"`       // 诉求人确认解决

	// DueRule names the rule that Due was computed by; see package deadline. It is
	// empty where Due was delivered or is not known, and is never stored: the rules of
	// an installation say it anew whenever its site is made.
	DueRule string `json:"due_rule,omitempty"`

	// Answered and Finished say whether there is a reply and whether the case is
	// closed. They are Unknown, and not No, when the office's export does not
	// carry replies or closings at all.
	Answered Tri `json:"answered"`
	Finished Tri `json:"finished"`

	// Days and CloseDays are whole 24-hour periods from receipt to reply and to
	// closing, rounded down; OnTime and ClosedOnTime compare reply and closing
	// with the due time. All four are computed on the full times of the export,
	// which are not published, and are therefore published themselves; where DueRule
	// is set, OnTime and ClosedOnTime compare days.
	Days         Count `json:"days"`
	OnTime       Tri   `json:"on_time"`
	CloseDays    Count `json:"close_days"`
	ClosedOnTime Tri   `json:"closed_on_time"`

	Flags []Flag `json:"flags,omitempty"` // sorted
}

// Case is a case (诉求件) as it may be published: its row and, where Prominence
// is [Full], everything else. For any other prominence all fields but Row are
// empty.
type Case struct {
	Row

	Kind       Kind       `json:"kind,omitempty"`
	Addressee  string     `json:"addressee,omitempty"` // a post such as 书记信箱, never a person
	Topic      TopicID    `json:"topic,omitempty"`
	LegalClass string     `json:"legal_class,omitempty"` // 依法分类
	LeaderKind LeaderKind `json:"leader_kind,omitempty"`
	CoUnits    []UnitID   `json:"co_units,omitempty"` // 协办单位
	Against    UnitID     `json:"against,omitempty"`  // unit complained of
	RepeatOf   CaseNumber `json:"repeat_of,omitempty"`

	Title    string `json:"title,omitempty"`
	Question string `json:"question,omitempty"`
	Reply    Reply  `json:"reply"`

	Outcome       Outcome       `json:"outcome,omitempty"`
	OutcomeReason string        `json:"outcome_reason,omitempty"`
	OnSite        Tri           `json:"on_site"` // handled on the spot or face to face
	Rating        Rating        `json:"rating"`
	Reopened      Count         `json:"reopened"`
	Dispatches    []Dispatch    `json:"dispatches,omitempty"`
	Supervisions  []Supervision `json:"supervisions,omitempty"`
	Timeline      []Step        `json:"timeline,omitempty"`
	Consent       Consent       `json:"consent"`
	Attachments   []Attachment  `json:"attachments,omitempty"`
	FilesWithheld int           `json:"files_withheld,omitempty"` // how many files came with it that are not published
}

// Reply is what a unit answered. It is signed by a unit and, where the office
// keeps spokesmen, by the spokesman's identifier: never by a person's name
// unless acting in office.
type Reply struct {
	Unit      UnitID `json:"unit,omitempty"`
	Spokesman string `json:"spokesman,omitempty"`
	Text      string `json:"text,omitempty"`
}

// Rating is how the citizen judged the handling (评价). Level counts from 1, the
// worst, to 3 or 5, the best; zero is "not rated or not known", and is never
// read as satisfied. Comments are aggregate-only and never reach a record.
type Rating struct {
	Scale  RatingScale  `json:"scale,omitempty"`
	Level  int8         `json:"level,omitempty"`
	Source RatingSource `json:"source,omitempty"`
}

// Dispatch is one move of a case between units (转办、退单).
type Dispatch struct {
	Day      Day    `json:"day"`
	From     UnitID `json:"from,omitempty"`
	To       UnitID `json:"to,omitempty"`
	Returned bool   `json:"returned,omitempty"` // 退单
	Reason   string `json:"reason,omitempty"`
}

// Step is one entry of a case's timeline (办理过程).
type Step struct {
	Day  Day    `json:"day"`
	What string `json:"what"` // a word of the theme's step labels
	Unit UnitID `json:"unit,omitempty"`
	Text string `json:"text,omitempty"`
}

// Consent is whether the writer agreed to publication, and on what that rests
// (公开意愿及依据).
type Consent struct {
	Given Tri    `json:"given"`
	Basis string `json:"basis,omitempty"`
}

// IsMerged reports whether the row is of a case that was merged into another (并单), which
// counts for it. Where the office says so without saying into which, it is not: then no
// other case is known to count.
func (r *Row) IsMerged() bool { return r.MergedInto != "" }

// Stub returns c as it may be published for the given reason: the row and
// nothing else.
func (c Case) Stub(p Prominence, why StubReason) Case {
	s := Case{Row: c.Row}
	s.Prominence, s.StubReason = p, why
	return s
}

// Fact is a case as arithmetic and planning need it: everything but Question
// and Reply.Text, which are empty here, with a fingerprint of the whole case,
// texts included, and how far its public history goes, which only grows.
type Fact struct {
	Case
	Hash    [16]byte
	Changes int32 // public events since the case was first published
	Changed Day   // the latest day of one of them; zero when there is none

	// Shown is the day with which the reply was first published: the as-of day of the
	// batch that brought it, as all days of events are, and not that of the release, which
	// follows it. It stays when the case is changed or withdrawn. Zero: no reply was.
	Shown Day
}
