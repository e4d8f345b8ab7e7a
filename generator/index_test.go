package generator_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
)

// town is a site of three partitions.
func town() map[string]string {
	return map[string]string{
		"case/2609/0000": "2609-000001 路灯 | 2609-000002 井盖",
		"case/2610/0000": "2610-000001 公交 | 2610-000002 | 2610-000003 水管",
		"home":           "2610-000009",
	}
}

// with returns a site with other partitions; an empty one is taken away.
func with(site map[string]string, pairs ...string) map[string]string {
	site = maps.Clone(site)
	for i := 0; i < len(pairs); i += 2 {
		if site[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
			delete(site, pairs[i])
		}
	}
	return site
}

const wholeTown = "2609-000001 路灯 | 2609-000002 井盖 | 2610-000001 公交 | 2610-000003 水管"

func TestSync(t *testing.T) {
	s := newShelf(t)
	if r := s.sync(); r != (generator.IndexReport{Nothing: true}) || len(s.engine.noted()) > 0 {
		t.Errorf("nothing is published: %+v", r)
	}
	for _, step := range []struct {
		name  string
		do    func()
		want  generator.IndexReport
		calls []string
		shows string
	}{
		{
			"first", func() { s.publish(town()) },
			generator.IndexReport{Release: 1, Docs: 4, Rebuilt: generator.RebuiltNone},
			[]string{"rebuild"}, wholeTown,
		},
		{"nothing new", func() {}, generator.IndexReport{Release: 1, Docs: 4, Nothing: true}, nil, wholeTown},
		{
			"one changed reply", func() { s.publish(with(town(), "case/2609/0000", "2609-000001 路灯 | 2609-000002 换井盖")) },
			generator.IndexReport{Release: 2, Docs: 4, Written: 1},
			[]string{"upsert mark 1 toward [2]", "upsert 2609-000002", "upsert mark 2"},
			"2609-000001 路灯 | 2609-000002 换井盖 | 2610-000001 公交 | 2610-000003 水管",
		},
		{
			"no document changed", func() {
				s.publish(with(town(), "case/2609/0000", "2609-000001 路灯 | 2609-000002 换井盖", "home", "2610-000008"))
			},
			generator.IndexReport{Release: 3, Docs: 4},
			[]string{"upsert mark 3"},
			"2609-000001 路灯 | 2609-000002 换井盖 | 2610-000001 公交 | 2610-000003 水管",
		},
		{
			"rollback", func() { s.rollback(1) },
			generator.IndexReport{Release: 1, Docs: 4, Written: 1},
			[]string{"upsert mark 3 toward [1]", "upsert 2609-000002", "upsert mark 1"}, wholeTown,
		},
		{
			"a new partition and one less, and a case that moved", func() {
				s.publish(with(town(), "case/2610/0000", "", "case/2611/0000", "2610-000003 水管 | 2611-000001 噪声"))
			},
			generator.IndexReport{Release: 4, Docs: 4, Written: 2, Removed: 1},
			[]string{"upsert mark 1 toward [4]", "delete 2610-000001", "upsert 2610-000003 2611-000001", "upsert mark 4"},
			"2609-000001 路灯 | 2609-000002 井盖 | 2610-000003 水管 | 2611-000001 噪声",
		},
	} {
		step.do()
		s.engine.noted()
		got := s.sync()
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s: report (-want +got):\n%s", step.name, diff)
		}
		if diff := cmp.Diff(step.calls, s.engine.noted()); diff != "" {
			t.Errorf("%s: changes (-want +got):\n%s", step.name, diff)
		}
		s.shows(step.shows)
	}
}

// A withdrawn case leaves the index at once, and with the next release the rest
// follows.
func TestWithdrawnCaseLeavesTheIndex(t *testing.T) {
	s := newShelf(t)
	s.publish(town())
	if s.settle(); len(s.engine.noted()) > 0 {
		t.Error("settling made an index")
	}
	s.sync()
	s.engine.noted()
	if r := s.settle(); !r.Nothing || len(s.engine.noted()) > 0 {
		t.Errorf("nothing was withdrawn: %+v", r)
	}

	s.withdraw("2609-000002")
	if m := s.mark(); m.Overlay != 0 {
		t.Errorf("mark %+v before", m)
	}
	r := s.settle()
	if diff := cmp.Diff(generator.IndexReport{Release: 1, Docs: 3, Removed: 1}, r); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"upsert mark 1", "delete 2609-000002", "upsert mark 1"}, s.engine.noted()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	s.shows("2609-000001 路灯 | 2610-000001 公交 | 2610-000003 水管")
	if r := s.settle(); !r.Nothing || len(s.engine.noted()) > 0 {
		t.Errorf("again: %+v", r)
	}

	// Without settling first, and back to a release that once had it.
	s.publish(with(town(), "case/2609/0000", "2609-000001 路灯"))
	s.withdraw("2610-000003")
	s.sync()
	s.shows("2609-000001 路灯 | 2610-000001 公交")
	s.rollback(1)
	s.sync()
	s.shows("2609-000001 路灯 | 2610-000001 公交")
}

