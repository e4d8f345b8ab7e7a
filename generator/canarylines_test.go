package generator

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/release"
)

func testCanary(t *testing.T) *canary {
	t.Helper()
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	c := &canary{gate: g, rules: g.PolicyHash(), asOf: record.Date(2026, 11, 30), cases: newCaseIndex(), masked: &maskedSet{}, public: map[string]bool{}}
	c.common = c.sumCommon("1")
	return c
}

// lookAll looks through a file as one of a pack, with what was looked through before.
func lookAll(t *testing.T, c *canary, body []byte, before *lookedBefore) (release.Scan, []leak) {
	t.Helper()
	r := newCanaryReader(c)
	r.sum, r.before = release.Scan{Rules: c.rules}, before
	r.look("data/whole", release.PackFile{Name: "data/rows.csv", Body: body})
	return r.sum, r.leaks
}

// Whatever lines come, go and change places, a file that is compared with the one
// before is counted as if all of it were read, and every leak in a new line is found.
func TestNewLines(t *testing.T) {
	c := testCanary(t)
	kinds := []string{"2610-%06d,2026-10-05,lamps\n", "2610-%06d,一三八的一二三四的五六七八\n", "2610-%06d,\"热线 12345\n转 %[1]d\",\r\n", "2610-%06d,0571-12345,138****5678\n", "\n"}
	for seed := range uint64(15) {
		rng := rand.New(rand.NewPCG(6, seed))
		line := func() string {
			if kind := kinds[rng.IntN(len(kinds))]; strings.Contains(kind, "%") {
				return fmt.Sprintf(kind, rng.IntN(900))
			}
			return "\n"
		}
		var old []string
		for range 12_000 {
			old = append(old, line())
		}
		now := slices.Clone(old)
		leaks := 0
		for range rng.IntN(12) {
			at := rng.IntN(len(now))
			switch rng.IntN(6) {
			case 0:
				now = slices.Delete(now, at, at+1)
			case 1:
				now = slices.Insert(now, at, line())
			case 2:
				now[at] = line()
			case 3: // one more of a line that is there
				now = slices.Insert(now, at, now[rng.IntN(len(now))])
			case 4:
				now[at], now[0] = now[0], now[at]
			case 5:
				now = slices.Insert(now, at, fmt.Sprintf("2610-000001,电话%d\n", 13800138000+rng.IntN(9)))
				leaks++
			}
		}
		if seed%3 == 0 { // the last line has no end
			now = append(now, "2610-000900,end")
		}
		before, body := []byte(strings.Join(old, "")), []byte(strings.Join(now, ""))
		was, none := lookAll(t, c, before, nil)
		if len(none) > 0 || len(was.Large) != 1 {
			t.Fatalf("seed %d: %d leaks to begin with, %d large files", seed, len(none), len(was.Large))
		}
		want, wantLeaks := lookAll(t, c, body, nil)
		got, gotLeaks := lookAll(t, c, body, &lookedBefore{large: was.Large, each: func(visit func(release.PackFile) error) error {
			return visit(release.PackFile{Name: "data/rows.csv", Body: before})
		}})
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("seed %d: counted %v, want %v", seed, got, want)
		}
		if len(gotLeaks) != len(wantLeaks) || len(gotLeaks) < min(leaks, 1) {
			t.Errorf("seed %d: %d leaks are found, want %d", seed, len(gotLeaks), len(wantLeaks))
		}
	}
}

// What is sought or allowed otherwise is sought in all lines.
func TestLinesUnderOtherRules(t *testing.T) {
	file := []byte(strings.Repeat("2610-000001,2026-10-05,lamps\n", 6_000))
	plain, _ := lookAll(t, testCanary(t), file, nil)
	for name, change := range map[string]func(*canary){
		"rules":          func(c *canary) { c.rules = "other" },
		"day":            func(c *canary) { c.asOf++ },
		"own numbers":    func(c *canary) { c.public["x"] = true },
		"masked numbers": func(c *canary) { c.masked.numbers = []uint64{1} },
	} {
		c := testCanary(t)
		change(c)
		c.common = c.sumCommon("1")
		again, _ := lookAll(t, c, file, &lookedBefore{large: plain.Large, each: func(func(release.PackFile) error) error {
			t.Errorf("%s: the file before is read", name)
			return nil
		}})
		if again.Large[0].Context == plain.Large[0].Context {
			t.Errorf("%s: the context is the same", name)
		}
	}
	r := newCanaryReader(testCanary(t))
	seen := map[string]string{}
	for name, of := range map[string]func(){
		"no unit": func() { r.units = []record.UnitID{} }, "a unit": func() { r.units = []record.UnitID{"lamps"} }, "every unit": func() { r.units = nil },
		"people": func() {
			r.units, r.people, r.shows = nil, true, []uint64{5}
			r.masked.people = []ownDatum{{5, 7}}
		},
	} {
		r.people = false
		of()
		if other, ok := seen[r.context()]; ok {
			t.Errorf("%s and %s are one context", name, other)
		}
		seen[r.context()] = name
	}
}
