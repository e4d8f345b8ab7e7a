package pages

import (
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

func TestDaysBeforeADeadlineFallIntoBins(t *testing.T) {
	for _, tc := range []struct {
		days record.Day
		bin  string
	}{
		{0, "0"}, {1, "1"}, {2, "2"}, {3, "3-5"}, {5, "3-5"}, {6, "6-10"}, {10, "6-10"}, {11, "over"}, {400, "over"},
	} {
		if got := beforeNames[beforeOf(tc.days)]; got != tc.bin {
			t.Errorf("%d days before: bin %q, want %q", tc.days, got, tc.bin)
		}
	}
}
