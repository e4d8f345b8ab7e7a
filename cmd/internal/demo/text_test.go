package demo

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/record"
)

// everything returns all messages of a city with their texts.
func everything(t *testing.T, o Options, each func(m *message, x texts)) {
	t.Helper()
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	b, err := loadBank()
	if err != nil {
		t.Fatal(err)
	}
	end := o.End.Month()
	s := span{(end - 2).First(), o.End}
	c := newCity(o.Units, s.first+30)
	w := &writer{Options: o, city: c, bank: b, text: composer{seed: o.Seed, city: c, bank: b, plain: o.Plain}}
	w.messages = makeMessages(newRand(o.Seed), c, b, o.Cases, s, o.Plain)
	for i := range w.messages {
		m := &w.messages[i]
		v := w.show(m, o.End)
		if m.gone > 0 {
			continue
		}
		w.fill(&v, o.End)
		each(m, v.texts)
	}
}

func TestTextsReadWell(t *testing.T) {
	odd := regexp.MustCompile(`[{}]|。。|，。|，，|：：|。，|[\x{4e00}-\x{9fff}][,;:?!]|^\s|\s$|\n\n`)
	short, long, n := 0, 0, 0
	replies := map[string]int{}
	everything(t, Options{Cases: 4000}, func(m *message, x texts) {
		if m.hostile > 0 || m.personal > 0 || m.accuses {
			return
		}
		for _, text := range []string{x.title, x.question, x.reply} {
			if hit := odd.FindString(text); hit != "" {
				t.Errorf("message %d: %q in %q", m.n, hit, text)
			}
		}
		if x.title == "" || x.question == "" {
			t.Errorf("message %d has no title or no text", m.n)
		}
		if x.reply == "" || m.template {
			return
		}
		replies[x.reply]++
		n++
		switch length := utf8.RuneCountInString(x.question + x.reply); {
		case length < 150 && m.status != "declined":
			short++
		case length > 900:
			long++
		}
	})
	if short+long > n/100 {
		t.Errorf("of %d answered messages %d are under 150 and %d over 900 characters", n, short, long)
	}
	if len(replies) < n*9/10 {
		t.Errorf("%d replies say %d different things", n, len(replies))
	}
}

func TestPlainTextsAreAsLongAsSaid(t *testing.T) {
	total, n := 0, 0
	everything(t, Options{Cases: 2000, Plain: true}, func(m *message, x texts) {
		if x.reply != "" && !m.template {
			total += utf8.RuneCountInString(x.question + x.reply)
			n++
		}
	})
	if mean := total / n; mean < 600 || mean > 700 {
		t.Errorf("a case has %d characters, not about 650", mean)
	}
}

// A question and its reply are about the same matter: each scenario of a topic
// has a clause for every place.
func TestEveryScenarioIsComplete(t *testing.T) {
	b, err := loadBank()
	if err != nil {
		t.Fatal(err)
	}
	if len(b.topics) < 20 || len(b.roots) < 5 {
		t.Fatalf("%d topics", len(b.topics))
	}
	r := newRand(1)
	for _, topic := range b.topics {
		if !record.ValidID(topic.id) || topic.en == "" || topic.weight < 1 || len(topic.scenarios) < 3 || len(topic.others) == 0 {
			t.Errorf("topic %s is not complete", topic.id)
		}
		for _, s := range topic.scenarios {
			for _, part := range "TWAFDR" {
				if pick(r, topic.clauses[byte(part)], s) == "" {
					t.Errorf("topic %s, scenario %d: no clause %c", topic.id, s, part)
				}
			}
		}
		for part, clauses := range topic.clauses {
			for _, c := range clauses {
				if !strings.ContainsRune("TWEAFDR", rune(part)) || strings.Trim(c.scenarios, "123456789") != "" {
					t.Errorf("topic %s: clause %c%s", topic.id, part, c.scenarios)
				}
			}
		}
	}
}

