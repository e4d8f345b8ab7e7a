package release

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/site/durable"
)

// pageText is a page of about n bytes, as the theme makes them: markup that
// repeats, and Chinese text that does not.
func pageText(n, seed int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>诉求件 %d</title>"+
		"<link rel=\"stylesheet\" href=\"../style/main.css\"></head><body><header class=\"site-header\"><nav aria-label=\"主导航\">"+
		"<a href=\"../index.html\">首页</a><a href=\"../units.html\">单位</a><a href=\"../months.html\">月份</a></nav></header><main>", seed)
	x := uint64(seed)*2654435761 + 88172645463325252
	for b.Len() < n {
		fmt.Fprintf(&b, "<section class=\"case-part\"><h2>第 %d 段</h2><p>", b.Len())
		for range 60 {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
			// About 1,500 characters, the frequent ones more often, as text has them.
			k := min(x%1500, (x>>20)%1500, (x>>40)%1500)
			b.WriteRune(rune(0x4e00 + k*7))
		}
		b.WriteString("。</p></section>")
	}
	b.WriteString("</main><footer class=\"site-footer\">依法公开</footer></body></html>")
	return b.Bytes()
}

func TestPackIsAnOrdinaryZip(t *testing.T) {
	list := []File{
		{Name: "case/2611-000001.html", Body: pageText(7000, 1), Shows: []string{"2611-000001"}},
		{Name: "附件/说明.pdf", Body: bytes.Repeat([]byte("%PDF"), 500)},
		{Name: "data/all.csv.gz", Body: bytes.Repeat([]byte{0x1f}, 500)},
		{Name: "empty.txt"},
		{Name: "tiny.txt", Body: []byte("x")},
	}
	var buf bytes.Buffer
	w := NewPackWriter(&buf)
	for _, f := range list {
		if err := w.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.AddHidden(".huiyin/search.jsonl", []byte("{\"number\":\"2611-000001\"}\n")); err != nil {
		t.Fatal(err)
	}
	info, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(buf.Bytes())
	if info.Hash != hex.EncodeToString(sum[:]) || info.Bytes != int64(buf.Len()) || info.Files != len(list) {
		t.Errorf("info %+v", info)
	}
	z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for _, in := range list {
			if in.Name == f.Name && !bytes.Equal(in.Body, body) {
				t.Errorf("%s has other bytes", f.Name)
			}
		}
		sum := sha256.Sum256(body)
		if !bytes.Equal(f.Extra, appendExtra(nil, sum)) {
			t.Errorf("%s: extra field % x", f.Name, f.Extra)
		}
		got = append(got, fmt.Sprintf("%s %d %s", f.Name, f.Method, f.Modified.Format("2006-01-02")))
	}
	want := []string{
		"case/2611-000001.html 8 1980-01-01", "data/all.csv.gz 0 1980-01-01", "empty.txt 0 1980-01-01", "tiny.txt 0 1980-01-01",
		"附件/说明.pdf 0 1980-01-01", ".huiyin/cases.json 8 1980-01-01", ".huiyin/search.jsonl 0 1980-01-01",
	}
	for i := range got {
		got[i] = strings.Replace(got[i], "cases.json 0", "cases.json 8", 1) // either is right for so few bytes
	}
	if !slices.Equal(got, want) {
		t.Errorf("entries\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPackDoesNotDependOnTheOrder(t *testing.T) {
	var hashes []string
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 1, 0, 2}} {
		w := NewPackWriter(io.Discard)
		for _, i := range order {
			if err := w.Add(File{Name: fmt.Sprintf("case/%d.html", i), Body: pageText(3000, i), Shows: []string{"2611-000002", "2611-000001"}[i%2:]}); err != nil {
				t.Fatal(err)
			}
		}
		info, err := w.Close()
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, info.Hash)
	}
	if hashes[0] != hashes[1] {
		t.Error("the order of Add shows in the bytes")
	}
}

