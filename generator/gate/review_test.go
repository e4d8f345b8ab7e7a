package gate_test

import (
	"slices"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// doubtful holds a case for a number with words in it.
const doubtful = "打1的3的8的1的2的3的4的5的6的7的8"

func TestClearReviewed(t *testing.T) {
	accept, reject := gate.Review{Accept: true}, gate.Review{}
	for _, tt := range []struct {
		name     string
		raw      source.Raw
		review   gate.Review
		want     gate.Decision
		stub     record.StubReason
		reviewed bool
		reasons  []string
	}{
		{"held, accepted", full(fields{"question": doubtful}), accept, gate.Publish, "", true, []string{"doubtful-mobile"}},
		{"held, rejected", full(fields{"question": doubtful}), reject, gate.Stub, record.NotSuitable, true, []string{"doubtful-mobile", "rejected"}},
		{"held, another reason accepted", full(fields{"question": doubtful}), gate.Review{Accept: true, Reasons: []string{"sample"}},
			gate.Hold, record.UnderReview, false, []string{"doubtful-mobile"}},
		{"held, its reason accepted", full(fields{"question": doubtful}), gate.Review{Accept: true, Reasons: []string{"doubtful-mobile"}},
			gate.Publish, "", true, []string{"doubtful-mobile"}},
		{"not looked at, accepted", full(fields{"question": "\xff"}), accept, gate.Hold, record.UnderReview, false, []string{"bad-utf8"}},
		{"not looked at, rejected", full(fields{"question": "\xff"}), reject, gate.Stub, record.NotSuitable, true, []string{"bad-utf8", "rejected"}},
		{"unknown field, accepted", full(fields{"secret": "x"}), accept, gate.Hold, record.UnderReview, false, []string{"unknown-field"}},
		{"silent, accepted", full(fields{"question": "村支书受贿"}, "kind"), accept, gate.Publish, "", true, []string{"perhaps-accusing"}},
		{"silent, accepted, and doubtful", full(fields{"question": "村支书受贿，" + doubtful}, "kind"),
			gate.Review{Accept: true, Reasons: []string{"perhaps-accusing"}}, gate.Hold, record.UnderReview, true, []string{"doubtful-mobile", "perhaps-accusing"}},
		{"silent, rejected", full(fields{"question": "村支书受贿"}, "kind"), reject, gate.Exclude, "", true, []string{"perhaps-accusing", "rejected"}},
		{"silent, accepted, then rejected", full(fields{"question": "村支书受贿"}, "kind"),
			gate.Review{Reasons: []string{"perhaps-accusing"}, Accepted: []string{"perhaps-accusing"}}, gate.Stub, record.NotSuitable, true, []string{"perhaps-accusing", "rejected"}},
		{"silent, accepted, and doubtful, then rejected", full(fields{"question": "村支书受贿，" + doubtful}, "kind"),
			gate.Review{Reasons: []string{"doubtful-mobile", "perhaps-accusing"}, Accepted: []string{"perhaps-accusing"}},
			gate.Stub, record.NotSuitable, true, []string{"doubtful-mobile", "perhaps-accusing", "rejected"}},
		{"silent, another reason accepted, then rejected", full(fields{"question": "村支书受贿，" + doubtful}, "kind"),
			gate.Review{Reasons: []string{"perhaps-accusing"}, Accepted: []string{"doubtful-mobile"}}, gate.Exclude, "", true, []string{"perhaps-accusing", "rejected"}},
		{"excluded, accepted as ordinary, then rejected", full(fields{"kind": "accusation"}),
			gate.Review{Accepted: []string{"perhaps-accusing"}}, gate.Exclude, "", false, []string{"accusation"}},
		{"third party silent, accepted", full(fields{"consultation": "no-answer"}), accept, gate.Publish, "", true, []string{"third-party-consultation"}},
		{"published, rejected", full(nil), reject, gate.Stub, record.NotSuitable, true, []string{"rejected"}},
		{"published, accepted", full(nil), accept, gate.Publish, "", false, nil},
		{"stub, accepted", full(fields{"consent": "no"}), accept, gate.Stub, record.NotAgreed, false, []string{"no-consent"}},
		{"stub, rejected", full(fields{"consent": "no"}), reject, gate.Stub, record.NotAgreed, false, []string{"no-consent"}},
		{"excluded, accepted", full(fields{"kind": "accusation"}), accept, gate.Exclude, "", false, []string{"accusation"}},
		{"tombstone, rejected", source.Raw{Kind: source.Case, Key: "A-1", Gone: true}, reject, gate.Publish, "", false, nil},
		{"a topic, accepted", source.Raw{Kind: source.Topic, Key: "t", Fields: fields{"name": doubtful}}, accept, gate.Publish, "", true, []string{"doubtful-mobile"}},
		{"a topic, rejected", source.Raw{Kind: source.Topic, Key: "t", Fields: fields{"name": doubtful}}, reject, gate.Refuse, "", true, []string{"doubtful-mobile", "rejected"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGate(t)
			_, before := g.Clear(tt.raw, asOf)
			tt.review.Content = before.Content
			cleared, v := g.ClearReviewed(tt.raw, asOf, tt.review)
			c, _ := cleared.Value().(record.Case)
			if v.Decision != tt.want || c.StubReason != tt.stub || v.Reviewed != tt.reviewed || !slices.Equal(v.Reasons, tt.reasons) {
				t.Errorf("%s, stub %q, reviewed %v, %v; want %s, %q, %v, %v",
					v.Decision, c.StubReason, v.Reviewed, v.Reasons, tt.want, tt.stub, tt.reviewed, tt.reasons)
			}
			if cleared.Valid() != (v.Output != "") {
				t.Errorf("valid %v, and the hash of the output is %q", cleared.Valid(), v.Output)
			}
			if _, ok := cleared.Value().(record.Case); ok && v.Decision == gate.Publish && c.Question == tt.raw.Fields["question"] && len(v.Findings) > 0 {
				t.Error("an accepted case is not masked")
			}
			if v.Content != before.Content {
				t.Error("the content has another hash after the review")
			}
			tt.review.Content = "0" + before.Content[1:]
			if before.Content[0] == '0' {
				tt.review.Content = "1" + before.Content[1:]
			}
			lapses := tt.review.Accept || tt.raw.Kind != source.Case || tt.raw.Gone || before.Decision != gate.Publish
			if _, v = g.ClearReviewed(tt.raw, asOf, tt.review); lapses && (v.Decision != before.Decision || v.Reviewed || v.Output != before.Output) {
				t.Errorf("a review of another content counts: %s", v.Decision)
			} else if !lapses && v.Decision != gate.Hold {
				t.Errorf("a case that was rejected as it was before: %s, want it held", v.Decision)
			}
		})
	}
}

// TestRejectedBefore: a case that a person has rejected is not published again because
// something of it is delivered anew; a person decides once more.
func TestRejectedBefore(t *testing.T) {
	g := newGate(t)
	for _, tt := range []struct {
		name     string
		reasons  []string   // of what was rejected
		accepted []string   // of it before
		now      source.Raw // what is delivered later
		want     gate.Decision
		stub     record.StubReason
		codes    []string
	}{
		{"a rating is new", []string{"sample"}, nil, full(fields{"rating": "5", "rating_scale": "five"}), gate.Hold, record.UnderReview, []string{"rejected-before"}},
		{"texts are pruned", []string{"doubtful-mobile"}, nil, full(nil, "title", "question", "reply"), gate.Hold, record.UnderReview, []string{"rejected-before"}},
		{"held anyway", []string{"sample"}, nil, full(fields{"question": doubtful}), gate.Hold, record.UnderReview, []string{"doubtful-mobile"}},
		{"consent is taken back", []string{"sample"}, nil, full(fields{"consent": "no"}), gate.Stub, record.NotAgreed, []string{"no-consent"}},
		{"accusing, of another kind", []string{"perhaps-accusing"}, nil, full(nil), gate.Silent, "", []string{"perhaps-accusing", "rejected-before"}},
		{"accusing, texts are pruned", []string{"perhaps-accusing"}, nil, full(fields{"kind": "report"}, "title", "question", "reply"), gate.Silent, "",
			[]string{"perhaps-accusing", "rejected-before"}},
		{"accusing, not answered", []string{"perhaps-accusing"}, nil, full(fields{"reply": "", "replied": "", "status": "handling", "closed": ""}), gate.Silent, "",
			[]string{"not-answered", "perhaps-accusing", "rejected-before"}},
		{"accusing, accepted as ordinary", []string{"doubtful-mobile", "perhaps-accusing"}, []string{"perhaps-accusing"}, full(fields{"rating": "5", "rating_scale": "five"}),
			gate.Hold, record.UnderReview, []string{"rejected-before"}},
		{"accusing, accepted as ordinary, and accuses anew", []string{"doubtful-mobile", "perhaps-accusing"}, []string{"perhaps-accusing"},
			full(fields{"question": "村支书受贿"}, "kind"), gate.Silent, "", []string{"perhaps-accusing"}},
		{"accusing, withdrawn", []string{"perhaps-accusing"}, nil, source.Raw{Kind: source.Case, Key: "A-1", Gone: true}, gate.Publish, "", nil},
		{"a topic that is mended", []string{"doubtful-mobile"}, nil, source.Raw{Kind: source.Topic, Key: "t", Fields: fields{"name": "照明"}}, gate.Publish, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, was := g.Clear(full(fields{"question": "以前的内容。"}), asOf)
			r := gate.Review{Content: was.Content, Reasons: tt.reasons, Accepted: tt.accepted}
			cleared, v := g.ClearReviewed(tt.now, asOf, r)
			c, _ := cleared.Value().(record.Case)
			if v.Decision != tt.want || c.StubReason != tt.stub || v.Sample || v.Reviewed || !slices.Equal(v.Reasons, tt.codes) {
				t.Errorf("%s, stub %q, %+v, want %s, %q, %v", v.Decision, c.StubReason, v.Reasons, tt.want, tt.stub, tt.codes)
			}
			if cleared.Valid() != (v.Output != "") || tt.stub != "" && c.Question+c.Title+c.Reply.Text != "" {
				t.Error("more than the row came out")
			}
			if !slices.Contains(v.Reasons, "rejected-before") {
				return
			}
			r = gate.Review{Content: v.Content, Reasons: v.Reasons, Accept: true}
			accepted := gate.Publish
			if slices.Contains(v.Reasons, "not-answered") {
				accepted = gate.Stub
			}
			if _, v = g.ClearReviewed(tt.now, asOf, r); v.Decision != accepted {
				t.Errorf("accepted: %s %v", v.Decision, v.Reasons)
			}
			r.Accept = false
			rejected := gate.Stub
			if slices.Contains(tt.reasons, "perhaps-accusing") && tt.accepted == nil {
				rejected = gate.Exclude
			}
			cleared, v = g.ClearReviewed(tt.now, asOf, r)
			if v.Decision != rejected || rejected == gate.Exclude && cleared.Valid() {
				t.Errorf("rejected again: %s %v", v.Decision, v.Reasons)
			}
		})
	}
}

