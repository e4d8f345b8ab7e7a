package demo

import (
	"math/rand/v2"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// stamp is a time in seconds since 1970; zero is none.
type stamp int64

func (s stamp) time() time.Time { return time.Unix(int64(s), 0).In(record.Zone()) }

func (s stamp) day() record.Day {
	if s == 0 {
		return 0
	}
	return record.DayOf(s.time())
}

// at returns the time of day h:m:s on day d.
func at(d record.Day, seconds int) stamp {
	y, m, day := d.Time().Date()
	return stamp(time.Date(y, m, day, 0, 0, seconds, 0, record.Zone()).Unix())
}

// message is one case with its whole future, and without its texts: those are
// composed again, from its number, each time that they are delivered.
type message struct {
	n        int32 // from 0; the seed of its texts
	seq      int32 // of its series and day, for the office's own number
	channel  uint8
	topic    uint8
	scenario uint8
	place    uint8
	unit     int16
	kind     string

	received, dispatched, due, response, replied, closed stamp
	resolved, repliedLater                               stamp

	status    string // at the end; a word of record.Status
	rating    int8
	ratedBy   uint8 // index into ratedBy
	outcome   string
	consent   uint8 // 0 not asked, 1 no, 2 yes
	template  bool  // the reply says nothing
	hostile   int8  // index into hostile plus one
	personal  int8  // index into personal plus one
	repeats   int32 // message plus one
	merged    int32 // message plus one
	reopened  uint8
	corrected record.Day
	redated   record.Day // from then on the reply is dated repliedLater
	gone      record.Day
	goneWhy   string
	accuses   bool
	odd       uint8
	handling
}

// The contradictions that a few messages carry.
const (
	oddStatus = 1 + iota // "answered", and no reply
	oddBefore            // replied before it was received
	oddFuture            // closed on a day that has not come
)

// span is the days on which messages are received.
type span struct{ first, last record.Day }

// ways in which ratings are obtained, as words of record.
var ratedBy = []string{"citizen", "call-back", "message"}

// makeMessages makes up n messages in the order of their receipt, and among
// them a few that accuse an official and are none of the n.
func makeMessages(r *rand.Rand, c *city, b *bank, n int, s span, plain bool) []message {
	perDay := spread(r, n, s)
	all := make([]message, 0, n)
	seq := map[string]int32{}
	var topicWeights []int
	for _, t := range b.topics {
		topicWeights = append(topicWeights, t.weight)
	}
	g := &maker{r: r, city: c, bank: b, span: s, plain: plain, topics: topicWeights, unitIndex: map[string]int16{}, aside: rand.New(rand.NewPCG(uint64(n), 1))}
	for i := range c.units {
		g.unitIndex[c.units[i].id] = int16(i)
	}
	add := func(m message) {
		series := seriesOf(m.channel)
		seq[series]++
		m.seq = seq[series]
		all = append(all, m)
	}
	for d, count := range perDay {
		day := s.first + record.Day(d)
		times := make([]int, count)
		for i := range times { // 7:30 to 22:00, in order
			times[i] = 27000 + int(int64(52200)*int64(i)/int64(count)) + r.IntN(52200/count+1)
		}
		clear(seq)
		for _, t := range times {
			add(g.message(int32(len(all)), at(day, t), all))
			if !plain && g.chance(6) {
				m := g.message(int32(len(all)), at(day, t+30), all)
				m = message{n: m.n, channel: m.channel, topic: m.topic, scenario: m.scenario, place: m.place, unit: m.unit,
					kind: m.kind, received: m.received, dispatched: m.dispatched, due: m.due, status: "handling", accuses: true}
				add(m)
			}
		}
	}
	return all
}

// spread divides n messages over the days: fewer at weekends, a few more as
// people learn of the service.
func spread(r *rand.Rand, n int, s span) []int {
	days := int(s.last-s.first) + 1
	weights := make([]int, days)
	total := 0
	for i := range weights {
		w := 1000 + 300*i/days + r.IntN(200)
		if wd := (s.first + record.Day(i)).Time().Weekday(); wd == time.Saturday || wd == time.Sunday {
			w = w * 55 / 100
		}
		weights[i] = w
		total += w
	}
	out := make([]int, days)
	done, sum := 0, 0
	for i, w := range weights {
		sum += w
		upto := int(int64(n) * int64(sum) / int64(total))
		out[i] = upto - done
		done = upto
	}
	return out
}

// maker makes one message after the other.
type maker struct {
	r         *rand.Rand
	aside     *rand.Rand // of how messages are handled beside their course
	city      *city
	bank      *bank
	span      span
	plain     bool
	topics    []int
	unitIndex map[string]int16
}

func (g *maker) chance(permille int) bool { return g.r.IntN(1000) < permille }

func (g *maker) message(n int32, received stamp, before []message) message {
	r := g.r
	m := message{n: n, received: received}
	m.channel = uint8(index(r, []int{50, 6, 3, 16, 14, 11}))
	m.topic = uint8(index(r, g.topics))
	t := &g.bank.topics[m.topic]
	m.scenario = uint8(t.scenarios[r.IntN(len(t.scenarios))])
	if m.kind = t.kindOf[m.scenario]; m.kind == "" {
		m.kind = draw(r, t.others)
	}
	m.place = uint8(g.place(t))
	m.unit = g.unitIndex[g.handler(t, int(m.place), received.day())]

	m.consent = 2
	if x := r.IntN(100); x < 8 {
		m.consent = 1
	} else if x < 10 {
		m.consent = 0
	}
	if !g.plain {
		g.specials(&m, before)
	}
	g.course(&m)
	if m.replied == 0 && m.odd != oddStatus {
		m.odd = 0
	}
	return m
}

// place draws where the matter is: streets and towns are about equally likely,
// but what a street office does is asked of streets and what happens in
// villages of towns.
func (g *maker) place(t *topic) int {
	for {
		i := g.r.IntN(len(g.city.places))
		street := strings.HasSuffix(g.city.places[i].name, "街道")
		switch {
		case t.id == "village" && street, t.role == "street" && t.id != "village" && !street:
			continue
		}
		return i
	}
}

// handler returns the unit that handles a topic at a place.
func (g *maker) handler(t *topic, at int, day record.Day) string {
	p := &g.city.places[at]
	kind, role, _ := strings.Cut(t.role, ":")
	if ids := g.city.stations[p.code]; len(ids) > 0 && kind != "utility" && g.chance(650) {
		return ids[g.r.IntN(len(ids))]
	}
	switch kind {
	case "local":
		if g.chance(120) {
			return "yl-" + role
		}
		return p.district.slug + "-" + role
	case "street":
		return p.district.slug + "-" + p.slug
	}
	if role == "service" && day <= g.city.merger {
		return mergedUnit
	}
	return "yl-" + role
}

// specials decides what is unusual about a message: hostile text, personal
// data, accusations, repeats and merges.
func (g *maker) specials(m *message, before []message) {
	switch {
	case int(m.n)%180 == 40:
		m.hostile = int8(int(m.n)/180%len(hostile)) + 1
		m.channel = []uint8{0, 3, 1}[int(m.n)/180%3] // one of each format in turn
		m.consent = 2
	case int(m.n)%300 == 120:
		m.odd = uint8(1 + int(m.n)/300%3)
	case g.chance(30):
		m.personal = int8(g.r.IntN(len(personal))) + 1
	}
	if m.accuses || m.odd > 0 || m.hostile > 0 {
		return
	}
	if repeat, merge := g.chance(25), g.chance(15); repeat || merge {
		if i := g.same(m, before); i >= 0 && merge {
			m.merged = int32(i) + 1
			m.unit = before[i].unit
		} else if i >= 0 {
			m.repeats = int32(i) + 1
			m.unit = before[i].unit
		}
	}
}

// same returns the latest of the last messages that is about the same matter at
// the same place, and makes m about exactly that.
func (g *maker) same(m *message, before []message) int {
	for i := len(before) - 1; i >= 0 && i > len(before)-800; i-- {
		o := &before[i]
		if o.topic == m.topic && g.city.places[o.place].district == g.city.places[m.place].district && o.merged == 0 && !o.accuses && o.odd == 0 && o.gone == 0 {
			m.place, m.scenario = o.place, o.scenario
			return i
		}
	}
	return -1
}

// course decides when the message is dispatched, answered, closed and rated.
func (g *maker) course(m *message) {
	r := g.r
	const day = 24 * 3600
	allowed := map[string]int{"hotline": 7, "mailbox": 15, "web": 10}[seriesOf(m.channel)]
	m.dispatched = max(m.received+600, office(m.received+stamp(600+r.IntN(20*3600))))
	m.due = at(m.received.day()+record.Day(allowed), day-1)
	m.response = max(m.dispatched+600, office(m.dispatched+stamp(1800+r.IntN(30*3600))))
	m.status = "handling"
	if m.merged > 0 {
		m.response, m.status = 0, "merged"
		return
	}
	if g.chance(8) {
		m.status, m.replied = "declined", m.received+stamp(day+r.IntN(3*day))
		m.closed = m.replied
		if !g.plain {
			m.response = min(m.response, m.replied)
		}
		return
	}

	perf := g.city.conduct(int(m.unit))
	if g.chance(perf.never) {
		return
	}
	share := 120 + r.IntN(830) // of the time allowed, in thousandths
	if g.chance(perf.late) {
		share = 1040 + r.IntN(1600)
	}
	m.replied = office(m.received + stamp(int64(allowed)*day*int64(share)/1000))
	m.status = "replied"
	m.template = g.chance(perf.template)
	switch {
	case m.kind == "suggest" && m.template:
		m.outcome = "not-adopted"
	case m.kind == "suggest":
		m.outcome = "adopted"
	case m.kind == "consult" || m.template:
		m.outcome = "explained"
	default:
		m.outcome = "supported"
	}
	if m.response > m.replied {
		m.response = m.replied
	}
	if g.chance(930) {
		m.closed = max(m.replied+600, office(m.replied+stamp(3600+r.IntN(2*day))))
		m.status = "closed"
	}
	if m.closed > 0 && g.chance(380) {
		m.rating = g.rating(m, perf)
		m.ratedBy = uint8(index(r, []int{3, 4, 5}))
	}
	if g.plain {
		return
	}
	if m.closed > 0 && m.outcome != "not-adopted" && g.chance(650) { // asked on the telephone before it is closed
		m.resolved = m.closed - stamp(r.IntN(int(min(3000, m.closed-m.replied))))
		if m.resolved.day() != m.closed.day() {
			m.resolved = m.closed
		}
	}
	g.handle(m)
	switch {
	case m.odd == oddBefore:
		m.replied = m.received - stamp(day+r.IntN(day))
		m.response = 0
	case g.chance(12):
		m.corrected = m.replied.day() + record.Day(2+r.IntN(9))
	case g.chance(7):
		m.gone = m.replied.day() + record.Day(3+r.IntN(20))
		m.goneWhy = []string{"privacy", "privacy", "third-party", "duplicate", "error"}[r.IntN(5)]
	case m.replied > m.due && m.closed > 0 && g.chance(150) && m.odd == 0: // entered as answered in time, and put right after a check
		m.repliedLater, m.supervised = m.replied, 0
		m.replied = m.due - 6*3600
		m.redated = (m.closed.day().Month() + 1).First() + record.Day(4+r.IntN(40))
	case g.chance(15):
		m.reopened = uint8(1 + r.IntN(2))
	}
}

// rating draws a level from 1 to 5: late and empty replies are liked less.
func (g *maker) rating(m *message, perf conduct) int8 {
	weights := []int{3, 5, 17, 40, 35}
	if m.replied > m.due || m.template {
		weights = []int{16, 22, 30, 22, 10}
	} else if perf.late > 150 {
		weights = []int{7, 11, 26, 36, 20}
	}
	return int8(index(g.r, weights)) + 1
}

// office moves a time into the working hours of a day, 8:30 to 17:59.
func office(s stamp) stamp {
	d := s.day()
	sec := int(s - at(d, 0))
	return at(d, 8*3600+1800+sec*34140/86400)
}

// index draws a position in proportion to the weights.
func index(r *rand.Rand, weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	n := r.IntN(total)
	for i, w := range weights {
		if n < w {
			return i
		}
		n -= w
	}
	return 0
}
