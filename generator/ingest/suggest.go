package ingest

import (
	"cmp"
	"context"
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
	Unit    record.UnitID `json:"unit"`
	Kind    string        `json:"kind"`
	Value   string        `json:"value"` // as the first reply writes it
	Replies int           `json:"replies"`
}

// SuggestFrom is in how many replies of a unit something must stand.
const SuggestFrom = 5

// Suggest returns what stands in at least [SuggestFrom] replies of one unit and in
// none of the texts of citizens, by unit, kind and value. It computes that from
// what was received, and stores nothing.
func Suggest(ctx context.Context, o Options, cases []intake.Ref) ([]Suggestion, error) {
	type key struct {
		unit record.UnitID
		hash string
	}
	found := map[key]*Suggestion{}
	asked := map[string]bool{} // keyed hashes of what citizens wrote
	for chunk := range slices.Chunk(cases, chunkSize) {
		looked, err := Look(ctx, o, chunk)
		if err != nil {
			return nil, err
		}
		for _, l := range looked {
			c, ok := l.Cleared.Value().(record.Case)
			once := map[key]bool{}
			for _, f := range l.Verdict.Findings {
				if f.Field != source.FieldReply {
					asked[f.Value] = true
					continue
				}
				k := key{cmp.Or(c.Reply.Unit, c.Unit), f.Value}
				text := l.Raw.Fields[f.Field]
				if !ok || k.unit == "" || once[k] || !suggested(f.Type) || f.Start < 0 || f.End > len(text) || f.Start >= f.End {
					continue
				}
				once[k] = true
				if found[k] == nil {
					found[k] = &Suggestion{Unit: k.unit, Kind: f.Type, Value: text[f.Start:f.End]}
				}
				found[k].Replies++
			}
		}
	}
	all := []Suggestion{}
	for k, s := range found {
		if s.Replies >= SuggestFrom && !asked[k.hash] {
			all = append(all, *s)
		}
	}
	slices.SortFunc(all, func(a, b Suggestion) int {
		return cmp.Or(strings.Compare(string(a.Unit), string(b.Unit)), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Value, b.Value))
	})
	return all, ctx.Err()
}

// suggested reports whether findings of a type may be a unit's own.
func suggested(typ string) bool {
	return slices.Contains([]string{gate.Landline, gate.Mobile, gate.Service, gate.Email}, typ)
}
