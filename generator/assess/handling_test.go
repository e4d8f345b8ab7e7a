package assess

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// further prints responded, dispatched, resolved, reopened, returned, supervised and on
// site, by the first letters of their names, where they are not empty.
func further(s Set) string {
	var words []string
	for i, f := range s.further() {
		if f.Rate != (record.Rate{}) || f.Unknown > 0 {
			words = append(words, strings.Fields("resp disp reso reop retu supe site supp expl nots adop")[i]+"="+show(f))
		}
	}
	return strings.Join(words, " ")
}

// TestOneCaseFurther says what each kind of case adds to the rates of its handling, in
// an installation that delivers everything: the last case below, received in another
// month, carries a value of each kind.
func TestOneCaseFurther(t *testing.T) {
	const rich = "received=2026-08-01 unit=other first=2026-08-01 sent=2026-08-01 replied=2026-08-02 closed=2026-08-02 resolved=2026-08-03 moved=2026-08-01 supervised=2026-08-02 reopened=0"
	for _, test := range []struct{ line, want string }{
		// Row alone: the three steps that have a day.
		{"stub=not-answered unreplied open", "resp=0/1 disp=0/1"},
		{"stub=not-answered unreplied open first=2026-09-02 sent=2026-09-01", "resp=1/1 disp=1/1"},
		{"stub=not-answered unreplied open first=2026-10-01 sent=2026-09-30", "resp=0/1 disp=1/1"},                             // after, and on, the day of the cut-off
		{"stub=not-agreed replied=2026-09-05 closed=2026-09-06", "resp=0/0+1? disp=0/0+1? reso=0/1"},                           // it was replied to: somebody has responded
		{"stub=not-agreed replied=2026-10-05 open first=2026-08-31 sent=", "resp=0/0+1? disp=0/1"},                             // a response before receipt; a reply after the cut-off
		{"stub=not-agreed replied=2026-09-05 closed=2026-09-06 resolved=2026-09-30", "resp=0/0+1? disp=0/0+1? reso=1/1"},       // confirmed on the day of the cut-off
		{"stub=not-agreed replied=2026-09-05 closed=2026-09-06 resolved=2026-10-01", "resp=0/0+1? disp=0/0+1? reso=0/1"},       // and after it
		{"stub=not-agreed replied=2026-09-05 resolved=2026-09-07", "resp=0/0+1? disp=0/0+1? reso=0/0+1?"},                      // closed or not is not known
		{"stub=not-answered first=2026-09-02 sent=2026-09-02", "resp=1/1 disp=1/1 reso=0/0+1?"},                                // nothing else known
		{"stub=merged into=2608-000001 first=2026-09-02 sent=2026-09-02 open", ""},                                             // its target counts
		{"withdrawn first=2026-09-02 sent=2026-09-02 unreplied open", "resp=1/1 disp=1/1"},                                     // its row goes on counting
		{"stub=not-agreed unreplied open first=2026-09-02 sent=2026-09-02 returned=2026-09-03 supported", "resp=1/1 disp=1/1"}, // no row shows a return
		// Published in full; first and sent as in every one of them.
		{"unreplied open", ""},
		{"replied=2026-09-05 open", "retu=0/1 supe=0/1 site=0/0+1? supp=0/0+1? expl=0/0+1? nots=0/0+1?"},
		{"replied=2026-09-05 open kind=suggest offsite", "retu=0/1 supe=0/1 site=0/1 adop=0/0+1?"},
		{"replied=2026-09-05 open outcome=supported onsite", "retu=0/1 supe=0/1 site=1/1 supp=1/1 expl=0/1 nots=0/1"},
		{"replied=2026-09-05 open outcome=explained onsite", "retu=0/1 supe=0/1 site=1/1 supp=0/1 expl=1/1 nots=0/1"},
		{"replied=2026-09-05 open outcome=not-supported onsite", "retu=0/1 supe=0/1 site=1/1 supp=0/1 expl=0/1 nots=1/1"},
		{"replied=2026-09-05 open outcome=adopted onsite", "retu=0/1 supe=0/1 site=1/1 adop=1/1"},
		{"replied=2026-09-05 open outcome=not-adopted onsite kind=help", "retu=0/1 supe=0/1 site=1/1 adop=0/1"},
		{"replied=2026-09-05 open outcome=reviewed onsite", "retu=0/1 supe=0/1 site=1/1 supp=0/0+1? expl=0/0+1? nots=0/0+1?"},
		{"unreplied open outcome=supported onsite supervised=2026-09-02", ""},          // before there is an answer nothing is decided
		{"replied=2026-10-05 open outcome=supported onsite supervised=2026-09-02", ""}, // nor at the cut-off
		{"replied=2026-09-05 open outcome=adopted onsite returned=2026-09-03 returned=2026-09-04 supervised=2026-09-05", "retu=1/1 supe=1/1 site=1/1 adop=1/1"},
		{"replied=2026-09-05 open outcome=adopted onsite moved=2026-09-03 returned=2026-10-04 supervised=2026-10-05", "retu=0/1 supe=0/1 site=1/1 adop=1/1"}, // after the cut-off
		{"unreplied closed=2026-09-09 reopened=2 outcome=supported onsite", "reso=0/1 reop=1/1 retu=0/1 supe=0/1 site=1/1 supp=1/1 expl=0/1 nots=0/1"},
		{"unreplied closed=2026-09-09 reopened=0 outcome=supported onsite", "reso=0/1 reop=0/1 retu=0/1 supe=0/1 site=1/1 supp=1/1 expl=0/1 nots=0/1"},
		{"unreplied closed=2026-09-09 outcome=supported onsite", "reso=0/1 reop=0/1 retu=0/1 supe=0/1 site=1/1 supp=1/1 expl=0/1 nots=0/1"},
		{"unreplied reopened=1", "reso=0/0+1? reop=0/0+1?"},
	} {
		line, want := test.line, test.want
		if !strings.Contains(line, "stub") && !strings.Contains(line, "withdrawn") {
			line += " first=2026-09-01 sent=2026-09-01"
			want = strings.TrimSpace("resp=1/1 disp=1/1 " + want)
		}
		line = strings.Replace(line, " supported", " outcome=supported", 1)
		line = strings.Replace(line, " sent= ", " ", 1)
		s, _ := book("2026-09-30", record.Register{}, rich, line).Set(all, "2026-09")
		if got := further(s); got != want {
			t.Errorf("%q\nadds %s\nwant %s", line, got, want)
		}
	}
}

