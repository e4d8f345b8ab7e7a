package source

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // named zones must mean the same on a machine without a zone database

	"golang.org/x/text/unicode/norm"
)

// moment is a wall-clock time as an export writes it.
type moment struct {
	y, m, d   int
	h, min, s int
	timed     bool // a time of day was given
	zoned     bool // an offset was given
	offset    int  // in seconds, when zoned
}

func (t moment) valid() bool {
	if t.y < 1900 || t.y > 9999 || t.m < 1 || t.m > 12 || t.d < 1 || t.d > daysIn(t.y, t.m) {
		return false
	}
	return t.h >= 0 && t.h < 24 && t.min >= 0 && t.min < 60 && t.s >= 0 && t.s < 61
}

func daysIn(y, m int) int {
	return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// dateReader reads the times of one column.
type dateReader struct {
	layouts []layout
	zone    *time.Location
	fixed   bool // zone has one offset for all times
	offset  int  // that offset, in seconds
	day     bool // the time of day is dropped
}

type layout struct {
	name  string // auto, excel, unix, unix-ms, or "" for a pattern
	goes  string // Go's reference form
	timed bool
	fake  bool // the zone is a name, which may mean anything: the column's zone holds
}

// newDateReader compiles layouts. With none, "auto" is meant.
func newDateReader(layouts []string, zone *time.Location, day bool) (*dateReader, error) {
	r := &dateReader{zone: zone, day: day}
	a := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).In(zone)
	_, r.offset = a.Zone()
	r.fixed = true
	for y := 1970; y < 2038 && r.fixed; y++ {
		for _, mo := range []time.Month{1, 7} {
			if _, o := time.Date(y, mo, 1, 0, 0, 0, 0, zone).Zone(); o != r.offset {
				r.fixed = false
			}
		}
	}
	if len(layouts) == 0 {
		layouts = []string{"auto"}
	}
	for _, l := range layouts {
		switch l {
		case "auto", "excel", "unix", "unix-ms":
			r.layouts = append(r.layouts, layout{name: l})
			continue
		}
		goes := friendly(l)
		early := time.Date(2007, 3, 4, 5, 6, 7, 0, time.UTC)
		if early.Format(goes) == early.AddDate(1, 0, 0).Format(goes) || early.Format(goes) == early.AddDate(0, 0, 1).Format(goes) {
			return nil, fmt.Errorf("%q is no date layout with year and day; write it like 2006-01-02 15:04 or YYYY-MM-DD HH:mm", l)
		}
		r.layouts = append(r.layouts, layout{
			goes:  goes,
			timed: early.Format(goes) != early.Add(9*time.Hour).Format(goes),
			fake:  strings.Contains(goes, "MST"),
		})
	}
	return r, nil
}

// friendly turns a layout of letters (YYYY-MM-DD HH:mm:ss) into Go's reference
// form. A layout that has no YYYY or yyyy is in that form already.
func friendly(l string) string {
	low := strings.ReplaceAll(l, "yyyy", "YYYY")
	if !strings.Contains(low, "YYYY") {
		return strings.NewReplacer("上午", "PM", "下午", "PM").Replace(l)
	}
	return strings.NewReplacer("YYYY", "2006", "MM", "01", "M", "1", "DD", "02", "dd", "02", "D", "2", "d", "2",
		"HH", "15", "H", "15", "hh", "03", "h", "3", "mm", "04", "m", "4", "ss", "05", "s", "5",
		"A", "PM", "a", "pm", "上午", "PM", "下午", "PM", "Z", "Z07:00").Replace(low)
}

// read returns s as RFC 3339 with an offset, or as a day where no time of day
// was given. It reports false when no layout fits or there is no such day.
func (r *dateReader) read(s string, since1904 bool) (string, bool) {
	s = tidyDate(s)
	if t, ok := isoMoment(s); ok {
		return r.write(t)
	}
	for i := range r.layouts {
		if t, ok := r.layouts[i].read(s, since1904); ok {
			return r.write(t)
		}
	}
	return "", false
}

// tidyDate removes what dates in cells are often wrapped in.
func tidyDate(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			s = strings.TrimSpace(norm.NFKC.String(s))
			break
		}
	}
	return s
}

// wallClock marks times that state no zone. No zone has an offset of one second,
// so that none that a text states is taken for it.
var wallClock = time.FixedZone("", 1)

func (l *layout) read(s string, since1904 bool) (moment, bool) {
	switch l.name {
	case "auto":
		return autoMoment(s)
	case "excel":
		return serialMoment(s, since1904)
	case "unix", "unix-ms":
		return unixMoment(s, l.name == "unix-ms")
	}
	if strings.Contains(s, "午") {
		s = strings.NewReplacer("上午", "AM", "下午", "PM").Replace(s)
	}
	t, err := time.ParseInLocation(l.goes, s, wallClock)
	if err != nil {
		return moment{}, false
	}
	m := moment{y: t.Year(), m: int(t.Month()), d: t.Day(), h: t.Hour(), min: t.Minute(), s: t.Second(), timed: l.timed}
	if t.Location() != wallClock && !l.fake {
		_, m.offset = t.Zone()
		m.zoned = true
	}
	return m, true
}

