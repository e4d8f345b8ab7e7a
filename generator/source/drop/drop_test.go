package drop_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/drop"
)

var update = flag.Bool("update", false, "write what was read into the files of testdata")

// TestRead reads each file of testdata: a mapping, the exports, and what is to
// come out. Lines of the comment that begin with ! turn an export into what
// cannot be shown as text; see prepare.
func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var mapping, want string
			for _, f := range a.Files {
				switch f.Name {
				case "mapping.yaml":
					mapping = string(f.Data)
				case "want":
					want = string(f.Data)
				default:
					write(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
				}
			}
			prepare(t, dir, string(a.Comment))
			got := readAll(t, dir, mapping)
			if *update {
				a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
				a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); d != "" {
				t.Errorf("what was read differs (-want +got):\n%s", d)
			}
		})
	}
}

// readAll reads every batch of a folder and writes down what comes out.
func readAll(t *testing.T, dir, mapping string) string {
	t.Helper()
	var b strings.Builder
	m, err := source.DecodeMapping([]byte(mapping))
	if err != nil {
		return "mapping: " + public(err) + "\n"
	}
	d, err := drop.New(dir, m)
	if err != nil {
		return "new: " + public(err) + "\n"
	}
	ctx := context.Background()
	batches, err := d.Batches(ctx)
	if err != nil {
		return "batches: " + public(err) + "\n"
	}
	for _, batch := range batches {
		fmt.Fprintf(&b, "batch %s as of %q\n", batch.Name, batch.AsOf)
		err := d.Read(ctx, batch,
			func(r source.Raw) error { writeRaw(&b, r); return nil },
			func(x source.Rejected) { writeRejected(&b, x) })
		if err != nil {
			fmt.Fprintf(&b, "  error: %s\n", public(err))
		}
	}
	others, err := d.Ignored(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(others) > 0 {
		fmt.Fprintf(&b, "ignored %s\n", strings.Join(others, " "))
	}
	return b.String()
}

// TestLook looks at each export of testdata/look, and reads it with the mapping
// that was proposed, as it was proposed.
func TestLook(t *testing.T) {
	files, err := filepath.Glob("testdata/look/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata/look", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			must(t, err)
			dir := t.TempDir()
			var want string
			for _, f := range a.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					write(t, filepath.Join(dir, f.Name), f.Data)
				}
			}
			prepare(t, dir, string(a.Comment))
			entries, err := os.ReadDir(dir)
			must(t, err)
			var b strings.Builder
			r, err := drop.Look(filepath.Join(dir, entries[0].Name()))
			if err != nil {
				fmt.Fprintf(&b, "error: %s\n", public(err))
			} else {
				must(t, second(r.WriteTo(&b)))
				if section, ok := sources(r.Mapping); ok {
					b.WriteString(readAll(t, dir, section))
				}
			}
			if *update {
				a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
				a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(b.String())})
				must(t, os.WriteFile(file, txtar.Format(a), 0o644))
				return
			}
			if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(b.String(), "\n")); d != "" {
				t.Errorf("the report differs (-want +got):\n%s", d)
			}
		})
	}
}

// sources returns the section of a configuration that is called so.
func sources(config string) (string, bool) {
	_, section, ok := strings.Cut(config, "\nsources:\n")
	var b strings.Builder
	for line := range strings.Lines(section) {
		b.WriteString(strings.TrimPrefix(line, "  "))
	}
	return b.String(), ok
}

