package search

import (
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

	start, end int // where the choice stands in the query, name and all
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
// sought or what it filters, in Chinese or English:
//
//	标题 title    内容 question   答复 reply      (texts)
//	单位 unit     地区 区域 area   主题 类别 topic   渠道 channel
//	类型 kind     状态 status     评价 rating     (names or identifiers)
//	年 year       月 month        编号 number
//
// A text named before one word holds for all words of the query, and a note
// says so; two different ones in one query are an error. Filters on the same
// field mean any of their values, on different fields all of them. They cannot
// be excluded: that would be an error.
func Parse(q string, v *Vocabulary) (Parsed, error) {
	p := Parsed{Number: FindNumber(q)}
	seen := map[string]bool{}
	for _, t := range tokens(q) {
		switch {
		case t.op == opNumber:
			if p.Number == "" {
				p.Notes = append(p.Notes, noteNumber(t.text))
			}
		case t.op != "" && !isTextField(t.op):
			if t.not {
				return Parsed{}, badRequest("q", "exclude-filter",
					"筛选条件前不能加减号，减号只能用于检索词。", "A minus can exclude words only, not "+FieldName(t.op).EN+". Please take it away.")
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
		return Parsed{}, badRequest("q", "fields-mixed", "一次检索只能限定标题、内容、答复中的一项，请保留一项。",
			"One search can look into only one of title, question and reply. Please keep one.")
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
			y = strings.TrimSuffix(narrow(all[i].Word), "年")
		}
		if len(y) != 4 || !isDigits(y) {
			return badRequest("q", "month-without-year", "月份请连同年份写，如 月:2026-11。", "Please write the month with its year, like month:2026-11.")
		}
		c.IDs = []string{y + "-" + strconv.Itoa(100 + m)[1:]}
		return nil
	}
	c.IDs = v.Find(c.Field, c.Word)
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

// operator returns the field that a name before a colon stands for; "" if none.
func operator(name string) string {
	switch strings.ToLower(narrow(name)) {
	case "标题", "標題", "title":
		return FieldTitle
	case "内容", "內容", "来信", "來信", "question":
		return FieldQuestion
	case "答复", "答復", "答覆", "回复", "回復", "reply":
		return FieldReply
	case "单位", "單位", "unit":
		return FieldUnit
	case "地区", "地區", "区域", "區域", "area":
		return FieldArea
	case "主题", "主題", "类别", "類別", "topic":
		return FieldTopic
	case "渠道", "channel":
		return FieldChannel
	case "类型", "類型", "kind":
		return FieldKind
	case "状态", "狀態", "status":
		return FieldStatus
	case "评价", "評價", "满意度", "滿意度", "rating":
		return FieldRating
	case "年", "年份", "year":
		return FieldYear
	case "月", "月份", "month":
		return FieldMonth
	case "编号", "編號", "number":
		return opNumber
	}
	return ""
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
	for i := skipBlanks(q, 0); i < len(q); i = skipBlanks(q, i) {
		t := token{start: i}
		for {
			r, size := utf8.DecodeRuneInString(q[i:])
			if !isMinus(r) || i+size == len(q) || startsBlank(q[i+size:]) {
				break
			}
			t.not = true
			i += size
		}
		if name, size := leadingName(q[i:]); size > 0 {
			t.op = name
			i = skipBlanks(q, i+size)
		}
		r, size := utf8.DecodeRuneInString(q[i:])
		if closing := closingQuote(r); closing != nil && i < len(q) {
			t.quoted = true
			t.textStart = i + size
			t.textEnd, t.end = len(q), len(q)
			if n := strings.IndexFunc(q[t.textStart:], closing); n >= 0 {
				t.textEnd = t.textStart + n
				_, size := utf8.DecodeRuneInString(q[t.textEnd:])
				t.end = t.textEnd + size
			}
		} else {
			n := strings.IndexFunc(q[i:], func(r rune) bool { return unicode.IsSpace(r) || closingQuote(r) != nil })
			if n < 0 {
				n = len(q) - i
			}
			t.textStart, t.textEnd, t.end = i, i+n, i+n
		}
		t.text = q[t.textStart:t.textEnd]
		i = t.end
		all = append(all, t)
	}
	return all
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

// FindNumber returns the first case number such as 2611-004217 in text, also
// when it is written with full-width characters; "" if there is none.
func FindNumber(text string) string {
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
