package gate

import (
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// A day of birth is looked for beside the words that say so: before the date
// (出生于, 生日, 出生日期) or behind it (1980年3月5日生). A year alone is
// nobody's, and neither are the days of a rule (2017年9月1日以后出生的儿童) nor
// those of holidays and foundings.

// birthWords are the words around days of birth.
type birthWords struct {
	before, behind wordSet // forwards
	rules, folk    wordSet // what makes a date one of a rule, forwards
	people         wordSet
}

const (
	beforeWords = "出生日期 出生年月日 出生年月 出生时间 出生于 出生在 出生 生日 生于 生辰 诞辰 生年月日 dob birthday born birthdate birth"
	behindWords = "出生 生人 生日 生 诞生"
	// What stands behind a date that bounds a rule.
	ruleWords = "至 到 以前 以后 之前 之后 前 后 以来 起 期间 止 ( ~ — - 及 以内 之间 (含 含 或 与 和"
	// Whom a rule is for.
	folkWords = "适龄 儿童 幼儿 人员 职工 公民 人口 婴儿 新生儿 学生 考生 申请人 参保 男性 女性 居民 者 军人 退休 子女的 证明 缺陷 登记 医学 率 队列 宝宝 的适龄 的儿童 的幼儿 的人员 的职工 的公民 的居民 的学生 的男 的女 的考生 的退 的人 的少年 的青年 的新生 的婴 的参保 的未 的子女 的孩子"
	// What makes the dates of a sentence those of a rule.
	allWords = "凡 适龄儿童 年满 未满 报名条件 招生对象 招生范围 入学年龄 报考条件 政策规定 入园 入学对象 招聘条件 年龄要求"
)

// add adds the words to the lists.
func (b *birthWords) add(p *places) {
	p.add(&b.before, birthFlag, beforeWords, false, noDetail)
	p.add(&b.behind, birthFlag, behindWords, false, noDetail)
	p.add(&b.rules, birthFlag, ruleWords, false, noDetail)
	p.add(&b.folk, birthFlag, folkWords, false, noDetail)
	p.add(&b.people, birthFlag, allWords, false, noDetail)
}

// birthSteps is what it costs to look at one such word, in characters.
const birthSteps = 128

// The bounds of what stands between a word of birth and its date.
const (
	birthGap  = 8  // characters
	dateWidth = 24 // characters of a date, blanks included
	ruleReach = 30 // characters before a date in which a rule is stated
)

// births looks for days of birth beside a person.
func (s *scan) births() {
	done := 0
	for i := range s.glyphs {
		switch s.glyphs[i].r {
		case '生', '辰', 'b', 'B', 'd', 'D':
		default:
			continue
		}
		if i < done {
			continue
		}
		if g := &s.glyphs[i]; g.class == letter && i > 0 && (s.glyphs[i-1].class == letter || s.glyphs[i-1].class == alike) {
			continue
		}
		s.work.spend(birthSteps)
		first, last, ok := s.birthBefore(i)
		if !ok {
			first, last, ok = s.birthBehind(i)
		}
		if !ok {
			continue
		}
		done = last
		s.hits = append(s.hits, hit{
			typ: BirthDate, first: int32(first), last: int32(last), norm: placeForm(s.glyphs[first:last]), confidence: 85, detector: "birth@1",
		})
	}
}

// birthBefore looks for a date behind the word of birth of which glyph i is a part.
func (s *scan) birthBefore(i int) (first, last int, ok bool) {
	gs, b := s.glyphs, &s.places.birth
	at, n := i, 0
	for back := 0; back < 2 && at-back >= 0; back++ { // 出生 begins one before
		if w, k := s.wordAtFold(&b.before, i-back); w != nil && k > back {
			at, n = i-back, k
		}
	}
	if n == 0 {
		return 0, 0, false
	}
	if gs[at].r == '生' && gs[at+1].r == '于' && at > 0 && !s.bornHere(at) {
		return 0, 0, false
	}
	if at > 0 && gs[at].r == '生' && strings.ContainsRune("发产派学考医先师新民女男卫", rune(gs[at-1].r)) {
		return 0, 0, false // 学生日常, 医生日
	}
	words := 0
	for j := at + n; j < min(len(gs), at+n+2*birthGap) && words <= birthGap; j++ {
		g := &gs[j]
		if placeDigit(g) {
			end, y := s.dateAt(j)
			if end == 0 || !s.pastYear(y) || s.ruled(at, end) {
				return 0, 0, false
			}
			return j, end, true
		}
		if g.r == '。' || g.class == weak && (words > 0 || n < 4) || strings.ContainsRune("后时证率缺人口地前", rune(g.r)) && g.class == word {
			return 0, 0, false // 2017年出生，2023年上学; 出生后于某日
		}
		if !placeBlank(g.r) && g.class != sep {
			words++
		}
	}
	return 0, 0, false
}

// bornHere reports whether 生于 at glyph i is said of a person's birth, and not
// the end of 发生于 or 学生于.
func (s *scan) bornHere(i int) bool {
	g := &s.glyphs[i-1]
	return !strings.ContainsRune("发产诞派衍滋学考医先师新民卫花书女男寄萌实研招门养野陌", rune(g.r)) || g.class == sep || g.class == weak
}

// birthBehind looks for a date before the word of birth at glyph i.
func (s *scan) birthBehind(i int) (first, last int, ok bool) {
	gs, b := s.glyphs, &s.places.birth
	at := i
	if i > 0 && (gs[i-1].r == '出' || gs[i-1].r == '诞') {
		at--
	}
	w, n := s.placeWordAt(&b.behind, at)
	if w == nil || gs[at].r == '诞' {
		return 0, 0, false
	}
	end := at
	for end > 0 && (placeBlank(gs[end-1].r) || gs[end-1].r == '/' || gs[end-1].r == '(') {
		end--
	}
	if end > 0 && gs[end-1].r == '于' {
		return 0, 0, false
	}
	start := -1
	year := 0
	for k := end - 1; k >= max(0, end-dateWidth); k-- {
		if gs[k].class == weak {
			break
		}
		if !placeDigit(&gs[k]) || k > 0 && (placeDigit(&gs[k-1])) {
			continue
		}
		if stop, y := s.dateAt(k); stop == end {
			start, year = k, y
		}
	}
	if start < 0 || !s.pastYear(year) {
		return 0, 0, false
	}
	tail := at + n
	if n == 1 && !s.bornTail(tail) || s.startsWord(&b.folk, s.skipBlanks(tail)) || s.ruled(start, end) {
		return 0, 0, false
	}
	return start, end, true
}

// bornTail reports whether 生, which ends before glyph i, stands for born: what
// follows is the end of the clause.
func (s *scan) bornTail(i int) bool {
	if i >= len(s.glyphs) {
		return true
	}
	g := &s.glyphs[i]
	return g.class == sep || g.class == weak || g.r == '的' || g.r == '人' || g.r == '于' || g.r == '在'
}

// ruled reports whether the date that ends at end is one of a rule: a bound, or
// a day in a sentence about everybody.
func (s *scan) ruled(start, end int) bool {
	gs, b := s.glyphs, &s.places.birth
	j := s.skipBlanks(end)
	if j < len(gs) && gs[j].r == '出' {
		j += 2
		if j > len(gs) {
			j = len(gs)
		}
	}
	if w, n := s.placeWordAt(&b.rules, j); w != nil && (gs[j].class == word || s.rangeAt(j+n)) {
		return true
	}
	for k := start - 1; k >= max(0, start-ruleReach); k-- {
		if gs[k].r == '。' || gs[k].r == '!' || gs[k].r == '?' {
			break
		}
		if s.startsWord(&b.people, k) {
			return true
		}
	}
	// The end of a range: 2017年9月1日至2018年8月31日.
	for k := start - 1; k >= max(0, start-3); k-- {
		if r := gs[k].r; r == '至' || r == '~' {
			return true
		}
	}
	return false
}

// rangeAt reports whether a date or a word of a bound follows the mark before i.
func (s *scan) rangeAt(i int) bool {
	i = s.skipBlanks(i)
	if i >= len(s.glyphs) {
		return false
	}
	if placeDigit(&s.glyphs[i]) {
		end, _ := s.dateAt(i)
		return end > 0
	}
	return s.glyphs[i].r == '含'
}

// wordAtFold is placeWordAt for lists with Latin words, whatever their case.
func (s *scan) wordAtFold(set *wordSet, i int) (*placeWord, int) {
	if i < 0 || i >= len(s.glyphs) || s.glyphs[i].class != letter && s.glyphs[i].class != alike {
		return s.placeWordAt(set, i)
	}
	words := set.words[s.glyphs[i].r|0x20]
	for w := range words {
		runes := words[w].runes
		if i+len(runes) <= len(s.glyphs) && !slices.ContainsFunc(s.glyphs[i:i+len(runes)], func(g glyph) bool { return g.class == word }) {
			same := true
			for n, r := range runes {
				same = same && s.glyphs[i+n].r|0x20 == r
			}
			if same {
				return &words[w], len(runes)
			}
		}
	}
	return nil, 0
}

// dateAt reads a whole date at glyph i in any of its forms, 1980年3月5日,
// 1980-03-05, 一九八〇年三月五日, 80年3月5日, 19800305, and returns where it ends and
// its year. The end is 0 when none stands there.
func (s *scan) dateAt(i int) (end, year int) {
	gs := s.glyphs
	year, n, j := s.birthCount(i, 8)
	if n == 8 {
		m, d := year/100%100, year%100
		if j < len(gs) && placeDigit(&gs[j]) || !validDay(m, d) {
			return 0, 0
		}
		return j, year / 10000
	}
	if n != 4 && n != 2 {
		return 0, 0
	}
	if n == 2 {
		year += 1900
	}
	j = s.skipBlanks(j)
	if j >= len(gs) {
		return 0, 0
	}
	mark := gs[j].r
	if mark != '年' && mark != '.' && mark != '-' && mark != '/' && mark != '、' {
		return 0, 0
	}
	j = s.skipBlanks(j + 1)
	if j+1 < len(gs) && (gs[j].r == '农' && gs[j+1].r == '历' || gs[j].r == '阴' && gs[j+1].r == '历') {
		j = s.skipBlanks(j + 2)
	}
	m, n, j := s.birthCount(j, 2)
	if n == 0 || j >= len(gs) {
		return 0, 0
	}
	j = s.skipBlanks(j)
	if j >= len(gs) || mark == '年' && gs[j].r != '月' && gs[j].r != '.' && gs[j].r != '-' || mark != '年' && gs[j].r != mark {
		return 0, 0
	}
	j = s.skipBlanks(j + 1)
	if j < len(gs) && gs[j].r == '初' {
		j++
	}
	d, n, j := s.birthCount(j, 2)
	if n == 0 || !validDay(m, d) || j < len(gs) && gs[j].class == digit {
		return 0, 0
	}
	if k := s.skipBlanks(j); k < len(gs) && (gs[k].r == '日' || gs[k].r == '号') {
		j = k + 1
	}
	return j, year
}

// validDay reports whether m and d may be a month and a day.
func validDay(m, d int) bool { return m >= 1 && m <= 12 && d >= 1 && d <= 31 }

// birthCount reads a number of at most most digits at glyph i, of ASCII or of Chinese
// numerals as they are spoken or spelt: 三十一, 二〇, 廿三. Blanks may stand
// between digits. It returns its value, how many characters it has, and its end.
func (s *scan) birthCount(i, most int) (value, n, end int) {
	gs := s.glyphs
	end = i
	tens := false
	for j := i; j < len(gs) && n < most+1; j++ {
		g := &gs[j]
		switch {
		case n > 0 && placeBlank(g.r) && j+1 < len(gs) && placeDigit(&gs[j+1]) && most > 2:
			continue
		case g.r == '十' || g.r == '廿' || g.r == '卅':
			if tens {
				return value, n, end
			}
			tens = true
			switch {
			case g.r == '廿':
				value = 20
			case g.r == '卅':
				value = 30
			case value == 0:
				value = 10
			default:
				value *= 10
			}
		case (g.class == digit || g.class == hanDigit || g.class == alike && n > 0):
			if !tens && n == most {
				return value, n, end
			}
			if tens {
				value += int(g.digit)
			} else {
				value = value*10 + int(g.digit)
			}
		default:
			return value, n, end
		}
		n++
		end = j + 1
	}
	return value, n, end
}

// pastYear reports whether somebody alive or lately dead may be born in y.
func (s *scan) pastYear(y int) bool {
	return y >= 1890 && (!s.asOf.Known() || record.Date(y, 1, 1) <= s.asOf)
}
