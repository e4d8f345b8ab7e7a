package deadline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// byChannel are rules that hold for cases: two of a track after each other, one that
// rolls, one that starts at dispatch, one for answers.
const byChannel = `rules:
  - {track: hotline, step: conclude, days: 15, unit: working, extend_max: 15, basis: 某办法, until: 2026-09-30}
  - {track: hotline, step: conclude, days: 5, unit: working, basis: 某办法（修订）, from: 2026-10-01}
  - {track: hotline, step: notify, days: 1, unit: working, basis: 某办法}
  - {track: xinfang, step: conclude, starts: dispatched, days: 60, unit: calendar, roll: true, basis: 某条例}
  - {track: foi, step: answer, days: 20, unit: calendar, basis: 某规定}
`

func cases(t *testing.T, tracks map[record.ChannelID]string, other string, notices ...string) *deadline.Cases {
	t.Helper()
	c, err := deadline.NewCases(deadline.Finder{Rules: rules(t, byChannel), Calendar: calendar(t, notices...)}, tracks, other)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCases holds values worked by hand; see notice2026.
func TestCases(t *testing.T) {
	c := cases(t, map[record.ChannelID]string{"letters": "xinfang", "foi": "foi", "web": "hotline"}, "", notice2025, notice2026)
	for _, test := range []struct {
		name                string
		channel             record.ChannelID
		received, dispatch  string
		due, rule           string
		replied, closed     string
		onTime, closeOnTime record.Tri
	}{
		// 29 and 30 September are 2, 8, 9 and (Saturday) 10 October 5, 12 to 16 October 10,
		// 19 to 23 October 15.
		{"over the National Day", "web", "2026-09-28", "", "2026-10-23", "hotline/conclude", "2026-10-23", "2026-10-24", record.Yes, record.No},
		// The Sunday 20 September is worked: it is 1, 21 to 24 are 5, 28 to 30 are 8, 8 to
		// 10 October are 11, 12 to 15 October 15.
		{"from a Saturday over two holidays", "web", "2026-09-19", "", "2026-10-15", "hotline/conclude", "2026-10-16", "", record.No, record.Unknown},
		// The rule of the day: 2 October is in the holiday, 8, 9, 10, 12 and 13 October.
		{"under the later rule", "web", "2026-10-02", "", "2026-10-13", "hotline/conclude/2026-10-01", "", "2026-10-13", record.Unknown, record.Yes},
		// 28 days of August, 30 of September and 2 of October; the 8th is worked.
		{"rolls over the holiday", "letters", "2026-08-01", "2026-08-03", "2026-10-08", "xinfang/conclude", "2026-10-08", "2026-10-09", record.Yes, record.No},
		{"not dispatched", "letters", "2026-08-01", "", "no-start", "", "2026-08-05", "", record.Unknown, record.Unknown},
		{"to be answered", "foi", "2026-09-20", "", "2026-10-10", "foi/answer", "2026-10-10", "", record.Yes, record.Unknown},
		{"into a year without a notice", "web", "2026-12-28", "", "no-calendar-year 2027", "", "2026-12-29", "", record.Unknown, record.Unknown},
		{"a channel without a track", "visits", "2026-09-28", "", "no-rule", "", "2026-09-29", "", record.Unknown, record.Unknown},
		{"replied to before it was received", "web", "2026-09-28", "", "2026-10-23", "hotline/conclude", "2026-09-27", "", record.Unknown, record.Unknown},
	} {
		r := record.Row{Number: "2609-000001", Channel: test.channel, Received: day(test.received)}
		for to, text := range map[*record.Day]string{&r.Dispatched: test.dispatch, &r.RepliedOn: test.replied, &r.ClosedOn: test.closed} {
			if text != "" {
				*to = day(text)
			}
		}
		delivered := r
		found := c.Due(&r)
		if got := found.String(); got != test.due {
			t.Errorf("%s: due %s, want %s", test.name, got, test.due)
		}
		if filled := found.Fill(&r); filled != found.Known() || r.DueRule != test.rule || r.OnTime != test.onTime || r.ClosedOnTime != test.closeOnTime || r.Due != found.Day {
			t.Errorf("%s: filled %v, rule %q, on time %s, closed %s, due %s", test.name, filled, r.DueRule, r.OnTime, r.ClosedOnTime, r.Due)
		}

		// What was delivered wins, and nothing else changes.
		delivered.Due = 1
		want := delivered
		if found.Fill(&delivered) {
			t.Errorf("%s: a delivered due day was replaced", test.name)
		}
		if diff := cmp.Diff(want, delivered); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", test.name, diff)
		}
	}

	// Whether it was in time is delivered without a due day: it stays.
	r := record.Row{Channel: "web", Received: day("2026-09-28"), RepliedOn: day("2026-11-02"), OnTime: record.Yes}
	if c.Due(&r).Fill(&r); r.OnTime != record.Yes {
		t.Error("what was delivered on time is late")
	}
	// The longest extension of the rule: 26 to 30 October, 2 to 6 and 9 to 13 November.
	if got := (deadline.Finder{Rules: c.Rules(), Calendar: c.Calendar()}).Due("hotline", deadline.Conclude, day("2026-09-28"), 15); got.String() != "2026-11-13" {
		t.Errorf("extended: %s", got)
	}
}

func TestApplied(t *testing.T) {
	var got []string
	for _, a := range cases(t, map[record.ChannelID]string{"web": "hotline", "letters": "xinfang", "app": "hotline"}, "xinfang", notice2026).Applied() {
		channels := ""
		for _, c := range a.Channels {
			channels += " " + string(c)
		}
		if a.Others {
			channels += " and others"
		}
		got = append(got, a.ID()+channels)
	}
	want := []string{"hotline/conclude app web", "hotline/conclude/2026-10-01 app web", "xinfang/conclude letters and others"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCasesAreRefused(t *testing.T) {
	for _, test := range []struct {
		rules, track string
		notices      []string
		says         string
	}{
		{byChannel, "visits", nil, "no rule of the track visits"},
		{byChannel, "hotline", nil, "count working days, and there is no holiday notice"},
		{byChannel, "xinfang", nil, "count working days, and there is no holiday notice"}, // it rolls
		{byChannel, "hotline", []string{notice2025, madeUp2099}, "a holiday notice of 2025 and of 2099, and none of 2026"},
		{"rules: [{track: a, step: conclude, starts: accepted, days: 1, unit: calendar, basis: 某}]", "a", nil, "a day that cases do not have: accepted"},
		{"rules: [{track: a, step: notify, days: 1, unit: calendar, basis: 某}]", "a", nil, "for the step conclude or answer"},
	} {
		_, err := deadline.NewCases(deadline.Finder{Rules: rules(t, test.rules), Calendar: calendar(t, test.notices...)}, nil, test.track)
		if msg, hint, _ := fault.Public(err); !strings.Contains(msg, test.says) || hint == "" {
			t.Errorf("%s: %q, hint %q", test.track, msg, hint)
		}
	}
	if c := cases(t, nil, "foi"); c.Due(&record.Row{Received: day("2031-01-01")}).String() != "2031-01-21" {
		t.Error("calendar days want no calendar")
	}
}