// Settling deletes also where the mark says nothing that can be relied on, and
// leaves such a mark to the next Sync.
func TestSettleWithoutAMark(t *testing.T) {
	for name, do := range map[string]func(*shelf){
		"mark of something else": func(s *shelf) {
			if err := s.engine.Engine.Upsert(s.t.Context(), "something else", nil); err != nil {
				s.t.Fatal(err)
			}
		},
		"release not kept": func(s *shelf) {
			for i := range 4 {
				s.publish(with(town(), "home", fmt.Sprintf("2610-00000%d", i+4)))
			}
		},
		// The releases were put back from a backup, and the index was not. As many
		// times as before something is withdrawn, but not the same.
		"as many other withdrawals": func(s *shelf) {
			lost := newShelf(s.t)
			lost.publish(town())
			lost.withdraw("2610-000001")
			lost.sync()
			m := lost.mark()
			m.Docs = s.mark().Docs
			if err := s.engine.Engine.Upsert(s.t.Context(), m.String(), nil); err != nil {
				s.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t)
			s.publish(town())
			s.sync()
			do(s)
			s.withdraw("2609-000002")
			s.engine.noted()
			s.settle()
			if diff := cmp.Diff([]string{"delete 2609-000002"}, s.engine.noted()); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			if r := s.sync(); r.Rebuilt == "" {
				t.Errorf("%+v", r)
			}
			s.shows("2609-000001 路灯 | 2610-000001 公交 | 2610-000003 水管")
		})
	}
}

// A case whose writer took consent back leaves the index, and comes back when it is
// published in full again: also in a pack with the same bytes as before.
func TestRetractedCaseComesBack(t *testing.T) {
	for name, settles := range map[string]bool{"the index follows every step": true, "the index was down": false} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t)
			s.publish(town())
			s.sync()
			s.retract(1, "2609-000002")
			s.settle()
			s.shows("2609-000001 路灯 | 2610-000001 公交 | 2610-000003 水管")
			s.publish(with(town(), "case/2609/0000", "2609-000001 路灯 | 2609-000002"))
			if settles {
				s.sync()
				s.shows("2609-000001 路灯 | 2610-000001 公交 | 2610-000003 水管")
			}
			s.publish(town())
			s.sync()
			s.shows(wholeTown)
			s.withdraw("2610-000003") // another: it does not take the first one with it
			s.settle()
			s.shows("2609-000001 路灯 | 2609-000002 井盖 | 2610-000001 公交")
			s.retract(2, "2609-000002")
			s.settle()
			s.shows("2609-000001 路灯 | 2610-000001 公交")
		})
	}
}

// The same in a pack with other bytes, while the index was down all the time. The
// text that was taken back is not shown again on the way.
func TestRetractedCaseComesBackChanged(t *testing.T) {
	for name, settles := range map[string]bool{"at once": false, "withdrawals first": true} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t)
			s.publish(town())
			s.sync()
			s.retract(1, "2609-000002")
			s.publish(with(town(), "case/2609/0000", "2609-000001 路灯 | 2609-000002 新井盖"))
			unseen := func(when string) {
				v, _, err := s.releases.Refresh()
				if err != nil {
					t.Fatal(err)
				}
				defer v.Close()
				m := s.mark()
				searchable := m.Overlay == v.Generation() && m.Gone == v.WithdrawnSum() && len(m.Toward) == 0
				if searchable && strings.Contains(s.indexed(), "2609-000002 井盖") {
					t.Errorf("%s: the index says that it was cleared, and shows what was taken back", when)
				}
			}
			s.engine.before = unseen
			if settles {
				s.settle()
				unseen("settled")
			}
			if r := s.sync(); r.Rebuilt != "" || r.Written != 1 {
				t.Errorf("%+v", r)
			}
			s.shows("2609-000001 路灯 | 2609-000002 新井盖 | 2610-000001 公交 | 2610-000003 水管")
		})
	}
}

