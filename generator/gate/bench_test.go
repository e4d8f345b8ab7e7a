package gate_test

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
)

// prose returns Chinese text of about size bytes without any finding.
func prose(size int) string {
	const page = "尊敬的领导您好，我们小区的暖气自入冬以来一直不热，室内温度只有十几度，老人和孩子都受不了。多次向物业公司反映，" +
		"对方总是推脱说管网老化需要改造，却迟迟不见动工。希望有关部门尽快协调解决，给业主一个满意的答复。\n" +
		"经调查核实，该小区供热管网建于2003年，换热站设备老化，确实存在末端温度偏低的情况。我局已责成供热企业于11月30日前完成管道清洗和" +
		"阀门更换，并安排专人逐户测温。感谢您对我们工作的理解与支持。\n"
	return strings.Repeat(page, size/len(page)+1)
}

func BenchmarkClear(b *testing.B) {
	clean := gatetext.New(5)
	var numbers strings.Builder
	for numbers.Len() < 2000 {
		numbers.WriteString(clean.Clean().Text)
	}
	dense := gatetext.New(6)
	var planted strings.Builder
	for i := 0; planted.Len() < 2000; i++ {
		planted.WriteString(dense.Planted(gatetext.Spelt()[i%5], gatetext.Spellings()[0]).Text)
	}
	for _, t := range []struct{ name, text string }{
		{"prose-2KB", prose(2000)},
		{"prose-200KB", prose(200_000)},
		{"english-2KB", strings.Repeat("The Department of Buildings inspected the location and issued a notice of violation to the owner. ", 20)},
		{"html-2KB", strings.Repeat("<p>您好，您反映的问题已经收悉，&nbsp;现答复如下：</p>", 30)},
		{"numbers-2KB", numbers.String()},
		{"secrets-2KB", planted.String()},
		{"digits-20KB", strings.Repeat("1 3 5 7 9 2 4 6 8 0 ", 1000)},
	} {
		b.Run(t.name, func(b *testing.B) {
			g := newGate(b)
			raw := answered(t.text, t.text)
			b.SetBytes(int64(2 * len(t.text)))
			b.ReportAllocs()
			for b.Loop() {
				g.Clear(raw, asOf)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := gate.New(gate.Options{Key: make([]byte, 32)}); err != nil {
			b.Fatal(err)
		}
	}
}