// FuzzLook: whatever a file holds, its proposal is a mapping that can be read,
// or the error has a public text.
func FuzzLook(f *testing.F) {
	f.Add([]byte("受理编号,状态,来信时间\nA1,办结,2026-10-01\nA2,\"转 #办\",2026/10/02\n"))
	f.Add([]byte("id;c d;created_date\n1;\u202ex;01/02/2026\n"))
	f.Add([]byte(`{"a.b": [{"id": 1, "status": "Open: x", "é\"": null}]}`))
	f.Add([]byte(`{"00": [{"": null}]}`))
	f.Add([]byte("<table><tr><td>编号<td>状态<tr><td>1<td>&lt;</table>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "x.csv")
		must(t, os.WriteFile(path, data, 0o600))
		r, err := drop.Look(path)
		if err != nil {
			if strings.HasPrefix(public(err), "NOT PUBLIC") {
				t.Error(public(err))
			}
			return
		}
		if section, ok := sources(r.Mapping); ok {
			if _, err := source.DecodeMapping([]byte(section)); err != nil {
				t.Errorf("%v in\n%s", err, r.Mapping)
			}
		}
	})
}

func public(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return "NOT PUBLIC " + err.Error()
	}
	return f.Msg + " / " + f.Hint
}

func writeRaw(b *strings.Builder, r source.Raw) {
	fmt.Fprintf(b, "  %s %s", r.Kind, visible(r.Key))
	if r.Gone {
		b.WriteString(" gone")
	}
	if r.Stream != string(r.Kind) {
		fmt.Fprintf(b, " stream %s", r.Stream)
	}
	fmt.Fprintf(b, " @%d", r.Where.Row)
	if r.Where.Sheet != "" {
		fmt.Fprintf(b, " sheet %s", r.Where.Sheet)
	}
	b.WriteByte('\n')
	for _, f := range slices.Sorted(maps.Keys(r.Fields)) {
		v := visible(r.Fields[f])
		if len(v) > 200 {
			v = fmt.Sprintf("(%d bytes)", len(v))
		}
		fmt.Fprintf(b, "    %s: %s\n", f, v)
	}
	for _, f := range r.Files {
		fmt.Fprintf(b, "    file %s of %d bytes\n", visible(f.Name), len(f.Body))
	}
}

// visible shows what a terminal would not.
func visible(s string) string {
	return strings.Trim(strconv.Quote(strings.ReplaceAll(s, source.ListSeparator, " + ")), `"`)
}

func writeRejected(b *strings.Builder, x source.Rejected) {
	what := "rejected"
	if x.Kept {
		what = "set aside"
	}
	at := x.File
	if x.Sheet != "" {
		at += "[" + x.Sheet + "]"
	}
	fmt.Fprintf(b, "  %s %s:%d column %q %s\n", what, at, x.Row, x.Column, x.Code)
	if x.Reason == "" || x.Hint == "" {
		fmt.Fprintf(b, "  WITHOUT A REASON OR HINT\n")
	}
}

// prepare runs the commands in the comment of a test:
//
//	!encode FILE NAME       write the text in another encoding, with a byte order mark where NAME ends with -bom
//	!gzip FILE              pack it, as FILE.gz
//	!zip ARCHIVE FILE...    move files into an archive; !zip-gbk writes their names in GBK
//	!cut FILE N             leave out the last N bytes
//	!sub FILE OLD NEW       replace, with Go escapes in both
//	!long FILE OLD N        put N times the letter 长 in place of OLD
//	!xlsx FILE              make FILE.xlsx of FILE.csv; see workbook
func prepare(t *testing.T, dir, script string) {
	t.Helper()
	for _, line := range strings.Split(script, "\n") {
		cmd, ok := strings.CutPrefix(line, "!")
		if !ok {
			continue
		}
		a := strings.Fields(cmd)
		p := filepath.Join(dir, filepath.FromSlash(a[1]))
		switch a[0] {
		case "encode":
			write(t, p, encode(t, read(t, p), a[2]))
		case "gzip":
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			must(t, second(w.Write(read(t, p))))
			must(t, w.Close())
			write(t, p+".gz", z.Bytes())
			must(t, os.Remove(p))
		case "zip", "zip-gbk":
			write(t, p, pack(t, dir, a[2:], a[0] == "zip-gbk"))
		case "cut":
			n, err := strconv.Atoi(a[2])
			must(t, err)
			data := read(t, p)
			write(t, p, data[:len(data)-n])
		case "sub":
			old, err := strconv.Unquote(`"` + a[2] + `"`)
			must(t, err)
			to, err := strconv.Unquote(`"` + a[3] + `"`)
			must(t, err)
			write(t, p, bytes.ReplaceAll(read(t, p), []byte(old), []byte(to)))
		case "long":
			n, err := strconv.Atoi(a[3])
			must(t, err)
			write(t, p, bytes.ReplaceAll(read(t, p), []byte(a[2]), []byte(strings.Repeat("长", n))))
		case "xlsx":
			write(t, p+".xlsx", workbook(t, string(read(t, p+".csv"))))
			must(t, os.Remove(p+".csv"))
		default:
			t.Fatalf("unknown command %q", line)
		}
	}
}

