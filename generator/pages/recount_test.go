package pages_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// recount computes numbers again from rows.csv and published.csv alone, by the words
// of the page on method.
type recount struct {
	rows          []map[string]string            // with what published.csv knows of them
	of            map[string][]map[string]string // rows by period, of those asked for
	areas, topics map[string]string              // parents
	successor     map[string]string              // of units that have ended
	online        map[string]string              // channels: "yes", "no" or not known
	through       map[string][]string            // "view period unit": units ranked through it
}

func newRecount(t testing.TB, p *published) *recount {
	r := &recount{of: map[string][]map[string]string{}, areas: parentsOf(t, p, "areas"), topics: parentsOf(t, p, "topics"), successor: map[string]string{}, online: map[string]string{}, through: map[string][]string{}}
	full := map[string]map[string]string{}
	for _, c := range readCSV(t, p.files["data/channels.csv"]) {
		r.online[c["id"]] = c["online"]
	}
	for _, c := range readCSV(t, p.files["data/published.csv"]) {
		full[c["number"]] = c
	}
	for _, row := range readCSV(t, p.files["data/rows.csv"]) {
		maps.Copy(row, full[row["number"]])
		if (row["prominence"] == "full") != (full[row["number"]] != nil) {
			t.Errorf("%s is %s in rows.csv", row["number"], row["prominence"])
		}
		r.rows = append(r.rows, row)
	}
	for _, u := range readCSV(t, p.files["data/units.csv"]) {
		if u["successor"] != "" {
			r.successor[u["id"]] = u["successor"]
		}
	}
	for path, body := range p.files {
		if strings.HasPrefix(path, "data/rankings/") {
			for _, row := range readCSV(t, body) {
				if row["through"] != "" {
					key := row["view"] + " " + strings.TrimSuffix(row["period"], "/12") + " " + row["through"]
					r.through[key] = append(r.through[key], row["unit"])
				}
			}
		}
	}
	return r
}

// in reports whether a row counts for a scope.
func (r *recount) in(row map[string]string, dim, scope string) bool {
	upward := func(id string, parents map[string]string) bool {
		for ; id != ""; id = parents[id] {
			if id == scope {
				return true
			}
		}
		return false
	}
	switch dim {
	case "all":
		return true
	case "area":
		return upward(row["area"], r.areas)
	case "topic":
		return row["prominence"] == "full" && upward(row["topic"], r.topics)
	}
	return row[dim] == scope
}

func inPeriod(received, period string) bool {
	end, twelve := strings.CutSuffix(period, "/12")
	switch {
	case received > cutoff:
		return false
	case period == "all":
		return true
	case twelve:
		m, _ := record.ParseMonth(end)
		return received[:7] <= end && received[:7] > (m-12).String()
	}
	return strings.HasPrefix(received, period)
}

// received returns the rows of the cases of a period.
func (r *recount) received(period string) []map[string]string {
	rows, ok := r.of[period]
	if !ok {
		for _, row := range r.rows {
			if row["received"] != "" && inPeriod(row["received"], period) {
				rows = append(rows, row)
			}
		}
		r.of[period] = rows
	}
	return rows
}

// value computes a claim; ok is false for what cannot be computed from the rows.
func (r *recount) value(k claim) (string, bool) {
	if what, ok := strings.CutPrefix(k.what, "ranked "); ok {
		view, period, _ := strings.Cut(k.period, " ")
		units := append([]string{k.scope}, r.through[k.period+" "+k.scope]...)
		if len(period) == 7 {
			period += "/12"
		}
		return r.number(what, period, func(row map[string]string) bool {
			unit := row["unit"]
			if next := r.successor[unit]; next != "" && view == "as-it-is" {
				unit = next
			}
			return slices.Contains(units, unit)
		})
	}
	return r.number(k.what, k.period, func(row map[string]string) bool { return r.in(row, k.dim, k.scope) })
}

