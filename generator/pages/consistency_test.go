package pages_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// A number is published in many places: on the pages of the home, of units, areas,
// topics, channels and months, in the tables that compare them, in rankings, in data
// files and in the facets of the search. These tests gather every one of them, compute
// it again from the rows, and compare. What is gathered:
//
//   - figures tables of home, unit, area, topic, channel and month pages, both languages
//   - bulletins: their figures, tables and sentences
//   - tables that compare areas, units, topics, channels and months, on those pages and
//     on the pages of the registers
//   - how many cases are published in full, and the days taken, with their median
//   - rates of the ranking pages in both views, and of the line on a unit's page
//   - figures, breakdowns and rankings as CSV: whole, by scope and by month
//   - documents of the search by unit, area, topic and channel
//   - and all of them once more from rows.csv and published.csv

// claim names one published number.
type claim struct {
	what   string // a measure, or "full" or a class of a breakdown
	dim    string
	scope  string
	period string
}

// claims is what each place says of each number.
type claims = told[claim]

// mixedCity is a city of 15 months in which every kind of case occurs: late, not
// answered, not known of, merged, withdrawn, rated, and of offices below others.
func mixedCity(t testing.TB) *city {
	c := newCity(0)
	for i := range c.reg.Units {
		c.reg.Units[i].Level, c.reg.Units[i].Kind = 3, "党政部门"
	}
	c.reg.Units = append(c.reg.Units, record.Unit{ID: "counter", Name: "教育局窗口", Area: "990102", Parent: "ed-2", Level: 3, Kind: "党政部门"})
	c.reg.Units[3].To, c.reg.Units[3].Successor = record.Date(2026, 5, 31), "water-1"
	slices.SortFunc(c.reg.Units, func(a, b record.Unit) int { return strings.Compare(string(a.ID), string(b.ID)) })
	c.reg.Areas[0].Residents, c.reg.Areas[1].Residents = record.CountOf(90000), record.CountOf(40000)
	c.reg.Channels = slices.Clone(c.reg.Channels)
	c.reg.Channels[0].Online, c.reg.Channels[1].Online = record.Yes, record.No
	r := rand.New(rand.NewPCG(6, 6))
	for m := record.MonthOf(2025, 9); m <= record.MonthOf(2026, 11); m++ {
		if m == record.MonthOf(2026, 3) {
			continue // nothing was received
		}
		for i := 1; i <= 30; i++ {
			u := c.reg.Units[r.IntN(5)]
			if u.ID == "counter" && r.IntN(3) > 0 {
				u = c.reg.Units[1]
			}
			received := m.First() + record.Day(r.IntN(20))
			k := record.Case{Row: record.Row{
				Number: record.NewCaseNumber(m, i), Prominence: record.StubOnly, StubReason: record.NotAnswered, Unit: u.ID, Area: u.Area,
				Channel: c.reg.Channels[r.IntN(2)].ID, Status: record.Handling, Received: received, Due: received + 15, Answered: record.No, Finished: record.No,
			}}
			if days := record.Day(r.IntN(25)); r.IntN(5) > 0 && received+days <= c.cutoff {
				k.Prominence, k.StubReason, k.Status, k.Answered, k.RepliedOn = record.Full, "", record.Replied, record.Yes, received+days
				k.OnTime = record.TriOf(days <= 15)
				if r.IntN(12) > 0 {
					k.Days = record.CountOf(int(days))
				}
				k.Kind, k.Title, k.Question, k.Reply = record.Consult, "路灯", "灯坏了。", record.Reply{Unit: u.ID, Text: "已修。"}
				if r.IntN(6) > 0 {
					k.Topic = c.reg.Topics[r.IntN(3)].ID
				}
				if r.IntN(3) > 0 && k.RepliedOn+2 <= c.cutoff {
					k.Status, k.Finished, k.ClosedOn, k.CloseDays, k.ClosedOnTime = record.Closed, record.Yes, k.RepliedOn+2, record.CountOf(int(days)+2), record.TriOf(days <= 13)
				}
				k.Reopened, k.OnSite = record.CountOf(r.IntN(2)), record.TriOf(r.IntN(2) > 0)
				k.Outcome = []record.Outcome{record.Supported, record.Explained, record.NotSupported}[r.IntN(3)]
				switch r.IntN(4) {
				case 0:
					k.Rating = record.Rating{Scale: record.Five, Level: int8(1 + r.IntN(5)), Source: record.ByCitizen}
				case 1:
					k.Rating = record.Rating{Scale: record.Three, Level: int8(1 + r.IntN(3)), Source: record.ByCallback}
				}
			}
			switch r.IntN(25) {
			case 0:
				k.Due, k.OnTime, k.ClosedOnTime = 0, record.Unknown, record.Unknown
			case 1:
				k = record.Case{Row: k.Row}
				k.Prominence, k.StubReason, k.Answered, k.RepliedOn, k.Days, k.OnTime = record.StubOnly, record.NotSuitable, record.Unknown, 0, 0, record.Unknown
			case 2:
				k = record.Case{Row: k.Row}
				k.Prominence, k.StubReason, k.Status, k.MergedInto = record.StubOnly, record.MergedInto, record.Merged, record.NewCaseNumber(m, 1)
			}
			c.cases = append(c.cases, k)
			if k.Prominence == record.Full && r.IntN(30) == 0 {
				c.withdraw(t, k.Number)
			}
		}
	}
	return c
}

