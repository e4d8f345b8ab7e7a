package sample

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// promised is a commitment of 20 October for October.
func promised() *Commitment {
	return &Commitment{
		Version: 1, Day: record.Date(2026, 10, 20), SeedSHA256: made.SHA256(),
		Spec: Spec{"2026-10", record.Scope{Dim: record.ByUnit, ID: "water"}, Full, ByKind, 3}, Cutoff: record.Date(2026, 11, 10),
		Panel: []Category{{"居民", 5}, {"人大代表", 2}}, Rubric: NewRubric("评分标准.txt", []byte("abc")),
	}
}

func TestCommitment(t *testing.T) {
	const want = `{
  "version": 1,
  "day": "2026-10-20",
  "seed_sha256": "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9",
  "period": "2026-10",
  "scope": {
    "dim": "unit",
    "id": "water"
  },
  "cases": "full",
  "by": "kind",
  "n": 3,
  "cutoff": "2026-11-10",
  "panel": [
    {
      "name": "居民",
      "members": 5
    },
    {
      "name": "人大代表",
      "members": 2
    }
  ],
  "rubric": {
    "name": "评分标准.txt",
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  }
}
`
	if diff := cmp.Diff(want, string(promised().JSON())); diff != "" {
		t.Error(diff)
	}
	back, err := ParseCommitment([]byte(want))
	if diff := cmp.Diff(promised(), back); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if err := back.Opens(made); err != nil {
		t.Error(err)
	}
	if msg := said(back.Opens(made + "0")); !strings.Contains(msg, "not the seed") {
		t.Error(msg)
	}
}

func TestBadCommitment(t *testing.T) {
	tests := []struct {
		name     string
		old, new string // what is changed in the file
		want     string
	}{
		{"on the last day but one", `"2026-10-20"`, `"2026-10-30"`, ""},
		{"on the last day", `"2026-10-20"`, `"2026-10-31"`, "of 2026-10-31, and the frame closes on 2026-10-31"},
		{"drawn on the last day", `"2026-11-10"`, `"2026-10-31"`, ""},
		{"drawn before the last day", `"2026-11-10"`, `"2026-10-30"`, "data up to 2026-10-30, and the frame closes on 2026-10-31"},
		{"a draw without a day", `"2026-11-10"`, `""`, "the draw is to be from data up to"},
		{"a day after the end", `"2026-10-20"`, `"2026-11-01"`, "of 2026-11-01, and the frame closes on 2026-10-31"},
		{"no day", `"2026-10-20"`, `""`, "no day"},
		{"a day that is none", `"2026-10-20"`, `"2026-10-32"`, "cannot be read"},
		{"another version", `"version": 1`, `"version": 2`, "version 2"},
		{"an unknown field", `"version": 1`, `"version": 1, "skip": ["2610-000001"]`, "cannot be read"},
		{"a short hash", "3eb1", "", "no hash of a seed"},
		{"a hash in capitals", "3eb1", "3EB1", "no hash of a seed"},
		{"nobody on the panel", `"members": 5`, `"members": 0`, "category of the panel"},
		{"a category twice", "人大代表", "居民", "category of the panel"},
		{"a category of two lines", "人大代表", `a\nb`, "category of the panel"},
		{"a rubric without hash", "ba7816", "", "rubric"},
		{"more behind", "\n}\n", "\n}\n{}", "something follows"},
		{"another period", `"2026-10",`, `"all",`, "period with an end"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := string(promised().JSON())
			if !strings.Contains(file, test.old) {
				t.Fatal("nothing is changed")
			}
			_, err := ParseCommitment([]byte(strings.Replace(file, test.old, test.new, 1)))
			if msg := said(err); !strings.Contains(msg, test.want) || test.want == "" && err != nil {
				t.Error(msg)
			}
		})
	}
}

