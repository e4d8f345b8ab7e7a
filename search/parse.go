package search

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parsed is a query as it was understood.
type Parsed struct {
	Terms   []Term
	Not     []string // what is excluded
	Fields  []string // text fields that all words are sought in; none: all
	Filters []Choice // in the order of the query
	Number  string   // the first case number that stands anywhere in the query
	Notes   []Note
}

// Term is one word or quotation.
type Term struct {
	Text   string
	Quoted bool // to be found as it stands, also within longer words

	start, end int // where Text stands in the query
}

// Choice is a filter that stands in the query.
type Choice struct {
	Field string
	Word  string   // as it was typed
	IDs   []string // the values that it may mean; none: there is no such value

	start, end int  // where the choice stands in the query, name and all
	borrows    bool // a month that has its year from another choice
}

// Parse reads a query. Its error is a [*RequestError].
//
// Words are parted by blanks, also full-width ones, and all of them must be
// found. What stands between quotation marks (" " “ ” „ ‟ ＂ in any pairing,
// ‘ ’, 「 」, 『 』) is one term as it stands; an open quotation goes on to the
// end. A quotation mark within a word begins a quotation; an apostrophe and the
// marks of book titles 《 》 are text, and so are the operators of other query
// languages. A minus (- － – −) before a word or a quotation excludes it; within
// a word it is text.
//
// A name with a colon (: ：) before a word or a quotation says where it is
// sought or what it filters. It is read in any case, width and form, and in any
// language of these:
//
//	标题 title             内容 诉求内容 来信 question   答复 答复内容 回复 reply   (texts)
//	单位 unit office       地区 区域 area              领域 主题 topic
//	类别 诉求类别 类型 kind   渠道 channel               状态 办理状态 status
//	评价 满意度 rating       年 年份 year               月 月份 month            编号 number
//
// A text named before one word holds for all words of the query, and a note
// says so; two different ones in one query are an error. Filters take the names
// or identifiers of values; on the same field they mean any of their values, on
// different fields all of them. They cannot be excluded: that would be an error.
// A minus may stand on either side of the name. A name with nothing behind it is
// left out, and a note says so.
func Parse(q string, v *Vocabulary) (Parsed, error) {
	p := Parsed{Number: findNumber(q)}
	seen := map[string]bool{}
	for _, t := range tokens(q) {
		switch {
		case t.op != "" && t.text == "":
			p.Notes = append(p.Notes, noteEmpty(t.op))
		case t.op == opNumber:
			if p.Number == "" {
				p.Notes = append(p.Notes, noteNumber(t.text))
			}
		case t.op != "" && !isTextField(t.op):
			if t.not {
				return Parsed{}, badQuery("exclude-filter")
			}
			p.Filters = append(p.Filters, Choice{Field: t.op, Word: t.text, start: t.start, end: t.end})
		default:
			key := unitKey(t.text)
			if key == "" {
				p.Notes = append(p.Notes, noteDropped(t.text))
				continue
			}
			if t.op != "" && !slices.Contains(p.Fields, t.op) {
				p.Fields = append(p.Fields, t.op)
			}
			if t.not {
				key = "-" + key
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			if t.not {
				p.Not = append(p.Not, t.text)
			} else {
				p.Terms = append(p.Terms, Term{Text: t.text, Quoted: t.quoted, start: t.textStart, end: t.textEnd})
			}
		}
	}
	if len(p.Fields) > 1 {
		return Parsed{}, badQuery("fields-mixed")
	}
	if len(p.Fields) == 1 && len(p.Terms)+len(p.Not) > 1 {
		p.Notes = append(p.Notes, noteOneField(p.Fields[0]))
	}
	for i := range p.Filters {
		c := &p.Filters[i]
		if err := c.resolve(v, p.Filters); err != nil {
			return Parsed{}, err
		}
		switch {
		case len(c.IDs) == 0:
			p.Notes = append(p.Notes, noteUnknown(c.Field, c.Word))
		case len(c.IDs) > 1:
			p.Notes = append(p.Notes, noteSeveral(c.Field, c.Word, c.IDs, v))
		}
	}
	return p, nil
}

// isTextField reports whether an operator says where words are sought.
func isTextField(field string) bool {
	return field == FieldTitle || field == FieldQuestion || field == FieldReply
}

// resolve looks up what the choice may mean.
func (c *Choice) resolve(v *Vocabulary, all []Choice) error {
	word := narrow(c.Word)
	switch c.Field {
	case FieldYear:
		if y := strings.TrimSuffix(word, "年"); len(y) == 4 && isDigits(y) {
			c.IDs = []string{y}
		}
		return nil
	case FieldMonth:
		y, m := splitMonth(word)
		if m == 0 {
			return nil
		}
		if i := slices.IndexFunc(all, func(c Choice) bool { return c.Field == FieldYear }); y == "" && i >= 0 {
			y, c.borrows = strings.TrimSuffix(narrow(all[i].Word), "年"), true
		}
		if len(y) != 4 || !isDigits(y) {
			return badQuery("month-without-year")
		}
		c.IDs = []string{y + "-" + strconv.Itoa(100 + m)[1:]}
		return nil
	}
	c.IDs = v.find(c.Field, c.Word)
	return nil
}

// splitMonth reads 2026-11, 2026年11月, 2026/11, 202611, 11 or 11月. The month is
// zero when s is none of them, the year empty when there is none.
func splitMonth(s string) (year string, month int) {
	s = strings.TrimSuffix(s, "月")
	m := s
	if i := strings.IndexFunc(s, func(r rune) bool { return r == '年' || r == '/' || r == '.' || isMinus(r) }); i >= 0 {
		_, size := utf8.DecodeRuneInString(s[i:])
		year, m = s[:i], s[i+size:]
	} else if len(s) == 6 {
		year, m = s[:4], s[4:]
	}
	if year != "" && (len(year) != 4 || !isDigits(year)) || len(m) < 1 || len(m) > 2 || !isDigits(m) {
		return "", 0
	}
	n, err := strconv.Atoi(m)
	if err != nil || n < 1 || n > 12 {
		return "", 0
	}
	return year, n
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// opNumber is the operator before a case number, which is no field.
const opNumber = "number"

// operators are the fields that names before a colon stand for, by the folded name.
var operators = map[string]string{
	"标题": FieldTitle, "title": FieldTitle,
	"内容": FieldQuestion, "诉求内容": FieldQuestion, "来信": FieldQuestion, "question": FieldQuestion,
	"答复": FieldReply, "答覆": FieldReply, "答复内容": FieldReply, "回复": FieldReply, "回覆": FieldReply, "reply": FieldReply,
	"单位": FieldUnit, "unit": FieldUnit, "office": FieldUnit,
	"地区": FieldArea, "区域": FieldArea, "area": FieldArea,
	"领域": FieldTopic, "主题": FieldTopic, "topic": FieldTopic,
	"渠道": FieldChannel, "channel": FieldChannel,
	"类别": FieldKind, "诉求类别": FieldKind, "类型": FieldKind, "kind": FieldKind,
	"状态": FieldStatus, "办理状态": FieldStatus, "status": FieldStatus,
	"评价": FieldRating, "满意度": FieldRating, "rating": FieldRating,
	"年": FieldYear, "年份": FieldYear, "year": FieldYear,
	"月": FieldMonth, "月份": FieldMonth, "month": FieldMonth,
	"编号": opNumber, "number": opNumber,
}

// Operators returns the names that [Parse] takes before a colon, folded, and the
// field that each stands for; that of a case number is "number".
func Operators() map[string]string { return maps.Clone(operators) }

// operator returns the field that a name before a colon stands for; "" if none.
func operator(name string) string {
	folded := Fold(name)
	if utf8.RuneCountInString(folded) != utf8.RuneCountInString(name) {
		return "" // punctuation is no part of a name
	}
	return operators[folded]
}

// token is one word, quotation or filter of a query.
type token struct {
	op                 string // field, opNumber, or "" for all texts
	not                bool
	quoted             bool
	text               string
	start, end         int // with minus, operator and quotation marks
	textStart, textEnd int
}

// tokens cuts a query. It needs no vocabulary and never fails.
func tokens(q string) []token {
	var all []token
	for i := skipBlanks(q, 0); i < len(q); {
		t := readToken(q, i)
		all = append(all, t)
		i = skipBlanks(q, t.end)
	}
	return all
}

// readToken reads the token that begins at i.
func readToken(q string, i int) token {
	t := token{start: i}
	i = t.minus(q, i)
	if op, size := leadingName(q[i:]); size > 0 {
		t.op = op
		i = t.minus(q, skipBlanks(q, i+size))
	}
	r, size := utf8.DecodeRuneInString(q[i:])
	closing := closingQuote(r)
	if closing == nil {
		n := strings.IndexFunc(q[i:], func(r rune) bool { return unicode.IsSpace(r) || closingQuote(r) != nil })
		if n < 0 {
			n = len(q) - i
		}
		t.textStart, t.textEnd, t.end = i, i+n, i+n
	} else {
		t.quoted = true
		t.textStart, t.textEnd, t.end = i+size, len(q), len(q)
		if n := strings.IndexFunc(q[t.textStart:], closing); n >= 0 {
			t.textEnd = t.textStart + n
			_, size = utf8.DecodeRuneInString(q[t.textEnd:])
			t.end = t.textEnd + size
		}
	}
	t.text = q[t.textStart:t.textEnd]
	return t
}

// minus takes the minus signs at i and returns what comes behind them. A sign
// with nothing right behind it excludes nothing.
func (t *token) minus(q string, i int) int {
	for {
		r, size := utf8.DecodeRuneInString(q[i:])
		if !isMinus(r) || i+size == len(q) || startsBlank(q[i+size:]) {
			return i
		}
		t.not = true
		i += size
	}
}

func skipBlanks(q string, i int) int {
	n := strings.IndexFunc(q[i:], func(r rune) bool { return !unicode.IsSpace(r) })
	if n < 0 {
		return len(q)
	}
	return i + n
}

func startsBlank(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}

// leadingName returns the operator at the beginning of s and the length of its
// name with the colon; zero when there is none.
func leadingName(s string) (op string, size int) {
	const longest = 8 // runes: question
	n := 0
	for i, r := range s {
		if r == ':' || r == '：' {
			if op = operator(s[:i]); op != "" {
				return op, i + utf8.RuneLen(r)
			}
			return "", 0
		}
		if n++; n > longest {
			break
		}
	}
	return "", 0
}

func isMinus(r rune) bool { return r == '-' || r == '－' || r == '–' || r == '−' }

// closingQuote returns what ends the quotation that r begins, or nil when r
// begins none. Double marks are typed in any pairing, so each ends any.
func closingQuote(r rune) func(rune) bool {
	double := func(r rune) bool {
		switch r {
		case '"', '“', '”', '„', '‟', '＂':
			return true
		}
		return false
	}
	one := func(closing rune) func(rune) bool { return func(r rune) bool { return r == closing } }
	switch {
	case double(r):
		return double
	case r == '‘':
		return one('’')
	case r == '「':
		return one('」')
	case r == '『':
		return one('』')
	}
	return nil
}

// narrow returns s with full-width ASCII characters and minus signs as those of
// ASCII.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case isMinus(r):
			return '-'
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, s)
}

