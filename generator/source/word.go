package source

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Accusation is the word of [FieldKind] for 检举控告, which is no kind of
// package record: the gate counts such a case and gives it no number.
const Accusation = "accusation"

// words holds the closed lists that value tables may lead to. They repeat those
// of package record, which this package may not import; a test compares them.
var words = map[string][]string{
	FieldKind:         {"consult", "suggest", "help", "complain", "grievance", "report", "thank", "correction", "other", Accusation},
	FieldStatus:       {"pending", "handling", "replied", "closed", "declined", "transferred", "merged"},
	FieldOutcome:      {"supported", "explained", "not-supported", "adopted", "not-adopted", "reviewed", "re-reviewed"},
	FieldOrigin:       {"letter", "visit", "call", "web", "opinion", "press", "passed-on", "other"},
	FieldRatingScale:  {"five", "three", "points"},
	FieldRatingSource: {"citizen", "call-back", "message", "panel"},
	FieldGoneReason:   {"privacy", "third-party", "court", "secret", "duplicate", "wrong-unit", "error"},
	FieldOnSite:       {"yes", "no"},
	FieldConsent:      {"yes", "no"},
	FieldConsultation: {"asked", "agreed", "refused", "no-answer"},
	FieldThirdParty:   {"yes", "no"},
	FieldOnline:       {"yes", "no"},
	FieldSampleCases:  {"full", "rows"},
	FieldSampleBy:     {"unit", "kind"},
}

// Words returns the words that field may hold, or nil when it is not confined
// to a list.
func Words(field string) []string { return slices.Clone(words[field]) }

// form is how the value of a field is read and written.
type form int

const (
	textForm   form = iota // as it stands, trimmed
	wordForm               // one of words
	flagForm               // yes or no
	timeForm               // RFC 3339 or a day
	dayForm                // a day
	numberForm             // a whole number, zero or more
	refForm                // the identifier of a register entry
	refsForm               // several of them
	listForm               // several texts
	keyForm                // the key of another case
	jsonForm               // a JSON array made from items
	periodForm             // a span of days as package record writes it
)

// meaning is what a field is: its form and, for references, the register that
// it points into.
type meaning struct {
	form form
	ref  Kind
}

var caseFields = map[string]meaning{
	FieldTitle: {}, FieldQuestion: {}, FieldReply: {}, FieldSpokesman: {}, FieldAddressee: {},
	FieldLegalClass: {}, FieldLeaderKind: {}, FieldOutcomeReason: {}, FieldConsentBasis: {},
	FieldRatingComment: {}, FieldAge: {}, FieldSex: {}, FieldPetitionHistory: {},
	FieldUnit: {refForm, Unit}, FieldReplyUnit: {refForm, Unit}, FieldAgainst: {refForm, Unit},
	FieldCoUnits: {refsForm, Unit}, FieldArea: {refForm, Area}, FieldChannel: {refForm, Channel},
	FieldTopic: {refForm, Topic}, FieldOrigin: {form: wordForm},
	FieldKind: {form: wordForm}, FieldStatus: {form: wordForm}, FieldOutcome: {form: wordForm},
	FieldRatingScale: {form: wordForm}, FieldRatingSource: {form: wordForm}, FieldGoneReason: {form: wordForm},
	FieldOnSite: {form: flagForm}, FieldConsent: {form: flagForm}, FieldConsultation: {form: wordForm},
	FieldReceived: {form: timeForm}, FieldDispatched: {form: timeForm}, FieldDue: {form: timeForm},
	FieldFirstResponse: {form: timeForm}, FieldReplied: {form: timeForm}, FieldClosed: {form: timeForm},
	FieldResolved: {form: timeForm},
	FieldRating:   {form: numberForm}, FieldReopened: {form: numberForm},
	FieldRepeatOf: {form: keyForm}, FieldMergedInto: {form: keyForm},
	FieldAttachments: {form: listForm},
	FieldDispatches:  {form: jsonForm}, FieldSupervisions: {form: jsonForm}, FieldTimeline: {form: jsonForm},
}

