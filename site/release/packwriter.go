package release

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
)

// File is a file to be put into a pack.
type File struct {
	Name  string   // address from the root of the site, without a leading slash
	Body  []byte   // not kept by the pack
	Shows []string // numbers of the cases of which the file shows more than that they exist; see [PackWriter.Add]
}

// PackInfo describes a finished pack.
type PackInfo struct {
	Hash  string `json:"hash"`  // SHA-256 of the pack, in hexadecimal: its name
	Files int    `json:"files"` // public files
	Bytes int64  `json:"bytes"` // length of the pack
	Plain int64  `json:"plain"` // total length of its public files
}

// level is the deflate level. BenchmarkLevel compares them: above 5, time grows
// and size hardly falls.
const level = 5

// holdBytes is how many stored bytes a PackWriter holds back to bring files
// into order.
const holdBytes = 16 << 20

// A PackWriter writes one pack. The same files give the same bytes, whatever
// the order in which they are added, the clock and the machine. It keeps no
// more than 16 MiB of stored bytes, and the names. It is not safe for
// concurrent use.
type PackWriter struct {
	out   *hashed
	zip   *zip.Writer
	held  []heldEntry
	size  int    // stored bytes in held
	floor string // last public name that was written
	names map[string]string
	shows map[string][]string
	hide  []heldEntry
	info  PackInfo
	err   error // the writer is of no more use
}

// heldEntry is an entry that has not been written yet.
type heldEntry struct {
	header zip.FileHeader
	stored []byte
}

// NewPackWriter starts a pack that is written to w.
func NewPackWriter(w io.Writer) *PackWriter {
	out := &hashed{w: w, sum: sha256.New()}
	return &PackWriter{out: out, zip: zip.NewWriter(out), names: map[string]string{}, shows: map[string][]string{}}
}

// Add adds a public file. It refuses a name that is absolute, has a . or ..
// segment, is not UTF-8, is reserved, or is that of another file but for its
// case; the pack can then still be used.
//
// Shows decides what becomes of the file when a case is withdrawn: a file that
// shows it is dropped from the pack, and a pack made afterwards in which a file
// still shows it is refused. A bare row of a withdrawn case (its number, unit,
// days, and that it was withdrawn) does not count as showing it, nor does its
// tombstone page.
//
// The files of a pack of more than 16 MiB must be added in the order of their
// names from there on.
func (p *PackWriter) Add(f File) error {
	if p.err != nil {
		return p.err
	}
	if err := checkName(f.Name); err != nil {
		return err
	}
	if other, ok := p.names[folded(f.Name)]; ok {
		return fmt.Errorf("name %q is taken by %q", f.Name, other)
	}
	if f.Name <= p.floor {
		return fmt.Errorf("name %q comes too late: files of a large pack are added in the order of their names", f.Name)
	}
	for _, n := range f.Shows {
		if !validNumber(n) {
			return fmt.Errorf("file %q shows %q, which is no case number", f.Name, n)
		}
	}
	e, err := newEntry(f.Name, f.Body, deflates(f.Name))
	if err != nil {
		return err
	}
	p.names[folded(f.Name)] = f.Name
	if len(f.Shows) > 0 {
		p.shows[f.Name] = slices.Compact(slices.Sorted(slices.Values(f.Shows)))
	}
	p.info.Files++
	p.info.Plain += int64(len(f.Body))
	p.held = append(p.held, e)
	if p.size += len(e.stored); p.size > holdBytes {
		p.err = p.flush()
	}
	return p.err
}

// AddHidden adds an entry that is never served or exported, such as search
// documents. Its name begins with ".huiyin/". When a case is withdrawn, a
// hidden entry whose name ends in .jsonl loses each line, and any other entry
// is dropped, that holds the number of the case as a JSON string: so each line
// must name every case of which it holds text.
func (p *PackWriter) AddHidden(name string, body []byte) error {
	if p.err != nil {
		return p.err
	}
	if err := checkHidden(name); err != nil {
		return err
	}
	if other, ok := p.names[folded(name)]; ok || name == casesName {
		return fmt.Errorf("name %q is taken by %q", name, cmp.Or(other, casesName))
	}
	e, err := newEntry(name, body, true)
	if err != nil {
		return err
	}
	p.names[folded(name)] = name
	p.hide = append(p.hide, e)
	return nil
}

