package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/numbers"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/release"
)

// Canary is what the last look at a release needs, before anybody sees it. The
// gate has cleared every record; the canary looks at what was made of them, and
// finds what came past the gate: in a template, a setting, or through a defect.
type Canary struct {
	Gate *gate.Gate // with the rules and allow-lists that hold

	// Masked yields every datum that was masked in a case or that it is held for,
	// in any order.
	Masked func(context.Context) iter.Seq2[Masked, error]
}

// canary looks through the packs of one publish. It is safe for concurrent use.
//
// A text is a leak where the structured detectors are certain of something that
// neither the policy nor an allow-list lets pass, and where a doubtful finding is
// something that was masked in any case. Names, addresses and birthdays are sought
// only in files that show a case in which one was masked, and only those of that
// case: anywhere else a name says nothing that the gate did not let pass.
type canary struct {
	gate   *gate.Gate
	rules  string
	asOf   record.Day
	cases  *caseIndex
	masked *maskedSet
	public map[string]bool // hashes of what the installation says of itself
	common []byte          // hash of what is sought and allowed in every file
	idle   sync.Pool       // of *canaryReader

	mu    sync.Mutex
	leaks []leak
	count int64
}

// leak is where something was found, and of which kind it is.
type leak struct{ file, kind string }

// maxLeaks bounds how many places are kept of one pack and named in an error.
const maxLeaks = 10

