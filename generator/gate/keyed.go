package gate

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"reflect"
	"slices"
	"sync"
)

// macs makes the keyed hashes of a gate: HMAC-SHA-256 under its key. The key is
// taken in once and not for each hash, and what is hashed is gathered in one buffer.
// It is safe for concurrent use.
type macs struct{ idle sync.Pool } // of *macer

func newMACs(key []byte) *macs {
	m := &macs{}
	key = slices.Clone(key)
	m.idle.New = func() any { return &macer{h: hmac.New(sha256.New, key)} }
	return m
}

// macer gathers what one hash is of. Every part stands behind its length, and every
// list behind its count, so that no two values read alike.
type macer struct {
	h   hash.Hash
	b   []byte
	sum [sha256.Size]byte
}

// maxIdle is the most bytes of a buffer that is kept for the next hash.
const maxIdle = 1 << 20

// of returns the keyed hash of what gather gathers.
func (m *macs) of(gather func(*macer)) [sha256.Size]byte {
	w := m.idle.Get().(*macer)
	w.b = w.b[:0]
	gather(w)
	w.h.Reset()
	w.h.Write(w.b)
	w.h.Sum(w.sum[:0])
	sum := w.sum
	if cap(w.b) <= maxIdle {
		m.idle.Put(w)
	}
	return sum
}

// hex is [macs.of] in hexadecimal.
func (m *macs) hex(gather func(*macer)) string {
	sum := m.of(gather)
	return hex.EncodeToString(sum[:])
}

func (w *macer) count(n int) { w.b = binary.BigEndian.AppendUint64(w.b, uint64(n)) }

func (w *macer) text(s string) {
	w.count(len(s))
	w.b = append(w.b, s...)
}

// value gathers a value of package record: its kinds of fields are texts, numbers and
// words, and structures and lists of them. The name of a type stands before its
// fields, and each field behind the one before it in their order; whoever changes
// either changes the hash. Anything else panics: a field that were passed over would
// change unseen.
func (w *macer) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		w.text(v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.count(int(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.count(int(v.Uint()))
	case reflect.Bool:
		n := 0
		if v.Bool() {
			n = 1
		}
		w.count(n)
	case reflect.Struct:
		t := v.Type()
		w.text(t.Name())
		w.count(t.NumField())
		for i := range t.NumField() {
			w.value(v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		w.count(v.Len())
		for i := range v.Len() {
			w.value(v.Index(i))
		}
	case reflect.Pointer:
		if v.IsNil() {
			w.count(0)
			return
		}
		w.count(1)
		w.value(v.Elem())
	default:
		panic("gate: a field of kind " + v.Kind().String() + " in a record")
	}
}