// The same where the retraction was broken off before it was known which packs
// show the case, and the index was made then.
func TestRetractionBrokenOff(t *testing.T) {
	s := newShelf(t)
	s.publish(town())
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.releases.Retract(ctx, []release.Retracted{{Number: "2609-000002", Time: 1}}); !errors.Is(err, context.Canceled) {
		t.Fatalf("the retraction was not broken off: %v", err)
	}
	s.sync()
	s.shows("2609-000001 路灯 | 2610-000001 公交 | 2610-000003 水管")
	s.retract(1, "2609-000002")
	s.publish(with(town(), "case/2609/0000", "2609-000001 路灯 | 2609-000002"))
	s.publish(town())
	if r := s.sync(); r.Rebuilt != generator.RebuiltUnknown {
		t.Errorf("%+v", r)
	}
	s.shows(wholeTown)
}

// Of more packs than fit into a mark it is not known what the index lacks; once
// one of them may have come back whole, the index is made anew.
func TestMoreWithdrawnThanAMarkHolds(t *testing.T) {
	s := newShelf(t)
	site, all, numbers := map[string]string{}, []string{}, []string{}
	for i := range 80 {
		n := fmt.Sprintf("2609-%06d", i*300+1)
		site[fmt.Sprintf("case/2609/%04d", i)] = n + " 路灯"
		numbers, all = append(numbers, n), append(all, n+" 路灯")
	}
	s.publish(site)
	s.sync()
	s.retract(1, numbers...)
	s.settle()
	s.shows("")
	if m := s.mark(); !slices.Equal(m.Replaced, []string{"*"}) {
		t.Errorf("mark %v", m)
	}
	s.retract(2, numbers[0])
	if r := s.sync(); r.Rebuilt != "" {
		t.Errorf("no later release can have brought a pack back, and yet: %+v", r)
	}
	s.publish(site)
	if r := s.sync(); r.Rebuilt != generator.RebuiltUnknown {
		t.Errorf("%+v", r)
	}
	s.shows(strings.Join(all, " | "))
}

// A run that ends anywhere is finished by the next, whatever came between.
func TestSyncAfterACrash(t *testing.T) {
	next := with(town(), "case/2609/0000", "2609-000001 新路灯 | 2609-000003 垃圾", "case/2610/0000", "2610-000001 公交 | 2610-000002 站牌")
	third := with(next, "case/2609/0000", "2609-000002 井盖 | 2609-000003 扔垃圾", "case/2610/0000", "2610-000002 站牌")
	for name, tt := range map[string]struct {
		between func(*shelf)
		shows   string
	}{
		"nothing":   {func(*shelf) {}, "2609-000001 新路灯 | 2609-000003 垃圾 | 2610-000002 站牌"},
		"rollback":  {func(s *shelf) { s.rollback(1) }, "2609-000001 路灯 | 2609-000002 井盖 | 2610-000003 水管"},
		"a release": {func(s *shelf) { s.publish(third) }, "2609-000002 井盖 | 2609-000003 扔垃圾 | 2610-000002 站牌"},
		"a withdrawal": {
			func(s *shelf) { s.withdraw("2609-000001"); s.settle() },
			"2609-000003 垃圾 | 2610-000002 站牌",
		},
		"a crash on the way to another release": {
			func(s *shelf) {
				s.publish(third)
				s.engine.crashAt = 3
				if _, err := s.indexer().Sync(t.Context()); !errors.Is(err, errCrash) {
					t.Errorf("second crash: %v", err)
				}
				s.engine.crashAt, s.engine.calls = 0, nil
				s.rollback(1)
			},
			"2609-000001 路灯 | 2609-000002 井盖 | 2610-000003 水管",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for i := 0; ; i++ {
				s := newShelf(t)
				s.publish(town())
				s.sync()
				s.publish(next)
				s.withdraw("2610-000001")
				s.engine.noted()
				s.engine.crashAt, s.engine.after = i/2+1, i%2 == 1
				_, err := s.indexer().Sync(t.Context())
				if err == nil && i >= 2*6 {
					return // that was after the last change
				}
				if !errors.Is(err, errCrash) {
					t.Fatalf("change %d, done %t: %v: %q", i/2+1, i%2 == 1, err, s.engine.noted())
				}
				s.engine.crashAt, s.engine.calls = 0, nil
				tt.between(s)
				s.sync()
				if s.shows(tt.shows); t.Failed() {
					t.Fatalf("change %d, done %t", i/2+1, i%2 == 1)
				}
			}
		})
	}
}

