package generator

import (
	"slices"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// packName is how many letters of the name of a pack a mark has. Two packs whose
// names begin alike cost a few documents that are written without need.
const packName = 6

// anyPack stands in a mark for more packs than fit.
const anyPack = "*"

// level says whether an index with the mark shows the view and nothing else.
func level(m search.Mark, v *release.View) bool {
	return settled(m, v) && m.Release == v.Release() && len(m.Toward) == 0 &&
		m.Cutoff == v.Manifest().Cutoff
}

// settled says whether an index with the mark holds no case that was withdrawn.
// Of a mark that means nothing here, [Indexer.Sync] makes another.
func settled(m search.Mark, v *release.View) bool {
	return known(m, v) && m.Overlay == v.Generation()
}

// clearedOf notes that an index holds nothing that the view shows as withdrawn.
func clearedOf(m search.Mark, v *release.View) search.Mark {
	m.Overlay, m.Gone = v.Generation(), v.WithdrawnSum()
	return m
}

// known says whether the mark means the same to this program as to the one that
// wrote it.
func known(m search.Mark, v *release.View) bool {
	return m.Form == search.SiteForm() && !foreign(m, v)
}

// foreign says whether the mark counts other withdrawals than those of the view
// and what came before it: it is of another site, or from before a backup was put
// back.
func foreign(m search.Mark, v *release.View) bool {
	return m.Overlay > v.Generation() || m.Overlay == v.Generation() && m.Gone != v.WithdrawnSum()
}

// markOf is the mark of an index that shows the view.
func markOf(v *release.View, docs int) search.Mark {
	return clearedOf(search.Mark{
		Release: v.Release(), Cutoff: v.Manifest().Cutoff, Docs: docs, Form: search.SiteForm(), Replaced: replaced(v),
	}, v)
}

// replaced names the packs of the views of which the overlay takes something
// away. A later release may bring back the same pack with all it had, so an index
// remembers for which of them it lacks documents. While a withdrawal is under way
// it is not known which they are.
func replaced(views ...*release.View) []string {
	var names []string
	for _, v := range views {
		if !v.Settled() {
			return []string{anyPack}
		}
		for _, p := range v.Parts() {
			if p.File != p.Pack {
				names = append(names, p.Pack[:packName])
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// join returns the names of both lists, each once, sorted.
func join(a, b []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

// fit makes the text of a mark short enough to be kept, by saying less about the
// packs. It fails when that does not suffice.
func fit(m search.Mark) (string, error) {
	if len(m.Replaced) > 0 && (slices.Contains(m.Replaced, anyPack) || search.CheckMark(m.String()) != nil) {
		m.Replaced = []string{anyPack}
	}
	text := m.String()
	return text, search.CheckMark(text)
}

// returned says whether a part of the release of a mark has back what the index
// lacks of it.
func returned(m search.Mark, p release.Part) bool {
	return p.File == p.Pack && slices.Contains(m.Replaced, p.Pack[:packName])
}

// uncertain says that the mark has no room to say of which packs the index lacks
// documents, and that some may have come back: a release came later, and the
// overlay changed.
func uncertain(m search.Mark, v *release.View, releases []release.Info) bool {
	return slices.Contains(m.Replaced, anyPack) && m.Overlay != v.Generation() &&
		slices.ContainsFunc(releases, func(r release.Info) bool { return r.Release > m.Release })
}

// shown opens the releases of which the index may hold documents, as the overlay
// of the view leaves them: that of the mark first, then those toward which a
// change had begun. It fails when one is not kept any more, or cannot be read.
func (w *writing) shown(m search.Mark) (views []*release.View, err error) {
	for _, n := range append([]int{m.Release}, m.Toward...) {
		v, err := w.o.Releases.Kept(w.view, n)
		if err != nil {
			closeAll(views)
			return nil, err
		}
		views = append(views, v)
		if !v.Whole() {
			closeAll(views)
			return nil, release.ErrUnread
		}
	}
	return views, nil
}

func closeAll(views []*release.View) {
	for _, v := range views {
		v.Close() // only read: nothing can be lost
	}
}

// keep writes a mark, and with it documents.
func (w *writing) keep(m search.Mark, docs []search.Doc) error {
	text, err := fit(m)
	if err != nil {
		return err
	}
	return w.engine.Upsert(w.ctx, text, docs)
}
