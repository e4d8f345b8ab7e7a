package drop

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/source"
)

func all(t *testing.T, c *csvReader) ([][]string, error) {
	t.Helper()
	var rows [][]string
	for n := 1; ; n++ {
		cells, at, err := c.next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		if at != n {
			t.Fatalf("row %d is numbered %d", n, at)
		}
		rows = append(rows, append([]string(nil), cells...))
	}
}

func TestSniffDelimiter(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"编号,内容\n1,路灯\n", ","},
		{"编号;内容\n1;路灯, 两盏\n", ";"},
		{"编号\t内容\n1\t路灯, 两盏; 坏\n", "\t"},
		{"编号|内容\n1|\"a|b\"\n", "|"},
		{"一览表\n\n编号;内容;时间\n1;a,b,c,d;x\n2;a;y\n", ";"},
		{"", ","},
		{"一句话", ","},
	} {
		if got := sniffDelimiter([]byte(c.text)); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// FuzzCSV: the reader reads what the standard library reads, the same whether
// its input comes at once or byte by byte; and the delimiter is always one of
// those it knows.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",c\r\n\"x\ny\",z", "a\"b,c\n", "\"a\"b,c\n", "\"open", ",,\n\n,", "编号,内容\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d := sniffDelimiter([]byte(text)); !strings.Contains(",\t;|", d) || d == "" {
			t.Fatalf("the delimiter is %q", d)
		}
		got, err := all(t, newCSV(strings.NewReader(text), ",", true, 1<<20))
		slow, slowErr := all(t, newCSV(iotest.OneByteReader(strings.NewReader(text)), ",", true, 1<<20))
		if !reflect.DeepEqual(got, slow) || (err == nil) != (slowErr == nil) {
			t.Fatalf("at once %q %v, byte by byte %q %v", got, err, slow, slowErr)
		}
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		want, stdErr := r.ReadAll()
		if stdErr != nil || strings.Contains(text, "\r") {
			return // it is stricter, and changes line ends inside of cells
		}
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		var filled [][]string // it passes over empty lines
		for _, row := range got {
			if len(row) > 1 || row[0] != "" {
				filled = append(filled, row)
			}
		}
		var wantFilled [][]string
		for _, row := range want {
			if len(row) > 1 || row[0] != "" {
				wantFilled = append(wantFilled, row)
			}
		}
		if !reflect.DeepEqual(filled, wantFilled) {
			t.Fatalf("%q is read as %q, want %q", text, filled, wantFilled)
		}
	})
}

