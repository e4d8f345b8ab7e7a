package generator

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
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
	done  int // of those that were to be made
}

// build takes over from the current release each partition whose fingerprint
// is the same, and makes the others. The canary looks through what is made, and
// through what was made under other rules than those that hold; what it finds it
// keeps for its verdict. later is how many partitions may follow with another call.
func (m *maker) build(ctx context.Context, plan []pages.Partition, later int) error {
	kept, todo := m.takeOver(plan)
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
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return m.lookAt(&kept[i])
		})
	}
	return group.Wait()
}

// lookAt has the canary look through a kept partition.
func (m *maker) lookAt(ref *release.PartitionRef) (err error) {
	ref.Scan, err = m.canary.pack(ref.Key, func(visit func(release.PackFile) error) error { return m.txn.EachFile(ref.Pack, visit) }, nil)
	return err
}

// takeOver parts a plan into what the current release has already and what is
// to be made. A partition that lacks a page is made again: whatever failed may
// have been the machine's fault.
func (m *maker) takeOver(plan []pages.Partition) (kept []release.PartitionRef, todo []pages.Partition) {
	have := make([]bool, len(plan))
	var group errgroup.Group // every pack is read whole for its hash
	group.SetLimit(m.g.o.Parallel)
	for i, p := range plan {
		ref, ok := m.old[p.Key]
		if !ok || ref.Fingerprint != hex.EncodeToString(p.Fingerprint[:]) || len(ref.SetAside) > 0 {
			continue
		}
		group.Go(func() error {
			have[i] = m.txn.Have(ref.Pack)
			return nil
		})
	}
	group.Wait() // no check fails: what is not whole is made again
	for i, p := range plan {
		if have[i] {
			kept = append(kept, m.old[p.Key])
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
	old      map[string]release.PartitionRef // of the current release, by key
	renderer func() (Renderer, error)        // the same one each time, started by the first call
	started  Renderer                        // nil: none

	mu    sync.Mutex // guards what follows
	built built
}

// newMaker returns a maker, which must be closed.
func (g *Generator) newMaker(txn *release.Txn, c *canary) *maker {
	m := &maker{g: g, txn: txn, canary: c, old: map[string]release.PartitionRef{}}
	if current := txn.Current(); current != nil {
		for _, ref := range current.Partitions {
			m.old[ref.Key] = ref
		}
	}
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
	total := m.built.done + len(todo) + later
	for _, p := range todo {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			ref, how, err := m.makeOne(ctx, p, filepath.Join(m.txn.Stage(), strings.ReplaceAll(p.Key, "/", ".")+".zip"))
			if err != nil {
				return fmt.Errorf("partition %s: %w", p.Key, err)
			}
			m.g.o.Progress("rendering: partitions", m.add(ref, how), total)
			return nil
		})
	}
	return group.Wait()
}

// how says how a partition came into a release.
type how int

const (
	skipped  how = iota // taken over: its content was made, and is what it was
	written             // by Go
	rendered            // by Hugo
)

// add keeps a partition and returns how many of those that were to be made are done.
func (m *maker) add(ref release.PartitionRef, by how) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.built.refs = append(m.built.refs, ref)
	m.built.done++
	switch by {
	case skipped:
		m.built.count.Skipped++
	case rendered:
		m.built.count.Hugo++
		fallthrough
	case written:
		m.built.count.Rendered++
	}
	return m.built.done
}

// makeOne makes one partition at out, by the renderer where it has pages and
// directly where it has files, and has the canary look through it. Where its content
// is that of the current release, that one's pack is taken over.
func (m *maker) makeOne(ctx context.Context, p pages.Partition, out string) (ref release.PartitionRef, by how, err error) {
	content, err := p.Make(ctx)
	if err != nil {
		return ref, by, err
	}
	fingerprint := hex.EncodeToString(p.Fingerprint[:])
	said, err := m.contentPrint(p, &content)
	if err != nil {
		return ref, by, err
	}
	if ref, err = m.unchanged(p.Key, said); err != nil || ref.Key != "" {
		ref.Fingerprint = fingerprint
		return ref, skipped, err
	}
	var r Rendered
	if len(content.Pages) > 0 {
		by = rendered
		renderer, err := m.renderer()
		if err != nil {
			return ref, by, err
		}
		if r, err = renderer.Render(ctx, Job{Key: p.Key, Layouts: p.Layouts, Pages: content.Pages, Out: out}); err != nil {
			return ref, by, err
		}
	} else {
		by = written
		if r.Pack, err = writeFiles(out, content.Files); err != nil {
			return ref, by, err
		}
	}
	scan, err := m.canary.pack(p.Key, func(visit func(release.PackFile) error) error { return release.EachFile(nil, out, visit) }, m.before(p.Key))
	if err != nil {
		return ref, by, err
	}
	return release.PartitionRef{
		Key: p.Key, Fingerprint: fingerprint, Content: said,
		Pack: r.Pack.Hash, Files: r.Pack.Files, Bytes: r.Pack.Bytes, SetAside: r.SetAside, Scan: scan,
	}, by, m.txn.Adopt(out, r.Pack)
}

// unchanged returns the partition of the current release that says what said is the
// hash of, looked through under the rules that hold; without a key where there is none.
// Where it holds numbers that are leaks once they are masked somewhere, it is looked
// through again. One that a withdrawal takes away meanwhile is made anew.
func (m *maker) unchanged(key, said string) (release.PartitionRef, error) {
	ref, ok := m.old[key]
	if !ok || said == "" || ref.Content != said || len(ref.SetAside) > 0 || !m.txn.Have(ref.Pack) {
		return release.PartitionRef{}, nil
	}
	if s := ref.Scan; s == nil || s.Rules != m.canary.rules || s.Doubtful > 0 {
		if err := m.lookAt(&ref); err != nil {
			if m.txn.Have(ref.Pack) && !errors.Is(err, fs.ErrNotExist) {
				return release.PartitionRef{}, err
			}
			return release.PartitionRef{}, nil
		}
	}
	return ref, nil
}

// before returns the large files of a partition of the current release; nil where they
// cannot be told apart from what took their place.
func (m *maker) before(key string) *lookedBefore {
	ref, ok := m.old[key]
	if !ok || ref.Scan == nil || len(ref.Scan.Large) == 0 || !m.txn.Have(ref.Pack) {
		return nil
	}
	return &lookedBefore{large: ref.Scan.Large, each: func(visit func(release.PackFile) error) error { return m.txn.EachFile(ref.Pack, visit) }}
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
