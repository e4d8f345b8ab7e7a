package durabletest

import (
	"bytes"
	"maps"
	"slices"
)

// Keep says what is left of something that was not synced.
type Keep int

// What is left after a power cut.
const (
	KeepNone Keep = iota // what was synced
	KeepSome             // now the one, now the other, and of file contents now and then a part
	KeepAll              // all, as when the program alone is killed
)

// Reboot returns the file system as it is found after the power comes back.
// Nothing is locked, and the old one is of no more use.
func (f *FS) Reboot(keep Keep) *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = true
	n := New()
	n.root = (&reboot{keep: keep, state: 0x9e3779b9}).node(f.root)
	return n
}

// reboot decides what is left. Its decisions are the same each time.
type reboot struct {
	keep  Keep
	state uint64
}

// choose returns a number below n.
func (r *reboot) choose(n uint64) uint64 {
	r.state ^= r.state << 13
	r.state ^= r.state >> 7
	r.state ^= r.state << 17
	return r.state % n
}

func (r *reboot) node(n *node) *node {
	if !n.dir {
		data := n.disk
		if !bytes.Equal(n.data, n.disk) {
			switch r.keep {
			case KeepAll:
				data = n.data
			case KeepSome:
				data = [][]byte{n.disk, n.data, n.data[:len(n.data)/2], make([]byte, len(n.data))}[r.choose(4)]
			}
		}
		return &node{data: data, disk: data}
	}
	c := newDir()
	names := maps.Clone(n.kids)
	maps.Copy(names, n.onDisk)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		left := n.onDisk[name]
		if n.kids[name] != left && (r.keep == KeepAll || r.keep == KeepSome && r.choose(2) == 0) {
			left = n.kids[name]
		}
		if left != nil {
			c.kids[name] = r.node(left)
			c.onDisk[name] = c.kids[name]
		}
	}
	return c
}
