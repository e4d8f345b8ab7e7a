package store

import (
	"bytes"
	"database/sql"
	"errors"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// The two ways in which a case points to another.
const (
	linkRepeat = "repeat"
	linkMerged = "merged"
)

// setLinks writes down which cases c points to. It returns the row id of the
// one that it was merged into when that has become known just now, else 0.
func (b *batch) setLinks(c gate.Cleared, id int64, mac []byte) (merged int64, err error) {
	if _, err := b.setLink(id, mac, linkRepeat, c.Has("repeat_of"), c.RepeatMAC()); err != nil {
		return 0, err
	}
	return b.setLink(id, mac, linkMerged, c.Has("merged_into"), c.MergedMAC())
}

// setLink sets, keeps or, when the delivery says that there is none, removes one
// link. It returns the row id of the other case when it was not known before.
func (b *batch) setLink(id int64, own []byte, what string, carried bool, to string) (target int64, err error) {
	if to == "" {
		if carried {
			_, err = b.s.delLink.ExecContext(b.ctx, id, what)
		}
		return 0, err
	}
	mac, err := macBytes(to)
	if err != nil || bytes.Equal(mac, own) {
		return 0, err
	}
	var have []byte
	var known int64
	err = b.s.getLink.QueryRowContext(b.ctx, id, what).Scan(&have, &known)
	if err == nil && bytes.Equal(have, mac) {
		return 0, nil // resolved already, or still open
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	other, _, _, err := b.find(mac)
	if errors.Is(err, sql.ErrNoRows) {
		b.openLinks++
	} else if err != nil {
		return 0, err
	}
	_, err = b.s.addLink.ExecContext(b.ctx, id, what, mac, other)
	return other, err
}

// fillLinks sets the number of the case that c was merged into, where that is known, and
// of the one that it repeats, where c is published in full besides.
func (b *batch) fillLinks(id int64, c *record.Case) error {
	c.RepeatOf, c.MergedInto = "", ""
	into, err := b.target(id, linkMerged)
	if err != nil {
		return err
	}
	if into != 0 {
		if c.MergedInto, err = b.mergedInto(id, into); err != nil {
			return err
		}
	}
	if c.Prominence != record.Full {
		return nil
	}
	of, err := b.target(id, linkRepeat)
	if of != 0 {
		c.RepeatOf = numberOf(of)
	}
	return err
}

// target returns the row id of the case that a link leads to, 0 where there is none, or
// none that is known.
func (b *batch) target(id int64, what string) (target int64, err error) {
	var mac []byte
	err = b.s.getLink.QueryRowContext(b.ctx, id, what).Scan(&mac, &target)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return target, err
}

// longestMerge is how many cases one after the other may have been merged into the next.
const longestMerge = 100

// mergedInto returns the number of the case that id was merged into. Where one was merged
// into the next until the way leads back, or has no end, no case is left that counts for
// all of them: id was then merged into none, and counts itself.
func (b *batch) mergedInto(id, into int64) (record.CaseNumber, error) {
	for at, n := into, 0; n < longestMerge; n++ {
		next, err := b.target(at, linkMerged)
		if err != nil {
			return "", err
		}
		if next == 0 {
			return numberOf(into), nil
		}
		if next == id {
			return "", nil
		}
		at = next
	}
	return "", nil
}

// resolveLinks completes the links that waited for the new case id.
func (b *batch) resolveLinks(id int64, mac []byte) error {
	if b.openLinks == 0 {
		return nil
	}
	rows, err := b.s.openLink.QueryContext(b.ctx, mac)
	if err != nil {
		return err
	}
	defer rows.Close()
	type link struct {
		id   int64
		what string
	}
	var links []link
	for rows.Next() {
		var l link
		if err := rows.Scan(&l.id, &l.what); err != nil {
			return err
		}
		links = append(links, l)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, l := range links {
		b.openLinks--
		if _, err := b.s.addLink.ExecContext(b.ctx, l.id, l.what, mac, id); err != nil {
			return err
		}
		if err := b.linkResolved(l.id, l.what, id); err != nil {
			return err
		}
	}
	return nil
}

// relink looks again at what all those cases were merged into of which the way leads to
// id, whose own link is another now: what counts for them may be another, or none, if the
// way goes around in a circle.
func (b *batch) relink(id int64) error {
	seen := map[int64]bool{id: true}
	for todo := []int64{id}; len(todo) > 0; todo = todo[1:] {
		from, err := b.mergedFrom(todo[0])
		if err != nil {
			return err
		}
		for _, id := range from {
			if seen[id] {
				continue
			}
			seen[id] = true
			todo = append(todo, id)
			old, err := b.load(id)
			if err != nil {
				return err
			}
			now := old.Case
			target, err := b.target(id, linkMerged)
			if err == nil {
				now.MergedInto, err = b.mergedInto(id, target)
			}
			if err != nil {
				return err
			}
			if now.MergedInto == old.MergedInto {
				continue
			}
			if err := b.setMerged(id, &now); err != nil {
				return err
			}
			if err := b.event(id, record.EventUpdate, b.asOf, "", 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// mergedFrom returns the cases whose link leads to id.
func (b *batch) mergedFrom(id int64) (from []int64, err error) {
	rows, err := b.tx.QueryContext(b.ctx, `SELECT id FROM links WHERE what = 'merged' AND target = ? AND target > 0 ORDER BY id`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		from = append(from, id)
	}
	return from, rows.Err()
}

// linkResolved gives case id what its link to target says, now that target is known.
func (b *batch) linkResolved(id int64, what string, target int64) error {
	old, err := b.load(id)
	if err != nil {
		return err
	}
	now := old.Case
	if what == linkMerged {
		if now.MergedInto, err = b.mergedInto(id, target); err != nil {
			return err
		}
		if now.MergedInto != old.MergedInto {
			if err := b.setMerged(id, &now); err != nil {
				return err
			}
		}
		if err := b.event(id, record.EventMerge, b.asOf, "", target); err != nil {
			return err
		}
		return b.relink(id)
	}
	if old.Prominence != record.Full {
		return nil
	}
	now.RepeatOf = numberOf(target)
	_, err = b.replace(id, &old.Case, &now, [hashSize]byte(old.Hash))
	return err
}

// setMerged stores a case of which only what it was merged into has become known. The
// event is the caller's.
func (b *batch) setMerged(id int64, now *record.Case) error {
	if _, err := b.s.addVersion.ExecContext(b.ctx, id); err != nil {
		return err
	}
	blob := encodeFact(now)
	b.change(blob)
	_, err := b.s.setCase.ExecContext(b.ctx, blob, id, b.showsReply(now))
	return err
}

// load returns a stored case with its texts.
func (b *batch) load(id int64) (record.Fact, error) {
	var blob []byte
	if err := b.tx.QueryRowContext(b.ctx, `SELECT fact FROM cases WHERE id = ?`, id).Scan(&blob); err != nil {
		return record.Fact{}, err
	}
	f, err := decodeFact(blob, numberOf(id), b.words)
	if err == nil && f.Prominence == record.Full {
		f.Question, f.Reply.Text, err = b.text(id)
	}
	return f, err
}
