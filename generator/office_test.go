package generator_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
)

// office is an installation with a renderer that needs no Hugo.
type office struct {
	t        *testing.T
	dir      string
	gate     *gate.Gate
	store    *store.DB
	releases *release.Store
	renderer *renderer
	masked   []generator.Masked
	excluded map[record.Month]int64
	assets   []pages.File
	contact  string
	version  string // of the program
	parallel int

	deadlines *deadline.Cases
	ranks     assess.RankRules

	now      func() time.Time
	progress func(what string, done, total int)
	planned  func()
	pulled   int
}

func newOffice(t *testing.T) *office {
	t.Helper()
	return openOffice(t, t.TempDir())
}

// openOffice returns the office in a folder, which may be empty.
func openOffice(t *testing.T, dir string) *office {
	t.Helper()
	o := &office{
		t: t, dir: dir, renderer: &renderer{broken: map[string]string{}}, parallel: 3, version: "1",
		now:      func() time.Time { return time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC) },
		progress: func(string, int, int) {},
		assets:   []pages.File{{Path: "assets/site.css", Body: []byte("body{}")}},
	}
	var err error
	if o.gate, err = gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32)}); err != nil {
		t.Fatal(err)
	}
	if o.store, err = store.Open(filepath.Join(o.dir, "store.db"), store.Options{Now: o.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.store.Close() })
	o.openReleases(nil)
	return o
}

// openReleases opens the releases on a file system, nil for that of the machine.
func (o *office) openReleases(fsys durable.FS) {
	o.t.Helper()
	pagePath := func(n string) string { return record.CasePath(record.CaseNumber(n)) }
	var err error
	if o.releases, err = release.Open(filepath.Join(o.dir, "releases"), release.Options{PagePath: pagePath, FS: fsys}); err != nil {
		o.t.Fatal(err)
	}
	releases := o.releases
	o.t.Cleanup(func() { releases.Close() })
}