// An installation that never delivers a value has it unknown, and not at 0 %; one case
// that carries it makes the others count.
func TestWhatIsNeverDelivered(t *testing.T) {
	lines := []string{"replied=2026-09-02 closed=2026-09-03 unit=a", "unreplied open unit=a"}
	get := func(more ...string) string {
		b := book("2026-09-30", record.Register{}, append(more, lines...)...)
		s, _ := b.Set(record.Scope{Dim: record.ByUnit, ID: "a"}, record.AllTime)
		return further(s) + fmt.Sprintf(" first %d+%d?", s.FirstDays.Known, s.FirstDays.Unknown)
	}
	// Two cases; of the one that was replied to everything is unknown in any case.
	want := "resp=0/0+2? disp=0/0+2? reso=0/0+1? reop=0/0+1? retu=0/0+1? supe=0/0+1? site=0/0+1? supp=0/0+1? expl=0/0+1? nots=0/0+1? first 0+2?"
	if got := get(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// Another unit delivers: the case without a reply counts as not responded to, not
	// dispatched; the closed one as not confirmed, not reopened, not returned, not supervised.
	want = "resp=0/1+1? disp=0/1+1? reso=0/1 reop=0/1 retu=0/1 supe=0/1 site=0/0+1? supp=0/0+1? expl=0/0+1? nots=0/0+1? first 0+1?"
	if got := get("unit=b first=2026-09-01 sent=2026-09-01 closed=2026-09-02 resolved=2026-09-02 moved=2026-09-01 supervised=2026-09-01 reopened=0"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// Figures are not kept of what is never delivered.
	for _, f := range book("2026-09-30", record.Register{}, lines...).Figures(nil) {
		if f.Measure == MeasureResolvedOfClosed || f.Measure == MeasureMedianFirstDays || f.Measure == MeasureOnSiteOfAnswered {
			t.Errorf("%s of %s is kept, of which nothing is known", f.Measure, f.Scope)
		}
	}
}

// Five cases were responded to after 0, 1, 1, 4 and 40 days: the middle one is 1, and
// the bins up to 2, 5 and 60 days hold 3, 1 and 1. One reply without a response is
// unknown, and so is one response before receipt.
func TestFirstResponse(t *testing.T) {
	s, _ := book("2026-10-31", record.Register{},
		"first=2026-09-01", "first=2026-09-02", "first=2026-09-02", "first=2026-09-05", "first=2026-10-11",
		"replied=2026-09-02", "first=2026-08-30", "unreplied open", "first=2026-11-01 unreplied").Set(all, record.AllTime)
	if got := fmt.Sprint(s.FirstDays, " ", show(s.RespondedOfReceived)); got != "{[3 1 0 0 0 0 1 0] 1 5 2} 5/7+2?" {
		t.Error(got)
	}
}

// Ten with an outcome of the petition rules: 5, 3 and 2 are 50, 30 and 20 %. Of three
// suggestions that were decided two are adopted. One case stands at a review, two at a
// re-review; the three are unknown among the outcomes.
func TestOutcomes(t *testing.T) {
	lines := strings.Split(strings.Repeat("outcome=supported,", 5)+strings.Repeat("outcome=explained,", 3)+strings.Repeat("outcome=not-supported,", 2)+
		"outcome=adopted,outcome=adopted,outcome=not-adopted,outcome=reviewed,outcome=re-reviewed,outcome=re-reviewed,kind=suggest", ",")
	for i := range lines {
		lines[i] += " replied=2026-09-05"
	}
	s, _ := book("2026-09-30", record.Register{}, lines...).Set(all, "2026-09")
	got := fmt.Sprintln(show(s.SupportedOfOutcome), show(s.ExplainedOfOutcome), show(s.NotSupportedOfOutcome), show(s.AdoptedOfDecided), s.Reviewed, s.ReReviewed,
		s.SupportedOfOutcome.Percent(2), s.ExplainedOfOutcome.Percent(2), s.NotSupportedOfOutcome.Percent(2), s.AdoptedOfDecided.Percent(2))
	if got != "5/10+3? 3/10+3? 2/10+3? 2/3+1? 1 2 50.00 30.00 20.00 66.67\n" {
		t.Error(got)
	}
}

// Two of three cases were returned, three times in all; one of three was supervised,
// and one is a repeat. Of one that is not answered yet nothing of it counts. The merged one counts as merged, and in nothing else.
func TestReturnsRepeatsMerged(t *testing.T) {
	s, _ := book("2026-09-30", record.Register{},
		"replied=2026-09-20 moved=2026-09-02 returned=2026-09-03 moved=2026-09-03 returned=2026-09-04 supervised=2026-09-05",
		"replied=2026-09-20 returned=2026-09-05 repeat=2608-000001", "closed=2026-09-20 moved=2026-09-01", "unreplied returned=2026-09-05 repeat=2608-000001",
		"status=merged into=2608-000001 returned=2026-09-02 repeat=2608-000001").Set(all, "2026-09")
	if got := fmt.Sprintln(show(s.ReturnedOfPublished), s.Returns, show(s.SupervisedOfPublished), s.Repeats, s.Merged); got != "2/3 3 1/3 1 1\n" {
		t.Error(got)
	}
}

// Satisfied of five levels: citizens gave 5 and 1, call-backs 5 5 3, a panel 2, and of a
// 4 it is not known who gave it. That is 5 of 7; which part of it call-backs are is
// shown, and the sources add up to the levels.
func TestRatingSources(t *testing.T) {
	var lines []string
	for w := range strings.FieldsSeq("five=5/citizen five=1/citizen five=5/call-back five=5/call-back five=3/call-back five=2/panel five=4 three=3/message") {
		lines = append(lines, "replied=2026-09-02 "+w)
	}
	s, _ := book("2026-09-30", record.Register{}, lines...).Set(all, "2026-09")
	var got []string
	for _, r := range s.Rating.Scales {
		got = append(got, fmt.Sprintf("%s%v %s %v", r.Scale, r.Levels, show(r.Satisfied), r.Sources))
	}
	want := "five[1 1 1 1 3] 5/7 [{citizen [1 0 0 0 1]} {call-back [0 0 1 0 2]} {panel [0 1 0 0 0]} { [0 0 0 1 0]}]; three[0 0 1] 1/1 [{message [0 0 1]}]"
	if strings.Join(got, "; ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), want)
	}
}

// 3 cases of 1,500 residents are 2.00 of 1,000; 1 of 800 is 1.25; 4 of 2,300 in the
// area above is 1.739, printed 1.74. An area without residents has none.
func TestPerThousand(t *testing.T) {
	reg := record.Register{Areas: []record.Area{
		{Code: "519900", Residents: record.CountOf(2300)}, {Code: "519901", Parent: "519900", Residents: record.CountOf(1500)},
		{Code: "519902", Parent: "519900", Residents: record.CountOf(800)}, {Code: "519903", Residents: record.CountOf(0)}, {Code: "519904"},
	}}
	b := book("2026-09-30", reg, "area=519901", "area=519901 stub=merged into=2608-000001", "area=519901", "area=519902", "area=519903", "area=519904")
	for id, want := range map[string]string{"519900": "4/2300 1.74", "519901": "3/1500 2.00", "519902": "1/800 1.25", "519903": "0/0 ", "519904": "0/0 ", "519905": "0/0 "} {
		s, _ := b.Set(record.Scope{Dim: record.ByArea, ID: id}, record.AllTime)
		if got := show(s.PerThousand) + " " + PerThousand(s.PerThousand.Rate); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	if s, _ := b.Set(all, record.AllTime); s.PerThousand.Den != 0 {
		t.Error("the installation is no area")
	}
}

// Seven received: three in full, and four for reasons; 3 of 7 is 42.86 %.
func TestPublished(t *testing.T) {
	s, _ := book("2026-09-30", record.Register{}, "", "", "", "stub=not-agreed", "stub=merged into=2608-000001", "stub=under-review", "withdrawn").Set(all, record.AllTime)
	sum := s.Full
	for _, r := range s.Reasons {
		sum += r.N
	}
	if f := s.PublishedOfReceived; show(f) != "3/7" || f.Percent(2) != "42.86" || sum != s.Received {
		t.Errorf("%s %s, parts %d of %d", show(f), f.Percent(2), sum, s.Received)
	}
}

// Whatever is delivered: parts add up to their wholes, no numerator is above its
// denominator, every case that a rate is about is in it or unknown, and one more case
// with a step taken never lowers the step's numerator.
func TestFurtherProperties(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 9))
		cutoff := day("2026-09-30")
		builder, facts := NewBuilder(testRegister(), cutoff), make([]record.Fact, r.IntN(200))
		for i := range facts {
			facts[i] = randomFact(r, 8, 3)
			builder.Add(facts[i])
		}
		b := builder.Book()
		set, _ := b.Set(all, record.AllTime)
		open := set.Received - set.Merged
		for _, f := range append(set.further(), set.PublishedOfReceived, set.OnlineOfReceived) {
			if f.Num < 0 || f.Num > f.Den || f.Unknown < 0 || f.Den+f.Unknown > set.Received {
				t.Errorf("seed %d: %s is %s of %d", seed, f.Measure, show(f), set.Received)
			}
		}
		for _, f := range []record.Figure{set.RespondedOfReceived, set.DispatchedOfReceived} {
			if f.Den+f.Unknown != open {
				t.Errorf("seed %d: %s is %s of %d that are not merged", seed, f.Measure, show(f), open)
			}
		}
		if s, e, n := set.SupportedOfOutcome, set.ExplainedOfOutcome, set.NotSupportedOfOutcome; s.Num+e.Num+n.Num != s.Den || s.Den != e.Den || e.Den != n.Den || s.Unknown != n.Unknown {
			t.Errorf("seed %d: outcomes %s %s %s do not add up", seed, show(s), show(e), show(n))
		}
		if c := set.ClosedOfReceived; c.Num > 0 && set.ResolvedOfClosed.Den+set.ResolvedOfClosed.Unknown != c.Num+c.Unknown {
			t.Errorf("seed %d: resolved %s of closed %s", seed, show(set.ResolvedOfClosed), show(c))
		}
		if set.Returns < set.ReturnedOfPublished.Num || set.FirstDays.Known != set.RespondedOfReceived.Num || set.FirstDays.Unknown != set.RespondedOfReceived.Unknown {
			t.Errorf("seed %d: returns %d, first responses %+v", seed, set.Returns, set.FirstDays)
		}
		for _, scale := range set.Rating.Scales {
			for level, n := range scale.Levels {
				for _, s := range scale.Sources {
					n -= s.Levels[level]
				}
				if n != 0 {
					t.Errorf("seed %d: the sources of %s do not add up", seed, scale.Scale)
				}
			}
		}
		// The same facts and one more, in another order.
		more := append([]record.Fact{fact("first=2026-09-02 sent=2026-09-02 closed=2026-09-03 resolved=2026-09-03")}, facts...)
		r.Shuffle(len(more), func(i, j int) { more[i], more[j] = more[j], more[i] })
		again := NewBuilder(testRegister(), cutoff)
		for i := range more {
			again.Add(more[i])
		}
		after, _ := again.Book().Set(all, record.AllTime)
		for i, f := range after.further()[:3] {
			if f.Num != set.further()[i].Num+1 {
				t.Errorf("seed %d: %s goes from %s to %s", seed, f.Measure, show(set.further()[i]), show(f))
			}
		}
	}
}

