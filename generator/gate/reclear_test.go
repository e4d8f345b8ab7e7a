package gate_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// reclearGate returns a gate that masks everything, or one under which landlines,
// service lines and what else belongs to an office pass.
func reclearGate(t testing.TB, loose bool) *gate.Gate {
	t.Helper()
	p := gate.DefaultPolicy()
	for _, rules := range []gate.Rules{p.Citizen, p.Official, p.Label} {
		act := gate.Rule{Action: gate.Mask, Doubtful: gate.Mask}
		if loose {
			act = gate.Rule{Action: gate.Pass}
		}
		rules[gate.Landline], rules[gate.Service] = act, act
	}
	p.Attachments = gate.Rebuild
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{3}, 32), Policy: p, Attachments: textCleaner{}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// erased is what the office has left of a case whose original is erased: at worst its
// number.
var erased = source.Raw{Kind: source.Case, Key: "k"}

var reclearDay = record.Date(2026, 11, 20)

// published clears a case under g and returns it with its files.
func published(t testing.TB, g *gate.Gate, raw source.Raw) (record.Case, []record.AttachmentBody, gate.Verdict) {
	t.Helper()
	cleared, v := g.Clear(raw, reclearDay)
	c, _ := cleared.Value().(record.Case)
	var files []record.AttachmentBody
	for _, a := range c.Attachments {
		files = append(files, record.AttachmentBody{Attachment: a, Body: cleared.Body(a.SHA256)})
	}
	return c, files, v
}

// TestReclear: every text of a case without its original is masked further as the
// original would be, and nothing else of it changes.
func TestReclear(t *testing.T) {
	const line = "0999-7654321"
	loose, strict := reclearGate(t, true), reclearGate(t, false)
	raw := source.Raw{Kind: source.Case, Key: "k", Fields: map[string]string{
		"received": "2026-11-01T09:00:00+08:00", "replied": "2026-11-05T08:00:00+08:00", "kind": "complain", "unit": "lamps", "co_units": "roads" + source.ListSeparator + "parks",
		"topic": "lighting", "rating": "4", "rating_scale": "five", "outcome": "supported",
		"title": "路灯 " + line, "question": "我叫张伟，石桥镇李家村三组的路灯坏了，" + line + " 打不通。", "reply": "请拨打" + line + "。",
		"addressee": "书记信箱 " + line, "legal_class": "申诉 " + line, "consent_basis": "本人同意 " + line, "outcome_reason": "见" + line,
		"dispatches":   `[{"day":"2026-11-02","from":"desk","to":"lamps","reason":"转 ` + line + `"}]`,
		"supervisions": `[{"day":"2026-11-03","by":"desk","what":"催 ` + line + `","result":"已回 ` + line + `"}]`,
		"timeline":     `[{"day":"2026-11-04","what":"电话 ` + line + `","unit":"lamps","text":"打 ` + line + `"}]`,
	}}
	was, _, v := published(t, loose, raw)
	if n := strings.Count(fmt.Sprint(gate.CaseTexts(was)), line); v.Decision != gate.Publish || n != 12 {
		t.Fatalf("%s, %d numbers pass", v.Decision, n)
	}
	want, _, _ := published(t, strict, raw)
	want.Topic, want.Rating = was.Topic, was.Rating
	was.Number = "2611-000001"
	cleared, v := strict.Reclear(erased, was, nil, reclearDay, gate.Review{})
	if diff := cmp.Diff(want, cleared.Value()); diff != "" || v.Decision != gate.Publish {
		t.Errorf("%s %s; want - have +\n%s", v.Decision, v.Reasons, diff)
	}
	if n := len(v.Findings); n != 12 || !cleared.Valid() || !cleared.Further() || cleared.KeyMAC() != strict.KeyMAC(source.Case, "k") || cleared.PolicyHash() != strict.PolicyHash() {
		t.Errorf("%d findings, or it is not of this case", n)
	}
	for _, field := range gate.PolicyFields() {
		if !cleared.Has(field) {
			t.Errorf("%s counts as not carried", field)
		}
	}
	// What is left of the original is judged as it is, and the rest as it stands.
	left := source.Raw{Kind: source.Case, Key: "k", Fields: map[string]string{"received": "2026-11-01", "reply": "李强，" + line}}
	cleared, _ = strict.Reclear(left, was, nil, reclearDay, gate.Review{})
	want.Reply.Text = "某某，0999-*****21"
	if diff := cmp.Diff(want, cleared.Value()); diff != "" || cleared.Further() {
		t.Errorf("want - have +\n%s", diff)
	}
}