// fieldsOf gives, for each kind of raw record, the fields that a mapping may
// fill.
var fieldsOf = map[Kind]map[string]meaning{
	Case: caseFields,
	Unit: {
		FieldName: {}, FieldShort: {}, FieldEnglish: {}, FieldUnitKind: {}, FieldSpokesman: {},
		FieldAliases: {form: listForm}, FieldPhones: {form: listForm}, FieldLevel: {form: numberForm},
		FieldArea: {refForm, Area}, FieldParent: {refForm, Unit}, FieldSuccessor: {refForm, Unit},
		FieldFrom: {form: dayForm}, FieldTo: {form: dayForm},
	},
	Area: {
		FieldName: {}, FieldEnglish: {}, FieldAliases: {form: listForm}, FieldResidents: {form: numberForm}, FieldCounted: {form: numberForm},
		FieldParent: {refForm, Area}, FieldSuccessor: {refForm, Area}, FieldFrom: {form: dayForm}, FieldTo: {form: dayForm},
	},
	Topic: {
		FieldName: {}, FieldEnglish: {}, FieldAliases: {form: listForm}, FieldParent: {refForm, Topic},
	},
	Channel: {
		FieldName: {}, FieldEnglish: {}, FieldAliases: {form: listForm}, FieldPost: {},
		FieldTerms: {form: listForm}, FieldOnline: {form: flagForm},
	},
	Assessment: {
		FieldUnit: {refForm, Unit}, FieldArea: {refForm, Area}, FieldPeriod: {form: periodForm}, FieldAssessor: {},
		FieldMethod: {}, FieldThirdParty: {form: flagForm}, FieldScores: {form: jsonForm}, FieldIssued: {form: dayForm},
		FieldSampleCases: {form: wordForm}, FieldSampleBy: {form: wordForm}, FieldCommitted: {form: dayForm}, FieldSeedHash: {}, FieldSeed: {},
		FieldFrame: {form: numberForm}, FieldFrameHash: {}, FieldDrawn: {form: listForm}, FieldPanel: {form: listForm},
		FieldRubric: {}, FieldRubricHash: {}, FieldRatingScale: {form: wordForm}, FieldPanelScores: {form: listForm},
	},
	Accountability: {
		FieldUnit: {refForm, Unit}, FieldTrigger: {}, FieldMeasure: {}, FieldDay: {form: dayForm}, FieldBasis: {},
	},
}

// itemFields gives the members of one item of a JSON field, and which of them
// an item cannot do without.
var itemFields = map[string]struct {
	members map[string]meaning
	needs   string
}{
	FieldDispatches: {map[string]meaning{"day": {form: dayForm}, "from": {refForm, Unit}, "to": {refForm, Unit},
		"returned": {form: flagForm}, "reason": {}}, "day"},
	FieldSupervisions: {map[string]meaning{"day": {form: dayForm}, "by": {refForm, Unit}, "what": {}, "result": {}}, "day"},
	FieldTimeline:     {map[string]meaning{"day": {form: dayForm}, "what": {}, "unit": {refForm, Unit}, "text": {}}, "day"},
	FieldScores:       {map[string]meaning{"dimension": {}, "value": {}, "max": {}}, "value"},
}

// prefixes opens the identifiers that are made from names.
var prefixes = map[Kind]string{Unit: "u", Area: "a", Topic: "t", Channel: "c", Assessment: "s", Accountability: "k"}

// DeriveID makes the identifier of something that has a name and no code: the
// prefix, a hyphen and the first twelve hexadecimal digits of the SHA-256 of
// the name in Unicode form NFKC. The same name always gives the same
// identifier; neither case nor spacing is changed before.
func DeriveID(prefix, name string) string {
	sum := sha256.Sum256([]byte(norm.NFKC.String(name)))
	return prefix + "-" + hex.EncodeToString(sum[:6])
}

// codeID returns the identifier for an office's own code: the code itself in
// lower case when it can stand in an address, else one that is derived.
func codeID(k Kind, code string) string {
	if low := strings.ToLower(norm.NFKC.String(code)); validID(low) {
		return low
	}
	return DeriveID(prefixes[k], code)
}

// validID is the rule of record.ValidID.
func validID(s string) bool {
	if len(s) < 1 || len(s) > 64 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if b := s[i]; (b < 'a' || b > 'z') && (b < '0' || b > '9') && b != '-' {
			return false
		}
	}
	return true
}

// Fields returns the fields that a mapping may fill for a kind of raw record,
// sorted.
func Fields(k Kind) []string { return slices.Sorted(maps.Keys(fieldsOf[k])) }
