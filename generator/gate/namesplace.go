package gate

// What speaks against a name, in quarters of a bit.
const (
	wordyGiven   = 16 // how much more a given name may cost than the word that is written alike
	bareNeed     = 16 // a name between words that say nothing for it
	placePenalty = 28 // a name that ends as places do
)

// companyReach is how many characters behind a name the word for a company may
// lie.
const companyReach = 12

// wordy reports whether the size characters at i are better read as a surname
// and a word that no name is made of (钱补助), or begin with the surnames of both
// parents. Only a sure sign makes such a thing a name.
func (s *scan) wordy(i, size int) bool {
	if size == 4 {
		return s.names.compound[s.key(i, 2)] == 0
	}
	if size != 3 || s.names.compound[s.key(i, 2)] != 0 {
		return false
	}
	if s.names.tokens[s.key(i+1, 2)] == namesake {
		return false
	}
	word := s.names.words.get(s.key(i+1, 2)).cost
	a, b := &s.names.chars[s.han[i+1]-hanFirst], &s.names.chars[s.han[i+2]-hanFirst]
	return word != noWord && (a.first == 0 || b.last == 0 || int(a.first)+int(b.last) > int(word)+wordyGiven)
}

// isDistrict reports whether r ends names of districts, roads and estates and
// hardly any name of a person.
func isDistrict(r uint16) bool {
	switch r {
	case '镇', '县', '乡', '村', '区', '街', '路', '苑', '郡', '坊', '府', '寺', '庙', '屯', '寨', '堰':
		return true
	}
	return false
}

// isPreposition reports whether the surname r is also a word before names.
func isPreposition(r uint16) bool {
	switch r {
	case '向', '和', '于', '从', '谢', '同', '连', '时', '应':
		return true
	}
	return false
}

// placeWithin reports whether a word for a place or a company begins within the
// size characters at i, behind the surname: 龙二期.
func (s *scan) placeWithin(i, size int) bool {
	for k := i + 1; k < i+size; k++ {
		if h, n := s.hintBehind(k); n >= 2 && h.kind == belongs {
			return true
		}
	}
	return false
}

// titleWithin reports whether a title or another word for a person begins
// within the size characters at i, behind the surname: 祝陈书记.
func (s *scan) titleWithin(i, size int) bool {
	for k := i + 2; k < i+size; k++ {
		if s.classWord(k) {
			return true
		}
	}
	return false
}

// classWord reports whether a title or another word for a person stands at
// glyph i, so that what stands before it is a surname alone.
func (s *scan) classWord(i int) bool {
	h, size := s.hintBehind(i)
	return size >= 2 && (h.kind == group || h.kind == telling || h.kind == office)
}

// isPlaceEnd reports whether names of places end with r far more often than
// those of people.
func isPlaceEnd(r uint16) bool {
	switch r {
	case '渡', '岭', '桥', '河', '镇', '庙', '庄', '垅', '湾', '坝', '沟', '坪', '塘', '坡', '岗', '冲', '垸', '堡', '滩', '村', '寨', '屯', '洲', '湖', '渠', '港',
		'堰', '街', '巷', '路', '矿', '城', '苑', '园', '店', '厂', '寺', '府', '庭', '牌', '坊', '阁', '氏', '口', '头', '里', '郡', '县', '乡', '道', '场', '站', '楼', '州',
		'洼', '峪', '崖', '嘴', '垭', '圩', '埠', '埭', '浜', '泾', '塬', '甸', '坨', '坳', '垟', '岙', '埔', '墩', '畈', '铺', '窑', '窝', '营', '井', '岔', '堤', '垄', '坂', '圳', '沱', '碚', '硚', '垴':
		return true
	}
	return false
}

// surnameAlone reports whether the surname at i, which n Han characters begin
// with, has no given name behind it but a word for a person: 张女士. That is how
// people are named without naming them.
func (s *scan) surnameAlone(i, n int) bool {
	return s.classWord(i+1) || n > 2 && s.names.compound[s.key(i, 2)] != 0 && s.classWord(i+2)
}

// placeBehind reports whether one or two characters behind glyph j a longer name
// ends as places do: 安凤伟康湖.
func (s *scan) placeBehind(j int) bool {
	for k := j + 1; k <= j+2 && s.hanFrom(j, 3) > k-j; k++ {
		if isParticle(s.han[k-1]) {
			return false
		}
		if isPlace(s.han[k]) && !s.isWord(k-1) && (s.hanFrom(k, 2) < 2 || !s.isWord(k)) {
			return true
		}
	}
	return false
}

