package gate_test

import "testing"

// TestSpeltOut shows numbers of which digits are spelt out.
func TestSpeltOut(t *testing.T) {
	spots(t, []spot{
		{"yao san ba yao er san si wu liu qi ba", "mobile=yao san ba yao er san si wu liu qi ba"},
		{"电话yāo sān bā yāo èr sān sì wǔ liù qī bā。", "mobile=yāo sān bā yāo èr sān sì wǔ liù qī bā"},
		{"YaoSanBaYaoErSanSiWuLiuQiBa", "mobile=YaoSanBaYaoErSanSiWuLiuQiBa"},
		{"yao38 yao er san 四五六78", "mobile=yao38 yao er san 四五六78"},
		{"one-three-eight one-two-three-four five-six-seven-eight", "mobile=one-three-eight one-two-three-four five-six-seven-eight"},
		{"I III VIII I II III IV V VI VII VIII", "mobile=I III VIII I II III IV V VI VII VIII"},
		{"手机ⅠⅢⅧⅠⅡⅢⅣⅤⅥⅦⅧ", "mobile=ⅠⅢⅧⅠⅡⅢⅣⅤⅥⅦⅧ"},
		{"电话1Ʒ81234S678", "mobile=1Ʒ81234S678"},
		{"电话138I234S678", "mobile=138I234S678"},
		{"手机号幺叁扒幺儿叁斯舞榴漆捌", "mobile=幺叁扒幺儿叁斯舞榴漆捌"},
		{"腰三巴，要三吧要儿伞死武溜期把", "mobile=要三吧要儿伞死武溜期把"},
		{"身份证yi yi ling yi ling yi yi jiu jiu ling ling san ling qi si si qi qi", "id_card=yi yi ling yi ling yi yi jiu jiu ling ling san ling qi si si qi qi"},
		{"138@1234@5678", "mobile=138@1234@5678"},
		// nobody's
		{"yi er san si wu liu qi ba jiu ling", ""},
		{"One, two, three, four and five of them; I, II, III, IV, V, VI, VII, VIII, IX", ""},
		{"型号1Z81234S678", ""},
		{"要把这事就其起因儿而一二三四五六七八九", ""},
		{"Ⅰ、Ⅱ、Ⅲ、Ⅳ类水体各138、1234、567处", ""},
	})
}