const (
	cutoff  = "2026-11-20"
	rolling = "2026-11/12"
)

// scopeOf reads the scope and month off the address of a page; ok is false for a page
// that has none.
func scopeOf(path string) (dim, scope, month string, ok bool) {
	path = strings.TrimPrefix(path, "en/")
	if path == "index.html" {
		return "all", "", "", true
	}
	path = strings.TrimSuffix(strings.TrimSuffix(path, ".html"), "/index")
	dim, scope, ok = strings.Cut(path, "/")
	if dim == "month" || dim == "bulletin" {
		return "all", "", scope, ok
	}
	return dim, scope, "", ok && slices.Contains([]string{"unit", "area", "topic", "channel"}, dim)
}

// rateText, countText and medianText write a number in one way for all places.
func rateText(percent, num, den, unknown string) string {
	switch {
	case den == "0" && unknown != "0":
		return "unknown"
	case den == "0":
		return "none"
	}
	return percent + "% " + num + "/" + den + " -" + unknown
}

// cellText writes a printed number.
func cellText(c map[string]any) string {
	plain := func(key string) string {
		s, _ := c[key].(string)
		return cmp.Or(strings.ReplaceAll(s, ",", ""), "0")
	}
	switch c["state"] {
	case "rate", "volume":
		return rateText(plain("percent"), plain("num"), plain("den"), plain("unknown"))
	case "per-thousand":
		return plain("num") + "/" + plain("den") + " residents"
	case "count", "times":
		return plain("num")
	case "days":
		return plain("num") + " days -" + plain("unknown")
	}
	return c["state"].(string)
}

// kinds says of each measure how its number is to be read.
var kinds = func() map[string]assess.MeasureKind {
	kinds := map[string]assess.MeasureKind{}
	for _, m := range assess.Measures() {
		kinds[m.ID] = m.Kind
	}
	return kinds
}()

// figureText writes a row of a file of figures.
func figureText(r map[string]string) string {
	switch kinds[r["measure"]] {
	case assess.CountMeasure:
		return r["numerator"]
	case assess.PerThousandMeasure:
		return r["numerator"] + "/" + r["denominator"] + " residents"
	case assess.MedianMeasure:
		if r["denominator"] == "" {
			return "unknown"
		}
		n, _ := strconv.Atoi(r["numerator"])
		return strconv.FormatFloat(float64(n)/2, 'f', -1, 64) + " days -" + r["unknown"]
	}
	return rateText(r["percent"], r["numerator"], cmp.Or(r["denominator"], "0"), r["unknown"])
}

