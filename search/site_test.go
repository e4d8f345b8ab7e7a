package search

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMark(t *testing.T) {
	m := Mark{Release: 7, Overlay: 3, Gone: "0123456789ab", Cutoff: "2026-11-20", Docs: 12, Form: SiteForm(), Replaced: []string{"ab12"}, Toward: []int{8}}
	got, err := ParseMark(m.String())
	if diff := cmp.Diff(m, got); err != nil || diff != "" {
		t.Errorf("%s: %v (-want +got):\n%s", m, err, diff)
	}
	if err := CheckMark(m.String()); err != nil {
		t.Error(err)
	}
	short := Mark{Release: 1}
	if got, err := ParseMark(short.String()); err != nil || !cmp.Equal(got, short) {
		t.Errorf("%s reads %v, %v", short, got, err)
	}
	for _, mark := range []string{
		"", "7", "{", "{}", `{"release": 0}`, `{"release": -1}`, `{"release": 1, "overlay": -1}`, `{"release": 1, "docs": -1}`,
		`{"release": 1, "colour": 2}`, `{"release": "1"}`, `{"release": 1} x`, `{"release": 1}{}`,
	} {
		if got, err := ParseMark(mark); err == nil {
			t.Errorf("ParseMark(%s) = %v", mark, got)
		}
	}
}

func FuzzMark(f *testing.F) {
	f.Add(Mark{Release: 7, Overlay: 3, Cutoff: "2026-11-20", Docs: 12, Form: SiteForm(), Replaced: []string{"*"}, Toward: []int{8}}.String())
	f.Add(`{"release": 1, "release": 2}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMark(text)
		if err != nil {
			return
		}
		again, err := ParseMark(m.String())
		if err != nil || again.String() != m.String() {
			t.Fatalf("%q reads %s, and that %s, %v", text, m, again, err)
		}
	})
}

func TestSiteSchema(t *testing.T) {
	if err := CheckSchema(SiteSchema()); err != nil {
		t.Error(err)
	}
	s := SiteSchema()
	s.Text[0] = "changed"
	if SiteSchema().Text[0] != FieldTitle {
		t.Error("one caller's change is seen by others")
	}
	for _, field := range append(append(SiteSchema().Text, SiteSchema().Keyword...), SiteSchema().Number...) {
		if name := FieldName(field); name.EN == "" || name.ZH == field || strings.TrimSpace(name.ZH) == "" {
			t.Errorf("readers call %s %q", field, name)
		}
	}
	for _, field := range filterFields() {
		if CheckQuery(SiteSchema(), Query{Facets: []string{field}}) != nil {
			t.Errorf("readers filter by %s, which documents do not have", field)
		}
	}
	if form := SiteForm(); len(form) != 12 || form != SiteForm() {
		t.Errorf("form %q", form)
	}
}
