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
	const width, left, long, step, thick = 360, 96, 204, 28, 18
	var top int64 = 1
	for _, n := range bins {
		top = max(top, n)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, step*len(bins), html.EscapeString(title))
	for i, n := range bins {
		w := n * long / top
		if n > 0 && w == 0 {
			w = 1
		}
		y := i * step
		fmt.Fprintf(&b, `<text class="bin" x="%d" y="%d">%s</text>`, left-8, y+step/2+5, html.EscapeString(names[i]))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d"/>`, left, y+(step-thick)/2, w, thick)
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, left+int(w)+6, y+step/2+5, thousands(n))
	}
	fmt.Fprintf(&b, `<path d="M%d.5 0V%d"/></svg>`, left-1, step*len(bins))
	return b.String()
}
