package gate_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

func TestNewRefuses(t *testing.T) {
	key := make([]byte, 32)
	policy := func(change func(*gate.Policy)) gate.Policy {
		p := gate.DefaultPolicy()
		change(&p)
		return p
	}
	for name, o := range map[string]gate.Options{
		"no key":                  {},
		"short key":               {Key: key[:31]},
		"no version":              {Key: key, Policy: policy(func(p *gate.Policy) { p.Version = "" })},
		"mobiles passed":          {Key: key, Policy: policy(func(p *gate.Policy) { p.Official[gate.Mobile] = gate.Rule{Action: gate.Pass} })},
		"cards passed":            {Key: key, Policy: policy(func(p *gate.Policy) { p.Citizen[gate.IDCard] = gate.Rule{Action: gate.Pass} })},
		"citizens' e-mails":       {Key: key, Policy: policy(func(p *gate.Policy) { p.Citizen[gate.Email] = gate.Rule{Action: gate.Pass} })},
		"unknown type":            {Key: key, Policy: policy(func(p *gate.Policy) { p.Label["moblie"] = gate.Rule{Action: gate.Mask} })},
		"unknown action":          {Key: key, Policy: policy(func(p *gate.Policy) { p.Label[gate.Plate] = gate.Rule{Action: "ignore"} })},
		"names doubtfully passed": {Key: key, Policy: policy(func(p *gate.Policy) { p.Citizen[gate.Person] = gate.Rule{Doubtful: gate.Pass} })},
		"a blind kind":            {Key: key, Policy: policy(func(p *gate.Policy) { p.Citizen[gate.Person] = gate.Rule{HoldFrom: 61, MaskFrom: 61} })},
		"a blind policy":          {Key: key, Policy: policy(func(p *gate.Policy) { p.HoldFrom, p.MaskFrom = 100, 100 })},
		"a field passed":          {Key: key, Policy: policy(func(p *gate.Policy) { p.Fields = map[string]gate.Rules{"title": {gate.Email: {Action: gate.Pass}}} })},
		"an unknown field":        {Key: key, Policy: policy(func(p *gate.Policy) { p.Fields = map[string]gate.Rules{"age": {}} })},
		"no sample":               {Key: key, Policy: policy(func(p *gate.Policy) { p.SampleEvery = 0 })},
		"no thresholds":           {Key: key, Policy: policy(func(p *gate.Policy) { p.HoldFrom = 0 })},
		"nothing found":           {Key: key, Policy: policy(func(p *gate.Policy) { p.MaskFrom = 101 })},
		"no size":                 {Key: key, Policy: policy(func(p *gate.Policy) { p.MaxText = 0 })},
		"no budget":               {Key: key, Policy: policy(func(p *gate.Policy) { p.MaxSteps = 0 })},
		"a word as a line":        {Key: key, Hotlines: []string{"anything"}},
		"an id as a unit":         {Key: key, AllowLines: map[record.UnitID][]string{"A B": {"12345678"}}},
	} {
		if _, err := gate.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestPolicy(t *testing.T) {
	p := gate.DefaultPolicy()
	p.Official[gate.Landline] = gate.Rule{Action: gate.Pass}
	p.Citizen[gate.Landline] = gate.Rule{Action: gate.HoldField}
	p.ConsentRequired = true
	g, err := gate.New(gate.Options{Key: make([]byte, 32), Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	p.Official[gate.Landline] = gate.Rule{Action: gate.Mask} // must not reach into the gate
	const text = "电话028-81234567"
	cleared, v := g.Clear(full(fields{"reply": text, "consent": "yes"}), asOf)
	if c := cleared.Value().(record.Case); c.Reply.Text != text || v.Decision != gate.Publish {
		t.Errorf("a landline that the policy passes in replies: %s %v", v.Decision, v.Reasons)
	}
	_, v = g.Clear(full(fields{"question": text, "consent": "yes"}), asOf)
	if v.Decision != gate.Hold || !cmp.Equal(v.Reasons, []string{"held-landline"}) {
		t.Errorf("a landline that the policy holds in questions: %s %v", v.Decision, v.Reasons)
	}
	if _, v = g.Clear(full(nil), asOf); v.Decision != gate.Stub || v.Reasons[0] != "consent-not-carried" {
		t.Errorf("consent required and not carried: %s %v", v.Decision, v.Reasons)
	}
}

func TestPolicyHash(t *testing.T) {
	hash := func(change func(*gate.Options)) string {
		o := gate.Options{Key: make([]byte, 32), Policy: gate.DefaultPolicy(), Hotlines: []string{"12345678", "87654321"}}
		change(&o)
		g, err := gate.New(o)
		if err != nil {
			t.Fatal(err)
		}
		return g.PolicyHash()
	}
	base := hash(func(*gate.Options) {})
	for name, change := range map[string]func(*gate.Options){
		"the key":            func(o *gate.Options) { o.Key = bytes.Repeat([]byte{1}, 32) },
		"the order of lines": func(o *gate.Options) { o.Hotlines = []string{"87654321", "12345678"} },
	} {
		if hash(change) != base {
			t.Errorf("%s changes the hash", name)
		}
	}
	for name, change := range map[string]func(*gate.Options){
		"a rule":    func(o *gate.Options) { o.Policy.Official[gate.Plate] = gate.Rule{Action: gate.HoldField} },
		"a limit":   func(o *gate.Options) { o.Policy.MaxText = 100 },
		"a hotline": func(o *gate.Options) { o.Hotlines = nil },
		"a line":    func(o *gate.Options) { o.AllowLines = map[record.UnitID][]string{"u": {"12345678"}} },
	} {
		if hash(change) == base {
			t.Errorf("%s does not change the hash", name)
		}
	}
}

// TestLimits holds what is too long or costs too much, at once and with its row.
func TestLimits(t *testing.T) {
	g := newGate(t)
	for name, text := range map[string]string{
		"5 MB of prose":              strings.Repeat("路灯坏了。", 5<<20/15),
		"a flood of single digits":   strings.Repeat("1 ", 1<<15),
		"a flood of mobile openings": strings.Repeat("138", 1<<15),
		"a flood of open tags":       strings.Repeat("<p ", 1<<14),
		"a flood of open comments":   strings.Repeat("<!--", 1<<14),
		"a flood of open scripts":    strings.Repeat("<script>", 1<<13),
		"a flood of at signs":        strings.Repeat("a@", 1<<13),
		"a flood of plates":          strings.Repeat("川A的", 1<<13),
		"a flood of fillers":         strings.Repeat("1然", 1<<13),
		"entities in entities":       "&" + strings.Repeat("amp;", 20) + "#49;",
	} {
		for _, kind := range []string{"help", ""} {
			cleared, v := g.Clear(full(fields{"reply": text, "question": text, "kind": kind}), asOf)
			if !cleared.Valid() {
				t.Errorf("%s: no row, %s %v", name, v.Decision, v.Reasons)
			}
			if len(text) > 1<<20 && v.Decision != gate.Hold {
				t.Errorf("%s: %s, want hold", name, v.Decision)
			}
		}
	}
}

func TestBudgetIsDeterministic(t *testing.T) {
	p := gate.DefaultPolicy()
	p.MaxSteps = 20000
	var first gate.Verdict
	for i := range 5 {
		g, err := gate.New(gate.Options{Key: make([]byte, 32), Policy: p})
		if err != nil {
			t.Fatal(err)
		}
		cleared, v := g.Clear(full(fields{"reply": "电话13812345678。" + prose(3000)}), asOf)
		if v.Decision != gate.Hold || !cmp.Equal(v.Reasons, []string{"budget-spent"}) || !cleared.Valid() {
			t.Fatalf("%s %v, want a hold with its row for a spent budget", v.Decision, v.Reasons)
		}
		if i > 0 && !cmp.Equal(first, v) {
			t.Error("the same record gives another verdict")
		}
		first = v
	}
}

// TestNothingOfTheTextLeaks looks for the secret in everything that is not the
// text itself.
func TestNothingOfTheTextLeaks(t *testing.T) {
	g := newGate(t)
	m := gatetext.New(11)
	for _, kind := range gatetext.Kinds() {
		for range 50 {
			d := m.Planted(kind, gatetext.Spellings()[0])
			cleared, v := g.Clear(full(fields{"question": d.Text, "reply": d.Text, "title": d.Text}), asOf)
			out, err := json.Marshal([]any{cleared.Value(), v})
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(out, []byte(d.Written)) {
				t.Errorf("%s: family %d comes through", kind, d.Family)
			}
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	g := newGate(t)
	m := gatetext.New(3)
	var raws []source.Raw
	for i := range 200 {
		raws = append(raws, full(fields{"reply": m.Clean().Text, "question": m.Planted(gatetext.Spelt()[i%5], gatetext.Spellings()[i%25]).Text}))
	}
	type answer struct {
		Value   any
		Verdict gate.Verdict
	}
	all := func() (list []answer) {
		for _, raw := range raws {
			c, v := g.Clear(raw, asOf)
			list = append(list, answer{c.Value(), v})
		}
		return list
	}
	want := all()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if !reflect.DeepEqual(all(), want) {
				t.Error("another goroutine gets another answer")
			}
		})
	}
	wg.Wait()
}

func TestRegister(t *testing.T) {
	for _, tt := range []struct {
		name string
		raw  source.Raw
		want any
		dec  gate.Decision
	}{
		{"unit", source.Raw{Kind: source.Unit, Key: "u-1", Fields: fields{
			"name": " 城市\n管理局\x00 ", "short": "城管局", "english": "City Management", "aliases": "城管\x1f管理局", "unit_kind": "部门", "level": "3",
			"area": "510104", "parent": "gov", "valid_from": "2020-01-01", "valid_to": "2030-12-31", "successor": "u-2",
			"phones": "028-81234567转8\x1f12345\x1f不公开\x1f12345转张三", "spokesman": "s-1", "derived": "no",
		}}, record.Unit{
			ID: "u-1", Name: "城市 管理局", Short: "城管局", English: "City Management", Aliases: []string{"城管", "管理局"}, Kind: "部门", Level: 3,
			Area: "510104", Parent: "gov", From: day("2020-01-01"), To: day("2030-12-31"), Successor: "u-2",
			Phones: []string{"028-81234567转8", "12345"}, Spokesman: "s-1",
		}, gate.Publish},
		{"unit made from a column", source.Raw{Kind: source.Unit, Key: "u-1", Fields: fields{"name": "张某13812345678", "derived": "yes"}},
			record.Unit{ID: "u-1", Name: "张某138****5678", Derived: true}, gate.Publish},
		{"area", source.Raw{Kind: source.Area, Key: "510104", Fields: fields{"name": "锦江区", "parent": "510100", "residents": "900000", "derived": "yes"}},
			record.Area{Code: "510104", Name: "锦江区", Parent: "510100", Residents: record.CountOf(900000), Derived: true}, gate.Publish},
		{"topic", source.Raw{Kind: source.Topic, Key: "light", Fields: fields{"name": "路灯", "english": "Lamps", "parent": "city"}},
			record.Topic{ID: "light", Name: "路灯", English: "Lamps", Parent: "city"}, gate.Publish},
		{"channel", source.Raw{Kind: source.Channel, Key: "mayor", Fields: fields{"name": "市长信箱", "post": "市长"}},
			record.Channel{ID: "mayor", Name: "市长信箱", Post: "市长"}, gate.Publish},
		{"assessment", source.Raw{Kind: source.Assessment, Key: "a-2025", Fields: fields{
			"unit": "u-1", "period": "2025", "assessor": "第三方", "method": "抽样", "third_party": "yes", "issued": "2026-01-31",
			"scores": `[{"dimension":"规范","value":"95.5","max":"100"}]`,
		}}, record.Assessment{
			ID: "a-2025", Unit: "u-1", Period: "2025", Assessor: "第三方", Method: "抽样", ThirdParty: record.Yes, Issued: day("2026-01-31"),
			Scores: []record.Score{{Dimension: "规范", Value: "95.5", Max: "100"}},
		}, gate.Publish},
		{"assessment with persons and numbers", source.Raw{Kind: source.Assessment, Key: "a-2025", Fields: fields{
			"period": "2025", "method": "电话回访，联系人张伟", "scores": `[{"dimension":"规范","value":"13812345678"}]`,
		}}, record.Assessment{ID: "a-2025", Period: "2025", Method: "电话回访，联系人某某", Missing: []string{"scores"}}, gate.Publish},
		{"assessment of a name that no register has", source.Raw{Kind: source.Assessment, Key: "a-2025", Fields: fields{"period": "2025", "unlisted": "unit"}},
			record.Assessment{ID: "a-2025", Period: "2025", Missing: []string{"unit"}}, gate.Publish},
		{"assessment of a code that cannot be one", source.Raw{Kind: source.Assessment, Key: "a-2025", Fields: fields{"period": "2025", "unit": "U 1"}},
			record.Assessment{ID: "a-2025", Period: "2025", Missing: []string{"unit"}}, gate.Publish},
		{"accountability", source.Raw{Kind: source.Accountability, Key: "q-1", Fields: fields{
			"unit": "u-1", "trigger": "连续两个月按期答复率处于末档，由王建国反映", "measure": "约谈", "day": "2026-11-01", "basis": "考核办法第九条",
		}}, record.Accountability{
			ID: "q-1", Unit: "u-1", Trigger: "连续两个月按期答复率处于末档，由某某反映", Measure: "约谈", Day: day("2026-11-01"), Basis: "考核办法第九条",
		}, gate.Publish},
		{"accountability without a measure", source.Raw{Kind: source.Accountability, Key: "q-1", Fields: fields{"unit": "u-1", "day": "2026-11-01"}}, nil, gate.Refuse},
		{"accountability of nobody", source.Raw{Kind: source.Accountability, Key: "q-1", Fields: fields{"measure": "约谈", "day": "2026-11-01"}}, nil, gate.Refuse},
		{"accountability without a day", source.Raw{Kind: source.Accountability, Key: "q-1", Fields: fields{"unit": "u-1", "measure": "约谈"}}, nil, gate.Refuse},
		{"accountability of tomorrow", source.Raw{Kind: source.Accountability, Key: "q-1", Fields: fields{"unit": "u-1", "measure": "约谈", "day": "2027-11-01"}}, nil, gate.Refuse},
		{"unit with an identity card for a telephone", source.Raw{Kind: source.Unit, Key: "u-1", Fields: fields{
			"name": "路灯处", "phones": "110101199003077715" + source.ListSeparator + "12345",
		}}, record.Unit{ID: "u-1", Name: "路灯处", Phones: []string{"12345"}}, gate.Publish},
		{"bad identifier", source.Raw{Kind: source.Unit, Key: "U 1", Fields: fields{"name": "局"}}, nil, gate.Refuse},
		{"a mobile number for an identifier", source.Raw{Kind: source.Unit, Key: "13812345678", Fields: fields{"name": "局"}}, nil, gate.Refuse},
		{"no name", source.Raw{Kind: source.Unit, Key: "u-1", Fields: fields{"name": " "}}, nil, gate.Refuse},
		{"no key", source.Raw{Kind: source.Case}, nil, gate.Refuse},
		{"bad period", source.Raw{Kind: source.Assessment, Key: "a", Fields: fields{"period": "25"}}, nil, gate.Refuse},
		{"unknown field", source.Raw{Kind: source.Topic, Key: "t", Fields: fields{"name": "路", "manager": "x"}}, nil, gate.Hold},
		{"bad UTF-8", source.Raw{Kind: source.Topic, Key: "t", Fields: fields{"name": "\xff"}}, nil, gate.Hold},
		{"unknown kind", source.Raw{Kind: "person", Key: "p"}, nil, gate.Hold},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cleared, v := newGate(t).Clear(tt.raw, asOf)
			if v.Decision != tt.dec {
				t.Errorf("decision %s %v, want %s", v.Decision, v.Reasons, tt.dec)
			}
			if diff := cmp.Diff(tt.want, cleared.Value()); diff != "" {
				t.Errorf("value (-want +got):\n%s", diff)
			}
		})
	}
}