// TestContent: a review is bound to all that was received, and to nothing else.
func TestContent(t *testing.T) {
	g := newGate(t)
	of := func(change func(*source.Raw)) string {
		raw := full(nil)
		raw.Files = []source.File{{Name: "a.pdf", Type: "application/pdf", Body: []byte("x")}}
		change(&raw)
		_, v := g.Clear(raw, asOf)
		return v.Content
	}
	base := of(func(*source.Raw) {})
	if base != of(func(r *source.Raw) { r.Where = source.Where{File: "b.csv", Row: 3}; r.Stream = "s" }) {
		t.Error("the place of a record changes its content")
	}
	seen := map[string]string{base: "nothing"}
	for name, change := range map[string]func(*source.Raw){
		"a field":               func(r *source.Raw) { r.Fields["reply"] = "未修复。" },
		"a new empty field":     func(r *source.Raw) { r.Fields["consent_basis"] = "" },
		"no field":              func(r *source.Raw) { delete(r.Fields, "topic") },
		"the key":               func(r *source.Raw) { r.Key = "A-2" },
		"the kind":              func(r *source.Raw) { r.Kind = source.Topic },
		"gone":                  func(r *source.Raw) { r.Gone = true },
		"the bytes of a file":   func(r *source.Raw) { r.Files[0].Body = []byte("y") },
		"the name of a file":    func(r *source.Raw) { r.Files[0].Name = "b.pdf" },
		"the type of a file":    func(r *source.Raw) { r.Files[0].Type = "" },
		"no file":               func(r *source.Raw) { r.Files = nil },
		"text moved to a field": func(r *source.Raw) { r.Fields["title"], r.Fields["topic"] = "路灯", "不亮light" },
	} {
		content := of(change)
		if other, ok := seen[content]; ok {
			t.Errorf("%s and %s give one content", name, other)
		}
		seen[content] = name
	}
}

