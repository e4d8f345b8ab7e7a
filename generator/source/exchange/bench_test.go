package exchange

import (
	"bytes"
	"fmt"
	"testing"
)

// BenchmarkDecode takes apart a page of 500 cases of about 3 KB.
func BenchmarkDecode(b *testing.B) {
	var page bytes.Buffer
	page.WriteString(`{"items":[`)
	for n := range 500 {
		if n > 0 {
			page.WriteByte(',')
		}
		fmt.Fprintf(&page, `{"case_no":"2026%07d","question":%q,"reply":%q}`, n, bytes.Repeat([]byte("小区门口路灯不亮，"), 50), bytes.Repeat([]byte("已更换灯具。"), 80))
	}
	page.WriteString(`],"has_more":true,"next_cursor":"c","as_of":"2026-11-28"}`)
	b.SetBytes(int64(page.Len()))
	b.ReportAllocs()
	for b.Loop() {
		a, err := decode(page.Bytes())
		if err != nil || len(a.items) != 500 {
			b.Fatal(len(a.items), err)
		}
	}
}
