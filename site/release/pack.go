package release

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/flate"

	"github.com/huiyin/huiyin/site/durable"
)

// pack is an open pack. Of its directory only hashes are kept, 12 bytes a file;
// the records are read again where they are needed. It is immutable and safe
// for concurrent use; the file is closed with the last view that holds it.
type pack struct {
	file     durable.File
	dir      span
	hashes   []uint64 // of the names of the public files, in the order of the directory
	at       []uint32 // where their records lie in the directory
	bytes    int64    // length of the pack
	plain    int64    // total length of its public files
	folders  []string // every folder that a public file lies in, sorted
	casesAt  int64    // where the record of cases.json lies in the directory
	movedAt  int64    // the same of moved.jsonl; -1: there is none
	holders  atomic.Int32
	hasCases bool

	moved func() (map[string]Move, error) // read when first asked for; nil: there are none
}

// openPack opens a pack and reads its directory. The caller holds it once.
func openPack(fsys durable.FS, name string) (*pack, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	p := newPack(f)
	if err := p.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
	}
	if p.movedAt >= 0 {
		p.moved = sync.OnceValues(p.moves)
	}
	return p, nil
}

// newPack returns a pack of which nothing is read yet. Without a file it is one that
// is refused, and shows nothing. The caller holds it once.
func newPack(f durable.File) *pack {
	p := &pack{file: f, movedAt: -1}
	p.holders.Store(1)
	return p
}

func (p *pack) read() error {
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	p.bytes = info.Size()
	dir, d, err := readDirectory(p.file, p.bytes)
	if err != nil {
		return err
	}
	p.dir = d
	p.hashes, p.at = make([]uint64, 0, d.entries), make([]uint32, 0, d.entries)
	folder := ""
	err = walkDirectory(dir, d, func(at int, r *record) error {
		name := string(r.name)
		if isHidden(name) {
			switch name {
			case casesName:
				p.hasCases, p.casesAt = true, int64(at)
			case MovedPages:
				p.movedAt = int64(at)
			}
			return nil
		}
		p.hashes, p.at = append(p.hashes, pathHash(name)), append(p.at, uint32(at))
		p.plain += r.size
		if f := path.Dir(name); f != folder {
			folder = f
			p.addFolders(f)
		}
		return nil
	})
	if err == nil && !p.hasCases {
		err = badPack("no %s", casesName)
	}
	slices.Sort(p.folders)
	p.folders = slices.Compact(p.folders)
	return err
}

// addFolders notes a folder and those above it.
func (p *pack) addFolders(folder string) {
	for folder != "." {
		if n := len(p.folders); n > 0 && p.folders[n-1] == folder {
			return
		}
		p.folders = append(p.folders, folder)
		folder = path.Dir(folder)
	}
}

func (p *pack) retain() { p.holders.Add(1) }

// release closes the file when nobody holds it any more.
func (p *pack) release() {
	if p.holders.Add(-1) == 0 && p.file != nil {
		p.file.Close() // only read: nothing can be lost
	}
}

// record reads the record at a place in the directory.
func (p *pack) record(at int64) (record, error) {
	const usual = 256 // longer than most records
	n := min(p.dir.size-at, usual)
	for {
		b := make([]byte, n)
		if err := readAt(p.file, b, p.dir.off+at); err != nil {
			return record{}, err
		}
		r, _, err := parseRecord(b)
		if err == nil && r.end() > p.dir.off {
			err = badPack("entry behind the directory")
		}
		if err == errShort && n < p.dir.size-at {
			n = min(p.dir.size-at, 1<<18) // the longest possible record
			continue
		}
		return r, err
	}
}

// records calls visit with every record, hidden ones too, in order.
func (p *pack) records(visit func(at int, r *record) error) error {
	if p.file == nil {
		return nil
	}
	dir := make([]byte, p.dir.size)
	if err := readAt(p.file, dir, p.dir.off); err != nil {
		return err
	}
	return walkDirectory(dir, p.dir, visit)
}

// raw returns the stored bytes of an entry.
func (p *pack) raw(r *record) *io.SectionReader {
	return io.NewSectionReader(p.file, r.data(), r.stored)
}

// cases reads which cases each file shows.
func (p *pack) cases() (map[string][]string, error) {
	r, err := p.record(p.casesAt)
	if err != nil {
		return nil, err
	}
	b, err := plain(p.raw(&r), r.method == methodDeflate, r.size, r.crc, r.sum)
	if err != nil {
		return nil, err
	}
	return parseCases(b)
}

// touched returns the names of the files that must be dropped when cases are
// withdrawn: those that show one of the numbers, and those that lie at a path
// of paths.
func (p *pack) touched(numbers map[string]bool, paths map[string]bool) ([]string, error) {
	shows, err := p.cases()
	if err != nil {
		return nil, err
	}
	names := showing(shows, numbers)
	hashes := make(map[uint64]string, len(paths))
	for name := range paths {
		hashes[pathHash(name)] = name
	}
	for i, h := range p.hashes {
		name, ok := hashes[h]
		if !ok {
			continue
		}
		r, err := p.record(int64(p.at[i]))
		if err != nil {
			return nil, err
		}
		if string(r.name) == name {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// errSum reports that bytes are not those that were published.
var errSum = errors.New("bytes do not match their hash")

// inflaters are decompressors between two entries.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(bytes.NewReader(nil)) }}

// plain reads the whole of an entry and checks it.
func plain(raw io.Reader, deflated bool, size int64, crc uint32, sum [sha256.Size]byte) ([]byte, error) {
	b, err := expand(raw, deflated, size)
	if err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(b) != crc || sha256.Sum256(b) != sum {
		return nil, errSum
	}
	return b, nil
}

// expand reads size bytes, which must be all there are. What the directory says
// of the size is not trusted with memory before the bytes are there.
func expand(raw io.Reader, deflated bool, size int64) ([]byte, error) {
	if deflated {
		z := inflaters.Get().(io.ReadCloser)
		defer inflaters.Put(z)
		if err := z.(flate.Resetter).Reset(raw, nil); err != nil {
			return nil, err
		}
		raw = z
	}
	var buf bytes.Buffer
	buf.Grow(int(min(size, 1<<20)) + bytes.MinRead)
	n, err := buf.ReadFrom(io.LimitReader(raw, size+1))
	if err != nil {
		return nil, err
	}
	if n != size {
		return nil, errSum
	}
	return buf.Bytes(), nil
}

// packPath is where a pack lies, relative to the folder of the store.
func packPath(hash string) string {
	return strings.Join([]string{"packs", hash[:2], hash + ".zip"}, "/")
}
