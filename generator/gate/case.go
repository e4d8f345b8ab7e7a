package gate

import (
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// caseRecord clears a case: accusations leave first, then the row is made of
// words, identifiers and times alone, and texts are looked at only where nothing
// else already keeps them back.
func (c *clearing) caseRecord() any {
	if c.raw.Gone {
		return c.withdrawal()
	}
	if c.raw.Fields[source.FieldKind] == accusation {
		c.verdict.Decision = Exclude
		c.reason("accusation")
		return nil
	}
	if c.perhapsAccusing() {
		c.reason(perhapsAccusing)
		if !c.review.accepts(perhapsAccusing) {
			c.verdict.Decision = Silent
			return nil
		}
		c.verdict.Reviewed = true
	}
	row, refused := c.row()
	if refused != "" {
		return c.refuse(refused)
	}
	c.merged = c.other(source.FieldMergedInto)
	if len(c.raw.Files) > 0 && !c.rebuilds() {
		c.reason(attachmentsLeftOut)
	}
	stub := func(why record.StubReason, code string) any {
		c.verdict.Decision = Stub
		c.reason(code)
		return record.Case{Row: row}.Stub(record.StubOnly, why)
	}
	consent, carried := c.raw.Fields[source.FieldConsent]
	unknown := c.unknownFields(caseFields)
	if unknown {
		c.reason("unknown-field") // said whatever else keeps the case back
	}
	switch {
	case carried && consent != "yes":
		return stub(record.NotAgreed, "no-consent")
	case !carried && c.policy.ConsentRequired:
		return stub(record.NotAgreed, "consent-not-carried")
	case c.raw.Fields[source.FieldConsultation] == "refused":
		return stub(record.NotSuitable, "third-party-refused")
	case c.merged != "" || row.Status == record.Merged:
		return stub(record.MergedInto, "merged")
	case unknown:
		c.hold("unknown-field")
	case c.rowOnly:
		c.hold("row-only")
	case c.stands != nil: // it is published in full, and so answered
	case row.Answered == record.No:
		return stub(record.NotAnswered, "not-answered")
	case row.Answered == record.Unknown && row.Finished != record.Yes:
		return stub(record.NotAnswered, "no-reply-carried")
	}
	c.consultation()
	full := record.Case{}
	if c.verdict.Decision != Hold {
		full = c.fullCase(row)
	}
	switch {
	case c.verdict.Decision == Hold:
	case c.stands != nil && c.stands.filled[source.FieldAttachments]:
		full.Attachments, full.FilesWithheld = c.standingFiles()
	case c.rebuilds():
		full.Attachments, full.FilesWithheld = c.attachments()
	default:
		files, more := c.numberedFiles()
		full.FilesWithheld = len(files) + more
	}
	if c.verdict.Decision == Hold {
		c.repeat = ""
		return record.Case{Row: row}.Stub(record.StubOnly, record.UnderReview)
	}
	return full
}

// thirdPartyConsultation is the reason of a case whose third party was asked and
// has not answered.
const thirdPartyConsultation = "third-party-consultation"

// consultation holds a case while a third party whom its publication may harm is
// asked, or has not answered. Article 32 of the regulations on the disclosure of
// government information (政府信息公开条例) leaves the decision to the office then.
func (c *clearing) consultation() {
	switch word := c.raw.Fields[source.FieldConsultation]; word {
	case "":
	case "agreed":
		c.reason("third-party-agreed")
	default: // asked, no answer, or a word that nobody knows
		c.hold(thirdPartyConsultation)
	}
}

// withdrawal clears an upstream tombstone. A reason that is not given or not on
// the list is taken for the one under which the least stays to be seen.
func (c *clearing) withdrawal() any {
	w := record.Withdrawal{Reason: record.Reason(c.raw.Fields[source.FieldGoneReason])}
	if !w.Reason.Valid() {
		w.Reason = record.Privacy
	}
	return w
}

// row makes the public row. It looks at no text.
func (c *clearing) row() (row record.Row, refused string) {
	if c.stands != nil {
		return c.stands.Row, ""
	}
	t, refused := c.times(&row)
	if refused != "" {
		return row, refused
	}
	row.Prominence = record.Full
	row.Unit = record.UnitID(c.id(source.FieldUnit))
	row.Area = record.AreaCode(c.id(source.FieldArea))
	row.Channel = record.ChannelID(c.id(source.FieldChannel))
	row.Received, row.Dispatched, row.Due = t.received.day, t.dispatched.day, t.due.day
	row.FirstResponse, row.RepliedOn = t.first.day, t.replied.day
	row.ClosedOn, row.ResolvedOn = t.closed.day, t.resolved.day
	row.Origin = listed(c, &row, source.FieldOrigin, record.Origins())
	row.Status = listed(c, &row, source.FieldStatus, record.Statuses())
	if c.raw.Fields[source.FieldUnlisted] != "" {
		c.flag(&row, record.KindUnknownWord)
	}
	if kind := c.raw.Fields[source.FieldKind]; kind != "" && !knownKind(record.Kind(kind)) {
		c.flag(&row, record.KindUnknownWord)
	}
	c.states(&row, t)

	if !t.replied.before(t.received) {
		row.Days, row.OnTime = t.replied.since(t.received), t.replied.by(t.due)
	}
	if !t.closed.before(t.received) {
		row.CloseDays, row.ClosedOnTime = t.closed.since(t.received), t.closed.by(t.due)
	}
	return row, ""
}

// states works out whether the case is answered and finished. Dates and texts
// win over the status word, and the row says that they had to.
func (c *clearing) states(row *record.Row, t times) {
	reply, replyCarried := c.raw.Fields[source.FieldReply]
	_, repliedCarried := c.raw.Fields[source.FieldReplied]
	if replyCarried || repliedCarried {
		row.Answered = record.TriOf(strings.TrimSpace(reply) != "" || t.replied.day.Known())
	}
	saysDone := row.Status == record.Replied || row.Status == record.Closed
	if saysDone && row.Answered == record.No {
		c.flag(row, record.StatusWithoutReply)
	}
	_, closedCarried := c.raw.Fields[source.FieldClosed]
	open := row.Status == record.Pending || row.Status == record.Handling
	switch {
	case t.closed.day.Known() || row.Status == record.Closed:
		row.Finished = record.Yes
	case open || closedCarried:
		row.Finished = record.No
	}
	switch {
	case open && t.closed.day.Known():
		row.Status = record.Closed
		c.flag(row, record.StatusBehindDates)
	case open && row.Answered == record.Yes:
		row.Status = record.Replied
		c.flag(row, record.StatusBehindDates)
	case row.Status == "" && t.closed.day.Known():
		row.Status = record.Closed
	case row.Status == "" && row.Answered == record.Yes:
		row.Status = record.Replied
	}
}

// The limits of short texts, in characters. What is longer is cut.
const (
	maxTitle = 300
	maxLabel = 120
)

// full makes everything else of a case that may be published in full.
func (c *clearing) full(row record.Row) record.Case {
	f := c.raw.Fields
	k := record.Case{Row: row}
	k.Kind = record.Kind(f[source.FieldKind])
	if !knownKind(k.Kind) {
		if k.Kind != "" {
			c.aside(source.FieldKind, "unlisted-word", "this is not one of the kinds of a case", "add the word to the value table of the mapping")
		}
		k.Kind = ""
	}
	k.Topic = record.TopicID(c.id(source.FieldTopic))
	k.LeaderKind = record.LeaderKind(c.id(source.FieldLeaderKind))
	k.CoUnits = c.ids(source.FieldCoUnits)
	k.Against = record.UnitID(c.id(source.FieldAgainst))
	k.Reply.Unit = record.UnitID(c.id(source.FieldReplyUnit))
	k.Reply.Spokesman = c.id(source.FieldSpokesman)
	c.units = append(append(c.units, k.Unit, k.Reply.Unit), k.CoUnits...)
	c.repeat = c.other(source.FieldRepeatOf)

	k.Outcome = listed(c, nil, source.FieldOutcome, []record.Outcome{
		record.Supported, record.Explained, record.NotSupported, record.Adopted, record.NotAdopted, record.Reviewed, record.ReReviewed,
	})
	k.OnSite = c.yesNo(source.FieldOnSite)
	k.Rating = c.rating()
	k.Reopened = c.count(source.FieldReopened)
	k.Consent.Given = c.yesNo(source.FieldConsent)

	k.Addressee = c.line(source.FieldAddressee, Label, maxLabel)
	k.LegalClass = c.line(source.FieldLegalClass, Label, maxLabel)
	k.Consent.Basis = c.line(source.FieldConsentBasis, Label, maxLabel)
	k.OutcomeReason = c.text(source.FieldOutcomeReason, Official, f[source.FieldOutcomeReason])
	k.Reply.Text = c.text(source.FieldReply, Official, f[source.FieldReply])
	k.Dispatches = c.dispatches()
	k.Supervisions = c.supervisions()
	k.Timeline = c.timeline()
	switch {
	case k.Reply.Text != "" || c.verdict.Decision == Hold: // of what is held, a person sees all reasons
		k.Title = c.line(source.FieldTitle, Citizen, maxTitle)
		k.Question = c.text(source.FieldQuestion, Citizen, f[source.FieldQuestion])
		if k.Title == "" && c.verdict.Decision != Hold {
			k.Title = titleFrom(k.Question)
			c.titled = k.Title != ""
		}
	case f[source.FieldTitle]+f[source.FieldQuestion] != "":
		c.reason("question-without-reply") // its text appears only with a reply
		c.unshown(source.FieldTitle)
		c.unshown(source.FieldQuestion)
	}
	return k
}

// unshown reads a citizen's text that is not published: what it is about holds the
// case all the same, since what offices write of it is about that too, and whom it
// names is sought in their texts.
func (c *clearing) unshown(field string) {
	d, reason := c.decoded(c.raw.Fields[field])
	if reason != "" {
		c.hold(reason)
		return
	}
	c.scan.structured, c.scan.edge = false, edge{}
	c.learn(c.scan.find(d.plain))
	c.sensitive(field)
}

// rating reads the citizen's judgement. A level without its scale says nothing.
func (c *clearing) rating() (r record.Rating) {
	r.Scale = listed(c, nil, source.FieldRatingScale, []record.RatingScale{record.Five, record.Three, record.Points})
	r.Source = listed(c, nil, source.FieldRatingSource, []record.RatingSource{record.ByCitizen, record.ByCallback, record.ByMessage, record.ByPanel})
	if level, known := c.count(source.FieldRating).Get(); known && level != 0 {
		top := pick(r.Scale == record.Three, 3, 5)
		if r.Scale == "" || level > top {
			c.aside(source.FieldRating, "bad-rating", "this rating is not a level of its scale", "map the column's words to levels, and name the scale")
			return r
		}
		r.Level = int8(level)
	}
	return r
}
