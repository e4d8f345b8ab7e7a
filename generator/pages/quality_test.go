package pages_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/generator/assess/substance"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// notedCity is mixedCity with replies of several kinds, some alike, questions sent again,
// and days of publication.
func notedCity(t testing.TB) *city {
	c := mixedCity(t)
	c.shown = map[record.CaseNumber]record.Day{}
	c.reg.Units = slices.Clone(c.reg.Units)
	for i := range c.cases {
		k := &c.cases[i]
		if k.Prominence != record.Full {
			if k.Prominence == record.Withdrawn && k.RepliedOn.Known() {
				c.shown[k.Number] = min(max(k.RepliedOn+2, record.Date(2026, 2, 1)), c.cutoff)
			}
			continue
		}
		c.shown[k.Number] = min(max(k.RepliedOn+record.Day(i%9), record.Date(2026, 2, 1)), c.cutoff)
		k.Question = fmt.Sprintf("%s路口的路灯从%s起一直不亮，请尽快派人修理，以免发生意外。", strings.Repeat(string(rune('一'+i%40)), 5), strings.Repeat(string(rune('甲'+i%40)), 6))
		switch i % 5 {
		case 0:
			k.Reply.Text = "您的问题已转交有关部门处理，感谢您的关注。"
		case 1:
			k.Reply.Text = "经查，路灯线路老化，已于当日更换线路并恢复照明。"
		case 2:
			k.Reply.Text = fmt.Sprintf("第%s号路灯已修复，%s。", strings.Repeat(string(rune('一'+i%300)), 9), strings.Repeat(string(rune('万'+i)), 9))
		case 3:
			k.Reply.Text = "路灯改造将于年底前完成，届时一并解决照明不足的问题。"
		}
		if i%3 == 0 && k.Due.Known() {
			k.DueRule = "hotline/conclude"
		}
		if i%7 == 0 {
			k.Supervisions = []record.Supervision{{Day: k.Received + 1}}
		}
		if i%11 == 0 && i > 40 {
			k.RepeatOf = c.cases[i-1].Number
		}
	}
	return c
}

// noteClaims gathers every number of the notes of the site, by unit and note.
func noteClaims(t testing.TB, p *published) told[string] {
	all := told[string]{}
	say := func(unit, note, place, value string) { all.say(unit+" "+note, place, value) }
	parts := func(unit, path string, v map[string]any) {
		classes := map[string]string{"gone": "withdrawn", "empty": "empty", "before": "last-day"}
		for key, note := range classes {
			for _, c := range list(v[key]) {
				c := c.(map[string]any)
				say(unit, note+" "+c["class"].(string), path, c["n"].(string))
			}
		}
		for _, r := range list(v["coverage"].(map[string]any)["reasons"]) {
			r := r.(map[string]any)
			say(unit, "excluded "+r["reason"].(string), path, strings.ReplaceAll(r["n"].(string), ",", ""))
		}
		if lag, ok := v["lag"].(map[string]any); ok {
			say(unit, "shown-median", path, cellText(lag["median"].(map[string]any)))
			say(unit, "shown-before", path, cellText(lag["before"].(map[string]any)))
			for _, c := range list(lag["bins"]) {
				c := c.(map[string]any)
				say(unit, "shown-soon "+c["class"].(string), path, c["n"].(string))
			}
		}
	}
	for path, v := range p.params {
		switch p.layout[path] {
		case "quality":
			unit := unitOfNotes(path)
			for _, n := range list(v["notes"]) {
				n := n.(map[string]any)
				say(unit, n["id"].(string), path, cellText(n["cell"].(map[string]any)))
			}
			parts(unit, path, v)
			for _, s := range list(v["stars"]) {
				s := s.(map[string]any)
				for _, l := range list(s["levels"]) {
					l := l.(map[string]any)
					say(unit, "rated "+s["scale"].(string)+" "+strings.TrimPrefix(l["level"].(string), "l"), path, l["n"].(string))
				}
			}
		case "qualities":
			parts("", path, v)
			cols := list(v["cols"])
			for i, c := range list(v["site"]) {
				say("", cols[i].(string), path, cellText(c.(map[string]any)))
			}
			for _, n := range list(v["all"]) {
				n := n.(map[string]any)
				say("", n["id"].(string), path+" meaning", cellText(n["cell"].(map[string]any)))
			}
			for _, r := range list(v["rows"]) {
				r := r.(map[string]any)
				unit := unitOfNotes(r["path"].(string))
				for i, c := range list(r["cells"]) {
					say(unit, cols[i].(string), path, cellText(c.(map[string]any)))
				}
			}
			for _, r := range list(v["rules"]) {
				r := r.(map[string]any)
				say("", "empty "+r["id"].(string), path, strings.ReplaceAll(r["n"].(string), ",", ""))
			}
		}
	}
	for path, body := range p.files {
		if !strings.HasPrefix(path, "data/quality") {
			continue
		}
		for _, r := range readCSV(t, body) {
			note, value := strings.TrimSpace(r["note"]+" "+r["class"]), rateText(r["percent"], r["numerator"], cmp.Or(r["denominator"], "0"), r["unknown"])
			switch {
			case r["class"] != "":
				value = r["numerator"]
			case r["note"] == string(opendata.NoteShownMedian) && r["denominator"] == "2":
				n, _ := strconv.Atoi(r["numerator"])
				value = strconv.FormatFloat(float64(n)/2, 'f', -1, 64) + " days -" + r["unknown"]
			}
			say(r["unit"], note, path, value)
		}
	}
	return all
}

