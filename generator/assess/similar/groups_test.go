package similar

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// itemsOf numbers texts from 0.
func itemsOf(texts []string) []Item {
	items := make([]Item, len(texts))
	for i, text := range texts {
		items[i] = Item{ID: i, Signature: Of(text)}
	}
	return items
}

func groups(t testing.TB, items []Item, o Options) Result {
	t.Helper()
	r, err := Groups(items, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// show prints each group as its representative and its members.
func show(r Result) string {
	var b strings.Builder
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "%d:", g.Representative)
		for _, m := range g.Members {
			fmt.Fprintf(&b, " %d", m.ID)
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

// replies are whole texts of made-up offices. TestGroups says which belong together.
var replies = []string{
	0:  "市民您好，您反映的东风路路灯不亮的问题已收悉。经城市照明处现场核实，系电缆老化所致，现已更换电缆并恢复照明。感谢您对城市管理工作的关心和支持！",
	1:  "市民您好，您反映的解放路路灯不亮的问题已收悉。经城市照明处现场核实，系电缆老化所致，现已更换电缆并恢复照明。感谢您对城市管理工作的关心和支持！",
	2:  "市民您好，您反映的人民路路灯不亮的问题已收悉。经城市照明处现场核实，系电缆老化所致，现已更换电缆并恢复照明。感谢您对城市管理工作的关心和支持。",
	3:  "市民您好，您反映的小区停车难的问题已收悉。经街道办事处协调，物业将在北门增设车位四十个，预计十月底前完工。感谢您对城市管理工作的关心和支持！",
	4:  "您申请的公租房租赁补贴已于9月20日审核通过，补贴资金将由财政局按季度发放到您登记的银行账户，请注意查收。",
	5:  "您申请的公租房租赁补贴已于10月8日审核通过，补贴资金将由财政局按季度发放到您登记的银行账户，请注意查收！",
	6:  "已办结。",
	7:  "已办结。",
	8:  "The Roads Office inspected the pothole on this street and repaired it on 3 May.",
	9:  "The Roads Office inspected the pothole on this street, and repaired it on 12 May.",
	10: "THE ROADS OFFICE INSPECTED THE POTHOLE ON THIS STREET AND REPAIRED IT ON 3 MAY",
	11: "The Parks Office has asked the contractor to replant the trees along the river next spring.",
	12: "",
}

func TestGroups(t *testing.T) {
	for _, test := range []struct {
		o    Options
		want string
		n    [4]int // too short, grouped, largest, least size
	}{
		{Options{Size: 2}, "0: 0 1 2; 8: 8 9 10; 4: 4 5", [4]int{3, 8, 3, 2}},
		{Options{Size: 3}, "0: 0 1 2; 8: 8 9 10", [4]int{3, 6, 3, 3}},
		{Options{}, "", [4]int{3, 0, 3, 5}},
		{Options{Size: 2, Percent: 100}, "8: 8 9 10; 4: 4 5", [4]int{3, 5, 3, 2}},
		{Options{Size: 2, Percent: 60}, "0: 0 1 2; 8: 8 9 10; 4: 4 5", [4]int{3, 8, 3, 2}},
	} {
		r := groups(t, itemsOf(replies), test.o)
		if got := show(r); got != test.want {
			t.Errorf("%+v: groups %s, want %s", test.o, got, test.want)
		}
		if got := [4]int{r.TooShort, r.Grouped, r.Largest, r.Size}; got != test.n || r.Looked != len(replies) {
			t.Errorf("%+v: %+v of %d texts, want %v", test.o, got, r.Looked, test.n)
		}
	}
}

func TestGroupsOfLittle(t *testing.T) {
	for _, test := range []struct {
		name  string
		texts []string
		want  Result
	}{
		{"nothing", nil, Result{Groups: []Group{}, Percent: 80, Size: 5}},
		{"one", replies[:1], Result{Groups: []Group{}, Percent: 80, Size: 5, Looked: 1, Largest: 1}},
		{"only short ones", replies[6:8], Result{Groups: []Group{}, Percent: 80, Size: 5, Looked: 2, TooShort: 2}},
		{"two unlike", replies[3:5], Result{Groups: []Group{}, Percent: 80, Size: 5, Looked: 2, Largest: 1}},
	} {
		if diff := cmp.Diff(test.want, groups(t, itemsOf(test.texts), Options{})); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{{Percent: 49}, {Percent: 101}, {Percent: -80}, {Size: 1}, {Size: -5}} {
		if _, err := Groups(nil, o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

// corpus makes texts of templates whose slots take from almost nothing to half of the
// text, texts that share openings, and texts of their own.
func corpus(r *rand.Rand, n int) []string {
	type template struct{ before, after string }
	templates := make([]template, max(n/20, 1))
	for i := range templates {
		templates[i] = template{han(r, 10+r.IntN(120)), han(r, 10+r.IntN(120))}
	}
	texts := make([]string, n)
	for i := range texts {
		switch m := templates[r.IntN(len(templates))]; r.IntN(4) {
		case 0:
			texts[i] = han(r, r.IntN(200))
		case 1:
			texts[i] = m.before + han(r, 20+r.IntN(200))
		default:
			texts[i] = m.before + han(r, r.IntN(2+len(m.before)/6)) + m.after
		}
	}
	return texts
}

// TestGroupsAgainstAll compares with what comparing every text with every other one
// tells, by exact similarities. The tolerance is of some four times the stated error.
func TestGroupsAgainstAll(t *testing.T) {
	const tolerance = 12
	for _, percentage := range []int{50, 65, 80} {
		var missed, grouped int
		for seed := range uint64(12) {
			texts := corpus(rand.New(rand.NewPCG(seed, 1)), 150)
			sets := make([]map[string]bool, len(texts))
			for i, text := range texts {
				sets[i] = shingles(text)
			}
			r := groups(t, itemsOf(texts), Options{Percent: percentage, Size: 2})
			open := map[int]bool{} // those that another text could have joined
			for i, set := range sets {
				open[i] = len(set) >= MinShingles
			}
			for _, g := range r.Groups {
				for _, m := range g.Members {
					if p := percent(inCommon(sets[g.Representative], sets[m.ID])); p < float64(percentage)-tolerance {
						t.Errorf("seed %d: text %d is in the group of %d, and alike by %.1f %%", seed, m.ID, g.Representative, p)
					}
					open[m.ID] = m.ID == g.Representative
				}
			}
			for a := range texts {
				for b := range a {
					if open[a] && open[b] && percent(inCommon(sets[a], sets[b])) >= float64(percentage)+tolerance {
						missed++
					}
				}
			}
			grouped += r.Grouped
		}
		if missed > grouped/200 || grouped < 300 {
			t.Errorf("at %d %%, %d pairs were missed where %d texts are in groups", percentage, missed, grouped)
		}
	}
}

// TestRule holds what is said of every group, by signatures and so without tolerance.
func TestRule(t *testing.T) {
	for seed := range uint64(20) {
		items := itemsOf(corpus(rand.New(rand.NewPCG(seed, 2)), 300))
		for _, percentage := range []int{50, 70, 80, 95, 100} {
			r := groups(t, items, Options{Percent: percentage, Size: 2})
			seen := map[int]bool{}
			for i, g := range r.Groups {
				if i > 0 && (len(g.Members) > len(r.Groups[i-1].Members) ||
					len(g.Members) == len(r.Groups[i-1].Members) && g.Members[0].ID < r.Groups[i-1].Members[0].ID) {
					t.Fatal("groups are not in order")
				}
				for j, m := range g.Members {
					if seen[m.ID] || j > 0 && m.ID <= g.Members[j-1].ID {
						t.Fatalf("text %d is in two groups, or members are not in order", m.ID)
					}
					seen[m.ID] = true
					want := Likeness(&items[g.Representative].Signature, &items[m.ID].Signature)
					if m.Likeness != want || 100*want.Num < int64(percentage)*want.Den {
						t.Fatalf("at %d %%: text %d is said to be like %d by %v, and is by %v", percentage, m.ID, g.Representative, m.Likeness, want)
					}
					for _, n := range g.Members[:j] {
						l := Likeness(&items[n.ID].Signature, &items[m.ID].Signature)
						if 100*l.Num < int64(2*percentage-100)*l.Den {
							t.Fatalf("at %d %%: members %d and %d are alike by %v", percentage, n.ID, m.ID, l)
						}
					}
				}
			}
			if len(seen) != r.Grouped || len(r.Groups) > 0 && len(r.Groups[0].Members) != r.Largest {
				t.Fatalf("%d texts in groups and %d counted, largest %d", len(seen), r.Grouped, r.Largest)
			}
		}
	}
}

// A text between two representatives joins the one that it is more like, and when it is
// equally like both, the one that meets more texts.
func TestBetween(t *testing.T) {
	for _, test := range []struct {
		likeA, likeB [2]int // words of eight bins in which the text differs from each, from and up to
		joins        int
	}{
		{[2]int{0, 5}, [2]int{5, 10}, 0},
		{[2]int{5, 10}, [2]int{0, 5}, 0},
		{[2]int{0, 5}, [2]int{5, 9}, 1},
		{[2]int{5, 10}, [2]int{0, 4}, 1},
		{[2]int{0, 4}, [2]int{5, 10}, 0},
		{[2]int{0, 8}, [2]int{8, 16}, 2}, // like neither
	} {
		text := Of(lampReply)
		a, b := text, text
		nearA, nearB := Of(replies[3]), Of(replies[4]) // like neither, and met by a and b
		for i := test.likeA[0]; i < test.likeA[1]; i++ {
			a.w[i] = ^a.w[i]
			nearA.w[i] = a.w[i]
		}
		for i := test.likeB[0]; i < test.likeB[1]; i++ {
			b.w[i] = ^b.w[i]
			nearB.w[i] = b.w[i]
		}
		items := []Item{{0, a}, {1, b}, {2, text}}
		for i := range 50 {
			items = append(items, Item{1000 + i, nearA})
			if i%2 == 0 {
				items = append(items, Item{2000 + i, nearB})
			}
		}
		r := groups(t, items, Options{Size: 2})
		got := 2
		for _, g := range r.Groups {
			for _, m := range g.Members {
				if m.ID == 2 {
					got = g.Representative
				}
			}
		}
		if got != test.joins {
			t.Errorf("words %v and %v: joins %d, want %d (%s)", test.likeA, test.likeB, got, test.joins, show(r))
		}
	}
}

// A chain of texts, each 85 % like the next, is cut into groups, and no group has two
// texts in it that share nothing.
func TestChain(t *testing.T) {
	const step, length, links = 16, 200, 300
	runes := []rune(han(rand.New(rand.NewPCG(3, 3)), length+step*links))
	texts := make([]string, links)
	for i := range texts {
		texts[i] = string(runes[i*step : i*step+length])
	}
	if both, any := exact(texts[0], texts[1]); both != 180 || any != 212 {
		t.Fatalf("links are alike by %d of %d, want 180 of 212", both, any)
	}
	if both, _ := exact(texts[0], texts[13]); both != 0 {
		t.Fatalf("13 links away %d shingles are in common", both)
	}
	r := groups(t, itemsOf(texts), Options{Size: 2})
	if r.Grouped < links/2 || r.Largest > 4 {
		t.Errorf("%d of %d texts in groups, the largest of %d", r.Grouped, links, r.Largest)
	}
	for _, g := range r.Groups {
		if apart := g.Members[len(g.Members)-1].ID - g.Members[0].ID; apart > 3 {
			t.Errorf("texts %d links apart are in one group", apart)
		}
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 4))
		items := itemsOf(corpus(r, 3000))
		for _, percentage := range []int{60, 80} {
			want := groups(t, items, Options{Percent: percentage, Size: 2})
			shuffled := slices.Clone(items)
			r.Shuffle(len(items), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if diff := cmp.Diff(want, groups(t, shuffled, Options{Percent: percentage, Size: 2})); diff != "" {
				t.Fatalf("seed %d: in another order: %s", seed, diff)
			}
		}
	}
}

// A copy of every text is in the group of its text, and the groups stay.
func TestCopies(t *testing.T) {
	for seed := range uint64(10) {
		items := itemsOf(corpus(rand.New(rand.NewPCG(seed, 5)), 500))
		before := groups(t, items, Options{Size: 2})
		copies := slices.Clone(items)
		for _, i := range items {
			copies = append(copies, Item{i.ID + len(items), i.Signature})
		}
		after := groups(t, copies, Options{Size: 4}) // what was alone makes a pair
		if after.Grouped != 2*before.Grouped || after.Largest != 2*before.Largest || after.TooShort != 2*before.TooShort {
			t.Errorf("seed %d: %d texts in groups and %d when each comes twice", seed, before.Grouped, after.Grouped)
		}
		for i, g := range after.Groups {
			var once []Member
			for _, m := range g.Members {
				if m.ID < len(items) {
					once = append(once, m)
				}
			}
			if diff := cmp.Diff(before.Groups[i], Group{g.Representative, once}); diff != "" {
				t.Fatalf("seed %d: group %d: %s", seed, i, diff)
			}
		}
	}
}

// A text that is like no other changes nothing but the number of texts.
func TestUnrelated(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 6))
		items := itemsOf(corpus(r, 500))
		want := groups(t, items, Options{Size: 2})
		want.Looked++
		got := groups(t, append(items, Item{-1, Of("qwzj" + han(r, 150))}), Options{Size: 2})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
	}
}

func TestResultJSON(t *testing.T) {
	b, err := json.Marshal(groups(t, itemsOf(replies[4:6]), Options{Size: 2}))
	const want = `{"percent":80,"size":2,"looked":2,"too_short":0,"grouped":2,"largest":2,"groups":[{"representative":0,` +
		`"members":[{"id":0,"likeness":{"num":255,"den":255}},{"id":1,"likeness":{"num":255,"den":255}}]}]}`
	if string(b) != want || err != nil {
		t.Errorf("got  %s\nwant %s", b, want)
	}
	if p := (record.Rate{Num: 204, Den: 255}).Percent(0); p != "80" {
		t.Errorf("204 of 255 prints as %s %%", p)
	}
}
