package store

import (
	"reflect"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// change is what a difference between two versions of a field amounts to.
type change int8

const (
	value    change = iota // a known value that becomes another is a correction
	progress               // any difference is the case going on
	growing                // a list: more at its end is an update, else a correction
)

// field is one field of a case: under which name a delivery carries it, and how
// two versions of it are compared.
type field struct {
	name   string // of the Field constants of package source
	change change
	copy   func(to, from *record.Case)
	get    func(*record.Case) reflect.Value
}

func at[T any](name string, c change, p func(*record.Case) *T) field {
	return field{
		name: name, change: c,
		copy: func(to, from *record.Case) { *p(to) = *p(from) },
		get:  func(c *record.Case) reflect.Value { return reflect.ValueOf(p(c)).Elem() },
	}
}

// filesField is the list of the files of a case, which goes together with how many
// are not on it.
func filesField() field {
	f := at("attachments", growing, func(c *record.Case) *[]record.Attachment { return &c.Attachments })
	f.copy = func(to, from *record.Case) { to.Attachments, to.FilesWithheld = from.Attachments, from.FilesWithheld }
	return f
}

// rowFields are the delivered fields of a public row.
var rowFields = []field{
	at("unit", value, func(c *record.Case) *record.UnitID { return &c.Unit }),
	at("area", value, func(c *record.Case) *record.AreaCode { return &c.Area }),
	at("channel", value, func(c *record.Case) *record.ChannelID { return &c.Channel }),
	at("origin", value, func(c *record.Case) *record.Origin { return &c.Origin }),
	at("status", progress, func(c *record.Case) *record.Status { return &c.Status }),
	at("received", value, func(c *record.Case) *record.Day { return &c.Received }),
	at("dispatched", value, func(c *record.Case) *record.Day { return &c.Dispatched }),
	at("due", value, func(c *record.Case) *record.Day { return &c.Due }),
	at("first_response", value, func(c *record.Case) *record.Day { return &c.FirstResponse }),
	at("replied", value, func(c *record.Case) *record.Day { return &c.RepliedOn }),
	at("closed", value, func(c *record.Case) *record.Day { return &c.ClosedOn }),
	at("resolved", value, func(c *record.Case) *record.Day { return &c.ResolvedOn }),
}

// fullFields are the delivered fields that only a case published in full has.
var fullFields = []field{
	at("title", value, func(c *record.Case) *string { return &c.Title }),
	at("question", value, func(c *record.Case) *string { return &c.Question }),
	at("reply", value, func(c *record.Case) *string { return &c.Reply.Text }),
	at("reply_unit", value, func(c *record.Case) *record.UnitID { return &c.Reply.Unit }),
	at("spokesman", value, func(c *record.Case) *string { return &c.Reply.Spokesman }),
	at("co_units", growing, func(c *record.Case) *[]record.UnitID { return &c.CoUnits }),
	at("against", value, func(c *record.Case) *record.UnitID { return &c.Against }),
	at("topic", value, func(c *record.Case) *record.TopicID { return &c.Topic }),
	at("addressee", value, func(c *record.Case) *string { return &c.Addressee }),
	at("kind", value, func(c *record.Case) *record.Kind { return &c.Kind }),
	at("legal_class", value, func(c *record.Case) *string { return &c.LegalClass }),
	at("leader_kind", value, func(c *record.Case) *record.LeaderKind { return &c.LeaderKind }),
	at("outcome", value, func(c *record.Case) *record.Outcome { return &c.Outcome }),
	at("outcome_reason", value, func(c *record.Case) *string { return &c.OutcomeReason }),
	at("on_site", value, func(c *record.Case) *record.Tri { return &c.OnSite }),
	at("rating", value, func(c *record.Case) *int8 { return &c.Rating.Level }),
	at("rating_scale", value, func(c *record.Case) *record.RatingScale { return &c.Rating.Scale }),
	at("rating_source", value, func(c *record.Case) *record.RatingSource { return &c.Rating.Source }),
	at("reopened", progress, func(c *record.Case) *record.Count { return &c.Reopened }),
	at("consent", value, func(c *record.Case) *record.Tri { return &c.Consent.Given }),
	at("consent_basis", value, func(c *record.Case) *string { return &c.Consent.Basis }),
	at("dispatches", growing, func(c *record.Case) *[]record.Dispatch { return &c.Dispatches }),
	at("supervisions", growing, func(c *record.Case) *[]record.Supervision { return &c.Supervisions }),
	at("timeline", growing, func(c *record.Case) *[]record.Step { return &c.Timeline }),
	filesField(),
}

// computed is a value that the gate computes from delivered fields.
type computed struct {
	field
	from []string
}

var computedFields = []computed{
	{at("days", value, func(c *record.Case) *record.Count { return &c.Days }), []string{"received", "replied"}},
	{at("on_time", progress, func(c *record.Case) *record.Tri { return &c.OnTime }), []string{"replied", "due"}},
	{at("close_days", value, func(c *record.Case) *record.Count { return &c.CloseDays }), []string{"received", "closed"}},
	{at("closed_on_time", progress, func(c *record.Case) *record.Tri { return &c.ClosedOnTime }), []string{"closed", "due"}},
	{at("answered", progress, func(c *record.Case) *record.Tri { return &c.Answered }), []string{"reply", "replied", "status"}},
	{at("finished", progress, func(c *record.Case) *record.Tri { return &c.Finished }), []string{"closed", "status"}},
}

// flagRests names the fields that a flag rests on: the flag goes when a delivery
// that carries one of them no longer raises it.
var flagRests = map[record.Flag][]string{
	record.StatusWithoutReply:  {"status", "reply", "replied"},
	record.ReplyBeforeQuestion: {"received", "replied"},
	record.CloseBeforeReceipt:  {"received", "closed"},
	record.FutureDate:          {"received", "dispatched", "due", "first_response", "replied", "closed", "resolved"},
	record.StatusBehindDates:   {"status", "replied", "closed"},
}

// merge returns what is to be stored of a case: fresh, as the gate cleared it
// now, over old, as it was cleared before. has says which fields the delivery
// carried; the others stay. A value that the gate filled in by itself counts as
// carried.
func merge(old, fresh *record.Case, has func(string) bool) record.Case {
	m := record.Case{Row: old.Row}
	if old.Prominence == record.Full && staysFull(old, fresh, has) {
		m = *old
	} else {
		m.Prominence, m.StubReason = fresh.Prominence, fresh.StubReason
	}
	carry(&m, fresh, rowFields, has)
	for _, f := range computedFields {
		if known := !f.get(fresh).IsZero(); known && !unanswers(f.name, old, fresh, has) || !known && all(f.from, has) {
			f.copy(&m, fresh)
		}
	}
	m.Flags = mergeFlags(old.Flags, fresh.Flags, &m, has)
	if m.Prominence == record.Full {
		carry(&m, fresh, fullFields, has)
	}
	m.Number = old.Number
	return m
}

// staysFull reports whether a case that is published in full remains so. A
// delivery that says nothing of a reply does not take the reply back.
func staysFull(old, fresh *record.Case, has func(string) bool) bool {
	return fresh.Prominence == record.Full ||
		fresh.StubReason == record.NotAnswered && !has("reply") && old.Reply.Text != ""
}

// unanswers reports whether taking over the computed field of the given name
// would make an answered case unanswered on no evidence.
func unanswers(name string, old, fresh *record.Case, has func(string) bool) bool {
	return name == "answered" && old.Answered == record.Yes && fresh.Answered == record.No && !has("reply") && !has("replied")
}

func carry(to, from *record.Case, fields []field, has func(string) bool) {
	for _, f := range fields {
		if has(f.name) || !f.get(from).IsZero() {
			f.copy(to, from)
		}
	}
}

func mergeFlags(old, fresh []record.Flag, m *record.Case, has func(string) bool) []record.Flag {
	var flags []record.Flag
	for _, f := range old {
		if rests, ok := flagRests[f]; ok && !slices.ContainsFunc(rests, has) {
			flags = append(flags, f)
		}
	}
	flags = append(flags, fresh...)
	if m.Answered == record.Yes && !has("reply") && m.Reply.Text != "" {
		flags = slices.DeleteFunc(flags, func(f record.Flag) bool { return f == record.StatusWithoutReply })
	}
	slices.Sort(flags)
	if flags = slices.Compact(flags); len(flags) == 0 {
		return nil
	}
	return flags
}

func all(names []string, has func(string) bool) bool {
	for _, n := range names {
		if !has(n) {
			return false
		}
	}
	return true
}

// compare says what happened between two versions of a case: nothing (""), an
// update or a correction.
func compare(old, now *record.Case) record.EventKind {
	kind := record.EventKind("")
	if old.Prominence != now.Prominence || old.StubReason != now.StubReason || !slices.Equal(old.Flags, now.Flags) || old.RepeatOf != now.RepeatOf || old.MergedInto != now.MergedInto {
		kind = record.EventUpdate
	}
	if old.Prominence == record.Full && now.Prominence != record.Full {
		return record.EventCorrect // published text is taken back
	}
	fields := rowFields
	if old.Prominence == record.Full {
		fields = slices.Concat(rowFields, fullFields)
	}
	for _, f := range computedFields {
		fields = append(fields[:len(fields):len(fields)], f.field)
	}
	for _, f := range fields {
		switch f.compare(old, now) {
		case record.EventCorrect:
			return record.EventCorrect
		case record.EventUpdate:
			kind = record.EventUpdate
		}
	}
	return kind
}

func (f field) compare(old, now *record.Case) record.EventKind {
	a, b := f.get(old), f.get(now)
	switch {
	case reflect.DeepEqual(a.Interface(), b.Interface()):
		return ""
	case a.IsZero() || f.change == progress:
		return record.EventUpdate
	case f.change == growing && b.Len() >= a.Len() && reflect.DeepEqual(a.Interface(), b.Slice(0, a.Len()).Interface()):
		return record.EventUpdate
	}
	return record.EventCorrect
}
