package intake

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/source"
)

// version is one received version of a record, as it is sealed.
type version struct {
	where  source.Where
	gone   bool
	fields map[string]string
	files  []source.File
}

var errEncoding = errors.New("stored version is not readable")

const versionFormat = 1

// encodeBody writes what makes two versions equal: everything but the place in
// the file, in one order. The same content always gives the same bytes.
func (v version) encodeBody() []byte {
	size := 16
	for k, s := range v.fields {
		size += len(k) + len(s) + 6
	}
	b := make([]byte, 0, size)
	b = append(b, versionFormat, 0)
	if v.gone {
		b[1] = 1
	}
	b = binary.AppendUvarint(b, uint64(len(v.fields)))
	for _, k := range slices.Sorted(maps.Keys(v.fields)) {
		b = appendString(appendString(b, k), v.fields[k])
	}
	b = binary.AppendUvarint(b, uint64(len(v.files)))
	for _, f := range v.files {
		b = appendString(appendString(appendString(b, f.Name), f.Type), string(f.Body))
	}
	return b
}

// encode writes the place and then body, which is v.encodeBody().
func (v version) encode(body []byte) []byte {
	b := make([]byte, 0, len(body)+len(v.where.File)+len(v.where.Sheet)+12)
	b = appendString(appendString(b, v.where.File), v.where.Sheet)
	b = binary.AppendUvarint(b, uint64(max(v.where.Row, 0)))
	return append(b, body...)
}

// decodeVersion is the inverse of encode.
func decodeVersion(b []byte) (version, error) {
	d := decoder{b: b}
	var v version
	v.where = source.Where{File: d.string(), Sheet: d.string(), Row: int(d.uint() & (1<<31 - 1))}
	if d.byte() != versionFormat {
		return version{}, errEncoding
	}
	v.gone = d.byte() == 1
	n := d.count(2)
	v.fields = make(map[string]string, n)
	for range n {
		k := d.string()
		v.fields[k] = d.string()
	}
	for range d.count(3) {
		v.files = append(v.files, source.File{Name: d.string(), Type: d.string(), Body: []byte(d.string())})
	}
	if d.bad || len(d.b) > 0 {
		return version{}, errEncoding
	}
	return v, nil
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decoder reads what the append functions wrote. After the first thing that
// does not fit it reads zeros and stays bad.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) uint() uint64 {
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
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

func (d *decoder) string() string {
	n := d.uint()
	if n > uint64(len(d.b)) {
		d.b, d.bad = nil, true
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}
