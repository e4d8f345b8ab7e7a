package gate_test

import "testing"

func TestWebAddresses(t *testing.T) {
	spots(t, []spot{
		{"https://weibo.com/u/1234567890。", "url=1234567890"},
		{"https://weibo.com/1234567890/abc", "url=1234567890"},
		{"http://space.bilibili.com/12345678?from=x", "url=12345678"},
		{"https://www.zhihu.com/people/xiao-ming", "url=xiao-ming"},
		{"https://example.net/login?uid=12345678&token=9f8e7d6c", "url=12345678&token=9f8e7d6c"},
		{"http://example.com/q?a=1&name=zhangsan&b=2", "url=zhangsan"},
		{"www.example.com/q?mobile=13812345678", "mobile=13812345678"},
		{"http://zhang:secret@example.com/x", "url=zhang:secret@example.com"},
		{"https://example.com/u/13812345678，", "url=13812345678"},
		{"https://example.com/user/13812345678.html?x=1", "url=13812345678"},
		{"https://example.com/x#13812345678", "url=13812345678"},
		{"https://example.com/x#/13812345678", "url=13812345678"},
		{"https://example.com/13812345678.html", "url=13812345678"},
		{"www.example.com/13812345678", "url=13812345678"},
		{"https://example.com/shop/13812345678/", "url=13812345678"},
		// nobody's
		{"https://example.com/content/38581507/t20230522_57989.html", ""},
		{"https://www.example.gov.cn/art/13812345678.html", ""},
		{"https://example.com/a/13812345678.html", ""},
		{"https://example.com/2023/13812345678.html", ""},
		{"https://example.com/13812345678/x", ""},
		{"https://example.com/question/13812345678/answer/15812345678", ""},
		{"https://example.com/138123456780.html，https://example.com/t20230522_57989.html", ""},
		{"https://www.example.gov.cn/13812345678.html", ""},
		{"https://example.com/u/13812345678901.html", ""},
		{"https://example.com/u/1381234567z.html", ""},
		{"https://www.example.gov.cn/art/2023/10/9/art_123_4567890.html?uid=12345678", ""},
		{"https://weibo.com/login、https://weibo.com/chengshifabu", ""},
		{"https://v.douyin.com/iRNBho6u/ 复制打开", ""},
		{"https://www.example.com/news/20231009/1234567890.html?id=12345678", ""},
		{"https://example.com/?uid=", ""},
	})
}
