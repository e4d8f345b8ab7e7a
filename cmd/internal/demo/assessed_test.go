package demo

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// readTable reads one of the city's CSV files, its header left out.
func readTable(t *testing.T, path string) [][]string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// Three years are exported monthly up to the last three months, with what was
// assessed and whom somebody spoke to.
func TestThreeYears(t *testing.T) {
	o := Options{Cases: 6000, Months: 36}
	dir, p := write(t, o)
	if n := len(p.Steps); n != 36 {
		t.Fatalf("%d months", n)
	}
	for _, tt := range []struct {
		month string
		files int // of the hotline
	}{{"2023-11", 1}, {"2026-07", 1}, {"2026-08", 31}, {"2026-10", 31}} {
		files, err := filepath.Glob(filepath.Join(dir, "outbox", tt.month, "hotline-*.csv"))
		if err != nil || len(files) != tt.files {
			t.Errorf("%s: %d files of the hotline, want %d (%v)", tt.month, len(files), tt.files, err)
		}
	}
	if p.Counts.Redated < 20 || p.Counts.Resolved < 2000 {
		t.Errorf("not believable: %+v", p.Counts)
	}

	known := map[string]bool{}
	for i := range newCity(0, 0).units {
		known[newCity(0, 0).units[i].id] = true
	}
	var periods []string
	unknown := 0
	for _, r := range readTable(t, filepath.Join(dir, "outbox/2026-10/assessments-20261031.csv")) {
		if !record.ValidID(r[0]) {
			t.Errorf("the register takes no entry %q", r[0])
		}
		if !known[r[1]] {
			unknown++
		}
		if r[1] == lateUnit {
			periods = append(periods, r[5]+r[2])
		}
		for _, score := range r[6:9] {
			if x, err := strconv.ParseFloat(score, 64); score != "" && (err != nil || x < 0 || x > 100) {
				t.Errorf("%s: score %q", r[0], score)
			}
		}
	}
	if want := []string{"否2026-09", "是2026-09", "是2026-09/12"}; !slices.Equal(periods, want) || unknown != 1 {
		t.Errorf("assessed for %v, want %v; %d units are unknown, want 1", periods, want, unknown)
	}
	rows := readTable(t, filepath.Join(dir, "outbox/2026-10/accountability-20261031.csv"))
	if len(rows) != 2 || !record.ValidID(rows[0][0]) || !record.ValidID(rows[1][0]) || rows[0][1] != lateUnit || rows[0][3] != "约谈" ||
		!known[rows[1][1]] || rows[1][3] != "通报表扬" {
		t.Errorf("accountability: %v", rows)
	}

	again, _ := write(t, o)
	one, two := digests(t, dir), digests(t, again)
	for name, sum := range one {
		if two[name] != sum {
			t.Errorf("%s differs the second time", name)
		}
	}
}

// A reply that was dated too early stands in the export of the day on which that
// is put right with its real day.
func TestRedated(t *testing.T) {
	_, p := write(t, Options{})
	if p.Counts.Redated == 0 {
		t.Fatal("none")
	}
	b, err := loadBank()
	if err != nil {
		t.Fatal(err)
	}
	c := newCity(0, 0)
	s := span{first: p.Steps[0].Day - 30, last: p.Steps[2].Day}
	w := &writer{Options: Options{Months: 3, End: s.last}, city: c, bank: b}
	w.messages = makeMessages(newRand(0), c, b, 2000, s, false)
	for i := range w.messages {
		m := &w.messages[i]
		if m.redated == 0 {
			continue
		}
		before, after := w.show(m, m.redated-1), w.show(m, m.redated)
		if before.replied > m.due || after.replied <= m.due || m.redated.Month() <= m.closed.day().Month() {
			t.Errorf("message %d: answered %s, then %s, due %s, put right on %s", i, before.replied.time(), after.replied.time(), m.due.time(), m.redated)
		}
		if on := w.deliveries(m, nil); m.redated <= s.last && !slices.Contains(on, m.redated) {
			t.Errorf("message %d is not delivered on %s", i, m.redated)
		}
	}
}
