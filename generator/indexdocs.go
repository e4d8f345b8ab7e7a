package generator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// docLine is a document as a pack holds it.
type docLine struct {
	id   string
	text []byte
}

// docLines returns the documents of a part, in the order in which they stand
// there.
func docLines(v *release.View, p release.Part) ([]docLine, error) {
	body, err := v.Hidden(p, release.SearchDocs)
	if err != nil {
		return nil, err
	}
	var all []docLine
	for text := range bytes.Lines(body) {
		var head struct{ ID string }
		if err := json.Unmarshal(text, &head); err != nil {
			return nil, damagedDocs(p, err)
		}
		all = append(all, docLine{head.ID, text})
	}
	return all, nil
}

// docs returns the documents of a part, decoded.
func docs(v *release.View, p release.Part) ([]search.Doc, error) {
	body, err := v.Hidden(p, release.SearchDocs)
	if err != nil {
		return nil, err
	}
	var all []search.Doc
	for text := range bytes.Lines(body) {
		d, err := decodeDoc(p, text)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

func decodeDoc(p release.Part, text []byte) (d search.Doc, err error) {
	if err := json.Unmarshal(text, &d); err != nil {
		return d, damagedDocs(p, err)
	}
	return d, nil
}

// damagedDocs is the error of documents that cannot be read. The cause of the
// decoder could hold what a citizen wrote; its kind suffices.
func damagedDocs(p release.Part, err error) error {
	return fault.Coded(fault.ExitDamaged, "the search documents of partition "+p.Key+" are damaged",
		"run huiyin fsck, or put the pack back from a backup", fmt.Errorf("pack %s: %T", p.File, err))
}

// countDocs counts the documents of a view, and reads all of them while it does.
func countDocs(v *release.View, before func() error) (n int, err error) {
	for _, p := range v.Parts() {
		if err := before(); err != nil {
			return 0, err
		}
		body, err := v.Hidden(p, release.SearchDocs)
		if err != nil {
			return 0, err
		}
		n += bytes.Count(body, []byte{'\n'})
	}
	return n, nil
}

// allDocs returns the documents of a view, part by part in the order of their
// keys. Of each part they are in memory at once. before is called before each.
func allDocs(v *release.View, before func(done int) error) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		done := 0
		for _, p := range v.Parts() {
			err := before(done)
			var all []search.Doc
			if err == nil {
				all, err = docs(v, p)
			}
			if err != nil {
				yield(search.Doc{}, err)
				return
			}
			for _, d := range all {
				if done++; !yield(d, nil) {
					return
				}
			}
		}
	}
}

// SearchDocs returns what is searched of a release: the documents of all cases
// that it publishes in full, always in the same order. An error ends it.
func SearchDocs(ctx context.Context, v *release.View) iter.Seq2[search.Doc, error] {
	return allDocs(v, func(int) error { return ctx.Err() })
}

// takenOut returns the numbers of the cases that were withdrawn or retracted and
// that the view does not show. A retracted case that was published again is
// shown.
func takenOut(v *release.View) ([]string, error) {
	var paths []string
	numbers := v.Withdrawn()
	for _, n := range numbers {
		path := record.CasePath(record.CaseNumber(n))
		if _, state := v.Lookup(path); state == release.Found {
			paths = append(paths, path)
		}
	}
	back := map[string]bool{}
	for _, p := range v.Holding(paths) {
		lines, err := docLines(v, p)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			back[l.id] = true
		}
	}
	var out []string
	for _, n := range numbers {
		if !back[n] {
			out = append(out, n)
		}
	}
	return out, nil
}
