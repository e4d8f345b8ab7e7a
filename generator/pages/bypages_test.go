package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestBreakdowns publishes the mailbox of a post whose holder changed, a unit that few
// complain of and one that more do, and reads the page and its files.
func TestBreakdowns(t *testing.T) {
	c := mixedCity(t)
	if s := publish(t, c); s.params["breakdowns.html"] != nil || s.params["units.html"]["links"] != nil {
		t.Error("there is a page with nothing on it, or a link to none")
	}
	mail := &c.reg.Channels[0]
	mail.Post, mail.Terms = "某市市长", []record.Term{{From: record.Date(2026, 5, 20)}}
	n := 0
	for i := range c.cases {
		k := &c.cases[i]
		k.Origin = record.Opinion
		if k.Prominence != record.Full {
			continue
		}
		n++
		k.Addressee, k.LeaderKind, k.Against = "某市市长", "safety", c.reg.Units[0].ID
		if n%12 == 0 {
			k.Against = c.reg.Units[1].ID
		}
	}
	s := publish(t, c)
	page := s.params["breakdowns.html"]
	for path, to := range map[string]string{"units.html": "breakdowns.html", "en/channels.html": "en/breakdowns.html", "topics.html": "breakdowns.html"} {
		if links := list(s.params[path]["links"]); len(links) != 1 || links[0].(map[string]any)["path"] != to {
			t.Errorf("%s leads to %v", path, links)
		}
	}
	if page["links"] != nil {
		t.Errorf("the page leads to itself: %v", page["links"])
	}
	said := map[string]string{}
	for _, tb := range list(page["tables"]) {
		tb := tb.(map[string]any)
		for _, r := range list(tb["rows"]) {
			r := r.(map[string]any)
			var states []string
			for _, cell := range list(r["cells"]) {
				states = append(states, cell.(map[string]any)["state"].(string))
			}
			said[tb["id"].(string)] += fmt.Sprintf("%v: %s\n", r["name"], strings.Join(states, " "))
		}
		file := s.files[tb["data"].(string)]
		if file == "" {
			t.Errorf("%s has no file", tb["id"])
		}
	}
	for id, want := range map[string]string{
		"posts":        "某市市长（2026-06 至 2026-11）: count rate rate days\n任期变更: break break break break\n某市市长（2025-09 至 2026-04）: count rate rate days\n",
		"addressees":   "某市市长（2026-06 至 2026-11）: count rate rate days\n任期变更: break break break break\n某市市长（2025-09 至 2026-04）: count rate rate days\n",
		"leader-kinds": "安全隐患: count rate rate days\n",
		"origins":      "网络舆情: count rate rate days\n",
	} {
		if said[id] != want {
			t.Errorf("%s says\n%swant\n%s", id, said[id], want)
		}
	}
	if !strings.Contains(said["against"], "count few few few\n") || !strings.Contains(said["against"], "count rate rate days\n") {
		t.Errorf("against says\n%s", said["against"])
	}
	for _, r := range readCSV(t, s.files["data/figures/posts.csv"]) {
		if r["period"] != "2026-06/2026-11" && r["period"] != "2025-09/2026-04" {
			t.Errorf("posts.csv adds up %s", r["period"])
		}
	}
	rows := newRecount(t, s).rows
	for _, r := range readCSV(t, s.files["data/figures/against.csv"]) {
		n := 0
		for _, row := range rows {
			if row["against"] == r["scope"] && inPeriod(row["received"], r["period"]) {
				n++
			}
		}
		if r["measure"] == "received" && r["numerator"] != fmt.Sprint(n) || n < 30 && r["denominator"] != "" {
			t.Errorf("against.csv: %v, counted %d", r, n)
		}
	}
}
