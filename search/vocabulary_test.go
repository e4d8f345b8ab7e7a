package search

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const testVocabularyFile = `{
  "fields": {
    "unit": [
      {"id": "gov", "name": "东江市人民政府", "en": "Dongjiang City"},
      {"id": "edu", "name": "东江市教育局", "en": "Education Bureau", "parent": "gov"},
      {"id": "edu-1", "name": "招生考试中心", "en": "Admissions", "parent": "edu"},
      {"id": "housing", "name": "住房和城乡建设局", "en": "Housing Bureau", "parent": "gov"},
      {"id": "water", "name": "自来水公司"}
    ],
    "topic": [{"id": "supply", "name": "供水"}, {"id": "x", "name": "停水/停电"}],
    "kind": [{"id": "complain", "name": "投诉", "en": "Complaint"}, {"id": "help", "name": "求助", "en": "Request for help"}],
    "rating": [{"id": "5/5", "name": "非常满意", "en": "Very satisfied"}, {"id": "4/5", "name": "满意", "en": "Satisfied"}]
  },
  "release": 7, "cutoff": "2026-11-20", "docs": 12
}`

func testVocabulary(t testing.TB) *Vocabulary {
	t.Helper()
	v, err := DecodeVocabulary([]byte(testVocabularyFile))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVocabulary(t *testing.T) {
	v := testVocabulary(t)
	if v.Release != 7 || v.Cutoff != "2026-11-20" || v.Docs != 12 {
		t.Errorf("release %d, cut-off %s, docs %d", v.Release, v.Cutoff, v.Docs)
	}
	for _, test := range []struct {
		field, word string
		want        []string
	}{
		{"unit", "edu", []string{"edu"}},
		{"unit", "东江市教育局", []string{"edu"}},
		{"unit", "東江市教育局", []string{"edu"}},
		{"unit", "education bureau", []string{"edu"}},
		{"unit", "ＥＤＵＣＡＴＩＯＮ－Bureau", []string{"edu"}},
		{"unit", "教育局", []string{"edu"}},
		{"unit", "局", []string{"edu", "housing"}},
		{"unit", "bureau", []string{"edu", "housing"}},
		{"unit", "住建局", nil},
		{"unit", "", nil},
		{"unit", "，", nil},
		{"unit", "EDU", []string{"edu"}}, // of a name, since identifiers are exact
		{"topic", "停水停电", []string{"x"}},
		{"rating", "满意", []string{"4/5"}},
		{"rating", "4/5", []string{"4/5"}},
		{"month", "2026-11", nil},
	} {
		if diff := cmp.Diff(test.want, v.find(test.field, test.word)); diff != "" {
			t.Errorf("Find(%s, %q) (-want +got):\n%s", test.field, test.word, diff)
		}
	}
	for _, test := range []struct {
		field, id string
		want      []string
	}{
		{"unit", "gov", []string{"gov", "edu", "housing", "edu-1"}},
		{"unit", "edu", []string{"edu", "edu-1"}},
		{"unit", "water", []string{"water"}},
		{"unit", "unknown", []string{"unknown"}},
		{"month", "2026-11", []string{"2026-11"}},
	} {
		if diff := cmp.Diff(test.want, v.below(test.field, test.id)); diff != "" {
			t.Errorf("Below(%s, %s) (-want +got):\n%s", test.field, test.id, diff)
		}
	}
	if got, want := v.above("unit", "edu-1"), []string{"edu", "gov"}; !slices.Equal(got, want) {
		t.Errorf("above edu-1: %q, want %q", got, want)
	}
	for _, test := range []struct{ lang, id, want string }{
		{"zh-CN", "edu", "东江市教育局"}, {"en", "edu", "Education Bureau"}, {"en-GB", "edu", "Education Bureau"},
		{"en", "water", "自来水公司"}, {"zh-CN", "unknown", "unknown"}, {"english", "edu", "东江市教育局"},
	} {
		if got := v.Name("unit", test.id).In(test.lang); got != test.want {
			t.Errorf("name of %s in %s: %q, want %q", test.id, test.lang, got, test.want)
		}
	}
	if !v.lists("unit") || v.lists("month") {
		t.Error("Has or Lists is wrong about edu, nobody or the months")
	}
}

func TestNilVocabulary(t *testing.T) {
	var v *Vocabulary
	if v.lists("unit") || v.find("unit", "edu") != nil || v.above("unit", "edu") != nil {
		t.Error("no vocabulary knows something")
	}
	if got := v.Name("unit", "edu"); got != (Label{ZH: "edu"}) {
		t.Errorf("name without a vocabulary: %v", got)
	}
	if got := v.below("unit", "edu"); !slices.Equal(got, []string{"edu"}) {
		t.Errorf("below edu without a vocabulary: %q", got)
	}
}

func TestDamagedVocabulary(t *testing.T) {
	for _, test := range []struct{ name, file, want string }{
		{"nothing", ``, "EOF"},
		{"not JSON", `{`, "unexpected EOF"},
		{"unknown key", `{"fields": {}, "colour": 1}`, "colour"},
		{"text behind it", `{"fields": {}} {}`, "goes on"},
		{"negative docs", `{"docs": -1}`, "docs"},
		{"no such day", `{"cutoff": "2026-11-31"}`, "cut-off"},
		{"no identifier", `{"fields": {"unit": [{"name": "甲"}]}}`, "value 0"},
		{"control character", `{"fields": {"unit": [{"id": "a\u0000"}]}}`, "value 0"},
		{"name with a line feed", `{"fields": {"unit": [{"id": "a", "name": "甲\n乙"}]}}`, `"a"`},
		{"twice", `{"fields": {"unit": [{"id": "a"}, {"id": "a"}]}}`, "twice"},
		{"no such parent", `{"fields": {"unit": [{"id": "a", "parent": "b"}]}}`, "does not exist"},
		{"own parent", `{"fields": {"unit": [{"id": "a", "parent": "a"}]}}`, "themselves"},
		{"circle", `{"fields": {"unit": [{"id": "r"}, {"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}]}}`, "themselves"},
	} {
		v, err := DecodeVocabulary([]byte(test.file))
		if err == nil || v != nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}

// FuzzVocabulary reads any file as a vocabulary: what is taken is taken again as
// it is written out, and each value is found by its identifier and its names.
func FuzzVocabulary(f *testing.F) {
	f.Add([]byte(testVocabularyFile))
	f.Add([]byte(`{"fields": {"unit": [{"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}]}}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		v, err := DecodeVocabulary(file)
		if err != nil {
			return
		}
		written, err := json.Marshal(v.VocabularyFile)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeVocabulary(written)
		if err != nil {
			t.Fatalf("written out it is refused: %v", err)
		}
		if diff := cmp.Diff(v.VocabularyFile, again.VocabularyFile); diff != "" {
			t.Fatalf("written out and read again (-want +got):\n%s", diff)
		}
		for field, values := range v.Fields {
			for _, value := range values {
				for _, word := range []string{value.ID, value.Name, value.EN} {
					if foldName(word) != "" && len(v.find(field, word)) == 0 {
						t.Fatalf("%s: %q is not found by %q", field, value.ID, word)
					}
				}
				if below := v.below(field, value.ID); below[0] != value.ID || len(below) > len(values) {
					t.Fatalf("%s: below %q are %q", field, value.ID, below)
				}
				if above := v.above(field, value.ID); slices.Contains(above, value.ID) {
					t.Fatalf("%s: above %q are %q", field, value.ID, above)
				}
			}
		}
	})
}
