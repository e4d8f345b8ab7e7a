package source_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// TestWords compares the words that value tables may lead to with those of
// package record, which package source may not import.
func TestWords(t *testing.T) {
	for field, want := range map[string][]string{
		source.FieldKind:         append(texts(record.Kinds()), source.Accusation),
		source.FieldStatus:       texts(record.Statuses()),
		source.FieldGoneReason:   texts(record.Reasons()),
		source.FieldOutcome:      texts([]record.Outcome{record.Supported, record.Explained, record.NotSupported, record.Adopted, record.NotAdopted, record.Reviewed, record.ReReviewed}),
		source.FieldRatingScale:  texts([]record.RatingScale{record.Five, record.Three, record.Points}),
		source.FieldOrigin:       texts(record.Origins()),
		source.FieldRatingSource: texts([]record.RatingSource{record.ByCitizen, record.ByCallback, record.ByMessage, record.ByPanel}),
	} {
		got := source.Words(field)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the words are %v, those of record %v", field, got, want)
		}
	}
}

func texts[T ~string](list []T) []string {
	var out []string
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

func TestDeriveID(t *testing.T) {
	a := source.DeriveID("u", "市城管局")
	if a != "u-"+a[2:] || len(a) != 14 || !record.ValidID(a) {
		t.Errorf("DeriveID gives %q", a)
	}
	if source.DeriveID("u", "Ａ局") != source.DeriveID("u", "A局") {
		t.Error("the width of a letter changes the identifier")
	}
	if source.DeriveID("u", "甲局") == source.DeriveID("u", "乙局") {
		t.Error("two names have one identifier")
	}
}

// TestDecodeMistakes: whoever writes a mapping is told the line and what is
// wanted there.
func TestDecodeMistakes(t *testing.T) {
	const head = "inputs:\n  - glob: \"*.csv\"\n    key: 编号\n    fields:\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "is empty"},
		{"no yaml", "inputs: [", "sources"},
		{"unknown key", "inputs:\n  - glob: x\n    colum: y\n", `line 3, column 5: unknown field "colum"`},
		{"unknown key of a column", head + "      title: {colunm: 标题}\n", `line 5`},
		{"unknown field", head + "      titel: 标题\n", `line 5, inputs[1].fields.titel: unknown field`},
		{"no input", "zone: \"+08:00\"\n", "inputs: no input is listed"},
		{"no glob", "inputs:\n  - key: a\n", "glob is missing"},
		{"no key", "inputs:\n  - glob: x\n", "key is missing"},
		{"bad kind", "inputs:\n  - glob: x\n    kind: letter\n", `line 3, inputs[1].kind`},
		{"bad zone", "zone: Peking\ninputs: []\n", `line 1, zone: "Peking" is no time zone`},
		{"bad layout", head + "      received: {column: a, dates: [gestern]}\n", `line 5, inputs[1].fields.received.dates: "gestern" is no date layout`},
		{"bad pattern", head + "      title: {column: a, extract: '('}\n", `line 5, inputs[1].fields.title.extract[1]: the regular expression does not compile`},
		{"look-ahead", head + "      title: {column: a, extract: '(?=x)'}\n", `does not compile`},
		{"word not ours", head + "      kind:\n        column: a\n        values:\n          问: ask\n", `line 8, inputs[1].fields.kind.values.问: "ask" is not a word`},
		{"rating not a number", head + "      rating: {column: a, values: {好: good}}\n", "a whole number is wanted"},
		{"constant not ours", head + "      kind: {const: ask}\n", `line 5, inputs[1].fields.kind.const: "ask" is not a word`},
		{"two origins", head + "      title: {column: a, const: b}\n", "exactly one of column, const"},
		{"word twice", head + "      kind: {column: a, values: {问: consult, 问: help}}\n", "问"},
		{"keep a word", head + "      kind: {column: a, other: keep}\n", "cannot be kept"},
		{"empty condition", "inputs:\n  - glob: x\n    key: a\n    skip:\n      - column: b\n", `line 5, inputs[1].skip[1]: a condition has`},
		{"register without name", "inputs:\n  - glob: x\n    kind: unit\n", "a register needs the field name"},
		{"item without day", head + "      timeline: {each: log, item: {what: x}}\n", "an item needs day"},
		{"path", "inputs:\n  - glob: x\n    key: a\n    rows: a..b\n", `line 4, inputs[1].rows: the path has an empty name`},
		{"brace", head + "      title: {template: \"{a\"}\n", "a brace is not closed"},
		{"limit", "limits: {rows: -1}\ninputs: []\n", "cannot be negative"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := source.DecodeMapping([]byte(c.text))
			if err == nil {
				t.Fatal("the mapping is taken")
			}
			msg, hint, _ := fault.Public(err)
			if !strings.Contains(msg, c.want) || hint == "" {
				t.Errorf("the message is %q (%q), want %q in it", msg, hint, c.want)
			}
		})
	}
}

// TestDecodeScalars: codes keep the form in which they are written, so that 01
// and yes need no quotation marks.
func TestDecodeScalars(t *testing.T) {
	m, err := source.DecodeMapping([]byte(`
inputs:
  - glob: x
    key: 编号
    fields:
      status: {column: s, values: {01: closed, 1: pending, yes: replied, null: handling, 1.50: declined}}
      title: [a, b]
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"01", "1", "yes", "", "1.50"}
	got := m.Inputs[0].Fields["status"].Values
	if len(got) != len(want) {
		t.Fatalf("the table is %v", got)
	}
	for i, p := range got {
		if p.From != want[i] && !(want[i] == "" && p.From == "") {
			t.Errorf("line %d of the table is %q, want %q", i+1, p.From, want[i])
		}
	}
	if !slices.Equal(m.Inputs[0].Fields["title"].Column, []string{"a", "b"}) {
		t.Errorf("the aliases are %v", m.Inputs[0].Fields["title"].Column)
	}
}

func FuzzDecodeMapping(f *testing.F) {
	f.Add([]byte("inputs:\n  - glob: x\n    key: a\n    fields:\n      status: {column: s, values: {01: closed}}\n"))
	f.Add([]byte("zone: Asia/Shanghai\ninputs:\n  - kind: unit\n    file: a.csv\n    fields: {name: b}\n"))
	f.Add([]byte("inputs: [{glob: x, key: {any: [{column: a}]}, fields: {timeline: {each: a.*, item: {day: b}}}}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := source.DecodeMapping(text)
		if err != nil {
			if msg, hint, _ := fault.Public(err); hint == "" || msg == "internal error" {
				t.Errorf("an error without a public text: %v", err)
			}
			return
		}
		if _, err := source.Compile(m); err != nil {
			t.Errorf("a mapping that was decoded does not compile: %v", err)
		}
	})
}
