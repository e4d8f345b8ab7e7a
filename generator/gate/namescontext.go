package gate

import (
	"strconv"
	"strings"
)

// The sides of a name on which a hint stands.
const (
	before = iota
	behind
)

// hint is a word that speaks for or against a name beside it.
type hint struct {
	bits int8 // quarters of a bit
	kind hintKind
}

type hintKind uint8

const (
	leaning hintKind = iota // it makes a name more likely, or less
	group                   // so does one for several people, which never is part of a name
	telling                 // it says that what stands there is a name
	office                  // so does a title of office
	belongs                 // with it the name is part of a longer one, as in 路 or 公司
)

// clue is what stands on one side of a name.
type clue struct {
	bits  int
	sure  bool
	title bool
	part  bool
	word  bool // a word speaks for a name
	slot  bool // before: nothing but a name can follow; behind: sex, age or a home follows
}

// The most that the signs on one side can say for a name, and what the caller
// of bestName must know so that the name counts as sure.
const (
	mostBefore = 76
	mostBehind = 60
	sureExtra  = 36
)

// What other signs say, in quarters of a bit.
const (
	colonSign   = 20 // a label and a colon before it
	linkSign    = 6  // a label and 是, 叫 or the like before it
	borderSign  = 6  // no word stands beside it
	personSign  = 36 // sex, birthday or papers behind it, in brackets or after a comma
	greetSign   = 28 // 您好 behind it, after a colon or a comma
	youSign     = 16 // 您 there
	addressSign = 20 // 致 before it, where a line begins
	numberSign  = 12 // a number of seven digits and more behind it
	partPenalty = 48
	labelWord   = 32 // what 联系人 and the like say in the list
	nameWord    = 40 // what 我叫, 名叫 and 姓名 say in the list: a name follows, whatever else it means
)

var hintKinds = map[string]hintKind{"leaning": leaning, "group": group, "telling": telling, "office": office, "belongs": belongs}

// readContext reads a side, a kind, a weight in quarters of a bit, and words.
func (n *names) readContext(line string) (entries int, ok bool) {
	f := strings.Fields(line)
	if len(f) < 4 || f[0] != "before" && f[0] != "behind" {
		return 0, false
	}
	side := before
	if f[0] == "behind" {
		side = behind
	}
	kind, known := hintKinds[f[1]]
	bits, err := strconv.ParseInt(f[2], 10, 8)
	if !known || err != nil {
		return 0, false
	}
	for _, text := range f[3:] {
		key, ok := wordKey(text)
		if !ok {
			return 0, false
		}
		n.context[side].add(key, hint{int8(bits), kind})
		rs := []rune(text)
		if side == before {
			n.char(rs[len(rs)-1]).flags |= endsBefore
		} else {
			n.char(rs[0]).flags |= opensAfter
		}
		entries++
	}
	return entries, true
}

// hintBefore returns the longest hint that ends at glyph i.
func (s *scan) hintBefore(i int) (h hint, ok bool) {
	n := s.hanBefore(i, maxWord)
	if n == 0 || s.names.chars[s.han[i-1]-hanFirst].flags&endsBefore == 0 {
		return h, false
	}
	for ; n > 0; n-- {
		if h, ok = s.names.context[before].get(s.key(i-n, n)); ok {
			return h, true
		}
	}
	return h, false
}

// hintBehind returns the longest hint that begins at glyph j, and its length.
func (s *scan) hintBehind(j int) (h hint, size int) {
	n := s.hanFrom(j, maxWord)
	if n == 0 || s.names.chars[s.han[j]-hanFirst].flags&opensAfter == 0 {
		return h, 0
	}
	for ; n > 0; n-- {
		if h, ok := s.names.context[behind].get(s.key(j, n)); ok {
			return h, n
		}
	}
	return h, 0
}

