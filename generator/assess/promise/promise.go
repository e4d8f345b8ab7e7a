// Package promise finds what a reply promises to have done by a day, so that it can be
// proposed as a commitment. It reads fixed wordings only and proposes: whether it is a
// promise, and whether it was kept, is for a person to say.
//
// It is pure: text and the day of the reply in, promises out. Safe for concurrent use.
package promise

import (
	"slices"
	"strings"
	"time"
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

// notOurs are words before a time in its sentence that make it a rule, or a request to
// the citizen, and not a promise.
var notOurs = []string{"规定", "应当", "应在", "条例", "办法", "必须", "限定", "之日起", "公示期", "有效期", "时限", "一般", "通常", "请您", "请你", "请于", "请在", "逾期", "可以在", "可在", "每月", "每年", "每周"}

// past are words before a time in its part of the sentence that make it an account of
// what was done.
var past = []string{"已于", "已在", "曾于", "未在", "未能", "上月", "上个月", "去年"}

// expected are words directly before a time that make it one to come also where it lacks
// the word 前; done are words behind it of which one must then follow.
var (
	expected = []string{"预计", "预计于", "预计在", "计划", "计划于", "计划在", "拟于", "拟在", "将于", "将在", "力争", "力争在", "争取", "争取在", "确保", "确保在", "定于", "预计需要", "预计需"}
	done     = []string{"完成", "恢复", "修复", "解决", "公布", "发布", "更新", "开工", "竣工", "通车", "建成", "投入", "启用", "上线", "整改", "到位", "处理", "安装", "更换", "开放", "修好"}
)

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
	limit := -1 // not looked for yet: most sentences name no time
	for at := start; at < end; {
		if !utf8.RuneStart(text[at]) {
			at++
			continue
		}
		p, size, open := timeAt(text[at:end], text[max(start, at-nearBytes):at], replied)
		if size == 0 {
			at++
			continue
		}
		if p.Days > 0 || p.Due.Known() && (!replied.Known() || p.Due >= replied) {
			if limit < 0 {
				limit = promisedUpTo(text[start:end])
			}
			if at-start >= limit {
				break
			}
			rest := text[at+size : end]
			other := strings.HasPrefix(rest, "已") || strings.HasSuffix(text[at:at+size], "前") && otherWord(rest) || open && goesOn(rest)
			before := text[max(start, at-clauseBytes):at]
			if !other && ours(before, text[at:at+size]) && (!open || awaited(before, text[at+size:min(end, at+size+clauseBytes)])) {
				p.Start, p.End = at, at+size
				p.From, p.To = trimmed(text, start, end)
				out = append(out, p)
			}
		}
		at += size
	}
	return out
}

// promisedUpTo returns where a word of [notOurs] begins in a sentence, or its end: what
// follows is not promised.
func promisedUpTo(sentence string) int {
	for _, w := range notOurs {
		if i := strings.Index(sentence, w); i >= 0 {
			sentence = sentence[:i]
		}
	}
	return len(sentence)
}

// clauseBytes is how far from a time its part of the sentence is looked at, and nearBytes
// how far before it the words are that say of which year or month it is.
const (
	clauseBytes = 120
	nearBytes   = 12
)

// commas part a sentence.
const commas = "，,、：:（("

// ours reports whether what stands before a time in its part of the sentence lets it be
// one to come.
func ours(before, words string) bool {
	if i := strings.LastIndexAny(before, commas); i >= 0 {
		before = before[i:]
	}
	for _, w := range past {
		if strings.Contains(before, w) {
			return false
		}
	}
	ends := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(before, w) })
	}
	if ends("第", "上", "上个", "每", "每个", "最近", "过去") {
		return false
	}
	// 次年底, 当月底 and 去年底 are of a year or month that is not that of the reply.
	if (strings.HasPrefix(words, "年") || strings.HasPrefix(words, "月")) && (ends("次", "去", "翌", "来", "同", "当", "该") || ends("前") && !ends("目前")) {
		return false
	}
	// 办结之后一个月内 counts from a day that the reply does not name.
	if ends("后") && !ends("今后") || ends("起") {
		return false
	}
	// So does 8月 behind a year, and 5日 behind a month, that was not understood.
	if before = strings.TrimRight(before, blanks); ends("年") && !ends(thisYear...) && !ends(nextYear) || ends("月") && !ends(thisMonth) && !ends(nextMonth...) {
		return false
	}
	return !endsInNumber(before)
}

