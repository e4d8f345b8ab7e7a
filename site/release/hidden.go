package release

import (
	"fmt"
	"maps"
	"slices"
)

// SearchDocs is the hidden entry of a pack that says what is searched of its
// pages: a JSON object with the number of a case a line. It is there exactly for
// the pages that are, and loses a line when the page goes.
const SearchDocs = reserved + "/search.jsonl"

// Part is one partition of a view.
type Part struct {
	Key  string // of the partition
	Pack string // the name of its pack in the manifest
	File string // the pack that is read in its place, or the same; empty: none is, since it is damaged. Equal files have equal contents, hidden ones too

	pack *mounted
}

// Parts lists the partitions of the view in the order of their keys.
func (v *View) Parts() []Part {
	packs := make(map[string]*mounted, len(v.packs))
	for _, p := range v.packs {
		packs[p.name] = p
	}
	parts := make([]Part, len(v.manifest.Partitions))
	for i, ref := range v.manifest.Partitions {
		p := packs[ref.Pack]
		parts[i] = Part{Key: ref.Key, Pack: ref.Pack, File: p.file, pack: p}
		if p.pack.file == nil {
			parts[i].File = ""
		}
	}
	return parts
}

// Hidden returns the plain bytes of a hidden entry of a part of this view,
// checked against their hash, or nil where the part has no such entry. Nothing
// of a withdrawn case is in it, nor of one that waits to be taken out of the
// pack: it is what the rewriting of the pack leaves.
func (v *View) Hidden(p Part, name string) ([]byte, error) {
	r, found, err := p.pack.hidden(name)
	if err != nil || !found {
		return nil, err
	}
	body, err := plain(p.pack.raw(&r), r.method == methodDeflate, r.size, r.crc, r.sum)
	if err != nil {
		return nil, damaged("pack "+p.File, fmt.Errorf("%s: %w", name, err))
	}
	o := v.state.overlay
	out := o.numbers()
	for _, n := range o.Unswept {
		out[n] = true
	}
	if o.waits(p.Pack) {
		out = o.erased()
	}
	if len(out) == 0 {
		return body, nil
	}
	left, ok := withoutCases(name, body, out)
	if !ok {
		return nil, nil
	}
	return left, nil
}

// hidden finds the record of a hidden entry. Hidden entries come last.
func (p *pack) hidden(name string) (found record, ok bool, err error) {
	err = p.records(func(_ int, r *record) error {
		if string(r.name) == name {
			found, ok = *r, true
		}
		return nil
	})
	return found, ok, err
}

// Holding returns the parts whose packs hold one of the public files, also of one
// that must not be shown, in the order of their keys. Paths that no pack holds
// are no error.
func (v *View) Holding(paths []string) []Part {
	packs := make(map[*pack]bool, len(paths))
	for _, path := range paths {
		if e, found, _ := v.find(path); found {
			packs[e.pack] = true
		}
	}
	return slices.DeleteFunc(v.Parts(), func(p Part) bool { return !packs[p.pack.pack] })
}

// Settled reports whether every withdrawal that the view knows of has been carried
// out: no pack holds anything of one any more. Where that is not so, a withdrawal
// is under way or was broken off.
func (v *View) Settled() bool {
	return len(v.state.overlay.Unswept) == 0 && !v.state.overlay.pending()
}

// Dropped lists the files that the packs of the view had when they were
// published and that were taken out of them since, in order. The page of each
// case that was withdrawn or retracted is among them.
func (v *View) Dropped() []string {
	return slices.Sorted(maps.Keys(v.dropped))
}

// Whole reports whether every pack of the view is read. Where one is damaged and could
// not be looked through for what was withdrawn, nothing of it is shown.
func (v *View) Whole() bool { return !v.partly }

// Kept opens another release as the overlay of this view leaves it, or the same
// one; packs that both have stay open. A release that is not kept any more is
// [io/fs.ErrNotExist]. The caller closes the view.
func (s *Store) Kept(v *View, release int) (*View, error) {
	m, err := s.readManifest(release)
	if err != nil {
		return nil, err
	}
	return s.load(v.state, m, v)
}
