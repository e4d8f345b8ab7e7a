package fts

import (
	"encoding/binary"
	"errors"

	"github.com/klauspost/compress/zstd"

	"github.com/huiyin/huiyin/search"
)

// noNumber stands in a column for a number that a document does not have.
const noNumber = -1 << 63

var errRow = errors.New("a row of the index cannot be read")

// texts compresses the texts of documents. It is safe for concurrent use.
type texts struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newTexts() (*texts, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(false),
		zstd.WithEncoderDictRaw(dictionaryID, []byte(dictionary)), zstd.WithWindowSize(64<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderDictRaw(dictionaryID, []byte(dictionary)),
		zstd.WithDecoderMaxMemory(1<<30), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return &texts{enc: enc, dec: dec}, nil
}

// pack returns the compressed texts of a document, in the order of fields.
func (t *texts) pack(fields []string, d search.Doc) []byte {
	var raw []byte
	for _, name := range fields {
		text := d.Text[name]
		raw = binary.AppendUvarint(raw, uint64(len(text)))
		raw = append(raw, text...)
	}
	return t.enc.EncodeAll(raw, nil)
}

// unpack is the reverse of pack. Empty texts are left out.
func (t *texts) unpack(fields []string, body []byte) (map[string]string, error) {
	raw, err := t.dec.DecodeAll(body, nil)
	if err != nil {
		return nil, errors.Join(errRow, err)
	}
	out := make(map[string]string, len(fields))
	for _, name := range fields {
		n, size := binary.Uvarint(raw)
		if size <= 0 || n > uint64(len(raw)-size) {
			return nil, errRow
		}
		if raw = raw[size:]; n > 0 {
			out[name] = string(raw[:n])
		}
		raw = raw[n:]
	}
	if len(raw) > 0 {
		return nil, errRow
	}
	return out, nil
}

// row is what the columns hold of a document.
type row struct {
	codes   []uint32 // by keyword field; 0 is no value
	numbers []int64  // by number field; noNumber is no value
}

// appendRow appends the encoding of a row.
func appendRow(b []byte, r row) []byte {
	for _, c := range r.codes {
		b = binary.AppendUvarint(b, uint64(c))
	}
	for _, n := range r.numbers {
		if n == noNumber {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, uint64(n<<1^n>>63)+1) // small numbers of either sign are short
	}
	return b
}

// readRow is the reverse of appendRow: it fills r, whose slices say how many
// values there are.
func readRow(b []byte, r row) error {
	for i := range r.codes {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > 1<<32-1 {
			return errRow
		}
		r.codes[i], b = uint32(v), b[n:]
	}
	for i := range r.numbers {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return errRow
		}
		b = b[n:]
		if r.numbers[i] = noNumber; v > 0 {
			v--
			r.numbers[i] = int64(v>>1) ^ -int64(v&1)
		}
	}
	if len(b) > 0 {
		return errRow
	}
	return nil
}
