package gate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Allow is one entry of an allow-list: something that looks personal and is
// public. An entry belongs to a unit, has somebody who answers for it and a
// reason, and ends. Whether it holds is asked of the as-of day that a record is
// cleared for, never of the clock.
type Allow struct {
	// Kind is [Landline], [Mobile], [Email], [Service], [URL], [Address], or
	// [Person] for an official.
	Kind  string
	Value string // the number, address or full name, as somebody writes it

	// Title is the office of an official, such as 局长. The name passes only beside
	// it, or in a reply of the unit where the official speaks for it.
	Title     string
	Spokesman bool

	// Unit is in whose cases the entry holds: those that it handles, helps with or
	// replies to. [Everywhere] is for service lines, fixed lines and addresses of
	// public buildings.
	Unit record.UnitID

	Owner  string     // who answers for the entry
	Reason string     // why it is public
	From   record.Day // first day on which it holds
	Until  record.Day // last day on which it holds, at most three years after From
}

// Everywhere is the unit of an [Allow] that holds in the cases of all units.
const Everywhere record.UnitID = "*"

// maxAllow bounds the days for which an entry may hold: three years.
const maxAllow = 3*366 - 2

// holds reports whether the entry holds on a day. An unknown day is none.
func (a Allow) holds(day record.Day) bool { return day.Known() && a.From <= day && day <= a.Until }

// problem returns the key of an entry that is wrong, and what is wrong with it;
// "" where nothing is.
func (a Allow) problem() (key, what string) {
	everywhere := a.Unit == Everywhere
	switch {
	case !slices.Contains(allowKinds(), a.Kind):
		return "kind", "is not one of " + strings.Join(allowKinds(), ", ")
	case strings.TrimSpace(a.Value) == "" || len(a.Value) > 4*maxTitle:
		return "value", "is missing or too long"
	case !everywhere && !record.ValidID(string(a.Unit)):
		return "unit", "is missing or no identifier of a unit"
	case everywhere && a.Kind != Service && a.Kind != Landline && a.Kind != Address:
		return "unit", "may be * only for service lines, fixed lines and addresses of public buildings"
	case strings.TrimSpace(a.Owner) == "":
		return "owner", "is missing: who answers for the entry"
	case strings.TrimSpace(a.Reason) == "":
		return "reason", "is missing: why this is public"
	case !a.From.Known():
		return "from", "is missing: the first day"
	case !a.Until.Known():
		return "until", "is missing: the last day"
	case a.Until < a.From:
		return "until", "lies before from"
	case a.Until-a.From > maxAllow:
		return "until", "lies more than three years after from"
	case a.Kind == Person && strings.TrimSpace(a.Title) == "":
		return "title", "is missing: the office of the official"
	case a.Kind != Person && (a.Title != "" || a.Spokesman):
		return "kind", "has a title or a spokesman and is no person"
	}
	switch a.Kind {
	case Landline, Mobile, Service:
		if strings.Contains(a.Value, "@") || lineDigits(a.Value) == "" {
			return "value", "is no telephone number"
		}
	case URL:
		if form := urlForm(a.Value); !strings.Contains(form, ".") || strings.ContainsAny(form, " \n") || len(form) > maxTitle {
			return "value", "is no web address"
		}
	case Email:
		if at := strings.Index(a.Value, "@"); at < 1 || !strings.Contains(a.Value[at:], ".") {
			return "value", "is no e-mail address"
		}
	}
	return "", ""
}

// allowKinds lists the types of finding that an allow-list may let pass.
func allowKinds() []string { return []string{Landline, Mobile, Email, Service, URL, Person, Address} }

// compareAllow orders entries by unit, kind, value and first day.
func compareAllow(a, b Allow) int {
	for _, c := range [][2]string{{string(a.Unit), string(b.Unit)}, {a.Kind, b.Kind}, {a.Value, b.Value}, {a.Title, b.Title}} {
		if n := strings.Compare(c[0], c[1]); n != 0 {
			return n
		}
	}
	if a.From != b.From {
		return int(a.From - b.From)
	}
	if a.Until != b.Until {
		return int(a.Until - b.Until)
	}
	return strings.Compare(a.Owner+"\x00"+a.Reason, b.Owner+"\x00"+b.Reason)
}

