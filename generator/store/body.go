package store

import (
	"github.com/klauspost/compress/zstd"
)

// body packs question and reply of a case into one blob: a format byte and the
// two texts, compressed where that makes them smaller. It is safe for
// concurrent use.
type body struct {
	pack   *zstd.Encoder
	unpack *zstd.Decoder
}

const (
	bodyPlain = 1
	bodyZstd  = 2

	// maxBody bounds what a blob may unpack to.
	maxBody = 256 << 20
)

func newBody() (*body, error) {
	pack, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(128<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, err
	}
	unpack, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBody))
	return &body{pack: pack, unpack: unpack}, err
}

func (c *body) encode(question, reply string) []byte {
	plain := make([]byte, 1, len(question)+len(reply)+12)
	plain[0] = bodyPlain
	plain = appendString(appendString(plain, question), reply)
	packed := c.pack.EncodeAll(plain[1:], append(make([]byte, 0, len(plain)/2+64), bodyZstd))
	if len(packed) < len(plain) {
		return packed
	}
	return plain
}

func (c *body) decode(b []byte) (question, reply string, err error) {
	if len(b) == 0 {
		return "", "", errFact
	}
	plain := b[1:]
	switch b[0] {
	case bodyPlain:
	case bodyZstd:
		if plain, err = c.unpack.DecodeAll(plain, nil); err != nil {
			return "", "", errFact
		}
	default:
		return "", "", errFact
	}
	d := decoder{b: plain}
	question, reply = d.text(), d.text()
	if d.bad || len(d.b) > 0 {
		return "", "", errFact
	}
	return question, reply, nil
}

func (c *body) close() {
	c.unpack.Close()
	c.pack.Close()
}
