package release

import (
	"bytes"
	"io"
	"reflect"
	"strings"
	"testing"
)

var someHash = strings.Repeat("ab", 32)

// again checks that a value that was read is written and read the same.
func again[T any](t *testing.T, v T, parse func([]byte) (T, error)) {
	t.Helper()
	b, err := encodeJSON(v)
	if err != nil {
		t.Fatal(err)
	}
	w, err := parse(b)
	if err != nil {
		t.Fatalf("its own form is refused: %v", err)
	}
	c, err := encodeJSON(w)
	if err != nil || !bytes.Equal(b, c) {
		t.Fatalf("it changes when it is written again: %v", err)
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"format":1,"release":3,"cutoff":"2026-11-23","inputs":"x","partitions":[{"key":"case/2611/0000","fingerprint":"f","pack":"` + someHash + `","files":3,"bytes":4}]}`))
	f.Add([]byte(`{"format":2}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parseManifest(b)
		if err != nil {
			return
		}
		for _, p := range m.Partitions {
			if strings.Contains(packPath(p.Pack), "..") {
				t.Fatalf("pack %q leads out of the folder", p.Pack)
			}
		}
		again(t, m, parseManifest)
	})
}

func FuzzPointer(f *testing.F) {
	f.Add([]byte(`{"format":1,"release":3,"last":4,"overlay":2}`))
	f.Add([]byte(`{"format":1,"release":3,"last":4,"overlay":2}{}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parsePointer(b)
		if err != nil {
			return
		}
		again(t, p, parsePointer)
	})
}

func FuzzOverlay(f *testing.F) {
	f.Add([]byte(`{"format":1,"generation":2,"gone":[{"number":"2611-000002","unit":"a","reason":"r","day":"d","path":"case/2611-000002.html"}],` +
		`"packs":{"` + someHash + `":{"file":"` + someHash + `","drop":["a.html"],"pending":true}},"unswept":["2611-000002"]}`))
	f.Add([]byte(`{"format":1,"generation":1,"packs":{"x":null}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := parseOverlay(b)
		if err != nil {
			return
		}
		for _, g := range o.Gone {
			if checkName(g.Path) != nil {
				t.Fatalf("path %q", g.Path)
			}
		}
		again(t, o, parseOverlay)
	})
}

func FuzzExportState(f *testing.F) {
	f.Add([]byte(`{"format":1,"partitions":[{"key":"a","pack":"","files":["a.html","b/c.html"]}],"tombstones":[{"path":"case/1.html","sum":""}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		st, err := parseExportState(b)
		if err != nil {
			return
		}
		for name := range st.files() {
			if strings.HasPrefix(name, "/") || strings.Contains("/"+name+"/", "/../") {
				t.Fatalf("file %q leads out of the folder", name)
			}
		}
		again(t, st, parseExportState)
	})
}

func FuzzCases(f *testing.F) {
	f.Add([]byte(`{"case/2611-000001.html":["2611-000001"]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		shows, err := parseCases(b)
		if err != nil {
			return
		}
		w, err := parseCases(encodeCases(shows))
		if err != nil || !reflect.DeepEqual(shows, w) {
			t.Fatalf("%v; %v", w, err)
		}
	})
}

func FuzzExtra(f *testing.F) {
	f.Add(appendExtra(nil, [32]byte{1}), false, false, false)
	f.Add(append(appendExtra(nil, [32]byte{1}), 1, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8), false, false, true)
	f.Fuzz(func(t *testing.T, b []byte, size, stored, local bool) {
		x, err := parseExtra(b, size, stored, local)
		if err == nil && !bytes.HasPrefix(b, appendExtra(nil, x.sum)) {
			t.Fatal("the hash is not that of the field")
		}
	})
}

// FuzzPack reads damaged packs: with no crash, no huge allocation, and no entry
// that lies outside the pack.
func FuzzPack(f *testing.F) {
	var buf bytes.Buffer
	w := NewPackWriter(&buf)
	for _, file := range []File{{Name: "a.html", Body: pageText(300, 1), Shows: []string{"2611-000001"}}, {Name: "图/b.png", Body: []byte("png")}} {
		if err := w.Add(file); err != nil {
			f.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		dir, d, err := readDirectory(r, int64(len(b)))
		if err != nil {
			return
		}
		_ = walkDirectory(dir, d, func(_ int, rec *record) error {
			if rec.local < 0 || rec.size < 0 || rec.stored < 0 {
				t.Fatalf("entry at %d of %d bytes", rec.local, rec.stored)
			}
			if rec.end() > d.off {
				return nil // the walk refuses it at the end
			}
			_, _ = plain(io.NewSectionReader(r, rec.data(), rec.stored), rec.method == methodDeflate, rec.size, rec.crc, rec.sum)
			return nil
		})
	})
}
