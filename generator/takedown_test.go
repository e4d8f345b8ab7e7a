package generator_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/release"
)

// withdraw withdraws a case because a person has decided so, and proves it.
func (o *office) withdraw(n record.CaseNumber) generator.Proof {
	o.t.Helper()
	ctx := o.t.Context()
	rows, err := o.store.CasesByNumber(ctx, []record.CaseNumber{n})
	if err != nil {
		o.t.Fatal(err)
	}
	_, err = o.store.Withdraw(ctx, []record.CaseNumber{n}, record.Withdrawal{Reason: record.Privacy, Day: record.Date(2026, 11, 29)},
		store.Act{At: time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC), By: "王", Origin: "test", Act: "withdraw"})
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.generator().Settle(ctx); err != nil {
		o.t.Fatal(err)
	}
	proofs, err := o.generator().Prove(ctx, []record.CaseNumber{n}, generator.Proving{Phrases: map[record.CaseNumber][]string{n: generator.Phrases(&rows[0])}})
	if err != nil {
		o.t.Fatal(err)
	}
	return proofs[0]
}

// Words to look for are words of the case, and not those that stand on every page.
func TestPhrases(t *testing.T) {
	for _, tt := range []struct {
		title, question, reply string
		want                   []string
	}{
		{"投诉", "路灯不亮，已经三天。", "您好，已更换灯具。", []string{"路灯不亮", "已更换灯具"}},
		{"公开", "撤下", "已办结", nil},
		{"A座", strings.Repeat("长", 30), "", []string{strings.Repeat("长", 20)}},
	} {
		got := generator.Phrases(&record.Case{Title: tt.title, Question: tt.question, Reply: record.Reply{Text: tt.reply}})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s, %s, %s (-want +got):\n%s", tt.title, tt.question, tt.reply, diff)
		}
	}
}

// grep returns the files of all packs that are kept, hidden ones too, which hold a phrase.
func (o *office) grep(phrase string) (found []string) {
	o.t.Helper()
	packs, err := filepath.Glob(filepath.Join(o.dir, "releases", "packs", "*", "*"))
	if err != nil || len(packs) == 0 {
		o.t.Fatal(packs, err)
	}
	for _, path := range packs {
		err := release.EachFile(nil, path, func(f release.PackFile) error {
			if strings.Contains(string(f.Body), phrase) {
				found = append(found, f.Name)
			}
			return nil
		})
		if err != nil {
			o.t.Fatal(path, err)
		}
	}
	return found
}

// A withdrawal does not wait for a publish that is under way, wherever that is: it is
// effective at once, the release that is being made lacks the case, and the next publish
// makes what one from nothing makes.
func TestWithdrawDuringPublish(t *testing.T) {
	const number, phrase = "2610-000005", "独一无二的玄武岩"
	town := city() + answered("K-0004", "lamps", phrase+"已经修好。")
	change := answered("K-0310", "lamps", "灯杆也换过了。")
	want := newOffice(t)
	want.pull("2026-11-02", town)
	want.pull("2026-11-02", change)
	want.withdraw(number)
	want.publish()
	moments := []string{"case/2610/0000", "case/2610/0001", "home", "unit/1/000", "month/2026", "privacy/report"}
	if testing.Short() {
		moments = moments[1:3]
	}
	for _, when := range moments {
		o := newOffice(t)
		o.parallel = 1
		o.pull("2026-11-02", town)
		o.publish()
		if len(o.grep(phrase)) == 0 {
			t.Fatal("the phrase is not where the test looks")
		}
		o.pull("2026-11-02", change)
		o.renderer.changed = true // all is made again
		met := false
		o.renderer.before = func(key string) {
			if key != when || met {
				return
			}
			met = true
			if p := o.withdraw(number); !p.Gone() {
				t.Errorf("%s: withdrawn in mid publish, it is still there: %+v", when, p)
			}
		}
		_, err := o.generator().Publish(t.Context())
		if !met {
			t.Fatalf("%s: the publish did not come to it", when)
		}
		if _, state := o.lookup("case/" + number + ".html"); state != release.Withdrawn {
			t.Errorf("%s: the page is %s, and the publish ended with %v", when, state, err)
		}
		if found := o.grep(phrase); len(found) > 0 {
			t.Errorf("%s: a phrase of the case is in %q", when, found)
		}
		shown, err := o.releases.Showing(t.Context(), []string{number})
		if err != nil || len(shown) > 0 {
			t.Errorf("%s: shown in %q, %v", when, shown, err)
		}
		o.renderer.before = nil
		o.renderer.changed = false
		o.publish()
		if diff := cmp.Diff(want.made(), o.made()); diff != "" {
			t.Errorf("%s: partitions of the next publish (-from nothing +after):\n%s", when, diff)
		}
	}
}