// awaited reports whether a time without 前 is one by which something will be done.
func awaited(before, after string) bool {
	if i := strings.IndexAny(after, commas); i >= 0 {
		after = after[:i]
	}
	// 今年, the lesser of two numbers and the earlier of two days may stand between:
	// 预计今年8月底, 预计3-5个工作日, 预计12月5日至8日.
	before = strings.TrimRight(before, "0123456789年月日号"+ranges+blanks)
	before = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(before, "今"), "明"), "本")
	directly := func(w string) bool { return strings.HasSuffix(before, w) }
	within := func(w string) bool { return strings.Contains(after, w) }
	return slices.ContainsFunc(expected, directly) && slices.ContainsFunc(done, within)
}

// ranges stand between the two ends of a range, and blanks between a number and its word.
const (
	ranges = "-－–~～—至到"
	blanks = " \u3000\u00a0"
)

// goesOn reports whether a day is only the first of a range, of which the last counts.
func goesOn(rest string) bool {
	cut := strings.TrimLeft(rest, ranges+blanks)
	if cut == rest || strings.Trim(rest[:len(rest)-len(cut)], blanks) == "" {
		return false
	}
	_, used := number(cut)
	return used > 0 || strings.HasPrefix(cut, "年") || strings.HasPrefix(cut, "明年") || strings.HasPrefix(cut, "下")
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

// endsInNumber reports whether a text ends in a number, in digits or in Chinese words.
func endsInNumber(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsDigit(r) || figure(string(r)) >= 0
}

// spoken are the times without a number, by the day of the reply. open ones need a word
// before them that says that they are to come.
var spoken = [...]struct {
	text string
	due  func(record.Day) record.Day
	open bool
}{
	{"今年年底前", endOfYear, false}, {"今年底前", endOfYear, false}, {"明年年底前", endOfNextYear, false}, {"明年底前", endOfNextYear, false}, {"年底前", endOfYear, false},
	{"本月底前", endOfMonth, false}, {"下个月底前", endOfNext, false}, {"下月底前", endOfNext, false}, {"月底前", endOfMonth, false},
	{"本周内", endOfWeek, false}, {"本周末前", endOfWeek, false}, {"下周内", endOfNextWeek, false}, {"下周末前", endOfNextWeek, false},
	{"今年年底", endOfYear, true}, {"今年底", endOfYear, true}, {"明年年底", endOfNextYear, true}, {"明年底", endOfNextYear, true}, {"年底", endOfYear, true},
	{"本月底", endOfMonth, true}, {"下个月底", endOfNext, true}, {"下月底", endOfNext, true}, {"月底", endOfMonth, true},
}

func endOfYear(d record.Day) record.Day     { return record.Date(d.Month().Year(), 12, 31) }
func endOfNextYear(d record.Day) record.Day { return record.Date(d.Month().Year()+1, 12, 31) }
func endOfMonth(d record.Day) record.Day    { return d.Month().Last() }
func endOfNext(d record.Day) record.Day     { return (d.Month() + 1).Last() }

// endOfWeek is the Sunday of the week, which begins on Monday.
func endOfWeek(d record.Day) record.Day     { return d + record.Day((7-d.Time().Weekday())%7) }
func endOfNextWeek(d record.Day) record.Day { return endOfWeek(d) + 7 }

// timeAt reads a time at the beginning of s; size is 0 where there is none. An open one
// says only on which day, and not that it is to come. What stands before it may say of
// which year or month it is.
func timeAt(s, before string, replied record.Day) (p Promise, size int, open bool) {
	if n, used := number(s); used > 0 {
		return numbered(s, n, used, strings.TrimRight(before, blanks), replied)
	}
	if !replied.Known() || len(s) < len("年") || !strings.Contains("今明年本下月", s[:len("年")]) {
		return p, 0, false
	}
	for _, w := range spoken {
		if strings.HasPrefix(s, w.text) {
			return Promise{Due: w.due(replied)}, len(w.text), w.open
		}
	}
	return p, 0, false
}

// The words before a number that say of which year or month it is.
var (
	thisYear  = []string{"今年", "本年"}
	nextMonth = []string{"下月", "下个月"}
)

const (
	nextYear  = "明年"
	thisMonth = "本月"
)

// pastBlanks returns the place behind the blanks of s at i.
func pastBlanks(s string, i int) int { return len(s) - len(strings.TrimLeft(s[i:], blanks)) }

// longest is the largest number of days, weeks or months that is believed.
const longest = 999

// numbered reads a time that begins with the number n of i bytes. A number that begins
// no time is passed over whole, so that none is read from the middle of it.
func numbered(s string, n, i int, before string, replied record.Day) (Promise, int, bool) {
	i = pastBlanks(s, i)
	rest := s[i:]
	for _, w := range [...]string{"个工作日内", "个工作日之内", "个工作日"} {
		if strings.HasPrefix(rest, w) && n > 0 && n <= longest {
			return Promise{Days: n}, i + len(w), w == "个工作日"
		}
	}
	ends := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(before, w) })
	}
	if ends(thisMonth) || ends(nextMonth...) {
		month := replied.Month()
		if !ends(thisMonth) {
			month++
		}
		due, used, open := dayAt(s, n, i, func(day int) record.Day { return dayOf(month, day) })
		if !replied.Known() || used == 0 || strings.HasPrefix(s[used:], "内") {
			return Promise{}, i, false
		}
		return Promise{Due: due}, used, open
	}
	for _, w := range [...]struct {
		text string
		due  func() record.Day
	}{
		{"日内", func() record.Day { return replied + record.Day(n) }}, {"天内", func() record.Day { return replied + record.Day(n) }}, {"天之内", func() record.Day { return replied + record.Day(n) }},
		{"周内", func() record.Day { return replied + record.Day(7*n) }}, {"个星期内", func() record.Day { return replied + record.Day(7*n) }},
		{"个月内", func() record.Day { return monthsOn(replied, n) }}, {"个月之内", func() record.Day { return monthsOn(replied, n) }},
	} {
		if strings.HasPrefix(rest, w.text) && n > 0 && n <= longest && replied.Known() {
			return Promise{Due: w.due()}, i + len(w.text), false
		}
	}
	year, stated := 0, false
	switch {
	case strings.HasPrefix(rest, "年") && n >= 1990 && n < 2200:
		year, stated = n, true
		i = pastBlanks(s, i+len("年"))
		for _, w := range [...]string{"年底前", "底前", "年底", "底"} {
			if strings.HasPrefix(s[i:], w) {
				return Promise{Due: record.Date(year, 12, 31)}, i + len(w), !strings.HasSuffix(w, "前")
			}
		}
		var used int
		n, used = number(s[i:])
		i = pastBlanks(s, i+used)
	case !replied.Known():
		return Promise{}, i, false
	case ends(thisYear...):
		year, stated = replied.Month().Year(), true
	case ends(nextYear):
		year, stated = replied.Month().Year()+1, true
	default:
		year = replied.Month().Year()
	}
	if !strings.HasPrefix(s[i:], "月") || n < 1 || n > 12 {
		return Promise{}, i, false
	}
	i = pastBlanks(s, i+len("月"))
	month := record.MonthOf(year, time.Month(n))
	// next is the day of the month, of this year or the next one where none is stated.
	next := func(of func(record.Month) record.Day) record.Day {
		due := of(month)
		if !stated && due < replied {
			due = of(month + 12)
		}
		return due
	}
	for _, w := range [...]string{"底前", "底之前", "底"} {
		if strings.HasPrefix(s[i:], w) {
			return Promise{Due: next(record.Month.Last)}, i + len(w), w == "底"
		}
	}
	day, used := number(s[i:])
	i = pastBlanks(s, i+used)
	due, used, open := dayAt(s, day, i, func(day int) record.Day {
		return next(func(m record.Month) record.Day { return dayOf(m, day) })
	})
	if used == 0 {
		return Promise{}, i, false
	}
	return Promise{Due: due}, used, open
}

