package gate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class is what a character is to the detectors.
type class uint8

const (
	word     class = iota // Han and other letters: ends a run of digits
	digit                 // a decimal digit of any script
	hanDigit              // 一, 壹, 幺 and the like
	alike                 // a letter that looks like 0 or 1
	letter                // any other Latin letter
	sep                   // may stand between the digits of one number
	weak                  // a comma or the like: stands between numbers, rarely within one
	at                    // @
	province              // opens a vehicle plate
	hidden                // not seen: makes no glyph
	several               // folds to more than one character
)

// folded is a character as the detectors see it.
type folded struct {
	r     uint16 // ASCII where there is an ASCII form
	class class
	digit uint8 // value of digit, hanDigit and alike
}

// folds holds the folded form of each character of the basic plane. It is made
// once for a gate and only read afterwards.
type folds [1 << 16]folded

// The characters whose meaning cannot be derived from Unicode's tables.
const (
	hanDigits  = "〇零洞0 一壹弌幺1 二贰貳弍两兩2 三叁參叄弎3 四肆4 五伍5 六陆陸6 七柒拐7 八捌8 九玖勾9"
	zeroAlikes = "OoОоΟοՕօ○◯⭕Øø"
	oneAlikes  = "lIІӏⅼΙıǀ丨"
	provinces  = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使滬雲遼魯蘇贛貴"
	weakMarks  = ",;!?，、；。！？…"

	// Letters of other scripts that look like Latin ones, in pairs.
	lookAlikes = "АAВBЕEКKМMНHРPСCТTУYХXЅSѕsіiјjаaеeрpсcуyхxԁdһhкkмmтtвbнhӐAГrпn" +
		"ΑAΒBΕEΖZΗHΚKΜMΝNΡPΤTΥYΧXαaνvρpτtυuχxγyκkɡgɑaᴀA" +
		"З3з3Ӡ3Ʒ3Ч4ч4Ƽ5б6" // these look like digits
)

func newFolds() *folds {
	t := new(folds)
	for r := range rune(1 << 16) {
		switch {
		case r >= 0x4e00 && r <= 0x9fff: // Han: nothing to fold, and many of them
			t[r] = folded{uint16(r), word, 0}
		case utf8.RuneLen(r) > 0:
			t[r] = foldOf(r)
		}
	}
	for _, group := range strings.Fields(hanDigits) {
		value := group[len(group)-1] - '0'
		for _, r := range group[:len(group)-1] {
			t[r] = folded{uint16(r), hanDigit, value}
		}
	}
	for _, r := range zeroAlikes {
		t[r] = folded{'O', alike, 0}
	}
	for _, r := range oneAlikes {
		t[r] = folded{'l', alike, 1}
	}
	for _, r := range provinces {
		t[r] = folded{uint16(r), province, 0}
	}
	for _, r := range weakMarks {
		t[r] = folded{t[r].r, weak, 0}
	}
	pairs := []rune(lookAlikes)
	for i := 0; i < len(pairs); i += 2 {
		t[pairs[i]] = t[pairs[i+1]]
	}
	// Digits in circles and rod numerals that have no compatibility form.
	for _, run := range []struct {
		first rune
		from  uint8
		n     rune
	}{{'❶', 1, 9}, {'➀', 1, 9}, {'➊', 1, 9}, {'⓵', 1, 9}, {'〡', 1, 9}, {'⓿', 0, 1}} {
		for i := range run.n {
			d := run.from + uint8(i)
			t[run.first+i] = folded{uint16('0' + d), digit, d}
		}
	}
	// Roman numerals that are one character.
	for i := range rune(9) {
		for _, r := range []rune{'Ⅰ' + i, 'ⅰ' + i} {
			t[r] = folded{uint16(r), hanDigit, uint8(i) + 1}
		}
	}
	// The same letters in full width, circles and so on fold to what their
	// ASCII form has become.
	for r := range rune(1 << 16) {
		if f := t[r]; r >= utf8.RuneSelf && f.r < utf8.RuneSelf && f.r != 0 && (f.class == letter || f.class == sep) {
			t[r] = t[f.r]
		}
	}
	return t
}

// simplify folds the traditional characters that the lists know to their simplified
// form, so that a word is found in either script. Numerals and signs keep their own.
func (t *folds) simplify(n *names) {
	for i, c := range n.chars {
		r := hanFirst + i
		if f := t[c.simple]; t[r].class == word && (f.class == word || f.class == province) {
			t[r] = f
		}
	}
}

// foldOf folds r by Unicode's tables alone.
func foldOf(r rune) folded {
	if r >= utf8.RuneSelf {
		switch k := norm.NFKC.String(string(r)); {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || r >= 0xfe00 && r <= 0xfe0f:
			return folded{class: hidden}
		case unicode.Is(unicode.Nd, r):
			d := uint8(digitValue(r))
			return folded{uint16('0' + d), digit, d}
		case utf8.RuneCountInString(k) > 1:
			if c, _ := utf8.DecodeRuneInString(k); unicode.Is(unicode.Zs, c) || unicode.Is(unicode.Mn, c) {
				return folded{' ', sep, 0} // spacing accents
			}
			return folded{class: several}
		case k != string(r):
			c, _ := utf8.DecodeRuneInString(k)
			if c < utf8.RuneSelf {
				return foldOf(c)
			}
			if c < 1<<16 && !unicode.Is(unicode.Han, c) {
				return folded{uint16(c), classOf(c), 0}
			}
			if c < 1<<16 {
				return folded{uint16(c), several, 0} // a radical: its Han character decides
			}
		}
	}
	if r >= '0' && r <= '9' {
		return folded{uint16(r), digit, uint8(r - '0')}
	}
	return folded{uint16(r), classOf(r), 0}
}

// classOf returns the class of a character that is not a digit.
func classOf(r rune) class {
	switch {
	case r == '@':
		return at
	case r < utf8.RuneSelf && asciiLetter(byte(r)):
		return letter
	case r < 0x20 && r != '\n':
		return hidden
	case unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Cc, unicode.P, unicode.S):
		return sep
	}
	return word
}

// digitValue returns the value of a decimal digit of any script. Unicode keeps
// the ten digits of a script together and in order.
func digitValue(r rune) int {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	return 0
}

// of returns the folded form of r. For a character of class several, the
// caller folds its compatibility form instead.
func (t *folds) of(r rune) folded {
	if r < 1<<16 {
		return t[r]
	}
	switch {
	case r == 0x1f150, r == 0x1f170: // an A in a circle or square
		return folded{'@', at, 0}
	case r >= 0x1f300 && r <= 0x1faff: // emoji, by far the most frequent here
		return folded{0xfffd, sep, 0}
	case r >= 0x20000 && r < 0x2f800: // rare Han
		return folded{0xfffd, word, 0}
	}
	if r >= 0xe0000 && r <= 0xe0fff || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return folded{class: hidden}
	}
	if unicode.Is(unicode.Nd, r) {
		d := uint8(digitValue(r))
		return folded{uint16('0' + d), digit, d}
	}
	k := norm.NFKC.String(string(r))
	if c, n := utf8.DecodeRuneInString(k); n == len(k) && c < 1<<16 {
		return t[c]
	} else if n < len(k) {
		return folded{class: several}
	}
	if r == 0x1f10b || r == 0x1f10c {
		return folded{'0', digit, 0}
	}
	if unicode.In(r, unicode.P, unicode.S) {
		return folded{0xfffd, sep, 0}
	}
	return folded{0xfffd, word, 0}
}
