package gate

import (
	"slices"

	"github.com/huiyin/huiyin/generator/source"
)

// Cleared holds one value of package record that may be published. Only this
// package can make one: the zero Cleared is not valid, and the store refuses
// it. A Cleared is immutable.
type Cleared struct {
	value  any // record.Case, Unit, Area, Topic, Channel, Assessment, Accountability, Withdrawal or People, by value
	keyMAC string
	has    map[string]bool
	repeat string
	merged string
	policy string
	masked bool                 // see Further
	bodies map[string]CleanFile // the files, by SHA-256 in hexadecimal
}

// Valid reports whether c was made by the gate.
func (c Cleared) Valid() bool { return c.value != nil }

// Value returns the record by value: a [record.Case] without its number, a
// [record.Unit], [record.Area], [record.Topic], [record.Channel],
// [record.Assessment], for an upstream tombstone a [record.Withdrawal], or, from
// [Gate.ClearPeople], a [record.People].
func (c Cleared) Value() any { return c.value }

// KeyMAC is the keyed hash of the source key, in hexadecimal: the only form in
// which the store knows where a case came from.
func (c Cleared) KeyMAC() string { return c.keyMAC }

// Has reports whether the delivery carried the given Field constant of package
// source. A field that it did not carry stays as it was cleared before.
func (c Cleared) Has(field string) bool { return c.has[field] }

// RepeatMAC is the keyed hash of the key of the case that this one repeats, or "".
func (c Cleared) RepeatMAC() string { return c.repeat }

// MergedMAC is the keyed hash of the key of the case that this one was merged
// into, or "".
func (c Cleared) MergedMAC() string { return c.merged }

// Further reports whether c is of [Gate.Reclear] and every text in it is one of those
// that stood before, masked further or as it was: it shows no more of them.
func (c Cleared) Further() bool { return c.masked }

// Body returns the bytes of the file of [record.Case].Attachments with the given
// SHA-256, in a copy, or nil where there is none.
func (c Cleared) Body(sha256 string) []byte { return slices.Clone(c.bodies[sha256].Body) }

// BodyText returns the text of that file as it is masked, or "".
func (c Cleared) BodyText(sha256 string) string { return c.bodies[sha256].Text }

// PolicyHash is [Gate.PolicyHash] of the gate that made c.
func (c Cleared) PolicyHash() string { return c.policy }

// Decision is what the gate decided about one raw record.
type Decision string

// The decisions.
const (
	Publish Decision = "publish" // in full
	Stub    Decision = "stub"    // the row alone, by rule
	Hold    Decision = "hold"    // the row alone, until a person has decided
	Silent  Decision = "silent"  // perhaps accusing: no number and no row until a person has decided
	Exclude Decision = "exclude" // 检举控告: no number, no row, counted once
	Refuse  Decision = "refuse"  // cannot be a record, such as a case without a received day: quarantine
)

// Verdict is the decision and what it rests on. It holds no value of the
// record, only codes, places and keyed hashes.
type Verdict struct {
	Decision Decision
	Reasons  []string          // stable codes, sorted, such as "no-consent" or "no-received-day"
	Findings []Finding         // what was found and masked or held for
	Content  string            // keyed hash of everything received of the record, hexadecimal; a [Review] is bound to it
	Output   string            // keyed hash of what was cleared, hexadecimal; "" where nothing was
	Sample   bool              // published masked, and drawn for a person to look at afterwards
	Reviewed bool              // a person's decision took part
	Files    []FileVerdict     // what became of the files of a case that is published in full, in its order
	Quality  []source.Rejected // values set aside, such as a date in the future; the rest of the record stands
}

// Finding is one personal datum that was found. Value is a keyed hash; the
// datum itself is never kept.
type Finding struct {
	Type       string // one of [Types]
	Field      string
	Start, End int    // byte offsets in the field as received
	Confidence int    // 0 to 100
	Action     string // "mask", "sample" (masked, and some such cases are drawn) or "hold"
	Value      string // HMAC-SHA256 of the normalised datum, hexadecimal
	Detector   string // name@version
}