// FuzzJSONStream: the rows of an array are those that the standard library
// finds, and half a document is never taken for a whole one.
func FuzzJSONStream(f *testing.F) {
	for _, s := range []string{`[{"a":1},{"b":[2]}]`, `{"items":[1,2,3],"n":3}`, `[]`, `{"items":{"a":1}}`, `["]",{"x":"\"}"}]`, `[1,2`, `{"items":[1]} x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, path := range []string{"", "items", "items.*", "*"} {
			p, err := source.ParsePath(path)
			if err != nil {
				t.Fatal(err)
			}
			rows := 0
			err = newJSONStream(strings.NewReader(text), 1<<20).rows(p, func(source.Item) error { rows++; return nil })
			if path != "" || err != nil {
				continue
			}
			// Zeros in front and NaN are forgiven, and are no JSON to others.
			var want []json.RawMessage
			if json.Unmarshal([]byte(text), &want) == nil && len(want) != rows {
				t.Fatalf("%q has %d rows, want %d", text, rows, len(want))
			}
		}
	})
}

// FuzzLines: JSON Lines of any content give rows or a public error.
func FuzzLines(f *testing.F) {
	f.Add([]byte("{\"_meta\":{\"count\":1}}\n{\"id\":\"1\",\"q\":\"x\"}\n"))
	f.Add([]byte("{\"id\":1}\r\n\r\n{\"id\":2"))
	f.Add([]byte("{\"id\":1}\n{\"_meta\":{\"count\":2}}\n"))
	prog, err := probe(source.Input{Format: formatJSONL, Key: &source.Column{Column: source.Strings{"id"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) { readBytes(t, prog, data) })
}

// FuzzCell: JSON in a cell of a table, by a path.
func FuzzCell(f *testing.F) {
	f.Add([]byte("k,contents\n1,\"{\"\"body\"\":[{\"\"id\"\":1}]}\"\n"))
	f.Add([]byte("contents\n[1,{}]\n\"{\"\"body\"\"\"\n"))
	prog, err := probe(source.Input{Format: formatCSV, Key: &source.Column{Column: source.Strings{"id"}}, Cell: &source.Cell{Column: source.Strings{"contents"}, Rows: "body.*"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) { readBytes(t, prog, data) })
}

// readBytes reads data as a file. Whatever it holds, the error has a public
// text, and texts are well-formed.
func readBytes(t *testing.T, prog *source.Program, data []byte) {
	c := &content{name: "x", raw: true, open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	l, err := recognise(c, prog.Inputs[0].Input)
	if err != nil {
		isPublic(t, err)
		return
	}
	r := reading{plan: prog.Inputs[0], c: c, l: l, limits: prog.Limits}
	s := source.NewSession(prog.NewRegistry(), func(raw source.Raw) error {
		if !utf8.ValidString(raw.Key) || raw.Key == "" {
			t.Errorf("a key of %q", raw.Key)
		}
		return nil
	}, func(source.Rejected) {})
	if err := r.rows(context.Background(), s.Row, func(source.Rejected) {}); err != nil {
		isPublic(t, err)
	}
}

// FuzzHTML: any page gives rows within the limits, or an error.
func FuzzHTML(f *testing.F) {
	f.Add("<table><tr><td colspan=2>a<td rowspan=3>b<tr><td>c</table>")
	f.Add("<table><tr><td><table><tr><td>x</table></td></tr></table>")
	f.Add("<table><tr><td rowspan=99999 colspan=99999>x</table>")
	f.Fuzz(func(t *testing.T, page string) {
		cells := 0
		err := htmlRows(context.Background(), strings.NewReader(page), source.Limits{Row: 1 << 20, Rows: 1000}, func(_ string, n int, row []string, _ map[int]string) error {
			if cells += len(row); len(row) > maxColumns || n > 1000 {
				t.Fatalf("row %d has %d cells", n, len(row))
			}
			return nil
		})
		if err == nil && strings.Count(strings.ToLower(page), "<table") > 0 && cells == 0 && strings.Contains(page, "<td>x</td></tr></table>") {
			t.Error("a whole cell was not read")
		}
	})
}

// FuzzXML: the pieces of a workbook give tokens or an error, the same whether
// they come at once or byte by byte.
func FuzzXML(f *testing.F) {
	f.Add(`<?xml version="1.0"?><a b="1 &lt; 2"><!-- x --><c/>text&amp;&#x4f60;<![CDATA[<x>]]></a>`)
	f.Add(`<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`)
	f.Fuzz(func(t *testing.T, text string) {
		tokens := func(r io.Reader) (string, error) {
			var b strings.Builder
			x := newXML(r)
			for {
				tok, err := x.next()
				if errors.Is(err, io.EOF) {
					return b.String(), nil
				}
				if err != nil {
					return b.String(), err
				}
				if tok == xmlText {
					b.Write(x.text)
				} else {
					b.WriteByte(byte('0' + tok))
					b.Write(x.name)
					v, _ := x.attr("r")
					b.WriteString(v)
				}
			}
		}
		once, err := tokens(strings.NewReader(text))
		slow, slowErr := tokens(iotest.OneByteReader(strings.NewReader(text)))
		if once != slow || (err == nil) != (slowErr == nil) {
			t.Fatalf("at once %q %v, byte by byte %q %v", once, err, slow, slowErr)
		}
	})
}

// FuzzZipNames: a name from an archive that is listed stays in its folder.
func FuzzZipNames(f *testing.F) {
	for _, s := range []string{"a.csv", "dir/a.csv", "../a.csv", "/etc/passwd", "a\\b", "信件.csv", "\xd0\xc5\xbc\xfe.csv", "a!b", ".hidden", "x/../y"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, name string, other bool) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		if _, err := z.CreateHeader(&zip.FileHeader{Name: name, NonUTF8: other}); err != nil {
			return
		}
		if err := z.Close(); err != nil {
			return
		}
		list, err := listZip("x.zip", bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			isPublic(t, err)
			return
		}
		for _, m := range list {
			if !utf8.ValidString(m.name) || strings.Contains("/"+m.name+"/", "/../") || strings.HasPrefix(m.name, "/") || strings.ContainsAny(m.name, "\\!\x00") {
				t.Errorf("%q is listed as %q", name, m.name)
			}
		}
	})
}