func TestOutput(t *testing.T) {
	g := newGate(t)
	of := func(change fields) string { _, v := g.Clear(full(change), asOf); return v.Output }
	if of(nil) == "" || of(nil) != of(fields{"age": "81"}) {
		t.Error("what is not published changes the output")
	}
	for name, change := range map[string]fields{
		"a text": {"reply": "已换灯泡。"}, "a day": {"received": "2026-10-02"}, "a reference": {"repeat_of": "A-0"},
	} {
		if of(change) == of(nil) {
			t.Errorf("%s does not change the output", name)
		}
	}
}

func TestAcceptable(t *testing.T) {
	for _, tt := range []struct {
		reasons []string
		want    bool
	}{
		{nil, false},
		{[]string{"attachments-left-out"}, false},
		{[]string{"doubtful-person"}, true},
		{[]string{"attachments-left-out", "doubtful-id_card", "sensitive-health"}, true},
		{[]string{"sample"}, true},
		{[]string{"rejected-before"}, true},
		{[]string{"held-landline"}, true},
		{[]string{"perhaps-accusing"}, true},
		{[]string{"third-party-consultation"}, true},
		{[]string{"sensitive-minor", "sensitive-sexual", "sensitive-domestic", "sensitive-secret"}, true},
		{[]string{"doubtful-person", "unknown-field"}, false},
		{[]string{"doubtful-nonsense"}, false},
		{[]string{"sensitive-nonsense"}, false},
		{[]string{"anything"}, false},
		{[]string{"bad-utf8"}, false}, {[]string{"text-too-long"}, false}, {[]string{"budget-spent"}, false},
		{[]string{"internal-error"}, false}, {[]string{"missing-list"}, false}, {[]string{"nested-encoding"}, false},
		{[]string{"not-clean"}, false}, {[]string{"row-only"}, false}, {[]string{"mask-decodes"}, false},
	} {
		if got := gate.Acceptable(tt.reasons); got != tt.want {
			t.Errorf("Acceptable(%q) = %v", tt.reasons, got)
		}
	}
}

