package similar

import (
	"strings"
	"unicode/utf8"
)

// Normal returns what is compared of a text: its letters, in one width and one
// case, with a 0 where a number stands.
//
//   - Full width is folded to half width, capital letters to small ones, accents are
//     dropped, and the radicals that stand for Han characters in text copied out of a
//     PDF become these characters: to a reader they are the same.
//   - White space, punctuation, signs and emoji are dropped: they change when a text
//     passes through a form or an editor.
//   - A run of digits becomes one 0, whatever punctuation stands inside it, because
//     dates, amounts and case numbers differ between copies of one template: 2026-09-01,
//     2026.10.12 and 1,300.00 are all 0. A number in a circle (①) is such a run too.
//     Numbers in Han characters stay, since these characters make words (一定, 三方).
//   - Masks are dropped: *** and ××× as signs, and every run of two or more 某 or x.
//     What they hide differs, and two texts are not alike because both hide a name.
//   - Bytes that are not UTF-8 are dropped.
//
// The rules are tables of this package and not those of the Unicode version at hand,
// so that a text keeps its signature for ever. Traditional characters are not folded
// to simplified ones.
func Normal(text string) string {
	var b strings.Builder
	f := folder{text: text}
	for r, ok := f.next(); ok; r, ok = f.next() {
		b.WriteRune(r)
	}
	return b.String()
}

// folder yields the characters of the normal form of a text, one by one.
type folder struct {
	text   string
	pos    int
	number bool // the last character was the mark of a number
}

// number is the mark that stands for a run of digits, and dropped for no character.
const (
	number  = '0'
	dropped = 0
)

func (f *folder) next() (rune, bool) {
	for f.pos < len(f.text) {
		r := f.fold()
		switch r {
		case dropped:
			continue
		case number:
			if f.number {
				continue
			}
		case '某', 'x':
			if f.mask(r) {
				continue
			}
		}
		f.number = r == number
		return r, true
	}
	return 0, false
}

// mask passes over the rest of a run of r, the first of which was read, and says
// whether there was a rest. Of the text it reads again at most what is dropped.
func (f *folder) mask(r rune) bool {
	end, n := f.pos, 1
	for f.pos < len(f.text) {
		c := f.fold()
		if c == r {
			end, n = f.pos, n+1
		} else if c != dropped {
			break
		}
	}
	f.pos = end
	return n > 1
}

// fold reads one character and returns its folded form.
func (f *folder) fold() rune {
	if c := f.text[f.pos]; c < utf8.RuneSelf {
		f.pos++
		return foldASCII(c)
	}
	r, size := utf8.DecodeRuneInString(f.text[f.pos:])
	f.pos += size
	if r >= 0x4e00 && r <= 0x9fff {
		return r
	}
	return foldOther(r)
}

func foldASCII(c byte) rune {
	switch {
	case c >= 'a' && c <= 'z':
		return rune(c)
	case c >= 'A' && c <= 'Z':
		return rune(c | 0x20)
	case c >= '0' && c <= '9':
		return number
	}
	return dropped
}

// foldOther folds what is neither ASCII nor a common Han character. The ranges are
// written out: see Normal. What is in none of them is a letter and stays.
func foldOther(r rune) rune {
	switch {
	case r < 0xc0: // Latin-1 signs; three of them are digits
		if r == '²' || r == '³' || r == '¹' {
			return number
		}
		return dropped
	case r <= 0x17f:
		if c := latin[r-0xc0]; c != ' ' {
			return rune(c)
		}
		return dropped
	case r <= 0x24f:
		return r
	case r >= 0x2b0 && r <= 0x36f: // modifiers, combining accents
		return dropped
	case r >= 0x391 && r <= 0x3a9, r >= 0x410 && r <= 0x42f: // Greek and Cyrillic capitals
		return r + 0x20
	case r >= 0x400 && r <= 0x40f:
		return r + 0x50
	case r >= 0x600 && r <= 0x61f, r >= 0x66a && r <= 0x66d, r == 0x6d4, // Arabic signs
		r >= 0xf01 && r <= 0xf17, r >= 0x1800 && r <= 0x180f: // Tibetan and Mongolian ones
		return dropped
	case r >= 0x660 && r <= 0x669, r >= 0x6f0 && r <= 0x6f9, r >= 0xf20 && r <= 0xf29, r >= 0x1810 && r <= 0x1819:
		return number
	case r < 0x2000:
		return r
	case r < 0x2e80:
		return foldSign(r)
	case r >= 0x2f00 && r <= 0x2fd5:
		c, _ := utf8.DecodeRuneInString(radicals[3*(r-0x2f00):])
		return c
	case r >= 0x2ff0 && r <= 0x303f:
		if r >= 0x3005 && r <= 0x3007 { // 々, 〆, 〇
			return r
		}
		return dropped
	case r == 0x30fb: // the dot inside names
		return dropped
	case r >= 0x3200 && r <= 0x33ff:
		return foldEnclosed(r)
	case r >= 0x4dc0 && r <= 0x4dff, r >= 0xd800 && r <= 0xf8ff: // hexagrams, private use
		return dropped
	case r >= 0xfe00 && r <= 0xfe6f: // selectors, marks of vertical text, small marks
		return dropped
	case r >= 0xff01 && r <= 0xff5e:
		return foldASCII(byte(r - 0xfee0))
	case r == 0xfeff, r >= 0xff5f && r <= 0xff65, r >= 0xffe0 && r <= 0xffff:
		return dropped
	case r >= 0x1d000 && r < 0x20000, r >= 0xe0000: // signs and emoji, tags
		return dropped
	}
	return r
}

// foldSign folds the signs from U+2000 to U+2E7F: all are dropped but numbers and
// letters in circles, small digits and Roman numerals.
func foldSign(r rune) rune {
	switch {
	case r == 0x2070, r >= 0x2074 && r <= 0x2079, r >= 0x2080 && r <= 0x2089, // above and below the line
		r >= 0x2460 && r <= 0x249b, r >= 0x24ea && r <= 0x24ff, r >= 0x2776 && r <= 0x2793: // in circles
		return number
	case r >= 0x2160 && r <= 0x2188:
		return number // Roman
	case r >= 0x249c && r <= 0x24b5:
		return 'a' + r - 0x249c
	case r >= 0x24b6 && r <= 0x24cf:
		return 'a' + r - 0x24b6
	case r >= 0x24d0 && r <= 0x24e9:
		return 'a' + r - 0x24d0
	case r >= 0x2c00 && r <= 0x2dff: // letters of old scripts
		return r
	}
	return dropped
}

// foldEnclosed folds the characters from U+3200 to U+33FF: Han numbers in brackets
// and circles are the number, other numbers are digits, the rest is dropped.
func foldEnclosed(r rune) rune {
	const numbers = "一二三四五六七八九十"
	for _, first := range [...]rune{0x3220, 0x3280} {
		if i := r - first; i >= 0 && i < 10 {
			c, _ := utf8.DecodeRuneInString(numbers[3*i:])
			return c
		}
	}
	if r >= 0x3248 && r <= 0x325f || r >= 0x32b1 && r <= 0x32bf {
		return number
	}
	return dropped
}

// latin is the letter without its accent of each character from U+00C0 to U+017F,
// and a space for the two signs among them. Letters that ASCII does not have (æ, ø, ł)
// become the nearest one.
const latin = "" +
	"aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll" +
	"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

// radicals are the Han characters that U+2F00 to U+2FD5 stand for.
const radicals = "" +
	"一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕" +
	"大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日" +
	"曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿" +
	"目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行" +
	"衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音" +
	"頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠"
