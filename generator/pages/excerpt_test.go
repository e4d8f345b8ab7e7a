package pages

import "testing"

// Half a number may look like another number, so none is cut.
func TestExcerpt(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		want string
	}{
		{"路灯不亮", 4, "路灯不亮"},
		{"路灯不亮了", 4, "路灯不…"},
		{"订单 13812345678901234567 未到", 15, "订单 …"},
		{"路灯 12 盏不亮", 6, "路灯 12…"},
		{"12345678", 4, "…"},
		{"一\n 二", 3, "一 二"},
	} {
		if got := excerpt(tt.text, tt.n); got != tt.want {
			t.Errorf("%q at %d: %q, want %q", tt.text, tt.n, got, tt.want)
		}
	}
}