// Withdrawing a case leaves it unknown in what rests on cases published in full.
func TestWithdrawalIsSeen(t *testing.T) {
	const line = "replied=2026-09-02 closed=2026-09-03 first=2026-09-02 sent=2026-09-02 resolved=2026-09-04 reopened=1 onsite outcome=not-supported returned=2026-09-02 supervised=2026-09-02"
	s, _ := book("2026-09-30", record.Register{}, line, line+" withdrawn").Set(all, record.AllTime)
	want := "resp=2/2 disp=2/2 reso=2/2 reop=1/1+1? retu=1/1+1? supe=1/1+1? site=1/1+1? supp=0/1+1? expl=0/1+1? nots=1/1+1? adop=0/0+1?"
	if got := further(s); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Units are compared by rates of which more is better alone.
func TestRankedMeasures(t *testing.T) {
	for _, m := range Measures() {
		rules := DefaultRankRules()
		rules.Measures = []Weight{{m.ID, 1}}
		if err := rules.Check(); (err == nil) != m.Ranks {
			t.Errorf("%s: %v", m.ID, err)
		}
	}
	reg := benchRegister(3)
	b := NewBuilder(reg, day("2026-09-30"))
	for i := range 120 {
		b.Add(fact([]string{"unit=u0 unreplied open", "unit=u0 closed=2026-09-02 resolved=2026-09-03", "unit=u1 closed=2026-09-02"}[i%3]))
	}
	rules := DefaultRankRules()
	for id, want := range map[string]string{ // u0: 80 received, 40 closed and confirmed; u1: 40 closed, none confirmed
		MeasureResolvedOfClosed: "u0 40/40, u1 0/40", MeasureClosedOfReceived: "u0 40/80, u1 40/40", MeasureRespondedOfReceived: "",
	} {
		rules.Measures = []Weight{{id, 1}}
		var got []string
		for _, g := range b.Book().Rank(rules, AsItWas, "2026-09").Groups {
			for _, e := range g.Entries {
				got = append(got, fmt.Sprintf("%s %d/%d", e.Unit, e.Value.Num, e.Value.Den))
			}
		}
		if diff := strings.Join(got, ", "); diff != want && diff != reversed(want) {
			t.Errorf("%s: %s, want %s", id, diff, want)
		}
	}
}

func reversed(list string) string {
	a, b, _ := strings.Cut(list, ", ")
	return b + ", " + a
}
