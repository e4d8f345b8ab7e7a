package ingest_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// city is a source of one batch of made-up cases of about 650 characters. The
// first changed of them have another reply.
type city struct{ cases, changed int }

func (c city) Batches(context.Context) ([]source.Batch, error) {
	name := fmt.Sprintf("city-%d-%d.csv", c.cases, c.changed)
	return []source.Batch{{Name: name, AsOf: "2026-11-30", Digest: sha256.Sum256([]byte(name))}}, nil
}

const syllables = "路灯公交小区物业垃圾噪声供水供暖学校医院社区街道道路施工停车占道经营房屋漏水电梯维修楼顶消防通道积水下水井盖绿化树木宠物油烟夜间扰民处理反映希望尽快解决问题已经现场核实整改完成感谢您的支持监督"

func words(r *rand.Rand, n int) string {
	runes := []rune(syllables)
	var b strings.Builder
	for i := range n {
		b.WriteRune(runes[r.IntN(len(runes))])
		if i%17 == 16 {
			b.WriteString(",")
		}
	}
	return b.String()
}

func (c city) Read(_ context.Context, b source.Batch, raw func(source.Raw) error, _ func(source.Rejected)) error {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range c.cases {
		day := record.Date(2026, 9, 1) + record.Day(r.IntN(88))
		question, reply := words(r, 260), words(r, 340)
		if i < c.changed {
			reply += "补充答复。"
		}
		err := raw(source.Raw{Kind: source.Case, Stream: "list", Key: "WZ" + strconv.Itoa(100_000_000+i), Where: source.Where{File: b.Name, Row: i + 2}, Fields: map[string]string{
			source.FieldReceived: day.String() + "T09:30:00+08:00", source.FieldReplied: (day + 3).String() + "T10:00:00+08:00",
			source.FieldClosed: (day + 4).String() + "T10:00:00+08:00", source.FieldDue: (day + 5).String(), source.FieldStatus: "closed",
			source.FieldUnit: "unit-" + strconv.Itoa(r.IntN(930)), source.FieldArea: "370100", source.FieldChannel: "hotline",
			source.FieldTopic: "topic-" + strconv.Itoa(r.IntN(40)), source.FieldKind: "complain",
			source.FieldTitle: words(r, 20), source.FieldQuestion: question, source.FieldReply: reply,
			source.FieldRating: "4", source.FieldRatingScale: "five", source.FieldRatingSource: "call-back",
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// peakRSS returns the largest resident size that this process had, in MiB.
func peakRSS(b *testing.B) float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kib / 1024
		}
	}
	b.Fatal("no VmHWM in /proc/self/status")
	return 0
}

// BenchmarkIngest takes 100,000 cases from the source to the store, reads all
// facts, and then takes an export of one row with a changed reply.
func BenchmarkIngest(b *testing.B) {
	const cases = 100_000
	for b.Loop() {
		o := newOffice(b, b.TempDir(), 1)
		sum := o.pull(city{cases: cases})
		if sum.New != cases {
			b.Fatalf("%+v", sum.Counts)
		}
		b.ReportMetric(peakRSS(b), "MiB-peak")
		o.close()
	}
}

// BenchmarkFacts reads the facts of 100,000 cases.
func BenchmarkFacts(b *testing.B) {
	const cases = 100_000
	o := newOffice(b, b.TempDir(), 1)
	o.pull(city{cases: cases})
	for b.Loop() {
		n := 0
		for _, err := range o.store.Facts(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != cases {
			b.Fatal(n)
		}
	}
}

// BenchmarkOneChange takes an export of one row, with a changed reply, beside
// 100,000 cases.
func BenchmarkOneChange(b *testing.B) {
	const cases = 100_000
	o := newOffice(b, b.TempDir(), 1)
	o.pull(city{cases: cases})
	row := "list WZ100000007 received=2026-09-10 | reply=第 %d 次答复。\n"
	n := 0
	for b.Loop() {
		n++
		sum := o.pull(lines{{Name: fmt.Sprintf("2026-12-01/change-%d.csv", n), Data: fmt.Appendf(nil, row, n)}})
		if sum.Corrected != 1 {
			b.Fatalf("%+v", sum.Counts)
		}
	}
}
