package fts

import "bytes"

// merger makes the lists of several sources into one sequence. The ordinals of
// a source all come before those of the next.
type merger struct {
	heap   []int // of inputs, the smallest key first, of equal keys the first input
	inputs []*input
	drop   func(ord uint32) bool // takes documents out; nil: none

	list list
	key  []byte
	ords []uint32
	at   places
}

// newMerger goes to the first lists behind a key; nil is before all.
func newMerger(sources []source, after []byte, drop func(uint32) bool) (*merger, error) {
	m := &merger{drop: drop}
	for _, s := range sources {
		in := &input{src: s}
		m.inputs = append(m.inputs, in)
		for {
			if err := in.advance(); err != nil {
				return nil, err
			}
			if !in.more || after == nil || bytes.Compare(in.r.key, after) > 0 {
				break
			}
		}
		if in.more {
			m.heap = append(m.heap, len(m.inputs)-1)
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.down(i)
	}
	return m, nil
}

func (m *merger) less(a, b int) bool {
	if c := compareInputs(m.inputs[a], m.inputs[b]); c != 0 {
		return c < 0
	}
	return a < b
}

func (m *merger) down(i int) {
	h := m.heap
	for {
		c := 2*i + 1
		if c >= len(h) {
			return
		}
		if c+1 < len(h) && m.less(h[c+1], h[c]) {
			c++
		}
		if !m.less(h[c], h[i]) {
			return
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
}

// step goes on from the smallest list.
func (m *merger) step() error {
	in := m.inputs[m.heap[0]]
	if err := in.advance(); err != nil {
		return err
	}
	if !in.more {
		last := len(m.heap) - 1
		m.heap[0] = m.heap[last]
		m.heap = m.heap[:last]
	}
	if len(m.heap) > 0 {
		m.down(0)
	}
	return nil
}

// alone says whether the smallest list is the only one with its key.
func (m *merger) alone() bool {
	for _, c := range []int{1, 2} {
		if c < len(m.heap) && compareInputs(m.inputs[m.heap[0]], m.inputs[m.heap[c]]) == 0 {
			return false
		}
	}
	return true
}

// next writes the lists of the next key, and says whether there was one.
func (m *merger) next(w *blockWriter) (bool, error) {
	if len(m.heap) == 0 {
		return false, nil
	}
	first := &m.inputs[m.heap[0]].r
	m.key = append(m.key[:0], first.key...)
	if m.drop == nil && m.alone() {
		for {
			if err := w.addEncoded(m.key, first.n, first.posting.docs, first.posting.places); err != nil {
				return false, err
			}
			top := m.heap[0]
			if err := m.step(); err != nil {
				return false, err
			}
			if len(m.heap) == 0 || m.heap[0] != top || !bytes.Equal(first.key, m.key) {
				return true, nil
			}
		}
	}
	m.list.reset()
	for len(m.heap) > 0 {
		in := m.inputs[m.heap[0]]
		if !bytes.Equal(in.r.key, m.key) {
			break
		}
		if err := m.take(&in.r.posting, w); err != nil {
			return false, err
		}
		if err := m.step(); err != nil {
			return false, err
		}
	}
	return true, m.write(w)
}

// take adds a list to the one that is being made.
func (m *merger) take(p *posting, w *blockWriter) (err error) {
	if m.ords, err = readDocs(m.ords[:0], p.docs, p.n); err != nil {
		return err
	}
	if err := m.at.reset(p.places, p.n); err != nil {
		return err
	}
	for i, ord := range m.ords {
		if m.drop != nil && m.drop(ord) {
			continue
		}
		if len(m.list.ords) == listDocs {
			if err := m.write(w); err != nil {
				return err
			}
		}
		for _, place := range m.at.of(i) {
			m.list.add(ord, place)
		}
	}
	return m.at.err
}

// write writes the list that is being made, unless it is empty.
func (m *merger) write(w *blockWriter) error {
	if len(m.list.ords) == 0 {
		return nil
	}
	err := w.add(m.key, &m.list)
	m.list.reset()
	return err
}
