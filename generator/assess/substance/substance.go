// Package substance finds replies that say nothing of what was found or done: greetings
// and thanks, "已转相关部门", "正在研究" and no more. It knows fixed wordings of Chinese
// only and takes any other clause for substance, so that what it flags is nearly always
// rightly flagged and what it does not flag may still be empty. How often it is right is
// for people to say who read a sample.
//
// It is pure and safe for concurrent use.
package substance

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/assess"
)

// Version counts up when a text would get another rule than before. What people judged
// of one version says nothing about another.
const Version = 2

// Rule names why a reply is taken to say nothing.
type Rule string

// The rules. A reply to which several apply gets the first of [Rules] that does.
const (
	None     Rule = ""          // it says something, or has no text
	PassedOn Rule = "passed-on" // only that it was passed on to somebody
	Pending  Rule = "pending"   // only that somebody is at it, or will be, without a day
	Contact  Rule = "contact"   // only whom to call, or that somebody has called
	Bare     Rule = "bare"      // only that it is done, in a word such as 已办结
	Formula  Rule = "formula"   // only greetings, thanks and that the letter has arrived
)

// About is a rule as it is explained.
type About struct {
	ID   Rule
	Text assess.Text
}

// Rules returns all rules, in the order in which they are tried.
func Rules() []About {
	return []About{
		{PassedOn, assess.Text{Zh: "只说已转交、已反馈给有关单位或人员，没有说明结果。", En: "It says only that the matter was passed on, and no result."}},
		{Pending, assess.Text{Zh: "只说正在或将要研究、核实、处理、改进，没有日期，也没有说明查明了什么、做了什么。", En: "It says only that the matter is being or will be looked into, dealt with or improved, without a day, what was found or what was done."}},
		{Contact, assess.Text{Zh: "只说已经联系、回访、电话答复，或者只请诉求人另行联系，公众看不到答复了什么。", En: "It says only that the citizen was called or is to call, so that nobody can read what the answer was."}},
		{Bare, assess.Text{Zh: "只有“已办理”“已办结”“已处理”“不再受理”一类的结论，没有说明做了什么。", En: "It says only that the case is done or closed, in a word or two, and not what was done."}},
		{Formula, assess.Text{Zh: "只有问候、致谢、致歉、已收悉、请继续关注一类的套话。", En: "It holds only greetings, thanks, apologies, that the letter has arrived, and the like."}},
	}
}

// Of returns the rule that applies to a reply, or [None]. It takes time in proportion to
// the length of the text, and stops at the first clause that says something.
func Of(text string) Rule {
	var seen [formula + 1]bool
	for start := 0; start < len(text); {
		end := start
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if parts(r) {
				break
			}
			end += n
		}
		if clause := trim(text[start:end]); clause != "" {
			k := classify(clause)
			if k == says {
				return None
			}
			seen[k] = true
		}
		if end < len(text) {
			_, n := utf8.DecodeRuneInString(text[end:])
			end += n
		}
		start = end
	}
	for k, rule := range [...]Rule{passed: PassedOn, pending: Pending, contact: Contact, bare: Bare, formula: Formula} {
		if seen[k] && rule != None {
			return rule
		}
	}
	return None
}

// kind is what a clause is.
type kind int

const (
	says    kind = iota // none of those below: it is taken to say something
	passed              // 已转交相关部门
	pending             // 正在核实
	contact             // 请拨打
	bare                // 已办结
	formula             // 您好; and also what only leads to something, such as 经核实
)

// parts reports whether a character parts clauses.
func parts(r rune) bool {
	return strings.ContainsRune("。！？；：，,;!?:…~～", r) || unicode.IsSpace(r)
}

// trim takes away what stands around a clause and says nothing.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
}

// classify says what a clause is. A clause that holds a digit says something, but for a
// telephone number.
func classify(c string) kind {
	for _, w := range leads {
		if rest, ok := strings.CutPrefix(c, w); ok {
			if c = trim(rest); c == "" {
				return formula
			}
			break
		}
	}
	in := lookUp(c)
	short := utf8.RuneCountInString(c)
	if short <= 10 && in.has(ofBareWords) && !in.has(ofFound) {
		return bare
	}
	if in.calls(c, short) {
		return contact
	}
	if !in.has(ofFound) && (short <= 14 && (hasSuffix(c, greetings) || hasPrefix(c, salutations)) || short <= 40 && hasPrefix(c, salutations) && hasSuffix(c, greetings)) {
		return formula
	}
	if strings.ContainsAny(c, "0123456789０１２３４５６７８９") {
		return says
	}
	if in.has(ofFound) {
		return says
	}
	if in.has(ofPassing) && (in.has(ofBodies) || short <= 8) {
		return passed
	}
	done := strings.Contains(c, "已") || strings.Contains(c, "了")
	if !done || in.has(ofReceipts) {
		if in.has(ofReceipts) || in.has(ofThanks) || in.has(ofClosings) {
			return formula
		}
	}
	if in.has(ofPendings) && !done {
		return pending
	}
	if in.has(ofIntends) && in.has(ofVague) && !done {
		return pending
	}
	if hasPrefix(c, echoes) && !done && !strings.Contains(c, "请") && !in.has(ofIntends) {
		return formula // what was asked, said again
	}
	return says
}

// calls reports whether a clause of n characters says only whom to call or that somebody
// has called.
func (in lists) calls(c string, n int) bool {
	if in.has(ofFound) || in.has(ofOthers) {
		return false
	}
	return hasPrefix(c, callings) || n <= 14 && in.has(ofCalled) || n <= 30 && in.has(ofTalked) && strings.Contains(c, "电话")
}

func hasPrefix(s string, words []string) bool {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

func hasSuffix(s string, words []string) bool {
	for _, w := range words {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}
