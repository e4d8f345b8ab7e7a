package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// The script commands that make what cannot be written down in a script, or
// that ask for more than exec does.
var hostile = map[string]func(*testscript.TestScript, bool, []string){
	"exits":    exits,
	"copy":     copyAll,
	"unichars": unichars,
	"untold":   untold,
	"encode":   encode,
	"pack":     pack,
	"sheet":    sheet,
	"bomb":     bomb,
	"cut":      cut,
	"chop":     chop,
	"flip":     flip,
	"fill":     fill,
	"many":     many,
}

// exits is "exits CODE PROGRAM ARG...": the program ends with that exit code, or
// with one of several with a comma between. It speaks in words whatever happens:
// never with the trace of a panic.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE[,CODE] PROGRAM ARG...")
	}
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if !slices.Contains(strings.Split(args[0], ","), strconv.Itoa(code)) {
		ts.Fatalf("exit code %d, not %s", code, args[0])
	}
	if text := ts.ReadFile("stderr"); strings.Contains(text, "goroutine ") || strings.Contains(text, "internal error") {
		ts.Fatalf("the program has no words for what happened")
	}
}

// copyAll is "copy FROM TO", of folders.
func copyAll(ts *testscript.TestScript, _ bool, args []string) {
	from, to := ts.MkAbs(args[0]), ts.MkAbs(args[1])
	ts.Check(os.CopyFS(to, os.DirFS(from)))
	ts.Check(os.Chmod(filepath.Join(to, "state", "huiyin.key"), 0o600))
}

// untold is "untold PHRASE...": the last program has said none of the phrases,
// neither on standard output nor on standard error. The phrases are made-up
// citizens' words, which belong into no message, log or JSON.
func untold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: untold PHRASE...")
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if holdsAny(ts.ReadFile(stream), args) {
			ts.Fatalf("%s holds words of a row", stream)
		}
	}
}

// unichars is "! unichars DIR": no file below DIR holds a character that turns
// the direction of writing or cannot be seen, nor a mark of Hugo's own.
func unichars(ts *testscript.TestScript, neg bool, args []string) {
	if !neg || len(args) != 1 {
		ts.Fatalf("usage: ! unichars DIR")
	}
	holds(ts, true, []string{args[0], "\u202e", "\u2066", "\u200b", "\x00", "\ufffd", "HAHAHUGOSHORTCODE", "ZgotmplZ"})
}

// encode is "encode ENCODING OUT IN".
func encode(ts *testscript.TestScript, _ bool, args []string) {
	e := map[string]encoding.Encoding{
		"gbk": simplifiedchinese.GBK, "gb18030": simplifiedchinese.GB18030,
		"utf-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	}[args[0]]
	text, err := e.NewEncoder().String(ts.ReadFile(args[2]))
	ts.Check(err)
	write(ts, args[1], []byte(text))
}

// pack is "pack gz OUT IN" or "pack zip OUT NAME=IN..."; zip-gbk writes the
// names as Chinese desktops do.
func pack(ts *testscript.TestScript, _ bool, args []string) {
	var b bytes.Buffer
	switch args[0] {
	case "gz":
		w := gzip.NewWriter(&b)
		_, err := w.Write([]byte(ts.ReadFile(args[2])))
		ts.Check(errors.Join(err, w.Close()))
	case "zip", "zip-gbk":
		z := zip.NewWriter(&b)
		for _, arg := range args[2:] {
			name, in, _ := strings.Cut(arg, "=")
			head := &zip.FileHeader{Name: name, Method: zip.Deflate}
			if args[0] == "zip-gbk" {
				raw, err := simplifiedchinese.GBK.NewEncoder().String(name)
				ts.Check(err)
				head.Name, head.NonUTF8 = raw, true
			}
			w, err := z.CreateHeader(head)
			ts.Check(err)
			_, err = w.Write([]byte(ts.ReadFile(in)))
			ts.Check(err)
		}
		ts.Check(z.Close())
	default:
		ts.Fatalf("no format %s", args[0])
	}
	write(ts, args[1], b.Bytes())
}

// sheet is "sheet OUT IN": a workbook of one sheet from a text with one row a
// line and | between cells. A cell that begins with # is a number.
func sheet(ts *testscript.TestScript, _ bool, args []string) {
	var rows strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		rows.WriteString("<row>")
		for cell := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), "|") {
			if n, ok := strings.CutPrefix(cell, "#"); ok {
				fmt.Fprintf(&rows, "<c><v>%s</v></c>", n)
				continue
			}
			rows.WriteString(`<c t="inlineStr"><is><t>`)
			ts.Check(xml.EscapeText(&rows, []byte(cell)))
			rows.WriteString("</t></is></c>")
		}
		rows.WriteString("</row>")
	}
	write(ts, args[0], workbook(ts, rows.String(), 0, 0))
}