func (r *dateReader) write(t moment) (string, bool) {
	if !t.valid() {
		return "", false
	}
	b := make([]byte, 0, len("2006-01-02T15:04:05+08:00"))
	b = appendN(b, t.y, 4, 0)
	b = appendN(b, t.m, 2, '-')
	b = appendN(b, t.d, 2, '-')
	if !t.timed || r.day {
		return string(b), true
	}
	off := t.offset
	if !t.zoned {
		if off = r.offset; !r.fixed {
			_, off = time.Date(t.y, time.Month(t.m), t.d, t.h, t.min, t.s, 0, r.zone).Zone()
		}
	}
	b = appendN(b, t.h, 2, 'T')
	b = appendN(b, t.min, 2, ':')
	b = appendN(b, min(t.s, 59), 2, ':')
	sign := byte('+')
	if off < 0 {
		sign, off = '-', -off
	}
	b = appendN(b, off/3600, 2, sign)
	b = appendN(b, off/60%60, 2, ':')
	return string(b), true
}

// appendN appends sep, unless it is 0, and n with at least width digits.
func appendN(b []byte, n, width int, sep byte) []byte {
	if sep != 0 {
		b = append(b, sep)
	}
	for p := int(math.Pow10(width - 1)); p > 1 && n < p; p /= 10 {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// isoMoment reads 2006-01-02 and 2006-01-02T15:04:05 with what may follow, the
// forms that need no layout.
func isoMoment(s string) (moment, bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return moment{}, false
	}
	return autoMoment(s)
}

// autoMoment reads every usual form that begins with a year of four digits, and
// seconds or milliseconds since 1970.
func autoMoment(s string) (moment, bool) {
	var t moment
	c := scan{s: s}
	if n := c.digitsAhead(); n == len(s) {
		return compactMoment(s)
	}
	var ok bool
	if t.y, ok = c.number(4, 4); !ok {
		return t, false
	}
	sep, ok := c.oneOf("-", "/", ".", "年")
	if !ok {
		return t, false
	}
	c.spaces()
	if t.m, ok = c.number(1, 2); !ok {
		return t, false
	}
	if sep == "年" {
		sep = "月"
	}
	if _, ok = c.oneOf(sep); !ok {
		return t, false
	}
	c.spaces()
	if t.d, ok = c.number(1, 2); !ok {
		return t, false
	}
	if sep == "月" {
		if _, ok = c.oneOf("日", "号"); !ok {
			return t, false
		}
	}
	if c.done() {
		return t, true
	}
	gap := c.spaces()
	if _, tee := c.oneOf("T", "t"); !tee && !gap && sep != "月" {
		return t, false
	}
	return t, c.clock(&t) && c.done()
}

// clock reads a time of day and the zone behind it.
func (c *scan) clock(t *moment) bool {
	half, _ := c.oneOf("上午", "下午")
	c.spaces()
	var ok bool
	if t.h, ok = c.number(1, 2); !ok {
		return false
	}
	t.timed = true
	if sep, _ := c.oneOf(":", "时", "点"); sep != "" {
		if t.min, ok = c.number(1, 2); !ok && sep == ":" {
			return false
		}
		if sep, _ = c.oneOf(":", "分"); sep != "" {
			if t.s, ok = c.number(1, 2); !ok && sep == ":" {
				return false
			}
			c.oneOf("秒")
			if _, ok = c.oneOf(".", ","); ok && c.skipDigits() == 0 {
				return false
			}
		}
	} else {
		return false
	}
	c.spaces()
	if ampm, _ := c.oneOf("AM", "am", "PM", "pm"); ampm != "" {
		half = map[string]string{"AM": "上午", "am": "上午", "PM": "下午", "pm": "下午"}[ampm]
	}
	switch {
	case half == "下午" && t.h < 12:
		t.h += 12
	case half == "上午" && t.h == 12:
		t.h = 0
	}
	c.spaces()
	return c.zone(t)
}

// zone reads Z, +08:00, +0800 or +08, or nothing.
func (c *scan) zone(t *moment) bool {
	sign, ok := c.oneOf("Z", "z", "+", "-")
	if !ok {
		return true
	}
	t.zoned = true
	if sign == "Z" || sign == "z" {
		return true
	}
	h, ok := c.number(2, 2)
	if !ok {
		return false
	}
	c.oneOf(":")
	m := 0
	if !c.done() {
		if m, ok = c.number(2, 2); !ok {
			return false
		}
	}
	t.offset = h*3600 + m*60
	if sign == "-" {
		t.offset = -t.offset
	}
	return h < 15 && m < 60
}

// compactMoment reads 20060102, 200601021504, 20060102150405, and seconds or
// milliseconds since 1970.
func compactMoment(s string) (moment, bool) {
	var t moment
	switch len(s) {
	case 10:
		if s[0] != '1' {
			return t, false
		}
		return unixMoment(s, false)
	case 13:
		return unixMoment(s, true)
	case 8, 12, 14:
	default:
		return t, false
	}
	n := func(from, to int) int {
		v, _ := strconv.Atoi(s[from:to])
		return v
	}
	t.y, t.m, t.d = n(0, 4), n(4, 6), n(6, 8)
	if len(s) > 8 {
		t.timed, t.h, t.min = true, n(8, 10), n(10, 12)
	}
	if len(s) > 12 {
		t.s = n(12, 14)
	}
	return t, true
}

func unixMoment(s string, milli bool) (moment, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return moment{}, false
	}
	if milli {
		n = n / 1000
	}
	if n < -2208988800 || n > 253402300799 {
		return moment{}, false
	}
	return wall(time.Unix(n, 0).In(time.FixedZone("", 8*3600)), true), true
}

