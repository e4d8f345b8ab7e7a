package drop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/huiyin/huiyin/generator/fault"
)

func gb(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cellsOf returns the values of a file as "#SHEET ROW/COLUMN=TEXT", with a ! where
// the text is broken.
func cellsOf(t *testing.T, name, text string) ([]string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := Cells(context.Background(), path, func(c Cell) error {
		s := fmt.Sprintf("%d/%s=%s", c.Row, c.Column, c.Text)
		if c.Sheet > 0 {
			s = fmt.Sprintf("#%d %s", c.Sheet, s)
		}
		if c.Broken {
			s += "!"
		}
		got = append(got, s)
		return nil
	})
	return got, err
}

func TestCells(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"csv", "a.csv", "编号,内容\n1,\"路灯\n不亮\"\n2,\n", "1/1=编号 1/2=内容 2/1=1 2/2=路灯\n不亮 3/1=2"},
		{"tab", "a.tsv", "a\tb\n1\t2\n", "1/1=a 1/2=b 2/1=1 2/2=2"},
		{"gb18030", "a.csv", gb(t, "编号,内容\n1,路灯不亮\n"), "1/1=编号 1/2=内容 2/1=1 2/2=路灯不亮"},
		{"broken UTF-8 is no GB18030", "a.csv", "编号,内容\n1,路灯\xe4\xb8\n", "1/1=编号 1/2=内容 2/1=1 2/2=路灯\xe4\xb8!"},
		{"broken behind the head", "a.csv", gb(t, "编号,内容\n1,路灯"+strings.Repeat("不亮", 300_000)+"\n2,坏") + "\xff\n", "3/2=坏\ufffd!"},
		{"json", "a.json", `{"n":2,"list":[{"id":1,"t":["x",{"u":"y"}]},{"id":2}]}`,
			"0/=n 0/n=2 0/=list 1/list=id 1/list.id=1 1/list=t 1/list.t.0=x 1/list.t.1=u 1/list.t.1.u=y 2/list=id 2/list.id=2"},
		{"json lines", "a.jsonl", "{\"a\":\"x\"}\n\nno json\n", "1/=a 1/a=x 3/=no json\n"},
		{"html", "a.xls", "<html><table><tr><td>a<td>b</tr></table><table><tr><td>c</table></html>", "#1 1/1=a #1 1/2=b #2 1/1=c"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cellsOf(t, tt.file, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(got, " "); !strings.HasSuffix(all, tt.want) || len(all) != len(tt.want) && len(all) < 1000 {
				t.Errorf("got  %q\nwant %q", all[max(0, len(all)-200):], tt.want)
			}
		})
	}
}

// What was not seen whole is an error: nobody may take it for clean.
func TestCellsOfHalfAFile(t *testing.T) {
	for name, text := range map[string]string{
		"a.json":  `[{"a":"x"},{"b`,
		"b.json":  `{"a":["x"]} more`,
		"a.jsonl": "{\"a\":\"x\"}\n{\"b",
		"a.csv":   "a,b\n1,\"open\n",
		"a.xlsx":  "PK\x03\x04 and no more",
		"a.zip":   "PK\x03\x04 and no more",
		"a.gz":    "\x1f\x8b\x08",
		"a.pdf":   "%PDF-1.7\n",
		"b.csv":   "",
	} {
		_, err := cellsOf(t, name, text)
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stop := errors.New("enough")
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("a,b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Cells(context.Background(), path, func(Cell) error { return stop }); err != stop {
		t.Errorf("the error of the receiver became %v", err)
	}
}

func TestText(t *testing.T) {
	for _, tt := range []struct{ name, in, want, encoding string }{
		{"empty", "", "", "utf-8"},
		{"utf-8", "路灯不亮\n", "路灯不亮\n", "utf-8"},
		{"mark", "\xef\xbb\xbf路灯", "路灯", "utf-8"},
		{"gb18030", gb(t, "路灯不亮,电话12345。\n"), "路灯不亮,电话12345。\n", "gb18030"},
		{"two characters of it", gb(t, "电话") + "12345", "电话12345", "gb18030"},
		{"four bytes", gb(t, "路灯不亮𠮷"), "路灯不亮𠮷", "gb18030"},
		{"utf-16", "\xff\xfe\x68\x00\x69\x00", "hi", "utf-16le"},
		{"half a character", "路灯\xe4\xb8", "路灯\xe4\xb8", "utf-8"},
		{"nothing but half a character", "no \xe4\xb8", "no \xe4\xb8", "utf-8"},
		{"a byte of nothing", "abc\x80def\n", "abc\x80def\n", "utf-8"},
		{"latin 1", "caf\xe9 138\n", "caf\xe9 138\n", "utf-8"},
		{"nul", strings.Repeat("\x00", 50), strings.Repeat("\x00", 50), "utf-8"},
	} {
		r, encoding, err := Text(strings.NewReader(tt.in))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != tt.want || encoding != tt.encoding {
			t.Errorf("%s: %q in %s, %v", tt.name, got, encoding, err)
		}
	}
}

func FuzzCells(f *testing.F) {
	for _, s := range []string{"a,b\n1,\"x\ny\"\n", `[{"a":"x"}]`, "{\"a\":1}\n{\"a\":2}\n", "<table><tr><td>a</table>", "\xb5\xe7\xbb\xb0,1\n"} {
		f.Add(s, byte(0))
	}
	names := []string{"a.csv", "a.json", "a.jsonl", "a.xls", "a.xlsx"}
	f.Fuzz(func(t *testing.T, text string, name byte) {
		path := filepath.Join(t.TempDir(), names[int(name)%len(names)])
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := Cells(context.Background(), path, func(c Cell) error {
			if c.Text == "" || c.Row < 0 {
				t.Fatal("an empty cell")
			}
			return nil
		})
		var fe *fault.Error
		if err != nil && !errors.As(err, &fe) {
			t.Fatalf("no words for it: %T", err)
		}
	})
}