// workbook makes a workbook of lines. "# name" begins a sheet, "#hidden name" a
// hidden one, "#merge A1:B2" merges cells, "#1904" counts days from 1904. A cell
// that begins with = is a formula, with date: a day with a time, with number: a
// number, and anything else is text.
func workbook(t *testing.T, text string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	sheet, row := "Sheet1", 0
	style, err := f.NewStyle(&excelize.Style{NumFmt: 22})
	must(t, err)
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		word, name, _ := strings.Cut(line, " ")
		switch word {
		case "#", "#hidden":
			must(t, second(f.NewSheet(name)))
			sheet, row = name, 0
			if word == "#hidden" {
				must(t, f.SetSheetVisible(name, false))
			}
			continue
		case "#merge":
			from, to, _ := strings.Cut(name, ":")
			must(t, f.MergeCell(sheet, from, to))
			continue
		case "#1904":
			yes := true
			must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
			continue
		}
		row++
		for i, v := range strings.Split(line, ",") {
			at, err := excelize.CoordinatesToCellName(i+1, row)
			must(t, err)
			switch kind, value, _ := strings.Cut(v, ":"); {
			case strings.HasPrefix(v, "="):
				must(t, f.SetCellFormula(sheet, at, v[1:]))
			case kind == "date", kind == "number":
				n, err := strconv.ParseFloat(value, 64)
				must(t, err)
				must(t, f.SetCellFloat(sheet, at, n, -1, 64))
				if kind == "date" {
					must(t, f.SetCellStyle(sheet, at, at, style))
				}
			case v != "":
				must(t, f.SetCellStr(sheet, at, v))
			}
		}
	}
	if sheet != "Sheet1" {
		must(t, f.DeleteSheet("Sheet1"))
	}
	var b bytes.Buffer
	must(t, f.Write(&b))
	return b.Bytes()
}

func encode(t *testing.T, data []byte, name string) []byte {
	t.Helper()
	base, mark := strings.CutSuffix(name, "-bom")
	policy := unicode.IgnoreBOM
	if mark {
		policy = unicode.UseBOM
	}
	e := map[string]encoding.Encoding{
		"utf-8":        encoding.Nop,
		"gb18030":      simplifiedchinese.GB18030,
		"utf-16le":     unicode.UTF16(unicode.LittleEndian, policy),
		"utf-16be":     unicode.UTF16(unicode.BigEndian, policy),
		"windows-1252": charmap.Windows1252,
	}[base]
	out, err := e.NewEncoder().Bytes(data)
	must(t, err)
	if name == "utf-8-bom" {
		out = append([]byte("\xef\xbb\xbf"), out...)
	}
	return out
}

func pack(t *testing.T, dir string, names []string, gbk bool) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		h := &zip.FileHeader{Name: n, Method: zip.Deflate}
		if gbk {
			enc, err := simplifiedchinese.GBK.NewEncoder().String(n)
			must(t, err)
			h.Name, h.NonUTF8 = enc, true
		}
		w, err := z.CreateHeader(h)
		must(t, err)
		p := filepath.Join(dir, filepath.FromSlash(n))
		must(t, second(w.Write(read(t, p))))
		must(t, os.Remove(p))
	}
	must(t, z.Close())
	return b.Bytes()
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, data, 0o644))
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func second[T any](_ T, err error) error { return err }
