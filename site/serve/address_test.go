package serve

import (
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFileName(t *testing.T) {
	tests := []struct{ path, want string }{ // want is empty where the address is refused
		{"/", "index.html"},
		{"/about.html", "about.html"},
		{"/area/370100/", "area/370100/index.html"},
		{"/unit/市建设局.html", "unit/市建设局.html"},
		{"/" + strings.Repeat("a", maxPath-1), strings.Repeat("a", maxPath-1)},
		{"", ""},
		{"about.html", ""},
		{"*", ""},
		{"//about.html", ""},
		{"/a//b", ""},
		{"/a/./b", ""},
		{"/a/../b", ""},
		{"/..", ""},
		{"/../etc/passwd", ""},
		{"/a//", ""},
		{"/a\\..\\b", ""},
		{"/a\x00b", ""},
		{"/a\nb", ""},
		{"/a\x7f", ""},
		{"/\xff", ""},
		{"/" + strings.Repeat("a", maxPath), ""},
	}
	for _, tt := range tests {
		got, ok := fileName(tt.path)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: %q, %t; want %q", tt.path, got, ok, tt.want)
		}
	}
}

func TestCleanPrefix(t *testing.T) {
	tests := []struct {
		prefix, want string
		ok           bool
	}{
		{"", "", true},
		{"/", "", true},
		{"/zwgk/huiyin", "/zwgk/huiyin", true},
		{"/zwgk/huiyin/", "/zwgk/huiyin", true},
		{"zwgk", "/zwgk", true},
		{"//host", "", false},
		{"/a/../b", "", false},
		{"/a?b", "", false},
		{"/a b", "", false},
		{"/政务", "", false},
		{"https://example.org/x", "", false},
	}
	for _, tt := range tests {
		got, ok := cleanPrefix(tt.prefix)
		if got != tt.want || ok != tt.ok {
			t.Errorf("%q: %q, %t; want %q, %t", tt.prefix, got, ok, tt.want, tt.ok)
		}
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"/", "/a/", "/a/b.html", "/../x", "//h/", "/a\\b", "/%2e%2e/", "/\xed\xa0\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, p string) {
		name, ok := fileName(p)
		if !ok {
			if name != "" {
				t.Errorf("a refused address has the name %q", name)
			}
			return
		}
		if name == "" || name != path.Clean(name) || strings.HasPrefix(name, "/") || strings.HasPrefix(name+"/", "../") ||
			strings.ContainsAny(name, "\\\x00\n\r") || !utf8.ValidString(name) {
			t.Errorf("%q gives the name %q", p, name)
		}
		if "/"+name != p && "/"+name != p+"index.html" {
			t.Errorf("%q gives the name of another file, %q", p, name)
		}
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add("bytes=0-9", `"aa"`, `W/"aa", "b"`, "gzip;q=0.5, *;q=0", int64(10))
	f.Add("bytes=-1", "", "*", "identity;q=0", int64(0))
	f.Fuzz(func(t *testing.T, rng, ifRange, ifNone, accept string, size int64) {
		if size < 0 {
			return
		}
		h := map[string][]string{"Range": {rng}, "If-Range": {ifRange}, "If-None-Match": {ifNone}, "Accept-Encoding": {accept}}
		s, partial, ok := ranged(h, `"aa"`, size)
		if ok && (s.off < 0 || s.n < 0 || s.off > size || s.n > size-s.off) {
			t.Errorf("range %v lies outside %d bytes", s, size)
		}
		if !partial && (s != span{0, size} || !ok) {
			t.Errorf("the whole of %d bytes is %v", size, s)
		}
		gzip, plain, prefer := acceptable(h)
		if prefer == gzipped && !gzip || prefer == identity && !plain || prefer == none && (gzip || plain) {
			t.Errorf("prefers coding %d, which is not acceptable", prefer)
		}
		for tag := range tags(ifNone) {
			if len(tag) < 2 || tag[len(tag)-1] != '"' {
				t.Errorf("tag %q", tag)
			}
		}
		conditions(h, `"aa"`)
	})
}
