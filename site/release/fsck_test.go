package release_test

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
)

// TestFsckSeesEveryByte changes each byte of a pack and of one that was rewritten,
// one at a time: there is none whose change goes unnoticed.
func TestFsckSeesEveryByte(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, parts{"case": siteA["case/2611/0000"], "home": siteA["home"]})
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
		t.Fatal(err)
	}
	sound(t, "untouched", s)
	all := fsys.Files()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if path.Ext(name) != ".zip" {
			continue
		}
		for i := range len(all[name]) {
			b := []byte(all[name])
			b[i] ^= 0x10
			if err := durable.WriteFile(fsys, name, b); err != nil {
				t.Fatal(err)
			}
			r, err := open(t, fsys).Fsck(t.Context())
			if err != nil || len(r.Problems) == 0 {
				t.Fatalf("byte %d of %s: %v", i, name, err)
			}
		}
		if err := durable.WriteFile(fsys, name, []byte(all[name])); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFsckSays(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(all map[string]string) (file, text string)
		want  string
	}{
		{"pack is missing", func(all map[string]string) (string, string) { return packOf(all, "style"), "" }, "release 1, partition style): it is missing"},
		{"pack is of nobody", func(map[string]string) (string, string) {
			return dir + "/packs/ab/" + strings.Repeat("ab", 32) + ".zip", "x"
		}, "belongs to no release"},
		{"manifest is of nobody", func(map[string]string) (string, string) { return dir + "/releases/000009.json", "x" }, "releases/000009.json belongs to no release"},
		{"left over", func(map[string]string) (string, string) { return dir + "/packs/.tmp-1", "x" }, "left over from a crash"},
		{"manifest is damaged", func(map[string]string) (string, string) { return dir + "/releases/000001.json", "{" }, "000001.json of the releases is damaged"},
		{"manifest is missing", func(map[string]string) (string, string) { return dir + "/releases/000002.json", "" }, "the current release 2 has no manifest"},
		{"pointer is damaged", func(map[string]string) (string, string) { return dir + "/current", "{}" }, "current of the releases is damaged"},
		{"manifest counts wrongly", func(all map[string]string) (string, string) {
			name := dir + "/releases/000001.json"
			return name, strings.Replace(all[name], `"files": 1`, `"files": 7`, 1)
		}, "the manifest says 7 files"},
		{"a withdrawn case is shown", func(map[string]string) (string, string) {
			return dir + "/overlay.json", `{"format":1,"generation":1,"packs":{},"gone":[{"number":"2611-000002","reason":"","day":"","path":"case/2611-000002.html"}]}`
		}, `file "case/2611-000002.html" shows a withdrawn case`},
	}
	for _, tt := range tests {
		fsys := newFS()
		s := open(t, fsys)
		mustPublish(t, fsys, s, siteA)
		mustPublish(t, fsys, s, siteB)
		file, text := tt.spoil(fsys.Files())
		if err := durable.MkdirAll(fsys, path.Dir(file)); err != nil {
			t.Fatal(err)
		}
		if text == "" {
			if err := durable.Remove(fsys, file); err != nil {
				t.Fatal(err)
			}
		} else if err := durable.WriteFile(fsys, file, []byte(text)); err != nil {
			t.Fatal(err)
		}
		r, err := open(t, fsys).Fsck(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(r.Problems, "\n"); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
	}
}

// packOf returns the file of a partition's pack in release 1.
func packOf(all map[string]string, key string) string {
	var m release.Manifest
	if err := json.Unmarshal([]byte(all[dir+"/releases/000001.json"]), &m); err != nil {
		panic(err)
	}
	for _, p := range m.Partitions {
		if p.Key == key {
			return dir + "/packs/" + p.Pack[:2] + "/" + p.Pack + ".zip"
		}
	}
	return ""
}
