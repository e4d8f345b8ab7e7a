package intake

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// errSealed is all that is ever said about a blob that does not open: altered,
// moved to another row, or sealed with another key.
var errSealed = errors.New("sealed data does not open: it was altered or moved, or the key is another")

// sealedFormat is the first byte of every sealed blob. A blob is that byte, a
// nonce of 12 bytes, and the AES-256-GCM ciphertext with its tag of 16 bytes.
const sealedFormat = 1

// maxPlain bounds what a sealed blob may unpack to, so that a forged length
// cannot exhaust memory.
const maxPlain = 256 << 20

// sealer seals and opens blobs, and hashes contents. It is safe for concurrent
// use.
type sealer struct {
	aead   cipher.AEAD
	random io.Reader
	mu     sync.Mutex // guards random while one nonce is read
	macs   sync.Pool  // of hash.Hash, keyed for contents
	pack   *zstd.Encoder
	unpack *zstd.Decoder
}

func newSealer(k Key, random io.Reader) (*sealer, error) {
	block, err := aes.NewCipher(k.derive("seal"))
	if err != nil {
		return nil, err
	}
	s := &sealer{random: random}
	if s.aead, err = cipher.NewGCM(block); err != nil {
		return nil, err
	}
	content := k.derive("content")
	s.macs.New = func() any { return hmac.New(sha256.New, content) }
	s.pack, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false), zstd.WithWindowSize(128<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, err
	}
	s.unpack, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxPlain))
	return s, err
}

// bound returns the additional data that ties a blob to its place: what it is,
// whose it is, and the stream it came from.
func bound(what string, mac []byte, stream string) []byte {
	return fmt.Appendf(nil, "huiyin/1/%s\x00%x\x00%s", what, mac, stream)
}

// seal packs and seals plain for one place.
func (s *sealer) seal(plain, aad []byte) ([]byte, error) {
	packed := s.pack.EncodeAll(plain, make([]byte, 0, len(plain)/2+64))
	n := s.aead.NonceSize()
	out := make([]byte, 1+n, 1+n+len(packed)+s.aead.Overhead())
	out[0] = sealedFormat
	s.mu.Lock()
	_, err := io.ReadFull(s.random, out[1:])
	s.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("no random bytes for a nonce: %w", err)
	}
	return s.aead.Seal(out, out[1:], packed, aad), nil
}

// open is the inverse of seal.
func (s *sealer) open(blob, aad []byte) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(blob) < 1+n || blob[0] != sealedFormat {
		return nil, errSealed
	}
	packed, err := s.aead.Open(nil, blob[1:1+n], blob[1+n:], aad)
	if err != nil {
		return nil, errSealed
	}
	plain, err := s.unpack.DecodeAll(packed, nil)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// content returns the keyed hash by which equal contents are known.
func (s *sealer) content(body []byte) []byte {
	h := s.macs.Get().(hash.Hash)
	defer s.macs.Put(h)
	h.Reset()
	h.Write(body)
	return h.Sum(nil)[:16]
}

func (s *sealer) close() {
	s.unpack.Close()
	s.pack.Close()
}
