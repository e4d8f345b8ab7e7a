package promise

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// On 20 December, of a promise to be kept by 10 December and one by 25 December.
func TestStatusOnACutoff(t *testing.T) {
	cutoff, past, ahead := record.Date(2026, 12, 20), record.Date(2026, 12, 10), record.Date(2026, 12, 25)
	for _, tc := range []struct {
		name     string
		due      record.Day
		keeping  record.Keeping
		on       record.Day
		standing record.Standing
		want     Status
	}{
		{"its day has not come", ahead, "", 0, record.Stands, Open},
		{"its day is the cut-off", cutoff, "", 0, record.Stands, Overdue},
		{"nobody said how it turned out", past, "", 0, record.Stands, Overdue},
		{"kept on its day", past, record.Kept, past, record.Stands, Kept},
		{"kept a day late", past, record.Kept, past + 1, record.Stands, KeptLate},
		{"kept before its day has come", ahead, record.Kept, cutoff, record.Stands, Kept},
		{"kept, of which this cut-off does not know yet", ahead, record.Kept, cutoff + 1, record.Stands, Open},
		{"kept late, of which this cut-off does not know yet", past, record.Kept, cutoff + 1, record.Stands, Overdue},
		{"in part", past, record.Partly, past, record.Stands, Partly},
		{"not kept", past, record.Broken, past, record.Stands, Broken},
		{"given up before its day", ahead, record.Broken, cutoff, record.Stands, Broken},
		{"the reply was changed", past, record.Kept, past, record.ReplyChanged, Kept},
		{"the case was withdrawn", past, record.Kept, past, record.ReplyGone, Gone},
		{"accepted by mistake", past, record.Kept, past, record.TakenBack, Undone},
	} {
		c := record.Commitment{Due: tc.due, Keeping: tc.keeping, On: tc.on, Standing: tc.standing}
		if got := StatusOf(&c, cutoff); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
		if !slices.Contains(Statuses(), StatusOf(&c, cutoff)) {
			t.Errorf("%s: the list of statuses lacks it", tc.name)
		}
	}
}

// Ten commitments: 3 kept, 1 late, 1 in part, 1 broken and 1 without an outcome are
// due, 7 in all; with 1 open and 1 of a withdrawn case 9 were made, and 1 was undone.
// 3 of 7 is 42.857 %.
func TestCount(t *testing.T) {
	cutoff := record.Date(2026, 12, 20)
	of := func(due int, k record.Keeping, on int, s record.Standing) record.Commitment {
		c := record.Commitment{Due: record.Date(2026, 12, due), Keeping: k, Standing: s}
		if on > 0 {
			c.On = record.Date(2026, 12, on)
		}
		return c
	}
	all := []record.Commitment{
		of(10, record.Kept, 9, record.Stands), of(10, record.Kept, 10, record.Stands), of(25, record.Kept, 20, record.ReplyChanged),
		of(10, record.Kept, 11, record.Stands), of(10, record.Partly, 10, record.Stands), of(10, record.Broken, 12, record.Stands), of(20, "", 0, record.Stands),
		of(21, "", 0, record.Stands), of(10, record.Broken, 12, record.ReplyGone), of(10, "", 0, record.TakenBack),
	}
	var n Count
	for i := range all {
		n.Add(&all[i], cutoff)
	}
	if n.Made() != 9 || n.Due() != 7 || n.KeptOfDue() != (record.Rate{Num: 3, Den: 7}) || n.KeptOfDue().Percent(2) != "42.86" || n.Undone != 1 || n.Gone != 1 || n.Changed != 1 || n.Total() != 10 {
		t.Errorf("%+v: made %d, due %d, rate %v", n, n.Made(), n.Due(), n.KeptOfDue())
	}
	sum := int64(0)
	for _, s := range Statuses() {
		sum += n.Of(s)
	}
	if sum != n.Total() {
		t.Errorf("the statuses add up to %d, and there are %d", sum, n.Total())
	}
	if got := (Count{}).KeptOfDue().Percent(2); got != "" {
		t.Errorf("of nothing: %q, want no rate", got)
	}
}

func TestTheDocumentSaysWhatIsMeasured(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/assessment.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range Measures() {
		for _, part := range []string{"`" + m.ID + "`", m.Name.Zh, m.Name.En, m.Formula.Zh, m.Formula.En, m.Unit.Zh, m.Unit.En, m.LeftOut.Zh, m.LeftOut.En} {
			if !strings.Contains(string(doc), part) {
				t.Errorf("docs/assessment.md lacks %q of %s", part, m.ID)
			}
		}
	}
}
