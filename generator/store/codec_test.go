package store

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// everything is a case with a value in every field.
func everything() record.Case {
	return record.Case{
		Row: record.Row{
			Number: "2611-004217", Prominence: record.Full, StubReason: record.NotAnswered, Unit: "city", Area: "370100", Origin: record.Opinion, Channel: "hotline",
			Status: record.Closed, MergedInto: "2610-000003", Received: 1, Dispatched: 2, Due: 46000, FirstResponse: 46001, RepliedOn: 46002, ClosedOn: 46003, ResolvedOn: 46004,
			Answered: record.Yes, Finished: record.No, Days: record.CountOf(0), OnTime: record.Yes, CloseDays: record.CountOf(300), ClosedOnTime: record.No,
			Flags: []record.Flag{record.FutureDate, record.StatusBehindDates},
		},
		Kind: record.Complain, Addressee: "书记信箱", Topic: "roads", LegalClass: "申诉求决", LeaderKind: "x", CoUnits: []record.UnitID{"a", "b"},
		Against: "c", RepeatOf: "2610-000001", Title: "路灯不亮", Question: "路灯坏了三天。", Reply: record.Reply{Unit: "city", Spokesman: "s-1", Text: "已修好。"},
		Outcome: record.Supported, OutcomeReason: "属实", OnSite: record.Yes, Rating: record.Rating{Scale: record.Five, Level: 4, Source: record.ByCallback},
		Reopened: record.CountOf(2), Dispatches: []record.Dispatch{{Day: 5, From: "a", To: "b", Returned: true, Reason: "职责"}},
		Supervisions:  []record.Supervision{{Day: 6, By: "c", What: "督办", Result: "办结"}},
		Timeline:      []record.Step{{Day: 7, What: "accepted", Unit: "a", Text: "受理"}, {Day: 8, What: "closed"}},
		Consent:       record.Consent{Given: record.Yes, Basis: "勾选"},
		Attachments:   []record.Attachment{{Name: "1.pdf", Type: "application/pdf", Size: 300, SHA256: "ab"}, {Name: "3.csv", Type: "text/csv", Size: 1, SHA256: "cd"}},
		FilesWithheld: 2,
	}
}

// TestFact writes and reads a case with every field set and one with none.
// That every field is set is seen from its JSON: a new field fails here first.
func TestFact(t *testing.T) {
	full := everything()
	text, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	for _, empty := range []string{`:""`, `:null`, `:[]`} {
		if bytes.Contains(text, []byte(empty)) {
			t.Errorf("a field is not set: %s", text)
		}
	}
	for _, c := range []record.Case{full, {Row: record.Row{Number: "2601-000001"}}} {
		f, err := decodeFact(encodeFact(&c), c.Number, interner{})
		if err != nil {
			t.Fatal(err)
		}
		want := c
		want.Question, want.Reply.Text = "", ""
		if diff := cmp.Diff(want, f.Case); diff != "" {
			t.Error(diff)
		}
	}
}

// TestHash changes each text that is not in the fact, and the border between
// the two.
func TestHash(t *testing.T) {
	hashes := map[string]bool{}
	for _, texts := range [][2]string{{"", ""}, {"a", ""}, {"", "a"}, {"a", "b"}, {"ab", ""}} {
		c := everything()
		c.Question, c.Reply.Text = texts[0], texts[1]
		hashes[string(encodeFact(&c)[:hashSize])] = true
	}
	if len(hashes) != 5 {
		t.Errorf("%d hashes of 5 cases", len(hashes))
	}
}

func TestBody(t *testing.T) {
	b, err := newBody()
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	for _, texts := range [][2]string{{"", ""}, {"一", ""}, {"", "二"}, {string(bytes.Repeat([]byte("路灯不亮。"), 1000)), "已修好。\x00"}} {
		blob := b.encode(texts[0], texts[1])
		question, reply, err := b.decode(blob)
		if err != nil || question != texts[0] || reply != texts[1] {
			t.Errorf("a body of %d bytes did not come back: %v", len(texts[0]), err)
		}
		for cut := range len(blob) {
			if _, _, err := b.decode(blob[:cut]); err == nil {
				t.Fatalf("a body cut to %d of %d bytes was read", cut, len(blob))
			}
		}
	}
}

func TestNumberOf(t *testing.T) {
	for _, n := range []record.CaseNumber{"2611-000001", "0001-000001", "9912-999999", "2612-1000000", "2601-123456789"} {
		if got := numberOf(idOf(n)); got != n {
			t.Errorf("%s came back as %s", n, got)
		}
	}
}

// FuzzDecodeFact reads anything: it must not panic, nor take more room than it
// was given, and what it accepts it must write back the same.
func FuzzDecodeFact(f *testing.F) {
	full := everything()
	f.Add(encodeFact(&full))
	f.Add(encodeFact(&record.Case{}))
	f.Add([]byte("0123456789abcdef\x01\xff\xff\xff\xff\x0f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fact, err := decodeFact(b, "2611-000001", interner{})
		if err != nil {
			return
		}
		again, err := decodeFact(encodeFact(&fact.Case), "2611-000001", interner{})
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		again.Hash = fact.Hash
		if diff := cmp.Diff(fact, again); diff != "" {
			t.Error(diff)
		}
	})
}

func FuzzDecodeBody(f *testing.F) {
	c, err := newBody()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.encode("路灯不亮。", "已修好。"))
	f.Add([]byte{bodyPlain, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		question, reply, err := c.decode(b)
		if err != nil {
			return
		}
		q, r, err := c.decode(c.encode(question, reply))
		if err != nil || q != question || r != reply {
			t.Errorf("what was read does not come back: %v", err)
		}
	})
}
