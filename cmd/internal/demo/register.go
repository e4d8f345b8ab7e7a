package demo

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/huiyin/huiyin/generator/record"
)

// registers writes the four registers as they stood on day d.
func (w *writer) registers(d record.Day) error {
	stamp := d.Time().Format("20060102")
	const counted = "2023" // the year of the numbers of residents
	areas := [][]string{
		{"区划代码", "名称", "英文名称", "上级代码", "常住人口", "人口年份"},
		{cityCode, cityName, cityEN, "", "1914400", counted},
	}
	for i := range districts {
		x := &districts[i]
		areas = append(areas, []string{x.code, x.name, x.en, cityCode, strconv.Itoa(x.residents), counted})
	}
	for i := range w.city.places {
		p := &w.city.places[i]
		areas = append(areas, []string{p.code, p.name, p.en, p.district.code, strconv.Itoa(p.residents), counted})
	}
	topics := [][]string{{"分类编码", "分类名称", "英文名称", "上级编码"}}
	for _, t := range w.bank.roots {
		topics = append(topics, []string{t.id, t.name, t.en, ""})
	}
	for i := range w.bank.topics {
		t := &w.bank.topics[i]
		topics = append(topics, []string{t.id, t.name, t.en, t.parent})
	}
	ways := [][]string{{"渠道编码", "渠道名称", "英文名称", "信箱职务", "任期", "是否网上渠道"}}
	for _, c := range channels {
		ways = append(ways, []string{c.id, c.name, c.en, c.post, c.terms, c.online})
	}
	if err := w.table("areas-"+stamp+".csv", areas); err != nil {
		return err
	}
	if err := w.table("channels-"+stamp+".csv", ways); err != nil {
		return err
	}
	if err := w.table("topics-"+stamp+".csv", topics); err != nil {
		return err
	}
	return w.unitRegister(d)
}

// unitRegister writes the register of units as it stood on day d: a merger that
// is still to come is not in it.
func (w *writer) unitRegister(d record.Day) error {
	const established = "2019-03-01" // when the offices of the city were set up
	rows := [][]string{{"单位编码", "单位名称", "简称", "英文名称", "别名", "单位类别", "级别", "所属区划", "上级单位",
		"成立日期", "撤销日期", "并入单位", "公开电话", "发言人编号"}}
	for i := range w.city.units {
		u := &w.city.units[i]
		to, successor := u.to, u.successor
		if d <= w.city.merger {
			to, successor = "", ""
		}
		rows = append(rows, []string{u.id, u.name, u.short, u.en, u.aliases, u.kind, strconv.Itoa(u.level), u.area, u.parent,
			established, to, successor, u.phone, u.spokesman})
	}
	return w.table("units-"+d.Time().Format("20060102")+".csv", rows)
}

// table writes a CSV in UTF-8 with a byte order mark, as Excel saves it.
func (w *writer) table(name string, rows [][]string) error {
	return w.file(name, func(out io.Writer) error {
		if _, err := io.WriteString(out, "\ufeff"); err != nil {
			return err
		}
		return csv.NewWriter(out).WriteAll(rows)
	})
}

// lines returns the public telephone line of each unit.
func (c *city) lines() map[string][]string {
	lines := make(map[string][]string, len(c.units))
	for i := range c.units {
		lines[c.units[i].id] = []string{c.units[i].phone}
	}
	return lines
}
