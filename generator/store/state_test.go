package store_test

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

func state(t *testing.T, db *store.DB) string {
	t.Helper()
	s, err := db.State(ctx)
	if err != nil || len(s) != 64 {
		t.Fatalf("state %q, %v", s, err)
	}
	return s
}

// TestState: whatever readers can see moves the state on, and nothing else does.
func TestState(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	full := []string{"received=2026-11-01", "title=t", "question=q", "reply=r"}
	unit := source.Raw{Kind: source.Unit, Key: "u-1", Fields: map[string]string{"name": "城市管理局"}}
	seen := map[string]string{state(t, db): "the empty store"}
	for _, tt := range []struct {
		name, asOf string
		raws       []source.Raw
		same       bool
	}{
		{"an empty batch moves the cut-off", "2026-11-02", nil, false},
		{"a case", "2026-11-03", []source.Raw{raw("K-1", full...)}, false},
		{"the same again, of an earlier day", "2026-11-01", []source.Raw{raw("K-1", full...)}, true},
		{"another question of the same length", "2026-10-31", []source.Raw{raw("K-1", "received=2026-11-01", "title=t", "question=x", "reply=r")}, false},
		{"a unit", "2026-10-30", []source.Raw{unit}, false},
		{"a withdrawal", "2026-10-29", []source.Raw{{Kind: source.Case, Key: "K-1", Gone: true}}, false},
		{"the withdrawal again", "2026-10-28", []source.Raw{{Kind: source.Case, Key: "K-1", Gone: true}}, true},
	} {
		before := state(t, db)
		// The days of receipt would lie after some of the as-of days.
		g := newGate(t)
		err := db.Batch(ctx, tt.name, sha256.Sum256([]byte(tt.name)), day(t, tt.asOf), nil, func(p put) error {
			for _, r := range tt.raws {
				c, _ := g.Clear(r, day(t, "2026-11-30"))
				if _, _, err := p(c, ""); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		after := state(t, db)
		if tt.same != (after == before) {
			t.Errorf("%s: the state is the same: %t, want %t", tt.name, after == before, tt.same)
		}
		if earlier, ok := seen[after]; ok && !tt.same {
			t.Errorf("%s has the state of %s", tt.name, earlier)
		}
		seen[after] = tt.name
	}
}

// TestStateAfterRestore puts back an old copy of the file and takes something
// else: as many changes, another state. Taking the same gives the same.
func TestStateAfterRestore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db := open(t, path)
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01"))
	db.Close()
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	after := func(reply string) string {
		if err := os.WriteFile(path, old, 0o600); err != nil {
			t.Fatal(err)
		}
		db := open(t, path)
		defer db.Close()
		batch(t, db, "2026-11-03", raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply="+reply))
		return state(t, db)
	}
	first := after("one")
	if other := after("two"); other == first {
		t.Error("two replies have one state")
	}
	if again := after("one"); again != first {
		t.Error("one reply has two states")
	}
}

// TestPolicies: a case stands by the policy that cleared all of its texts.
func TestPolicies(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	gateOf := func(version string) *gate.Gate {
		policy := gate.DefaultPolicy()
		policy.Version = version
		g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32), Policy: policy})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	first, second := gateOf("1"), gateOf("2")
	full := []string{"received=2026-11-01", "title=t", "question=q", "reply=r"}
	for _, tt := range []struct {
		name          string
		gate          *gate.Gate
		raws          []source.Raw
		first, second int
		kind          record.EventKind // of the last
	}{
		{"new", first, []source.Raw{raw("K-1", full...), raw("K-2", full...), raw("K-3", "received=2026-11-01")}, 3, 0, record.EventPublish},
		{"one of them again, as it was", second, []source.Raw{raw("K-1", full...)}, 2, 1, ""},
		{"a part of one: its question is of the first", second, []source.Raw{raw("K-2", "received=2026-11-01", "reply=other")}, 2, 1, record.EventCorrect},
		{"a row, which has no text", second, []source.Raw{raw("K-3", "received=2026-11-01", "due=2026-11-20")}, 1, 2, record.EventUpdate},
		{"back", first, []source.Raw{raw("K-1", full...)}, 2, 1, ""},
		{"withdrawn", first, []source.Raw{{Kind: source.Case, Key: "K-2", Gone: true}}, 1, 1, record.EventWithdraw},
	} {
		before := state(t, db)
		var kind record.EventKind
		err := db.Batch(ctx, tt.name, sha256.Sum256([]byte(tt.name)), day(t, "2026-11-02"), nil, func(p put) (err error) {
			for _, r := range tt.raws {
				c, _ := tt.gate.Clear(r, day(t, "2026-11-02"))
				if _, kind, err = p(c, ""); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || kind != tt.kind {
			t.Fatalf("%s: %q, %v", tt.name, kind, err)
		}
		if kind == "" && state(t, db) != before {
			t.Errorf("%s: another policy with the same result moved the state", tt.name)
		}
		got, err := db.Policies(ctx)
		want := map[string]int{first.PolicyHash(): tt.first, second.PolicyHash(): tt.second}
		for _, p := range got {
			if want[p.Hash] != p.Cases {
				t.Errorf("%s: %d cases by a policy, want %d", tt.name, p.Cases, want[p.Hash])
			}
			delete(want, p.Hash)
		}
		delete(want, map[bool]string{true: second.PolicyHash()}[tt.second == 0])
		if diff := cmp.Diff(map[string]int{}, want); diff != "" || err != nil {
			t.Errorf("%s: %v, missing: %s", tt.name, err, diff)
		}
	}
}
