package release

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// Gone is a withdrawn case: what its tombstone says.
type Gone struct {
	Number string `json:"number"`
	Unit   string `json:"unit,omitempty"`
	Reason string `json:"reason"` // the public form
	Day    string `json:"day"`    // of the withdrawal
	Path   string `json:"path"`   // of the case's own page; filled in by Withdraw
}

// Retracted is a case that was taken out of the releases without a tombstone.
type Retracted struct {
	Number string `json:"number"`
	Time   int    `json:"time"` // tells one retraction of the case from another
}

// check says what is wrong with a retraction.
func (r *Retracted) check() error {
	if !validNumber(r.Number) {
		return fmt.Errorf("%q is no case number", r.Number)
	}
	return nil
}

// replaced is what became of a pack that held a withdrawn case.
type replaced struct {
	// File is the pack that is there. It is the named pack itself until that has
	// been rewritten for the first time.
	File string `json:"file"`
	// Drop are the files of the named pack that are not to be shown, sorted.
	Drop []string `json:"drop"`
	// Pending means that File still holds some of them.
	Pending bool `json:"pending,omitempty"`
	// Unread means that File could not be looked through for a case that was taken out,
	// or not rewritten without it, because it is damaged: none of its files is shown.
	Unread bool `json:"unread,omitempty"`
}

// overlay is what holds for every release, whichever is current.
type overlay struct {
	Format     int                  `json:"format"`
	Generation int64                `json:"generation"` // grows with each write
	Gone       []Gone               `json:"gone"`       // sorted by number
	Packs      map[string]*replaced `json:"packs"`      // by the name that manifests use

	// Retracted are the cases that were taken out of the releases of their time,
	// sorted by number. What was published later may show them.
	Retracted []Retracted `json:"retracted,omitempty"`

	// Unswept are numbers of Gone and Retracted that packs may still show without Packs saying
	// so, because a manifest could not be read, or the search for them was broken off.
	Unswept []string `json:"unswept,omitempty"`
}

func newOverlay() *overlay {
	return &overlay{Format: format, Gone: []Gone{}, Packs: map[string]*replaced{}}
}

func parseOverlay(b []byte) (*overlay, error) {
	o := newOverlay()
	if err := decodeStrict(b, o); err != nil {
		return nil, err
	}
	return o, o.check()
}

func (o *overlay) check() error {
	if o.Format != format {
		return fmt.Errorf("format %d; this program reads format %d", o.Format, format)
	}
	if o.Generation < 1 {
		return fmt.Errorf("generation %d", o.Generation)
	}
	if o.Packs == nil {
		return errors.New("no packs")
	}
	paths := make(map[string]bool, len(o.Gone))
	for i, g := range o.Gone {
		if err := g.check(); err != nil {
			return err
		}
		if i > 0 && o.Gone[i-1].Number >= g.Number {
			return fmt.Errorf("case %s is out of order", g.Number)
		}
		if paths[g.Path] {
			return fmt.Errorf("case %s has the path of another", g.Number)
		}
		paths[g.Path] = true
	}
	for i, r := range o.Retracted {
		if err := r.check(); err != nil {
			return err
		}
		if i > 0 && o.Retracted[i-1].Number >= r.Number {
			return fmt.Errorf("retracted case %s is out of order", r.Number)
		}
	}
	for _, n := range o.Unswept {
		if !slices.ContainsFunc(o.Gone, func(g Gone) bool { return g.Number == n }) &&
			!slices.ContainsFunc(o.Retracted, func(r Retracted) bool { return r.Number == n }) {
			return fmt.Errorf("unswept case %q is neither gone nor retracted", n)
		}
	}
	for name, r := range o.Packs {
		if r == nil || !validHash(name) || !validHash(r.File) {
			return fmt.Errorf("pack %q is no hash", name)
		}
		if len(r.Drop) == 0 && !r.Unread || !slices.IsSorted(r.Drop) || len(slices.Compact(slices.Clone(r.Drop))) != len(r.Drop) {
			return fmt.Errorf("pack %s: dropped files are missing or out of order", name)
		}
		if r.File == name && !r.Pending && !r.Unread {
			return fmt.Errorf("pack %s took its own place", name)
		}
		for _, f := range r.Drop {
			if err := checkName(f); err != nil {
				return fmt.Errorf("pack %s: %w", name, err)
			}
		}
	}
	return nil
}

