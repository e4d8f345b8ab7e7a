// Package source describes raw input as an office delivers it, and the mapping
// that yields it. Nothing here is fit to publish: values are whatever the
// export contained, and must not be logged, printed in an error or shown to
// anyone before the gate has cleared them.
//
// The packages below source read one kind of upstream each. They never import
// each other.
package source

// Kind is what a raw record is about.
type Kind string

// The kinds of raw record.
const (
	Case       Kind = "case"
	Unit       Kind = "unit"
	Area       Kind = "area"
	Topic      Kind = "topic"
	Channel    Kind = "channel"
	Assessment Kind = "assessment"

	// Accountability is what was done about a unit (问责).
	Accountability Kind = "accountability"
)

// Keyed reports whether every row of the kind is a record of its own, known by the
// office's own number: of the registers, several rows may speak of one entry.
func (k Kind) Keyed() bool { return k == Case || k == Assessment || k == Accountability }

// Raw is one record as received, its columns renamed and its words and times
// brought into the forms of the Field constants by a mapping, its texts
// untouched.
//
// A field that is present and empty is known to be empty; a field that is
// absent was not carried by this export, and says nothing. "Unknown is not
// zero" begins here.
type Raw struct {
	Kind   Kind
	Stream string            // the input of the mapping that it came from; a join merges streams by Key
	Key    string            // the office's own number; never published
	Gone   bool              // upstream tombstone: the case is to be withdrawn
	Fields map[string]string // by Field constant
	Void   []string          // fields that were stated before, are so no longer, and are not carried: what was taken from them goes
	Files  []File
	Where  Where
}

// File is an attachment as received.
type File struct {
	Name string
	Type string // media type as claimed
	Body []byte
}

// Where is the place of a record in what was received, for messages to the
// office. It holds no value of the record.
type Where struct {
	File  string // name of the file, with "!" and the inner name for an archive
	Sheet string // of a workbook, else ""
	Row   int    // 1 is the first row or line of the file or sheet; 0 when it does not apply
}

// Batch is one input file or one page of an exchange: the unit of a
// transaction. Batches are taken in the order of (AsOf, Name).
type Batch struct {
	Name   string   // base name of the file, unique within the source
	AsOf   string   // as-of day as 2006-01-02, or "" where the export does not state it
	Digest [32]byte // SHA-256 of the bytes: bytes seen before change nothing
	Size   int64
	ID     string // opaque, for the source that made it
}

// Rejected is a row that could not be read. It goes to quarantine, where it is
// counted and listed; the rest of its file goes on. Reason and Hint never hold
// a value of the row.
type Rejected struct {
	Where
	Column string // header of the column, or "" when the row as a whole is meant
	Code   string // stable word, such as "bad-json", "bad-date", "excel-ruined-id"
	Reason string // what is wrong, in words for the office
	Hint   string // what to do about it

	// Kept reports that the row itself stands and only the value of Column was
	// set aside: the field is absent from the Raw, as if it had not been carried.
	Kept bool
}
