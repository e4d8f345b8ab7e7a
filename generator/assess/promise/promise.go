// Package promise finds what a reply promises to have done by a day, so that it can be
// proposed as a commitment. It reads fixed wordings only and proposes: whether it is a
// promise, and whether it was kept, is for a person to say.
//
// It is pure: text and the day of the reply in, promises out. Safe for concurrent use.
package promise

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/record"
)

// Promise is one wording that names a time to come.
type Promise struct {
	record.Place
	Due  record.Day // the day by which; unknown where it is counted in working days
	Days int        // working days from the day of the reply where Due is unknown
}

// notOurs are words before a time in its sentence that make it a rule, a request to the
// citizen or an account of the past and not a promise.
var notOurs = []string{"规定", "应当", "应在", "条例", "办法", "请您", "请你", "请于", "请在", "已于", "已在", "曾于", "逾期", "可以在", "可在", "未在", "未能", "上月", "上个月", "去年", "每月", "每年"}

// ends part sentences.
const ends = "。；;！!？?\n"

// Find returns the promises of a reply of the given day in the order of the text. A time
// that is over on that day is none, nor is one that a rule sets or that the citizen is
// to keep. A date without a year is the next one from the day of the reply; without a
// day of the reply only full dates are found. It takes time linear in the text.
func Find(text string, replied record.Day) []Promise {
	var out []Promise
	for start := 0; start < len(text); {
		end := strings.IndexAny(text[start:], ends)
		if end < 0 {
			end = len(text)
		} else {
			_, size := utf8.DecodeRuneInString(text[start+end:])
			end += start + size
		}
		out = sentence(out, text, start, end, replied)
		start = end
	}
	return out
}

func sentence(out []Promise, text string, start, end int, replied record.Day) []Promise {
	limit := end
	for _, w := range notOurs {
		if i := strings.Index(text[start:limit], w); i >= 0 {
			limit = start + i // what follows is not promised
		}
	}
	for at := start; at < limit; {
		p, size := timeAt(text[at:end], replied)
		if size == 0 {
			at++
			continue
		}
		if inWords(text[start:at]) || strings.HasSuffix(text[at:at+size], "前") && otherWord(text[at+size:end]) {
			at += size // 十二月底前: a month or year in words is not read
			continue
		}
		if p.Days > 0 || p.Due.Known() && (!replied.Known() || p.Due >= replied) {
			p.Start, p.End = at, at+size
			p.From, p.To = trimmed(text, start, end)
			out = append(out, p)
		}
		at += size
	}
	return out
}

// trimmed returns the bounds of a sentence without blanks and the sign that ends it.
func trimmed(text string, start, end int) (from, to int) {
	to = start + len(strings.TrimRightFunc(text[start:end], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(ends, r) }))
	return to - len(strings.TrimLeftFunc(text[start:to], unicode.IsSpace)), to
}

// otherWord reports whether what follows makes another word of 前: 9月19日前后 is about
// that day, and 9月19日前往 says where somebody went on it.
func otherWord(rest string) bool {
	for _, w := range [...]string{"后", "往", "来", "去", "赴", "期", "夕"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

// inWords reports whether a text ends in a number in Chinese words.
func inWords(s string) bool {
	for _, w := range [...]string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "〇", "零"} {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// spoken are the times without digits, by the month of the reply.
var spoken = [...]struct {
	text string
	due  func(record.Month) record.Day
}{
	{"今年年底前", endOfYear},
	{"明年年底前", func(m record.Month) record.Day { return endOfYear(m + 12) }},
	{"年底前", endOfYear},
	{"本月底前", record.Month.Last},
	{"月底前", record.Month.Last},
	{"下个月底前", endOfNext},
	{"下月底前", endOfNext},
}

func endOfYear(m record.Month) record.Day { return record.Date(m.Year(), 12, 31) }

func endOfNext(m record.Month) record.Day { return (m + 1).Last() }

// timeAt reads a time at the beginning of s; size is 0 where there is none.
func timeAt(s string, replied record.Day) (p Promise, size int) {
	if s[0] >= '0' && s[0] <= '9' {
		return numbered(s, replied)
	}
	if !replied.Known() {
		return p, 0
	}
	for _, w := range spoken {
		if strings.HasPrefix(s, w.text) {
			return Promise{Due: w.due(replied.Month())}, len(w.text)
		}
	}
	return p, 0
}

// numbered reads a time that begins with digits. Digits that begin no time are passed
// over whole, so that none is read from the middle of a number.
func numbered(s string, replied record.Day) (Promise, int) {
	n, i := number(s)
	rest := s[i:]
	for _, w := range [...]string{"个工作日内", "个工作日之内"} {
		if strings.HasPrefix(rest, w) && n > 0 {
			return Promise{Days: n}, i + len(w)
		}
	}
	for _, w := range [...]string{"日内", "天内", "天之内"} {
		if strings.HasPrefix(rest, w) && n > 0 && n < 1000 && replied.Known() {
			return Promise{Due: replied + record.Day(n)}, i + len(w)
		}
	}
	year, full := 0, false
	if strings.HasPrefix(rest, "年") && n >= 1990 && n < 2200 {
		year, full = n, true
		i += len("年")
		for _, w := range [...]string{"年底前", "底前"} {
			if strings.HasPrefix(s[i:], w) {
				return Promise{Due: record.Date(year, 12, 31)}, i + len(w)
			}
		}
		var used int
		n, used = number(s[i:])
		i += used
	}
	if !strings.HasPrefix(s[i:], "月") || n < 1 || n > 12 || !full && !replied.Known() {
		return Promise{}, i
	}
	i += len("月")
	if !full {
		year = replied.Month().Year()
	}
	month := record.MonthOf(year, record.Date(year, 1, 1).Time().AddDate(0, n-1, 0).Month())
	for _, w := range [...]string{"底前", "底之前"} {
		if strings.HasPrefix(s[i:], w) {
			if !full && month.Last() < replied {
				month += 12
			}
			return Promise{Due: month.Last()}, i + len(w)
		}
	}
	day, used := number(s[i:])
	i += used
	for _, w := range [...]string{"日前", "日之前", "日以前"} {
		if strings.HasPrefix(s[i:], w) && day >= 1 && month.First()+record.Day(day-1) <= month.Last() {
			due := month.First() + record.Day(day-1)
			if !full && due < replied {
				if month += 12; month.First()+record.Day(day-1) > month.Last() {
					return Promise{}, i // the 29th of a February that has none
				}
				due = month.First() + record.Day(day-1)
			}
			return Promise{Due: due}, i + len(w)
		}
	}
	return Promise{}, i
}

// number reads the digits that s begins with, and how many; a long run is no number.
func number(s string) (n, used int) {
	for used < len(s) && s[used] >= '0' && s[used] <= '9' {
		if used < 6 {
			n = n*10 + int(s[used]-'0')
		}
		used++
	}
	if used > 4 {
		return 0, used
	}
	return n, used
}
