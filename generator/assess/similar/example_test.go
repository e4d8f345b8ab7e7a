package similar_test

import (
	"fmt"
	"strings"

	"github.com/huiyin/huiyin/generator/assess/similar"
)

// The replies of one unit: signatures are made once and kept, and groups are found
// when a page is made. Dates and case numbers do not make a text another one, and what
// is too short is counted and not compared.
func Example() {
	replies := []string{
		"市民您好，您于9月1日反映的东风路路灯不亮的问题（编号0901）已收悉。经现场核实，系电缆老化所致，现已更换电缆并恢复照明。感谢您的关心和支持！",
		"市民您好，您于9月12日反映的解放路路灯不亮的问题（编号0912）已收悉。经现场核实，系电缆老化所致，现已更换电缆并恢复照明。感谢您的关心和支持！",
		"已办结。",
		"您申请的公租房租赁补贴已审核通过，补贴资金将由财政局按季度发放到您登记的银行账户，请注意查收。",
		"市民您好，您于10月8日反映的东风路路灯不亮的问题（编号1008）已收悉。经现场核实，系电缆老化所致，现已更换电缆并恢复照明。感谢您的关心和支持！",
	}
	var items []similar.Item
	for i, reply := range replies {
		items = append(items, similar.Item{ID: i, Signature: similar.Of(reply)})
	}
	r, err := similar.Groups(items, similar.Options{Percent: 80, Size: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d replies, %d too short, %d in groups of %d or more alike by %d %%\n",
		r.Looked, r.TooShort, r.Grouped, r.Size, r.Percent)
	for _, g := range r.Groups {
		fmt.Printf("such as: %.42s…\n", replies[g.Representative])
		for _, m := range g.Members {
			fmt.Printf("  reply %d: %s %%\n", m.ID, m.Likeness.Percent(0))
		}
	}
	// Output:
	// 5 replies, 1 too short, 3 in groups of 2 or more alike by 80 %
	// such as: 市民您好，您于9月1日反映的东风路路灯不亮的问题（编号0901）已收悉。经现场核实，…
	//   reply 0: 100 %
	//   reply 1: 85 %
	//   reply 4: 100 %
}

func ExampleNormal() {
	fmt.Println(similar.Normal("您好！您于2026年9月1日反映的“ＡＢ路”问题，已由王某某 138****0000 办结。"))
	// Output: 您好您于0年0月0日反映的ab路问题已由王0办结
}

// A signature is kept by the hash of the text, and read again.
func ExampleParse() {
	kept, err := similar.Of(strings.Repeat("您反映的问题已收悉，我们将尽快办理。", 2)).MarshalBinary()
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := similar.Parse(kept)
	if err != nil {
		fmt.Println(err)
		return
	}
	other := similar.Of("您反映的问题已收悉，我们将尽快办理。您反映的问题已收悉，我们将尽快办理！")
	l := similar.Likeness(&s, &other)
	fmt.Printf("%d bytes; alike by %s %%\n", len(kept), l.Percent(0))
	// Output: 257 bytes; alike by 100 %
}
