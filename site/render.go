package site

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/release"
)

// engine turns a JSON array of pages into HTML; see hugoEngine.build.
type engine interface {
	build(files map[string][]byte, pages []byte, emit func(n int, body []byte)) error
}

var _ engine = (*hugoEngine)(nil)

// Renderer renders partitions in this process. It is safe for concurrent use.
//
// A page that makes Hugo panic in a goroutine ends the process. The parameters
// that are known to do so are made harmless; where the next one must not stop a
// publication, use a [Pool].
type Renderer struct {
	*Theme
	engine engine
}

// NewRenderer reads the theme and returns a renderer for it.
func NewRenderer(opts Options) (*Renderer, error) {
	theme, err := LoadTheme(opts)
	if err != nil {
		return nil, err
	}
	return newRenderer(theme)
}

func newRenderer(theme *Theme) (*Renderer, error) {
	e, err := newHugoEngine(theme.opts.Site)
	if err != nil {
		return nil, err
	}
	return &Renderer{Theme: theme, engine: e}, nil
}

// Render renders the pages of job and writes them, by path, into the pack
// job.Out. A page that fails is left out and told in the result: the partition
// is split in halves until it is found.
//
// It is an error if two or more pages were given and none could be rendered,
// for then it is not the pages that are at fault. After an error job.Out does
// not exist.
func (r *Renderer) Render(ctx context.Context, job Job) (Result, error) {
	if !validKeyOfJob(job.Key) {
		return Result{}, fmt.Errorf("site: %q cannot be the name of a partition", job.Key)
	}
	files, err := r.files(job.Layouts)
	if err != nil {
		return Result{}, err
	}
	c := check(job, r.Theme)
	build := &build{Renderer: r, files: files, pages: c.pages, bodies: make([][]byte, len(c.pages)), bad: c.bad}
	if err := build.run(ctx); err != nil {
		return Result{}, err
	}
	res := Result{Key: job.Key, Quarantined: build.bad}
	for i, b := range build.bodies {
		if b == nil {
			continue
		}
		res.Pages++
		if r.opts.Inspect != nil && r.opts.Inspect(c.pages[i].Path, b) != nil {
			res.Pages--
			build.bodies[i] = nil
			res.Quarantined = append(res.Quarantined, Quarantined{Path: c.pages[i].Path, Code: Refused})
		}
	}
	sortQuarantined(res.Quarantined)
	if err := allFailed(job, res); err != nil {
		return Result{}, err
	}
	if job.Out == "" {
		return res, nil
	}
	res.Pack, err = writePack(job.Out, c.pages, build.bodies)
	return res, err
}

func sortQuarantined(q []Quarantined) {
	slices.SortFunc(q, func(a, b Quarantined) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(string(a.Code), string(b.Code)))
	})
}

// allFailed returns an error if a partition of several pages has come to nothing.
func allFailed(job Job, res Result) error {
	if len(job.Pages) < 2 || res.Pages > 0 {
		return nil
	}
	q := res.Quarantined[0]
	return fault.Wrap(fmt.Errorf("partition %s: %d pages, the first: %s %s", job.Key, len(job.Pages), q.Code, q.Where),
		"no page of the partition "+job.Key+" can be rendered",
		"look at the theme: a template fails whatever the page is")
}

// build is the rendering of one job.
type build struct {
	*Renderer
	files map[string][]byte
	pages []Page

	mu     sync.Mutex // guards bodies while Hugo runs
	bodies [][]byte   // of pages; nil: not rendered
	bad    []Quarantined
}

// run renders all pages.
func (b *build) run(ctx context.Context) error {
	all := make([]int, 0, len(b.pages))
	for i := range b.pages {
		all = append(all, i)
	}
	return b.render(ctx, all)
}

