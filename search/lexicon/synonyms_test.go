package lexicon_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/lexicon"
)

func parse(t testing.TB, text string) []lexicon.Group {
	t.Helper()
	groups, err := lexicon.ParseSynonyms(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return groups
}

func TestParseSynonyms(t *testing.T) {
	got := parse(t, "\ufeff# offices\r\n\r\n 住建局=住房和城乡建设局＝ 建设局 \r\n# more\nHousing Office = 住房 办公室\n12345热线 = 市长热线")
	want := []lexicon.Group{{"住建局", "住房和城乡建设局", "建设局"}, {"Housing Office", "住房 办公室"}, {"12345热线", "市长热线"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := parse(t, "# nothing\n"); got != nil {
		t.Errorf("of comments: %q", got)
	}
}

func TestParseSynonymsRefuses(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"one name", "甲局 = 乙局\n\n丙局\n", "line 3: only one name; write what else it is called after ="},
		{"no name", "甲局 = \n", "line 1: a name is missing beside =; write it, or take the = away"},
		{"no name between", "甲局 == 乙局\n", "line 1: a name is missing beside =; write it, or take the = away"},
		{"twice in a line", "甲局 = 乙局 = 甲局\n", `line 1: "甲局" stands twice; leave it out once`},
		{"twice in the file", "甲局 = 乙局\n# x\n丙局 = 乙局\n", `line 3: "乙局" stands in line 1 already; make one line of both, or leave it out of one`},
		{"twice in another form", "国土局 = 乙局\n國土局 = 丙局\n", `line 2: "國土局" stands in line 1 already; make one line of both, or leave it out of one`},
		{"comment behind", "甲局 = 乙局 # was 丙局\n", "line 1: a name holds # or a character that cannot be seen; comments go on lines of their own"},
		{"control character", "甲局 = 乙\x00局\n", "line 1: a name holds # or a character that cannot be seen; comments go on lines of their own"},
		{"too long", "甲局 = " + strings.Repeat("长", 61) + "\n", "line 1: a name is longer than 60 characters; shorten it"},
		{"no letters", "甲局 = 12345\n", `line 1: "12345" cannot be searched for as it stands; write letters, without quotation marks, colons and minus signs`},
		{"punctuation", "甲局 = ——\n", `line 1: "——" cannot be searched for as it stands; write letters, without quotation marks, colons and minus signs`},
		{"quotation marks", "甲局 = “乙局”\n", `line 1: "“乙局”" cannot be searched for as it stands; write letters, without quotation marks, colons and minus signs`},
		{"a filter", "甲局 = 单位:乙局\n", `line 1: "单位:乙局" cannot be searched for as it stands; write letters, without quotation marks, colons and minus signs`},
		{"a minus", "甲局 = -乙局\n", `line 1: "-乙局" cannot be searched for as it stands; write letters, without quotation marks, colons and minus signs`},
		{"another encoding", "\xd7\xa1\xbd\xa8\xbe\xd6 = \xd2\xd2\xbe\xd6\n", "line 1: not UTF-8; save the file as UTF-8"},
	} {
		groups, err := lexicon.ParseSynonyms(strings.NewReader(tt.text))
		if err == nil || err.Error() != tt.want || groups != nil {
			t.Errorf("%s: %v, %v\nwant %s", tt.name, groups, err, tt.want)
		}
	}
}

func TestExpand(t *testing.T) {
	s := lexicon.NewSynonyms(parse(t, `
住建局 = 住房和城乡建设局 = 建设局
交警 = 交通警察
交警大队 = 交通警察大队
公积金中心 = 住房公积金中心 = 住房公积金管理中心
Parks Office = 公园办
`))
	for _, tt := range []struct {
		name, word string
		want       []string
	}{
		{"a name", "住建局", []string{"住房和城乡建设局", "建设局"}},
		{"the full name", "住房和城乡建设局", []string{"住建局", "建设局"}},
		{"traditional characters", "住房和城鄉建設局", []string{"住建局", "建设局"}},
		{"within a word", "市住建局", []string{"市住房和城乡建设局", "市建设局"}},
		{"before something", "住建局电话", []string{"住房和城乡建设局电话", "建设局电话"}},
		{"the longest name counts", "区交警大队", []string{"区交通警察大队"}},
		{"the first of two", "交警和住建局", []string{"交警和住房和城乡建设局", "交警和建设局"}},
		{"what holds the word is left out", "公积金中心", []string{"住房公积金管理中心"}},
		{"Latin, of any case", "parks  office", []string{"公园办"}},
		{"a part of a Latin word is no name", "parks officer", nil},
		{"a separator within", "住，建局", nil},
		{"no name", "路灯", nil},
		{"nothing", "", nil},
		{"far too long", strings.Repeat("长", 300) + "住建局", nil},
	} {
		if diff := cmp.Diff(tt.want, s.Expand(tt.word)); diff != "" {
			t.Errorf("%s: %s -want +got:\n%s", tt.name, tt.word, diff)
		}
	}
}

func TestNewSynonymsJoins(t *testing.T) {
	for _, tt := range []struct{ name, groups, more, want string }{
		{"adds a name", "甲局 = 乙局\n丙局 = 丁局\n", "乙局 = 戊局\n", "甲局 = 乙局 = 戊局\n丙局 = 丁局\n"},
		{"adds a group", "甲局 = 乙局\n", "丙局 = 丁局\n", "甲局 = 乙局\n丙局 = 丁局\n"},
		{"joins groups", "甲局 = 乙局\n丙局 = 丁局\n己局 = 庚局\n", "丁局 = 乙局\n", "甲局 = 乙局 = 丙局 = 丁局\n己局 = 庚局\n"},
		{"joins by the folded name", "国土局 = 乙局\n", "丙局 = 國土局\n", "国土局 = 乙局 = 丙局\n"},
		{"changes nothing", "甲局 = 乙局\n", "乙局 = 甲局\n", "甲局 = 乙局\n"},
	} {
		s := lexicon.NewSynonyms(append(parse(t, tt.groups), parse(t, tt.more)...))
		if diff := cmp.Diff(tt.want, s.String()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.name, diff)
		}
		for _, group := range parse(t, tt.want) {
			want := slices.DeleteFunc(slices.Clone(group), func(name string) bool { return name == group[1] })
			if diff := cmp.Diff([]string(want), s.Expand(group[1])); diff != "" {
				t.Errorf("%s: %s -want +got:\n%s", tt.name, group[1], diff)
			}
		}
	}
}

