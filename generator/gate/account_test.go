package gate_test

import "testing"

func TestWeChat(t *testing.T) {
	spots(t, []spot{
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
		// nobody's
		{"微信公众号：chengshifabu", ""},
		{"官方微信：chengshifabu", ""},
		{"微信wechat、微信android版", ""},
		{"微信支付100000元", ""},
		{"微信网址https://example.com/abcdef", ""},
		{"微信群的业主有300多人", ""},
		{"软件版本为V3.2.10", ""},
	})
}

func TestQQ(t *testing.T) {
	spots(t, []spot{
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
