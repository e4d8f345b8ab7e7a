package gate

import (
	"strings"
	"testing"
)

// TestEnglishAddresses marks house numbers on roads in English, which are doubtful.
func TestEnglishAddresses(t *testing.T) {
	for _, want := range []string{
		"I live at 〖1234 Oak Street, Apt 5B〗.",
		"The lamp at 〖12 W. Baltimore St〗 is broken",
		"〖45 North Charles Street〗",
		"12 street lamps are broken",
		"Call 311 for Street Condition",
		"Community Board 12 MANHATTAN",
	} {
		if got, _ := placesOf(t, strings.NewReplacer("〖", "", "〗", "").Replace(want)); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
}
