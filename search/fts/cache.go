package fts

import (
	recency "container/list"
	"math/bits"
	"sync"
)

// cache keeps the hits of phrases asked for lately, for one layout of the runs.
// What is deleted stays in it, as it does in the lists; what is new is not in
// the lists.
type cache struct {
	limit int64 // bytes; not positive: nothing is kept

	mu     sync.Mutex
	layout int64
	size   int64
	byKey  map[cacheKey]*recency.Element
	recent recency.List // of *cached, the latest first
}

type cacheKey struct {
	spelled string
	field   int
}

// cached is a set: its members or, where that is smaller, its words.
type cached struct {
	key   cacheKey
	ords  []uint32
	words set
}

func (c *cached) size() int64 {
	return int64(4*len(c.ords)+8*len(c.words)+len(c.key.spelled)) + 128
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, byKey: make(map[cacheKey]*recency.Element)}
}

// get adds what is kept to an empty set and says whether anything is.
func (c *cache) get(layout int64, spelled []byte, field int, to set) bool {
	c.mu.Lock()
	e := c.byKey[cacheKey{string(spelled), field}]
	if e == nil || layout != c.layout {
		c.mu.Unlock()
		return false
	}
	c.recent.MoveToFront(e)
	k := e.Value.(*cached)
	c.mu.Unlock()
	for _, o := range k.ords {
		to.add(o)
	}
	copy(to, k.words)
	return true
}

// put keeps a copy of a set.
func (c *cache) put(layout int64, spelled []byte, field int, s set) {
	if c.limit <= 0 {
		return
	}
	k := &cached{key: cacheKey{string(spelled), field}}
	if n := s.count(); n < 2*len(s) {
		k.ords = make([]uint32, 0, n)
		for i, w := range s {
			for ; w != 0; w &= w - 1 {
				k.ords = append(k.ords, uint32(i*64+bits.TrailingZeros64(w)))
			}
		}
	} else {
		k.words = append(set(nil), s...)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if layout < c.layout || k.size() > c.limit/2 {
		return
	}
	if layout > c.layout {
		c.layout, c.size = layout, 0
		c.recent.Init()
		clear(c.byKey)
	}
	if c.byKey[k.key] != nil {
		return
	}
	c.byKey[k.key] = c.recent.PushFront(k)
	for c.size += k.size(); c.size > c.limit; {
		old := c.recent.Remove(c.recent.Back()).(*cached)
		c.size -= old.size()
		delete(c.byKey, old.key)
	}
}
