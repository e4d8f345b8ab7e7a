package static

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/bits"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

const (
	bucketBytes = 8 << 10 // wanted average of a bucket before compression
	maxBuckets  = 1 << 16
	maxToken    = 255 // longest token in bytes; longer ones are cut, and checked on the text
)

// list is the documents of one token, in the order in which they came.
type list struct{ all, title []uint32 }

// add adds a place, which was added before only if it was the last one.
func (l *list) add(place uint32, title bool) {
	if n := len(l.all); n == 0 || l.all[n-1] != place {
		l.all = append(l.all, place)
	}
	if n := len(l.title); title && (n == 0 || l.title[n-1] != place) {
		l.title = append(l.title, place)
	}
}

// postings gathers the lists of all tokens. Units and keywords are numbered in
// the order in which they come; a pair is known by the numbers of its units.
type postings struct {
	numbers map[string]uint32
	names   []string
	singles []list // by number
	pairs   map[uint64]*list
	units   []search.Unit
}

func newPostings() *postings {
	return &postings{numbers: map[string]uint32{}, pairs: map[uint64]*list{}}
}

// number returns the number of a unit or keyword.
func (p *postings) number(name string) uint32 {
	n, ok := p.numbers[name]
	if !ok {
		n = uint32(len(p.names))
		name = strings.Clone(name)
		p.numbers[name] = n
		p.names = append(p.names, name)
		p.singles = append(p.singles, list{})
	}
	return n
}

// text adds the units of a text and the pairs of neighbours.
func (p *postings) text(place uint32, text string, title bool) {
	p.units = search.AppendUnits(p.units[:0], text)
	var last uint32
	for i, u := range p.units {
		n := p.number(u.Text)
		p.singles[n].add(place, title)
		if i > 0 && !u.After {
			key := uint64(last)<<32 | uint64(n)
			l := p.pairs[key]
			if l == nil {
				l = &list{}
				p.pairs[key] = l
			}
			l.add(place, title)
		}
		last = n
	}
}

// keyword adds the value of a field.
func (p *postings) keyword(place uint32, field, value string) {
	p.singles[p.number(field+"="+value)].add(place, false)
}

// entry is a token and its documents.
type entry struct {
	token string
	list  *list
}

// buckets returns all tokens, each in its bucket, in order.
func (p *postings) buckets() [][]entry {
	all := make([]entry, 0, len(p.singles)+len(p.pairs))
	for i := range p.singles {
		all = append(all, entry{cut(p.names[i]), &p.singles[i]})
	}
	for key, l := range p.pairs {
		all = append(all, entry{cut(p.names[key>>32] + " " + p.names[uint32(key)]), l})
	}
	size := 0
	for _, e := range all {
		size += len(e.token) + len(e.list.all) + len(e.list.title) + 5
	}
	want := min(max(size/bucketBytes, 1), maxBuckets)
	buckets := make([][]entry, 1<<bits.Len(uint(want-1)))
	for _, e := range all {
		b := Bucket(e.token, len(buckets))
		buckets[b] = append(buckets[b], e)
	}
	for i, entries := range buckets {
		slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.token, b.token) })
		buckets[i] = unite(entries)
	}
	return buckets
}

// unite puts the lists of tokens together that were cut to the same one.
func unite(entries []entry) []entry {
	out := entries[:0]
	for _, e := range entries {
		if n := len(out); n > 0 && out[n-1].token == e.token {
			last := out[n-1].list
			out[n-1].list = &list{slices.Concat(last.all, e.list.all), slices.Concat(last.title, e.list.title)}
			continue
		}
		out = append(out, e)
	}
	return out
}

// encode returns a bucket, before compression.
func encode(entries []entry) []byte {
	var body []byte
	for _, e := range entries {
		body = append(append(body, byte(len(e.token))), e.token...)
		body = appendList(body, e.list.all)
		body = appendList(body, e.list.title)
	}
	return body
}

// appendList appends a posting list, which it brings into order.
func appendList(b []byte, places []uint32) []byte {
	slices.Sort(places)
	places = slices.Compact(places)
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

// Bucket returns the bucket of a token.
func Bucket(token string, buckets int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(token)) // never fails
	return int(h.Sum32() & uint32(buckets-1))
}

// BucketName returns the name of the file of a bucket.
func BucketName(n int) string { return fmt.Sprintf("p/%02x/%02x.bin", n>>8, n&0xff) }

// ChunkName returns the name of the file of a chunk.
func ChunkName(n int) string { return fmt.Sprintf("d/%02x/%03x.bin", n>>12, n&0xfff) }
