package main

import (
	"strings"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/attach"
)

// reasonWords say for each reason of the gate, in Chinese and in English, why a record
// waits or what is told of it besides. Reasons that name a kind, and those of files,
// are made up by [explainReason].
var reasonWords = map[string]struct{ zh, en string }{
	// What a person may decide.
	"sensitive-minor":          {"涉及未成年人", "it is about a child"},
	"sensitive-health":         {"涉及疾病、健康状况", "it is about an illness"},
	"sensitive-sexual":         {"涉及性侵害、性骚扰", "it is about sexual violence or harassment"},
	"sensitive-domestic":       {"涉及家庭暴力", "it is about violence at home"},
	"sensitive-secret":         {"带有国家秘密标志", "it bears a mark of state secrecy"},
	"third-party-consultation": {"正在征求第三方意见", "a third party was asked and has not answered"},
	"perhaps-accusing":         {"疑似检举控告", "it perhaps accuses an official"},
	"rejected-before":          {"此前已决定不予公开，内容有变化", "it was rejected as it was delivered before, and has been delivered anew"},
	"sample":                   {"抽查", "published masked, and drawn to be looked at"},

	// What the gate could not look at, or does not know.
	"unknown-field":      {"含有映射未定义的字段", "it has a field that the mapping does not name"},
	"unknown-kind":       {"记录类型无法识别", "it is a record of an unknown kind"},
	"bad-utf8":           {"文字编码有误", "its text is not in UTF-8"},
	"text-too-long":      {"文字过长", "a text is too long"},
	"budget-spent":       {"文字过于复杂，未能查完", "a text is too complex to be looked at to its end"},
	"nested-encoding":    {"文字经多重编码，无法检查", "a text is encoded several times over"},
	"missing-list":       {"程序缺少所需词表", "a list that the program needs is missing"},
	"internal-error":     {"程序内部错误", "the program failed on it"},
	"mask-decodes":       {"遮盖后复查未通过", "looked at once more, the masked text is not clean"},
	"not-clean":          {"遮盖后复查未通过", "looked at once more, the masked text is not clean"},
	"row-only":           {"只能公开基本信息，但带有文字内容", "it may be published as a row alone, and has texts"},
	"register-tombstone": {"名录条目不能撤回", "an entry of a register cannot be withdrawn"},

	// What keeps nothing else back, or leaves the row.
	"attachments-left-out":   {"附件均不公开", "files are not published"},
	"question-without-reply": {"尚无答复，诉求内容暂不公开", "the question is not published before the reply"},
	"no-consent":             {"诉求人不同意公开", "its writer does not consent"},
	"consent-not-carried":    {"未载明诉求人是否同意公开", "the export does not say whether its writer consents"},
	"merged":                 {"已并单", "it was merged into another"},
	"not-answered":           {"尚未答复", "it is not answered yet"},
	"no-reply-carried":       {"未载明答复内容", "the export does not have its reply"},
	"third-party-refused":    {"第三方不同意公开", "a third party does not agree"},
	"third-party-agreed":     {"第三方同意公开", "a third party agrees"},
	"rejected":               {"已决定不予公开", "it was rejected"},
	"original-erased":        {"原件已按期限清除，无法再作人工审查", "its original is erased, so that nobody can decide about it"},
	"accusation":             {"检举控告", "it accuses an official"},

	// What is told of files as a whole.
	"attachment-held":     {"有附件未公开", "some of its files are left out"},
	"attachment-accepted": {"有附件经审查公开", "some of its files were accepted"},
	"attachment-rejected": {"有附件经审查不予公开", "some of its files were rejected"},
}

// kindReasons are the beginnings of reasons that end in a kind of finding.
var kindReasons = []struct{ prefix, zh, en string }{
	{"doubtful-", "疑似", "something that may be of the kind "},
	{"held-", "公开审查规则要求人工审查：", "the policy holds what is of the kind "},
}

// explainReason returns what a reason of the gate means. Of one that it does not know
// it returns the code itself.
func explainReason(code string) explained {
	if w, ok := reasonWords[code]; ok {
		return explained{code, w.zh, w.en}
	}
	for _, k := range kindReasons {
		if kind, ok := strings.CutPrefix(code, k.prefix); ok && gate.TypeName(kind) != "" {
			return explained{code, k.zh + gate.TypeName(kind), k.en + kind}
		}
	}
	if file, ok := strings.CutPrefix(code, "attachment-"); ok {
		zh, en := attach.Explain(file)
		return explained{file, zh, en}
	}
	return explained{code, code, code}
}

// explainReasons returns what reasons mean, each once and in their order.
func explainReasons(codes []string) (all []explained) {
	had := map[string]bool{}
	for _, code := range codes {
		e := explainReason(code)
		if !had[e.Code] {
			all = append(all, e)
		}
		had[e.Code] = true
	}
	return all
}

// inChinese joins what reasons mean in Chinese, without the sentences about files, which
// say what to do as well.
func inChinese(codes []string) string {
	var words []string
	for _, code := range codes {
		if e := explainReason(code); e.Code == code && e.Zh != code {
			words = append(words, e.Zh)
		}
	}
	return strings.Join(words, "；")
}
