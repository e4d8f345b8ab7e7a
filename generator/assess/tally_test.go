package assess

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// countedVersions are the SHA-256 of the counts of 2,000 made-up cases, by
// CountingVersion. Whoever counts something else, or writes it in another way, raises
// CountingVersion and adds a line; a line that is there never changes.
var countedVersions = map[int]string{
	1: "74cd6545a742b5d62461d1017bb7c2afbb140355e9c0f82fc8d7bd615ca27413",
	2: "bd9cb784f4988562598c76ab40592d45aeff766d1c6550a256e5a998766dc359",
	3: "8422d7e80777349511467bbd899a11af10a0c6bab589714b353b85756380b682",
	4: "4b43200f1136151a147d9312bf62c859ccb242539925007e53e1688a65d2bef6",
}

func TestCountingVersion(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	tally := NewTally(day("2026-10-15"))
	for range 2000 {
		tally.Add(randomFact(r, 26, 4))
	}
	sum := sha256.Sum256(tally.Append(nil))
	if got := hex.EncodeToString(sum[:]); got != countedVersions[CountingVersion] {
		t.Errorf("counting has changed: raise CountingVersion and add %s to countedVersions (where only the made-up cases of the test are others, put it in the place of the last line)", got)
	}
	if _, ok := countedVersions[CountingVersion+1]; ok {
		t.Errorf("there is a line above CountingVersion %d", CountingVersion)
	}
}

// pieces returns the tallies of facts that are dealt out to n parts, as written.
func pieces(facts []record.Fact, n int, cutoff record.Day) (written [][]byte) {
	for part := range n {
		tally := NewTally(cutoff)
		for i := part; i < len(facts); i += n {
			tally.Add(facts[i])
		}
		written = append(written, tally.Append(nil))
	}
	return written
}

func merged(t *testing.T, reg record.Register, cutoff record.Day, written [][]byte) *Book {
	t.Helper()
	b := NewBuilder(reg, cutoff)
	for _, w := range written {
		if !Counted(w, cutoff) {
			t.Fatal("a tally is not accepted at its own cut-off")
		}
		if err := b.Merge(w); err != nil {
			t.Fatal(err)
		}
	}
	return b.Book()
}

// TestTalliesAddUp compares books of parts that were written and read with those of all
// facts at once: every number, every ranking.
func TestTalliesAddUp(t *testing.T) {
	reg := benchRegister(6)
	reg.Units[1].To, reg.Units[1].Successor = day("2026-03-31"), "u2"
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 9))
		cutoff := day("2026-09-30") + record.Day(r.IntN(40))
		facts := make([]record.Fact, r.IntN(600))
		whole := NewBuilder(reg, cutoff)
		for i := range facts {
			facts[i] = randomFact(r, 26, 6)
			whole.Add(facts[i])
		}
		want, got := whole.Book(), merged(t, reg, cutoff, pieces(facts, 1+r.IntN(5), cutoff))
		for _, dim := range allDimensions() {
			if diff := cmp.Diff(want.Scopes(dim), got.Scopes(dim)); diff != "" {
				t.Fatalf("seed %d: %s", seed, diff)
			}
			for _, scope := range want.Scopes(dim) {
				for _, p := range append(want.Periods(scope), "1999") {
					x, _ := want.Set(scope, p)
					y, _ := got.Set(scope, p)
					if diff := cmp.Diff(x, y); diff != "" {
						t.Fatalf("seed %d, %s in %s (-whole +parts): %s", seed, scope, p, diff)
					}
				}
			}
		}
		figures := want.Figures(nil)
		if diff := cmp.Diff(figures, got.Figures(nil)); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
		var byPeriod []record.Figure
		for _, p := range want.Periods(all) {
			byPeriod = append(byPeriod, got.PeriodFigures(p)...)
		}
		slices.SortFunc(byPeriod, compareFigures)
		if diff := cmp.Diff(figures, byPeriod); diff != "" {
			t.Fatalf("seed %d: periods one by one: %s", seed, diff)
		}
		rules := DefaultRankRules()
		rules.Minimum = 3
		for _, m := range want.Months() {
			for _, v := range []View{AsItWas, AsItIs} {
				x, y := want.Rank(rules, v, record.RollingPeriod(m)), got.Rank(rules, v, record.RollingPeriod(m))
				if !reflect.DeepEqual(x, y) {
					t.Fatalf("seed %d: the rankings of %s differ", seed, m)
				}
			}
		}
	}
}

// TestSpan moves the cut-off of some cases day by day: within the span nothing that is
// counted changes, and a tally is accepted within it and nowhere else.
func TestSpan(t *testing.T) {
	inside := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 11))
		cutoff := day("2026-10-31") + record.Day(r.IntN(90))
		facts := make([]record.Fact, 1+r.IntN(3))
		for i := range facts {
			facts[i] = randomFact(r, 4, 2)
		}
		numbers := func(cutoff record.Day) (*Tally, string) {
			tally := NewTally(cutoff)
			for _, f := range facts {
				tally.Add(f)
			}
			var out []byte
			for _, m := range tally.all.received() {
				out = fmt.Appendf(out, "%s %x\n", m, tally.appendMonth(nil, m))
			}
			return tally, fmt.Sprintf("%v\n%s", tally.has, out)
		}
		tally, want := numbers(cutoff)
		since, until := tally.Span()
		written := tally.Append(nil)
		for d := cutoff - 120; d < cutoff+120; d++ {
			holds := since <= d && d < until
			if Counted(written, d) != holds {
				t.Fatalf("seed %d: accepted at %s is not %t", seed, d, holds)
			}
			if err := NewBuilder(testRegister(), d).Merge(written); (err == nil) != holds {
				t.Fatalf("seed %d: merged at %s: %v", seed, d, err)
			}
			if !holds {
				continue
			}
			inside++
			if _, got := numbers(d); got != want {
				t.Fatalf("seed %d: at %s, between %s and %s, something else is counted than at %s", seed, d, since, until, cutoff)
			}
		}
	}
	if inside < 500 {
		t.Errorf("only %d days compared", inside)
	}
}

