package generator

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/release"
)

// AuditPath is the file of a release that says where the audit ended when it was made:
// how many acts of persons and tokens there were, and the hash of them all. Nobody can
// change one of them, add one before them or leave one out without its saying another
// thing.
const AuditPath = "data/audit.json"

// auditPartition is the partition of the audit's head.
func auditPartition(head store.AuditHead) (pages.Partition, error) {
	body, err := json.Marshal(head)
	if err != nil {
		return pages.Partition{}, err
	}
	body = append(body, '\n')
	return pages.Partition{
		Key: "data/audit", Fingerprint: sha256.Sum256(body),
		Make: func(context.Context) (pages.Content, error) {
			return pages.Content{Files: []pages.File{{Path: AuditPath, Body: body}}}, nil
		},
	}, nil
}

// VerifyAudit compares the audit with what every kept release says of it, and says where
// they differ, a line each: acts were changed or taken out since. It returns how many
// releases say anything.
func (g *Generator) VerifyAudit(ctx context.Context) (problems []string, releases int, err error) {
	kept, err := g.o.Releases.Releases()
	if err != nil || len(kept) == 0 {
		return nil, 0, err
	}
	view, _, err := g.o.Releases.Refresh()
	if err != nil {
		return nil, 0, err
	}
	defer view.Close()
	for _, r := range kept {
		head, ok, err := g.auditOf(view, r.Release)
		if err != nil {
			return nil, 0, err
		}
		if !ok {
			continue
		}
		releases++
		holds, err := g.o.Store.AuditHolds(ctx, head)
		if err != nil {
			return nil, 0, err
		}
		if !holds {
			problems = append(problems, fmt.Sprintf("audit: what release %d was published with, up to act %d, is not what is kept", r.Release, head.Acts))
		}
	}
	return problems, releases, nil
}

// auditOf returns what a kept release says of the audit, if anything.
func (g *Generator) auditOf(view *release.View, n int) (head store.AuditHead, ok bool, err error) {
	v, err := g.o.Releases.Kept(view, n)
	if err != nil {
		return head, false, err
	}
	defer v.Close()
	entry, state := v.Lookup(AuditPath)
	if state != release.Found {
		return head, false, nil // made by a version without an audit, or damaged: fsck says so
	}
	body, err := v.Plain(entry)
	if err != nil {
		return head, false, nil
	}
	if err := json.Unmarshal(body, &head); err != nil {
		return head, false, fmt.Errorf("release %d: %s: %w", n, AuditPath, err)
	}
	return head, true, nil
}
