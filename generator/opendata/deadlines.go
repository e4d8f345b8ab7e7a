package opendata

import (
	"strconv"

	"github.com/huiyin/huiyin/generator/deadline"
)

// Deadlines is the rules by which due days were computed that no office delivered.
func Deadlines() *Table[deadline.Applied] {
	type rule = deadline.Applied
	return &Table[rule]{
		Name: "deadlines", Key: []string{"id"},
		Units: map[string]Unit{"days": AsTheColumn},
		About: text("办理期限规则：没有提供办理期限的诉求件，按这些规则计算。", "The rules by which the due day of a case is computed where none was delivered."),
		Columns: []Column[rule]{
			{"id", ID, text("规则编号，即 rows.csv 的 due_basis", "Identifier of the rule, due_basis of rows.csv"), nil, func(r *rule) string { return r.ID() }},
			{"track", ID, text("办理类型", "Way of handling"), nil, func(r *rule) string { return r.Track }},
			{"channels", List, text("适用的渠道，见 channels.csv", "Channels whose cases it is for, of channels.csv"), nil, func(r *rule) string { return joined(r.Channels) }},
			{"others", Yes, text("是否也适用于各规则均未列出的渠道", "Whether it is also for all channels that no rule lists"), nil, func(r *rule) string { return yesNo(r.Others) }},
			{"step", Word, text("期限所指的环节", "What is to be done by the due day"), strs(deadline.Conclude, deadline.Answer), func(r *rule) string { return string(r.Step) }},
			{"starts", Word, text("起算日：received 收到，dispatched 交办；当日不计", "Day from which it is counted, which is not counted itself"), strs(deadline.Received, deadline.Dispatched), func(r *rule) string { return string(r.Starts) }},
			{"days", Integer, text("天数", "Number of days"), nil, func(r *rule) string { return strconv.Itoa(r.Days) }},
			{"unit", Word, text("calendar 自然日，working 工作日", "Calendar days, or working days"), strs(deadline.CalendarDays, deadline.WorkingDays), func(r *rule) string { return string(r.Unit) }},
			{"roll", Yes, text("期满日不是工作日的，是否顺延至其后第一个工作日", "Whether a last day that is no working day moves to the next one"), nil, func(r *rule) string { return yesNo(r.Roll) }},
			{"basis", String, text("依据", "Legal basis"), nil, func(r *rule) string { return r.Basis }},
			{"basis_en", String, text("依据的英文名称", "Legal basis in English"), nil, func(r *rule) string { return r.BasisEn }},
			{"from", Day, text("起算日不早于", "First day of the clock for which it holds"), nil, func(r *rule) string { return r.From.String() }},
			{"until", Day, text("起算日不晚于", "Last day of the clock for which it holds"), nil, func(r *rule) string { return r.Until.String() }},
		},
	}
}

// Holiday is a run of days that a holiday notice makes days off, or one day that it
// makes a working day.
type Holiday struct {
	Year   int
	Source string
	Worked bool
	deadline.Span
}

// ListHolidays returns what the notices of a calendar say, by year: days off first, then
// the days that are worked.
func ListHolidays(c *deadline.Calendar) (all []Holiday) {
	for _, y := range c.Years() {
		for _, s := range y.Off {
			all = append(all, Holiday{y.Year, y.Source, false, s})
		}
		for _, d := range y.Worked {
			all = append(all, Holiday{y.Year, y.Source, true, deadline.Span{First: d, Last: d}})
		}
	}
	return all
}

// Holidays is the days off and the weekend days worked by which working days were
// counted.
func Holidays() *Table[Holiday] {
	type day = Holiday
	return &Table[day]{
		Name: "holidays", Key: []string{"first"},
		Units: map[string]Unit{"year": NoUnit},
		About: text("放假调休安排：计算工作日所依据的放假日和调休上班日；未列出的周六、周日休息，其他日期上班。有期限要用而没有列出的年份，期限不能计算。", "Days off and weekend days worked by which working days were counted. Saturdays and Sundays that are not listed are days off, other days are working days. A year of which nothing is listed is not known."),
		Columns: []Column[day]{
			{"year", Integer, text("年份", "Year"), nil, func(d *day) string { return strconv.Itoa(d.Year) }},
			{"source", String, text("通知文号", "Number of the notice"), nil, func(d *day) string { return d.Source }},
			{"day", Word, text("off 放假，worked 上班", "Days off, or a day on which work is done"), []string{"off", "worked"}, func(d *day) string {
				if d.Worked {
					return "worked"
				}
				return "off"
			}},
			{"first", Day, text("第一天", "First day"), nil, func(d *day) string { return d.First.String() }},
			{"last", Day, text("最后一天", "Last day"), nil, func(d *day) string { return d.Last.String() }},
			{"name", String, text("节日名称", "Holiday"), nil, func(d *day) string { return d.Name }},
			{"name_en", String, text("节日英文名称", "Holiday in English"), nil, func(d *day) string { return d.NameEn }},
		},
	}
}
