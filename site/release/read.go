package release

import (
	"fmt"

	"github.com/huiyin/huiyin/site/durable"
)

// PackFile is one file of a pack as [EachFile] hands it over.
type PackFile struct {
	Name   string
	Body   []byte   // plain, checked against its hash; not to be changed
	Shows  []string // the cases that it shows, sorted
	Hidden bool     // not served: [SearchDocs]
}

// EachFile reads a finished pack at path and hands over every file in it, hidden
// ones too but for the list of cases, in the order of the pack. An error of visit
// ends it and is returned as it is. fsys nil is the ordinary one.
func EachFile(fsys durable.FS, path string, visit func(PackFile) error) error {
	if fsys == nil {
		fsys = durable.OS{}
	}
	p, err := openPack(fsys, path)
	if err != nil {
		return readFault("a new pack", err)
	}
	defer p.release()
	return p.each(visit)
}

// EachFile is [EachFile] of a pack that is already kept, by its hash in the
// manifest. Where the overlay says that another file took its place, that one is
// read.
func (t *Txn) EachFile(hash string, visit func(PackFile) error) error {
	if !validHash(hash) {
		return fmt.Errorf("%q is no hash of a pack", hash)
	}
	return EachFile(t.s.o.FS, t.s.path(packPath(t.overlay.file(hash))), visit)
}

// each hands over the files of an open pack.
func (p *pack) each(visit func(PackFile) error) error {
	shows, err := p.cases()
	if err != nil {
		return readFault("a pack", err)
	}
	return p.records(func(_ int, r *record) error {
		name := string(r.name)
		if name == casesName {
			return nil
		}
		body, err := plain(p.raw(r), r.method == methodDeflate, r.size, r.crc, r.sum)
		if err != nil {
			return readFault("a pack", fmt.Errorf("%s: %w", name, err))
		}
		return visit(PackFile{Name: name, Body: body, Shows: shows[name], Hidden: isHidden(name)})
	})
}
