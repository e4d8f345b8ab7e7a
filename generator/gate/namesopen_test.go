package gate

import (
	"strings"
	"testing"
)

// TestUnusualNames shows names of characters that no name in the lists has, for which
// only 我是 speaks: they are doubtful, and words are none.
func TestUnusualNames(t *testing.T) {
	n := newNames()
	for line := range strings.Lines(strings.TrimSpace(`
我是【林垚】，想问停水的事。
您好！我是【林垚】。
我是【陈赟】
我是【王占】今年三十岁
我是【陈赟】 路灯坏了
我是林垚的邻居，我是林垚路的居民。
我是业主，我是租客，我是本地人，我是学生家长，我是党员，我是车主，我是商户，我是施工方，我是路人，我是白领。
我是孤寡老人。我是成都人，我是宝妈，我是安置户，我是包工头，我是申请人，我是方案一，我是水电工，我是全职。
`)) {
		want := strings.TrimSuffix(line, "\n")
		if got := namesIn(t, n, plain(want), 30); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
		if got := namesIn(t, n, plain(want), 60); got != plain(want) {
			t.Errorf("marked %q without a doubt", got)
		}
	}
}
