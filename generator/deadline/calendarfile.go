package deadline

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/yamlfile"
)

// longestOff is the longest run of days off that is believed. The longest so far
// had ten days, so a longer one has a month mistyped.
const longestOff = 31

// ReadCalendar reads the holiday notices, one file a year:
//
//	year: 2026
//	source: 国办发明电〔2025〕7号
//	off:
//	  - {name: 春节, name_en: Spring Festival, from: 2026-02-15, to: 2026-02-23}
//	  - {name: 某节, from: 2026-11-02}
//	worked: [2026-02-14, 2026-02-28]
//
// off are the days off of the notice, each run with its first and last day (to is
// left out for a single day); ordinary weekends beside them are not listed. worked
// are the Saturdays and Sundays on which work is done. The names are for the page
// of a case and may be left out.
//
// It is strict: what is unknown, doubled or contradicts itself is an error that
// names the line. A file holds the days of its own year alone. Where the notice of
// the next year moves days of this December, as that of 2019 did, they are added
// to the file of this year, whose source then names both notices; so the last days
// of a December are certain only when the next notice is out.
func ReadCalendar(files ...File) (*Calendar, error) {
	c := &Calendar{}
	names := map[int]string{}
	for _, file := range files {
		y, line, err := readYear(file)
		if err != nil {
			return nil, err
		}
		if first, twice := names[y.Year]; twice {
			return nil, newReader(file.Name).ErrorAt(line, "keep one file for each year", "the year %d is in %s already", y.Year, first)
		}
		names[y.Year] = file.Name
		c.years = append(c.years, y.ready())
	}
	slices.SortFunc(c.years, func(a, b *yearDays) int { return cmp.Compare(a.first, b.first) })
	return c, nil
}

// readYear reads one file, and returns the line of its year.
func readYear(file File) (y Year, line int, err error) {
	const what = "the holiday notice"
	r := newReader(file.Name)
	body, err := r.document(file.Text)
	if err != nil {
		return y, 0, err
	}
	all, err := r.fields(what, body, "year", "source", "off", "worked")
	if err != nil {
		return y, 0, err
	}
	if err := r.wanted(what, yamlfile.Line(body), all, "year", "source", "off"); err != nil {
		return y, 0, err
	}
	line = all["year"].Line
	if y.Year, err = r.number(all["year"], 1900, 9999); err != nil {
		return y, 0, err
	}
	if y.Source, err = r.text(all["source"]); err != nil {
		return y, 0, err
	}
	lines := map[record.Day]int{} // of the days that the file names
	spans, err := r.Items(all["off"])
	if err != nil {
		return y, 0, err
	}
	if len(spans) == 0 {
		return y, 0, r.ErrorAt(all["off"].Line, "list the days off of the notice; a year without its notice has no file", "there is no day off")
	}
	for _, f := range spans {
		s, err := r.span(f)
		if err != nil {
			return y, 0, err
		}
		if err := r.claim(y.Year, f.Line, lines, s.First, s.Last); err != nil {
			return y, 0, err
		}
		y.Off = append(y.Off, s)
	}
	if y.Worked, err = r.worked(all, y.Year, lines); err != nil {
		return y, 0, err
	}
	slices.SortFunc(y.Off, func(a, b Span) int { return cmp.Compare(a.First, b.First) })
	slices.Sort(y.Worked)
	return y, line, nil
}

// span reads a run of days off.
func (r reader) span(f field) (s Span, err error) {
	const what = "a run of days off"
	all, err := r.fields(what, f.Value, "name", "name_en", "from", "to")
	if err != nil {
		return s, err
	}
	if err := r.wanted(what, f.Line, all, "from"); err != nil {
		return s, err
	}
	if s.First, err = r.day(all["from"]); err != nil {
		return s, err
	}
	s.Last = s.First
	if to, ok := all["to"]; ok {
		if s.Last, err = r.day(to); err != nil {
			return s, err
		}
	}
	switch {
	case s.Last < s.First:
		return s, r.ErrorAt(f.Line, "exchange from and to, or correct one of them", "the days off end before they begin")
	case s.Last-s.First >= longestOff:
		return s, r.ErrorAt(f.Line, "correct a month; if it is right, write two runs", "%d days off are more than %d", s.Last-s.First+1, longestOff)
	}
	if f, ok := all["name"]; ok {
		if s.Name, err = r.text(f); err != nil {
			return s, err
		}
	}
	if f, ok := all["name_en"]; ok {
		s.NameEn, err = r.text(f)
	}
	return s, err
}

// worked reads the weekend days on which work is done.
func (r reader) worked(all map[string]field, year int, lines map[record.Day]int) (days []record.Day, err error) {
	f, ok := all["worked"]
	if !ok {
		return nil, nil
	}
	items, err := r.Items(f)
	if err != nil {
		return nil, err
	}
	for _, f := range items {
		f.Key = "worked"
		day, err := r.day(f)
		if err != nil {
			return nil, err
		}
		if !weekend(day) {
			return nil, r.ErrorAt(f.Line, "take it out, or correct the day; other days are worked anyhow", "%s is no Saturday or Sunday", day)
		}
		if err := r.claim(year, f.Line, lines, day, day); err != nil {
			return nil, err
		}
		days = append(days, day)
	}
	return days, nil
}

// claim notes that the line speaks of the days from first to last. Each day may be
// spoken of once, and lies in the year.
func (r reader) claim(year, line int, lines map[record.Day]int, first, last record.Day) error {
	for day := first; day <= last; day++ {
		if day.Time().Year() != year {
			return r.ErrorAt(line, fmt.Sprintf("put %s into the file of its own year, and name this notice in the source there too; or correct the year", day), "%s is not a day of %d", day, year)
		}
		if other, twice := lines[day]; twice {
			return r.ErrorAt(line, "let one of the two lines speak of it: a day is off or worked, and once", "%s is in line %d already", day, other)
		}
		lines[day] = line
	}
	return nil
}