// count is a number of cases of a number of cases.
type count struct{ num, den, unknown int }

func (c *count) add(num bool) {
	c.den++
	if num {
		c.num++
	}
}

func (c count) text() string {
	return rateText(record.Rate{Num: int64(c.num), Den: int64(c.den)}.Percent(2), strconv.Itoa(c.num), strconv.Itoa(c.den), strconv.Itoa(c.unknown))
}

// recountNotes counts the notes of each unit, and of all, over the cases one by one.
func recountNotes(c *city) map[string]string {
	counts := map[string]*count{}
	began := c.cutoff
	for _, d := range c.shown {
		began = min(began, d)
	}
	for _, k := range c.cases {
		if k.Received < record.Date(2025, 12, 1) || k.Received > c.cutoff {
			continue
		}
		for _, unit := range []string{string(k.Unit), ""} {
			of := func(note opendata.Note) *count {
				key := unit + " " + string(note)
				if counts[key] == nil {
					counts[key] = new(count)
				}
				return counts[key]
			}
			of(opendata.NotePublished).add(k.Prominence == record.Full)
			of(opendata.NoteExcluded).add(k.Prominence != record.Full)
			of(opendata.NoteWithdrawn).add(k.Prominence == record.Withdrawn)
			if k.IsMerged() {
				continue
			}
			if shown := c.shown[k.Number]; shown.Known() {
				of(opendata.NoteShownBefore).add(k.RepliedOn <= began)
				if k.RepliedOn > began {
					of(opendata.NoteShownSoon).add(shown-k.RepliedOn <= 5)
				}
			}
			if k.Due.Known() {
				of(opendata.NoteDueRule).add(k.DueRule != "")
			} else {
				of(opendata.NoteDueRule).unknown++
			}
			if k.OnTime == record.Yes && k.Due.Known() {
				of(opendata.NoteLastDay).add(k.Due-k.RepliedOn <= 1)
			}
			if k.Prominence != record.Full {
				continue
			}
			of(opendata.NoteRepeat).add(k.RepeatOf != "")
			if k.RepeatOf != "" {
				n, _ := k.Reopened.Get()
				open := k.Finished != record.Yes || n > 0
				of(opendata.NoteRepeatOpen).add(open)
				if open {
					of(opendata.NoteRepeatUrged).add(len(k.Supervisions) > 0)
				}
			}
			if k.Reply.Text != "" {
				of(opendata.NoteEmpty).add(strings.HasPrefix(k.Reply.Text, "您的问题已转交"))
				of(opendata.NotePromise).add(strings.Contains(k.Reply.Text, "年底前"))
			}
		}
	}
	texts := map[string]string{}
	for k, n := range counts {
		texts[k] = n.text()
	}
	return texts
}

