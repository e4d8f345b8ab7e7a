package source

// The fields of a raw case, and the form in which a mapping delivers each.
//
// "time" means RFC 3339 with an offset, or a day as 2006-01-02 where the export
// gives no time of day. "id" means an identifier of the alphabet a-z 0-9 and
// hyphen that names a Raw of the Unit, Area, Topic or Channel kind. "word" means
// a word of the closed lists of package record. Lists are joined by "\x1f".
const (
	FieldTitle         = "title"          // text
	FieldQuestion      = "question"       // text
	FieldReply         = "reply"          // text
	FieldReplyUnit     = "reply_unit"     // id
	FieldSpokesman     = "spokesman"      // identifier of a spokesman
	FieldUnit          = "unit"           // id
	FieldCoUnits       = "co_units"       // list of id
	FieldAgainst       = "against"        // id
	FieldArea          = "area"           // id
	FieldChannel       = "channel"        // id
	FieldTopic         = "topic"          // id
	FieldOrigin        = "origin"         // word of record.Origin
	FieldAddressee     = "addressee"      // text, a post
	FieldKind          = "kind"           // word of record.Kind, or "accusation" (检举控告)
	FieldLegalClass    = "legal_class"    // text
	FieldLeaderKind    = "leader_kind"    // word
	FieldReceived      = "received"       // time
	FieldDispatched    = "dispatched"     // time
	FieldDue           = "due"            // time; a day means its end
	FieldFirstResponse = "first_response" // time
	FieldReplied       = "replied"        // time
	FieldClosed        = "closed"         // time
	FieldResolved      = "resolved"       // time
	FieldStatus        = "status"         // word of record.Status
	FieldOutcome       = "outcome"        // word of record.Outcome
	FieldOutcomeReason = "outcome_reason" // text
	FieldOnSite        = "on_site"        // "yes" or "no"
	FieldRating        = "rating"         // whole number from 1, the worst
	FieldRatingScale   = "rating_scale"   // word of record.RatingScale
	FieldRatingSource  = "rating_source"  // word of record.RatingSource
	FieldReopened      = "reopened"       // whole number
	FieldRepeatOf      = "repeat_of"      // key of another case
	FieldMergedInto    = "merged_into"    // key of another case
	FieldConsent       = "consent"        // "yes" or "no"
	FieldConsentBasis  = "consent_basis"  // text
	FieldConsultation  = "consultation"   // "asked", "agreed", "refused" or "no-answer": what a third party said whom the publication may harm
	FieldDispatches    = "dispatches"     // JSON array of {day from to returned reason}
	FieldSupervisions  = "supervisions"   // JSON array of {day by what result}
	FieldTimeline      = "timeline"       // JSON array of {day what unit text}
	FieldGoneReason    = "gone_reason"    // word of record.Reason, with Raw.Gone
	FieldAttachments   = "attachments"    // list of file names; what was found of them is Raw.Files
)

// The aggregate-only fields of a case. They are counted by intake and never
// become part of a record.
const (
	FieldRatingComment   = "rating_comment"
	FieldAge             = "age"
	FieldSex             = "sex"
	FieldPetitionHistory = "petition_history"
)

// FieldUnlisted names, comma-separated, the fields of a case or assessment whose word was
// outside the mapping's value table and was therefore left out.
const FieldUnlisted = "unlisted"

// The fields of the registers, of assessments and of entries of accountability.
const (
	FieldName       = "name"
	FieldShort      = "short"
	FieldEnglish    = "english"
	FieldAliases    = "aliases" // list
	FieldUnitKind   = "unit_kind"
	FieldLevel      = "level"      // whole number
	FieldParent     = "parent"     // id
	FieldFrom       = "valid_from" // day
	FieldTo         = "valid_to"   // day
	FieldSuccessor  = "successor"  // id
	FieldPhones     = "phones"     // list
	FieldResidents  = "residents"  // whole number
	FieldPost       = "post"
	FieldTerms      = "terms"          // list of "2006-01-02/2006-01-02", or "2006-01-02/" of a term that lasts: when holders of the post began and ended
	FieldOnline     = "online"         // "yes" or "no"
	FieldCounted    = "residents_year" // whole number: the year that residents is of
	FieldDerived    = "derived"        // "yes" when made from a column of cases, not from a register
	FieldPeriod     = "period"         // as record.Period
	FieldAssessor   = "assessor"
	FieldMethod     = "method"
	FieldThirdParty = "third_party" // "yes" or "no"
	FieldScores     = "scores"      // JSON array of {dimension value max}
	FieldIssued     = "issued"      // day

	// The sample behind an assessment, as its assessor delivers it.
	FieldSampleCases = "sample_cases"  // "full" or "rows"
	FieldSampleBy    = "sample_by"     // "unit" or "kind"
	FieldCommitted   = "committed"     // day
	FieldSeedHash    = "seed_sha256"   // 64 hexadecimal digits
	FieldSeed        = "seed"          // 32 to 128 characters of ASCII
	FieldFrame       = "frame"         // whole number: cases in it
	FieldFrameHash   = "frame_sha256"  // 64 hexadecimal digits
	FieldDrawn       = "drawn"         // list of public numbers of cases
	FieldPanel       = "panel"         // list, each "NAME=MEMBERS"
	FieldRubric      = "rubric"        // text
	FieldRubricHash  = "rubric_sha256" // 64 hexadecimal digits
	FieldPanelScores = "panel_scores"  // list, each "NUMBER LEVEL NAME"; the scale is FieldRatingScale

	FieldTrigger = "trigger" // of an entry of accountability: what led to it
	FieldMeasure = "measure" // what was done, such as 约谈
	FieldDay     = "day"     // day
	FieldBasis   = "basis"   // rule that it rests on
)

// ListSeparator joins the items of a list field.
const ListSeparator = "\x1f"
