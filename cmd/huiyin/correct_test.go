package main

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
)

// What --set and --set-file say is read field by field, each once.
func TestReadSets(t *testing.T) {
	read := func(path string) (string, error) {
		if path == "none.txt" {
			return "", fault.New("there is no such file", "name another")
		}
		return "text of " + path, nil
	}
	for _, tt := range []struct {
		sets, files []string
		want        map[string]string
		err         string
	}{
		{nil, nil, map[string]string{}, ""},
		{[]string{"unit=城管局", "reply=a=b"}, []string{"question=-"}, map[string]string{"unit": "城管局", "reply": "a=b", "question": "text of -"}, ""},
		{[]string{"due="}, nil, map[string]string{"due": ""}, ""},
		{[]string{" unit = x"}, nil, map[string]string{"unit": " x"}, ""},
		{[]string{"unit"}, nil, nil, "parted by ="},
		{[]string{"=x"}, nil, nil, "parted by ="},
		{nil, []string{"reply"}, nil, "--set-file wants"},
		{[]string{"unit=a", "unit=b"}, nil, nil, "named twice"},
		{[]string{"reply=a"}, []string{"reply=b.txt"}, nil, "named twice"},
		{nil, []string{"reply=-", "title=-"}, nil, "standard input holds one text"},
		{nil, []string{"reply=none.txt"}, nil, "no such file"},
	} {
		got, err := readSets(tt.sets, tt.files, read)
		if tt.err == "" && (err != nil || !maps.Equal(got, tt.want)) || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%q %q: %q, %v", tt.sets, tt.files, got, err)
		}
	}
}

// FuzzReadSets: what is taken gives back each field and its text.
func FuzzReadSets(f *testing.F) {
	f.Add("unit=城管局", "reply=a=b")
	f.Add("unit", "=")
	f.Add(" due =", "due=x")
	f.Fuzz(func(t *testing.T, a, b string) {
		got, err := readSets([]string{a, b}, nil, nil)
		if err != nil {
			var public *fault.Error
			if !errors.As(err, &public) || public.Hint == "" {
				t.Fatalf("%v has no public text", err)
			}
			return
		}
		if len(got) != 2 {
			t.Fatalf("%q and %q give %q", a, b, got)
		}
		for _, arg := range []string{a, b} {
			field, text, _ := strings.Cut(arg, "=")
			if got[strings.TrimSpace(field)] != text {
				t.Fatalf("%q gives %q", arg, got)
			}
		}
	})
}

// An error repeats a name, and never what may be the text of a case.
func TestCalled(t *testing.T) {
	for name, want := range map[string]string{
		"某某局":                   `"某某局"`,
		"a\nb":                  `"a\nb"`,
		strings.Repeat("局", 40): `"` + strings.Repeat("局", 40) + `"`,
		strings.Repeat("局", 41): "that",
	} {
		if got := called(name); got != want {
			t.Errorf("%q: %s", name, got)
		}
	}
}
