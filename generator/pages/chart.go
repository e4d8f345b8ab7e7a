package pages

import (
	"fmt"
	"html"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// distribution is how long cases took: a table, and the same as a bar chart.
type distribution struct {
	Measure   string   `json:"measure"` // of its median, and place on the method page
	Rows      []binRow `json:"rows"`
	Known     string   `json:"known"`
	Unknown   string   `json:"unknown,omitempty"`
	Median    string   `json:"median"`
	ChartHTML string   `json:"chart_html"`
	Data      string   `json:"data"` // path of the CSV
}

type binRow struct {
	Name    string `json:"name"`
	N       string `json:"n"`
	Percent string `json:"percent"`
}

// distribution returns the days to reply of a scope, or to closing where replies
// are not known, or nil where neither is.
func (p *planner) distribution(lang string, scope record.Scope, period record.Period) *distribution {
	set, _ := p.book.Set(scope, period)
	d, measure := set.Days, assess.MeasureMedianDays
	if d.Known == 0 {
		d, measure = set.CloseDays, assess.MeasureMedianCloseDays
	}
	if d.Known == 0 {
		return nil
	}
	words := p.Labels[lang]
	out := &distribution{Measure: measure, Known: thousands(d.Known), Median: d.Median, Data: breakdownsPath(scope)}
	if d.Unknown > 0 {
		out.Unknown = thousands(d.Unknown)
	}
	names := binNames(words)
	for i, n := range d.Bins {
		out.Rows = append(out.Rows, binRow{Name: names[i], N: thousands(n), Percent: record.Rate{Num: n, Den: d.Known}.Percent(1)})
	}
	out.ChartHTML = barChart(words.say("dist.chart", "known", out.Known, "median", d.Median), names[:], d.Bins[:])
	return out
}

func binNames(words Labels) [8]string {
	var names [8]string
	from := 0
	for i, to := range assess.BinEnds() {
		key := "dist.range"
		if i == 0 {
			key = "dist.first"
		}
		names[i] = words.say(key, "from", itoa(from), "to", itoa(to))
		from = to + 1
	}
	names[7] = words.say("dist.last", "from", itoa(from-1))
	return names
}

// barChart draws the bins as bars, each with its days before it and its number
// after it. It has no style of its own but classes, so that it follows the page
// in dark and in print, and is named in words for those who cannot see it. It is
// drawn for the width of a phone, so that its text can be read there.
func barChart(title string, names []string, bins []int64) string {
	return barForm{class: "bin", nameX: 88, nameY: 19, left: 96, axis: "95.5", y: 5, long: 204, step: 28, thick: 18, after: 6, base: 19}.draw(title, names, bins)
}

// barForm is where a chart of bars has what, in units of its view box: 360 are a phone.
type barForm struct {
	class        string // of the names
	axis         string
	nameX, nameY int
	left, y      int // of a bar, y from the top of its step
	long         int64
	step, thick  int
	after, base  int   // of a number: behind its bar, from the top of the step
	least        int64 // width of a bar of nothing
}

// draw draws one bar for each bin.
func (f barForm) draw(title string, names []string, bins []int64) string {
	var top int64 = 1
	for _, n := range bins {
		top = max(top, n)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 360 %d" role="img" aria-label="%s">`, f.step*len(bins), html.EscapeString(title))
	for i, n := range bins {
		w := max(n*f.long/top, f.least)
		if n > 0 {
			w = max(w, 1)
		}
		y := i * f.step
		fmt.Fprintf(&b, `<text class="%s" x="%d" y="%d">%s</text>`, f.class, f.nameX, y+f.nameY, html.EscapeString(names[i]))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d"/>`, f.left, y+f.y, w, f.thick)
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, f.left+int(w)+f.after, y+f.base, thousands(n))
	}
	fmt.Fprintf(&b, `<path d="M%s 0V%d"/></svg>`, f.axis, f.step*len(bins))
	return b.String()
}