// differentNotes lists what two places say otherwise, or what is otherwise when it is
// counted again, and how many numbers were counted again.
func differentNotes(t testing.TB, c *city, p *published) (out []string, computed int) {
	all := noteClaims(t, p)
	for k, v := range recountNotes(c) {
		if all[k] != nil {
			all.say(k, "the cases", v)
			computed++
		}
	}
	return all.differences(1), computed
}

func TestOneNoteEverywhere(t *testing.T) {
	c := notedCity(t)
	p := publish(t, c)
	different, computed := differentNotes(t, c, p)
	for _, d := range different[:min(len(different), 10)] {
		t.Error(d)
	}
	if computed < 60 {
		t.Errorf("%d numbers were counted again: fewer than there are", computed)
	}
	all := noteClaims(t, p)
	for _, unit := range []string{"", "ed-1"} {
		for _, note := range opendata.Notes() {
			if places := all[unit+" "+string(note)]; len(places) < 2 && note != opendata.NoteEmptyRight && note != opendata.NoteEmptyMissed {
				t.Errorf("%q of %q is said by %v alone", note, unit, places)
			}
		}
	}
	// Something of everything occurs.
	for _, note := range []string{"alike", "short", "empty", "promise", "due-rule", "last-day", "repeat", "repeat-open", "repeat-supervised", "rule-repeat", "rule-repeat-open", "shown-before", "shown-soon", "withdrawn"} {
		if v := slices.Collect(maps.Values(all[" "+note]))[0]; strings.HasPrefix(v, "0.00%") || !strings.Contains(v, "%") {
			t.Errorf("the note %s says %s", note, v)
		}
	}
}

// The files of groups and pairs hold what their notes count, and pages link to them.
func TestGroupsAndPairsAddUp(t *testing.T) {
	p := publish(t, notedCity(t))
	grouped, pairs := map[string]int{}, map[string]int{}
	for _, r := range readCSV(t, p.files["data/alike.csv"]) {
		grouped[r["unit"]]++
	}
	for _, r := range readCSV(t, p.files["data/repeats.csv"]) {
		pairs[r["unit"]+" "+r["by"]]++
		if r["by"] == "rule" && (r["likeness"] < "80" && r["likeness"] != "100" || r["later"] <= r["earlier"]) {
			t.Errorf("%v", r)
		}
	}
	for _, r := range readCSV(t, p.files["data/quality.csv"]) {
		n, _ := strconv.Atoi(r["numerator"])
		var got int
		switch opendata.Note(r["note"]) {
		case opendata.NoteAlike:
			got = grouped[r["unit"]]
		case opendata.NoteRepeat:
			got = pairs[r["unit"]+" delivered"]
		case opendata.NoteRuleRepeat:
			got = pairs[r["unit"]+" rule"]
		default:
			continue
		}
		if r["unit"] != "" && got != n {
			t.Errorf("%s of %s: %d, and %d in the file", r["note"], r["unit"], n, got)
		}
	}
	linked := 0
	for path, v := range p.params {
		for _, key := range []string{"data", "groups_data", "pairs_data"} {
			if to, _ := v[key].(string); p.layout[path] == "quality" && to != "" {
				linked++
				if len(p.files[to]) == 0 {
					t.Errorf("%s links to %s, which is not there", path, to)
				}
			}
		}
	}
	if linked < 20 {
		t.Errorf("%d links", linked)
	}
}

