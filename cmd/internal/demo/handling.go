package demo

import "github.com/huiyin/huiyin/generator/record"

// handling is what was done about a message beside its course: to whom it was sent
// first and who sent it back, who was asked to hurry, who went there, and to which
// of the kinds that leaders handle themselves it belongs.
type handling struct {
	wrong          int16 // unit to which it was sent first, plus one
	with           int16 // unit that handles it too, plus one
	against        int16 // unit that is complained of, plus one
	sent, sentBack stamp // to the wrong unit, and by it
	returnWhy      uint8 // index into returnWords
	supervised     record.Day
	onSite         uint8 // index into yesNo
	leader         uint8 // index into leaderWords plus one
}

// Words of the offices. The mapping leads back from those of leaders.
var (
	returnWords = []string{"不属于本单位职责范围", "点位属于其他辖区", "产权单位另有归属"}
	leaderWords = []string{"久拖未决", "多人联名", "涉及多个部门", "安全隐患", "拖欠费用", "项目遗留", "跨区事项", "政策不明", "反复反映", "群体关切"}
)

// supervisor is the office that asks others to hurry, and hurry what it asks.
const (
	supervisor = government
	hurry      = "请在三个工作日内办理并报告。"
)

// handle decides it for a message that is answered.
func (g *maker) handle(m *message) {
	r := g.aside
	chance := func(permille int) bool { return r.IntN(1000) < permille }
	if seriesOf(m.channel) == "mailbox" {
		if chance(300) {
			m.leader = uint8(1 + r.IntN(len(leaderWords)))
		}
		return
	}
	m.onSite = 1
	if m.kind != "consult" && m.kind != "suggest" && !m.template && chance(600) {
		m.onSite = 2
	}
	other := g.neighbour(m)
	if back := office(m.dispatched + (m.response-m.dispatched)/2); chance(60) && other >= 0 && back > m.dispatched && back+600 < m.response {
		m.wrong, m.returnWhy = other+1, uint8(r.IntN(len(returnWords)))
		m.sent, m.sentBack, m.dispatched = m.dispatched, back, back+600
	}
	if seriesOf(m.channel) != "hotline" {
		return
	}
	if chance(60) && other >= 0 {
		m.with = other + 1
	}
	if m.kind == "complain" && chance(250) {
		m.against = m.unit + 1
	}
	if (m.replied > m.due || m.repeats > 0) && chance(350) {
		m.supervised = min(m.due.day()+1, m.replied.day())
	}
}

// neighbour returns the street office of the place or, of what that handles, the
// urban management of its district; less than nothing where there is neither.
func (g *maker) neighbour(m *message) int16 {
	p := &g.city.places[m.place]
	for _, id := range []string{p.district.slug + "-" + p.slug, p.district.slug + "-urban"} {
		if i, ok := g.unitIndex[id]; ok && i != m.unit {
			return i
		}
	}
	return -1
}