// clueBefore reads what stands before a name at glyph i.
func (s *scan) clueBefore(i int) (c clue) {
	k, colon, gap, border := i, false, 0, false
	for k > 0 && s.han[k-1] == 0 && gap < 4 {
		r := s.glyphs[k-1].r
		if !isLabelMark(r) {
			break
		}
		colon = colon || r == ':'
		gap++
		k--
	}
	border = k < i || k == 0 || s.han[k-1] == 0
	if border {
		c.bits += borderSign
	}
	h, ok := s.hintBefore(k)
	if colon && k > 2 && s.han[k-1] != 0 && s.glyphs[k-2].r == ' ' && s.han[k-3] != 0 {
		if g, found := s.names.context[before].get(uint64(s.han[k-3])<<16 | uint64(s.han[k-1])); found {
			h, ok = g, true // 姓 名：
		}
	}
	if k == i && (!ok || h.kind <= group) && k > 1 && isLink(s.han[k-1]) {
		m := k - 1
		if m > 0 && s.han[m-1] == 0 && isLabelMark(s.glyphs[m-1].r) {
			m--
		}
		if g, found := s.hintBefore(m); found && g.kind >= telling && g.kind != belongs {
			h, ok = g, true
			h.bits += linkSign
			c.slot = s.han[k-1] == '叫' && h.kind == telling // 孩子叫夏天，
		}
	}
	if !ok && k == i && k > 0 && s.han[k-1] == '致' && (k == 1 || s.han[k-2] == 0) {
		c.bits += addressSign
		c.word = true
	}
	if !ok {
		if colon && i > 0 && k > 1 && s.han[k-1] != 0 {
			c.bits += borderSign
		}
		return c
	}
	switch h.kind {
	case leaning, group:
		if k == i || h.bits > 0 && colon {
			c.bits += int(h.bits)
			c.word = h.bits > 0
		}
	case telling, office:
		if k < i && !colon && gap > 1 && h.kind == office {
			break // the title ends one thing and the name begins another
		}
		if h.bits >= nameWord && s.thingNamed(k) {
			break
		}
		c.bits += int(h.bits)
		if colon {
			c.bits += colonSign
		}
		c.sure, c.title = true, h.kind == office
		c.slot = c.slot || h.bits >= nameWord && (k < i || s.han[k-1] != '字')                 // 名字应为
		c.slot = c.slot || colon && h.kind == telling && h.bits >= labelWord && !s.labelOf(i) // 联系人：平安
	case belongs:
		if k == i {
			c.bits -= partPenalty
		}
	}
	return c
}

// notLabelled are words that stand in the place of a name, behind a label, and are none.
const notLabelled = "单位 单元 经理 经办 管理 管家 项目 业主 安保 门卫 居委 平台 公司 公安 时间 地址 电话 方式 全体 全部 成员 商户 商家 农户 农民 和谐 暂无 无名 应急 水务 水利 车主 车队 安全 安监 师傅 房东 房管 司机 高管 高层 财务 招商 包括 计划 常务 党员 党委 党支 国家 国土 工会 相关 宁可 成立 程序 路人 游客 管委 城管 温馨 景区 任何 于此 明确 家长 家属 那个 官方"

// labelOf reports whether one of them stands at glyph i.
func (s *scan) labelOf(i int) bool {
	return s.hanFrom(i, 2) == 2 && strings.Contains(notLabelled, s.chars(i, 2))
}

// thingNamed reports whether 名叫, 名字是 or the like, which ends before glyph k, says how
// a place or a thing is named: 小区名叫金海, 有座水库，名字叫白云.
func (s *scan) thingNamed(k int) bool {
	m := k - 1
	for m > 0 && m >= k-3 && s.han[m] != '名' {
		m--
	}
	if s.han[m] != '名' {
		return false
	}
	if m > 1 && (s.han[m-1] == '的' || s.glyphs[m-1].r == ',' || s.glyphs[m-1].r == '，') {
		m--
	}
	return m > 0 && s.han[m-1] != 0 && strings.ContainsRune(thingEnds, rune(s.han[m-1]))
}