// An index that cannot be brought level is made anew, and says why.
func TestSyncMakesTheIndexAnew(t *testing.T) {
	keep := func(s *shelf, m search.Mark) {
		if err := s.engine.Engine.Upsert(s.t.Context(), m.String(), nil); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		do   func(*shelf)
		want string
	}{
		{"release not kept", func(s *shelf) {
			for i := range 4 {
				s.publish(with(town(), "home", fmt.Sprintf("2610-00000%d", i+4)))
			}
			s.publish(town())
		}, generator.RebuiltLost},
		{"mark of something else", func(s *shelf) {
			if err := s.engine.Engine.Upsert(s.t.Context(), "something else", nil); err != nil {
				s.t.Fatal(err)
			}
		}, generator.RebuiltMark},
		{"mark of a later overlay", func(s *shelf) { m := s.mark(); m.Overlay = 9; keep(s, m) }, generator.RebuiltMark},
		{"mark of other withdrawals", func(s *shelf) { m := s.mark(); m.Gone = "000000000000"; keep(s, m) }, generator.RebuiltMark},
		{"mark of another site", func(s *shelf) { m := s.mark(); m.Cutoff = "2026-01-01"; keep(s, m) }, generator.RebuiltMark},
		{"mark of another form", func(s *shelf) { m := s.mark(); m.Form = "other"; keep(s, m) }, generator.RebuiltForm},
		{"a document is lost", func(s *shelf) {
			if err := s.engine.Engine.Delete(s.t.Context(), []string{"2609-000001"}); err != nil {
				s.t.Fatal(err)
			}
		}, generator.RebuiltDamaged},
		{"a document too many", func(s *shelf) {
			if err := s.engine.Engine.Upsert(s.t.Context(), "", []search.Doc{docOf("2601-000001", "外来")}); err != nil {
				s.t.Fatal(err)
			}
		}, generator.RebuiltDamaged},
		{"a document is lost and another withdrawn", func(s *shelf) {
			if err := s.engine.Engine.Delete(s.t.Context(), []string{"2609-000002"}); err != nil {
				s.t.Fatal(err)
			}
			s.withdraw("2610-000001")
			s.publish(with(town(), "case/2609/0000", "2609-000001 路灯", "case/2610/0000", "2610-000003 水管"))
		}, generator.RebuiltDamaged},
		{"somebody asks", func(s *shelf) {}, generator.RebuiltAsked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newShelf(t)
			s.publish(town())
			s.sync()
			tt.do(s)
			run := s.indexer().Sync
			if tt.want == generator.RebuiltAsked {
				run = s.indexer().Rebuild
			}
			r, err := run(t.Context())
			if err != nil || r.Rebuilt != tt.want {
				t.Errorf("%+v, %v", r, err)
			}
			s.shows(strings.Join(slices.Sorted(strings.SplitSeq(s.indexed(), " | ")), " | "))
		})
	}
}

// What is withdrawn while the index is made is not in it, neither in the live one
// from then on nor in the new one, whoever withdraws it.
func TestWithdrawnDuringARebuild(t *testing.T) {
	for i := 1; i <= 4; i++ {
		s := newShelf(t)
		s.publish(town())
		s.sync()
		s.engine.during = func(n int) {
			if n == i {
				s.withdraw("2609-000001", "2610-000003")
				s.rival = true // to the process of the withdrawal this one is
				if r := s.settle(); !r.Elsewhere {
					t.Errorf("document %d: settling beside a rebuild: %+v", i, r)
				}
				s.rival = false
			}
			if n == 3 && i < 3 && s.indexed() != "2609-000002 井盖 | 2610-000001 公交" {
				t.Errorf("document %d: the live index holds %s", i, s.indexed())
			}
		}
		if _, err := s.indexer().Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.engine.during = nil
		s.shows("2609-000002 井盖 | 2610-000001 公交")
	}
}

