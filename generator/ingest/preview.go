package ingest

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
)

// Preview is one record as received, and what a person's acceptance would make of
// it.
type Preview struct {
	Looked
	Accepted  gate.Cleared
	Accepting gate.Verdict
}

// PreviewAccept shows what accepting a record would publish. It stores nothing. The
// options are those of [Look].
func PreviewAccept(ctx context.Context, o Options, ref intake.Ref) (Preview, error) {
	p, _, err := preview(ctx, o, ref)
	return p, err
}

// PreviewFile returns a file of a case as it would be published if a person accepted
// it and its case. number is its place in the list of the case. An error has a public
// text where there is nothing to look at.
func PreviewFile(ctx context.Context, o Options, ref intake.Ref, number int) ([]byte, error) {
	p, accept, err := preview(ctx, o, ref)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(p.Accepting.Files, func(f gate.FileVerdict) bool { return f.Number == number })
	if i < 0 {
		return nil, fault.New("the entry has no file "+strconv.Itoa(number), "huiyin gate show lists its files")
	}
	cleared, _ := accept([]gate.FileReview{{Content: p.Accepting.Files[i].Content, Accept: true}})
	c, _ := cleared.Value().(record.Case)
	for _, a := range c.Attachments {
		if stem, _, _ := strings.Cut(a.Name, "."); stem == strconv.Itoa(number) {
			return cleared.Body(a.SHA256), nil
		}
	}
	return nil, fault.New("of file "+strconv.Itoa(number)+" there is nothing that could be published", "change it as huiyin gate show says, and deliver it again")
}

// accepting lets a record through the gate as if a person had accepted it, with
// decisions about its files.
type accepting = func(files []gate.FileReview) (gate.Cleared, gate.Verdict)

// preview lets one record through the gate with the lines of the register.
func preview(ctx context.Context, o Options, ref intake.Ref) (p Preview, accept accepting, err error) {
	r := run{Options: o, job: job{asOf: o.AsOf}}
	lines, err := r.lines(ctx)
	if err != nil {
		return p, nil, err
	}
	g := o.Gate.WithLines(lines)
	items, err := o.Intake.Load(ctx, []intake.Ref{ref})
	if err != nil {
		return p, nil, err
	}
	if p.Looked, err = lookAt(g, items[0], o.AsOf); err != nil {
		return p, nil, err
	}
	accept = func(files []gate.FileReview) (gate.Cleared, gate.Verdict) {
		return g.ClearReviewed(p.Raw, max(p.AsOf, o.AsOf), gate.Review{Content: p.Verdict.Content, Accept: true, Reasons: p.Verdict.Reasons, Files: files})
	}
	p.Accepted, p.Accepting = accept(fileReviews(items[0]))
	return p, accept, nil
}
