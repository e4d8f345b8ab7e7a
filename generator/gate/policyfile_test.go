package gate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
)

func TestDefaultPolicyYAML(t *testing.T) {
	got, err := gate.DecodePolicy([]byte(gate.DefaultPolicyYAML()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(gate.DefaultPolicy(), got); diff != "" {
		t.Errorf("the printed default policy is another (-want +got):\n%s", diff)
	}
	for _, typ := range gate.Types() {
		if n := strings.Count(gate.DefaultPolicyYAML(), "\n  "+typ+":"); n != 3 {
			t.Errorf("%s stands %d times in the default policy, want once a class", typ, n)
		}
	}
}

func TestDecodePolicy(t *testing.T) {
	const text = `# ours
version: 7
sample_every: 10
consent_required: true
fields:
  reply: {landline: pass, person: {hold_from: 40}}
citizen:
  person: hold
official:
  landline: sample
  email: pass
label:
  address: {action: hold, doubtful: sample, mask_from: 70}
`
	got, err := gate.DecodePolicy([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := gate.DefaultPolicy()
	want.Version, want.SampleEvery, want.ConsentRequired = "7", 10, true
	want.Citizen[gate.Person] = gate.Rule{Action: gate.HoldField, Doubtful: gate.HoldField}
	want.Official[gate.Landline] = gate.Rule{Action: gate.Sample, Doubtful: gate.HoldField}
	want.Official[gate.Email] = gate.Rule{Action: gate.Pass, Doubtful: gate.Pass}
	want.Label[gate.Address] = gate.Rule{Action: gate.HoldField, Doubtful: gate.Sample, MaskFrom: 70}
	want.Fields = map[string]gate.Rules{"reply": {
		gate.Landline: {Action: gate.Pass, Doubtful: gate.Pass},
		gate.Person:   {Action: gate.Mask, Doubtful: gate.Sample, HoldFrom: 40},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	g, err := gate.New(gate.Options{Key: make([]byte, 32), Policy: got})
	if err != nil {
		t.Fatal(err)
	}
	const line = "电话028-81234567"
	_, v := g.Clear(full(fields{"reply": line, "outcome_reason": line, "consent": "yes"}), asOf)
	if len(v.Findings) != 1 || v.Findings[0].Field != "outcome_reason" || v.Findings[0].Action != "sample" {
		t.Errorf("%d findings, want the line masked in the reason alone", len(v.Findings))
	}
}

func TestDecodePolicyRefuses(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "empty"},
		{"a comment", "# nothing\n", "empty"},
		{"no version", "mask_from: 60\n", "has no version"},
		{"an empty version", "version:\n", "line 1"},
		{"a list", "- version\n", "line 1"},
		{"no YAML", "version: \"1\n", "no YAML"},
		{"an unknown key", "version: 1\n\nmask: 60\n", "line 3: there is no key \"mask\""},
		{"a key twice", "version: 1\nmask_from: 60\nmask_from: 60\n", "line 3"},
		{"an unknown type", "version: 1\ncitizen:\n  moblie: mask\n", "line 3: there is no type"},
		{"an unknown action", "version: 1\ncitizen:\n  mobile: ignore\n", "line 3"},
		{"an unknown key of a rule", "version: 1\ncitizen:\n  mobile:\n    action: mask\n    when: now\n", "line 5"},
		{"a rule that is a list", "version: 1\ncitizen:\n  mobile: [mask]\n", "line 3"},
		{"an unknown field", "version: 1\nfields:\n  age: {mobile: mask}\n", "line 3"},
		{"a mobile number passed", "version: 1\nofficial:\n  mobile: pass\n", "line 3"},
		{"citizens' e-mail passed", "version: 1\nfields:\n  title:\n    email: pass\n", "line 4"},
		{"doubtful cards passed", "version: 1\nlabel:\n  id_card: {doubtful: pass}\n", "line 3"},
		{"a word for a number", "version: 1\nmask_from: high\n", "line 2"},
		{"a number too large", "version: 1\nmask_from: 99999999999\n", "line 2"},
		{"a blind gate", "version: 1\nmask_from: 100\nhold_from: 100\n", "hold_from"},
		{"a blind kind", "version: 1\ncitizen:\n  person: {hold_from: 99, mask_from: 99}\n", "line 3"},
		{"no flag", "version: 1\nconsent_required: perhaps\n", "line 2"},
		{"two documents", "version: 1\n---\nversion: 2\n", "line"},
		{"an alias", "version: &v 1\nmask_from: *v\n", "line"},
	} {
		_, err := gate.DecodePolicy([]byte(tt.text))
		if err == nil {
			t.Errorf("%s: no error", tt.name)
			continue
		}
		if msg, hint, _ := fault.Public(err); !strings.Contains(msg, tt.want) || hint == "" {
			t.Errorf("%s: %q, hint %q; want %q in it", tt.name, msg, hint, tt.want)
		}
	}
	all := "version: 1\ncitizen:\n"
	for _, typ := range gate.Types() {
		all += "  " + typ + ": pass\n"
	}
	if _, err := gate.DecodePolicy([]byte(all)); err == nil {
		t.Error("a policy that passes everything is taken")
	}
}

func FuzzDecodePolicy(f *testing.F) {
	f.Add([]byte(gate.DefaultPolicyYAML()))
	f.Add([]byte("version: 1\nfields: {reply: {person: {action: hold}}}"))
	f.Add([]byte("? [a]\n: b"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := gate.DecodePolicy(text)
		if err != nil {
			return
		}
		// The line is refused after the policy is looked at, and before the lists are read.
		_, err = gate.New(gate.Options{Key: make([]byte, 32), Policy: p, Hotlines: []string{"none"}})
		if err == nil || !strings.HasPrefix(err.Error(), "hotlines") {
			t.Error("a policy is read and then refused by the gate")
		}
	})
}