func TestDefaultSynonyms(t *testing.T) {
	groups := lexicon.DefaultSynonyms()
	if len(groups) < 60 {
		t.Errorf("%d groups", len(groups))
	}
	s := lexicon.NewSynonyms(groups)
	if again := lexicon.NewSynonyms(parse(t, s.String())); again.String() != s.String() {
		t.Error("the text of the defaults does not parse back to them")
	}
	for _, tt := range []struct{ word, want string }{
		{"市住建局", "市住房和城乡建设局"}, {"人社局", "人力资源和社会保障局"}, {"县卫健委", "县卫生健康委员会"},
		{"医疗保障局", "医保局"}, {"城管局", "城市管理局"}, {"市场监督管理局", "市监局"}, {"资规局", "自然资源局"},
		{"交警大队", "交通警察大队"}, {"教体局", "教育局"}, {"环保局", "生态环境局"}, {"12345热线", "市长热线"},
	} {
		if got := s.Expand(tt.word); !slices.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %s among them", tt.word, got, tt.want)
		}
	}
}

func FuzzParseSynonyms(f *testing.F) {
	f.Add("住建局 = 住房和城乡建设局\n# x\n\n国土局=規劃局＝自然资源局\n", "市住建局")
	f.Add("a b = c\r\nd=e", "a  b")
	f.Add("\ufeffㅤ=x\n", "x")
	f.Add("İ = ß\n", "i")
	f.Add("㍿ = 会社\n", "株式会社")
	f.Fuzz(func(t *testing.T, text, word string) {
		groups, err := lexicon.ParseSynonyms(strings.NewReader(text))
		if err != nil {
			if groups != nil || !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("%v", err)
			}
			return
		}
		s := lexicon.NewSynonyms(groups)
		back, err := lexicon.ParseSynonyms(strings.NewReader(s.String()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(groups, back); diff != "" {
			t.Errorf("does not parse back: %s", diff)
		}
		for _, group := range groups {
			for _, other := range s.Expand(group[0]) {
				if search.Fold(other) == search.Fold(group[0]) {
					t.Errorf("%q is another name of itself", other)
				}
			}
		}
		for _, other := range s.Expand(word) {
			if search.Fold(other) == search.Fold(word) {
				t.Errorf("%q is another name of itself", other)
			}
		}
	})
}

func BenchmarkExpand(b *testing.B) {
	s := lexicon.NewSynonyms(lexicon.DefaultSynonyms())
	b.ReportAllocs()
	for b.Loop() {
		if len(s.Expand("市住建局")) == 0 {
			b.Fatal("nothing")
		}
	}
}