func TestOneNoteEverywhereFails(t *testing.T) {
	c := notedCity(t)
	for name, change := range map[string]func(*published){
		"a note of a unit": func(p *published) {
			list(p.params["unit/ed-1/quality.html"]["notes"])[6].(map[string]any)["cell"].(map[string]any)["num"] = "1"
		},
		"a cell of the page of all": func(p *published) {
			list(list(p.params["en/quality.html"]["rows"])[1].(map[string]any)["cells"])[1].(map[string]any)["num"] = "1"
		},
		"the file of all":    func(p *published) { edit(t, p, "data/quality.csv", 4) },
		"the file of a unit": func(p *published) { edit(t, p, "data/quality/unit/ed-2.csv", 9) },
		"days of publication": func(p *published) {
			list(p.params["unit/ed-1/quality.html"]["lag"].(map[string]any)["bins"])[3].(map[string]any)["n"] = "77"
		},
	} {
		p := publish(t, c)
		change(p)
		if different, _ := differentNotes(t, c, p); len(different) == 0 {
			t.Errorf("%s: nobody sees that it was changed", name)
		}
	}
}

// What people judged of a sample is shown with its interval, that of other rules is not.
func TestJudgedIsShown(t *testing.T) {
	o := options(t)
	c := newCity(8)
	show := func() map[string]any {
		s := build(t, plan(t, c, o))
		return s.params(t, "quality.html")
	}
	if v := show(); v["right"] != nil || v["missed"] != nil {
		t.Errorf("nobody judged, and %v, %v", v["right"], v["missed"])
	}
	for i := range 10 {
		o.Judged = append(o.Judged, record.Judged{Number: c.cases[i].Number, Rule: "bare", Version: substance.Version, Empty: i < 7}, record.Judged{Number: c.cases[i].Number, Rule: "bare", Version: 99, Empty: true})
	}
	right, _ := show()["right"].(map[string]any)
	if right == nil || cellText(right["cell"].(map[string]any)) != "70.00% 7/10 -0" || right["low"] != "39.68" || right["high"] != "89.22" {
		t.Errorf("%v", right)
	}
}

// keeper keeps notes and counts what it is asked for.
type keeper struct {
	sync.Mutex
	kept map[string]record.Note
	hits int
}

func (k *keeper) Note(_ context.Context, key string, print [32]byte) ([]byte, error) {
	k.Lock()
	defer k.Unlock()
	if n, ok := k.kept[key]; ok && n.Print == print {
		k.hits++
		return n.Body, nil
	}
	return nil, nil
}

func (k *keeper) KeepNotes(_ context.Context, all []record.Note) error {
	k.Lock()
	defer k.Unlock()
	for _, n := range all {
		k.kept[n.Key] = n
	}
	return nil
}

// A unit whose cases are as they were is not read again, and what was kept says the same.
func TestKeptNotes(t *testing.T) {
	c := notedCity(t)
	k := &keeper{kept: map[string]record.Note{}}
	o := options(t)
	o.Notes = k
	made := func() map[string]string {
		files := map[string]string{}
		for path, f := range build(t, plan(t, c, o)).files {
			if strings.HasPrefix(path, "data/quality") || strings.HasPrefix(path, "data/alike") || strings.HasPrefix(path, "data/repeats") {
				files[path] = string(f.Body)
			}
		}
		return files
	}
	plain := publish(t, c).files
	first := made()
	if k.hits != 0 || len(k.kept) != len(c.reg.Units)+1 {
		t.Errorf("%d were kept, %d found at first", len(k.kept), k.hits)
	}
	second := made()
	if k.hits != len(k.kept) {
		t.Errorf("%d of %d were found", k.hits, len(k.kept))
	}
	if !maps.Equal(first, second) {
		t.Error("what was kept says something else")
	}
	for path, body := range first {
		if plain[path] != body {
			t.Errorf("%s is another where notes are kept", path)
		}
	}
	// One case changes: one unit is read again.
	i := slices.IndexFunc(c.cases, func(k record.Case) bool {
		return k.Prominence == record.Full && k.Unit == "ed-1" && k.Received > record.Date(2026, 1, 1)
	})
	c.cases[i].Reply.Text = "已办结"
	k.hits = 0
	third := made()
	if k.hits != len(k.kept)-1 {
		t.Errorf("%d of %d were found after one case had changed", k.hits, len(k.kept))
	}
	if third["data/quality/unit/ed-1.csv"] == second["data/quality/unit/ed-1.csv"] {
		t.Error("the notes of a unit are as before its case changed")
	}
	var _ pages.NoteKeeper = k
}
