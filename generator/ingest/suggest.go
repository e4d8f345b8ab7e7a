package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Suggestion is something that the gate masks and that may be a unit's own. It
// holds the plain value, for the eyes of the person who decides.
type Suggestion struct {
	Code    string        `json:"code"` // names it, whatever else is suggested; 8 hexadecimal digits
	Unit    record.UnitID `json:"unit"`
	Kind    string        `json:"kind"`
	Value   string        `json:"value"` // as the first reply writes it
	Replies int           `json:"replies"`
	Since   record.Day    `json:"since"` // receipt of the first case that such a reply answers
}

// SuggestFrom is in how many replies of a unit something must stand.
const SuggestFrom = 5

// Entry returns the entry of an allow-list that lets the value pass in the cases of
// its unit. Owner, reason and days are those of from, but that it begins as early as
// the replies bear it out, so that it also holds for batches of earlier days than those
// that were there, as far as an entry may reach back from its last day.
func (s Suggestion) Entry(from gate.Allow) gate.Allow {
	from.Kind, from.Value, from.Unit = s.Kind, s.Value, s.Unit
	if s.Since.Known() && from.Until.Known() {
		from.From = min(from.From, max(s.Since, from.Until-longestEntry))
	}
	return from
}

// longestEntry is how many days an entry may hold at least: the gate takes three years.
const longestEntry = 3 * 365

// Suggest returns what stands in at least [SuggestFrom] replies of one unit and in
// no title and no question of anybody, by unit, kind and value. It computes that from
// what was received, and stores nothing. What an allow-list cannot say, such as a
// number in words, is left out.
func Suggest(ctx context.Context, o Options, cases []intake.Ref) ([]Suggestion, error) {
	o = o.withDefaults()
	r := run{Options: o, job: job{asOf: o.AsOf}}
	lines, err := r.lines(ctx)
	if err != nil {
		return nil, err
	}
	g := o.Gate.WithLines(lines)
	found := map[recurring]*Suggestion{}
	asked := map[string]bool{}
	err = inOrder(ctx, o.Workers, cases, func(ctx context.Context, chunk []intake.Ref) (recurs, error) {
		looked, err := look(ctx, o, g, chunk)
		return recursIn(g, o.AsOf, looked), err
	}, func(some recurs) error {
		maps.Copy(asked, some.asked)
		for i, k := range some.keys {
			if found[k] == nil {
				found[k] = &some.replies[i]
			}
			found[k].Replies++
			found[k].Since = min(found[k].Since, some.replies[i].Since)
		}
		return nil
	})
	all := []Suggestion{}
	for k, s := range found {
		if s.Replies >= SuggestFrom && !asked[k.hash] && sayable(*s) {
			all = append(all, *s)
		}
	}
	slices.SortFunc(all, func(a, b Suggestion) int {
		return cmp.Or(strings.Compare(string(a.Unit), string(b.Unit)), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Value, b.Value))
	})
	return all, err
}

// recurring is what may recur in the replies of a unit.
type recurring struct {
	unit record.UnitID
	hash string // keyed, of the datum
}

// recurs is what stands in some cases.
type recurs struct {
	asked   map[string]bool // keyed hashes of what citizens wrote
	keys    []recurring     // once for each reply that gives it
	replies []Suggestion    // how that reply writes it
}

// recursIn returns what stands in the cases that were looked at.
func recursIn(g *gate.Gate, asOf record.Day, looked []Looked) recurs {
	all := recurs{asked: map[string]bool{}}
	for _, l := range looked {
		c, ok := l.Cleared.Value().(record.Case)
		if l.Verdict.Decision != gate.Publish || c.Question == "" {
			askedIn(g, l, asOf, all.asked) // its findings are not all that the citizen wrote
		}
		once := map[recurring]bool{}
		for _, f := range l.Verdict.Findings {
			if f.Field != source.FieldReply {
				all.asked[f.Value] = true
				continue
			}
			k := recurring{cmp.Or(c.Reply.Unit, c.Unit), f.Value}
			text := l.Raw.Fields[f.Field]
			if !ok || k.unit == "" || once[k] || !suggested(f.Type) || f.Start < 0 || f.End > len(text) || f.Start >= f.End {
				continue
			}
			once[k] = true
			all.keys = append(all.keys, k)
			all.replies = append(all.replies, Suggestion{Unit: k.unit, Kind: f.Type, Value: narrow(text[f.Start:f.End]), Code: code(k.unit, f), Since: c.Received})
		}
	}
	return all
}

// suggested reports whether findings of a type may be a unit's own.
func suggested(typ string) bool {
	return slices.Contains([]string{gate.Landline, gate.Mobile, gate.Service, gate.Email}, typ)
}

// askedIn notes what stands in the title and the question of a record.
func askedIn(g *gate.Gate, l Looked, asOf record.Day, asked map[string]bool) {
	for _, field := range []string{source.FieldTitle, source.FieldQuestion} {
		for _, f := range g.Check(gate.Citizen, l.Raw.Fields[field], max(l.AsOf, asOf)).Findings {
			asked[f.Value] = true
		}
	}
}

// narrow writes full-width digits, letters and signs as ordinary ones.
func narrow(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s))
}

// code names a suggestion. It says nothing about the value to whoever has no key.
func code(unit record.UnitID, f gate.Finding) string {
	sum := sha256.Sum256([]byte(string(unit) + "\x00" + f.Type + "\x00" + f.Value))
	return hex.EncodeToString(sum[:4])
}

// sayable reports whether an allow-list can hold the value.
func sayable(s Suggestion) bool {
	day := record.Date(2000, 1, 1)
	_, err := gate.DecodeAllow(gate.EncodeAllow([]gate.Allow{s.Entry(gate.Allow{Owner: "-", Reason: "-", From: day, Until: day})}))
	return err == nil
}