func list(v any) []any { l, _ := v.([]any); return l }

// gather reads every number that the site says.
func gather(t testing.TB, p *published) claims {
	all := claims{}
	ids := map[string]string{} // of measures, by their names
	for _, m := range assess.Measures() {
		ids[m.Name.Zh], ids[m.Name.En] = m.ID, m.ID
	}
	for path, v := range p.params {
		dim, scope, month, ok := scopeOf(path)
		register := p.layout[path] == "register"
		if p.layout[path] == "ranking" {
			gatherRanking(all, path, v)
		}
		if (!ok || !slices.Contains([]string{"scope", "front", "bulletin"}, p.layout[path])) && !register {
			continue
		}
		if !register {
			periods := []string{rolling, "all"}
			if month != "" {
				periods = []string{month}
			}
			last := periods[len(periods)-1]
			f := v["figures"].(map[string]any)
			for _, r := range slices.Concat(list(f["rows"]), list(f["more"])) {
				r := r.(map[string]any)
				for i, c := range list(r["cells"]) {
					all.say(claim{r["id"].(string), dim, scope, periods[i]}, path, cellText(c.(map[string]any)))
				}
			}
			gatherSentences(all, path, month, ids, v)
			for _, r := range list(f["ratings"]) {
				r := r.(map[string]any)
				for _, of := range list(r["rows"]) {
					of := of.(map[string]any)
					source, _ := of["source"].(string)
					for i, n := range list(of["cells"]) {
						level := strings.TrimPrefix(list(r["levels"])[i].(string), "l")
						all.say(claim{"rating-" + r["scale"].(string) + " " + strings.TrimSpace(level+" "+source), dim, scope, last}, path, n.(string))
					}
				}
			}
			if cover, ok := v["coverage"].(map[string]any); ok {
				all.say(claim{"full", dim, scope, last}, path, strings.ReplaceAll(cover["full"].(string), ",", ""))
				all.say(claim{assess.MeasureReceived, dim, scope, last}, path+" coverage", strings.ReplaceAll(cover["received"].(string), ",", ""))
			}
			if d, ok := v["dist"].(map[string]any); ok && d["measure"] == assess.MeasureMedianDays {
				for i, r := range list(d["rows"]) {
					all.say(claim{"days " + bins[i], dim, scope, last}, path, r.(map[string]any)["n"].(string))
				}
			}
			if path == "index.html" {
				all.say(claim{assess.MeasureReceived, "all", "", "all"}, "headline", strings.ReplaceAll(v["received"].(string), ",", ""))
				all.say(claim{"full", "all", "", "all"}, "headline", strings.ReplaceAll(v["full"].(string), ",", ""))
			}
			if s, ok := v["standing"].(map[string]any); ok {
				for _, r := range list(s["rates"]) {
					r := r.(map[string]any)
					all.say(claim{"ranked " + r["id"].(string), dim, scope, "as-it-was 2026-10"}, path, cellText(r["cell"].(map[string]any)))
				}
			}
		}
		for _, tb := range list(v["tables"]) {
			tb := tb.(map[string]any)
			for _, r := range list(tb["rows"]) {
				r := r.(map[string]any)
				to, _ := r["path"].(string)
				d, s, m, ok := scopeOf(to)
				if !ok {
					continue
				}
				period := rolling
				if m != "" {
					period = m
					if !register {
						d, s = dim, scope
					}
				} else if month != "" {
					period = month
				}
				for i, c := range list(r["cells"]) {
					id, ok := ids[list(tb["cols"])[i].(string)]
					switch {
					case list(tb["cols"])[i] == "全文公开件数" || list(tb["cols"])[i] == "Published in full":
						id = assess.MeasureReceived // in scopes of texts no others are counted
					case !ok:
						continue // a share of a number that is said
					}
					all.say(claim{id, d, s, period}, path+" table "+tb["id"].(string), cellText(c.(map[string]any)))
				}
			}
		}
	}
	for path, body := range p.files {
		switch {
		case strings.HasPrefix(path, "data/figures/"):
			for _, r := range readCSV(t, body) {
				all.say(claim{r["measure"], r["dimension"], r["scope"], r["period"]}, path, figureText(r))
			}
		case strings.HasPrefix(path, "data/breakdowns/"):
			for _, r := range readCSV(t, body) {
				all.say(claim{r["division"] + " " + r["class"], r["dimension"], r["scope"], r["period"]}, path, r["cases"])
			}
		case strings.HasPrefix(path, "data/rankings/"):
			for _, r := range readCSV(t, body) {
				period := strings.TrimSuffix(r["period"], "/12")
				all.say(claim{"ranked " + r["measure"], "unit", r["unit"], r["view"] + " " + period}, path, rateText(r["percent"], r["numerator"], r["denominator"], r["unknown"]))
			}
		}
	}
	parents := parentsOf(t, p, "areas")
	topics := parentsOf(t, p, "topics")
	facets := map[claim]int{}
	for _, d := range p.docs {
		if d["type"] != "case" {
			continue
		}
		facets[claim{"full", "all", "", "all"}]++
		facets[claim{"full", "unit", d["unit"], "all"}]++
		facets[claim{"full", "channel", d["channel"], "all"}]++
		for a := d["area"]; a != ""; a = parents[a] {
			facets[claim{"full", "area", a, "all"}]++
		}
		for a := d["topic"]; a != ""; a = topics[a] {
			facets[claim{assess.MeasureReceived, "topic", a, "all"}]++
		}
	}
	for k, n := range facets {
		all.say(k, "search", strconv.Itoa(n))
	}
	return all
}

