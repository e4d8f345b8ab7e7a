package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// dict is a made-up list: words, counts, parts of speech.
const dict = `和 500000 c
服务 2000 vn
服務 30 vn
行 9000 v
公积金 556 n
稀罕事 4 n
少见事 9 n
王小明 70 nr
坏词甲 800 n
城乡建设局 40 nt
城乡建设局长 40 nt
AA制 60 n
`

func TestRun(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "dict.txt")
	if err := os.WriteFile(list, []byte(dict), 0o644); err != nil {
		t.Fatal(err)
	}
	words, err := read(strings.NewReader(dict), []string{"词甲"})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := writeWords(&b, words); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	want := `公积金 556
和 500000 -
坏词甲 800 -
城乡建设局 40
少见事 9 -
服务 2030
王小明 70 -
行 9000 -
`
	if string(got) != want {
		t.Errorf("words:\n%s\nwant:\n%s", got, want)
	}

	if err := run(list, dir); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(dir, "words.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	sounds, err := os.ReadFile(filepath.Join(dir, "pinyin.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"xing 行 -\n", "hang - 行\n", "gong 公 -\n", "he 和 -\n"} {
		if !strings.Contains("\n"+string(sounds), "\n"+line) {
			t.Errorf("pinyin.txt has no line %q:\n%s", line, sounds)
		}
	}
	if err := run(list, dir); err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(filepath.Join(dir, "words.txt.gz"))
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("the same list gives other bytes (%v)", err)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct{ list, want string }{
		{"和 1 c\n服务 2\n", "line 2: 2 columns where there should be 3: word, count, part of speech"},
		{"和 1 c\n\n", "line 2: 0 columns where there should be 3: word, count, part of speech"},
		{"和 viel c\n", "line 1: the count is no number"},
	} {
		if _, err := read(strings.NewReader(tt.list), nil); err == nil || err.Error() != tt.want {
			t.Errorf("read(%q): %v, want %s", tt.list, err, tt.want)
		}
	}
	if err := run(filepath.Join(t.TempDir(), "none"), t.TempDir()); err == nil {
		t.Error("a list that is not there gives no error")
	}
}

// The list in the repository is made with the list of what is never offered.
func TestMadeWithNever(t *testing.T) {
	f, err := os.Open("../../words.txt.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	all := entries(never)
	if len(all) < 100 {
		t.Errorf("%d entries", len(all))
	}
	for line := range strings.Lines(string(text)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.HasSuffix(rest, " -") {
			continue
		}
		for _, part := range all {
			if strings.Contains(word, part) {
				t.Errorf("%s holds %s and is offered; make words.txt.gz again", word, part)
			}
		}
	}
}
