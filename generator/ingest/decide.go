package ingest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Settle takes what is pending in the intake through the gate into the store, in
// a batch of its own: what a person has decided about, or what rules that have
// changed are to judge anew. why names the batch, such as "decision". The source
// of the options is not asked. AsOf must be the cut-off of the store, so that the
// batch does not move it; where the store is empty, the day of Now serves.
//
// Equal batches and decisions in equal order give equal numbers. A run that was
// killed is finished by the next one, or by the next [Run].
func Settle(ctx context.Context, o Options, why string) (sum Summary, err error) {
	if o.Intake == nil || o.Gate == nil || o.Store == nil || o.Now == nil {
		return sum, errors.New("ingest: intake, gate, store and clock are needed")
	}
	o = o.withDefaults()
	unlock, err := o.Store.Lock()
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	refs, err := o.Intake.Pending(ctx)
	if err != nil || len(refs) == 0 {
		return sum, err
	}
	day := o.AsOf
	if !day.Known() {
		day = record.DayOf(o.Now())
	}
	r := run{Options: o, job: job{batch: source.Batch{Name: why}, asOf: day}}
	r.progress = Progress{Batch: why, Batches: 1}
	r.sum.Name, r.sum.AsOf = why, day
	digest, seen, err := r.pendingBatch(ctx, why, refs)
	if err != nil {
		return sum, err
	}
	r.batch.Digest = digest
	err = r.settle(ctx, digest, seen)
	sum.add(r.sum)
	return sum, err
}

// pendingBatch returns the digest of a batch of what is pending, and whether the store
// has it already.
func (r *run) pendingBatch(ctx context.Context, why string, refs []intake.Ref) (digest [32]byte, seen bool, err error) {
	records, err := r.Intake.LastRecord(ctx)
	if err != nil {
		return digest, false, err
	}
	digest = digestOf(why, r.Gate.PolicyHash(), refs, records)
	seen, err = r.Store.Seen(ctx, digest)
	return digest, seen, err
}

// digestOf tells one such batch from another: by the rules, by what is pending,
// and by the last review record, which each decision and each batch adds to. It
// stays the same until the intake has noted what became of the batch.
func digestOf(why, policy string, refs []intake.Ref, lastRecord int64) (digest [32]byte) {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%d\n", why, policy, lastRecord)
	for _, r := range refs {
		fmt.Fprintf(h, "%s %s\n", r.MAC, r.Number)
	}
	h.Sum(digest[:0])
	return digest
}

// review returns the decision of a person about an item, as the gate asks for it.
func review(item intake.Item) gate.Review {
	r := item.Review
	return gate.Review{Content: r.Content, Accept: r.Accept, Reasons: r.Reasons, Accepted: r.Accepted, Files: fileReviews(item)}
}

// fileReviews returns the decisions of a person about single files of an item.
func fileReviews(item intake.Item) (all []gate.FileReview) {
	for _, f := range item.Files {
		all = append(all, gate.FileReview{Content: f.Content, Accept: f.Accept, Reasons: f.Reasons})
	}
	return all
}

// masked returns the keyed hashes of what was masked or held for.
func masked(v gate.Verdict) (all []intake.MaskedValue) {
	for _, f := range v.Findings {
		m := intake.MaskedValue{Type: f.Type, Value: f.Value}
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}
