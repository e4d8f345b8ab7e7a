package gate

import (
	"strings"
	"unicode/utf8"

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
	if was == now {
		return false
	}
	first, stars, left := true, false, "" // of the last mask: stars, and the digits before them
	for now != "" {
		piece, star := now, false
		if i := nextMask(now); i >= 0 {
			piece, star = now[:i], now[i] == '*'
		}
		now = strings.TrimLeft(strings.TrimPrefix(now[len(piece):], "某某"), "*")
		// A mask writes a number in its own way, as 0999-*****21 for （0999）7654321: what
		// it shows is to be looked for among the digits.
		text, right := piece, ""
		if stars {
			text = strings.TrimLeft(piece, shownDigits)
			right = digitsOf(piece[:len(piece)-len(text)])
		}
		next := ""
		if star {
			cut := strings.TrimRight(text, shownDigits)
			next = digitsOf(text[len(cut):])
			if next != "" {
				text = cut
			}
		}
		end := -1
		switch {
		case first && strings.HasPrefix(was, text):
			end = len(text)
		case !first:
			end = following(was, text, left, right)
		}
		if end < 0 {
			return true
		}
		was, left, stars, first = was[end:], next, star, false
	}
	return left != "" && following(was, "", left, "") < 0
}

// maxMasked is how many bytes one mask may stand for: what was masked there is not
// longer, and a piece that stands further on is another one.
const maxMasked = 300

// shownDigits are the characters in which a mask shows the ends of a number.
const shownDigits = "0123456789-"

// following returns where text ends in was, behind no more than one mask may stand
// for, or -1. What is left out before it must begin and end with the given digits.
func following(was, text, left, right string) int {
	for from := 0; ; {
		i := strings.Index(was[from:min(len(was), maxMasked+len(text))], text)
		if i < 0 {
			return -1
		}
		i += from
		if text == "" && left+right != "" {
			i = min(len(was), maxMasked) // the mask stands at the end
		}
		shown := digitsOf(was[:i])
		if len(shown) >= len(left)+len(right) && strings.HasPrefix(shown, left) && strings.HasSuffix(shown, right) {
			return i + len(text)
		}
		if from = i + 1; from >= min(len(was), maxMasked+len(text)) {
			return -1
		}
	}
}

// digitsOf returns the digits of a text, full-width ones and words as ordinary ones.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		if i := strings.IndexRune(hanDigits, r); r >= utf8.RuneSelf && i >= 0 {
			return rune(hanDigits[i+strings.IndexAny(hanDigits[i:], "0123456789")])
		}
		return -1
	}, s)
}

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

// UnmasksCase is [Unmasks] of every free text of a case. A title that is the start of
// the question reaches further into it where something before is masked; it shows
// nothing that the question does not.
func UnmasksCase(was, now record.Case) bool {
	texts := CaseTexts(was)
	for field, text := range CaseTexts(now) {
		if field == source.FieldTitle && text == titleFrom(now.Question) && texts[field] == titleFrom(was.Question) {
			continue
		}
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
		if e.Sample != nil {
			texts = append(texts, e.Sample.Seed, e.Sample.Rubric)
			for _, part := range e.Sample.Panel {
				texts = append(texts, part.Category)
			}
		}
		return []string{strings.Join(texts, "\n")}
	case record.Accountability:
		return []string{e.Trigger, e.Measure, e.Basis}
	}
	return nil
}