// check says what is wrong with a tombstone.
func (g *Gone) check() error {
	if !validNumber(g.Number) {
		return fmt.Errorf("%q is no case number", g.Number)
	}
	for _, s := range []string{g.Unit, g.Reason, g.Day} {
		if !utf8.ValidString(s) || len(s) > 1000 {
			return fmt.Errorf("case %s: tombstone is not short UTF-8 text", g.Number)
		}
	}
	if err := checkName(g.Path); err != nil {
		return fmt.Errorf("case %s: %w", g.Number, err)
	}
	return nil
}

// file is the pack that is to be read in place of the named one.
func (o *overlay) file(name string) string {
	if r := o.Packs[name]; r != nil {
		return r.File
	}
	return name
}

// pending reports whether packs wait to be rewritten, or looked through.
func (o *overlay) pending() bool {
	for _, r := range o.Packs {
		if r.Pending || r.Unread {
			return true
		}
	}
	return false
}

// numbers are the withdrawn numbers.
func (o *overlay) numbers() map[string]bool {
	m := make(map[string]bool, len(o.Gone))
	for _, g := range o.Gone {
		m[g.Number] = true
	}
	return m
}

// erased are the withdrawn and the retracted numbers. A hidden entry of a pack that
// is rewritten keeps nothing of either: if a case was published again since, the
// pack is made again with the next release.
func (o *overlay) erased() map[string]bool {
	m := o.numbers()
	for _, r := range o.Retracted {
		m[r.Number] = true
	}
	return m
}

// bury adds tombstones, replacing those of the same number. It returns how many
// numbers were not gone before; they are unswept now.
func (o *overlay) bury(gone []Gone) (fresh int, changed bool) {
	all := make(map[string]Gone, len(o.Gone)+len(gone))
	for _, g := range o.Gone {
		all[g.Number] = g
	}
	for _, g := range gone {
		old, ok := all[g.Number]
		if !ok {
			fresh++
			o.Unswept = append(o.Unswept, g.Number)
		}
		changed = changed || old != g
		all[g.Number] = g
	}
	slices.Sort(o.Unswept)
	o.Gone = slices.SortedFunc(maps.Values(all), func(a, b Gone) int { return cmp.Compare(a.Number, b.Number) })
	return fresh, changed
}

// retract adds cases that were retracted at a time that is not noted yet; they are
// unswept now. It returns how many there were.
func (o *overlay) retract(cases []Retracted) (fresh int) {
	all := make(map[string]int, len(o.Retracted)+len(cases))
	for _, r := range o.Retracted {
		all[r.Number] = r.Time
	}
	for _, r := range cases {
		if was, ok := all[r.Number]; ok && was == r.Time {
			continue
		}
		fresh++
		all[r.Number] = r.Time
		o.Unswept = append(o.Unswept, r.Number)
	}
	slices.Sort(o.Unswept)
	o.Unswept = slices.Compact(o.Unswept)
	o.Retracted = o.Retracted[:0]
	for _, number := range slices.Sorted(maps.Keys(all)) {
		o.Retracted = append(o.Retracted, Retracted{number, all[number]})
	}
	return fresh
}

// pack returns what became of the named pack, which is noted from now on.
func (o *overlay) pack(name string) *replaced {
	r := o.Packs[name]
	if r == nil {
		r = &replaced{File: name, Drop: []string{}}
		o.Packs[name] = r
	}
	return r
}

// drop notes that files of the named pack must not be shown any more.
func (o *overlay) drop(name string, files []string) {
	r := o.pack(name)
	r.Drop = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(r.Drop), files...))))
	r.Pending = true
}

// waits reports whether the named pack is still to be rewritten.
func (o *overlay) waits(name string) bool {
	r := o.Packs[name]
	return r != nil && r.Pending
}

// done reports whether the pack that is read in the place of the named one holds what is
// shown of it and nothing else.
func (o *overlay) done(name string) bool { return !o.waits(name) && !o.unread(name) }

// unread reports whether no file of the named pack is to be shown.
func (o *overlay) unread(name string) bool {
	r := o.Packs[name]
	return r != nil && r.Unread
}

// refuse notes that no file of the named pack must be shown, and reports whether that is
// new.
func (o *overlay) refuse(name string) bool {
	r := o.pack(name)
	was := r.Unread
	r.Unread = true
	return !was
}

// admit notes that the named pack is there again, whole.
func (o *overlay) admit(name string) {
	r := o.Packs[name]
	if r.Unread = false; len(r.Drop) == 0 {
		delete(o.Packs, name)
	}
}

// sought is what packs are looked through for.
type sought struct{ numbers, paths map[string]bool }

// seek returns what shows one of the given cases.
func (o *overlay) seek(numbers map[string]bool) sought {
	paths := map[string]bool{}
	for _, g := range o.Gone {
		if numbers[g.Number] {
			paths[g.Path] = true
		}
	}
	return sought{numbers, paths}
}
