package gate

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// Review is what a person decided about one content of a record. It counts only
// for the content that the person saw: any other is judged anew, but a case that was
// rejected is not published again until a person has decided once more.
type Review struct {
	Content string // [Verdict.Content] of what was decided about
	Accept  bool   // publish it masked; false: it is not to be published

	// Reasons are those that the person accepts, from [Verdict.Reasons]. A hold for
	// another reason stands, such as one that a newer detector found. Nil accepts
	// all that [Acceptable] allows. Of what is rejected they say whether it was taken
	// for a case that accuses an official.
	Reasons []string

	// Accepted are the reasons that a person accepted of the same content before she
	// rejected it. A case that she took for an ordinary one then does not accuse an
	// official: what is rejected is the ordinary case.
	Accepted []string

	// Files are decisions about single files of a case. Each counts for the bytes
	// that it names, whatever else of the record has changed since.
	Files []FileReview
}

// ClearReviewed is [Gate.Clear] of a record that a person has decided about. An
// acceptance of another content is ignored. A case that was rejected with another
// content and would be published now is held, and one that was taken to accuse an
// official is silent ("rejected-before"): whoever rejected it may have seen what the
// gate does not find, and a day or a rating that is new does not answer that.
// [Verdict.Reviewed] tells whether the
// review took part; the reasons to hold that it overcame stay in
// [Verdict.Reasons].
//
// Accepting lets a held record out with everything masked that was found,
// certain or doubtful, and makes a case that perhaps accuses an official an
// ordinary one, which may then be held for what is in it. Rejecting leaves the
// row alone of a case that would be held or published ("rejected"), excludes a
// case that perhaps accuses an official unless it was accepted as an ordinary one
// before ([Review.Accepted]), and refuses a register entry. Nothing is
// ever unmasked, and what was held because it could not be looked at stays held;
// see [Acceptable].
func (g *Gate) ClearReviewed(raw source.Raw, asOf record.Day, r Review) (Cleared, Verdict) {
	content := g.contentMAC(raw)
	seen := hmac.Equal([]byte(r.Content), []byte(content))
	if seen && r.Accept {
		return g.clear(raw, asOf, content, &r, r.Files)
	}
	ordinary := !r.Accept && slices.Contains(r.Accepted, perhapsAccusing)
	accusing := slices.Contains(r.Reasons, perhapsAccusing) && !ordinary
	var earlier *Review
	if seen && ordinary {
		earlier = &Review{Accept: true, Reasons: []string{perhapsAccusing}}
	}
	cleared, v := g.clear(raw, asOf, content, earlier, r.Files)
	switch {
	case seen:
		return g.reject(raw, cleared, v, accusing)
	case r.Content != "" && !r.Accept:
		return g.rejectedBefore(cleared, v, accusing)
	}
	return cleared, v
}

// rejectedBefore turns what the gate decided by itself into what it decides about a
// record that a person has rejected with another content. Only cases are meant: an
// entry of a register that is mended may stand at once.
func (g *Gate) rejectedBefore(cleared Cleared, v Verdict, accusing bool) (Cleared, Verdict) {
	c, isCase := cleared.value.(record.Case)
	if !isCase || v.Decision != Publish && !accusing {
		return cleared, v
	}
	if accusing {
		v.Decision, cleared = Silent, Cleared{}
		v.Reasons = append(slices.Clone(v.Reasons), perhapsAccusing)
	} else {
		v.Decision = Hold
		cleared = cleared.stub(c, record.UnderReview)
	}
	return g.undrawn(cleared, v, rejectedBefore)
}

// stub returns c without all but the row of the case k that it holds.
func (c Cleared) stub(k record.Case, why record.StubReason) Cleared {
	c.value, c.repeat, c.bodies = record.Case{Row: k.Row}.Stub(record.StubOnly, why), "", nil
	return c
}

// undrawn ends a decision that keeps back what would have been published: it is not
// drawn, no file waits, and the reason is given.
func (g *Gate) undrawn(cleared Cleared, v Verdict, reason string) (Cleared, Verdict) {
	v.Sample, v.Files = false, nil
	v.Reasons = sorted(append(slices.DeleteFunc(slices.Clone(v.Reasons), func(s string) bool { return s == sampleReason }), reason))
	v.Output = g.outputMAC(cleared)
	return cleared, v
}

