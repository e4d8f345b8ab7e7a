package similar

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// office makes texts of some 300 characters as offices write them: sixty of a hundred
// from templates with slots for a place, a date, a number and a sentence, the rest
// of its own.
type office struct {
	r         *rand.Rand
	templates [][3]string
	words     []string
}

func newOffice(seed uint64, templates int) *office {
	o := &office{r: rand.New(rand.NewPCG(seed, 7))}
	for range 4000 {
		o.words = append(o.words, han(o.r, 1+o.r.IntN(4)))
	}
	for range templates {
		o.templates = append(o.templates, [3]string{o.prose(100), o.prose(90), o.prose(70)})
	}
	return o
}

// prose returns n characters or a few more, in words of which some are used often.
func (o *office) prose(n int) string {
	var b strings.Builder
	for b.Len() < 3*n {
		if b.WriteString(o.words[min(o.r.IntN(len(o.words)), o.r.IntN(len(o.words)))]); o.r.IntN(6) == 0 {
			b.WriteString("，")
		}
	}
	return b.String()
}

func (o *office) text() string {
	if o.r.IntN(100) >= 60 {
		return o.prose(300)
	}
	t := o.templates[o.r.IntN(len(o.templates))]
	return fmt.Sprintf("%s%s于2026年%d月%d日办理，第%d号。%s%s%s", t[0], o.words[o.r.IntN(len(o.words))],
		1+o.r.IntN(12), 1+o.r.IntN(28), o.r.IntN(1e6), t[1], o.prose(o.r.IntN(20)), t[2])
}

// BenchmarkSignature makes the signature of one text of 300 characters.
func BenchmarkSignature(b *testing.B) {
	o := newOffice(1, 100)
	texts := make([]string, 1000)
	runes := 0
	for i := range texts {
		texts[i] = o.text()
		runes += len([]rune(texts[i]))
	}
	i := 0
	for b.Loop() {
		Of(texts[i%len(texts)])
		i++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(i)/1e3, "s/million")
	b.ReportMetric(float64(runes)/float64(len(texts)), "runes/text")
}

// million returns the signatures of a million texts, of 930 units with ten templates
// each, or of one unit.
func million(units int) [][]Item {
	const n = 1_000_000
	all := make([][]Item, units)
	for u := range all {
		o := newOffice(uint64(u), max(9300/units/10*10, 10))
		all[u] = make([]Item, n/units)
		for i := range all[u] {
			all[u][i] = Item{i, Of(o.text())}
		}
	}
	return all
}

// BenchmarkGroups finds the groups of a million texts, of all together and of 930
// units one after the other; MB-in-all is what the items take and all that a call allocates.
func BenchmarkGroups(b *testing.B) {
	for _, units := range []int{1, 930} {
		b.Run(fmt.Sprintf("units=%d", units), func(b *testing.B) {
			all := million(units)
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var grouped, found, largest int
			for b.Loop() {
				grouped, found, largest = 0, 0, 0
				for _, items := range all {
					r, err := Groups(items, Options{})
					if err != nil {
						b.Fatal(err)
					}
					grouped, found, largest = grouped+r.Grouped, found+len(r.Groups), max(largest, r.Largest)
				}
			}
			runtime.ReadMemStats(&after)
			calls := b.N * len(all)
			b.ReportMetric((float64(before.HeapAlloc)+float64(after.TotalAlloc-before.TotalAlloc)/float64(calls))/1e6, "MB-in-all")
			b.ReportMetric(float64(grouped), "grouped")
			b.ReportMetric(float64(found), "groups")
			b.ReportMetric(float64(largest), "largest")
		})
	}
}
