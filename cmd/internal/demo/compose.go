package demo

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// texts are what a message says and what it is answered.
type texts struct {
	title, question, reply string
}

// composer makes the texts of messages. They depend on the seed and the
// message's number alone, so that a row delivered again says the same.
type composer struct {
	seed  uint64
	city  *city
	bank  *bank
	plain bool
	buf   strings.Builder
}

// compose returns the texts of m; reply only when it is wanted.
func (c *composer) compose(m *message, reply bool) texts {
	r := rand.New(rand.NewPCG(c.seed, uint64(m.n)<<1|1))
	t := &c.bank.topics[m.topic]
	s := int(m.scenario)
	names := c.slots(r, m)
	var out texts
	if m.accuses {
		out.title = "反映个别工作人员作风问题"
		out.question = "来信反映某单位个别工作人员在工程验收中存在不正当往来，请上级部门调查核实。（本条为演示内容，纯属虚构。）"
		return out
	}
	out.title = names.fill(pick(r, t.clauses['T'], s))
	if m.repeats > 0 && r.IntN(2) == 0 {
		out.title = "再次反映：" + out.title
	}
	out.question = names.fill(c.question(r, m, t, s))
	if reply {
		out.reply = names.fill(strings.ReplaceAll(c.reply(r, m, t, s), "{日期}", visit(r, m)))
	}
	if m.hostile > 0 {
		h := hostile[m.hostile-1]
		out.question += "\n" + h
		if reply && m.hostile%2 == 0 {
			out.reply += "\n" + h
		}
		if m.hostile%3 == 0 {
			out.title += " " + strings.ReplaceAll(h, "\n", " ")
		}
	}
	return out
}

// question strings the clauses of a message together: opening, what is wrong,
// its effect, what is asked for, close.
func (c *composer) question(r *rand.Rand, m *message, t *topic, s int) string {
	b := &c.buf
	b.Reset()
	opening, closing := byte('O'), byte('C')
	if channels[m.channel].id == "hotline" {
		opening, closing = 'H', 'K' // written down by an operator
	}
	b.WriteString(pick(r, c.bank.common[opening], s))
	what := pick(r, t.clauses['W'], s)
	b.WriteString(what)
	if m.repeats > 0 {
		b.WriteString("此前已经反映过一次，当时答复说会处理，但到现在问题又出现了。")
	} else if more := pick(r, t.clauses['W'], s); r.IntN(3) == 0 && more != what {
		b.WriteString("另外，" + more)
	}
	effect := pick(r, t.clauses['E'], s)
	b.WriteString(effect)
	if more := pick(r, t.clauses['E'], s); r.IntN(2) == 0 && more != effect {
		b.WriteString(more)
	}
	if c.plain || r.IntN(6) == 0 {
		b.WriteString("\n" + pick(r, c.bank.common['M'], s) + "\n")
	} else if r.IntN(4) == 0 {
		b.WriteString("\n")
	}
	b.WriteString(pick(r, t.clauses['A'], s))
	b.WriteString(pick(r, c.bank.common[closing], s))
	if m.personal > 0 {
		b.WriteString(personal[m.personal-1])
	}
	return b.String()
}

// reply strings the clauses of a reply together: opening, what was found, what
// was done, result, close.
func (c *composer) reply(r *rand.Rand, m *message, t *topic, s int) string {
	common := c.bank.common
	if m.template {
		return common['X'][int(m.unit)%len(common['X'])].text
	}
	b := &c.buf
	b.Reset()
	b.WriteString(pick(r, common['P'], s))
	if m.status == "declined" {
		b.WriteString("经核查，您反映的事项已由有关部门依法作出处理决定，您可以通过法定途径提出，本次诉求不予受理。")
		b.WriteString(pick(r, common['Q'], s))
		return b.String()
	}
	if r.IntN(3) > 0 {
		b.WriteString("\n")
	}
	b.WriteString(pick(r, t.clauses['F'], s))
	b.WriteString(pick(r, t.clauses['D'], s))
	first, more := r.IntN(len(common['L'])), []int{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2}[r.IntN(12)]
	if c.plain {
		more = 3
	}
	for i := range more {
		b.WriteString("\n" + common['L'][(first+i)%len(common['L'])].text)
	}
	b.WriteString("\n" + pick(r, t.clauses['R'], s))
	b.WriteString(pick(r, common['Q'], s))
	return b.String()
}

// slots returns what stands for the names in braces. A message and its reply
// speak of the same places and numbers.
func (c *composer) slots(r *rand.Rand, m *message) slots {
	p := &c.city.places[m.place]
	u := &c.city.units[m.unit]
	road := r.IntN(len(p.roads))
	number := func(low, high int) string { return strconv.Itoa(low + r.IntN(high-low+1)) }
	n3 := 18 + r.IntN(14)
	seen := m.received.day() - record.Day(2+r.IntN(9))
	said, plan := m.replied.day(), ""
	if m.replied > 0 {
		month := said.Month() + record.Month(1+r.IntN(3))
		plan = fmt.Sprintf("%d月", int(month)%12+1)
		if month.Year() > said.Month().Year() {
			plan = "明年" + plan
		}
	}
	return slots{
		"路", p.roads[road], "路2", p.roads[(road+1)%len(p.roads)], "小区", p.homes[r.IntN(len(p.homes))],
		"学校", p.school, "街道", p.name, "单位", u.short, "电话", u.phone,
		"线", number(1, 48), "n", number(3, 12), "n2", number(20, 180), "n3", strconv.Itoa(n3), "n6", strconv.Itoa(n3 + 9),
		"n4", number(53, 58), "n5", number(42, 48), "n7", number(3, 5), "天", number(3, 24),
		"日期", monthDay(seen), "前日", monthDay(seen), "答复日", monthDay(said), "月", plan,
	}
}

// slots are pairs of a name and what stands for it.
type slots []string

// fill puts the values of s into the braces of text.
func (s slots) fill(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/4)
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		var name string
		name, text, _ = strings.Cut(rest, "}")
		for i := 0; i < len(s); i += 2 {
			if s[i] == name {
				b.WriteString(s[i+1])
				break
			}
		}
	}
}

// visit returns the day on which somebody went to look, in words.
func visit(r *rand.Rand, m *message) string {
	return monthDay(max(m.received.day(), m.replied.day()-record.Day(r.IntN(4))))
}

// monthDay writes a day as offices do in running text: 9月3日.
func monthDay(d record.Day) string {
	if !d.Known() {
		return "近日"
	}
	t := d.Time()
	return fmt.Sprintf("%d月%d日", int(t.Month()), t.Day())
}
