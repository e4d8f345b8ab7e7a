package deadline_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/deadline"
)

// zh and en are labels as a theme has them. In English a month has a name.
var zh = map[string]string{
	"p.list":                            "、",
	"deadline.day":                      "{year}年{month}月{day}日",
	"deadline.starts.received":          "{day}收到",
	"deadline.starts.dispatched":        "{day}交办",
	"deadline.starts.accepted":          "{day}受理",
	"deadline.starts.made":              "{day}形成或者变更",
	"deadline.days.calendar_one":        "{n}日",
	"deadline.days.calendar":            "{n}日",
	"deadline.days.working_one":         "{n}个工作日",
	"deadline.days.working":             "{n}个工作日",
	"deadline.known":                    "{start}，按{basis}计算，时限{days}，当日不计{extended}{notices}{rolled}，办理期限为{day}。",
	"deadline.extended":                 "，延长{days}",
	"deadline.notice":                   "，{year}年工作日按{source}确定",
	"deadline.notice_named":             "，{year}年{names}放假调休按{source}",
	"deadline.rolled":                   "，期满日{last}不是工作日，顺延至其后第一个工作日",
	"deadline.unknown.no-start":         "起算日期不明，未计算办理期限。",
	"deadline.unknown.no-rule":          "没有适用的办理期限规定，未计算办理期限。",
	"deadline.unknown.over-extended":    "{start}，按{basis}计算，时限{days}；数据中的延长天数与规定不符，未计算办理期限。",
	"deadline.unknown.no-calendar-year": "{start}，按{basis}计算，时限{days}，当日不计{extended}；尚无{year}年放假安排，办理期限暂不能确定。",
	"deadline.unknown.out-of-range":     "日期超出可计算的范围，未计算办理期限。",
	"month.m01":                         "1", "month.m02": "2", "month.m03": "3", "month.m04": "4", "month.m05": "5", "month.m06": "6",
	"month.m07": "7", "month.m08": "8", "month.m09": "9", "month.m10": "10", "month.m11": "11", "month.m12": "12",
}

var en = map[string]string{
	"p.list":                            ", ",
	"deadline.day":                      "{day} {name} {year}",
	"deadline.starts.received":          "Received on {day}",
	"deadline.starts.dispatched":        "Dispatched on {day}",
	"deadline.starts.accepted":          "Accepted on {day}",
	"deadline.starts.made":              "Made or changed on {day}",
	"deadline.days.calendar_one":        "1 day",
	"deadline.days.calendar":            "{n} days",
	"deadline.days.working_one":         "1 working day",
	"deadline.days.working":             "{n} working days",
	"deadline.known":                    "{start}; {days} from the next day on, by {basis}{extended}{notices}{rolled}; due on {day}.",
	"deadline.extended":                 "; extended by {days}",
	"deadline.notice":                   "; working days of {year} as in {source}",
	"deadline.notice_named":             "; days off in {year} ({names}) as in {source}",
	"deadline.rolled":                   "; the last day, {last}, is no working day, so the next one counts",
	"deadline.unknown.no-start":         "The day from which to count is not known, so no due day was computed.",
	"deadline.unknown.no-rule":          "No rule sets a due day here, so none was computed.",
	"deadline.unknown.over-extended":    "{start}; {days} by {basis}. The extension supplied is not one that the rule allows, so no due day was computed.",
	"deadline.unknown.no-calendar-year": "{start}; {days} from the next day on, by {basis}{extended}. The days off of {year} are not known yet, and so neither is the due day.",
	"deadline.unknown.out-of-range":     "The days lie outside what can be computed, so there is no due day.",
	"month.m01":                         "January", "month.m02": "February", "month.m03": "March", "month.m04": "April", "month.m05": "May", "month.m06": "June",
	"month.m07": "July", "month.m08": "August", "month.m09": "September", "month.m10": "October", "month.m11": "November", "month.m12": "December",
}

