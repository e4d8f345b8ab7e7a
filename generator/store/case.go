package store

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// putCase stores a case that is new, or merges it into what is stored of it.
func (b *batch) putCase(c gate.Cleared, fresh record.Case, had record.CaseNumber) (record.CaseNumber, record.EventKind, error) {
	mac, err := macBytes(c.KeyMAC())
	if err != nil {
		return "", "", err
	}
	if fresh, err = b.corrected(mac, fresh); err != nil {
		return "", "", err
	}
	id, policy, fact, err := b.find(mac)
	if errors.Is(err, sql.ErrNoRows) {
		return b.addCase(c, mac, fresh, had)
	}
	if err != nil {
		return "", "", err
	}
	number := numberOf(id)
	if fact.Prominence == record.Withdrawn {
		return number, "", nil // a later delivery revives nothing
	}
	old := fact.Case
	if old.Prominence == record.Full {
		if old.Question, old.Reply.Text, err = b.text(id); err != nil {
			return "", "", err
		}
	}
	now := merge(&old, &fresh, c.Has)
	shown := b.regate // else it does not matter
	if b.regate {
		unshown, err := b.unshown(id)
		if err != nil {
			return "", "", err
		}
		shown = !unshown
	}
	if shown && len(old.Attachments) > 0 {
		if now.Attachments, err = b.maskedAttachments(id, old.Attachments, now.Attachments); err != nil {
			return "", "", err
		}
	}
	if shown && b.because == nil && !c.Further() && unmasks(&old, &now) {
		// Nothing that was published masked is shown by rules alone, but files still go.
		files := keptAttachments(old.Attachments, now.Attachments)
		if len(files) == len(old.Attachments) {
			return number, "", nil
		}
		now = old
		now.Attachments, now.FilesWithheld = files, old.FilesWithheld+len(old.Attachments)-len(files)
	}
	before, err := b.target(id, linkMerged)
	if err != nil {
		return "", "", err
	}
	merged, err := b.setLinks(c, id, mac)
	if err != nil {
		return "", "", err
	}
	if err := b.fillLinks(id, &now); err != nil {
		return "", "", err
	}
	after, err := b.target(id, linkMerged)
	if err != nil {
		return "", "", err
	}
	b.merging = merged != 0 && b.why(c.KeyMAC(), true) != nil
	kind, err := b.replace(id, &old, &now, [hashSize]byte(fact.Hash))
	b.merging = false
	if err != nil {
		return "", "", err
	}
	if err := b.setPolicy(id, policy, c.PolicyHash(), sameTexts(&now, &fresh)); err != nil {
		return "", "", err
	}
	if merged != 0 {
		kind, err = record.EventMerge, b.merged(id, c.KeyMAC(), merged)
	}
	if err == nil && before != after {
		err = b.relink(id)
	}
	return number, kind, err
}

// unmasks reports whether now shows of the texts of old what was masked.
func unmasks(old, now *record.Case) bool {
	return old.Prominence == record.Full && now.Prominence == record.Full && gate.UnmasksCase(*old, *now)
}

// find returns a case and the row id of the policy that cleared it, by the keyed
// hash of its source key, or sql.ErrNoRows.
func (b *batch) find(mac []byte) (id, policy int64, fact record.Fact, err error) {
	var blob []byte
	if err := b.s.find.QueryRowContext(b.ctx, mac).Scan(&id, &policy, &blob); err != nil {
		return 0, 0, record.Fact{}, err
	}
	if fact, err = decodeFact(blob, numberOf(id), b.words); err != nil {
		return 0, 0, record.Fact{}, fmt.Errorf("case %s: %w", numberOf(id), err)
	}
	return id, policy, fact, nil
}

func (b *batch) text(id int64) (question, reply string, err error) {
	var blob []byte
	if err := b.s.getText.QueryRowContext(b.ctx, id).Scan(&blob); err != nil {
		return "", "", fmt.Errorf("text of case %s: %w", numberOf(id), err)
	}
	return b.db.body.decode(blob)
}

// addCase gives a new case its number and stores it.
func (b *batch) addCase(c gate.Cleared, mac []byte, fresh record.Case, had record.CaseNumber) (record.CaseNumber, record.EventKind, error) {
	var denied bool
	err := b.tx.QueryRowContext(b.ctx, `SELECT EXISTS (SELECT 1 FROM denied WHERE mac = ?)`, mac).Scan(&denied)
	if err != nil || denied {
		return "", "", err
	}
	b.because = nil // nothing of it was published that could be corrected
	if !fresh.Received.Known() {
		return "", "", errors.New("store: a case without a day of receipt has no number")
	}
	if fresh.Number, err = b.number(fresh.Received.Month(), had); err != nil {
		return "", "", err
	}
	if fresh.Prominence != record.Full {
		fresh = fresh.Stub(fresh.Prominence, fresh.StubReason)
	}
	id := idOf(fresh.Number)
	merged, err := b.setLinks(c, id, mac)
	if err != nil {
		return "", "", err
	}
	if err := b.fillLinks(id, &fresh); err != nil {
		return "", "", err
	}
	policy, err := b.policy(c.PolicyHash())
	if err != nil {
		return "", "", err
	}
	blob := encodeFact(&fresh)
	b.change(mac, blob)
	if _, err := b.s.addCase.ExecContext(b.ctx, id, mac, policy, blob, b.showsReply(&fresh)); err != nil {
		return "", "", err
	}
	if had == "" {
		if _, err := b.s.addUnshown.ExecContext(b.ctx, id); err != nil {
			return "", "", err
		}
	}
	if err := b.setText(id, &fresh); err != nil {
		return "", "", err
	}
	if err := b.setAttachments(id, &record.Case{}, &fresh); err != nil {
		return "", "", err
	}
	if err := b.event(id, record.EventPublish, b.asOf, "", 0); err != nil {
		return "", "", err
	}
	if merged != 0 {
		if err := b.event(id, record.EventMerge, b.asOf, "", merged); err != nil {
			return "", "", err
		}
	}
	return fresh.Number, record.EventPublish, b.resolveLinks(id, mac)
}

