package pages_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// movedCity is mixedCity whose cases came from a centre that is in charge of none; some
// were returned, some passed on twice.
func movedCity(t testing.TB) *city {
	c := mixedCity(t)
	c.reg.Units = append(c.reg.Units, record.Unit{ID: "zcentre", Name: "受理中心", Area: "990101"})
	for i := range c.cases {
		k := &c.cases[i]
		if k.Prominence != record.Full || i%3 == 0 {
			continue
		}
		at := k.Received + record.Day(i%4)
		k.Dispatches = []record.Dispatch{{Day: at, From: "zcentre", To: k.Unit}}
		if i%5 == 0 {
			other := c.reg.Units[i%4].ID
			if other == k.Unit {
				continue
			}
			k.Dispatches = []record.Dispatch{{Day: at, From: "zcentre", To: other}, {Day: at + 2, From: other, To: "zcentre", Returned: true}, {Day: at + 2, From: "zcentre", To: k.Unit}}
		}
		if i%7 == 0 { // replied to and not closed, or not yet replied to
			k.Status, k.Finished, k.ClosedOn, k.CloseDays, k.ClosedOnTime = record.Replied, record.No, 0, 0, record.Unknown
		}
		if i%14 == 0 {
			k.Status, k.Answered, k.RepliedOn, k.Days, k.OnTime = record.Handling, record.No, 0, 0, record.Unknown
		}
	}
	return c
}

// recountMoves counts the stays of each unit, and of all, over the cases one by one: how
// many of how many days have ended, are open and are not known, and what was done.
func recountMoves(c *city) map[string]int {
	n := map[string]int{}
	for _, k := range c.cases {
		if k.Prominence != record.Full || k.Received < record.Date(2025, 12, 1) || k.Received > c.cutoff {
			continue
		}
		did := map[string]bool{}
		do := func(unit record.UnitID, what string) {
			for _, u := range []string{"", string(unit)} {
				if key := u + " " + what; !did[key] {
					did[key] = true
					n[key]++
				}
			}
		}
		stay := func(unit record.UnitID, days record.Day, ended bool) {
			what := "open"
			switch {
			case days < 0:
				what = "unknown"
			case ended:
				what = "stays"
			}
			for _, u := range []string{"", string(unit)} {
				n[u+" "+what]++
				if what != "unknown" {
					n[fmt.Sprint(u, " ", what, " ", dayClass(int(days)))]++
				}
			}
		}
		had := k.Received
		for i, d := range k.Dispatches {
			if d.Day > c.cutoff {
				break
			}
			do(d.From, "cases")
			do(d.To, "cases")
			if d.Returned {
				do(d.From, "returned")
			} else {
				do(d.From, "passed_from")
				do(d.To, "passed_to")
			}
			stay(d.From, d.Day-had, true)
			had = d.Day
			if i < len(k.Dispatches)-1 && k.Dispatches[i+1].Day <= c.cutoff {
				continue
			}
			end, ended := c.cutoff, false
			if k.Answered == record.Yes {
				end, ended = k.RepliedOn, true
			}
			if k.Finished == record.Yes {
				end, ended = k.ClosedOn, true
			}
			stay(d.To, end-had, ended)
		}
	}
	return n
}

// dayClass is the class of a number of days, as columns name it.
func dayClass(days int) string {
	for _, c := range []struct {
		to   int
		name string
	}{{2, "0_2"}, {5, "3_5"}, {10, "6_10"}, {15, "11_15"}, {20, "16_20"}, {30, "21_30"}, {60, "31_60"}} {
		if days <= c.to {
			return c.name
		}
	}
	return "61_and_more"
}

var dayClasses = []string{"0_2", "3_5", "6_10", "11_15", "16_20", "21_30", "31_60", "61_and_more"}

