package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/backup"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/durable"
)

// placesFile names the places of backups that were used, below the state.
const placesFile = "backup-places.json"

// mirrorJournal copies the journal of withdrawals to the place of backups, where it is not
// there as it is. What the place knows and the installation does not is never written over:
// it is the newest journal, and a backup that is restored needs it. A place that was used
// and has no journal is not there, as where a disk is not mounted: what is written to such a
// folder would be missing from a restore.
// One that hangs, as a folder of a machine that does not answer, is given up after a while:
// nothing can be done about what waits for it but to end with the program.
func (in *installation) mirrorJournal(ctx context.Context) error {
	if in.c.Backup.Dir == "" {
		return nil
	}
	done := make(chan error, 1)
	go func() { done <- in.mirrorTo(ctx, false) }()
	late := time.NewTimer(in.a.placeWithin)
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		return fault.Coded(fault.ExitPartial, "the place of backups does not answer: "+in.c.Path(in.c.Backup.Dir),
			"what was withdrawn is withdrawn; see that its disk is there, and run huiyin pull: until then a backup that is restored could lack it", nil)
	}
}

// mirrorTo is mirrorJournal. newPlace lets a place that was used begin anew.
func (in *installation) mirrorTo(ctx context.Context, newPlace bool) (err error) {
	if in.c.Backup.Dir == "" {
		return nil
	}
	// One at a time, so that an older one does not come last. It is not the lock of the
	// journal itself: a place that hangs would keep every withdrawal waiting.
	lock, err := durable.OS{}.Lock(ctx, in.c.StatePath(placesFile+".lock"), true)
	if err != nil {
		return fault.Wrap(err, "the place of backups cannot be locked", "see that the disk of the backups answers, and check the rights of the state folder")
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	own, err := in.journal(ctx)
	if err != nil {
		return err
	}
	place, err := filepath.Abs(in.c.Path(in.c.Backup.Dir))
	if err != nil {
		return err
	}
	used, err := backup.ReadUsed(in.c.StatePath(placesFile))
	if err != nil {
		return err
	}
	mirror := filepath.Join(place, backup.JournalName)
	there, err := os.ReadFile(mirror)
	missing, before := errors.Is(err, fs.ErrNotExist), slices.Contains(used, place)
	switch {
	case missing && before && !newPlace:
		return fault.Coded(fault.ExitPartial, "the journal of withdrawals is not in the place of backups any more: "+mirror,
			"what was withdrawn is withdrawn; see that the disk is mounted, and run huiyin pull; where the place is to begin anew: huiyin backup --new-place", nil)
	case missing:
		err = nil
	case err == nil && !bytes.HasPrefix(own, there):
		return fault.Coded(fault.ExitPartial, "the journal of withdrawals in the place of backups knows of withdrawals that this installation does not: "+mirror,
			"it is of another installation, which needs a place of its own; or this one was put back without its newest journal: restore it anew with that one", nil)
	}
	if err == nil && !before {
		if err := in.notAnothers(ctx, place); err != nil {
			return err
		}
	}
	if err == nil && (missing || !bytes.Equal(there, own)) {
		if err = backup.MakePlace(place); err == nil {
			err = durable.WriteFile(durable.OS{}, mirror, own)
		}
	}
	if err != nil {
		return fault.Coded(fault.ExitPartial, "the journal of withdrawals cannot be copied to the place of backups: "+place,
			"what was withdrawn is withdrawn; mend the place and run huiyin pull, or a backup that is restored could lack it", err)
	}
	if before {
		return nil
	}
	return backup.WriteUsed(in.c.StatePath(placesFile), append(used, place))
}

// journal returns the journal of withdrawals as far as it stays as it is. Its lock is held
// meanwhile: what is being written could be lost in a crash, and a copy that has it would not
// be one of this journal any more.
func (in *installation) journal(ctx context.Context) (own []byte, err error) {
	lock, err := durable.OS{}.Lock(ctx, in.c.StatePath(journalFile+".lock"), true)
	if err != nil {
		return nil, fault.Wrap(err, "the journal of withdrawals cannot be locked", "check the rights of the state folder, and whether the disk is full")
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	own, err = os.ReadFile(in.c.StatePath(journalFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(err, "the journal of withdrawals cannot be read: "+in.c.StatePath(journalFile), "check its rights")
	}
	return store.WholeJournal(own), nil
}

// copyJournal copies what [installation.journal] returns to a file that is not there.
func (in *installation) copyJournal(ctx context.Context, _, to string) error {
	own, err := in.journal(ctx)
	if err != nil {
		return err
	}
	return os.WriteFile(to, own, 0o600)
}

// owner returns what tells the backups of this installation from those of another.
func (in *installation) owner(ctx context.Context) (o backup.Owner, err error) {
	if o.Journal, err = in.journal(ctx); err != nil {
		return o, err
	}
	if key := in.c.Path(in.c.Key); below(in.c, key) != "" { // else no backup holds it
		text, err := os.ReadFile(key)
		if err != nil {
			return o, err
		}
		o.Key = sumOf(text)
	}
	return o, nil
}

// notAnothers refuses a place where backups lie and none of them is of this installation.
func (in *installation) notAnothers(ctx context.Context, place string) error {
	all, err := backup.List(place)
	if err != nil || len(all) == 0 {
		return err
	}
	owner, err := in.owner(ctx)
	if err != nil || slices.ContainsFunc(all, owner.Owns) {
		return err
	}
	return fault.Coded(fault.ExitPartial, "the backups in the place of backups are of another installation: "+place,
		"each installation needs a place of its own: set backup.dir to another folder", nil)
}

// pruneBackups removes the oldest backups of this installation beyond backup.keep.
func (in *installation) pruneBackups(ctx context.Context, place string) ([]string, error) {
	owner, err := in.owner(ctx)
	if err != nil {
		return nil, err
	}
	return backup.Prune(place, in.c.Backup.Keep, owner)
}