// showsReply returns the day on which a case as it is put shows its reply: the as-of day
// of the batch, or zero when it shows none.
func (b *batch) showsReply(c *record.Case) record.Day {
	if c.Prominence == record.Full && c.Answered == record.Yes {
		return b.asOf
	}
	return 0
}

func (b *batch) setText(id int64, c *record.Case) error {
	if c.Prominence != record.Full {
		return nil
	}
	_, err := b.s.addText.ExecContext(b.ctx, id, b.db.body.encode(c.Question, c.Reply.Text))
	return err
}

// replace stores now in the place of old, whose hash is hash, with the event
// that this amounts to. The version before is kept, unless the case goes back
// to a stub: then its texts are erased everywhere.
func (b *batch) replace(id int64, old, now *record.Case, hash [hashSize]byte) (record.EventKind, error) {
	blob := encodeFact(now)
	if [hashSize]byte(blob) == hash && !b.hides() {
		return "", nil
	}
	kind := compare(old, now)
	if kind == "" {
		kind = record.EventUpdate // a difference that no field shows
	}
	was, is := old.Prominence == record.Full, now.Prominence == record.Full
	unshown, err := false, error(nil)
	if b.regate {
		if unshown, err = b.unshown(id); err != nil {
			return "", err
		}
	}
	switch {
	case b.hides():
		if err = b.takeBack(id, true); err == nil {
			err = b.keepRow(id, old)
		}
	case was && !is:
		err = b.takeBack(id, now.StubReason != record.MergedInto && now.StubReason != record.NotAnswered)
	case was && unshown:
		err = b.eraseTexts(id) // no release has them
	case was && b.regate && !sameButWithheld(old, now):
		err = b.takeBack(id, true)
	default:
		_, err = b.s.addVersion.ExecContext(b.ctx, id)
	}
	if err != nil {
		return "", err
	}
	if b.regate && !sameButWithheld(old, now) {
		kind = record.EventPolicy // the office has neither added nor corrected anything
	}
	day, reason := b.asOf, record.Reason("")
	if b.because != nil {
		kind, day, reason = record.EventCorrect, record.DayOf(b.because.At), b.because.Reason
	}
	b.change(blob)
	if _, err := b.s.setCase.ExecContext(b.ctx, blob, id, b.showsReply(now)); err != nil {
		return "", err
	}
	textChanged := !was || b.regate || b.hides() || old.Question != now.Question || old.Reply.Text != now.Reply.Text
	if textChanged {
		if err := b.setText(id, now); err != nil {
			return "", err
		}
	}
	if err := b.setAttachments(id, old, now); err != nil {
		return "", err
	}
	if b.merging || was && is && unshown && b.because == nil {
		return kind, nil // it is told by another event, or nothing has changed to readers
	}
	return kind, b.event(id, kind, day, reason, 0)
}

// keepRow keeps the row of the version before where its texts are erased: of its unit, area
// and days it is told how the figures were others; see [DB.ChangedSince].
func (b *batch) keepRow(id int64, old *record.Case) error {
	_, err := b.tx.ExecContext(b.ctx, `INSERT INTO versions (id, n, reason, policy, fact, body)
		SELECT id, (SELECT count(*) FROM events e WHERE e.id = c.id), '', policy, ?2, NULL FROM cases c WHERE id = ?1`,
		id, encodeFact(&record.Case{Row: old.Row}))
	return err
}

// merged adds the event that a case was merged into target, because of what a person has
// stated or because the upstream says so.
func (b *batch) merged(id int64, mac string, target int64) error {
	day, reason := b.asOf, record.Reason("")
	if s := b.why(mac, true); s != nil {
		day, reason = record.DayOf(s.At), s.Reason
	}
	return b.event(id, record.EventMerge, day, reason, target)
}

// sameButWithheld reports whether two states of a case differ at most in how many files
// are said to be withheld: then nothing that is shown is taken back.
func sameButWithheld(old, now *record.Case) bool {
	same := *old
	same.FilesWithheld = now.FilesWithheld
	return [hashSize]byte(encodeFact(&same)) == [hashSize]byte(encodeFact(now))
}

// takeBack erases the texts of a case that is a stub from now on, or whose texts
// the gate's new rules have changed. With everywhere, the releases that were made
// before lose them too: those of a case that was merged were fit to be published,
// those that the writer, a person or the gate takes back are not.
func (b *batch) takeBack(id int64, everywhere bool) error {
	if everywhere {
		if err := b.retract(id); err != nil {
			return err
		}
	}
	return b.eraseTexts(id)
}

// retract has the releases that were made before lose the texts of a case.
func (b *batch) retract(id int64) error {
	_, err := b.tx.ExecContext(b.ctx, `INSERT INTO retracted (id, n) VALUES (?1, (SELECT count(*) FROM events WHERE id = ?1))
		ON CONFLICT (id) DO UPDATE SET n = excluded.n`, id)
	return err
}

// eraseTexts removes the texts of a case from the row and from its versions.
func (b *batch) eraseTexts(id int64) error {
	if _, err := b.s.delText.ExecContext(b.ctx, id); err != nil {
		return err
	}
	_, err := b.tx.ExecContext(b.ctx, `DELETE FROM versions WHERE id = ?`, id)
	return err
}
