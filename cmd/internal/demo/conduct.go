package demo

// conduct is how a unit handles what it is given, in thousandths.
type conduct struct{ never, late, template int }

// The unit that is late again and again, so that it stands in the last band, and the
// one that never is, so that it stands in the first: what follows from that is to be
// seen in every city that has them often enough.
const (
	lateUnit   = "yl-bus"
	promptUnit = "yl-tapwater"
)

// conduct returns how the i-th unit behaves. Most answer in time, some late,
// and a few with empty words.
func (c *city) conduct(i int) conduct {
	switch c.units[i].id {
	case lateUnit:
		return conduct{never: 60, late: 440}
	case promptUnit:
		return conduct{}
	}
	x := uint32(i+1) * 2654435761 >> 16 % 100 // spreads neighbours in the register
	out := conduct{never: 6, late: 40}
	switch {
	case x < 12:
		out = conduct{never: 55, late: 320}
	case x < 35:
		out = conduct{never: 20, late: 130}
	}
	if x%9 == 4 {
		out.template = 550
	}
	return out
}
