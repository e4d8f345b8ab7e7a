package demo

import (
	"strconv"
	"strings"
)

// hostile is what someone may write who wants to break the site. Each must come
// out as the characters that it is, or not at all.
var hostile = []string{
	`{{< x >}} {{% y %}} {{ .Site.Params }}`,
	"__hdeferred/0__ HAHAHUGOSHORTCODE-s0-HBHB",
	`<script>document.title="x"</script><img src=x onerror="document.title=1">`,
	"订单号\u202e7654321\u202c，全角空白\u200b\u2060夹在字间。",
	`=HYPERLINK("http://example.invalid/","点这里")`,
	"[点这里](javascript:void(0)) ![图](http://example.invalid/a.png) http://example.invalid/领奖",
	"</textarea></title><!-- ${jndi:ldap://example.invalid/a} %00 ../../etc/passwd",
	"'; DROP TABLE cases; -- \"引号\",\n换行, 逗号",
	"\U000e0041\ufeff〇𠮷👩‍👩‍👧 Ⅻ①ﬁ",
}

// nul is planted only where the format can carry it, which is JSON.
const nul = "零字节在此：\x00，其后还有文字。"

// personal is what citizens write of themselves and ought not to be published.
// All of it is made up: the mobile prefix 154 and the area code 0339 are
// assigned to nobody; each identity number has the unassigned division code
// 519900 and the birth day 1900-01-01.
var personal = []string{
	"我的电话是15400001234，请与我联系。",
	"联系电话：154-0000-5678。",
	"手机号一五四零零零零九八七六，晚上打。",
	"电话１５４００００３４５６（微信同号）。",
	"可拨打 +86 154 0000 7788 找我。",
	"家里座机0339-5559876。",
	"身份证号" + identity(1) + "，可以核实身份。",
	"本人身份证：" + spaced(identity(27)) + "。",
	"另附：1 5 4 0 0 0 0 6 5 4 3 2 1。", // perhaps a mobile with two digits too many: a person has to look
	"邮箱 zhangsan@example.com，请把结果发给我。",
	"我的车牌号是川Y00000。",
	"退款请打到银行卡" + card("621700000000000000") + "。",
}

// identity returns a valid resident identity number of nobody: division 519900,
// born on 1900-01-01, the n-th of that day.
func identity(n int) string {
	s := cityCode + "19000101" + leftPad(n, 3)
	sum := 0
	for i := range len(s) {
		sum += int(s[i]-'0') * (1 << (17 - i) % 11)
	}
	return s + string("10X98765432"[sum%11])
}

// card returns digits with the check digit of Luhn.
func card(digits string) string {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return digits + strconv.Itoa((10-sum%10)%10)
}

func spaced(s string) string { return s[:6] + " " + s[6:14] + " " + s[14:] }

func leftPad(n, width int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, width-len(s))) + s
}
