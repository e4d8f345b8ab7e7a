package fts

import (
	"container/list"
	"sync"
)

// cache keeps the hits of terms asked for lately, for one version of an index.
type cache struct {
	limit int64 // bytes; not positive: nothing is kept

	mu      sync.Mutex
	version int64
	size    int64
	byKey   map[string]*list.Element
	recent  list.List // of *cached, the latest first
}

type cached struct {
	key  string
	hits termHits
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, byKey: make(map[string]*list.Element)}
}

// get returns the hits kept under a key for a version.
func (c *cache) get(version int64, key string) (termHits, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.byKey[key]; e != nil && version == c.version {
		c.recent.MoveToFront(e)
		return e.Value.(*cached).hits, true
	}
	return termHits{}, false
}

// put keeps hits, which nobody changes from now on.
func (c *cache) put(version int64, key string, hits termHits) {
	size := hits.size() + int64(len(key)) + 128
	c.mu.Lock()
	defer c.mu.Unlock()
	if version < c.version || size > c.limit/2 {
		return
	}
	if version > c.version {
		c.version, c.size = version, 0
		c.recent.Init()
		clear(c.byKey)
	}
	if c.byKey[key] != nil {
		return
	}
	c.byKey[key] = c.recent.PushFront(&cached{key: key, hits: hits})
	c.size += size
	for c.size > c.limit {
		old := c.recent.Remove(c.recent.Back()).(*cached)
		c.size -= old.hits.size() + int64(len(old.key)) + 128
		delete(c.byKey, old.key)
	}
}
