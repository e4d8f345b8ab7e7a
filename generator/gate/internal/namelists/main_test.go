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

// sample is a small form of everything the lists are made from, by path. The
// words and counts are made up.
var sample = map[string]string{
	"dict.txt": `的 3000000 uj
国 300000 n
补助 3000 vn
补习 3 v
张 5000 nr
张望 300 nr
张罗 300 nr
张国英 90 nr
张国玉 90 nr
张家湾 90 nr
张国强 2000 nr
欧阳国英 900 nr
高国英 300 nr
高国玉 700 nr
张曼丽娅 5 nrt
方便群众 20 l
高高在上 3 l
卡拉OK 50 n
来信人 90 n
一二三四五 90 n
`,
	"chars.txt":                               "國\t国\n張\t张\n鬱\t郁\n乾\t干 乾\n后\t后\n",
	"divisions.tsv":                           "mca\t110101\t东城区\nmca\t222\t科尔沁左翼中旗\nmca\t333\t恩施土家族苗族自治州\n",
	"search/lexicon/own.txt":                  "# by hand\n公积金 住房公积金\n",
	"generator/gate/lists/names-own.txt":      "# Own.\n# count 0 crc32 00000000\n29 来信人\n58 方便群众 补助\n",
	"generator/gate/lists/names-other.txt":    "# Other.\n# count 0 crc32 00000000\nhalf 扎西\n",
	"generator/gate/lists/names-context.txt":  "# Context.\n# count 0 crc32 00000000\nbefore telling 40 我叫 名叫\n",
	"generator/gate/lists/names-surnames.txt": "# Surnames.\n# count 0 crc32 00000000\n7.0 张\n1.0 高\n0.01 欧阳\n",
}

// sampleIn puts the sample into a folder and returns it.
func sampleIn(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range sample {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func make4(dir string) error {
	return run(filepath.Join(dir, "dict.txt"), filepath.Join(dir, "chars.txt"), filepath.Join(dir, "divisions.tsv"), filepath.Join(dir, "generator/gate/lists"))
}

func TestRun(t *testing.T) {
	dir := sampleIn(t)
	if err := make4(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"names-words.txt.gz": `# Words of one to four characters, after what each costs in halves of a bit.
# count 25 crc32 20224938
9 的
15 国
30 张国强
32 张
33 高国玉
34 东城区 公积金
35 东城 张望 张罗 恩施 科尔沁
39 张家湾
40 土家族苗 家族苗族 尔沁左翼 恩施土家 施土家族 族自治州 族苗族自 沁左翼中 科尔沁左 苗族自治
47 张曼丽娅
49 高高在上
`,
		"names-traditional.txt": "# Traditional characters, each before its simplified form.\n# count 6 crc32 eee669de\n國国 張张 鬱郁 乾干 巿市 釆采\n",
		"names-own.txt":         "# Own.\n# count 3 crc32 74a53d99\n29 来信人\n58 方便群众 补助\n",
		"names-surnames.txt":    "# Surnames.\n# count 3 crc32 628b8ab8\n7.0 张\n1.0 高\n0.01 欧阳\n",
	} {
		if got := list(t, dir, name); got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
		}
	}
	given := list(t, dir, "names-given.txt")
	for _, c := range "国英玉强懿" {
		if !strings.ContainsRune(given, c) {
			t.Errorf("no %c among the characters of given names", c)
		}
	}
	if strings.ContainsRune(given, '的') {
		t.Error("的 is among the characters of given names")
	}

	first := map[string]string{}
	for _, name := range made {
		first[name] = list(t, dir, name)
	}
	if err := make4(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range made {
		if list(t, dir, name) != first[name] {
			t.Errorf("%s: the same lists give other bytes", name)
		}
	}
}

// made are the lists that no hand keeps.
var made = []string{"names-words.txt.gz", "names-given.txt", "names-traditional.txt"}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct{ file, text, want string }{
		{"dict.txt", "国 1 n\n补助 2\n", "line 2: 2 columns where there should be 3: word, count, part of speech"},
		{"dict.txt", "国 viel n\n", "line 1: the count is no number"},
		{"chars.txt", "國\n", "line 1: no pair"},
		{"generator/gate/lists/names-own.txt", "29 来信人\n", "names-own.txt: the first two lines are no head"},
	} {
		dir := sampleIn(t)
		if err := os.WriteFile(filepath.Join(dir, tt.file), []byte(tt.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := make4(dir); err == nil || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.file, err, tt.want)
		}
	}
	for text, want := range map[string]string{
		"common 张\ngivn 40 国\n": "rules.txt, line 2: unknown kind",
		"given 国\n":             "rules.txt, line 1: no entries",
		"given viel 国\n":        "rules.txt, line 1: the second column is no number",
	} {
		if _, err := readRules(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// The lists in the repository are made with these rules and have the right heads.
func TestMadeWithRules(t *testing.T) {
	const lists = "../../lists"
	r, err := readRules(rulesText)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name := range byHand {
		data, err := os.ReadFile(filepath.Join(lists, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := heads(dir); err != nil {
		t.Fatal(err)
	}
	for name := range byHand {
		before, err := os.ReadFile(filepath.Join(lists, name))
		if err != nil {
			t.Fatal(err)
		}
		after, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: the head is not that of the list; run namelists over the folder", name)
		}
	}
	given, err := columns(filepath.Join(lists, "names-given.txt"), 3)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(given, "")
	for c := range r.given {
		if !r.never[c] && !strings.ContainsRune(all, c) {
			t.Errorf("%c is not in names-given.txt; make it again", c)
		}
	}
	for _, c := range all {
		if r.never[c] {
			t.Errorf("%c is in names-given.txt; make it again", c)
		}
	}
	own, err := columns(filepath.Join(lists, "names-own.txt"), 1)
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, w := range strings.Fields(unzip(t, filepath.Join(lists, "names-words.txt.gz"))) {
		words[w] = true
	}
	for _, w := range own {
		if words[w] {
			t.Errorf("%s is in two lists of words; make names-words.txt.gz again", w)
		}
	}
	for w := range r.word {
		if !words[w] && !strings.Contains(" "+strings.Join(own, " ")+" ", " "+w+" ") {
			t.Errorf("%s is not in names-words.txt.gz; make it again", w)
		}
	}
}

// list returns the text of a list of the sample.
func list(t *testing.T, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, "generator/gate/lists", name)
	if strings.HasSuffix(name, ".gz") {
		return unzip(t, path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func unzip(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
