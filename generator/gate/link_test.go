package gate

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestLinkedAddresses shows addresses of which links of Markdown hold a part, set
// in 【】.
func TestLinkedAddresses(t *testing.T) {
	s := &scan{tables: newTables(), work: &budget{left: 1 << 40}, asOf: record.Date(2026, 11, 20)}
	for _, want := range []string{
		"家住[【锦绣花园](#a)[3栋](b.html)2单元501室】，漏水。",
		"家住[【锦绣花园3栋](#a)2单元501室】，漏水。",
		"家住【锦绣花园[3栋2单元501室](https://a.example/x)】，漏水。",
		"家住【白云村[3](#a)组[25](#b)号】。",
		"我叫[【张](#a)[建国](b)】，来电反映。",
		"投诉人[【李](#x)晓燕】反映。",
		"[张](#a)女士、[李](b)某某来电。",
		"[市长](#a)[热线](b)开通。",
		"见[锦绣花园](#a)的[公告](b.html)第3条。",
		"[锦绣花园](#a)停水。",
	} {
		text := strings.NewReplacer("【", "", "】", "").Replace(want)
		var got strings.Builder
		done := 0
		for _, h := range s.find(text) {
			start, end := int(s.glyphs[h.first].start), int(s.glyphs[h.last-1].end)
			got.WriteString(text[done:start] + "【" + text[start:end] + "】")
			done = end
		}
		if got.WriteString(text[done:]); got.String() != want {
			t.Errorf("marked %q, want %q", got.String(), want)
		}
	}
}