// TestReclearHolds: what would wait for a person leaves its row, unless a person has
// accepted it before.
func TestReclearHolds(t *testing.T) {
	g := reclearGate(t, false)
	held := func(change func(*gate.Policy)) *gate.Gate {
		p := gate.DefaultPolicy()
		change(&p)
		g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{3}, 32), Policy: p})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	row := record.Row{
		Prominence: record.Full, Unit: "lamps", Status: record.Replied, Received: record.Date(2026, 11, 1), RepliedOn: record.Date(2026, 11, 5),
		Answered: record.Yes, Days: record.CountOf(3), OnTime: record.Yes,
	}
	full := func(kind record.Kind, question, reply string) record.Case {
		return record.Case{Row: row, Kind: kind, Title: "标题", Question: question, Reply: record.Reply{Text: reply}}
	}
	const child = "我的女儿今年七岁，在学校被老师打伤。"
	for _, tt := range []struct {
		name    string
		g       *gate.Gate
		left    map[string]string
		was     record.Case
		review  gate.Review
		want    gate.Decision
		stub    record.StubReason
		reasons string
	}{
		{"nothing", g, nil, full("help", "路灯坏了。", "修好了。"), gate.Review{}, gate.Publish, "", ""},
		{"a child", g, nil, full("help", child, "已处理。"), gate.Review{}, gate.Stub, record.NotSuitable, "original-erased sensitive-minor"},
		{"a child, accepted", g, nil, full("help", child, "已处理。"), gate.Review{Accept: true, Reasons: []string{"sensitive-minor"}}, gate.Publish, "", "sensitive-minor"},
		{"a child, something else accepted", g, nil, full("help", child, "已处理。"), gate.Review{Accept: true, Reasons: []string{"held-mobile"}}, gate.Stub, record.NotSuitable, "original-erased sensitive-minor"},
		{"a landline that is held", held(func(p *gate.Policy) { p.Official[gate.Landline] = gate.Rule{Action: gate.HoldField} }), nil,
			full("help", "路灯坏了。", "请拨打0999-7654321。"), gate.Review{}, gate.Stub, record.NotSuitable, "held-landline original-erased"},
		{"too long", held(func(p *gate.Policy) { p.MaxText = 1024 }), nil,
			full("help", "路灯坏了。", strings.Repeat("修好了。", 400)), gate.Review{}, gate.Stub, record.NotSuitable, "original-erased text-too-long"},
		{"too much work", held(func(p *gate.Policy) { p.MaxSteps = 2000 }), nil,
			full("help", "路灯坏了。", strings.Repeat("修好了。", 400)), gate.Review{}, gate.Stub, record.NotSuitable, "budget-spent original-erased"},
		{"consent is wanted now", held(func(p *gate.Policy) { p.ConsentRequired = true }), nil,
			full("help", "路灯坏了。", "修好了。"), gate.Review{}, gate.Stub, record.NotAgreed, "consent-not-carried"},
		{"consent is wanted now, and was given", held(func(p *gate.Policy) { p.ConsentRequired = true }), map[string]string{"consent": "yes"},
			full("help", "路灯坏了。", "修好了。"), gate.Review{}, gate.Publish, "", ""},
		{"accuses an official", g, nil, full(record.Report, "举报石桥镇镇长收受贿赂、贪污公款。", "已转交。"), gate.Review{}, gate.Silent, "", "perhaps-accusing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw := erased
			raw.Fields = tt.left
			cleared, v := tt.g.Reclear(raw, tt.was, nil, reclearDay, tt.review)
			if v.Decision != tt.want || strings.Join(v.Reasons, " ") != tt.reasons {
				t.Errorf("%s for %q", v.Decision, v.Reasons)
			}
			c, isCase := cleared.Value().(record.Case)
			switch {
			case tt.want == gate.Silent:
				if cleared.Valid() {
					t.Error("something is cleared")
				}
			case tt.stub != "":
				if diff := cmp.Diff(record.Case{Row: row}.Stub(record.StubOnly, tt.stub), c); diff != "" {
					t.Errorf("want - have +\n%s", diff)
				}
			case !isCase || !cmp.Equal(tt.was, c, cmpopts.EquateEmpty()):
				t.Errorf("published as\n%s", cmp.Diff(tt.was, c))
			}
		})
	}
}

