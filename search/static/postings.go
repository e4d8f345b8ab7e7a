package static

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"iter"
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

const (
	bucketBytes = 4 << 10 // wanted average of a bucket before compression
	maxBuckets  = 1 << 16
	maxToken    = 255 // longest token in bytes; longer ones are cut, and checked on the text
)

// list is the documents of one token, in the order in which they came: twice the
// place, and one more where the token stands in the title. What stands in a title
// is added before what stands elsewhere in the document.
type list []uint32

// add adds a place, which was added before only if it was the last one.
func (l *list) add(place uint32, title bool) {
	if n := len(*l); n > 0 && (*l)[n-1]>>1 == place {
		return
	}
	value := place << 1
	if title {
		value++
	}
	*l = append(*l, value)
}

// token is what a list is of: the number of a unit or keyword, or those of the
// two units of a pair.
type token struct{ first, second uint32 }

// alone is the second number of a token that is no pair.
const alone = math.MaxUint32

// postings gathers the lists of all tokens. Units and keywords are numbered in
// the order in which they come.
type postings struct {
	numbers map[string]uint32
	names   []string // by number
	places  map[token]uint32
	tokens  []token // by place in lists
	lists   []list
	units   []search.Unit
}

func newPostings() *postings {
	return &postings{numbers: map[string]uint32{}, places: map[token]uint32{}}
}

// number returns the number of a unit or keyword.
func (p *postings) number(name string) uint32 {
	n, ok := p.numbers[name]
	if !ok {
		n = uint32(len(p.names))
		name = strings.Clone(name)
		p.numbers[name] = n
		p.names = append(p.names, name)
	}
	return n
}

// add adds a place to the list of a token.
func (p *postings) add(t token, place uint32, title bool) {
	i, ok := p.places[t]
	if !ok {
		i = uint32(len(p.lists))
		p.places[t] = i
		p.tokens = append(p.tokens, t)
		p.lists = append(p.lists, nil)
	}
	p.lists[i].add(place, title)
}

// text adds the units of a text and the pairs of neighbours.
func (p *postings) text(place uint32, text string, title bool) {
	p.units = search.AppendUnits(p.units[:0], text)
	var last uint32
	for i, u := range p.units {
		n := p.number(u.Text)
		p.add(token{n, alone}, place, title)
		if i > 0 && !u.After {
			p.add(token{last, n}, place, title)
		}
		last = n
	}
}

// keyword adds the value of a field.
func (p *postings) keyword(place uint32, field, value string) {
	p.add(token{p.number(field + "=" + value), alone}, place, false)
}

// appendName appends the text of a token.
func (p *postings) appendName(b []byte, t token) []byte {
	b = append(b, p.names[t.first]...)
	if t.second != alone {
		b = append(append(b, ' '), p.names[t.second]...)
	}
	return b
}

// entry is a token and its documents.
type entry struct {
	token string
	list  list
}

// buckets yields the entries of each bucket in order, and lets go of its lists.
// Nothing can be added any more.
func (p *postings) buckets() (n int, each iter.Seq2[int, []entry]) {
	p.numbers, p.places = nil, nil
	var name []byte
	size := 0
	for i, t := range p.tokens {
		name = p.appendName(name[:0], t)
		size += len(name) + len(p.lists[i]) + 5
	}
	want := min(max(size/bucketBytes, 1), maxBuckets)
	n = 1 << bits.Len(uint(want-1))
	inBucket := make([][]uint32, n)
	for i, t := range p.tokens {
		name = p.appendName(name[:0], t)
		b := bucket(cut(string(name)), n)
		inBucket[b] = append(inBucket[b], uint32(i))
	}
	return n, func(yield func(int, []entry) bool) {
		for b, lists := range inBucket {
			entries := make([]entry, 0, len(lists))
			for _, i := range lists {
				name = p.appendName(name[:0], p.tokens[i])
				entries = append(entries, entry{cut(string(name)), p.lists[i]})
				p.lists[i] = nil
			}
			slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.token, b.token) })
			if !yield(b, unite(entries)) {
				return
			}
		}
	}
}

// unite puts the lists of tokens together that were cut to the same one.
func unite(entries []entry) []entry {
	out := entries[:0]
	for _, e := range entries {
		if n := len(out); n > 0 && out[n-1].token == e.token {
			out[n-1].list = slices.Concat(out[n-1].list, e.list)
			continue
		}
		out = append(out, e)
	}
	return out
}

// encode returns a bucket, before compression.
func encode(entries []entry) []byte {
	var body []byte
	var all, title []uint32
	for _, e := range entries {
		slices.Sort(e.list)
		all, title = all[:0], title[:0]
		for _, value := range e.list {
			all = append(all, value>>1)
			if value&1 != 0 {
				title = append(title, value>>1)
			}
		}
		body = append(append(body, byte(len(e.token))), e.token...)
		body = appendList(body, slices.Compact(all))
		body = appendList(body, slices.Compact(title))
	}
	return body
}

// appendList appends a posting list.
func appendList(b []byte, places []uint32) []byte {
	size, last := 0, uint32(0)
	for _, d := range places {
		size += (bits.Len32((d-last)|1) + 6) / 7
		last = d
	}
	b = binary.AppendUvarint(b, uint64(len(places)))
	b = binary.AppendUvarint(b, uint64(size))
	last = 0
	for _, d := range places {
		b = binary.AppendUvarint(b, uint64(d-last))
		last = d
	}
	return b
}

// cut cuts a token to its greatest length.
func cut(token string) string {
	if len(token) <= maxToken {
		return token
	}
	return strings.ToValidUTF8(token[:maxToken], "")
}

// bucket returns the bucket of a token.
func bucket(token string, buckets int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(token)) // never fails
	return int(h.Sum32() & uint32(buckets-1))
}

// bucketName returns the name of the file of a bucket.
func bucketName(n int) string { return fmt.Sprintf("p/%02x/%02x.bin", n>>8, n&0xff) }

// chunkName returns the name of the file of a chunk.
func chunkName(n int) string { return fmt.Sprintf("d/%02x/%03x.bin", n>>12, n&0xfff) }
