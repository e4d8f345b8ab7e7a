package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

const (
	promiseCase  = record.CaseNumber("2611-000001")
	promiseReply = "您好。将于2026年12月20日前完成维修。谢谢。"
)

// placed returns an act about the sentence of the reply that names the day.
func placed(act record.Act, reply, sentence, words string) record.CommitmentAct {
	from := strings.Index(reply, sentence)
	start := from + strings.Index(sentence, words)
	a := record.CommitmentAct{Number: promiseCase, Act: act, By: "李审", Stated: 46300,
		Place: record.Place{From: from, To: from + len(sentence), Start: start, End: start + len(words)}}
	a.Code = a.Place.Code(promiseCase, reply)
	return a
}

func accepting(t *testing.T, reply string) record.CommitmentAct {
	a := placed(record.Accept, reply, "将于2026年12月20日前完成维修", "2026年12月20日前")
	a.Due = day(t, "2026-12-20")
	return a
}

func withPromise(reply string) source.Raw {
	return raw("K-1", "received=2026-11-01", "title=t", "question=q", "unit=lamps", "replied=2026-11-10", "reply="+reply)
}

// commitments writes down what is published of the promises.
func commitments(t *testing.T, db *store.DB) (lines []string) {
	t.Helper()
	all, err := db.Commitments(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s made %s due %s %s %s %s %s %s %s", c.Number, c.Made, c.Due, c.Standing, c.Keeping, c.On, c.ShownBy, c.Unit, c.Wording)))
	}
	return lines
}

