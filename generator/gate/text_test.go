package gate_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// TestPlainText shows what becomes of a reply's text.
func TestPlainText(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"kept", "　　您好！“反映”的①、②项……𠮷家👨‍👩‍👧️ A<B，x > y", "　　您好！“反映”的①、②项……𠮷家👨‍👩‍👧️ A<B，x > y"},
		{"tags", `<p style="a">一</p><p>二<br/>三&nbsp;四</p><table><tr><td>五</td><td>六</td></tr></table>`, "一\n二\n三 四\n 五 六"},
		{"entities", "&lt;关于&gt; &amp; &#31532;&#x4e00; &copy; &nosuch; &", "<关于> & 第一 © &nosuch; &"},
		{"script", "前<script>alert(1)</script><SCRIPT src=x></SCRIPT >后<style>p{}</style>", "前后"},
		{"script never closed", "前<script>后", "前后"},
		{"markup in entities", "&lt;script&gt;x&lt;/script&gt;y&amp;lt;b&amp;gt;", "y"},
		{"markup in markup", "<scr<script>ipt>x", "x"},
		{"comments", "a<!-- b -->c<!doctype html>d<!-- e", "acd<!-- e"},
		{"not markup", "{{< x >}} {{% y %}} __hdeferred/ <通知> <x y> <", "{{< x >}} {{% y %}} __hdeferred/ <通知> <x y> <"},
		{"controls", "a\x00b\x1bc\u202ed\u2066e\u200bf\ufeffg\u00adh\u0085i\r\nj\rk\tl\U000e0041m", "abcdefgh\ni\nj\nk lm"},
		{"colours", "红\x1b[31m字\x1b[0m，&#27;[1m粗&#27;[0m \x1b[见\x1b[1", "红字，粗 [见[1"},
		{"breaks", "\n\na\n\n\n\n\nb\n ", "a\n\nb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := clear(t, full(fields{"reply": tt.in}))
			if c.Reply.Text != tt.want {
				t.Errorf("text is %q, want %q", c.Reply.Text, tt.want)
			}
		})
	}
}

// TestMasks uses numbers that are made up and sets them in the text whole, so
// that the forms can be read here.
func TestMasks(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"电话13812345678。", "电话138****5678。"},
		{"电话+86 138 1234 5678。", "电话+86 138****5678。"},
		{"电话8613812345678", "电话86138****5678"},
		{"１３８一二34５６柒8", "138****5678"},
		{"l38l2345678", "138****5678"},
		{"138        1234  \n  5678", "138****5678"},
		{"**138**-1234-**5678**", "**138****5678**"},
		{"身份证510104199003071234", "身份证51*************234"},
		{"身份证51010419900307123X！", "身份证51*************23X！"},
		{"身份证510104 19900307 123x！", "身份证51*************23X！"},
		{"510104900307123", "51**********123"},
		{"卡6217001234567890126", "卡6217***********0126"},
		{"卡6217 0012 3456 7890 126", "卡6217***********0126"},
		{"发zhang.san@qq.com吧", "发***@***吧"},
		{"发 zhang#qq.com 吧，或 li(at)163。com", "发 ***@*** 吧，或 ***@***"},
		{"川A12345与京AD12345、粤Z1234港", "川A*****与京A*****、粤Z*****"},
		{"拨打028-81234567咨询", "拨打028-******67咨询"},
		{"拨打（0571）8123 4567、81234568咨询", "拨打0571-******67、******68咨询"},
		{"call (212) 555-0187 or +1 646-555-0123", "call ********87 or +*********23"},
		{"看http://a.cn/14004002002/x?tel=13812345678", "看http://a.cn/14004002002/x?tel=138****5678"},
		{"电话13800001389 1345678", "电话138****138****5678"}, // the mask makes another number, found by the re-scan
		// nobody's
		{"12345、110、95598、400-812-3456、8008123456", "12345、110、95598、400-812-3456、8008123456"},
		{"川府发〔2024〕12号，（2024）川01民终12345号", "川府发〔2024〕12号，（2024）川01民终12345号"},
		{"99、999、138、1024、1025路", "99、999、138、1024、1025路"},
		{"统一社会信用代码91510100MA62K1234X", "统一社会信用代码91510100MA62K1234X"},
		{"2023-07-24 11:46:54、2023-07-24 11:47:25、2023-07-24 12:13:11", "2023-07-24 11:46:54、2023-07-24 11:47:25、2023-07-24 12:13:11"},
		{"http://171.221.172.78:9000/a", "http://171.221.172.78:9000/a"},
		{"批次202403151234，投资138.12345678亿元", "批次202403151234，投资138.12345678亿元"},
	} {
		c, v := clear(t, full(fields{"reply": tt.in}))
		if c.Reply.Text != tt.want {
			t.Errorf("%q became %q (%s), want %q", tt.in, c.Reply.Text, v.Decision, tt.want)
		}
	}
}