// wall is t as a moment in UTC+8, the zone in which times become days.
func wall(t time.Time, zoned bool) moment {
	return moment{y: t.Year(), m: int(t.Month()), d: t.Day(), h: t.Hour(), min: t.Minute(), s: t.Second(),
		timed: true, zoned: zoned, offset: 8 * 3600}
}

// serialMoment reads the serial number of a day as spreadsheet programs count:
// 1 is 1 January 1900 (and 60 a day that never was), or 0 is 1 January 1904.
func serialMoment(s string, since1904 bool) (moment, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f >= 2958466 || since1904 && f >= 2957004 {
		return moment{}, false
	}
	return serial(f, since1904), true
}

func serial(f float64, since1904 bool) moment {
	day := math.Floor(f)
	secs := int(math.Round((f - day) * 86400))
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	m := wall(epoch.AddDate(0, 0, int(day)).Add(time.Duration(secs)*time.Second), false)
	m.timed = secs != 0
	return m
}

// SerialTime returns the serial number of a day and time of a workbook as
// 2006-01-02T15:04:05, or as 2006-01-02 when it has no time of day. It reports
// false when there is no such day.
func SerialTime(f float64, since1904 bool) (string, bool) {
	if math.IsNaN(f) || f < 0 || f >= 2958466 || since1904 && f >= 2957004 {
		return "", false
	}
	t := serial(f, since1904)
	if !t.timed {
		return fmt.Sprintf("%04d-%02d-%02d", t.y, t.m, t.d), true
	}
	return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", t.y, t.m, t.d, t.h, t.min, t.s), true
}

// zoneOf reads an offset such as +08:00 or the name of a zone.
func zoneOf(s string) (*time.Location, error) {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		for _, l := range []string{"-07:00", "-0700", "-07"} {
			if t, err := time.Parse(l, s); err == nil {
				_, off := t.Zone()
				return time.FixedZone(s, off), nil
			}
		}
		return nil, fmt.Errorf("%q is no offset like +08:00", s)
	}
	if s == "UTC" || s == "Z" {
		return time.UTC, nil
	}
	if s == "" || s == "Local" {
		return nil, fmt.Errorf("%q is no time zone; write +08:00 or Asia/Shanghai", s)
	}
	l, err := time.LoadLocation(s)
	if err != nil {
		return nil, fmt.Errorf("%q is no time zone; write +08:00 or Asia/Shanghai", s)
	}
	return l, nil
}

// scan reads a short text from left to right.
type scan struct {
	s string
	i int
}

func (c *scan) done() bool { return c.i == len(c.s) }

func (c *scan) digitsAhead() int {
	n := 0
	for i := c.i; i < len(c.s) && c.s[i] >= '0' && c.s[i] <= '9'; i++ {
		n++
	}
	return n
}

func (c *scan) skipDigits() int {
	n := c.digitsAhead()
	c.i += n
	return n
}

// number reads from lo to hi digits.
func (c *scan) number(lo, hi int) (int, bool) {
	n := min(c.digitsAhead(), hi)
	if n < lo {
		return 0, false
	}
	v := 0
	for _, b := range []byte(c.s[c.i : c.i+n]) {
		v = v*10 + int(b-'0')
	}
	c.i += n
	return v, true
}

func (c *scan) oneOf(words ...string) (string, bool) {
	for _, w := range words {
		if strings.HasPrefix(c.s[c.i:], w) {
			c.i += len(w)
			return w, true
		}
	}
	return "", false
}

func (c *scan) spaces() bool {
	from := c.i
	for c.i < len(c.s) && (c.s[c.i] == ' ' || c.s[c.i] == '\t') {
		c.i++
	}
	return c.i > from
}

// ReadsDate reports whether layout, as source.Column.Dates has it, reads s.
func ReadsDate(layout, s string) bool {
	r, err := newDateReader([]string{layout}, time.UTC, false)
	if err != nil {
		return false
	}
	t, ok := r.layouts[0].read(tidyDate(s), false)
	return ok && t.valid()
}
