package gate_test

import "testing"

func TestWeChat(t *testing.T) {
	spots(t, []spot{
		{"我微信是abc_12345", "wechat=abc_12345"},
		{"abc_12345是我微信", "wechat=abc_12345"},
		{"威信abc12345、维信：abc12345", "wechat=abc12345 wechat=abc12345"},
		{"V：abc12345", "wechat=abc12345"},
		{"加我微abc12345", "wechat=abc12345"},
		{"微❤abc12345", "wechat=abc12345"},
		{"➕微：abc12345", "wechat=abc12345"},
		{"加我微：zhang_li-88", "wechat=zhang_li-88"},
		{"薇❤abc12345，薇：abc12345", "wechat=abc12345 wechat=abc12345"},
		{"绿泡泡 abc12345", "wechat=abc12345"},
		{"➕V abc12345", "wechat=abc12345"},
		{"WeChat ID: abc12345", "wechat=abc12345"},
		{"卫星号abc12345", "wechat=abc12345"},
		{"wechat id abc12345", "wechat=abc12345"},
		{"weixinhao abc12345", "wechat=abc12345"},
		{"抖音号abc12345，快手号：abc12345，小红书号123456789", "wechat=abc12345 wechat=abc12345 wechat=123456789"},
		{"支付宝账号abc12345", "wechat=abc12345"},
		{"加我微信abc_12345，谢谢", "wechat=abc_12345"},
		{"微信号：happyday", "wechat=happyday"},
		{"薇信 sunny-2020", "wechat=sunny-2020"},
		{"VX：lily12345", "wechat=lily12345"},
		{"VXlove12345有图", "wechat=love12345"},
		{"wx abc12345", "wechat=abc12345"},
		{"V信abc12345", "wechat=abc12345"},
		{"加V：abc12345", "wechat=abc12345"},
		{"wxid_ab12cd34ef56", "wechat=wxid_ab12cd34ef56"},
		{"微信号是12345678", "wechat=12345678"},
		{"微信13812345678", "mobile=13812345678"},
		{"微信号a b c 1 2 3 4 5", "wechat=a b c 1 2 3 4 5"},
		{"WeChat - Liming2020", "wechat=Liming2020"},
		{"WeChat: yunlan", "wechat=yunlan"},
		// nobody's
		{"微：2023年数据，薇：谢谢，薇诺娜abc，绿泡泡直播带货", ""},
		{"WeChat - Yunlan Public Requests", ""},
		{"官方抖音号：cswl12345", ""},
		{"威信县G8513高速，微循环，微电网ABC123项目", ""},
		{"卫星遥感图斑编号abc12345，卫星123颗", ""},
		{"抖音号段13812个，V：2024年第一版", ""},
		{"微信公众号：chengshifabu", ""},
		{"官方微信：chengshifabu", ""},
		{"微信wechat、微信android版", ""},
		{"微信支付100000元", ""},
		{"微信网址https://example.com/abcdef", ""},
		{"微信群的业主有300多人", ""},
		{"软件版本为V3.2.10", ""},
	})
}

// TestHandles shows accounts in networks, which stand behind the name of one.
func TestHandles(t *testing.T) {
	spots(t, []spot{
		{"Skype zhangwei88", "wechat=zhangwei88"},
		{"skype:zhang.wei88，", "wechat=zhang.wei88"},
		{"Skype：live:zhangwei_88", "wechat=live:zhangwei_88"},
		{"我的Telegram：@zhangwei88", "wechat=zhangwei88"},
		{"TELEGRAM ID zhangwei88", "wechat=zhangwei88"},
		{"tg：@zhangwei88", "wechat=zhangwei88"},
		{"电报 @zhangwei88，电报号zhangwei88", "wechat=zhangwei88 wechat=zhangwei88"},
		{"WhatsApp zhangwei88", "wechat=zhangwei88"},
		{"WhatsApp +44 7911 123456", "mobile=44 7911 123456"},
		{"LINE ID: zhangwei88", "wechat=zhangwei88"},
		{"line：zhangwei88，LINE zhangwei88", "wechat=zhangwei88 wechat=zhangwei88"},
		{"推特@zhangwei88，脸书：zhang.wei88", "wechat=zhangwei88 wechat=zhang.wei88"},
		{"facebook zhang.wei88", "wechat=zhang.wei88"},
		{"Instagram: zhangweiwei", "wechat=zhangweiwei"},
		{"抖音 zhangwei88，快手ID zhangwei88", "wechat=zhangwei88 wechat=zhangwei88"},
		{"微博 @zhangwei88", "wechat=zhangwei88"},
		{"新浪微博名：zhangwei88", "wechat=zhangwei88"},
		// nobody's
		{"Skype for Business，Skype: voice calls", ""},
		{"Telegram is an app, LINE Pay 2023, line sensor2000, Line sensor2000", ""},
		{"Facebook Messenger, Twitter: https://example.com/abc", ""},
		{"online: abc12345，tg 2023abc", ""},
		{"WhatsApp用户20000000人，WhatsApp 20231001启用", ""},
		{"官方微博 @chengdu2023，政务抖音：abc12345", ""},
		{"微博 @成都发布，抖音APP2023版，抖音 TK9000系列", ""},
		{"证书 ISO9001，图书 ISBN9787, 海报 A3size", ""},
		{"联系Skype：zhang88@qq.com", "email=zhang88@qq.com"},
	})
}

func TestQQ(t *testing.T) {
	spots(t, []spot{
		{"Q：12345678", "qq=12345678"},
		{"球球号12345678", "qq=12345678"},
		{"抠抠12345678，蔻蔻12345678", "qq=12345678 qq=12345678"},
		{"12345678是我的QQ", "qq=12345678"},
		{"市长信箱12345678件，足球号12345678", ""},
		{"Q：123456元怎么算？", ""},
		{"QQ：123456789", "qq=123456789"},
		{"Q Q 1234567", "qq=1234567"},
		{"扣扣12345678", "qq=12345678"},
		{"企鹅号 1234567890", "qq=1234567890"},
		{"业主QQ群：123456789", "qq=123456789"},
		{"qq一二三四五六七八", "qq=一二三四五六七八"},
		{"QQ4001234567", "qq=4001234567"}, // what looks like a service line is none here
		// nobody's
		{"QQ群、微信群的业主有300多人", ""},
		{"QQ或12345热线", ""},
		{"QQ用户100000人", ""},
		{"客服QQ4001234567", ""},
		{"IQQ 12", ""},
	})
}

// TestMailboxes shows mailboxes in words and their domains in words.
func TestMailboxes(t *testing.T) {
	spots(t, []spot{
		{"我的QQ邮箱12345678", "email=12345678"},
		{"12345678的QQ邮箱", "email=12345678"},
		{"163邮箱zhang_88", "email=zhang_88"},
		{"zhang88[at]qq[dot]com", "email=zhang88[at]qq[dot]com"},
		{"zhang88 AT qq DOT com", "email=zhang88 AT qq DOT com"},
		{"zhang88圈a qq.com", "email=zhang88圈a qq.com"},
		{"zhang88ⓐqq.com", "email=zhang88ⓐqq.com"},
		{"zhang88🅰qq.com", "email=zhang88🅰qq.com"},
		{"zhang88@例子.中国", "email=zhang88@例子.中国"},
		// nobody's
		{"QQ邮箱、163邮箱均可，市长信箱12345件", ""},
		{"电子邮箱2024年3月启用", ""},
	})
}