// bomb is "bomb honest|lying OUT": a small workbook whose sheet has 1 GiB, and
// says so or says that it has 1 MiB.
func bomb(ts *testscript.TestScript, _ bool, args []string) {
	const size = 1 << 30
	claim := size
	if args[0] == "lying" {
		claim = 1 << 20
	}
	write(ts, args[1], workbook(ts, "<row><c><v>1</v></c></row>", size, claim))
}

// workbook returns a workbook of one sheet with the given rows, repeated until
// it has at least the given size. The sheet is packed once and its pieces are
// put one behind the other, so that a huge one is made at once. claim is what
// the workbook says of its size.
func workbook(ts *testscript.TestScript, rows string, size, claim int) []byte {
	const open, end = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, `</sheetData></worksheet>`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"_rels/.rels", `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="信件" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/s.xml"/></Relationships>`},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Store})
		ts.Check(err)
		_, err = w.Write([]byte(part[1]))
		ts.Check(err)
	}
	if size == 0 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "xl/worksheets/s.xml", Method: zip.Store})
		ts.Check(err)
		_, err = w.Write([]byte(open + rows + end))
		ts.Check(errors.Join(err, z.Close()))
		return b.Bytes()
	}
	const piece = 1 << 20
	middle := deflated(ts, strings.Repeat(rows, piece/len(rows)))
	var packed bytes.Buffer
	packed.Write(deflated(ts, open))
	for range size / piece {
		packed.Write(middle)
	}
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "xl/worksheets/s.xml", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(claim),
	})
	ts.Check(err)
	_, err = w.Write(packed.Bytes())
	ts.Check(errors.Join(err, z.Close()))
	return b.Bytes()
}

// deflated returns text as a piece of a deflate stream that does not end it.
func deflated(ts *testscript.TestScript, text string) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	ts.Check(err)
	_, err = w.Write([]byte(text))
	ts.Check(errors.Join(err, w.Flush()))
	return b.Bytes()
}

// cut is "cut FILE": the second half of the file is lost.
func cut(ts *testscript.TestScript, _ bool, args []string) {
	b := []byte(ts.ReadFile(args[0]))
	write(ts, args[0], b[:len(b)/2])
}

// chop is "chop FILE": the line ending at the end of the file is lost.
func chop(ts *testscript.TestScript, _ bool, args []string) {
	write(ts, args[0], []byte(strings.TrimSuffix(ts.ReadFile(args[0]), "\n")))
}

// flip is "flip PATTERN": in each file that fits, 64 bytes of each KiB are turned
// round, from the middle on.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	names, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(names) == 0 {
		ts.Fatalf("no file fits")
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		ts.Check(err)
		for i := len(b) / 2; i < len(b); i++ {
			if (i-len(b)/2)%1024 < 64 {
				b[i] ^= 0xff
			}
		}
		ts.Check(os.WriteFile(name, b, 0o600))
	}
}

// fill is "fill FILE WORD TEXT COUNT": in the file, each WORD becomes COUNT
// times TEXT. TEXT may hold escapes of Go, such as \x00.
func fill(ts *testscript.TestScript, _ bool, args []string) {
	text, err := strconv.Unquote(`"` + args[2] + `"`)
	ts.Check(err)
	n, err := strconv.Atoi(args[3])
	ts.Check(err)
	write(ts, args[0], []byte(strings.ReplaceAll(ts.ReadFile(args[0]), args[1], strings.Repeat(text, n))))
}

// many is "many FILE COUNT": the last line of the file is repeated with the
// numbers from 1 to COUNT in the place of %d.
func many(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	lines := slices.Collect(strings.Lines(ts.ReadFile(args[0])))
	last := lines[len(lines)-1]
	var b strings.Builder
	b.WriteString(strings.Join(lines[:len(lines)-1], ""))
	for i := range n {
		b.WriteString(strings.ReplaceAll(last, "%d", strconv.Itoa(i+1)))
	}
	write(ts, args[0], []byte(b.String()))
}

func write(ts *testscript.TestScript, name string, b []byte) {
	ts.Check(os.WriteFile(ts.MkAbs(name), b, 0o600))
}
