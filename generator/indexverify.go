package generator

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// listed is how many numbers a [Difference] lists.
const listed = 100

// Difference is documents in which an index and a release differ.
type Difference struct {
	N       int      `json:"count"`
	Numbers []string `json:"numbers"` // of the first hundred, the latest cases first
}

func (d *Difference) add(number string) {
	if d.N++; d.N <= listed {
		d.Numbers = append(d.Numbers, number)
	}
}

// VerifyReport is how an index compares with the current release.
type VerifyReport struct {
	Release    int        `json:"release"`           // the current one
	Shown      int        `json:"shown"`             // whose documents the index says that it holds; zero: not known
	Published  int        `json:"published"`         // documents of the release
	Indexed    int        `json:"indexed"`           // documents in the index
	Missing    Difference `json:"missing"`           // published and not in the index
	Unexpected Difference `json:"unexpected"`        // in the index and not published, or not any more
	Altered    Difference `json:"altered"`           // in both, and not the same
	Damaged    string     `json:"damaged,omitempty"` // why what searches look at does not fit the documents; see [Checker]
}

// Same says whether the index holds what is published and nothing else.
func (r VerifyReport) Same() bool {
	return r.Missing.N+r.Unexpected.N+r.Altered.N == 0 && r.Damaged == ""
}

// Checker is an engine that can say whether what it looks at in a search fits the
// documents that it holds.
type Checker interface {
	Check(ctx context.Context) error
}

// docPrint stands for a published document: 32 bytes, so that a million of them
// need 32 MB whatever is in them.
type docPrint struct {
	seq  int64
	part int32 // in the list of parts
	sum  [16]byte
}

// Verify reads every published document and every one in the index, and compares
// them field by field; and it has the engine check itself, where that can. It
// changes nothing. Where the index is changed meanwhile nothing can be said, and
// the error says so.
func (x *Indexer) Verify(ctx context.Context) (r VerifyReport, err error) {
	view, _, err := x.o.Releases.Refresh()
	if err != nil {
		return r, err
	}
	defer view.Close()
	engine, err := x.o.Read(ctx)
	if err != nil {
		return r, unusable(err)
	}
	defer engine.Close() // only read: nothing can be lost
	before, err := engine.Stats(ctx)
	if err != nil {
		return r, unusable(err)
	}
	v := verifying{view: view, parts: view.Parts(), report: VerifyReport{Release: view.Release(), Indexed: before.Docs}}
	v.report.Missing.Numbers, v.report.Unexpected.Numbers, v.report.Altered.Numbers = []string{}, []string{}, []string{}
	if mark, err := search.ParseMark(before.Mark); err == nil {
		v.report.Shown = mark.Release
	}
	if err := v.readPacks(ctx, x.o.Progress); err != nil {
		return r, err
	}
	if err := v.readIndex(ctx, engine, x.o.Progress); err != nil {
		return r, unusable(err)
	}
	if c, can := engine.(Checker); can {
		if err := c.Check(ctx); ctx.Err() != nil {
			return r, ctx.Err()
		} else if err != nil {
			v.report.Damaged, _, _ = fault.Public(unusable(err))
		}
	}
	after, err := engine.Stats(ctx)
	if err != nil {
		return r, unusable(err)
	}
	if after.Generation != before.Generation || after.Version != before.Version {
		return r, fault.Coded(fault.ExitBusy, "the index changed while it was compared", "run the command again when no other is changing the index", nil)
	}
	return v.report, nil
}

// verifying is one comparison.
type verifying struct {
	view   *release.View
	parts  []release.Part
	prints []docPrint // of what is published and not yet met in the index, the latest first
	report VerifyReport

	again     []search.Doc // of the part that was read again last
	againPart int32
}

// readPacks notes every published document.
func (v *verifying) readPacks(ctx context.Context, progress func(string, int, int)) error {
	for i, p := range v.parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		all, err := docs(v.view, p)
		if err != nil {
			return err
		}
		for _, d := range all {
			v.prints = append(v.prints, docPrint{seq: d.Seq, part: int32(i), sum: printOf(d)})
		}
		progress("reading the release: partitions", i+1, len(v.parts))
	}
	slices.SortFunc(v.prints, func(a, b docPrint) int { return cmp.Compare(b.seq, a.seq) })
	v.report.Published = len(v.prints)
	return nil
}

// readIndex compares every document of the index, which come in the same order.
func (v *verifying) readIndex(ctx context.Context, engine search.Engine, progress func(string, int, int)) error {
	last, done := int64(0), 0
	err := engine.Each(ctx, search.Query{}, func(h search.Hit) error {
		if done++; done > 1 && h.Seq >= last {
			return fmt.Errorf("the index gives its documents out of order: %d after %d", h.Seq, last)
		}
		last = h.Seq
		for len(v.prints) > 0 && v.prints[0].seq > h.Seq {
			if err := v.missing(); err != nil {
				return err
			}
		}
		progress("comparing: documents", done, v.report.Indexed)
		if len(v.prints) == 0 || v.prints[0].seq < h.Seq {
			v.report.Unexpected.add(h.ID)
			return nil
		}
		p := v.prints[0]
		if p.sum == printOf(h.Doc) {
			v.prints = v.prints[1:]
			return nil
		}
		id, err := v.idOf(p)
		if err != nil {
			return err
		}
		if id != h.ID {
			v.report.Unexpected.add(h.ID)
			return v.missing()
		}
		v.prints = v.prints[1:]
		v.report.Altered.add(id)
		return nil
	})
	for err == nil && len(v.prints) > 0 {
		err = v.missing()
	}
	return err
}

// missing notes that the next published document is not in the index.
func (v *verifying) missing() error {
	p := v.prints[0]
	v.prints = v.prints[1:]
	if v.report.Missing.N >= listed {
		v.report.Missing.add("")
		return nil
	}
	id, err := v.idOf(p)
	v.report.Missing.add(id)
	return err
}

// idOf reads the number of a published document again. Documents that come one
// after another mostly lie in the same part, which is kept: else an index in which
// all differ would have every part read for each of its documents.
func (v *verifying) idOf(p docPrint) (string, error) {
	if v.again == nil || v.againPart != p.part {
		all, err := docs(v.view, v.parts[p.part])
		if err != nil {
			return "", err
		}
		v.again, v.againPart = all, p.part
	}
	i := slices.IndexFunc(v.again, func(d search.Doc) bool { return d.Seq == p.seq })
	if i < 0 {
		return "", errors.New("a pack changed while it was read")
	}
	return v.again[i].ID, nil
}

// printOf is a hash of all fields of a document. A text or keyword that is empty
// is as good as none.
func printOf(d search.Doc) [16]byte {
	d.Text, d.Keyword = filled(d.Text), filled(d.Keyword)
	b, err := json.Marshal(d) // sorts the fields
	if err != nil {
		panic("generator: a document does not marshal: " + err.Error()) // strings and whole numbers alone
	}
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}

// filled returns the fields that have a value.
func filled(fields map[string]string) map[string]string {
	for _, value := range fields {
		if value == "" {
			fields = maps.Clone(fields)
			maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
			return fields
		}
	}
	return fields
}