// TestReclearFiles: a file stays as it is published, or is left out.
func TestReclearFiles(t *testing.T) {
	loose := reclearGate(t, true)
	raw := source.Raw{Kind: source.Case, Key: "k", Fields: map[string]string{
		"received": "2026-11-01", "kind": "help", "question": "路灯坏了。", "reply": "修好了。", "attachments": strings.Join([]string{"a.csv", "b.csv", "c.pdf"}, source.ListSeparator),
	}, Files: []source.File{
		{Name: "a.csv", Type: "text/csv", Body: []byte("路灯,0999-7654321")}, {Name: "b.csv", Type: "text/csv", Body: []byte("路灯,坏了")},
		{Name: "c.pdf", Type: "application/pdf", Body: []byte("hold image-unread:hold image-unread:图")},
	}}
	_, v := loose.Clear(raw, reclearDay)
	seen := gate.Review{Files: []gate.FileReview{{Content: v.Files[2].Content, Accept: true}}}
	cleared, _ := loose.ClearReviewed(raw, reclearDay, seen)
	was := cleared.Value().(record.Case)
	var files []record.AttachmentBody
	for _, a := range was.Attachments {
		files = append(files, record.AttachmentBody{Attachment: a, Body: cleared.Body(a.SHA256)})
	}
	broken := slices.Clone(files)
	broken[1].Body = []byte("路灯,好了")
	leftOut := gate.DefaultPolicy()
	for _, tt := range []struct {
		name   string
		g      *gate.Gate
		files  []record.AttachmentBody
		review gate.Review
		want   string
		reason string
	}{
		{"as they are", loose, files, seen, "1.csv 2.csv 3.pdf, 0 withheld", ""},
		{"a number in one", reclearGate(t, false), files, seen, "2.csv 3.pdf, 1 withheld", "attachment-held"},
		{"other bytes", loose, broken, seen, "1.csv 3.pdf, 1 withheld", "attachment-held"},
		{"a person has taken her word back", loose, files, gate.Review{Files: []gate.FileReview{{Content: seen.Files[0].Content}}}, "1.csv 2.csv, 1 withheld", "attachment-held"},
		{"a picture that nobody has seen", loose, files, gate.Review{}, "1.csv 2.csv, 1 withheld", "attachment-held"},
		{"their bytes are not there", loose, nil, seen, ", 3 withheld", "attachment-held"},
		{"files are switched off", fileGate(t, func(p *gate.Policy) { *p = leftOut }), files, seen, ", 3 withheld", "attachments-left-out"},
	} {
		cleared, v := tt.g.Reclear(erased, was, tt.files, reclearDay, tt.review)
		c := cleared.Value().(record.Case)
		var names []string
		for _, a := range c.Attachments {
			names = append(names, a.Name)
		}
		if got := fmt.Sprintf("%s, %d withheld", strings.Join(names, " "), c.FilesWithheld); got != tt.want || strings.Join(v.Reasons, " ") != tt.reason || v.Decision != gate.Publish || !cleared.Has(source.FieldAttachments) {
			t.Errorf("%s: %s %q", tt.name, got, v.Reasons)
		}
	}
}

