package deadline

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/yamlfile"
)

// Step is what has to be done by a deadline.
type Step string

// The steps. The list is closed: [ReadRules] refuses others.
const (
	Forward  Step = "forward"  // pass the case on to the office in charge (转送、交办)
	Notify   Step = "notify"   // tell the writer that and how it is handled (告知)
	Object   Step = "object"   // say that it was sent to the wrong office (提出异议)
	Conclude Step = "conclude" // finish the case (办结)
	Answer   Step = "answer"   // answer an application (答复)
	Publish  Step = "publish"  // publish information (公开)
)

// Steps returns the steps in the order in which they are taken.
func Steps() []Step { return []Step{Forward, Notify, Object, Conclude, Answer, Publish} }

// Start is the kind of day on which the clock of a rule starts.
type Start string

// The kinds of day.
const (
	Received   Start = "received"   // receipt (收到之日)
	Dispatched Start = "dispatched" // dispatch to the office in charge (交办之日)
	Accepted   Start = "accepted"   // acceptance (受理之日)
	Made       Start = "made"       // making or changing of what is to be published (形成或者变更之日)
)

// Starts returns the kinds of day.
func Starts() []Start { return []Start{Received, Dispatched, Accepted, Made} }

// DayUnit is the kind of days in which a period is counted.
type DayUnit string

// The two kinds of days.
const (
	CalendarDays DayUnit = "calendar" // 日
	WorkingDays  DayUnit = "working"  // 工作日
)

// Rule is one deadline. It holds for what starts from From to Until, both
// included; zero means that there is no such limit.
type Rule struct {
	Track     string // the operator's word for a way of handling, such as xinfang; see [record.ValidID]
	Step      Step
	Starts    Start
	Days      int // 1 to [MaxDays]
	Unit      DayUnit
	ExtendMax int  // most days by which it may be extended, 0 to [MaxDays]
	Roll      bool // where the last day is a day off, end on the next working day; only with CalendarDays
	Basis     string
	BasisEn   string // the basis in English; "" where only Basis is given
	From      record.Day
	Until     record.Day
}

// holds reports whether the rule is in force on a day.
func (r *Rule) holds(day record.Day) bool {
	return r.From <= day && (r.Until == 0 || day <= r.Until)
}

// Rules are the deadlines of an installation. They do not change and are safe for
// concurrent use. Nil Rules are none.
type Rules struct {
	all []Rule // by track, step and first day
}

// ReadRules reads the rules:
//
//	rules:
//	  - track: xinfang            # the office's own word: small letters, digits, hyphens
//	    step: conclude            # forward, notify, object, conclude, answer or publish
//	    starts: accepted          # received (where left out), dispatched, accepted or made
//	    days: 60
//	    unit: calendar            # calendar or working
//	    extend_max: 30            # 0 where left out
//	    roll: true                # false where left out
//	    basis: 《信访工作条例》第三十四条
//	    basis_en: Regulations on Petitions, article 34
//	    from: 2022-05-01          # by the day on which the clock starts
//	    until: 2029-12-31
//
// track, step, days, unit and basis must be there. It is strict as [ReadCalendar]
// is. Two rules for one step of a track may not hold on the same day, and all
// rules for one step of a track start on the same kind of day.
func ReadRules(file File) (*Rules, error) {
	r := newReader(file.Name)
	body, err := r.document(file.Text)
	if err != nil {
		return nil, err
	}
	const what = "the file of deadlines"
	all, err := r.fields(what, body, "rules")
	if err != nil {
		return nil, err
	}
	if err := r.wanted(what, yamlfile.Line(body), all, "rules"); err != nil {
		return nil, err
	}
	items, err := r.Items(all["rules"])
	if err != nil {
		return nil, err
	}
	type at struct {
		Rule
		line int
	}
	type key struct {
		track string
		step  Step
	}
	seen := map[key][]at{}
	rules := &Rules{}
	for _, f := range items {
		rule, err := r.rule(f)
		if err != nil {
			return nil, err
		}
		k := key{rule.Track, rule.Step}
		for _, other := range seen[k] {
			switch {
			case rule.overlaps(&other.Rule):
				return nil, r.ErrorAt(f.Line, "end the earlier one with until, the day before from of the later one", "this rule and that of line %d hold on the same days", other.line)
			case rule.Starts != other.Starts:
				return nil, r.ErrorAt(f.Line, "give both the same starts, or another track", "the rule of line %d for this step starts on another kind of day", other.line)
			}
		}
		seen[k] = append(seen[k], at{rule, f.Line})
		rules.all = append(rules.all, rule)
	}
	slices.SortFunc(rules.all, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(a.Track, b.Track), cmp.Compare(a.Step, b.Step), cmp.Compare(a.From, b.From))
	})
	return rules, nil
}

