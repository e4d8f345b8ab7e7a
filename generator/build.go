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
// is the same, and makes the others. The canary looks through what is made, and
// through what was made under other rules than those that hold; what it finds it
// keeps for its verdict. later is how many partitions may follow with another call.
func (m *maker) build(ctx context.Context, plan []pages.Partition, later int) error {
	kept, todo := takeOver(m.txn, plan, m.g.o.Parallel)
	if err := m.lookAgain(ctx, kept); err != nil {
		return err
	}
	m.built.refs = append(m.built.refs, kept...)
	m.built.count.Skipped += len(kept)
	return m.make(ctx, todo, later)
}

// lookAgain has the canary look through kept partitions that it has not seen
// under the rules that hold.
func (m *maker) lookAgain(ctx context.Context, kept []release.PartitionRef) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(m.g.o.Parallel)
	for i := range kept {
		if s := kept[i].Scan; s != nil && s.Rules == m.canary.rules {
			continue
		}
		group.Go(func() (err error) {
			if err := ctx.Err(); err != nil {
				return err
			}
			kept[i].Scan, err = m.canary.pack(kept[i].Key, func(visit func(release.PackFile) error) error {
				return m.txn.EachFile(kept[i].Pack, visit)
			})
			return err
		})
	}
	return group.Wait()
}

// takeOver parts a plan into what the current release has already and what is
// to be made. A partition that lacks a page is made again: whatever failed may
// have been the machine's fault.
func takeOver(txn *release.Txn, plan []pages.Partition, parallel int) (kept []release.PartitionRef, todo []pages.Partition) {
	old := map[string]release.PartitionRef{}
	if m := txn.Current(); m != nil {
		for _, ref := range m.Partitions {
			old[ref.Key] = ref
		}
	}
	have := make([]bool, len(plan))
	var group errgroup.Group // every pack is read whole for its hash
	group.SetLimit(parallel)
	for i, p := range plan {
		ref, ok := old[p.Key]
		if !ok || ref.Fingerprint != hex.EncodeToString(p.Fingerprint[:]) || len(ref.SetAside) > 0 {
			continue
		}
		group.Go(func() error {
			have[i] = txn.Have(ref.Pack)
			return nil
		})
	}
	group.Wait() // no check fails: what is not whole is made again
	for i, p := range plan {
		if have[i] {
			kept = append(kept, old[p.Key])
		} else {
			todo = append(todo, p)
		}
	}
	return kept, todo
}

// maker makes the partitions of one release, several at once.
type maker struct {
	g        *Generator
	txn      *release.Txn
	canary   *canary
	renderer func() (Renderer, error) // the same one each time, started by the first call
	started  Renderer                 // nil: none

	mu    sync.Mutex // guards what follows
	built built
}

// newMaker returns a maker, which must be closed.
func (g *Generator) newMaker(txn *release.Txn, c *canary) *maker {
	m := &maker{g: g, txn: txn, canary: c}
	m.renderer = sync.OnceValues(func() (Renderer, error) {
		r, err := g.o.Renderers()
		m.started = r
		return r, err
	})
	return m
}

// close ends the renderer, if there is one.
func (m *maker) close() error {
	if m.started == nil {
		return nil
	}
	return m.started.Close()
}

// make makes the packs of the given partitions.
func (m *maker) make(ctx context.Context, todo []pages.Partition, later int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(m.g.o.Parallel)
	total := m.built.count.Rendered + len(todo) + later
	for _, p := range todo {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			ref, rendered, err := m.makeOne(ctx, p, filepath.Join(m.txn.Stage(), strings.ReplaceAll(p.Key, "/", ".")+".zip"))
			if err != nil {
				return fmt.Errorf("partition %s: %w", p.Key, err)
			}
			m.g.o.Progress("rendering: partitions", m.add(ref, rendered), total)
			return nil
		})
	}
	return group.Wait()
}

// add keeps a partition that has been made and returns how many there are.
func (m *maker) add(ref release.PartitionRef, rendered bool) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.built.refs = append(m.built.refs, ref)
	m.built.count.Rendered++
	if rendered {
		m.built.count.Hugo++
	}
	return m.built.count.Rendered
}

// makeOne makes one partition at out, by the renderer where it has pages and
// directly where it has files, and has the canary look through it.
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
	scan, err := m.canary.pack(p.Key, func(visit func(release.PackFile) error) error { return release.EachFile(nil, out, visit) })
	if err != nil {
		return ref, false, err
	}
	return release.PartitionRef{
		Key: p.Key, Fingerprint: hex.EncodeToString(p.Fingerprint[:]),
		Pack: r.Pack.Hash, Files: r.Pack.Files, Bytes: r.Pack.Bytes, SetAside: r.SetAside, Scan: scan,
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
		if err := w.Add(release.File{Name: file.Path, Body: file.Body, Shows: shownIn(file.Shows)}); err != nil {
			return info, fmt.Errorf("%s: %w", file.Path, err)
		}
	}
	return w.Close()
}

// shownIn returns case numbers as packs list them.
func shownIn(in []record.CaseNumber) []string {
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
