package generator

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/release"
)

// built is the partitions of a release, each with its pack.
type built struct {
	refs  []release.PartitionRef
	count Partitions
}

// build takes over from the current release each partition whose fingerprint
// is the same, and makes the others.
func (g *Generator) build(ctx context.Context, txn *release.Txn, plan []pages.Partition) (built, error) {
	kept, todo := takeOver(txn, plan)
	made, err := g.make(ctx, txn, todo)
	if err != nil {
		return built{}, err
	}
	count := Partitions{Rendered: len(made.refs), Hugo: made.hugo, Skipped: len(kept)}
	return built{refs: append(kept, made.refs...), count: count}, nil
}

// takeOver parts a plan into what the current release has already and what is
// to be made. A partition that lacks a page is made again: whatever failed may
// have been the machine's fault.
func takeOver(txn *release.Txn, plan []pages.Partition) (kept []release.PartitionRef, todo []pages.Partition) {
	old := map[string]release.PartitionRef{}
	if m := txn.Current(); m != nil {
		for _, ref := range m.Partitions {
			old[ref.Key] = ref
		}
	}
	for _, p := range plan {
		ref, ok := old[p.Key]
		if ok && ref.Fingerprint == hex.EncodeToString(p.Fingerprint[:]) && len(ref.SetAside) == 0 && txn.Have(ref.Pack) {
			kept = append(kept, ref)
		} else {
			todo = append(todo, p)
		}
	}
	return kept, todo
}

// maker makes partitions, several at once.
type maker struct {
	txn      *release.Txn
	renderer func() (Renderer, error) // the same one each time, started by the first call

	mu   sync.Mutex // guards what follows
	refs []release.PartitionRef
	hugo int // how many of them by the renderer
}

// make makes the packs of the given partitions.
func (g *Generator) make(ctx context.Context, txn *release.Txn, todo []pages.Partition) (_ *maker, err error) {
	var started Renderer
	defer func() {
		if started != nil {
			err = errors.Join(err, started.Close())
		}
	}()
	m := &maker{txn: txn, renderer: sync.OnceValues(func() (Renderer, error) {
		r, err := g.o.Renderers()
		started = r
		return r, err
	})}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(g.o.Parallel)
	for i, p := range todo {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			ref, rendered, err := m.makeOne(ctx, p, filepath.Join(txn.Stage(), fmt.Sprintf("%06d.zip", i)))
			if err != nil {
				return fmt.Errorf("partition %s: %w", p.Key, err)
			}
			g.o.Progress("rendering: partitions", m.add(ref, rendered), len(todo))
			return nil
		})
	}
	return m, group.Wait()
}

// add keeps a partition that has been made and returns how many there are.
func (m *maker) add(ref release.PartitionRef, rendered bool) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refs = append(m.refs, ref)
	if rendered {
		m.hugo++
	}
	return len(m.refs)
}

// makeOne makes one partition at out: by the renderer where it has pages,
// directly where it has files.
func (m *maker) makeOne(ctx context.Context, p pages.Partition, out string) (ref release.PartitionRef, rendered bool, err error) {
	content, err := p.Make(ctx)
	if err != nil {
		return ref, false, err
	}
	var r Rendered
	if rendered = len(content.Pages) > 0; rendered {
		renderer, err := m.renderer()
		if err != nil {
			return ref, false, err
		}
		if r, err = renderer.Render(ctx, Job{Key: p.Key, Layouts: p.Layouts, Pages: content.Pages, Out: out}); err != nil {
			return ref, false, err
		}
	} else if r.Pack, err = writeFiles(out, content.Files); err != nil {
		return ref, false, err
	}
	return release.PartitionRef{
		Key: p.Key, Fingerprint: hex.EncodeToString(p.Fingerprint[:]),
		Pack: r.Pack.Hash, Files: r.Pack.Files, Bytes: r.Pack.Bytes, SetAside: r.SetAside,
	}, rendered, m.txn.Adopt(out, r.Pack)
}

// writeFiles writes a pack of files that need no rendering.
func writeFiles(path string, files []pages.File) (info release.PackInfo, err error) {
	f, err := os.Create(path)
	if err != nil {
		return info, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := release.NewPackWriter(f)
	for _, file := range files {
		if err := w.Add(release.File{Name: file.Path, Body: file.Body, Shows: numbers(file.Shows)}); err != nil {
			return info, fmt.Errorf("%s: %w", file.Path, err)
		}
	}
	return w.Close()
}

// numbers returns case numbers as packs list them.
func numbers(in []record.CaseNumber) []string {
	out := make([]string, len(in))
	for i, n := range in {
		out[i] = string(n)
	}
	return out
}

// setAside returns the pages that a release lacks, by path.
func setAside(refs []release.PartitionRef) []release.SetAside {
	var all []release.SetAside
	for _, ref := range refs {
		all = append(all, ref.SetAside...)
	}
	slices.SortFunc(all, func(a, b release.SetAside) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Code, b.Code))
	})
	return all
}

// assetPartition is the partition of the style sheets, scripts and images of
// the theme, whose names are hashes of their content.
func assetPartition(assets []pages.File) pages.Partition {
	h := sha256.New()
	for _, a := range assets {
		fmt.Fprintf(h, "%s %x\n", a.Path, sha256.Sum256(a.Body))
	}
	return pages.Partition{
		Key: "assets", Fingerprint: [32]byte(h.Sum(nil)),
		Make: func(context.Context) (pages.Content, error) { return pages.Content{Files: assets}, nil },
	}
}
