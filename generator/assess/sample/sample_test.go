package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/assess/assesstest"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

const made = Seed("0123456789abcdef0123456789abcdef") // a seed as good as any

// frameOf makes a frame of cases 2610-000001 and so on, one stratum each.
func frameOf(t testing.TB, strata ...string) *Frame {
	t.Helper()
	items := make([]Item, len(strata))
	for i, s := range strata {
		items[i] = Item{record.CaseNumber(fmt.Sprintf("2610-%06d", i+1)), s}
	}
	f, err := NewFrame(items)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func draw(t testing.TB, f *Frame, seed Seed, n int) *Sample {
	t.Helper()
	s, err := Draw(f, seed, n)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// twelve is a frame of 7, 4 and 1 cases.
var twelve = strings.Split("aaaaaaabbbbc", "")

// The keys and the hashes were computed with Python's hashlib, not with this package.
func TestGoldenDraws(t *testing.T) {
	tests := []struct {
		name, frame string
		strata      []string
		want        string
	}{
		// 5 × 7/12 = 2 and 11/12, 5 × 4/12 = 1 and 8/12, 5 × 1/12 = 0 and 5/12. Two are left:
		// one for a, one for b.
		{"by stratum", "26572d322fd81543579f0450b647405cbe7d5de43b534811e02e563b1d1998a4", twelve, `number,stratum,order,key
2610-000002,a,1,44349119571c2ee56cafec27ecac12e1924334ba7f031ea420332ba48468c8b1
2610-000006,a,2,594df90c18af88d76f587c542b5355a90a42d7481655c86fcfdb1cd685f7162a
2610-000003,a,3,7914b5d854cc0d4ff3105487d062844b47bcc51e1a04c3214e8409a53f3c6980
2610-000009,b,1,0f5c3c305bc409b99de46177e46555c0a88fe2faa0c6c10319d0704c0c6dde39
2610-000010,b,2,2413fb3042d23cd18760a6fda1004d51c5be4f27063bf800c34587da52a50982
`},
		{"without strata", "e2bfd607453834f099d2a1db778b0964a865a4c120a2ab85fb475fe1118d0eb4", make([]string, 12), `number,stratum,order,key
2610-000009,,1,0f5c3c305bc409b99de46177e46555c0a88fe2faa0c6c10319d0704c0c6dde39
2610-000010,,2,2413fb3042d23cd18760a6fda1004d51c5be4f27063bf800c34587da52a50982
2610-000002,,3,44349119571c2ee56cafec27ecac12e1924334ba7f031ea420332ba48468c8b1
2610-000006,,4,594df90c18af88d76f587c542b5355a90a42d7481655c86fcfdb1cd685f7162a
2610-000003,,5,7914b5d854cc0d4ff3105487d062844b47bcc51e1a04c3214e8409a53f3c6980
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := frameOf(t, test.strata...)
			if f.SHA256() != test.frame {
				t.Errorf("the frame is %s:\n%s", f.SHA256(), f.CSV())
			}
			got := strings.ReplaceAll(string(draw(t, f, made, 5).CSV()), "\r\n", "\n")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := made.SHA256(); got != "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9" {
		t.Errorf("the hash of the seed is %s", got)
	}
}

func TestStrata(t *testing.T) {
	many := func(sizes ...int) (all []string) {
		for i, n := range sizes {
			all = append(all, slices.Repeat([]string{string(rune('a' + i))}, n)...)
		}
		return all
	}
	tests := []struct {
		name   string
		strata []string
		n      int
		want   []Stratum
	}{
		{"one gets none", twelve, 5, []Stratum{{"a", 7, 3, Few}, {"b", 4, 2, Few}, {"c", 1, 0, None}}},
		{"all are taken", twelve, 12, []Stratum{{"a", 7, 7, Few}, {"b", 4, 4, Few}, {"c", 1, 1, Few}}},
		// 2 × 3/9 each is 0 and 6/9: equal remainders go to the first by identifier.
		{"equal remainders", many(3, 3, 3), 2, []Stratum{{"a", 3, 1, Few}, {"b", 3, 1, Few}, {"c", 3, 0, None}}},
		{"thirty are enough", many(60, 58), 59, []Stratum{{"a", 60, 30, Enough}, {"b", 58, 29, Few}}},
		{"not known is a stratum", []string{"", "", "a", "a"}, 2, []Stratum{{"", 2, 1, Few}, {"a", 2, 1, Few}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, draw(t, frameOf(t, test.strata...), made, test.n).Strata); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// again draws from the file of a frame as docs/assessment.md says it, with nothing of this
// package: keys as hexadecimal, shares as fractions of whole numbers.
func again(t *testing.T, file []byte, seed string, n int) (lines []string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows = rows[1:]
	key := func(number string) string {
		h := sha256.New()
		h.Write([]byte(seed))
		h.Write([]byte{10})
		h.Write([]byte(number))
		return hex.EncodeToString(h.Sum(nil))
	}
	cases := map[string]int{}
	for _, r := range rows {
		cases[r[1]]++
	}
	var strata []string
	for s := range cases {
		strata = append(strata, s)
	}
	sort.Strings(strata)
	share, left := map[string]int{}, n
	for _, s := range strata {
		share[s] = n * cases[s] / len(rows)
		left -= share[s]
	}
	given := map[string]bool{}
	for ; left > 0; left-- {
		best := ""
		for i, s := range strata {
			if !given[s] && (i == 0 || best == "" && given[best] || given[best] || n*cases[s]%len(rows) > n*cases[best]%len(rows)) {
				best = s
			}
		}
		given[best] = true
		share[best]++
	}
	for _, s := range strata {
		var of [][]string
		for _, r := range rows {
			if r[1] == s {
				of = append(of, []string{key(r[0]), r[0]})
			}
		}
		sort.Slice(of, func(i, j int) bool { return of[i][0] < of[j][0] })
		for i, r := range of[:share[s]] {
			lines = append(lines, fmt.Sprintf("%s,%s,%d,%s", r[1], s, i+1, r[0]))
		}
	}
	return lines
}

// TestLinesOfDocs draws with the lines that docs/assessment.md prints.
func TestLinesOfDocs(t *testing.T) {
	lines := assesstest.Lines(t, "../../../docs/assessment.md", "seed, n")
	for n, strata := range map[int][]string{5: strings.Fields("a a a b b b c c c"), 17: strings.Split(strings.Repeat("a,", 40)+strings.Repeat("s-1,", 9)+",b", ","), 50: make([]string, 50)} {
		f := frameOf(t, strata...)
		want := strings.ReplaceAll(strings.SplitAfterN(string(draw(t, f, made, n).CSV()), "\r\n", 2)[1], "\r\n", "\n")
		got := assesstest.Run(t, assesstest.Set(t, lines, "seed, n", fmt.Sprintf("%q, %d", made, n)), map[string]string{"frame.csv": string(f.CSV())})
		if diff := cmp.Diff(want, got); diff != "" || strings.Count(got, "\n") != n {
			t.Errorf("%d of %d: the program -, the lines +\n%s", n, len(strata), diff)
		}
	}
}

// TestRepeated: what the text says gives the sample that the program draws, from a
// frame in any order, and drawing twice gives it twice.
func TestRepeated(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for round := range 300 {
		items := make([]Item, 1+r.IntN(80))
		for i := range items {
			items[i].Number = record.CaseNumber(fmt.Sprintf("26%02d-%06d", 1+i%12, 1+r.IntN(9)+10*i))
			if k := r.IntN(5); round%3 > 0 && k > 0 {
				items[i].Stratum = fmt.Sprintf("s-%d", k)
			}
		}
		seed := Seed(fmt.Sprintf("%032d", r.Uint64()))
		n := 1 + r.IntN(len(items))
		f, err := NewFrame(items)
		if err != nil {
			t.Fatal(err)
		}
		s := draw(t, f, seed, n)
		lines := strings.Split(strings.TrimSuffix(string(s.CSV()), "\r\n"), "\r\n")
		if diff := cmp.Diff(again(t, f.CSV(), string(seed), n), lines[1:]); diff != "" {
			t.Fatalf("round %d: %s", round, diff)
		}
		r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		other, err := NewFrame(items)
		if err != nil {
			t.Fatal(err)
		}
		if f.SHA256() != other.SHA256() || !bytes.Equal(s.CSV(), draw(t, other, seed, n).CSV()) {
			t.Fatalf("round %d: the order of the frame matters", round)
		}
		numbers := s.Numbers()
		if len(numbers) != n || len(slices.Compact(slices.Clone(numbers))) != n {
			t.Fatalf("round %d: %d numbers drawn of %d", round, len(numbers), n)
		}
		for _, number := range numbers {
			if !slices.ContainsFunc(items, func(i Item) bool { return i.Number == number }) {
				t.Fatalf("round %d: %s is not in the frame", round, number)
			}
		}
		drawn := 0
		for _, st := range s.Strata {
			if drawn += st.Drawn; st.Drawn > st.Cases {
				t.Fatalf("round %d: %+v", round, st)
			}
		}
		if drawn != n {
			t.Fatalf("round %d: the strata give %d of %d", round, drawn, n)
		}
	}
}

// TestEquallyLikely draws with 4,000 seeds: of 20 cases 5, so that each is drawn 1,000 times
// on average, with a standard deviation of √(4000 × 1/4 × 3/4) = 27.4; five of them are 137.
// Any two are drawn together 4000 × 5/20 × 4/19 = 210.5 times, deviation 14.1, five are 71.
func TestEquallyLikely(t *testing.T) {
	f := frameOf(t, make([]string, 20)...)
	drawn, both := map[record.CaseNumber]int{}, map[[2]record.CaseNumber]int{}
	for i := range 4000 {
		numbers := draw(t, f, Seed(fmt.Sprintf("seed-%027d", i)), 5).Numbers()
		for k, a := range numbers {
			drawn[a]++
			for _, b := range numbers[k+1:] {
				both[[2]record.CaseNumber{a, b}]++
			}
		}
	}
	for _, item := range f.items {
		if n := drawn[item.Number]; n < 1000-137 || n > 1000+137 {
			t.Errorf("%s was drawn %d times", item.Number, n)
		}
	}
	if len(both) != 190 {
		t.Errorf("%d pairs of 190", len(both))
	}
	for pair, n := range both {
		if n < 210-71 || n > 210+71 {
			t.Errorf("%v were drawn together %d times", pair, n)
		}
	}
}

// TestLonger: a longer sample of the same seed holds the shorter one, so that cases that
// cannot be judged are followed by those that come next.
func TestLonger(t *testing.T) {
	f := frameOf(t, make([]string, 40)...)
	for n := 1; n < 40; n++ {
		short, long := draw(t, f, made, n).Cases, draw(t, f, made, n+1).Cases
		if !slices.Equal(short, long[:n]) {
			t.Fatalf("%d cases are not the first of %d", n, n+1)
		}
	}
}

func TestRefusesToDraw(t *testing.T) {
	f := frameOf(t, twelve...)
	tests := []struct {
		name string
		seed Seed
		n    int
		want string
	}{
		{"none", made, 0, "at least one"},
		{"fewer than none", made, -3, "at least one"},
		{"more than there are", made, 13, "12 cases, and 13"},
		{"a short seed", "0123", 3, "no seed"},
		{"a seed of two lines", "0123456789abcdef\n0123456789abcdef", 3, "no seed"},
		{"a seed of other letters", Seed(strings.Repeat("种", 20)), 3, "no seed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := Draw(f, test.seed, test.n)
			if msg := said(err); s != nil || !strings.Contains(msg, test.want) || len(test.seed) > 4 && strings.Contains(msg, string(test.seed)) {
				t.Errorf("%v, %s", s, msg)
			}
		})
	}
	empty, err := NewFrame(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Draw(empty, made, 1); !strings.Contains(said(err), "0 cases") {
		t.Error(err)
	}
}

// said is what a person is told.
func said(err error) string {
	if err == nil {
		return ""
	}
	msg, hint, _ := fault.Public(err)
	return msg + "; " + hint
}

func TestBadFrame(t *testing.T) {
	tests := []struct {
		name  string
		items []Item
		want  string
	}{
		{"no number", []Item{{"", ""}}, "no case number"},
		{"a word", []Item{{"2610-000001", ""}, {"two", ""}}, "no case number"},
		{"a short number", []Item{{"2610-1", ""}}, "no case number"},
		{"twice", []Item{{"2610-000001", "a"}, {"2610-000002", "a"}, {"2610-000001", "b"}}, "2610-000001 is in the frame twice"},
		{"a stratum with a comma", []Item{{"2610-000001", "a,b"}}, "no valid identifier"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := NewFrame(test.items); !strings.Contains(said(err), test.want) {
				t.Error(err)
			}
		})
	}
}
