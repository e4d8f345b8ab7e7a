package release

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/site/durable"
)

// rewritePending rewrites every needed pack that still holds files which the overlay
// drops, and notes in the overlay, in one write, what took their places. The
// old packs are removed by the sweep that follows. A pack that is damaged is refused
// whole. keep are the packs that the overlay goes on to speak of, as in writeOverlay.
func (s *Store) rewritePending(ctx context.Context, st *state, needed, keep map[string]bool) (refused bool, err error) {
	numbers := st.overlay.erased()
	var packs []landing
	stale := false
	for i, name := range slices.Sorted(maps.Keys(st.overlay.Packs)) {
		r := st.overlay.Packs[name]
		stale = stale || keep != nil && !keep[name]
		if !r.Pending || r.Unread || !needed[name] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		temp := s.path(fmt.Sprintf("packs/%s%06d.zip", durable.TempPrefix, i))
		file, err := s.rewriteAgain(ctx, s.path(packPath(r.File)), temp, r.Drop, numbers)
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if err != nil && !s.hasPack(r.File) {
			refused = st.overlay.refuse(name) || refused
			continue
		}
		if err != nil {
			return false, err
		}
		packs = append(packs, landing{temp, file})
		r.File, r.Pending = file, false
	}
	if len(packs) == 0 && !refused && !stale {
		return false, nil
	}
	if err := s.land(packs); err != nil {
		return false, err
	}
	return refused, s.changeOverlay(st, keep)
}

// changeOverlay writes the overlay, without packs that are not needed unless
// needed is nil, and then its generation into the pointer,
// so that a reader notices when an older overlay is put in its place.
func (s *Store) changeOverlay(st *state, needed map[string]bool) error {
	if err := s.writeOverlay(st, needed); err != nil {
		return err
	}
	if st.pointer == nil {
		return nil
	}
	return s.writePointer(st, *st.pointer)
}

// rewriteAgain is [Store.rewrite], tried again as often as a pack is read again.
func (s *Store) rewriteAgain(ctx context.Context, from, to string, drop []string, numbers map[string]bool) (hash string, err error) {
	for n := 0; n <= readsAgain && ctx.Err() == nil; n++ {
		if hash, err = s.rewrite(from, to, drop, numbers); err == nil {
			break
		}
	}
	return hash, err
}

// rewrite writes the pack at from to the file to, without some files and
// without what hidden entries say of the given cases. It returns the new hash.
func (s *Store) rewrite(from, to string, drop []string, numbers map[string]bool) (hash string, err error) {
	p, err := openPack(s.o.FS, from)
	if err != nil {
		return "", readFault("a pack", err)
	}
	defer p.release()
	f, err := s.o.FS.Create(to)
	if err != nil {
		return "", writeFault(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	hash, err = p.copyWithout(f, drop, numbers)
	return hash, writeFault(err)
}

// copyWithout writes a copy of the pack. Stored bytes are copied as they are,
// so the same pack gives the same copy.
func (p *pack) copyWithout(w io.Writer, drop []string, numbers map[string]bool) (hash string, err error) {
	out := &hashed{w: w, sum: sha256.New()}
	z := zip.NewWriter(out)
	dropped := make(map[string]bool, len(drop))
	for _, name := range drop {
		dropped[name] = true
	}
	err = p.records(func(_ int, r *record) error {
		name := string(r.name)
		if dropped[name] {
			return nil
		}
		if isHidden(name) {
			return p.copyHidden(z, r, dropped, numbers)
		}
		h := newHeader(name, r.sum)
		h.Method, h.CRC32 = r.method, r.crc
		h.UncompressedSize64, h.CompressedSize64 = uint64(r.size), uint64(r.stored)
		to, err := z.CreateRaw(&h)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, p.raw(r))
		return err
	})
	if err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return hex.EncodeToString(out.sum.Sum(nil)), nil
}

// copyHidden copies what is left of a hidden entry.
func (p *pack) copyHidden(z *zip.Writer, r *record, dropped, numbers map[string]bool) error {
	name := string(r.name)
	body, err := plain(p.raw(r), r.method == methodDeflate, r.size, r.crc, r.sum)
	if err != nil {
		return err
	}
	if name == casesName {
		shows, err := parseCases(body)
		if err != nil {
			return err
		}
		maps.DeleteFunc(shows, func(file string, _ []string) bool { return dropped[file] })
		body = encodeCases(shows)
	} else if left, ok := withoutCases(name, body, numbers); ok {
		body = left
	} else {
		return nil
	}
	e, err := newEntry(name, body, true)
	if err != nil {
		return err
	}
	to, err := z.CreateRaw(&e.header)
	if err != nil {
		return err
	}
	_, err = to.Write(e.stored)
	return err
}
