package fts

import (
	"bytes"
	"slices"
)

// lookup finds a phrase in one run.
type lookup struct {
	c      *conn
	run    *run
	fields []int
	out    []set // by field

	scratch
}

// scratch is memory that searches use one after the other.
type scratch struct {
	ords   []uint32
	firsts []uint32
	at     places
	bytes  []byte // of parts
	cands  []found
}

// keep copies bytes to where they last as long as the lookup.
func (s *scratch) keep(b []byte) []byte {
	if cap(s.bytes)-len(s.bytes) < len(b) {
		s.bytes = make([]byte, 0, max(2*cap(s.bytes), len(b), 64<<10)) // what is there stays where it is
	}
	n := len(s.bytes)
	s.bytes = append(s.bytes, b...)
	return s.bytes[n:len(s.bytes):len(s.bytes)]
}

// trim lets go of memory that few searches need.
func (s *scratch) trim() {
	if cap(s.bytes) > 2<<20 {
		s.bytes = nil
	}
	if cap(s.cands) > 1<<18 {
		s.cands = nil
	}
}

// part is an encoded list of a token.
type part struct {
	first  uint32 // ordinal
	n      int
	docs   []byte
	places []byte
}

// chain is what there is of one token in one field: parts in the order of
// ordinals.
type chain []part

// phrase adds the documents with a phrase to out.
func (l *lookup) phrase(p phrase) error {
	if len(p.tokens) == 1 {
		return l.run.lists(l.c, p.tokens[0].token, false, func(list *posting) (err error) {
			f := list.field()
			if !slices.Contains(l.fields, f) {
				return nil
			}
			if l.ords, err = readDocs(l.ords[:0], list.docs, list.n); err != nil {
				return err
			}
			s := l.out[f]
			for _, ord := range l.ords {
				s.add(ord)
			}
			return nil
		})
	}
	l.bytes = l.bytes[:0]
	chains := make([][][]chain, len(p.tokens)) // by token and field; a prefix has several
	for i, t := range p.tokens {
		chains[i] = make([][]chain, len(l.out))
		if err := l.gather(t.token, chains[i]); err != nil {
			return err
		}
	}
	for _, f := range l.fields {
		if err := l.inField(p, f, chains); err != nil {
			return err
		}
	}
	return nil
}

// gather reads the chains of a token by field.
func (l *lookup) gather(token string, chains [][]chain) error {
	var key []byte
	return l.run.lists(l.c, token, true, func(list *posting) error {
		f := list.field()
		if !slices.Contains(l.fields, f) {
			return nil
		}
		if !bytes.Equal(key, list.key) {
			key = append(key[:0], list.key...)
			chains[f] = append(chains[f], nil)
		}
		first, err := readDocs(l.ords[:0], firstDoc(list.docs), 1)
		if err != nil {
			return err
		}
		last := len(chains[f]) - 1
		chains[f][last] = append(chains[f][last], part{first[0], list.n, l.scratch.keep(list.docs), l.scratch.keep(list.places)})
		return nil
	})
}

// firstDoc returns the encoding of the first ordinal.
func firstDoc(docs []byte) []byte {
	for i, b := range docs {
		if b < 0x80 {
			return docs[:i+1]
		}
	}
	return docs
}

// found is a place where a phrase may begin.
type found struct{ ord, place uint32 }

// inField finds the phrase in a field: it begins with the rarest token and
// drops the places where another is missing.
func (l *lookup) inField(p phrase, field int, chains [][][]chain) error {
	order := make([]int, len(p.tokens))
	size := make([]int, len(p.tokens))
	for i := range order {
		order[i] = i
		for _, c := range chains[i][field] {
			for _, part := range c {
				size[i] += part.n
			}
		}
		if size[i] == 0 {
			return nil
		}
	}
	// Where a prefix is, the token before it is not one; see segment.
	slices.SortStableFunc(order, func(a, b int) int {
		if p.tokens[a].prefix != p.tokens[b].prefix {
			if p.tokens[b].prefix {
				return -1
			}
			return 1
		}
		return size[a] - size[b]
	})
	cands, err := l.begin(chains[order[0]][field][0], p.tokens[order[0]].place)
	for _, i := range order[1:] {
		if err != nil || len(cands) == 0 {
			return err
		}
		cands, err = l.narrow(cands, chains[i][field], p.tokens[i].place)
	}
	if err != nil {
		return err
	}
	s := l.out[field]
	for _, c := range cands {
		s.add(c.ord)
	}
	return nil
}

