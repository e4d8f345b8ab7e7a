package ingest

import (
	"context"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// reclears reports whether the gate is to look at what is published of an item,
// because what was received of it is erased, as a whole or in part. What the office has
// stated and the store has not been told of comes first: it may be no text.
func (s standing) reclears(item intake.Item) bool {
	some, _ := item.Erased()
	return some && item.Kind == source.Case && !item.Raw.Gone && s.Prominence == record.Full && len(item.Untold) == 0
}

// rests reports whether there is nothing of an item that the gate could look at: what
// was received is erased, its row alone is published, and the office has nothing to say of
// it that the store has not been told.
func (s standing) rests(item intake.Item) bool {
	_, all := item.Erased()
	return all && item.Kind == source.Case && !item.Raw.Gone && s.Prominence == record.StubOnly && len(item.Untold) == 0
}

// reclear lets what is published of an item through the gate.
func reclear(ctx context.Context, g Clearer, published Published, item intake.Item, s standing, asOf record.Day) (gate.Cleared, gate.Verdict, error) {
	var files []record.AttachmentBody
	if len(s.Attachments) > 0 {
		for f, err := range published.Attachments(ctx, s.Number, s.Number) {
			if err != nil {
				return gate.Cleared{}, gate.Verdict{}, err
			}
			files = append(files, f)
		}
	}
	r := review(item)
	r.Accept = r.Accept && item.Decided()
	cleared, verdict := g.Reclear(item.Raw, s.Case, files, asOf, r)
	return cleared, verdict, nil
}
