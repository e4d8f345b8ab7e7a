package gate

import "strings"

// The words whose presence just before a number says what it is. They are in
// folded form: lower case.
var (
	phoneWords = strings.Fields("电话 手机 座机 固话 宅电 小灵通 传真 热线 联系 拨打 拨通 致电 来电 打给 加我 微信 短信 号码 电联 呼叫 联络 " +
		"tel phone mobile cell call fax contact whatsapp")
	// lineWords announce a local number, which nothing else marks.
	lineWords  = strings.Fields("电话 手机 座机 固话 宅电 小灵通 传真 热线 联系方式 拨打 致电 tel phone fax call")
	idWords    = strings.Fields("身份证 身份号 身份证件 证件号 居民证 公民身份 身分证 idcard ldcard idno ldno")
	bankWords  = strings.Fields("卡号 银行 账号 帐号 账户 帐户 工行 建行 农行 中行 交行 邮储 农商 信用社 开户 存折 储蓄 打款 转账 信用卡 储蓄卡 借记卡 银联卡 运通 万事达 card visa")
	orderWords = strings.Fields("工单 编号 单号 订单 流水 受理号 文号 编码 案号 回执 条形码 序列 设备号 串号 imei 户号 表号 注册号 执照 许可证 登记证 备案 批次 合同号 发票 信用代码 税号")
	plateWords = strings.Fields("车牌 牌照 号牌 车号 车辆 轿车 牌号 plate")
)

// back is how many characters before a number its context words may lie.
const back = 14

// before returns the folded text of the same sentence just before glyph i, in
// lower case and without spaces.
func (s *scan) before(i int32) string {
	var b strings.Builder
	b.Grow(3 * back)
	for _, g := range s.glyphs[max(0, i-back):i] {
		switch {
		case g.class == letter || g.class == alike:
			b.WriteRune(rune(g.r | 0x20))
		case g.r == '。' || g.r == '!' || g.r == '?':
			b.Reset()
		case g.r != ' ':
			b.WriteRune(rune(g.r))
		}
	}
	return b.String()
}

// after returns the folded text just behind glyph i, at most four characters.
func (s *scan) after(i int32) string { return s.chars(int(i), 4) }

// hasAny reports whether text holds one of the words.
func hasAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