// sentence is a rate that a bulletin says in a sentence, in both languages.
var sentence = regexp.MustCompile(`^(.+?)(?:: | )([\d.]+)% ?[（(]([\d,]+) / ([\d,]+)[)）]`)

// gatherSentences reads the numbers of the sentences of a bulletin; how many cases lack
// what a measure needs they do not say.
func gatherSentences(all claims, path, month string, ids map[string]string, v map[string]any) {
	for i, s := range list(v["text"]) {
		if m := sentence.FindStringSubmatch(s.(string)); m != nil {
			k := claim{ids[m[1]], "all", "", month}
			_, unknown, _ := strings.Cut(all[k][path], " -")
			all.say(k, fmt.Sprint(path, " sentence ", i), rateText(m[2], strings.ReplaceAll(m[3], ",", ""), strings.ReplaceAll(m[4], ",", ""), unknown))
		}
	}
}

// gatherRanking reads the rates of a ranking page.
func gatherRanking(all claims, path string, v map[string]any) {
	name := v["view"].(string) + " " + periodName.FindString(path)
	read := func(u map[string]any) {
		to, _ := u["path"].(string)
		_, unit, _, _ := scopeOf(to)
		for i, c := range list(u["cells"]) {
			id := list(v["by"])[i].(map[string]any)["id"].(string)
			all.say(claim{"ranked " + id, "unit", unit, name}, path, cellText(c.(map[string]any)))
		}
	}
	for _, g := range list(v["groups"]) {
		g := g.(map[string]any)
		for _, b := range list(g["bands"]) {
			for _, u := range list(b.(map[string]any)["rows"]) {
				u := u.(map[string]any)
				read(u)
				for _, l := range list(u["through"]) {
					read(l.(map[string]any))
				}
			}
		}
		for _, a := range list(g["apart"]) {
			for _, u := range list(a.(map[string]any)["rows"]) {
				read(u.(map[string]any))
			}
		}
	}
	if u, ok := v["no_unit"].(map[string]any); ok {
		read(u)
	}
}

var (
	periodName = regexp.MustCompile(`\d{4}(-\d{2})?`)
	bins       = []string{"0-2", "3-5", "6-10", "11-15", "16-20", "21-30", "31-60", "61-"}
)

// parentsOf reads the tree of a register.
func parentsOf(t testing.TB, p *published, name string) map[string]string {
	parents := map[string]string{}
	for _, r := range readCSV(t, p.files["data/"+name+".csv"]) {
		parents[cmp.Or(r["code"], r["id"])] = r["parent"]
	}
	return parents
}