// render renders the pages with the numbers which, in one build if it can be.
// The error is that of the context, or of templates that cannot be parsed.
func (b *build) render(ctx context.Context, which []int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	which, input := b.input(which)
	if len(which) == 0 {
		return nil
	}
	err := b.engine.build(b.files, input, func(n int, body []byte) {
		if n >= 0 && n < len(which) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.bodies[which[n]] = body
		}
	})
	if err == nil {
		b.look(which)
		return nil
	}
	for _, i := range which {
		b.bodies[i] = nil
	}
	if len(which) == len(b.pages) {
		if err := b.engine.build(b.files, []byte("[]"), func(int, []byte) {}); err != nil {
			return fault.Wrap(err, "a template cannot be parsed", "look at the theme")
		}
	}
	if len(which) == 1 {
		b.quarantine(which[0], BuildFailed, place(err))
		return nil
	}
	half := len(which) / 2
	if err := b.render(ctx, which[:half]); err != nil {
		return err
	}
	return b.render(ctx, which[half:])
}

// input returns the pages as the adapter reads them, and the numbers of those
// that are in it.
func (b *build) input(which []int) (in []int, js []byte) {
	size := 0
	for _, i := range which {
		size += len(b.pages[i].Params) + 512
	}
	js = append(make([]byte, 0, size), '[')
	for _, i := range which {
		if len(in) > 0 {
			js = append(js, ',')
		}
		var err error
		if js, err = b.appendPage(js, b.pages[i]); err != nil {
			js = bytes.TrimSuffix(js, []byte(","))
			b.quarantine(i, BadParams, "")
			continue
		}
		in = append(in, i)
	}
	return in, append(js, ']')
}

// look quarantines those pages that did not come out as pages.
func (b *build) look(which []int) {
	for _, i := range which {
		switch body := b.bodies[i]; {
		case body == nil:
			b.quarantine(i, Vanished, "")
		case !utf8.Valid(body), !bytes.HasSuffix(bytes.TrimRight(body, " \r\n"), []byte("</html>")):
			b.bodies[i] = nil
			b.quarantine(i, NotPlain, "")
		}
	}
}

func (b *build) quarantine(i int, code Code, where string) {
	b.bad = append(b.bad, Quarantined{Path: b.pages[i].Path, Code: code, Where: where})
}

var templatePlace = regexp.MustCompile(`\b(?:_partials/)?[a-z0-9_-]+\.html:\d+:\d+`)

// place returns where in the theme a build failed. The rest of the error may
// hold text of a page and goes nowhere.
func place(err error) string {
	all := templatePlace.FindAllString(err.Error(), -1)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// writePack writes the pages that were rendered into a pack, and their search
// documents, in the same order. A page that is left out is not found either.
func writePack(out string, pages []Page, bodies [][]byte) (_ release.PackInfo, err error) {
	f, err := os.Create(out)
	if err != nil {
		return release.PackInfo{}, fault.Wrap(err, "a pack cannot be written", "see that the folder exists and may be written to")
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			os.Remove(out)
			err = fault.Wrap(err, "the pack "+filepath.Base(out)+" cannot be written", "see whether the disk is full")
		}
	}()
	w := release.NewPackWriter(f)
	var docs []byte
	var moves []release.Move
	for i, b := range bodies {
		if b == nil {
			continue
		}
		if err := w.Add(release.File{Name: pages[i].Path, Body: b, Shows: pages[i].Shows}); err != nil {
			return release.PackInfo{}, err
		}
		if len(pages[i].Doc) > 0 {
			docs = append(append(docs, pages[i].Doc...), '\n')
		}
		if pages[i].Moved != nil {
			moves = append(moves, *pages[i].Moved)
		}
	}
	if len(moves) > 0 {
		lines, err := release.EncodeMoves(moves)
		if err != nil {
			return release.PackInfo{}, err
		}
		if err := w.AddHidden(release.MovedPages, lines); err != nil {
			return release.PackInfo{}, err
		}
	}
	if len(docs) > 0 {
		if err := w.AddHidden(release.SearchDocs, docs); err != nil {
			return release.PackInfo{}, err
		}
	}
	return w.Close()
}
