package gate_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

type fields = map[string]string

// full is a case that is published in full; tests change one thing of it.
func full(change fields, drop ...string) source.Raw {
	f := fields{
		"kind": "help", "title": "路灯不亮", "question": "我家门口的路灯坏了。", "reply": "已修复。",
		"unit": "u-lamp", "area": "510104", "channel": "mayor", "topic": "light", "status": "replied",
		"received": "2026-10-01T09:00:00+08:00", "due": "2026-10-06", "replied": "2026-10-06T08:59:59+08:00",
		"closed": "2026-10-08T10:00:00+08:00",
	}
	maps.Copy(f, change)
	for _, k := range drop {
		delete(f, k)
	}
	return source.Raw{Kind: source.Case, Key: "A-1", Fields: f}
}

func clear(t *testing.T, raw source.Raw) (record.Case, gate.Verdict) {
	t.Helper()
	cleared, v := newGate(t).Clear(raw, asOf)
	c, _ := cleared.Value().(record.Case)
	return c, v
}

func day(s string) record.Day {
	d, err := record.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestCaseInFull(t *testing.T) {
	g := newGate(t)
	raw := full(fields{
		"co_units": "u-road\x1fu-town\x1fu-road", "against": "u-shop", "reply_unit": "u-lamp2", "spokesman": "s-7", "addressee": "市长信箱",
		"legal_class": "行政", "leader_kind": "k-3", "outcome": "supported", "outcome_reason": "属实", "on_site": "yes",
		"rating": "4", "rating_scale": "five", "rating_source": "citizen", "reopened": "0", "repeat_of": "A-0", "consent": "yes",
		"consent_basis": "写信时勾选", "dispatched": "2026-10-01", "first_response": "2026-10-02", "resolved": "2026-10-09",
		"dispatches":     `[{"day":"2026-10-02","from":"hall","to":"u-lamp","returned":true,"reason":"不属本单位"}]`,
		"supervisions":   `[{"day":"2026-10-03","by":"hall","what":"电话督办","result":"已催办"}]`,
		"timeline":       `[{"day":"2026-10-01","what":"received","unit":"hall","text":"收件"}]`,
		"rating_comment": "机密", "age": "81", "sex": "f", "petition_history": "三次",
	})
	cleared, v := g.Clear(raw, asOf)
	want := record.Case{
		Row: record.Row{
			Prominence: record.Full, Unit: "u-lamp", Area: "510104", Channel: "mayor", Status: record.Replied,
			Received: day("2026-10-01"), Dispatched: day("2026-10-01"), Due: day("2026-10-06"), FirstResponse: day("2026-10-02"),
			RepliedOn: day("2026-10-06"), ClosedOn: day("2026-10-08"), ResolvedOn: day("2026-10-09"),
			Answered: record.Yes, Finished: record.Yes,
			Days: record.CountOf(4), OnTime: record.Yes, CloseDays: record.CountOf(7), ClosedOnTime: record.No,
		},
		Kind: record.Help, Addressee: "市长信箱", Topic: "light", LegalClass: "行政", LeaderKind: "k-3",
		CoUnits: []record.UnitID{"u-road", "u-town"}, Against: "u-shop",
		Title: "路灯不亮", Question: "我家门口的路灯坏了。", Reply: record.Reply{Unit: "u-lamp2", Spokesman: "s-7", Text: "已修复。"},
		Outcome: record.Supported, OutcomeReason: "属实", OnSite: record.Yes,
		Rating: record.Rating{Scale: record.Five, Level: 4, Source: record.ByCitizen}, Reopened: record.CountOf(0),
		Dispatches:   []record.Dispatch{{Day: day("2026-10-02"), From: "hall", To: "u-lamp", Returned: true, Reason: "不属本单位"}},
		Supervisions: []record.Supervision{{Day: day("2026-10-03"), By: "hall", What: "电话督办", Result: "已催办"}},
		Timeline:     []record.Step{{Day: day("2026-10-01"), What: "received", Unit: "hall", Text: "收件"}},
		Consent:      record.Consent{Given: record.Yes, Basis: "写信时勾选"},
	}
	if diff := cmp.Diff(any(want), cleared.Value()); diff != "" {
		t.Errorf("case (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(gate.Verdict{Decision: gate.Publish, Content: v.Content, Output: v.Output}, v); diff != "" {
		t.Errorf("verdict (-want +got):\n%s", diff)
	}
	if cleared.KeyMAC() != g.KeyMAC(source.Case, "A-1") || cleared.RepeatMAC() != g.KeyMAC(source.Case, "A-0") || cleared.MergedMAC() != "" {
		t.Error("the keyed hashes are not those of the keys")
	}
	if !cleared.Has("reply") || cleared.Has("merged_into") {
		t.Error("Has does not tell what was carried")
	}
}

func TestDecision(t *testing.T) {
	for _, tt := range []struct {
		name   string
		raw    source.Raw
		want   gate.Decision
		stub   record.StubReason
		reason string
	}{
		{"full", full(nil), gate.Publish, "", ""},
		{"consent yes", full(fields{"consent": "yes"}), gate.Publish, "", ""},
		{"consent no", full(fields{"consent": "no"}), gate.Stub, record.NotAgreed, "no-consent"},
		{"consent empty", full(fields{"consent": ""}), gate.Stub, record.NotAgreed, "no-consent"},
		{"third party agreed", full(fields{"consultation": "agreed"}), gate.Publish, "", "third-party-agreed"},
		{"third party refused", full(fields{"consultation": "refused"}), gate.Stub, record.NotSuitable, "third-party-refused"},
		{"third party asked", full(fields{"consultation": "asked"}), gate.Hold, record.UnderReview, "third-party-consultation"},
		{"third party silent", full(fields{"consultation": "no-answer"}), gate.Hold, record.UnderReview, "third-party-consultation"},
		{"third party, no word", full(fields{"consultation": "maybe"}), gate.Hold, record.UnderReview, "third-party-consultation"},
		{"consent before third party", full(fields{"consent": "no", "consultation": "refused"}), gate.Stub, record.NotAgreed, "no-consent"},
		{"merged", full(fields{"merged_into": "A-0"}), gate.Stub, record.MergedInto, "merged"},
		{"merged by status", full(fields{"status": "merged"}), gate.Stub, record.MergedInto, "merged"},
		{"consent before merge", full(fields{"consent": "no", "merged_into": "A-0"}), gate.Stub, record.NotAgreed, "no-consent"},
		{"not answered", full(fields{"reply": "", "replied": "", "status": "handling", "closed": ""}), gate.Stub, record.NotAnswered, "not-answered"},
		{"replies not carried, open", full(fields{"status": "handling", "closed": ""}, "reply", "replied"), gate.Stub, record.NotAnswered, "no-reply-carried"},
		{"replies not carried, closed", full(nil, "reply", "replied"), gate.Publish, "", "question-without-reply"},
		{"unknown field", full(fields{"citizen_name": "x"}), gate.Hold, record.UnderReview, "unknown-field"},
		{"bad UTF-8", full(fields{"question": "路灯\xff坏了"}), gate.Hold, record.UnderReview, "bad-utf8"},
		{"accusation", full(fields{"kind": "accusation"}), gate.Exclude, "", "accusation"},
		{"perhaps accusing, report", full(fields{"kind": "report", "question": "举报某局局长收钱办事"}), gate.Silent, "", "perhaps-accusing"},
		{"perhaps accusing, no kind", full(fields{"question": "他贪 污补助款"}, "kind"), gate.Silent, "", "perhaps-accusing"},
		{"perhaps accusing, unlisted kind", full(fields{"kind": "misc", "title": "以权谋私"}), gate.Silent, "", "perhaps-accusing"},
		{"perhaps accusing, held as well", full(fields{"question": "村支书受贿\xff"}, "kind"), gate.Silent, "", "perhaps-accusing"},
		{"report of an offence", full(fields{"kind": "report", "question": "举报一家饭店占道经营"}), gate.Publish, "", ""},
		{"no received day", full(fields{"received": ""}), gate.Refuse, "", "no-received-day"},
		{"received unreadable", full(fields{"received": "yesterday"}), gate.Refuse, "", "no-received-day"},
		{"received in the future", full(fields{"received": "2026-11-21"}), gate.Refuse, "", "future-received"},
		{"received before public numbers begin", full(fields{"received": "1999-12-31"}), gate.Refuse, "", "received-out-of-range"},
		{"question not shown, about a child", full(fields{"question": "我的孩子今年九岁，在学校被同学殴打。", "timeline": `[{"what":"已到学校调查"}]`}, "reply"),
			gate.Hold, record.UnderReview, "question-without-reply sensitive-minor"},
		{"question not shown, cannot be read", full(fields{"title": "路灯\xff坏了"}, "reply"), gate.Hold, record.UnderReview, "bad-utf8 question-without-reply"},
		{"closing up its spaces completes a number", full(fields{"title": "车牌川A　　　　　　12345"}), gate.Hold, record.UnderReview, "not-clean"},
		{"doubtful number", full(fields{"question": "打1的3的8的1的2的3的4的5的6的7的8"}), gate.Hold, record.UnderReview, "doubtful-mobile"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cleared, v := newGate(t).Clear(tt.raw, asOf)
			if v.Decision != tt.want {
				t.Fatalf("decision %s for %v, want %s", v.Decision, v.Reasons, tt.want)
			}
			if strings.Join(v.Reasons, " ") != tt.reason {
				t.Errorf("reasons %v, want %q", v.Reasons, tt.reason)
			}
			none := tt.want == gate.Exclude || tt.want == gate.Silent || tt.want == gate.Refuse
			if cleared.Valid() == none {
				t.Fatalf("valid is %v", cleared.Valid())
			}
			c, _ := cleared.Value().(record.Case)
			if c.StubReason != tt.stub {
				t.Errorf("stub reason %q, want %q", c.StubReason, tt.stub)
			}
			if tt.stub != "" {
				if diff := cmp.Diff(record.Case{Row: c.Row}, c); diff != "" {
					t.Error("a stub holds more than its row")
				}
			}
			if v.Decision == gate.Publish && c.Reply.Text == "" && c.Question+c.Title != "" {
				t.Error("a question appears without its reply")
			}
		})
	}
}

func TestStatesAndClocks(t *testing.T) {
	flags := func(f ...record.Flag) []record.Flag { return f }
	type row struct {
		Status                           record.Status
		Answered, Finished               record.Tri
		Days, CloseDays                  string
		OnTime, ClosedOnTime             record.Tri
		Flags                            []record.Flag
		Replied, Closed, First, Resolved string
	}
	for _, tt := range []struct {
		name string
		raw  source.Raw
		want row
	}{
		{"24 hour periods are rounded down", full(fields{"replied": "2026-10-02T08:59:59+08:00", "closed": "2026-10-02T09:00:00+08:00"}),
			row{"replied", record.Yes, record.Yes, "0", "1", record.Yes, record.Yes, nil, "2026-10-02", "2026-10-02", "", ""}},
		{"days alone differ by days", full(fields{"received": "2026-10-01", "replied": "2026-10-02", "closed": "2026-10-01"}),
			row{"replied", record.Yes, record.Yes, "1", "0", record.Yes, record.Yes, nil, "2026-10-02", "2026-10-01", "", ""}},
		{"a due day means its end in UTC+8", full(fields{"replied": "2026-10-06T23:59:59+08:00", "closed": "2026-10-06T16:00:00Z"}),
			row{"replied", record.Yes, record.Yes, "5", "5", record.Yes, record.No, nil, "2026-10-06", "2026-10-07", "", ""}},
		{"a due time is that time", full(fields{"due": "2026-10-06T08:00:00+08:00", "closed": ""}),
			row{"replied", record.Yes, record.No, "4", "", record.No, record.Unknown, nil, "2026-10-06", "", "", ""}},
		{"reply before question", full(fields{"replied": "2026-09-30", "closed": ""}),
			row{"replied", record.Yes, record.No, "", "", record.Unknown, record.Unknown, flags(record.ReplyBeforeQuestion), "2026-09-30", "", "", ""}},
		{"reply an hour before question", full(fields{"replied": "2026-10-01T08:00:00+08:00", "closed": ""}),
			row{"replied", record.Yes, record.No, "", "", record.Unknown, record.Unknown, flags(record.ReplyBeforeQuestion), "2026-10-01", "", "", ""}},
		{"close before receipt", full(fields{"closed": "2026-09-01"}),
			row{"replied", record.Yes, record.Yes, "4", "", record.Yes, record.Unknown, flags(record.CloseBeforeReceipt), "2026-10-06", "2026-09-01", "", ""}},
		{"a future reply is set aside", full(fields{"replied": "2027-01-01", "closed": ""}),
			row{"replied", record.Yes, record.No, "", "", record.Unknown, record.Unknown, flags(record.FutureDate), "", "", "", ""}},
		{"a due day may lie in the future", full(fields{"due": "2026-12-31", "closed": ""}),
			row{"replied", record.Yes, record.No, "4", "", record.Yes, record.Unknown, nil, "2026-10-06", "", "", ""}},
		{"text without a day", full(fields{"replied": "", "closed": ""}),
			row{"replied", record.Yes, record.No, "", "", record.Unknown, record.Unknown, nil, "", "", "", ""}},
		{"dates win over the status", full(fields{"status": "handling"}),
			row{"closed", record.Yes, record.Yes, "4", "7", record.Yes, record.No, flags(record.StatusBehindDates), "2026-10-06", "2026-10-08", "", ""}},
		{"a reply wins over the status", full(fields{"status": "pending", "closed": ""}),
			row{"replied", record.Yes, record.No, "4", "", record.Yes, record.Unknown, flags(record.StatusBehindDates), "2026-10-06", "", "", ""}},
		{"handled without any reply", full(fields{"reply": " ", "replied": "", "closed": ""}),
			row{"replied", record.No, record.No, "", "", record.Unknown, record.Unknown, flags(record.StatusWithoutReply), "", "", "", ""}},
		{"nothing of replies carried", full(nil, "reply", "replied"),
			row{"replied", record.Unknown, record.Yes, "", "7", record.Unknown, record.No, nil, "", "2026-10-08", "", ""}},
		{"closed by its word alone", full(fields{"status": "closed"}, "closed"),
			row{"closed", record.Yes, record.Yes, "4", "", record.Yes, record.Unknown, nil, "2026-10-06", "", "", ""}},
		{"open by its word alone", full(fields{"status": "handling"}, "closed", "reply", "replied"),
			row{"handling", record.Unknown, record.No, "", "", record.Unknown, record.Unknown, nil, "", "", "", ""}},
		{"closing unknown", full(nil, "closed"),
			row{"replied", record.Yes, record.Unknown, "4", "", record.Yes, record.Unknown, nil, "2026-10-06", "", "", ""}},
		{"unlisted words", full(fields{"status": "done", "unlisted": "kind"}),
			row{"closed", record.Yes, record.Yes, "4", "7", record.Yes, record.No, flags(record.KindUnknownWord), "2026-10-06", "2026-10-08", "", ""}},
		{"first response before receipt", full(fields{"first_response": "2026-09-01", "resolved": "2026-10-09", "closed": ""}),
			row{"replied", record.Yes, record.No, "4", "", record.Yes, record.Unknown, nil, "2026-10-06", "", "", "2026-10-09"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := clear(t, tt.raw)
			got := row{
				c.Status, c.Answered, c.Finished, c.Days.String(), c.CloseDays.String(), c.OnTime, c.ClosedOnTime, c.Flags,
				c.RepliedOn.String(), c.ClosedOn.String(), c.FirstResponse.String(), c.ResolvedOn.String(),
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQuality(t *testing.T) {
	raw := full(fields{
		"replied": "2027-01-01", "closed": "soon", "unit": "Unit 7", "co_units": "a\x1fB", "rating": "9", "rating_scale": "five",
		"reopened": "-1", "outcome": "maybe", "on_site": "perhaps", "dispatches": "[{", "timeline": `[{"who":"x"}]`, "supervisions": `[] []`,
	})
	raw.Where = source.Where{File: "a.csv", Row: 7}
	cleared, v := newGate(t).Clear(raw, asOf)
	got := map[string]string{}
	for _, q := range v.Quality {
		got[q.Column] = q.Code
		if q.Where != raw.Where || q.Reason == "" || q.Hint == "" {
			t.Errorf("%s: no place, reason or hint", q.Column)
		}
		if cleared.Has(q.Column) {
			t.Errorf("%s: set aside and yet carried", q.Column)
		}
	}
	want := map[string]string{
		"replied": "future-date", "closed": "bad-date", "unit": "bad-id", "co_units": "bad-id", "rating": "bad-rating",
		"reopened": "bad-number", "outcome": "unlisted-word", "on_site": "unlisted-word", "dispatches": "bad-json",
		"timeline": "bad-json", "supervisions": "bad-json",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("set aside (-want +got):\n%s", diff)
	}
	if v.Decision != gate.Publish {
		t.Errorf("decision %s, want publish: the rest of the record stands", v.Decision)
	}
}

// TestScoresOutOfRange says which scores of an assessment are set aside, by name.
func TestScoresOutOfRange(t *testing.T) {
	for value, want := range map[string]string{"95.5": "", "100": "", "100.0": "", "0": "", "100.01": "score-out-of-range", "-1": "score-out-of-range", "高": "bad-number"} {
		raw := source.Raw{Kind: source.Assessment, Key: "a-1", Fields: fields{"unit": "u-1", "period": "2025", "scores": `[{"dimension":"规范","value":"` + value + `","max":"100"}]`}}
		cleared, v := newGate(t).Clear(raw, asOf)
		code := ""
		for _, q := range v.Quality {
			code += q.Code
		}
		a, _ := cleared.Value().(record.Assessment)
		if code != want || (want == "") != (len(a.Scores) == 1) || v.Decision != gate.Publish {
			t.Errorf("%s of 100: %q, %d scores, %s", value, code, len(a.Scores), v.Decision)
		}
	}
}

func TestTombstone(t *testing.T) {
	for reason, want := range map[string]record.Reason{"court": record.Court, "": record.Privacy, "whim": record.Privacy} {
		raw := source.Raw{Kind: source.Case, Key: "A-1", Gone: true, Fields: fields{"gone_reason": reason}}
		cleared, v := newGate(t).Clear(raw, asOf)
		if got := cleared.Value(); got != any(record.Withdrawal{Reason: want}) || v.Decision != gate.Publish {
			t.Errorf("tombstone with reason %q: %v, %s", reason, got, v.Decision)
		}
	}
}