// reject turns what the gate decided by itself into what it decides about a
// record that a person has rejected.
func (g *Gate) reject(raw source.Raw, cleared Cleared, v Verdict, accusing bool) (Cleared, Verdict) {
	switch c, isCase := cleared.value.(record.Case); {
	case v.Decision == Silent, isCase && accusing:
		v.Decision, cleared = Exclude, Cleared{}
	case v.Decision != Hold && v.Decision != Publish || raw.Gone:
		return cleared, v // nothing is left to reject
	case isCase:
		v.Decision = Stub
		cleared = cleared.stub(c, record.NotSuitable)
	case raw.Kind == source.Case:
		return cleared, v // held, and not even its row could be made
	default:
		v.Decision, cleared = Refuse, Cleared{}
	}
	v.Reviewed = true
	return g.undrawn(cleared, v, "rejected")
}

// sampleReason is the reason of a case that was drawn.
const sampleReason = "sample"

// rejectedBefore is the reason of a case that a person has rejected as it was
// delivered before.
const rejectedBefore = "rejected-before"

// perhapsAccusing is the reason of a case that perhaps accuses an official.
const perhapsAccusing = "perhaps-accusing"

// Prefixes of the reasons that name a kind of finding or of matter.
const (
	doubtfulPrefix  = "doubtful-"
	heldPrefix      = "held-"
	sensitivePrefix = "sensitive-"
)

// notes are the reasons that keep nothing back: they say how a record was
// published or why only its row was.
var notes = set(
	attachmentsLeftOut, "question-without-reply", "no-consent", "consent-not-carried", "merged", "not-answered",
	"no-reply-carried", "third-party-refused", "third-party-agreed", "rejected",
)

// Acceptable reports whether a person may accept a record with these reasons
// from [Verdict.Reasons], so that [Gate.ClearReviewed] publishes it masked.
//
// A person may accept what she can judge by reading: doubtful findings and those
// that the policy holds, what the text is about (sensitive-minor and the like,
// perhaps-accusing), a case that was drawn (sample) or rejected as it was delivered
// before (rejected-before), and one whose third party has not answered. She may not accept what the gate could not look at or does not
// know: unknown-field, bad-utf8, text-too-long, budget-spent, internal-error,
// missing-list, nested-encoding, not-clean, row-only, and every reason that is not
// listed here. Those end when the export, the mapping or the program is mended.
// Reasons that keep nothing back, such as attachments-left-out and all that begin
// with attachment-, do not count;
// where there are no others there is nothing to accept, and the answer is no.
func Acceptable(reasons []string) bool {
	some := false
	for _, reason := range reasons {
		switch {
		case notes[reason], strings.HasPrefix(reason, attachmentPrefix):
		case acceptable(reason):
			some = true
		default:
			return false
		}
	}
	return some
}

// acceptable reports whether a person may accept one reason to hold.
func acceptable(reason string) bool {
	for _, prefix := range []string{doubtfulPrefix, heldPrefix} {
		if typ, ok := strings.CutPrefix(reason, prefix); ok {
			return slices.Contains(Types(), typ)
		}
	}
	switch reason {
	case perhapsAccusing, sampleReason, thirdPartyConsultation, rejectedBefore:
		return true
	}
	return slices.Contains(sensitiveReasons(), reason)
}

// accepts reports whether the review lets a record out in spite of a reason.
func (r *Review) accepts(reason string) bool {
	return r != nil && r.Accept && acceptable(reason) && (r.Reasons == nil || slices.Contains(r.Reasons, reason))
}

// contentMAC returns the keyed hash of everything received of a record but the
// place it stood at. Each part is written with its length, so that no two records
// read alike.
func (g *Gate) contentMAC(raw source.Raw) string {
	return g.macs.hex(func(w *macer) {
		w.text("content@1")
		w.text(string(raw.Kind))
		w.text(raw.Key)
		gone := "no"
		if raw.Gone {
			gone = "yes"
		}
		w.text(gone)
		w.count(len(raw.Fields))
		for _, field := range slices.Sorted(maps.Keys(raw.Fields)) {
			w.text(field)
			w.text(raw.Fields[field])
		}
		w.count(len(raw.Files))
		for _, f := range raw.Files {
			sum := sha256.Sum256(f.Body)
			w.text(f.Name)
			w.text(f.Type)
			w.b = append(w.b, sum[:]...)
		}
	})
}

// outputMAC returns the keyed hash of what was cleared, and "" for nothing.
func (g *Gate) outputMAC(c Cleared) string {
	if c.value == nil {
		return ""
	}
	return g.macs.hex(func(w *macer) {
		w.text("output@2")
		w.value(reflect.ValueOf(c.value))
		w.text(c.repeat)
		w.text(c.merged)
	})
}

// drawn reports whether a case with this key is one of the sample.
func (g *Gate) drawn(raw source.Raw) bool {
	sum := g.macs.of(func(w *macer) {
		w.text("sample@1")
		w.text(string(raw.Kind))
		w.text(raw.Key)
	})
	return binary.BigEndian.Uint64(sum[:])%uint64(g.policy.SampleEvery) == 0
}