// Close writes the rest of the pack. It does not close the underlying writer.
func (p *PackWriter) Close() (PackInfo, error) {
	if p.err != nil {
		return PackInfo{}, p.err
	}
	p.err = errors.New("pack is closed")
	cases, err := newEntry(casesName, encodeCases(p.shows), true)
	if err != nil {
		return PackInfo{}, err
	}
	if err := p.flush(); err != nil {
		return PackInfo{}, err
	}
	p.held = append(p.hide, cases)
	if err := p.flush(); err != nil {
		return PackInfo{}, err
	}
	if err := p.zip.Close(); err != nil {
		return PackInfo{}, err
	}
	p.info.Bytes, p.info.Hash = p.out.n, hex.EncodeToString(p.out.sum.Sum(nil))
	return p.info, nil
}

// flush writes the entries that are held, in the order of their names.
func (p *PackWriter) flush() error {
	slices.SortFunc(p.held, func(a, b heldEntry) int { return strings.Compare(a.header.Name, b.header.Name) })
	for i := range p.held {
		e := &p.held[i]
		w, err := p.zip.CreateRaw(&e.header)
		if err != nil {
			return err
		}
		if _, err := w.Write(e.stored); err != nil {
			return err
		}
		p.floor = e.header.Name
	}
	p.held, p.size = nil, 0
	return nil
}

// newEntry makes the entry of a file, deflated where asked and of use.
func newEntry(name string, body []byte, deflated bool) (heldEntry, error) {
	if int64(len(body)) >= math.MaxUint32 {
		return heldEntry{}, fmt.Errorf("file %q has %d bytes; 4 GiB are the most", name, len(body))
	}
	e := heldEntry{stored: body, header: newHeader(name, sha256.Sum256(body))}
	if deflated {
		z, err := deflate(body)
		if err != nil {
			return heldEntry{}, err
		}
		if len(z) < len(body) {
			e.stored, e.header.Method = z, zip.Deflate
		}
	}
	if e.header.Method == zip.Store {
		e.stored = bytes.Clone(body)
	}
	e.header.CRC32 = crc32.ChecksumIEEE(body)
	e.header.UncompressedSize64 = uint64(len(body))
	e.header.CompressedSize64 = uint64(len(e.stored))
	return e, nil
}

// newHeader is what the headers of all entries have in common: the oldest day
// that a ZIP can hold, a plain file that all may read.
func newHeader(name string, sum [sha256.Size]byte) zip.FileHeader {
	h := zip.FileHeader{
		Name:           name,
		CreatorVersion: 3<<8 | 20, // Unix
		ReaderVersion:  20,
		ExternalAttrs:  0o100644 << 16,
		Extra:          appendExtra(nil, sum),
	}
	//lint:ignore SA1019 CreateRaw writes this field and not Modified
	h.ModifiedDate = 1<<5 | 1 // 1980-01-01
	if strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		h.Flags = flagUTF8
	}
	return h
}

// textKinds are the file kinds that are deflated. Everything else is stored: it
// is compressed already, or is read in ranges.
var textKinds = map[string]bool{
	".html": true, ".css": true, ".js": true, ".mjs": true, ".json": true, ".jsonl": true, ".jsonld": true, ".geojson": true,
	".webmanifest": true, ".map": true, ".csv": true, ".tsv": true, ".txt": true, ".md": true, ".xml": true, ".atom": true,
	".rss": true, ".xsl": true, ".svg": true, ".ttl": true, ".rdf": true, ".ics": true, ".yaml": true,
}

func deflates(name string) bool { return textKinds[strings.ToLower(path.Ext(name))] }

// deflaters are compressors between two files. Making one costs four times what
// a page costs.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(io.Discard, level)
	if err != nil {
		panic(err) // the level is a constant
	}
	return &deflater{w: w}
}}

type deflater struct {
	w   *flate.Writer
	buf bytes.Buffer
}

// deflate returns body as a deflate stream.
func deflate(body []byte) ([]byte, error) {
	d := deflaters.Get().(*deflater)
	defer deflaters.Put(d)
	d.buf.Reset()
	d.w.Reset(&d.buf)
	if _, err := d.w.Write(body); err != nil {
		return nil, err
	}
	if err := d.w.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(d.buf.Bytes()), nil
}

// hashed counts and hashes what goes through it.
type hashed struct {
	w   io.Writer
	sum hash.Hash
	n   int64
}

func (h *hashed) Write(b []byte) (int, error) {
	n, err := h.w.Write(b)
	h.sum.Write(b[:n])
	h.n += int64(n)
	return n, err
}
