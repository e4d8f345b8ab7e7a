package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/backup"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/source/spool"
	"github.com/huiyin/huiyin/generator/sqlitefile"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/release"
)

// backupResult is what a backup holds.
type backupResult struct {
	Path    string   `json:"path"`
	Release int      `json:"release"`
	Files   int      `json:"files"`
	Bytes   int64    `json:"bytes"`
	Gone    []string `json:"removed,omitempty"` // older backups
	Outside []string `json:"outside,omitempty"` // settings whose files are not in it
}

func newBackup(a *app) *cobra.Command {
	var newPlace bool
	c := &cobra.Command{
		Use:   "backup",
		Short: "Copy everything that is kept to the place of backups",
		Long: longHelp(`Copy the store, the intake, what runs by itself, every release that is kept, the journal
of withdrawals, the key, the configuration and the files that it names to a folder of its
own below backup.dir, each with its hash, and remove the oldest beyond backup.keep. Nobody
has to stop: what is copied is one state. The index that the cases are searched in is not
copied, since it is made from the releases, and nor are exports in the inbox. Pages of a
feed that were fetched and not taken yet are: the feed does not send them again.

Whoever has a backup has the key and can read what citizens wrote: keep the place as the
installation itself, on another disk or machine. Beside the backups lies the newest
journal of withdrawals, which every withdrawal is added to before it is acknowledged. Where
it is missing from a place that was used before, as where a disk is not mounted, nothing is
written there; say --new-place where the place is to begin anew.`,
			fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.backup(c.Context(), newPlace)
			if r.Path != "" {
				a.say("backup of release %d: %s, %d MB, in %s", r.Release, plural(r.Files, "file"), r.Bytes>>20, r.Path)
			}
			for _, p := range r.Gone {
				a.say("removed: %s", p)
			}
			if err != nil {
				return err
			}
			for _, o := range r.Outside {
				a.say("not in it, because it does not lie below the folder of the configuration: %s", o)
			}
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&newPlace, "new-place", false, "the place begins anew, though it was used before")
	return c
}

// journalFile is the journal of withdrawals, below the state.
const journalFile = "withdrawn.journal"

// backup makes a backup. It waits for no publish and no pull: while one goes on it is
// refused. Nothing is written to a place that is not there, or another installation's.
func (in *installation) backup(ctx context.Context, newPlace bool) (r backupResult, err error) {
	if in.c.Backup.Dir == "" {
		return r, fault.Coded(fault.ExitConfig, "no place of backups is configured", "set backup.dir to a folder on another disk", nil)
	}
	place := in.c.Path(in.c.Backup.Dir)
	if _, err := in.openIntake(); err != nil {
		return r, err
	}
	parts, outside, err := in.backupParts(in.intake.Known)
	head := backup.Head{Config: below(in.c, in.c.File()), Journal: below(in.c, in.c.StatePath(journalFile))}
	if err != nil {
		return r, err
	}
	r.Outside = outside
	if err := in.mirrorTo(ctx, newPlace); err != nil {
		return r, err
	}
	err = in.lockedFree(ctx, func() (err error) {
		// Also where no backup could be made: there may be room for one when the oldest are gone.
		defer func() {
			if ctx.Err() == nil {
				var pruneErr error
				r.Gone, pruneErr = in.pruneBackups(ctx, place)
				err = errors.Join(err, pruneErr)
			}
		}()
		for {
			before, err := in.generation()
			if err != nil {
				return err
			}
			if head.Release, err = in.releases.CurrentNumber(); err != nil {
				return err
			}
			head.At = in.a.now()
			path, m, err := backup.Make(ctx, place, head, parts)
			if err != nil {
				return err
			}
			after, err := in.generation()
			if err != nil {
				return err
			}
			if bytes.Equal(before, after) {
				r.Path, r.Release, r.Files, r.Bytes = path, m.Release, len(m.Files), m.Bytes()
				return nil
			}
			// A case was withdrawn meanwhile, and packs were written anew: once more.
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	})
	if err != nil {
		return r, err
	}
	return r, in.mirrorJournal(ctx)
}

// generation returns what changes with every withdrawal that reaches the releases.
func (in *installation) generation() ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(in.c.StatePath("releases"), "overlay.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// known tells what the intake knows of the bytes of a batch, as [intake.DB.Known] does.
type known func(ctx context.Context, digest [32]byte) (intake.Known, bool, error)

// backupParts lists what a backup copies, under the names that they have below the folder
// of the configuration, and the settings whose files lie elsewhere.
func (in *installation) backupParts(known known) (parts []backup.Part, outside []string, err error) {
	add := func(setting, path string, p backup.Part) {
		if p.Name, p.From = below(in.c, path), path; p.Name == "" {
			if !slices.Contains(outside, setting) {
				outside = append(outside, setting)
			}
			return
		}
		parts = append(parts, p)
	}
	if below(in.c, in.c.StatePath()) == "" {
		return nil, nil, fault.Coded(fault.ExitConfig, "the folder of the state does not lie below that of the configuration", "back up the whole machine instead, or move the state", nil)
	}
	add("the configuration", in.c.File(), backup.Part{})
	add("key", in.c.Path(in.c.Key), backup.Part{})
	// A feed may be fetched meanwhile. Where to go on is copied first, then the pages, and
	// last the intake: so every page that is not asked for again is among these, or in the
	// intake. The folders with a dot come before the others, into which pages move.
	feeds := filepath.Join(in.c.Path(in.c.Inbox), spool.Folder)
	add("inbox", feeds, backup.Part{Tree: true, Gone: true, Omit: func(_ context.Context, name string) (bool, error) {
		return path.Base(name) != spool.StateName, nil
	}})
	add("inbox", feeds, backup.Part{Tree: true, Gone: true, Omit: func(ctx context.Context, name string) (bool, error) {
		if strings.HasPrefix(name, ".") {
			return path.Base(name) == spool.StateName || path.Base(name) == "lock", nil
		}
		if !strings.HasSuffix(name, ".jsonl") {
			return true, nil
		}
		return taken(ctx, filepath.Join(feeds, filepath.FromSlash(name)), known)
	}})
	for _, name := range []string{"store.db", "intake.db", "schedule.db"} {
		path := in.c.StatePath(name)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		add("state", path, backup.Part{Copy: sqlitefile.Copy})
	}
	add("state", in.c.StatePath("releases"), backup.Part{Tree: true, Gone: true, Omit: func(_ context.Context, name string) (bool, error) {
		return strings.HasPrefix(name, "stage/") || strings.HasSuffix(name, ".lock"), nil
	}})
	files, err := assemble.FeedFiles(in.c)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range files {
		add("feeds", in.c.Path(name), backup.Part{Gone: true})
	}
	for _, f := range []struct{ setting, name string }{
		{"alerts.mail.password_file", in.c.Alerts.Mail.PasswordFile}, {"alerts.webhook.key_file", in.c.Alerts.Webhook.KeyFile},
		{"deadlines.rules", in.c.Deadlines.Rules}, {"gate.allow", in.c.Gate.Allow}, {"gate.policy", in.c.Gate.Policy},
		{"run.republish_keys", in.c.Run.Keys}, {"search.key_file", in.c.Search.KeyFile}, {"search.synonyms", in.c.Search.Synonyms},
	} {
		if f.name != "" {
			add(f.setting, in.c.Path(f.name), backup.Part{Gone: true})
		}
	}
	for _, name := range in.c.Deadlines.Holidays {
		add("deadlines.holidays", in.c.Path(name), backup.Part{Gone: true})
	}
	add("state", in.c.StatePath(placesFile), backup.Part{Gone: true})
	// Last, so that it knows of every withdrawal that the others know of.
	add("state", in.c.StatePath(journalFile), backup.Part{Gone: true, Copy: in.copyJournal})
	return parts, outside, nil
}

// taken reports whether the intake has seen a file of the inbox through.
func taken(ctx context.Context, file string, known known) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close() // only read: nothing can be lost
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return false, err
	}
	k, _, err := known(ctx, [32]byte(h.Sum(nil)))
	return k.Finished, err
}

// below returns the path of a file below the folder of the configuration, with slashes, or
// "" where it lies elsewhere.
func below(c *config.Config, path string) string {
	dir, err := filepath.Abs(c.Dir())
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return ""
	}
	rel, err := filepath.Rel(dir, path)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

func newRestore(a *app) *cobra.Command {
	var journal, by, reason string
	c := &cobra.Command{
		Use:   "restore BACKUP DIR",
		Short: "Put a backup back into an empty folder",
		Long: longHelp(`Put a backup into a folder that is empty or not there yet. Every file is compared with
its hash first. In the place of the backup's own journal of withdrawals comes the newest
one: --journal, or else that which lies beside the backup. Without one nothing is restored,
because a case that was withdrawn since could be published again. Withdrawals of the
journal are made effective in the store and in every release before the command ends.

The index that the cases are searched in is made anew by huiyin index rebuild, or by the
next huiyin publish. Nothing of the old installation is touched. What is put back says in
its audit that it was, by whom and from which backup.`,
			fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
		Example:     "  huiyin restore /mnt/backup/2026-11-28T020000Z /srv/huiyin",
		Annotations: map[string]string{wants: "name a backup, and a folder that is not there yet"},
		Args:        cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.restore(c.Context(), args[0], args[1], journal, by, reason)
			if err != nil {
				return err
			}
			a.say("restored: release %d of %s, %s withdrawn since the backup", r.Release, r.At, plural(r.Withdrawn, "case"))
			a.showReturned(r.Returned)
			a.showUncorrected(r.Uncorrected)
			a.say("next: huiyin --config %s fsck, and huiyin index rebuild", filepath.Join(args[1], r.Config))
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever restores; recorded as stated, in place of the account")
	c.Flags().StringVar(&reason, "reason", "", "why, in one line; recorded, so without personal data")
	c.Flags().StringVar(&journal, "journal", "", "the newest journal of withdrawals: `FILE`")
	return c
}

// restoreResult is what was put back.
type restoreResult struct {
	Release   int    `json:"release"`
	At        string `json:"at"` // of the backup
	Config    string `json:"config"`
	Withdrawn int    `json:"withdrawn"` // cases that were taken out of its releases

	// Returned are cases that were withdrawn and reinstated since.
	Returned []returned `json:"returned,omitempty"`

	// Uncorrected are cases whose corrections are lost and hid what the backup has.
	Uncorrected lostCorrections `json:"uncorrected,omitempty"`
}

func (a *app) restore(ctx context.Context, from, to, journal, by, reason string) (r restoreResult, err error) {
	if journal == "" {
		journal = filepath.Join(filepath.Dir(filepath.Clean(from)), backup.JournalName)
	}
	// An act that the audit would not take must not leave half a restoration.
	act := store.Act{At: a.now(), By: a.who(by), Origin: fromHere, Act: "restore", Reason: reason}
	if err := act.Check(); err != nil {
		return r, usage(err)
	}
	m, err := backup.Restore(ctx, from, to, journal, func(m backup.Manifest) error {
		// The old installation may be gone: what was put back says itself where it comes from.
		manifest, err := os.ReadFile(filepath.Join(from, backup.ManifestName))
		if err != nil {
			return err
		}
		act.After, act.Target = sumOf(manifest), fmt.Sprintf("from the backup of %s, of release %d", restoredAt(m), m.Release)
		return a.settleRestored(ctx, filepath.Join(to, filepath.FromSlash(m.Config)), act, &r)
	})
	r.Release, r.At, r.Config = m.Release, restoredAt(m), m.Config
	return r, err
}

// restoredAt writes when a backup was made.
func restoredAt(m backup.Manifest) string { return m.At.Format("2006-01-02 15:04:05 UTC") }

// settleRestored keeps the act of putting an installation back in its audit, makes
// effective what its journal says, and fills in how many cases were taken out, which were
// reinstated, and of which a correction is lost.
func (a *app) settleRestored(ctx context.Context, config string, act store.Act, r *restoreResult) (err error) {
	restored := *a
	restored.configFile = config
	c, err := restored.load()
	if err != nil {
		return err
	}
	if below(c, c.StatePath()) == "" { // it would settle another installation, and leave this one as it was
		return fault.Coded(fault.ExitConfig, "the configuration of the backup puts the state into a folder of its own: "+c.StatePath(),
			"restore into the folder that it came from, or write state in huiyin.yaml as a relative path and make another backup", nil)
	}
	in, err := restored.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if err := os.MkdirAll(in.c.Path(in.c.Inbox), 0o755); err != nil {
		return err
	}
	if err := in.audited(ctx, act); err != nil {
		return err
	}
	before, err := in.releases.Gone()
	if err != nil {
		return err
	}
	// What of the releases cannot be read is shown to nobody, and keeps nothing else from
	// being put back.
	if _, err = generator.New(generator.Options{Store: in.store, Releases: in.releases}).Settle(ctx); errors.Is(err, release.ErrUnread) {
		a.complain(err)
	} else if err != nil {
		return err
	}
	after, err := in.releases.Gone()
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, g := range before {
		known[g.Number] = true
	}
	for _, g := range after {
		if !known[g.Number] {
			r.Withdrawn++
		}
	}
	if r.Returned, err = in.reopenReturned(ctx, act.By, "restored from a backup of before the withdrawal"); err != nil {
		return err
	}
	r.Uncorrected, err = in.store.Uncorrected(ctx)
	return err
}
