package gate

// notGiven are characters that no given name has, however rare: those of grammar,
// those that end words for offices, places and people, and what is counted.
const notGiven = "么呢没吗吧啊嘛呀哦啦咯喽哪什些该需须未请且因或若则虽既再曾最更较让使给跟往谁您咱俺你我他她它们某此各每几很太都又还只仅即便另" +
	"个条件次位号届份组栋幢层楼室户套厘吨斤克秒岁" +
	"村镇县乡区路街巷屯弄厅局院校厂店馆署科股课社站队所部处委办司行室厕" +
	"称说讲谈问答叫找骂打告诉投查访拆修建办理交付收退租卖买借欠偷抢停管罚批拒拖催扣骗" +
	"长员者民们姓名性别男女电话址族"

// openCost returns what the size characters at glyph i cost as a name whose given
// name has characters that no name in the list has, and 0 where they are none.
func (s *scan) openCost(i, size int) int {
	if size > 3 && s.names.chars[s.han[i]-hanFirst].flags&opensCompound == 0 {
		return 0
	}
	return s.names.costOf(s.han[i:i+size], true)
}

// openWord reports whether such a name has a word where the given name stands, as
// 村民反映 has, or is a surname and what its bearer does: 王工.
func (s *scan) openWord(i, size int) bool {
	last := s.han[i+size-1]
	return size == 2 && (last == '工' || last == '总') || s.isWord(i+size-2)
}

// saysWho reports whether 我是 stands before glyph i, and the end of a clause or what
// people say of themselves next at glyph j: 我是林垚，
func (s *scan) saysWho(i, j int) bool {
	if i < 2 || s.han[i-1] != '是' || s.han[i-2] != '我' {
		return false
	}
	if j >= len(s.han) {
		return true
	}
	switch s.glyphs[j].r {
	case ',', '，', '。', '.', '!', ';', '；', '\n', ' ':
		return true
	}
	if s.hanFrom(j, 2) < 2 {
		return false
	}
	switch s.key(j, 2) {
	case '家'<<16 | '住', '家'<<16 | '在', '住'<<16 | '在', '今'<<16 | '年', '现'<<16 | '住', '电'<<16 | '话', '手'<<16 | '机', '联'<<16 | '系':
		return true
	}
	return false
}

// mayAnnounce reports whether what ends before glyph i may be a sign that a name
// begins there.
func (s *scan) mayAnnounce(i int) bool {
	if i == 0 {
		return false
	}
	if r := s.han[i-1]; r != 0 {
		return s.names.chars[r-hanFirst].flags&endsBefore != 0 || isLink(r)
	}
	return isLabelMark(s.glyphs[i-1].r)
}

// mayTell reports whether what begins at glyph j may be a sign that a name ends there.
func (s *scan) mayTell(j int) bool {
	if j >= len(s.han) {
		return false
	}
	if s.han[j] != 0 {
		h, size := s.hintBehind(j)
		return size > 0 && (h.kind == telling || h.kind == office)
	}
	k := j + 1
	switch s.glyphs[j].r {
	case '(', '[', ',', '，', '、', ':', '!':
	case ' ':
		return true
	default:
		return false
	}
	if k >= len(s.han) || s.han[k] == 0 {
		return true
	}
	switch s.han[k] {
	case '男', '女', '汉', '身', '性', '家', '住', '今', '现', '籍', '户', '电', '手', '联', '您', '你':
		return true
	}
	return false
}
