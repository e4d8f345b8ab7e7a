package assess

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// The size of the figures that the benchmarks make: those of a province.
const (
	benchCases  = 1_000_000
	benchUnits  = 930
	benchMonths = 46
)

// benchRegister has every unit below one of ten, so that rankings pass cases upwards.
func benchRegister(units int) record.Register {
	reg := testRegister()
	for i := range units {
		u := record.Unit{ID: unitID(i), Level: 3, Kind: "department"}
		if i >= 10 {
			u.Level, u.Parent = 4, unitID(i%10)
		}
		reg.Units = append(reg.Units, u)
	}
	return reg
}

func benchBook(facts []record.Fact) *Book {
	b := NewBuilder(benchRegister(benchUnits), day("2026-10-31"))
	for range benchCases / len(facts) {
		for i := range facts {
			b.Add(facts[i])
		}
	}
	return b.Book()
}

func benchFacts() []record.Fact {
	r := rand.New(rand.NewPCG(1, 1))
	facts := make([]record.Fact, 100_000)
	for i := range facts {
		facts[i] = randomFact(r, benchMonths, benchUnits)
	}
	return facts
}

// BenchmarkBook adds up 1,000,000 cases of 930 units in 46 months, and says how much
// memory the counters take.
func BenchmarkBook(b *testing.B) {
	facts := benchFacts()
	var before, after runtime.MemStats
	var book *Book
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		book = benchBook(facts)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/(1<<20), "MiB-kept")
	runtime.KeepAlive(book)
	runtime.KeepAlive(facts)
}

// BenchmarkRankings makes all rankings of such a book: a month each of the twelve that
// end with it, in both views.
func BenchmarkRankings(b *testing.B) {
	book := benchBook(benchFacts())
	for b.Loop() {
		for _, m := range book.Months() {
			for _, v := range []View{AsItWas, AsItIs} {
				book.Rank(DefaultRankRules(), v, record.RollingPeriod(m))
			}
		}
	}
}

// BenchmarkFigures lists all figures of such a book, as they are kept.
func BenchmarkFigures(b *testing.B) {
	book := benchBook(benchFacts())
	n := 0
	for b.Loop() {
		n = len(book.Figures(book.Ended))
	}
	b.ReportMetric(float64(n), "figures")
}

func unitID(i int) record.UnitID { return record.UnitID(fmt.Sprint("u", i)) }
