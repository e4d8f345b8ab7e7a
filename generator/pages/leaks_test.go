package pages_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

func TestPeopleTables(t *testing.T) {
	l := pages.Leaks{Cutoff: "2026-11-30", People: []record.People{{
		Year: 2025, Attribute: record.Sex, Total: record.PeopleCount{N: 1200, Percent: 100},
		Groups: []record.PeopleGroup{
			{Group: "female", PeopleCount: record.PeopleCount{N: 700, Percent: 58}}, {Group: "male", PeopleCount: record.PeopleCount{Hidden: true, Percent: -1}},
			{Group: "empty", PeopleCount: record.PeopleCount{N: 7, Percent: -1}}, {Group: "other"},
		},
	}}}
	parts, err := pages.LeakPartitions(l, options(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(build(t, parts).pages[pages.LeaksPath].Params)
	if err != nil {
		t.Fatal(err)
	}
	type line struct{ Name, Count, Percent string }
	type table struct {
		Caption string
		Lines   []line
	}
	var got struct{ People []table }
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	want := []table{{"2025 年收到的诉求件：诉求人性别", []line{
		{"女", "700", "58%"}, {"男", "不公布", "不公布"}, {"未填写", "7", "总数不足 10 件，不计算"}, {"合计（已登记该项目的诉求件）", "1,200", "100%"},
	}}}
	if diff := cmp.Diff(want, got.People); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestGroupsHaveWords looks for the words of every group in both languages.
func TestGroupsHaveWords(t *testing.T) {
	var all []record.People
	for _, a := range record.Attributes() {
		p := record.People{Year: 2025, Attribute: a}
		for _, g := range a.Groups() {
			p.Groups = append(p.Groups, record.PeopleGroup{Group: g, PeopleCount: record.PeopleCount{N: 9, Percent: -1}})
		}
		all = append(all, p)
	}
	parts, err := pages.LeakPartitions(pages.Leaks{People: all}, options(t))
	if err != nil {
		t.Fatal(err)
	}
	for path, page := range build(t, parts).pages {
		b, err := json.Marshal(page.Params)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			People []struct {
				Caption string
				Lines   []struct{ Name string }
			}
		}
		if err := json.Unmarshal(b, &got); err != nil || len(got.People) != len(all) {
			t.Fatalf("%s: %d tables, %v", path, len(got.People), err)
		}
		for i, table := range got.People {
			if len(table.Lines) != len(all[i].Groups)+1 || strings.ContainsAny(table.Caption, "{}") {
				t.Errorf("%s: %s has %d lines, caption %q", path, all[i].Attribute, len(table.Lines), table.Caption)
			}
			for j, line := range table.Lines {
				if line.Name == "" {
					t.Errorf("%s: line %d of %s has no words", path, j, all[i].Attribute)
				}
			}
		}
	}
}

func TestLeakPartitions(t *testing.T) {
	l := pages.Leaks{
		Cutoff: "2026-11-30", Policy: pages.LeaksPolicy{Version: "7", Hash: strings.Repeat("ab", 32)},
		Scan:   pages.LeaksScan{Files: 12345, Unread: 2, Texts: 99, Candidates: 3},
		Masked: map[string]int64{"plate": 2, "mobile": 2, "person": 1000},
		Cases:  pages.LeaksCases{Full: 10, Rows: map[record.StubReason]int64{record.UnderReview: 4, record.NotAgreed: 1}, Withdrawn: 2},
		Excluded: []record.Excluded{
			{Until: record.MonthOf(2026, 8), N: 6}, {From: record.MonthOf(2026, 9), Until: record.MonthOf(2026, 10), N: 5},
			{From: record.MonthOf(2026, 11), Until: record.MonthOf(2026, 11), N: 1234},
		},
	}
	parts, err := pages.LeakPartitions(l, options(t))
	if err != nil || len(parts) != pages.LeakParts {
		t.Fatalf("%d partitions, %v", len(parts), err)
	}
	s := build(t, parts)
	var again pages.Leaks
	if err := json.Unmarshal(s.files[pages.LeaksDataPath].Body, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(l, again); diff != "" {
		t.Errorf("the data are others (-want +got):\n%s", diff)
	}
	type lines = []struct{ Name, Count string }
	for path, want := range map[string]struct{ scan, masked, cases, excluded lines }{
		pages.LeaksPath: {
			lines{{"检查的文件", "12,345"}, {"不含文字的文件（图片、字体等，未检查）", "2"}, {"检查的文字（段落、单元格、属性等）", "99"}, {"逐一判断的号码等", "3"}, {"发现本应遮盖的个人信息", "0"}},
			lines{{"姓名", "1,000"}, {"手机号码", "2"}, {"车牌号码", "2"}},
			lines{{"全文公开", "10"}, {"公开审查中", "4"}, {"诉求人不同意公开", "1"}, {"已撤下", "2"}},
			lines{{"2026年8月及以前", "6"}, {"2026年9月至2026年10月", "5"}, {"2026年11月", "1,234"}},
		},
		"en/" + pages.LeaksPath: {
			lines{{"Files looked through", "12,345"}, {"Files without text (pictures, fonts and the like), not looked through", "2"}, {"Texts looked through (paragraphs, cells, attributes and the like)", "99"}, {"Numbers and the like, judged one by one", "3"}, {"Personal data found that should have been masked", "0"}},
			lines{{"Names", "1,000"}, {"Mobile numbers", "2"}, {"Number plates", "2"}},
			lines{{"Published in full", "10"}, {"Under review before publication", "4"}, {"The writer did not agree to publication", "1"}, {"Withdrawn", "2"}},
			lines{{"Until August 2026", "6"}, {"September 2026 to October 2026", "5"}, {"November 2026", "1,234"}},
		},
	} {
		b, err := json.Marshal(s.pages[path].Params)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Scan, Masked, Cases, Excluded lines }
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]lines{want.scan, want.masked, want.cases, want.excluded}, []lines{got.Scan, got.Masked, got.Cases, got.Excluded}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}

	// Other counts are another page, the same ones the same page.
	same, err := pages.LeakPartitions(l, options(t))
	if err != nil {
		t.Fatal(err)
	}
	l.Scan.Texts++
	other, err := pages.LeakPartitions(l, options(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range parts {
		if parts[i].Fingerprint != same[i].Fingerprint || parts[i].Fingerprint == other[i].Fingerprint {
			t.Errorf("partition %s does not follow the counts", parts[i].Key)
		}
	}
}

// Every kind of finding has a name in every language.
func TestFindingLabels(t *testing.T) {
	labels := options(t).Labels
	n := 0
	for key := range labels["zh-CN"] {
		if strings.HasPrefix(key, "finding.") {
			n++
		}
	}
	if n == 0 {
		t.Error("no kind has a name")
	}
	for lang, words := range labels {
		for _, kind := range []string{
			"mobile", "id_card", "bank_card", "email", "plate", "landline", "service", "passport", "permit", "wechat", "qq", "ip", "mac",
			"coordinate", "url", "birth_date", "order", "person", "address",
		} {
			if words["finding."+kind] == "" {
				t.Errorf("%s has no name for %s", lang, kind)
			}
		}
	}
}