func TestEveryTextIsLookedThrough(t *testing.T) {
	const secret, digits = "请拨13812345678找我", "13812345678"
	for _, field := range []string{"title", "question", "reply", "addressee", "legal_class", "consent_basis", "outcome_reason"} {
		raw := full(fields{field: secret, "consent": "yes"})
		_, v := newGate(t).Clear(raw, asOf)
		if len(v.Findings) != 1 || v.Findings[0].Field != field || secret[v.Findings[0].Start:v.Findings[0].End] != digits {
			t.Errorf("%s: not one finding over the number", field)
		}
	}
	for field, json := range map[string]string{
		"dispatches": `[{"reason":"` + secret + `"}]`, "supervisions": `[{"what":"` + secret + `","result":"` + secret + `"}]`,
		"timeline": `[{"what":"` + secret + `"},{"text":"` + secret + `"}]`,
	} {
		_, v := newGate(t).Clear(full(fields{field: json}), asOf)
		if want := strings.Count(json, secret); len(v.Findings) != want {
			t.Errorf("%s: %d findings, want %d", field, len(v.Findings), want)
		}
	}
}

func TestFindingsMapToTheBytesReceived(t *testing.T) {
	in := "<p>好&amp;&#26368;</p>\r\n致电&amp;#49;3&#x38;\u200b 1234&nbsp;５６78<br>"
	_, v := clear(t, full(fields{"question": in}))
	want := "&amp;#49;3&#x38;\u200b 1234&nbsp;５６78"
	if len(v.Findings) != 1 || in[v.Findings[0].Start:v.Findings[0].End] != want {
		t.Errorf("findings %v, want one over bytes %d to %d", v.Findings, strings.Index(in, want), strings.Index(in, want)+len(want))
	}
}

func TestAllowList(t *testing.T) {
	g, err := gate.New(gate.Options{
		Key:        bytes.Repeat([]byte{1}, 32),
		AllowLines: map[record.UnitID][]string{"u-lamp": {"028-81234567", "+86 13912345678", "lamp@city.gov.cn"}, "u-other": {"0571-81234567"}},
		Hotlines:   []string{"(010) 61234567转8"},
	})
	if err != nil {
		t.Fatal(err)
	}
	const text = "电话（028）8123 4567或81234567、13912345678、lamp@city.gov.cn、010-61234567"
	for _, field := range []string{"question", "reply"} {
		cleared, v := g.Clear(full(fields{field: text}), asOf)
		if c := cleared.Value().(record.Case); len(v.Findings) != 0 || c.Question != text && c.Reply.Text != text {
			t.Errorf("%s: %d findings in the unit's own lines", field, len(v.Findings))
		}
	}
	_, v := g.Clear(full(fields{"reply": text, "unit": "u-third"}), asOf)
	if len(v.Findings) != 4 {
		t.Errorf("%d findings under another unit, want 4: a line passes for its own unit", len(v.Findings))
	}
}