// overlaps reports whether there is a day on which both rules hold.
func (r *Rule) overlaps(other *Rule) bool {
	end := func(r *Rule) record.Day {
		if r.Until == 0 {
			return math.MaxInt32
		}
		return r.Until
	}
	return r.From <= end(other) && other.From <= end(r)
}

// rule reads one rule.
func (r reader) rule(f field) (rule Rule, err error) {
	const what = "a rule"
	all, err := r.fields(what, f.Value, "track", "step", "starts", "days", "unit", "extend_max", "roll", "basis", "basis_en", "from", "until")
	if err != nil {
		return rule, err
	}
	if err := r.wanted(what, f.Line, all, "track", "step", "days", "unit", "basis"); err != nil {
		return rule, err
	}
	rule.Starts = Received
	for _, read := range []struct {
		key string
		do  func(field) error
	}{
		{"track", func(f field) (err error) {
			if rule.Track, err = r.text(f); err == nil && !record.ValidID(rule.Track) {
				err = r.ErrorAt(f.Line, "write one to 64 small letters, digits and hyphens, such as xinfang", "track is not a word like xinfang")
			}
			return err
		}},
		{"step", func(f field) (err error) { rule.Step, err = word(r, f, Steps()); return err }},
		{"starts", func(f field) (err error) { rule.Starts, err = word(r, f, Starts()); return err }},
		{"days", func(f field) (err error) { rule.Days, err = r.number(f, 1, MaxDays); return err }},
		{"unit", func(f field) (err error) {
			rule.Unit, err = word(r, f, []DayUnit{CalendarDays, WorkingDays})
			return err
		}},
		{"extend_max", func(f field) (err error) { rule.ExtendMax, err = r.number(f, 0, MaxDays); return err }},
		{"roll", func(f field) (err error) { rule.Roll, err = r.Flag(f); return err }},
		{"basis", func(f field) (err error) { rule.Basis, err = r.text(f); return err }},
		{"basis_en", func(f field) (err error) { rule.BasisEn, err = r.text(f); return err }},
		{"from", func(f field) (err error) { rule.From, err = r.day(f); return err }},
		{"until", func(f field) (err error) { rule.Until, err = r.day(f); return err }},
	} {
		if f, ok := all[read.key]; ok {
			if err := read.do(f); err != nil {
				return rule, err
			}
		}
	}
	switch {
	case rule.Until != 0 && rule.Until < rule.From:
		return rule, r.ErrorAt(all["until"].Line, "exchange from and until, or correct one of them", "the rule ends before it begins")
	case rule.Roll && rule.Unit == WorkingDays:
		return rule, r.ErrorAt(all["roll"].Line, "take roll out, or count in calendar days", "a period in working days ends on a working day and never rolls")
	}
	return rule, nil
}

// word reads one of a list of words.
func word[T ~string](r reader, f field, words []T) (T, error) {
	s, _ := yamlfile.Scalar(f.Value)
	if !contains(words, T(s)) {
		return "", r.ErrorAt(f.Line, "write one of "+list(words), "%s is none of the words for it", f.Key)
	}
	return T(s), nil
}

func contains[T comparable](words []T, w T) bool { return slices.Contains(words, w) }

// list returns words with commas between them.
func list[T ~string](words []T) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(words), " ", ", "), "[]")
}

// All returns the rules by track, step and first day.
func (r *Rules) All() []Rule {
	if r == nil {
		return nil
	}
	return slices.Clone(r.all)
}

// Starts returns the kind of day on which the clock of a step starts, which is the
// day that [Finder.Due] wants; ok is false when there is no rule for the step.
func (r *Rules) Starts(track string, step Step) (starts Start, ok bool) {
	if rules := r.of(track, step); len(rules) > 0 {
		return rules[0].Starts, true
	}
	return "", false
}

// of returns the rules for one step of a track.
func (r *Rules) of(track string, step Step) []Rule {
	if r == nil {
		return nil
	}
	at := func(after int) int { // index of the first rule that compares so
		i, _ := slices.BinarySearchFunc(r.all, 0, func(rule Rule, _ int) int {
			if cmp.Or(cmp.Compare(rule.Track, track), cmp.Compare(rule.Step, step)) < after {
				return -1
			}
			return 1
		})
		return i
	}
	return r.all[at(0):at(1)]
}
