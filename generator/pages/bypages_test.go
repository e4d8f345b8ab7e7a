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
		"addressees":   "某市市长（2026-06 至 2026-11）: count rate days\n任期变更: break break break\n某市市长（2025-09 至 2026-04）: count rate days\n",
		"leader-kinds": "安全隐患: count rate days\n",
		"origins":      "网络舆情: count rate rate days\n",
	} {
		if said[id] != want {
			t.Errorf("%s says\n%swant\n%s", id, said[id], want)
		}
	}
	if !strings.Contains(said["against"], "count few few\n") || !strings.Contains(said["against"], "count rate days\n") {
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

// TestTextsHaveNoReplyRate says that where published texts alone are counted, no rate of
// answers among them is printed, while their files keep it.
func TestTextsHaveNoReplyRate(t *testing.T) {
	s := publish(t, mixedCity(t))
	for _, path := range []string{"topics.html", "topic/water.html"} {
		tables := list(s.params[path]["tables"])
		for _, tb := range tables {
			cols := fmt.Sprint(tb.(map[string]any)["cols"])
			if cols != "[全文公开件数 按期答复率 答复用时中位数]" {
				t.Errorf("%s compares %s", path, cols)
			}
		}
		if len(tables) == 0 {
			t.Errorf("%s compares nothing", path)
		}
	}
	var printed []string
	f := s.params["topic/water.html"]["figures"].(map[string]any)
	for _, r := range append(list(f["rows"]), list(f["more"])...) {
		printed = append(printed, r.(map[string]any)["id"].(string))
	}
	said := " " + strings.Join(printed, " ") + " "
	for id, want := range map[string]bool{
		"received": true, "on-time-reply": true, "median-days": true, "rating-coverage": true,
		"replied-of-due": false, "replied-of-collected": false, "closed-of-received": false, "published-of-received": false,
	} {
		if strings.Contains(said, " "+id+" ") != want {
			t.Errorf("the page of a topic prints%s", said)
		}
		if !strings.Contains(s.files["data/figures/topic/water.csv"], "\n"+id+",") {
			t.Errorf("the file of a topic has no %s", id)
		}
	}
	if !strings.Contains(fmt.Sprint(s.params["unit/water-1.html"]["figures"]), "replied-of-due") {
		t.Error("the page of a unit has no rate of replies")
	}
}

// TestHolderChangesInChart says that the page of a leader's mailbox shows in its chart, in
// the words that stand for it and in its table that another holder of the post came, and
// joins no rates across that day.
func TestHolderChangesInChart(t *testing.T) {
	c := mixedCity(t)
	before := chartOf(t, publish(t, c).params["channel/hotline.html"])
	c.reg.Channels[0].Post, c.reg.Channels[0].Terms = "某市市长", []record.Term{{From: record.Date(2021, 3, 1), Until: record.Date(2026, 5, 19)}, {From: record.Date(2026, 5, 20)}}
	s := publish(t, c)
	for path, want := range map[string][]string{
		"channel/hotline.html":    {"任期变更：2026-05-20。", ">任期变更</text>", "竖线：任期变更（2026-05-20）"},
		"en/channel/hotline.html": {"Change of holder: 2026-05-20.", ">Change of holder</text>", "changed (2026-05-20)"},
	} {
		chart := chartOf(t, s.params[path])
		for _, w := range want {
			if !strings.Contains(chart, w) {
				t.Errorf("%s: the chart lacks %q:\n%s", path, w, chart)
			}
		}
		if n := strings.Count(chart, `class="break" d="M`); n != 1 {
			t.Errorf("%s: %d lines, want 1", path, n)
		}
		// April and May are parted, and so are May and June: May is of both.
		if was, is := moves(before), moves(chart); is != was+4 {
			t.Errorf("%s: two rates are begun %d times, without a change %d times; want 4 more", path, is, was)
		}
	}
	var rows []string
	for _, r := range list(list(s.params["channel/hotline.html"]["tables"])[0].(map[string]any)["rows"]) {
		rows = append(rows, fmt.Sprint(r.(map[string]any)["name"]))
	}
	if said := strings.Join(rows, "|"); !strings.Contains(said, "2026年5月|任期变更（2026-05-20）|2026年4月") {
		t.Errorf("the table lists %s", said)
	}
	for path, p := range s.params {
		if strings.HasPrefix(path, "unit/") && strings.Contains(fmt.Sprint(p["tables"]), "任期变更") {
			t.Errorf("%s: a unit has holders", path)
		}
	}
}

// chartOf returns the chart of the first table of a page with its note.
func chartOf(t *testing.T, page map[string]any) string {
	t.Helper()
	v, _ := list(page["tables"])[0].(map[string]any)["chart"].(map[string]any)
	if v == nil {
		t.Fatal("there is no chart")
	}
	return fmt.Sprint(v["chart_html"], v["note"])
}

// moves counts where the lines of a chart begin.
func moves(chart string) (n int) {
	for _, class := range []string{"one", "two"} {
		for _, part := range strings.Split(chart, `<path class="`+class+`" d="`)[1:] {
			d, _, _ := strings.Cut(part, `"`)
			n += strings.Count(d, "M")
		}
	}
	return n
}
