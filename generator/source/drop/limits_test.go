package drop

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

func isPublic(t *testing.T, err error) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Hint == "" {
		t.Errorf("an error without a public text: %v", err)
	}
}

// one returns the folder with one file and a mapping of 编号 and 内容.
func one(t *testing.T, name string, data []byte) *Drop {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := source.DecodeMapping([]byte("inputs:\n  - glob: \"*\"\n    key: 编号\n    fields: {question: 内容, received: 时间}\n"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(dir, m)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readOne(t *testing.T, d *Drop, raw func(source.Raw) error) error {
	t.Helper()
	list, err := d.Batches(context.Background())
	if err != nil || len(list) != 1 {
		t.Fatalf("%d batches, %v", len(list), err)
	}
	return d.Read(context.Background(), list[0], raw, func(source.Rejected) {})
}

// zeros is a reader of n times the same piece.
type zeros struct {
	piece []byte
	n     int
}

func (z *zeros) WriteTo(w io.Writer) (int64, error) {
	for range z.n {
		if _, err := w.Write(z.piece); err != nil {
			return 0, err
		}
	}
	return int64(z.n) * int64(len(z.piece)), nil
}

func bombSheet(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part := func(name, text string, more *zeros) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if more != nil {
			if _, err := more.WriteTo(w); err != nil {
				t.Fatal(err)
			}
		}
	}
	part("xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>`, nil)
	part("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`, nil)
	rows := bytes.Repeat([]byte(`<row><c t="inlineStr"><is><t>编号</t></is></c></row>`), 1000)
	part("xl/worksheets/sheet1.xml", `<worksheet><sheetData>`, &zeros{rows, (1 << 28) / len(rows)})
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBombs: a small file that unpacks to hundreds of megabytes is refused, in little memory.
func TestBombs(t *testing.T) {
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	if _, err := (&zeros{[]byte(strings.Repeat("编号,内容\n", 10000)), 1 << 9}).WriteTo(w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	inner, err := z.Create("a.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&zeros{[]byte(strings.Repeat("编号,内容\n", 10000)), 1 << 9}).WriteTo(inner); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"sheet.xlsx": bombSheet(t), "a.csv.gz": gz.Bytes(), "a.zip": zipped.Bytes()} {
		t.Run(name, func(t *testing.T) {
			d := one(t, name, data)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			rows := 0
			err := readOne(t, d, func(source.Raw) error { rows++; return nil })
			runtime.ReadMemStats(&after)
			if err == nil || rows > 0 {
				t.Fatalf("%d rows were taken of it", rows)
			}
			isPublic(t, err)
			if msg, _, _ := fault.Public(err); !strings.Contains(msg, "too large") {
				t.Errorf("the message is %q", msg)
			}
			if grown := int64(after.Sys) - int64(before.Sys); grown > 200<<20 {
				t.Errorf("it took %d MiB", grown>>20)
			}
		})
	}
}

// TestStrings: a workbook whose table of strings is over the limit is refused.
func TestStrings(t *testing.T) {
	var b strings.Builder
	b.WriteString("<sst>")
	for i := range 1000 {
		fmt.Fprintf(&b, "<si><t>%01000d</t></si>", i)
	}
	b.WriteString("</sst>")
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook><sheets/></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/sharedStrings" Target="s.xml"/></Relationships>`,
		"xl/s.xml":                   b.String(),
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	c := &content{name: "x.xlsx", raw: true, size: int64(buf.Len()), file: nopCloser{bytes.NewReader(buf.Bytes())}}
	l := source.Limits{Strings: 1 << 19, Unpacked: 1 << 30, Ratio: 1000}
	if _, err := openWorkbook(c, l); !errors.Is(err, errBomb) {
		t.Errorf("the error is %v", err)
	}
}

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }

// TestChanged: a file that changes between listing and reading is refused.
func TestChanged(t *testing.T) {
	d := one(t, "a.csv", []byte("编号,内容\nA1,x\n"))
	list, err := d.Batches(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.root, "a.csv"), []byte("编号,内容\nA1,y\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	err = d.Read(context.Background(), list[0], func(source.Raw) error { t.Error("a row was taken"); return nil }, func(source.Rejected) {})
	if msg, _, _ := fault.Public(err); !strings.Contains(msg, "was changed") {
		t.Errorf("the error is %v", err)
	}
}

// TestRawError: an error of the receiver ends the reading and comes back as it
// is, and a stop is a stop.
func TestRawError(t *testing.T) {
	stop := errors.New("disk full")
	d := one(t, "a.csv", []byte("编号,内容\nA1,x\nA2,y\n"))
	n := 0
	if err := readOne(t, d, func(source.Raw) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Errorf("%v after %d rows", err, n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	list, err := d.Batches(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := d.Read(ctx, list[0], func(source.Raw) error { return nil }, func(source.Rejected) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("after a stop: %v", err)
	}
}

// TestSymlink: a link that leads out of the folder is not followed.
func TestSymlink(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(outside, []byte("编号,内容\nA1,x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	d := one(t, "b.csv", []byte("编号,内容\nB1,x\n"))
	if err := os.Symlink(outside, filepath.Join(d.root, "a.csv")); err != nil {
		t.Fatal(err)
	}
	list, err := d.Batches(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range list {
		err := d.Read(context.Background(), b, func(r source.Raw) error {
			if r.Key == "A1" {
				t.Error("the file outside was read")
			}
			return nil
		}, func(source.Rejected) {})
		if b.Name == "a.csv" && err == nil {
			t.Error("the link is no error")
		}
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, outer, inner string
		want                  bool
	}{
		{"*.csv", "a.CSV", "", true},
		{"*.csv", "dir/a.csv", "", true},
		{"dir/*.csv", "dir/a.csv", "", true},
		{"dir/*.csv", "other/a.csv", "", false},
		{"**/a.csv", "x/y/a.csv", "", true},
		{"**/a.csv", "a.csv", "", true},
		{"{信件,来信}?.csv", "来信1.csv", "", true},
		{"{信件,来信}?.csv", "来信12.csv", "", false},
		{"a.csv", "all.zip", "a.csv", true},
		{"*.zip", "all.zip", "a.csv", true},
		{"all.zip!a*", "all.zip", "a.csv", true},
		{"a[1].csv", "a[1].csv", "", true},
		{"*.csv", "a.csv.gz", "", false},
	} {
		g, err := newGlob(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.matches(c.outer, c.inner); got != c.want {
			t.Errorf("%s and %s %s: %t", c.pattern, c.outer, c.inner, got)
		}
	}
	if _, err := newGlob("{a"); err == nil {
		t.Error("a brace that is not closed is taken")
	}
}

func writeFile(tb testing.TB, path string, data []byte) {
	tb.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		tb.Fatal(err)
	}
}

// TestMemory: whoever keeps the keys of a file does not keep its texts, and the
// reader keeps neither.
func TestMemory(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("编号,内容\n")
	text := strings.Repeat("长", 1000)
	for i := range 10_000 {
		fmt.Fprintf(&b, "%d,%s\n", i, text)
	}
	d := one(t, "a.csv", b.Bytes())
	b = bytes.Buffer{}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var keys []string
	if err := readOne(t, d, func(r source.Raw) error { keys = append(keys, r.Key); return nil }); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("%d keys hold %d MiB", len(keys), grown>>20)
	}
	runtime.KeepAlive(keys)
}
