package gate

import (
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Unmasks reports whether now, a text as the gate has cleared it again, shows
// anything that was, the same text as it was published, does not. What stands
// between the masks of now must all stand in was, in the same order and not far apart.
// In doubt, the answer is yes.
//
// Texts of different content always differ in this way; the answer means
// something only for one content under two sets of rules.
func Unmasks(was, now string) bool {
	for reach := 0; now != ""; reach = maxMasked {
		piece := now
		if i := nextMask(now); i >= 0 {
			piece = now[:i]
		}
		now = strings.TrimLeft(strings.TrimPrefix(now[len(piece):], "某某"), "*")
		i := strings.Index(was[:min(len(was), reach+len(piece))], piece)
		if i < 0 {
			return true
		}
		was = was[i+len(piece):]
	}
	return false
}

// maxMasked is how many bytes one mask may stand for: what was masked there is not
// longer, and a piece that stands further on is another one.
const maxMasked = 300

// nextMask returns where the next mask of a text begins, or -1. A star alone is no
// mask and may have been typed.
func nextMask(s string) int {
	star, name := strings.Index(s, "**"), strings.Index(s, "某某")
	if star < 0 || name >= 0 && name < star {
		return name
	}
	return star
}

// CaseTexts returns the free texts of a case, by the Field constant of package
// source that each comes from. The texts of a list stand below each other. A text
// that is empty is left out.
func CaseTexts(c record.Case) map[string]string {
	all := map[string]string{
		source.FieldTitle: c.Title, source.FieldQuestion: c.Question, source.FieldReply: c.Reply.Text,
		source.FieldOutcomeReason: c.OutcomeReason, source.FieldAddressee: c.Addressee,
		source.FieldLegalClass: c.LegalClass, source.FieldConsentBasis: c.Consent.Basis,
	}
	var list []string
	joined := func(field string) {
		all[field] = strings.Trim(strings.Join(list, "\n"), "\n")
		list = nil
	}
	for _, d := range c.Dispatches {
		list = append(list, d.Reason)
	}
	joined(source.FieldDispatches)
	for _, s := range c.Supervisions {
		list = append(list, s.What, s.Result)
	}
	joined(source.FieldSupervisions)
	for _, s := range c.Timeline {
		list = append(list, s.What, s.Text)
	}
	joined(source.FieldTimeline)
	for field, text := range all {
		if text == "" {
			delete(all, field)
		}
	}
	return all
}

// UnmasksCase is [Unmasks] of every free text of a case.
func UnmasksCase(was, now record.Case) bool {
	texts := CaseTexts(was)
	for field, text := range CaseTexts(now) {
		if Unmasks(texts[field], text) {
			return true
		}
	}
	return false
}

// UnmasksEntry is [Unmasks] of every text of an entry of a register or of an
// assessment. Both are to be of one type of package record.
func UnmasksEntry(was, now any) bool {
	texts := entryTexts(was)
	for i, text := range entryTexts(now) {
		if i >= len(texts) || Unmasks(texts[i], text) {
			return true
		}
	}
	return false
}

// entryTexts returns the free texts of an entry, always as many for one type.
func entryTexts(entry any) []string {
	switch e := entry.(type) {
	case record.Unit:
		return []string{e.Name, e.Short, e.English, e.Kind, strings.Join(e.Aliases, "\n")}
	case record.Area:
		return []string{e.Name, e.English}
	case record.Topic:
		return []string{e.Name, e.English}
	case record.Channel:
		return []string{e.Name, e.English, e.Post}
	case record.Assessment:
		texts := []string{e.Assessor, e.Method}
		for _, s := range e.Scores {
			texts = append(texts, s.Dimension)
		}
		return []string{strings.Join(texts, "\n")}
	}
	return nil
}
