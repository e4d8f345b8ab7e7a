// Package gatetest shows the documents of gatetext to a gate: the tests of the gate
// and the command that measures it look through the same eyes.
package gatetest

import (
	"bytes"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Gate is the gate that is measured: the default policy, and what the offices of
// gatetext state in public. It is safe for concurrent use.
type Gate struct{ *gate.Gate }

// AsOf is the as-of day of everything that is measured.
func AsOf() record.Day { return record.Date(2026, 11, 20) }

// New returns the gate that is measured.
func New() (Gate, error) {
	o := gate.Options{
		Key: bytes.Repeat([]byte{7}, 32), AllowLines: map[record.UnitID][]string{}, Officials: map[record.UnitID][]gate.Officer{},
	}
	for _, u := range gatetext.Units() {
		id := record.UnitID(u.ID)
		o.AllowLines[id] = u.Lines
		o.Officials[id] = []gate.Officer{{Name: u.Official, Title: u.Title}}
		for _, place := range u.Addresses {
			o.Allow = append(o.Allow, gate.Allow{
				Kind: gate.Address, Value: place, Unit: id, Owner: "办公室", Reason: "公开的办公地址",
				From: record.Date(2026, 1, 1), Until: record.Date(2027, 1, 1),
			})
		}
	}
	g, err := gate.New(o)
	return Gate{g}, err
}

// Look shows a document to the gate: a planted one as one text, a clean one and one
// with a name in another field as a case. It is a [gatetext.Look].
func (g Gate) Look(d gatetext.Doc) gatetext.Looked {
	if d.Kind != "" && d.Addressee == "" {
		class := gate.Citizen
		if d.Official {
			class = gate.Official
		}
		return g.LookText(class, d)
	}
	raw := Answered("请问如何办理？", "已经办结。")
	field := source.FieldQuestion
	if d.Official {
		field = source.FieldReply
	}
	raw.Fields[field] = d.Text
	raw.Fields[source.FieldUnit] = d.Unit
	raw.Fields[source.FieldAddressee] = d.Addressee
	_, v := g.Clear(raw, AsOf())
	return gatetext.Looked{Findings: unpublished(v.Findings, field), Held: v.Decision != gate.Publish}
}

// LookText shows a document to the gate as one text of a class.
func (g Gate) LookText(class gate.Class, d gatetext.Doc) gatetext.Looked {
	c := g.Check(class, d.Text, AsOf(), record.UnitID(d.Unit))
	return gatetext.Looked{Findings: unpublished(c.Findings, "text"), Held: len(c.Held) > 0}
}

// Answered is a case that is published in full, with the given texts.
func Answered(question, reply string) source.Raw {
	return source.Raw{Kind: source.Case, Key: "k1", Fields: map[string]string{
		source.FieldKind: "consult", source.FieldReceived: "2026-10-01", source.FieldReplied: "2026-10-05",
		source.FieldQuestion: question, source.FieldReply: reply,
	}}
}

// unpublished returns what was found in the field and does not pass.
func unpublished(findings []gate.Finding, field string) (list []gatetext.Finding) {
	for _, f := range findings {
		if f.Field == field && f.Action != string(gate.Pass) {
			list = append(list, gatetext.Finding{Kind: f.Type, Start: f.Start, End: f.End})
		}
	}
	return list
}
