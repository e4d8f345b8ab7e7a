package drop

import (
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/huiyin/huiyin/generator/source"
)

// repeats finds rows of one file that have the same key. It holds 24 bytes a
// row, not the keys.
type repeats struct {
	seed maphash.Seed
	rows []keyed
}

type keyed struct {
	key, content uint64
	n            int
}

// fate is what becomes of a row whose key stands in the file more than once.
type fate int8

const (
	taken   fate = iota
	silent       // the same as the one that is taken
	refused      // other than the one that is taken
)

func newRepeats() *repeats { return &repeats{seed: maphash.MakeSeed()} }

// add notes the n-th row.
func (p *repeats) add(n int, key string, b *source.Binding, r *source.Row) {
	var h maphash.Hash
	h.SetSeed(p.seed)
	b.Content(r, func(s string) {
		h.WriteString(s)
		h.WriteByte(0x1f)
	})
	p.rows = append(p.rows, keyed{maphash.String(p.seed, key), h.Sum64(), n})
}

// fates returns what becomes of each row that is not simply taken. rule is
// source.Input.Repeat.
func (p *repeats) fates(rule string) map[int]fate {
	slices.SortFunc(p.rows, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.n, b.n))
	})
	out := map[int]fate{}
	for len(p.rows) > 0 {
		n := 1
		for n < len(p.rows) && p.rows[n].key == p.rows[0].key {
			n++
		}
		if n > 1 {
			judge(p.rows[:n], rule, out)
		}
		p.rows = p.rows[n:]
	}
	return out
}

// judge decides over the rows of one key.
func judge(group []keyed, rule string, out map[int]fate) {
	same := true
	for _, k := range group {
		same = same && k.content == group[0].content
	}
	win := len(group) - 1
	if rule == "first" || same {
		win = 0
	}
	for i, k := range group {
		switch {
		case !same && rule == "refuse":
			out[k.n] = refused
		case i == win:
		case k.content == group[win].content:
			out[k.n] = silent
		default:
			out[k.n] = refused
		}
	}
}