// TestSample draws one case in so many of those with doubtful names, always the
// same ones, and none that a person has seen.
func TestSample(t *testing.T) {
	p := gate.DefaultPolicy()
	p.SampleEvery = 2
	p.Citizen[gate.Mobile] = gate.Rule{Doubtful: gate.Sample}
	g, err := gate.New(gate.Options{Key: make([]byte, 32), Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for i := range 100 {
		raw := full(fields{"question": doubtful})
		raw.Key = string(rune('A' + i))
		cleared, v := g.Clear(raw, asOf)
		if c, _ := cleared.Value().(record.Case); v.Decision != gate.Publish || c.Question != "打******" && c.Question != "打138****5678" {
			t.Fatalf("%s %v, want it masked and published", v.Decision, v.Reasons)
		}
		if v.Sample != slices.Contains(v.Reasons, "sample") {
			t.Error("a case is drawn without the reason, or the other way round")
		}
		if !v.Sample {
			continue
		}
		drawn++
		if _, v = g.ClearReviewed(raw, asOf, gate.Review{Content: v.Content, Accept: true}); v.Sample || !v.Reviewed {
			t.Error("a case that a person has accepted is drawn again")
		}
	}
	if drawn < 30 || drawn > 70 {
		t.Errorf("%d of 100 cases are drawn, want about half", drawn)
	}
}