// DecodeAllow reads an allow-list from YAML: a list of entries under the key
// "allow", with the keys kind, value, title, spokesman, unit, owner, reason, from
// and until. It is strict: a key that does not exist, and an entry without
// owner, reason, from or until, is an error that names the line and no value. An
// empty file is an empty list.
func DecodeAllow(text []byte) ([]Allow, error) {
	r := newReader("the allow-list", "each entry needs kind, value, unit, owner, reason, from and until, and an official a title")
	body, err := r.Document(text)
	if body == nil {
		return nil, err
	}
	top, err := r.Fields("the list", body)
	if err != nil {
		return nil, err
	}
	var list []Allow
	for _, f := range top {
		if f.Key != "allow" {
			return nil, r.errorAt(f.Line, "there is no key %q, only allow", f.Key)
		}
		items, err := r.Items(f)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			a, err := r.allow(item)
			if err != nil {
				return nil, err
			}
			list = append(list, a)
		}
	}
	return list, nil
}

// allow reads one entry.
func (r reader) allow(item field) (a Allow, err error) {
	list, err := r.Fields("an entry", item.Value)
	if err != nil {
		return a, err
	}
	lines := map[string]int{}
	for _, f := range list {
		lines[f.Key] = f.Line
		var s string
		if f.Key != "spokesman" {
			if s, err = r.Text(f); err != nil {
				return a, err
			}
		}
		switch f.Key {
		case "kind":
			a.Kind = s
		case "value":
			a.Value = s
		case "title":
			a.Title = s
		case "spokesman":
			a.Spokesman, err = r.Flag(f)
		case "unit":
			a.Unit = record.UnitID(s)
		case "owner":
			a.Owner = s
		case "reason":
			a.Reason = s
		case "from":
			a.From, err = r.day(f, s)
		case "until":
			a.Until, err = r.day(f, s)
		default:
			err = r.errorAt(f.Line, "an entry has no key %q", f.Key)
		}
		if err != nil {
			return a, err
		}
	}
	if key, what := a.problem(); key != "" {
		line := lines[key]
		if line == 0 {
			line = item.Line
		}
		return a, r.errorAt(line, "%s %s", key, what)
	}
	return a, nil
}

// day reads a day.
func (r reader) day(f field, s string) (record.Day, error) {
	d, err := record.ParseDay(s)
	if err != nil || !d.Known() {
		return 0, r.errorAt(f.Line, "%s wants a day such as 2026-07-01", f.Key)
	}
	return d, nil
}

// EncodeAllow writes an allow-list as [DecodeAllow] reads it, in the order of
// units, kinds and values, so that one list is always the same bytes.
func EncodeAllow(list []Allow) []byte {
	var b strings.Builder
	b.WriteString("# What may pass although it looks personal. Every entry has an owner, a reason and an end.\n")
	b.WriteString("# 虽似个人信息、但可以公开的内容。每条均须写明负责人、理由和截止日期。\n")
	if len(list) == 0 {
		b.WriteString("allow: []\n")
		return []byte(b.String())
	}
	b.WriteString("allow:\n")
	list = slices.Clone(list)
	slices.SortFunc(list, compareAllow)
	for _, a := range list {
		fmt.Fprintf(&b, "  - kind: %s\n", quoted(a.Kind))
		line := func(key, value string) {
			if value != "" {
				fmt.Fprintf(&b, "    %s: %s\n", key, quoted(value))
			}
		}
		line("value", a.Value)
		line("title", a.Title)
		if a.Spokesman {
			b.WriteString("    spokesman: true\n")
		}
		line("unit", string(a.Unit))
		line("owner", a.Owner)
		line("reason", a.Reason)
		line("from", a.From.String())
		line("until", a.Until.String())
	}
	return []byte(b.String())
}