func TestExplain(t *testing.T) {
	f := deadline.Finder{Calendar: calendar(t, notice2025, notice2026), Rules: rules(t, lawful+
		"  - {track: short, step: answer, days: 1, unit: working, extend_max: 1, basis: '规定{day}'}\n"+
		"  - {track: short, step: notify, days: 1, unit: calendar, basis: 某规定}\n")}
	for _, test := range []struct {
		track    string
		step     deadline.Step
		start    string
		extended int
		zh, en   string
	}{
		{"foi", deadline.Answer, "2026-03-02", 0,
			"2026年3月2日收到，按《政府信息公开条例》第三十三条计算，时限20个工作日，当日不计，2026年工作日按国办发明电〔2025〕7号确定，办理期限为2026年3月30日。",
			"Received on 2 March 2026; 20 working days from the next day on, by 《政府信息公开条例》第三十三条; working days of 2026 as in 国办发明电〔2025〕7号; due on 30 March 2026."},
		// 31 December is the first; 4 January (Sunday) to the 30th are 2 to 22, 2 to 14
		// February (Saturday) 23 to 33, 24 to 28 February (Saturday) 34 to 38, 2 and 3 March.
		{"foi", deadline.Answer, "2025-12-30", 20,
			"2025年12月30日收到，按《政府信息公开条例》第三十三条计算，时限20个工作日，当日不计，延长20个工作日，2025年工作日按国办发明电〔2024〕12号确定，2026年元旦、春节放假调休按国办发明电〔2025〕7号，办理期限为2026年3月3日。",
			"Received on 30 December 2025; 20 working days from the next day on, by 《政府信息公开条例》第三十三条; extended by 20 working days; working days of 2025 as in 国办发明电〔2024〕12号; days off in 2026 (New Year, Spring Festival) as in 国办发明电〔2025〕7号; due on 3 March 2026."},
		{"xinfang", deadline.Conclude, "2026-01-06", 0,
			"2026年1月6日受理，按《信访工作条例》第三十四条计算，时限60日，当日不计，2026年工作日按国办发明电〔2025〕7号确定，期满日2026年3月7日不是工作日，顺延至其后第一个工作日，办理期限为2026年3月9日。",
			"Accepted on 6 January 2026; 60 days from the next day on, by Regulations on Petitions, article 34; working days of 2026 as in 国办发明电〔2025〕7号; the last day, 7 March 2026, is no working day, so the next one counts; due on 9 March 2026."},
		{"xinfang", deadline.Forward, "2026-03-02", 0,
			"2026年3月2日收到，按《信访工作条例》第二十二条计算，时限15日，当日不计，办理期限为2026年3月17日。",
			"Received on 2 March 2026; 15 days from the next day on, by 《信访工作条例》第二十二条; due on 17 March 2026."},
		{"short", deadline.Answer, "2026-03-02", 1, // braces in a basis stay as they are
			"2026年3月2日收到，按规定{day}计算，时限1个工作日，当日不计，延长1个工作日，2026年工作日按国办发明电〔2025〕7号确定，办理期限为2026年3月4日。",
			"Received on 2 March 2026; 1 working day from the next day on, by 规定{day}; extended by 1 working day; working days of 2026 as in 国办发明电〔2025〕7号; due on 4 March 2026."},
		{"short", deadline.Notify, "2026-03-02", 0,
			"2026年3月2日收到，按某规定计算，时限1日，当日不计，办理期限为2026年3月3日。",
			"Received on 2 March 2026; 1 day from the next day on, by 某规定; due on 3 March 2026."},
		{"hotline", deadline.Conclude, "2026-12-29", 0,
			"2026年12月29日交办，按某市规定（虚构）计算，时限3个工作日，当日不计；尚无2027年放假安排，办理期限暂不能确定。",
			"Dispatched on 29 December 2026; 3 working days from the next day on, by 某市规定（虚构）. The days off of 2027 are not known yet, and so neither is the due day."},
		{"foi", deadline.Publish, "2026-03-02", 1,
			"2026年3月2日形成或者变更，按《政府信息公开条例》第二十六条计算，时限20个工作日；数据中的延长天数与规定不符，未计算办理期限。",
			"Made or changed on 2 March 2026; 20 working days by 《政府信息公开条例》第二十六条. The extension supplied is not one that the rule allows, so no due day was computed."},
		{"foi", deadline.Answer, "", 0, zh["deadline.unknown.no-start"], en["deadline.unknown.no-start"]},
		{"other", deadline.Answer, "2026-03-02", 0, zh["deadline.unknown.no-rule"], en["deadline.unknown.no-rule"]},
		{"xinfang", deadline.Notify, "9999-12-31", 0, zh["deadline.unknown.out-of-range"], en["deadline.unknown.out-of-range"]},
	} {
		found := f.Due(test.track, test.step, day(test.start), test.extended)
		if got := found.Explain(zh, "zh-CN"); got != test.zh {
			t.Errorf("got  %s\nwant %s", got, test.zh)
		}
		if got := found.Explain(en, "en"); got != test.en {
			t.Errorf("got  %s\nwant %s", got, test.en)
		}
	}
}

// TestLabelKeys checks that the list of keys is what Explain uses: each key of the
// list and no other is in the labels above, and none of them is idle.
func TestLabelKeys(t *testing.T) {
	keys := deadline.LabelKeys()
	for _, labels := range []map[string]string{zh, en} {
		if len(labels) != len(keys) {
			t.Errorf("%d labels, %d keys", len(labels), len(keys))
		}
		for _, key := range keys {
			if labels[key] == "" {
				t.Errorf("no label %s", key)
			}
		}
	}
	for i, key := range keys {
		if slices.Contains(keys[:i], key) {
			t.Errorf("%s is listed twice", key)
		}
		for _, labels := range []map[string]string{zh, en} {
			for name := range strings.SplitSeq(labels[key], "{") {
				name, _, closed := strings.Cut(name, "}")
				if closed && !slices.Contains(strings.Fields("year month day name n start basis days extended rolled notices last source names"), name) {
					t.Errorf("%s: nothing fills in {%s}", key, name)
				}
			}
		}
	}
}

// TestNamesOnce checks that a holiday in two runs is named once, and one without a
// name not at all.
func TestNamesOnce(t *testing.T) {
	c := calendar(t, "year: 2027\nsource: 虚构2号\noff:\n- {name: 某节, from: 2027-03-02}\n- {name: 某节, from: 2027-03-04}\n- from: 2027-03-05\n")
	f := deadline.Finder{Calendar: c, Rules: rules(t, "rules:\n- {track: a, step: answer, days: 2, unit: working, basis: 虚构}\n")}
	// 3 and 8 March; the 6th and 7th are a weekend.
	want := "2027年3月1日收到，按虚构计算，时限2个工作日，当日不计，2027年某节放假调休按虚构2号，办理期限为2027年3月8日。"
	if got := f.Due("a", deadline.Answer, day("2027-03-01"), 0).Explain(zh, "zh-CN"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
