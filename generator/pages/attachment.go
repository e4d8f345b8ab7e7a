package pages

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// AttachmentReader is what making pages reads of the files of cases.
type AttachmentReader interface {
	// Attachments yields the files of the cases from <= number <= to, those of one
	// case in the order in which the case lists them.
	Attachments(ctx context.Context, from, to record.CaseNumber) iter.Seq2[record.AttachmentBody, error]
}

// filesTogether is how many running numbers share a partition of files: few, since
// the files of a partition are in memory at once, and a case may have 32 MiB.
const filesTogether = 10

// fileGroup is one partition of files: those of the cases whose running numbers lie
// in one span of [filesTogether].
type fileGroup struct {
	month record.Month
	n     int
	print finger
}

// addFiles adds the files of a case to the group of its number. Cases come in the
// order of their numbers.
func (p *planner) addFiles(f *record.Fact) {
	if f.Prominence != record.Full || len(f.Attachments) == 0 {
		return
	}
	m, n := f.Number.Month(), (f.Number.Running()-1)/filesTogether
	if k := len(p.files); k == 0 || p.files[k-1].month != m || p.files[k-1].n != n {
		p.files = append(p.files, fileGroup{month: m, n: n})
	}
	g := &p.files[len(p.files)-1]
	for _, a := range f.Attachments {
		g.print.str(string(f.Number), a.Name, a.SHA256)
	}
}

// attachments makes the partitions of the files of cases.
func (p *planner) attachments() []Partition {
	parts := make([]Partition, len(p.files))
	for i := range p.files {
		g := &p.files[i]
		key := fmt.Sprintf("file/%s/%05d", g.month.Short(), g.n)
		f := p.finger(key)
		f = append(f, g.print...)
		parts[i] = Partition{Key: key, Fingerprint: f.done(), Make: func(ctx context.Context) (Content, error) {
			return p.makeFiles(ctx, g)
		}}
	}
	return parts
}

// makeFiles reads the files of a group. Each shows its case, so that it goes with it.
func (p *planner) makeFiles(ctx context.Context, g *fileGroup) (c Content, err error) {
	from := record.NewCaseNumber(g.month, g.n*filesTogether+1)
	to := record.NewCaseNumber(g.month, (g.n+1)*filesTogether)
	var print finger
	for a, err := range p.reader.Attachments(ctx, from, to) {
		if err != nil {
			return Content{}, fmt.Errorf("read files of %s group %d: %w", g.month, g.n, err)
		}
		print.str(string(a.Number), a.Name, a.SHA256)
		c.Files = append(c.Files, File{Path: record.AttachmentPath(a.Number, a.Name), Body: a.Body, Shows: []record.CaseNumber{a.Number}})
	}
	if string(print) != string(g.print) {
		return Content{}, fmt.Errorf("files of %s group %d changed since they were planned", g.month, g.n)
	}
	slices.SortFunc(c.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return c, nil
}

// fileLink is a file as its case page lists it.
type fileLink struct {
	Number string `json:"number"` // its place among the files received
	Path   string `json:"path"`
	Kind   string `json:"kind"` // ending, a word of the theme's file labels
	Type   string `json:"type"` // media type
	Size   string `json:"size"` // such as 35 KB
}

// fileLinks returns the files of a case.
func fileLinks(c *record.Case) (list []fileLink) {
	for _, a := range c.Attachments {
		number, kind, _ := strings.Cut(a.Name, ".")
		list = append(list, fileLink{number, record.AttachmentPath(c.Number, a.Name), kind, a.Type, sizeText(a.Size)})
	}
	return list
}

// sizeText writes a size in thousands of bytes, rounded up, or in millions with one
// decimal place.
func sizeText(n int64) string {
	if n > 999_000 {
		tenths := (n + 99_999) / 100_000
		return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10) + " MB"
	}
	return strconv.FormatInt((n+999)/1000, 10) + " KB"
}