// dayAt reads the word behind the number of a day of a month and returns where it ends,
// or 0 where the day is none.
func dayAt(s string, day, i int, of func(day int) record.Day) (due record.Day, end int, open bool) {
	for _, w := range [...]string{"日前", "日之前", "日以前", "号前", "号之前", "日", "号"} {
		if strings.HasPrefix(s[i:], w) {
			if due = of(day); due.Known() {
				return due, i + len(w), !strings.HasSuffix(w, "前")
			}
		}
	}
	return 0, 0, false
}

// dayOf is a day of a month, or unknown where the month has no such day.
func dayOf(m record.Month, day int) record.Day {
	if due := m.First() + record.Day(day-1); day >= 1 && due <= m.Last() {
		return due
	}
	return 0
}

// monthsOn is the day n months later, or the last of that month where it has fewer days.
func monthsOn(d record.Day, n int) record.Day {
	m := d.Month() + record.Month(n)
	return min(m.First()+(d-d.Month().First()), m.Last())
}

// figure is the value of a sign of numbers in words, and -1 of any other.
func figure(sign string) int {
	switch sign {
	case "〇", "零":
		return 0
	case "一":
		return 1
	case "二", "两":
		return 2
	case "三":
		return 3
	case "四":
		return 4
	case "五":
		return 5
	case "六":
		return 6
	case "七":
		return 7
	case "八":
		return 8
	case "九":
		return 9
	case "十":
		return 10
	}
	return -1
}

