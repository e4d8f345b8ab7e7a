package promise

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// BenchmarkFind reads a reply of ordinary length with one promise in it.
func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("您好，您反映的问题已收悉。经现场核查，路口的灯杆因线路老化停用，我处已安排人员检修。", 5) + "预计2026年12月20日前完成更换，感谢您的关注。"
	replied := record.Date(2026, 11, 10)
	if len(Find(text, replied)) != 1 {
		b.Fatal("the promise is not found")
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find(text, replied)
	}
}
