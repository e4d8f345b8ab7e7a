package gate

import (
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// registerRecord clears whatever is no case.
// Names made from a column of cases may hold anything, so they are looked
// through like every text.
func (c *clearing) registerRecord() any {
	if !validID(c.raw.Key) {
		return c.refuse("bad-id")
	}
	if c.raw.Gone {
		c.hold("register-tombstone")
		return nil
	}
	if c.unknownFields(registerFields[c.raw.Kind]) {
		c.hold("unknown-field")
		return nil
	}
	if c.rowOnly {
		c.hold("row-only")
		return nil
	}
	switch c.raw.Kind {
	case source.Assessment:
		return c.assessment()
	case source.Accountability:
		return c.accountability()
	}
	name := c.line(source.FieldName, Label, maxLabel)
	if name == "" && c.verdict.Decision != Hold {
		return c.refuse("no-name")
	}
	english := c.line(source.FieldEnglish, Label, maxLabel)
	derived := c.yesNo(source.FieldDerived) == record.Yes
	switch c.raw.Kind {
	case source.Area:
		return record.Area{
			Code: record.AreaCode(c.raw.Key), Name: name, English: english, Derived: derived,
			Parent: record.AreaCode(c.id(source.FieldParent)), Successor: record.AreaCode(c.id(source.FieldSuccessor)),
			From: c.day(source.FieldFrom), To: c.day(source.FieldTo), Residents: c.count(source.FieldResidents),
			Counted: c.year(source.FieldCounted),
		}
	case source.Topic:
		return record.Topic{
			ID: record.TopicID(c.raw.Key), Name: name, English: english, Derived: derived,
			Parent: record.TopicID(c.id(source.FieldParent)),
		}
	case source.Channel:
		return record.Channel{
			ID: record.ChannelID(c.raw.Key), Name: name, English: english, Derived: derived,
			Post: c.line(source.FieldPost, Label, maxLabel), Terms: c.terms(), Online: c.yesNo(source.FieldOnline),
		}
	}
	level, _ := c.count(source.FieldLevel).Get()
	u := record.Unit{
		ID: record.UnitID(c.raw.Key), Name: name, English: english, Derived: derived,
		Short: c.line(source.FieldShort, Label, maxLabel), Kind: c.line(source.FieldUnitKind, Label, maxLabel),
		Area: record.AreaCode(c.id(source.FieldArea)), Parent: record.UnitID(c.id(source.FieldParent)),
		From: c.day(source.FieldFrom), To: c.day(source.FieldTo), Successor: record.UnitID(c.id(source.FieldSuccessor)),
		Spokesman: c.id(source.FieldSpokesman), Phones: c.phones(),
	}
	if level > 0 && level <= 9 {
		u.Level = level
	}
	for _, alias := range c.list(source.FieldAliases) {
		if a := c.short(source.FieldAliases, Label, alias, maxLabel); a != "" {
			u.Aliases = append(u.Aliases, a)
		}
	}
	return u
}

// terms reads when holders of a post began and ended. Nothing but days is read, so that
// no name of a holder comes with them; an item that is none is set aside.
func (c *clearing) terms() (list []record.Term) {
	for _, item := range c.list(source.FieldTerms) {
		from, until, _ := strings.Cut(strings.TrimSpace(item), "/")
		var t record.Term
		var err, err2 error
		t.From, err = record.ParseDay(from)
		if until != "" {
			t.Until, err2 = record.ParseDay(until)
		}
		if err != nil || err2 != nil || !t.From.Known() || t.Until.Known() && t.Until < t.From {
			c.aside(source.FieldTerms, "bad-term", "an item of this list is not a term of office", "write the first and the last day as 2024-05-10/2026-03-31, and nothing behind the stroke while the term lasts")
			continue
		}
		list = append(list, t)
	}
	return list
}

// year reads a calendar year; 0 where it is none.
func (c *clearing) year(field string) int {
	n, known := c.count(field).Get()
	if !known {
		return 0
	}
	if n < 1900 || n > c.asOf.Month().Year() {
		c.aside(field, "bad-number", "this is not a year that has begun", "give four digits, such as 2025")
		return 0
	}
	return n
}

// phones reads the public lines of a unit. They pass, because a register is
// where an office says that they are public; what is no telephone number is set
// aside.
func (c *clearing) phones() (list []string) {
	for _, p := range c.list(source.FieldPhones) {
		p = oneLine(p, maxLabel)
		if lineDigits(p) == "" {
			c.aside(source.FieldPhones, "bad-phone", "an item of this list is not a telephone number", "give digits, hyphens and brackets only")
			continue
		}
		list = append(list, p)
	}
	return list
}

func (c *clearing) assessment() any {
	a := record.Assessment{
		ID: c.raw.Key, Unit: record.UnitID(c.id(source.FieldUnit)), Area: record.AreaCode(c.id(source.FieldArea)),
		Period: record.Period(c.raw.Fields[source.FieldPeriod]), ThirdParty: c.yesNo(source.FieldThirdParty),
		Assessor: c.line(source.FieldAssessor, Label, maxLabel), Method: c.line(source.FieldMethod, Label, maxTitle),
		Scores: c.scores(), Issued: c.day(source.FieldIssued), Sample: c.sample(),
	}
	if _, _, ok := a.Period.Bounds(); !ok {
		return c.refuse("bad-period")
	}
	if a.Issued > c.asOf {
		c.aside(source.FieldIssued, "future-date", "this date lies after the day that the export is of", "correct the date")
		a.Issued = 0
	}
	a.Missing = slices.Sorted(maps.Keys(c.setAside))
	for field := range strings.SplitSeq(c.raw.Fields[source.FieldUnlisted], ",") {
		if known := registerFields[source.Assessment]; known[field] && !slices.Contains(a.Missing, field) {
			a.Missing = append(a.Missing, field) // its word was outside the value table
		}
	}
	slices.Sort(a.Missing)
	return a
}

// accountability reads what was done about a unit. An entry that says neither what nor
// when tells nothing.
func (c *clearing) accountability() any {
	a := record.Accountability{
		ID: c.raw.Key, Unit: record.UnitID(c.id(source.FieldUnit)), Trigger: c.line(source.FieldTrigger, Official, maxTitle),
		Measure: c.line(source.FieldMeasure, Official, maxLabel), Day: c.day(source.FieldDay), Basis: c.line(source.FieldBasis, Official, maxTitle),
	}
	if c.verdict.Decision == Hold {
		return nil
	}
	switch {
	case a.Unit == "" || a.Measure == "":
		return c.refuse("no-measure")
	case !a.Day.Known():
		return c.refuse("no-day")
	case a.Day > c.asOf:
		return c.refuse("future-day")
	}
	return a
}