// masks are the masks of a text, with what they show of a number.
var masks = regexp.MustCompile(`[0-9-]*\*[*0-9@-]*|某某`)

// TestReclearChangesNothing: of cases as the gate makes them, made up in every
// spelling, the same rules change nothing, and others show nothing more.
func TestReclearChangesNothing(t *testing.T) {
	loose, strict := reclearGate(t, true), reclearGate(t, false)
	m := gatetext.New(11)
	var texts []string
	for _, kind := range gatetext.Kinds() {
		for _, s := range gatetext.Spellings() {
			texts = append(texts, m.Planted(kind, s).Text)
		}
	}
	for range 200 {
		texts = append(texts, m.Clean().Text)
	}
	for i, question := range texts {
		reclearTwice(t, loose, strict, "", question, texts[(i+7)%len(texts)], texts[(i+31)%len(texts)])
	}
}

// reclearTwice checks what Reclear promises of a case with the given texts.
func reclearTwice(t *testing.T, loose, strict *gate.Gate, title, question, reply, step string) {
	t.Helper()
	fields := map[string]string{"received": "2026-10-01", "kind": "help", "question": question, "reply": reply, "outcome_reason": step, "addressee": step}
	if title != "" {
		fields["title"] = title
	}
	was, _, v := published(t, loose, source.Raw{Kind: source.Case, Key: "k", Fields: fields})
	if v.Decision != gate.Publish {
		return
	}
	cleared, v := loose.Reclear(erased, was, nil, reclearDay, gate.Review{})
	if v.Decision == gate.Publish && !cmp.Equal(was, cleared.Value(), cmpopts.EquateEmpty()) {
		t.Fatalf("the same rules change a case: %d findings", len(v.Findings))
	}
	if v.Decision != gate.Publish {
		t.Fatalf("the same rules take a case back: %s", v.Reasons)
	}
	cleared, v = strict.Reclear(erased, was, nil, reclearDay, gate.Review{})
	now, _ := cleared.Value().(record.Case)
	if v.Decision != gate.Publish {
		return
	}
	for field, text := range gate.CaseTexts(now) {
		before := gate.CaseTexts(was)[field]
		if field == source.FieldTitle && title == "" {
			before = was.Question // which it is the start of
			text = strings.TrimSuffix(text, "…")
		}
		for _, piece := range masks.Split(text, -1) {
			_, rest, ok := strings.Cut(before, piece)
			if !ok || !utf8.ValidString(text) {
				t.Fatalf("%s shows what it did not", field)
			}
			before = rest
		}
	}
	again, v := strict.Reclear(erased, now, nil, reclearDay, gate.Review{})
	if !cmp.Equal(again.Value(), cleared.Value(), cmpopts.EquateEmpty()) {
		t.Fatalf("not the same a second time: %s %s", v.Decision, v.Reasons)
	}
}

func FuzzReclear(f *testing.F) {
	loose, strict := reclearGate(f, true), reclearGate(f, false)
	m := gatetext.New(12)
	for _, kind := range gatetext.Kinds() {
		for _, s := range gatetext.Spellings() {
			f.Add("", m.Planted(kind, s).Text, m.Clean().Text, "0999-7654321")
		}
	}
	f.Add("路灯 0999", "7654321 路灯坏了", "请拨打（0999）7654321转 8。", "400 800 1234 张伟")
	f.Fuzz(func(t *testing.T, title, question, reply, step string) {
		reclearTwice(t, loose, strict, title, question, reply, step)
	})
}
