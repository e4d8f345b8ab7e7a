//go:build unix

package drop

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/huiyin/huiyin/generator/source"
)

// benchRows makes n rows of about 650 characters.
func benchRows(n int) []byte {
	var b bytes.Buffer
	b.WriteString("编号,时间,答复时间,承办单位,渠道,标题,内容,答复内容\n")
	question := strings.Repeat("小区门口路灯连续多日不亮，夜间出行不便，", 12)
	reply := strings.Repeat("经现场核实，线路老化，已安排更换并恢复照明。", 17)
	for i := range n {
		fmt.Fprintf(&b, "%d,2026-%02d-%02d 09:30:00,2026-11-20 16:00:00,第%d局,网站,路灯不亮,\"%s\",%s\n", i+1, i%10+1, i%28+1, i%40, question, reply)
	}
	return b.Bytes()
}

// BenchmarkReadCSV reads a file the whole way: digest, encoding, the pass that
// finds repeated numbers, and the records.
func BenchmarkReadCSV(b *testing.B) {
	const rows = 20_000
	data := benchRows(rows)
	m, err := source.DecodeMapping([]byte(`
inputs:
  - glob: "*"
    key: 编号
    fields: {question: 内容, reply: 答复内容, title: 标题, received: 时间, replied: 答复时间, unit: 承办单位, channel: 渠道}
`))
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	writeFile(b, dir+"/a.csv", data)
	d, err := New(dir, m)
	if err != nil {
		b.Fatal(err)
	}
	list, err := d.Batches(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	began := cpu(b)
	for b.Loop() {
		n := 0
		err := d.Read(context.Background(), list[0], func(r source.Raw) error {
			if r.Kind == source.Case {
				n++
			}
			return nil
		}, func(x source.Rejected) { b.Fatal(x.Code) })
		if err != nil || n != rows {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(rows)*float64(b.N)/(cpu(b)-began), "rows/cpu-s")
}

// cpu returns the seconds of processor that the program has used, which says
// more than the clock on a machine that others use too.
func cpu(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
