package intake

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/source"
)

// keptFields are the fields whose last values outlive the versions that carried
// them: times, identifiers and words of closed lists, which a later delivery
// needs to be understood. Of texts only keyed hashes do; attachments and
// aggregate-only fields leave nothing.
var keptFields = []string{
	source.FieldReceived, source.FieldDispatched, source.FieldDue, source.FieldFirstResponse, source.FieldReplied,
	source.FieldClosed, source.FieldResolved, source.FieldStatus, source.FieldUnit, source.FieldArea, source.FieldChannel, source.FieldOrigin,
	source.FieldTopic, source.FieldKind, source.FieldLeaderKind, source.FieldConsent, source.FieldConsultation, source.FieldMergedInto,
	source.FieldRepeatOf,
	source.FieldGoneReason, source.FieldReplyUnit, source.FieldSpokesman, source.FieldCoUnits, source.FieldAgainst,
	source.FieldOutcome, source.FieldOnSite, source.FieldRating, source.FieldRatingScale, source.FieldRatingSource, source.FieldReopened,
}

// macPrefix marks, in what is kept, the keyed hash of a field that is not.
const macPrefix = "mac:"

// seenKey stands in what is kept for the keyed hash of what the gate last looked at: a
// person's decision about it outlives the review records.
const seenKey = macPrefix

// rest returns what is kept of fields: values of the kept fields, and of the
// others the keyed hash, by which a repetition is known.
func (d *DB) rest(fields map[string]string, before map[string]string) map[string]string {
	kept := map[string]string{}
	for name, mac := range before {
		if strings.HasPrefix(name, macPrefix) {
			kept[name] = mac
		}
	}
	for name, value := range fields {
		if slices.Contains(keptFields, name) {
			kept[name] = value
		} else {
			kept[macPrefix+name] = string(d.seal.content([]byte(value)))
		}
	}
	return kept
}

// pruneStep is how many records are pruned in one transaction.
const pruneStep = 500

// Prune erases the sealed versions of cases that have come to rest: neither
// unanswered, nor held, nor drawn for a person to look at, nor waiting, nor pending,
// and without a new version for the given number of days before now. Keyed hashes of the contents and the
// pairing stay, so that a repeated delivery is still known, and so do review records and
// what the office has stated.
// Of what is pruned the gate can only look at what is published. Prune returns how many cases were
// pruned, and writes only where there are any.
func (d *DB) Prune(ctx context.Context, now time.Time, days int) (int, error) {
	before := now.AddDate(0, 0, -days).Unix()
	refs, err := d.prunable(ctx, before)
	if err != nil {
		return 0, err
	}
	pruned := 0
	for chunk := range slices.Chunk(refs, pruneStep) {
		items := make([]Item, len(chunk))
		err := d.loadHistories(ctx, chunk, func(i int, h history) {
			h.office = nil // which stays, and is not what the upstream repeats
			items[i] = h.join(chunk[i], d.seal.content)
		})
		if err != nil {
			return pruned, err
		}
		if err := d.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return d.pruneItems(ctx, tx, items) }); err != nil {
			return pruned, err
		}
		pruned += len(items)
	}
	return pruned, nil
}

func (d *DB) prunable(ctx context.Context, before int64) ([]Ref, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT id, mac FROM heads h WHERE kind = ? AND dirty = 0 AND changed < ? AND state IN (?, ?, ?, ?)
		AND EXISTS (SELECT 1 FROM versions v WHERE v.head = h.id AND v.sealed IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.head = h.id) ORDER BY id`,
		caseKind, before, Done, Excluded, Refused, Gone)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var refs []Ref
	for rows.Next() {
		r := Ref{Kind: source.Case}
		var mac []byte
		if err := rows.Scan(&r.ID, &mac); err != nil {
			return nil, d.explain(err)
		}
		r.MAC = fmt.Sprintf("%x", mac)
		refs = append(refs, r)
	}
	return refs, d.explain(rows.Err())
}

// pruneItems erases the versions of items. It does not touch one that a batch
// has changed in the meantime.
func (d *DB) pruneItems(ctx context.Context, tx *sql.Tx, items []Item) error {
	for _, item := range items {
		rest := version{fields: d.rest(item.Raw.Fields, item.rest)}
		if rest.fields[seenKey] = item.seen; item.seen == "" {
			delete(rest.fields, seenKey)
		}
		mac, err := macBytes(item.MAC)
		if err != nil {
			return err
		}
		sealed, err := d.seal.seal(rest.encode(rest.encodeBody()), bound("rest", mac, ""))
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE heads SET rest = ? WHERE id = ? AND dirty = 0`, sealed, item.ID)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE versions SET sealed = NULL WHERE head = ?`, item.ID); err != nil {
			return err
		}
	}
	return nil
}
