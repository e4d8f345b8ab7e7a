package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// What a person decides about a file counts for its bytes and for the reasons that
// she saw, and for nothing else.
func TestFileReviews(t *testing.T) {
	const pixels = "a.jpg=image/jpeg=hold image-unread:pixels"
	for _, tt := range []struct {
		name    string
		file    string // that is decided about
		accept  bool
		reasons []string
		then    string // that is delivered after it
		state   gate.FileState
		why     string // reasons of the verdict
	}{
		{"accepted", pixels, true, []string{"image-unread"}, pixels, gate.FileAccepted, "attachment-accepted"},
		{"accepted whatever it is held for", pixels, true, nil, pixels, gate.FileAccepted, "attachment-accepted"},
		{"accepted under another name", pixels, true, nil, "b.jpg=image/jpeg=hold image-unread:pixels", gate.FileAccepted, "attachment-accepted"},
		{"rejected", pixels, false, nil, pixels, gate.FileRejected, "attachment-image-unread attachment-rejected"},
		{"another picture", pixels, true, nil, "a.jpg=image/jpeg=hold image-unread:other", gate.FileWaits, "attachment-held attachment-image-unread"},
		{"another type", pixels, true, nil, "a.png=image/png=hold image-unread:pixels", gate.FileWaits, "attachment-held attachment-image-unread"},
		{"another reason", pixels, true, []string{"image-unread"}, "a.jpg=image/jpeg=hold pdf-no-text:pixels", gate.FileWaits, "attachment-held attachment-pdf-no-text"},
		{"what nobody can accept", pixels, true, nil, "a.jpg=image/jpeg=hold damaged-picture:pixels", gate.FileLeftOut, "attachment-damaged-picture attachment-held"},
		{"what is clean", "a.csv=text/csv=路灯", false, nil, "a.csv=text/csv=路灯", gate.FileRejected, "attachment-rejected"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := fileGate(t, nil)
			name, _, _ := strings.Cut(tt.file, "=")
			_, first := g.Clear(withFiles(name, tt.file), asOf)
			review := gate.Review{Files: []gate.FileReview{{Content: first.Files[0].Content, Accept: tt.accept, Reasons: tt.reasons}}}
			name, _, _ = strings.Cut(tt.then, "=")
			raw := withFiles(name, tt.then)
			raw.Fields["reply"] = "已经修好,是另一个答复。" // what else changed does not matter
			cleared, v := g.ClearReviewed(raw, asOf, review)
			if len(v.Files) != 1 || v.Files[0].State != tt.state {
				t.Fatalf("files %+v, want %s", v.Files, tt.state)
			}
			if got := strings.Join(v.Reasons, " "); got != tt.why {
				t.Errorf("reasons %q, want %q", got, tt.why)
			}
			c := cleared.Value().(record.Case)
			published := tt.state == gate.FileAccepted
			if (len(c.Attachments) == 1) != published || (c.FilesWithheld == 0) != published {
				t.Errorf("%d files are published, %d withheld", len(c.Attachments), c.FilesWithheld)
			}
			if published && string(cleared.Body(c.Attachments[0].SHA256)) != "pixels" {
				t.Error("other bytes are published than were accepted")
			}
			if (len(v.Waiting()) == 1) != (tt.state == gate.FileWaits) {
				t.Errorf("%d files wait", len(v.Waiting()))
			}
		})
	}
}

// A decision about the case and one about a file do not hinder one another, and a
// case whose row alone is published has no files.
func TestFileReviewsBesideTheCase(t *testing.T) {
	g := fileGate(t, nil)
	raw := withFiles("a.jpg|b.csv", "a.jpg=image/jpeg=hold image-unread:pixels", "b.csv=text/csv=路灯")
	_, v := g.Clear(raw, asOf)
	files := []gate.FileReview{{Content: v.Files[0].Content, Accept: true}}
	if len(v.Files) != 2 || v.Files[1].State != gate.FilePublished || v.Files[0].Content == v.Files[1].Content {
		t.Fatalf("files %+v", v.Files)
	}
	cleared, v := g.ClearReviewed(raw, asOf, gate.Review{Content: v.Content, Accept: true, Files: files})
	if got := names(cleared.Value().(record.Case)); !slices.Equal(got, []string{"1.jpg", "2.csv"}) || !v.Reviewed {
		t.Errorf("files %v", got)
	}
	cleared, v = g.ClearReviewed(raw, asOf, gate.Review{Content: v.Content, Files: files})
	if c := cleared.Value().(record.Case); c.Prominence == record.Full || len(c.Attachments)+c.FilesWithheld+len(v.Files) > 0 {
		t.Error("a rejected case has files")
	}
}

// How many files are not published is said of every case that is published in full,
// also where none is.
func TestFilesWithheld(t *testing.T) {
	for _, tt := range []struct {
		name   string
		policy func(*gate.Policy)
		raw    source.Raw
		want   int
	}{
		{"none", nil, withFiles("a.csv", "a.csv=text/csv=路灯"), 0},
		{"one of two", nil, withFiles("a.pdf|b.csv", "a.pdf=application/pdf=hold pdf-personal:", "b.csv=text/csv=路灯"), 1},
		{"all are left out", func(p *gate.Policy) { p.Attachments = gate.LeaveOut }, withFiles("a.csv|b.csv", "a.csv=text/csv=路灯", "b.csv=text/csv=路灯"), 2},
		{"one is listed no longer", func(p *gate.Policy) { p.Attachments = gate.LeaveOut }, withFiles("b.csv", "a.csv=text/csv=路灯", "b.csv=text/csv=路灯"), 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cleared, _ := fileGate(t, tt.policy).Clear(tt.raw, asOf)
			if got := cleared.Value().(record.Case).FilesWithheld; got != tt.want {
				t.Errorf("%d files withheld, want %d", got, tt.want)
			}
		})
	}
}

// A text that spends the budget holds its file, and the others and the case stand.
func TestFileBudget(t *testing.T) {
	g := fileGate(t, func(p *gate.Policy) { p.MaxSteps = 200_000 })
	raw := withFiles("a.csv|b.csv", "a.csv=text/csv="+strings.Repeat("路灯,", 30_000), "b.csv=text/csv=路灯")
	cleared, v := g.Clear(raw, asOf)
	if got := names(cleared.Value().(record.Case)); v.Decision != gate.Publish || !slices.Equal(got, []string{"2.csv"}) {
		t.Errorf("%s, files %v, reasons %v", v.Decision, got, v.Reasons)
	}
	if !slices.Contains(v.Files[0].Held, "budget-spent") || v.Files[0].State != gate.FileLeftOut {
		t.Errorf("the first is %+v", v.Files[0])
	}
}

// What no person can accept is named without the rest of the reasons.
func TestFilesLeftOut(t *testing.T) {
	for _, tt := range []struct{ reasons, want []string }{
		{[]string{"attachment-held", "attachment-pdf-personal"}, []string{"pdf-personal"}},
		{[]string{"attachment-held", "attachment-image-unread", "attachment-doubtful-mobile"}, nil},
		{[]string{"attachment-accepted", "attachment-rejected", "attachment-image-unread"}, nil},
		{[]string{"sample", "attachments-left-out", "doubtful-mobile"}, nil},
		{[]string{"attachment-held", "attachment-image-unread", "attachment-too-many"}, []string{"too-many"}},
	} {
		if got := gate.FilesLeftOut(tt.reasons); !slices.Equal(got, tt.want) {
			t.Errorf("of %v: %v, want %v", tt.reasons, got, tt.want)
		}
	}
}
