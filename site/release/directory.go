package release

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// The parts of a ZIP that a pack consists of, as in PKWARE's APPNOTE 6.3.
const (
	sigRecord   = 0x02014b50
	sigEnd      = 0x06054b50
	sigEnd64    = 0x06064b50
	sigLocate64 = 0x07064b50

	lenLocal    = 30
	lenRecord   = 46
	lenEnd      = 22
	lenEnd64    = 56
	lenLocate64 = 20

	methodStore   = 0
	methodDeflate = 8

	flagUTF8 = 0x800
	idZip64  = 0x0001
)

// The private extra field of each entry: its id, the two letters "Hy", then
// the length, a version and the SHA-256 of the plain bytes.
const (
	idExtra      = 0x7948
	extraVersion = 1
	lenExtra     = 4 + 1 + sha256.Size
)

// errPack is the cause of every error about the form of a pack.
var errPack = errors.New("not a pack of this format")

func badPack(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errPack}, args...)...)
}

// appendExtra appends the private extra field.
func appendExtra(b []byte, sum [sha256.Size]byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, idExtra)
	b = binary.LittleEndian.AppendUint16(b, lenExtra-4)
	b = append(b, extraVersion)
	return append(b, sum[:]...)
}

// record is one entry of a pack's directory.
type record struct {
	name   []byte // within the buffer that was parsed
	method uint16
	crc    uint32
	size   int64 // of the plain bytes
	stored int64
	local  int64 // where its local header begins
	sum    [sha256.Size]byte
}

// data is where the stored bytes begin. The local header of a pack holds the
// name and the private extra field, nothing else.
func (r *record) data() int64 { return r.local + lenLocal + int64(len(r.name)) + lenExtra }

// end is where the entry ends and the next begins.
func (r *record) end() int64 { return r.data() + r.stored }

// errShort reports that a record goes on behind the end of the buffer.
var errShort = errors.New("record is cut off")

// parseRecord reads the record at the beginning of b and returns its length.
func parseRecord(b []byte) (r record, n int, err error) {
	if len(b) < lenRecord {
		return r, 0, errShort
	}
	le := binary.LittleEndian
	if le.Uint32(b) != sigRecord {
		return r, 0, badPack("no record in the directory")
	}
	nameLen, extraLen, commentLen := int(le.Uint16(b[28:])), int(le.Uint16(b[30:])), int(le.Uint16(b[32:]))
	n = lenRecord + nameLen + extraLen + commentLen
	if len(b) < n {
		return r, 0, errShort
	}
	flags := le.Uint16(b[8:])
	r.method = le.Uint16(b[10:])
	switch {
	case flags&^flagUTF8 != 0:
		return r, 0, badPack("flags %#x", flags)
	case r.method != methodStore && r.method != methodDeflate:
		return r, 0, badPack("method %d", r.method)
	case commentLen != 0:
		return r, 0, badPack("comment")
	}
	r.crc = le.Uint32(b[16:])
	r.name = b[lenRecord : lenRecord+nameLen]
	stored, size, local := uint64(le.Uint32(b[20:])), uint64(le.Uint32(b[24:])), uint64(le.Uint32(b[42:]))
	x, err := parseExtra(b[lenRecord+nameLen:n], size == math.MaxUint32, stored == math.MaxUint32, local == math.MaxUint32)
	if err != nil {
		return r, 0, err
	}
	r.sum = x.sum
	if size == math.MaxUint32 {
		size = x.size
	}
	if stored == math.MaxUint32 {
		stored = x.stored
	}
	if local == math.MaxUint32 {
		local = x.local
	}
	const most = 1 << 48 // far above any file, far below overflow
	if size > most || stored > most || local > most {
		return r, 0, badPack("sizes")
	}
	if r.method == methodStore && size != stored {
		return r, 0, badPack("stored entry of two sizes")
	}
	r.size, r.stored, r.local = int64(size), int64(stored), int64(local)
	return r, n, nil
}

// extra is what the extra fields of a record hold.
type extra struct {
	sum                 [sha256.Size]byte
	size, stored, local uint64
}

// parseExtra reads the extra fields of a record: the private one, then a ZIP64
// one if any of the three values did not fit into its own field.
func parseExtra(b []byte, size, stored, local bool) (x extra, err error) {
	le := binary.LittleEndian
	if len(b) < lenExtra || le.Uint16(b) != idExtra || le.Uint16(b[2:]) != lenExtra-4 || b[4] != extraVersion {
		return x, badPack("no hash of the plain bytes")
	}
	copy(x.sum[:], b[5:lenExtra])
	b = b[lenExtra:]
	if !size && !stored && !local {
		if len(b) != 0 {
			return x, badPack("extra fields")
		}
		return x, nil
	}
	if len(b) < 4 || le.Uint16(b) != idZip64 || int(le.Uint16(b[2:])) != len(b)-4 {
		return x, badPack("no ZIP64 field")
	}
	b = b[4:]
	// The values come in this order, each only where its own field is full. The
	// writer fills two fields together and leaves the offset in place as well.
	for _, v := range []struct {
		present bool
		to      *uint64
	}{{size, &x.size}, {stored, &x.stored}, {local, &x.local}} {
		if !v.present {
			continue
		}
		if len(b) < 8 {
			return x, badPack("ZIP64 field is cut off")
		}
		*v.to = le.Uint64(b)
		b = b[8:]
	}
	return x, nil
}