// pull stores one batch, each line of which is a record: its key, and fields
// parted by bars. A key of the form kind:id is of that kind, any other is a
// case; GONE in the place of the fields makes a tombstone.
func (o *office) pull(asOf, lines string) {
	o.t.Helper()
	day, err := record.ParseDay(asOf)
	if err != nil {
		o.t.Fatal(err)
	}
	o.pulled++
	name := fmt.Sprintf("%s-%d", asOf, o.pulled)
	err = o.store.Batch(o.t.Context(), name, sha256.Sum256([]byte(name)), day, nil,
		func(put func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error {
			for line := range strings.Lines(lines) {
				raw, ok := parseRaw(line)
				if !ok {
					continue
				}
				cleared, verdict := o.gate.Clear(raw, day)
				if !cleared.Valid() {
					return fmt.Errorf("not cleared: %s", verdict.Reasons)
				}
				if _, _, err := put(cleared, ""); err != nil {
					return err
				}
			}
			return nil
		})
	if err != nil {
		o.t.Fatal(err)
	}
}

func parseRaw(line string) (raw source.Raw, ok bool) {
	key, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	raw = source.Raw{Kind: source.Case, Key: key, Gone: rest == "GONE", Fields: map[string]string{}}
	if kind, id, found := strings.Cut(key, ":"); found {
		raw.Kind, raw.Key = source.Kind(kind), id
	}
	for part := range strings.SplitSeq(rest, " | ") {
		if name, value, found := strings.Cut(part, "="); found {
			raw.Fields[name] = value
		}
	}
	return raw, key != ""
}

// answered is a line of a case published in full.
func answered(key, unit, reply string) string {
	return fmt.Sprintf("%s unit=%s | received=2026-10-05 | due=2026-10-20 | replied=2026-10-09 | status=replied | title=路灯不亮 | question=路口的灯坏了,请修理。 | reply=%s\n", key, unit, reply)
}

// city is two units and 320 cases of one month: two partitions of case pages.
func city() string {
	var b strings.Builder
	b.WriteString("area:990101 name=东城区\nunit:lamps name=路灯管理处 | area=990101\nunit:water name=自来水公司 | area=990101\n")
	for i := range 320 {
		b.WriteString(answered(fmt.Sprintf("K-%04d", i), []string{"lamps", "water"}[i%2], fmt.Sprintf("第 %d 盏灯已经修好。", i)))
	}
	return b.String()
}

func (o *office) generator() *generator.Generator {
	o.t.Helper()
	labels, err := pages.ReadLabels(os.DirFS("../themes/huiyin"))
	if err != nil {
		o.t.Fatal(err)
	}
	settings := o.version
	if o.deadlines != nil {
		settings += fmt.Sprint(o.deadlines.Applied(), o.deadlines.Calendar().Print())
	}
	return generator.New(generator.Options{
		Store: o.store, Releases: o.releases, Settings: settings, Parallel: o.parallel, Now: o.now, Progress: o.progress, Planned: o.planned,
		Assets:    o.assets,
		Canary:    generator.Canary{Gate: o.gate, Masked: o.allMasked},
		Excluded:  func(context.Context) (map[record.Month]int64, error) { return o.excluded, nil },
		Renderers: func() (generator.Renderer, error) { return o.renderer.start() },
		Pages: pages.Options{
			Deadlines: o.deadlines, Ranks: o.ranks,
			BaseURL: "https://www.example.gov.cn/", Version: o.version, Labels: labels, Site: pages.Site{Name: "示例市诉求公开", Contact: o.contact},
			Theme: func(layouts []string) ([32]byte, error) {
				return sha256.Sum256(fmt.Append(nil, layouts, o.renderer.changed)), nil
			},
		},
	})
}

func (o *office) allMasked(context.Context) iter.Seq2[generator.Masked, error] {
	return func(yield func(generator.Masked, error) bool) {
		for _, m := range o.masked {
			if !yield(m, nil) {
				return
			}
		}
	}
}

func (o *office) publish() generator.Report {
	o.t.Helper()
	r, err := o.generator().Publish(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// lookup returns what the current release has at a path.
func (o *office) lookup(path string) (body string, state release.State) {
	o.t.Helper()
	if _, _, err := o.releases.Refresh(); err != nil {
		o.t.Fatal(err)
	}
	view, err := o.releases.Current()
	if err != nil {
		o.t.Fatal(err)
	}
	defer view.Close()
	entry, state := view.Lookup(path)
	if state != release.Found {
		return "", state
	}
	b, err := view.Plain(entry)
	if err != nil {
		o.t.Fatal(err)
	}
	return string(b), state
}

// journal returns what the store says of its publishes.
func (o *office) journal() []store.Publish {
	o.t.Helper()
	all, err := o.store.Publishes(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

// files returns every file of the releases with its time and a hash of its
// bytes, one a line.
func (o *office) files() string {
	o.t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(filepath.Join(o.dir, "releases"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		body, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %d %x\n", path, info.ModTime().UnixNano(), sha256.Sum256(body))
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return b.String()
}

// renderer writes each page as the JSON of its parameters.
type renderer struct {
	broken map[string]string // codes of pages that cannot be rendered, by path
	fail   error             // of every job

	plant    map[string]string // what the theme adds to a page, by path; "" to every one
	plantDoc string            // what stands in the search documents as well
	changed  bool              // the theme is another
	before   func(key string)  // called before a job, perhaps by several goroutines; nil: nothing

	mu      sync.Mutex
	started int
	closed  int
	keys    []string // partitions rendered since the last call of rendered
}

func (r *renderer) start() (generator.Renderer, error) {
	r.started++
	return r, nil
}

func (r *renderer) Close() error {
	r.closed++
	return nil
}

// rendered returns the partitions rendered since the last call.
func (r *renderer) rendered() []string {
	keys := slices.Sorted(slices.Values(r.keys))
	r.keys = nil
	return keys
}

func (r *renderer) Render(_ context.Context, job generator.Job) (out generator.Rendered, err error) {
	if r.before != nil {
		r.before(job.Key)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return out, r.fail
	}
	r.keys = append(r.keys, job.Key)
	f, err := os.Create(job.Out)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := release.NewPackWriter(f)
	var docs []byte
	for _, p := range job.Pages {
		if code := r.broken[p.Path]; code != "" {
			out.SetAside = append(out.SetAside, release.SetAside{Path: p.Path, Code: code})
			continue
		}
		body, err := json.Marshal(p.Params)
		if err != nil {
			return out, err
		}
		body = append(body, r.plant[""]+r.plant[p.Path]...)
		var shows []string
		for _, n := range p.Shows {
			shows = append(shows, string(n))
		}
		if err := w.Add(release.File{Name: p.Path, Body: body, Shows: shows}); err != nil {
			return out, err
		}
		if p.Doc != nil {
			if r.plantDoc != "" {
				p.Doc.Text["note"] = r.plantDoc
			}
			line, err := json.Marshal(p.Doc)
			if err != nil {
				return out, err
			}
			docs = append(append(docs, line...), '\n')
		}
	}
	if docs != nil {
		if err := w.AddHidden(release.SearchDocs, docs); err != nil {
			return out, err
		}
	}
	out.Pack, err = w.Close()
	return out, err
}
