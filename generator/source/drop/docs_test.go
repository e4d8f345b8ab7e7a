package drop_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/source"
)

const guide = "../../../docs/mapping.md"

var block = regexp.MustCompile("(?ms)^```(\\w+) (\\S+)\n(.*?)^```$")

// TestGuide reads the worked example of docs/mapping.md and compares it with
// what the text says comes out.
func TestGuide(t *testing.T) {
	text := string(read(t, guide))
	dir := t.TempDir()
	var mapping, want string
	for _, m := range block.FindAllStringSubmatch(text, -1) {
		switch m[2] {
		case "mapping":
			mapping = m[3]
		case "want":
			want = m[3]
		default:
			write(t, filepath.Join(dir, m[2]), []byte(m[3]))
		}
	}
	got := readAll(t, dir, mapping)
	if *update {
		must(t, os.WriteFile(guide, []byte(strings.Replace(text, want, got, 1)), 0o644))
		return
	}
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("the guide says something else (-guide +got):\n%s", d)
	}
}

// TestEverythingIsDocumented: no key, field, word or code is missing from
// docs/mapping.md.
func TestEverythingIsDocumented(t *testing.T) {
	text := string(read(t, guide))
	said := func(word string) bool {
		return regexp.MustCompile(`[^\w-]` + regexp.QuoteMeta(word) + `[^\w-]`).MatchString(text)
	}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for slices.Contains([]reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Map}, typ.Kind()) {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			f := typ.Field(i)
			if key := f.Tag.Get("yaml"); key != "" && !said(key) {
				t.Errorf("the key %s of %s is not documented", key, typ.Name())
			}
			walk(f.Type)
		}
	}
	walk(reflect.TypeFor[source.Mapping]())
	for _, kind := range []source.Kind{source.Case, source.Unit, source.Area, source.Topic, source.Channel, source.Assessment, source.Accountability} {
		for _, f := range source.Fields(kind) {
			if !said(f) {
				t.Errorf("the field %s of %s is not documented", f, kind)
			}
			for _, w := range source.Words(f) {
				if !said(w) {
					t.Errorf("the word %s of %s is not documented", w, f)
				}
			}
		}
	}
	for _, c := range source.Codes() {
		if !said("`" + c + "`") {
			t.Errorf("the code %s is not documented", c)
		}
		if x := source.Reject(source.Where{}, "", c, false); x.Reason == "" || x.Hint == "" {
			t.Errorf("the code %s has no public text", c)
		}
	}
}
