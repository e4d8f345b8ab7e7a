package deadline_test

import (
	"fmt"
	"log"

	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/record"
)

// What is applied for on the Tuesday before the Spring Festival of 2026 is due in
// 20 working days: two Saturdays are worked for it, and nine days are off.
func ExampleFinder_Due() {
	calendar, err := deadline.ReadCalendar(deadline.File{Name: "2026.yaml", Text: []byte(`
year: 2026
source: 国办发明电〔2025〕7号
off:
  - {name: 元旦, from: 2026-01-01, to: 2026-01-03}
  - {name: 春节, from: 2026-02-15, to: 2026-02-23}
  - {name: 清明节, from: 2026-04-04, to: 2026-04-06}
  - {name: 劳动节, from: 2026-05-01, to: 2026-05-05}
  - {name: 端午节, from: 2026-06-19, to: 2026-06-21}
  - {name: 中秋节, from: 2026-09-25, to: 2026-09-27}
  - {name: 国庆节, from: 2026-10-01, to: 2026-10-07}
worked: [2026-01-04, 2026-02-14, 2026-02-28, 2026-05-09, 2026-09-20, 2026-10-10]
`)})
	if err != nil {
		log.Fatal(err)
	}
	rules, err := deadline.ReadRules(deadline.File{Name: "deadlines.yaml", Text: []byte(`
rules:
  - track: foi
    step: answer
    days: 20
    unit: working
    extend_max: 20
    basis: 《政府信息公开条例》第三十三条
    from: 2019-05-15
`)})
	if err != nil {
		log.Fatal(err)
	}
	finder := deadline.Finder{Rules: rules, Calendar: calendar}
	received := record.Date(2026, 2, 10)
	found := finder.Due("foi", deadline.Answer, received, 0)
	fmt.Println(found, found.Rule.Basis, found.Calendar[0].Source)
	fmt.Println(finder.Due("foi", deadline.Answer, record.Date(2026, 12, 21), 0))
	fmt.Println(finder.Due("hotline", deadline.Conclude, received, 0))
	// Output:
	// 2026-03-16 《政府信息公开条例》第三十三条 国办发明电〔2025〕7号
	// no-calendar-year 2027
	// no-rule
}

// A file of the wrong year is refused.
func ExampleReadCalendar() {
	_, err := deadline.ReadCalendar(deadline.File{Name: "2027.yaml", Text: []byte(`
year: 2027
source: 虚构〔2026〕1号
off:
  - {name: 元旦, from: 2026-01-01, to: 2026-01-03}
`)})
	fmt.Println(err)
	// Output:
	// 2027.yaml, line 5: 2026-01-01 is not a day of 2027
}

// A reply of Friday that is published on Monday is late by one working day.
func ExampleCalendar_WorkingDays() {
	calendar, err := deadline.ReadCalendar(deadline.File{Name: "2026.yaml", Text: []byte("year: 2026\nsource: 虚构\noff: [{from: 2026-01-01}]\n")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(calendar.WorkingDays(record.Date(2026, 3, 6), record.Date(2026, 3, 9)))
	fmt.Println(calendar.WorkingDays(record.Date(2026, 12, 31), record.Date(2027, 1, 4)))
	// Output:
	// 1 true
	// 0 false
}
