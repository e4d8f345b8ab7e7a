package fts

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"iter"

	"github.com/huiyin/huiyin/search"
)

// numbered is a document made ready to be written, and what there is with it.
type numbered struct {
	entry
	docs int64             // so many, with this one
	hash [sha256.Size]byte // of them
}

// portion is what one goroutine hands to the other.
type portion struct {
	entries []numbered
	batches int // how many of the batches that there were stay
}

// portionDocs is how many documents a portion has.
const portionDocs = 128

// feed makes documents ready, and finds out which are done already.
type feed struct {
	schema search.Schema
	texts  *texts
	known  []batchRow // of the build that is taken up
	ready  chan<- portion

	docs  int64
	hash  [sha256.Size]byte // of them: of the hash of those before the last, and the last
	equal int               // so many of known are of the same documents
	next  portion

	// While there may be another that is equal: the documents behind the last one,
	// and the hash there.
	held   []search.Doc
	before [sha256.Size]byte

	scratch []byte
}

// readAll reads all documents. When ctx ends, it hands over those before.
func (f *feed) readAll(ctx context.Context, docs iter.Seq2[search.Doc, error]) error {
	for d, err := range docs {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			break
		}
		if f.equal < len(f.known) {
			err = f.compare(d)
		} else {
			err = f.send(d)
		}
		if err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		if len(f.next.entries) > 0 {
			f.flush()
		}
		return err
	}
	if err := f.sendHeld(); err != nil {
		return err
	}
	f.flush()
	return nil
}

// compare holds a document until it is known whether it is one of the next batch
// that there is.
func (f *feed) compare(d search.Doc) error {
	f.add(d)
	f.held = append(f.held, d)
	batch := f.known[f.equal]
	if f.docs < batch.docs {
		return nil
	}
	if string(f.hash[:]) != string(batch.hash) {
		return f.sendHeld()
	}
	f.equal++
	f.held, f.before = nil, f.hash
	return nil
}

// sendHeld sends the documents that were held. From now on none is compared.
func (f *feed) sendHeld() error {
	held := f.held
	f.held, f.hash = nil, f.before
	f.docs -= int64(len(held))
	f.known = f.known[:f.equal]
	for _, d := range held {
		if err := f.send(d); err != nil {
			return err
		}
	}
	return nil
}

// add counts a document and adds it to the hash.
func (f *feed) add(d search.Doc) {
	b := append(f.scratch[:0], f.hash[:]...)
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	text(d.ID)
	b = binary.AppendVarint(b, d.Seq)
	for _, name := range f.schema.Text {
		text(d.Text[name])
	}
	for _, name := range f.schema.Keyword {
		text(d.Keyword[name])
	}
	for _, name := range f.schema.Number {
		n, ok := d.Number[name]
		if !ok {
			n = noNumber
		}
		b = binary.AppendVarint(b, n)
	}
	f.hash = sha256.Sum256(b)
	f.scratch = b
	f.docs++
}

// send makes a document ready.
func (f *feed) send(d search.Doc) error {
	e, err := newEntry(f.schema, f.texts, d)
	if err != nil {
		return err
	}
	f.add(d)
	f.next.entries = append(f.next.entries, numbered{entry: e, docs: f.docs, hash: f.hash})
	if len(f.next.entries) == portionDocs {
		f.flush()
	}
	return nil
}

// flush hands over what is ready, also when it is nothing.
func (f *feed) flush() {
	f.next.batches = f.equal
	f.ready <- f.next
	f.next = portion{}
}
