package pages_test

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// content is all that a partition hands on: to Hugo, which makes the same of the same, or
// as files. Also what it says of which cases it shows, and what is searched of them.
func content(t testing.TB, p pages.Partition) [32]byte {
	t.Helper()
	c, err := p.Make(t.Context())
	if err != nil {
		t.Fatalf("make %s: %v", p.Key, err)
	}
	js, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(js)
}

// TestEqualFingerprintsMeanEqualFiles changes one input after the other and makes again what
// keeps its fingerprint: all of it has to be as it was, or a reader would go on seeing what
// is no longer so. What is kept of the notes has to be right as well. With -v it lists what
// is made again although it comes out the same.
func TestEqualFingerprintsMeanEqualFiles(t *testing.T) {
	for _, base := range []struct {
		name    string
		office  func(testing.TB) *office
		langs   []string
		changes []change
	}{
		{"a case of the rich", richOffice, []string{"zh-CN"}, ofCases()},
		{"the rich", richOffice, nil, append(ofRest(), ofRich()...)},
		{"the first of the bare", bareOffice, []string{"zh-CN"}, firsts()},
	} {
		made := func(t testing.TB, notes map[string]record.Note, do func(testing.TB, *office)) map[string]pages.Partition {
			o := base.office(t)
			o.Langs = base.langs
			if do != nil {
				do(t, o)
			}
			if notes != nil {
				o.Notes = &keeper{kept: notes}
			}
			return o.plan(t)
		}
		kept, was := map[string]record.Note{}, map[string][32]byte{}
		before := made(t, kept, nil)
		for key, p := range before {
			was[key] = content(t, p)
		}
		every := 1
		if testing.Short() {
			every = 12
		}
		for i, change := range base.changes {
			if i%every != 0 {
				continue
			}
			t.Run(base.name+"/"+change.name, func(t *testing.T) {
				after, fromKept := made(t, nil, change.do), map[string]pages.Partition(nil)
				var again, same []string
				for _, key := range slices.Sorted(maps.Keys(after)) {
					p, old := after[key], before[key]
					if old.Key == "" {
						continue
					}
					if p.Fingerprint == old.Fingerprint {
						if content(t, p) != was[key] {
							t.Errorf("%s is stale", key)
						}
						continue
					}
					again = append(again, key)
					if testing.Verbose() && content(t, p) == was[key] {
						same = append(same, key)
					}
					if strings.HasPrefix(key, "data/quality/") && key != "data/quality/all" {
						if fromKept == nil {
							fromKept = made(t, maps.Clone(kept), change.do)
						}
						if content(t, p) != content(t, fromKept[key]) {
							t.Errorf("%s is made from notes that are stale", key)
						}
					}
				}
				if len(again) == 0 && len(after) == len(before) {
					t.Error("nothing is made again: the change is none")
				}
				if testing.Verbose() {
					t.Logf("%d of %d made again, of which the same: %q", len(again), len(after), same)
				}
			})
		}
	}
}

// TestFingerprintsAreNotShared says that no two partitions have one fingerprint.
func TestFingerprintsAreNotShared(t *testing.T) {
	seen := map[[32]byte]string{}
	for key, p := range richOffice(t).plan(t) {
		if other := seen[p.Fingerprint]; other != "" {
			t.Errorf("%s and %s have one fingerprint", key, other)
		}
		seen[p.Fingerprint] = key
	}
}
