package gate

import "github.com/huiyin/huiyin/generator/record"

// Class says which rules apply to a text.
type Class uint8

// The classes of text.
const (
	Citizen  Class = iota // written by the citizen
	Official              // written by an office
	Label                 // a name, a post or another short label
)

// String returns the name of the class in a policy.
func (c Class) String() string {
	switch c {
	case Citizen:
		return "citizen"
	case Official:
		return "official"
	}
	return "label"
}

// Checked is what the gate says of one text by itself.
type Checked struct {
	Masked   string    // the masked plain text; "" where Held is not empty and nothing may be shown
	Findings []Finding // offsets are bytes of the text as given; those that only the mask of another brought out come last and have none (0, 0)
	Held     []string  // codes of the reasons to hold, sorted; empty where the text may be published masked
}

// Clean reports whether nothing was found and nothing is held.
func (c Checked) Clean() bool { return len(c.Findings) == 0 && len(c.Held) == 0 }

// Check looks at one text as the gate would at a field of the class in a record of the units, whose
// public lines pass. It never fails: what cannot be looked at is held. What holds a
// case as a whole because of what it is about is asked by [Gate.CheckCase].
func (g *Gate) Check(class Class, text string, asOf record.Day, units ...record.UnitID) Checked {
	return g.check(class, text, false, asOf, units)
}

// CheckCase is [Gate.Check] of what a citizen wrote, taken for a whole case whose kind
// nobody has said: Held also has the reasons for which [Gate.Clear] would hold the
// case or be silent about it because of what it is about, such as "sensitive-minor"
// and "perhaps-accusing".
func (g *Gate) CheckCase(text string, asOf record.Day, units ...record.UnitID) Checked {
	return g.check(Citizen, text, true, asOf, units)
}

func (g *Gate) check(class Class, text string, whole bool, asOf record.Day, units []record.UnitID) (checked Checked) {
	c := &clearing{Gate: g, asOf: asOf, units: units, work: budget{left: g.policy.MaxSteps}}
	reason := c.guarded(func() {
		checked.Masked = c.text("text", class, text)
		if !whole {
			return
		}
		for _, reason := range c.about(c.sensitives, text) {
			c.hold(reason)
		}
		if len(c.about(c.accusing, text)) > 0 {
			c.hold(perhapsAccusing)
		}
	})
	if reason != "" {
		return Checked{Held: []string{reason}}
	}
	checked.Findings = c.verdict.Findings
	if c.verdict.Decision == Hold {
		checked.Masked, checked.Held = "", sorted(c.verdict.Reasons)
	}
	return checked
}