// compareAll gathers all numbers of a site, computes them again, and returns those that
// differ, and how many were computed again and how often they were said.
func compareAll(t testing.TB, p *published) (different []string, computed, said int) {
	all, again := gather(t, p), newRecount(t, p)
	for k := range all {
		if v, ok := again.value(k); ok {
			computed++
			said += len(all[k])
			all.say(k, "the rows", v)
		}
	}
	return all.differences(1), computed, said
}

func TestOneNumberEverywhere(t *testing.T) {
	p := publish(t, mixedCity(t))
	different, computed, said := compareAll(t, p)
	for _, d := range different[:min(len(different), 20)] {
		t.Error(d)
	}
	t.Logf("%d numbers were said %d times", computed, said)
	if computed < 6000 || said < computed*3/2 {
		t.Errorf("%d numbers were computed again, which were said %d times: fewer than there are", computed, said)
	}
	all := gather(t, p)
	for k, places := range all {
		if k.what == assess.MeasureReceived && k.period == "all" && len(places) < 3 {
			t.Errorf("%+v is said by %v alone", k, places)
		}
	}
}

// TestOneNumberEverywhereFails changes one number in one place of each kind.
func TestOneNumberEverywhereFails(t *testing.T) {
	c := mixedCity(t)
	if different, _, _ := compareAll(t, publish(t, c)); len(different) > 0 {
		t.Fatalf("%d numbers differ before anything is changed", len(different))
	}
	changes := map[string]func(*published){
		"a cell on the home page":            func(p *published) { cells(t, p.params["index.html"], "received")[0]["num"] = "7" },
		"a cell on a unit's page in English": func(p *published) { cells(t, p.params["en/unit/ed-1.html"], "replied-of-due")[1]["num"] = "1" },
		"coverage of an area":                func(p *published) { p.params["area/990101/index.html"]["coverage"].(map[string]any)["full"] = "3" },
		"a table of a month":                 func(p *published) { firstCell(p.params["month/2026-10.html"])["num"] = "3" },
		"a table of a bulletin":              func(p *published) { firstCell(p.params["bulletin/2026-10.html"])["num"] = "3" },
		"a cell of a bulletin":               func(p *published) { cells(t, p.params["bulletin/2026-10.html"], "on-time-reply")[0]["num"] = "1" },
		"a sentence of a bulletin": func(p *published) {
			text := list(p.params["en/bulletin/2026-10.html"]["text"])
			text[1] = strings.Replace(text[1].(string), " / ", " / 1", 1)
		},
		"a table of channels":      func(p *published) { firstCell(p.params["channels.html"])["num"] = "3" },
		"a cell on a topic's page": func(p *published) { cells(t, p.params["topic/roads.html"], "on-time-reply")[0]["den"] = "1" },
		"figures of a unit":        func(p *published) { edit(t, p, "data/figures/unit/ed-2.csv", 5) },
		"figures of a month":       func(p *published) { edit(t, p, "data/figures/2026-09.csv", 30) },
		"breakdowns of a channel":  func(p *published) { edit(t, p, "data/breakdowns/channel/web.csv", 3) },
		"a ranking":                func(p *published) { edit(t, p, "data/rankings/2026-10.csv", 1) },
		"a row":                    func(p *published) { cut(t, p, "data/rows.csv") },
		"a document of the search": func(p *published) { p.docs = p.docs[1:] },
	}
	if testing.Short() {
		changes = map[string]func(*published){"a row": changes["a row"]}
	}
	for name, change := range changes {
		p := publish(t, c)
		change(p)
		if different, _, _ := compareAll(t, p); len(different) == 0 {
			t.Errorf("%s: nobody sees that it was changed", name)
		}
	}
}

func firstCell(v map[string]any) map[string]any {
	row := list(list(v["tables"])[0].(map[string]any)["rows"])[0].(map[string]any)
	return list(row["cells"])[0].(map[string]any)
}

