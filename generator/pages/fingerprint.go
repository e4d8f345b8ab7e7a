package pages

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/huiyin/huiyin/generator/record"
)

// finger collects what a partition is made from. Each value is written with its
// length, so that no two lists of values are written alike.
type finger []byte

func (f *finger) str(ss ...string) {
	for _, s := range ss {
		*f = binary.AppendUvarint(*f, uint64(len(s)))
		*f = append(*f, s...)
	}
}

func (f *finger) num(n int64) { *f = binary.AppendVarint(*f, n) }

func (f *finger) sum(s [32]byte) { *f = append(*f, s[:]...) }

func (f finger) done() [32]byte { return sha256.Sum256(f) }

// digest stands for the facts of one scope: it changes whenever one of them
// does. Figures are a function of the facts, the register and the cut-off, so a
// page of figures is fingerprinted by the digests of what it counts, without
// computing a figure.
type digest [32]byte

func (d *digest) add(hash *[16]byte) {
	var b [48]byte
	copy(b[:], d[:])
	copy(b[32:], hash[:])
	*d = sha256.Sum256(b[:])
}

// fold adds another digest.
func (d *digest) fold(o digest) {
	var b [64]byte
	copy(b[:], d[:])
	copy(b[32:], o[:])
	*d = sha256.Sum256(b[:])
}

// valuesFinger adds which values the installation delivers at all. What needs one that
// no case carries is unknown everywhere; with the first case that carries it, the figures
// of all others say something else.
func (p *planner) valuesFinger(f *finger) {
	all, _ := p.book.Set(record.Scope{Dim: record.ByAll}, record.AllTime)
	for _, m := range measures {
		f.str(m.cell(&all).State)
	}
	for _, c := range p.more {
		f.str(c.id)
	}
}

// monthsFinger adds the months that have a page, and those that have a bulletin: tables of
// months, and the pages of the months beside them, lead there.
func (p *planner) monthsFinger(f *finger) {
	for _, m := range p.months {
		f.num(int64(m.month))
	}
	f.num(0)
	for _, m := range p.bulletinMonths() {
		f.num(int64(m))
	}
}

// groups returns the number of groups for n things of which about 64 are made
// together: a power of two, so that it seldom changes as things are added.
func groups(n int) int {
	g := 1
	for g*64 < n {
		g *= 2
	}
	return g
}

// group returns the group of n in which the thing named id is made. It depends
// on id alone, so that nothing moves when others come and go.
func group(id string, n int) int {
	h := sha256.Sum256([]byte(id))
	return int(binary.BigEndian.Uint32(h[:4]) % uint32(n))
}