// digit reads a digit of either width.
func digit(s string) (v, size int) {
	switch {
	case s != "" && s[0] >= '0' && s[0] <= '9':
		return int(s[0] - '0'), 1
	case len(s) >= len("０") && s[:2] == "０"[:2] && s[2] >= "０"[2] && s[2] <= "９"[2]:
		return int(s[2] - "０"[2]), len("０")
	}
	return 0, 0
}

// number reads the number that s begins with, in digits, in words up to 九十九, or as the
// four signs of a year (二〇二六), and its length; used is 0 where there is none. A long
// run is no number.
func number(s string) (n, used int) {
	many := 0
	for {
		v, size := digit(s[used:])
		if size == 0 {
			break
		}
		if many++; many <= 4 {
			n = n*10 + v
		}
		used += size
	}
	if used > 0 {
		if many > 4 {
			n = 0
		}
		return n, used
	}
	var run []int
	for used+len("一") <= len(s) {
		v := figure(s[used : used+len("一")])
		if v < 0 {
			break
		}
		if len(run) < 5 {
			run = append(run, v)
		}
		used += len("一")
	}
	switch {
	case len(run) == 1:
		return run[0], used
	case len(run) == 2 && run[0] == 10 && run[1] < 10:
		return 10 + run[1], used
	case len(run) == 2 && run[1] == 10 && run[0] < 10:
		return 10 * run[0], used
	case len(run) == 3 && run[1] == 10 && run[0] < 10 && run[2] < 10:
		return 10*run[0] + run[2], used
	case len(run) == 4 && !slices.Contains(run, 10):
		return 1000*run[0] + 100*run[1] + 10*run[2] + run[3], used
	}
	return 0, used
}