// thingEnds are the last characters of words for what has a name and is nobody.
const thingEnds = "区盘店路街巷村镇乡县市司厂库校院园桥河江湖山岛塘沟渠站所局馆社部场厦楼城苑寺庙祠矿港牌号群目程款种类品药茶酒车船犬狗猫剧歌书刊报网台"

// isLabelMark reports whether r may stand between a label and a name.
func isLabelMark(r uint16) bool {
	switch r {
	case ' ', ':', '(', '"', '\'', '[', '_', '*', '-', '\n', '“', '”', '‘', '’', '【', '】', ')', '|', '<', '>', '《', '@':
		return true
	}
	return false
}

// isLink reports whether r joins a label and a name as a verb.
func isLink(r uint16) bool { return r == '是' || r == '为' || r == '叫' || r == '系' }

// clueBehind reads what stands behind a name that ends before glyph j.
func (s *scan) clueBehind(j int) (c clue) {
	if j >= len(s.han) {
		return clue{bits: borderSign}
	}
	k := j
	if n := s.hanFrom(j, 3); n < 3 && j+n < len(s.han) && s.glyphs[j+n].r == '〔' {
		return clue{part: true} // the code of an office in the number of a document
	}
	if s.han[j] == 0 {
		c.bits += borderSign
		switch r := s.glyphs[j].r; {
		case (r == '(' || r == '[') && s.digitsFrom(j+1) == 4 && j+5 < len(s.glyphs) && (s.glyphs[j+5].r == ')' || s.glyphs[j+5].r == ']'):
			c.part = true // 政发(2020)3号
			return c
		case r == '(' || r == ',' || r == '，' || r == '、' || r == '[':
			if s.describes(j+1, r == '(' || r == '[') {
				c.bits += personSign
				c.sure = true
				c.slot = s.hanFrom(j+1, 2) != 2 || s.key(j+1, 2) != '女'<<16|'儿'
			}
			bits := s.greets(j + 1)
			c.bits, c.sure = c.bits+bits, c.sure || bits == greetSign
			return c
		case r == ':' || r == '!':
			bits := s.greets(j + 1)
			c.bits, c.sure = c.bits+bits, c.sure || bits == greetSign
			return c
		case r == '【' && s.digitsFrom(j+1) == 4:
			c.part = true // 政发【2020】3号
			return c
		case r == ' ':
			k = j + 1
		case (s.glyphs[j].class == letter || s.glyphs[j].class == digit) && s.blockBehind(j):
			c.part = true
			return c
		case s.glyphs[j].class == digit && s.digitsFrom(j) >= 7:
			c.bits += numberSign
			return c
		default:
			return c
		}
	}
	if k == j && (s.yearBehind(j) || s.yearBehind(j+1)) {
		return clue{part: true, bits: -partPenalty} // 宋景德元年
	}
	h, size := s.hintBehind(k)
	if size == 0 {
		if k == j {
			c.part = s.companyBehind(j) || s.placeBehind(j)
		}
		return c
	}
	switch h.kind {
	case leaning, group:
		if k == j {
			c.bits += int(h.bits)
			c.word = h.bits > 0
		}
		if k == j && (h.bits <= 0 && s.companyBehind(j) || h.bits > 0 && s.firmBehind(j)) {
			c.part = true
		}
	case telling, office:
		if size == 1 && k+1 < len(s.han) && s.han[k+1] != 0 {
			break // 男 and 女 speak alone
		}
		if h.kind == office && size == 2 && s.han[k+1] == '长' && s.splitTitle(k) {
			break // 丰源市长春路
		}
		if k == j || h.kind == telling {
			c.bits += int(h.bits)
			c.sure, c.title = true, h.kind == office
		}
	case belongs:
		if k == j {
			c.bits -= partPenalty
			c.part = true
		}
	}
	return c
}

// splitMargin is by how much the other reading may cost more, in quarters of a bit.
const splitMargin = 8