// What is withdrawn between the comparison and the writing is not written.
func TestWithdrawnDuringASync(t *testing.T) {
	s := newShelf(t)
	s.publish(town())
	s.sync()
	s.publish(with(town(), "case/2609/0000", "2609-000001 新路灯 | 2609-000002 新井盖"))
	s.engine.noted()
	s.engine.before = func(what string) {
		if what == "upsert mark 1 toward [2]" {
			s.engine.before = nil
			s.withdraw("2609-000002")
		}
	}
	s.sync()
	s.shows("2609-000001 新路灯 | 2610-000001 公交 | 2610-000003 水管")
	want := []string{
		"upsert mark 1 toward [2]", "delete 2609-000002", "upsert 2609-000001", "upsert mark 2",
		"upsert mark 2", "delete 2609-000002", "upsert mark 2", // what came meanwhile
	}
	if diff := cmp.Diff(want, s.engine.noted()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

// Beside another process nothing is written and nothing waits.
func TestIndexIsTaken(t *testing.T) {
	s := newShelf(t)
	s.publish(town())
	s.sync()
	s.publish(with(town(), "home", "2610-000008"))
	s.engine.noted()
	s.rival = true
	r := s.sync()
	if diff := cmp.Diff(generator.IndexReport{Release: 1, Docs: 4, Elsewhere: true}, r); diff != "" || len(s.engine.noted()) > 0 {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	_, rebuild := s.indexer().Rebuild(t.Context())
	_, optimise := s.indexer().Optimise(t.Context())
	for what, err := range map[string]error{"rebuild": rebuild, "optimise": optimise} {
		msg, _, code := fault.Public(err)
		if code != fault.ExitBusy || !strings.Contains(msg, "process 7") || !errors.As(err, new(*durable.LockedError)) {
			t.Errorf("%s: %q, code %d", what, msg, code)
		}
	}
	if st, err := s.indexer().Status(t.Context()); err != nil || st.State != generator.IndexBehind || st.Release != 1 {
		t.Errorf("status %+v, %v", st, err)
	}
}

// busyServer is the error of a server that says when to ask again.
type busyServer struct{ error }

func (busyServer) RetryAfter() time.Duration { return time.Minute }

// What is wrong is told, and the next run makes up for it. A folder is tried to be
// mended, a server is not.
func TestEngineIsDown(t *testing.T) {
	unavailable := fmt.Errorf("%w: made up", search.ErrUnavailable)
	for name, tt := range map[string]struct {
		down  error
		calls []string
	}{
		"folder": {unavailable, []string{"rebuild"}},
		"server": {busyServer{unavailable}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t)
			s.publish(town())
			s.engine.down = tt.down
			_, err := s.indexer().Sync(t.Context())
			if msg, hint, _ := fault.Public(err); !errors.Is(err, tt.down) || !strings.Contains(msg, "made up") || !strings.Contains(hint, "huiyin publish") {
				t.Errorf("%v: hint %q", err, hint)
			}
			if diff := cmp.Diff(tt.calls, s.engine.noted()); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			st, err := s.indexer().Status(t.Context())
			if err != nil || st.State != generator.IndexUnreachable || !strings.Contains(st.Problem, "made up") || st.Missing != 0 {
				t.Errorf("status %+v, %v", st, err)
			}
			s.engine.down = nil
			s.sync()
			s.shows(wholeTown)
		})
	}
}

// The whole way: what is published can be found, by the documents of the pages.
func TestPublishedCasesAreIndexed(t *testing.T) {
	o := newOffice(t)
	s := newShelf(t)
	s.releases = o.releases
	o.pull("2026-11-02", city())
	o.publish()
	if r := s.sync(); r.Docs != 320 || r.Release != 1 {
		t.Errorf("%+v", r)
	}
	o.pull("2026-11-03", answered("K-0310", "lamps", "灯杆也换过了。")+"K-0003 GONE")
	if _, err := o.generator().Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := s.settle(); r.Docs != 319 || r.Removed != 1 {
		t.Errorf("withdrawn: %+v", r)
	}
	o.publish()
	if r := s.sync(); r.Docs != 319 || r.Written != 1 || r.Rebuilt != "" {
		t.Errorf("one changed reply: %+v", r)
	}
	hits, err := s.engine.Search(t.Context(), search.Query{Terms: []string{"灯杆也换过了"}, Limit: 9})
	if err != nil || len(hits.Hits) != 1 || hits.Hits[0].ID != "2610-000311" {
		t.Errorf("%+v, %v", hits, err)
	}
	if r, err := s.indexer().Verify(t.Context()); err != nil || !r.Same() || r.Published != 319 {
		t.Errorf("%+v, %v", r, err)
	}
}