// TestEveryDayBounds sets each day of a fact that there is: one that does not bound the
// span may not be counted, and is named here.
func TestEveryDayBounds(t *testing.T) {
	uncounted := map[string]bool{"Fact.Changed": true, "Fact.Shown": true, "Fact.Case.Timeline[0].Day": true}
	cutoff := day("2026-10-31")
	var walk func(v reflect.Value, path string, visit func(path string, d reflect.Value))
	walk = func(v reflect.Value, path string, visit func(string, reflect.Value)) {
		switch {
		case v.Type() == reflect.TypeFor[record.Day]():
			visit(path, v)
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
			}
		case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			walk(v.Index(0), path+"[0]", visit)
		}
	}
	var paths []string
	walk(reflect.ValueOf(new(record.Fact)).Elem(), "Fact", func(path string, _ reflect.Value) { paths = append(paths, path) })
	for _, path := range paths {
		for _, at := range []record.Day{cutoff - 3, cutoff, cutoff + 1, cutoff + 5} {
			var f record.Fact
			walk(reflect.ValueOf(&f).Elem(), "Fact", func(p string, d reflect.Value) {
				if p == path {
					d.SetInt(int64(at))
				}
			})
			tally := NewTally(cutoff)
			tally.Add(f)
			since, until := tally.Span()
			if bounds := at <= cutoff && since == at || at > cutoff && until == at; bounds == uncounted[path] {
				t.Errorf("%s at %s: the span is %s to %s", path, at, since, until)
			}
		}
	}
	if len(paths) < 10 {
		t.Errorf("only the days %v were found", paths)
	}
}

// TestBrokenTallyIsRefused changes each byte of a tally.
func TestBrokenTallyIsRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 13))
	cutoff := day("2026-10-31")
	written := pieces([]record.Fact{randomFact(r, 3, 2), randomFact(r, 3, 2)}, 1, cutoff)[0]
	for i := range written {
		broken := bytes.Clone(written)
		broken[i]++
		if Counted(broken, cutoff) || NewBuilder(testRegister(), cutoff).Merge(broken) == nil {
			t.Fatalf("byte %d is another and the tally is accepted", i)
		}
		if Counted(written[:i], cutoff) {
			t.Fatalf("cut off at %d and accepted", i)
		}
	}
	other := append([]byte{CountingVersion + 1}, written[1:len(written)-sha256.Size]...)
	sum := sha256.Sum256(other)
	if Counted(append(other, sum[:]...), cutoff) {
		t.Error("a tally of another version is accepted")
	}
}

// FuzzTally reads whatever is signed as a tally: it is refused or read, never more.
func FuzzTally(f *testing.F) {
	r := rand.New(rand.NewPCG(2, 13))
	cutoff := day("2026-10-31")
	for range 4 {
		written := pieces([]record.Fact{randomFact(r, 3, 2), randomFact(r, 3, 2)}, 1, cutoff)[0]
		f.Add(written[:len(written)-sha256.Size])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		sum := sha256.Sum256(b)
		signed := append(bytes.Clone(b), sum[:]...)
		err := NewBuilder(testRegister(), cutoff).Merge(signed)
		if err == nil && !Counted(signed, cutoff) {
			t.Error("merged although it is not accepted")
		}
	})
}

// TestPrints changes one case and compares: where the prints of a period are equal, its
// figures are.
func TestPrints(t *testing.T) {
	reg := testRegister()
	blank := func(figures []record.Figure) []record.Figure {
		for i := range figures {
			figures[i].Cutoff = 0
		}
		return figures
	}
	same, other := 0, 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 17))
		cutoff := day("2026-10-01") + record.Day(r.IntN(31))
		later := cutoff + record.Day(r.IntN(3))
		facts := make([]record.Fact, 200)
		for i := range facts {
			facts[i] = randomFact(r, 14, 3)
		}
		before := merged(t, reg, cutoff, pieces(facts, 1, cutoff))
		changed := slices.Clone(facts)
		changed[r.IntN(len(changed))] = randomFact(r, 14, 3)
		if r.IntN(8) == 0 {
			reg.Areas = slices.Clone(reg.Areas)
			reg.Areas[0].Residents = record.CountOf(r.IntN(9000))
		}
		now := merged(t, reg, later, pieces(changed, 1, later))
		for _, p := range before.Periods(all) {
			x, ok := before.Print(p)
			y, _ := now.Print(p)
			if !ok {
				t.Fatal("no print")
			}
			if x != y {
				other++
			} else if same++; !slices.Equal(blank(before.PeriodFigures(p)), blank(now.PeriodFigures(p))) {
				t.Fatalf("seed %d: %s has one print and two lists of figures", seed, p)
			}
		}
	}
	if same < 50 || other < 50 {
		t.Errorf("%d equal, %d different prints", same, other)
	}
	plain := NewBuilder(reg, day("2026-10-01"))
	plain.Add(randomFact(rand.New(rand.NewPCG(1, 1)), 3, 3))
	if _, ok := plain.Book().Print(record.AllTime); ok {
		t.Error("a book of facts has a print")
	}
}
