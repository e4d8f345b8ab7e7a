package gate

import (
	"strings"
	"unicode/utf8"
)

// titleLength is the most characters that a title made from a question has.
const titleLength = 30

// titleFrom returns a title for a case whose export has none: the first
// sentence of its cleared question that is not a greeting, cut to
// [titleLength] characters. Offices list cases without a title in the same way.
func titleFrom(question string) string {
	question = strings.ReplaceAll(question, ". ", "\n") // a full stop within a number ends nothing
	for s := range strings.FieldsFuncSeq(question, endsSentence) {
		s = strings.TrimLeft(strings.TrimSpace(s), "，,、:： ")
		if s == "" || isGreeting(s) {
			continue
		}
		if utf8.RuneCountInString(s) <= titleLength {
			return s
		}
		return string([]rune(s)[:titleLength-1]) + "…"
	}
	return ""
}

func endsSentence(r rune) bool { return strings.ContainsRune("。！？!?；;\n", r) }

// isGreeting reports whether a sentence says nothing of the matter: a short one
// that greets or addresses somebody.
func isGreeting(s string) bool {
	if utf8.RuneCountInString(s) > 14 {
		return false
	}
	for _, w := range []string{"您好", "你好", "尊敬的", "领导好", "敬礼", "Hello", "Dear"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
