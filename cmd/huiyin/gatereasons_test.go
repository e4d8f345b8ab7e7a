package main

import (
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
)

// Every reason that the gate gives has words in both languages.
func TestReasonWords(t *testing.T) {
	for _, tt := range []struct{ code, zh string }{
		{"sensitive-minor", "涉及未成年人"},
		{"doubtful-mobile", "疑似手机号码"},
		{"held-person", "公开审查规则要求人工审查：自然人姓名"},
		{"perhaps-accusing", "疑似检举控告"},
		{"nested-encoding", "文字经多重编码，无法检查"},
	} {
		if got := inChinese([]string{tt.code}); got != tt.zh {
			t.Errorf("%s: %q, want %q", tt.code, got, tt.zh)
		}
	}
	for _, typ := range gate.Types() {
		for _, code := range []string{"doubtful-" + typ, "held-" + typ} {
			if e := explainReason(code); e.Zh == code || e.En == code || !gate.Acceptable([]string{code}) {
				t.Errorf("%s has no words", code)
			}
		}
	}
	for code, w := range reasonWords {
		if w.zh == "" || w.en == "" {
			t.Errorf("%s lacks a language", code)
		}
	}
	if got := inChinese([]string{"sample", "no-such-reason", "attachment-pdf-personal", "sensitive-health"}); got != "抽查；涉及疾病、健康状况" {
		t.Errorf("joined: %q", got)
	}
}

// A code that stands twice, or for a file, is explained once.
func TestExplainReasons(t *testing.T) {
	got := explainReasons([]string{"sample", "sample", "attachment-image-unread", "odd"})
	if len(got) != 3 || got[1].Code != "image-unread" || got[1].Zh == "" || got[2] != (explained{"odd", "odd", "odd"}) {
		t.Errorf("%+v", got)
	}
}
