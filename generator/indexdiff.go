package generator

import (
	"bytes"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// difference is what has to be done to an index.
type difference struct {
	changes []change
	writes  int      // documents in changes
	added   int      // those of them that the index does not hold yet
	gone    []string // documents that are to be deleted, sorted
	exact   bool     // added and gone are what they say, and not only what they may be
	maybe   int      // documents in added that the index may hold all the same
}

// change is a part with documents that are to be written.
type change struct {
	part release.Part
	ids  map[string]bool
}

// compare finds what differs between the view and the releases of which the index
// may hold documents. Parts with the same file hold the same. Of the others, the
// documents are compared byte by byte, and only what is to be done is kept. why is
// a reason to make the index anew instead.
func (w *writing) compare(mark search.Mark, views []*release.View) (d difference, why string, err error) {
	d.exact = len(views) == 1
	now := byKey(w.view)
	before := make([]map[string]release.Part, len(views))
	keys := slices.Collect(maps.Keys(now))
	for i, v := range views {
		before[i] = byKey(v)
		keys = slices.AppendSeq(keys, maps.Keys(before[i]))
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	gone, added := map[string]bool{}, map[string]bool{}
	for i, key := range keys {
		if err := w.lookOut(); err != nil {
			return d, "", err
		}
		w.o.Progress("comparing: partitions", i, len(keys))
		c := partDiff{mark: mark, now: now[key], views: views}
		for _, parts := range before {
			c.before = append(c.before, parts[key])
		}
		if c.same() {
			continue
		}
		if why, err := c.read(w.view); err != nil || why != "" {
			return d, why, err
		}
		if len(c.write) > 0 {
			d.changes = append(d.changes, change{c.now, c.write})
			d.writes += len(c.write)
		}
		if d.writes > rebuildFrom && d.writes > mark.Docs/2 {
			return d, RebuiltMuch, nil
		}
		maps.Copy(gone, c.gone)
		maps.Copy(added, c.added)
		d.exact = d.exact && !c.returned()
	}
	for id := range added {
		// A document that went from one part to another is there all the time.
		if gone[id] {
			delete(gone, id)
			delete(added, id)
		}
		if w.gone[id] {
			d.maybe++ // withdrawn and published again, and perhaps never deleted between
		}
	}
	d.added, d.gone = len(added), slices.Sorted(maps.Keys(gone))
	return d, "", nil
}

// rebuildFrom is from how many documents on it can be quicker to make an index
// anew than to write them one by one.
const rebuildFrom = 20_000

func byKey(v *release.View) map[string]release.Part {
	parts := map[string]release.Part{}
	for _, p := range v.Parts() {
		parts[p.Key] = p
	}
	return parts
}

// partDiff compares one part with what it was. The zero Part stands for one that
// is not there.
type partDiff struct {
	mark   search.Mark
	now    release.Part
	before []release.Part // in each of views
	views  []*release.View

	write map[string]bool // documents that are to be written
	added map[string]bool // those of them that were not there before
	gone  map[string]bool // documents that are not there any more
}

// returned says whether the index may lack documents that its release has.
func (c *partDiff) returned() bool {
	return slices.ContainsFunc(c.before, func(p release.Part) bool { return p.Key != "" && returned(c.mark, p) })
}

// same says whether the index holds what the part has.
func (c *partDiff) same() bool {
	return !c.returned() && !slices.ContainsFunc(c.before, func(p release.Part) bool { return p.File != c.now.File })
}

// read finds what differs. Where the index may hold one of several texts of a
// document, or none, the document is written again.
func (c *partDiff) read(view *release.View) (why string, err error) {
	c.write, c.added, c.gone = map[string]bool{}, map[string]bool{}, map[string]bool{}
	old := map[string][]byte{}
	for i, p := range c.before {
		if p.Key == "" {
			continue
		}
		lines, err := docLines(c.views[i], p)
		if err != nil {
			return RebuiltLost, nil
		}
		for _, l := range lines {
			old[l.id] = l.text
			c.gone[l.id] = true
		}
	}
	unsure := len(c.before) > 1 || c.returned()
	if c.now.Key == "" {
		return "", nil
	}
	lines, err := docLines(view, c.now)
	if err != nil {
		return "", err
	}
	for _, l := range lines {
		text, was := old[l.id]
		delete(c.gone, l.id)
		if !was {
			c.added[l.id] = true
		}
		if unsure || !was || !bytes.Equal(text, l.text) {
			c.write[l.id] = true
		}
	}
	return "", nil
}
