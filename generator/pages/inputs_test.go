package pages_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/assess/substance"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// change is one input of a release that is another.
type change struct {
	name string
	do   func(t testing.TB, o *office)
}

// ofCase changes a case of water-1 that is published in full.
func ofCase(name string, do func(k *record.Case)) change {
	return change{name, func(t testing.TB, o *office) { do(o.first(t, "water-1")) }}
}

// ofCases are changes of cases, which any office may see.
func ofCases() []change {
	day := func(name string, of func(*record.Case) *record.Day) change {
		return ofCase(name, func(k *record.Case) { *of(k) = k.Received + 2 })
	}
	return []change{
		ofCase("text of a reply", func(k *record.Case) { k.Reply.Text = "更正后的答复。" }),
		ofCase("text of a question", func(k *record.Case) { k.Question = "另一个问题。" }),
		ofCase("title", func(k *record.Case) { k.Title = "另一个标题" }),
		ofCase("status", func(k *record.Case) { k.Status = record.Handling }),
		ofCase("unit of a case", func(k *record.Case) { k.Unit = "ed-2" }),
		ofCase("unit of a reply", func(k *record.Case) { k.Reply.Unit = "ed-2" }),
		ofCase("spokesman", func(k *record.Case) { k.Reply.Spokesman = "s-1" }),
		ofCase("a unit that nobody knows", func(k *record.Case) { k.Unit = "nobody" }),
		ofCase("area", func(k *record.Case) { k.Area = town(1) }),
		ofCase("topic", func(k *record.Case) { k.Topic = "heating" }),
		ofCase("no topic", func(k *record.Case) { k.Topic = "" }),
		ofCase("kind", func(k *record.Case) { k.Kind = record.Help }),
		ofCase("channel", func(k *record.Case) { k.Channel = "" }),
		ofCase("origin", func(k *record.Case) { k.Origin = record.Press }),
		ofCase("addressee", func(k *record.Case) { k.Addressee = "某市书记" }),
		ofCase("kind that leaders handle", func(k *record.Case) { k.LeaderKind = "heating" }),
		ofCase("unit complained of", func(k *record.Case) { k.Against = "ed-2" }),
		ofCase("units that help", func(k *record.Case) { k.CoUnits = []record.UnitID{"ed-1"} }),
		ofCase("class in law", func(k *record.Case) { k.LegalClass = "行政裁决" }),
		ofCase("received a day later", func(k *record.Case) { k.Received++ }),
		ofCase("received a month before", func(k *record.Case) { k.Received -= 31 }),
		day("day of dispatch", func(k *record.Case) *record.Day { return &k.Dispatched }),
		day("day of the first response", func(k *record.Case) *record.Day { return &k.FirstResponse }),
		day("due day", func(k *record.Case) *record.Day { return &k.Due }),
		day("day of the reply", func(k *record.Case) *record.Day { return &k.RepliedOn }),
		day("day of resolution", func(k *record.Case) *record.Day { return &k.ResolvedOn }),
		ofCase("closing", func(k *record.Case) {
			k.ClosedOn, k.CloseDays, k.ClosedOnTime, k.Finished = k.Received+9, record.CountOf(9), record.Yes, record.Yes
		}),
		ofCase("late", func(k *record.Case) { k.OnTime = record.No }),
		ofCase("days", func(k *record.Case) { k.Days = record.CountOf(61) }),
		ofCase("a flag", func(k *record.Case) { k.Flags = []record.Flag{record.FutureDate} }),
		ofCase("rating", func(k *record.Case) { k.Rating = record.Rating{Scale: record.Five, Level: 1, Source: record.ByMessage} }),
		ofCase("rating of points", func(k *record.Case) { k.Rating = record.Rating{Scale: record.Points, Level: 4} }),
		ofCase("outcome", func(k *record.Case) { k.Outcome = record.NotSupported }),
		ofCase("a review", func(k *record.Case) { k.Outcome = record.Reviewed }),
		ofCase("a suggestion adopted", func(k *record.Case) { k.Kind, k.Outcome = record.Suggest, record.Adopted }),
		ofCase("reason of an outcome", func(k *record.Case) { k.OutcomeReason = "没有依据" }),
		ofCase("on site", func(k *record.Case) { k.OnSite = record.TriOf(k.OnSite != record.Yes) }),
		ofCase("reopened", func(k *record.Case) { k.Reopened = record.CountOf(3) }),
		ofCase("moves", func(k *record.Case) {
			k.Dispatches = []record.Dispatch{{Day: k.Received + 1, From: "town-03", To: "water-1"}, {Day: k.Received + 2, From: "water-1", To: "town-04", Returned: true}}
		}),
		ofCase("supervision", func(k *record.Case) {
			k.Supervisions = []record.Supervision{{Day: k.Received + 1, By: "ed-1", What: "挂牌督办"}}
		}),
		ofCase("timeline", func(k *record.Case) {
			k.Timeline = []record.Step{{Day: k.Received + 3, What: "现场查看", Unit: "ed-1"}}
		}),
		ofCase("file", func(k *record.Case) {
			k.Attachments = []record.Attachment{{Name: "1.png", Type: "image/png", SHA256: strings.Repeat("ab", 32), Size: 12345}}
		}),
		ofCase("files withheld", func(k *record.Case) { k.FilesWithheld = 2 }),
		{"repeat of a case", func(t testing.TB, o *office) { o.first(t, "water-1").RepeatOf = o.cases[0].Number }},
		{"merged into a case", func(t testing.TB, o *office) {
			k := o.open(t)
			k.StubReason, k.Status, k.MergedInto = record.MergedInto, record.Merged, o.cases[0].Number
		}},
		{"an answer", func(t testing.TB, o *office) {
			k := o.open(t)
			k.Prominence, k.StubReason, k.Status, k.Answered, k.RepliedOn, k.Days, k.OnTime = record.Full, "", record.Replied, record.Yes, o.cutoff, record.CountOf(40), record.No
			k.Title, k.Topic, k.Question, k.Reply = "路灯", "lamps", "灯坏了。", record.Reply{Unit: k.Unit, Text: "已修。"}
		}},
		ofCase("kept back", func(k *record.Case) { *k = k.Stub(record.StubOnly, record.NotSuitable) }),
		{"another reason to keep back", func(t testing.TB, o *office) { o.open(t).StubReason = record.UnderReview }},
		{"a case withdrawn", func(t testing.TB, o *office) { o.withdraw(t, o.first(t, "water-1").Number) }},
		{"a case more", func(t testing.TB, o *office) {
			k := *o.first(t, "water-1")
			m := o.cases[len(o.cases)-1].Number.Month()
			k.Number = record.NewCaseNumber(m, o.cases[len(o.cases)-1].Number.Running()+1)
			o.cases = append(slices.Clone(o.cases), k)
		}},
		{"a case of a new month", func(t testing.TB, o *office) {
			k := *o.first(t, "water-1")
			k.Number, k.Received = record.NewCaseNumber(record.MonthOf(2026, 12), 1), o.cutoff
			o.cases = append(slices.Clone(o.cases), k)
		}},
		{"a case of a month that had none", func(t testing.TB, o *office) {
			k, m := *o.first(t, "ed-2"), record.MonthOf(2026, 8)
			if o.cases[0].Number.Month() < m {
				m = record.MonthOf(2026, 3)
			}
			k.Number, k.Received = record.NewCaseNumber(m, 1), m.First()
			k.Due, k.RepliedOn = k.Received+15, k.Received+9
			at := slices.IndexFunc(o.cases, func(k record.Case) bool { return k.Number.Month() > m })
			o.cases = slices.Insert(slices.Clone(o.cases), at, k)
		}},
		{"history", func(t testing.TB, o *office) { o.happen(o.first(t, "water-1").Number, record.EventUpdate, o.cutoff) }},
		{"day of publication", func(t testing.TB, o *office) {
			o.shown = maps.Clone(o.shown)
			if o.shown == nil {
				o.shown = map[record.CaseNumber]record.Day{}
			}
			k := o.first(t, "water-1")
			o.shown[k.Number] = k.RepliedOn + 1
		}},
	}
}

