package assess

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// CountingVersion says what a [Tally] counts and how it is written. It is raised with
// every change of either, so that nothing counted by another program is added up; a
// test holds it to what is counted.
const CountingVersion = 4

// A tally is written as a head, a section a month, and the SHA-256 of both. The head is
// the version, what is delivered and the span of days. A section holds the counts of
// each scope that received anything in the month, by dimension and identifier, the
// whole installation first. Of the numbers of a scope those that are not zero are
// written, each with how many it follows that are; then its histograms, and its cases by
// channel.

// Append writes the tally behind b. Equal tallies are written as equal bytes.
func (t *Tally) Append(b []byte) []byte {
	start := len(b)
	b = binary.AppendUvarint(b, CountingVersion)
	b = binary.AppendUvarint(b, uint64(len(t.has)))
	for _, yes := range t.has {
		b = append(b, byte(one(yes)))
	}
	b = binary.AppendVarint(b, int64(t.since))
	b = binary.AppendVarint(b, int64(t.until))
	months := t.all.received()
	b = binary.AppendUvarint(b, uint64(len(months)))
	var section []byte
	for _, m := range months {
		section = t.appendMonth(section[:0], m)
		b = binary.AppendVarint(b, int64(m))
		b = binary.AppendUvarint(b, uint64(len(section)))
		b = append(b, section...)
	}
	sum := sha256.Sum256(b[start:])
	return append(b, sum[:]...)
}

