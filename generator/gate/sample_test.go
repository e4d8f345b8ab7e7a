package gate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// sampled is an assessment with the sample behind it, as delivered.
func sampled(changes ...string) source.Raw {
	f := map[string]string{
		source.FieldPeriod: "2026-10", source.FieldAssessor: "示例大学", source.FieldThirdParty: "yes",
		source.FieldSampleCases: "full", source.FieldSampleBy: "unit", source.FieldCommitted: "2026-10-20",
		source.FieldSeedHash: strings.Repeat("0a", 32), source.FieldSeed: "their-own-seed-of-forty-three-characters-or-so", source.FieldFrame: "400",
		source.FieldFrameHash: strings.Repeat("1b", 32), source.FieldDrawn: "2610-000002\x1f2610-000001", source.FieldPanel: "居民=5\x1f人大代表=2",
		source.FieldRubric: "是否答其所问。\n是否给出依据。", source.FieldRubricHash: strings.Repeat("2c", 32), source.FieldRatingScale: "five",
		source.FieldPanelScores: "2610-000001 4 居民\x1f2610-000001 5 人大代表\x1f2610-000002 1 居民",
	}
	for i := 0; i < len(changes); i += 2 {
		f[changes[i]] = changes[i+1]
	}
	return source.Raw{Kind: source.Assessment, Key: "s-1", Fields: f}
}

func TestPanelSample(t *testing.T) {
	g := newGate(t)
	cleared, verdict := g.Clear(sampled(), record.Date(2026, 11, 20))
	a, ok := cleared.Value().(record.Assessment)
	if !ok || len(verdict.Quality) > 0 || len(a.Missing) > 0 {
		t.Fatalf("%v %+v", verdict.Reasons, verdict.Quality)
	}
	want := &record.Sample{
		Cases: "full", By: "unit", Committed: record.Date(2026, 10, 20), SeedSHA256: strings.Repeat("0a", 32), Seed: "their-own-seed-of-forty-three-characters-or-so",
		Frame: record.CountOf(400), FrameSHA256: strings.Repeat("1b", 32), Drawn: []record.CaseNumber{"2610-000001", "2610-000002"},
		Panel: []record.PanelPart{{Category: "居民", Members: 5}, {Category: "人大代表", Members: 2}}, Rubric: "是否答其所问。\n是否给出依据。", RubricSHA256: strings.Repeat("2c", 32),
		Scale: record.Five, Scores: []record.PanelScore{{Number: "2610-000001", Category: "居民", Level: 4}, {Number: "2610-000001", Category: "人大代表", Level: 5}, {Number: "2610-000002", Category: "居民", Level: 1}},
	}
	if diff := cmp.Diff(want, a.Sample); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	if cleared, _ := g.Clear(source.Raw{Kind: source.Assessment, Key: "s-1", Fields: map[string]string{source.FieldPeriod: "2026-10"}}, record.Date(2026, 11, 20)); cleared.Value().(record.Assessment).Sample != nil {
		t.Error("a sample is made of nothing")
	}
}

