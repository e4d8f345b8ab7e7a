package main

import (
	"bytes"
	"strings"
	"syscall"
	"time"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// measured is the gate that is measured: the default policy, and what the offices
// of gatetext state in public.
type measured struct{ *gate.Gate }

// asOf is the as-of day of everything that is measured.
var asOf = record.Date(2026, 11, 20)

func newGate() (measured, error) {
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
	return measured{g}, err
}

// look shows a document to the gate: a planted one as one text, a clean one and
// one with a name in another field as a case.
func (g measured) look(d gatetext.Doc) (l gatetext.Looked) {
	if d.Kind != "" && d.Addressee == "" {
		c := g.Check(class(d.Official), d.Text, asOf, record.UnitID(d.Unit))
		return gatetext.Looked{Findings: plain(c.Findings, "text"), Held: len(c.Held) > 0}
	}
	field := source.FieldQuestion
	if d.Official {
		field = source.FieldReply
	}
	raw := source.Raw{Kind: source.Case, Key: "k1", Fields: map[string]string{
		source.FieldKind: "consult", source.FieldReceived: "2026-10-01", source.FieldReplied: "2026-10-05",
		source.FieldQuestion: "请问如何办理？", source.FieldReply: "已经办结。",
		source.FieldUnit: d.Unit, source.FieldAddressee: d.Addressee,
	}}
	raw.Fields[field] = d.Text
	_, v := g.Clear(raw, asOf)
	return gatetext.Looked{Findings: plain(v.Findings, field), Held: v.Decision != gate.Publish}
}

func class(official bool) gate.Class {
	if official {
		return gate.Official
	}
	return gate.Citizen
}

// plain returns what was found in the field and is not published.
func plain(findings []gate.Finding, field string) (list []gatetext.Finding) {
	for _, f := range findings {
		if f.Field == field && f.Action != string(gate.Pass) {
			list = append(list, gatetext.Finding{Kind: f.Type, Start: f.Start, End: f.End})
		}
	}
	return list
}

// speed measures megabytes a second of processor time, in documents of two kilobytes of
// which one in ten has something planted: with the structured detectors alone, as
// built pages are read, and with names and addresses, as cases are.
func (g measured) speed(seed uint64) []gatetext.Figure {
	m := gatetext.New(seed)
	var texts []string
	size := 0
	for len(texts) < 200 {
		var b strings.Builder
		for b.Len() < 2000 {
			b.WriteString(m.Clean().Text)
		}
		if len(texts)%10 == 0 {
			b.WriteString(m.Planted(gatetext.Spelt()[len(texts)/10%5], gatetext.Spellings()[0]).Text)
			b.WriteString(m.Named(gatetext.Anchored()[len(texts)/10%8], gatetext.Spellings()[0]).Text)
		}
		texts = append(texts, b.String())
		size += b.Len()
	}
	figure := func(what string, floor float64, read func(text string)) gatetext.Figure {
		rounds := 0
		start, used := time.Now(), processorTime()
		for time.Since(start) < 2*time.Second {
			for _, text := range texts {
				read(text)
			}
			rounds++
		}
		speed := float64(size) * float64(rounds) / 1e6 / (processorTime() - used).Seconds()
		return gatetext.Figure{What: what, Measure: "MB/s a core", Floor: floor, Aim: 2 * floor, Tuned: speed, Heldout: speed}
	}
	built := g.NewLeakScan(asOf)
	return []gatetext.Figure{
		figure("speed, structured", 20, func(text string) { built.Text(text, nil, false) }),
		figure("speed, with names and addresses", 5, func(text string) { g.Check(gate.Official, text, asOf) }),
	}
}

// processorTime is what the process has used of all cores, which other work on the
// machine does not change much.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it has no reason to fail
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