func TestPackRefuses(t *testing.T) {
	tests := []struct{ name, want string }{
		{"", "empty"}, {"/etc/passwd", "absolute"}, {"a/../b", ".."}, {"./a", "."}, {"a//b", "empty"}, {"a/", "empty"},
		{"a\\b", "backslash"}, {"a\x00b", "control"}, {"a\xffb", "UTF-8"}, {"a\nb", "control"}, {".huiyin/x", "reserved"}, {".huiyin-export.json", "reserved"},
		{".HUIYIN-export.json", "reserved"}, {"gone.txt", "withdrawn pages"}, {strings.Repeat("x", 241), "longer"}, {strings.Repeat("x/", 600) + "y", "longer"},
		{"index.html", "taken"}, {"Index.HTML", "taken"}, {"ÄRGER.html", "taken"},
	}
	w := NewPackWriter(io.Discard)
	for _, name := range []string{"index.html", "ärger.html"} {
		if err := w.Add(File{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range tests {
		err := w.Add(File{Name: tt.name})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.30q: %v, want %q", tt.name, err, tt.want)
		}
	}
	if err := w.Add(File{Name: "b", Shows: []string{`2611"`}}); err == nil {
		t.Error("a number with a quote was taken")
	}
	for _, name := range []string{"search.jsonl", ".huiyin/cases.json", ".huiyin/../x", ".huiyin"} {
		if err := w.AddHidden(name, nil); err == nil {
			t.Errorf("hidden entry %q was taken", name)
		}
	}
	if info, err := w.Close(); err != nil || info.Files != 2 {
		t.Errorf("the pack is spoilt: %+v, %v", info, err)
	}
	if err := w.Add(File{Name: "later"}); err == nil {
		t.Error("added after Close")
	}
}

func TestLargePackStreams(t *testing.T) {
	noise := make([]byte, 5<<20)
	x := uint64(1)
	for i := range noise {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		noise[i] = byte(x)
	}
	w := NewPackWriter(io.Discard)
	for _, name := range []string{"d.bin", "b.bin", "a.bin", "c.bin"} { // the fourth exceeds what is held
		if err := w.Add(File{Name: name, Body: noise}); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.held) != 0 {
		t.Errorf("%d files are held", len(w.held))
	}
	if err := w.Add(File{Name: "c2.bin"}); err == nil {
		t.Error("a file out of order was taken")
	}
	if err := w.Add(File{Name: "e.bin"}); err != nil {
		t.Error(err)
	}
	if _, err := w.Close(); err != nil {
		t.Error(err)
	}
}

// TestZip64 reads a pack with more entries than the old format can count, and
// one that lies behind 5 GiB of nothing in a sparse file.
func TestZip64(t *testing.T) {
	dir := t.TempDir()
	many := filepath.Join(dir, "many.zip")
	f, err := os.Create(many)
	if err != nil {
		t.Fatal(err)
	}
	w := NewPackWriter(f)
	const n = 66_000
	for i := range n {
		if err := w.Add(File{Name: fmt.Sprintf("%06d.txt", i), Body: []byte{byte(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	checkPack(t, many, n, "065999.txt", string([]byte{65999 & 0xff}))

	far := filepath.Join(dir, "far.zip")
	if f, err = os.Create(far); err != nil {
		t.Fatal(err)
	}
	const gap = 5 << 30
	if _, err := f.Seek(gap, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	w = NewPackWriter(f)
	w.zip.SetOffset(gap)
	for _, name := range []string{"a.txt", "b.txt"} {
		if err := w.Add(File{Name: name, Body: []byte("far away")}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	checkPack(t, far, 2, "b.txt", "far away")
}

// checkPack reads a pack with this package and with archive/zip.
func checkPack(t *testing.T, file string, n int, name, body string) {
	t.Helper()
	p, err := openPack(durable.OS{}, file)
	if err != nil {
		t.Fatal(err)
	}
	defer p.release()
	if len(p.hashes) != n {
		t.Errorf("%d files, want %d", len(p.hashes), n)
	}
	for i, h := range p.hashes {
		if h != pathHash(name) {
			continue
		}
		r, err := p.record(int64(p.at[i]))
		if err != nil {
			t.Fatal(err)
		}
		b, err := plain(p.raw(&r), r.method == methodDeflate, r.size, r.crc, r.sum)
		if err != nil || string(b) != body {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != body {
		t.Errorf("archive/zip: %s: %q, %v", name, b, err)
	}
}

func TestLongNames(t *testing.T) {
	var buf bytes.Buffer
	w := NewPackWriter(&buf)
	long := strings.Repeat("a/", 380) + strings.Repeat("b", 240)
	for _, name := range []string{long, "short.txt"} {
		if err := w.Add(File{Name: name, Body: []byte(name)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(file, buf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	checkPack(t, file, 2, long, long)
}

func TestWithoutCases(t *testing.T) {
	numbers := map[string]bool{"2611-000002": true}
	body := "{\"n\":\"2611-000001\"}\n{\"n\":\"2611-000002\",\"t\":\"secret\"}\n{\"n\":\"2611-0000021\"}\n{\"also\":[\"2611-000003\",\"2611-000002\"]}"
	got, ok := withoutCases(".huiyin/search.jsonl", []byte(body), numbers)
	if want := "{\"n\":\"2611-000001\"}\n{\"n\":\"2611-0000021\"}\n"; !ok || string(got) != want {
		t.Errorf("%q, %v", got, ok)
	}
	if _, ok := withoutCases(".huiyin/other.json", []byte(body), numbers); ok {
		t.Error("a hidden entry that names the case was kept")
	}
}
