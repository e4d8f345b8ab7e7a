package notes

import (
	"fmt"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// BenchmarkOf counts the notes of a unit of 1,000 cases.
func BenchmarkOf(b *testing.B) {
	cases := make([]record.Fact, 1000)
	for i := range cases {
		f := row(2+i%20, 9+i%20)
		f.Number, f.Received, f.Area = record.NewCaseNumber(record.MonthOf(2026, 11), i+1), november(1+i%9), "1"
		f.Title = fmt.Sprintf("关于第%d号楼前路灯的问题", i)
		f.Question = fmt.Sprintf("%s（%d 号楼，%c 单元）%c", lamp, i, '甲'+rune(i%300), '一'+rune(i))
		f.Reply.Text = fmt.Sprintf("您好，来信收悉。经核查，第 %d 号路灯（%c）线路老化，我局已于当日更换，现已恢复照明。感谢您的关注。%c", i, '一'+rune(i*7%900), '万'+rune(i))
		cases[i] = f
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Of(cases, Options{Cutoff: november(30), Began: november(1)}); err != nil {
			b.Fatal(err)
		}
	}
}