func TestCommitments(t *testing.T) {
	const changed = "您好。将于2026年12月20日前完成维修，费用由我处承担。"
	accept := func(t *testing.T) record.CommitmentAct { return accepting(t, promiseReply) }
	turned := func(k record.Keeping, on string) func(*testing.T) record.CommitmentAct {
		return func(t *testing.T) record.CommitmentAct {
			return record.CommitmentAct{Number: promiseCase, Act: record.State, Keeping: k, On: day(t, on), ShownBy: "2611-000002", By: "李审"}
		}
	}
	line := string(promiseCase) + " made 2026-11-10 due 2026-12-20 "
	for _, tt := range []struct {
		name string
		acts []func(*testing.T) record.CommitmentAct
		then source.Raw // what is delivered afterwards
		last func(*testing.T) record.CommitmentAct
		want []string
	}{
		{name: "accepted", acts: []func(*testing.T) record.CommitmentAct{accept}, want: []string{line + "stands    lamps 将于2026年12月20日前完成维修"}},
		{name: "kept", acts: []func(*testing.T) record.CommitmentAct{accept, turned(record.Kept, "2026-12-18")},
			want: []string{line + "stands kept 2026-12-18 2611-000002 lamps 将于2026年12月20日前完成维修"}},
		{name: "stated again", acts: []func(*testing.T) record.CommitmentAct{accept, turned(record.Kept, "2026-12-18"), turned(record.Broken, "2026-12-21")},
			want: []string{line + "stands broken 2026-12-21 2611-000002 lamps 将于2026年12月20日前完成维修"}},
		{name: "declined", acts: []func(*testing.T) record.CommitmentAct{func(*testing.T) record.CommitmentAct {
			return placed(record.Decline, promiseReply, "将于2026年12月20日前完成维修", "2026年12月20日前")
		}}},
		{name: "taken back", acts: []func(*testing.T) record.CommitmentAct{accept, func(t *testing.T) record.CommitmentAct {
			return record.CommitmentAct{Number: promiseCase, Act: record.TakeBack, By: "李审"}
		}}, want: []string{line + "taken-back    lamps"}},
		{name: "the reply was changed", acts: []func(*testing.T) record.CommitmentAct{accept}, then: withPromise(changed),
			want: []string{line + "changed    lamps"}},
		{name: "found again in the changed reply", acts: []func(*testing.T) record.CommitmentAct{accept}, then: withPromise(changed),
			last: func(t *testing.T) record.CommitmentAct {
				a := placed(record.Replace, changed, "将于2026年12月20日前完成维修，费用由我处承担", "2026年12月20日前")
				a.New, a.Code = a.Code, accepting(t, promiseReply).Code
				return a
			}, want: []string{line + "stands    lamps 将于2026年12月20日前完成维修，费用由我处承担"}},
		{name: "the case was withdrawn", acts: []func(*testing.T) record.CommitmentAct{accept}, then: source.Raw{Kind: source.Case, Key: "K-1", Gone: true},
			want: []string{line + "gone    lamps"}},
		{name: "the case is a row", acts: []func(*testing.T) record.CommitmentAct{accept}, then: raw("K-1", "received=2026-11-01", "public=no"),
			want: []string{line + "gone    lamps"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			db := open(t, path)
			batch(t, db, "2026-12-01", withPromise(promiseReply), raw("K-2", "received=2026-11-01"))
			for _, act := range tt.acts {
				before := state(t, db)
				a := act(t)
				if _, err := db.Judge(ctx, judging, a); err != nil {
					t.Fatal(err)
				}
				if same := state(t, db) == before; same != (a.Act == record.Decline) {
					t.Errorf("%s: the state is the same: %v", a.Act, same)
				}
			}
			if tt.then.Key != "" {
				batch(t, db, "2026-12-02", tt.then)
			}
			if tt.last != nil {
				if _, err := db.Judge(ctx, judging, tt.last(t)); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(tt.want, commitments(t, db)); diff != "" {
				t.Error(diff)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, commitments(t, open(t, path))); diff != "" {
				t.Errorf("opened again: %s", diff)
			}
		})
	}
}

func TestJudgeRefuses(t *testing.T) {
	accept := func(t *testing.T) record.CommitmentAct { return accepting(t, promiseReply) }
	for _, tt := range []struct {
		name   string
		before []func(*testing.T) record.CommitmentAct
		act    func(*record.CommitmentAct)
	}{
		{name: "a code of another wording", act: func(a *record.CommitmentAct) { a.Code = "00000000" }},
		{name: "a place outside the reply", act: func(a *record.CommitmentAct) { a.Place.To = 10000 }},
		{name: "no day", act: func(a *record.CommitmentAct) { a.Due = 0 }},
		{name: "a day before the reply", act: func(a *record.CommitmentAct) { a.Due -= 100 }},
		{name: "a case that is none", act: func(a *record.CommitmentAct) { a.Number = "2611-000009" }},
		{name: "what is accepted already", before: []func(*testing.T) record.CommitmentAct{accept}},
		{name: "declining what is accepted", before: []func(*testing.T) record.CommitmentAct{accept}, act: func(a *record.CommitmentAct) { a.Act = record.Decline }},
		{name: "an outcome of nothing", act: func(a *record.CommitmentAct) {
			*a = record.CommitmentAct{Number: promiseCase, Act: record.State, Keeping: record.Kept, On: a.Due}
		}},
		{name: "an outcome without a day", before: []func(*testing.T) record.CommitmentAct{accept}, act: func(a *record.CommitmentAct) { a.Act, a.Keeping = record.State, record.Kept }},
		{name: "an outcome before the promise", before: []func(*testing.T) record.CommitmentAct{accept}, act: func(a *record.CommitmentAct) { a.Act, a.Keeping, a.On = record.State, record.Kept, a.Due-100 }},
		{name: "an outcome shown by a case that is none", before: []func(*testing.T) record.CommitmentAct{accept},
			act: func(a *record.CommitmentAct) {
				a.Act, a.Keeping, a.On, a.ShownBy = record.State, record.Kept, a.Due, "2611-000009"
			}},
		{name: "taking back twice", before: []func(*testing.T) record.CommitmentAct{accept, func(*testing.T) record.CommitmentAct {
			return record.CommitmentAct{Number: promiseCase, Act: record.TakeBack, By: "李审"}
		}}, act: func(a *record.CommitmentAct) { a.Act = record.TakeBack }},
		{name: "finding again what is unchanged", before: []func(*testing.T) record.CommitmentAct{accept}, act: func(a *record.CommitmentAct) { a.Act, a.New = record.Replace, a.Code }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t, filepath.Join(t.TempDir(), "store.db"))
			batch(t, db, "2026-12-01", withPromise(promiseReply))
			for _, act := range tt.before {
				if _, err := db.Judge(ctx, judging, act(t)); err != nil {
					t.Fatal(err)
				}
			}
			want := commitments(t, db)
			a := accept(t)
			if tt.act != nil {
				tt.act(&a)
			}
			_, err := db.Judge(ctx, judging, a)
			if err == nil {
				t.Fatal("taken")
			}
			if msg, hint, _ := fault.Public(err); tt.name != "an outcome without a day" && (msg == "" || hint == "") {
				t.Errorf("%v: a public text and a hint are wanted", err)
			}
			if diff := cmp.Diff(want, commitments(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// To state an outcome twice is kept as said twice, and makes no other state: there is
// nothing new to publish.
func TestAnOutcomeStatedAgain(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	batch(t, db, "2026-12-01", withPromise(promiseReply))
	say := func(act record.CommitmentAct) string {
		t.Helper()
		if _, err := db.Judge(ctx, judging, act); err != nil {
			t.Fatal(err)
		}
		return state(t, db)
	}
	kept := func(on string) record.CommitmentAct {
		return record.CommitmentAct{Number: promiseCase, Act: record.State, Keeping: record.Kept, On: day(t, on), By: "李审"}
	}
	say(accepting(t, promiseReply))
	first := say(kept("2026-12-18"))
	if again := say(kept("2026-12-18")); again != first {
		t.Error("the same outcome makes another state")
	}
	if other := say(kept("2026-12-19")); other == first {
		t.Error("another day makes the same state")
	}
	acts, err := db.Judgements(ctx)
	if err != nil || len(acts) != 4 {
		t.Errorf("%d acts are kept, want 4: %v", len(acts), err)
	}
}

// What was judged stays as it was, and every act of it is kept.
func TestJudgementsStay(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	batch(t, db, "2026-12-01", withPromise(promiseReply))
	for _, a := range []record.CommitmentAct{
		accepting(t, promiseReply),
		{Number: promiseCase, Act: record.State, Keeping: record.Partly, On: day(t, "2026-12-19"), By: "李审"},
		{Number: promiseCase, Act: record.TakeBack, By: "王审"},
		accepting(t, promiseReply),
	} {
		if _, err := db.Judge(ctx, judging, a); err != nil {
			t.Fatal(err)
		}
	}
	acts, err := db.Judgements(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range acts {
		got = append(got, fmt.Sprintf("%s %s %s %s by %s", a.Act, a.Due, a.Keeping, a.On, a.By))
	}
	want := []string{"accept 2026-12-20   by 李审", "outcome  partly 2026-12-19 by 李审", "take-back    by 王审", "accept 2026-12-20   by 李审"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, statement := range []string{`UPDATE commitment_acts SET due = due + 1`, `DELETE FROM commitment_acts`} {
		if err := db.Exec(statement); err == nil {
			t.Errorf("%s: taken", statement)
		}
	}
	if n := len(commitments(t, db)); n != 2 {
		t.Errorf("%d commitments, want the one that was taken back and the one accepted again", n)
	}
}

// What was judged is checked act by act, as it was taken. A whole history has no problem;
// each damage of it is named with the promise, and with nothing of a text.
func TestFsckCommitments(t *testing.T) {
	const changed = "您好。将于2026年12月20日前完成维修，费用由我处承担。"
	for _, tt := range []struct{ damage, want string }{
		{``, ""},
		{`UPDATE commitment_acts SET code = '0000000g' WHERE n = 1`, "it has no code"},
		{`UPDATE commitment_acts SET code = '00000000' WHERE n = 1`, "there is no such commitment"},
		{`UPDATE commitment_acts SET by = '' WHERE n = 1`, "nobody said it"},
		{`UPDATE commitment_acts SET stated = 0 WHERE n = 1`, "nobody said it"},
		{`UPDATE commitment_acts SET act = 'praise' WHERE n = 1`, "it is no act"},
		{`UPDATE commitment_acts SET due = 0 WHERE n = 1`, "it has no day"},
		{`UPDATE commitment_acts SET due = made - 1 WHERE n = 1`, "it has no day, or one before the reply"},
		{`UPDATE commitment_acts SET until = time WHERE n = 1`, "it stands nowhere in a reply"},
		{`UPDATE commitment_acts SET first = -1 WHERE act = 'replace'`, "it stands nowhere in a reply"},
		{`UPDATE commitment_acts SET new = '' WHERE act = 'replace'`, "it has no code"},
		{`UPDATE commitment_acts SET new = code WHERE act = 'replace'`, "the wording found again is a commitment already"},
		{`UPDATE commitment_acts SET keeping = 'maybe' WHERE act = 'outcome'`, "its outcome is none"},
		{`UPDATE commitment_acts SET day = 0 WHERE act = 'outcome'`, "its outcome is none"},
		{`UPDATE commitment_acts SET day = 3 WHERE act = 'outcome'`, "of no day after the promise"},
		{`UPDATE commitment_acts SET shown = 2601000000009 WHERE act = 'outcome'`, "names a case that is not there"},
		{`UPDATE commitment_acts SET id = 2601000000009`, "names a case that is not there"},
		{`DELETE FROM commitment_acts WHERE n = 1`, "there is no such commitment"},
		{`INSERT INTO commitment_acts SELECT 99, id, code, 'accept', '', first, last, time, until, made, due, '', 0, 0, by, stated FROM commitment_acts WHERE act = 'accept';
		  INSERT INTO commitment_acts SELECT 100, id, code, 'accept', '', first, last, time, until, made, due, '', 0, 0, by, stated FROM commitment_acts WHERE n = 99`, "it is a commitment already"},
		{`INSERT INTO judged SELECT 2601000000009, 1, 'bare', 1`, "the reply to 2601-000009 by the rules of version 1"},
		{`INSERT INTO judged SELECT id, 0, 'bare', 1 FROM cases LIMIT 1`, "by the rules of version 0"},
		{`UPDATE judged SET empty = 2`, "the reply to 2611-000002 by the rules of version 1"},
	} {
		path := filepath.Join(t.TempDir(), "store.db")
		db := open(t, path)
		batch(t, db, "2026-12-01", withPromise(promiseReply), raw("K-2", "received=2026-11-01"))
		again := placed(record.Replace, changed, "将于2026年12月20日前完成维修，费用由我处承担", "2026年12月20日前")
		again.New, again.Code = again.Code, accepting(t, promiseReply).Code
		declined := accepting(t, promiseReply)
		declined.Act, declined.Due = record.Decline, 0
		for _, a := range []record.CommitmentAct{accepting(t, promiseReply), again,
			{Number: promiseCase, Act: record.State, Keeping: record.Kept, On: day(t, "2026-12-18"), ShownBy: "2611-000002", By: "李审", Stated: 46300},
			{Number: promiseCase, Act: record.TakeBack, By: "李审", Stated: 46300}, declined} {
			switch a.Act {
			case record.Replace:
				batch(t, db, "2026-12-02", withPromise(changed))
			case record.Decline:
				batch(t, db, "2026-12-03", withPromise(promiseReply))
			}
			if _, err := db.Judge(ctx, judging, a); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.SaveJudged(ctx, judging, []record.Judged{{Number: "2611-000002", Version: 1, Empty: true}}); err != nil {
			t.Fatal(err)
		}
		direct, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := direct.Exec(`PRAGMA foreign_keys = off; DROP TRIGGER commitment_acts_stay; DROP TRIGGER commitment_acts_last; ` + tt.damage); err != nil {
			t.Fatalf("%s: %v", tt.damage, err)
		}
		direct.Close()
		r, err := db.Fsck(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if tt.want == "" && (len(r.Problems) > 0 || r.Commitments != 1) {
			t.Errorf("what is whole: %+v", r)
		}
		if tt.want != "" && !slices.ContainsFunc(r.Problems, func(p store.Problem) bool { return strings.Contains(p.What, tt.want) }) {
			t.Errorf("%s: problems %v, want one with %q", tt.damage, r.Problems, tt.want)
		}
		for _, p := range r.Problems {
			if strings.Contains(p.What, "维修") || strings.Contains(p.What, "李审") {
				t.Errorf("a problem shows what it should not")
			}
		}
		db.Close()
	}
}