// edit raises the numerator, or the number of cases, of a line of a file.
func edit(t testing.TB, p *published, path string, line int) {
	lines := strings.Split(p.files[path], "\r\n")
	fields := strings.Split(lines[line], ",")
	for i, name := range strings.Split(lines[0], ",") {
		if name == "numerator" || name == "cases" {
			n, err := strconv.Atoi(fields[i])
			if err != nil {
				t.Fatalf("%s, line %d: %v", path, line, err)
			}
			fields[i] = strconv.Itoa(n + 1)
		}
	}
	lines[line] = strings.Join(fields, ",")
	p.files[path] = strings.Join(lines, "\r\n")
}

// cut takes the last row of a file away.
func cut(t testing.TB, p *published, path string) {
	body := strings.TrimSuffix(p.files[path], "\r\n")
	i := strings.LastIndex(body, "\r\n")
	if i < 0 {
		t.Fatalf("%s has one line", path)
	}
	p.files[path] = body[:i+2]
}

// TestLinkedDataHoldsTheTable follows the link under every table to its file and finds
// every number of the table there.
func TestLinkedDataHoldsTheTable(t *testing.T) {
	p := publish(t, mixedCity(t))
	ids := map[string]string{"全文公开件数": assess.MeasureReceived, "Published in full": assess.MeasureReceived} // in scopes of texts no others are counted
	for _, m := range assess.Measures() {
		ids[m.Name.Zh], ids[m.Name.En] = m.ID, m.ID
	}
	held := map[string]map[claim]string{}
	for path, body := range p.files {
		if strings.HasPrefix(path, "data/figures/") {
			held[path] = map[claim]string{}
			for _, r := range readCSV(t, body) {
				k := claim{r["measure"], r["dimension"], r["scope"], r["period"]}
				if _, ok := held[path][k]; ok {
					t.Errorf("%s holds %+v twice", path, k)
				}
				held[path][k] = figureText(r)
			}
		}
	}
	tables, numbers := 0, 0
	find := func(page, data string, k claim, c any) {
		text := cellText(c.(map[string]any))
		if got, ok := held[data][k]; ok && got != text || !ok && text != "none" && text != "0" {
			t.Errorf("%s prints %s for %+v; its data %q says %q", page, text, k, data, got)
		}
		numbers++
	}
	for path, v := range p.params {
		dim, scope, month, ok := scopeOf(path)
		register := p.layout[path] == "register"
		if !register && (!ok || p.layout[path] != "scope" && p.layout[path] != "front") {
			continue
		}
		if f, ok := v["figures"].(map[string]any); ok {
			periods := []string{rolling, "all"}
			if month != "" {
				periods = []string{month}
			}
			for _, r := range slices.Concat(list(f["rows"]), list(f["more"])) {
				for i, c := range list(r.(map[string]any)["cells"]) {
					find(path, f["data"].(string), claim{r.(map[string]any)["id"].(string), dim, scope, periods[i]}, c)
				}
			}
			tables++
		}
		for _, tb := range list(v["tables"]) {
			tb := tb.(map[string]any)
			data, _ := tb["data"].(string)
			for _, r := range list(tb["rows"]) {
				to, _ := r.(map[string]any)["path"].(string)
				d, s, m, _ := scopeOf(to)
				period := cmp.Or(m, month, rolling)
				if tb["id"] == "months" {
					d, s = dim, scope
				}
				for i, c := range list(r.(map[string]any)["cells"]) {
					find(path, data, claim{ids[list(tb["cols"])[i].(string)], d, s, period}, c)
				}
			}
			tables++
		}
		for _, part := range []string{"dist", "topics", "standing"} {
			if of, ok := v[part].(map[string]any); ok && len(p.files[of["data"].(string)]) == 0 {
				t.Errorf("%s: the data of %s are not there", path, part)
			}
		}
	}
	if tables < 100 || numbers < 2000 {
		t.Errorf("%d tables with %d numbers: fewer than there are", tables, numbers)
	}
}