// sideBehind reports whether a quarter of the sky ends just before glyph j and its
// side or gate follows: 谷苑北门, 文峰东侧.
func (s *scan) sideBehind(j int) bool {
	if j < 1 || j >= len(s.han) {
		return false
	}
	switch s.han[j-1] {
	case '东', '南', '西', '北':
	default:
		return false
	}
	if s.han[j] == '门' && s.hanFrom(j, 2) == 2 {
		switch s.han[j+1] {
		case '诊', '窗', '票', '店', '牌', '面': // what she sees, sells or is seen at
			return false
		}
	}
	return s.han[j] == '门' || s.han[j] == '侧'
}

// blockBehind reports whether the letter or the digits at glyph j number a part
// of an estate: 华庭A座, 金桂3期.
func (s *scan) blockBehind(j int) bool {
	for n := 0; n < 2 && j < len(s.glyphs) && s.han[j] == 0 && s.glyphs[j].r != ' '; n++ {
		j++
	}
	if j >= len(s.han) {
		return false
	}
	switch s.han[j] {
	case '座', '栋', '期', '区', '组', '幢', '号', '单', '排', '路':
		return true
	}
	return false
}

// isWord reports whether the two characters at glyph i are a word.
func (s *scan) isWord(i int) bool { return s.names.words.get(s.key(i, 2)).cost != noWord }

// isPlace reports whether r ends names of places and hardly anything else.
func isPlace(r uint16) bool {
	switch r {
	case '路', '街', '巷', '镇', '乡', '村', '县', '湖', '河', '桥', '府', '苑', '园', '庭', '坊', '郡', '城', '湾', '坝', '岭', '寺', '庙', '州', '屯', '寨', '庄', '堰':
		return true
	}
	return false
}

// isCompany reports whether one of the words for a company begins with r.
func isCompany(r uint16) bool { return r == '公' || r == '有' || r == '集' }

// companyBehind reports whether one of the next words, before any particle, is
// that of a company or a public place, so that what stands before is its name.
func (s *scan) companyBehind(j int) bool {
	n := s.hanFrom(j, companyReach)
	for k := range n {
		if h, size := s.hintBehind(j + k); size >= 2 {
			return h.kind == belongs && (k < companyReach/2 || isCompany(s.han[j+k]))
		}
		if isParticle(s.han[j+k]) {
			return false
		}
	}
	return false
}

// firmBehind reports the same where a word that speaks for a name stands at glyph
// j: then only the word for a company itself makes both part of a name, as in 华能电力公司.
func (s *scan) firmBehind(j int) bool {
	n := s.hanFrom(j, companyReach)
	for k := range n {
		if isParticle(s.han[j+k]) {
			return false
		}
		if h, size := s.hintBehind(j + k); k > 0 && size >= 2 {
			return h.kind == belongs && isCompany(s.han[j+k])
		}
	}
	return false
}

// ruler reports whether the three characters at glyph i are a state, a title given
// after death and a word for a ruler: 秦昭王, 宋仁宗.
func (s *scan) ruler(i int) bool {
	if !isDynasty(s.han[i]) {
		return false
	}
	switch s.han[i+1] {
	case '昭', '襄', '惠', '怀', '穆', '灵', '宣', '威', '闵', '悼', '简', '烈', '献', '哀', '太', '高', '仁', '神', '哲', '徽', '征', '徵', '钦', '宁', '理', '度', '真', '代', '顺', '宪', '懿', '僖', '睿', '玄', '肃':
	default:
		return false
	}
	switch s.han[i+2] {
	case '王', '宗', '帝', '公', '侯', '祖':
		return true
	}
	return false
}

// isDynasty reports whether the surname r is a state or a dynasty too.
func isDynasty(r uint16) bool {
	switch r {
	case '秦', '楚', '齐', '燕', '赵', '魏', '韩', '周', '吴', '越', '鲁', '晋', '郑', '卫', '宋', '陈', '蔡', '曹', '汉', '唐', '元', '明', '梁', '金', '辽':
		return true
	}
	return false
}

// reignYear reports whether a year of an era is counted at glyph j: 三十年（1160）, 年间.
func (s *scan) reignYear(j int) bool {
	n := 0
	for n < 3 && j+n < len(s.glyphs) && s.glyphs[j+n].class == hanDigit || n < 3 && j+n < len(s.han) && s.han[j+n] == '十' {
		n++
	}
	k := j + n
	switch {
	case k >= len(s.han) || s.han[k] != '年':
		return false
	case k+1 >= len(s.han) || s.han[k+1] == 0:
		return n > 0
	case n == 0:
		return s.han[k+1] == '间'
	}
	switch s.han[k+1] {
	case '春', '夏', '秋', '冬', '正', '闰', '置', '改', '始', '建', '设', '进', '中', '十', '八', '废', '析', '复':
		return true
	}
	return s.glyphs[k+1].class == hanDigit
}
