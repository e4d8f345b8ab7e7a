package generator

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"maps"
	"path"
	"slices"

	"github.com/huiyin/huiyin/site/release"
)

// The files of all cases are made anew with every word that changes, and are the same in
// all other lines. A line that stood in the file of the current release has been looked
// through, as a partition that is taken over has: it is not looked through again as long
// as the same is sought and allowed in it. What the scan counts is what it would count
// if all of it were read.

// largeFile is from how many bytes on a file is looked through line by line.
const largeFile = 128 << 10

// isLarge reports whether a file is read line by line: a large one whose texts never
// go on over the end of a line, as [textReader.file] reads it.
func isLarge(f release.PackFile) bool {
	return len(f.Body) >= largeFile && path.Ext(f.Name) == ".csv"
}

// lookedBefore is the large files of one partition as they were looked through for the
// current release.
type lookedBefore struct {
	large []release.ScannedFile
	each  func(func(release.PackFile) error) error // its files

	bodies map[string][]byte // of large; nil: not read yet
}

// file returns a large file and how it was looked through, if that was in the given
// context and the file can be read still. It is returned once.
func (b *lookedBefore) file(name, context string) (body []byte, was release.ScannedFile) {
	if b == nil {
		return nil, was
	}
	i := slices.IndexFunc(b.large, func(f release.ScannedFile) bool { return f.Name == name && f.Context == context })
	if i < 0 {
		return nil, was
	}
	if b.bodies == nil {
		b.bodies = map[string][]byte{}
		err := b.each(func(f release.PackFile) error {
			if slices.ContainsFunc(b.large, func(l release.ScannedFile) bool { return l.Name == f.Name }) {
				b.bodies[f.Name] = f.Body
			}
			return nil
		})
		if err != nil {
			clear(b.bodies) // a withdrawal has taken it away since: all lines are read
		}
	}
	body = b.bodies[name]
	delete(b.bodies, name)
	return body, b.large[i]
}

// large looks through a large file of lines.
func (r *canaryReader) large(f release.PackFile) {
	now := release.ScannedFile{Name: f.Name, Context: r.context()}
	start, leaks := r.sum, r.leaks
	body, was := r.before.file(f.Name, now.Context)
	if body != nil {
		r.newLines(body, f.Body)
		r.sum.Texts += was.Texts
		r.sum.Candidates += was.Candidates
		r.sum.Doubtful += was.Doubtful
	}
	if body == nil || min(r.sum.Texts-start.Texts, r.sum.Candidates-start.Candidates, r.sum.Doubtful-start.Doubtful) < 0 {
		r.sum, r.leaks = start, leaks // what was counted cannot have been counted in this way
		r.texts.file(f.Name, f.Body)
	}
	now.Texts, now.Candidates, now.Doubtful = r.sum.Texts-start.Texts, r.sum.Candidates-start.Candidates, r.sum.Doubtful-start.Doubtful
	r.sum.Large = append(r.sum.Large, now)
}

// newLines looks through the lines of a file that do not stand in the one before, and
// takes what is counted of those that are not there any more from what was counted.
func (r *canaryReader) newLines(before, now []byte) {
	before, now = trimSame(before, now)
	seed := maphash.MakeSeed() // of this run alone, so that no line can be made to look like another
	old := map[uint64]int32{}
	for line := range bytes.Lines(before) {
		old[maphash.Bytes(seed, line)]++
	}
	for line := range bytes.Lines(now) {
		if sum := maphash.Bytes(seed, line); old[sum] > 0 {
			old[sum]--
			continue
		}
		r.texts.cells(line)
	}
	start, leaks := r.sum, r.leaks
	for line := range bytes.Lines(before) {
		if sum := maphash.Bytes(seed, line); old[sum] > 0 {
			old[sum]--
			r.texts.cells(line)
		}
	}
	gone := r.sum
	r.sum, r.leaks = start, leaks
	r.sum.Texts -= gone.Texts - start.Texts
	r.sum.Candidates -= gone.Candidates - start.Candidates
	r.sum.Doubtful -= gone.Doubtful - start.Doubtful
}

// trimSame takes from two texts the lines that they begin with both, and of the rest
// those that they end with both.
func trimSame(a, b []byte) ([]byte, []byte) {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	n = bytes.LastIndexByte(a[:n], '\n') + 1
	a, b = a[n:], b[n:]
	n = 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	// A line that only ends alike is another line: what is taken begins behind a line end.
	end := a[len(a)-n:]
	i := bytes.IndexByte(end, '\n')
	if i < 0 {
		return a, b
	}
	n = len(end) - i - 1
	return a[:len(a)-n], b[:len(b)-n]
}

// context is the hash of what is sought and allowed in the file at hand.
func (r *canaryReader) context() string {
	h := printer{sha256.New()}
	h.field(r.common)
	units := slices.Clone(r.units)
	slices.Sort(units)
	for _, u := range slices.Compact(units) {
		h.text(string(u))
	}
	h.text("")
	if r.people {
		for _, n := range r.shows {
			for _, d := range r.masked.peopleOf(n) {
				h.number(d.number)
				h.number(d.value)
			}
		}
	}
	if r.units == nil {
		h.text("of every unit")
	}
	return hex.EncodeToString(h.Sum(nil))
}

// sumCommon is the hash of what is sought and allowed in every file, and of how files are
// read, which is the program's.
func (c *canary) sumCommon(version string) []byte {
	h := printer{sha256.New()}
	h.text(version)
	h.text(c.rules)
	h.number(uint64(c.asOf))
	for _, value := range slices.Sorted(maps.Keys(c.public)) {
		h.text(value)
	}
	h.text("")
	for _, n := range c.masked.numbers {
		h.number(n)
	}
	return h.Sum(nil)
}
