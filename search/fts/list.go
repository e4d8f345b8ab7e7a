package fts

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// list says in which documents one token stands in one field, and where: a
// part of what there is to say, of at most listDocs documents. Ordinals ascend,
// as do the places in a document.
//
// It is encoded in two pieces, because most searches need no places:
//
//	docs    the first ordinal, then the gaps to the next ones less 1; uvarints
//	places  one byte, the width w in bits; the first place of each document in w
//	        bits, low bits first, filled up to a byte; then for each further place
//	        the distance of its document from that of the last such place, and its
//	        own distance from the place before it in the document; uvarints
//
// The fixed width lets a phrase look at the places of the few documents that
// matter to it.
type list struct {
	ords  []uint32
	first []uint32
	more  []further
}

// further is a place besides the first in the document with an index in the
// list.
type further struct{ doc, place uint32 }

// listDocs is how many documents a list has at most; there may be several with
// the same key.
const listDocs = 8192

func (l *list) reset() { l.ords, l.first, l.more = l.ords[:0], l.first[:0], l.more[:0] }

// add adds a place. Places come in order of ordinals, and in order within one.
func (l *list) add(ord, place uint32) {
	if n := len(l.ords); n > 0 && l.ords[n-1] == ord {
		l.more = append(l.more, further{uint32(n - 1), place})
		return
	}
	l.ords, l.first = append(l.ords, ord), append(l.first, place)
}

// appendDocs appends the encoding of the ordinals.
func (l *list) appendDocs(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(l.ords[0]))
	last := l.ords[0]
	for _, o := range l.ords[1:] {
		b = binary.AppendUvarint(b, uint64(o-last-1))
		last = o
	}
	return b
}

// appendPlaces appends the encoding of the places.
func (l *list) appendPlaces(b []byte) []byte {
	var all uint32
	for _, p := range l.first {
		all |= p
	}
	width := bits.Len32(all)
	b = append(b, byte(width))
	var acc uint64
	have := 0
	for _, p := range l.first {
		acc |= uint64(p) << have
		for have += width; have >= 8; have -= 8 {
			b = append(b, byte(acc))
			acc >>= 8
		}
	}
	if have > 0 {
		b = append(b, byte(acc))
	}
	doc, place := uint32(0), uint32(0)
	for i, m := range l.more {
		if i == 0 || m.doc != doc {
			place = l.first[m.doc]
		}
		b = binary.AppendUvarint(b, uint64(m.doc-doc))
		b = binary.AppendUvarint(b, uint64(m.place-place))
		doc, place = m.doc, m.place
	}
	return b
}

// readDocs appends n ordinals to dst.
func readDocs(dst []uint32, docs []byte, n int) ([]uint32, error) {
	if n > len(docs) {
		return dst, errRow
	}
	dst = slices.Grow(dst, n)
	next, at := uint64(0), 0 // the smallest ordinal that may come
	for range n {
		if at == len(docs) {
			return dst, errRow
		}
		gap := uint64(docs[at])
		at++
		if gap >= 0x80 {
			v, size := binary.Uvarint(docs[at-1:])
			if size <= 0 || v > maxOrd {
				return dst, errRow
			}
			gap, at = v, at-1+size
		}
		next += gap
		if next > maxOrd {
			return dst, errRow
		}
		dst = append(dst, uint32(next))
		next++
	}
	if at < len(docs) {
		return dst, errRow
	}
	return dst, nil
}

// places reads the places of the documents of a list, whose indexes may be
// asked for in ascending order.
type places struct {
	width  uint
	packed []byte

	more  []byte
	at    int      // in more, behind next
	any   bool     // next is there
	next  further  // the next of more; its place is a distance
	doc   int      // that was asked for last
	place uint32   // of it, where has came to
	found []uint32 // of it, all places by of
	err   error
}

func (p *places) reset(b []byte, n int) error {
	if len(b) == 0 || b[0] > 32 {
		return errRow
	}
	width := uint(b[0])
	size := (int(width)*n + 7) / 8
	if len(b)-1 < size {
		return errRow
	}
	*p = places{width: width, packed: b[1 : 1+size], more: b[1+size:], doc: -1, found: p.found[:0]}
	p.advance()
	return p.err
}

// advance reads the next of more.
func (p *places) advance() {
	if p.any = p.at < len(p.more); p.any {
		p.next.doc += p.uvarint()
		p.next.place = p.uvarint()
	}
}

func (p *places) uvarint() uint32 {
	if p.at < len(p.more) && p.more[p.at] < 0x80 {
		p.at++
		return uint32(p.more[p.at-1])
	}
	v, n := binary.Uvarint(p.more[p.at:])
	if n <= 0 || v > 1<<32-1 {
		p.any, p.at, p.err = false, len(p.more), errRow
		return 0
	}
	p.at += n
	return uint32(v)
}

// first returns the first place of a document.
func (p *places) first(i int) uint32 {
	bit := uint(i) * p.width
	at := int(bit / 8)
	if at+8 <= len(p.packed) {
		return uint32(binary.LittleEndian.Uint64(p.packed[at:])>>(bit%8)) & (1<<p.width - 1)
	}
	var acc uint64
	for k := len(p.packed) - 1; k >= at; k-- {
		acc = acc<<8 | uint64(p.packed[k])
	}
	return uint32(acc>>(bit%8)) & (1<<p.width - 1)
}

// firsts appends the first places of n documents.
func (p *places) firsts(dst []uint32, n int) []uint32 {
	dst = slices.Grow(dst, n)
	mask, bit, i := uint32(1<<p.width-1), uint(0), 0
	for ; i < n && int(bit/8)+8 <= len(p.packed); i++ {
		dst = append(dst, uint32(binary.LittleEndian.Uint64(p.packed[bit/8:])>>(bit%8))&mask)
		bit += p.width
	}
	for ; i < n; i++ {
		dst = append(dst, p.first(i))
	}
	return dst
}

// single returns how many documents there are before the next one that has
// several places, besides the one that was asked for last.
func (p *places) single(n int) int {
	if p.any {
		return int(p.next.doc)
	}
	return n
}

// several says whether a document has more than one place.
func (p *places) several(i int) bool {
	for p.any && p.next.doc < uint32(i) {
		p.advance()
	}
	return p.any && p.next.doc == uint32(i)
}

// further returns the place of a document behind another one of it, if there is
// one. It is not to be mixed with of and has.
func (p *places) further(i int, place uint32) (uint32, bool) {
	if !p.any || p.next.doc != uint32(i) {
		return 0, false
	}
	place += p.next.place
	p.advance()
	return place, true
}

// of returns all places of a document, until the next call.
func (p *places) of(i int) []uint32 {
	if i == p.doc {
		return p.found
	}
	p.doc = i
	p.found = append(p.found[:0], p.first(i))
	for p.several(i) {
		p.found = append(p.found, p.found[len(p.found)-1]+p.next.place)
		p.advance()
	}
	return p.found
}

// has says whether a document has a place. Of one document places may be asked
// for in ascending order. It is not to be mixed with of.
func (p *places) has(i int, place uint32) bool {
	if i != p.doc {
		p.doc, p.place = i, p.first(i)
		for p.any && p.next.doc < uint32(i) {
			p.advance()
		}
	}
	for p.place < place && p.any && p.next.doc == uint32(i) {
		p.place += p.next.place
		p.advance()
	}
	return p.place == place
}
