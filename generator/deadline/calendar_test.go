package deadline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// notice2025 and notice2026 are what the notices of these years say.
const notice2025 = `# 国务院办公厅关于2025年部分节假日安排的通知
year: 2025
source: 国办发明电〔2024〕12号
off:
  - {name: 元旦, from: 2025-01-01}
  - {name: 春节, from: 2025-01-28, to: 2025-02-04}
  - {name: 清明节, from: 2025-04-04, to: 2025-04-06}
  - {name: 劳动节, from: 2025-05-01, to: 2025-05-05}
  - {name: 端午节, from: 2025-05-31, to: 2025-06-02}
  - {name: 国庆节、中秋节, from: 2025-10-01, to: 2025-10-08}
worked: [2025-01-26, 2025-02-08, 2025-04-27, 2025-09-28, 2025-10-11]
`

const notice2026 = `# 国务院办公厅关于2026年部分节假日安排的通知
year: 2026
source: 国办发明电〔2025〕7号
off:
  - {name: 国庆节, name_en: National Day, from: 2026-10-01, to: 2026-10-07}
  - {name: 元旦, name_en: New Year, from: 2026-01-01, to: 2026-01-03}
  - {name: 春节, name_en: Spring Festival, from: 2026-02-15, to: 2026-02-23}
  - {name: 清明节, name_en: Qingming, from: 2026-04-04, to: 2026-04-06}
  - {name: 劳动节, name_en: Labour Day, from: 2026-05-01, to: 2026-05-05}
  - {name: 端午节, name_en: Dragon Boat Festival, from: 2026-06-19, to: 2026-06-21}
  - {name: 中秋节, name_en: Mid-Autumn Festival, from: 2026-09-25, to: 2026-09-27}
worked:
  - 2026-01-04
  - 2026-02-14
  - 2026-02-28
  - 2026-05-09
  - 2026-09-20
  - 2026-10-10
`

// madeUp2099 is an invented year.
const madeUp2099 = "year: 2099\nsource: 虚构〔2098〕0号\noff:\n- from: 2099-01-01\n- {from: 2099-12-28, to: 2099-12-31}\nworked: [2099-12-27]\n"

