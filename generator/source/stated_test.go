package source_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// found stands in for the registers: every name but 无 has an entry.
func found(kind source.Kind, text string) (string, error) {
	if text == "无" {
		return "", fault.New("there is none", "give another")
	}
	return string(kind) + "-" + text, nil
}

// What a person states is brought into the form in which a mapping delivers the field.
func TestStatedValue(t *testing.T) {
	for _, tt := range []struct{ field, text, want string }{
		{"title", " 路灯 ", "路灯"},
		{"question", "一\r\n二", "一\n二"},
		{"reply", "", ""},
		{"due", "", ""},
		{"received", "2026-11-02", "2026-11-02"},
		{"received", "2026年11月2日", "2026-11-02"},
		{"replied", "2026-11-02 16:30", "2026-11-02T16:30:00+08:00"},
		{"replied", "2026-11-02T16:30:00Z", "2026-11-02T16:30:00+00:00"},
		{"status", "closed", "closed"},
		{"kind", "complain", "complain"},
		{"consent", "否", "no"},
		{"on_site", "yes", "yes"},
		{"rating", "4.0", "4"},
		{"unit", "城管局", "unit-城管局"},
		{"topic", "t", "topic-t"},
		{"co_units", "甲、乙, 甲", "unit-甲\x1funit-乙"},
		{"repeat_of", "2611-000001", "case-2611-000001"},
		{"timeline", `[{"day":"2026-11-02 10:00","what":"转办","unit":"甲"}]`, `[{"day":"2026-11-02","unit":"unit-甲","what":"转办"}]`},
		{"dispatches", `[{"day":"2026-11-02","returned":true,"reason":"<不属>"}, {"day":"2026-11-03","returned":"no"}]`,
			`[{"day":"2026-11-02","reason":"<不属>","returned":true},{"day":"2026-11-03","returned":false}]`},
		{"timeline", `[]`, ""},
	} {
		got, err := source.StatedValue(tt.field, tt.text, "+08:00", found)
		if got != tt.want || err != nil {
			t.Errorf("%s=%s: %q, %v; want %q", tt.field, tt.text, got, err, tt.want)
		}
	}
}

// What has another form is refused with the one that is wanted, and is not repeated.
func TestStatedValueRefuses(t *testing.T) {
	for _, tt := range []struct{ field, text, hint string }{
		{"age", "30", "the fields are "},
		{"merged_into", "2611-000001", "the fields are "},
		{"attachments", "a.pdf", "the fields are "},
		{"nonsense", "x", "the fields are "},
		{"received", "", "give the day"},
		{"received", "昨天某某", "give a day or time"},
		{"status", "某某", "give one of pending, "},
		{"kind", "accusation", "give one of consult, "},
		{"on_site", "某某", "give yes or no"},
		{"rating", "某某", "give a whole number"},
		{"unit", "无", "give another"},
		{"co_units", "甲、无", "give another"},
		{"question", "一\x00", "as UTF-8"},
		{"question", "一\xff", "as UTF-8"},
		{"question", strings.Repeat("字", 1<<19), "as UTF-8"},
		{"timeline", `某某`, "give a JSON array of objects with the members day, text, unit, what, each with day"},
		{"timeline", `[{"what":"某某"}]`, "give a JSON array"},
		{"timeline", `[{"day":"2026-11-02","nonsense":"某某"}]`, "give a JSON array"},
		{"timeline", `[{"day":20261102}]`, "give a JSON array"},
		{"timeline", `[{"day":true}]`, "give a JSON array"},
		{"timeline", `[{"day":"某某"}]`, "give a day or time"},
		{"timeline", `[{"day":"2026-11-02"}] 某某`, "give a JSON array"},
	} {
		got, err := source.StatedValue(tt.field, tt.text, "+08:00", found)
		var f *fault.Error
		if got != "" || !errors.As(err, &f) || !strings.Contains(f.Hint, tt.hint) {
			t.Errorf("%s=%.20q: %q, %v", tt.field, tt.text, got, err)
			continue
		}
		if strings.Contains(f.Msg+f.Hint, "某某") {
			t.Errorf("%s: the value is in the error: %s", tt.field, f.Msg)
		}
	}
}

// Every field of a case can be corrected but those that are counted alone, go with a
// tombstone or with files, or are an act of their own.
func TestStatedFields(t *testing.T) {
	left := slices.DeleteFunc(source.Fields(source.Case), func(f string) bool { return slices.Contains(source.StatedFields(), f) })
	want := []string{"age", "attachments", "gone_reason", "merged_into", "petition_history", "rating_comment", "sex"}
	if !slices.Equal(left, want) {
		t.Errorf("%v", left)
	}
}

// A mapping cannot name its inputs as what the office states is kept.
func TestNoInputIsTheOffice(t *testing.T) {
	_, err := source.DecodeMapping([]byte("inputs:\n  - {stream: \"@office\", glob: \"*.csv\", key: k, fields: {question: q}}\n"))
	if err == nil {
		t.Error("an input may be called @office")
	}
}

// FuzzStatedValue: what is taken is text of the form of its field, and taken again gives
// itself where it needs no register.
func FuzzStatedValue(f *testing.F) {
	for _, field := range source.StatedFields() {
		for _, text := range []string{"", "2026-11-02 16:30", "yes", "7", "甲、乙", `[{"day":"2026-11-02"}]`, "closed"} {
			f.Add(field, text)
		}
	}
	same := func(_ source.Kind, text string) (string, error) { return text, nil }
	f.Fuzz(func(t *testing.T, field, text string) {
		got, err := source.StatedValue(field, text, "+08:00", same)
		if err != nil {
			var public *fault.Error
			if !errors.As(err, &public) || public.Hint == "" {
				t.Fatalf("%v has no public text", err)
			}
			return
		}
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Fatalf("%s=%q gives %q", field, text, got)
		}
		switch field {
		case "received", "replied", "due", "closed", "resolved", "dispatched", "first_response":
			if _, err := time.Parse(time.RFC3339, got); err != nil && got != "" {
				if _, err := time.Parse(time.DateOnly, got); err != nil {
					t.Fatalf("%s=%q gives %q", field, text, got)
				}
			}
		case "timeline", "dispatches", "supervisions":
			if got != "" && !json.Valid([]byte(got)) {
				t.Fatalf("%s=%q gives %q", field, text, got)
			}
		case "co_units":
			return // its separator is none that a person writes
		}
		if again, err := source.StatedValue(field, got, "+08:00", same); again != got || err != nil {
			t.Fatalf("%s=%q gives %q, which gives %q, %v", field, text, got, again, err)
		}
	})
}