// splitTitle reports whether the text reads better when the word that begins with
// the last character of the title at glyph k is cut from it.
func (s *scan) splitTitle(k int) bool {
	j := k + s.hanFrom(k, 5)
	return int(s.names.chars[s.han[k]-hanFirst].word)+s.segment(k+1, j) < s.segment(k, k+2)+s.segment(k+2, j)+splitMargin
}

// yearBehind reports whether 元年 stands at glyph j, as behind the name of an era.
func (s *scan) yearBehind(j int) bool {
	return s.hanFrom(j, 2) == 2 && s.han[j] == '元' && s.han[j+1] == '年'
}

// isParticle reports whether r ends a name of several words.
func isParticle(r uint16) bool {
	switch r {
	case '的', '了', '在', '向', '将', '把', '与', '和', '被', '对', '是', '于', '来', '去', '到', '从', '给', '称', '说', '为', '及', '等', '有', '系':
		return true
	}
	return false
}

// describes reports whether sex, a birthday or papers of a person are named at
// glyph i. Within brackets a number of a telephone will do.
func (s *scan) describes(i int, bracket bool) bool {
	if i < len(s.han) && s.glyphs[i].r == ' ' {
		i++
	}
	if i >= len(s.han) {
		return false
	}
	switch s.han[i] {
	case '男', '女':
		return s.hanFrom(i, 2) == 1 || i+1 < len(s.han) && (s.han[i+1] == '性' || s.han[i+1] == '儿')
	case '汉':
		return i+1 < len(s.han) && s.han[i+1] == '族'
	case '身':
		return s.hanFrom(i, 3) == 3 && s.han[i+1] == '份' && (s.han[i+2] == '证' || s.han[i+2] == '号')
	case '性':
		return i+1 < len(s.han) && s.han[i+1] == '别'
	case '家', '住', '今', '现', '籍', '户':
		if s.hanFrom(i, 2) < 2 {
			return false
		}
		switch s.key(i, 2) {
		case '家'<<16 | '住', '家'<<16 | '在', '住'<<16 | '在', '今'<<16 | '年', '现'<<16 | '年', '籍'<<16 | '贯', '现'<<16 | '住', '户'<<16 | '籍':
			return s.han[i] != '今' || i+2 < len(s.han) && s.glyphs[i+2].class == digit
		}
		return false
	case '电', '手', '联':
		if !bracket || s.hanFrom(i, 2) < 2 {
			return false
		}
		two := s.key(i, 2)
		return two == '电'<<16|'话' || two == '手'<<16|'机' || two == '联'<<16|'系'
	case 0:
		d := s.digitsFrom(i)
		if bracket && d >= 11 {
			return true
		}
		if d == 4 && i+4 < len(s.han) && s.han[i+4] == '年' && s.glyphs[i].digit == 1 && s.glyphs[i+1].digit == 9 {
			return true // 1980年
		}
		return (d == 1 || d == 2) && i+d < len(s.han) && s.han[i+d] == '岁'
	}
	return false
}

// greets returns what it says for the name before it that 您好, or 您 alone,
// stands at glyph i or a few blanks behind it.
func (s *scan) greets(i int) (bits int) {
	for n := 0; n < listGap && i < len(s.han) && s.han[i] == 0 && (s.glyphs[i].r == ' ' || s.glyphs[i].r == '\n'); n++ {
		i++
	}
	switch {
	case s.hanFrom(i, 2) < 2 || s.han[i] != '您' && s.han[i] != '你':
		return 0
	case s.han[i+1] == '好':
		return greetSign
	case s.han[i] == '您':
		return youSign
	}
	return 0
}

// digitsFrom returns how many digits stand at glyph i, at most 20.
func (s *scan) digitsFrom(i int) (n int) {
	for n < 20 && i+n < len(s.glyphs) && s.glyphs[i+n].class == digit {
		n++
	}
	return n
}