// FuzzParseCommitment: whatever a file holds, what is read is written the same again.
func FuzzParseCommitment(f *testing.F) {
	f.Add(promised().JSON())
	f.Add([]byte(`{"version":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseCommitment(b)
		if err != nil {
			return
		}
		back, err := ParseCommitment(c.JSON())
		if err != nil || string(back.JSON()) != string(c.JSON()) {
			t.Errorf("%v", err)
		}
	})
}

func TestStatement(t *testing.T) {
	c := promised()
	f := frameOf(t, "help", "help", "help", "suggest", "")
	s := draw(t, f, made, c.N)
	late := Origin{Release: 4, First: 3, Cutoff: record.Date(2026, 11, 12), FirstCutoff: record.Date(2026, 11, 10)}
	for lang, want := range map[string]string{
		"zh": `# 抽样说明

- 收到日期：2026-10-01 至 2026-10-31
- 范围：单位 water
- 对象：全文公开的诉求件（不含已并单的）
- 抽取件数：3
- 分层：按诉求类别
- 抽样所依据的发布：数据截止日达到 2026-11-10 的第一次发布
- 种子的 SHA-256（2026-10-20 作出）：3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9
- 评审：居民 5 人
- 评审：人大代表 2 人
- 评分标准：评分标准.txt，SHA-256：ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
- 种子：0123456789abcdef0123456789abcdef
- 所依据的发布：第 4 次，数据截止 2026-11-12
- 注意：按承诺应依据第 3 次发布（数据截止 2026-11-10），本次抽样晚于该次发布
- 抽样框（frame.csv）：5 件，SHA-256：` + f.SHA256() + `
- 未列入抽样框：已并单 1 件，未全文公开 2 件，已撤下 3 件
- 抽中（sample.csv）：3 件

| 分层 | 抽样框件数 | 抽中件数 | 说明 |
|---|---:|---:|---|
| 未知 | 1 | 1 | 不足30件，不宜单独评价该层 |
| help | 3 | 2 | 不足30件，不宜单独评价该层 |
| suggest | 1 | 0 | 未抽中，不能评价该层 |

任何人都可以重做：按“种子、换行符、编号”的 SHA-256 从小到大排列，每层取最前的若干件；各层件数按最大余数法分配。
`,
		"en": `# A sample of cases

- Received: 2026-10-01 to 2026-10-31
- Scope: unit water
- Cases: those published in full, without merged ones
- Cases to be drawn: 3
- Strata: by kind
- To be drawn from: the first release with data up to 2026-11-10 or later
- SHA-256 of the seed, made on 2026-10-20: 3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9
- Panel: 居民, members: 5
- Panel: 人大代表, members: 2
- Rubric: 评分标准.txt, SHA-256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
- Seed: 0123456789abcdef0123456789abcdef
- Drawn from: release 4, data up to 2026-11-12
- Note: the commitment names release 3 (data up to 2026-11-10); this draw was made later
- Frame (frame.csv): cases: 5, SHA-256: ` + f.SHA256() + `
- Not in the frame: merged: 1, not published in full: 2, withdrawn: 3
- Drawn (sample.csv): 3

| Stratum | Cases in the frame | Drawn | Note |
|---|---:|---:|---|
| not known | 1 | 1 | fewer than 30: says little about the stratum alone |
| help | 3 | 2 | fewer than 30: says little about the stratum alone |
| suggest | 1 | 0 | none drawn: says nothing about the stratum |

Anyone can repeat this: sort by the SHA-256 of seed, line feed and number, and take the first of each stratum; how many of each, the largest remainder says.
`,
	} {
		if diff := cmp.Diff(want, c.Statement(lang, made, late, f, Left{1, 2, 3}, s)); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
	}
	for _, lang := range []string{"zh", "en"} {
		if text := c.Promise(lang); strings.Contains(text, string(made)) || !strings.Contains(text, made.SHA256()) || !strings.Contains(text, "2026-10-31") {
			t.Error(text)
		}
	}
	c.Scope, c.By, c.Rubric, c.Panel = record.Scope{Dim: record.ByAll}, ByNone, nil, nil
	if text := c.Statement("en", made, Origin{Release: 3, First: 3}, f, Left{}, s); !strings.Contains(text, "Scope: the whole site\n") || strings.Contains(text, "made later") || strings.Contains(text, "|") {
		t.Error(text)
	}
}
