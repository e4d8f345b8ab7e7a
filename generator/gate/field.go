package gate

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// caseFields are the fields of a case that the gate knows. A field that is not
// here holds the case: what it means nobody has said.
var caseFields = set(
	source.FieldTitle, source.FieldQuestion, source.FieldReply, source.FieldReplyUnit, source.FieldSpokesman,
	source.FieldUnit, source.FieldOrigin, source.FieldCoUnits, source.FieldAgainst, source.FieldArea, source.FieldChannel, source.FieldTopic,
	source.FieldAddressee, source.FieldKind, source.FieldLegalClass, source.FieldLeaderKind, source.FieldReceived,
	source.FieldDispatched, source.FieldDue, source.FieldFirstResponse, source.FieldReplied, source.FieldClosed,
	source.FieldResolved, source.FieldStatus, source.FieldOutcome, source.FieldOutcomeReason, source.FieldOnSite,
	source.FieldRating, source.FieldRatingScale, source.FieldRatingSource, source.FieldReopened, source.FieldRepeatOf,
	source.FieldMergedInto, source.FieldConsent, source.FieldConsentBasis, source.FieldConsultation, source.FieldDispatches,
	source.FieldSupervisions, source.FieldTimeline, source.FieldGoneReason, source.FieldUnlisted, source.FieldAttachments,
	// Known, counted by intake, and never let through.
	source.FieldRatingComment, source.FieldAge, source.FieldSex, source.FieldPetitionHistory,
)

// registerFields are the fields of the other kinds of record.
var registerFields = map[source.Kind]map[string]bool{
	source.Unit: set(source.FieldName, source.FieldShort, source.FieldEnglish, source.FieldAliases, source.FieldUnitKind,
		source.FieldLevel, source.FieldArea, source.FieldParent, source.FieldFrom, source.FieldTo, source.FieldSuccessor,
		source.FieldPhones, source.FieldSpokesman, source.FieldDerived),
	source.Area: set(source.FieldName, source.FieldEnglish, source.FieldParent, source.FieldFrom, source.FieldTo,
		source.FieldSuccessor, source.FieldResidents, source.FieldCounted, source.FieldDerived, source.FieldLevel),
	source.Topic:   set(source.FieldName, source.FieldEnglish, source.FieldParent, source.FieldDerived),
	source.Channel: set(source.FieldName, source.FieldEnglish, source.FieldPost, source.FieldTerms, source.FieldOnline, source.FieldDerived),
	source.Assessment: set(source.FieldUnit, source.FieldArea, source.FieldPeriod, source.FieldAssessor, source.FieldMethod,
		source.FieldThirdParty, source.FieldScores, source.FieldIssued,
		source.FieldSampleCases, source.FieldSampleBy, source.FieldCommitted, source.FieldSeedHash, source.FieldSeed, source.FieldFrame,
		source.FieldFrameHash, source.FieldDrawn, source.FieldPanel, source.FieldRubric, source.FieldRubricHash, source.FieldRatingScale,
		source.FieldPanelScores, source.FieldUnlisted),
	source.Accountability: set(source.FieldUnit, source.FieldTrigger, source.FieldMeasure, source.FieldDay, source.FieldBasis),
}

func set(fields ...string) map[string]bool {
	m := make(map[string]bool, len(fields))
	for _, f := range fields {
		m[f] = true
	}
	return m
}

// unknownFields reports whether raw carries a field that is not known.
func (c *clearing) unknownFields(known map[string]bool) bool {
	for field := range c.raw.Fields {
		if !known[field] {
			return true
		}
	}
	return false
}

// id reads an identifier; a malformed one is set aside.
func (c *clearing) id(field string) string {
	v := c.raw.Fields[field]
	if v != "" && !validID(v) {
		c.aside(field, "bad-id", "this is not an identifier of letters a to z, digits and hyphens", "check the mapping of the column")
		return ""
	}
	return v
}

// validID reports whether v may be used as an identifier in addresses and names
// nobody.
func validID(v string) bool { return record.ValidID(v) && !personalID(v) }

// maxList bounds the items of a list.
const maxList = 200

