package sql

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A column whose name says that it holds who a person is must not be in the view at
// all: what is not there cannot get out. The words are those that systems of offices
// use, in Chinese, English and pinyin. They can be added to, not taken away; a column
// that has one and is harmless all the same is named in allow_columns.

// forbiddenParts are forbidden wherever they stand in a name, whose letters are
// compared without case, blanks and marks.
var forbiddenParts = strings.Fields(`
	姓名 名字 真名 曾用名 昵称 电话 手机 号码 联系方式 联系人 来信人 写信人 来访人 来电人 投诉人 举报人 信访人 申请人 诉求人 反映人 当事人
	身份证 证件 护照 社保号 社保卡 驾驶证 军官证 户口 户籍 住址 地址 住所 门牌 籍贯 邮箱 邮件 微信 银行卡 账号 帐号 出生 生日 车牌
	name phone mobile telephone cellphone contact address addr idcard idno idnum idnumber identity identitycard passport certno certnum certificate
	email wechat weixin birth birthday bankcard bankaccount licenseplate socialsecurity complainant petitioner applicant informant whistleblower caller
	xingming mingzi shouji dianhua lianxi laixinren tousuren jubaoren shenqingren shenfenzheng shenfen zhengjian huzhao
	zhuzhi dizhi zhusuo huji youxiang chusheng shengri yinhangka chepai`)

// forbiddenWords are too short to be sought inside of others: they are forbidden as a
// word of a name, which ends at a mark or where a capital begins.
var forbiddenWords = strings.Fields(`
	tel telno telnum cell fax mail qq ip ssn dob openid unionid cardno idcardno nickname
	xm xmpy dh dhhm lxdh lxfs lxr lxrxm lxdz sj sjh sjhm yddh sfz sfzh sfzhm zjh zjhm zjlx dz zz jtzz jtdz hjdz txdz csrq yhkh cph wx wxh`)

// harmless are words that hold a forbidden part and say something else; they are cut
// out before it is sought.
var harmless = []string{"addressee"}

// fold makes names comparable: one form of each character, small letters, and neither
// marks nor blanks.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

// words parts a name at marks, and where a capital or a digit begins a new word.
func words(s string) []string {
	var list []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			list = append(list, strings.ToLower(string(word)))
		}
		word = nil
	}
	var last rune
	for _, r := range norm.NFKC.String(s) {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			last = 0
			continue
		case last != 0 && (unicode.IsUpper(r) && !unicode.IsUpper(last) || unicode.IsDigit(r) != unicode.IsDigit(last) || unicode.Is(unicode.Han, r) != unicode.Is(unicode.Han, last)):
			end()
		}
		word, last = append(word, r), r
	}
	end()
	return list
}

// forbidden returns the forbidden word that the name of a column holds, or "".
func forbidden(name string, more []string) string {
	folded := fold(name)
	for _, h := range harmless {
		folded = strings.ReplaceAll(folded, h, " ")
	}
	for _, part := range forbiddenParts {
		if strings.Contains(folded, part) {
			return part
		}
	}
	for _, w := range more {
		if strings.Contains(fold(name), fold(w)) {
			return w
		}
	}
	for _, w := range append(words(name), fold(name)) {
		if slices.Contains(forbiddenWords, w) {
			return w
		}
	}
	return ""
}
