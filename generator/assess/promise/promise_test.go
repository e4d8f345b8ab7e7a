package promise

import (
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

func TestAReplyThatNamesATimeToCome(t *testing.T) {
	replied := record.Date(2026, 11, 10)
	for _, tc := range []struct {
		text, words, due string
		days             int
	}{
		{"我局将于2026年12月20日前完成维修。", "2026年12月20日前", "2026-12-20", 0},
		{"计划12月5日前更换路灯。", "12月5日前", "2026-12-05", 0},
		{"计划3月5日前更换路灯。", "3月5日前", "2027-03-05", 0},
		{"预计年底前完成。", "年底前", "2026-12-31", 0},
		{"预计2027年底前完成。", "2027年底前", "2027-12-31", 0},
		{"预计明年年底前完成。", "明年年底前", "2027-12-31", 0},
		{"下月底前修好。", "下月底前", "2026-12-31", 0},
		{"争取本月底前修好。", "本月底前", "2026-11-30", 0},
		{"12月底前修好。", "12月底前", "2026-12-31", 0},
		{"将在5个工作日内处理。", "5个工作日内", "", 5},
		{"将在10日内处理。", "10日内", "2026-11-20", 0},
		{"将在10日内去现场查看。", "10日内", "2026-11-20", 0},
		{"将在十二月底前修好。", "十二月底前", "2026-12-31", 0},
		{"已在现场设立警戒标识，争取30天内整改到位。", "30天内", "2026-12-10", 0},
		{"预计三个工作日内完成。", "三个工作日内", "", 3},
		{"预计需要四个工作日完成修复。", "四个工作日", "", 4},
		{"预计3-5个工作日更新完成。", "5个工作日", "", 5},
		{"预计今年12月底将完工建成。", "12月底", "2026-12-31", 0},
		{"今后两周内完成。", "两周内", "2026-11-24", 0},
		{"预计两周内完成。", "两周内", "2026-11-24", 0},
		{"三个月内更换。", "三个月内", "2027-02-10", 0},
		{"预计本周内修复。", "本周内", "2026-11-15", 0},
		{"下周内答复。", "下周内", "2026-11-22", 0},
		{"预计11月20日恢复。", "11月20日", "2026-11-20", 0},
		{"预计二十五天内完成。", "二十五天内", "2026-12-05", 0},
		{"预计明年底可完工通车。", "明年底", "2027-12-31", 0},
		{"按规定不予受理。我局7天内再次巡查。", "7天内", "2026-11-17", 0},
	} {
		got := Find(tc.text, replied)
		if len(got) != 1 {
			t.Errorf("%s: %d promises, want 1", tc.text, len(got))
			continue
		}
		p, due := got[0], ""
		if p.Due.Known() {
			due = p.Due.String()
		}
		if words := tc.text[p.Start:p.End]; words != tc.words || due != tc.due || p.Days != tc.days {
			t.Errorf("%s: %q by %q or in %d working days, want %q, %q, %d", tc.text, words, due, p.Days, tc.words, tc.due, tc.days)
		}
	}
}

func TestAReplyThatPromisesNoTime(t *testing.T) {
	replied := record.Date(2026, 11, 10)
	for _, text := range []string{
		"", "已更换灯具。", "我们将认真研究。", "2026年10月1日前已完成。", "我局已于2026年12月20日前安排。",
		"按照规定，应当在15个工作日内答复。", "请您在30日内提交材料。", "电话12345年底", "2月30日前", "2026年13月1日前", "编号20261220日前", "123456天内",
		"0个工作日内", "\xff年底", "二十〇月底前完成。", "上月底完成。", "第三周内到货。", "已在现场维修，12月5日前已于当天完成。", "12月5日发布了公告。", "年底完成情况良好。", "办理需5个工作日。", "在办结之后一个月内再回访。", "收到材料后3个工作日内办好。", "自今日起10日内公示。", "必须在2026年12月31日之前补缴。", "自受理之日起六十日内办结。", "预计12月5日与您联系。",
		"二〇二七年底前完成。", "上月底前已完成。", "每月底前公布。", "2026年", "12月", "12月5",
		"12月5日前后每日清运减为一次。", "我局于12月5日前往现场查看。", "工作人员12月5日前来查看。", "年底前后客流较多。", "12月5日前期工作已完成。",
	} {
		if got := Find(text, replied); len(got) != 0 {
			t.Errorf("%q: %d promises, want none", text, len(got))
		}
	}
	if got := Find("年底前、5日内、12月5日前完成", 0); len(got) != 0 {
		t.Errorf("without a day of the reply: %d promises, want none", len(got))
	}
}

func FuzzFind(f *testing.F) {
	f.Add("预计九月底修复，两周内、三个月内、第三周内，预计11月20日恢复", int32(1))
	f.Add("计划12月5日前更换，2027年底前完成；5个工作日内", int32(20000))
	f.Fuzz(func(t *testing.T, text string, day int32) {
		end := 0
		for _, p := range Find(text, record.Day(day)) {
			if p.Start < end || p.End <= p.Start || p.End > len(text) {
				t.Fatalf("span %d to %d after %d of %d bytes", p.Start, p.End, end, len(text))
			}
			if p.Due.Known() == (p.Days > 0) {
				t.Fatal("a promise has a day or a number of working days, one of them")
			}
			end = p.End
		}
	})
}
