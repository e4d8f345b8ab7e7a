package serve

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sync"

	"github.com/huiyin/huiyin/site/release"
)

// The parts of a gzip frame (RFC 1952) around a deflate stream: no name, no
// time, so that the same file is always the same bytes.
const (
	gzipHeader  = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	gzipTrailer = 8
)

// wholeLimit is the size up to which a body is read, and checked where it is
// inflated, before the first byte of the answer leaves. A larger one is
// streamed, and broken off where it turns out to be damaged.
const wholeLimit = 1 << 20

// errDamaged is the cause when stored bytes are not what the pack says of them.
var errDamaged = errors.New("stored bytes do not match their checksum")

// stored is a file as it lies in its pack.
type stored struct {
	raw      *io.SectionReader // the bytes in the pack
	deflated bool              // raw is a deflate stream
	size     int64             // of the plain bytes
	crc      uint32            // of the plain bytes
}

// open returns a file of a view that has a body.
func open(v *release.View, e release.Entry) (stored, error) {
	raw, err := v.Raw(e)
	return stored{raw: raw, deflated: e.Deflated, size: e.Size, crc: e.CRC32}, err
}

// length is the number of bytes of the body in a coding.
func (s stored) length(c coding) int64 {
	if c == gzipped {
		return int64(len(gzipHeader)) + s.raw.Size() + gzipTrailer
	}
	return s.size
}

// whole returns the body in a coding, in buf or in a larger buffer.
func (s stored) whole(buf *bytes.Buffer, c coding) error {
	buf.Reset()
	buf.Grow(int(s.length(c)))
	return s.copy(buf, c)
}

// copy writes the body in a coding to w. When it fails, a part may have been
// written, but never all of it.
func (s stored) copy(w io.Writer, c coding) error {
	raw := io.NewSectionReader(s.raw, 0, s.raw.Size())
	switch {
	case s.deflated && c == gzipped:
		return s.frame(w, raw)
	case s.deflated:
		z := inflaters.Get().(io.ReadCloser)
		defer inflaters.Put(z)
		if err := z.(flate.Resetter).Reset(raw, nil); err != nil {
			return err
		}
		return s.check(w, z)
	default:
		return s.check(w, raw)
	}
}

// frame writes a deflate stream in a gzip frame, whose sum lets the client
// check it.
func (s stored) frame(w io.Writer, raw io.Reader) error {
	if _, err := io.WriteString(w, gzipHeader); err != nil {
		return err
	}
	if err := copyN(w, raw, s.raw.Size()); err != nil {
		return err
	}
	var trailer [gzipTrailer]byte
	binary.LittleEndian.PutUint32(trailer[:4], s.crc)
	binary.LittleEndian.PutUint32(trailer[4:], uint32(s.size))
	_, err := w.Write(trailer[:])
	return err
}

// check writes the plain bytes from r to w and checks their number and sum. The
// last block is written only when both are right.
func (s stored) check(w io.Writer, r io.Reader) error {
	buf := blocks.Get().(*[]byte)
	defer blocks.Put(buf)
	var crc uint32
	for n := s.size; ; {
		b := (*buf)[:min(int64(len(*buf)), n)]
		if _, err := io.ReadFull(r, b); err != nil {
			return fmt.Errorf("%w: %w", errRead, err)
		}
		crc = crc32.Update(crc, crc32.IEEETable, b)
		if n -= int64(len(b)); n == 0 {
			var more [1]byte
			if k, err := io.ReadFull(r, more[:]); k != 0 || err != io.EOF || crc != s.crc {
				return errDamaged
			}
		}
		if _, err := w.Write(b); err != nil || n == 0 {
			return err
		}
	}
}

// part writes one span of a stored file to w.
func (s stored) part(w io.Writer, p span) error {
	return copyN(w, io.NewSectionReader(s.raw, p.off, p.n), p.n)
}

// copyN copies exactly n bytes. An error of the reader is marked as ours, one
// of the writer is the client's going away.
func copyN(w io.Writer, r io.Reader, n int64) error {
	buf := blocks.Get().(*[]byte)
	defer blocks.Put(buf)
	for n > 0 {
		b := (*buf)[:min(int64(len(*buf)), n)]
		if _, err := io.ReadFull(r, b); err != nil {
			return fmt.Errorf("%w: %w", errRead, err)
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		n -= int64(len(b))
	}
	return nil
}

// errRead marks an error as one of reading a pack.
var errRead = errors.New("read from the pack")

// Pools of what a request needs for a moment. They hold no content that
// outlives the request that wrote it.
var (
	blocks = sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}
	bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

	inflaters = sync.Pool{New: func() any { return flate.NewReader(bytes.NewReader(nil)) }}
)
