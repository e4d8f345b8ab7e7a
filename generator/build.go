package generator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site"
	"github.com/huiyin/huiyin/site/release"
)

// built is a release in the making: every partition with its pack.
type built struct {
	mu    sync.Mutex
	refs  []release.PartitionRef // sorted by key once built
	count Partitions
	aside []SetAside
}

func (b *built) add(ref release.PartitionRef, hugo bool, aside []site.Quarantined) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refs = append(b.refs, ref)
	b.count.Rendered++
	if hugo {
		b.count.Hugo++
	}
	for _, q := range aside {
		b.aside = append(b.aside, SetAside{Path: q.Path, Code: string(q.Code)})
	}
}

// build takes over from the current release each partition whose fingerprint
// is the same, and makes the others.
func (g *Generator) build(ctx context.Context, txn *release.Txn, plan []pages.Partition) (*built, error) {
	b := new(built)
	var todo []pages.Partition
	old := map[string]release.PartitionRef{}
	if m := txn.Current(); m != nil {
		for _, ref := range m.Partitions {
			old[ref.Key] = ref
		}
	}
	for _, p := range plan {
		ref, ok := old[p.Key]
		if ok && ref.Fingerprint == hex.EncodeToString(p.Fingerprint[:]) && txn.Have(ref.Pack) {
			b.refs = append(b.refs, ref)
			b.count.Skipped++
			continue
		}
		todo = append(todo, p)
	}
	if err := g.make(ctx, txn, todo, b); err != nil {
		return nil, err
	}
	sortRefs(b.refs)
	return b, nil
}

// make makes the packs of the given partitions, several at once.
func (g *Generator) make(ctx context.Context, txn *release.Txn, todo []pages.Partition, b *built) (err error) {
	if len(todo) == 0 {
		return nil
	}
	var once sync.Once
	var renderer Renderer
	var startErr error
	start := func() (Renderer, error) {
		once.Do(func() { renderer, startErr = g.o.Renderers() })
		return renderer, startErr
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(g.o.Parallel)
	done := 0
	var mu sync.Mutex
	for i, p := range todo {
		group.Go(func() error {
			if err := g.makeOne(ctx, txn, i, p, start, b); err != nil {
				return fmt.Errorf("partition %s: %w", p.Key, err)
			}
			mu.Lock()
			done++
			g.o.Progress("rendering: partitions", done, len(todo))
			mu.Unlock()
			return nil
		})
	}
	err = group.Wait()
	if renderer != nil {
		err = errors.Join(err, renderer.Close())
	}
	return err
}

// makeOne makes one partition: through Hugo where it has pages, directly where
// it has files.
func (g *Generator) makeOne(ctx context.Context, txn *release.Txn, i int, p pages.Partition, start func() (Renderer, error), b *built) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	content, err := p.Make(ctx)
	if err != nil {
		return err
	}
	out := filepath.Join(txn.Stage(), fmt.Sprintf("%06d.zip", i))
	var info release.PackInfo
	var aside []site.Quarantined
	if len(content.Pages) > 0 {
		r, err := start()
		if err != nil {
			return err
		}
		job, err := toJob(p, content.Pages, out)
		if err != nil {
			return err
		}
		result, err := r.Render(ctx, job)
		if err != nil {
			return err
		}
		info, aside = result.Pack, result.Quarantined
	} else if info, err = writeFiles(out, content.Files); err != nil {
		return err
	}
	if err := txn.Adopt(out, info); err != nil {
		return err
	}
	b.add(release.PartitionRef{
		Key: p.Key, Fingerprint: hex.EncodeToString(p.Fingerprint[:]), Pack: info.Hash, Files: info.Files, Bytes: info.Bytes,
	}, len(content.Pages) > 0, aside)
	return nil
}

func toJob(p pages.Partition, in []pages.Page, out string) (site.Job, error) {
	job := site.Job{Key: p.Key, Layouts: p.Layouts, Out: out, Pages: make([]site.Page, len(in))}
	for i, page := range in {
		params, err := json.Marshal(page.Params)
		if err != nil {
			return site.Job{}, err
		}
		job.Pages[i] = site.Page{Path: page.Path, Layout: page.Layout, Lang: page.Lang, Title: page.Title, Params: params, Shows: numbers(page.Shows)}
	}
	return job, nil
}

func numbers(in []record.CaseNumber) []string {
	out := make([]string, len(in))
	for i, n := range in {
		out[i] = string(n)
	}
	return out
}

// writeFiles writes a pack of files that need no Hugo.
func writeFiles(path string, files []pages.File) (info release.PackInfo, err error) {
	f, err := os.Create(path)
	if err != nil {
		return info, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := release.NewPackWriter(f)
	for _, file := range files {
		if err := w.Add(release.File{Name: file.Path, Body: file.Body, Shows: numbers(file.Shows)}); err != nil {
			return info, fmt.Errorf("%s: %w", strings.TrimPrefix(file.Path, "/"), err)
		}
	}
	return w.Close()
}

// assetPartition is the partition of the style sheets, scripts and images of
// the theme, whose names are hashes of their content.
func assetPartition(assets []site.File) pages.Partition {
	h := sha256.New()
	files := make([]pages.File, len(assets))
	for i, a := range assets {
		files[i] = pages.File{Path: a.Path, Body: a.Body}
		fmt.Fprintf(h, "%s %x\n", a.Path, sha256.Sum256(a.Body))
	}
	return pages.Partition{
		Key: "assets", Fingerprint: [32]byte(h.Sum(nil)),
		Make: func(context.Context) (pages.Content, error) { return pages.Content{Files: files}, nil },
	}
}