// ofRest are changes of the register, of what was delivered beside cases or judged by
// people, of settings, and of the day.
func ofRest() []change {
	return []change{
		{"name of a unit", func(t testing.TB, o *office) { o.unit(t, "water-1").Name = "东城区水利局" }},
		{"English name of a unit", func(t testing.TB, o *office) { o.unit(t, "ed-2").English = "Xihu Education" }},
		{"parent of a unit", func(t testing.TB, o *office) { o.unit(t, "town-07").Parent = "water-1" }},
		{"level of a unit", func(t testing.TB, o *office) { o.unit(t, "water-1").Level = 2 }},
		{"kind of a unit", func(t testing.TB, o *office) { o.unit(t, "water-1").Kind = "事业单位" }},
		{"phone of a unit", func(t testing.TB, o *office) { o.unit(t, "water-1").Phones = []string{"0999-12345"} }},
		{"area of a unit", func(t testing.TB, o *office) { o.unit(t, "water-1").Area = "990102" }},
		{"a unit merged", func(t testing.TB, o *office) {
			u := o.unit(t, "water-1")
			u.To, u.Successor = record.Date(2026, 9, 30), "ed-2"
		}},
		{"a unit renamed to another", func(t testing.TB, o *office) {
			o.unit(t, "water-1").Successor = "water-9"
			o.reg.Units = append(o.reg.Units, record.Unit{ID: "water-9", Name: "新水务局", Area: "990101", From: record.Date(2026, 10, 1)})
		}},
		{"a unit gone", func(t testing.TB, o *office) {
			o.reg.Units = slices.DeleteFunc(slices.Clone(o.reg.Units), func(u record.Unit) bool { return u.ID == "water-1" })
		}},
		{"name of an area", func(t testing.TB, o *office) { o.reg.Areas[1].Name = "新城区" }},
		{"parent of an area", func(t testing.TB, o *office) { o.reg.Areas[4].Parent = "990102" }},
		{"residents", func(t testing.TB, o *office) { o.reg.Areas[2].Residents = record.CountOf(77777) }},
		{"an area merged", func(t testing.TB, o *office) {
			o.reg.Areas[4].To, o.reg.Areas[4].Successor = record.Date(2026, 9, 30), "990102"
		}},
		{"name of a topic", func(t testing.TB, o *office) {
			o.reg.Topics[1].Name, o.reg.Topics[2].Name, o.reg.Topics[3].Name = "照明", "用水", "别的"
		}},
		{"parent of a topic", func(t testing.TB, o *office) { o.reg.Topics[1].Parent = "" }},
		{"name of a channel", func(t testing.TB, o *office) { o.channels()[1].Name = "政府网站" }},
		{"a channel is online", func(t testing.TB, o *office) { o.channels()[1].Online = record.Yes }},
		{"a mailbox of a post", func(t testing.TB, o *office) { o.channels()[1].Post = "某市书记" }},
		{"another holder of a post", func(t testing.TB, o *office) {
			o.channels()[0].Post, o.channels()[0].Terms = "某市市长", []record.Term{{From: record.Date(2026, 10, 1)}}
		}},
		{"an assessment", func(t testing.TB, o *office) {
			o.assessed = append(slices.Clone(o.assessed), record.Assessment{ID: "a-9", Unit: "water-1", Period: "2026-10", Assessor: "示例大学"})
		}},
		{"an assessment of another year", func(t testing.TB, o *office) {
			o.assessed = append(slices.Clone(o.assessed), record.Assessment{ID: "a-7", Unit: "town-02", Period: "2025", Assessor: "示例大学"})
		}},
		{"an assessment of a period without end", func(t testing.TB, o *office) {
			o.assessed = append(slices.Clone(o.assessed), record.Assessment{ID: "a-6", Area: "990101", Period: record.AllTime, Assessor: "示例大学"})
		}},
		{"an assessment of everyone", func(t testing.TB, o *office) {
			o.assessed = append(slices.Clone(o.assessed), record.Assessment{ID: "a-9", Period: "2026-10", Assessor: "示例大学"})
		}},
		{"an assessment of a unit that is no more", func(t testing.TB, o *office) {
			u := o.unit(t, "town-03")
			u.To, u.Successor = record.Date(2026, 9, 30), "town-04"
			o.assessed = append(slices.Clone(o.assessed), record.Assessment{ID: "a-8", Unit: "town-03", Period: "2026-10", Assessor: "示例大学"})
		}},
		{"an entry about a unit that is no more", func(t testing.TB, o *office) {
			u := o.unit(t, "town-03")
			u.To, u.Successor = record.Date(2026, 9, 30), "town-04"
			o.measured = append(slices.Clone(o.measured), record.Accountability{ID: "q-8", Unit: "town-03", Day: record.Date(2026, 10, 9), Measure: "曝光"})
		}},
		{"an entry about a unit that nobody knows", func(t testing.TB, o *office) {
			o.measured = append(slices.Clone(o.measured), record.Accountability{ID: "q-7", Unit: "nobody", Day: record.Date(2026, 10, 9), Measure: "曝光"})
		}},
		{"an entry of accountability", func(t testing.TB, o *office) {
			o.measured = append(slices.Clone(o.measured), record.Accountability{ID: "q-9", Unit: "water-1", Day: record.Date(2026, 10, 19), Measure: "通报", Trigger: "超期"})
		}},
		{"a commitment", func(t testing.TB, o *office) {
			k := o.first(t, "water-1")
			o.promised = append(slices.Clone(o.promised), record.Commitment{Number: k.Number, Code: "ffffffff", Unit: "water-1", Made: k.RepliedOn, Due: o.cutoff, Standing: record.Stands, Wording: "修好"})
		}},
		{"a reply judged", func(t testing.TB, o *office) {
			o.Judged = append(slices.Clone(o.Judged), record.Judged{Number: o.first(t, "water-1").Number, Version: substance.Version, Empty: true})
		}},
		{"cut-off", func(t testing.TB, o *office) { o.cutoff++ }},
		{"cut-off of the next month", func(t testing.TB, o *office) { o.cutoff += 20 }},
		{"title of the site", func(t testing.TB, o *office) { o.Site.Name = "别名" }},
		{"English title", func(t testing.TB, o *office) { o.Site.NameEn = "Another" }},
		{"organiser", func(t testing.TB, o *office) { o.Site.Organiser = "示例省人民政府办公厅" }},
		{"address of the site", func(t testing.TB, o *office) { o.BaseURL = "https://other.example.gov.cn/" }},
		{"tag of feeds", func(t testing.TB, o *office) { o.Tag = "example.gov.cn,2020" }},
		{"languages", func(t testing.TB, o *office) {
			if len(o.Langs) == 0 {
				o.Langs = []string{"zh-CN"}
			} else {
				o.Langs = nil
			}
		}},
		{"a label", func(t testing.TB, o *office) { o.Labels["zh-CN"]["status.replied"] = "答复了" }},
		{"an English label", func(t testing.TB, o *office) { o.Labels["en"]["kind.consult"] = "Question" }},
		{"a hand-written page", func(t testing.TB, o *office) { o.Texts[0].Title = "方法" }},
		{"one page more", func(t testing.TB, o *office) {
			o.Texts = append(o.Texts, pages.Text{Path: "about.html", Layout: "page", Lang: "zh-CN", Title: "关于", Params: json.RawMessage(`{"body_html":"<p>乙</p>"}`)})
		}},
		{"synonyms", func(t testing.TB, o *office) { o.Synonyms = "供水 自来水\n" }},
		{"no rankings", func(t testing.TB, o *office) { o.Ranks = assess.RankRules{} }},
		{"minimum of rankings", func(t testing.TB, o *office) { o.Ranks.Minimum = 10 }},
		{"share unknown of rankings", func(t testing.TB, o *office) { o.Ranks.Unknown = 100 }},
		{"places", func(t testing.TB, o *office) { o.Ranks.Places = true }},
		{"name of a band", func(t testing.TB, o *office) { o.Ranks.Bands[0].Name.Zh = "优秀" }},
		{"beginning of a band", func(t testing.TB, o *office) { o.Ranks.Bands[0].From = 9900 }},
		{"measures of rankings", func(t testing.TB, o *office) {
			o.Ranks.Measures = []assess.Weight{{Measure: assess.MeasureOnTimeReply, Weight: 2}, {Measure: assess.MeasureRepliedOfDue, Weight: 1}}
		}},
		{"rules of deadlines", func(t testing.TB, o *office) {
			o.Deadlines = deadlines(t, strings.Replace(someRules, "15", "10", 1), someHolidays)
		}},
		{"basis of a rule", func(t testing.TB, o *office) {
			o.Deadlines = deadlines(t, strings.Replace(someRules, "第三条", "第四条", 1), someHolidays)
		}},
		{"a holiday", func(t testing.TB, o *office) {
			o.Deadlines = deadlines(t, someRules, strings.Replace(someHolidays, "10-07", "10-08", 1))
			o.Workdays = o.Deadlines.Calendar()
		}},
		{"name of a holiday", func(t testing.TB, o *office) {
			o.Deadlines = deadlines(t, someRules, strings.Replace(someHolidays, "国庆节", "国庆节、中秋节", 1))
			o.Workdays = o.Deadlines.Calendar()
		}},
		{"a restatement", func(t testing.TB, o *office) {
			o.Restated = append([]record.Restatement{restate(o.cutoff, assess.MeasureRepliedOfDue, record.Scope{Dim: record.ByUnit, ID: "water-1"}, 3, 4, record.EventUpdate)}, o.Restated...)
		}},
		{"a ranking kept", func(t testing.TB, o *office) {
			o.FirstRankings = append(slices.Clone(o.FirstRankings), record.FirstRanking{Period: "2026-10/12", Cutoff: o.cutoff, Lines: []record.FirstLine{{Unit: "water-1", Standing: "gone", Counts: []record.FirstCount{{Measure: assess.MeasureOnTimeReply, Version: 1}}}}})
		}},
	}
}

