package gate

import "strings"

// personalRegisters are those of people and households: what the word before 号 or 编号 ends with. The
// number leads whoever may look into the register to one person, her home or her car.
var personalRegisters = strings.Fields("病历 病案 住院 门诊 就诊 就诊卡 诊疗卡 挂号 准考证 考生 考籍 学籍 学生证 户 电户 水户 气户 用户 客户 缴费户 " +
	"驾驶证档案 驾照档案 行驶证档案 车架 车辆识别代 车辆识别 发动机 保单 保险单 个人编 职工编 参保 社保 医保 社保编 医保编 养老保险")

// sharedRegisters end in the same way and are nobody's.
var sharedRegisters = strings.Fields("门户 账户 帐户 开户 商户 大客户 窗户")

// The bounds of a number in such a register.
const (
	minRegistered = 6
	maxRegistered = 22
)

// registered looks behind the words that announce the number of a person, a household
// or a car in a register, of which the last character, 号, is glyph i.
func (s *scan) registered(i int) {
	before := s.before(int32(i))
	plain := strings.TrimSuffix(before, "编") // 用户编号
	if !endsInAny(before, personalRegisters) && !endsInAny(plain, personalRegisters) || endsInAny(plain, sharedRegisters) {
		return
	}
	first, _ := s.behindWord(i + 1)
	if first < 0 {
		return
	}
	r := s.read(first)
	k, digits := 0, 0
	for k < r.n && k <= maxRegistered && (k == 0 || r.gaps[k] <= 1) && (r.kinds[k] != hanDigit || r.kinds[0] == hanDigit) {
		if r.gaps[k] > 0 && r.kinds[k] == letter {
			break // the next word
		}
		if r.value[k] != 0 {
			digits++
		}
		k++
	}
	if k < minRegistered || k > maxRegistered || digits < minRegistered-1 || measured(s.after(int32(r.ends[k-1]))) {
		return
	}
	s.take(Order, &r, k, k, 75, "registered@1")
}

// endsInAny reports whether text ends in one of the words.
func endsInAny(text string, words []string) bool {
	for _, w := range words {
		if strings.HasSuffix(text, w) {
			return true
		}
	}
	return false
}