// span is where the directory of a pack lies.
type span struct{ off, size, entries int64 }

// findDirectory reads the end of a pack, given its last bytes (or all of them)
// and its length.
func findDirectory(tail []byte, length int64) (d span, err error) {
	le := binary.LittleEndian
	if len(tail) < lenEnd || le.Uint32(tail[len(tail)-lenEnd:]) != sigEnd {
		return d, badPack("it does not end as one")
	}
	end := tail[len(tail)-lenEnd:]
	if le.Uint32(end[4:]) != 0 || le.Uint16(end[20:]) != 0 || le.Uint16(end[8:]) != le.Uint16(end[10:]) {
		return d, badPack("several disks or a comment")
	}
	d = span{off: int64(le.Uint32(end[16:])), size: int64(le.Uint32(end[12:])), entries: int64(le.Uint16(end[10:]))}
	limit := length - lenEnd
	if d.entries == math.MaxUint16 || d.size == math.MaxUint32 || d.off == math.MaxUint32 {
		if d, err = findDirectory64(tail[:len(tail)-lenEnd]); err != nil {
			return d, err
		}
		limit -= lenLocate64 + lenEnd64
	}
	if d.off < 0 || d.size < 0 || d.off > length || d.size > length || d.off+d.size != limit || d.entries < 1 || d.entries > d.size/lenRecord {
		return d, badPack("directory is not where it should be")
	}
	return d, nil
}

// findDirectory64 reads the ZIP64 end, given the bytes in front of the old end.
func findDirectory64(b []byte) (d span, err error) {
	le := binary.LittleEndian
	if len(b) < lenLocate64+lenEnd64 {
		return d, badPack("no ZIP64 end")
	}
	locate, end := b[len(b)-lenLocate64:], b[len(b)-lenLocate64-lenEnd64:]
	if le.Uint32(locate) != sigLocate64 || le.Uint32(end) != sigEnd64 || le.Uint64(end[4:]) != lenEnd64-12 {
		return d, badPack("no ZIP64 end")
	}
	return span{off: int64(le.Uint64(end[48:])), size: int64(le.Uint64(end[40:])), entries: int64(le.Uint64(end[32:]))}, nil
}

// readDirectory reads the directory of a pack of the given length, with one
// read where it is small.
func readDirectory(r io.ReaderAt, length int64) ([]byte, span, error) {
	tail := make([]byte, min(length, 64<<10))
	if err := readAt(r, tail, length-int64(len(tail))); err != nil {
		return nil, span{}, err
	}
	d, err := findDirectory(tail, length)
	if err != nil {
		return nil, d, err
	}
	if d.size > math.MaxUint32 {
		return nil, d, badPack("directory of %d bytes", d.size)
	}
	if from := d.off - (length - int64(len(tail))); from >= 0 {
		return tail[from : from+d.size], d, nil
	}
	dir := make([]byte, d.size)
	return dir, d, readAt(r, dir, d.off)
}

// walkDirectory calls visit with each record of a directory and its place in
// it, and checks that the pack is in order: public files by name, then hidden
// entries by name, one behind the other without a gap up to the directory.
func walkDirectory(dir []byte, d span, visit func(at int, r *record) error) error {
	var entries, end int64
	var last string
	for at := 0; at < len(dir); {
		r, n, err := parseRecord(dir[at:])
		if err != nil {
			return fmt.Errorf("%w: %w", errPack, err)
		}
		name := string(r.name)
		check := checkName
		if isHidden(name) {
			check = checkHidden
		}
		if err := check(name); err != nil {
			return fmt.Errorf("%w: %w", errPack, err)
		}
		if entries > 0 && (r.local != end || !inOrder(last, name)) {
			return badPack("entries are out of order")
		}
		if err := visit(at, &r); err != nil {
			return err
		}
		entries, end, last, at = entries+1, r.end(), name, at+n
	}
	if entries != d.entries || end != d.off {
		return badPack("directory does not describe the pack")
	}
	return nil
}

// inOrder reports whether an entry called b may follow one called a.
func inOrder(a, b string) bool {
	if isHidden(a) != isHidden(b) {
		return isHidden(b)
	}
	return a < b
}

func readAt(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	return fmt.Errorf("read %d bytes at %d: %w", len(b), off, err)
}