func (r *recount) number(what, period string, in func(map[string]string) bool) (string, bool) {
	var num, den, unknown, n int
	var days []int
	count := func(share string) {
		switch share {
		case "yes":
			num++
			den++
		case "no":
			den++
		case "":
			unknown++
		}
	}
	by := func(done, on string) string {
		if done == "yes" && on > cutoff {
			return "no"
		}
		return done
	}
	and := func(done, inTime string) string {
		if done == "yes" {
			return inTime
		}
		return done
	}
	scale := map[string]struct {
		scale string
		from  string
	}{assess.MeasureSatisfiedFive: {"five", "3"}, assess.MeasureSatisfiedThree: {"three", "2"}, assess.MeasureSatisfiedPoints: {"points", "4"}}
	for _, row := range r.received(period) {
		if !in(row) {
			continue
		}
		division, class, _ := strings.Cut(what, " ")
		if what == assess.MeasurePublishedOfReceived {
			count(record.TriOf(row["prominence"] == "full").String())
		}
		if what == assess.MeasureOnlineOfReceived {
			count(r.online[row["channel"]])
		}
		if what == assess.MeasureReceived || what == "full" && row["prominence"] == "full" ||
			division == "reason" && row["reason"] == class || division == "topic" && row["prominence"] == "full" && row["topic"] == class {
			n++
		}
		if row["merged_into"] != "" {
			if what == assess.MeasureMerged {
				n++
			}
			continue
		}
		replied, closed := by(row["answered"], row["replied"]), by(row["finished"], row["closed"])
		due := row["due"]
		ofDue := func(share string) {
			if due == "" {
				unknown++
			} else if due <= cutoff {
				count(share)
			}
		}
		took := func(done, n string) {
			switch d, err := strconv.Atoi(n); {
			case done == "" || done == "yes" && err != nil:
				unknown++
			case done == "yes":
				days = append(days, d)
			}
		}
		switch what {
		case assess.MeasureRepliedOfDue:
			ofDue(replied)
		case assess.MeasureOnTimeReply:
			ofDue(and(replied, row["on_time"]))
		case assess.MeasureOnTimeClose:
			ofDue(and(closed, row["closed_on_time"]))
		case assess.MeasureRepliedOfCollected:
			count(replied)
		case assess.MeasureClosedOfReceived:
			count(closed)
		case assess.MeasureMedianDays:
			took(replied, row["days"])
		case assess.MeasureMedianCloseDays:
			took(closed, row["close_days"])
		case assess.MeasureRatingCoverage:
			if replied == "yes" && row["prominence"] != "stub" {
				count(record.TriOf(row["rating"] != "").String())
			}
		}
		if division == "rating-"+row["rating_scale"] && replied == "yes" && row["rating"] != "" && strings.TrimSpace(row["rating"]+" "+row["rating_source"]) == class {
			n++
		}
		if s := scale[what]; s.scale != "" && replied == "yes" && row["rating_scale"] == s.scale && row["rating"] != "" {
			count(record.TriOf(row["rating"] >= s.from).String())
		}
		if division == "days" {
			took(replied, row["days"])
		}
		if division == "close-days" {
			took(closed, row["close_days"])
		}
	}
	division, class, _ := strings.Cut(what, " ")
	switch {
	case what == assess.MeasureReceived || what == "full" || division == "reason" || division == "topic" || what == assess.MeasureMerged || strings.HasPrefix(what, "rating-") && class != "":
		return strconv.Itoa(n), true
	case division == "days" || division == "close-days":
		if class == "unknown" {
			return strconv.Itoa(unknown), true
		}
		from, to, _ := strings.Cut(class, "-")
		low, _ := strconv.Atoi(from)
		high, err := strconv.Atoi(to)
		for _, d := range days {
			if d >= low && (err != nil || d <= high) {
				n++
			}
		}
		return strconv.Itoa(n), true
	case strings.HasPrefix(what, "median-") && what != assess.MeasureMedianDays && what != assess.MeasureMedianCloseDays:
		return "", false
	case strings.HasPrefix(what, "median-"):
		slices.Sort(days)
		switch k := len(days); {
		case k == 0 && unknown > 0:
			return "unknown", true
		case k == 0:
			return "none", true
		default:
			return strconv.FormatFloat(float64(days[(k-1)/2]+days[k/2])/2, 'f', -1, 64) + fmt.Sprintf(" days -%d", unknown), true
		}
	case !slices.Contains([]string{
		assess.MeasureRepliedOfDue, assess.MeasureOnTimeReply, assess.MeasureOnTimeClose, assess.MeasureRepliedOfCollected, assess.MeasureClosedOfReceived,
		assess.MeasureRatingCoverage, assess.MeasureSatisfiedFive, assess.MeasureSatisfiedThree, assess.MeasureSatisfiedPoints, assess.MeasurePublishedOfReceived, assess.MeasureOnlineOfReceived,
	}, what):
		return "", false
	}
	percent := ""
	if den > 0 { // half up, to two decimals
		h := (2*num*10000 + den) / (2 * den)
		percent = fmt.Sprintf("%d.%02d", h/100, h%100)
	}
	return rateText(percent, strconv.Itoa(num), strconv.Itoa(den), strconv.Itoa(unknown)), true
}
