package gate

import (
	"strings"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// accusation is the word for 检举控告, which record has no word for.
const accusation = "accusation"

// accusing finds text that perhaps accuses an official. It is conservative: a
// person decides about what it finds, and until then the case has no number.
//
// This is its first part: the words of misconduct by themselves, and the words
// of reporting somebody where the post of an official follows closely.
type accusing struct {
	alone map[uint16][]string // misconduct, by first character
	verbs map[uint16][]string
	posts map[uint16][]string
	first [1 << 16]bool // characters that begin any of the words
}

func newAccusing() *accusing {
	a := &accusing{
		alone: byFirst("受贿 行贿 索贿 贿赂 贪污 贪腐 贪官 以权谋私 滥用职权 徇私 权钱交易 权色交易 保护伞 中饱私囊 玩忽职守 渎职 职务犯罪 买官卖官 " +
			"挪用公款 挪用资金 公款吃喝 公款旅游 吃拿卡要 收受红包 收受礼金 收受好处 侵吞 官商勾结 官官相护 违法乱纪 违纪违法 优亲厚友 虚报冒领 套取 " +
			"村霸 腐败分子 腐败问题 黑恶势力 充当保护"),
		verbs: byFirst("举报 检举 控告 揭发 揭露 实名反映 状告"),
		posts: byFirst("局长 书记 主任 镇长 乡长 村长 支书 所长 科长 处长 县长 区长 市长 厅长 院长 法官 检察官 民警 警察 干部 公务员 校长 站长 队长 " +
			"委员 党员 股长 主席 部长 执法人员 工作人员 领导"),
	}
	for _, words := range []map[uint16][]string{a.alone, a.verbs, a.posts} {
		for r := range words {
			a.first[r] = true
		}
	}
	return a
}

func byFirst(words string) map[uint16][]string {
	m := map[uint16][]string{}
	for _, w := range strings.Fields(words) {
		r, n := utf8.DecodeRuneInString(w)
		m[uint16(r)] = append(m[uint16(r)], w[n:])
	}
	return m
}

// closeBy is how many characters may lie between reporting and a post.
const closeBy = 14

// in reports whether the glyphs perhaps accuse an official.
func (a *accusing) in(gs []glyph) bool {
	until := -1 // a post up to here follows a verb
	for i := range gs {
		r := gs[i].r
		if !a.first[r] {
			continue
		}
		if rest, ok := a.alone[r]; ok && follows(gs[i+1:], rest) {
			return true
		}
		if rest, ok := a.verbs[r]; ok && follows(gs[i+1:], rest) {
			until = i + closeBy
		}
		if i <= until {
			if rest, ok := a.posts[r]; ok && follows(gs[i+1:], rest) {
				return true
			}
		}
	}
	return false
}

// follows reports whether one of the words stands at the start of gs, with
// separators looked through.
func follows(gs []glyph, words []string) bool {
	for _, w := range words {
		i := 0
		for _, r := range w {
			for i < len(gs) && gs[i].class == sep {
				i++
			}
			if i == len(gs) || gs[i].r != uint16(r) {
				i = -1
				break
			}
			i++
		}
		if i >= 0 {
			return true
		}
	}
	return false
}

// perhapsAccusing reports whether a case of a kind that may hide an accusation
// reads like one. Text that cannot be published for another reason is read all
// the same, as far as the size limit.
func (c *clearing) perhapsAccusing() bool {
	if kind := record.Kind(c.raw.Fields[source.FieldKind]); kind != record.Report && knownKind(kind) {
		return false
	}
	for _, field := range []string{source.FieldTitle, source.FieldQuestion} {
		value := c.raw.Fields[field]
		if len(value) > c.policy.MaxText {
			value = value[:c.policy.MaxText]
		}
		value = strings.ToValidUTF8(value, "")
		if d, ok := decode(value, &c.work); ok {
			value = d.plain
		}
		c.work.spend(2 * len(value))
		c.scan.glyphs = c.folds.view(c.scan.glyphs[:0], value)
		if c.accusing.in(c.scan.glyphs) {
			return true
		}
	}
	return false
}

// knownKind reports whether k is a kind of case.
func knownKind(k record.Kind) bool {
	for _, kind := range record.Kinds() {
		if k == kind {
			return true
		}
	}
	return false
}
