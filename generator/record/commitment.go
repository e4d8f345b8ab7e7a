package record

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Keeping is how a commitment turned out, as a person has stated it. The empty value
// says that nobody has.
type Keeping string

// The outcomes of a commitment.
const (
	Kept   Keeping = "kept"   // done what was promised, on a stated day
	Partly Keeping = "partly" // done in part
	Broken Keeping = "broken" // not done
)

// Valid reports whether k is one of the outcomes.
func (k Keeping) Valid() bool { return k == Kept || k == Partly || k == Broken }

// Standing is what became of the reply in which a commitment stands.
type Standing string

// What becomes of a commitment. One that does not stand goes on being counted apart:
// no office loses a promise by changing its reply.
const (
	Stands       Standing = "stands"     // the reply is published as it was when the commitment was accepted
	ReplyChanged Standing = "changed"    // the reply was changed since
	ReplyGone    Standing = "gone"       // the case was withdrawn, or is published as a row alone
	TakenBack    Standing = "taken-back" // it was accepted by mistake, and a person said so
)

// Commitment is a promise in a published reply that a person has accepted as one.
type Commitment struct {
	Number  CaseNumber `json:"number"`
	Code    string     `json:"code"` // names the wording and the whole reply that it stands in
	Unit    UnitID     `json:"unit,omitempty"`
	Made    Day        `json:"made"` // of the reply; unknown where it was not delivered
	Due     Day        `json:"due"`
	Keeping Keeping    `json:"keeping,omitempty"`
	On      Day        `json:"on,omitempty"` // of Keeping: when it was kept, or found to be what it is
	ShownBy CaseNumber `json:"shown_by,omitempty"`

	Standing Standing `json:"standing"`
	Wording  string   `json:"wording,omitempty"` // of one that stands: from the published reply
}

// Act is what a person did about a promise.
type Act string

// The acts.
const (
	Accept   Act = "accept"    // it is a commitment
	Decline  Act = "decline"   // it is none; it is not proposed again while the reply is the same
	TakeBack Act = "take-back" // it was accepted by mistake
	Replace  Act = "replace"   // the reply was changed, and this is the same promise in it
	State    Act = "outcome"   // how it turned out
)

// CommitmentAct is one line of the history of what people have judged of the promises
// in replies. It is kept for good, and no page shows it.
type CommitmentAct struct {
	Number  CaseNumber `json:"number"`
	Code    string     `json:"code"`
	Act     Act        `json:"act"`
	New     string     `json:"new,omitempty"` // of Replace: the code from then on
	Place   Place      `json:"-"`             // of Accept, Decline and Replace
	Made    Day        `json:"made,omitempty"`
	Due     Day        `json:"due,omitempty"`
	Keeping Keeping    `json:"keeping,omitempty"`
	On      Day        `json:"on,omitempty"`
	ShownBy CaseNumber `json:"shown_by,omitempty"`
	By      string     `json:"by"`     // as stated, not proved
	Stated  Day        `json:"stated"` // when
}

// Place is where a promise stands in a reply, in bytes from its beginning.
type Place struct {
	Start int // the words that name the time
	End   int // byte after their last
	From  int // the sentence that they stand in: the wording of the promise
	To    int
}

// Wording returns the sentence at p in a reply, or "" where the reply is too short.
func (p Place) Wording(reply string) string {
	if p.From < 0 || p.From > p.Start || p.Start >= p.End || p.End > p.To || p.To > len(reply) {
		return ""
	}
	return reply[p.From:p.To]
}

// Code names a promise in the reply to a case: eight hexadecimal digits, others as soon
// as anything of the reply is another, so that whoever judges a promise says which one
// was looked at.
func (p Place) Code(number CaseNumber, reply string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %d %d %d\n%s", number, p.From, p.To, p.Start, p.End, reply)
	return hex.EncodeToString(h.Sum(nil)[:4])
}