// TestBadSample says of each part that cannot be used that it is set aside and named, and
// that the rest stands.
func TestBadPanelSample(t *testing.T) {
	g := newGate(t)
	for _, c := range []struct {
		name, field, value, code string
		scores, drawn            int // that stand
	}{
		{"another choice of cases", source.FieldSampleCases, "some", "unlisted-word", 3, 2},
		{"no hash", source.FieldSeedHash, "abc", "bad-hash", 3, 2},
		{"a hash in upper case", source.FieldFrameHash, strings.Repeat("1B", 32), "bad-hash", 3, 2},
		{"a short seed", source.FieldSeed, "abc", "bad-seed", 3, 2},
		{"a seed with a telephone number", source.FieldSeed, "their-own-seed-to-call 13800138000", "bad-seed", 3, 2},
		{"a seed that is a telephone number", source.FieldSeed, "seed-of-the-body,13800138000,and-so-on", "masked-seed", 3, 2},
		{"no number", source.FieldFrame, "many", "bad-number", 3, 2},
		{"a number that is none", source.FieldDrawn, "2610-000001\x1f2610-000002\x1fA-1", "bad-case-number", 3, 2},
		{"a case twice", source.FieldDrawn, "2610-000001\x1f2610-000001\x1f2610-000002", "twice", 3, 2},
		{"a panel without members", source.FieldPanel, "居民=5\x1f人大代表", "bad-panel", 2, 2},
		{"a score of a case not drawn", source.FieldPanelScores, "2610-000003 4 居民\x1f2610-000001 4 居民", "not-drawn", 1, 2},
		{"a score outside the scale", source.FieldPanelScores, "2610-000001 6 居民\x1f2610-000002 4 居民", "score-out-of-range", 1, 2},
		{"a score of nought", source.FieldPanelScores, "2610-000001 0 居民\x1f2610-000002 4 居民", "score-out-of-range", 1, 2},
		{"a category that is not on the panel", source.FieldPanelScores, "2610-000001 4 专家\x1f2610-000002 4 居民", "not-on-panel", 1, 2},
		{"two scores of one category", source.FieldPanelScores, "2610-000001 4 居民\x1f2610-000001 5 居民", "twice", 1, 2},
		{"no score", source.FieldPanelScores, "2610-000001 好 居民", "bad-score", 0, 2},
		{"no scale", source.FieldRatingScale, "", "no-scale", 0, 2},
		{"a list without end", source.FieldDrawn, strings.Repeat("2610-000001\x1f", 5001), "list-too-long", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			cleared, verdict := g.Clear(sampled(c.field, c.value), record.Date(2026, 11, 20))
			a, ok := cleared.Value().(record.Assessment)
			if !ok {
				t.Fatalf("held: %s", verdict.Reasons)
			}
			if len(verdict.Quality) == 0 || verdict.Quality[0].Code != c.code {
				t.Errorf("told %+v, want %s", verdict.Quality, c.code)
			}
			if len(a.Missing) == 0 || len(a.Sample.Scores) != c.scores || len(a.Sample.Drawn) != c.drawn {
				t.Errorf("missing %q, %d scores of %d, %d cases of %d", a.Missing, len(a.Sample.Scores), c.scores, len(a.Sample.Drawn), c.drawn)
			}
		})
	}
}

// TestSampleNamesNobody says that the rubric and the categories are looked through.
func TestPanelSampleNamesNobody(t *testing.T) {
	g := newGate(t)
	cleared, _ := g.Clear(sampled(source.FieldRubric, "疑问请致电13800138000。", source.FieldPanel, "居民13800138000=5"), record.Date(2026, 11, 20))
	if a, ok := cleared.Value().(record.Assessment); ok && strings.Contains(a.Sample.Rubric+a.Sample.Panel[0].Category, "13800138000") {
		t.Errorf("published: %+v", a.Sample)
	}
}

// TestAssessmentSaysWhatIsMissing sets a score aside that lies outside its range, and
// keeps the others.
func TestAssessmentSaysWhatIsMissing(t *testing.T) {
	g := newGate(t)
	cleared, verdict := g.Clear(source.Raw{Kind: source.Assessment, Key: "s-1", Fields: map[string]string{
		source.FieldPeriod: "2026-10", source.FieldUnlisted: source.FieldThirdParty,
		source.FieldScores: `[{"dimension":"答复质量","value":"101","max":"100"},{"dimension":"满意度","value":"90","max":"100"}]`,
	}}, record.Date(2026, 11, 20))
	a, ok := cleared.Value().(record.Assessment)
	if !ok {
		t.Fatalf("held: %s", verdict.Reasons)
	}
	if diff := cmp.Diff([]string{source.FieldScores, source.FieldThirdParty}, a.Missing); diff != "" {
		t.Errorf("missing: want -, got +\n%s", diff)
	}
	if diff := cmp.Diff([]record.Score{{Dimension: "满意度", Value: "90", Max: "100"}}, a.Scores); diff != "" {
		t.Errorf("scores: want -, got +\n%s", diff)
	}
}
