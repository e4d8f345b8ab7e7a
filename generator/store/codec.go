package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"github.com/huiyin/huiyin/generator/record"
)

// A fact is stored as one blob: the hash of the whole case, a format byte, and
// the fields of [record.Case] but number, question and reply text, in the order
// of encodeFact, and last the files, where there are any. Numbers are varints, texts have their length before them. The
// number is the row's own id.

// factFormat is the format of a case of which neither origin is known nor into what it
// was merged, and moreFormat that of one that has both before everything else: what was
// stored before they were read stays what it is, with its hash.
const (
	factFormat = 1
	moreFormat = 2
)

var errFact = errors.New("stored case is not readable")

// hashSize is the size of [record.Fact].Hash.
const hashSize = 16

// encodeFact returns the blob of c and the hash in it. The same case gives the
// same bytes always.
func encodeFact(c *record.Case) []byte {
	b := make([]byte, hashSize, 320)
	if c.Origin == "" && c.MergedInto == "" {
		b = append(b, factFormat)
	} else {
		b = appendString(appendString(append(b, moreFormat), string(c.Origin)), string(c.MergedInto))
	}
	b = appendRow(b, &c.Row)
	for _, s := range []string{string(c.Kind), c.Addressee, string(c.Topic), c.LegalClass, string(c.LeaderKind), string(c.Against),
		string(c.RepeatOf), c.Title, string(c.Reply.Unit), c.Reply.Spokesman, string(c.Outcome), c.OutcomeReason,
		string(c.Rating.Scale), string(c.Rating.Source), c.Consent.Basis} {
		b = appendString(b, s)
	}
	b = append(b, byte(c.OnSite), byte(c.Consent.Given), byte(c.Rating.Level))
	b = binary.AppendUvarint(b, uint64(uint32(c.Reopened)))
	b = binary.AppendUvarint(b, uint64(len(c.CoUnits)))
	for _, u := range c.CoUnits {
		b = appendString(b, string(u))
	}
	b = binary.AppendUvarint(b, uint64(len(c.Dispatches)))
	for _, d := range c.Dispatches {
		b = appendString(appendString(appendString(appendDay(b, d.Day), string(d.From)), string(d.To)), d.Reason)
		b = append(b, boolByte(d.Returned))
	}
	b = binary.AppendUvarint(b, uint64(len(c.Supervisions)))
	for _, s := range c.Supervisions {
		b = appendString(appendString(appendString(appendDay(b, s.Day), string(s.By)), s.What), s.Result)
	}
	b = binary.AppendUvarint(b, uint64(len(c.Timeline)))
	for _, s := range c.Timeline {
		b = appendString(appendString(appendString(appendDay(b, s.Day), s.What), string(s.Unit)), s.Text)
	}
	b = appendAttachments(b, c.Attachments, c.FilesWithheld)
	h := sha256.New()
	h.Write(b[hashSize:])
	var size [2 * binary.MaxVarintLen64]byte
	h.Write(binary.AppendUvarint(binary.AppendUvarint(size[:0], uint64(len(c.Number))), uint64(len(c.Question))))
	h.Write([]byte(c.Number))
	h.Write([]byte(c.Question))
	h.Write([]byte(c.Reply.Text))
	copy(b[:hashSize], h.Sum(nil))
	return b
}

