package pages

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// chart is a drawing with its title. Its numbers are in the table that it stands with.
type chart struct {
	Title string `json:"title"`
	HTML  string `json:"chart_html"`
	Note  string `json:"note,omitempty"`
}

// small is the denominator below which a rate is drawn hollow: a few cases more or less
// move it much.
const small = 30

// rateLine is one rate, a figure a month.
type rateLine struct {
	name    string
	figures []record.Figure
}

// ratesChart draws the rates of the month table of a scope, or returns nil where none
// is known in any month.
func (p *planner) ratesChart(lang string, scope record.Scope) *chart {
	words, names := p.Labels[lang], measureNames(lang)
	var months []record.Month
	for m := p.cutoff.Month() - 11; m <= p.cutoff.Month(); m++ {
		if _, ok := p.book.Set(scope, record.MonthPeriod(m)); ok || len(months) > 0 {
			months = append(months, m)
		}
	}
	var lines []rateLine
	var said []string
	few := false
	for _, c := range p.cols {
		if constant(scope.Dim, c.id) {
			continue
		}
		l, known := rateLine{name: names[c.id]}, false
		for _, m := range months {
			set, _ := p.book.Set(scope, record.MonthPeriod(m))
			f, ok := rateOf(&set, c.id)
			if !ok {
				break
			}
			known = known || f.Den > 0
			few = few || f.Den > 0 && f.Den < small
			l.figures = append(l.figures, f)
		}
		if known && len(lines) < 2 {
			lines, said = append(lines, l), append(said, l.name)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	title := words.say("rates.chart", "names", strings.Join(said, words.say("p.list")), "from", p.monthName(lang, months[0]), "to", p.monthName(lang, months[len(months)-1]))
	c := &chart{Title: words.say("rates.title")}
	breaks := p.holderBreaks(scope, months[0].First())
	if len(breaks) > 0 {
		var days []string
		for _, d := range breaks {
			days = append(days, d.String())
		}
		said := strings.Join(days, words.say("p.list"))
		title += words.say("rates.breaks", "days", said)
		c.Note = words.say("rates.break_note", "days", said)
	}
	c.HTML = linesChart(title, lines, months, breaks, words.say("breakdowns.break"))
	if few {
		c.Note = strings.TrimPrefix(c.Note+" ", " ") + words.say("rates.small", "n", itoa(small))
	}
	return c
}

// holderBreaks returns the days after first, up to the cut-off, on which another holder of
// the post whose mailbox a channel is, or none, begins.
func (p *planner) holderBreaks(scope record.Scope, first record.Day) (days []record.Day) {
	if scope.Dim != record.ByChannel {
		return nil
	}
	post := p.channels[record.ChannelID(scope.ID)].Post
	for _, of := range p.register.Posts() {
		if of.Name != post {
			continue
		}
		for _, d := range of.Breaks() {
			if first < d && d <= p.cutoff {
				days = append(days, d)
			}
		}
	}
	return days
}

// parted reports whether a day on which the holder changed lies between two months that
// follow each other, or within one of them, so that their rates are not of one holder.
func parted(a, b record.Month, breaks []record.Day) bool {
	return slices.ContainsFunc(breaks, func(d record.Day) bool { return a.First() < d && d <= b.Last() })
}

// rateOf returns the rate of a set that a table prints; false where the measure is none.
func rateOf(s *assess.Set, id string) (record.Figure, bool) {
	for _, f := range []record.Figure{s.RepliedOfDue, s.RepliedOfCollected, s.ClosedOfReceived, s.OnTimeReply, s.OnTimeClose} {
		if f.Measure == id {
			return f, true
		}
	}
	return record.Figure{}, false
}

// linesChart draws rates by month from 0 to 100 %. The first has round marks on a full
// line, the second square ones on a broken line. Where a rate is not known there is a
// gap and no mark; a mark is hollow where few cases were counted. On each day of breaks
// stands a line from top to bottom with the word, over which no rate is drawn on. Like
// [barChart] it has classes alone and is drawn for the width of a phone.
func linesChart(title string, lines []rateLine, months []record.Month, breaks []record.Day, word string) string {
	const width, left, right, high, legend = 360, 46, 10, 170, 24
	top := legend*len(lines) + 12
	if len(breaks) > 0 {
		top += legend // for the word
	}
	bottom := top + high
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart rates" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, bottom+44, html.EscapeString(title))
	for i, l := range lines {
		y := legend*i + 12
		fmt.Fprintf(&b, `<path class="%s" d="M2 %dH38"/>%s<text x="46" y="%d">%s</text>`, lineClass(i), y, mark(i, 20, 10*y, false), y+5, html.EscapeString(l.name))
	}
	for percent := 0; percent <= 100; percent += 25 {
		y := bottom - high*percent/100
		fmt.Fprintf(&b, `<path class="grid" d="M%d %d.5H%d"/><text class="bin" x="%d" y="%d">%d%%</text>`, left, y, width-right, left-6, y+5, percent)
	}
	at := func(i int) int { return left + (2*i+1)*(width-left-right)/(2*len(months)) }
	for i, m := range months {
		number := int(m)%12 + 1
		fmt.Fprintf(&b, `<text class="tick" x="%d" y="%d">%d</text>`, at(i), bottom+18, number)
		if number == 1 || i == 0 && (len(months) < 3 || int(months[1])%12 != 0 && int(months[2])%12 != 0) {
			fmt.Fprintf(&b, `<text class="tick" x="%d" y="%d">%d</text>`, at(i), bottom+37, m.Year())
		}
	}
	for i, d := range breaks {
		j := slices.Index(months, d.Month())
		step := (width - left - right) * 10 / len(months) // in tenths
		x := 10*left + j*step + int(d-d.Month().First())*step/int(d.Month().Last()-d.Month().First()+1)
		fmt.Fprintf(&b, `<path class="break" d="M%s %dV%d"/>`, tenths(x), top-8, bottom)
		if i == 0 || d-breaks[i-1] > 90 { // said once where two are near each other: one went, and another came
			anchor := "start"
			if x > 10*width*2/3 {
				anchor = "end"
			}
			fmt.Fprintf(&b, `<text class="break" text-anchor="%s" x="%s" y="%d">%s</text>`, anchor, tenths(x), top-12, html.EscapeString(word))
		}
	}
	for i, l := range lines {
		var path, marks strings.Builder
		pen := byte('M')
		for j, f := range l.figures {
			if j > 0 && parted(months[j-1], months[j], breaks) {
				pen = 'M'
			}
			if f.Den == 0 {
				pen = 'M'
				continue
			}
			y := int64(10*bottom) - 10*high*f.Num/f.Den // in tenths
			fmt.Fprintf(&path, "%c%d %s", pen, at(j), tenths(int(y)))
			pen = 'L'
			marks.WriteString(mark(i, at(j), int(y), f.Den < small))
		}
		fmt.Fprintf(&b, `<path class="%s" d="%s"/>%s`, lineClass(i), path.String(), marks.String())
	}
	b.WriteString("</svg>")
	return b.String()
}

func lineClass(i int) string { return [...]string{"one", "two"}[i] }

// mark is a circle on the first line and a square on the second, y in tenths.
func mark(i, x, y int, hollow bool) string {
	class := lineClass(i)
	if hollow {
		class += " few"
	}
	if i == 0 {
		return fmt.Sprintf(`<circle class="%s" cx="%d" cy="%s" r="5"/>`, class, x, tenths(y))
	}
	return fmt.Sprintf(`<rect class="%s" x="%d.5" y="%s" width="7" height="7"/>`, class, x-4, tenths(y-35))
}

func tenths(n int) string { return fmt.Sprintf("%d.%d", n/10, n%10) }