// quoted returns s in double quotation marks as YAML reads them.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r == 0x85 || r == 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Officer is somebody in office: the unit's register says so. The full name
// passes beside the title in the unit's cases and, of a spokesman, in the unit's
// replies; nowhere else.
type Officer struct {
	Name      string     `json:"name"`
	Title     string     `json:"title"`
	From      record.Day `json:"from"`  // first day in office; zero: not known
	Until     record.Day `json:"until"` // last day in office; zero: still there
	Spokesman bool       `json:"spokesman"`
}

// holds reports whether the official is in office on a day.
func (o Officer) holds(day record.Day) bool {
	return day.Known() && o.From <= day && (!o.Until.Known() || day <= o.Until)
}

// exceptions are the allow-lists of one unit, or of all, ready to be looked
// things up in.
type exceptions struct {
	values    map[string][]Allow // by kind, a blank and the normal form
	addresses []Allow            // values in their normal form
	links     []link             // web addresses
	officials map[string][]namedOfficer
}

// link is a web address in folded characters.
type link struct {
	Allow
	form []glyph
}

// namedOfficer is an official with the title in folded characters.
type namedOfficer struct {
	Officer
	title []glyph
}

// except makes the exceptions of the options.
func (t *tables) except(o Options) (map[record.UnitID]*exceptions, error) {
	all := map[record.UnitID]*exceptions{}
	of := func(unit record.UnitID) *exceptions {
		if all[unit] == nil {
			all[unit] = &exceptions{values: map[string][]Allow{}, officials: map[string][]namedOfficer{}}
		}
		return all[unit]
	}
	for i, a := range o.Allow {
		if key, what := a.problem(); key != "" {
			return nil, fault.New(fmt.Sprintf("allow-list, entry %d: %s %s", i+1, key, what), "correct the entry or leave it out")
		}
		e := of(a.Unit)
		switch a.Kind {
		case Person:
			e.addOfficial(t, Officer{Name: a.Value, Title: a.Title, From: a.From, Until: a.Until, Spokesman: a.Spokesman})
		case Address:
			a.Value = t.folds.placeOf(a.Value)
			if len([]rune(a.Value)) < minOwn {
				return nil, fault.New(fmt.Sprintf("allow-list, entry %d: value is too short for an address", i+1), "write the road and the number")
			}
			e.addresses = append(e.addresses, a)
		case URL:
			e.links = append(e.links, link{a, t.folds.view(nil, urlForm(a.Value))})
		default:
			for _, form := range valueForms(a.Kind, a.Value) {
				e.values[a.Kind+" "+form] = append(e.values[a.Kind+" "+form], a)
			}
		}
	}
	for _, unit := range slices.Sorted(maps.Keys(o.Officials)) {
		list := o.Officials[unit]
		if !record.ValidID(string(unit)) {
			return nil, fault.New("officials: a unit identifier is malformed", "use letters a to z, digits and hyphens")
		}
		for i, official := range list {
			if strings.TrimSpace(official.Name) == "" || strings.TrimSpace(official.Title) == "" {
				return nil, fault.New(fmt.Sprintf("officials of unit %s: entry %d has no name or no title", unit, i+1), "give both")
			}
			of(unit).addOfficial(t, official)
		}
	}
	return all, nil
}

func (e *exceptions) addOfficial(t *tables, o Officer) {
	name := t.nameForm(o.Name)
	e.officials[name] = append(e.officials[name], namedOfficer{o, t.titleForm(o.Title)})
}

// valueForms returns the normal forms under which a value is found.
func valueForms(kind, value string) []string {
	if kind == Email {
		return []string{strings.ToLower(strings.TrimSpace(value))}
	}
	d := lineDigits(value)
	forms := []string{d}
	if n := areaCode(d); n > 0 && isLocal(d[n:]) {
		forms = append(forms, d[n:])
	}
	return forms
}

// urlForm returns the normal form of a web address: no scheme, lower case, and no
// slash at its end.
func urlForm(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, scheme := range []string{"https://", "http://"} {
		s = strings.TrimPrefix(s, scheme)
	}
	return strings.TrimRight(s, "/")
}
