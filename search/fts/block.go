package fts

import (
	"bytes"
	"encoding/binary"
)

// A block holds the encoded lists of consecutive keys. Of each the docs piece
// of the block has, as uvarints and bytes:
//
//	how much of the key before it begins the key, how long the rest is, the rest,
//	the number of documents, the lengths of the list's two pieces, its docs
//
// and the places piece of the block has the places, one list after the other.

// blockSize is how large the docs piece of a block becomes before another is
// begun.
const blockSize = 8 << 10

// maxKey is how long a key can be: two units and the field.
const maxKey = 2*(maxUnit+1) + 1

// posting is one list in a block. Its bytes last until the next is read.
type posting struct {
	key    []byte
	n      int
	docs   []byte
	places []byte
}

// field returns the field of the list.
func (p *posting) field() int { return int(p.key[len(p.key)-1]) }

// blockReader reads a block. Without a places piece the lists have no places.
type blockReader struct {
	posting
	docs, places []byte
	err          error
}

func (r *blockReader) reset(docs, places []byte) {
	r.docs, r.places, r.key, r.err = docs, places, r.key[:0], nil
}

// next reads the next list and says whether there is one.
func (r *blockReader) next() bool {
	if len(r.docs) == 0 || r.err != nil {
		return false
	}
	shared, rest, okay := r.uvarint(), r.uvarint(), r.err == nil
	if !okay || shared > len(r.key) || rest > len(r.docs) {
		return r.fail()
	}
	r.key = append(r.key[:shared], r.docs[:rest]...)
	r.docs = r.docs[rest:]
	r.n = r.uvarint()
	docs, places := r.uvarint(), r.uvarint()
	if r.err != nil || len(r.key) < 2 || r.n == 0 || r.n > listDocs || docs > len(r.docs) {
		return r.fail()
	}
	r.posting.docs, r.docs = r.docs[:docs], r.docs[docs:]
	if r.places == nil {
		r.posting.places = nil
		return true
	}
	if places > len(r.places) {
		return r.fail()
	}
	r.posting.places, r.places = r.places[:places], r.places[places:]
	return true
}

func (r *blockReader) fail() bool {
	r.err = errRow
	return false
}

func (r *blockReader) uvarint() int {
	v, n := binary.Uvarint(r.docs)
	if n <= 0 || v > 1<<30 {
		r.err = errRow
		return 0
	}
	r.docs = r.docs[n:]
	return int(v)
}

// blockWriter makes blocks of lists that come in the order of keys, and of
// ordinals where keys are equal.
type blockWriter struct {
	// emit takes a complete block and the key of its first list. It may not keep
	// them.
	emit func(first, docs, places []byte) error

	first, last  []byte // keys
	docs, places []byte
	list         []byte // scratch
}

// add adds a list, and ends the block when it is large enough.
func (w *blockWriter) add(key []byte, l *list) error {
	if err := w.appendList(key, l); err != nil || len(w.docs) < blockSize {
		return err
	}
	return w.flush()
}

// addEncoded adds a list that is encoded already.
func (w *blockWriter) addEncoded(key []byte, n int, docs, places []byte) error {
	if err := w.append(key, n, docs, places); err != nil || len(w.docs) < blockSize {
		return err
	}
	return w.flush()
}

// appendList adds a list to the block.
func (w *blockWriter) appendList(key []byte, l *list) error {
	w.list = l.appendDocs(w.list[:0])
	n := len(w.list)
	w.list = l.appendPlaces(w.list)
	return w.append(key, len(l.ords), w.list[:n], w.list[n:])
}

// append adds a list that is encoded already to the block.
func (w *blockWriter) append(key []byte, n int, docs, places []byte) error {
	if len(key) > maxKey || n > listDocs {
		return errRow
	}
	shared := 0
	if len(w.docs) == 0 {
		w.first = append(w.first[:0], key...)
	} else {
		for shared < len(key) && shared < len(w.last) && key[shared] == w.last[shared] {
			shared++
		}
	}
	b := binary.AppendUvarint(w.docs, uint64(shared))
	b = binary.AppendUvarint(b, uint64(len(key)-shared))
	b = append(b, key[shared:]...)
	b = binary.AppendUvarint(b, uint64(n))
	b = binary.AppendUvarint(b, uint64(len(docs)))
	b = binary.AppendUvarint(b, uint64(len(places)))
	w.docs = append(b, docs...)
	w.places = append(w.places, places...)
	w.last = append(w.last[:0], key...)
	return nil
}

// flush ends the block that is being made.
func (w *blockWriter) flush() error {
	if len(w.docs) == 0 {
		return nil
	}
	err := w.emit(w.first, w.docs, w.places)
	w.docs, w.places = w.docs[:0], w.places[:0]
	return err
}

// source gives blocks in order, each until the next call, and none at the end.
type source interface {
	next() (docs, places []byte, ok bool, err error)
}

// input is a source under a merge.
type input struct {
	src  source
	r    blockReader
	head uint64 // the first bytes of the key
	more bool
}

// advance goes on to the next list.
func (in *input) advance() error {
	for !in.r.next() {
		if in.r.err != nil {
			return in.r.err
		}
		docs, places, ok, err := in.src.next()
		if err != nil || !ok {
			in.more = false
			return err
		}
		in.r.reset(docs, places)
	}
	in.more, in.head = true, head(in.r.key)
	return nil
}

// head returns a number that is smaller for a smaller key, or equal.
func head(key []byte) uint64 {
	if len(key) >= 8 {
		return binary.BigEndian.Uint64(key)
	}
	var b [8]byte
	copy(b[:], key)
	return binary.BigEndian.Uint64(b[:])
}

func compareInputs(a, b *input) int {
	switch {
	case a.head < b.head:
		return -1
	case a.head > b.head:
		return 1
	}
	return bytes.Compare(a.r.key, b.r.key)
}