func appendRow(b []byte, r *record.Row) []byte {
	for _, s := range []string{string(r.Prominence), string(r.StubReason), string(r.Unit), string(r.Area), string(r.Channel), string(r.Status)} {
		b = appendString(b, s)
	}
	for _, d := range []record.Day{r.Received, r.Dispatched, r.Due, r.FirstResponse, r.RepliedOn, r.ClosedOn, r.ResolvedOn} {
		b = appendDay(b, d)
	}
	b = binary.AppendUvarint(b, uint64(uint32(r.Days)))
	b = binary.AppendUvarint(b, uint64(uint32(r.CloseDays)))
	b = append(b, byte(r.Answered), byte(r.Finished), byte(r.OnTime), byte(r.ClosedOnTime))
	b = binary.AppendUvarint(b, uint64(len(r.Flags)))
	for _, f := range r.Flags {
		b = appendString(b, string(f))
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendDay(b []byte, d record.Day) []byte {
	return binary.AppendUvarint(b, uint64(uint32(d)))
}

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// decodeFact is the inverse of encodeFact. words makes one string of each word
// that many cases share.
func decodeFact(b []byte, number record.CaseNumber, words interner) (record.Fact, error) {
	var f record.Fact
	if len(b) < hashSize+1 || b[hashSize] != factFormat && b[hashSize] != moreFormat {
		return f, errFact
	}
	copy(f.Hash[:], b)
	d := decoder{b: b[hashSize+1:], words: words}
	f.Number = number
	if b[hashSize] == moreFormat {
		f.Origin, f.MergedInto = record.Origin(d.word()), record.CaseNumber(d.text())
		d.bad = d.bad || f.Origin == "" && f.MergedInto == ""
	}
	d.row(&f.Row)
	f.Kind = record.Kind(d.word())
	f.Addressee = d.word()
	f.Topic = record.TopicID(d.word())
	f.LegalClass = d.word()
	f.LeaderKind = record.LeaderKind(d.word())
	f.Against = record.UnitID(d.word())
	f.RepeatOf = record.CaseNumber(d.text())
	f.Title = d.text()
	f.Reply.Unit = record.UnitID(d.word())
	f.Reply.Spokesman = d.word()
	f.Outcome = record.Outcome(d.word())
	f.OutcomeReason = d.text()
	f.Rating.Scale = record.RatingScale(d.word())
	f.Rating.Source = record.RatingSource(d.word())
	f.Consent.Basis = d.word()
	f.OnSite, f.Consent.Given, f.Rating.Level = record.Tri(d.byte()), record.Tri(d.byte()), int8(d.byte())
	f.Reopened = record.Count(d.uint())
	if n := d.count(1); n > 0 {
		f.CoUnits = make([]record.UnitID, n)
		for i := range f.CoUnits {
			f.CoUnits[i] = record.UnitID(d.word())
		}
	}
	if n := d.count(5); n > 0 {
		f.Dispatches = make([]record.Dispatch, n)
		for i := range f.Dispatches {
			f.Dispatches[i] = record.Dispatch{Day: d.day(), From: record.UnitID(d.word()), To: record.UnitID(d.word()), Reason: d.text(), Returned: d.byte() == 1}
		}
	}
	if n := d.count(4); n > 0 {
		f.Supervisions = make([]record.Supervision, n)
		for i := range f.Supervisions {
			f.Supervisions[i] = record.Supervision{Day: d.day(), By: record.UnitID(d.word()), What: d.text(), Result: d.text()}
		}
	}
	if n := d.count(4); n > 0 {
		f.Timeline = make([]record.Step, n)
		for i := range f.Timeline {
			f.Timeline[i] = record.Step{Day: d.day(), What: d.word(), Unit: record.UnitID(d.word()), Text: d.text()}
		}
	}
	f.Attachments, f.FilesWithheld = d.attachments()
	if d.bad || len(d.b) > 0 {
		return record.Fact{}, errFact
	}
	return f, nil
}

func (d *decoder) row(r *record.Row) {
	r.Prominence = record.Prominence(d.word())
	r.StubReason = record.StubReason(d.word())
	r.Unit = record.UnitID(d.word())
	r.Area = record.AreaCode(d.word())
	r.Channel = record.ChannelID(d.word())
	r.Status = record.Status(d.word())
	r.Received, r.Dispatched, r.Due = d.day(), d.day(), d.day()
	r.FirstResponse, r.RepliedOn, r.ClosedOn, r.ResolvedOn = d.day(), d.day(), d.day(), d.day()
	r.Days, r.CloseDays = record.Count(d.uint()), record.Count(d.uint())
	r.Answered, r.Finished, r.OnTime, r.ClosedOnTime = record.Tri(d.byte()), record.Tri(d.byte()), record.Tri(d.byte()), record.Tri(d.byte())
	if n := d.count(1); n > 0 {
		r.Flags = make([]record.Flag, n)
		for i := range r.Flags {
			r.Flags[i] = record.Flag(d.word())
		}
	}
}

// interner keeps one copy of each short string seen.
type interner map[string]string

// maxInterned bounds an interner, should a column that is taken for words hold
// texts.
const maxInterned = 1 << 16

func (in interner) get(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := in[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(in) < maxInterned {
		in[s] = s
	}
	return s
}

// decoder reads what the append functions wrote. After the first thing that
// does not fit it reads zeros and stays bad.
type decoder struct {
	b     []byte
	words interner
	bad   bool
}

func (d *decoder) uint() uint64 {
	if len(d.b) > 0 && d.b[0] < 0x80 { // most numbers
		n := d.b[0]
		d.b = d.b[1:]
		return uint64(n)
	}
	n, size := binary.Uvarint(d.b)
	if size <= 0 || n > 1<<32-1 {
		d.b, d.bad = nil, true
		return 0
	}
	d.b = d.b[size:]
	return n
}

// count reads the length of a list whose items take at least least bytes each,
// so that a forged length cannot make room for more than there is.
func (d *decoder) count(least int) int {
	n := d.uint()
	if n > uint64(len(d.b)/least) {
		d.b, d.bad = nil, true
		return 0
	}
	return int(n)
}

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.bad = true
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) day() record.Day { return record.Day(d.uint()) }

func (d *decoder) bytes() []byte {
	n := d.uint()
	if n > uint64(len(d.b)) {
		d.b, d.bad = nil, true
		return nil
	}
	s := d.b[:n]
	d.b = d.b[n:]
	return s
}

func (d *decoder) word() string { return d.words.get(d.bytes()) }
func (d *decoder) text() string { return string(d.bytes()) }