func day(s string) record.Day {
	d, err := record.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func calendar(t testing.TB, texts ...string) *deadline.Calendar {
	t.Helper()
	var files []deadline.File
	for _, text := range texts {
		files = append(files, deadline.File{Name: "holidays.yaml", Text: []byte(text)})
	}
	c, err := deadline.ReadCalendar(files...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestIsWorking(t *testing.T) {
	c := calendar(t, notice2026, notice2025, madeUp2099)
	for _, test := range []struct {
		day            string
		working, known bool
	}{
		{"2024-12-31", false, false}, // a Tuesday, but there is no file for 2024
		{"2025-01-01", false, true},
		{"2025-01-02", true, true},
		{"2025-01-26", true, true}, // a Sunday that is worked
		{"2025-02-04", false, true},
		{"2025-12-31", true, true},
		{"2026-01-01", false, true},
		{"2026-01-02", false, true}, // a Friday
		{"2026-01-04", true, true},  // a Sunday that is worked
		{"2026-01-10", false, true}, // an ordinary Saturday
		{"2026-01-11", false, true},
		{"2026-01-12", true, true},
		{"2026-02-14", true, true}, // a Saturday that is worked
		{"2026-02-23", false, true},
		{"2026-12-31", true, true},
		{"2027-01-01", false, false},
		{"2099-12-25", true, true},
		{"2099-12-26", false, true},
		{"2099-12-27", true, true},
		{"2099-12-31", false, true},
		{"2100-01-01", false, false},
		{"", false, false},
	} {
		working, known := c.IsWorking(day(test.day))
		if working != test.working || known != test.known {
			t.Errorf("IsWorking(%s) = %t, %t, want %t, %t", test.day, working, known, test.working, test.known)
		}
	}
	var none *deadline.Calendar
	if _, known := none.IsWorking(day("2026-01-05")); known || none.Years() != nil {
		t.Error("a calendar without files knows a day")
	}
}

// TestYears checks what is read, and the sums: 2025 has 261 Mondays to Fridays, of
// which 1+6+1+3+1+6 = 18 are off, and 5 weekend days are worked: 248. 2026 has 261
// less 2+6+1+3+1+1+5 = 19, and 6 more: 248.
func TestYears(t *testing.T) {
	c := calendar(t, notice2026, notice2025)
	years := c.Years()
	if len(years) != 2 || years[0].Year != 2025 || years[1].Year != 2026 {
		t.Fatalf("years: %v", years)
	}
	got := years[1]
	if got.Source != "国办发明电〔2025〕7号" || len(got.Off) != 7 || len(got.Worked) != 6 {
		t.Errorf("2026: %v", got)
	}
	want := deadline.Span{Name: "元旦", NameEn: "New Year", First: day("2026-01-01"), Last: day("2026-01-03")}
	if diff := cmp.Diff(want, got.Off[0]); diff != "" {
		t.Errorf("first days off (-want +got):\n%s", diff)
	}
	if one := years[0].Off[0]; one.First != one.Last {
		t.Errorf("a single day off: %v", one)
	}
	for _, test := range []struct {
		from, to string
		want     int
	}{
		{"2024-12-31", "2025-12-31", 248},
		{"2025-12-31", "2026-12-31", 248},
		{"2024-12-31", "2026-12-31", 496},
	} {
		if n, known := c.WorkingDays(day(test.from), day(test.to)); n != test.want || !known {
			t.Errorf("WorkingDays(%s, %s) = %d, %t, want %d", test.from, test.to, n, known, test.want)
		}
	}
	years[0].Off[0].First = 1
	if c.Years()[0].Off[0].First == 1 {
		t.Error("a caller can change the calendar")
	}
}

func TestWorkingDays(t *testing.T) {
	c := calendar(t, notice2025, notice2026)
	for _, test := range []struct {
		from, to string
		n        int
		known    bool
	}{
		{"2026-03-06", "2026-03-06", 0, true},
		{"2026-03-06", "2026-03-07", 0, true}, // Friday to Saturday
		{"2026-03-06", "2026-03-08", 0, true},
		{"2026-03-06", "2026-03-09", 1, true}, // to Monday
		{"2026-03-07", "2026-03-09", 1, true},
		{"2026-03-02", "2026-03-09", 5, true}, // a week
		{"2026-02-13", "2026-02-24", 2, true}, // the Saturday before the holiday and the Tuesday behind it
		{"2025-12-31", "2026-01-04", 1, true},
		{"2026-12-31", "2026-12-31", 0, true},
		{"2027-05-01", "2027-05-01", 0, true}, // no day lies between, so no calendar is needed
		{"2026-12-30", "2027-01-04", 0, false},
		{"2024-12-30", "2025-01-02", 0, false},
		{"2026-03-09", "2026-03-06", 0, false}, // backwards
		{"", "2026-03-06", 0, false},
		{"2026-03-06", "", 0, false},
		{"", "", 0, false},
	} {
		n, known := c.WorkingDays(day(test.from), day(test.to))
		if n != test.n || known != test.known {
			t.Errorf("WorkingDays(%q, %q) = %d, %t, want %d, %t", test.from, test.to, n, known, test.n, test.known)
		}
	}
}

// TestBadCalendar checks that a file that contradicts itself is refused, with the
// line and what to do.
func TestBadCalendar(t *testing.T) {
	const head = "year: 2026\nsource: 虚构1号\n"
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "h.yaml is empty"},
		{"only a comment", "# 2026\n", "h.yaml is empty"},
		{"not UTF-8", "year: \xff\n", "h.yaml is not UTF-8"},
		{"too long", strings.Repeat("#\n", deadline.MaxFile/2) + "#", "h.yaml has 32769 bytes, more than 32768"},
		{"no YAML", "year: [2026\n", "h.yaml, line 1: this is no YAML"},
		{"a list", "- 2026\n", "h.yaml, line 1: the holiday notice wants keys with values here"},
		{"two documents", head + "off: [{from: 2026-01-01}]\n---\nyear: 2027\n", "h.yaml, line 5: a second document begins here"},
		{"unknown key", head + "of:\n- from: 2026-01-01\n", "h.yaml, line 3: the holiday notice has no such key"},
		{"key twice", head + "off: [{from: 2026-01-01}]\nyear: 2027\n", "h.yaml, line 4: "},
		{"key twice, once in quotes", head + "off: [{from: 2026-01-01}]\n\"year\": 2027\n", "h.yaml, line 4: "},
		{"a list as a key", head + "? [off]\n: [{from: 2026-01-01}]\n", "h.yaml, line 4: "},
		{"an alias without an anchor", head + "off: *x\n", "h.yaml, line 3: "},
		{"a key in an anchor", head + "&x off: [{from: 2026-01-01}]\n", "h.yaml, line 3: "},
		{"merged keys", head + "<<: {off: [{from: 2026-01-01}]}\n", "h.yaml, line 3: a word is wanted as a key"},
		{"a tag", "year: !!int 2026\nsource: 虚构1号\noff: [{from: 2026-01-01}]\n", "h.yaml, line 1: year wants a whole number from 1900 to 9999"},
		{"nothing behind a key", "year:\nsource: 虚构1号\noff: [{from: 2026-01-01}]\n", "h.yaml, line 1: year wants a whole number from 1900 to 9999"},
		{"no year", "source: 虚构1号\noff: [{from: 2026-01-01}]\n", "h.yaml, line 1: the holiday notice has no year"},
		{"no source", "year: 2026\noff: [{from: 2026-01-01}]\n", "h.yaml, line 1: the holiday notice has no source"},
		{"no days off", head, "h.yaml, line 1: the holiday notice has no off"},
		{"nothing off", head + "off: []\n", "h.yaml, line 3: there is no day off"},
		{"year in words", "year: 二〇二六\nsource: 虚构1号\noff: [{from: 2026-01-01}]\n", "h.yaml, line 1: year wants a whole number from 1900 to 9999"},
		{"year 26", "year: 26\nsource: 虚构1号\noff: [{from: 2026-01-01}]\n", "h.yaml, line 1: year wants a whole number from 1900 to 9999"},
		{"year 10000", "year: 10000\nsource: 虚构1号\noff: [{from: 2026-01-01}]\n", "h.yaml, line 1: year wants a whole number from 1900 to 9999"},
		{"empty source", "year: 2026\nsource: ''\noff: [{from: 2026-01-01}]\n", "h.yaml, line 2: source wants a text"},
		{"long source", "year: 2026\nsource: " + strings.Repeat("长", 201) + "\noff: [{from: 2026-01-01}]\n", "h.yaml, line 2: source has 201 characters, more than 200"},
		{"source of two lines", "year: 2026\nsource: \"虚构\\n1号\"\noff: [{from: 2026-01-01}]\n", "h.yaml, line 2: source has a character that cannot be shown"},
		{"source that turns", "year: 2026\nsource: \"虚构\\u202E1号\"\noff: [{from: 2026-01-01}]\n", "h.yaml, line 2: source has a character that cannot be shown"},
		{"off is a word", head + "off: 春节\n", "h.yaml, line 3: off wants a list"},
		{"off without from", head + "off:\n- name: 春节\n", "h.yaml, line 4: a run of days off has no from"},
		{"a bare day off", head + "off:\n- 2026-01-01\n", "h.yaml, line 4: a run of days off wants keys with values here"},
		{"unknown key in a run", head + "off:\n- {from: 2026-01-01, till: 2026-01-03}\n", "h.yaml, line 4: a run of days off has no such key"},
		{"no such day", head + "off:\n- from: 2026-02-29\n", "h.yaml, line 4: from wants a day like 2026-02-15"},
		{"another way of writing", head + "off:\n- from: 2026-1-1\n", "h.yaml, line 4: from wants a day like 2026-02-15"},
		{"backwards", head + "off:\n- {from: 2026-01-03, to: 2026-01-01}\n", "h.yaml, line 4: the days off end before they begin"},
		{"a month mistyped", head + "off:\n- {from: 2026-01-01, to: 2026-10-03}\n", "h.yaml, line 4: 276 days off are more than 31"},
		{"a day too long", head + "off:\n- {from: 2026-01-01, to: 2026-02-01}\n", "h.yaml, line 4: 32 days off are more than 31"},
		{"to is a word", head + "off:\n- {from: 2026-01-01, to: 初三}\n", "h.yaml, line 4: to wants a day like 2026-02-15"},
		{"an empty name", head + "off:\n- {name: '', from: 2026-01-01}\n", "h.yaml, line 4: name wants a text"},
		{"an English name in two lines", head + "off:\n- {name_en: \"New\\nYear\", from: 2026-01-01}\n", "h.yaml, line 4: name_en has a character that cannot be shown"},
		{"worked is a day", head + "off:\n- from: 2026-01-01\nworked: 2026-01-04\n", "h.yaml, line 5: worked wants a list"},
		{"worked is a run", head + "off:\n- from: 2026-01-01\nworked:\n- {from: 2026-01-04}\n", "h.yaml, line 6: worked wants a day like 2026-02-15"},
		{"year too early", head + "off:\n- {from: 2025-12-31, to: 2026-01-03}\n", "h.yaml, line 4: 2025-12-31 is not a day of 2026"},
		{"year too late", head + "off:\n- {from: 2026-12-31, to: 2027-01-02}\n", "h.yaml, line 4: 2027-01-01 is not a day of 2026"},
		{"file of another year", "year: 2025\n" + strings.SplitN(notice2026, "\n", 3)[2], "h.yaml, line 4: 2026-10-01 is not a day of 2025"},
		{"overlap", head + "off:\n- {from: 2026-09-25, to: 2026-10-01}\n- {from: 2026-10-01, to: 2026-10-07}\n", "h.yaml, line 5: 2026-10-01 is in line 4 already"},
		{"off and worked", head + "off:\n- {from: 2026-02-14, to: 2026-02-23}\nworked:\n- 2026-02-14\n", "h.yaml, line 6: 2026-02-14 is in line 4 already"},
		{"worked twice", head + "off:\n- from: 2026-01-01\nworked:\n- 2026-02-14\n- 2026-02-14\n", "h.yaml, line 7: 2026-02-14 is in line 6 already"},
		{"worked on a Monday", head + "off:\n- from: 2026-01-01\nworked: [2026-02-16]\n", "h.yaml, line 5: 2026-02-16 is no Saturday or Sunday"},
		{"worked in another year", head + "off:\n- from: 2026-01-01\nworked:\n- 2027-01-02\n", "h.yaml, line 6: 2027-01-02 is not a day of 2026"},
		{"an anchor", head + "off: &x\n- from: 2026-01-01\nworked: *x\n", "h.yaml, line 3: off wants a list"},
	} {
		c, err := deadline.ReadCalendar(deadline.File{Name: "h.yaml", Text: []byte(test.text)})
		refused(t, test.name, err, test.want)
		if c != nil {
			t.Errorf("%s: a calendar beside an error", test.name)
		}
	}
	_, err := deadline.ReadCalendar(deadline.File{Name: "a.yaml", Text: []byte(notice2026)}, deadline.File{Name: "b.yaml", Text: []byte(notice2026)})
	refused(t, "year twice", err, "b.yaml, line 2: the year 2026 is in a.yaml already")
	calendar(t, head+"off:\n- {from: 2026-01-01, to: 2026-01-31}\n") // the longest run that is read
	if c, err := deadline.ReadCalendar(); err != nil || len(c.Years()) != 0 {
		t.Errorf("no files: %v, %v", c, err)
	}
}

// refused checks the public text of an error, and that it says what to do.
func refused(t *testing.T, name string, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: not refused", name)
		return
	}
	msg, hint, _ := fault.Public(err)
	if !strings.HasPrefix(msg, want) {
		t.Errorf("%s: %q, want %q", name, msg, want)
	}
	if len(hint) < 10 {
		t.Errorf("%s: the hint %q does not say what to do", name, hint)
	}
}
