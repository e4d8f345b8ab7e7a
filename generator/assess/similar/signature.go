package similar

import (
	"encoding/binary"
	"math/bits"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

const (
	bins    = 256      // bytes of a signature
	words   = bins / 8 // and words of eight
	shingle = 5        // characters of a shingle
)

// MinShingles is the number of shingles that a text must have to be compared; a text
// of fewer than MinShingles+4 characters in its normal form ("已办结。") has no
// signature. So short a text says the same as another by necessity, and a few
// shingles are too few to judge by.
const MinShingles = 12

// Version is the version of signatures: it counts up when a text would get another
// one than before. Only signatures of one version can be compared.
const Version = 1

// Signature stands for a text in comparisons. The zero Signature is that of a text
// that is too short to be compared. Two Signatures are equal, by ==, when the texts have the
// same set of shingles, and all but never when they are unlike.
type Signature struct {
	w [words]uint64 // bin 8i+j is byte j of w[i], the lowest first
}

// Of returns the signature of a text. It depends on nothing but the text and
// [Version], takes time in proportion to the length of the text, and allocates
// nothing.
func Of(text string) Signature {
	var lowest [bins]uint64
	for i := range lowest {
		lowest[i] = ^uint64(0)
	}
	n := 0
	f := folder{text: text}
	var hi, lo uint64 // the last five characters, of 21 bits each
	for r, ok := f.next(); ok; r, ok = f.next() {
		hi = (hi<<21 | lo>>43) & (1<<(shingle*21-64) - 1)
		lo = lo<<21 | uint64(r)
		if n++; n < shingle {
			continue
		}
		h := mix(hi, lo)
		if b := &lowest[h>>56]; h < *b {
			*b = h
		}
	}
	if n-shingle+1 < MinShingles {
		return Signature{}
	}
	return pack(&lowest)
}

// mix hashes one shingle to 64 bits. The first eight are the bin, all together are
// the order, and the last eight are kept.
func mix(hi, lo uint64) uint64 {
	a, b := bits.Mul64(lo^0x9e3779b97f4a7c15, hi^0xd6e8feb86659fd93)
	h := (a ^ b) * 0xff51afd7ed558ccd
	h ^= h >> 32
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>29
}

// pack keeps eight bits of each bin, and lends to an empty bin those of a full one.
// Which one is lent from is fixed for each bin, as a walk over all bins that ends at
// the first full one: two texts lend alike as far as they are alike.
func pack(lowest *[bins]uint64) Signature {
	var s Signature
	for i := range lowest {
		j := i
		if lowest[i] == ^uint64(0) {
			walk := mix(0, uint64(i))
			j = int(walk >> 56)
			for step := int(walk>>32) | 1; lowest[j] == ^uint64(0); {
				j = (j + step) % bins // an odd step comes by every bin
			}
		}
		s.w[i/8] |= (lowest[j] & 0xff) << (i % 8 * 8)
	}
	if s == (Signature{}) {
		s.w[0] = 1 // zero is the text that is too short
	}
	return s
}

// TooShort says whether s is of a text that is too short to be compared.
func (s *Signature) TooShort() bool { return *s == Signature{} }

// Likeness returns the estimated Jaccard similarity of the sets of shingles of two
// texts, out of 255. With m of the 256 bins equal it is (m-1)/255, and not below
// zero: of bins that have nothing to do with each other one in 256 is equal by chance.
// A text that is too short is like none, and the denominator is zero.
func Likeness(a, b *Signature) record.Rate {
	if a.TooShort() || b.TooShort() {
		return record.Rate{}
	}
	return record.Rate{Num: int64(max(likeness(a, b, 0), 0)), Den: bins - 1}
}

// likeness returns how many of 255 a and b have alike, or a number below least when
// it is below least.
func likeness(a, b *Signature, least int) int {
	equal, left := 0, bins
	for i := range a.w {
		equal += zeroBytes(a.w[i] ^ b.w[i])
		if left -= 8; equal-1+left < least {
			break
		}
	}
	return equal - 1
}

// zeroBytes counts the bytes of x that are zero.
func zeroBytes(x uint64) int {
	const low = 0x7f7f7f7f7f7f7f7f
	// The top bit of each byte is set when any bit of the byte is.
	return 8 - bits.OnesCount64(((x&low)+low|x)&^low)
}

// AppendBinary appends the stable binary form of s: one byte of [Version], and after
// it the 256 bytes of the signature, or nothing where the text is too short. It never
// fails.
func (s Signature) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, Version)
	if s.TooShort() {
		return b, nil
	}
	for _, w := range s.w {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b, nil
}

// MarshalBinary returns the form that [Signature.AppendBinary] appends.
func (s Signature) MarshalBinary() ([]byte, error) {
	return s.AppendBinary(make([]byte, 0, 1+bins))
}

// Parse reads the binary form of a signature. What another version wrote is an error:
// the signature is made again from the text.
func Parse(b []byte) (Signature, error) {
	var s Signature
	switch {
	case len(b) == 0:
		return s, fault.New("signature is empty", "make it again from the text")
	case b[0] != Version:
		return s, fault.New("signature is of another version", "make it again from the text")
	case len(b) == 1:
		return s, nil
	case len(b) != 1+bins:
		return s, fault.New("signature has a wrong length", "make it again from the text")
	}
	for i := range s.w {
		s.w[i] = binary.LittleEndian.Uint64(b[1+8*i:])
	}
	if s.TooShort() {
		return s, fault.New("signature is all zero", "make it again from the text")
	}
	return s, nil
}