// newCanary makes the canary of a publish.
func (g *Generator) newCanary(ctx context.Context, cases *caseIndex, asOf record.Day) (*canary, error) {
	if g.o.Canary.Gate == nil || g.o.Canary.Masked == nil {
		return nil, errors.New("generator: nothing is published without a canary")
	}
	register, err := g.o.Store.Register(ctx)
	if err != nil {
		return nil, err
	}
	// A reply gives the line that its unit had on that day.
	lines, err := g.o.Store.FormerLines(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range register.Units {
		lines[u.ID] = append(lines[u.ID], u.Phones...)
	}
	c := &canary{gate: g.o.Canary.Gate.WithLines(lines), asOf: asOf, cases: cases, public: map[string]bool{}}
	c.rules = c.gate.PolicyHash()
	if c.masked, err = readMasked(ctx, g.o.Canary.Masked, cases); err != nil {
		return nil, err
	}
	c.idle.New = func() any { return newCanaryReader(c) }
	c.own(g.o.Pages)
	c.common = c.sumCommon(g.o.Pages.Version)
	return c, nil
}

// own notes what the installation says of itself: the lines and numbers of the
// section site of the configuration. How a line is read depends on the words in
// front of it, so it is read with those that the pages have, too.
func (c *canary) own(o pages.Options) {
	fronts := []string{"", "电话："}
	for _, words := range o.Labels {
		fronts = append(fronts, words["foot.contact"]+words["p.colon"])
	}
	scan := c.gate.NewLeakScan(c.asOf)
	for _, text := range o.SiteParams() {
		for _, front := range fronts {
			found, _ := scan.Text(front+text, []record.UnitID{}, false)
			for _, l := range found {
				c.public[l.Value] = true
			}
		}
	}
}

// canaryReader is what one goroutine reads files with.
type canaryReader struct {
	*canary
	scan  *gate.LeakScan
	texts textReader
	clean [2]map[string]struct{} // short texts in which there is nothing; of those looked through for people, the second

	// Of the file at hand.
	units  []record.UnitID
	shows  []uint64
	people bool
	file   string
	sum    release.Scan
	leaks  []leak
	before *lookedBefore
}

// The texts that are remembered as clean are those that stand on many pages: labels
// and names.
const (
	cleanText = 200   // bytes of the longest
	cleanMany = 8_000 // of them at most
)

func newCanaryReader(c *canary) *canaryReader {
	r := &canaryReader{canary: c, scan: c.gate.NewLeakScan(c.asOf)}
	for i := range r.clean {
		r.clean[i] = map[string]struct{}{}
	}
	r.texts.visit = r.text
	return r
}

// pack looks through the files that each hands over, which are those of one
// partition, and returns what was done. What was found is kept for [canary.verdict].
// before is what was looked through of the partition in the current release; nil: nothing.
func (c *canary) pack(key string, each func(func(release.PackFile) error) error, before *lookedBefore) (*release.Scan, error) {
	r := c.idle.Get().(*canaryReader)
	r.sum, r.leaks, r.before = release.Scan{Rules: c.rules}, nil, before
	err := each(func(f release.PackFile) error {
		r.look(key, f)
		return nil
	})
	if err != nil {
		return nil, err
	}
	sum := r.sum
	c.mu.Lock()
	c.count += int64(len(r.leaks))
	c.leaks = append(c.leaks, r.leaks[:min(len(r.leaks), maxLeaks)]...)
	c.mu.Unlock()
	r.before = nil // it may hold large files
	c.idle.Put(r)
	return &sum, nil
}

// look looks through one file.
func (r *canaryReader) look(key string, f release.PackFile) {
	r.file = f.Name
	if r.of(f.Name, f.Shows); r.named(f.Name) {
		r.file = "a file of partition " + key // its own name is what was found
	}
	if f.Name == release.SearchDocs {
		r.file = "the search documents of partition " + key
		r.sum.Files++
		for line := range strings.Lines(string(f.Body)) {
			r.of("", docNumber(line))
			r.texts.json([]byte(line))
		}
		return
	}
	if isLarge(f) {
		r.sum.Files++
		r.large(f)
		return
	}
	if r.texts.file(f.Name, f.Body) {
		r.sum.Files++
	} else {
		r.sum.Unread++
	}
}

// named reports whether the name of a file is itself a leak.
func (r *canaryReader) named(name string) bool {
	found, _ := r.scan.Text(name, r.units, r.people)
	return slices.ContainsFunc(found, r.isLeak)
}

// docNumber returns the case of a search document, which is its identifier.
func docNumber(line string) []string {
	_, rest, ok := strings.Cut(line, `"id":"`)
	if !ok {
		return nil
	}
	number, _, _ := strings.Cut(rest, `"`)
	return []string{number}
}

// of settles what may stand in a file: the lines of the units of its cases and of
// the unit that it is about, and those of all units where it is about none.
func (r *canaryReader) of(name string, shows []string) {
	r.shows = r.shows[:0]
	for _, n := range shows {
		if id, ok := caseID(n); ok {
			r.shows = append(r.shows, id)
		}
	}
	r.people = r.masked.ofPeople(r.shows)
	r.units = nil
	if len(r.shows) > 0 {
		r.units = r.cases.unitsOf(r.shows)
	}
	if unit := unitOf(name); unit != "" {
		r.units = append(r.units, unit)
	}
}

// unitOf returns the unit that a file is about by its path, or "".
func unitOf(name string) record.UnitID {
	if !strings.HasPrefix(name, "unit/") {
		_, name, _ = strings.Cut(name, "/") // the folder of a language
	}
	rest, ok := strings.CutPrefix(name, "unit/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	id, _, _ = strings.Cut(id, ".")
	return record.UnitID(id)
}

// text looks at one text of the file at hand.
func (r *canaryReader) text(text string) {
	r.sum.Texts++
	clean := r.clean[0]
	if r.people {
		clean = r.clean[1]
	}
	if len(text) <= cleanText {
		if _, ok := clean[text]; ok {
			return
		}
	}
	found, candidates := r.scan.Text(text, r.units, r.people)
	r.sum.Candidates += int64(candidates)
	for _, l := range found {
		if !l.Certain && !gate.OfPeople(l.Type) && !r.public[l.Value] {
			r.sum.Doubtful++
		}
	}
	if candidates == 0 && len(text) <= cleanText {
		if len(clean) >= cleanMany {
			clear(clean)
		}
		clean[text] = struct{}{}
	}
	if !slices.ContainsFunc(found, r.isLeak) {
		return
	}
	// A template puts the number of a case behind a title, and a title may end in
	// half a number: what is found only over that seam is none, and no more is what
	// is found in a digest.
	if apart := r.cases.apart(text); apart != text {
		found, _ = r.scan.Text(apart, r.units, r.people)
	}
	for _, l := range found {
		if r.isLeak(l) {
			r.leaks = append(r.leaks, leak{r.file, l.Type})
		}
	}
}

// isLeak reports whether what was found may not be published.
func (r *canaryReader) isLeak(l gate.Leak) bool {
	return !r.public[l.Value] && (l.Certain || r.canary.masked.masked(l, r.shows))
}

// report is the leak report of a release with the given partitions.
func (c *canary) report(cutoff record.Day, n numbers.Totals, refs []release.PartitionRef) pages.Leaks {
	l := pages.Leaks{
		Cutoff: cutoff.String(), Policy: pages.LeaksPolicy{Version: c.gate.PolicyVersion(), Hash: c.rules}, Masked: c.masked.kinds,
		Cases: pages.LeaksCases{Full: n.Full, Rows: n.Rows, Withdrawn: n.Withdrawn},
	}
	for _, ref := range refs {
		l.Scan.Files += int64(ref.Scan.Files)
		l.Scan.Unread += int64(ref.Scan.Unread)
		l.Scan.Texts += ref.Scan.Texts
		l.Scan.Candidates += ref.Scan.Candidates
	}
	return l
}

// verdict is nil when nothing was found, and else the error that stops the
// release. It names files and kinds and nothing that was found.
func (c *canary) verdict() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == 0 {
		return nil
	}
	slices.SortFunc(c.leaks, func(a, b leak) int { return cmp.Or(strings.Compare(a.file, b.file), strings.Compare(a.kind, b.kind)) })
	places := slices.Compact(c.leaks)
	var names []string
	for _, l := range places[:min(len(places), maxLeaks)] {
		names = append(names, fmt.Sprintf("%s (%s)", l.file, l.kind))
	}
	where := "in one place"
	if c.count > 1 {
		where = fmt.Sprintf("in %d places", c.count)
	}
	return fault.Coded(fault.ExitFound,
		fmt.Sprintf("the release was stopped: what was made holds personal data, %s: %s", where, strings.Join(names, ", ")),
		"nothing new was published, and the last release stands; look at the theme and the settings first. What is a unit's own belongs on its allow-list, for which huiyin gate suggest has suggestions; after a change of rules or lists huiyin gate regate --apply clears all cases again",
		nil)
}