func TestBankRefusesWhatItCannotRead(t *testing.T) {
	for _, text := range []string{"# only", "# a|b|c\n## d|e", "# a|b|c\n## d|e|f|street|x|help:1", "# a|b|c\n## d|e|f|street|1|help", "# a|b|c\n## d|e|f|street|1|help:1\nT"} {
		if err := new(bank).read(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// Whatever looks like a personal datum in the files is one of those that can
// belong to nobody, and README.md names their marks.
func TestPersonalDataIsSynthetic(t *testing.T) {
	forms := []struct {
		what string
		find *regexp.Regexp
		mark string
	}{
		{"identity number", regexp.MustCompile(`(?:^|[^0-9])([1-9]\d{5} ?(?:19|20)\d{6} ?\d{3}[0-9X])`), "51990019000101"},
		{"mobile", regexp.MustCompile(`(?:^|[^0-9])(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?:[^0-9]|$)`), "154"},
		{"landline", regexp.MustCompile(`(?:^|[^0-9])(0\d{2,3}-?\d{7,8})(?:[^0-9]|$)`), "0339-555"},
		{"e-mail", regexp.MustCompile(`[a-z.]+@([a-z.]+)`), "example.com"},
		{"plate", regexp.MustCompile(`([\x{4e00}-\x{9fff}][A-Z][0-9A-Z]{5})`), "川Y00000"},
	}
	found := make([]int, len(forms))
	everything(t, Options{Cases: 6000}, func(m *message, x texts) {
		for _, text := range []string{x.title, x.question, x.reply} {
			for i, f := range forms {
				for _, hit := range f.find.FindAllStringSubmatch(text, -1) {
					found[i]++
					if !strings.HasPrefix(strings.ReplaceAll(hit[1], " ", ""), f.mark) {
						t.Errorf("message %d: %s without the mark %s", m.n, f.what, f.mark)
					}
				}
			}
		}
	})
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range forms {
		if found[i] == 0 {
			t.Errorf("no %s is planted", f.what)
		}
		if !strings.Contains(string(readme), f.mark) {
			t.Errorf("README.md does not name %s", f.mark)
		}
	}
	for _, id := range []string{identity(1), identity(27)} {
		if !strings.Contains(string(readme), id) {
			t.Errorf("README.md does not list the identity number %s", id)
		}
	}
}

// The check digit is made with the weights from the left and checked here, as
// GB 11643 defines it, from the right: all eighteen digits make 1 modulo 11.
func TestIdentityHasAValidCheckDigit(t *testing.T) {
	for n := range 60 {
		id := identity(n)
		sum, weight := 0, 1
		for i := len(id) - 1; i >= 0; i-- {
			v := int(id[i] - '0')
			if id[i] == 'X' {
				v = 10
			}
			sum += v * weight
			weight = weight * 2 % 11
		}
		if len(id) != 18 || sum%11 != 1 {
			t.Errorf("%s is no valid number", id)
		}
	}
	if got := card("621700000000000000"); len(got) != 19 || got != "6217000000000000004" {
		t.Errorf("card number %s", got)
	}
}

// No real place is meant: neither a province nor a well-known city is named.
func TestNoRealPlaces(t *testing.T) {
	real := strings.Fields(`北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西
		甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 成都 广州 深圳 杭州 南京 武汉 西安 郑州 长沙 沈阳 大连 青岛 济南 苏州 宁波 厦门 福州 合肥 南昌 昆明 贵阳
		南宁 海口 太原 石家庄 哈尔滨 长春 兰州 西宁 银川 拉萨 呼和浩特 乌鲁木齐`)
	files, err := filepath.Glob("bank/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range append(files, "city.go") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range real {
			if strings.Contains(string(b), name) {
				t.Errorf("%s names %s", f, name)
			}
		}
	}
}

// Each kind of hostile text gets into the files, and a NUL with it.
func TestHostileTextsArePlanted(t *testing.T) {
	var in []string
	everything(t, Options{Cases: 2000}, func(m *message, x texts) {
		if m.hostile > 0 {
			in = append(in, x.question)
		}
	})
	for i, h := range hostile {
		if !slices.ContainsFunc(in, func(q string) bool { return strings.Contains(q, h) }) {
			t.Errorf("hostile text %d is in no message", i)
		}
	}
	dir, _ := write(t, Options{})
	lines, err := filepath.Glob(filepath.Join(dir, "outbox/*/web-*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(lines, func(f string) bool {
		b, err := os.ReadFile(f)
		return err == nil && strings.Contains(string(b), `\u0000`)
	}) {
		t.Error("no NUL is planted")
	}
}