// ids reads a list of identifiers, in its order and without repetitions.
func (c *clearing) ids(field string) (list []record.UnitID) {
	for _, v := range c.list(field) {
		if !validID(v) {
			c.aside(field, "bad-id", "an item of this list is not an identifier", "check the mapping of the column")
			return nil
		}
		if !slices.Contains(list, record.UnitID(v)) {
			list = append(list, record.UnitID(v))
		}
	}
	return list
}

// list splits a list field. Empty items are left out.
func (c *clearing) list(field string) []string {
	v := c.raw.Fields[field]
	if strings.Count(v, source.ListSeparator) >= maxList {
		c.aside(field, "list-too-long", "this list has more than 200 items", "check the mapping of the column")
		return nil
	}
	return slices.DeleteFunc(strings.Split(v, source.ListSeparator), func(s string) bool { return s == "" })
}

// other returns the keyed hash of the case that the field names, or "".
func (c *clearing) other(field string) string {
	if v := c.raw.Fields[field]; v != "" {
		return c.KeyMAC(source.Case, v)
	}
	return ""
}

// listed reads a word of a closed list; another word is set aside, and flagged
// in the row where there is one.
func listed[W ~string](c *clearing, row *record.Row, field string, words []W) W {
	v := W(c.raw.Fields[field])
	if v == "" || slices.Contains(words, v) {
		return v
	}
	c.aside(field, "unlisted-word", "this word is not on the list for its field", "add the word to the value table of the mapping")
	if row != nil {
		c.flag(row, record.KindUnknownWord)
	}
	return ""
}

// yesNo reads "yes" or "no".
func (c *clearing) yesNo(field string) record.Tri {
	switch c.raw.Fields[field] {
	case "":
		return record.Unknown
	case "yes":
		return record.Yes
	case "no":
		return record.No
	}
	c.aside(field, "unlisted-word", "this is neither yes nor no", "add the word to the value table of the mapping")
	return record.Unknown
}

// count reads a whole number, zero or more.
func (c *clearing) count(field string) record.Count {
	v := c.raw.Fields[field]
	if v == "" {
		return 0
	}
	n, err := strconv.ParseUint(v, 10, 31)
	if err != nil || n == 1<<31-1 {
		c.aside(field, "bad-number", "this is not a whole number", "check the mapping of the column")
		return 0
	}
	return record.CountOf(int(n))
}

// day reads a day that may lie in the future.
func (c *clearing) day(field string) record.Day {
	m, ok := parseMoment(c.raw.Fields[field])
	if !ok {
		c.aside(field, "bad-date", "this is not a date that can be read", "check the layout of the column in the mapping")
	}
	return m.day
}

// line clears a short text to one line of at most max characters.
func (c *clearing) line(field string, class Class, max int) string {
	return c.short(field, class, c.raw.Fields[field], max)
}

// short clears a text to one line of at most max characters. Closing up spaces
// can bring digits together, so a line that changed is looked through again.
func (c *clearing) short(field string, class Class, value string, max int) string {
	text := c.text(field, class, value)
	line := oneLine(text, max)
	if line == text {
		return line
	}
	if _, changed := c.judge(field, class, line, c.scan.find(line), func(int, int) (int, int) { return 0, 0 }); changed {
		c.hold("not-clean")
		return ""
	}
	return line
}

// oneLine returns s without line breaks and runs of spaces, cut to max
// characters.
func oneLine(s string, max int) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == ' ' || r == '\u3000' }), " ")
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	return string([]rune(s)[:max-1]) + "…"
}

// personalID reports whether an identifier is or has in it a personal number, as it
// does where an office uses them for codes.
func personalID(id string) bool {
	for _, s := range []string{id, strings.ReplaceAll(id, "-", "")} {
		for len(s) > 0 {
			digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
			if personalNumber(s[:digits]) || digits == 17 && strings.HasPrefix(s[digits:], "x") && idBirth(s[:digits]+"X").Known() {
				return true
			}
			s = s[max(1, digits):]
		}
	}
	return false
}

// personalNumber reports whether d, digits, is a mobile, identity or bank card number.
func personalNumber(d string) bool {
	return isMobile(d) || len(d) == 18 && idBirth(d).Known() && idChecksum(d) || len(d) >= 16 && len(d) <= longest && issuer(d) == 2 && luhn(d)
}
