package lexicon

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

// What the lists hold is compared with folded text, so it must be folded itself.
func TestLists(t *testing.T) {
	words, err := readWords(wordList, ownList, askingList+fillingList)
	if err != nil {
		t.Fatal(err)
	}
	if len(words) < 130_000 {
		t.Errorf("%d words", len(words))
	}
	for _, w := range words {
		n := utf8.RuneCountInString(w.text)
		if len(chars(nil, search.Units(w.text))) != n || n > maxWord || search.Fold(w.text) != w.text {
			t.Errorf("%s is no folded word of at most %d Han characters", w.text, maxWord)
		}
		for _, c := range chars(nil, search.Units(w.text)) {
			if c.han == 0 {
				t.Errorf("%s: not all of it is of Han characters", w.text)
			}
		}
	}
	for char, others := range alike(alikeList) {
		for _, c := range append(others, char) {
			if s := string(rune(c)); search.Fold(s) != s {
				t.Errorf("alike.txt: %s folds to %s", s, search.Fold(s))
			}
		}
	}
	both := set(askingList)
	for word := range set(fillingList) {
		if both[word] {
			t.Errorf("%s asks and fills", word)
		}
	}
	for _, list := range []string{ownList, askingList, fillingList} {
		seen := map[string]bool{}
		for word := range fields(list) {
			if seen[word] {
				t.Errorf("%s stands twice", word)
			}
			seen[word] = true
		}
	}
}

func TestTrie(t *testing.T) {
	words := []entry{{"中", 4, false}, {"中国", 2, true}, {"中国人", 1, true}, {"人", 8, true}, {"大中国", 1, false}}
	tr := newTrie(words)
	for _, tt := range []struct {
		word    string
		cost    int32
		ok      bool
		offered bool
	}{
		{"中", 2*bit + aloneCost, true, false},
		{"中国", 3 * bit, true, true},
		{"中国人", 4 * bit, true, true},
		{"人", bit + aloneCost, true, true},
		{"大中国", 4 * bit, true, false},
		{"大", 0, false, false},
		{"大中", 0, false, false},
		{"国", 0, false, false},
		{"中国人人", 0, false, false},
	} {
		var typed []uint16
		for _, r := range tt.word {
			typed = append(typed, uint16(r))
		}
		node := tr.follow(0, typed)
		cost, ok := tr.cost(node)
		if ok != tt.ok || ok && cost != tt.cost || tr.offered(node) != tt.offered {
			t.Errorf("%s: cost %d, %v, offered %v; want %+v", tt.word, cost, ok, tr.offered(node), tt)
		}
	}
	var pairs []string
	for _, second := range "国中人" {
		for _, node := range tr.ending(uint16(second)) {
			pairs = append(pairs, string(rune(tr.first(node)))+string(second))
		}
	}
	if want := []string{"中国", "大中"}; !slices.Equal(pairs, want) {
		t.Errorf("nodes of two characters: %q, want %q", pairs, want)
	}
}

func TestSegment(t *testing.T) {
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ text, want string }{
		{"产品和服务", "产品 和 服务"},
		{"居住证怎么办理", "居住证 怎么 办理"},
		{"公积金，怎么办", "公积金 怎么办"},
		{"公积，金", "公积 金"},
		{"拨打12345热线", "拨打 12345 热线"},
		{"退役军人事务局", "退役军人事务局"},
		{"𠀀小区", "𠀀 小区"},
		{"", ""},
	} {
		units := search.Units(tt.text)
		text := chars(nil, units)
		cost, length := make([]int32, len(text)+1), make([]uint8, len(text)+1)
		l.words.segment(text, cost, length)
		var got []string
		for i := len(text); i > 0; i -= int(length[i]) {
			got = append(got, join(units[i-int(length[i]):i]))
		}
		slices.Reverse(got)
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, s, tt.want)
		}
		back := make([]int32, len(text)+1)
		l.words.segmentBack(text, back)
		if back[0] != cost[len(text)] {
			t.Errorf("%s costs %d from the front and %d from the back", tt.text, cost[len(text)], back[0])
		}
	}
}

func TestDamagedFiles(t *testing.T) {
	if _, err := readWords([]byte("no gzip"), "", ""); err == nil {
		t.Error("what is not compressed gives no error")
	}
	if _, err := readWords(wordList[:len(wordList)/2], "", ""); err == nil {
		t.Error("half of the list gives no error")
	}
	for _, list := range []string{"a 啊\n", "a 啊 - -\n"} {
		if _, err := readSounds(list); err == nil || err.Error() != "line 1 is damaged" {
			t.Errorf("readSounds(%q): %v", list, err)
		}
	}
}

func TestNearSyllables(t *testing.T) {
	for _, tt := range []struct{ syllable, want string }{
		{"zhang", "zang zhan"}, {"si", "shi"}, {"shi", "si"}, {"jin", "jing"}, {"jing", "jin"}, {"lan", "nan ran lang"}, {"fu", "hu"}, {"a", ""},
	} {
		if got := strings.Join(nearSyllables(tt.syllable), " "); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.syllable, got, tt.want)
		}
	}
}