// unitKey returns the same for terms that match the same; "" for those that
// hold no unit.
func unitKey(term string) string {
	var b strings.Builder
	for i, u := range Units(term) {
		if i > 0 && u.After {
			b.WriteByte(' ')
		}
		b.WriteString(u.Text)
		b.WriteByte(0)
	}
	return b.String()
}

// findNumber returns the first case number such as 2611-004217 in text, also
// when it is written with full-width characters; "" if there is none.
func findNumber(text string) string {
	s := narrow(text)
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			i++
			continue
		}
		end := i
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		if end-i == 4 && end < len(s) && s[end] == '-' {
			tail := end + 1
			for tail < len(s) && s[tail] >= '0' && s[tail] <= '9' {
				tail++
			}
			if number := s[i:tail]; isNumber(number) && (tail == len(s) || s[tail] != '-') && (i == 0 || s[i-1] != '-') {
				return number
			}
		}
		i = end
	}
	return ""
}

// isNumber reports whether s is a case number: four digits for the month, a
// hyphen, and a running number of six digits, or of more without a leading zero.
func isNumber(s string) bool {
	if len(s) < 11 || len(s) > 14 || s[4] != '-' || !isDigits(s[:4]) || !isDigits(s[5:]) {
		return false
	}
	month, running := s[2:4], s[5:]
	return month >= "01" && month <= "12" && strings.Trim(running, "0") != "" && (len(running) == 6 || running[0] != '0')
}