// moveClaims gathers what pages and files say of moves, by unit and number, a line each.
func moveClaims(t testing.TB, p *published) told[string] {
	all := told[string]{}
	say := func(unit, what, place, value string) {
		all.say(unit+" "+what, place, strings.ReplaceAll(value, ",", ""))
	}
	for path, v := range p.params {
		m, ok := v["moves"].(map[string]any)
		if !ok {
			continue
		}
		unit := unitOfNotes(path)
		for key, what := range map[string]string{"cases": "cases", "from": "passed_from", "to": "passed_to", "returned": "returned", "stays": "stays", "open": "open", "unknown": "unknown"} {
			if s, ok := m[key].(string); ok {
				say(unit, what, path, s)
			}
		}
		say(unit, "median", path, cellText(m["median"].(map[string]any)))
		say(unit, "open_median", path, cellText(m["open_median"].(map[string]any)))
		for i, r := range list(m["rows"]) {
			r := r.(map[string]any)
			say(unit, "stays "+dayClasses[i], path, r["n"].(string))
			say(unit, "open "+dayClasses[i], path, r["open"].(string))
		}
		if p.files[m["data"].(string)] == "" {
			t.Errorf("%s leads to %v, which is not there", path, m["data"])
		}
	}
	for path, body := range p.files {
		if !strings.HasPrefix(path, "data/moves") {
			continue
		}
		for _, r := range readCSV(t, body) {
			for _, what := range []string{"cases", "passed_from", "passed_to", "returned", "stays", "open", "unknown"} {
				if what != "unknown" || r[what] != "0" {
					say(r["unit"], what, path, r[what])
				}
			}
			for _, what := range []string{"median", "open_median"} {
				value := "none"
				if r[what] != "" {
					value = r[what] + " days -0"
				}
				say(r["unit"], what, path, value)
			}
			for _, class := range dayClasses {
				say(r["unit"], "stays "+class, path, r["days_"+class])
				say(r["unit"], "open "+class, path, r["open_days_"+class])
			}
		}
	}
	return all
}

// differentMoves lists what two places say otherwise, or what the cases do.
func differentMoves(t testing.TB, c *city, p *published) (out []string, computed int) {
	all, again := moveClaims(t, p), recountMoves(c)
	for key := range all {
		if !strings.Contains(key, "median") {
			all.say(key, "the cases", strconv.Itoa(again[key]))
			computed++
		}
	}
	return all.differences(2), computed
}

func TestMoves(t *testing.T) {
	c := movedCity(t)
	p := publish(t, c)
	different, computed := differentMoves(t, c, p)
	for _, d := range different[:min(len(different), 10)] {
		t.Error(d)
	}
	if computed < 100 {
		t.Errorf("%d numbers were counted again: fewer than there are", computed)
	}
	again := recountMoves(c)
	for _, key := range []string{" stays", " open", " unknown", " returned", "zcentre passed_from", "ed-1 stays 16_20"} {
		if again[key] == 0 {
			t.Errorf("there is none of %q in the test", key)
		}
	}
	// The centre is in charge of no case and has a page of its own all the same.
	if p.params["unit/zcentre/quality.html"]["moves"] == nil || p.params["en/unit/zcentre.html"]["quality"] != "en/unit/zcentre/quality.html" {
		t.Error("nothing leads to the moves of the centre")
	}
}

func TestMovesFail(t *testing.T) {
	c := movedCity(t)
	for name, change := range map[string]func(*published){
		"a row of a unit": func(p *published) {
			list(p.params["unit/ed-1/quality.html"]["moves"].(map[string]any)["rows"])[1].(map[string]any)["n"] = "1"
		},
		"the file of all":    func(p *published) { edit(t, p, "data/moves.csv", 2) },
		"the file of a unit": func(p *published) { edit(t, p, "data/moves/unit/ed-2.csv", 1) },
	} {
		p := publish(t, c)
		change(p)
		if different, _ := differentMoves(t, c, p); len(different) == 0 {
			t.Errorf("%s: nobody sees that it was changed", name)
		}
	}
}

func TestNoMoves(t *testing.T) {
	c := mixedCity(t)
	for i := range c.cases {
		c.cases[i].Dispatches = nil
	}
	p := publish(t, c)
	for path, v := range p.params {
		if v["moves"] != nil {
			t.Errorf("%s has a section on moves, of which there are none", path)
		}
	}
	if rows := readCSV(t, p.files["data/moves.csv"]); len(rows) != 1 || rows[0]["cases"] != "0" || rows[0]["median"] != "" {
		t.Errorf("%v", rows)
	}
}