// ofRich are changes of what only the rich office has.
func ofRich() []change {
	return []change{
		{"score of an assessment", func(t testing.TB, o *office) { o.assessed[1].Scores[0].Value = "41" }},
		{"rating of a case that was drawn", func(t testing.TB, o *office) { o.rated(t).Rating.Level = 2 }},
		{"score of a panel", func(t testing.TB, o *office) { o.assessed[1].Sample.Scores[0].Level = 1 }},
		{"an entry of accountability taken back", func(t testing.TB, o *office) { o.measured = nil }},
		{"no assessment", func(t testing.TB, o *office) { o.assessed = nil }},
		{"outcome of a commitment", func(t testing.TB, o *office) {
			o.promised[0].Keeping, o.promised[0].On = record.Broken, record.Date(2026, 11, 8)
		}},
		{"a commitment taken back", func(t testing.TB, o *office) { o.promised[0].Standing = record.TakenBack }},
		{"a commitment in a changed reply", func(t testing.TB, o *office) { o.promised[0].Standing, o.promised[0].Wording = record.ReplyChanged, "" }},
		{"day of a commitment", func(t testing.TB, o *office) { o.promised[0].Due += 30 }},
		{"reason of a withdrawal", func(t testing.TB, o *office) { o.stones[0].Reason = "duplicate" }},
		{"day of a withdrawal", func(t testing.TB, o *office) { o.stones[0].Day-- }},
		{"first of similar replies", func(t testing.TB, o *office) {
			o.some(t, func(k *record.Case) bool {
				return k.Unit == "water-1" && strings.HasPrefix(k.Reply.Text, "您的问题")
			}).Reply.Text = "已更换灯泡，恢复照明。"
		}},
		{"cause of a restatement", func(t testing.TB, o *office) { o.Restated[0].Why = []record.EventKind{record.EventUpdate} }},
		{"numbers of a kept ranking", func(t testing.TB, o *office) { o.FirstRankings[0].Lines[0].Counts[0].Num = 29 }},
		{"body of a file", func(t testing.TB, o *office) {
			o.some(t, func(k *record.Case) bool { return len(k.Attachments) > 0 }).Attachments[0].SHA256 = strings.Repeat("cd", 32)
		}},
		ofCase("no closing", func(k *record.Case) {
			k.ClosedOn, k.CloseDays, k.ClosedOnTime, k.Finished = 0, 0, record.Unknown, record.No
		}),
		{"a successor that is no more", func(t testing.TB, o *office) { o.unit(t, "water-2").Successor = "" }},
		{"another successor", func(t testing.TB, o *office) { o.unit(t, "water-2").Successor = "town-05" }},
		{"a case of a unit whose place was taken", func(t testing.TB, o *office) { o.first(t, "water-2").OnTime = record.No }},
		{"a case that a result of a year before counts", func(t testing.TB, o *office) {
			k := o.some(t, func(k *record.Case) bool {
				return k.Unit == "ed-2" && k.Received.Month() == record.MonthOf(2025, 12) && k.OnTime != record.Unknown
			})
			k.OnTime = record.TriOf(k.OnTime == record.No)
		}},
		{"a case that a result of everyone counts", func(t testing.TB, o *office) {
			o.some(t, func(k *record.Case) bool {
				return strings.HasPrefix(string(k.Unit), "town") && k.Prominence == record.Full && k.Received.Month() == record.MonthOf(2026, 9)
			}).OnTime = record.Unknown
		}},
		{"no rules", func(t testing.TB, o *office) { o.Deadlines, o.Workdays = nil, nil }},
		{"calendar days", func(t testing.TB, o *office) { o.Workdays = nil }},
		{"nobody's case", func(t testing.TB, o *office) { o.first(t, "ed-2").Unit = "" }},
	}
}

// firsts are the changes with which an office delivers, or is told to do, what it never had:
// then more can be another than what the change is about.
func firsts() []change {
	named := map[string]bool{}
	for _, name := range strings.Split("day of dispatch,day of the first response,day of resolution,closing,rating,rating of points,outcome,a suggestion adopted,a review,on site,reopened,moves,supervision,"+
		"repeat of a case,merged into a case,origin,addressee,kind that leaders handle,unit complained of,file,a flag,a case withdrawn,history,day of publication,a case of a month that had none,"+
		"residents,a channel is online,a mailbox of a post,a unit merged,an assessment,an assessment of everyone,an entry of accountability,a commitment,a reply judged,"+
		"languages,an English label,synonyms,no rankings,places,rules of deadlines,a restatement,a ranking kept,cut-off of the next month", ",") {
		named[name] = true
	}
	all := slices.DeleteFunc(append(ofCases(), ofRest()...), func(c change) bool { return !named[c.name] })
	if len(all) != len(named) {
		panic("a change that is named is none")
	}
	return all
}