// begin returns where the phrase may begin by the places of one token.
func (l *lookup) begin(c chain, place uint32) (cands []found, err error) {
	cands = l.cands[:0]
	defer func() { l.cands = cands[:0] }()
	for _, part := range c {
		if err := l.read(part); err != nil {
			return nil, err
		}
		cands = slices.Grow(cands, part.n)
		for i := 0; i < part.n; i++ {
			for end := l.at.single(part.n); i < end; i++ {
				if l.firsts[i] >= place {
					cands = append(cands, found{l.ords[i], l.firsts[i] - place})
				}
			}
			if i == part.n {
				break
			}
			for at, more := l.firsts[i], true; more; at, more = l.at.further(i, at) {
				if at >= place {
					cands = append(cands, found{l.ords[i], at - place})
				}
			}
		}
		if l.at.err != nil {
			return nil, l.at.err
		}
	}
	return cands, nil
}

// read decodes a part.
func (l *lookup) read(p part) (err error) {
	if l.ords, err = readDocs(l.ords[:0], p.docs, p.n); err != nil {
		return err
	}
	if err := l.at.reset(p.places, p.n); err != nil {
		return err
	}
	l.firsts = l.at.firsts(l.firsts[:0], p.n)
	return nil
}

// narrow returns the places where the phrase may begin with another token as well.
func (l *lookup) narrow(cands []found, chains []chain, place uint32) ([]found, error) {
	if len(chains) == 1 {
		kept := cands[:0]
		err := l.each(cands, chains[0], place, func(i int) { kept = append(kept, cands[i]) })
		return kept, err
	}
	// One that a chain has is not asked for again.
	var kept []found
	for _, c := range chains {
		rest := cands[:0:0]
		from := 0
		err := l.each(cands, c, place, func(i int) {
			kept = append(kept, cands[i])
			rest = append(rest, cands[from:i]...)
			from = i + 1
		})
		if err != nil {
			return nil, err
		}
		if from > 0 {
			cands = append(rest, cands[from:]...)
		}
	}
	slices.SortFunc(kept, func(a, b found) int {
		if a.ord != b.ord {
			return int(a.ord) - int(b.ord)
		}
		return int(a.place) - int(b.place)
	})
	return kept, nil
}

// each calls f with the index of each candidate that has a token at its place.
func (l *lookup) each(cands []found, c chain, place uint32, f func(i int)) error {
	i := 0
	for k, part := range c {
		for i < len(cands) && cands[i].ord < part.first {
			i++
		}
		if i == len(cands) {
			return nil
		}
		if k+1 < len(c) && cands[i].ord >= c[k+1].first {
			continue
		}
		if err := l.read(part); err != nil {
			return err
		}
		ords, firsts := l.ords, l.firsts[:len(l.ords)]
		d, single := 0, l.at.single(part.n)
		for ; i < len(cands); i++ {
			ord := cands[i].ord
			for d < len(ords) && ords[d] < ord {
				d++
			}
			if d == len(ords) {
				break
			}
			if ords[d] != ord {
				continue
			}
			want := cands[i].place + place
			if d < single && d != l.at.doc {
				if firsts[d] == want {
					f(i)
				}
				continue
			}
			if l.at.has(d, want) {
				f(i)
			}
			single = l.at.single(part.n)
		}
		if l.at.err != nil {
			return l.at.err
		}
	}
	return nil
}