func (t *Tally) appendMonth(b []byte, m record.Month) []byte {
	dims := slices.Sorted(maps.Keys(t.dims))
	b = binary.AppendUvarint(b, uint64(len(dims)))
	b = t.all.month(m).append(b)
	for _, dim := range dims {
		b = appendText(b, string(dim))
		scopes := t.dims[dim]
		var ids []string
		for id, s := range scopes {
			if s.month(m) != nil {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		b = binary.AppendUvarint(b, uint64(len(ids)))
		for _, id := range ids {
			b = appendText(b, id)
			b = scopes[id].month(m).append(b)
		}
	}
	return b
}

// month returns the counts of a month, nil when nothing was received.
func (s *series) month(m record.Month) *counts {
	if i := int(m - s.first); len(s.months) > 0 && i >= 0 && i < len(s.months) {
		return s.months[i]
	}
	return nil
}

// plain is how many numbers [counts] has beside its histograms.
const plain = 5 + numReasons + 3*int(numRates) + len(scales)*len(sources)*5 + 2 + 4

// numbers calls f for every number but those of the histograms, always in the same
// order, and puts what it returns in its place.
func (c *counts) numbers(f func(int64) int64) {
	for _, n := range [...]*int64{&c.received, &c.full, &c.stubs, &c.withdrawn, &c.merged} {
		*n = f(*n)
	}
	for i := range c.reasons {
		c.reasons[i] = f(c.reasons[i])
	}
	for i := range c.rates {
		t := &c.rates[i]
		t.num, t.den, t.unknown = f(t.num), f(t.den), f(t.unknown)
	}
	for i := range c.levels {
		for j := range c.levels[i] {
			for k, n := range c.levels[i][j] {
				c.levels[i][j][k] = uint32(f(int64(n)))
			}
		}
	}
	for _, n := range [...]*int64{&c.noDays, &c.noClose, &c.returns, &c.repeats, &c.reviewed, &c.reReviewed} {
		*n = f(*n)
	}
}

func (c *counts) histograms() [3]*histogram {
	return [...]*histogram{&c.firstDays, &c.days, &c.closeDays}
}

func (c *counts) append(b []byte) []byte {
	zeros := uint64(0)
	c.numbers(func(n int64) int64 {
		if n == 0 {
			zeros++
			return n
		}
		b = binary.AppendUvarint(b, zeros)
		b = binary.AppendUvarint(b, uint64(n))
		zeros = 0
		return n
	})
	b = binary.AppendUvarint(b, zeros)
	b = binary.AppendUvarint(b, 0) // no number is zero: the end
	for _, h := range c.histograms() {
		last := -1
		h.each(func(d int, n int64) {
			b = binary.AppendUvarint(b, uint64(d-last))
			b = binary.AppendUvarint(b, uint64(n))
			last = d
		})
		b = binary.AppendUvarint(b, 0) // no two days are the same: the end
	}
	b = binary.AppendUvarint(b, uint64(len(c.channels)))
	for _, k := range c.channels {
		b = binary.AppendUvarint(appendText(b, k.id), uint64(k.n))
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errTally = errors.New("counts that were kept are not readable")

// Counted reports whether a tally that was written is whole, was counted by this
// version of the program, and holds at the cut-off. Any other is counted anew.
func Counted(tally []byte, cutoff record.Day) bool {
	r, ok := openTally(tally)
	if !ok {
		return false
	}
	var t Tally
	r.head(&t)
	return !r.bad && t.since <= cutoff && cutoff < t.until
}

// CountedSince returns the first day at which a tally that was written holds, and whether
// it is whole and of this version. Counted again at that day, the same cases are written
// as the same bytes.
func CountedSince(tally []byte) (day record.Day, ok bool) {
	r, ok := openTally(tally)
	if !ok {
		return 0, false
	}
	var t Tally
	r.head(&t)
	return t.since, !r.bad
}

// openTally returns the bytes of a tally behind its version, ready to be read.
func openTally(b []byte) (r tallyReader, ok bool) {
	n := len(b) - sha256.Size
	if n < 0 || sha256.Sum256(b[:n]) != [sha256.Size]byte(b[n:]) {
		return r, false
	}
	r.b = b[:n]
	return r, r.uint() == CountingVersion && !r.bad
}

// Merge adds a tally that [Counted] accepts at the cut-off of the Builder, and refuses
// any other. After an error the Builder must not be used.
func (b *Builder) Merge(tally []byte) error {
	r, ok := openTally(tally)
	if !ok {
		return errTally
	}
	var head Tally
	r.head(&head)
	if r.bad || b.tally.cutoff < head.since || b.tally.cutoff >= head.until {
		return errTally
	}
	for i, yes := range head.has {
		b.tally.has[i] = b.tally.has[i] || yes
	}
	b.tally.since, b.tally.until = max(b.tally.since, head.since), min(b.tally.until, head.until)
	for range r.length(2) {
		m := record.Month(r.int())
		section := r.bytes()
		if r.bad {
			break
		}
		sum, before := sha256.Sum256(section), b.prints[m]
		b.prints[m] = sha256.Sum256(append(before[:], sum[:]...))
		s := tallyReader{b: section}
		s.month(b.tally, m)
		if s.bad || len(s.b) > 0 {
			return errTally
		}
	}
	if r.bad || len(r.b) > 0 {
		return errTally
	}
	return nil
}

// tallyReader reads what Append wrote. After the first thing that does not fit it
// reads zeros and stays bad.
type tallyReader struct {
	b   []byte
	bad bool
}

func (r *tallyReader) uint() uint64 {
	if len(r.b) > 0 && r.b[0] < 0x80 { // most numbers
		n := r.b[0]
		r.b = r.b[1:]
		return uint64(n)
	}
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *tallyReader) int() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[size:]
	return n
}

// length reads how many things of at least least bytes follow.
func (r *tallyReader) length(least int) int {
	n := r.uint()
	if n > uint64(len(r.b)/least) {
		r.b, r.bad = nil, true
		return 0
	}
	return int(n)
}

func (r *tallyReader) bytes() []byte {
	n := r.length(1)
	s := r.b[:n]
	r.b = r.b[n:]
	return s
}

func (r *tallyReader) head(t *Tally) {
	if n := r.length(1); n != len(t.has) {
		r.bad = true
		return
	}
	for i := range t.has {
		t.has[i] = r.b[i] == 1
	}
	r.b = r.b[len(t.has):]
	t.since, t.until = record.Day(r.int()), record.Day(r.int())
}

func (r *tallyReader) month(t *Tally, m record.Month) {
	dims := r.length(2)
	r.counts(t, t.all.at(m))
	for range dims {
		dim := record.Dimension(r.bytes())
		for range r.length(2) {
			id := r.bytes()
			if r.bad {
				return
			}
			s := t.dims[dim][string(id)]
			if s == nil {
				s = t.series(dim, string(id))
			}
			r.counts(t, s.at(m))
		}
	}
}

// counts adds what was written of one scope to c, which is of t.
func (r *tallyReader) counts(t *Tally, c *counts) {
	var read [plain]int64
	for at := 0; ; at++ {
		zeros, n := r.uint(), r.uint()
		if r.bad || zeros > uint64(plain-at) || n > 1<<62 {
			r.bad = true
			return
		}
		at += int(zeros)
		if n == 0 {
			break
		}
		if at == plain {
			r.bad = true
			return
		}
		read[at] = int64(n)
	}
	i := 0
	c.numbers(func(n int64) int64 {
		n += read[i]
		i++
		return n
	})
	for _, h := range c.histograms() {
		for d := -1; ; {
			gap := r.uint()
			if gap == 0 {
				break
			}
			n := r.uint()
			if r.bad || gap > 1<<31 || n == 0 || n > 1<<32-1 || d > 1<<31 {
				r.bad = true
				return
			}
			d += int(gap)
			h.add(d, uint32(n))
		}
	}
	for range r.length(2) {
		id, n := r.bytes(), r.uint()
		if r.bad || len(id) == 0 || n == 0 || n > 1<<62 {
			r.bad = true
			return
		}
		w, ok := t.words[string(id)]
		if !ok {
			w = t.word(string(id))
		}
		c.through(w, int64(n))
	}
}
