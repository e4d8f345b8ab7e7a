package drop

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

// choose gives each field its column: by name, and times by what the columns
// hold.
func (k *looker) choose() map[string]*column {
	chosen := map[string]*column{}
	used := map[*column]bool{}
	take := func(f string, c *column) {
		chosen[f] = c
		used[c] = true
	}
	for _, exact := range []bool{true, false} {
		for _, a := range aliases {
			if chosen[a.field] != nil {
				continue
			}
			if c := k.named(a, exact, used); c != nil {
				take(a.field, c)
			}
		}
	}
	if c := chosen[source.FieldKind]; c != nil && chosen[source.FieldTopic] == nil && !speaks(c, kindWords) {
		delete(chosen, source.FieldKind) // not a kind of petition but a subject
		chosen[source.FieldTopic] = c
	}
	if chosen[source.FieldReceived] == nil {
		for _, c := range k.cols {
			if !used[c] && c.filled > 0 && len(dateLayouts(c)) > 0 && dateLayouts(c)[0] != "excel" {
				take(source.FieldReceived, c)
				break
			}
		}
	}
	if c := chosen["key"]; c != nil && (c.values == nil || c.filled < k.report.Rows) {
		if other := k.unique(used); other != nil && c.values == nil {
			k.report.Notes = append(k.report.Notes, fmt.Sprintf("the values of %s repeat; %s is taken for the number", visible(c.name, 40), visible(other.name, 40)))
			chosen["key"] = other
		}
	} else if c == nil {
		if c = k.unique(used); c != nil {
			chosen["key"] = c
		}
	}
	return chosen
}

// named returns the first unused column with one of the names of a field. When
// it need not be exact, a longer Chinese name that ends with one will do.
func (k *looker) named(a alias, exact bool, used map[*column]bool) *column {
	for _, n := range strings.Fields(a.names) {
		fn := foldName(n)
		for _, c := range k.cols {
			if used[c] || isPersonal(c.name) || c.filled == 0 && k.report.Rows > 0 && !exact {
				continue
			}
			f := foldName(c.name)
			if a.field == source.FieldTopic && len(c.words) == 1 && k.report.Rows > 20 {
				continue // says nothing
			}
			if f == fn || !exact && len(fn) >= 6 && fn[0] >= 0x80 && strings.HasSuffix(f, fn) {
				if times[a.field] && c.filled > 0 && len(dateLayouts(c)) == 0 {
					continue
				}
				return c
			}
		}
	}
	return nil
}

var times = map[string]bool{source.FieldReceived: true, source.FieldReplied: true, source.FieldClosed: true, source.FieldDue: true,
	source.FieldDispatched: true, source.FieldFirstResponse: true}

// speaks reports whether most words of a column are in a vocabulary.
func speaks(c *column, v vocabulary) bool {
	known := 0
	for w := range c.words {
		if v.find(w) != "" {
			known++
		}
	}
	return known*2 >= max(len(c.words), 1)
}

// unique returns the first column in which every row has a different, short
// value.
func (k *looker) unique(used map[*column]bool) *column {
	for _, c := range k.cols {
		if !used[c] && c.values != nil && c.filled == k.report.Rows && c.longest <= 40 && c.filled > 1 &&
			len(dateLayouts(c)) == 0 && foldName(c.name) != "序号" && !isPersonal(c.name) {
			return c
		}
	}
	return nil
}

var shortened = regexp.MustCompile(`^\d(\.\d+)?[eE]\+\d+$`)

func ruinedIDs(c *column) bool {
	for _, s := range c.samples {
		if shortened.MatchString(s) {
			return true
		}
	}
	return false
}

func hasHTML(c *column) bool {
	n := 0
	for _, s := range c.samples {
		if strings.Contains(s, "</") || strings.Contains(s, "<br") {
			n++
		}
	}
	return n*5 > len(c.samples)
}

// layoutsTried are the layouts that are not read without being told, month
// before day first.
var layoutsTried = []string{"auto",
	"01/02/2006 03:04:05 PM", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "01/02/2006 15:04:05", "1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006",
	"2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006", "2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006", "2-1-2006 15:04:05", "2-1-2006 15:04", "2-1-2006",
	"Jan 2, 2006 3:04:05 PM", "Jan 2, 2006", "January 2, 2006", "2 Jan 2006 15:04:05", "2 Jan 2006", "2-Jan-2006", "02-Jan-06", "Mon Jan _2 15:04:05 2006", "Mon, 02 Jan 2006 15:04:05 -0700", "excel"}

// dateLayouts returns the fewest layouts that read nearly every value of a
// column, or nil when it holds no dates.
func dateLayouts(c *column) []string {
	var left []string
	for _, s := range c.samples {
		switch s {
		case "-", "--", "/", "无", "N/A", "NULL", "null":
		default:
			left = append(left, s)
		}
	}
	total := len(left)
	var out []string
	for len(out) < 3 && len(left) > 0 {
		best, most := "", 0
		for _, l := range layoutsTried {
			n := 0
			for _, s := range left {
				if l == "excel" && !likeSerial(s) {
					continue
				}
				if source.ReadsDate(l, s) {
					n++
				}
			}
			if n > most {
				best, most = l, n
			}
		}
		if most == 0 {
			break
		}
		out = append(out, best)
		left = slices.DeleteFunc(left, func(s string) bool { return source.ReadsDate(best, s) })
	}
	if total == 0 || len(left)*20 > total {
		return nil
	}
	return out
}

// likeSerial reports whether s is a serial number of the years 1982 to 2064.
func likeSerial(s string) bool {
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && f > 30000 && f < 60000
}

// dayOrMonth reports whether the values would be read as well with day and
// month the other way round.
func dayOrMonth(c *column, layouts []string) bool {
	for _, l := range layouts {
		turned := ""
		switch {
		case strings.HasPrefix(l, "01/02"):
			turned = "02/01" + l[5:]
		case strings.HasPrefix(l, "1/2"):
			turned = "2/1" + l[3:]
		default:
			continue
		}
		all := true
		for _, s := range c.samples {
			all = all && (!source.ReadsDate(l, s) || source.ReadsDate(turned, s))
		}
		if all {
			return true
		}
	}
	return false
}
